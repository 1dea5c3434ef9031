"""Between the centre and the certifier: deliveries made, checked, put side by side, their holders declared."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from engine.terminal import options
from engine.terminal.command import command, say

if TYPE_CHECKING:
    from engine.commands.accrochage import Inputs

password_file = click.option(
    "--password-file",
    metavar="FICHIER",
    type=options.FILE,
    help="Fichier du mot de passe : une ligne, ou un CSV «\u00a0Fichier;Mot de passe\u00a0» quand il y en a plusieurs.",
)


def asker() -> Callable[[Path], str] | None:
    """How a passphrase is asked for, hidden; ``None`` where nobody is at the terminal."""
    if not (sys.stdin and sys.stdin.isatty()):
        return None
    return lambda path: str(click.prompt(f"Mot de passe de « {path.name} »", hide_input=True, err=True))


@command(
    "verify",
    "Vérifie des livraisons : s'ouvrent, complètes, inchangées, cohérentes. N'écrit rien.",
    answers=("deliveries",),
)
@click.argument("paths", metavar="CHEMIN...", nargs=-1, required=True, type=options.Where(path_type=Path))
@password_file
@options.as_json
def verify(paths: tuple[Path, ...], password_file: Path | None, as_json: bool) -> int:
    """Deliveries checked."""
    from engine.commands.certifier.passphrases import asking
    from engine.commands.exits import NEEDS_A_PERSON, NOT_DONE
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


@command(
    "rollup",
    "Réunit des livraisons en un classeur national, avec ce qui mérite d'être regardé.",
    answers=("deliveries", "refused", "candidates", "alerts", "result", "seconds"),
)
@click.argument("target", metavar="SORTIE.xlsx", type=options.Where(dir_okay=False, path_type=Path))
@click.argument("paths", metavar="CHEMIN...", nargs=-1, required=True, type=options.Where(path_type=Path))
@password_file
@click.option(
    "--dask",
    "scheduler",
    is_flag=False,
    flag_value="local",
    metavar="ADRESSE",
    help="Lit les livraisons sur des machines, par Dask (tcp://…) ; sans adresse : sur cette machine.",
)
@options.as_json
def rollup(
    target: Path, paths: tuple[Path, ...], password_file: Path | None, scheduler: str | None, as_json: bool
) -> int:
    """The certifier's workbook over many deliveries."""
    from engine.commands.certifier.passphrases import asking
    from engine.commands.exits import NEEDS_A_PERSON
    from engine.commands.rollup import rollup as roll_up
    from engine.terminal import certifying, screen

    scheduler, paths = options.addressed(scheduler, paths)
    found = roll_up(target, paths, asking(password_file, asker()), scheduler)
    if as_json:
        screen.print_json(found.as_json())
    else:
        say(certifying.rolled(found))
    return 0 if found.complete else NEEDS_A_PERSON


def _inputs(job: Callable[..., int]) -> Callable[..., int]:
    """Hand the options of a declaration to a job as one object."""

    @click.option("--births", type=options.FILE, required=True, metavar="FICHIER", help="Naissances (.csv ou .xlsx).")
    @click.option("--xsd", type=options.FILE, required=True, metavar="FICHIER", help="Schéma de la Caisse des Dépôts.")
    @click.option("--settings", type=options.FILE, required=True, metavar="FICHIER", help="Réglages (.toml).")
    @wraps(job)
    def taking(*, births: Path, xsd: Path, settings: Path, **others: Any) -> int:
        from engine.commands.accrochage import Inputs

        return job(inputs=Inputs(births, xsd, settings), **others)

    return taking


@command("accrochage", "Écrit le XML qui déclare les titulaires à la Caisse des Dépôts.")
@click.argument("target", metavar="SORTIE.xml", type=options.Where(dir_okay=False, path_type=Path))
@click.argument("paths", metavar="CHEMIN...", nargs=-1, required=True, type=options.Where(path_type=Path))
@_inputs
@password_file
def accrochage(target: Path, paths: tuple[Path, ...], inputs: Inputs, password_file: Path | None) -> int:
    """The declaration of holders."""
    from engine.commands.accrochage import declare
    from engine.commands.certifier.passphrases import asking
    from engine.commands.exits import NEEDS_A_PERSON
    from engine.terminal import certifying

    found = declare(target, paths, asking(password_file, asker()), inputs)
    say(certifying.declared(found))
    return 0 if found.complete else NEEDS_A_PERSON


@command("deliver", "Fait l'archive chiffrée d'une session close, pour le certificateur, et le message qui la porte.")
@options.folder
@click.option(
    "--password-file",
    metavar="FICHIER",
    type=options.FILE,
    help="Fichier d'un mot de passe choisi, de 20 signes au moins (par défaut, il en est fait un).",
)
@options.key_file
def deliver(folder: Path, password_file: Path | None, key_file: Path | None) -> None:
    """A closed session handed on."""
    from engine.commands.deliver import deliver as deliver_session
    from engine.terminal import certifying

    say(certifying.delivered(deliver_session(folder, password_file=password_file, key_file=key_file)))
