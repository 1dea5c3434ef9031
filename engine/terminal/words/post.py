"""What goes and comes by mail."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from engine.terminal import options
from engine.terminal.command import command, progress, say

_user = click.option(
    "--user", default="", metavar="NOM", help="Nom du compte (ou variable COHORTE_SMTP_USER, COHORTE_IMAP_USER)."
)
_password_file = click.option(
    "--password-file",
    metavar="FICHIER",
    type=options.FILE,
    help="Fichier du mot de passe, lisible par vous seul (ou variable COHORTE_SMTP_PASSWORD, COHORTE_IMAP_PASSWORD).",
)


@contextmanager
def _asked() -> Iterator[None]:
    """A command that nobody told which server to use was used wrongly."""
    from engine.post import NoServerError

    try:
        yield
    except NoServerError as fault:
        raise click.UsageError(str(fault)) from fault


@command("send", "Envoie les messages, relances et convocations qui attendent dans envois/, chacun une seule fois.")
@options.folder
@click.option(
    "--smtp",
    default="",
    metavar="ADRESSE",
    help="Serveur d'envoi : smtps://serveur, ou smtp://serveur (ou variable COHORTE_SMTP, ou réglages de la page).",
)
@_user
@_password_file
@click.option("--from", "sender", default="", metavar="COURRIEL", help="Adresse d'envoi (par défaut, le secrétariat).")
@click.option("--again", is_flag=True, help="Envoie aussi les messages dont on ne sait pas s'ils sont partis.")
@click.option("--dry-run", is_flag=True, help="Dit ce qui partirait, et n'envoie rien.")
@options.key_file
def send(folder: Path, **how: Any) -> int:
    """Drafts by mail."""
    from engine.commands.exits import NEEDS_A_PERSON
    from engine.commands.send import Sending
    from engine.commands.send import send as send_drafts
    from engine.terminal import mailing

    with _asked(), progress() as advance:
        told = send_drafts(folder, Sending(**how), advance)
    say(mailing.sending(folder, told))
    return NEEDS_A_PERSON if told.needs_a_person else 0


@command("fetch", "Range dans retours/courriel/ les classeurs des messages non lus. N'efface rien sur le serveur.")
@options.folder
@click.option(
    "--imap",
    default="",
    metavar="ADRESSE",
    help="Serveur : imaps://serveur, ou imaps://serveur/Dossier (ou variable COHORTE_IMAP, ou réglages de la page).",
)
@_user
@_password_file
def fetch(folder: Path, **how: Any) -> int:
    """Returns by mail."""
    from engine.commands.exits import NEEDS_A_PERSON
    from engine.commands.fetch import Fetching
    from engine.commands.fetch import fetch as fetch_returns
    from engine.terminal import mailing
    from engine.workspace.cohort import Folder

    with _asked(), progress() as advance:
        told = fetch_returns(folder, Fetching(**how), advance)
    say(mailing.fetching(Folder(folder), told))
    return NEEDS_A_PERSON if told.left else 0
