"""The house keeps its shape: who may import whom, and how fast the command line answers."""

import ast
import re
import subprocess
import sys
from pathlib import Path

from importlinter.cli import lint_imports

import process
from engine import REFERENTIAL
from engine.referential import load

ROOT = Path(__file__).resolve().parent.parent


def test_stages_do_not_import_each_other(monkeypatch, capsys):
    monkeypatch.chdir(ROOT)
    assert lint_imports(no_cache=True) == 0, capsys.readouterr().out


def test_help_imports_nothing_heavy():
    heavy = ("pandas", "pydantic", "xlsxwriter", "openpyxl", "python_calamine", "pebble")
    assert loaded_by("import process", heavy) == []


def test_the_readers_of_returns_start_without_pandas():
    assert loaded_by("import engine.intake.processes.pool", ("pandas", "openpyxl", "xlsxwriter")) == []


def loaded_by(statement, modules):
    code = f"{statement}; import sys; print(*(name for name in {modules!r} if name in sys.modules))"
    found = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return found.stdout.split()


READ = ("engine", "tests", "benchmarks")
LONGEST_FILE, LONGEST_FUNCTION, MOST_ENTRIES = 350, 50, 16  # lines, lines, names at the top of the engine


def test_the_top_of_the_engine_is_read_at_a_glance():
    assert len([path for path in (ROOT / "engine").iterdir() if path.name != "__pycache__"]) <= MOST_ENTRIES


def test_files_and_functions_are_read_at_once():
    found = []
    for path in (ROOT / "process.py", *(path for room in READ for path in sorted((ROOT / room).rglob("*.py")))):
        text, name = path.read_text(encoding="utf-8"), path.relative_to(ROOT).as_posix()
        if len(text.splitlines()) >= LONGEST_FILE:
            found.append(name)
        found.extend(f"{name} {function}" for function in long_functions(text))
    assert found == []


def test_each_word_of_the_command_line_is_a_module_of_its_name():
    words, jobs = set(process.main.commands) - {"open"}, ROOT / "engine" / "commands"
    found = {path.stem for path in jobs.iterdir()}
    assert sorted(words - found) == []
    drawn = set(re.findall(r"(\w+)\.py", (jobs / "__init__.py").read_text(encoding="utf-8")))
    assert sorted(drawn - found) == []
    assert sorted(drawn & words) == []


MOST_PARAMETERS = 5


def test_nothing_is_handed_on_in_many_pieces():
    found = [
        f"{path.relative_to(ROOT).as_posix()} {each.name}"
        for path in sorted((ROOT / "engine").rglob("*.py"))
        for each in functions(path.read_text(encoding="utf-8"))
        if len(parameters(each)) > MOST_PARAMETERS
    ]
    assert found == []


def parameters(function):
    every = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
    return [each for each in every if each.arg not in ("self", "cls")]


MOST_PROTOCOLS = 3


def test_a_stage_seldom_guesses_what_another_holds():
    """A noun that stages share stands in the model, where each of them can name it."""
    found = [
        f"{path.relative_to(ROOT).as_posix()} {each.name}"
        for path in sorted((ROOT / "engine").rglob("*.py"))
        for each in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(each, ast.ClassDef) and any(ast.unparse(base) == "Protocol" for base in each.bases)
    ]
    assert len(found) <= MOST_PROTOCOLS, found


def test_the_facts_of_the_shipped_certification_stand_in_its_file_alone():
    shipped = load(REFERENTIAL)
    about = shipped.certification
    parts = (shipped.blocs, shipped.competences, shipped.units, shipped.exams, shipped.works, shipped.documents)
    codes = {*shipped.sources, *(each.code for part in parts for each in part)}
    words = {about.code, about.title, about.short_title, about.certifier, *shipped.sources.values()}
    found = [
        f"{path.relative_to(ROOT).as_posix()} {text!r}"
        for path in sorted((ROOT / "engine").rglob("*.py"))
        for text in texts_of(path.read_text(encoding="utf-8"))
        if text in codes | words
    ]
    assert found == []


def texts_of(source):
    """The texts that a module holds, what it says of itself aside."""
    tree = ast.parse(source)
    said = {id(each.value) for each in ast.walk(tree) if isinstance(each, ast.Expr)}
    constants = (each for each in ast.walk(tree) if isinstance(each, ast.Constant) and id(each) not in said)
    return (each.value for each in constants if isinstance(each.value, str))


def long_functions(text):
    return [each.name for each in functions(text) if each.end_lineno - each.lineno >= LONGEST_FUNCTION]


def functions(text):
    return (each for each in ast.walk(ast.parse(text)) if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef))


CODE = re.compile(r"[FSIVR][0-9]{2}")


def test_what_follows_from_a_code_stands_in_the_catalogue():
    """Elsewhere a code is only given to what is told: it is neither compared nor listed."""
    found = []
    for path in sorted((ROOT / "engine").rglob("*.py")):
        if path.name != "catalogue.py":
            found += [f"{path.relative_to(ROOT).as_posix()} {code}" for code in weighed_codes(path.read_text("utf-8"))]
    assert found == []


def test_a_code_that_is_compared_or_listed_elsewhere_is_found():
    weighed = ('code == "V09"', '{"S01", code}', '{"R07": 1}', '("I01", "I02")', "match code:\n    case 'F01': pass")
    found = [code for text in weighed for code in weighed_codes(text)]
    assert found == ["V09", "S01", "R07", "I01", "I02", "F01"]
    assert list(weighed_codes('make("V09", message)\ncode = "I04" if rows else "S05"')) == []


def weighed_codes(text):
    weighing = ast.Compare | ast.Set | ast.List | ast.Tuple | ast.Dict | ast.MatchValue
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, weighing):
            constants = (each.value for each in ast.iter_child_nodes(node) if isinstance(each, ast.Constant))
            yield from (each for each in constants if isinstance(each, str) and CODE.fullmatch(each))
