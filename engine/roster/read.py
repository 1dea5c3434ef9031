"""``cohorte.xlsx`` to :class:`Roster`: every error at once, each with its sheet and its cell."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from engine.model import Candidate, Evaluator, Kind, Referential, Role, Roster, Session, forms
from engine.model.errors import EngineError, RosterError
from engine.office.typed.cells import (
    as_date,
    as_email,
    as_list,
    as_path,
    as_span,
    as_text,
    as_yes_no,
    fold,
    shown,
)
from engine.office.typed.table import Place, Problems, Row, Table, find_table, look_alike
from engine.roster.cells import as_dropped_out, as_identifier, as_roles
from engine.roster.layout import CANDIDATES, EVALUATORS, FIELDS, NOBODY, SESSION

if TYPE_CHECKING:
    from engine.intake.grid import Book

T = TypeVar("T")

REFERENTIAL, SIGNATURE, HELD = "Référentiel", "Signature exigée", "Blocs acquis"
_WHO = {Role.TUTOR: "le tuteur", Role.TRAINER: "le formateur", Role.JUROR: "le juré"}
_NEVER_ALL = frozenset(Role)  # roles that could not be read: no error is made of them


@dataclass(frozen=True)
class _Draft:
    """A roster as far as it could be read, and the rows it came from (candidates in the same order)."""

    roster: Roster
    fields: Mapping[str, Row]
    rows: tuple[Row, ...]

    def place(self, candidate: int | None) -> Place:
        """Where the held blocs of the candidate of this index stand; ``None``: where the signature is required."""
        return self.fields[SIGNATURE].place("Valeur") if candidate is None else self.rows[candidate].place(HELD)


def read(path: Path, book: Book, referential_of: Callable[[str], Referential] | None = None) -> Roster:
    """The roster that a workbook holds, complete and consistent; ``path`` names it in messages.

    ``referential_of`` gives the referential that the sheet `Session` names; with it, what only the referential can
    tell is checked too: the codes of held blocs, and who signs NOTES. Raises :class:`RosterError` with every problem.
    """
    problems = Problems()
    draft = _read_draft(book, problems)
    if referential_of is not None:
        _check_draft(draft, referential_of, problems)
    if problems:
        raise RosterError(str(path), problems.sentences())
    return draft.roster


def _check_draft(draft: _Draft, referential_of: Callable[[str], Referential], problems: Problems) -> None:
    try:
        referential = referential_of(draft.roster.session.referential)
    except EngineError as fault:
        if REFERENTIAL not in draft.fields:
            raise
        problems.add(draft.fields[REFERENTIAL].place("Valeur"), _within(str(fault)))
        return
    for candidate, sentence in _faults(draft.roster, referential):
        problems.add(draft.place(candidate), sentence)


def _within(sentence: str) -> str:
    """A refusal told inside another: its own list one step further to the right."""
    return (sentence[:1].lower() + sentence[1:]).replace("\n", "\n  ")


def _faults(roster: Roster, referential: Referential) -> Iterator[tuple[int | None, str]]:
    """What the referential refuses: (index of the candidate, or ``None`` for the session; sentence)."""
    codes = [bloc.code for bloc in referential.blocs]
    for index, candidate in enumerate(roster.candidates):
        for code in candidate.held_blocs:
            if code not in codes:
                known = ", ".join(codes)
                yield index, f"le bloc « {shown(code)} » n'est pas du référentiel ; codes des blocs : {known}."
    signed = roster.session.signature_required and forms.build(referential, Kind.NOTES) is not None
    if signed and not roster.with_role(Role.SECRETARIAT):
        yield (
            None,
            f"la signature est exigée, et personne dans la feuille {EVALUATORS.name} n'a le rôle "
            f"{Role.SECRETARIAT} pour signer les notes ; ajoutez cette personne, ou répondez Non.",
        )


# --------------------------------------------------------------------------------------------- sheets


def _read_draft(book: Book, problems: Problems) -> _Draft:
    session, candidates, evaluators = (
        find_table(book, layout, problems) for layout in (SESSION, CANDIDATES, EVALUATORS)
    )
    fields = _fields(session) if session else {}
    people = _read_evaluators(evaluators) if evaluators else None
    rows = _data_rows(candidates) if candidates else ()
    if candidates and not rows:
        place = Place(CANDIDATES.rank, candidates.title, candidates.heading_row + 1, candidates.columns["Identifiant"])
        problems.add(place, NOBODY)
    directory = None if people is None else _Directory(people)
    roster = Roster(
        session=_read_session(fields), candidates=_read_candidates(rows, directory), evaluators=tuple(people or ())
    )
    return _Draft(roster, fields, rows)


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
    for name in known.values():
        near = None if name in found else look_alike(name, unknown)
        if near is not None:
            unknown[near].report("Champ", f"ce champ n'est pas connu ; le nom attendu est « {name} ».")
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
        signature_required=value(SIGNATURE, as_yes_no, False),
        retention=value("Conservation", as_span, None),
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


def _read_candidates(rows: tuple[Row, ...], directory: _Directory | None) -> tuple[Candidate, ...]:
    return tuple(
        Candidate(
            id=identifier,
            last_name=row.read("Nom", as_text, ""),
            first_name=row.read("Prénom", as_text, ""),
            email=row.read("Courriel", as_email, ""),
            company=row.read("Entreprise", as_text, ""),
            tutors=_assigned(row, "Tuteur", Role.TUTOR, directory),
            trainers=_assigned(row, "Formateurs", Role.TRAINER, directory),
            jurors=_assigned(row, "Jurés", Role.JUROR, directory),
            held_blocs=_several(row, HELD),
            dropped_out=row.read("Statut", as_dropped_out, False),
        )
        for row, identifier in zip(rows, _read_identifiers(rows), strict=True)
    )


def _several(row: Row, heading: str) -> tuple[str, ...]:
    """The values of a cell that may hold several; one that stands twice is reported and kept once."""
    kept: dict[str, str] = {}
    nothing: tuple[str, ...] = ()
    for part in row.read(heading, as_list, nothing):
        if kept.setdefault(part.casefold(), part) is not part:
            row.report(heading, f"« {shown(part)} » est écrit deux fois ; gardez-en un.")
    return tuple(kept.values())


# -------------------------------------------------------------------------------------- assignments


class _Directory:
    """The evaluators by identifier, and by whatever else a person may have typed instead."""

    def __init__(self, evaluators: Iterable[Evaluator]) -> None:
        self.by_id = {evaluator.id.casefold(): evaluator for evaluator in evaluators if evaluator.id}
        self._aliases: dict[str, str] = {}
        for evaluator in self.by_id.values():
            last, first = evaluator.last_name, evaluator.first_name
            for alias in (evaluator.id.lstrip("0"), last, f"{last} {first}", f"{first} {last}"):
                self._aliases.setdefault(fold(alias), evaluator.id)

    def advice(self, typed: str) -> str:
        """How to mend an identifier that nobody has."""
        words = [word for word in re.split(r"[\s,/|+&]+", typed.casefold()) if word]
        if len(words) > 1 and all(word in self.by_id for word in words):
            return "séparez les identifiants par « ; »"
        meant = self._aliases.get(fold(typed).lstrip("0"))
        return f"s'agit-il de « {meant} » ?" if meant else "corrigez l'identifiant, ou ajoutez cette personne"


def _assigned(row: Row, heading: str, role: Role, directory: _Directory | None) -> tuple[str, ...]:
    """The evaluators named in a cell, as the sheet `Évaluateurs` spells them; those who cannot be are reported."""
    typed = _several(row, heading)
    if directory is None:
        return typed
    found = []
    for identifier in typed:
        evaluator = directory.by_id.get(identifier.casefold())
        who = f"{_WHO[role]} « {shown(identifier)} »"
        if evaluator is None:
            advice = directory.advice(identifier)
            end = "" if advice.endswith("?") else "."
            row.report(heading, f"{who} n'est pas dans la feuille {EVALUATORS.name} ; {advice}{end}")
        elif role not in evaluator.roles:
            roles = ", ".join(other for other in Role if other in evaluator.roles)
            row.report(
                heading,
                f"{who} ({evaluator.name}) n'a pas le rôle {role} mais {roles} ; corrigez l'identifiant, "
                f"ou ajoutez ce rôle dans la feuille {EVALUATORS.name}.",
            )
        else:
            found.append(evaluator.id)
    return tuple(found)
