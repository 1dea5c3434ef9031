"""The files ready to be installed: what systemd, cron and the Task Scheduler of Windows make of them."""

import configparser
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

import process

ROOT = Path(__file__).resolve().parent.parent
DEPLOY = ROOT / "deploy"
GUIDE = (DEPLOY / "LISEZMOI.md").read_text(encoding="utf-8")
TASK = "{http://schemas.microsoft.com/windows/2004/02/mit/task}"


def consolidate(arguments):
    """The options of a consolidation as the command line takes them; usage errors raise."""
    return process.main.commands["consolidate"].make_context("consolidate", list(arguments)).params


def unit(name):
    read = configparser.ConfigParser(interpolation=None, delimiters=["="], comment_prefixes=["#"], strict=True)
    read.optionxform = str
    read.read(DEPLOY / name, encoding="utf-8")
    return read


def systemd_analyze():
    """The program that checks units, required in the continuous checks."""
    found = shutil.which("systemd-analyze")
    if found is None:
        if os.environ.get("COHORTE_REQUIRE_SYSTEMD") == "1":
            pytest.fail("systemd-analyze is not installed")
        pytest.skip("no systemd-analyze on this machine; .ci/run installs and requires it")
    return found


def verify(folder, change=lambda text: text):
    """What systemd-analyze says against the units, where the program is installed for good."""
    program = systemd_analyze()
    for name in ("cohorte.service", "cohorte.timer"):
        text = change((DEPLOY / name).read_text(encoding="utf-8"))
        (folder / name).write_text(text.replace("/opt/cohorte/.venv/bin/python", sys.executable), encoding="utf-8")
    units = [str(folder / name) for name in ("cohorte.service", "cohorte.timer")]
    done = subprocess.run([program, "verify", "--man=no", *units], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def test_systemd_finds_nothing_to_say_about_the_units(tmp_path):
    assert verify(tmp_path) == (0, "")


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("ProtectClock", "ProtectClok"),
        ("OnCalendar=*-*-* 02:10:00", "OnCalendar=*-*-* 25:10:00"),
        ("ProtectSystem=strict", "ProtectSystem=stricte"),
    ],
)
def test_systemd_sees_a_fault(tmp_path, right, wrong):
    said = verify(tmp_path, lambda text: text.replace(right, wrong))[1]
    assert re.search("ignoring|Failed|bad", said)


def test_the_service_runs_alone_with_the_least_it_needs():
    service = unit("cohorte.service")["Service"]
    options = consolidate(shlex.split(service["ExecStart"])[3:])
    assert options["quiet"]
    (place,) = options["folders"]
    assert str(place) == f"{service['ReadWritePaths']}/*"
    assert unit("cohorte.service")["Unit"]["RequiresMountsFor"] == service["ReadWritePaths"]
    assert service["SuccessExitStatus"] == "1"  # a person is needed: everything is written
    assert (service["User"], service["NoNewPrivileges"], service["ProtectSystem"]) == ("cohorte", "yes", "strict")
    assert unit("cohorte.timer")["Timer"]["Persistent"] == "true"


def test_the_cron_line_has_its_seven_fields_and_runs_the_same():
    lines = (DEPLOY / "cohorte.cron").read_text(encoding="utf-8").splitlines()
    (line,) = (line for line in lines if re.match(r"[\d*]", line))
    minute, hour, *days, user, command = line.split(maxsplit=6)
    assert (0 <= int(minute) < 60, 0 <= int(hour) < 24, days, user) == (True, True, ["*"] * 3, "cohorte")
    assert "%" not in command  # a line break, for cron
    service = unit("cohorte.service")["Service"]
    assert command == f"umask {service['UMask']}; {service['ExecStart']}"


def test_the_task_of_windows_holds_what_its_schema_requires():
    raw = (DEPLOY / "cohorte-windows.xml").read_bytes()
    assert raw.startswith(b"\xff\xfe")  # UTF-16, as the declaration says and as Windows exports tasks
    task = ElementTree.fromstring(raw)
    assert task.tag == f"{TASK}Task"
    assert {child.tag.removeprefix(TASK) for child in task} == {
        "RegistrationInfo",
        "Triggers",
        "Principals",
        "Settings",
        "Actions",
    }
    (trigger,) = task.find(f"{TASK}Triggers")
    assert [child.tag.removeprefix(TASK) for child in trigger] == ["StartBoundary", "ScheduleByDay"]  # an ordered list
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", trigger[0].text)
    assert trigger.findtext(f"{TASK}ScheduleByDay/{TASK}DaysInterval") == "1"
    (principal,) = task.find(f"{TASK}Principals")
    actions = task.find(f"{TASK}Actions")
    assert actions.get("Context") == principal.get("id")
    settings = {child.tag.removeprefix(TASK): child.text for child in task.find(f"{TASK}Settings")}
    assert len(settings) == len(task.find(f"{TASK}Settings"))  # each at most once
    assert (settings["MultipleInstancesPolicy"], settings["StartWhenAvailable"]) == ("IgnoreNew", "true")
    assert re.fullmatch(r"PT\d+H", settings["ExecutionTimeLimit"])
    (run,) = actions
    assert {child.tag.removeprefix(TASK) for child in run} == {"Command", "Arguments", "WorkingDirectory"}


def test_the_task_of_windows_runs_the_same_command():
    run = ElementTree.fromstring((DEPLOY / "cohorte-windows.xml").read_bytes()).find(f"{TASK}Actions/{TASK}Exec")
    assert run.findtext(f"{TASK}Command").endswith(r"\.venv\Scripts\python.exe")
    option, value, script, command, *arguments = run.findtext(f"{TASK}Arguments").replace('"', "").split()
    assert (option, value, command) == ("-X", "utf8", "consolidate")
    assert script.endswith(r"\process.py")
    assert consolidate(arguments)["quiet"]


def test_the_guide_names_every_file_and_says_what_was_not_run():
    for path in DEPLOY.iterdir():
        assert path.name in GUIDE or path.name == "LISEZMOI.md"
    assert "n'a pas été lancée\nsous Windows" in GUIDE
    assert set(re.findall(r"COHORTE_[A-Z]+", GUIDE)) == {"COHORTE_KEEP", "COHORTE_KEY"}


def test_the_guide_s_commands_are_those_of_the_program():
    used = re.findall(r"/bin/cohorte (\w+) (.*)", GUIDE)
    assert {name for name, _ in used} == {"doctor", "consolidate"}
    for name, rest in used:
        process.main.commands[name].make_context(name, shlex.split(rest))
