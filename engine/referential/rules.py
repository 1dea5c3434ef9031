"""What a referential must not contradict: codes, counts, references from one part to another, scales.

Each rule reads what it can of the parsed file, so that it speaks even when another part is malformed, and
yields problems: the key at fault, and what is expected there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

from engine.model.texts import bare
from engine.referential import averages, scales, weights
from engine.referential.document import (
    CODE,
    COMPETENCES,
    CRITERIA,
    ITEMS,
    Problem,
    find,
    number,
    numbers,
    plain,
    shown,
    shown_key,
    texts,
)

Rule = Callable[[Any], Iterator[Problem]]

_CODED = ("bloc.*", COMPETENCES, ITEMS, CRITERIA, "ue.*", "national_exam", "exam.*", "work.*", "document.*")
_TITLED = (
    *_CODED,
    "certification",
    "transversal.domains.*",
    "oral.sections.*",
    "oral.sequence.*",
    "national_exam.deliverable.*",
)
_DECIDING = ("bloc.*", "ue.*", "national_exam")
_TAKEN = (  # (words that head columns of sheets, results or data; the parts whose codes head columns beside them)
    (("Identifiant", "Nom", "Prénom"), _CODED),
    (("Décision", "Provisoire", "Transversales", "Oral", "UE", "Crédits", "Motifs"), _DECIDING),
    (("Travaux", "Documents", "Plagiat", "Statut", "Tuteur", "Formateurs", "Jurés"), _DECIDING),
)
_REFERENCES = (
    ("competence", f"{COMPETENCES}.code", "d'aucune compétence"),
    ("ue", "ue.*.code", "d'aucune UE"),
)
_REFERRING = ("national_exam.deliverable.*", "exam.*", "work.*")
_NEVER_EMPTY = (
    "bloc",
    "bloc.*.competences",
    "transversal.domains",
    "transversal.domains.*.items",
    "oral.sections",
    "oral.sections.*.items",
)
_NEEDS = (  # (the part needed, the parts that need it)
    ("scales.work", ("work.*",)),
    ("scales.mark", ("ue.*", "national_exam", "exam.*")),
    ("ue_rule", ("ue.*",)),
    ("ue", ("ue_rule",)),
)
_AT_LEAST = (
    (0, ("ue.*.credits", "policy.rounding", "policy.external_share")),
    (1, ("policy.minimum_jurors", "oral.duration_minutes", "oral.sequence.*.minutes", "exam.*.duration_minutes")),
)
_POSITIVE = ("policy.divergence_levels", "policy.divergence_points", f"{CRITERIA}.points")
_MOST_DECIMALS = 6
_LONGEST = 64
"""Of a code, which is in the name of a cell, and of what opens the reference of a sheet, in the name of a file."""
_REFERENCE_PART = re.compile(r"(?!-$)[^/\s]+")  # "-" stands for a part that a sheet's reference does not have


def problems(document: dict[str, Any]) -> list[Problem]:
    """Every contradiction of the parsed file."""
    return [problem for rule in RULES for problem in rule(document)]


# ---------------------------------------------------------------------------------------- codes and texts


def _codes(document: Any) -> Iterator[Problem]:
    first: dict[str, Any] = {}
    for key, code in texts(document, *(f"{part}.code" for part in _CODED)):
        if not CODE.fullmatch(code):
            yield key, f"un code n'a que des lettres sans accent, des chiffres et des points, et non {shown(code)}"
        elif len(code) > _LONGEST:
            yield key, f"un code a au plus {_LONGEST} signes, et non {len(code)}"
        elif code.casefold() in first:
            owner = shown_key(document, first[code.casefold()])
            yield key, f"{shown(code)} est déjà le code de {owner} (sans tenir compte de la casse)"
        else:
            first[code.casefold()] = key[:-1]


def _taken_codes(document: Any) -> Iterator[Problem]:
    """A code that is the heading of another column: what stands under one would be read for the other."""
    for words, parts in _TAKEN:
        taken = {bare(word): word for word in words}
        for key, code in texts(document, *(f"{part}.code" for part in parts)):
            if bare(code) in taken:
                word = shown(taken[bare(code)])
                yield key, f"{shown(code)} se confond avec le titre de colonne {word} : choisissez un autre code"


def _reference_parts(document: Any) -> Iterator[Problem]:
    for key, text in texts(document, "certification.short_title", "certification.version"):
        if not _REFERENCE_PART.fullmatch(text):
            yield key, f"on attend un texte sans espace ni « / », qui n'est pas « - », et non {shown(text)}"
        elif not text.isprintable():
            yield key, "ce texte a un signe invisible, qui ne se lirait pas dans une fiche : retapez-le"
        elif len(text) > _LONGEST:
            yield key, f"on attend au plus {_LONGEST} signes, et non {len(text)}"


def _blank_texts(document: Any) -> Iterator[Problem]:
    patterns = ("certification.code", "certification.certifier", *(f"{part}.title" for part in _TITLED))
    for key, text in texts(document, *patterns):
        if not text.strip():
            yield key, "le texte est vide"
    for key, sources in find(document, "sources"):
        blank = (name for name, title in sources.items() if not str(title).strip()) if isinstance(sources, dict) else ()
        yield from (((*key, name), "le texte est vide") for name in blank)


def _references(document: Any) -> Iterator[Problem]:
    for name, codes, nothing in _REFERENCES:
        known = {code for _, code in texts(document, codes)}
        if name == "competence" and not known:
            continue  # no competence at all: that is said once, elsewhere
        patterns = [f"{part}.{name}{each}" for part in _REFERRING for each in ("", ".*")]  # one code, or a list
        for key, code in texts(document, *patterns):
            if code not in known:
                yield key, f"{shown(code)} n'est le code {nothing}"


# ------------------------------------------------------------------------------------- presence and counts


def _never_empty(document: Any) -> Iterator[Problem]:
    for pattern in _NEVER_EMPTY:
        for key, value in find(document, pattern):
            if value == []:
                yield key, "la liste est vide : on attend au moins un élément"


def _needs(document: Any) -> Iterator[Problem]:
    for needed, parts in _NEEDS:
        present = [part.removesuffix(".*") for part in parts if find(document, part)]
        absent = all(value == [] for _, value in find(document, needed))
        if present and absent:
            yield tuple(needed.split(".")), f"clé manquante, nécessaire à {', '.join(present)}"
    reports = [key for key, value in find(document, "ue.*.requires_report") if value is True]
    if reports and not find(document, "oral"):
        yield reports[0], "la conformité du rapport est saisie au grand oral : il faut une partie oral"


def _required(document: Any) -> Iterator[Problem]:
    for pattern, items in (("bloc.*", "competences.*"), ("transversal", "domains.*.items.*")):
        for key, part in find(document, pattern):
            required, total = number(part, "required"), len(find(part, items))
            if required is not None and total and not 1 <= required <= total:
                message = f"on attend un nombre de 1 à {total} (le nombre de compétences), et non {plain(required)}"
                yield (*key, "required"), message


def _mandatory(document: Any) -> Iterator[Problem]:
    for key, bloc in find(document, "bloc.*"):
        required = number(bloc, "required")
        mandatory = sum(value is True for _, value in find(bloc, "competences.*.mandatory"))
        if required is not None and required < mandatory:
            message = f"{mandatory} compétences du bloc sont obligatoires : on attend au moins {mandatory}, "
            yield (*key, "required"), f"{message}et non {plain(required)}"


def _credits(document: Any) -> Iterator[Problem]:
    announced = number(document, "certification.credits")
    units = [value for _, value in numbers(document, "ue.*.credits")]
    if announced is None or len(units) < len(find(document, "ue.*")):
        return
    if announced != sum(units):
        message = f"{plain(announced)} n'est pas la somme des crédits des UE ({plain(sum(units, Decimal(0)))})"
        yield ("certification", "credits"), message


def _bounds(document: Any) -> Iterator[Problem]:
    for least, patterns in _AT_LEAST:
        for key, value in numbers(document, *patterns):
            if value < least:
                yield key, f"on attend au moins {least}, et non {plain(value)}"
    for key, value in numbers(document, *_POSITIVE):
        if value <= 0:
            yield key, f"on attend un nombre supérieur à 0, et non {plain(value)}"
    for key, value in numbers(document, "policy.external_share"):
        if value > 1:
            yield key, f"on attend une part de 0 à 1, et non {plain(value)}"
    for key, value in numbers(document, "policy.rounding"):
        if value > _MOST_DECIMALS:
            yield key, f"on attend au plus {_MOST_DECIMALS} décimales, et non {plain(value)}"


RULES: tuple[Rule, ...] = (
    _codes,
    _taken_codes,
    _reference_parts,
    _blank_texts,
    _references,
    _never_empty,
    _needs,
    _required,
    _mandatory,
    _credits,
    _bounds,
    *averages.RULES,
    *weights.RULES,
    *scales.RULES,
)
