"""What a bloc that is validated by a mean of roles must not contradict: weights, competences, the oral, the scales."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from engine.referential.document import Key, Problem, find, number, plain, texts
from engine.referential.structure import expected

WEIGHTS = ("trainers_weight", "tutor_weight", "jury_weight")
_JURY = "jury_weight"
_WHOLE = Decimal(100)


def weighed(bloc: Any) -> list[str]:
    """The weights that a bloc gives to roles, by their keys."""
    return [name for name in WEIGHTS if isinstance(bloc, dict) and name in bloc]


def by_roles(document: Any, key: Key, bloc: dict[str, Any]) -> Iterator[Problem]:
    """A bloc that gives weights: it has competences and a mean to reach, and nothing that validates it another way."""
    names = weighed(bloc)
    for name in ("at_least", "competences"):
        if name not in bloc:
            yield (*key, name), f"clé manquante, nécessaire aux poids des rôles : on attend {expected((*key, name))}"
    if "required" in bloc:
        yield (*key, "required"), f"un bloc validé par une moyenne de rôles ({', '.join(names)}) n'a pas required"
    for place, value in find(bloc, "competences.*.mandatory"):
        if value is True:
            message = "une compétence n'est obligatoire que dans un bloc validé par le nombre de ses compétences"
            yield (*key, *place), message
    for place, code in texts(document, "exam.*.bloc"):
        if code == bloc.get("code"):
            yield place, "ce bloc est validé par une moyenne de rôles : aucune épreuve n'y compte"
    bar, floor = number(bloc, "at_least"), number(bloc, "floor")
    if bar is not None and floor is not None and floor > bar:
        yield (*key, "floor"), f"{plain(floor)} est au-dessus de la moyenne à atteindre ({plain(bar)})"
    yield from _sum(key, bloc, names)
    if names == [_JURY]:
        yield (*key, _JURY), "le jury ne note pas les compétences : donnez aussi un poids à qui les évalue"
    if _JURY in names and not find(document, "oral"):
        yield (*key, _JURY), "la note du jury est celle du grand oral : il faut une partie oral"


def _sum(key: Key, bloc: dict[str, Any], names: list[str]) -> Iterator[Problem]:
    """Weights are above 0, and come to 100."""
    given = {name: number(bloc, name) for name in names}
    known = {name: weight for name, weight in given.items() if weight is not None}
    for name, weight in known.items():
        if weight <= 0:
            yield (*key, name), f"on attend un nombre supérieur à 0, et non {plain(weight)} ; sans poids, ôtez la clé"
    total = sum(known.values(), Decimal(0))
    if len(known) == len(names) and total != _WHOLE:
        yield (*key, names[0]), f"les poids du bloc font {plain(total)} %, et non 100 %"


def _scales(document: Any) -> Iterator[Problem]:
    """The faults of the scales that turn levels into marks, where a mean of roles needs them."""
    weighing = any(weighed(bloc) for _, bloc in find(document, "bloc.*"))
    zero, lowest = number(document, "policy.level_worth_zero"), number(document, "scales.level.minimum")
    if not weighing:
        if find(document, "policy.level_worth_zero"):
            yield ("policy", "level_worth_zero"), "cette clé ne sert qu'à un bloc validé par une moyenne de rôles"
        return
    if not find(document, "scales.mark"):
        yield ("scales", "mark"), "clé manquante, nécessaire à une moyenne de rôles"
    least = number(document, "scales.mark.minimum")
    if least:
        message = f"une moyenne de rôles demande des notes à partir de 0, et non {plain(least)}"
        yield ("scales", "mark", "minimum"), message
    for _, how in texts(document, "policy.competence_from"):
        if how != "mean":
            message = f'une moyenne de rôles pèse tous les avis : on attend "mean", et non "{how}"'
            yield ("policy", "competence_from"), message
    if lowest is None:
        return
    if zero is None and lowest != 0 and not find(document, "policy.level_worth_zero"):
        message = f"clé manquante : les niveaux commencent à {plain(lowest)}, et il faut dire celui qui vaut la note 0"
        yield ("policy", "level_worth_zero"), message
    elif zero is not None and not min(lowest, Decimal(0)) <= zero <= lowest:  # below, the lowest level is worth a mark
        wanted = f"de 0 à {plain(lowest)}" if lowest > 0 else plain(lowest)
        yield ("policy", "level_worth_zero"), f"on attend {wanted}, le plus petit niveau, et non {plain(zero)}"


RULES = (_scales,)
