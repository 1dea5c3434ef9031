"""Thirty nights of a season with its jury: each morning both decisions are told, the rules' and the jury's, a closed
session holds to what it froze, and everything is found again in the end."""

from __future__ import annotations

from random import Random

import pytest

from engine.commands.close import close
from engine.commands.jury import jury
from engine.commands.reopen import reopen
from engine.model.errors import CohortError
from tests import cohorts
from tests.jury_season import PEOPLE, JuryMorning, JurySeason
from tests.nights import Nights
from tests.test_season import NIGHTS, Run, Told

CLOSED, REOPENED, EXAM = (9, 21), (15, 27), 4
"""The nights after which the session is closed, and before which it is opened again; that of the exam's marks."""

ODD = {6: "En attente", 8: "PARTIEL", 17: "AJOURNÉ", 18: "En attente", 20: "PARTIEL"}
"""What a jury decides on some nights of everybody of whom the rules decide; PARTIEL without a bloc is to be mended."""


def check_decided_by(told: Told, now: JuryMorning) -> None:
    rows = {row["Identifiant"]: row for row in told.sheets["Synthèse"] if row["Décision"] != "SORTI"}
    assert {who: row["Décidé par"] for who, row in rows.items()} == {who: now.by[who] for who in rows}
    assert {who: row["Décision calculée"] for who, row in rows.items()} == {who: now.ruled[who][0] for who in rows}


def check_told(told: Told, now: JuryMorning) -> None:
    rows = told.sheets["Anomalies"]
    blocking = [row for row in rows if row["Gravité"] == "bloquante"]
    for code in ("V13", "R08", "R11"):
        assert {row["Candidat"] for row in blocking if row["Code"] == code} == now.told[code], code
    assert {row["Candidat"] for row in rows if row["Code"] == "R12"} == now.told["R12"]
    assert {(row["Candidat"], row["Valeur"]) for row in rows if row["Code"] == "R10"} == now.moved


def check_admissions(told: Told, now: JuryMorning) -> None:
    found = {row["Identifiant"]: row["Admissibilité"] for row in told.sheets["Jury"]}
    assert {who: found.get(who, "") for who in now.admissible} == now.admissible


class JuryRun(Run):
    """The nights of a season with its jury; ``met``: what happened at least once, in a word."""

    def __init__(self, season: JurySeason, nights: Nights) -> None:
        super().__init__(season, nights)
        self.met: set[str] = set()

    def night(self, number: int) -> None:
        """The same, and once in a while the session is closed after it, or opened again before."""
        if number in REOPENED:
            self._refused_while_closed()
            reopen(self.season.cohort.path, "Un recours")
            self.season.thaw()
        if number in ODD:
            self.season.log.append(self.season.deliberate(dict.fromkeys(self.season.settled(), ODD[number])))
        if number == EXAM:
            self.season.log.append(self.season.mark_the_exam())
        super().night(number)
        if number in CLOSED:
            self._close()

    def checks(self):
        return (*super().checks(), check_decided_by, check_told, check_admissions)

    def _close(self) -> None:
        before = self.season.morning()
        self.nights.number += 1
        self.nights.tell_the_hour()
        done = close(self.season.cohort.path, accept_provisional=True)
        assert {each.candidate: str(each.decision) for each in done.act.decisions} == {
            who: decision for who, (decision, *_) in before.decisions.items()
        }
        papers = self.season.cohort.path / "resultats" / "jury"
        assert (papers / "Procès-verbal.pdf").exists() is self.season.deliberated
        self.season.freeze()
        self.met |= {f"closed with {by}" for by in before.by.values()}

    def _refused_while_closed(self) -> None:
        with pytest.raises(CohortError, match="close"):
            jury(self.season.cohort.path)

    def note(self, now: JuryMorning) -> None:
        """What this morning has shown."""
        self.met |= {code for code, people in now.told.items() if people} | ({"R10"} if now.moved else set())
        self.met |= set(now.admissible.values())
        self.met |= {"late"} if now.told["R11"] and self.season.closed is None else set()
        self.met |= {
            "put off"
            for who in PEOPLE
            if (now.by[who], now.decisions[who][0]) == ("Jury", "EN ATTENTE") and now.ruled[who][0] != "EN ATTENTE"
        }


EVERYTHING = {
    *("R08", "R10", "R11", "R12", "V13", "Admissible", "Non admissible", "Dossier incomplet"),
    *("put off", "closed with Jury", "closed with Règles"),
}


@pytest.fixture
def seeds(request):
    """How many seasons: ``pytest tests/test_jury_season.py --seasons 20``."""
    return range(request.config.getoption("--seasons"))


def test_a_season_of_thirty_nights_with_its_jury(seeds, tmp_path, monkeypatch):
    met = set()
    for seed in seeds:
        cohort = cohorts.make(tmp_path / str(seed) / "cohorte", referential=cohorts.OTHER)
        run = JuryRun(JurySeason(cohort, Random(seed)), Nights(cohort, monkeypatch))
        try:
            run.season.begin()
            for number in range(1, NIGHTS + 1):
                run.night(number)
            run.nothing_was_lost()
            run.same_as_read_at_once(tmp_path / str(seed))
        except Exception as fault:
            fault.add_note(f"season {seed}: " + "\n".join(run.season.log))
            raise
        met |= run.met
    assert met >= EVERYTHING
