"""What a bloc that is validated by a mean must not contradict: its bar, its floor, its exams and their coefficients."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from engine.referential.document import Key, Problem, find, number, numbers, plain, shown, texts
from engine.referential.structure import expected
from engine.referential.weights import by_roles, weighed


def _blocs(document: Any) -> Iterator[Problem]:
    """A bloc is validated by its competences, by the mean of its exams, or by a mean of roles."""
    blocs = [(key, bloc) for key, bloc in find(document, "bloc.*") if isinstance(bloc, dict)]
    for key, bloc in blocs:
        if weighed(bloc):
            yield from by_roles(document, key, bloc)
        else:
            yield from (_by_mean if "at_least" in bloc else _by_competences)(document, key, bloc)
    if blocs and all("at_least" in bloc and not weighed(bloc) for _, bloc in blocs):
        yield ("bloc",), "on attend au moins un bloc validé par ses compétences (required et competences)"


def _by_competences(_document: Any, key: Key, bloc: dict[str, Any]) -> Iterator[Problem]:
    for name in ("required", "competences"):
        if name not in bloc:
            yield (*key, name), f"clé manquante : on attend {expected((*key, name))}"
    if "floor" in bloc:
        yield (*key, "floor"), "une note plancher demande une moyenne : il manque at_least"


def _by_mean(document: Any, key: Key, bloc: dict[str, Any]) -> Iterator[Problem]:
    for name in ("required", "competences"):
        if name in bloc:
            yield (*key, name), "un bloc validé par une moyenne (at_least) n'a ni required ni competences"
    if bloc.get("code") not in [code for _, code in texts(document, "exam.*.bloc")]:
        yield (*key, "at_least"), "aucune épreuve n'entre dans cette moyenne : il faut des exam dont bloc est ce code"
    bar, floor = number(bloc, "at_least"), number(bloc, "floor")
    if bar is not None and floor is not None and floor > bar:
        yield (*key, "floor"), f"{plain(floor)} est au-dessus de la moyenne à atteindre ({plain(bar)})"


def _exams(document: Any) -> Iterator[Problem]:
    blocs = [bloc for _, bloc in find(document, "bloc.*") if isinstance(bloc, dict)]
    by_mean = {
        bloc["code"]: "at_least" in bloc or bool(weighed(bloc)) for bloc in blocs if isinstance(bloc.get("code"), str)
    }
    for key, code in texts(document, "exam.*.bloc"):
        if code not in by_mean:
            yield key, f"{shown(code)} n'est le code d'aucun bloc"
        elif not by_mean[code]:
            yield key, f"le bloc {shown(code)} n'est pas validé par une moyenne : il lui manque at_least"
    for key, coefficient in numbers(document, "exam.*.coefficient"):
        if coefficient <= 0:
            yield key, f"on attend un nombre supérieur à 0, et non {plain(coefficient)}"
    for key, exam in find(document, "exam.*"):
        if isinstance(exam, dict) and "coefficient" in exam and "bloc" not in exam:
            yield (*key, "coefficient"), "un coefficient ne sert que dans une moyenne : il manque bloc"


def _gates(document: Any) -> Iterator[Problem]:
    """An exam that is sat only after another one."""
    known = [exam for _, exam in find(document, "exam.*") if isinstance(exam, dict)]
    exams = {exam["code"]: exam for exam in known if isinstance(exam.get("code"), str)}
    for key, exam in find(document, "exam.*"):
        if not isinstance(exam, dict) or not {"after", "after_at_least"} & exam.keys():
            continue
        for name in ("after", "after_at_least"):
            if name not in exam:
                yield (*key, name), f"clé manquante : on attend {expected((*key, name))}"
        if "bloc" not in exam:
            yield (
                (*key, "after"),
                "une épreuve qui ne compte dans aucune moyenne n'en attend pas d'autre : il manque bloc",
            )
        before = exam.get("after")
        if isinstance(before, str) and before not in exams:
            yield (*key, "after"), f"{shown(before)} n'est le code d'aucune épreuve (exam)"
        elif isinstance(before, str) and "after" in exams[before]:
            yield (*key, "after"), f"{shown(before)} attend elle-même une autre épreuve : une seule suite est admise"


RULES = (_blocs, _exams, _gates)
