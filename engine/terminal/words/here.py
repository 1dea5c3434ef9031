"""On this machine: the local page, and the whole job on the sample cohort."""

from __future__ import annotations

from pathlib import Path

import click

from engine.terminal import options
from engine.terminal.command import command, say


@command("open", "Ouvre dans le navigateur la page d'où tout se fait sans terminal, sur cette machine seulement.")
@click.argument("folder", metavar="[DOSSIER]", type=options.FOLDER, default=".")
@click.option("--no-browser", is_flag=True, help="Affiche l'adresse sans ouvrir le navigateur.")
@options.key_file
def open_page(folder: Path, no_browser: bool, key_file: Path | None) -> None:
    """The local page; lasts until it is left."""
    from engine.browser import server

    site = server.prepare(folder, key_file)
    say([f"La page est à cette adresse, pour vous seul : {site.address}"])
    if no_browser or not server.show(site.address):
        say(["Ouvrez-la dans le navigateur de cette machine ; elle ne sert qu'une fois."])
    say(["Gardez cette fenêtre ouverte ; le bouton « Quitter » de la page arrête tout."])
    site.run()


@command("demo", "Copie la cohorte d'exemple, la consolide, et dit quel fichier ouvrir.")
@click.argument("folder", metavar="[DOSSIER]", type=options.FOLDER, default="demo")
def demo(folder: Path) -> None:
    """The whole job on the sample data; exits 0 once the results are written."""
    from engine.commands.demo import demo
    from engine.terminal import summary

    report = demo(folder)
    say([*summary.consolidation(folder, report), "", f"Ouvrez {report.result} dans un tableur."])
