"""The command line: options to the pipeline, results to the terminal, outcomes to exit statuses.

Nothing is imported from the engine before a command runs, so that ``--help`` answers at once.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if __package__:  # installed: the engine stands beside this module, under a name that is nobody else's
    sys.path.insert(0, str(Path(__file__).resolve().parent))

from engine import __version__
from engine.terminal import french

if TYPE_CHECKING:
    from engine.commands.report import Report
    from engine.ledger.comparison import Since

french.install()
FOLDER = click.Path(file_okay=False, path_type=Path)
NEEDS_A_PERSON, NOT_DONE = 1, 3
HELP = {"help_option_names": ["-h", "--help"]}


class _Commands(click.Group):
    """Commands that always end with a sentence, whatever happens, and an exit status that means what it says."""

    def main(self, *arguments: Any, **options: Any) -> Any:
        from engine.terminal import screen as terminal

        with terminal.refusals():
            return super().main(*arguments, **options)


@click.group(
    cls=_Commands,
    context_settings=HELP,
    subcommand_metavar="COMMANDE [ARGUMENTS]...",
    help="Prépare, collecte et consolide les fiches d'évaluation d'une cohorte.",
)
@click.version_option(__version__, message="cohorte %(version)s")
def main() -> None:
    """The console script ``cohorte``."""


def _command(name: str, summary: str) -> Callable[..., Any]:
    """A command whose errors, foreseen or not, become one sentence on stderr and exit status 3."""

    def register(function: Callable[..., int | None]) -> click.Command:
        def run(**options: Any) -> None:
            from engine.commands import runs
            from engine.terminal import screen as terminal

            with terminal.interruptible(), runs.told(_place(options), name):
                status = function(**options) or 0
            sys.exit(status)

        run.__click_params__ = getattr(function, "__click_params__", [])
        return main.command(name, help=summary, short_help=summary, context_settings=HELP)(run)

    return register


def _place(options: dict[str, Any]) -> Path | None:
    """Where a command works: the first folder or path it was given."""
    given = options.get("folder") or next(iter(options.get("folders") or options.get("paths") or ()), None)
    return given or options.get("blank_out")


@contextmanager
def _progress(label: str, quiet: bool = False):
    """A counter on stderr, for a terminal only; yields the function that advances it."""
    if quiet or not sys.stderr.isatty():
        yield lambda count: None  # noqa: ARG005 - nobody is watching
        return
    done = 0

    def advance(count: int) -> None:
        nonlocal done
        done += count
        click.echo(f"\r{label} {done}", err=True, nl=False)

    yield advance
    click.echo("\r" + " " * (len(label) + 12) + "\r", err=True, nl=False)


def _say(lines: Iterable[str], *, error: bool = False) -> None:
    from engine.terminal import screen as terminal

    terminal.say(lines, error=error)


def _print_json(content: object) -> None:
    from engine.terminal import screen as terminal

    terminal.print_json(content)


def _answer(report: Report, as_json: bool, lines: Iterable[str]) -> int:
    if as_json:
        _print_json(report.as_json())
    else:
        _say(lines)
    return NEEDS_A_PERSON if report.needs_a_person else 0


AS_JSON = click.option("--json", "as_json", is_flag=True, help="Affiche un objet JSON et rien d'autre.")
KEY_FILE = click.option(
    "--key-file",
    metavar="FICHIER",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Fichier de la clé, si elle n'est pas dans le dossier (ou variable COHORTE_KEY).",
)
REFERENTIAL = click.option(
    "--referential",
    default="cgco_rncp34465",
    show_default=True,
    metavar="NOM_OU_FICHIER",
    help="Référentiel : un nom fourni, ou un fichier TOML.",
)


@_command("init", "Prépare le dossier d'une cohorte : un registre à remplir, et sa clé. N'écrase rien.")
@click.argument("folder", metavar="DOSSIER", type=FOLDER)
@REFERENTIAL
def init(folder: Path, referential: str) -> None:
    """Make a cohort folder."""
    from engine import commands as pipeline

    made = pipeline.initialise(folder, referential)
    roster = made.folder.roster
    if made.roster:
        _say([f"Dossier prêt : {folder}", f"À faire : remplissez {roster}, puis lancez « templates »."])
    else:
        _say([f"{roster} existe déjà : il n'a pas été touché."])
        if made.admitted:
            _say(["Une autre clé est admise. Relancez « templates » et renvoyez toutes les fiches."])
        if made.key:
            _say(["La clé manquait : une nouvelle a été faite. Relancez « templates » et renvoyez toutes les fiches."])


@_command("templates", "Écrit les classeurs à envoyer, un par candidat et évaluateur, sous envois/.")
@click.argument("folder", metavar="[DOSSIER]", type=FOLDER, required=False)
@click.option("--only", multiple=True, metavar="CANDIDAT", help="Seulement ce candidat (option à répéter).")
@click.option("--blank", "blank_out", type=FOLDER, metavar="SORTIE", help="Écrit les fiches vierges, sans cohorte.")
@click.argument("more", nargs=-1, metavar="[CANDIDAT...]")
@KEY_FILE
@REFERENTIAL
def templates(
    folder: Path | None,
    only: tuple[str, ...],
    more: tuple[str, ...],
    blank_out: Path | None,
    key_file: Path | None,
    referential: str,
) -> None:
    """Write the workbooks to send."""
    from engine import commands as pipeline
    from engine.terminal import summary

    if (folder is None) == (blank_out is None):
        raise click.UsageError("Indiquez le DOSSIER d'une cohorte, ou --blank SORTIE.")
    if more and not only:
        raise click.UsageError("Les identifiants de candidats s'écrivent après --only.")
    if blank_out is not None:
        written = pipeline.write_blanks(blank_out, referential)
        _say([f"{len(written)} classeurs vierges dans {blank_out} :", *(f"  {path.name}" for path in written)])
        return
    with _progress("Classeurs écrits :") as advance:
        report = pipeline.issue(folder, only + more, advance, key_file=key_file)
    _say(summary.issued(report))


@_command("check", "Vérifie sur-le-champ des classeurs remplis, ou des dossiers, et dit ce qui ne va pas.")
@click.argument("paths", metavar="CHEMIN...", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@KEY_FILE
@REFERENTIAL
@AS_JSON
def check(paths: tuple[Path, ...], key_file: Path | None, referential: str, as_json: bool) -> int:
    """Check filled workbooks on the spot."""
    from engine import commands as pipeline
    from engine.terminal import summary

    report = pipeline.check(paths, referential, key_file=key_file)
    return _answer(report, as_json, summary.checked(report))


@_command("consolidate", "Lit les retours, vérifie, décide, et écrit resultats/resultats.xlsx.")
@click.argument("folders", metavar="DOSSIER...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--workers", type=click.IntRange(min=1), metavar="N", help="Nombre de processus de lecture.")
@click.option("--dry-run", is_flag=True, help="N'écrit rien.")
@click.option("--parquet", is_flag=True, help="Écrit aussi les données au format Parquet (demande pyarrow).")
@click.option("--full", is_flag=True, help="Relit et réanalyse tous les retours, même ceux qui n'ont pas changé.")
@click.option(
    "--accept-loss",
    is_flag=True,
    help="Consolide même si plus de la moitié des retours qui comptaient ont disparu.",
)
@click.option(
    "--keep",
    type=click.IntRange(min=1),
    default=14,
    show_default=True,
    envvar="COHORTE_KEEP",
    metavar="N",
    help="Nombre de résultats précédents à garder (ou variable COHORTE_KEEP).",
)
@click.option("--quiet", is_flag=True, help="N'affiche que ce qui demande quelqu'un.")
@click.option("--since", metavar="DATE_OU_NUMÉRO", help="Dit ce qui a changé depuis cette date ou cette consolidation.")
@KEY_FILE
@AS_JSON
def consolidate(
    folders: tuple[Path, ...],
    workers: int | None,
    dry_run: bool,
    full: bool,
    accept_loss: bool,
    parquet: bool,
    keep: int,
    quiet: bool,
    since: str | None,
    key_file: Path | None,
    as_json: bool,
) -> int:
    """The nightly job, cohort by cohort; one that cannot be done does not stop the others."""
    from engine import commands as pipeline
    from engine.commands import runs
    from engine.model.errors import EngineError
    from engine.terminal import summary
    from engine.workspace.cohort import expand

    compared = _since(since)
    asked = expand(folders)
    if not asked:
        raise click.UsageError("Indiquez au moins un DOSSIER de cohorte.")
    outcomes: dict[Path, Report | EngineError] = {}
    for folder in asked:
        try:
            with runs.told(folder, "consolidate"), _progress("Retours lus :", quiet) as advance:
                report = outcomes[folder] = pipeline.consolidate(
                    folder,
                    workers=workers,
                    dry_run=dry_run,
                    full=full,
                    accept_loss=accept_loss,
                    since=compared,
                    progress=advance,
                    key_file=key_file,
                    keep=keep,
                    parquet=parquet,
                )
        except EngineError as refusal:
            outcomes[folder] = refusal
            _say([str(refusal) if len(asked) == 1 else f"{folder} : {refusal}"], error=True)
        else:
            if not as_json:
                _say((summary.attention if quiet else summary.consolidation)(folder, report))
    if as_json:
        answers = [summary.answer(outcome) for outcome in outcomes.values()]
        _print_json(answers[0] if len(asked) == 1 else answers)
    elif len(asked) > 1 and not quiet:
        _say(summary.overview(outcomes))
    return max(map(summary.status, outcomes.values()))


def _since(text: str | None) -> Since:
    from engine.ledger import comparison as evolution

    try:
        return None if text is None else evolution.parse(text)
    except ValueError as fault:
        raise click.BadParameter(f"« {text} » ; {fault}.", param_hint="--since") from fault


@_command("status", "Dit, par évaluateur, ce qui est reçu, refusé, encore attendu. N'écrit rien.")
@click.argument("folder", metavar="DOSSIER", type=FOLDER)
@KEY_FILE
@AS_JSON
def status(folder: Path, key_file: Path | None, as_json: bool) -> int:
    """Who is late."""
    from engine import commands as pipeline
    from engine.terminal import summary

    report = pipeline.status(folder, key_file=key_file)
    return _answer(report, as_json, summary.lateness(report))


SERVER_USER = click.option(
    "--user", default="", metavar="NOM", help="Nom du compte (ou variable COHORTE_SMTP_USER, COHORTE_IMAP_USER)."
)
PASSWORD_FILE = click.option(
    "--password-file",
    metavar="FICHIER",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Fichier du mot de passe, lisible par vous seul (ou variable COHORTE_SMTP_PASSWORD, COHORTE_IMAP_PASSWORD).",
)


@_command("send", "Envoie les messages et les relances qui attendent dans envois/, chacun une seule fois.")
@click.argument("folder", metavar="DOSSIER", type=FOLDER)
@click.option("--smtp", required=True, metavar="ADRESSE", help="Serveur d'envoi : smtps://serveur, ou smtp://serveur.")
@SERVER_USER
@PASSWORD_FILE
@click.option("--from", "sender", default="", metavar="COURRIEL", help="Adresse d'envoi (par défaut, le secrétariat).")
@click.option("--again", is_flag=True, help="Envoie aussi les messages dont on ne sait pas s'ils sont partis.")
@click.option("--dry-run", is_flag=True, help="Dit ce qui partirait, et n'envoie rien.")
@KEY_FILE
def send(folder: Path, **options: Any) -> int:
    """Drafts by mail."""
    from engine.commands.send import Sending
    from engine.commands.send import send as send_drafts
    from engine.terminal import mailing

    with _progress("Messages traités :") as advance:
        told = send_drafts(folder, Sending(**options), advance)
    _say(mailing.sending(told))
    return NEEDS_A_PERSON if told.needs_a_person else 0


@_command("fetch", "Range dans retours/courriel/ les classeurs des messages non lus. N'efface rien sur le serveur.")
@click.argument("folder", metavar="DOSSIER", type=FOLDER)
@click.option("--imap", required=True, metavar="ADRESSE", help="Serveur : imaps://serveur, ou imaps://serveur/Dossier.")
@SERVER_USER
@PASSWORD_FILE
def fetch(folder: Path, **options: Any) -> int:
    """Returns by mail."""
    from engine.commands.fetch import Fetching
    from engine.commands.fetch import fetch as fetch_returns
    from engine.terminal import mailing
    from engine.workspace.cohort import Folder

    with _progress("Messages lus :") as advance:
        told = fetch_returns(folder, Fetching(**options), advance)
    _say(mailing.fetching(Folder(folder).fetched, told))
    return NEEDS_A_PERSON if told.left else 0


@_command("fiches", "Écrit une page A4 par candidat dans resultats/fiches/ : sa décision, ses niveaux, ses notes.")
@click.argument("folder", metavar="DOSSIER", type=FOLDER)
@click.option("--only", multiple=True, metavar="CANDIDAT", help="Seulement ce candidat (option à répéter).")
@click.option("--one-file", is_flag=True, help="Toutes les fiches dans un seul classeur, resultats/fiches.xlsx.")
@click.argument("more", nargs=-1, metavar="[CANDIDAT...]")
@KEY_FILE
def fiches(folder: Path, only: tuple[str, ...], more: tuple[str, ...], one_file: bool, key_file: Path | None) -> int:
    """One page per candidate."""
    from engine import commands as pipeline
    from engine.terminal import summary

    if more and not only:
        raise click.UsageError("Les identifiants de candidats s'écrivent après --only.")
    report, done = pipeline.write_fiches(folder, only + more, one_file=one_file, key_file=key_file)
    _say(summary.pages(report, done))
    return NEEDS_A_PERSON if report.needs_a_person else 0


@_command("history", "Liste ce que chacun a envoyé pour un candidat : quand, ce qui a changé, ce qui a compté.")
@click.argument("folder", metavar="DOSSIER", type=FOLDER)
@click.argument("candidate", metavar="CANDIDAT")
def history(folder: Path, candidate: str) -> None:
    """Every version about one candidate."""
    from engine.commands import sessions
    from engine.terminal import histories

    _say(histories.told(sessions.history(folder, candidate)))


@_command("restore", "Rend un retour archivé, désigné par le début de son empreinte. N'écrase rien.")
@click.argument("folder", metavar="DOSSIER", type=FOLDER)
@click.argument("digest", metavar="EMPREINTE")
@click.option(
    "--out",
    metavar="CHEMIN",
    type=click.Path(path_type=Path),
    help="Dossier existant, ou fichier à créer (par défaut dans resultats/restaures).",
)
def restore(folder: Path, digest: str, out: Path | None) -> None:
    """A return as it came."""
    from engine.commands import sessions

    _say([f"Retour rendu : {sessions.restore(folder, digest, out)}"])


@_command("close", "Fige les décisions de la session, avec une copie datée des résultats.")
@click.argument("folder", metavar="DOSSIER", type=FOLDER)
@click.option(
    "--accept-provisional",
    is_flag=True,
    help="Fige aussi ce qui bloque, est en attente ou provisoire, en l'état.",
)
@KEY_FILE
def close(folder: Path, accept_provisional: bool, key_file: Path | None) -> int:
    """The end of a session."""
    from engine.commands import sessions
    from engine.terminal import summary

    closed = sessions.close(folder, accept_provisional=accept_provisional, key_file=key_file)
    _say(summary.closed(closed.act, closed.copy))
    return NEEDS_A_PERSON if closed.report.needs_a_person else 0


@_command("reopen", "Rouvre une session close : la prochaine consolidation décide de nouveau.")
@click.argument("folder", metavar="DOSSIER", type=FOLDER)
@click.option("--reason", required=True, metavar="TEXTE", help="La raison, gardée et montrée dans les résultats.")
def reopen(folder: Path, reason: str) -> None:
    """A session opened again."""
    from engine.commands import sessions

    sessions.reopen(folder, reason)
    _say(["Session rouverte.", "À faire : lancez « consolidate », qui décide de nouveau."])


@_command("forget", "Efface tout ce qui concerne un candidat, après avoir dit ce qu'il faut retirer à la main.")
@click.argument("folder", metavar="DOSSIER", type=FOLDER)
@click.argument("candidate", metavar="CANDIDAT")
@KEY_FILE
def forget(folder: Path, candidate: str, key_file: Path | None) -> int:
    """One person taken out of a cohort."""
    from engine.commands import forgetting
    from engine.terminal import privacy

    done = forgetting.forget(folder, candidate, key_file=key_file)
    _say(privacy.forgotten(done))
    return 0 if done.done else NEEDS_A_PERSON


@_command("purge", "Efface l'historique plus ancien que la durée de conservation ; ni décisions, ni retours présents.")
@click.argument("folder", metavar="DOSSIER", type=FOLDER)
@click.option(
    "--older-than",
    metavar="DURÉE",
    help="Par exemple 24m, 2a ou 90j (par défaut, le champ Conservation du registre).",
)
@click.option("--dry-run", is_flag=True, help="Dit ce qui serait effacé, et n'efface rien.")
def purge(folder: Path, older_than: str | None, dry_run: bool) -> int:
    """What is kept no longer than it must."""
    from engine.commands import retention
    from engine.model import spans
    from engine.terminal import privacy

    try:
        span = spans.parse(older_than) if older_than is not None else retention.retention(folder)
    except ValueError as fault:
        raise click.BadParameter(f"{fault}.", param_hint="--older-than") from fault
    if span is None:
        raise click.UsageError("Indiquez --older-than DURÉE, ou remplissez « Conservation » dans le registre.")
    done = retention.purge(folder, span, dry_run=dry_run)
    _say(privacy.purged(done, dry_run=dry_run))
    return NEEDS_A_PERSON if done.stuck else 0


@_command("codes", "Affiche le code personnel de chaque évaluateur, une page chacun, à remettre en main propre.")
@click.argument("folder", metavar="DOSSIER", type=FOLDER)
@KEY_FILE
def codes(folder: Path, key_file: Path | None) -> None:
    """The pages of personal codes, parted by form feeds for a printer."""
    from engine import commands as pipeline

    _say(["\f".join(pipeline.codes(folder, key_file=key_file)).removesuffix("\n")])


@_command("doctor", "Examine si une cohorte peut tourner seule (droits, clé, disque, horloge), et dit quoi faire.")
@click.argument("folder", metavar="DOSSIER", type=FOLDER)
@KEY_FILE
def doctor(folder: Path, key_file: Path | None) -> int:
    """Whether a cohort can be left alone."""
    from engine import commands as pipeline
    from engine.terminal import summary

    found = pipeline.examine(folder, key_file=key_file)
    _say(summary.findings(found))
    return 0 if all(each.well for each in found) else NEEDS_A_PERSON


@_command("open", "Ouvre dans le navigateur la page d'où tout se fait sans terminal, sur cette machine seulement.")
@click.argument("folder", metavar="[DOSSIER]", type=FOLDER, default=".")
@click.option("--no-browser", is_flag=True, help="Affiche l'adresse sans ouvrir le navigateur.")
@KEY_FILE
def open_page(folder: Path, no_browser: bool, key_file: Path | None) -> None:
    """The local page; lasts until it is left."""
    from engine.browser import server

    site = server.prepare(folder, key_file)
    _say([f"La page est à cette adresse, pour vous seul : {site.address}"])
    if no_browser or not server.show(site.address):
        _say(["Ouvrez-la dans le navigateur de cette machine ; elle ne sert qu'une fois."])
    _say(["Gardez cette fenêtre ouverte ; le bouton « Quitter » de la page arrête tout."])
    site.run()


@_command("demo", "Copie la cohorte d'exemple, la consolide, et dit quel fichier ouvrir.")
@click.argument("folder", metavar="[DOSSIER]", type=FOLDER, default="demo")
def demo(folder: Path) -> None:
    """The whole job on the sample data; exits 0 once the results are written."""
    from engine import commands as pipeline
    from engine.terminal import summary
    from engine.workspace import seals

    pipeline.prepare_demo(folder)
    report = pipeline.consolidate(folder, key_file=seals.key_path(folder))
    _say([*summary.consolidation(folder, report), "", f"Ouvrez {report.result} dans un tableur."])


if __name__ == "__main__":
    main(prog_name="python process.py")
