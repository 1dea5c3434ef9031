"""What is timed, each in a process of its own: ``python contestants.py NAME FOLDER [...]`` prints its figures in JSON.

They need the engine on the path (``compare.py`` sees to it), but for the plain script, which is what a user would
write with pandas alone.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from pathlib import Path


def plain(folder: Path, limit: int | None = None) -> dict[str, float]:
    """Read every return with pandas as it comes, then write one sheet of as many rows as `Détail` has."""
    import pandas as pd
    import python_calamine

    paths = _returns(folder)
    if limit:
        paths = paths[:: max(1, len(paths) // limit)]  # some of every kind
    reading, _ = _timed(lambda: [len(pd.read_excel(path, sheet_name=None)) for path in paths])
    results = python_calamine.CalamineWorkbook.from_path(folder / "resultats" / "resultats.xlsx")
    rows = results.get_sheet_by_name("Détail").to_python()
    head = next(index for index, row in enumerate(rows) if row[0] == "Candidat")
    marks = pd.DataFrame(rows[head + 1 :], columns=rows[head])
    target = folder / "resultats" / "plain.xlsx"
    spent = time.process_time()
    writing, _ = _timed(lambda: marks.to_excel(target, index=False))
    spent = time.process_time() - spent
    target.unlink()
    return {"files": len(paths), "rows": len(marks), "reading": reading, "writing": writing, "writing_cpu": spent}


def imports(folder: Path, limit: int | None = None) -> dict[str, float]:  # noqa: ARG001 - called as the plain script is
    """What the plain script does once, however many returns there are: its imports, and reading back what it writes."""
    import pandas as pd
    import python_calamine

    results = python_calamine.CalamineWorkbook.from_path(folder / "resultats" / "resultats.xlsx")
    rows = results.get_sheet_by_name("Détail").to_python()
    return {"rows": len(pd.DataFrame(rows))}


def floor(folder: Path) -> dict[str, float]:
    """No program does less: read every sheet of every return, put as many cells as `Détail` has in one sheet.

    What the cells hold is read back before the clock starts.
    """
    import zipfile
    from html import escape

    import python_calamine

    book = python_calamine.CalamineWorkbook.from_path(folder / "resultats" / "resultats.xlsx")
    rows = book.get_sheet_by_name("Détail").to_python()

    def write() -> None:
        cell = "<c t='inlineStr'><is><t>{}</t></is></c>".format
        told = "".join(f"<row>{''.join(cell(escape(str(value))) for value in row)}</row>" for row in rows)
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
            package.writestr("xl/worksheets/sheet1.xml", f"<worksheet><sheetData>{told}</sheetData></worksheet>")

    target = folder / "resultats" / "floor.xlsx"
    spent = time.process_time()
    reading, writing = calamine(folder)["reading"], _timed(write)[0]
    spent = time.process_time() - spent
    target.unlink()
    return {"reading": reading, "writing": writing, "cpu": spent}


def calamine(folder: Path) -> dict[str, float]:
    """Read every sheet of every return with python-calamine, and nothing else."""
    import python_calamine

    paths = _returns(folder)

    def read() -> None:
        for path in paths:
            book = python_calamine.CalamineWorkbook.from_path(path)
            for name in book.sheet_names:
                book.get_sheet_by_name(name).to_python(skip_empty_area=False)

    return {"reading": _timed(read)[0]}


def intake(folder: Path, workers: int | None = None) -> dict[str, float]:
    """The engine's own reading, from files to the table of marks."""
    from engine.commands.cohorts import open_cohort
    from engine.intake import Context, read_returns
    from engine.workspace import seals

    cohort = open_cohort(folder)
    context = Context(cohort.referential, cohort.roster, seals.read_key(folder))
    reading, table = _timed(lambda: read_returns(cohort.folder.returns, context, workers=workers).marks())
    return {"rows": len(table), "reading": reading}


def stages(folder: Path, workers: int | None = None) -> dict[str, float]:
    """``consolidate`` with a stopwatch on each stage."""
    seconds: dict[str, float] = {}
    started = time.perf_counter()
    from engine import intake as reading
    from engine.assessment import checks, decide
    from engine.commands import consolidate, options
    from engine.outputs import workbook

    seconds["imports"] = time.perf_counter() - started
    for stage, owner, name in (
        ("roster and referential", consolidate, "open_cohort"),
        ("intake", reading, "survey"),
        ("table of marks", reading.Intake, "marks"),
        ("decisions", decide, "decide"),
        ("checks", checks, "run"),
        ("results, all sheets but Détail", workbook, "write"),
        ("results, Détail", workbook, "write_detail"),
        ("results, Détail", workbook, "lay"),
    ):
        setattr(owner, name, _stopwatch(stage, getattr(owner, name), seconds))
    (folder / "resultats" / "resultats.xlsx").unlink(missing_ok=True)  # results that stand would not be written again
    consolidate.consolidate(folder, options.Options(workers=workers, full=True))
    seconds["results, all sheets but Détail"] -= seconds["results, Détail"]
    seconds["all"] = time.perf_counter() - started
    return seconds


def _returns(folder: Path) -> list[Path]:
    return sorted(folder.glob("retours/**/*.xlsx"))


def _stopwatch(stage: str, function: Callable, seconds: dict[str, float]) -> Callable:
    def watched(*arguments: object, **options: object) -> object:
        spent, result = _timed(lambda: function(*arguments, **options))
        seconds[stage] = seconds.get(stage, 0) + spent
        return result

    return watched


def _timed(work: Callable[[], object]) -> tuple[float, object]:
    started = time.perf_counter()
    result = work()
    return time.perf_counter() - started, result


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    contestants = {function.__name__: function for function in (plain, imports, calamine, floor, intake, stages)}
    parser.add_argument("name", choices=contestants)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--limit", type=int, help="how many returns the plain script reads")
    parser.add_argument("--workers", type=int)
    options = vars(parser.parse_args())
    contestant = contestants[options.pop("name")]
    print(json.dumps(contestant(**{name: value for name, value in options.items() if value is not None})))
