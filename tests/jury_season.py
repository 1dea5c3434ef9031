"""The season of :mod:`tests.season` with its jury: what a commission sets, what a jury decides and puts off, what comes
after it, and what a closed session holds to.

Here too nothing of what the engine concludes is used: the sheets that went out are read for what they show, the rest is
typed here and known, and the oracle of the tests decides.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from engine.commands.jury import Round, jury
from engine.model import Kind
from tests import oracle
from tests.mornings import BOOKS, RULES, SPOILED, Morning, Place, Version
from tests.season import Season

PEOPLE = ("007", "C02", "C03")
BLOCS = [bloc["code"] for bloc in RULES["bloc"]]
WORKS = [work["code"] for work in RULES["work"]]
COMPETENCES = oracle.items_of(RULES["bloc"], "competences")
DELIBERATION, SYNTHESE = (Kind.DELIBERATION, "", ""), Kind.SYNTHESE
SETTLED = ("ADMIS", "PARTIEL", "AJOURNÉ")


@dataclass(frozen=True)
class Held:
    """What a closure froze of one candidate."""

    decision: str
    blocs: str
    by: str
    provisional: str


@dataclass(frozen=True)
class JuryMorning(Morning):
    """The same with the jury: who decided, what the rules alone give, who is admissible; by code, of whom it is told.

    ``told``: the codes V13, R08, R11, R12; ``moved``: the candidate and value of each R10.
    """

    by: Mapping[str, str] = field(default_factory=dict)
    ruled: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    told: Mapping[str, set[str]] = field(default_factory=dict)
    moved: set[tuple[str, str]] = field(default_factory=set)
    admissible: Mapping[str, str] = field(default_factory=dict)
    blocking = Morning.blocking | {"R08", "R11", "V13"}


class JurySeason(Season):
    """A season whose secretariat calls the jury, whose commission and jury answer, whose session is closed."""

    closed: Mapping[str, Held] | None = None
    called: Round | None = None

    def happenings(self):
        """What may happen by day, besides."""
        more = (*[self.synthesise] * 3, *[self.deliberate] * 6, *[self.rate_again] * 2, self.refuse_a_work)
        return (*super().happenings(), *more, *(() if self.closed is not None else [self.call_the_jury] * 3))

    # ------------------------------------------------------------------------------------- what happens

    def begin(self) -> None:
        """Most of what is awaited comes before the first night."""
        for _ in BOOKS[2:]:
            self.log.append(self.arrive())

    def call_the_jury(self) -> str:
        """The second round is made ready, and its sheets are written anew where they say something else."""
        self.called = jury(self.cohort.path)
        now = self.morning()
        found = dict(self.called.admissibility)
        words = [word for word in now.admissible.values() if word]
        assert found == {word: words.count(word) for word in set(words)}, now.admissible
        return f"the jury is called: {found}"

    def synthesise(self) -> str:
        """The commission sets some levels of a candidate, those it set before with them, in the sheet as it now stands
        in ``envois/``."""
        staying = [who for who in PEOPLE if who not in self.left and self.cohort.issued(SYNTHESE, who, "").exists()]
        if not staying:
            return "no synthesis stands"
        book = (SYNTHESE, self.random.choice(staying), "")
        before, draft = self._drafts.get(book), self.cohort.book(*book)
        for cell, _, place in self._numbers(before, book) if before else ():
            draft.put(SYNTHESE, "niveau", place[3], cell.value)
        self._drafts[book] = draft
        for cell, domain, _ in self.random.sample(self._numbers(draft, book), 2):
            cell.value = self.random.choice(self._values(domain))
        if self.random.random() < 0.2:
            cell, *_ = self.random.choice(self._numbers(draft, book))
            cell.value = "deux ou trois"
        draft.put(SYNTHESE, "signature", "", "La commission")
        return f"{self._send(book, self._name(book))} comes from the commission"

    def rate_again(self) -> str:
        """An evaluator moves a level beside which the commission has set its own."""
        both = [
            (book, code)
            for book in sorted(self._drafts)
            for code in self._commission(book[1], self._latest())
            if book[0] is Kind.GRILLE
        ]
        if not both:
            return "nothing beside the commission"
        book, code = self.random.choice(both)
        ((cell, domain),) = (
            (cell, domain)
            for cell, domain, place in self._numbers(self._drafts[book], book)
            if place[1:4] == ("GRILLE", "niveau", code)
        )
        cell.value = self.random.choice([value for value in self._values(domain) if value != cell.value])
        return f"{self._send(book, self._name(book))} rates {code} again"

    def deliberate(self, words: Mapping[str, str] | None = None) -> str:
        """The jury fills its sheet, the one that stands in ``envois/`` or its last one, and signs it or not; ``words``:
        what it decides of some, by candidate, without blocs, and signs."""
        if DELIBERATION not in self._drafts or self.random.random() < 0.5:
            self._drafts[DELIBERATION] = self.cohort.book(DELIBERATION[0])
        draft = self._drafts[DELIBERATION]
        shown = [cell.value for cell in draft.sheet(DELIBERATION[0])["A"]]
        here = [who for who in PEOPLE if who in shown]
        for who in self.random.sample(here, min(len(here), self.random.choice((0, 1, 1, 2)))):
            self._decide(draft, who)
        for who in [who for who in words or {} if who in here]:  # its last sheet may lack who came back since
            for heading, value in {"Décision": words[who], "Blocs": None, "Motif": "Pièce à produire"}.items():
                draft.put(DELIBERATION[0], heading, "", value, who)
        for who in here:  # no row is blank: it would look like another half of the sheet
            if draft.cell(DELIBERATION[0], "decision", "", who).value is None:
                draft.put(DELIBERATION[0], "motif", "", "À revoir", who)
        signed = bool(words) or self.random.random() < 0.8
        for entry, text in {"president": "J01", "membres": "J02 ; J01", "incidents": "Une panne"}.items():
            draft.put(DELIBERATION[0], entry, "", text)
        draft.put(DELIBERATION[0], "signature", "", "Osmani" if signed else None)
        return f"{self._send(DELIBERATION, self._name(DELIBERATION))} comes from the jury{' unsigned' * (not signed)}"

    def settled(self) -> list[str]:
        """Those of whom the rules decide now, and whom the jury's sheet lists."""
        shown = {cell.value for cell in self.cohort.book(DELIBERATION[0]).sheet(DELIBERATION[0])["A"]}
        now = self.morning()
        return [who for who in PEOPLE if now.ruled[who][0] in SETTLED and who in shown]

    def _decide(self, draft, who: str) -> None:
        word = self.random.choice((*SETTLED, "PARTIEL", "En attente", "", "recalé"))
        some = self.random.sample(BLOCS, self.random.choice((1, 2)))
        blocs = "; ".join(some) if word == "PARTIEL" or self.random.random() < 0.1 else None
        reason = "Parcours" if self.random.random() < 0.8 else None
        for heading, value in {"Décision": word or None, "Blocs": blocs, "Motif": reason}.items():
            draft.put(DELIBERATION[0], heading, "", value, who)

    def mark_the_exam(self) -> str:
        """The exam is failed by one, passed by another."""
        book = (Kind.NOTES, "", "")
        draft = self._drafts.setdefault(book, self.cohort.filled(Kind.NOTES))
        for who, mark in {"007": 40, "C02": 100}.items():
            draft.put(Kind.NOTES, "EN", "", mark, who)
        return f"{self._send(book, self._name(book))} gives the marks of the exam"

    def refuse_a_work(self) -> str:
        """A référent refuses a work, or takes that back."""
        book = (Kind.VALIDATION, "", "R01")
        if book not in self._drafts:
            return "no référent yet"
        who, work, answer = self.random.choice(PEOPLE), self.random.choice(WORKS), self.random.choice(("Oui", "Non"))
        self._drafts[book].put(Kind.VALIDATION, work, "", answer, who)
        return f"{self._send(book, self._name(book))} says {answer} of {work} of {who}"

    def freeze(self) -> None:
        """The session is closed on what stands now."""
        now = self.morning()
        self.closed = {
            who: Held(decision, blocs, now.by[who], provisional)
            for who, (decision, provisional, blocs) in now.decisions.items()
        }
        self.log.append(f"the session is closed: {self.closed}")

    def thaw(self) -> None:
        """It is opened again."""
        self.closed = None
        self.log.append("the session is open again")

    # ------------------------------------------------------------------------------------ what is held of it

    def _version(self, draft, book: tuple, moment) -> Version:
        """A deliberation is a draft until it is signed; and what each sheet shows is kept beside."""
        made = super()._version(draft, book, moment)
        if book[0] is Kind.DELIBERATION:
            unsigned = draft.cell(book[0], "signature").value is None
            return replace(made, draft=unsigned, shown=dict(_shown(draft, book[0], ("Proposé", "Blocs proposés"))))
        if book[0] is SYNTHESE:
            return replace(made, shown=dict(_shown(draft, SYNTHESE, ("Calculé",))))
        return made

    def _missing(self, latest):
        """A grid is no longer awaited once the commission has set every level."""
        fixed = {who for who in PEOPLE if self._all_levels_set(who, latest)}
        return {each for each in super()._missing(latest) if each[1] != "GRILLE" or each[0] not in fixed}

    def _all_levels_set(self, who: str, latest) -> bool:
        set_by = self._commission(who, latest)
        return all(set_by.get(item["code"], oracle.EXCLUDED) != oracle.EXCLUDED for item in COMPETENCES)

    def _commission(self, who: str, latest) -> dict[str, object]:
        version = latest.get((SYNTHESE, who, ""))
        marks = version.marks if version else {}
        return {place[3]: _read(value) for place, value in marks.items() if place[2] == "niveau"}

    def _row(self, who: str, latest) -> dict[str, object] | None:
        """The jury's row, as the oracle takes it."""
        version = latest.get(DELIBERATION)
        if version is None or who not in version.shown:
            return None
        typed = {place[2]: value for place, value in version.marks.items() if place[0] == who}
        decision, blocs = typed.get("decision"), typed.get("blocs")
        shown = version.shown[who]
        return {
            "decision": oracle.EXCLUDED if decision == SPOILED else decision and str(decision).upper(),
            "blocs": blocs and str(blocs).split("; "),
            "reason": bool(typed.get("motif")),
            "proposed": (shown["Proposé"], _codes(shown["Blocs proposés"])) if shown["Proposé"] else None,
        }

    def _description(self, who, marks, latest):
        about = super()._description(who, marks, latest)
        return about | {"commission": self._commission(who, latest), "jury": self._row(who, latest)}

    # ------------------------------------------------------------------------------------ what must be

    @property
    def deliberated(self) -> bool:
        """Whether a signed sheet of the jury is there."""
        return DELIBERATION in self._latest()

    def morning(self) -> JuryMorning:
        """What the results must say now."""
        plain = super().morning()
        latest = self._latest()
        found = {who: self._found(who, plain.marks, latest) for who in plain.decisions}
        told = {code: {who for who in found if code in found[who]["told"]} for code in ("R11", "R12", "V13")}
        told["V13"] -= {who for who in PEOPLE if (self._row(who, latest) or {}).get("decision") is None}
        live = {who: (word, blocs) for who, (word, _, blocs) in plain.decisions.items()}
        decisions, by = dict(plain.decisions), {who: found[who]["decided_by"] for who in found}
        told["R08"] = set()
        for who, kept in (self.closed or {}).items():
            told["R08"] |= {who} if live[who] != (kept.decision, kept.blocs) else set()
            left = who in self.left
            missing = self._provisional(who, plain.missing)
            provisional = kept.provisional if kept.by == "Jury" else "Non" if left else missing
            decisions[who], by[who] = (kept.decision, provisional, kept.blocs), kept.by
        return JuryMorning(
            **vars(plain) | {"decisions": decisions, "wrong": self._still_wrong(plain, latest)},
            by=by,
            ruled={who: (found[who]["ruled"][0], "; ".join(found[who]["ruled"][1])) for who in found},
            told=told,
            moved={each for who in PEOPLE if who not in self.left for each in self._moved(who, latest)},
            admissible={who: "" if who in self.left else self._admissible(who, plain.marks, found) for who in found},
        )

    def _still_wrong(self, plain: Morning, latest) -> set[Place]:
        """The cells that block: not those of a grid that the commission set otherwise."""
        fixed = {
            (who, code)
            for who in PEOPLE
            for code, value in self._commission(who, latest).items()
            if value != oracle.EXCLUDED
        }
        return {place for place in plain.wrong if place[1] != "GRILLE" or (place[0], place[3]) not in fixed}

    def _moved(self, who: str, latest) -> Iterator[tuple[str, str]]:
        """R10: of each level that the commission set, what its sheet showed and what the rules give now."""
        version = latest.get((SYNTHESE, who, ""))
        plain = oracle.decide(RULES, super()._description(who, self._marks(latest), latest))
        for code, cell in self._commission(who, latest).items():
            level = plain["levels"][code]
            now = "à corriger" if level["pending"] else _figure(level["value"])
            before = version.shown[code]["Calculé"]
            if cell != oracle.EXCLUDED and now != before:
                yield who, f"{before or 'vide'} → {now or 'vide'}"

    def _admissible(self, who: str, marks, found) -> str:
        exam = found[who]["exam"]["state"]
        if exam == oracle.FAILED:
            return "Non admissible"
        rated = {
            place[3] for place, value in marks.items() if place[:3] == (who, "TRAVAUX", "niveau") and value != SPOILED
        }
        agreed = {place[3] for place, value in marks.items() if place[:2] == (who, "VALIDATION") and value == "Oui"}
        return "Admissible" if exam == oracle.VALIDATED and set(WORKS) <= rated & agreed else "Dossier incomplet"


def _shown(draft, kind: Kind, headings: tuple[str, ...]) -> Iterator[tuple[str, dict[str, str]]]:
    """By code or identifier, what the locked columns of a sheet show."""
    sheet = draft.sheet(kind)
    top = next(cell.row for cell in sheet["A"] if cell.value in ("Code", "Identifiant"))
    columns = {cell.value: cell.column for cell in sheet[top]}
    for row in range(top + 1, sheet.max_row + 1):
        texts = {heading: _figure(sheet.cell(row, columns[heading]).value) for heading in headings}
        if sheet.cell(row, 1).value is not None:
            yield str(sheet.cell(row, 1).value), texts


def _figure(value: object) -> str:
    """A number as people read it; a text as it is."""
    if value is None or isinstance(value, str):
        return value or ""
    return f"{float(value):g}".replace(".", ",")


def _codes(text: str) -> list[str]:
    return [code for code in text.split("; ") if code]


def _read(value: object) -> object:
    return oracle.EXCLUDED if value == SPOILED else str(value)
