"""What is erased: one person, and what is older than it may be kept."""

from __future__ import annotations

from pathlib import Path

import click

from engine.terminal import options
from engine.terminal.command import command, say


@command("forget", "Efface tout ce qui concerne un candidat, après avoir dit ce qu'il faut retirer à la main.")
@options.folder
@options.candidate
@options.key_file
def forget(folder: Path, candidate: str, key_file: Path | None) -> int:
    """One person taken out of a cohort."""
    from engine.commands.exits import NEEDS_A_PERSON
    from engine.commands.forget import forget
    from engine.terminal import privacy

    done = forget(folder, candidate, key_file=key_file)
    say(privacy.forgotten(done))
    return 0 if done.done else NEEDS_A_PERSON


@command("purge", "Efface l'historique plus ancien que la durée de conservation ; ni décisions, ni retours présents.")
@options.folder
@click.option(
    "--older-than",
    metavar="DURÉE",
    help="Par exemple 24m, 2a ou 90j (par défaut, le champ Conservation du registre).",
)
@click.option("--dry-run", is_flag=True, help="Dit ce qui serait effacé, et n'efface rien.")
def purge(folder: Path, older_than: str | None, dry_run: bool) -> int:
    """Retention: erase what is kept no longer than it must be."""
    from engine.commands.exits import NEEDS_A_PERSON
    from engine.commands.purge import purge, retention
    from engine.model import spans
    from engine.terminal import privacy

    try:
        span = spans.parse(older_than) if older_than is not None else retention(folder)
    except ValueError as fault:
        raise click.BadParameter(f"{fault}.", param_hint="--older-than") from fault
    if span is None:
        raise click.UsageError("Indiquez --older-than DURÉE, ou remplissez « Conservation » dans le registre.")
    done = purge(folder, span, dry_run=dry_run)
    say(privacy.purged(done, dry_run=dry_run))
    return NEEDS_A_PERSON if done.stuck else 0
