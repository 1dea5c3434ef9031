"""The blocs in `Synthèse`: how many competences or which mean, and what follows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from engine.model import Bloc, Outcome, Referential
from engine.model.errors import present as known
from engine.model.roles import role_rule
from engine.model.rules import (
    MeanRule,
    averaged_formula,
    known_formula,
    mean_formula,
    mean_rule,
    reached_formula,
    settled_formula,
    with_mandatory_formula,
)
from engine.model.values import and_list, figure
from engine.office.styles import printed
from engine.outputs.parts import average_of, role_heading
from engine.outputs.workbook.column import first_fitting
from engine.outputs.workbook.figures import hides_bar, required
from engine.outputs.workbook.marked import ROLE_WIDTH, of_roles
from engine.outputs.workbook.pairs import STATE_WIDTH, counting, figures, pair
from engine.outputs.workbook.people import Drawn, Look, Spot
from engine.outputs.workbook.places import COMPETENCES, NOTES, state_of
from engine.outputs.workbook.verdict import held_or


def of_blocs(referential: Referential) -> dict[str, Drawn]:
    """The columns of every bloc, by heading."""
    found: dict[str, Drawn] = {}
    for by_count, run in groupby(referential.blocs, key=lambda bloc: bloc.at_least is None):
        blocs = list(run)
        found |= _counted(blocs) if by_count else _averaged(blocs, referential)
    return found


def _averaged(blocs: Sequence[Bloc], referential: Referential) -> dict[str, Drawn]:
    """The blocs that follow each other and are validated by a mean."""
    bars = and_list([figure(known(bloc.at_least)) for bloc in blocs])
    widths = (42 + STATE_WIDTH) * len(blocs) + sum(ROLE_WIDTH * len(bloc.weights) for bloc in blocs)
    group = first_fitting([printed(f"Blocs : moyenne d'au moins {bars}"), f"Moyenne ≥ {bars}", f"≥ {bars}"], widths)
    found: dict[str, Drawn] = {}
    for bloc in blocs:
        found |= of_roles(bloc, referential, group, opens=not found)
        rule = role_rule(referential, bloc) if bloc.weights else mean_rule(referential, bloc)
        found |= _average(bloc, rule, group, opens=not found)
    return found


def _average(bloc: Bloc, rule: MeanRule, group: str, *, opens: bool) -> dict[str, Drawn]:
    """The mean of its marks, and what follows; a bloc already held stays validated."""
    average = average_of(bloc.code)

    def cells(spot: Spot) -> tuple[list[str], MeanRule, list[str]]:
        if bloc.weights:
            return [spot.here(role_heading(bloc, word)) for word in rule.codes], rule, []
        before = [spot.cell(NOTES, gate.before) for gate in rule.gates]
        return [spot.cell(NOTES, code) for code in rule.codes], rule, before

    def mean(spot: Spot) -> str:
        return mean_formula(*cells(spot))

    def state(spot: Spot) -> str:
        return held_or(spot, bloc.code, averaged_formula(*cells(spot)))

    def look(outcome: Outcome) -> Look:
        value = average(outcome).value
        return ("precise",) if value is not None and hides_bar(value, rule.at_least) else ()

    column = figures(42, "0.00", (group,), opens=opens)
    found = pair(bloc.code, column, mean, state, state_of(bloc.code))
    return found | {bloc.code: replace(found[bloc.code], look=look)}


def _counted(blocs: Sequence[Bloc]) -> dict[str, Drawn]:
    """The blocs that follow each other and are validated by their competences."""
    *firsts, last = [bloc.required for bloc in blocs]
    needs = and_list([*(str(number) for number in firsts), required(last)])
    widths = [(30 if len(bloc.competences) < 10 else 38) + STATE_WIDTH for bloc in blocs]
    group = first_fitting(
        [printed(f"Blocs : {needs}"), needs, f"≥ {and_list([*map(str, firsts), str(last)])}"], sum(widths)
    )
    found: dict[str, Drawn] = {}
    for bloc in blocs:
        found |= _bloc(bloc, group, opens=not found)
    return found


def _bloc(bloc: Bloc, group: str, *, opens: bool) -> dict[str, Drawn]:
    """How many of its competences reach their minimum, and what follows; a bloc already held stays validated."""
    ends = bloc.competences[0].code, bloc.competences[-1].code
    mandatory = [each.mandatory for each in bloc.competences]

    def cells(spot: Spot) -> tuple[str, str]:
        place = spot.book.places[COMPETENCES]
        return place.cells(*ends, spot.rank), f"{COMPETENCES}!{place.above(*ends)}"

    def count(spot: Spot) -> str:
        return reached_formula(*cells(spot), spot.book.letters)

    def state(spot: Spot) -> str:
        (levels, minima), letters = cells(spot), spot.book.letters
        missing = f"{len(bloc.competences)}-{known_formula([levels], letters)}"
        threshold = settled_formula(spot.here(bloc.code), missing, bloc.required)
        live = with_mandatory_formula(threshold, levels, minima, mandatory, letters)
        return held_or(spot, bloc.code, live)

    column = counting(len(bloc.competences), (group,), opens=opens)
    return pair(bloc.code, column, count, state, state_of(bloc.code))
