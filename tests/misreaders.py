"""Readers that misbehave as a parser may, on the files whose name says so: what the workers are given to survive."""

from __future__ import annotations

import os
import time
from pathlib import Path

from engine.intake.context import Context
from engine.intake.files import describe, read_file
from engine.model.returns import FileReport

_kept: list[bytearray] = []


def misread(path: Path, name: str, context: Context) -> FileReport:
    """The report of one file, unless its name says what happens."""
    if path.stem.startswith("avorte"):
        os.abort()
    if path.stem.startswith("bloque"):
        path.with_suffix(".vu").touch()
        time.sleep(600)
    if path.stem.startswith("long"):
        with path.with_suffix(".vu").open("a") as seen:
            seen.write("x")
        time.sleep(0.6)
    if path.stem.startswith("boucle"):
        (10**1000) ** (10**7)  # within one operation, where no signal handler runs
    if path.stem.startswith("enfle"):
        bytearray(2_000_000_000)
    if path.stem.startswith("fuit"):
        _kept.append(bytearray(150_000_000))
    report = describe(path, name) if path.suffix == ".txt" else read_file(path, name, context)
    if path.stem.startswith("change"):
        with path.open("ab") as file:
            file.write(b"suite")
    return report
