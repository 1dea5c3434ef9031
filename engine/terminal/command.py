"""How every word of the command line ends: a sentence, whatever happens, and an exit status that means what it says."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import click

if TYPE_CHECKING:
    from engine.model.errors import EngineError
    from engine.workspace.progress import Progress


class Told(Protocol):
    """What a command found, as far as its end needs it."""

    @property
    def needs_a_person(self) -> bool:
        """Whether the exit status is 1."""

    def as_json(self) -> dict[str, Any]:
        """The object that ``--json`` prints."""


HELP = {"help_option_names": ["-h", "--help"]}


class Group(click.Group):
    """Commands whose refusals are told in one sentence."""

    def main(self, *arguments: Any, **options: Any) -> Any:
        """Run the command that the arguments name."""
        from engine.terminal import screen

        with screen.refusals():
            return super().main(*arguments, **options)


def command(
    name: str, summary: str, *, answers: Sequence[str] = ()
) -> Callable[[Callable[..., int | None]], click.Command]:
    """A command whose errors, foreseen or not, become one sentence on stderr and exit status 3; ``None`` is 0.

    ``answers``: the keys of what ``--json`` prints, where they are not those of a consolidation."""

    def declare(function: Callable[..., int | None]) -> click.Command:
        declared = click.command(name, help=summary, short_help=summary, context_settings=HELP)(function)
        declared.callback = functools.partial(_run, name, function, answers)
        return declared

    return declare


def _run(name: str, function: Callable[..., int | None], answers: Sequence[str], **options: Any) -> None:
    from engine.commands import runs
    from engine.model.errors import EngineError
    from engine.terminal import screen

    try:
        with screen.interruptible(), runs.told(_place(options), name):
            status = function(**options) or 0
    except EngineError as refusal:
        if options.get("as_json"):
            _answer_why(refusal, answers, cohorts=len(options.get("folders", ())))
        raise
    sys.exit(status)


def _answer_why(refusal: EngineError, answers: Sequence[str], *, cohorts: int) -> None:
    from engine.commands.report import not_done
    from engine.terminal import screen

    why = not_done(str(refusal), answers)
    screen.print_json([why] * cohorts if cohorts > 1 else why)


def _place(options: dict[str, Any]) -> Path | None:
    """Where a command works: the first folder or path it was given, or what it writes."""
    given = options.get("folder") or next(iter(options.get("folders") or options.get("paths") or ()), None)
    return given or options.get("blank_out") or options.get("target")


@contextmanager
def progress(*, quiet: bool = False) -> Iterator[Progress]:
    """A line on stderr that tells how far the work is, for a terminal only; gone at the end."""
    from engine.terminal.line import Line
    from engine.workspace.progress import SILENT

    if quiet or not sys.stderr.isatty():
        yield SILENT
        return
    line = Line()
    try:
        yield line
    finally:
        line.clear()


def say(lines: Iterable[str], *, error: bool = False) -> None:
    """Print lines, on stderr for an ``error``."""
    from engine.terminal import screen

    screen.say(lines, error=error)


def answer(report: Told, lines: Iterable[str], *, as_json: bool = False) -> int:
    """Print what a report holds, as JSON or in lines; the exit status it calls for."""
    from engine.commands.exits import NEEDS_A_PERSON
    from engine.terminal import screen

    if as_json:
        screen.print_json(report.as_json())
    else:
        screen.say(lines)
    return NEEDS_A_PERSON if report.needs_a_person else 0
