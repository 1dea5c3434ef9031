"""The command ``cohorte``: every word it knows."""

from __future__ import annotations

import click

from engine import __version__
from engine.terminal import french
from engine.terminal.command import HELP, Group
from engine.terminal.words import before, certifier, here, nightly, people, post, session

french.install()

COMMANDS = (
    before.init,
    before.templates,
    before.codes,
    before.check,
    before.referential,
    nightly.consolidate,
    nightly.status,
    nightly.fiches,
    nightly.doctor,
    post.send,
    post.fetch,
    session.jury,
    session.history,
    session.restore,
    session.close,
    session.reopen,
    certifier.deliver,
    certifier.verify,
    certifier.rollup,
    certifier.accrochage,
    people.forget,
    people.purge,
    here.open_page,
    here.demo,
)


@click.group(
    cls=Group,
    context_settings=HELP,
    subcommand_metavar="COMMANDE [ARGUMENTS]...",
    help="Prépare, collecte et consolide les fiches d'évaluation d'une cohorte.",
)
@click.version_option(__version__, message="cohorte %(version)s")
def main() -> None:
    """The console script ``cohorte``."""


for each in COMMANDS:
    main.add_command(each)
