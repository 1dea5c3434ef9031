"""The acts on a session: its closures, which freeze its decisions, and its reopenings.

Each is kept twice: in the memory, and in a file of its own, ``.cohorte/actes/0001 clôture.json``, so that a session
whose memory is lost stays closed; one of the two mends the other. Its seal is keyed: only who holds the cohort's key
can make one. :mod:`engine.ledger.vouching` says which acts can be believed.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import sqlite3
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import takewhile
from pathlib import Path
from typing import TypedDict

from engine.model import Act, ActKind, Authority, Decision, Frozen, Ruling
from engine.model.errors import CohortError
from engine.model.faults import reason
from engine.model.marks import storable
from engine.model.texts import bare, identifying
from engine.workspace.digest import digest
from engine.workspace.files import write_private


def sealed(act: Act, key: bytes) -> Act:
    """The act with the seal that the cohort's key gives it."""
    return replace(act, seal=_seal(act, key))


def is_genuine(act: Act, key: bytes) -> bool:
    """Whether the act bears the seal that the cohort's key gives it."""
    return hmac.compare_digest(act.seal.encode(), _seal(act, key).encode())


def is_unkeyed(act: Act) -> bool:
    """Whether the act bears the seal of versions that sealed without a key, which anybody can make."""
    return act.seal == _content(act)


def _seal(act: Act, key: bytes) -> str:
    return hmac.new(key, f"act of a session: {_content(act)}".encode(), hashlib.sha256).hexdigest()


def _content(act: Act) -> str:
    return digest(act.number, str(act.kind), act.at.isoformat(), act.reason, act.accepted, *_rows(act))


def _rows(act: Act) -> tuple[object, ...]:
    decisions = [_row(each) for each in act.decisions]
    return decisions, dict(sorted(act.rest_on.items())), dict(sorted(act.returns.items()))


def _row(each: Frozen) -> list[object]:
    row = [each.candidate, str(each.decision), each.provisional, list(each.acquired), each.credits]
    if each.ruled is None:
        return [*row, each.name] if each.name else row  # acts of earlier versions keep their seal
    return [*row, each.name, str(each.decided_by), str(each.ruled.decision), list(each.ruled.acquired)]


def names_of(acts: Iterable[Act], candidate: str) -> set[str]:
    """The names under which the decisions of a candidate were frozen."""
    known = (each for act in acts for each in act.decisions if each.candidate.casefold() == candidate.casefold())
    return {each.name for each in known if each.name}


def bears(path: str, names: Iterable[str]) -> bool:
    """Whether a path bears every word of one of these names, as a scan that somebody named after a person does."""
    words = _words(path)
    return any(words >= _words(name) for name in names)


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", bare(text).replace("_", " ")))


def without(
    act: Act, candidate: str, gone: Collection[str], redacted: Mapping[str, str], names: Collection[str] = ()
) -> Act:
    """The act without what it says of a candidate, its seal no longer good: their frozen decision, what was pending
    about them, their identifier and their ``names`` in a reason, the returns about them only (``gone``); those that
    were ``redacted`` bear their new SHA-256."""
    paths = [path for path, digest in act.returns.items() if digest in gone]
    about = re.compile(rf"^[A-Z]\d\d, {re.escape(candidate)}(,| :)", re.IGNORECASE)
    named = identifying(candidate)
    alone = re.compile(rf"(?<![\w.-]){re.escape(candidate)}(?![\w.-])", re.IGNORECASE)
    told = [re.compile(rf", {re.escape(path)}(?=,| :| ›)") for path in paths]  # whole: 1.xlsx is no fiche1.xlsx
    return replace(
        act,
        reason=_unnamed(alone.sub("…", act.reason), names),
        accepted=tuple(line for line in act.accepted if not any(each.search(line) for each in (about, named, *told))),
        decisions=tuple(each for each in act.decisions if each.candidate.casefold() != candidate.casefold()),
        returns={path: redacted.get(each, each) for path, each in act.returns.items() if each not in gone},
    )


def _unnamed(text: str, names: Iterable[str]) -> str:
    """A text without somebody's name, however it was typed: `FABRE Joséphine`, `Joséphine Fabre`, `Fabre`."""
    for name in names:
        last = " ".join(takewhile(str.isupper, name.split()))
        first = name.removeprefix(last).strip()
        forms = [name, f"{first} {last}", *([last] if len(last) >= _TELLING else [])]
        typed = "|".join(r"\s+".join(map(re.escape, form.split())) for form in forms)
        text = re.sub(rf"(?<!\w)(?:{typed})(?!\w)", "…", text, flags=re.IGNORECASE)
    return text


_TELLING = 4  # signs: a shorter name alone may be a word, as « Le »


# ---------------------------------------------------------------------------------------------- text


def as_text(act: Act) -> str:
    """An act as JSON; a byte of a file's name that is no text is an escape there too, and is read back as it was."""
    decisions, rest_on, returns = _rows(act)
    body = {
        "number": act.number,
        "kind": str(act.kind),
        "at": act.at.isoformat(),
        "reason": act.reason,
        "accepted": list(act.accepted),
        "decisions": decisions,
        "rest_on": rest_on,
        "returns": returns,
        "seal": act.seal,
    }
    return storable(json.dumps(body, ensure_ascii=False, indent=1))


def from_text(text: str) -> Act | None:
    """The act a text is, its seal not looked at; ``None`` when it is none."""
    try:
        body = json.loads(text)
        decisions = tuple(
            Frozen(candidate=who, decision=Decision(word), provisional=bool(provisional), acquired=tuple(acquired),
                   credits=int(credits), name=next(iter(more), ""), **_decided(*more[1:]))
            for who, word, provisional, acquired, credits, *more in body["decisions"]
        )  # fmt: skip
        return Act(
            number=int(body["number"]),
            kind=ActKind(body["kind"]),
            at=datetime.fromisoformat(body["at"]),
            reason=str(body["reason"]),
            accepted=tuple(map(str, body["accepted"])),
            decisions=decisions,
            rest_on=dict(body["rest_on"]),
            returns=dict(body["returns"]),
            seal=str(body["seal"]),
        )
    except (ValueError, LookupError, TypeError, AttributeError):
        return None


class _Decided(TypedDict, total=False):
    decided_by: Authority
    ruled: Ruling


def _decided(by: str = "", ruled: str = "", acquired: Sequence[str] = ()) -> _Decided:
    """Who decided, and what the rules gave; acts of earlier versions do not say it: the rules alone decided."""
    return {"decided_by": Authority(by), "ruled": Ruling(Decision(ruled), tuple(acquired))} if by else {}


# ------------------------------------------------------------------------------------------- keeping


def texts(connection: sqlite3.Connection, folder: Path) -> dict[int, list[str]]:
    """The text of every act in the memory and in the files, by its number."""
    found: dict[int, list[str]] = {}
    for number, body in connection.execute("SELECT number, body FROM acts ORDER BY number"):
        found.setdefault(number, []).append(body)
    for number, path in _files(folder).items():
        found.setdefault(number, []).append(path.read_text(encoding="utf-8", errors="replace"))
    return found


def settle(connection: sqlite3.Connection, folder: Path, acts: Iterable[Act]) -> None:
    """Have every act in the memory, all at once, then in its file."""
    told = [(act, as_text(act)) for act in acts]
    rows = dict(connection.execute("SELECT number, body FROM acts"))
    new = [(act.number, text) for act, text in told if rows.get(act.number) != text]
    if new:
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany("INSERT OR REPLACE INTO acts VALUES (?, ?)", new)
        connection.execute("COMMIT")
    files = _files(folder)
    for act, text in told:
        path = files.get(act.number, folder / f"{act.number:04} {act.kind}.json")
        if not path.exists() or path.read_text(encoding="utf-8", errors="replace") != text:
            _write(path, text)


def drop(connection: sqlite3.Connection, folder: Path, act: Act) -> None:
    """Take an act back: what it was for could not be done."""
    connection.execute("DELETE FROM acts WHERE number = ?", (act.number,))
    for number, path in _files(folder).items():
        if number == act.number:
            path.unlink()


def _files(folder: Path) -> Mapping[int, Path]:
    return {int(path.name[:4]): path for path in sorted(folder.glob("[0-9][0-9][0-9][0-9] *.json"))}


def _write(path: Path, text: str) -> None:
    """Write the file of an act, whole or not at all, for its owner only."""
    try:
        path.parent.mkdir(mode=0o700, exist_ok=True)
        write_private(path, text.encode())
    except OSError as fault:
        raise CohortError(f"L'acte « {path} » ne peut pas être écrit : {reason(fault)}.") from fault
