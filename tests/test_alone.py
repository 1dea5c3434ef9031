"""One file read in a copy of the process: what it tells is what a pool tells, and what it does costs only itself."""

import json
import pickle
import subprocess
import sys
from pathlib import Path

import pytest

from engine.intake import processes
from engine.intake.context import Context
from engine.intake.processes import alone
from engine.intake.processes.pool import read_all
from engine.intake.processes.task import Task
from engine.model import Kind
from tests import cohorts
from tests.misreaders import misread

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a process is always started afresh")
ROOT = Path(__file__).resolve().parent.parent

LOOK = """
import json, os, sys
from pathlib import Path
from engine.intake.processes import alone
from engine.intake.processes.task import Limits, Task
from tests.misreaders import misread
paths = [Path(each) for each in sys.argv[1:]]
task = Task(paths[0].parent, None, misread, Limits(seconds=2))
told = [alone.read_alone(path, task) for path in paths]
try:
    os.waitpid(-1, os.WNOHANG)
    left = True
except ChildProcessError:
    left = False
print(json.dumps([alone.possible(), left, [report and report.path for report in told]]))
"""


def looked_at(*paths):
    done = subprocess.run(
        [sys.executable, "-c", LOOK, *map(str, paths)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout), done.stderr


def test_a_file_that_kills_hangs_or_swells_tells_nothing_and_leaves_nobody_behind(tmp_path):
    names = ("avant.txt", "avorte.txt", "bloque.txt", "boucle.txt", "enfle.txt", "après.txt")
    paths = [tmp_path / name for name in names]
    for path in paths:
        path.write_text("?")
    (possible, left, told), said = looked_at(*paths)
    assert told == ["avant.txt", None, None, None, None, "après.txt"]
    assert (possible, left, said) == (True, False, "")


def test_a_process_that_has_threads_is_not_copied(tmp_path):
    code = (
        "import threading; from engine.intake.processes import alone; go = threading.Event();"
        "threading.Thread(target=go.wait).start(); print(alone.possible()); go.set()"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


@pytest.mark.parametrize("kind", [Kind.ORAL, Kind.GRILLE])
def test_a_return_is_told_as_the_pool_tells_it(kind, tmp_path):
    cohort = cohorts.make(tmp_path / "cohorte")
    path = cohort.filled(kind).save()
    context = Context(cohort.referential, cohort.roster)
    code = (
        "import pickle, sys; from pathlib import Path; from engine.intake.processes import alone;"
        "from engine.intake.processes.task import Task, USUAL; from engine.intake.files import read_file;"
        "path, root, context = pickle.load(sys.stdin.buffer);"
        "sys.stdout.buffer.write(pickle.dumps(alone.read_alone(path, Task(root, context, read_file, USUAL))))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        input=pickle.dumps((path, cohort.returns, context)),
        capture_output=True,
        check=True,
    )
    assert [pickle.loads(done.stdout)] == read_all([path], Task(cohort.returns, context))


def test_what_a_copy_does_not_tell_is_read_afresh(tmp_path, monkeypatch):
    path = tmp_path / "a.txt"
    path.write_text("?")
    monkeypatch.setattr(alone, "possible", lambda: True)
    monkeypatch.setattr(alone, "read_alone", lambda *_: None)
    (report,) = processes.read_all([path], Task(tmp_path, None, misread))
    assert report.path == "a.txt"
