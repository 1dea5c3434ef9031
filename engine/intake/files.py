"""The files of ``retours/``: which there are, and the reading of one of them. One bad file never stops the rest."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from engine.intake.containers import Piece, open_container
from engine.intake.context import Context, local_time
from engine.intake.ignored import is_ignored
from engine.intake.readers import workbook
from engine.intake.safety import guard
from engine.intake.safety.refusal import RefusedError, then_removed
from engine.intake.sheets import lone, ours
from engine.intake.sheets.grouped import doubt_grouped
from engine.intake.sheets.sheet import read_sheets
from engine.intake.sheets.strangers import doubt_beside_strangers
from engine.model import Kind
from engine.model.anomalies import CATALOGUE, COPY_VALUES, Anomaly, Gravity, make
from engine.model.faults import reason
from engine.model.returns import FileReport, SheetReport, SheetStatus
from engine.model.texts import INSIDE, bare
from engine.workspace.files import walk

log = logging.getLogger(__name__)


def collect(folder: Path) -> list[Path]:
    """Every file below a folder, in a stable order; links to folders count as files (and are refused as such)."""
    return sorted(_walk(folder), key=lambda path: path.relative_to(folder).as_posix())


def _walk(folder: Path) -> Iterator[Path]:
    faults: list[OSError] = []
    yield from walk(folder, faults)
    yield from (Path(fault.filename) for fault in faults if not isinstance(fault, FileNotFoundError))  # nothing there


def describe(path: Path, name: str) -> FileReport:
    """The report of a file that was not read; ``name`` is its path below ``retours/``. Raises ``OSError``."""
    status = path.lstat()
    return FileReport(
        name,
        modified=local_time(status.st_mtime),
        modified_ns=status.st_mtime_ns,
        changed_ns=status.st_ctime_ns,
        size=status.st_size,
    )


def confirm(path: Path, report: FileReport) -> FileReport:
    """The report of a file once all have been read: F07 when it changed since it was looked at."""
    try:
        now = describe(path, report.path)
    except OSError:
        return report  # it was there when it was read
    if report.ignored or (now.size, now.modified_ns) == (report.size, report.modified_ns):
        return report
    return _still_written(now)


def refuse_changed(path: Path, report: FileReport) -> FileReport:
    """The report of a file that is no longer what was read: F07."""
    try:
        now = describe(path, report.path)
    except OSError:
        now = FileReport(report.path, modified=report.modified, modified_ns=report.modified_ns, size=report.size)
    return _still_written(now)


def _still_written(report: FileReport) -> FileReport:
    refused = guard.still_written()
    report.anomalies.append(make(refused.code, str(refused), file=report.path))
    return report


def read_file(path: Path, name: str, context: Context, known: Collection[str] = ()) -> FileReport:
    """The report of one file; ``name`` is its path below ``retours/``. What fails becomes an anomaly.

    A content whose SHA-256 is ``known`` is not parsed: its report says nothing of what is in it.
    Raises ``MemoryError`` alone: the process that lacks memory is not to be trusted with anything more.
    """
    try:
        report = describe(path, name)
    except OSError as fault:
        return _unreadable(FileReport(name), fault)
    with _told(report, name, context):
        report.ignored = is_ignored(name)
        if not report.ignored:
            _read(path, report, context, known)
    return report


def _unreadable(report: FileReport, fault: OSError) -> FileReport:
    message = f"Le fichier ne peut pas être lu : {reason(fault)}."
    report.anomalies.append(make("F06", message, file=report.path))
    return report


@contextmanager
def _told(report: FileReport, name: str, context: Context) -> Iterator[None]:
    """Make anomalies of what fails; ``name``: how the file, or the piece of a container, is called."""
    where = report.path
    try:
        yield
    except MemoryError:
        raise
    except RefusedError as refused:
        gravity = Gravity.WARNING if refused.harmless and not _names_a_sheet(name, context) else None
        remedy = refused.mended(where, blocking=gravity is None)
        report.anomalies.append(make(refused.code, str(refused), gravity=gravity, remedy=remedy, file=where))
    except OSError as fault:
        _unreadable(report, fault)
    except Exception as fault:
        log.exception("reading %s", where)
        report.sheets, report.inside = [], []
        message = f"La lecture a été interrompue par une erreur inattendue ({type(fault).__name__})."
        report.anomalies.append(make("F08", message, remedy=then_removed(COPY_VALUES, where), file=where))


def _names_a_sheet(name: str, context: Context) -> bool:
    """Whether a path below ``retours/`` names a kind of sheet, or somebody of the cohort: it may be a return; so may
    what is called a workbook."""
    said = bare(name)
    if said.endswith(_WORKBOOKS):
        return True
    if said.endswith(_LEFT_BY_A_DRIVE):
        return False
    titles = (word for kind in Kind for word in (str(kind), kind.record.title, kind.record.noun))
    people = context.roster.candidates + context.roster.evaluators if context.roster else ()
    return any(bare(word) in said for word in (*titles, *_KINDS)) or any(
        len(person.last_name) > 2 and bare(person.last_name) in said for person in people
    )


_WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")
_LEFT_BY_A_DRIVE = ".gsheet"  # one for each document of an online drive that is kept in step, whoever it concerns
_KINDS = ("grille", "oral", "note", "valid", "travaux", "transvers", "jury")


def _is_untouched(sheet: SheetReport) -> bool:
    """Whether it is an unassigned sheet sent back as it was: no draft that somebody has still to sign, nor the cohort's
    marks, which say themselves what is missing."""
    assigned = sheet.candidate or sheet.evaluator or sheet.anomalies
    return sheet.status is SheetStatus.EMPTY and sheet.vouched and not assigned


def _read(path: Path, report: FileReport, context: Context, known: Collection[str]) -> None:
    data = guard.load(path)
    report.digest = hashlib.sha256(data).hexdigest()
    if report.digest in known:
        return
    contents = open_container(data)
    if contents is None:
        _read_workbook(data, report, context)
        return
    report.inside = [_read_piece(piece, report.path, context) for piece in contents.pieces]
    if not any(map(_may_be_a_return, report.inside)):
        message = f"Ce n'est pas un classeur mais {contents.what}, où aucun classeur ne se trouve."
        gravity = Gravity.WARNING if contents.is_message else None
        remedy = _NO_WORKBOOK if contents.is_message else then_removed(_EMPTY_ARCHIVE, report.path)
        report.anomalies.append(make("F02", message, gravity=gravity, remedy=remedy, file=report.path))


def _may_be_a_return(report: FileReport) -> bool:
    return bool(report.sheets) or any(anomaly.blocking for anomaly in report.anomalies)


_NO_WORKBOOK = "Rien à faire s'il ne devait rien contenir ; sinon, déposez le classeur lui-même dans « retours »."
_UNTOUCHED = "Si c'est une erreur, demandez le classeur rempli ; retirez celui-ci de « retours »."
_EMPTY_ARCHIVE = "Si elle devait contenir un classeur, déposez-le lui-même dans « retours »."


def _read_piece(piece: Piece, container: str, context: Context) -> FileReport:
    """The report of what a message or an archive holds."""
    report = FileReport(f"{container}{INSIDE}{piece.name}", modified_ns=piece.sent_ns, size=len(piece.content))
    called = piece.name.rpartition(INSIDE)[2]
    with _told(report, called, context):
        report.ignored = is_ignored(called)
        if piece.refused is not None:
            raise piece.refused
        report.digest = "" if piece.partial else hashlib.sha256(piece.content).hexdigest()
        if not report.ignored:
            _read_workbook(piece.content, report, context)
    for sheet in report.sheets:
        sheet.anomalies = [_taken_out(anomaly) for anomaly in sheet.anomalies]
    return report


def _taken_out(anomaly: Anomaly) -> Anomaly:
    """The same of a piece: nobody types in a workbook that is still inside a message or an archive."""
    if not (anomaly.blocking and anomaly.entry.of_input):
        return anomaly
    return replace(anomaly, remedy=f"Enregistrez d'abord ce classeur à part, dans « retours ». {anomaly.remedy}")


def _read_workbook(data: bytes, report: FileReport, context: Context) -> None:
    book = workbook.read(guard.open_package(data))
    report.saved, report.program = book.saved, book.program
    if book.macros:
        message = "Le classeur contient des macros ; elles n'ont pas été exécutées, les valeurs ont été lues."
        report.anomalies.append(make("F09", message, file=report.path))
    for sheet, refused in book.damaged.items():
        report.anomalies.append(make(refused.code, str(refused), remedy=refused.remedy, file=report.path, sheet=sheet))
    if known := ours.recognise(book.grids):
        report.anomalies.append(make("S01", known.said, remedy=known.remedy, file=report.path))
        return
    sheets = [(sheet, grid.selected) for grid in book.grids for sheet in read_sheets(grid, context, report.path)]
    doubt_grouped(sheets, report.path)
    report.sheets = [sheet for sheet, _ in sheets]
    doubt_beside_strangers(report.sheets)
    if report.sheets or book.damaged:
        report.anomalies += lone.tell(book.grids, report.sheets, context, report.path)
    else:
        message = "Aucune feuille de ce classeur ne porte de référence."
        remedy = then_removed(CATALOGUE["S01"].remedy, report.path)
        report.anomalies.append(make("S01", message, remedy=remedy, file=report.path))
    if report.sheets and all(map(_is_untouched, report.sheets)):
        message = "Le classeur ne contient que des fiches vierges, où ni identifiant ni valeur n'a été saisi."
        report.anomalies.append(make("I08", message, remedy=_UNTOUCHED, file=report.path))
