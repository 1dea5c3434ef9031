"""The addresses of the page: what may be asked for. Each does what the command of the same name does."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from urllib.parse import unquote

from flask import Blueprint, Response, abort, current_app, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from engine import REFERENTIAL, post
from engine.browser import desktop, drops, letters, seen, views
from engine.browser.desk import Desk, Job, Work
from engine.browser.gate import Gate
from engine.browser.next_step import deliberation
from engine.browser.places import Place
from engine.browser.views import PAGES
from engine.commands.close import close as close_session
from engine.commands.consolidate import consolidate as consolidate_cohort
from engine.commands.deliver import deliver as deliver_session
from engine.commands.fiches import write_fiches
from engine.commands.jury import jury as prepare_jury
from engine.commands.options import Options
from engine.commands.reopen import reopen as reopen_session
from engine.commands.send import Sending
from engine.commands.session import second_round
from engine.commands.templates import issue as issue_workbooks
from engine.model.errors import BusyError, CohortError, EngineError
from engine.model.texts import container_of, counted, visible
from engine.workspace.cohort import Folder

actions = Blueprint("actions", __name__)


@dataclass(frozen=True)
class Context:
    """What every address works with; ``seen``: somebody looks; ``leave``: end it all."""

    place: Place
    desk: Desk
    gate: Gate
    seen: Callable[[], None]
    leave: Callable[[], None]


def context() -> Context:
    """That of the application."""
    found: Context = current_app.extensions["cohorte"]
    return found


def folder_of(name: str) -> Folder:
    """The cohort of this name; nothing else can be asked for."""
    found = context().place.cohorts().get(name)
    if found is None:
        abort(404, gone(name))
    return found


def gone(name: str) -> str:
    """What is said of a cohort that is not, or no longer, there."""
    return (
        f"La cohorte « {visible(name)} » n'est plus là : son dossier a été renommé, déplacé ou enlevé, ou son registre "
        "cohorte.xlsx n'y est plus sous ce nom. Remettez-le, ou choisissez-en une autre."
    )


def _back(name: str, page: str = "accueil") -> Answer:
    return redirect(url_for("pages.cohort", name=name, page=page if page in PAGES else "accueil"), 303)


def shown(name: str, page: str, mail: letters.Mail | None = None) -> str:
    """One page of a cohort; ``mail``: what that of the mail says, unless it is what stands."""
    folder, desk = folder_of(name), context().desk
    version, found = desk.reading(folder)
    return render_template(
        f"{page}.html",
        name=name,
        page=page,
        pages=PAGES,
        view=views.view(folder, found, desk.job(folder)),
        version=version_of(version, desk.job(folder)),
        alone=context().place.is_cohort,
        mail=mail or (letters.look(folder, found) if page == "courriel" else None),
    )


def version_of(version: str, job: Job | None) -> str:
    """What tells a page from the same one once anything moved."""
    return f"{version[:16]}-{id(job) if job else 0}-{bool(job and job.ended)}"


# ----------------------------------------------------------------------------------------- the commands


@actions.post("/creer")
def make() -> Answer:
    """``init``."""
    wanted, place, desk = request.form.get("nom", ""), context().place, context().desk
    sessions = [folder_of(each).path for each in request.form.getlist("reprendre") if each]
    if not sessions:
        return _back(place.make(wanted, request.form.get("referentiel") or REFERENTIAL)[0])
    name, made = desk.alone(lambda: place.make(wanted, None, sessions, desk.key_file))
    if made.carrying is not None:
        desk.note(made.folder, "Session reprise", made.carrying.told())
    return _back(name)


@actions.post("/c/<name>/preparer")
def issue(name: str) -> Answer:
    """``templates``."""
    folder, desk = folder_of(name), context().desk

    def work(job: Job) -> Iterable[str]:
        done = issue_workbooks(folder.path, (), job, key_file=desk.key_file)
        yield (
            f"{counted(len(done.written), 'classeur écrit', 'classeurs écrits')}, "
            f"{counted(len(done.unchanged), 'inchangé', 'inchangés')}."
        )
        if done.moved:
            moved = counted(len(done.moved), "ancien classeur rangé", "anciens classeurs rangés")
            yield f"{moved} dans envois/anciens."
        yield (
            "À faire : envoyez-les par « Courriel » (un message est prêt pour chacun), puis déposez ici ceux qui "
            "reviennent."
        )

    return _start(name, folder, "Préparation des classeurs", work)


@actions.post("/c/<name>/consolider")
def consolidate(name: str) -> Answer:
    """``consolidate``."""
    folder, desk = folder_of(name), context().desk
    accepted, listed = request.form.get("accepter") == "oui", request.form.get("vu", "")

    def work(job: Job) -> Iterable[str]:
        accept_loss = accepted and seen.is_lost(folder, desk.key_file, listed)
        asked = Options(accept_loss=accept_loss, key_file=desk.key_file)
        report = consolidate_cohort(folder.path, asked, job)
        yield from (*report.notices, *report.remarks)
        if report.aside:
            names = ", ".join(f"« {path.name} »" for path in report.aside)
            yield f"Des résultats sont ouverts ailleurs et n'ont pas été remplacés ; les nouveaux sont {names}."
        if report.follow_up and report.follow_up.trouble:
            yield f"Les relances ne sont pas à jour : {report.follow_up.trouble}"
        yield "Les résultats sont écrits."

    return _start(name, folder, "Consolidation", work)


@actions.post("/c/<name>/jury")
def jury(name: str) -> Answer:
    """``jury``."""
    folder, desk = folder_of(name), context().desk
    replan = request.form.get("refaire") == "oui"

    def work(job: Job) -> Iterable[str]:
        made = prepare_jury(folder.path, replan=replan, progress=job, key_file=desk.key_file)
        yield from (line.strip() for line in second_round.told(made))

    return _start(name, folder, "Préparation du jury", work, page="jury")


@actions.post("/c/<name>/fiches")
def fiches(name: str) -> Answer:
    """``fiches``."""
    folder, desk = folder_of(name), context().desk

    def work(_: Job) -> Iterable[str]:
        done = write_fiches(folder.path, key_file=desk.key_file)[1]
        yield (
            f"{counted(len(done.written), 'page écrite', 'pages écrites')}, "
            f"{counted(len(done.unchanged), 'inchangée', 'inchangées')}, dans resultats/fiches."
        )

    return _start(name, folder, "Pages des candidats", work, page="decisions")


@actions.post("/c/<name>/envoyer")
def send(name: str) -> Answer:
    """``send``."""
    folder, desk, listed = folder_of(name), context().desk, request.form.get("vu", "")
    how = Sending(again=request.form.get("encore") == "oui", key_file=desk.key_file)
    return _start(name, folder, "Envoi", lambda job: letters.sent(folder, job, listed, how), page="courriel")


@actions.post("/c/<name>/relever")
def fetch(name: str) -> Answer:
    """``fetch``."""
    folder = folder_of(name)
    return _start(name, folder, "Relève du courriel", lambda job: letters.fetched(folder, job), page="courriel")


@actions.post("/c/<name>/reglages")
def settle(name: str) -> Answer | tuple[str, int]:
    """The mail account that ``send`` and ``fetch`` use; what was typed is shown back, its password aside, where it is
    refused."""
    folder, form = folder_of(name), request.form
    told = {each: form.get(word, "").strip() for each, word in _FIELDS.items()}
    account = post.Account(**told, password=form.get("secret", ""))
    try:
        post.keep(folder.mail, account)
    except EngineError as fault:
        stands = letters.look(folder, context().desk.reading(folder)[1])
        typed = replace(account, password=stands.account.password)
        return shown(name, "courriel", replace(stands, account=typed, unkept=str(fault))), 409
    return _back(name, "courriel")


_FIELDS = {"smtp": "envoi", "imap": "reception", "user": "compte", "sender": "expediteur"}


@actions.post("/c/<name>/clore")
def close(name: str) -> Answer:
    """``close``."""
    folder, desk = folder_of(name), context().desk
    accepted = request.form.get("accepter") == "oui"
    approve = seen.approval(request.form.get("vu", ""), "Ce qui s'oppose à la clôture")

    def work(job: Job) -> Iterable[str]:
        closed = close_session(folder.path, job, accept_provisional=accepted, approve=approve, key_file=desk.key_file)
        frozen = counted(len(closed.act.decisions), "décision figée", "décisions figées")
        yield f"Session close : {frozen}."
        if closed.act.accepted:
            kept = counted(len(closed.act.accepted), "point gardé", "points gardés")
            yield f"Accepté en l'état : {kept} avec l'acte."
        yield f"Copie datée des résultats : {closed.copy}"

    return _start(name, folder, "Clôture", work, page="session")


@actions.post("/c/<name>/rouvrir")
def reopen(name: str) -> Answer:
    """``reopen``."""
    folder, desk, reason = folder_of(name), context().desk, request.form.get("raison", "")

    def work(_: Job) -> Iterable[str]:
        reopen_session(folder.path, reason, key_file=desk.key_file)
        yield "Session rouverte. À faire : consolidez, pour décider de nouveau."

    return _start(name, folder, "Réouverture", work, page="session")


@actions.post("/c/<name>/livrer")
def deliver(name: str) -> Answer:
    """``deliver``."""
    folder, desk = folder_of(name), context().desk

    def work(job: Job) -> Iterable[str]:
        made = deliver_session(folder.path, key_file=desk.key_file)
        job.told_once = True
        yield f"Livraison n° {made.manifest.number} : {made.archive.name}, dans resultats/livraisons."
        yield f"Mot de passe, à noter maintenant : {made.passphrase}"
        yield "Il n'est gardé nulle part ; « C'est lu » l'efface d'ici. Dites-le au certificateur par téléphone."

    return _start(name, folder, "Livraison", work, page="session")


def _start(name: str, folder: Folder, title: str, work: Work, page: str = "accueil") -> Answer:
    context().desk.start(folder, title, work)
    return _back(name, page)


@actions.post("/c/<name>/vu")
def dismiss(name: str) -> Answer:
    """Take away the message about the last work: it was read."""
    context().desk.dismiss(folder_of(name))
    return _back(name, request.form.get("page", "accueil"))


# ------------------------------------------------------------------------------------------- the files


@actions.post("/c/<name>/deposer")
def drop(name: str) -> tuple[Response, int] | Response:
    """One file, its name in a header, its bytes as the body."""
    folder = context().place.cohorts().get(name)
    if folder is None:
        return jsonify(refus=gone(name)), 404
    if request.content_length is None:
        return jsonify(refus="La taille du fichier n'est pas dite."), 411
    try:
        filed = drops.file(
            folder, unquote(request.headers.get("X-Nom", "")), request.stream, request.content_length, date.today()
        )
    except drops.TooBigError as refusal:
        return jsonify(refus=str(refusal)), 413
    except EngineError as refusal:
        return jsonify(refus=str(refusal)), 409
    return jsonify(fichier=filed.relative_to(folder.returns).as_posix())


_PLACES: dict[str, Callable[[Folder], Path]] = {
    "registre": lambda folder: folder.roster,
    "envois": lambda folder: folder.outgoing,
    "messages": lambda folder: folder.first_messages,
    "relances": lambda folder: folder.reminders,
    "a_corriger": lambda folder: folder.corrections,
    "retours": lambda folder: folder.returns,
    "resultats": lambda folder: folder.results_workbook,
    "fiches": lambda folder: folder.pages,
    "planning": lambda folder: folder.planning,
    "convocations": lambda folder: folder.convocations,
    "deliberation": deliberation,
    "jury": lambda folder: folder.jury,
    "clotures": lambda folder: folder.results / "clotures",
    "livraisons": lambda folder: folder.deliveries,
}


@actions.post("/c/<name>/ouvrir")
def show(name: str) -> Answer:
    """A file or a folder of the cohort, in the program it belongs to."""
    folder, what = folder_of(name), request.form.get("quoi", "")
    page = request.form.get("page", "accueil")
    if what == "retour":
        desktop.show(_return(folder, request.form.get("fichier", "")))
    elif what in _PLACES:
        desktop.show(_PLACES[what](folder))
    else:
        abort(404)
    return _back(name, page)


def _return(folder: Folder, named: str) -> Path:
    """A return that was read, to be opened; the folder it lies in, when it is no plain document."""
    _, found = context().desk.reading(folder)
    known = found.report.files if found is not None and found.report is not None else {}
    if named not in known:
        abort(404)
    path = folder.returns / named
    if not path.exists():
        path = folder.returns / (container_of(named) or named)
    if not path.resolve().is_relative_to(folder.returns.resolve()):
        raise CohortError(f"« {named} » mène hors du dossier des retours : ouvrez-le vous-même.")
    return path if path.suffix.lower() in desktop.OPENED and path.is_file() else path.parent


@actions.post("/quitter")
def leave() -> str:
    """The end."""
    if context().desk.working:
        raise BusyError("Un travail est en cours : attendez qu'il finisse, puis quittez.")
    context().leave()
    return render_template("fin.html")
