"""Tables and outcomes to the results workbook: one sheet per question a certifier asks."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryFile

import pandas as pd
from xlsxwriter.exceptions import FileCreateError

from engine.model import awaiting
from engine.model.catalogue import CATALOGUE
from engine.model.changes import Evolution
from engine.model.snapshot import Decided
from engine.office.styles import Styles, new_workbook
from engine.outputs.content import Content
from engine.outputs.workbook.again import (
    JOURNAL,
    LAST,
    TITLE,
    Sketch,
    Standing,
    Tonight,
    complete,
    draw_again,
    late_members,
    sketched,
)
from engine.outputs.workbook.alike import same_but_for_date
from engine.outputs.workbook.bulk import LongTable, lay
from engine.outputs.workbook.candidates import candidates
from engine.outputs.workbook.detail import place_detail, write_detail
from engine.outputs.workbook.evolution import write_evolution
from engine.outputs.workbook.frame import Book, Frame, LiveSheet
from engine.outputs.workbook.gaps import write_gaps
from engine.outputs.workbook.home import Counts, counts, write_home
from engine.outputs.workbook.journal import write_anomalies, write_files, write_missing
from engine.outputs.workbook.jury import jury
from engine.outputs.workbook.levels import competences, transversal
from engine.outputs.workbook.near import write_near
from engine.outputs.workbook.oral import oral
from engine.outputs.workbook.people import People, by_name, place_people, write_people
from engine.outputs.workbook.places import ANOMALIES, EVOLUTION, HOME
from engine.outputs.workbook.records import notes, validation
from engine.outputs.workbook.rules import write_rules
from engine.outputs.workbook.sources import CAPACITY, Sources
from engine.outputs.workbook.statistics import write_statistics
from engine.outputs.workbook.summary import summary

__all__ = ["Sketch", "Standing", "Tonight", "same_but_for_date", "tells_change", "write", "write_again"]


def write(target: Path, content: Content, *, workplace: Path | None = None, capacity: int = CAPACITY) -> Sketch:
    """Write the results workbook to exactly ``target``; the caller swaps it in. What :func:`write_again` calls for.

    What follows from the marks is written as formulas over them, with the values the engine found. The same content
    gives the same bytes.

    Memory does not grow with the number of rows, which wait in files in ``workplace`` (by default, the system's
    temporary folder); marks beyond the ``capacity`` of a sheet go on in the next one. Raises :class:`OSError` when the
    file cannot be written.
    """
    people = by_name(content.outcomes)
    sources = Sources(content.marks, people, content.roster, content.referential, capacity)
    with TemporaryFile(dir=workplace) as framed:
        made_at = content.run.made_at
        workbook = new_workbook(framed, title=TITLE, made_at=made_at, constant_memory=True, workplace=workplace)
        book = Book(
            workbook=workbook,
            styles=Styles(workbook),
            referential=content.referential,
            roster=content.roster,
            run=content.run,
            identifiers=tuple(outcome.candidate.id for outcome in people),
            outcomes=people,
            sources=sources,
            admissions=tuple(content.admissions),
            digests=dict(zip(content.files["file"], content.files["sha256"], strict=True)),
        )
        detail, sketch = _draw(book, content)
        try:
            workbook.close()
        except FileCreateError as fault:  # xlsxwriter's word for an error of the system
            raise next((cause for cause in fault.args if isinstance(cause, OSError)), OSError(str(fault))) from fault
        return complete(sketch, book, lay(framed, target, detail, late_members(book, (*JOURNAL, *LAST))))


def _draw(book: Book, content: Content) -> tuple[list[LongTable], Sketch]:
    """Draw every sheet, in order but for those that :mod:`.again` tells of; the rows of `Détail` are still to be
    laid."""
    book.workbook.worksheet_class = LiveSheet
    book.reserve(HOME)
    results, roll = _people(book, content.marks), candidates(book)
    for sheet in (*results, roll):
        place_people(book, sheet)
    place_detail(book)
    for sheet in results:
        write_people(book, sheet)
    pointed_out = write_near(book), write_gaps(book, content.marks, content.anomalies)
    for name in JOURNAL:
        book.reserve(name)
    owed_by = content.missing["evaluator"]
    awaited = awaiting.awaited(owed_by, session=book.roster.session, today=book.run.made_at.date())
    write_missing(book, content.missing, awaited)
    book.reserve(EVOLUTION)
    write_people(book, roll)
    detail = write_detail(book)
    write_statistics(book, content.marks)
    write_rules(book)
    all_but_these = sketched(book, (*JOURNAL, *LAST), *pointed_out)
    write_journal(book, content.anomalies, content.files)
    all_but_the_last = sketched(book, LAST, *pointed_out)
    decided = map(Decided.of, book.outcomes)
    write_last(book, content.evolution, counts(decided, content.anomalies, content.files, awaited, pointed_out))
    return detail, all_but_these if tells_change(content.anomalies) else all_but_the_last


def write_journal(book: Frame, anomalies: pd.DataFrame, files: pd.DataFrame) -> None:
    """`Anomalies` and `Fichiers`."""
    write_anomalies(book, anomalies)
    write_files(book, files)


def write_last(book: Frame, evolution: Evolution, found: Counts) -> None:
    """`Évolution` and `Accueil`."""
    write_evolution(book, evolution)
    write_home(book, found)


def tells_change(anomalies: pd.DataFrame) -> bool:
    """Whether one of these anomalies tells of a change since an earlier run."""
    return any(CATALOGUE[code].tells_change for code in anomalies["code"].unique())


def write_again(standing: Standing, target: Path, tonight: Tonight, *, workplace: Path | None = None) -> Sketch:
    """Write the results workbook that stands as :func:`write` would when nothing moved but what told of a change; what
    writing it once more calls for. Raises :class:`ValueError` when it is not the workbook it was.
    """
    sketch = standing.sketch

    def draw(book: Frame) -> Sketch:
        if ANOMALIES in sketch.again:
            write_journal(book, tonight.anomalies, tonight.files)
        pointed_out = sketch.near, sketch.wide_gaps
        all_but_the_last = sketched(book, LAST, *pointed_out)
        found = counts(tonight.decided, tonight.anomalies, tonight.files, tonight.awaited, pointed_out)
        write_last(book, tonight.evolution, found)
        return all_but_the_last

    return draw_again(standing, target, draw, workplace)


def _people(book: Book, marks: pd.DataFrame) -> list[People]:
    """The sheets of results that have one row per candidate, in order; those the referential calls for."""
    found = [
        summary(book),
        competences(book),
        transversal(book) if book.referential.transversal else None,
        oral(book, marks) if book.referential.oral else None,
        notes(book, marks),
        validation(book, marks),
        jury(book) if book.admissions else None,
    ]
    return [sheet for sheet in found if sheet is not None]
