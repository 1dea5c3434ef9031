"""``doctor``: whether a cohort can be left alone, one finding per check. Changes nothing that lasts."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from engine.commands.cohorts import open_cohort
from engine.ledger import Archive, opening
from engine.ledger.schema import read_whole
from engine.model.errors import CohortError, EngineError
from engine.model.texts import counted
from engine.workspace import keys, lock, precedents, seals, shell
from engine.workspace.cohort import Cohort, Folder
from engine.workspace.files import beside, create
from engine.workspace.issued import references
from engine.workspace.versions import outdated, versions

_LONG = timedelta(hours=6)
"""A night's work is over long before."""

_SLACK = timedelta(minutes=10)  # two clocks are never quite the same
_ROOM = 200_000_000  # bytes
_FIRST_YEAR, _LAST_YEAR = 2025, 2100


@dataclass(frozen=True)
class Finding:
    """What a check saw (``said``), and what to do about it (``remedy``, empty when all is well)."""

    check: str
    said: str
    remedy: str = ""

    @property
    def well(self) -> bool:
        """Whether nobody is needed."""
        return not self.remedy


def examine(path: Path, *, key_file: Path | None = None) -> list[Finding]:
    """Whether a cohort can be left alone. Raises :class:`CohortError` only when there is no such folder."""
    folder = Folder(path)
    if not path.is_dir():
        raise CohortError(f"Le dossier « {path} » n'existe pas.")

    def key() -> bytes:
        return seals.given_key(key_file) or seals.read_key(path)

    return list(findings(folder, lambda: open_cohort(path), key, datetime.now()))


Opener = Callable[[], Cohort]
Key = Callable[[], bytes]


def findings(folder: Folder, open_cohort: Opener, key: Key, now: datetime) -> Iterator[Finding]:
    """Every finding about a cohort folder, faults included: none raises.

    ``open_cohort`` reads roster and referential, ``key`` gives the cohort's key; both raise :class:`EngineError`.
    """
    checks: dict[str, Callable[[], Seen]] = {
        "Droits": lambda: _rights(folder),
        "Confidentialité": lambda: _private(folder),
        "Registre": lambda: _people(open_cohort),
        "Clé": lambda: _key(folder, key),
        "Disque": lambda: _room(folder),
        "Versions": _versions,
        "Mémoire": lambda: _memory(folder),
        "Archive": lambda: _archive(folder, now),
        "Horloge": lambda: _clock(folder, now),
        "Verrou": lambda: _lock(folder, now),
        "Restes": lambda: _leftovers(folder),
    }
    for name, check in checks.items():
        try:
            yield Finding(name, *check())
        except (OSError, EngineError) as fault:
            yield Finding(name, str(fault), "Corrigez la cause dite, puis relancez la même commande.")


Seen = tuple[str] | tuple[str, str]
"""What was seen and, when it is not well, the remedy."""


def _rights(folder: Folder) -> Seen:
    absent = [place.name for place in (folder.returns, folder.results, folder.outgoing) if not place.is_dir()]
    if absent:
        return f"Dossier absent : {', '.join(absent)}", f"{shell.line('init', folder.path)} le refait."
    next(folder.returns.iterdir(), None)
    private = folder.private if folder.private.is_dir() else folder.path  # made by the first run
    closed = [place.name for place in (folder.results, folder.outgoing, private) if not _writable(place)]
    if closed:
        return (
            f"Écriture impossible dans {', '.join(closed)}",
            "Donnez le droit d'y écrire à qui consolide.",
        )
    return ("retours se lit ; resultats, envois et .cohorte s'écrivent",)


def _writable(place: Path) -> bool:
    """Tried for good: what the modes tell is not all, on a share or on Windows."""
    probe = beside(place / "doctor")
    try:
        os.close(create(probe, b"x"))
        probe.unlink()
    except OSError:
        return False
    return True


def _private(folder: Folder) -> Seen:
    if os.name == "nt":
        return ("Les droits de Windows ne sont pas examinés : .cohorte doit n'être lisible que de son propriétaire",)
    inside = [folder.private, *folder.private.iterdir()] if folder.private.is_dir() else []
    opened = [path.name for path in inside if stat.S_IMODE(path.stat().st_mode) & 0o077]
    if opened:
        return f"Lisible par d'autres : {', '.join(opened)}", shell.command("chmod", "-R", "go-rwx", folder.private)
    others = (folder.results, folder.outgoing, folder.returns, folder.roster, folder.carried)
    shown = [path.name for path in others if _public(path)]
    if shown:
        said = f"Lisible par tout compte de la machine : {', '.join(shown)}"
        return said, shell.command("chmod", "-R", "o-rwx", folder.path)
    return (".cohorte n'est lisible que de son propriétaire, le reste n'est pas ouvert à tous",)


def _public(path: Path) -> bool:
    """Whether any account of the machine may read it: it is open to all, and so is the way that leads there."""
    return path.exists() and bool(path.stat().st_mode & stat.S_IROTH) and _reached(path)


def _reached(path: Path) -> bool:
    return all(place.stat().st_mode & stat.S_IXOTH for place in path.resolve().parents)


def _people(open_cohort: Opener) -> Seen:
    cohort = open_cohort()
    people, certification = cohort.roster, cohort.referential.certification
    counts = people.counts
    return (f"{counts} ; référentiel {certification.short_title}, version {certification.version}",)


def _key(folder: Folder, key: Key) -> Seen:
    secret = key()
    issued = list(references(folder))
    strange = sum(not seals.is_genuine(secret, reference) for reference in issued)
    if strange or keys.is_known(folder, secret) is False:
        of = "fiches examinées" if len(issued) > 1 else "fiche examinée"
        said = f"Elle n'est pas celle des fiches générées ({strange} sur {len(issued)} {of})"
        again = shell.line("templates", folder.path)
        return said, f"Remettez la bonne depuis une sauvegarde (docs/cle.md) ; sinon, {again} les refait."
    seen = counted(len(issued), "examinée", "examinées")
    return (f"Elle est bien celle des fiches générées ({seen})",) if issued else ("Elle se lit",)


def _room(folder: Folder) -> Seen:
    free = shutil.disk_usage(folder.path).free
    workbook = folder.results_workbook
    wanted = _ROOM + 3 * (workbook.stat().st_size if workbook.exists() else 0)
    said = f"{free // 1_000_000} Mo libres"
    return (said,) if free > wanted else (said, f"Faites de la place : il en faut {wanted // 1_000_000} Mo au moins.")


def _versions() -> Seen:
    old = outdated()
    if old:
        return (
            f"À mettre à jour : {', '.join(old)}",
            "Dans le dossier du programme : « python -m pip install --upgrade . ».",
        )
    return (versions(),)


def _memory(folder: Folder) -> Seen:
    """The integrity of the memory, as a run checks it; one that was set aside is none."""
    if not folder.memory.exists():
        return ("Aucune pour l'instant",)
    try:
        with opening.to_read(folder.memory) as memory:
            read_whole(memory)
            return (f"{folder.memory.name} : intègre",)
    except opening.NewerError:
        said = f"Écrite par une version plus récente du programme : {folder.memory.name}"
        return said, "Installez la même version sur cette machine ; d'ici là, rien ne s'y fait."
    except (opening.DamagedError, *opening.DOUBTS):
        return (
            f"Abîmée : {folder.memory.name}",
            "Rien n'est à faire : la prochaine consolidation la met de côté et la refait. Gardez la copie de côté.",
        )


def _archive(folder: Folder, now: datetime) -> Seen:
    """Whether every archived return is still what it was."""
    kept = Archive(folder.archive, now)
    digests = sorted(kept.digests())
    spoiled = [digest[:12] for digest in digests if kept.content(digest) is None]
    if spoiled:
        said = f"{counted(len(spoiled), 'retour archivé abîmé', 'retours archivés abîmés')} : {', '.join(spoiled[:5])}"
        return said, "Rétablissez-les d'une sauvegarde ; le disque est peut-être en cause."
    return (
        (counted(len(digests), "retour archivé, intègre", "retours archivés, tous intègres"),) if digests else ("Vide",)
    )


def _clock(folder: Folder, now: datetime) -> Seen:
    said, remedy = f"Il est {now:%H h %M} le {now:%d/%m/%Y}", "Remettez l'horloge de la machine à l'heure (NTP)."
    if not _FIRST_YEAR <= now.year <= _LAST_YEAR:
        return f"{said} : c'est impossible", remedy
    written = [path for path in (folder.results_workbook, folder.log) if path.is_file()]
    later = [path.name for path in written if datetime.fromtimestamp(path.stat().st_mtime) > now + _SLACK]
    later += [path.name for path in precedents.after(folder.results_workbook, now + _SLACK)]
    if later:
        return f"{said}, mais ceci est daté d'après : {', '.join(later)}", remedy
    return (f"{said} ; rien n'est daté d'après",)


def _lock(folder: Folder, now: datetime) -> Seen:
    holder = lock.holder(folder.lock)
    if holder is None:
        return ("Aucun passage en cours",)
    if isinstance(holder, lock.Holder) and now - holder.since > _LONG:
        return (
            f"Passage en cours : {holder}",
            "C'est trop long : voyez ce qui le retient, ou arrêtez-le.",
        )
    return ("Passage en cours" + (f" : {holder}" if holder else ""),)


def _leftovers(folder: Folder) -> Seen:
    left = folder.leftovers()
    if left:
        return (f"{len(left)} d'un passage interrompu ou en cours ; le prochain les retire",)
    return ("Aucun",)
