"""The jury's signed sheet: what it decides stands, whatever the rules give; the last rule but for a closure. Pure.

A row that cannot be taken for certain decides nothing: its candidate waits. Levels, credits and conditions stay those
of the rules, so that both are shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from engine.assessment.decide.reasons import explain
from engine.model import Authority, Decision, Kind, Outcome, Referential, Ruling
from engine.model.anomalies import Anomaly, Gravity, make
from engine.model.deliberation import Deliberation, Verdict, listed
from engine.model.errors import present
from engine.model.marks import EXCLUDED, LABEL, VALUE, Mark
from engine.model.outcome import BY_JURY
from engine.model.texts import bare
from engine.model.values import and_list, clip

if TYPE_CHECKING:
    import pandas as pd

# ---------------------------------------------------------------------------------- what the sheet says


def gather(marks: pd.DataFrame, referential: Referential) -> Deliberation | None:
    """What the DELIBERATION that counts says, from the table of :data:`engine.model.tables.MARKS`; ``None`` without."""
    chosen = marks[marks["kind"] == Kind.DELIBERATION].astype(object)
    rows: dict[str, dict[str, Mark]] = {}
    for mark in map(Mark._make, chosen.itertuples(index=False)):
        rows.setdefault(mark.candidate, {})[mark.input] = mark
    if not rows:
        return None
    singles = rows.pop("", {})
    verdicts = {candidate.casefold(): _verdict(candidate, cells, referential) for candidate, cells in rows.items()}
    return Deliberation(
        president=_text(singles, "president"),
        members=listed(_text(singles, "membres")),
        incidents=_text(singles, "incidents"),
        verdicts=verdicts,
        file=next(mark.file for cells in (singles, *rows.values()) for mark in cells.values()),
    )


def _text(cells: Mapping[str, Mark], name: str) -> str:
    mark = cells.get(name)
    return str(mark.value) if mark is not None and mark.state == VALUE else ""


def _verdict(candidate: str, cells: Mapping[str, Mark], referential: Referential) -> Verdict:
    decision, blocs = _text(cells, "decision"), cells.get("blocs")
    unreadable = (cells[name].code for name in ("decision", "blocs") if name in cells and cells[name].state == EXCLUDED)
    first = next(iter(cells.values()))
    return Verdict(
        candidate=candidate,
        decision=Decision(decision) if decision else None,
        blocs=listed(str(blocs.value)) if blocs is not None and blocs.state == VALUE else None,
        motive=" ".join(_text(cells, "motif").split()),
        unreadable=tuple(unreadable),
        proposed=_proposed(cells, referential),
        file=first.file,
        sheet=first.sheet,
        cells={name: mark.cell for name, mark in cells.items()},
    )


def _proposed(cells: Mapping[str, Mark], referential: Referential) -> Ruling | None:
    """The decision that the locked columns proposed; ``None`` where they say none."""
    shown = {name: str(mark.value) for name, mark in cells.items() if mark.state == LABEL and mark.value is not None}
    words = {bare(word): word for word in Decision}
    decision = words.get(bare(shown.get("propose", "")))
    if decision is None:
        return None
    codes = {code.casefold() for code in listed(shown.get("blocs_proposes", ""))}
    return Ruling(decision, tuple(bloc.code for bloc in referential.blocs if bloc.code.casefold() in codes))


# ---------------------------------------------------------------------------------- what follows from it


def overrule(
    outcomes: Iterable[Outcome], deliberation: Deliberation | None, referential: Referential
) -> tuple[tuple[Outcome, ...], list[Anomaly]]:
    """The outcomes as the jury decided them, and what is to be told of it: V13, R11, R12."""
    if deliberation is None:
        return tuple(outcomes), []
    rulings = [_Overruling(outcome, _of(outcome, deliberation), referential) for outcome in outcomes]
    return tuple(each.outcome() for each in rulings), [anomaly for each in rulings for anomaly in each.anomalies()]


def _of(outcome: Outcome, deliberation: Deliberation) -> Verdict:
    person = outcome.candidate.id
    return deliberation.verdicts.get(person.casefold(), Verdict(candidate=person))


@dataclass(frozen=True)
class _Overruling:
    """One candidate: what the rules give, and the jury's row."""

    ruled: Outcome
    verdict: Verdict
    referential: Referential

    @property
    def _codes(self) -> tuple[str, ...]:
        return tuple(bloc.code for bloc in self.referential.blocs)

    @property
    def _blocs(self) -> tuple[str, ...]:
        """The blocs typed and those held, in the referential's order: what is held is held for good."""
        held = {code for code, bloc in self.ruled.blocs.items() if bloc.held}
        return tuple(code for code in self._codes if code in held or code in (self.verdict.blocs or ()))

    @property
    def ruling(self) -> Ruling | None:
        """The decision of the jury; ``None`` where its row is blank."""
        decision = self.verdict.decision
        if decision is None:
            return None
        acquired = {
            Decision.ADMITTED: self._codes,
            Decision.PARTIAL: self._blocs,
            Decision.REFUSED: (),
        }
        return Ruling(decision, acquired.get(decision, self.ruled.validated))

    @property
    def departs(self) -> bool:
        """Whether the jury decided otherwise than the rules."""
        return self.ruling is not None and self.ruling != self.ruled.by_rules

    @property
    def fault(self) -> tuple[str, str]:
        """Why the row cannot be taken, and the input that is to be mended; two blanks where it can."""
        decision, blocs = self.verdict.decision, self._blocs
        if decision is Decision.ADMITTED and self.verdict.blocs is not None and blocs != self._codes:
            return f"ADMIS acquiert tous les blocs, et la case « Blocs » en donne {_words(blocs)}", "blocs"
        if decision is Decision.PARTIAL and not blocs:
            return "PARTIEL demande au moins un bloc, et la case « Blocs » est vide", "blocs"
        if decision is Decision.REFUSED and blocs:
            typed = self.verdict.blocs is not None
            why = "la case « Blocs » en donne" if typed else "le candidat a déjà acquis"
            return f"AJOURNÉ n'acquiert aucun bloc, et {why} {_words(blocs)}", "blocs" if typed else "decision"
        if self.departs and not self.verdict.motive and self.verdict.proposed in (None, self.ruled.by_rules):
            return f"{self._departure} : cet écart n'a pas de motif", "motif"
        return "", ""

    @property
    def _departure(self) -> str:
        """« ADMIS au lieu de PARTIEL », with the blocs where they alone differ."""
        now, before = present(self.ruling), self.ruled.by_rules
        if now.decision is not before.decision:
            return f"{now.decision} au lieu de {before.decision}"
        return f"{now.shown} au lieu de {before.shown}"

    # ------------------------------------------------------------------------------------ the outcome

    def outcome(self) -> Outcome:
        """The outcome that stands."""
        ruled, ruling = self.ruled, self.ruling
        if ruled.candidate.dropped_out:
            return ruled
        if self.verdict.unreadable:
            return self._waiting(f"à corriger : {_headings(self.verdict.unreadable)}")
        if ruling is None:
            return replace(ruled, left_out=True)
        if self.fault[0]:
            return self._waiting(f"à corriger : {self.fault[0]}")
        settled = ruling.decision is not Decision.PENDING
        decided = replace(
            ruled,
            decision=ruling.decision,
            granted=ruling.acquired,
            decided_by=Authority.JURY,
            motive=self.verdict.motive,
            provisional=ruled.provisional and not settled,
        )
        reasons = explain(decided, self.referential, ()) if settled else ruled.reasons
        return replace(decided, reasons=(*self._told(), *reasons))

    def _waiting(self, why: str) -> Outcome:
        ruled = self.ruled
        return replace(ruled, decision=Decision.PENDING, unruled=True, reasons=(f"{BY_JURY} {why}.", *ruled.reasons))

    def _told(self) -> Iterator[str]:
        if self.departs:
            motive = self.verdict.motive.rstrip(". ")
            yield f"{BY_JURY} : {self._departure}{f' ; {motive}' if motive else ''}."

    # -------------------------------------------------------------------------------------- what is told

    def anomalies(self) -> Iterator[Anomaly]:
        """The anomalies of the row."""
        if self.ruled.candidate.dropped_out or self.verdict.unreadable:
            return
        fault, entry = self.fault
        if fault:
            yield self._make("V13", f"{fault}. La décision du jury attend d'être corrigée.", entry)
        elif self.ruling is None and self.verdict.blocs:
            message = f"Des blocs sont saisis ({_words(self.verdict.blocs)}) sans décision : ils ne comptent pas."
            yield self._make("V13", message, "blocs", gravity=Gravity.WARNING)
        elif self.departs:
            yield from self._departures()

    def _departures(self) -> Iterator[Anomaly]:
        now, before, proposed = present(self.ruling), self.ruled.by_rules, self.verdict.proposed
        value = f"{before.shown} → {now.shown}"
        if proposed is not None and proposed != before:
            message = (
                f"La fiche proposait {proposed.shown} ; les règles donnent maintenant {before.shown}, et le jury a "
                f"décidé {now.shown}, qui reste."
            )
            yield self._make("R11", message, "decision", value=value)
        why = f" Motif : {clip(self.verdict.motive, 200)}" if self.verdict.motive else ""
        put_off = now.decision is Decision.PENDING and bool(self.verdict.blocs)
        idle = f" Les blocs saisis ({_words(self.verdict.blocs or ())}) attendent avec elle." if put_off else ""
        message = f"Le jury décide {now.shown} ; les règles donnent {before.shown}.{idle}{why}"
        yield self._make("R12", message, "decision", value=value)

    def _make(self, code: str, message: str, entry: str, *, value: str = "", gravity: Gravity | None = None) -> Anomaly:
        verdict = self.verdict
        typed = {"blocs": _words(verdict.blocs or ()), "decision": str(verdict.decision or "")}
        return make(
            code,
            message,
            gravity=gravity,
            candidate=self.ruled.candidate.id,
            file=verdict.file,
            sheet=verdict.sheet,
            cell=verdict.cells.get(entry, ""),
            value=value or typed.get(entry, ""),
        )


def _words(codes: Iterable[str]) -> str:
    return and_list(codes)


def _headings(names: Iterable[str]) -> str:
    return and_list(f"« {name} »" for name in names)
