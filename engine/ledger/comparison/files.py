"""Returns told apart by their bytes: a renamed file brings nothing new."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import zip_longest

from engine.model.changes import Arrival, FileChange
from engine.model.expected import FileState
from engine.model.snapshot import File


def compare_files(before: Iterable[File], after: Iterable[File]) -> tuple[FileChange, ...]:
    """The changes among the returns, in the order of their names; ignored files come and go unseen."""
    old, new = _by_bytes(before), _by_bytes(after)
    changes = [change for key in old.keys() | new.keys() for change in _alike(old.get(key, {}), new.get(key, {}))]
    changes = _at_their_place(changes)
    return tuple(sorted(filter(_differs, changes), key=lambda change: (change.thing.path, change.arrival)))


def renamed(changes: Iterable[FileChange]) -> dict[str, str]:
    """The new name of each renamed file, by its old one."""
    return {
        change.before.path: change.after.path
        for change in changes
        if change.before and change.after and change.arrival is Arrival.RENAMED
    }


def _by_bytes(files: Iterable[File]) -> Mapping[tuple[str, str], dict[str, File]]:
    """By bytes, then by path; a file that could not be read is known by its path alone."""
    found: dict[tuple[str, str], dict[str, File]] = defaultdict(dict)
    for file in sorted(files):
        if file.state != FileState.IGNORED:
            found[file.digest, "" if file.digest else file.path][file.path] = file
    return found


def _alike(was: dict[str, File], now: dict[str, File]) -> Iterator[FileChange]:
    """The same bytes before and after: those that stayed, that took another name, that came, that left."""
    yield from (FileChange(was[path], now[path]) for path in was if path in now)
    left = [file for path, file in was.items() if path not in now]
    come = sorted((now[path] for path in now if path not in was), key=lambda file: file.state == FileState.REPLACED)
    for rank, (one, other) in enumerate(zip_longest(left, come)):
        yield FileChange(one, other, known=bool(was) or rank > 0)


def _at_their_place(changes: list[FileChange]) -> list[FileChange]:
    """Other bytes under the same name are one change."""
    gone = {change.thing.path: change for change in changes if change.arrival is Arrival.GONE}
    come = {change.thing.path: change for change in changes if change.arrival is Arrival.NEW}
    both = gone.keys() & come.keys()
    merged = {id(each[path]) for path in both for each in (gone, come)}
    kept = [change for change in changes if id(change) not in merged]
    return kept + [FileChange(gone[path].before, come[path].after) for path in both]


def _differs(change: FileChange) -> bool:
    """Whether there is something to tell: another name, other bytes, another state."""
    told = [(file.path, file.digest, file.state) if file else None for file in (change.before, change.after)]
    return told[0] != told[1]
