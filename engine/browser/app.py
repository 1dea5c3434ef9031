"""The addresses of the page: what may be read. Every one but the first needs the cookie."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

from flask import Blueprint, Flask, Response, abort, current_app, jsonify, redirect, render_template, request, url_for
from jinja2 import StrictUndefined
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as Answer

from engine.browser import actions, drops, views
from engine.browser.desk import Desk
from engine.browser.gate import Gate, protect
from engine.browser.places import Place
from engine.browser.views import shown
from engine.commands import codes as personal
from engine.commands import runs
from engine.commands.init import certifications
from engine.model.errors import EngineError
from engine.model.texts import day_and_hour
from engine.office import styles

ASSETS = Path(__file__).with_name("assets")
_OPEN_AGAIN = "Fermez cette page et ouvrez cohorte de nouveau, par son raccourci ou par « cohorte open »."
_MORNING = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
_PALETTE = ("INK", "SOFT", "FAINT", "ACCENT", "TINT", "EDGE", "HAIRLINE", "PANEL", "PENDING", "BRICK", "BRICK_TINT")


def make_app(place: Place, desk: Desk, gate: Gate, *, seen: Callable[[], None], leave: Callable[[], None]) -> Flask:
    """The application that serves this place. ``seen`` is told of each request, ``leave`` ends it all."""
    app = Flask(__name__, static_folder=None, template_folder="pages")
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.finalize = shown
    app.jinja_env.filters.update(fr=views.french, moment=day_and_hour)
    app.jinja_env.globals.update(most_rows=views.MOST, most_bytes=drops.MOST)
    app.extensions["cohorte"] = actions.Context(place, desk, gate, seen, leave)
    app.before_request(_check)
    app.after_request(protect)
    app.register_error_handler(HTTPException, _refused)
    app.register_error_handler(EngineError, _stopped)
    app.register_error_handler(Exception, _unforeseen)
    for blueprint in (pages, actions.actions):
        app.register_blueprint(blueprint, url_prefix=gate.prefix)
    return app


pages = Blueprint("pages", __name__)


def _check() -> None:
    context = actions.context()
    why = context.gate.refuses(request)
    if why:
        abort(403, why)
    if request.endpoint != "pages.enter" and not context.gate.knows(request):
        abort(403, "Cette page ne s'ouvre que dans le navigateur que le raccourci, ou « cohorte open », a ouvert.")
    context.seen()


def _refused(fault: HTTPException) -> tuple[str, int]:
    """A request that is not answered. Nothing of the cohort is in it."""
    said = fault.description
    if said == type(fault).description:  # that of the library, in English
        said = "Cette page n'existe pas." if fault.code in (404, 405) else "Cette demande n'a pas été comprise."
    return render_template("refus.html", said=said, back=_back() if fault.code != 403 else ""), fault.code or 500


def _stopped(refusal: EngineError) -> tuple[str, int]:
    return render_template("refus.html", said=str(refusal), back=_back()), 409


def _unforeseen(fault: Exception) -> tuple[str, int]:
    """A fault of the program: one sentence, its trace in the log."""
    try:
        with runs.told(actions.context().place.path, "open"):
            raise fault
    except EngineError as told:
        return render_template("refus.html", said=str(told), back=_back()), 500


def _back() -> str:
    """Where somebody whose request came to nothing goes on: the page of a cohort that it was sent from."""
    came_from = urlsplit(request.referrer or "")
    with suppress(HTTPException):
        endpoint, told = current_app.url_map.bind("").match(came_from.path, method="GET")
        ours = request.method == "POST" and came_from.netloc == request.host
        if ours and endpoint == "pages.cohort" and told.get("page") in views.PAGES:
            return came_from.path
    return url_for("pages.home")


# ------------------------------------------------------------------------------------------------ pages


@pages.get("/entrer")
def enter() -> Answer:
    """The first address: its token is changed for a cookie."""
    gate = actions.context().gate
    if not gate.knows(request):
        if not gate.enter(request.args.get("jeton", "")):
            abort(403, f"Cette adresse a déjà servi. {_OPEN_AGAIN}")
        answer = redirect(url_for("pages.home"), 303)
        gate.let_in(answer)
        return answer
    return redirect(url_for("pages.home"), 303)


@pages.get("/")
def home() -> Answer | str:
    """The cohort that was opened, or the list of those that lie in the folder."""
    place = actions.context().place
    place.require_roster()
    found = place.cohorts()
    if place.is_cohort:
        return redirect(url_for("pages.cohort", name=next(iter(found)), page="accueil"), 303)
    titles = certifications()
    return render_template("lieu.html", place=place, cohorts=found, titles=titles)


@pages.get("/c/<name>/")
@pages.get("/c/<name>/<page>")
def cohort(name: str, page: str = "accueil") -> str:
    """One page of a cohort."""
    if page not in views.PAGES:
        abort(404)
    return actions.shown(name, page)


@pages.get("/c/<name>/pouls")
def pulse(name: str) -> Response:
    """Answer what a page asks every other second: whether it is outdated, and the progress of the job that runs."""
    folder, desk = actions.folder_of(name), actions.context().desk
    version, _ = desk.reading(folder)
    job, look = desk.job(folder), desk.looking(folder)
    running = job if job is not None and job.ended is None else look
    return jsonify(version=actions.version_of(version, job), running=views.progress(running))


@pages.get("/c/<name>/rapport")
def morning(name: str) -> Response:
    """The morning page, as it lies in the folder; it has its own style, and nothing else."""
    path = actions.folder_of(name).briefing
    if not path.is_file():
        abort(404)
    return Response(path.read_bytes(), mimetype="text/html", headers={"Content-Security-Policy": _MORNING})


@pages.get("/c/<name>/codes")
def codes(name: str) -> str:
    """The personal codes, a page for each evaluator, to be printed."""
    folder, desk = actions.folder_of(name), actions.context().desk
    return render_template("codes.html", name=name, codes=personal.codes(folder.path, key_file=desk.key_file))


@pages.get("/page.css")
def style() -> Response:
    """The style, in the colours that every document of ours has."""
    colours = "".join(f"--{name.lower().replace('_', '-')}: {getattr(styles, name)}; " for name in _PALETTE)
    text = (ASSETS / "page.css").read_text(encoding="utf-8")
    return Response(f":root {{ {colours}}}\n{text}", mimetype="text/css")


@pages.get("/page.js")
def script() -> Response:
    """The script: drops, and pages that follow what happens."""
    return Response((ASSETS / "page.js").read_bytes(), mimetype="text/javascript")


@pages.get("/page.svg")
def icon() -> Response:
    """The sign of the page among the browser's others."""
    return Response((ASSETS / "page.svg").read_bytes(), mimetype="image/svg+xml")
