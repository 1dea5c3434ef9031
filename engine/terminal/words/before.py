"""Before the returns: a folder, the workbooks to send, the personal codes, a look at what somebody filled."""

from __future__ import annotations

from pathlib import Path

import click

from engine import REFERENTIAL
from engine.terminal import options
from engine.terminal.command import answer, command, progress, say

_PRINTED = 78  # signs: a line on a terminal, and on paper


@command("init", "Prépare le dossier d'une cohorte : un registre à remplir, et sa clé. N'écrase rien.")
@options.folder
@click.option(
    "--from",
    "sessions",
    multiple=True,
    metavar="SESSION",
    type=options.FOLDER,
    help="Reprend les candidats qu'une session close, ou plusieurs à la suite, laissent sans titre.",
)
@click.argument("more", nargs=-1, metavar="[SESSION...]", type=options.FOLDER)
@click.option(
    "--referential",
    metavar="NOM_OU_FICHIER",
    help="Référentiel : un nom fourni, ou un fichier TOML.",
    show_default=f"celui de --from, ou {REFERENTIAL}",
)
@click.option(
    "--key-file",
    metavar="FICHIER",
    type=options.FILE,
    help="Fichier de la clé des sessions reprises, si elle n'est pas dans leur dossier ; la nouvelle a la sienne.",
)
def init(
    folder: Path,
    sessions: tuple[Path, ...],
    more: tuple[Path, ...],
    referential: str | None,
    key_file: Path | None,
) -> int:
    """Make a cohort folder."""
    from engine.commands.exits import NEEDS_A_PERSON
    from engine.commands.init import initialise
    from engine.terminal import beginning

    if more and not sessions:
        raise click.UsageError("Les sessions à reprendre s'écrivent après --from.")
    if key_file and not sessions:
        raise click.UsageError("--key-file est la clé des sessions reprises : il va avec --from.")
    made = initialise(folder, referential, sessions + more, key_file)
    say(beginning.told(made))
    return NEEDS_A_PERSON if made.needs_a_person else 0


@command("templates", "Écrit les classeurs à envoyer, un par candidat et évaluateur, sous envois/.")
@click.argument("folder", metavar="[DOSSIER]", type=options.FOLDER, required=False)
@options.wanted
@click.option(
    "--blank", "blank_out", type=options.FOLDER, metavar="SORTIE", help="Écrit les fiches vierges, sans cohorte."
)
@options.key_file
@options.referential
def templates(
    folder: Path | None,
    wanted: tuple[str, ...],
    blank_out: Path | None,
    key_file: Path | None,
    referential: str,
) -> None:
    """Write the workbooks to send."""
    from engine.commands.templates import issue
    from engine.terminal import summary

    if folder is None and blank_out is not None:
        _blanks(blank_out, referential)
        return
    if folder is None or blank_out is not None:
        raise click.UsageError("Indiquez le DOSSIER d'une cohorte, ou --blank SORTIE.")
    with progress() as advance:
        report = issue(folder, wanted, advance, key_file=key_file)
    say(summary.issued(folder, report))


def _blanks(out: Path, referential: str) -> None:
    from engine.commands.templates import write_blanks

    written = write_blanks(out, referential)
    say([f"{len(written)} classeurs vierges dans {out} :", *(f"  {path.name}" for path in written)])


@command("codes", "Affiche le code personnel de chaque évaluateur, une page chacun, à remettre en main propre.")
@options.folder
@click.option(
    "--out",
    metavar="FICHIER",
    type=options.Where(dir_okay=False, path_type=Path),
    help="Les écrit dans ce classeur (.xlsx), une page à imprimer par personne, lisible par vous seul.",
)
@options.key_file
def codes(folder: Path, out: Path | None, key_file: Path | None) -> None:
    """The pages of personal codes, parted by form feeds for a printer, or as a workbook."""
    from engine.commands import codes

    if out is not None:
        count = codes.write_codes(folder, out, key_file=key_file)
        say([f"{count} pages dans {out}.", "À faire : imprimez-les, remettez-les en main propre, puis effacez-le."])
        return
    pages = ("\n".join(map(_folded, page.split("\n"))) for page in codes.codes(folder, key_file=key_file))
    say(["\f".join(pages).removesuffix("\n")])


def _folded(paragraph: str) -> str:
    import textwrap

    return textwrap.fill(paragraph, _PRINTED, break_on_hyphens=False)


@command("check", "Vérifie sur-le-champ des classeurs remplis, ou des dossiers, et dit ce qui ne va pas.")
@click.argument("paths", metavar="CHEMIN...", nargs=-1, required=True, type=options.Where(exists=True, path_type=Path))
@options.key_file
@options.referential
@options.as_json
def check(paths: tuple[Path, ...], key_file: Path | None, referential: str, as_json: bool) -> int:
    """Check filled workbooks on the spot."""
    from engine.commands import check, no_return
    from engine.terminal import summary

    filled, others = no_return.part(paths)
    with progress(quiet=as_json) as advance:
        report = check.check(filled, referential, advance, key_file=key_file)
    return answer(report, summary.checked(report, others), as_json=as_json)


@command("referential", "Change un référentiel TOML en classeur à remplir, ou l'inverse. N'écrase rien.")
@click.argument("source", metavar="ENTRÉE")
@click.argument("target", metavar="SORTIE", type=options.Where(dir_okay=False, path_type=Path))
def referential(source: str, target: Path) -> None:
    """A referential as a workbook, or back."""
    from engine.commands.referential import convert

    lost = convert(source, target)
    say([f"{target} est écrit : c'est le même référentiel."])
    if lost:
        say(["Les commentaires du fichier TOML n'y sont pas : un classeur n'a pas de place pour eux."])
    else:
        say([f"À faire : indiquez-le dans cohorte.xlsx, feuille Session, ligne Référentiel : {target}."])
