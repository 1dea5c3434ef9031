"""The results of a consolidation as tests read them: by sheet, by candidate, by anomaly."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import python_calamine

from engine.commands.report import Report

AWAITED = frozenset({"R01", "R03", "R15"})
"""What is told of a file only because a part of it has not come; R15 also tells what was refused."""


@dataclass(frozen=True)
class Results:
    """What a consolidation wrote, and what it returned to the command line."""

    path: Path
    report: Report

    @cached_property
    def sheets(self) -> dict[str, list[dict[str, object]]]:
        """Each sheet's rows, by heading."""
        book = python_calamine.CalamineWorkbook.from_path(str(self.path))
        return {name: _rows(book.get_sheet_by_name(name).to_python(skip_empty_area=False)) for name in book.sheet_names}

    def summary(self, candidate: str) -> dict[str, object]:
        """A candidate's row of Synthèse."""
        return self._one("Synthèse", Identifiant=candidate)

    def anomalies(self, *codes: str, **where: str) -> list[dict[str, object]]:
        """The rows of Anomalies of these codes (all by default) that hold these values."""
        rows = _matching(self.sheets["Anomalies"], where)
        return [row for row in rows if not codes or row["Code"] in codes]

    def anomaly(self, code: str, **where: str) -> dict[str, object]:
        """The only one."""
        (row,) = self.anomalies(code, **where)
        return row

    @property
    def codes(self) -> set[str]:
        """The codes of every anomaly, but for what merely has not come yet."""
        rows = self.sheets["Anomalies"]
        return {row["Code"] for row in rows if row["Code"] not in AWAITED or "refusé" in row["Message"]}

    @property
    def states(self) -> dict[str, str]:
        """The state of each file."""
        return {row["Fichier"]: row["État"] for row in self.sheets["Fichiers"]}

    def value(self, candidate: str, entry: str, code: str, evaluator: str = "") -> object:
        """The value kept for one input, ``None`` when there is none; evaluators may be told apart."""
        where = {"Candidat": candidate, "Saisie": entry, "Code": code} | (
            {"Évaluateur": evaluator} if evaluator else {}
        )
        rows = _matching(self.sheets["Détail"], where)
        assert len(rows) < 2, rows
        return rows[0]["Valeur retenue"] if rows else None

    def level(self, candidate: str, code: str) -> object:
        """A candidate's level of one competence; blank when it is missing or pending."""
        return self._one("Compétences", Identifiant=candidate)[code]

    def missing(self) -> set[tuple[str, str, str]]:
        """(evaluator, candidate, kind) of each sheet that has not come."""
        return {(row["Évaluateur"], row["Candidat"], row["Nature"]) for row in self.sheets["Manquants"]}

    def _one(self, sheet: str, **where: str) -> dict[str, object]:
        (row,) = _matching(self.sheets[sheet], where)
        return row


HEADINGS = frozenset({"Identifiant", "Gravité", "Fichier", "Évaluateur", "Candidat", "Décision", "Partie", "Objet"})
"""What the first heading of each results sheet may be."""


def _rows(lines: list[list[object]]) -> list[dict[str, object]]:
    start = next((rank for rank, line in enumerate(lines) if line and line[0] in HEADINGS), len(lines) - 1)
    return [dict(zip(lines[start], line, strict=True)) for line in lines[start + 1 :] if any(line)]


def _matching(rows: Iterable[dict[str, object]], where: dict[str, str]) -> list[dict[str, object]]:
    return [row for row in rows if all(row[name] == value for name, value in where.items())]
