import re
import sys
from dataclasses import is_dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import pytest

from engine import referential
from engine.model import certification, curriculum, parts
from engine.model.errors import ReferentialError
from engine.referential import structure

DATA = Path(__file__).parent / "data"
GUIDE = Path(__file__).parent.parent / "docs" / "referentiel.md"
OTHER = (DATA / "autre_referentiel.toml").read_text("utf-8")


def problems(text: str) -> list[str]:
    with pytest.raises(ReferentialError) as caught:
        referential.parse(text, "essai.toml")
    return caught.value.problems


# ---------------------------------------------------------------------------------------------- good files


def test_the_shipped_referential_holds_the_facts_of_the_certification():
    cgco = referential.load("cgco_rncp34465")
    assert [(bloc.code, len(bloc.competences), bloc.required) for bloc in cgco.blocs] == [
        ("B1", 5, 3),
        ("B2", 10, 6),
        ("B3", 7, 3),
        ("B4", 5, 3),
    ]
    assert len(cgco.competences) == 27
    assert (cgco.oral.points, cgco.oral.at_least, cgco.oral.step) == (60, 36, Decimal("0.5"))
    assert (len(cgco.transversal.items), cgco.transversal.required) == (15, 9)
    assert (len(cgco.works), len(cgco.exams), len(cgco.documents)) == (11, 9, 5)
    assert sum(unit.credits for unit in cgco.units) == cgco.certification.credits == 60
    assert [unit.code for unit in cgco.units if unit.requires_report] == ["UE7"]
    assert (cgco.national_exam.at_least, cgco.unit_rule.above) == (12, 10)
    assert cgco.certification.registration_ends == date(2025, 3, 2)
    assert cgco.stamp == "CGCo/2024-03-15"


def test_a_very_different_referential_loads_and_its_numbers_are_exact():
    other = referential.parse(OTHER, "autre")
    assert (other.oral.step, other.oral.points, other.oral.at_least) == (Decimal("0.25"), 40, Decimal("22.5"))
    assert other.scales.level.values == tuple(Decimal(half) / 2 for half in range(9))
    assert [competence.code for competence in other.blocs[0].competences] == ["A.1", "A.10", "A.2"]
    assert other.competences[0].statement.startswith("Accueillir toute personne")
    assert (other.units, other.unit_rule, other.exams, other.documents) == ((), None, (), ())


def test_what_abbreviations_mean_comes_from_the_file_or_from_the_first_one_that_is_shipped():
    cgco, minimal = referential.load("cgco_rncp34465"), referential.load("referentiel_minimal.toml", base=DATA)
    assert list(cgco.sources) == ["RA", "DP", "CC"]
    assert minimal.sources == cgco.sources
    assert referential.parse(f'{OTHER}\n[sources]\nX = "Carnet"\n', "autre").sources == {"X": "Carnet"}
    assert referential.parse(f"{OTHER}\n[sources]\n", "autre").sources == {}
    assert problems(f'{OTHER}\n[sources]\nX = " "\n') == ["sources.X : le texte est vide"]


def test_numbers_are_never_floats():
    tenth = OTHER.replace("divergence_levels = 1.5", "divergence_levels = 0.1")
    assert referential.parse(tenth, "autre").policy.divergence_levels == Decimal("0.1")


def test_the_smallest_referential_leaves_every_optional_part_out():
    minimal = referential.load("referentiel_minimal.toml", base=DATA)
    assert (minimal.transversal, minimal.oral, minimal.national_exam, minimal.works) == (None, None, None, ())


# ------------------------------------------------------------------------------------------- where it comes from


def test_a_path_is_relative_to_the_base_or_absolute(tmp_path, monkeypatch):
    folder = tmp_path / "promo d'été"
    folder.mkdir()
    (folder / "atl.toml").write_text(OTHER, encoding="utf-8")
    monkeypatch.chdir(folder)
    for name, base in (("atl.toml", folder), (str(folder / "atl.toml"), tmp_path), ("atl.toml", None)):
        assert referential.load(name, base=base).certification.short_title == "ATL"


def test_every_shipped_name_loads_even_beside_a_folder_of_the_same_name(tmp_path):
    for name in referential.shipped():
        (tmp_path / name).mkdir()
        assert referential.load(name, base=tmp_path).blocs


def test_a_file_saved_by_windows_notepad_loads(tmp_path):
    (tmp_path / "r.toml").write_bytes(b"\xef\xbb\xbf" + OTHER.replace("\n", "\r\n").encode())
    assert referential.load("r.toml", base=tmp_path).certification.certifier == "Collège des lieux partagés"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "n'existe pas"),
        ("folder", "n'est pas un fichier"),
        (b"title = \xe9", "UTF-8"),
        (b"PK\x03\x04 \xe9", "c'est un classeur : la commande « referential » en fait un fichier .toml"),
        (b"a = 1\nb = \n", "ligne 2, colonne 5"),
        (b"a = 'x", "à la fin du fichier"),
        (b"[a]\nb = 1\n[a]\n", "ligne 3"),
        (b"a = " + b"9" * 5000, "TOML"),
        (b"a = 1e9999999999999999999999", "TOML"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_clear_sentence(tmp_path, content, said):
    path = tmp_path / "r.toml"
    if content == "folder":
        path.mkdir()
    elif content is not None:
        path.write_bytes(content)
    with pytest.raises(ReferentialError) as caught:
        referential.load("r.toml", base=tmp_path)
    assert caught.value.source == "r.toml"
    (problem,) = caught.value.problems
    assert said in problem


def test_an_unknown_name_is_told_the_names_that_exist():
    with pytest.raises(ReferentialError, match="cgco_rncp34465"):
        referential.load("cgco")


@pytest.mark.parametrize("name", ["", "nul\0.toml", "x" * 5000])
def test_an_absurd_name_is_an_error_too(tmp_path, name):
    with pytest.raises(ReferentialError):
        referential.load(name, base=tmp_path)


@pytest.mark.skipif(sys.version_info >= (3, 14), reason="parses any depth of nesting it is given")
def test_absurd_nesting_is_an_error_too():
    assert "TOML" in problems("a = " + "[" * 100_000)[0]


# ---------------------------------------------------------------------------------------- the guide

PARTS = {
    "`[certification]`": certification.Certification,
    "`[scales]`": parts.Scales,
    "`[scales.level]`": parts.Scale,
    "`[[bloc]]`": certification.Bloc,
    "`competences` d'un bloc": certification.Competence,
    "`[transversal]`": certification.Transversal,
    "`domains` de": certification.TransversalDomain,
    "`items` d'un domaine": certification.TransversalItem,
    "`[oral]`": certification.Oral,
    "`sections` de": certification.OralSection,
    "`items` d'une section": certification.OralItem,
    "`sequence` de": certification.OralStep,
    "`[ue_rule]`": curriculum.UnitRule,
    "`[[ue]]`": curriculum.Unit,
    "`[national_exam]`": curriculum.NationalExam,
    "`[[national_exam.deliverable]]`": curriculum.Deliverable,
    "`[[exam]]`": curriculum.Exam,
    "`[[work]]`": curriculum.Work,
    "`[[document]]`": curriculum.Document,
    "`[policy]`": certification.Policy,
}
WORDS = {str: {"texte", "code"}, int: {"entier"}, Decimal: {"nombre"}, bool: {"true/false"}, date: {"date"}}


def words(hint: Any) -> set[str]:
    """The words by which the guide may call a type."""
    if hint in WORDS:
        return WORDS[hint]
    if get_origin(hint) is Literal:
        return {"mot"}
    if get_origin(hint) is not tuple:
        return {"table", "table de textes"}
    return {"liste de textes", "liste de codes"} if get_args(hint)[0] is str else {"liste de tables"}


def guide_rows(heading: str) -> dict[str, tuple[str, str]]:
    """The rows of the table under a heading of the guide: key -> (type, required)."""
    (section,) = re.findall(rf"(?sm)^### {re.escape(heading)}.*?(?=^###|\Z)", GUIDE.read_text("utf-8"))
    return {key: (kind, need) for key, kind, need in re.findall(r"(?m)^\| `(\w+)` \| (.+?) \| (.+?) \|", section)}


@pytest.mark.parametrize("heading", PARTS)
def test_the_guide_tells_every_key_its_type_and_whether_it_is_required(heading):
    rows, keys = guide_rows(heading), structure.keys(PARTS[heading])
    assert list(rows) == list(keys)
    for key, (hint, required) in keys.items():
        kind, need = rows[key]
        assert kind in words(hint), key
        assert need == ("oui" if required else "non"), key


def test_the_guide_leaves_no_part_out():
    named = [kind for module in (certification, curriculum, parts) for kind in vars(module).values()]
    known = {kind for kind in named if isinstance(kind, type) and is_dataclass(kind)}
    assert set(PARTS.values()) == known - {certification.Referential}
    headings = "\n".join(re.findall(r"(?m)^### .*$", GUIDE.read_text("utf-8")))
    for key in structure.keys(certification.Referential):
        assert f"[{key}]" in headings


def test_the_example_of_the_guide_is_a_good_referential():
    (example,) = re.findall(r"(?s)```toml\n(.*?)```", GUIDE.read_text("utf-8"))
    assert referential.parse(example, "exemple").certification.short_title == "Mini"
