"""Each morning's changes against two workbooks: what the night's own sheets hold, and what the last night's held."""

from __future__ import annotations

import email
import tempfile
from collections import Counter
from datetime import datetime
from email import policy
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.commands.consolidate import consolidate
from engine.commands.options import Options
from engine.model import Kind
from engine.model.errors import CohortError
from engine.workspace import clock
from tests import cohorts
from tests.nights import DAWN, Nights
from tests.test_memory import Folder, events

ORAL, NOTES = Kind.ORAL, Kind.NOTES
ABOUT = ("Candidat", "Nature", "Saisie", "Code", "Évaluateur")


def changes(results, thing, *words):
    """The rows of Évolution about such things, to which this happened."""
    rows = [row for row in results.sheets["Évolution"] if row["Objet"] == thing]
    return [row for row in rows if not words or row["Changement"] in words]


def page(results):
    """The morning page as text, on one line."""
    return " ".join(results.path.with_name("rapport.txt").read_text(encoding="utf-8").split())


# ----------------------------------------------------------------------------------- told by the workbooks


def held(results):
    """What each mark is worth, and how it was typed."""
    rows = (row for row in results.sheets["Détail"] if row["Saisie"] not in ("date", "signature") or row["Code"])
    return {tuple(row[name] for name in ABOUT): (row["Valeur retenue"], row["Valeur lue"]) for row in rows}


def check_marks(before, now):
    old, new = held(before), held(now)
    moved = {place for place in old.keys() | new.keys() if old.get(place, (None,))[0] != new.get(place, (None,))[0]}
    told = {tuple(row[name] for name in ABOUT): row for row in changes(now, "Valeur")}
    assert {place for place, row in told.items() if not _excluded_only(row)} == moved
    for place in moved:
        for side, column in ((old, "Avant"), (new, "Après")):
            shown = told[place][column]
            assert shown == side[place][1] if place in side else shown == "" or shown.endswith("(écartée)")


def _excluded_only(row):
    """Nothing that counted on either side."""
    return all(row[name] == "" or row[name].endswith("(écartée)") for name in ("Avant", "Après"))


def check_decisions(before, now):
    old, new = (
        {row["Identifiant"]: [row[name] for name in ("Décision", "Provisoire", "Blocs acquis")] for row in rows}
        for rows in (before.sheets["Synthèse"], now.sheets["Synthèse"])
    )
    told = [row["Candidat"] for row in changes(now, "Décision")]
    assert sorted(told) == sorted(person for person in new if old[person] != new[person])


def check_anomalies(before, now):
    net = serious(now) + Counter(row for row in listed(now) if row[:2] == ("bloquante", "R07"))
    net.subtract(serious(before))
    told = Counter()
    for row in changes(now, "Anomalie"):
        about = tuple(row[name] for name in ("Code", "Candidat", "Évaluateur"))
        turn = row["Changement"]
        told[row["Nature"], *about] += -1 if turn == "levée" else 1
        if turn in ("aggravée", "allégée"):
            told[row["Avant"], *about] -= 1
    assert {what: number for what, number in net.items() if number} == {
        what: number for what, number in told.items() if number
    }
    places = [
        {tuple(row[name] for name in ("Code", "Fichier", "Feuille", "Cellule", "Candidat")) for row in rows}
        for rows in (changes(now, "Anomalie", "apparue"), changes(now, "Anomalie", "levée"))
    ]
    assert not {place for place in places[0] & places[1] if place[1]}


def serious(results):
    return Counter(row for row in listed(results) if row[0] != "info" and row[1] != "R07")


def listed(results):
    rows = results.sheets["Anomalies"]
    return [tuple(row[name] for name in ("Gravité", "Code", "Candidat", "Évaluateur")) for row in rows]


def check_returns(before, now):
    old, new = ({row["SHA-256"] for row in rows} for rows in (returns(before), returns(now)))
    by_path = {row["Fichier"]: row["SHA-256"] for row in returns(now)}
    told = [by_path[row["Fichier"]] for row in changes(now, "Retour", "nouveau", "contenu changé")]
    assert sorted(told) == sorted(new - old)
    number = f"{len(told)} nouveau" if told else "Aucun nouveau"
    assert f"{number}{'x' if len(told) > 1 else ''} retour" in page(now)
    earlier = {row["Fichier"] for row in returns(before)}
    come, gone = set(by_path) - earlier, earlier - set(by_path)
    moved = {row["Fichier"] for row in changes(now, "Retour", "nouveau", "renommé", "copie")}
    assert come <= moved
    assert gone <= {row["Fichier"] for row in changes(now, "Retour", "retiré")} | {
        row["Avant"] for row in changes(now, "Retour", "renommé")
    }


def returns(results):
    return [row for row in results.sheets["Fichiers"] if row["État"] != "Ignoré"]


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.lists(events, min_size=1, max_size=5), min_size=2, max_size=5))
def test_whatever_happens_each_morning_tells_exactly_what_changed(story):
    with tempfile.TemporaryDirectory() as place, pytest.MonkeyPatch.context() as monkeypatch:
        cohort = cohorts.make(Path(place) / "cohorte", referential=cohorts.OTHER)
        folder, nights = Folder(cohort), Nights(cohort, monkeypatch)
        before = None
        for day in story:
            for event in day:
                folder.happen(*event)
            now = nights.run(accept_loss=True)
            now.sheets  # noqa: B018 - read before the next night writes over it
            text = page(now)
            if before is None:
                assert now.sheets["Évolution"] == []
                assert "Première consolidation" in text
            else:
                for check in (check_marks, check_decisions, check_anomalies, check_returns):
                    check(before, now)
            blocking = any(row["Gravité"] == "bloquante" for row in now.sheets["Anomalies"])
            assert text.startswith("× Quelqu’un doit intervenir" if blocking else "● Rien à faire") is True
            assert now.report.needs_a_person is blocking
            before = now


# ---------------------------------------------------------------------------------------------- a season


def oral(nights, name, when=0, **points):
    """A juror's sheet in ``retours/``, dated by both clocks so many seconds after the others."""
    book = nights.cohort.filled(ORAL)
    for code, value in points.items():
        book.put(ORAL, "points", code, value)
    moment = datetime.fromtimestamp(DAWN - 100_000 + when)
    return cohorts.date(book.save(name), moment, moment)


def test_a_season_is_told_night_after_night(nights):
    first, second, *_ = (row.code for row in nights.cohort.referential.oral.items)
    assert "Première consolidation" in page(nights.run())

    oral(nights, "un.xlsx", **{first: 1, second: 1})
    came = nights.run()
    assert [row["Fichier"] for row in changes(came, "Retour")] == ["un.xlsx"]
    assert {row["Changement"] for row in changes(came, "Valeur")} == {"nouvelle"}
    assert "OSMANI Nadia (J01) : 1 retour LEFÈVRE Éloïse (007) : grand oral" in page(came)

    (nights.cohort.returns / "un.xlsx").rename(nights.cohort.returns / "Éloïse (reçu le 3).xlsx")
    (moved,) = nights.run().sheets["Évolution"]
    assert (moved["Changement"], moved["Avant"]) == ("renommé", "un.xlsx")

    spoiled = oral(nights, "deux.xlsx", 60, **{first: "1 ou 2", second: 0})
    wrong = nights.run()
    values = [(row["Code"], row["Avant"], row["Après"]) for row in changes(wrong, "Valeur")]
    assert values == [(first, "1", "« 1 ou 2 » (écartée)"), (second, "1", "0")]
    (fault,) = (row for row in changes(wrong, "Anomalie", "apparue") if row["Code"] == "V03")
    assert (fault["Code"], fault["Candidat"], fault["Évaluateur"]) == ("V03", "007", "J01")
    assert page(wrong).startswith("× Quelqu’un doit intervenir : 1 anomalie bloquante, nouvelle.")

    oral(nights, "trois.xlsx", 120, **{first: "2 ou 3", second: 0})
    again = nights.run()
    assert not [row for row in changes(again, "Anomalie") if row["Code"] == "V03"]
    assert page(again).startswith("× Quelqu’un doit intervenir : 1 anomalie bloquante.")

    spoiled.with_name("trois.xlsx").unlink()
    spoiled.unlink()
    mended = nights.run()
    assert [row["Code"] for row in changes(mended, "Anomalie", "levée")].count("V03") == 1
    assert page(mended).startswith("● Rien à faire ce matin")
    assert "2 fichiers retirés" in page(mended)

    nights.run()  # the file whose marks changed is no longer pointed at
    assert nights.run().sheets["Évolution"] == []
    assert "Rien de nouveau depuis" in page(nights.run())


# ------------------------------------------------------------------------------------------------- since


def test_another_run_can_be_compared_with(nights):
    first, *_ = (row.code for row in nights.cohort.referential.oral.items)
    nights.run()
    oral(nights, "un.xlsx", **{first: 1})
    nights.run()
    oral(nights, "deux.xlsx", 60, **{first: 0.5})
    nights.run()
    values = {
        since: [
            (row["Avant"], row["Après"]) for row in changes(nights.again(since=since), "Valeur") if row["Code"] == first
        ]
        for since in (None, 2, 1)
    }
    assert values == {None: [("1", "0,5")], 2: [("1", "0,5")], 1: [("", "0,5")]}
    with pytest.raises(CohortError, match="n° 99"):
        nights.again(since=99)


def test_a_dry_run_tells_and_writes_nothing(nights):
    nights.run()
    before = {path: path.read_bytes() for path in nights.cohort.path.rglob("*") if path.is_file()}
    oral(nights, "un.xlsx")
    report = consolidate(nights.cohort.path, Options(dry_run=True))
    assert [change.arrival for change in report.evolution.files] == ["nouveau"]
    after = {path: path.read_bytes() for path in nights.cohort.path.rglob("*") if path.is_file()}
    assert {path for path in after if before.get(path) != after[path]} == {nights.cohort.returns / "un.xlsx"}


# ----------------------------------------------------------------------------------------- whole, or not


def test_the_three_pages_of_a_run_say_the_same(nights):
    results = nights.run()
    place = results.path.parent
    html, text = ((place / f"rapport.{kind}").read_text(encoding="utf-8") for kind in ("html", "txt"))
    message = email.message_from_bytes((place / "rapport.eml").read_bytes(), policy=policy.default)
    plain, rich = (part.get_content().replace("\r\n", "\n") for part in message.iter_parts())
    assert (plain, rich) == (text, html)
    assert message["To"] == ""


def test_results_under_a_dated_name_need_somebody_and_the_page_says_so(nights, monkeypatch):
    results = nights.run()
    replace = Path.replace

    def held_open(self, target):
        if Path(target) == results.path:
            raise PermissionError(13, "sharing violation")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", held_open)
    oral(nights, "un.xlsx")
    again = nights.run()
    assert again.report.needs_a_person
    assert page(again).startswith("× Quelqu’un doit intervenir : des fichiers ouverts ailleurs")
    assert again.path.name in page(again)
    assert "(n° 1)" in page(again)  # still what changed since the last run, and not since itself


def test_the_same_night_again_tells_what_it_told(nights):
    oral(nights, "un.xlsx")
    first = nights.run().path.read_bytes()
    assert nights.again().path.read_bytes() == first
    assert nights.again().path.read_bytes() == first
    nights.run()
    oral(nights, "deux.xlsx", 60)
    later = nights.run().path.read_bytes()
    assert nights.again().path.read_bytes() == later


def test_two_nights_within_a_second_are_two_nights(nights, monkeypatch):
    nights.run()
    oral(nights, "un.xlsx")
    monkeypatch.setattr(clock, "now", lambda: datetime(2025, 6, 20))
    monkeypatch.setattr(clock, "is_given", lambda: False)
    assert changes(nights.again(), "Retour")
    assert not changes(nights.again(), "Retour")


def test_nothing_is_new_after_a_lost_memory(nights):
    oral(nights, "un.xlsx")
    nights.run()
    (nights.private() / "memoire.sqlite").unlink()
    refilled = nights.run()
    assert refilled.sheets["Évolution"] == []
    assert "Première consolidation en mémoire" in page(refilled)
    assert "La mémoire a été refaite" in page(refilled)
    assert nights.run().sheets["Évolution"] == []
