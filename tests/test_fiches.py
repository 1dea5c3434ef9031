"""One page per candidate: what stands on it, what must not, and that it is one page."""

import io
import re
import subprocess
import zipfile
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from engine.assessment import decide
from engine.assessment.deliberation import overrule
from engine.model import Decision, State
from engine.model.deliberation import Deliberation, Verdict
from engine.office.metrics import text_width
from engine.outputs import fiches
from engine.outputs.fiches.heading import notice
from engine.outputs.fiches.looks import mark_format
from engine.outputs.fiches.names import sheet_names
from engine.outputs.fiches.page import Layout
from engine.outputs.fiches.strip import Strip, strip_for
from engine.outputs.fiches.transversal import ENOUGH, transversal_means
from tests.results import BTS, CGCO, CQP, OTHER, SMALLEST, certification, session

MADE_AT = datetime(2025, 6, 14, 2, 10)
PEOPLE = r"(tuteur|formateur|juré|évaluateur|référent)s? [A-Z]\d|\b(F04|J01|J02|R01|BENALI|OSMANI|PERRIN|VASSEUR)\b"
LONG = (
    "Une raison particulièrement longue, qui nomme ce qui manque, ce qui est à corriger et qui pourrait tout changer."
)


def told(name=CGCO):
    """The outcomes of the invented session, as the candidates read them; what is awaited as the session says it."""
    content = session(name)
    awaited = {"C002": ["grille de compétences"], "C004": ["grand oral"], "C006": ["grand oral"]}
    return decide.unnamed(content["outcomes"], content["referential"], awaited)


def cohort(name=CGCO, outcomes=None):
    content = session(name)
    return fiches.shared(content["referential"], content["roster"], outcomes or content["outcomes"])


def of(identifier, name=CGCO):
    return next(outcome for outcome in told(name) if outcome.candidate.id == identifier)


def page(outcome, name=CGCO, **options):
    return fiches.workbook(cohort(name, **options), [outcome], MADE_AT)


def cells(content):
    """Everything written on the first page: (row, column) -> value."""
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
    lines = sheet.to_python(skip_empty_area=False)
    return {(row, column): value for row, line in enumerate(lines) for column, value in enumerate(line) if value != ""}


def line(content, start):
    """The values of the row whose code or title starts so, from that cell on."""
    found = cells(content)
    row, first = next(place for place, value in found.items() if str(value).startswith(start))
    return [value for (other, column), value in found.items() if other == row and column >= first]


def text(content):
    return "\n".join(str(value) for value in cells(content).values())


def charts(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return [archive.read(name).decode() for name in archive.namelist() if re.match(r"xl/charts/chart\d", name)]


# ------------------------------------------------------------------------------------------- what is told


@pytest.mark.parametrize("name", [CGCO, OTHER, SMALLEST, BTS, CQP])
def test_each_page_tells_the_decision_the_blocs_and_the_reasons(name):
    for outcome in told(name):
        found = text(page(outcome, name))
        assert outcome.candidate.name in found
        assert f"\n{outcome.decision}\n" in found
        for reason in outcome.reasons:
            assert reason.split(" : ")[0] in found
        if outcome.decision is not Decision.LEFT:
            assert all(f"\n{bloc.code}\n" in found for bloc in certification(name).blocs)


def test_a_level_stands_beside_its_minimum():
    content = page(of("C003"))
    assert line(content, "3.3")[-3:] == [2.0, 1.0, "Non validé"]
    assert line(content, "1.1")[2:9] == [1.0, 1.0, 1.0, 0.5, 2.0, 3.5, "Validé"]
    assert line(content, "B3")[:5] == [
        "B3",
        "Superviser une équipe et gérer un budget commercial",
        "Non validé",
        3.0,
        2.0,
    ]


def test_marks_and_credits_are_those_retained():
    content = page(of("C014"))
    assert line(content, "UE6")[1:] == ["> 10", 10.0, 0.0]
    assert line(content, "UE7")[1:] == ["> 10", 10.004, 0.0]
    assert line(content, "Crédits accordés")[-1] == 40.0
    assert line(page(of("C012")), "EN  ")[1:] == ["≥ 12", "DISP", "Validé"]
    assert line(page(of("C008")), "Total sur 60")[1:] == ["≥ 36", "ABS", "Non validé"]


def test_what_is_not_final_says_so_in_large():
    expected = {
        "C001": None,
        "C002": "PROVISOIRE",
        "C004": "EN ATTENTE ET PROVISOIRE",
        "C011": "EN ATTENTE",
        "C013": "SORTI DE LA SESSION",
    }
    for identifier, large in expected.items():
        outcome = of(identifier)
        shown = [value for value in cells(page(outcome)).values() if re.match("[○–] [A-Z ]{10}", str(value))]
        assert (notice(outcome) or (None,))[0] == large
        assert [re.split(r" {3,}", value)[0][2:] for value in shown] == ([large] if large else [])


def test_what_a_jury_decided_otherwise_is_told_with_its_reason():
    outcome = of("C003")
    verdict = Verdict(candidate="C003", decision=Decision.ADMITTED, motive="Panne de projection")
    (decided,), _ = overrule([outcome], Deliberation(verdicts={"c003": verdict}), certification())
    found = " ".join(text(page(decided)).split())
    assert outcome.decision is Decision.PARTIAL
    assert "Décision du jury : ADMIS au lieu de PARTIEL ; Panne de projection." in found.replace("\u202f", " ")
    assert "Blocs acquis B1, B2, B3, B4" in found
    assert "Décision du jury" not in text(page(outcome))


def test_who_left_has_no_result():
    assert not re.search(r"\bB1\b|UE1|Grand oral", text(page(of("C013"))))


def test_an_admitted_candidate_has_a_reason_to_be():
    assert "Toutes les conditions du titre sont validées." in text(page(of("C009")))


def test_a_part_left_out_takes_its_table_and_its_chart_with_it():
    whole, other, smallest = (page(of("C003", name), name) for name in (CGCO, OTHER, SMALLEST))
    assert [len(charts(content)) for content in (whole, other, smallest)] == [1, 1, 0]
    assert "Crédits" in text(whole)
    assert "Crédits" not in text(other)
    assert "Notes, sur 100" in text(other)
    assert not re.search("Grand oral|Notes|transversales|Cohorte\n", text(smallest))


def test_the_radar_reads_the_cells_of_the_table():
    (chart,) = charts(page(of("C005")))
    assert "<c:radarChart>" in chart
    assert "Moyenne de la cohorte" in chart
    assert "Expression écrite" in chart
    bounds = [re.findall(r"\$(\d+)", area) for area in re.findall(r"<c:f>([^<]*)</c:f>", chart)]
    assert {int(last) - int(first) + 1 for first, last in bounds} == {15}


# --------------------------------------------------------------------------------------- what must not be


@pytest.mark.parametrize("name", [CGCO, OTHER])
def test_no_evaluator_is_named(name):
    for outcome in told(name):
        found = text(page(outcome, name))
        assert not re.search(PEOPLE, found), outcome.candidate.id


def test_no_juror_s_total_stands_on_the_page():
    for outcome in told():
        if outcome.oral.value is not None and len(set(outcome.oral.totals.values())) > 1:
            shown = {value for value in cells(page(outcome)).values() if isinstance(value, float)}
            assert float(outcome.oral.value) in shown
            assert not shown & {float(total) for total in outcome.oral.totals.values()}


def test_sections_wait_for_the_whole_jury():
    alone = of("C004")  # one juror's sheet is complete, two are needed
    assert None not in alone.oral.sections
    assert line(page(alone), "Expression écrite")[1:] == [10.0]


def test_a_mean_of_few_is_not_shown():
    few = [each for each in told() if each.decision is not Decision.LEFT][: ENOUGH - 1]
    assert transversal_means(few) == {}
    content = page(few[0], outcomes=few)
    assert "Cohorte\n" not in text(content)
    assert "Moyenne" not in charts(content)[0]


def test_the_mean_is_that_of_those_who_stayed():
    staying = [each for each in told() if each.decision is not Decision.LEFT]
    levels = [each.transversal_levels["T09"].value for each in staying]
    assert transversal_means(told())["T09"] == round(sum(levels) / len(levels), 2)


# ------------------------------------------------------------------------------------------------- figures


@given(st.decimals(0, 20, places=6), st.sampled_from([Decimal(10), Decimal(12), Decimal("62.5")]))
def test_a_mark_never_reads_as_a_bar_it_does_not_have(value, bar):
    decimals = len(mark_format(value, bar).partition(".")[2])
    assert (round(value, decimals) == round(bar, decimals)) == (value == bar)


@pytest.mark.parametrize("name", [CGCO, OTHER, SMALLEST, BTS, CQP])
def test_every_minimum_stands_between_two_cells(name):
    referential, strip = certification(name), strip_for(certification(name))
    for competence in referential.competences:
        edge = strip.mark(competence.minimum)
        full = strip.shares(competence.minimum)
        assert full == [Decimal(index <= edge) for index in range(strip.segments)]


@given(st.decimals(0, 5, places=2), st.integers(3, 12))
def test_a_strip_is_as_long_as_the_level(level, segments):
    strip = Strip(Decimal(0), Decimal(5), segments)
    assert abs(sum(strip.shares(level)) * 5 / segments - level) < Decimal("1e-20")


# ---------------------------------------------------------------------------------------------- the pages


def everyone(name):
    """The pages of all, some of them with the longest names and reasons."""
    outcomes = list(told(name))
    candidate = replace(
        outcomes[0].candidate,
        last_name="De La Fontaine-Montmorency-Beauharnais d'Aubusson",
        first_name="Marie-Anne Clémentine Joséphine",
        company="Établissements Durand-Delaunay & Fils, négociants depuis 1875",
    )
    outcomes[0] = replace(outcomes[0], candidate=candidate, reasons=tuple(f"{rank}. {LONG}" for rank in range(40)))
    outcomes[1] = replace(outcomes[1], reasons=tuple(f"{rank}. {LONG}" for rank in range(6)))
    return outcomes


def test_long_codes_are_whole_and_take_their_room_from_titles():
    usual = cohort()
    blocs = tuple(replace(bloc, code=f"RNCP34465BC{rank:02}") for rank, bloc in enumerate(usual.referential.blocs))
    layout = Layout(replace(usual, referential=replace(usual.referential, blocs=blocs)))
    assert Layout(usual).widths[0] < text_width(blocs[0].code, 9, bold=True) < layout.widths[0]
    assert sum(Layout(usual).widths) == sum(layout.widths)


@pytest.mark.libreoffice
@pytest.mark.parametrize("name", [CGCO, OTHER, SMALLEST, BTS, CQP])
def test_each_candidate_has_one_page_that_shows_everything(name, office, tmp_path):
    outcomes, book = everyone(name), tmp_path / "fiches.xlsx"
    book.write_bytes(fiches.workbook(cohort(name), outcomes, MADE_AT))
    pdf = office.convert(book, tmp_path / "fiches.pdf")
    read = subprocess.run(["pdftotext", "-raw", pdf, "-"], capture_output=True, check=True).stdout.decode()
    pages = [re.sub(r"[\s’']+", "", part) for part in read.split("\f")[:-1]]
    assert len(pages) == len(outcomes)
    for outcome, found in zip(outcomes, pages, strict=True):
        wanted = [outcome.candidate.name, str(outcome.decision), *outcome.reasons]
        if outcome.decision is not Decision.LEFT:
            wanted += [competence.title for competence in certification(name).competences]
        missing = [words for words in wanted if re.sub(r"[\s’']+", "", words) not in found]
        assert not missing, outcome.candidate.id


def test_sheets_have_names_that_spreadsheets_take():
    people = [outcome.candidate for outcome in told()]
    names = ["Marie [alias]", "a/b:c?*\\", "'Apostrophe'", "x" * 60, "x" * 60, "Zoé", "ZOÉ", "History"]
    odd = [replace(person, last_name="", first_name=name) for person, name in zip(people, names, strict=False)]
    found = sheet_names(odd)
    assert len({name.casefold() for name in found}) == len(odd)
    assert all(0 < len(name) <= 31 and not re.search(r"[\[\]:*?/\\]|^'|'$", name) for name in found)
    assert "history" not in {name.casefold() for name in found}


def test_the_same_outcome_gives_the_same_bytes():
    assert page(of("C003")) == page(of("C003"))


# ----------------------------------------------------------------------------------------------- on disk


def test_what_did_not_change_is_not_written_again(tmp_path):
    shared, outcomes = cohort(), told()
    first = fiches.write_each(shared, outcomes, tmp_path, MADE_AT)
    assert len(first.written) == len(outcomes)
    again = fiches.write_each(shared, outcomes, tmp_path, datetime(2025, 7, 1))
    assert (again.written, again.moved) == ((), {})
    changed = [replace(outcomes[0], reasons=("Autre.",)), *outcomes[1:]]
    done = fiches.write_each(shared, changed, tmp_path, datetime(2025, 7, 1))
    assert [path.name for path in done.written] == ["AUBERT Manon.xlsx"]
    assert [path.name for path in (tmp_path / "anciens").iterdir()] == ["AUBERT Manon.xlsx"]
    assert "01/07/2025" in text((tmp_path / "AUBERT Manon.xlsx").read_bytes())


def test_pages_of_people_who_are_gone_are_put_away(tmp_path):
    shared, outcomes = cohort(), told()
    fiches.write_each(shared, outcomes, tmp_path, MADE_AT)
    (tmp_path / "~$AUBERT Manon.xlsx").write_bytes(b"")
    some = fiches.write_each(shared, outcomes[3:5], tmp_path, MADE_AT, partial=True)
    assert some.moved == {}
    done = fiches.write_each(shared, outcomes[1:], tmp_path, MADE_AT)
    assert [path.name for path in done.moved] == ["AUBERT Manon.xlsx"]
    assert (tmp_path / "~$AUBERT Manon.xlsx").exists()


def test_homonyms_and_odd_names_get_files_of_their_own(tmp_path):
    outcomes = told()
    odd = {"C001": ("Roux", "Baptiste"), "C002": ("d/Ormesson", 'Léa "Lou"')}
    renamed = [
        replace(
            each,
            candidate=replace(
                each.candidate, last_name=odd[each.candidate.id][0], first_name=odd[each.candidate.id][1]
            ),
        )
        if each.candidate.id in odd
        else each
        for each in outcomes
    ]
    roster = replace(session()["roster"], candidates=tuple(each.candidate for each in renamed))
    shared = fiches.shared(certification(), roster, renamed)
    names = {path.name for path in fiches.write_each(shared, renamed, tmp_path, MADE_AT).written}
    assert {"ROUX Baptiste (C001).xlsx", "ROUX Baptiste (C013).xlsx", "D_ORMESSON Léa _Lou_.xlsx"} <= names
    assert len(names) == len(renamed)


def test_all_in_one_workbook(tmp_path):
    target = tmp_path / "fiches.xlsx"
    assert fiches.write_one(cohort(), told(), target, MADE_AT).written == (target,)
    book = CalamineWorkbook.from_path(target)
    assert book.sheet_names[:2] == ["AUBERT Manon", "BELKACEM Inès"]
    assert len(book.sheet_names) == len(told())
    assert fiches.write_one(cohort(), told(), target, datetime(2025, 7, 1)).unchanged == (target,)
    assert State.VALIDATED in set(cells(target.read_bytes()).values())
