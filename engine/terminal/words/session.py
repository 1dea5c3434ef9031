"""A cohort's memory, and the end of its session."""

from __future__ import annotations

from pathlib import Path

import click

from engine.terminal import options
from engine.terminal.command import answer, command, progress, say


@command("history", "Liste ce que chacun a envoyé pour un candidat : quand, ce qui a changé, ce qui a compté.")
@options.folder
@options.candidate
def history(folder: Path, candidate: str) -> None:
    """Every version about one candidate."""
    from engine.commands.history import history
    from engine.terminal import histories

    say(histories.told(history(folder, candidate)))


@command("restore", "Rend un retour archivé, désigné par le début de son empreinte. N'écrase rien.")
@options.folder
@click.argument("digest", metavar="EMPREINTE")
@click.option(
    "--out",
    metavar="CHEMIN",
    type=options.Where(path_type=Path),
    help="Dossier existant, ou fichier à créer (par défaut dans resultats/restaures).",
)
def restore(folder: Path, digest: str, out: Path | None) -> None:
    """A return as it came."""
    from engine.commands.restore import restore

    say([f"Retour rendu : {restore(folder, digest, out)}"])


@command(
    "jury",
    "Prépare le jury : qui peut passer le grand oral, le planning, les convocations.",
    answers=("candidates", "admissibility", "convened", "seated", "unseated", "conflicts", "result", "seconds"),
)
@options.folder
@click.option("--replan", is_flag=True, help="Refait le planning sans tenir compte de celui qui a été publié.")
@options.key_file
@options.as_json
def jury(folder: Path, replan: bool, key_file: Path | None, as_json: bool) -> int:
    """The second round made ready."""
    from engine.commands.jury import jury
    from engine.commands.session import second_round
    from engine.terminal import summary

    with progress(quiet=as_json) as advance:
        made = jury(folder, replan=replan, progress=advance, key_file=key_file)
    return answer(made, [*second_round.told(made), *summary.made_ready(folder, made)], as_json=as_json)


@command("close", "Fige les décisions de la session, avec une copie datée des résultats.")
@options.folder
@click.option(
    "--accept-provisional",
    is_flag=True,
    help="Fige aussi ce qui bloque, est en attente ou provisoire, en l'état.",
)
@options.key_file
def close(folder: Path, accept_provisional: bool, key_file: Path | None) -> int:
    """The end of a session."""
    from engine.commands.close import close
    from engine.terminal import summary

    with progress() as advance:
        closed = close(folder, advance, accept_provisional=accept_provisional, key_file=key_file)
    return answer(closed.report, summary.closed(folder, closed))


@command("reopen", "Rouvre une session close : la prochaine consolidation décide de nouveau.")
@options.folder
@click.option("--reason", required=True, metavar="TEXTE", help="La raison, gardée et montrée dans les résultats.")
@options.key_file
def reopen(folder: Path, reason: str, key_file: Path | None) -> None:
    """A session opened again."""
    from engine.commands.reopen import reopen
    from engine.workspace import shell

    reopen(folder, reason, key_file=key_file)
    say(["Session rouverte.", f"À faire : {shell.line('consolidate', folder)} décide de nouveau."])
