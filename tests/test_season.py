"""Thirty nights of a season: whatever comes, goes, is spoiled or breaks on the way, each morning tells what happened,
and in the end all is as if it had been read at once."""

from __future__ import annotations

import shutil
from collections import Counter
from contextlib import suppress
from random import Random

import pytest

from engine.commands.restore import restore
from engine.model.errors import EngineError
from tests import cohorts
from tests.faults import FULL, GONE, failing, watching
from tests.mornings import Morning
from tests.nights import Nights
from tests.read_results import Results
from tests.season import Season

ABOUT = ("Candidat", "Nature", "Saisie", "Code", "Évaluateur")
NIGHTS = 30


class KilledError(BaseException):
    """The process ends there."""


def kill():
    raise KilledError


class Told:
    """What one morning's results say, read at once: the next night writes over them."""

    def __init__(self, results):
        sheets = results.sheets
        self.report, self.path, self.bytes = results.report, results.path, results.path.read_bytes()
        kept = ("Synthèse", "Détail", "Évolution", "Anomalies", "Manquants", "Jury")
        self.sheets = {name: sheets[name] for name in kept}
        self.text = " ".join(results.path.with_name("rapport.txt").read_text(encoding="utf-8").split())

    def changes(self, thing, *words):
        rows = [row for row in self.sheets["Évolution"] if row["Objet"] == thing]
        return [row for row in rows if not words or row["Changement"] in words]


def check_marks(told: Told, now: Morning) -> None:
    rows = [row for row in told.sheets["Détail"] if row["Code"] or row["Saisie"] not in ("date", "signature")]
    found = {tuple(row[name] for name in ABOUT): row["Valeur retenue"] for row in rows}
    assert found.keys() == now.valued.keys()
    wanted = {place: value for place, value in now.valued.items() if isinstance(value, float)}
    assert {place: found[place] for place in wanted} == wanted


def check_decisions(told: Told, now: Morning) -> None:
    rows = told.sheets["Synthèse"]
    assert {row["Identifiant"]: row["Décision"] for row in rows} == {
        who: decision for who, (decision, *_) in now.decisions.items()
    }
    present = {who: rest for who, rest in now.decisions.items() if rest[0] != "SORTI"}
    assert {
        row["Identifiant"]: (row["Décision"], row["Provisoire"], row["Blocs acquis"])
        for row in rows
        if row["Identifiant"] in present
    } == present


def check_anomalies(told: Told, now: Morning) -> None:
    blocking = [row for row in told.sheets["Anomalies"] if row["Gravité"] == "bloquante"]
    assert {(row["Code"], row["Fichier"]) for row in blocking if row["Code"].startswith("F")} == now.faults
    cells = Counter((row["Candidat"], row["Évaluateur"]) for row in blocking if row["Code"] in ("V01", "V03"))
    assert cells == Counter((place[0], place[4]) for place in now.wrong)
    assert {row["Code"] for row in blocking} <= now.blocking, [
        row["Message"] for row in blocking if row["Code"] not in now.blocking
    ]
    assert told.report.needs_a_person is bool(blocking)
    assert told.text.startswith("× Quelqu’un doit intervenir" if blocking else "● Rien à faire")


def check_missing(told: Told, now: Morning) -> None:
    rows = told.sheets["Manquants"]
    found = Counter((row["Candidat"], row["Nature"], row["Évaluateur"]) for row in rows)
    assert found == Counter(now.missing)


def check_changes(told: Told, now: Morning, before: Morning) -> None:
    rows = told.changes("Valeur")
    counted = {
        tuple(row[name] for name in ABOUT)
        for row in rows
        if not all(row[side] == "" or row[side].endswith("(écartée)") for side in ("Avant", "Après"))
    }
    assert counted == now.moved_since(before)
    brought = [now.digests[row["Fichier"]] for row in told.changes("Retour", "nouveau", "contenu changé")]
    new = set(now.digests.values()) - set(before.digests.values())
    assert Counter(brought) == Counter(new)
    number = f"{len(new)} nouveau{'x' if len(new) > 1 else ''} retour" if new else "Aucun nouveau retour"
    assert number in told.text or "Rien de nouveau depuis" in told.text
    assert {row["Candidat"] for row in told.changes("Décision")} == {
        who for who, decided in now.decisions.items() if decided != before.decisions[who]
    }


def check_losses(told: Told, now: Morning, before: Morning) -> None:
    rows = [row for row in told.sheets["Anomalies"] if row["Code"] == "R07"]
    lost = {(row["Candidat"], row["Évaluateur"]) for row in rows if row["Fichier"]}
    assert lost == now.lost_since(before)
    moved = {
        who
        for who, decided in before.decisions.items()
        if decided[0] in ("ADMIS", "PARTIEL", "AJOURNÉ") and decided[::2] != now.decisions[who][::2]
    }
    assert {row["Candidat"] for row in rows if row["Gravité"] == "bloquante"} == moved
    assert {row["Candidat"] for row in rows if not row["Fichier"]} == moved - {who for who, _ in lost}


class Run:
    """The nights of one season, one after the other, each checked against the season's own log."""

    def __init__(self, season: Season, nights: Nights) -> None:
        self.season, self.nights, self.random = season, nights, season.random
        self.before: Morning | None = None
        self.told: Told | None = None

    def night(self, number: int) -> None:
        """What happened by day, perhaps a run that does not end, then one that does."""
        self.season.day()
        self.season.remember()
        now = self.season.morning()
        if number in (7, 13, 19, 26):
            self.season.log.append("a run is killed")
            self._broken(kill, now)
        if number in (10, 22):
            self.season.log.append("the disk is full, or goes")
            self._broken(failing(self.random.choice((FULL, GONE))), now, lasting=True)
        if number == 16:
            self.season.log.append("the clock goes back")
            self.nights.number -= 3
        if number == 24:
            self.season.log.append("the memory is spoiled")
            (self.nights.private() / "memoire.sqlite").write_bytes(b"spoiled" * 500)
        self.told = told = Told(self.nights.run(full=number % 6 == 5))
        for check in self.checks():
            check(told, now)
        self.note(now)
        if self.before is None or number == 24:
            assert told.sheets["Évolution"] == []
            assert "Première consolidation" in told.text
        else:
            check_changes(told, now, self.before)
            check_losses(told, now, self.before)
        self.before = now
        self.season.log.append(f"night {number} is right")

    def checks(self):
        """What each morning is compared with."""
        return (check_marks, check_decisions, check_anomalies, check_missing)

    def note(self, now: Morning) -> None:
        """Look at what this morning has shown."""

    def _broken(self, befall, now: Morning, *, lasting: bool = False) -> None:
        """A run at which something befalls: what stood stands whole, or what was to stand does."""
        folder = self.season.cohort.path
        results = folder / "resultats" / "resultats.xlsx"
        old = results.read_bytes()
        at = self.random.randint(1, 60)
        with watching(folder, at=at, befall=befall, on=lasting), suppress(KilledError, EngineError):
            self.nights.again()
        if results.read_bytes() != old:  # it went far enough: what the next one says is new since then
            check_marks(Told(Results(results, None)), now)
            self.before = now

    def nothing_was_lost(self) -> None:
        """Every content that ever counted can be given back."""
        folder = self.season.cohort.path
        for digest, content in self.season.counted.items():
            assert restore(folder, digest).read_bytes() == content

    def same_as_read_at_once(self, place) -> None:
        """One clean run over the final folder decides the same on the same marks."""
        folder = self.season.cohort.path
        copy = place / "à neuf"
        for name in ("cohorte.xlsx", ".cohorte/cle"):
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(folder / name, copy / name)
        shutil.copytree(folder / "retours", copy / "retours")
        fresh = Told(Nights(cohorts.Cohort(copy), self.nights.monkeypatch).run())
        for name in ("Synthèse", "Détail"):
            assert fresh.sheets[name] == self.told.sheets[name]


@pytest.fixture
def seeds(request):
    """How many seasons: ``pytest tests/test_season.py --seasons 20``."""
    return range(request.config.getoption("--seasons"))


def test_a_season_of_thirty_nights(seeds, tmp_path, monkeypatch):
    for seed in seeds:
        cohort = cohorts.make(tmp_path / str(seed) / "cohorte", referential=cohorts.OTHER)
        run = Run(Season(cohort, Random(seed)), Nights(cohort, monkeypatch))
        try:
            for number in range(1, NIGHTS + 1):
                run.night(number)
            run.nothing_was_lost()
            run.same_as_read_at_once(tmp_path / str(seed))
        except Exception as fault:
            fault.add_note(f"season {seed}: " + "\n".join(run.season.log))
            raise
