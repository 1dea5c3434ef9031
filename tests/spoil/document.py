"""The table of the documentation: each case, with what a person is told of it."""

from __future__ import annotations

import html
import re
import tempfile
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from engine.model.anomalies import Anomaly
from engine.model.values import clip
from tests.spoil import CASES
from tests.spoil.judge import Corpus

PATH = Path(__file__).parents[2] / "docs" / "anomalies.md"
INTRODUCTION = """\
# Ce qui revient, et ce qu'on en lit

Une fiche peut revenir endommagée, renommée, convertie, recopiée, retournée. Rien de ce qui se trouve dans `retours/`
n'arrête la consolidation, et aucune valeur douteuse n'entre dans une décision : elle est nommée dans la feuille
`Anomalies`, avec le fichier, la feuille, la cellule, ce qui a été lu et ce qu'il faut faire.

Le tableau ci-dessous vient des essais du programme, qui gâtent exprès des fiches remplies : chaque ligne est un de ces
retours, avec le message qu'il provoque. Un retour qui provoque plusieurs codes a une ligne pour chacun ; un code qui
touche plusieurs cellules n'est montré qu'une fois. Le tableau est récrit par `python -m tests.spoil`.
"""
HARMLESS = """
## Ce qui ne gêne pas

Ces retours sont lus comme s'ils étaient revenus intacts, ou laissés de côté parce qu'ils ne contiennent rien.

"""


def document(corpus: Corpus) -> str:
    """The whole document."""
    lines = [INTRODUCTION, "| Code | Ce qui est revenu | Gravité | Message | Correction |", "| --- " * 5 + "|"]
    lines += [f"| {' | '.join(map(_plain, row))} |" for row in sorted(_rows(corpus), key=lambda row: row[0])]
    harmless = [f"- {_plain(case.name)}" for case in CASES if not case.codes]
    return "\n".join(lines) + "\n" + HARMLESS + "\n".join(harmless) + "\n"


def _rows(corpus: Corpus) -> Iterator[tuple[str, ...]]:
    for case in CASES:
        found = corpus.judge(case).anomalies if case.codes else []
        for code in sorted(case.expected):
            told = next(anomaly for anomaly in found if anomaly.code == code)
            yield code, case.name, str(told.gravity), _message(told), told.remedy


def _message(anomaly: Anomaly) -> str:
    place = " ".join(part for part in (anomaly.sheet, anomaly.cell and f"({clip(anomaly.cell, 30)})") if part)
    return f"{place} : {anomaly.message}" if place else anomaly.message


def _plain(text: str) -> str:
    """A text as a table takes it, whatever signs it holds."""
    shown = "".join(_visible(sign) for sign in clip(" ".join(text.split()), 300))
    return re.sub(r"([|*_`\\])", r"\\\1", html.escape(shown, quote=False))


def _visible(sign: str) -> str:
    category = unicodedata.category(sign)
    return f"‹U+{ord(sign):04X}›" if category in ("Cc", "Cf", "Cs") else sign


def rewrite() -> int:
    """Make the corpus and write the document; how many cases it lists."""
    with tempfile.TemporaryDirectory() as folder:
        PATH.write_text(document(Corpus(Path(folder) / "Promotion d'été")), encoding="utf-8")
    return len(CASES)
