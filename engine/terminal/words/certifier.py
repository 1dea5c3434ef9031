"""Between the centre and the certifier: deliveries checked."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import click

from engine.terminal import options
from engine.terminal.command import command, say

password_file = click.option(
    "--password-file",
    metavar="FICHIER",
    type=options.FILE,
    help="Fichier du mot de passe : une ligne, ou un CSV « Fichier;Mot de passe » quand il y en a plusieurs.",
)


def asker() -> Callable[[Path], str] | None:
    """How a passphrase is asked for, hidden; ``None`` where nobody is at the terminal."""
    if not (sys.stdin and sys.stdin.isatty()):
        return None
    return lambda path: str(click.prompt(f"Mot de passe de « {path.name} »", hide_input=True, err=True))


@command("verify", "Vérifie des livraisons : s'ouvrent, complètes, inchangées, cohérentes. N'écrit rien.")
@click.argument("paths", metavar="CHEMIN...", nargs=-1, required=True, type=click.Path(path_type=Path))
@password_file
@options.as_json
def verify(paths: tuple[Path, ...], password_file: Path | None, as_json: bool) -> int:
    """Deliveries checked."""
    from engine.commands.exits import NEEDS_A_PERSON, NOT_DONE
    from engine.commands.passphrases import asking
    from engine.commands.verify import verify as verify_deliveries
    from engine.terminal import certifying, screen

    found = verify_deliveries(paths, asking(password_file, asker()))
    if as_json:
        screen.print_json(certifying.as_json(found))
    else:
        say(certifying.verified(found))
    if found.shut:
        return NOT_DONE
    return 0 if found.sound else NEEDS_A_PERSON
