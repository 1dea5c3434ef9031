"""What closed sessions leave to the next one, read where they lie; nothing of theirs is written."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from engine import ledger, referential
from engine.commands.cohorts import key_of, open_cohort
from engine.commands.grounds import Grounds, grounds, look, read
from engine.commands.judgement import judge
from engine.commands.rosters import read_roster
from engine.model import Act, Outcome
from engine.model.carrying import Carrying
from engine.model.errors import CohortError, EngineError
from engine.roster.carrying import Ended, carry
from engine.workspace import seals, shell
from engine.workspace.cohort import Cohort, Folder


@dataclass(frozen=True)
class _Session:
    """A closed session, and what is to be told of how it was read."""

    cohort: Cohort
    ended: Ended
    fault: str = ""

    @property
    def certification(self) -> str:
        """The name or the path of its referential, as any folder may write it."""
        name = self.cohort.roster.session.referential
        return name if name in referential.shipped() else str((self.cohort.folder.path / name).resolve())


def gather(
    target: Folder, places: Iterable[Path], name: str | None, key_file: Path | None = None
) -> tuple[Carrying, str]:
    """What closed sessions leave to a cohort, which may have a roster already, and the certification that it prepares
    for: that of its roster; without one ``name``, or else that of the session that was closed last. ``key_file``: the
    key of those that have none in their folder.

    Raises :class:`CohortError` when a session is not closed for certain, or prepared for another certification.
    """
    sessions = [_read(place, key_file) for place in {place.resolve(): place for place in places}.values()]
    if any(session.cohort.folder.path.resolve() == target.path.resolve() for session in sessions):
        raise CohortError(f"« {target.path} » ne peut pas être la suite de lui-même : donnez un autre dossier.")
    there, base = None, Path.cwd()
    if target.roster.exists():
        there = read_roster(target.roster, lambda of: referential.load(of, base=target.path), may_be_empty=True)
        name, base = there.session.referential, target.path
    elif name is None:
        name = max(sessions, key=lambda session: session.ended.closure.at).certification
    wanted = referential.load(name, base=base)
    for session in sessions:
        _require(session, wanted.certification.code)
    carrying = carry([session.ended for session in sessions], wanted, there)
    faults = (*(session.fault for session in sessions if session.fault), *carrying.faults)
    return replace(carrying, faults=faults), name


def _require(session: _Session, code: str) -> None:
    before = session.ended.referential.certification.code
    if before != code:
        raise CohortError(
            f"« {session.cohort.folder.path} » prépare à {before}, et la nouvelle session à {code} : rien ne passe "
            "d'une certification à une autre."
        )


def _read(place: Path, key_file: Path | None) -> _Session:
    """A session, once it is known to be closed."""
    cohort = open_cohort(place)
    key = key_of(cohort.folder, key_file if seals.is_missing(seals.key_path(place)) else None)
    try:
        return _session(cohort, key)
    except ledger.DamagedError:
        return _session(cohort, key, doubted=True)


def _session(cohort: Cohort, key: bytes, *, doubted: bool = False) -> _Session:
    folder = cohort.folder
    with grounds(cohort, key, doubted=doubted) as at:
        closure = at.past.closure
        if closure is None:
            raise CohortError(
                f"La session « {folder.path} » n'est pas close : {shell.line('close', folder.path)} d'abord."
            )
        if not closure.certain:
            raise CohortError(
                f"Rien ne garantit plus ce que la clôture de « {folder.path} » a figé (R08) : "
                f"{shell.line('consolidate', folder.path)} dit pourquoi."
            )
        outcomes, fault = _outcomes(at, closure)
    ended = Ended(
        name=cohort.roster.session.title or folder.path.resolve().name,
        roster=cohort.roster,
        referential=cohort.referential,
        closure=closure,
        outcomes={outcome.candidate.id.casefold(): outcome for outcome in outcomes},
    )
    return _Session(cohort, ended, fault)


def _outcomes(at: Grounds, closure: Act) -> tuple[Sequence[Outcome], str]:
    """The outcomes of a closed session, read again from its returns, and a notice where these are lost or changed."""
    place = at.folder.path
    try:
        found = read(at, look(at))
    except ledger.DamagedError:
        raise
    except EngineError as fault:
        return (), f"La colonne À décider ne dit rien de « {place} » : {fault}"
    changed = {report.digest for report in found.reports if report.digest} != set(closure.returns.values())
    told = (
        f"Des retours de « {place} » ont changé depuis la clôture : À décider dit ce qu'ils donnent maintenant, "
        "et les blocs sont ceux de la clôture."
    )
    return judge(at, found).outcomes, told if changed else ""
