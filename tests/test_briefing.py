"""The morning page: what it says first, that it says the same everywhere, and that nothing in it runs or calls out."""

from __future__ import annotations

import email
import re
from dataclasses import replace
from datetime import date, datetime
from email import policy
from html.parser import HTMLParser

import pytest

from engine.assessment.reception import still_awaited
from engine.ledger.comparison import Change, Decided, Evolution, File, FileChange, Mark, Origin
from engine.model import Candidate, Evaluator, Kind, Role, Roster, Run, Session
from engine.model.anomalies import make
from engine.model.assignments import Assignment
from engine.model.expected import Expected, FileState, Receipt
from engine.office.styles import printed
from engine.outputs.briefing import Facts, as_html, as_text, compose, letter
from tests.results import session

RUN = Run(made_at=datetime(2025, 6, 14, 6, 0), program_version="0.1.0", returns=2)
ELOISE = Candidate(id="007", last_name="Lefèvre", first_name="Éloïse", tutors=("T01",))
TUTOR = Evaluator(id="T01", last_name="Benali", first_name="Karim", roles=frozenset({Role.TUTOR}))
OFFICE = Evaluator(
    id="S01", last_name="Blanc", first_name="Lise", roles=frozenset({Role.SECRETARIAT}), email="s@x.example"
)
ROSTER = Roster(
    session=Session(cohort="Promotion 12", session="juin 2025", jury_date=date(2025, 7, 1)),
    candidates=(ELOISE,),
    evaluators=(TUTOR, OFFICE),
)
FAULT = make(
    "V03",
    "1.1, Niveau : « 4+ » n'est pas clair.",
    file="t/a.xlsx",
    sheet="Grille",
    cell="H12",
    candidate="007",
    evaluator="T01",
)
SINCE = Origin(number=12, made_at=datetime(2025, 6, 13, 6, 0))
OLD, NEW = (Mark("GRILLE", "007", "T01", "niveau", "1.2", shown, "t/a.xlsx", "Grille", "H13") for shown in "34")
EVOLUTION = Evolution(
    since=SINCE,
    files=(FileChange(None, File("t/a.xlsx", "Accepté avec réserves", "GRILLE; TRAVAUX", "007", "T01", "aa")),),
    marks=(Change(OLD, NEW), Change(NEW._replace(code="1.3"), None), Change(None, NEW._replace(code="1.4"))),
    decisions=(Change(Decided("007", "EN ATTENTE", True), Decided("007", "ADMIS", False, ("B1", "B2"))),),
    anomalies=(Change(None, FAULT), Change(replace(FAULT, code="V05"), None)),
)
MISSING = Expected(Assignment(Kind.GRILLE, Role.TUTOR, ELOISE, TUTOR), Receipt.MISSING)
REFUSED = Expected(Assignment(Kind.TRAVAUX, Role.TUTOR, ELOISE, TUTOR), Receipt.REFUSED)


def facts(**changes):
    base = {
        "run": RUN,
        "roster": ROSTER,
        "decided": [Decided.of(outcome) for outcome in session()["outcomes"]],
        "files": {"t/a.xlsx": FileState.WITH_RESERVES, "~$a.xlsx": FileState.IGNORED},
        "anomalies": [FAULT],
        "expected": [MISSING, REFUSED],
        "evolution": EVOLUTION,
    }
    given = base | changes
    today = given["run"].made_at.date()
    owed = still_awaited(given["expected"], given["roster"].session, today)
    return Facts(**{"owed": owed} | given)


def text(**changes):
    return flat(as_text(compose(facts(**changes))))


def flat(shown):
    """Words alone: no matter where lines end."""
    return " ".join(shown.split())


class Reader(HTMLParser):
    """Every element, every attribute and every text of a page."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.attributes, self.texts = [], [], []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data):
        self.texts.append(data)


# ------------------------------------------------------------------------------------- what it says first


@pytest.mark.parametrize(
    ("found", "new", "said"),
    [
        ([], (), "● Rien à faire ce matin : aucune anomalie bloquante."),
        ([make("R01", "x")], (), "● Rien à faire ce matin : aucune anomalie bloquante."),
        ([FAULT], (), "× Quelqu’un doit intervenir : 1 anomalie bloquante."),
        ([FAULT] * 2, (), "× Quelqu’un doit intervenir : 2 anomalies bloquantes, aucune nouvelle."),
        ([FAULT], (FAULT,), "× Quelqu’un doit intervenir : 1 anomalie bloquante, nouvelle."),
        ([FAULT] * 3, (FAULT,), "× Quelqu’un doit intervenir : 3 anomalies bloquantes, dont 1 nouvelle."),
        ([FAULT] * 2, (FAULT,) * 2, "× Quelqu’un doit intervenir : 2 anomalies bloquantes, toutes nouvelles."),
    ],
)
def test_the_first_line_says_whether_somebody_is_needed(found, new, said):
    evolution = replace(EVOLUTION, anomalies=tuple(Change(None, each) for each in new))
    page = compose(facts(anomalies=found, evolution=evolution))
    assert flat(as_text(page).splitlines()[0]) == said
    first = next(each for each in Reader(as_html(page).partition("<body>")[2]).texts if each.strip())
    assert flat(first) == said


def test_what_could_not_be_written_needs_somebody_too():
    trouble, notice = "les résultats sont ouverts ailleurs.", "La mémoire a été refaite."
    page = compose(facts(anomalies=[], troubles=[trouble], notices=[notice]))
    said = flat(as_text(page))
    assert said.startswith(f"× Quelqu’un doit intervenir : {trouble}")
    assert "× Les résultats sont ouverts ailleurs." in said
    assert f"▲ {notice}" in said
    assert "une intervention nécessaire" in page.subject


def test_it_says_what_came_what_is_wrong_what_changed_and_who_is_awaited():
    said = text()
    for words in (
        "Consolidation du 14/06/2025 à 06 h 00, comparée à celle du 13/06/2025 à 06 h 00 (n° 12).",
        "Jury le 01/07/2025, dans 17 jours.",
        "1 nouveau retour ; 1 retour lu en tout.",
        "▲ BENALI Karim (T01) : 1 retour LEFÈVRE Éloïse (007) : grille de compétences, travaux évalués",
        "1 anomalie bloquante. Depuis : 1 apparue, 1 levée.",
        "× V03 Valeur qui n’est pas claire (nouvelle) LEFÈVRE Éloïse (007) · BENALI Karim (T01) : 1.1, Niveau",
        "t/a.xlsx, Grille, H12 – Saisissez seulement la valeur attendue.",
        "● 1 anomalie bloquante levée V05 Date à la place d’une valeur",
        "1 décision a bougé, 1 valeur nouvelle, 1 valeur changée, 1 valeur disparue.",
        "● LEFÈVRE Éloïse (007) EN ATTENTE, provisoire → ADMIS (B1, B2)",
        "▲ Grille de compétences, LEFÈVRE Éloïse (007), par BENALI Karim (T01)",
        "1.2 niveau : 3 → 4 ; 1.3 niveau : 4 → rien t/a.xlsx, Grille",
        "1 fiche attendue de 1 personne ; 1 fiche refusée. Les relances sont prêtes dans envois/relances.",
        "× BENALI Karim (T01) : 2 fiches, dont 1 refusée",
        "Grille de compétences : LEFÈVRE Éloïse (007) ; Travaux évalués",
    ):
        assert words in said


def test_a_sheet_of_nobody_in_particular_is_no_new_version_of_itself():
    first = File("Délibération.xlsx", "Accepté", "DELIBERATION", "", "", "aa")
    said = text(evolution=replace(EVOLUTION, files=(FileChange(None, first),)))
    assert "● Délibération : nouveau retour Délibération.xlsx" in said


def test_a_decision_that_is_only_shaded_is_told_apart_and_last():
    moved = Change(Decided("007", "EN ATTENTE"), Decided("007", "ADMIS"))
    shaded = Change(Decided("C2", "ADMIS", True), Decided("C2", "ADMIS"))
    said = text(evolution=Evolution(since=SINCE, decisions=(shaded, moved)))
    assert "1 décision a bougé, 1 décision nuancée." in said
    assert "● LEFÈVRE Éloïse (007) EN ATTENTE → ADMIS – C2 ADMIS, provisoire → ADMIS" in said


def test_a_sheet_that_vanished_is_counted_and_its_changes_are_listed():
    gone = tuple(Change(OLD._replace(code=f"2.{rank}"), None) for rank in range(20))
    said = text(evolution=Evolution(since=SINCE, marks=(Change(OLD, NEW), *gone)))
    assert "1.2 niveau : 3 → 4 ; 20 valeurs disparues t/a.xlsx, Grille" in said


def test_a_first_run_lists_nothing_as_new():
    said = text(evolution=Evolution(since=None))
    assert "Première consolidation en mémoire : rien à quoi la comparer. 1 retour lu." in said
    assert "nouvelle" not in said
    assert "Consolidation du 14/06/2025 à 06 h 00. Jury" in said


def test_a_night_without_news_is_short():
    said = text(evolution=Evolution(since=SINCE), anomalies=[], expected=[])
    assert "Aucun nouveau retour ; 1 retour lu en tout." in said
    assert "Aucune décision, aucune valeur." in said
    assert "Aucune fiche attendue ne manque." in said
    assert len(said.split()) < 140


@pytest.mark.parametrize(
    ("day", "said"), [(date(2025, 6, 14), "aujourd’hui"), (date(2025, 6, 12), "il y a 2 jours"), (None, "")]
)
def test_how_far_the_jury_is(day, said):
    shown = text(roster=replace(ROSTER, session=replace(ROSTER.session, jury_date=day)))
    assert said in shown
    assert bool(day) == ("Jury le" in shown)


def test_however_much_happened_it_is_read_in_a_few_minutes():
    """5,000 marks, 300 faults, 200 returns, 400 late sheets: what matters first, and how many more there are."""
    people = [replace(ELOISE, id=f"C{rank}") for rank in range(400)]
    marks = [
        Change(OLD._replace(candidate=f"C{rank % 400}"), NEW._replace(candidate=f"C{rank % 400}", code=f"{rank}"))
        for rank in range(5_000)
    ]
    faults = [replace(FAULT, file=f"{rank}.xlsx", message="long " * 500) for rank in range(300)]
    files = [FileChange(None, File(f"{rank}.xlsx", "Accepté", "GRILLE", f"C{rank}", f"T{rank}")) for rank in range(200)]
    said = text(
        roster=replace(ROSTER, candidates=tuple(people)),
        anomalies=faults,
        expected=[Expected(replace(MISSING.assignment, candidate=person), Receipt.MISSING) for person in people],
        evolution=replace(EVOLUTION, marks=tuple(marks), files=tuple(files)),
    )
    assert len(said.split()) < 1_000
    for words in (
        "300 anomalies bloquantes",
        "5 000 valeurs changées",
        "200 nouveaux retours",
        "400 fiches",
        "et 396 autres",
    ):
        assert words in said


def test_what_is_cut_is_counted_as_the_sheet_counts_it():
    faults = [replace(FAULT, file=f"{rank // 5}.xlsx", cell=f"H{rank}") for rank in range(100)]
    assert "Et 70 autres : feuille « Anomalies »" in text(anomalies=faults)  # six lists of five cells stand above


# ------------------------------------------------------------------------------- the same words everywhere


def test_html_text_and_message_say_the_same():
    page = compose(facts())
    message = email.message_from_bytes(letter(page, ROSTER, RUN.made_at), policy=policy.default)
    plain, rich = message.iter_parts()
    assert (plain.get_content_type(), rich.get_content_type()) == ("text/plain", "text/html")
    assert plain.get_content().replace("\r\n", "\n") == as_text(page)
    assert rich.get_content().replace("\r\n", "\n") == as_html(page)
    shown = flat(" ".join(Reader(as_html(page)).texts))
    items = [item for section in page.sections for item in section.items]
    for words in (
        *page.captions,
        *page.closing,
        *(part for item in items for part in (item.head, item.body, item.note)),
    ):
        assert flat(printed(words)) in shown
        assert flat(printed(words)) in flat(as_text(page))


def test_the_message_is_a_draft_for_the_secretariat():
    content = letter(compose(facts()), ROSTER, RUN.made_at)
    message = email.message_from_bytes(content, policy=policy.default)
    assert (message["X-Unsent"], message["From"], message["To"]) == ("1", "", "s@x.example")
    assert flat(message["Subject"]) == "Promotion 12, juin 2025 : 1 anomalie bloquante, 1 nouveau retour"
    assert not message.defects
    assert letter(compose(facts()), ROSTER, RUN.made_at) == content
    assert max(map(len, content.splitlines())) < 998


# -------------------------------------------------------------------------------------- nothing runs in it

ELEMENTS = {"html", "head", "meta", "title", "style", "body", "div", "h1", "h2", "p", "table", "tr", "td", "span", "br"}
ATTRIBUTES = {"lang", "charset", "http-equiv", "content", "name", "class", "role"}
SLY = "<script>alert(1)</script><img src=x onerror=a()>&amp;\" ' \u202egpj.exe\x00"


def hostile():
    sly = {"file": SLY, "sheet": SLY, "cell": SLY, "value": SLY, "candidate": SLY, "evaluator": SLY}
    mark = Mark("GRILLE", SLY, SLY, "niveau", SLY, SLY, SLY, SLY, SLY)
    return facts(
        anomalies=[make("V03", SLY, remedy=SLY, **sly)],
        files={SLY: "Accepté"},
        roster=replace(ROSTER, session=Session(cohort=SLY)),
        evolution=Evolution(
            since=SINCE,
            files=(FileChange(None, File(SLY, "Refusé", SLY, SLY, SLY)),),
            marks=(Change(mark, mark._replace(shown="3")), Change(None, mark)),
            decisions=(Change(None, Decided(SLY, "ADMIS")),),
            notes=(SLY,),
        ),
    )


@pytest.mark.parametrize("made", [facts, hostile])
def test_the_page_stands_alone_and_runs_nothing(made):
    page = as_html(compose(made()))
    seen = Reader(page)
    assert set(seen.tags) <= ELEMENTS
    assert {name for name, _ in seen.attributes} <= ATTRIBUTES
    assert not re.search(r"https?:|url\(|@import|javascript:", page)
    assert "default-src 'none'" in page


def test_texts_from_outside_are_only_ever_texts():
    page = compose(hostile())
    shown = "".join(Reader(as_html(page)).texts)
    assert '<script>alert(1)</script><img src=x onerror=a()>&amp;" ’ <U+202E>gpj.exe\ufffd' in shown
    for content in (as_html(page), as_text(page)):
        assert not set(content) & {"\u202e", "\x00"}
    message = email.message_from_bytes(letter(page, ROSTER, RUN.made_at), policy=policy.default)
    assert "\u202e" not in message["Subject"]
