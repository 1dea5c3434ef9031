"""One run at a time, for as long as its process lives and not a moment more."""

import os
import stat
import subprocess
import sys
from datetime import datetime, timedelta

import pytest

from engine.model.errors import BusyError, CohortError
from engine.workspace import lock

HOLD = """
import sys
from pathlib import Path
from engine.workspace import lock
with lock.hold(Path(sys.argv[1])):
    print("tenu", flush=True)
    sys.stdin.readline()
"""


@pytest.fixture
def elsewhere():
    """Holds a lock in another process; the process."""
    started = []

    def hold(path):
        process = subprocess.Popen(
            [sys.executable, "-c", HOLD, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        started.append(process)
        assert process.stdout.readline() == "tenu\n"
        return process

    yield hold
    for process in started:
        process.kill()
        process.communicate()


def test_a_second_run_is_told_who_holds_the_lock_and_since_when(tmp_path, elsewhere):
    process = elsewhere(tmp_path / "verrou")
    told = rf"\(processus {process.pid}\), depuis le \d\d/\d\d/\d{{4}} à \d\d h \d\d"
    with pytest.raises(BusyError, match=told), lock.hold(tmp_path / "verrou"):
        pytest.fail("held twice")
    holder = lock.holder(tmp_path / "verrou")
    assert (holder.pid, holder.host) == (process.pid, lock.socket.gethostname())
    assert abs(datetime.now() - holder.since) < timedelta(minutes=10)


def test_the_lock_of_a_killed_process_is_free_although_its_name_still_stands(tmp_path, elsewhere):
    process = elsewhere(tmp_path / "verrou")
    process.kill()
    process.wait()
    assert str(process.pid) in (tmp_path / "verrou").read_text(encoding="utf-8")
    assert lock.holder(tmp_path / "verrou") is None
    with lock.hold(tmp_path / "verrou"):
        assert lock.holder(tmp_path / "verrou").pid == os.getpid()


def test_a_lock_let_go_may_be_taken_again(tmp_path):
    for _ in range(2):
        with lock.hold(tmp_path / "verrou"):
            pass
    assert lock.holder(tmp_path / "verrou") is None


def test_a_failure_lets_the_lock_go(tmp_path):
    with pytest.raises(ZeroDivisionError), lock.hold(tmp_path / "verrou"):
        _ = 1 / 0
    assert lock.holder(tmp_path / "verrou") is None


def test_to_look_at_the_lock_keeps_nobody_from_it(tmp_path, monkeypatch):
    """Somebody who looks holds it for an instant: it is asked for again."""
    answers = iter([False, False, True])
    monkeypatch.setattr(lock, "_take", lambda _: next(answers))
    with lock.hold(tmp_path / "verrou"):
        assert next(answers, None) is None


@pytest.mark.parametrize("text", ["", "{", "[]", '{"user": "a"}', '{"user": 1, "host": 2, "pid": "x", "since": ""}'])
def test_a_lock_whose_holder_cannot_be_read_is_held_all_the_same(tmp_path, text):
    with lock.hold(tmp_path / "verrou"):
        (tmp_path / "verrou").write_text(text, encoding="utf-8")
        assert lock.holder(tmp_path / "verrou") == ""
        with pytest.raises(BusyError, match="à l'instant"), lock.hold(tmp_path / "verrou"):
            pytest.fail("held twice")


@pytest.mark.skipif(sys.platform == "win32", reason="modes are those of POSIX")
def test_the_lock_is_for_its_owner_only(tmp_path):
    with lock.hold(tmp_path / "verrou"):
        assert stat.S_IMODE((tmp_path / "verrou").stat().st_mode) == 0o600


def test_a_place_without_locks_is_one_sentence(tmp_path, monkeypatch):
    def refuse(descriptor):
        raise OSError(37, "No locks available")

    monkeypatch.setattr(lock, "_take", refuse)
    with pytest.raises(CohortError, match="verrouillé"), lock.hold(tmp_path / "verrou"):
        pytest.fail("held without a lock")
    with pytest.raises(CohortError, match="écrit"), lock.hold(tmp_path / "absent" / "verrou"):
        pytest.fail("held without a file")
