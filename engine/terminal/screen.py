"""What goes to the terminal: text that any terminal can show, one sentence for whatever stops a command.

Names of files and of people come from elsewhere: no control character of theirs reaches the terminal, which would obey
it, nor a sign that turns the direction of what is read.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import NoReturn, TextIO

import click

from engine.commands.exits import NOT_DONE

_unwritten: list[OSError] = []
"""What kept this command's output from being written, if anything did."""


def say(lines: Iterable[str], *, error: bool = False) -> None:
    """Print lines, on stderr for an ``error``. One that cannot be written does not stop the work: it is told at its
    end."""
    from engine.model.texts import visible  # here, as in what stops a command: the help shows without the engine

    for line in lines:
        _echo(visible(line, keep="\n\t\f"), error=error)


def print_json(content: object) -> None:
    """Print one JSON object; escapes stand for what the terminal cannot write."""
    encoding = (getattr(sys.stdout, "encoding", None) or "utf-8").lower().replace("-", "")
    text = json.dumps(content, ensure_ascii=encoding != "utf8")
    _echo(text.encode("utf-8", "backslashreplace").decode())


def _echo(text: str, *, error: bool = False) -> None:
    stream = sys.stderr if error else sys.stdout
    try:
        click.echo(text, err=error)
    except OSError as fault:
        _silence(stream)
        _unwritten.append(fault)


@contextmanager
def refusals() -> Iterator[None]:
    """Whatever stops the block is one sentence on stderr, and exit status 3; so is an output that cannot be written."""
    _prepare()
    try:
        try:
            yield
        finally:
            if sys.stdout is not None:
                sys.stdout.flush()
            for fault in _unwritten:
                raise fault
    except Exception as fault:
        _tell(fault)


def _tell(fault: Exception) -> NoReturn:
    from engine.model.errors import EngineError
    from engine.model.faults import reason

    if isinstance(fault, EngineError):
        _stop(str(fault))
    if isinstance(fault, OSError):
        _silence(sys.stdout)
        _unwritten.clear()
        _stop(f"Ce que la commande affiche ne peut pas être écrit : {reason(fault)}.")
    raise fault


@contextmanager
def interruptible() -> Iterator[None]:
    """A command that somebody interrupts is not done: click would end with the status of one that is."""
    try:
        yield
    except KeyboardInterrupt:
        _stop("Interrompu avant la fin : relancez la commande.")


def _prepare() -> None:
    """Begin with an output that works, where a sign that the terminal cannot show is a ``?``, not a failure."""
    _unwritten.clear()
    for stream in (sys.stdout, sys.stderr):
        if stream is not None and hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def _stop(sentence: str) -> NoReturn:
    say([sentence], error=True)
    sys.exit(NOT_DONE)


def _silence(stream: TextIO | None) -> None:
    """Send nowhere what is still to be written: the interpreter would fail on it once more as it ends."""
    if stream is None:
        return
    with suppress(OSError, AttributeError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
