"""Which versions are at work: Python, the program, and what it depends on."""

from __future__ import annotations

import platform
import re
from importlib import metadata

import engine

_MINIMUM_PYTHON = (3, 11)
_REQUIREMENT = re.compile(r"([A-Za-z0-9._-]+)>=([\d.]+)$")


def versions() -> str:
    """The versions at work, in one line."""
    shown = [f"{name} {_installed(name)}" for name in _requirements()]
    return ", ".join([f"cohorte {engine.__version__}", f"Python {platform.python_version()}", *shown])


def outdated() -> list[str]:
    """The libraries that are missing or older than the program requires, as ``name found (needs wanted)``."""
    found = [("Python", platform.python_version(), ".".join(map(str, _MINIMUM_PYTHON)))]
    found += [(name, _installed(name), wanted) for name, wanted in _requirements().items()]
    return [f"{name} {has or 'absent'} ({wants} au moins)" for name, has, wants in found if _key(has) < _key(wants)]


def _requirements() -> dict[str, str]:
    """By dependency of the installed program, the version it requires at least."""
    asked = (_REQUIREMENT.match(line) for line in metadata.requires("cohorte") or () if "extra ==" not in line)
    return {match[1]: match[2] for match in asked if match}


def _installed(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""


def _key(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version)[:3])
