"""Who receives which workbook, under which name."""

from dataclasses import replace
from pathlib import PurePosixPath

import pytest

from engine.model import Kind, Role
from engine.workspace import seals
from engine.workspace.files import alike
from tests.envois import FOLDER, KEY, NAMES, ROSTER, candidate, evaluator, planned, with_candidates


def paths(*arguments, **options):
    return [each.path.relative_to(FOLDER / "envois").as_posix() for each in planned(*arguments, **options)]


def test_each_workbook_stands_where_the_secretariat_looks_for_it():
    assert paths() == [
        "tuteurs/T012/LEFÈVRE Éloïse Grille de compétences.xlsx",
        "formateurs/F01/LEFÈVRE Éloïse Grille de compétences.xlsx",
        "jurys/J03/LEFÈVRE Éloïse Grand oral.xlsx",
        "jurys/J04/LEFÈVRE Éloïse Grand oral.xlsx",
        "formateurs/F01/NGUYEN Bao Grille de compétences.xlsx",
        "jurys/J03/NGUYEN Bao Grand oral.xlsx",
        "jurys/J04/NGUYEN Bao Grand oral.xlsx",
        "secretariat/Notes.xlsx",
        "referent/R1/Validation.xlsx",
    ]


def test_the_sheets_of_a_workbook_and_for_whom():
    tutor, _, juror, *_, notes, validation = planned()
    assert [sheet.assignment.kind for sheet in tutor.sheets] == [Kind.GRILLE, Kind.TRAVAUX]
    assert [sheet.assignment.kind for sheet in juror.sheets] == [Kind.ORAL, Kind.TRANSVERSALE]
    assert [sheet.assignment.kind for sheet in (*notes.sheets, *validation.sheets)] == [Kind.NOTES, Kind.VALIDATION]
    assert (tutor.evaluator.id, tutor.role) == ("T012", Role.TUTOR)
    assert (notes.evaluator, notes.role) == (None, Role.SECRETARIAT)


def test_a_part_the_referential_leaves_out_takes_its_workbook_with_it():
    assert {PurePosixPath(path).parts[0] for path in paths(NAMES[2])} == {"tuteurs", "formateurs"}
    assert [len(each.sheets) for each in planned(NAMES[2])] == [1, 1, 1]


def test_references_are_sealed_and_all_different():
    sheets = [sheet.reference for each in planned() for sheet in each.sheets]
    assert all(seals.is_genuine(KEY, reference) for reference in sheets)
    assert len(set(map(str, sheets))) == len(sheets)


def test_only_some_candidates():
    assert paths(only=["c02"]) == paths()[4:7]


def test_a_tutor_who_is_also_the_trainer_gets_one_workbook():
    both = replace(ROSTER, candidates=(candidate("C1", "Roux", "Ana", tutors=("F01",), jurors=()),))
    assert paths(roster=both)[0] == "tuteurs/F01/ROUX Ana Grille de compétences.xlsx"
    assert sum("Grille" in path for path in paths(roster=both)) == 1


# --------------------------------------------------------------------------------------------- names


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("Roux", "Ana"), ("Roux", "Ana")),
        (("Roux", "Ana"), ("ROUX", "ana")),
        (("Lefèvre", "Éloïse"), ("Lefe\u0300vre", "E\u0301loi\u0308se")),  # the same letters, composed or not
        (("Roux", "A/B"), ("Roux", "A:B")),  # the same once Windows is satisfied
        (("Roux", "Ana"), ("Roux", "  Ana ")),
        (("Roux", "Ana" * 40), ("Roux", "Ana" * 41)),
    ],
)
def test_homonyms_get_their_identifier(one, other):
    roster = with_candidates(candidate("C1", *one), candidate("C2", *other))
    grids = [path for path in paths(roster=roster) if path.startswith("tuteurs")]
    assert ["(C1)" in grids[0], "(C2)" in grids[1]] == [True, True]
    assert len(set(map(alike, grids))) == 2


def test_no_name_can_pass_for_another_with_its_identifier():
    people = (candidate("C1", "Roux", "Ana"), candidate("C2", "Roux", "Ana"), candidate("C3", "Roux", "Ana (C1)"))
    found = paths(roster=with_candidates(*people))
    assert len(set(map(alike, found))) == len(found)


@pytest.mark.parametrize("first", ['Ana "Nina"', "A/B", "A\\B", "A<B>", "A|B?", "A*", "A:B", "A\tB", "A\u202eB"])
def test_names_that_windows_would_refuse(first):
    (path,) = (path for path in paths(roster=with_candidates(candidate("C1", "Roux", first))) if "tuteurs" in path)
    name = PurePosixPath(path).name
    assert path.count("/") == 2
    assert not set('<>:"\\|?*\t\u202e') & set(name)


@pytest.mark.parametrize("identifier", ["CON", "nul", "aux.x", "T1."])
def test_identifiers_that_windows_would_refuse_as_folders(identifier):
    people = with_candidates(candidate("C1", "Roux", "Ana", tutors=(identifier,)))
    roster = replace(people, evaluators=(*ROSTER.evaluators, evaluator(identifier, "Roy", "Guy", Role.TUTOR)))
    assert paths(roster=roster)[0].split("/")[1] == f"+{identifier}+"
