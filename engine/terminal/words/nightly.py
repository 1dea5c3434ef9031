"""Once returns come: the nightly job, who is late, the candidates' pages, whether it can all be left alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from engine.terminal import options as declared
from engine.terminal.command import answer, command, progress, say

if TYPE_CHECKING:
    from engine.commands.options import Options
    from engine.commands.report import Report
    from engine.ledger.comparison import Since
    from engine.model.errors import EngineError


@command("consolidate", "Lit les retours, vérifie, décide, et écrit resultats/resultats.xlsx.")
@click.argument("folders", metavar="DOSSIER...", nargs=-1, required=True, type=declared.Where(path_type=Path))
@click.option("--workers", type=declared.COUNT, metavar="N", help="Nombre de processus de lecture.")
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
    type=declared.COUNT,
    default=14,
    show_default=True,
    envvar="COHORTE_KEEP",
    metavar="N",
    help="Nombre de résultats précédents à garder (ou variable COHORTE_KEEP).",
)
@click.option("--quiet", is_flag=True, help="N'affiche que ce qui demande quelqu'un.")
@click.option(
    "--scheduler",
    is_flag=False,
    flag_value="local",
    metavar="ADRESSE",
    help="Répartit les cohortes sur des machines, par Dask (tcp://…) ; sans adresse : sur cette machine.",
)
@click.option("--since", metavar="DATE_OU_NUMÉRO", help="Dit ce qui a changé depuis cette date ou cette consolidation.")
@declared.key_file
@declared.as_json
def consolidate(
    folders: tuple[Path, ...], scheduler: str | None, since: str | None, quiet: bool, as_json: bool, **how: Any
) -> int:
    """The nightly job, cohort by cohort; one that cannot be done does not stop the others."""
    from engine.commands.options import Options
    from engine.model.errors import EngineError
    from engine.terminal import screen, summary
    from engine.workspace.meant import expand

    asked_for = Options(since=_since(since), **how)
    scheduler, folders = declared.addressed(scheduler, folders)
    asked = expand(folders)
    if not asked:
        raise click.UsageError("Indiquez au moins un DOSSIER de cohorte.")
    outcomes: dict[Path, Report | EngineError] = {}
    for folder, outcome in _nights(asked, asked_for, scheduler, quiet=quiet):
        outcomes[folder] = outcome
        if isinstance(outcome, EngineError):
            say([str(outcome) if len(asked) == 1 else f"{folder} : {outcome}"], error=True)
        elif not as_json:
            say((summary.attention if quiet else summary.consolidation)(folder, outcome))
    outcomes = {folder: outcomes[folder] for folder in asked}  # as they were given, in whatever order they ended
    if as_json:
        answers = [summary.answer(outcome) for outcome in outcomes.values()]
        screen.print_json(answers[0] if len(asked) == 1 else answers)
    elif len(asked) > 1 and not quiet:
        say(summary.overview(outcomes))
    return max(map(summary.status, outcomes.values()))


def _nights(
    folders: Sequence[Path], options: Options, scheduler: str | None, *, quiet: bool
) -> Iterator[tuple[Path, Report | EngineError]]:
    """Each cohort with what its night gave: one after the other here, or as they end elsewhere."""
    if scheduler is None:
        yield from ((folder, _night(folder, options, quiet=quiet)) for folder in folders)
        return
    from engine.commands.night import scheduling

    yield from scheduling.consolidate_on(scheduler, folders, options)


def _night(folder: Path, options: Options, *, quiet: bool) -> Report | EngineError:
    """One consolidation; what stopped it, when something did."""
    from engine.commands import consolidate, runs
    from engine.model.errors import EngineError

    try:
        with runs.told(folder, "consolidate"), progress(quiet=quiet) as advance:
            return consolidate.consolidate(folder, options, advance)
    except EngineError as refusal:
        return refusal


def _since(text: str | None) -> Since:
    from engine.commands.options import parse_since

    try:
        return parse_since(text)
    except ValueError as fault:
        raise click.BadParameter(f"« {text} » ; {fault}.", param_hint="--since") from fault


@command("status", "Dit, par évaluateur, ce qui est reçu, refusé, encore attendu. N'écrit rien.")
@declared.folder
@declared.key_file
@declared.as_json
def status(folder: Path, key_file: Path | None, as_json: bool) -> int:
    """Who is late."""
    from engine.commands.status import status
    from engine.terminal import summary

    report = status(folder, key_file=key_file)
    return answer(report, summary.lateness(folder, report), as_json=as_json)


@command("fiches", "Écrit une page A4 par candidat dans resultats/fiches/ : sa décision, ses niveaux, ses notes.")
@declared.folder
@declared.wanted
@click.option("--one-file", is_flag=True, help="Toutes les fiches dans un seul classeur, resultats/fiches.xlsx.")
@declared.key_file
def fiches(folder: Path, wanted: tuple[str, ...], one_file: bool, key_file: Path | None) -> int:
    """One page per candidate."""
    from engine.commands.fiches import write_fiches
    from engine.terminal import summary

    report, done = write_fiches(folder, wanted, one_file=one_file, key_file=key_file)
    return answer(report, summary.pages(report, done))


@command("doctor", "Examine si une cohorte peut tourner seule (droits, clé, disque, horloge), et dit quoi faire.")
@declared.folder
@declared.key_file
def doctor(folder: Path, key_file: Path | None) -> int:
    """Whether a cohort can be left alone."""
    from engine.commands.doctor import examine
    from engine.commands.exits import NEEDS_A_PERSON
    from engine.terminal import summary

    found = examine(folder, key_file=key_file)
    say(summary.findings(found))
    return 0 if all(each.well for each in found) else NEEDS_A_PERSON
