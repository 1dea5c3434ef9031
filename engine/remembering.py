"""What the memory gives the intake, and what the intake gives back to a memory that was lost."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import engine
from engine import intake, ledger
from engine.intake import Context
from engine.texts import counted


def memory(past: ledger.Past, context: Context, full: bool) -> intake.Memory:
    """What need not be read again; nothing of it for a ``full`` run."""
    if full:
        return intake.NOTHING
    looks = {
        file.path: intake.Look(file.size, file.modified_ns, file.changed_ns, file.sha256)
        for file in past.files()
        if file.sure
    }
    return intake.Memory(looks, past.readings(intake.fingerprint(context)))


def rebuild(past: ledger.Ledger, archive: ledger.Archive, context: Context, now: datetime) -> None:
    """Give a memory that was lost what the archive still knows: who sent what, when, and which version stood."""
    with TemporaryDirectory(prefix="cohorte-") as place:
        kept = archive.unpack(Path(place))
        read = intake.read_paths(list(kept), Path(place), context)
    if not kept:
        return
    for report, each in zip(read.reports, kept.values(), strict=True):
        report.path = each.name
    night = ledger.Night(
        made_at=now,
        program=engine.__version__,
        clock=0,
        context=intake.fingerprint(context),
        files=read.reports,
        states={},
        anomalies=(),
        outcomes=(),
        readings=intake.lasting(read.reports),
    )
    past.rebuild(night, {each.digest: each.kept_at for each in kept.values()})
    returns = counted(len(kept), "retour archivé", "retours archivés")
    past.notices.append(f"La mémoire a été refaite à partir de {returns} et des retours présents.")
