"""The jury's papers in ``resultats/jury``: a draft while the session is open, the record once it is closed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from engine.commands.judgement import Judgement
from engine.model import Act, Authority, Decision, Frozen
from engine.model.errors import CohortError
from engine.outputs import data, record
from engine.outputs.tables.column import Table
from engine.outputs.tables.decisions import decisions
from engine.workspace import shell
from engine.workspace.cohort import Cohort, Folder
from engine.workspace.digest import of_file
from engine.workspace.files import deliver

_LISTED = 5  # papers that are named


def write_draft(cohort: Cohort, judged: Judgement) -> Path:
    """Write what the record of an open session would be now; left alone when it says the same."""
    path = cohort.folder.draft_record
    stale = [paper for paper in _standing(cohort.folder) if paper != path]  # of a closure, the reopening interrupted
    deliver(cohort.folder.jury, [(path, record.minutes(_minutes(cohort, judged)))], stale)
    return path


def write_record(cohort: Cohort, judged: Judgement, closure: Act) -> None:
    """Write the record of a closed session, its attestations and the list of its holders; earlier ones move aside."""
    folder = cohort.folder
    results = of_file(folder.closing_copy(closure.at))
    closing = record.Closing(at=closure.at, seal=closure.seal, results=results)
    made = dict(_attestations(cohort, judged, closure.at))
    made[folder.holders] = list_of_holders(cohort, judged)
    made[folder.record] = record.minutes(_minutes(cohort, judged, closing))
    deliver(folder.jury, made.items(), [path for path in _standing(folder) if path not in made])


def lost_papers(folder: Folder, closure: Act) -> list[Path]:
    """The papers of a closed session that are not there any more: its record, the list of the holders, the attestation
    of any of them."""
    there = {path.name.casefold() for path in _standing(folder)}
    holders = (folder.attestations / f"{each.candidate}.pdf" for each in closure.decisions if _holds(each))
    return [path for path in (folder.record, folder.holders, *holders) if path.name.casefold() not in there]


def _holds(frozen: Frozen) -> bool:
    """Whether somebody has an attestation."""
    return bool(frozen.acquired) and frozen.decision in (Decision.ADMITTED, Decision.PARTIAL)


def _undue(folder: Folder, closure: Act) -> list[Path]:
    """The attestations of candidates whom the closure gave nothing: somebody put them there."""
    without = {f"{each.candidate}.pdf".casefold() for each in closure.decisions if not _holds(each)}
    return [path for path in sorted(folder.attestations.glob("*.pdf")) if path.name.casefold() in without]


def lost_of(folder: Folder, closure: Act) -> list[Path]:
    """Everything that is gone of what a closure wrote; without a deliberation, it wrote no papers."""
    copy = folder.closing_copy(closure.at)
    by_jury = any(each.decided_by is Authority.JURY for each in closure.decisions)
    return [path for path in (copy,) if not path.is_file()] + (lost_papers(folder, closure) if by_jury else [])


def require_papers(folder: Folder, closure: Act) -> None:
    """Raise :class:`CohortError` when something that a closure wrote is gone, or an attestation stands that it did not
    write."""
    if lost := lost_of(folder, closure):
        raise CohortError(
            f"Il manque, de ce que la clôture a écrit : {_listed(folder, lost)}. Remettez-le d'une sauvegarde ; à "
            f"défaut, {shell.line('close', folder.path)} le refait. Puis livrez."
        )
    if undue := _undue(folder, closure):
        raise CohortError(f"La clôture n'a rien donné à attester par {_listed(folder, undue)} : ôtez-le, puis livrez.")


def _listed(folder: Folder, paths: Sequence[Path]) -> str:
    told = ", ".join(f"« {path.relative_to(folder.path).as_posix()} »" for path in paths[:_LISTED])
    return f"{told}…" if len(paths) > _LISTED else told


def withdraw(folder: Folder) -> None:
    """Put the papers of a closure aside."""
    deliver(folder.jury, (), list(_standing(folder)))


def _minutes(cohort: Cohort, judged: Judgement, closing: record.Closing | None = None) -> record.Minutes:
    return record.Minutes(
        roster=cohort.roster,
        referential=cohort.referential,
        outcomes=judged.outcomes,
        admissions=judged.admissions,
        anomalies=judged.anomalies,
        deliberation=judged.deliberation,
        closing=closing,
    )


def _attestations(cohort: Cohort, judged: Judgement, at: datetime) -> Iterator[tuple[Path, bytes]]:
    for identifier, page in record.attestations(judged.outcomes, cohort.roster, cohort.referential, at):
        yield cohort.folder.attestations / f"{identifier}.pdf", page


def list_of_holders(cohort: Cohort, judged: Judgement) -> bytes:
    """``titulaires.csv``, as the roster tells of the session now."""
    return _as_csv(record.titulaires(judged.outcomes, cohort.roster, cohort.referential))


def decisions_as_data(cohort: Cohort, judged: Judgement) -> bytes:
    """``decisions.csv``, as a consolidation would write it now."""
    return _as_csv(decisions(judged.outcomes, cohort.referential))


def _as_csv(table: Table) -> bytes:
    with TemporaryDirectory() as place:
        path = Path(place, "table.csv")
        data.write_csv(table, path)
        return path.read_bytes()


def _standing(folder: Folder) -> Iterator[Path]:
    """The papers that are there."""
    papers = (folder.record, folder.draft_record, folder.holders, *sorted(folder.attestations.glob("*.pdf")))
    yield from (path for path in papers if path.is_file())
