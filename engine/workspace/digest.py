"""What a result depends on, as one short text: the same for the same content, whatever the process or the machine."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Set
from dataclasses import fields, is_dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import engine

_READERS = ("python-calamine", "openpyxl")
"""The libraries that decide what is read in a cell."""


def digest(*things: object) -> str:
    """The SHA-256 of values, tuples, mappings, sets and dataclasses, in hexadecimal."""
    text = json.dumps([_plain(thing) for thing in things], ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def of_file(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal, however large it is. Raises ``OSError``."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def of_readable(path: Path) -> str:
    """The same, ``""`` for a file that is gone, or held by a spreadsheet program."""
    try:
        return of_file(path)
    except OSError:
        return ""


def _plain(thing: object) -> object:
    """A thing as JSON writes it in one way only; its type stands beside what is not plain."""
    if thing is None or isinstance(thing, bool | int) or type(thing) is str:
        return thing
    if is_dataclass(thing):
        return [type(thing).__name__, [[field.name, _plain(getattr(thing, field.name))] for field in fields(thing)]]
    if isinstance(thing, Mapping):
        return ["mapping", [[_plain(name), _plain(value)] for name, value in thing.items()]]
    if isinstance(thing, Set):
        return ["set", sorted(json.dumps(_plain(each)) for each in thing)]
    if isinstance(thing, tuple | list):
        return ["list", [_plain(each) for each in thing]]
    return [type(thing).__name__, thing.hex() if isinstance(thing, bytes | float) else str(thing)]


@cache
def program() -> str:
    """A digest of this program: its version, its source text, and the libraries that it reads with."""
    found = hashlib.sha256(engine.__version__.encode())
    home = Path(engine.__file__).parent
    for source in sorted(home.rglob("*.py")):
        found.update(source.relative_to(home).as_posix().encode())
        found.update(source.read_bytes().replace(b"\r\n", b"\n"))
    for name in _READERS:
        found.update(f"{name} {_version(name)}".encode())
    return found.hexdigest()


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""
