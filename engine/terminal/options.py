"""The options and arguments that several words of the command line take."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

import click

from engine import REFERENTIAL

T = TypeVar("T")


class Count(click.ParamType[int]):
    """A whole number, 1 at least."""

    name = "nombre"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The number, or a refusal that says what is expected."""
        if isinstance(value, int):
            return value
        if not (str(value).isascii() and str(value).isdigit() and int(value) >= 1):
            self.fail(f"« {value} » n'est pas un nombre entier, 1 au moins.", param, ctx)
        return int(value)


class Where(click.Path):
    """A path, and not nothing: an empty text, as a variable that was never set leaves, is no other word for « . »."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The path, or a refusal."""
        if not str(value).strip():
            self.fail("le nom est vide ; « . » désigne le dossier où vous êtes.", param, ctx)
        return super().convert(value, param, ctx)


COUNT = Count()
FOLDER = Where(file_okay=False, path_type=Path)
FILE = Where(exists=True, dir_okay=False, path_type=Path)

folder = click.argument("folder", metavar="DOSSIER", type=FOLDER)
candidate = click.argument("candidate", metavar="CANDIDAT")
as_json = click.option("--json", "as_json", is_flag=True, help="Affiche un objet JSON et rien d'autre.")
key_file = click.option(
    "--key-file",
    metavar="FICHIER",
    type=FILE,
    help="Fichier de la clé, si elle n'est pas dans le dossier (la variable COHORTE_KEY tient la clé elle-même).",
)
referential = click.option(
    "--referential",
    default=REFERENTIAL,
    show_default=True,
    metavar="NOM_OU_FICHIER",
    help="Référentiel : un nom fourni, ou un fichier TOML.",
)
_only = click.option("--only", multiple=True, metavar="CANDIDAT", help="Seulement ce candidat (option à répéter).")
_more = click.argument("more", nargs=-1, metavar="[CANDIDAT...]")  # more identifiers, which click takes for arguments


def wanted(job: Callable[..., T]) -> Callable[..., T]:
    """``--only ID [ID...]``: the identifiers of candidates as ``wanted``; none means everybody."""

    @wraps(job)
    def taking(*, only: tuple[str, ...], more: tuple[str, ...], **others: Any) -> T:
        if more and not only:
            raise click.UsageError("Les identifiants de candidats s'écrivent après --only.")
        return job(wanted=only + more, **others)

    return _only(_more(taking))


def addressed(scheduler: str | None, paths: tuple[Path, ...]) -> tuple[str | None, tuple[Path, ...]]:
    """The scheduler's address, and the paths: one that follows the option without an address is a path."""
    if scheduler is None or scheduler == "local" or "://" in scheduler:
        return scheduler, paths
    return "local", (Path(scheduler), *paths)
