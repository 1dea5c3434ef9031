"""``deliver``: one encrypted archive of a closed session, for the certifier."""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import engine
from engine.commands import runs
from engine.commands.certifier.secrets import Secrets
from engine.commands.cohorts import key_of, open_cohort
from engine.commands.grounds import grounds, look, read
from engine.commands.judgement import judge
from engine.commands.session.recording import list_of_holders, require_papers
from engine.model import Act, Authority, Decision, Frozen, Outcome
from engine.model.errors import CohortError
from engine.model.faults import reason
from engine.model.people import shown_name
from engine.model.texts import bare
from engine.office import mail
from engine.outputs import delivery
from engine.outputs.delivery import Closure, Manifest, passphrase, reading_me, ruling
from engine.workspace import clock, keys, shell
from engine.workspace.cohort import Cohort, Folder
from engine.workspace.files import NO_LINK, safe_name, write_whole

_LISTED = 5  # returns that are gone, candidates whose data changed


@dataclass(frozen=True)
class Delivered:
    """A delivery that was made. ``passphrase``: the one that was made with it, empty when somebody chose it."""

    archive: Path
    draft: Path
    manifest: Manifest
    passphrase: str = field(repr=False)


@dataclass(frozen=True)
class _Told:
    """What the closed session says: its act, the rows of the deliberation, the SHA-256 of the sheet that counted, and
    the list of the holders as the roster would give it now."""

    closure: Act
    rows: tuple[ruling.Row, ...]
    sheet: str
    holders: bytes


def deliver(path: Path, *, password_file: Path | None = None, key_file: Path | None = None) -> Delivered:
    """Write the next delivery of a closed session, and its draft message.

    Raises :class:`CohortError`, nothing written, when the session is open, when no deliberation counted, and when
    something of it is missing.
    """
    chosen = _chosen(password_file)
    with runs.alone(Folder(path), "deliver"):
        opened = open_cohort(path)
        key = key_of(opened.folder, key_file)
        told = _told(opened, key)
        require_papers(opened.folder, told.closure)
        members = _members(opened.folder, told)
        _require_its_holders(opened.folder, told, members)
        _require_its_people(opened.folder, told.closure, members[delivery.DATA])
        _require_its_data(opened.folder, members)
        number, previous = _before(opened.folder)
        known = _manifest(opened, told, keys.cohort_id(key), number, previous)
        members[reading_me.NAME] = reading_me.text(known)
        Secrets.of(opened.roster, key).require_absent(members)
        known = known.model_copy(update={"files": delivery.files(members)})
        phrase = chosen or passphrase.make()
        archive = _packed(opened, members, known, phrase)
        draft = _drafted(opened, known, archive)
        _note(opened.folder, known, archive)
        return Delivered(archive, draft, known, "" if chosen else phrase)


def _chosen(password_file: Path | None) -> str:
    if password_file is None:
        return ""
    try:
        with password_file.open(encoding="utf-8-sig") as file:
            return passphrase.given(file.readline())
    except OSError as fault:
        raise CohortError(f"Le fichier « {password_file} » ne peut pas être lu : {reason(fault)}.") from fault
    except UnicodeDecodeError as fault:
        raise CohortError(f"Le fichier « {password_file} » n'est pas un texte en UTF-8.") from fault


# ------------------------------------------------------------------------------------ what the session says


def _told(opened: Cohort, key: bytes) -> _Told:
    """The closure. Raises :class:`CohortError` unless the session is closed, after a deliberation that still counts."""
    with grounds(opened, key) as at:
        closure = at.past.closure
        if closure is None:
            raise CohortError(
                f"La session n'est pas close : {shell.line('close', opened.folder.path)} d'abord, puis livrez."
            )
        if not closure.certain:
            raise CohortError(f"Rien ne garantit plus ce que la clôture a figé (R08) : {_again(opened.folder)}.")
        found = read(at, look(at))
        judged = judge(at, found)
    if judged.deliberation is None:
        _require_its_deliberation(opened.folder, closure, {file.digest for file in found.reports})
        raise CohortError("Aucune délibération signée ne compte : la session se livre une fois que le jury a délibéré.")
    sheet = next((file.digest for file in found.reports if file.path == judged.deliberation.file), "")
    if sheet not in closure.returns.values():
        raise CohortError(
            f"La délibération qui compte n'est plus celle de la clôture (R08) : {_again(opened.folder)}, puis livrez."
        )
    return _Told(closure, tuple(_rows(closure, judged.outcomes)), sheet, list_of_holders(opened, judged))


def _require_its_deliberation(folder: Folder, closure: Act, there: Collection[str]) -> None:
    """Raise :class:`CohortError` when the jury decided at the closure; ``there``: the SHA-256 of the returns of now."""
    if not any(frozen.decided_by is Authority.JURY for frozen in closure.decisions):
        return
    gone = sorted((path, digest) for path, digest in closure.returns.items() if digest not in there)
    found = [f"\n  - {path} : {shell.line('restore', folder.path, digest[:12])}" for path, digest in gone]
    why = (
        f", et des retours d'alors ne sont plus dans « retours ». Rendez-la, et remettez-la dans « retours » :"
        f"{''.join(found[:_LISTED])}{'…' if len(found) > _LISTED else ''}"
        if gone
        else f" : corrigez ce que dit la feuille Anomalies, ou {_again(folder)}, puis livrez."
    )
    raise CohortError(f"La délibération qui a compté à la clôture ne compte plus{why}")


def _again(folder: Folder) -> str:
    """How a session is closed once more."""
    reopen, close = shell.line("reopen", folder.path, "--reason", "la raison"), shell.line("close", folder.path)
    return f"rouvrez la session, avec la raison, par {reopen}, puis {close}"


def _rows(closure: Act, outcomes: Iterable[Outcome]) -> Iterable[ruling.Row]:
    motives = {outcome.candidate.id.casefold(): outcome.motive for outcome in outcomes}
    for frozen in closure.decisions:
        ruled = frozen.ruled
        yield ruling.Row(
            candidate=frozen.candidate,
            ruled=str(ruled.decision if ruled else frozen.decision),
            ruled_blocs=ruled.acquired if ruled else frozen.acquired,
            decision=str(frozen.decision),
            blocs=frozen.acquired,
            decided_by=str(frozen.decided_by),
            motive=motives.get(frozen.candidate.casefold(), "") if frozen.decided_by is Authority.JURY else "",
        )


_HOLDERS = "titulaires.csv"
_SESSION = ("Centre", "Session", "Date du jury")


def _require_its_holders(folder: Folder, told: _Told, members: Mapping[str, bytes]) -> None:
    """Raise :class:`CohortError` unless the list of the holders is that of the closure, and the roster, which the
    manifest is made from, still names the same session."""
    written = f"« {folder.holders} » n'est plus tel que la clôture l'a écrit"
    try:
        listed, now = (delivery.rows(table) for table in (members[_HOLDERS], told.holders))
        held = {row["Identifiant"].casefold(): (row["Décision"], row["Blocs acquis"]) for row in listed}
        named, renamed = ({tuple(row[each] for each in _SESSION) for row in table} for table in (listed, now))
    except (ValueError, KeyError) as fault:  # saved again by a spreadsheet
        raise CohortError(f"{written}, et ne se lit pas : {_again(folder)}.") from fault
    frozen = {each.candidate.casefold(): _held(each) for each in told.closure.decisions}
    papers = {Path(name).stem.casefold() for name in members if name.startswith("attestations/")}
    strangers = set(held) - set(frozen) - papers  # of somebody who was forgotten since, the papers are left
    if altered := [*(who for who, holds in frozen.items() if held.get(who) != holds), *strangers]:
        known = (*(row["Identifiant"] for row in listed), *(each.candidate for each in told.closure.decisions))
        names = {identifier.casefold(): identifier for identifier in known}
        raise CohortError(f"{written} ({', '.join(names[who] for who in sorted(altered))}) : {_again(folder)}.")
    if named != renamed and named and renamed:
        (old, *_), (new, *_) = sorted(named), sorted(renamed)
        raise CohortError(
            f"Le registre dit maintenant « {', '.join(new)} » au lieu de « {', '.join(old)} », que portent les pièces "
            f"de la clôture : rétablissez-y le centre, la session et la date du jury, ou {_again(folder)}, puis livrez."
        )


def _require_its_people(folder: Folder, closure: Act, data: bytes) -> None:
    """Raise :class:`CohortError` when the data are of other people than the closure: the roster has changed (R08), or
    had when they were written."""
    try:
        now = {row["Identifiant"].casefold(): _person(row) for row in delivery.rows(data)}
    except (ValueError, KeyError):
        return  # saved again by a spreadsheet: told when the archive is checked
    then = {each.candidate.casefold(): (each.candidate, each.name) for each in closure.decisions}
    told = [f"{_shown(*then[who])} n'y est plus" for who in then if who not in now]
    told += [f"{_shown(*now[who])} n'en était pas" for who in now if who not in then]
    told += [
        f"{_shown(*then[who])} s'y appelle {name}"
        for who, (_, name) in now.items()
        if who in then and then[who][1] and _letters(then[who][1]) != _letters(name)
    ]
    told += [
        f"{_shown(*then[who])} s'y écrit {one}" for who, (one, _) in now.items() if who in then and then[who][0] != one
    ]
    if told:
        raise CohortError(
            f"Le registre n'est plus celui de la clôture (R08) : {' ; '.join(told)}. Rétablissez-le, puis "
            f"{shell.line('consolidate', folder.path)} ; si c'est lui qui a raison, {_again(folder)}."
        )


def _require_its_data(folder: Folder, members: Mapping[str, bytes]) -> None:
    """Raise :class:`CohortError` when the data no longer tell what the closing copy shows: what they rest on changed
    since, and only the decisions are frozen."""
    try:
        unlike = delivery.unlike(members[delivery.RESULTS], members[delivery.DATA])
    except (ValueError, KeyError):
        return  # told when the archive is checked
    told = [f"{who} ({', '.join(headings[:_LISTED])})" for who, headings in unlike.items()]
    if told:
        raise CohortError(
            f"Les données ne sont plus celles de la clôture : {' ; '.join(told[:_LISTED])}"
            f"{' ; …' if len(told) > _LISTED else ''}. Des retours, le registre ou le référentiel ont changé depuis. "
            f"Rétablissez-les, puis {shell.line('consolidate', folder.path)} ; si ce sont eux qui ont "
            f"raison, {_again(folder)}, puis livrez."
        )


def _person(row: Mapping[str, str]) -> tuple[str, str]:
    return row["Identifiant"], shown_name(row["Nom"], row["Prénom"])


def _shown(identifier: str, name: str) -> str:
    return f"{identifier} ({name})" if name else identifier


def _letters(name: str) -> str:
    """What two spellings of a name have in common, whatever a table makes of its other signs."""
    return "".join(filter(str.isalnum, bare(name)))


def _held(frozen: Frozen) -> tuple[str, str] | None:
    """What the list of the holders says of somebody; nothing for who holds nothing."""
    holds = frozen.decision in (Decision.ADMITTED, Decision.PARTIAL)
    return (str(frozen.decision), "; ".join(frozen.acquired)) if holds else None


# ----------------------------------------------------------------------------------------- what is packed


def _members(folder: Folder, told: _Told) -> dict[str, bytes]:
    """The members of the archive, by name. Raises :class:`CohortError` when any of them is missing."""
    places = {delivery.RESULTS: folder.closing_copy(told.closure.at), **_documents(folder)}
    places |= {f"donnees/{path.name}": path for path in sorted(folder.data.glob("*.csv"))}
    if delivery.DATA not in places:
        raise CohortError(f"Les données manquent ({folder.data}) : {shell.line('consolidate', folder.path)} les écrit.")
    try:
        found = {name: path.read_bytes() for name, path in places.items()}
    except OSError as fault:
        raise CohortError(f"« {fault.filename} » ne peut pas être lu : {reason(fault)}.") from fault
    return found | {delivery.DELIBERATION: ruling.table(told.rows)}


def _documents(folder: Folder) -> Mapping[str, Path]:
    """The record and what goes with it."""
    found = {"proces-verbal.pdf": folder.record, _HOLDERS: folder.holders}
    return found | {f"attestations/{path.name}": path for path in sorted(folder.attestations.glob("*.pdf"))}


def _manifest(opened: Cohort, told: _Told, cohort_id: str, number: int, previous: str | None) -> Manifest:
    session, certification = opened.roster.session, opened.referential.certification
    return Manifest(
        cohort_id=cohort_id,
        number=number,
        certification=certification.code,
        version=certification.version,
        cohort=session.cohort,
        centre=session.centre,
        session=session.session,
        closure=Closure(at=told.closure.at.isoformat(timespec="seconds"), seal=told.closure.seal),
        program=engine.__version__,
        candidates=len(told.rows),
        decisions=dict(Counter(row.decision for row in told.rows)),
        deliberation=told.sheet,
        previous=previous,
        files=[],
    )


def _packed(opened: Cohort, members: Mapping[str, bytes], known: Manifest, phrase: str) -> Path:
    """The archive, which was opened again and checked before it took its place."""
    title = opened.referential.certification.short_title
    label = " ".join(filter(None, (title, opened.roster.session.cohort, f"{clock.now():%Y-%m-%d}")))
    target = opened.folder.deliveries / f"{safe_name(label)} n{known.number}.zip"

    def write(beside: Path) -> None:
        if os.name != "nt":
            beside.chmod(0o600)
        delivery.pack(beside, members, known, phrase)
        faults = delivery.check(delivery.open_archive(beside, lambda _: phrase)).faults
        if faults:
            raise CohortError("La livraison n'est pas faite :\n" + "\n".join(f"  - {fault}" for fault in faults))

    return write_whole(target, write)


def _drafted(opened: Cohort, known: Manifest, archive: Path) -> Path:
    subject, body = reading_me.message(known, archive.name)
    message = mail.Message(
        recipients=[opened.roster.session.certifier_email],
        subject=subject,
        body=body,
        workbooks={archive.name: archive.read_bytes()},
    )
    content = mail.draft(message, clock.now(), boundary=f"=_{known.digest[:32]}")
    return write_whole(archive.with_suffix(".eml"), lambda beside: beside.write_bytes(content))


# ---------------------------------------------------------------------------------- what was delivered before


_NUMBERED = re.compile(r" n(\d+)\.zip")


def _before(folder: Folder) -> tuple[int, str | None]:
    """The number of the next delivery, and the SHA-256 of the manifest before. Raises :class:`CohortError`."""
    try:
        lines = folder.delivered.read_text(encoding="utf-8").splitlines() if folder.delivered.exists() else []
        known = [json.loads(line) for line in lines]
        numbers, last = [int(line["numero"]) for line in known], str(known[-1]["manifeste"]) if known else None
    except (OSError, ValueError, KeyError, TypeError) as fault:
        raise CohortError(f"« {folder.delivered} » ne se lit pas : rendez-le d'une sauvegarde.") from fault
    there = [int(match[1]) for path in folder.deliveries.glob("*.zip") if (match := _NUMBERED.search(path.name))]
    return max((*numbers, *there), default=0) + 1, last


def _note(folder: Folder, known: Manifest, archive: Path) -> None:
    told = {"quand": clock.now().astimezone().isoformat(timespec="seconds"), "numero": known.number}
    line = json.dumps(told | {"manifeste": known.digest, "archive": archive.name}, ensure_ascii=False)
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | NO_LINK | getattr(os, "O_BINARY", 0)
    try:
        descriptor = os.open(folder.delivered, flags, 0o600)
        with os.fdopen(descriptor, "ab") as file:
            file.write(f"{line}\n".encode())
            file.flush()
            os.fsync(descriptor)
    except OSError as fault:
        raise CohortError(f"« {folder.delivered} » ne peut pas être écrit : {reason(fault)}.") from fault
