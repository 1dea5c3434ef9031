"""The decision as a formula: read from the states beside it, as long as the rows they rest on stand in place."""

from __future__ import annotations

from collections import Counter

from engine.model import Decision, Referential, State
from engine.model.rules import title_formula
from engine.model.texts import plural
from engine.office.styles import printed
from engine.outputs.workbook.candidates import AS_THEY_WERE, SHUFFLED, VALUES_LINE, undisturbed, values_are
from engine.outputs.workbook.frame import Book, Live
from engine.outputs.workbook.people import Spot
from engine.outputs.workbook.places import CANDIDATES, RULED, SUMMARY, presented, state_of

DISPLACED = "LIGNES DÉPLACÉES"
"""What stands for a decision once somebody has moved what it rests on, or typed a value out of its scale."""

TRANSVERSAL_STATE, ORAL_STATE, UNIT_STATE = "état des transversales", "état de l'oral", "état des UE"
"""Keys of columns of `Synthèse`."""

_ADVICE = printed(
    "Des lignes ont été déplacées ailleurs (un tri ?), ou une valeur est hors de son échelle : annulez, ou rouvrez."
)
_COUNTED_AS = {
    Decision.ADMITTED: ("admis", "admis"),
    Decision.PARTIAL: ("partiel", "partiels"),
    Decision.REFUSED: ("ajourné", "ajournés"),
    Decision.PENDING: ("en attente", "en attente"),
    Decision.LEFT: ("sorti", "sortis"),
}


def decision(spot: Spot) -> str:
    """The formula of the decision."""
    blocs, referential = spot.book.referential.blocs, spot.book.referential
    conditions, last = _conditions(referential)
    states, acquirable = spot.run(blocs[0].code, last), spot.run(blocs[0].code, state_of(blocs[-1].code))
    decided = title_formula(states, acquirable, conditions, only_blocs=spot.outcome.only_blocs)
    person = {key: spot.cell(CANDIDATES, key) for key in ("Identifiant", "Statut")}
    elsewhere = f"{person['Identifiant']}<>{spot.here('Identifiant')}"
    displaced = f"OR({elsewhere},NOT({undisturbed(spot)}),{values_are(SHUFFLED)})"
    left = f'{person["Statut"]}="Abandon"'
    return f'IF({displaced},"{DISPLACED}",IF({left},"{Decision.LEFT}",{decided}))'


def _conditions(referential: Referential) -> tuple[int, str]:
    """How many conditions the title has, and the column of the last one; no other word is a state between them."""
    found = [state_of(bloc.code) for bloc in referential.blocs]
    found += [TRANSVERSAL_STATE] if referential.transversal else []
    found += [ORAL_STATE] if referential.oral else []
    found += [state_of(referential.national_exam.code)] if referential.national_exam else []
    found += [UNIT_STATE] if referential.units and referential.policy.title_requires_ues else []
    return len(found), found[-1]


def held_or(spot: Spot, code: str, live: str) -> str:
    """The state of a bloc: held, or not presented, whatever its levels or its marks give."""
    if spot.outcome.blocs[code].state is State.NOT_PRESENTED:
        live = f'IF({spot.cell(CANDIDATES, presented(code))}="Non","{State.NOT_PRESENTED}",{live})'
    return f'IF({spot.cell(CANDIDATES, code)}="Oui","{State.VALIDATED}",{live})'


def acquired(spot: Spot) -> str:
    """The formula of the list of the blocs validated or held."""
    codes = [bloc.code for bloc in spot.book.referential.blocs]
    parts = [f'IF({spot.here(state_of(code))}="{State.VALIDATED}","; {code}","")' for code in codes]
    return f"MID({'&'.join(parts)},3,{sum(len(code) + 2 for code in codes)})"


def decisions_counted(book: Book) -> Live:
    """How many candidates, and how many by decision; what to do when rows were displaced."""
    found = Counter(outcome.decision for outcome in book.outcomes)
    text = _many(len(book.outcomes), "candidat", "candidats")
    text += "".join(f"      {_many(found[word], *names)}" for word, names in _COUNTED_AS.items() if found[word])

    def formula() -> str:
        decisions = book.places[SUMMARY].column("Décision")
        parts = [_many_formula(f"COUNTA({book.places[SUMMARY].column('Identifiant')})", "candidat", "candidats")]
        for word, names in _COUNTED_AS.items():
            number = f'COUNTIF({decisions},"{word}")'
            parts.append(f'IF({number}=0,"","      "&{_many_formula(number, *names)})')
        told = f"IF({values_are(AS_THEY_WERE)},{'&'.join(parts)},{VALUES_LINE})"
        ruled = book.places[SUMMARY].column(RULED)  # what a jury or a closure settled stays as it is
        return f'IF(COUNTIF({ruled},"{DISPLACED}")>0,"{_ADVICE}",{told})'

    return Live(text, formula)


def _many(number: int, one: str, several: str) -> str:
    return f"{number} {plural(number, one, several)}"


def _many_formula(number: str, one: str, several: str) -> str:
    return f'{number}&" {one}"' if one == several else f'{number}&IF({number}>1," {several}"," {one}")'
