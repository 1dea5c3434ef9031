"""The hands on the keyboard: starts one LibreOffice and carries out the orders that come on stdin.

Runs under the Python that has ``uno``: only the standard library, nothing of the project. One order is one line of
JSON, and so is each answer: ``{"result": ...}`` or ``{"error": "a sentence"}``. When stdin closes, because the work is
done or because whoever gave the orders died, LibreOffice is ended too.

    typist.py SOFFICE PROFILE_URL PIPE_NAME START_SECONDS
"""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import time

import gestures
import keeping
import reading
import uno
from com.sun.star.beans import NamedValue, PropertyValue
from com.sun.star.connection import NoConnectException
from com.sun.star.lang import DisposedException
from com.sun.star.uno import Exception as UnoException

NEVER = 0  # MacroExecMode.NEVER_EXECUTE, UpdateDocMode.NO_UPDATE
ENCRYPTED_BY_FILTER = "OOXPassword"


def properties(**values):
    """Return a UNO media descriptor."""
    made = []
    for name, value in values.items():
        pair = PropertyValue()
        pair.Name, pair.Value = name, value
        made.append(pair)
    return tuple(made)


def launch(soffice, profile, pipe):
    """Start LibreOffice, without a window, listening on a pipe."""
    quiet = ("--headless", "--norestore", "--nologo", "--nodefault", "--nofirststartwizard")
    listening = f"--accept=pipe,name={pipe};urp;"
    command = [soffice, f"-env:UserInstallation={profile}", *quiet, listening]
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=sys.stderr)


def connect(process, pipe, seconds):
    """Return LibreOffice's desktop once it answers; raise ConnectionError when it ends or stays silent."""
    context = uno.getComponentContext()
    resolver = context.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", context)
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and process.poll() in (None, 0):  # the launcher may end well before the program
        try:
            office = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
            return office.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", office)
        except NoConnectException:
            time.sleep(0.05)
    raise ConnectionError(f"LibreOffice does not answer (exit status {process.poll()})")


class Typist:
    """Carries out orders; the names of its public methods are those of the orders."""

    def __init__(self, desktop):
        self._desktop = desktop
        self._kept = None  # the workbook that was followed last, as it was when it was opened

    def edit(self, order):
        """Open a workbook, do the actions one after the other, and store it elsewhere."""
        with self._opened(order["source"], order["source_password"]) as doc:
            self._do_all(doc, order["actions"])
            doc.storeToURL(order["target"], _storing(order))

    def follow(self, order):
        """Do the actions in a workbook and return the values that some sheets then hold. It stays open for the next
        order of this kind, unless it cannot be brought back to what it was."""
        kept = self._to_follow(order)
        as_before = False
        try:
            self._do_all(kept.doc, order["actions"])
            found = kept.values()
            as_before = kept.undo()
        finally:
            if not as_before:
                self.let_go()
        return found

    def _to_follow(self, order):
        what = (order["content"], order["wanted"])
        if self._kept is None or self._kept.what != what:
            self.let_go()
            doc = self._open(order["source"])
            try:
                self._kept = keeping.Kept(doc, what, order["wanted"])
            except UnoException:
                doc.close(True)
                raise
        return self._kept

    def let_go(self):
        """Close the workbook that was kept open."""
        kept, self._kept = self._kept, None
        if kept is not None:
            kept.doc.close(True)

    def read(self, order):
        """Open a workbook and return what it shows."""
        with self._opened(order["source"], order["source_password"], order["opening"]) as doc:
            return reading.read(doc, order["wanted"])

    @contextlib.contextmanager
    def _opened(self, *what):
        doc = self._open(*what)
        try:
            yield doc
        finally:
            doc.close(True)

    def _do_all(self, doc, actions):
        book = gestures.Book(doc)
        for action in actions:
            self._do(book, action)

    def _do(self, book, action):
        other = self._open(action["workbook"]) if "workbook" in action else None
        try:
            gestures.do(book, {**action, "workbook": other})
        except DisposedException:
            raise
        except (ValueError, UnoException) as reason:
            raise ValueError(f"{action}: {reason}") from None
        finally:
            if other is not None:
                other.close(True)

    def _open(self, url, password=None, opening=None):
        """Open a workbook out of sight; no handler is given, so that no question can ever be asked."""
        wanted = {"Hidden": True, "MacroExecutionMode": NEVER, "UpdateDocMode": NEVER, **(opening or {})}
        if password is not None:
            wanted["Password"] = password
        doc = self._desktop.loadComponentFromURL(url, "_blank", 0, properties(**wanted))
        if doc is None:
            raise ValueError("LibreOffice cannot open this workbook")
        if not doc.supportsService("com.sun.star.sheet.SpreadsheetDocument"):
            doc.close(True)
            raise ValueError("LibreOffice does not take this for a workbook")
        return doc


def _storing(order):
    """Return the media descriptor for storing: filter, its options, and the password the way that filter wants it."""
    wanted = {"FilterName": order["filter"], "Overwrite": True}
    if order["filter_options"]:
        wanted["FilterOptions"] = order["filter_options"]
    if order["password"] is not None and order["encryption"] == ENCRYPTED_BY_FILTER:
        wanted["EncryptionData"] = uno.Any("[]com.sun.star.beans.NamedValue", _ooxml_key(order["password"]))
    elif order["password"] is not None:
        wanted["Password"] = order["password"]
    return properties(**wanted)


def _ooxml_key(password):
    made = []
    for name, value in ((ENCRYPTED_BY_FILTER, password), ("CryptoType", "Standard")):
        pair = NamedValue()
        pair.Name, pair.Value = name, value
        made.append(pair)
    return tuple(made)


def answer(typist, order):
    """Carry out one order and return the answer; whatever goes wrong with it becomes a sentence."""
    try:
        return {"result": getattr(typist, order["do"])(order)}
    except DisposedException:
        raise
    except Exception as problem:
        return {"error": str(problem) or type(problem).__name__}


def say(message):
    """Write one answer; ASCII, whatever the encoding of the console."""
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


def end(desktop, process):
    """Ask LibreOffice to end, then insist; after a crash its launcher would start it again."""
    with contextlib.suppress(DisposedException, subprocess.TimeoutExpired):
        desktop.terminate()
        process.wait(timeout=10)
    kill(process)


def kill(process):
    """Kill the launcher; on Windows with the program itself, which elsewhere goes with our process group."""
    if sys.platform == "win32":
        subprocess.run(["taskkill", "/F", "/T", "/PID", str(process.pid)], capture_output=True, check=False)
    else:
        process.kill()


def main(soffice, profile, pipe, seconds):
    """Serve orders until stdin closes."""
    process = launch(soffice, profile, pipe)
    try:
        desktop = connect(process, pipe, float(seconds))
    except ConnectionError as problem:
        kill(process)
        return say({"error": str(problem)})
    say({"result": "ready"})
    typist = Typist(desktop)
    try:
        for line in sys.stdin:
            say(answer(typist, json.loads(line)))
    finally:
        with contextlib.suppress(UnoException):  # it may be gone
            typist.let_go()
        end(desktop, process)


if __name__ == "__main__":
    main(*sys.argv[1:])
