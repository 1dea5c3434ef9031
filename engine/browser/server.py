"""The server of the page: on this machine only, for as long as somebody looks."""

from __future__ import annotations

import threading
import time
import webbrowser
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from engine.browser import drops
from engine.browser.app import make_app
from engine.browser.desk import Desk
from engine.browser.gate import Gate
from engine.browser.places import Place
from engine.model.errors import CohortError
from engine.model.faults import reason

HOST = "127.0.0.1"
SILENCE = 30 * 60  # seconds without a sign of the page; browsers let pages that nobody sees sleep for minutes
_TICK = 5  # seconds between two looks at that


class _Handler(WSGIRequestHandler):
    """Requests that leave no line on the terminal, and hold no thread for ever."""

    timeout = 120  # seconds

    def log(self, *_: object) -> None:
        """Nothing: addresses hold names of people."""


class Presence:
    """How long nobody has looked. Time that the machine slept does not count."""

    def __init__(self) -> None:
        self._silent = 0.0

    def seen(self) -> None:
        """Somebody looks."""
        self._silent = 0.0

    def wait(self, seconds: float) -> float:
        """Let time pass; seconds of silence so far."""
        before = time.monotonic()
        time.sleep(seconds)
        self._silent += min(time.monotonic() - before, 2 * seconds)
        return self._silent


@dataclass
class Site:
    """A server that is ready, and the address that lets a browser in."""

    server: BaseWSGIServer
    desk: Desk
    presence: Presence
    address: str

    def run(self, silence: float = SILENCE, tick: float = _TICK) -> None:
        """Answer until the page is left by its button, nobody has looked for ``silence`` seconds, or somebody
        interrupts."""
        threading.Thread(target=self._watch, args=(silence, tick), daemon=True).start()
        try:
            self.server.serve_forever()
        finally:
            self.server.server_close()
            self.desk.close()

    def _watch(self, silence: float, tick: float) -> None:
        while self.presence.wait(tick) < silence or self.desk.working:
            pass
        self.server.shutdown()


def prepare(path: Path, key_file: Path | None = None, port: int = 0) -> Site:
    """A server for this folder, on a free port; raises :class:`CohortError` when it cannot listen."""
    if path.exists() and not path.is_dir():
        raise CohortError(f"« {path} » est un fichier, et non un dossier.")
    place, desk, presence = Place(path), Desk(key_file), Presence()
    for folder in place.cohorts().values():
        drops.tidy(folder)
    try:
        server = make_server(HOST, port, lambda *_: [], threaded=True, request_handler=_Handler)
    except (OSError, SystemExit) as fault:
        why = reason(fault) if isinstance(fault, OSError) else "l'adresse est déjà prise"
        raise CohortError(f"La page ne peut pas être servie sur cette machine : {why}.") from fault
    gate = Gate(server.port)
    server.app = make_app(place, desk, gate, seen=presence.seen, leave=_leaving(server))
    return Site(server, desk, presence, gate.address)


def _leaving(server: BaseWSGIServer) -> Callable[[], None]:
    """A function that stops the server once the answer under way is given."""

    def leave() -> None:
        threading.Timer(0.5, server.shutdown).start()

    return leave


def show(address: str) -> bool:
    """Open the page in the browser of this desktop; whether one was found."""
    try:
        return webbrowser.open(address)
    except (OSError, webbrowser.Error):
        return False
