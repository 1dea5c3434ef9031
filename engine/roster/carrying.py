"""What closed sessions leave to the next one: their candidates without the title, as rows of its roster.

Blocs are held for good. What else was validated is only listed: whether it is kept is for the establishment to say.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from engine.model import (
    ORAL,
    TRANSVERSAL,
    Act,
    Candidate,
    Decision,
    Evaluator,
    Frozen,
    MarkOutcome,
    Outcome,
    Referential,
    Role,
    Roster,
    State,
)
from engine.model.carrying import Carried, Carrying
from engine.model.errors import present
from engine.model.texts import bare, fold
from engine.model.values import figure

_WITHOUT_TITLE = (Decision.PARTIAL, Decision.REFUSED, Decision.PENDING)
_HELD = "déjà conservé"
Person = tuple[str, str]
"""An identifier and a name, as they are compared."""


@dataclass(frozen=True, kw_only=True)
class Ended:
    """A closed session: its name, its people and certification, what it froze, what its returns give (nothing when
    they can no longer be read)."""

    name: str
    roster: Roster
    referential: Referential
    closure: Act
    outcomes: Mapping[str, Outcome]


def carry(sessions: Iterable[Ended], referential: Referential, there: Roster | None = None) -> Carrying:
    """The rows for a roster of this certification; ``there``: the one that they are to be pasted into, if any."""
    carrying = _Carrying(sorted(sessions, key=lambda session: session.closure.at), referential, there)
    candidates = tuple(carrying.rows())
    return Carrying(
        candidates=candidates,
        evaluators=tuple(carrying.evaluators.rows.values()),
        faults=tuple(carrying.faults),
        notes=tuple(carrying.notes()),
        already=tuple(carrying.already),
    )


# ------------------------------------------------------------------------------------ what was validated


def validated(outcome: Outcome, referential: Referential) -> dict[str, str]:
    """The conditions validated beside blocs, each with its figure, by the word that keeps it (any case will do)."""
    return dict(_validated(outcome, referential))


def _validated(outcome: Outcome, referential: Referential) -> Iterator[tuple[str, str]]:
    transversal, oral, exam = outcome.transversal, outcome.oral, outcome.exam
    if transversal is not None and transversal.state is State.VALIDATED:
        told = _HELD if transversal.held else f"{transversal.demonstrated}/{transversal.total}"
        yield TRANSVERSAL.capitalize(), told
    if oral is not None and oral.state is State.VALIDATED:
        points = referential.oral.points if referential.oral else Decimal(0)
        yield ORAL.capitalize(), _HELD if oral.value is None else f"{figure(oral.value)}/{figure(points)}"
    scale = referential.scales.mark
    top = f"/{figure(scale.maximum)}" if scale else ""
    if exam is not None and referential.national_exam is not None and exam.state is State.VALIDATED:
        yield referential.national_exam.code, _mark(exam, top)
    for code, unit in outcome.units.items():
        if unit.state is State.VALIDATED:
            yield code, _mark(unit, top)


def _mark(mark: MarkOutcome, top: str) -> str:
    if mark.held:
        return _HELD
    return mark.code if mark.value is None else f"{figure(mark.value)}{top}"


# -------------------------------------------------------------------------------------------- the rows


class _Carrying:
    """The sessions, from the one that was closed first to the last one, on their way into a roster."""

    def __init__(self, sessions: Sequence[Ended], referential: Referential, there: Roster | None) -> None:
        self.sessions, self.referential, self.there = sessions, referential, there
        self.evaluators = _Evaluators(there)
        self.faults: list[str] = []
        self.already: list[str] = []

    def rows(self) -> Iterator[Carried]:
        """Every row; what is to be seen to goes to ``faults``."""
        known = dict(map(_person, self.there.candidates)) if self.there else {}
        for person, ends in self._people().items():
            decisions = [frozen.decision for _, frozen in ends]
            if decisions[-1] not in _WITHOUT_TITLE or Decision.ADMITTED in decisions:
                continue
            row = self._row(ends)
            self._tell_alike(person, row.candidate)
            yield replace(row, identifier=self._identifier(row, person, known))
        self.faults += self.evaluators.faults()

    def notes(self) -> Iterator[str]:
        """A sentence on the people who are in the roster already."""
        if self.already:
            yield (
                f"Déjà au registre, sous ce nom : {', '.join(self.already)}. Complétez leur ligne, sans en "
                "coller une autre."
            )

    def _people(self) -> dict[Person, list[tuple[Ended, Frozen]]]:
        """The frozen decisions of each person, in the order of the sessions; who may be somebody else is told."""
        found: dict[Person, list[tuple[Ended, Frozen]]] = {}
        for session in self.sessions:
            for candidate in session.roster.candidates:
                frozen = session.closure.by_candidate.get(candidate.id.casefold())
                if frozen is None:
                    self._left_out(session, candidate.id, candidate.name, "rien n'y a été figé de ce candidat")
                elif frozen.name and bare(frozen.name) != bare(candidate.name):
                    why = f"le registre donne maintenant cet identifiant à {candidate.name}"
                    self._left_out(session, candidate.id, frozen.name, why)
                else:
                    found.setdefault(_person(candidate), []).append((session, frozen))
            for frozen in session.closure.decisions:
                if session.roster.candidate(frozen.candidate) is None and frozen.decision in _WITHOUT_TITLE:
                    self._left_out(session, frozen.candidate, frozen.name, "ce candidat n'est plus au registre")
        return found

    def _left_out(self, session: Ended, identifier: str, name: str, why: str) -> None:
        who = f"{identifier} ({name})" if name else identifier
        self.faults.append(f"{session.name} : {who} n'est pas repris, car {why}.")

    def _identifier(self, row: Carried, person: Person, known: dict[str, str]) -> str:
        """The identifier of a row, empty when another name has it there; ``known``: the name that has each."""
        candidate = row.candidate
        if known.setdefault(*person) != person[1]:
            self.faults.append(
                f"{candidate.name} ({row.origin}) : l'identifiant {candidate.id} est déjà celui d'une autre personne ; "
                "sa ligne n'en porte pas, donnez-lui-en un."
            )
            return ""
        if self.there is not None and self.there.candidate(candidate.id) is not None:
            self.already.append(candidate.id)
        return candidate.id

    def _row(self, ends: Sequence[tuple[Ended, Frozen]]) -> Carried:
        """One candidate: as the last session's roster has them, with what every session left them."""
        last, frozen = ends[-1]
        candidate = present(last.roster.candidate(frozen.candidate))
        blocs: set[str] = set()
        undecided: dict[str, str] = {}
        for session, frozen in ends:
            there, gone = self._known(frozen.acquired, session.referential)
            blocs |= there
            undecided |= gone
            self.faults += (
                f"{_who(candidate)} : le bloc {code}, acquis ({title}), n'est pas sous ce code et ce titre dans le "
                "nouveau référentiel ; il n'est pas repris."
                for code, title in gone.items()
            )
            outcome = session.outcomes.get(candidate.id.casefold())
            for word, told in validated(outcome, session.referential).items() if outcome else ():
                if told != _HELD or word not in undecided:
                    undecided[word] = told
        held = tuple(bloc.code for bloc in self.referential.blocs if bloc.code in blocs)
        kept = Candidate(
            id=candidate.id,
            last_name=candidate.last_name,
            first_name=candidate.first_name,
            email=candidate.email,
            company=candidate.company,
            tutors=self.evaluators.of(last.roster, candidate.tutors, candidate),
            trainers=self.evaluators.of(last.roster, candidate.trainers, candidate),
            held_blocs=held,
            presented=self._presented(candidate, last.referential, held),
        )
        origin = " ; ".join(dict.fromkeys(session.name for session, _ in ends))
        return Carried(identifier=candidate.id, candidate=kept, undecided=undecided, origin=origin)

    def _presented(self, candidate: Candidate, before: Referential, held: Sequence[str]) -> tuple[str, ...]:
        """The only blocs that a candidate presented and has not acquired. Where that leaves none, the row is for the
        whole title: it is told, for somebody else has to say what they come for."""
        if not candidate.presented:
            return ()
        there, gone = self._known(candidate.presented, before)
        left = tuple(bloc.code for bloc in self.referential.blocs if bloc.code in there - set(held))
        if gone or not left:
            asked = ", ".join(candidate.presented)
            now = f"il n'en reste que {', '.join(left)}" if left else "il n'en reste aucun à présenter"
            self.faults.append(
                f"{_who(candidate)} : ne présentait que des blocs ({asked}), et {now} ; voyez, sur sa ligne, ses Blocs "
                "présentés (une case vide demande tout le titre), ou ôtez la ligne."
            )
        return left

    def _known(self, codes: Iterable[str], before: Referential) -> tuple[set[str], dict[str, str]]:
        """The blocs that the new certification has, under this code and this title; the others, quoted."""
        new = {(bloc.code.casefold(), fold(bloc.title)): bloc.code for bloc in self.referential.blocs}
        titles = {bloc.code: bloc.title for bloc in before.blocs}
        there, gone = set(), {}
        for code in codes:
            title = titles.get(code, "")
            if (code.casefold(), fold(title)) in new:
                there.add(new[code.casefold(), fold(title)])
            else:
                gone[code] = f"« {title} »" if title else "sans titre connu"
        return there, gone

    def _tell_alike(self, person: Person, candidate: Candidate) -> None:
        """Somebody of the same name under another identifier, elsewhere: perhaps the same person."""
        elsewhere = [(session.name, session.roster) for session in self.sessions]
        if self.there is not None:
            elsewhere.append(("le registre", self.there))
        found = []
        for name, roster in elsewhere:
            alike = [each for each in roster.candidates if bare(each.name) == person[1]]
            if person not in map(_person, alike):
                found += [f"{each.id} dans {name}" for each in alike]
        if found:
            self.faults.append(
                f"{_who(candidate)} : le même nom a un autre identifiant ({', '.join(found)}) ; si c'est la même "
                "personne, ne gardez qu'une ligne, avec tout ce qu'elle a acquis."
            )


class _Evaluators:
    """The evaluators who come along."""

    def __init__(self, there: Roster | None) -> None:
        self.rows: dict[Person, Evaluator] = {}
        self._there = dict(map(_person, there.evaluators)) if there else {}
        self._taken = dict(self._there)
        self._lost: dict[Person, tuple[Evaluator, list[str]]] = {}

    def of(self, roster: Roster, identifiers: Iterable[str], candidate: Candidate) -> tuple[str, ...]:
        """Those of a candidate's evaluators who keep their identifier; the others are to be given one."""
        kept = []
        for evaluator in (present(roster.evaluator(identifier)) for identifier in identifiers):
            person = _person(evaluator)
            if self._taken.setdefault(*person) == person[1]:
                kept.append(evaluator.id)
                self._bring(person, evaluator)
            else:
                self._bring(person, replace(evaluator, id=""))
                self._lost.setdefault(person, (evaluator, []))[1].append(_who(candidate))
        return tuple(kept)

    def _bring(self, person: Person, evaluator: Evaluator) -> None:
        """Have a row; one that stands in the roster already is not brought a second time."""
        if self._there.get(person[0]) != person[1]:
            roles = self.rows[person].roles if person in self.rows else frozenset[Role]()
            self.rows[person] = replace(evaluator, roles=evaluator.roles | roles)

    def faults(self) -> Iterator[str]:
        """A sentence for each evaluator whose identifier is another one's in the roster."""
        for evaluator, candidates in self._lost.values():
            yield (
                f"{evaluator.name} : l'identifiant {evaluator.id} est déjà celui d'un autre évaluateur ; sa ligne n'en "
                f"porte pas. Donnez-lui-en un, et écrivez-le pour {', '.join(dict.fromkeys(candidates))}."
            )


def _person(each: Candidate | Evaluator) -> Person:
    return each.id.casefold(), bare(each.name)


def _who(candidate: Candidate) -> str:
    return f"{candidate.id} ({candidate.name})"
