"""A referential there and back through a workbook: the same one, whatever its texts, and every fault by its cell."""

import copy
import io
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from engine import referential
from engine.intake.readers import workbook as reading
from engine.intake.safety import guard
from engine.intake.safety.bounds import Room
from engine.model.errors import ReferentialError
from engine.referential import toml, workbook
from engine.referential.workbook.sheets import sheets
from engine.referential.workbook.wording import SHEETS, said
from engine.terminal.main import main
from tests.descriptions import REFERENTIALS

CGCO = REFERENTIALS["cgco"]
FREE = ("title", "statement", "mode", "file", "language", "certifier", "evidence", "labels")
ODD = [
    *("  deux blancs ", "", "json:[1]", '"guillemets"', "=1+1", "'", "_x000D_ et _x0041_", "a\r\nb", "ligne\nautre"),
    *("2.10", "<r>gras</r>", "n° 2", "\u00a0", "; , ;", "é" * 400, "\u202eélbmesnE", "\x07", "𝄞", "1er", "VRAI"),
]
TEXTS = st.one_of(st.sampled_from(ODD), st.text(st.characters(exclude_categories=("Cs",)), max_size=12))


def read(content):
    return workbook.read(reading.read(guard.open_package(content), Room(200_000)), "essai.xlsx")


def written(wanted):
    return workbook.write(toml.document(wanted), "essai")


def edited(change, wanted=CGCO):
    """The workbook of a referential in which somebody changed something."""
    book = load_workbook(io.BytesIO(written(wanted)))
    change(book)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def faults(change, wanted=CGCO):
    with pytest.raises(ReferentialError) as caught:
        read(edited(change, wanted))
    return caught.value.problems


@pytest.mark.parametrize("name", REFERENTIALS)
def test_the_same_referential_there_and_back(name):
    assert referential.parse(toml.dumps(REFERENTIALS[name]), name) == REFERENTIALS[name]
    assert read(written(REFERENTIALS[name])) == REFERENTIALS[name]
    assert written(REFERENTIALS[name]) == written(REFERENTIALS[name])


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(sorted(REFERENTIALS)), st.data())
def test_whatever_its_texts(name, data):
    document = copy.deepcopy(toml.document(REFERENTIALS[name]))
    for part in _parts(document):
        for key in FREE:
            if key in part and data.draw(st.booleans()):
                part[key] = data.draw(_like(part[key]))
    _decorate(document, data)
    try:
        wanted = referential.build(document, name)
    except ReferentialError:  # a title that is blank
        return
    assert referential.parse(toml.dumps(wanted), name) == wanted
    assert read(written(wanted)) == wanted


def test_the_empty_wording_of_a_value_comes_back():
    document = copy.deepcopy(toml.document(CGCO))
    document["scales"]["work"]["labels"] |= {"0": "", "1": " "}
    wanted = referential.build(document, "essai")
    assert read(written(wanted)) == wanted


def _decorate(document, data):
    """Keys that few certifications have, drawn so that they do not contradict the others."""
    for bloc in document["bloc"]:
        for competence in bloc.get("competences", ())[: bloc.get("required", 0)]:
            competence["mandatory"] = data.draw(st.booleans())
    if data.draw(st.booleans()):
        _validate_by_mean(document, data)
    if data.draw(st.booleans()):
        _validate_by_roles(document, data)
    elif data.draw(st.booleans()):  # letters have no mean
        _rate_by_letters(document, data)


def _rate_by_letters(document, data):
    """Letters instead of the numbers of the scale of levels, in any order, written either way."""
    letters = data.draw(st.lists(st.sampled_from("ABCDEFGXYZ"), min_size=2, max_size=6, unique=True))
    some = data.draw(st.lists(st.sampled_from(letters), unique=True))
    scale = {"letters": data.draw(st.sampled_from([" > ", "<", ">"])).join(letters)}
    document["scales"]["level"] = scale | ({"labels": {letter: data.draw(TEXTS) for letter in some}} if some else {})
    for part in _parts([document["bloc"], document.get("transversal")]):
        if "minimum" in part:
            part["minimum"] = data.draw(st.sampled_from(letters))
    for name in ("competence_from", "transversal_from"):
        document["policy"][name] = data.draw(st.sampled_from(["min", "max"]))


def _validate_by_mean(document, data):
    """One more bloc, validated by the mean of exams of its own."""
    scale = document["scales"].setdefault("mark", {"minimum": 0, "maximum": 20})
    marks = st.decimals(scale["minimum"], scale["maximum"], places=2)
    floor, bar = sorted([data.draw(marks), data.draw(marks)])
    bloc = {"code": "MOYENNE", "title": "Une moyenne", "at_least": bar}
    document["bloc"].insert(data.draw(st.integers(0, len(document["bloc"]))), bloc)
    if data.draw(st.booleans()):
        bloc["floor"] = floor
    for rank in range(data.draw(st.integers(1, 3))):
        exam = {"code": f"MOYENNE.{rank}", "title": "Épreuve", "bloc": "MOYENNE"}
        if data.draw(st.booleans()):
            exam["coefficient"] = data.draw(st.decimals(Decimal("0.01"), 9, places=2))
        if rank and data.draw(st.booleans()):
            exam |= {"after": "MOYENNE.0", "after_at_least": data.draw(marks)}
        document.setdefault("exam", []).append(exam)


def _validate_by_roles(document, data):
    """One more bloc, validated by a mean of roles."""
    scale, policy = document["scales"]["level"], document["policy"]
    if "letters" in scale or document["scales"].setdefault("mark", {"minimum": 0, "maximum": 20})["minimum"]:
        return
    policy["competence_from"] = "mean"
    if scale["minimum"] or data.draw(st.booleans()):
        policy["level_worth_zero"] = data.draw(st.decimals(min(0, scale["minimum"]), scale["minimum"], places=2))
    roles = ["trainers_weight", "tutor_weight", *(["jury_weight"] if "oral" in document else [])]
    first = data.draw(st.decimals(1, 40, places=2))
    given = dict(zip(roles, (first, first, 100 - 2 * first) if len(roles) == 3 else (first, 100 - first), strict=True))
    competences = [
        {"code": f"ROLES.{rank}", "title": "Savoir", "minimum": scale["minimum"], "evidence": []} for rank in "12"
    ]
    bloc = {"code": "ROLES", "title": "Des rôles", "at_least": 10, "competences": competences}
    document["bloc"].append(bloc | given | ({"floor": 7} if data.draw(st.booleans()) else {}))


def _parts(value):
    if isinstance(value, dict):
        yield value
        for inside in list(value.values()):
            yield from _parts(inside)
    elif isinstance(value, list):
        for inside in value:
            yield from _parts(inside)


def _like(value):
    if isinstance(value, list):
        return st.lists(TEXTS, max_size=3)
    if isinstance(value, dict):
        return st.fixed_dictionaries(dict.fromkeys(value, TEXTS))
    return TEXTS


def test_what_is_wrong_with_letters_is_told_by_cell():
    def scale(book):
        book["scales"]["E3"], book["scales"]["B3"] = "A > B > C > C", 1

    def minimum(book):
        book["bloc.competences"]["D4"] = "E"

    assert faults(scale, REFERENTIALS["lettres"]) == [
        "scales!B3 : une échelle en lettres (letters) n'a ni minimum, ni maximum, ni step : ôtez cette clé.",
        "scales!E3 : la lettre « C » y est deux fois (sans tenir compte de la casse).",
    ]
    assert faults(minimum, REFERENTIALS["lettres"]) == [
        "bloc.competences!D4 : on attend une lettre de l'échelle (A > B > C > D), et non « E »."
    ]


def test_two_groups_of_one_title_keep_their_own_criteria():
    document = toml.document(CGCO)
    document["oral"]["sections"][1]["title"] = document["oral"]["sections"][0]["title"]
    wanted = referential.build(document, "essai")
    assert read(written(wanted)) == wanted


def test_a_part_left_out_stays_out():
    document = toml.document(CGCO)
    for key in ("transversal", "exam", "document", "work"):
        del document[key]
    del document["scales"]["work"]
    wanted = referential.build(document, "essai")
    assert read(written(wanted)) == wanted
    assert read(edited(lambda book: book.remove(book["exam"]))).exams == ()


@pytest.mark.parametrize("sources", [{}, {"RA": "Rapport", "007": "Agenda", "1,5": "Autre"}, None])
def test_the_abbreviations_are_texts_and_none_is_not_left_out(sources):
    document = toml.document(CGCO) | {"sources": sources}
    if sources is None:
        del document["sources"]
    wanted = referential.build(document, "essai")
    assert read(written(wanted)) == wanted


def test_every_sheet_and_key_is_said_in_french():
    assert {sheet.name for sheet in sheets()} == set(SHEETS)
    spoken = {(sheet.name, key): said(sheet.name, key) for sheet in sheets() for key in sheet.headings}
    assert [place for place, (title, _) in spoken.items() if title == place[1] or len(title) > 32] == []


def test_typed_as_people_type():
    def change(book):
        sheet = book["bloc.competences"]
        sheet["D3"] = "2"  # a number as text
        sheet["E3"] = "Une preuve\n\n  Une autre  "
        book["policy"]["D3"] = " 3 "
        book["oral"]["B3"] = "0,5"
        book["ue"]["D3"] = "oui"
        book["work"]["D3"] = "UE5 ; UE2"

    found = read(edited(change))
    first = found.competences[0]
    assert (first.minimum, first.evidence) == (2, ("Une preuve", "Une autre"))
    assert (found.policy.minimum_jurors, found.oral.step, found.works[0].ue) == (3, Decimal("0.5"), ("UE5", "UE2"))
    assert found.units[0].requires_report


def test_a_column_that_may_be_empty_may_be_missing():
    """A workbook written before a key was known still reads."""

    def change(book):
        book["bloc.competences"].delete_cols(6)
        book["exam"].delete_cols(6)

    bare = [(competence.code, competence.statement) for competence in read(edited(change)).competences]
    assert bare == [(competence.code, "") for competence in CGCO.competences]
    assert any("« minimum » manque" in fault for fault in faults(lambda book: book["bloc.competences"].delete_cols(4)))


def test_every_fault_is_told_by_its_cell():
    def change(book):
        book["bloc.competences"]["D3"] = 9
        book["bloc.competences"]["B4"] = "1.1"
        book["policy"]["A3"] = "moyenne"
        book["ue"]["C4"] = "six"
        book["oral"]["A3"] = None
        book["national_exam"]["C3"] = 12.0000001

    assert [fault.split(" : ")[0] for fault in faults(change)] == [
        "bloc.competences!D3",
        "bloc.competences!B4",
        "policy!A3",
        "oral!A3",
        "ue!C4",
        "national_exam!C3",
        "work!C4",  # it refers to the competence whose code was rewritten
    ]


def test_what_cannot_be_read_for_certain_is_told_first():
    def change(book):
        book["bloc.competences"]["B12"] = 2.1  # the code 2.10 that a spreadsheet made a number
        book["bloc.competences"]["A5"] = "B9"
        book["bloc"]["C3"] = "=1+2"
        book["work"].cell(1, 8, "poids")
        book["ue"].cell(1, 3).value = "credit"
        book.create_sheet("module")["A1"] = "code"

    told = {fault.split(" : ")[0]: fault for fault in faults(change)}
    assert told.keys() >= {"bloc.competences!B12", "bloc.competences!A5", "bloc!C3", "work!H1", "ue!C1", "module"}
    assert "« B1 », « B2 »" in told["bloc.competences!A5"]


def test_a_second_line_where_one_is_expected():
    def change(book):
        for column in range(1, 5):
            book["oral"].cell(4, column).value = book["oral"].cell(3, column).value

    assert faults(change) == ["oral!A4 : cette feuille n'a qu'une ligne ; supprimez celle-ci."]


def test_the_meaning_is_no_row_and_the_order_of_rows_is_kept():
    def change(book):
        sheet = book["document"]
        rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=3, max_row=7)]
        for number, values in enumerate(reversed(rows), start=3):
            for column, value in enumerate(values, start=1):
                sheet.cell(number, column).value = value

    assert [part.code for part in read(edited(change)).documents] == ["REC", "LIV", "PRO", "RAP", "GRI"]


def test_a_text_that_no_cell_holds_is_refused():
    document = toml.document(CGCO)
    document["bloc"][0]["competences"][0]["statement"] = "é" * 40_000
    with pytest.raises(ReferentialError, match=r"bloc\.competences\.statement"):
        workbook.write(document, "essai")


@pytest.mark.libreoffice
def test_saved_by_a_spreadsheet_program(office, tmp_path):
    source, target = tmp_path / "essai.xlsx", tmp_path / "enregistré.xlsx"
    source.write_bytes(written(CGCO))
    office.convert(source, target)
    assert read(target.read_bytes()) == CGCO


def test_the_command_never_overwrites(tmp_path, capsys):
    book, text = tmp_path / "ref.xlsx", tmp_path / "ref.toml"
    assert run("referential", "cgco_rncp34465", book) == 0
    assert "commentaires" in capsys.readouterr().out
    assert run("referential", book, text) == 0
    assert referential.load(str(text)) == CGCO
    before = text.read_bytes()
    assert run("referential", book, text) == 3
    assert "n'a pas été touché" in capsys.readouterr().err
    assert text.read_bytes() == before
    assert run("referential", text, tmp_path / "ref.csv") == 3
    assert run("referential", tmp_path / "absent.xlsx", tmp_path / "b.toml") == 3
    text.write_bytes(b"[certification")
    assert run("referential", text, tmp_path / "b.xlsx") == 3
    assert not (tmp_path / "b.xlsx").exists()


def run(*words):
    with pytest.raises(SystemExit) as ended:
        main([str(word) for word in words])
    return ended.value.code
