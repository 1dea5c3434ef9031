"""How many of how many, and how long the rest will take: on a terminal, and nowhere else."""

import io

import pytest

from engine.terminal.command import progress
from engine.terminal.line import Line
from engine.workspace.progress import Count


@pytest.fixture
def clock(monkeypatch):
    """The seconds that have passed."""
    now = [0.0]
    monkeypatch.setattr("engine.workspace.progress.monotonic", lambda: now[0])
    return now


@pytest.mark.parametrize(
    ("total", "done", "seconds", "left"),
    [
        (340, 12, 1.5, ", encore 41 s environ"),
        (340, 12, 0.1, ""),  # the rest ends at once
        (100, 50, 2.9, ""),
        (100, 50, 3, ", encore 3 s environ"),
        (2, 1, 99, ", encore 99 s environ"),
        (2, 1, 100, ", encore 2 min environ"),
        (2, 1, 3600, ", encore 60 min environ"),
        (340, 0, 50, ""),  # nothing tells yet
        (340, 340, 50, ""),
    ],
)
def test_the_time_left_goes_by_the_time_spent(total, done, seconds, left, clock):
    count = Count()
    count.expect(total, "retours lus")
    count.advance(done)
    clock[0] = seconds
    assert count.left == left


def test_what_is_counted_otherwise_begins_anew(clock):
    count = Count()
    count.expect(2, "retours lus")
    count.advance(2)
    count.expect(3, "retours lus")
    assert (count.done, count.total) == (2, 5)
    count.expect(4, "classeurs écrits")
    assert (count.done, count.total) == (0, 4)


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_the_line_is_written_over_and_gone_at_the_end(clock, monkeypatch):
    shown = Terminal()
    monkeypatch.setattr("sys.stderr", shown)
    with progress() as line:
        line.expect(340, "retours lus")
        clock[0] = 1.5
        line.advance(12)
        line.advance(328)
    first, last, blank, end = shown.getvalue().split("\r")[1:]
    assert first == "Retours lus : 12 sur 340, encore 41 s environ"
    assert last.rstrip() == "Retours lus : 340 sur 340"
    assert len(last) == len(first)
    assert (blank.strip(), end) == ("", "")


@pytest.mark.parametrize(("stream", "quiet"), [(io.StringIO, False), (Terminal, True)])
def test_nobody_is_told_who_does_not_watch(stream, quiet, monkeypatch):
    shown = stream()
    monkeypatch.setattr("sys.stderr", shown)
    with progress(quiet=quiet) as line:
        line.expect(1, "retours lus")
        line.advance(1)
    assert shown.getvalue() == ""
    assert not isinstance(line, Line)
