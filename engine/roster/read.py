"""``cohorte.xlsx`` to :class:`Roster`: every error at once, each with its sheet and its cell."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from engine.model import Candidate, Evaluator, Kind, Referential, Role, Roster, Session, forms
from engine.model.errors import EngineError, RosterError
from engine.office.typed.cells import (
    as_date,
    as_email,
    as_path,
    as_span,
    as_text,
    as_yes_no,
    fold,
    shown,
)
from engine.office.typed.table import Place, Problems, Row, Table, find_table, look_alike
from engine.roster import renamed, statements
from engine.roster.cells import as_dropped_out, as_identifier, as_roles
from engine.roster.days import PASSAGE, DraftSitting, read_sittings, report_passages
from engine.roster.directory import Directory, assigned, several
from engine.roster.hours import as_passage, as_time_zone
from engine.roster.layout import CANDIDATES, EVALUATORS, FIELDS, NOBODY, SESSION, SITTINGS

if TYPE_CHECKING:
    from engine.intake.readers.grid import Book

T = TypeVar("T")

REFERENTIAL, SIGNATURE, HELD, KEPT, WORDING = "Référentiel", "Signature exigée", "Blocs acquis", "Conservés", "Énoncés"
PRESENTED, CONVENED = "Blocs présentés", "Convocation"
_NEVER_ALL = frozenset(Role)  # roles that could not be read: no error is made of them


@dataclass(frozen=True)
class _Draft:
    """A roster as far as it could be read, and the rows it came from (candidates in the same order)."""

    roster: Roster
    fields: Mapping[str, Row]
    rows: tuple[Row, ...]
    sittings: tuple[DraftSitting, ...]
    tables: tuple[Table, ...]


def read(
    path: Path,
    book: Book,
    referential_of: Callable[[str], Referential] | None = None,
    table_of: statements.Opener | None = None,
    *,
    may_be_empty: bool = False,
) -> Roster:
    """The roster that a workbook holds, complete and consistent; ``path`` names it in messages. It has candidates,
    unless it ``may_be_empty``.

    ``referential_of`` gives the referential that the sheet `Session` names; with it, what only the referential can
    tell is checked too: the codes of held blocs, who signs NOTES and, read by ``table_of``, the statements of
    competences. Raises :class:`RosterError` with every problem.
    """
    problems = Problems()
    draft = _read_draft(book, problems, may_be_empty)
    registered: Mapping[str, str] = {}
    referential = None
    if referential_of is not None:
        referential = _check_draft(draft, referential_of, problems)
        if referential is not None and table_of is not None:
            registered = _read_statements(draft, referential, table_of, problems)
    for table in draft.tables:
        renamed.report_columns(table, draft.roster.evaluators, referential)
    if problems:
        raise RosterError(str(path), problems.sentences())
    return replace(draft.roster, statements=registered)


def _check_draft(draft: _Draft, referential_of: Callable[[str], Referential], problems: Problems) -> Referential | None:
    """The referential of a roster, if there is one, once what it refuses is told."""
    try:
        referential = referential_of(draft.roster.session.referential)
    except EngineError as fault:
        if REFERENTIAL not in draft.fields:
            raise
        problems.add(draft.fields[REFERENTIAL].place("Valeur"), _within(str(fault)))
        return None
    candidates = list(zip(draft.rows, draft.roster.candidates, strict=True))
    for row, candidate in candidates:
        _report_codes(row, candidate, referential)
    report_passages(candidates, draft.sittings, referential)
    if _lacks_a_secretariat(draft.roster, referential):
        draft.fields[SIGNATURE].report(
            "Valeur",
            f"la signature est exigée, et personne dans la feuille {EVALUATORS.name} n'a le rôle "
            f"{Role.SECRETARIAT} pour signer les notes ; ajoutez cette personne, ou répondez Non.",
        )
    return referential


def _read_statements(
    draft: _Draft, referential: Referential, table_of: statements.Opener, problems: Problems
) -> Mapping[str, str]:
    """The statements of the file that the sheet `Session` names; none where it names none."""
    name = draft.roster.session.statements
    if not name:
        return {}
    place = draft.fields[WORDING].place("Valeur")
    try:
        book = table_of(name)
    except EngineError as fault:
        problems.add(place, _within(str(fault)))
        return {}
    return statements.read(name, book, referential, place, problems)


def _within(sentence: str) -> str:
    """A refusal told inside another: its own list one step further to the right."""
    return (sentence[:1].lower() + sentence[1:]).replace("\n", "\n  ")


def _report_codes(row: Row, candidate: Candidate, referential: Referential) -> None:
    """Report the codes of what a candidate holds that the referential does not have."""
    codes = [bloc.code for bloc in referential.blocs]
    for heading, named in ((HELD, candidate.held_blocs), (PRESENTED, candidate.presented)):
        for code in named:
            if code not in codes:
                known = ", ".join(codes)
                row.report(heading, f"le bloc « {shown(code)} » n'est pas du référentiel ; codes des blocs : {known}.")
    _report_presented(row, candidate, referential)
    conditions = referential.keepable
    for code in candidate.kept:
        if code.casefold() not in map(str.casefold, conditions):
            known = ", ".join(conditions) or "aucun"
            blocs = f" ; un bloc va dans la colonne {HELD}" if code in codes else ""
            row.report(KEPT, f"« {shown(code)} » ne peut pas être conservé ; codes admis : {known}{blocs}.")


def _report_presented(row: Row, candidate: Candidate, referential: Referential) -> None:
    """Report a bloc presented although it is held, and a summons to the oral of somebody who presents only blocs, none
    of which rests on it."""
    for code in candidate.presented:
        if code in candidate.held_blocs:
            row.report(PRESENTED, f"le bloc {code} est déjà acquis ; ôtez-le d'ici, ou de la colonne {HELD}.")
    if referential.hears(candidate) or all(candidate.presents(bloc.code) for bloc in referential.blocs):
        return
    for heading, summoned in ((CONVENED, candidate.convened), (PASSAGE, candidate.passage)):
        if summoned:
            remedy = f"videz cette case, ou la colonne {PRESENTED}"
            row.report(heading, f"ce candidat ne présente que des blocs, et pas le grand oral ; {remedy}.")


def _lacks_a_secretariat(roster: Roster, referential: Referential) -> bool:
    signed = roster.session.signature_required and forms.build(referential, Kind.NOTES) is not None
    return signed and not roster.with_role(Role.SECRETARIAT)


# --------------------------------------------------------------------------------------------- sheets


def _read_draft(book: Book, problems: Problems, may_be_empty: bool) -> _Draft:
    session, candidates, evaluators, days = (
        find_table(book, layout, problems) for layout in (SESSION, CANDIDATES, EVALUATORS, SITTINGS)
    )
    fields = _fields(session) if session else {}
    people = _read_evaluators(evaluators) if evaluators else None
    rows = _data_rows(candidates) if candidates else ()
    if candidates and not rows and not may_be_empty:
        place = Place(CANDIDATES.rank, candidates.title, candidates.heading_row + 1, candidates.columns["Identifiant"])
        problems.add(place, NOBODY)
    directory = None if people is None else Directory(people)
    sittings = read_sittings(days, directory)
    roster = Roster(
        session=_read_session(fields),
        candidates=_read_candidates(rows, directory),
        evaluators=tuple(people or ()),
        sittings=tuple(each.sitting for each in sittings),
    )
    return _Draft(roster, fields, rows, sittings, tuple(filter(None, (candidates, evaluators, days))))


def _data_rows(table: Table) -> tuple[Row, ...]:
    return tuple(row for row in table.rows if not row.is_example)


def _fields(table: Table) -> dict[str, Row]:
    """The rows of `Session` by the known name of their field."""
    known = {fold(entry.name): entry.name for entry in FIELDS}
    found: dict[str, Row] = {}
    unknown: dict[str, Row] = {}
    for row in table.rows:
        word = fold(row.read("Champ", as_text, "")) if "Champ" in row.cells else ""
        if word not in known:
            unknown[word] = row
        elif known[word] in found:
            first = found[known[word]].place("Champ").address
            row.report("Champ", f"le champ « {known[word]} » est déjà en {first} ; gardez-en un.")
        else:
            found[known[word]] = row
    missing = [name for name in known.values() if name not in found]
    for name in missing:
        near = look_alike(name, unknown)
        if near is not None:
            unknown.pop(near).report("Champ", f"ce champ n'est pas connu ; le nom attendu est « {name} ».")
    for name, row in renamed.renamed(missing, unknown):
        row.report(
            "Champ",
            f"ce champ n'est pas connu ; le nom attendu est « {name} ». S'il s'agit d'autre chose, ajoutez une ligne "
            f"« {name} », même vide.",
        )
    return found


def _read_session(fields: Mapping[str, Row]) -> Session:
    def value(name: str, convert: Callable[..., T], default: T) -> T:
        row = fields.get(name)
        return default if row is None or "Valeur" not in row.cells else row.read("Valeur", convert, default)

    return Session(
        referential=value(REFERENTIAL, as_path, Session.referential),
        cohort=value("Cohorte", as_text, ""),
        centre=value("Centre", as_text, ""),
        session=value("Session", as_text, ""),
        jury_date=value("Date du jury", as_date, None),
        deadline=value("Date limite", as_date, None),
        president=value("Président du jury", as_text, ""),
        place=value("Lieu", as_text, ""),
        time_zone=value("Fuseau", as_time_zone, Session.time_zone),
        certifier_email=value("Courriel du certificateur", as_email, ""),
        signature_required=value(SIGNATURE, as_yes_no, False),
        retention=value("Conservation", as_span, None),
        statements=value(WORDING, as_path, ""),
    )


def _read_evaluators(table: Table) -> list[Evaluator]:
    rows = _data_rows(table)
    identifiers = _read_identifiers(rows)
    return [
        Evaluator(
            id=identifier,
            last_name=row.read("Nom", as_text, ""),
            first_name=row.read("Prénom", as_text, ""),
            roles=row.read("Rôle", as_roles, _NEVER_ALL),
            email=row.read("Courriel", as_email, ""),
            quality=row.read("Qualité", as_text, ""),
            organisation=row.read("Organisme", as_text, ""),
            external=row.read("Extérieur", as_yes_no, None),
        )
        for row, identifier in zip(rows, identifiers, strict=True)
    ]


def _read_identifiers(rows: Iterable[Row]) -> list[str]:
    """The identifier of each row ("" when unreadable), those already taken reported with the cell that has them."""
    first: dict[str, Place] = {}
    identifiers = []
    for row in rows:
        identifier = row.read("Identifiant", as_identifier, "")
        place = row.place("Identifiant")
        taken = first.setdefault(identifier.casefold(), place)
        if identifier and taken is not place:
            row.report("Identifiant", f"l'identifiant « {identifier} » est déjà pris en {taken.address}.")
        identifiers.append(identifier)
    return identifiers


def _read_candidates(rows: tuple[Row, ...], directory: Directory | None) -> tuple[Candidate, ...]:
    return tuple(
        Candidate(
            id=identifier,
            last_name=row.read("Nom", as_text, ""),
            first_name=row.read("Prénom", as_text, ""),
            email=row.read("Courriel", as_email, ""),
            company=row.read("Entreprise", as_text, ""),
            tutors=assigned(row, "Tuteur", Role.TUTOR, directory),
            trainers=assigned(row, "Formateurs", Role.TRAINER, directory),
            jurors=assigned(row, "Jurés", Role.JUROR, directory),
            held_blocs=several(row, HELD),
            dropped_out=row.read("Statut", as_dropped_out, False),
            convened=row.read(CONVENED, as_yes_no, None),
            passage=row.read(PASSAGE, as_passage, None),
            kept=several(row, KEPT),
            presented=several(row, PRESENTED),
        )
        for row, identifier in zip(rows, _read_identifiers(rows), strict=True)
    )
