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
from engine.commands.night.scheduling import LIVES

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


# ----------------------------------------------------------------------------------- a double-click


def program(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


@pytest.fixture
def installation(tmp_path):
    """The starter of macOS and Linux in a folder of its own, with a `python3` that notes what it is asked to do."""
    place = tmp_path / "dossier du programme"
    (place / "deploy").mkdir(parents=True)
    shutil.copy(DEPLOY / "cohorte.command", place / "deploy")
    tools = tmp_path / "outils"
    note = f'echo "$@" >> "{tmp_path}/fait"'
    made = f'printf "#!/bin/sh\\n%s\\n" "{note.replace(chr(34), chr(92) + chr(34)).replace("$", chr(92) + "$")}"'
    program(
        tools / "python3",
        f"{note}\nmkdir -p .venv/bin\n{made} > .venv/bin/python\nchmod +x .venv/bin/python\n"
        "cp .venv/bin/python .venv/bin/cohorte",
    )

    def start(*arguments, path=f"{tools}:/usr/bin:/bin"):
        done = subprocess.run(
            [str(place / "deploy" / "cohorte.command"), *arguments],
            cwd=tmp_path,
            env={"PATH": path, "HOME": str(tmp_path)},
            capture_output=True,
            text=True,
            check=False,
        )
        noted = tmp_path / "fait"
        lines = noted.read_text(encoding="utf-8").splitlines() if noted.exists() else []
        noted.unlink(missing_ok=True)
        return done, [line for line in lines if not line.startswith("-c")]  # whether it starts, and is recent enough

    start.place, start.tools = place, tools
    return start


@pytest.mark.skipif(os.name == "nt", reason="a shell script, for macOS and Linux")
def test_a_double_click_installs_once_then_opens_the_cohorts_of_the_person(installation, tmp_path):
    done, asked = installation()
    assert done.returncode == 0, done.stderr
    opened = f"-X utf8 process.py open {tmp_path}/Cohortes"
    assert [line.split()[:3] for line in asked[:2]] == [["-m", "venv", "--clear"], ["-m", "pip", "install"]]
    assert asked[2:] == [opened]
    done, asked = installation()
    assert asked == [opened]
    done, asked = installation("/un dossier/glissé")
    assert asked == ["-X utf8 process.py open /un dossier/glissé"]


@pytest.mark.skipif(os.name == "nt", reason="a shell script, for macOS and Linux")
def test_a_double_click_installs_again_once_the_python_it_was_made_with_is_gone(installation):
    installation()
    program(installation.place / ".venv" / "bin" / "python", "exit 103")
    done, asked = installation()
    assert done.returncode == 0, done.stderr
    assert [line.split()[:2] for line in asked[:2]] == [["-m", "venv"], ["-m", "pip"]]


@pytest.mark.skipif(os.name == "nt", reason="a shell script, for macOS and Linux")
def test_a_double_click_with_an_old_python_asks_for_another_one(installation):
    program(installation.tools / "python3", 'case "$1" in -c) exit 1;; esac')
    done, asked = installation()
    assert (done.returncode, asked) == (3, [])
    assert "3.11" in done.stdout


@pytest.mark.skipif(os.name == "nt", reason="a shell script, for macOS and Linux")
def test_a_double_click_without_python_says_where_to_read(installation, tmp_path):
    empty = program(tmp_path / "rien" / "dirname", 'exec /usr/bin/dirname "$@"').parent
    done, _ = installation(path=str(empty))
    assert done.returncode == 3
    assert "LISEZMOI.md" in done.stdout


def test_the_starter_of_windows_is_one_that_its_shell_reads():
    raw = (DEPLOY / "cohorte.bat").read_bytes()
    assert raw.isascii()  # whatever the code page of the console
    assert raw.count(b"\n") == raw.count(b"\r\n")  # labels are not found otherwise
    lines = raw.decode().splitlines()
    labels = {line.removeprefix(":") for line in lines if line.startswith(":")}
    assert {line.split()[-1] for line in lines if "goto " in line} == labels
    (opening,) = (line for line in lines if "process.py" in line)
    assert opening.endswith('" open "%DOSSIER%\\."')  # « E:\\ » would take the quotation mark
    assert process.main.commands["open"].make_context("open", ["C:\\Users\\x\\Cohortes"]).params["no_browser"] is False


def test_the_entry_of_the_linux_menu_starts_what_is_there():
    entry = configparser.ConfigParser(interpolation=None, strict=True)
    entry.optionxform = str
    entry.read(DEPLOY / "cohorte.desktop", encoding="utf-8")
    (section,) = entry.sections()
    assert section == "Desktop Entry"
    started, argument = entry[section]["Exec"].split()
    assert (DEPLOY / Path(started).name).stat().st_mode & 0o111
    assert (argument, entry[section]["Terminal"]) == ("%f", "true")


def test_the_guide_for_windows_asks_for_no_command_before_the_page_is_open():
    told = GUIDE[GUIDE.index("### Installer, une fois") : GUIDE.index("### Consolider chaque nuit")]
    assert "python.org/downloads" in told
    assert "double-clic" in told
    assert not re.search(r"^ {4}\S", told, re.MULTILINE)  # nothing to type
    for sentence in ("Python manque sur cette machine", "n'a pas pu s'installer"):
        assert sentence in told


def test_the_workers_of_a_cluster_may_start_the_processes_that_read(tmp_path):
    program, units = systemd_analyze(), sorted((DEPLOY / "nation").glob("*.service"))
    assert len(units) == 2
    for path in units:
        text = path.read_text(encoding="utf-8").replace("/opt/cohorte/.venv/bin/dask", sys.executable)
        (tmp_path / path.name).write_text(text, encoding="utf-8")
    made = [str(tmp_path / path.name) for path in units]
    done = subprocess.run([program, "verify", "--man=no", *made], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")
    worker = (DEPLOY / "nation" / "cohorte-dask-worker.service").read_text(encoding="utf-8")
    assert "Environment=DASK_DISTRIBUTED__WORKER__DAEMON=False" in worker.splitlines()


def test_the_services_of_a_cluster_come_back_and_give_up_a_cohort_as_it_is_told():
    for path in sorted((DEPLOY / "nation").glob("*.service")):
        lines = path.read_text(encoding="utf-8").splitlines()
        assert "Restart=always" in lines  # a worker whose scheduler stops ends without a failure
        assert any(line.startswith("ExecStart=") and "--preload cohorte.process" in line for line in lines)
    failures = f"Environment=DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES={LIVES - 1}"
    assert failures in (DEPLOY / "nation" / "cohorte-dask-scheduler.service").read_text(encoding="utf-8").splitlines()


@pytest.mark.skipif(os.name == "nt", reason="a shell script, for Slurm")
@pytest.mark.parametrize(("task", "first", "status"), [(0, 1, 0), (0, 1, 1), (1, 51, 3), (2, None, 0)])
def test_a_lot_of_cohorts_is_an_ordinary_consolidation(task, first, status, tmp_path):
    asked, listed = tmp_path / "demandé", tmp_path / "cohortes.txt"
    listed.write_text("".join(f"/srv/cohortes/promotion {rank}*/\n" for rank in range(1, 61)), encoding="utf-8")
    stub = program(tmp_path / "cohorte", f'umask > "{asked}"; printf "%s\\n" "$@" >> "{asked}"; exit {status}')
    text = (DEPLOY / "nation" / "cohorte.sbatch").read_text(encoding="utf-8")
    text = text.replace("/opt/cohorte/.venv/bin/cohorte", f'"{stub}"').replace("/srv/cohortes.txt", f'"{listed}"')
    script = program(tmp_path / "lot", text.removeprefix("#!/bin/sh\n"))
    environment = {**os.environ, "SLURM_ARRAY_TASK_ID": str(task)}
    done = subprocess.run([str(script)], env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (3 if status == 3 else 0, "")  # 1: written, and somebody is needed
    if first is None:
        assert not asked.exists()
        return
    mask, word, *words = asked.read_text(encoding="utf-8").splitlines()
    options = consolidate(words)
    assert (mask, word, options["quiet"], options["workers"]) == ("0077", "consolidate", True, 4)
    ranks = range(first, min(first + 50, 61))
    assert [str(place) for place in options["folders"]] == [f"/srv/cohortes/promotion {rank}*" for rank in ranks]
