"""What the rows of ``Anomalies`` say is enough to mend: done as told, the anomaly is gone and the value counts.

The hand that mends knows the fresh workbook, the code on its sheet of paper and the row of the anomaly, nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from copy import copy
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from engine.intake.context import Context
from engine.intake.files import collect, read_file
from engine.model import Kind
from engine.model.anomalies import CATALOGUE, Anomaly, Gravity
from engine.model.returns import FileReport
from engine.model.texts import fold
from tests.cohorts import Book
from tests.spoil import CASES, jury
from tests.spoil.case import SPOILED, Case, Desk, File, repacked, saved
from tests.spoil.judge import NOT_YET, Verdict, drop, judged, seen_by

KINDS = {kind.record.title: kind for kind in Kind}
MOST = 3  # cases mended for each code
SELDOM = {"F07", "F08"}  # made by a file that moves or a reader that dies, not by what a file holds
OF_THE_JURY = {"V13", "R10", "R11", "R12", "R13", "R14"}  # on sheets made from what came: tests/test_jury_*.py


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    return Desk(tmp_path_factory.mktemp("reprises") / "cohorte")


@dataclass
class Return:
    """What came back in one case, in a folder of its own, in the hands of whoever mends it."""

    desk: Desk
    case: Case
    folder: Path
    context: Context

    def judge(self) -> Verdict:
        """What is told of it alone."""
        return judged([self._read(path) for path in collect(self.folder)], [], self.context)

    def wanted(self) -> set[str]:
        """The names of the marks that the workbooks held before they were spoiled."""
        return set(judged([self._read(self.desk.path(*base)) for base in self.bases], [], self.context).marks)

    def _read(self, path: Path) -> FileReport:
        return read_file(path, path.name, self.context)

    @property
    def bases(self) -> list[tuple]:
        """The workbooks that it was made from, as the desk names them."""
        return [base if isinstance(base, tuple) else (base,) for base in self.case.bases]

    def fresh(self, anomaly: Anomaly) -> Book:
        """The workbook as it should have come back."""
        return self.desk.book(KINDS[anomaly.sheet], *self.bases[0][1:])

    def edit(self, anomaly: Anomaly, change: Callable[[Worksheet, str], object]) -> None:
        """Open the returned workbook, and change each cell that the row of the anomaly names."""
        book = openpyxl.load_workbook(self.folder / anomaly.file)
        for address in anomaly.cell.split("; "):
            change(book[anomaly.sheet], address)
        book.save(self.folder / anomaly.file)

    def send(self, *base: object) -> None:
        """Send a good workbook."""
        drop(File(self.desk.bytes(*base)), self.folder / f"{' '.join(map(str, base))}.xlsx")

    def remove(self, names: Iterable[str] = ()) -> None:
        """Take files away, all by default."""
        for name in list(names) or [path.name for path in collect(self.folder)]:
            (self.folder / name).unlink()


Mend = Callable[[Return, list[Anomaly]], object]


# ------------------------------------------------------------------------------- what the remedies say


def type_again(back: Return, found: list[Anomaly]) -> None:
    """« Saisissez une valeur de l'échelle », in the cells that the row names; merged ones are parted."""
    for anomaly in found:
        model = back.fresh(anomaly).workbook[anomaly.sheet]

        def change(sheet: Worksheet, address: str, anomaly=anomaly, model=model) -> None:
            part(sheet, address)
            value = wanted(anomaly)
            sheet[address].value = model[address].value if value is None else value
            sheet[address].number_format = model[address].number_format
            sheet[address].font = copy(model[address].font)

        back.edit(anomaly, change)


SCALE = re.compile(r"un nombre (?:entier )?de [\d,]+ à ([\d,]+)")


def wanted(anomaly: Anomaly) -> object:
    """What the message says may be typed; ``None`` when the person alone knows."""
    said = fold(anomaly.message).rpartition(fold("Attendu :"))[2].strip()
    scale = SCALE.match(said)
    if scale:
        return float(scale[1].replace(",", "."))
    return next((value for start, value in ANSWERS.items() if said.startswith(start)), None)


ANSWERS = {"oui ou non": "Oui", "x, ou rien": "x", "une date": date(2025, 6, 2)}


def part(sheet: Worksheet, address: str) -> None:
    for area in list(sheet.merged_cells.ranges):
        if address in {cell.coordinate for line in sheet[area.coord] for cell in line}:
            sheet.unmerge_cells(area.coord)


def show(back: Return, found: list[Anomaly]) -> None:
    """« Affichez-la », a sheet, where the row names no cell; else the value is typed again."""
    for anomaly in (each for each in found if not each.cell):
        book = openpyxl.load_workbook(back.folder / anomaly.file)
        assert book[anomaly.sheet].sheet_state != "visible"
        book[anomaly.sheet].sheet_state = "visible"
        book.save(back.folder / anomaly.file)
    type_again(back, [each for each in found if each.cell])


def restore(back: Return, found: list[Anomaly]) -> None:
    """« Rétablissez le texte d'origine », that of the fresh sheet; rows in doubt are typed in a fresh one."""
    if any(anomaly.blocking for anomaly in found):
        send_again(back, found)
        return
    for anomaly in found:
        model = back.fresh(anomaly).workbook[anomaly.sheet]
        back.edit(anomaly, lambda sheet, address, model=model: setattr(sheet[address], "value", model[address].value))


def sign(back: Return, found: list[Anomaly]) -> None:
    """« Demandez à l'évaluateur de signer avec son code personnel », in the cell the row names."""
    for anomaly in found:
        code = back.desk.signature(anomaly.evaluator or "S01")
        back.edit(anomaly, lambda sheet, address, code=code: setattr(sheet[address], "value", code))


def send_again(back: Return, _: object) -> None:
    """« Reportez les valeurs dans une fiche d'origine », the bad file removed."""
    back.remove()
    for base in back.bases or [(Kind.GRILLE,)]:
        back.send(*base)


def take_away(back: Return, found: list[Anomaly]) -> None:
    """« Retirez la fiche du dossier « retours » »."""
    back.remove({anomaly.file for anomaly in found})


def keep_one(back: Return, _: object) -> None:
    """« Vérifiez que la version retenue est la bonne » ; the others are taken away, or a good one sent."""
    *others, _ = (path.name for path in collect(back.folder))
    back.remove(others) if others and "retirée" not in back.case.name else send_again(back, None)


def without_macros(back: Return, _: object) -> None:
    """« Préférez le format .xlsx »."""
    for path in collect(back.folder):
        names = ("xl/vbaProject.bin", "xl/macrosheets/sheet1.xml", "Basic/Standard/Module1.xml")
        path.write_bytes(repacked(path.read_bytes(), dict.fromkeys(names)))


def given_again(kind: Kind, entry: str, code: str, value: object) -> Mend:
    """A mark that whoever gave it changes after a word with the others."""

    def mend(back: Return, _: object) -> None:
        for path in collect(back.folder):
            book = Book(path, back.desk.cohort)
            if kind in book.kinds:
                book.put(kind, entry, code, value, SPOILED if kind in (Kind.NOTES, Kind.VALIDATION) else "")
                path.write_bytes(saved(book))

    return mend


def agree(back: Return, _: object) -> None:
    """« Demandez aux évaluateurs de se concerter » : they all give the best."""
    for path in collect(back.folder):
        book = Book(path, back.desk.cohort)
        for kind in book.kinds:
            book.fill(kind)
        path.write_bytes(saved(book))


def second_juror(back: Return, _: object) -> None:
    """« Demandez aux jurés de compléter leur fiche » : the other one's comes too."""
    back.send(Kind.ORAL, SPOILED, "J02")


def earlier_session(back: Return, _: object) -> None:
    """The session's date put right in the roster."""
    back.context = seen_by(back.desk, {"jury_date": date(2025, 3, 1)})


def nothing(*_: object) -> None:
    """« Rien à faire »."""


TYPED = ("V01", "V02", "V03", "V05", "V06", "V07", "V08", "V09", "V10", "S06")
AGAIN = ("F01", "F02", "F03", "F04", "F05", "F06", "S01", "S02", "S03", "S04", "I03", "I08")
REMEDIES: dict[str, Mend] = {
    **dict.fromkeys(TYPED, type_again),
    **dict.fromkeys(AGAIN, send_again),
    "V12": show,
    **dict.fromkeys(("S05", "I04"), restore),
    **dict.fromkeys(("I01", "I02"), take_away),
    **dict.fromkeys(("I05", "V04", "V11"), nothing),
    "F09": without_macros,
    "I06": keep_one,
    "I07": sign,
    "R01": given_again(Kind.GRILLE, "niveau", "1.1", 4),
    "R02": agree,
    "R03": second_juror,
    "R04": given_again(Kind.NOTES, "EN", "", 12),
    "R05": given_again(Kind.ORAL, "rapport", "", "Oui"),
    "R06": given_again(Kind.TRAVAUX, "niveau", "RA1", 3),
    "R09": earlier_session,
    "R15": given_again(Kind.VALIDATION, "RA1", "", "Oui"),
}


# ------------------------------------------------------------------------------------- the mendings


def _chosen() -> Iterator[tuple[str, Case]]:
    """Some cases of each code, on sheets that are issued alone."""
    cases = [case for case in CASES if case.possible and case not in jury.CASES]
    for code in REMEDIES:
        yield from [(code, case) for case in cases if case.codes.split()[:1] == [code]][:MOST]


CHOSEN = list(_chosen())


def test_every_code_is_mended():
    assert {code for code, _ in CHOSEN} == CATALOGUE.keys() - {"R07", "R08"} - SELDOM - OF_THE_JURY


@pytest.mark.parametrize(("code", "case"), CHOSEN, ids=[f"{code} {case.name}" for code, case in CHOSEN])
def test_mended_as_told_the_anomaly_is_gone(desk, tmp_path, code, case):
    back = Return(desk, case, tmp_path, seen_by(desk, case.session))
    for file in case.files(desk):
        drop(file, tmp_path / file.name)
    before = back.judge()
    found = [anomaly for anomaly in before.anomalies if anomaly.code == code]
    assert found
    REMEDIES[code](back, [anomaly for anomaly in found if anomaly.gravity is not Gravity.INFO])
    after = back.judge()
    left = [each for each in after.anomalies if each.gravity is not Gravity.INFO and each.code not in NOT_YET]
    assert [each.message for each in left] == []
    if REMEDIES[code] is not take_away:
        assert {name for name in back.wanted() if "signature" not in name} <= after.marks.keys()
