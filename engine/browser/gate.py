"""Who may speak to the page: the browser that was opened for it, and no page of another site.

The first address holds a token that serves once, for the browser shows addresses to the whole machine as it starts; it
is changed for a cookie that no script reads and that goes to no address but ours. A name that leads here from outside
(DNS rebinding) is refused by the header Host; what another site would send, by Origin and Sec-Fetch-Site.
"""

from __future__ import annotations

import secrets
import threading
from dataclasses import dataclass, field

from flask import Request, Response
from werkzeug.wrappers import Response as Answer

COOKIE = "cohorte"
_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


def _secret() -> str:
    return secrets.token_urlsafe(32)


@dataclass
class Gate:
    """The secrets of one run of the server, which listens on ``port``.

    ``prefix`` begins every address: a cookie goes to every port of a machine, and another program that listens on it
    is not asked for that one.
    """

    port: int
    token: str = field(default_factory=_secret)
    session: str = field(default_factory=_secret)
    prefix: str = field(default_factory=lambda: "/" + secrets.token_urlsafe(12))
    _guard: threading.Lock = field(default_factory=threading.Lock)

    @property
    def hosts(self) -> tuple[str, ...]:
        """The names under which this server may be asked."""
        return (f"127.0.0.1:{self.port}", f"localhost:{self.port}")

    @property
    def address(self) -> str:
        """The address that lets one browser in."""
        return f"http://{self.hosts[0]}{self.prefix}/entrer?jeton={self.token}"

    def enter(self, token: str) -> bool:
        """Whether this is the token; it serves once."""
        with self._guard:
            right = bool(self.token) and secrets.compare_digest(token.encode(), self.token.encode())
            if right:
                self.token = ""
        return right

    def refuses(self, request: Request) -> str:
        """Why a request is not answered, whoever sent it; empty when it may be."""
        if request.headers.get("Host", "") not in self.hosts:
            return "Cette adresse n'est pas celle de la page."
        if request.method not in ("GET", "HEAD") and not self._ours(request):
            return "Cette demande vient d'une autre page."
        return ""

    def _ours(self, request: Request) -> bool:
        """Whether a request comes from one of our pages."""
        origin, site = request.headers.get("Origin"), request.headers.get("Sec-Fetch-Site")
        if origin is None:
            return site == "same-origin"
        return origin in [f"http://{host}" for host in self.hosts] and site in (None, "same-origin")

    def knows(self, request: Request) -> bool:
        """Whether the browser was let in."""
        return secrets.compare_digest(request.cookies.get(COOKIE, "").encode(), self.session.encode())

    def let_in(self, response: Answer) -> None:
        """Give the browser what makes it known, until it is closed."""
        response.set_cookie(COOKIE, self.session, path=self.prefix, httponly=True, samesite="Strict")


def protect(response: Response) -> Response:
    """Every answer forbids what it does not need; a page that has a stricter policy keeps it."""
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    return response
