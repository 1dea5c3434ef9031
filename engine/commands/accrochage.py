"""``accrochage``: the XML by which the certifier declares holders to the Caisse des Dépôts."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from engine.commands.certifier.receiving import asked, counting, read_delivery
from engine.commands.rosters import open_table
from engine.commands.verify import Passphrase
from engine.model import Decision
from engine.model.errors import EngineError
from engine.model.faults import reason
from engine.office.typed import cells
from engine.office.typed.cells import MisreadError
from engine.outputs.nation import Cohort, Received, State
from engine.workspace import clock
from engine.workspace.files import clear, forsaken, write_private

if TYPE_CHECKING:
    from engine.outputs.accrochage import Holder, LeftOut

PARIS = ZoneInfo("Europe/Paris")


@dataclass(frozen=True)
class Inputs:
    """What a declaration needs beside deliveries: the table of births, the receiver's schema, the settings."""

    births: Path
    schema: Path
    settings: Path


@dataclass(frozen=True)
class Declared:
    """The files written, how many passages they hold, who was left out; how many hold blocs and not the title
    (``of_blocs``), for whom a declaration has no place; the deliveries of which there is something to say: refused,
    standing in for one that is, without all of its holders. Of the parts of an earlier declaration that stood beside
    the files, those that were taken away (``removed``) and those that could not be (``stale``)."""

    files: tuple[Path, ...]
    removed: tuple[Path, ...]
    stale: tuple[Path, ...]
    passages: int
    of_blocs: int
    left_out: Sequence[LeftOut]
    received: Sequence[Received]

    @property
    def complete(self) -> bool:
        """Whether every holder of every delivery is declared, and nothing else can be taken for the declaration."""
        return not self.left_out and not self.stale and not self.received


def declare(target: Path, paths: Iterable[Path], passphrase: Passphrase, inputs: Inputs) -> Declared:
    """Write the declaration of the ADMIS of these deliveries, in one file or several, for the owner's eyes only.

    Nothing is written unless the schema admits the whole. Raises :class:`EngineError` when it does not, when the schema
    or the settings cannot be used, or when no delivery can be read.
    """
    try:
        from engine.outputs import accrochage
    except ImportError as fault:
        raise EngineError(
            "Cette commande demande lxml : installez-le avec « pip install 'cohorte[accrochage]' »."
        ) from fault
    settings = accrochage.read_settings(_content(inputs.settings), str(inputs.settings))
    schema = accrochage.Schema(inputs.schema)
    births = accrochage.read_births(open_table(inputs.births, accrochage.REQUIRED), str(inputs.births))
    readings = [read_delivery(sent) for sent in asked(paths, passphrase)]
    cohorts, received = counting(readings, one_certification=False)
    passages, left_out = accrochage.join(_holders(cohorts), births)
    parts = accrochage.parts(accrochage.Declaration(settings, _now(), passages))
    people = {accrochage.technical_identifier(settings.id_client, each): _called(each) for each, _ in passages}
    for part in parts:
        schema.require(part, people)
    files = _write(target, parts)
    removed, stale = _remove_others(target, files) if files else ((), ())
    told = [each for each in received if each.why and each.state is not State.REPLACED]
    return Declared(files, removed, stale, len(passages), _of_blocs(cohorts), left_out, told)


def _called(holder: Holder) -> str:
    return f"{holder.last_name} {holder.first_name} ({holder.identifier}, {holder.centre})"


def _holders(cohorts: Iterable[Cohort]) -> Iterator[Holder]:
    """Who was awarded the whole certification, by certification, centre, session and identifier."""
    ordered = sorted(cohorts, key=lambda each: (each.certification, each.centre, each.session, each.cohort_id))
    for cohort in ordered:
        for row in sorted(cohort.holders, key=lambda row: row["Identifiant"]):
            if row["Décision"] == Decision.ADMITTED:
                yield _holder(cohort, row)


def _of_blocs(cohorts: Iterable[Cohort]) -> int:
    """How many hold blocs, and not the title."""
    return sum(row["Décision"] == Decision.PARTIAL for cohort in cohorts for row in cohort.holders)


def _holder(cohort: Cohort, row: Mapping[str, str]) -> Holder:
    from engine.outputs.accrochage import Holder

    try:
        day = cells.as_date(row["Date du jury"])
    except MisreadError:  # the others are declared all the same
        day = None
    return Holder(
        cohort=cohort.cohort_id,
        identifier=row["Identifiant"],
        last_name=row["Nom"],
        first_name=row["Prénom"],
        centre=row["Centre"],
        session=row["Session"],
        certification=cohort.certification,
        jury=day,
    )


def _write(target: Path, parts: Sequence[bytes]) -> tuple[Path, ...]:
    several = len(parts) > 1
    files = [target.with_stem(f"{target.stem}-{rank}") if several else target for rank in range(1, len(parts) + 1)]
    try:
        for path, part in zip(files, parts, strict=True):
            write_private(path, part)
            clear(forsaken(path))
    except OSError as fault:
        raise EngineError(f"« {target} » ne peut pas être écrit : {reason(fault)}.") from fault
    return tuple(files)


def _remove_others(target: Path, files: Sequence[Path]) -> tuple[tuple[Path, ...], tuple[Path, ...]]:
    """Take away what an earlier declaration of this name left beside these files, for it would be sent with them: only
    what says itself to be that part of a declaration. Those taken away, and those that the system keeps."""
    parts = {target: 1}
    for path in target.parent.iterdir():
        rank = path.stem.removeprefix(f"{target.stem}-")
        if path.suffix == target.suffix and path.stem == f"{target.stem}-{rank}" and _RANK.fullmatch(rank):
            parts[path] = int(rank)
    earlier = sorted(path for path, rank in parts.items() if path not in files and _is_part(path, rank))
    if target.with_stem(f"{target.stem}-2") not in earlier:  # a first part alone is a whole declaration, named so
        earlier = [path for path in earlier if path == target or parts[path] > 1]
    for path in earlier:
        with suppress(OSError):
            path.unlink()
    kept = tuple(path for path in earlier if path.exists())
    return tuple(path for path in earlier if path not in kept), kept


_RANK = re.compile(r"[1-9][0-9]{0,5}")
_HEAD = 2_000  # bytes of a declaration in which its name stands


def _is_part(path: Path, rank: int) -> bool:
    """Whether a file is this part of a declaration that this command wrote."""
    from engine.outputs.accrochage import flux

    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except OSError:
        return False
    named = re.search(rb"<cpf:idFlux>\d{14}-(\d+)</cpf:idFlux>", head)
    return flux.NAMESPACE.encode() in head and named is not None and int(named[1]) == rank


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as fault:
        raise EngineError(f"« {path} » ne peut pas être lu : {reason(fault)}.") from fault


def _now() -> datetime:
    """Now in Paris, where the receiver is; what ``SOURCE_DATE_EPOCH`` says is UTC."""
    now = clock.now()
    return (now.replace(tzinfo=UTC) if os.environ.get("SOURCE_DATE_EPOCH", "").strip() else now).astimezone(PARIS)
