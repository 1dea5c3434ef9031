"""The roster of the sample: everybody is invented."""

from __future__ import annotations

from dataclasses import dataclass

from engine.model.texts import bare

KEY = "5a1e" * 16
"""The cohort's key, in hexadecimal: always the same, so that the committed returns bear the seals it gives."""

SESSION = {
    "Cohorte": "Promotion 14",
    "Centre": "Centre des Tilleuls",
    "Session": "Janvier 2025",
    "Date du jury": "30/01/2025",
    "Président du jury": "Hélène Van den Berghe",
}

CANDIDATES = """
C01 | Bertrand      | Côme          | Maison Bertin         | T01 | F01     | J01;J02     |    |
C02 | D'Almeida     | Ségolène      | Les Halles du Port    | T02 | F01     | J01;J02     |    |
C03 | De La Tour    | Jean-Baptiste | Voiles et Cordages    | T03 | F01     | J01;J02     | B2 |
C04 | Dupont-Moreau | Anaïs         | Maison Bertin         | T01 | F02     | J01;J02     |    | Inscrit
C05 | Fabre         | Joséphine     | Les Halles du Port    | T02 | F02     | J01;J02     |    |
C06 | García López  | Inés          | Voiles et Cordages    | T03 | F01     | J01;J02     |    |
C07 | Hamidou       | Yasmine       | Maison Bertin         | T01 | F01     | J01;J02     |    |
C08 | Kouassi       | Ange-Désiré   | Les Halles du Port    | T02 | F02     | J01;J02     |    |
C09 | Le Bihan      | Maëlle        | Voiles et Cordages    | T03 | F01     | J01;J03     |    |
C10 | Lefèvre       | Éloïse        | Maison Bertin         | T01 | F01;F02 | J01;J02;J03 |    |
C11 | Müller        | Noé           | Les Halles du Port    | T02 | F02     | J01;J02     |    |
C12 | N'Diaye       | Aminata       | Voiles et Cordages    | T03 | F02     | J01;J03     |    |
C13 | O'Connor      | Loïc          | Maison Bertin         | T01 | F01     | J01;J02     |    | Abandon
C14 | Rousseau      | Théo          | Les Halles du Port    | T02 | F01     | J01;J02     |    |
C15 | Tran-Nguyen   | Kim-Anh       | Voiles et Cordages    | T03 | F01     | J01;J02;J03 |    |
C16 | Zaïdi         | Mehdi         | Maison Bertin         | T01 | F02     | J01;J03     |    |
"""

EVALUATORS = """
T01 | Benali         | Karim       | Tuteur
T02 | Le Guen        | Marie-Ange  | Tuteur
T03 | Schneider      | Rémy        | Tuteur
F01 | Morel          | Anne-Sophie | Formateur
F02 | Çelik          | Deniz       | Formateur
J01 | Osmani         | Nadia       | Juré
J02 | Roche          | Marc        | Juré
J03 | Van den Berghe | Hélène      | Juré
R01 | Faure          | Solène      | Référent
S01 | Petitjean      | Lucie       | Secrétariat
"""

JURY_WHEN_SENT = {"C16": "J01;J02;J03"}
"""Jurors who changed once the workbooks had been sent: the roster's last word is in ``CANDIDATES``."""


def lines(table: str) -> list[list[str]]:
    """The lines of a text table, each as the list of its cells."""
    return [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()]


@dataclass(frozen=True)
class Person:
    """Somebody of the cohort."""

    id: str
    last_name: str
    first_name: str

    @property
    def name(self) -> str:
        return f"{self.last_name.upper()} {self.first_name}"

    @property
    def signature(self) -> str:
        return f"{self.first_name[0]}. {self.last_name}"

    @property
    def email(self) -> str:
        return bare(self.last_name).replace(" ", "-").replace("'", "") + "@tilleuls.example"


PEOPLE = {line[0]: Person(*line[:3]) for line in lines(CANDIDATES) + lines(EVALUATORS)}


def candidate_rows() -> list[list[str]]:
    """The rows of the sheet `Candidats`, in the order of its columns."""
    return [[*line[:3], PEOPLE[line[0]].email, *line[3:]] for line in lines(CANDIDATES)]


def evaluator_rows() -> list[list[str]]:
    """The rows of the sheet `Évaluateurs`, in the order of its columns."""
    return [[*line, PEOPLE[line[0]].email] for line in lines(EVALUATORS)]


def first_raters() -> dict[str, str]:
    """By candidate, the tutor whose grid the candidate fills first."""
    return {line[0]: line[4] for line in lines(CANDIDATES)}
