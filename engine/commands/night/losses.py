"""Returns that counted and are gone: too many at once, and the disk is suspected before the people."""

from __future__ import annotations

from engine import ledger
from engine.intake import Intake
from engine.model.errors import LossError
from engine.model.texts import counted, day_and_hour
from engine.workspace import shell
from engine.workspace.cohort import Cohort

_NAMED = 3
"""How many of the returns that are gone a sentence names."""


def weigh_loss(opened: Cohort, read: Intake, past: ledger.Ledger, *, accepted: bool) -> None:
    """Stop when more than half of the returns that counted at the last consolidation are gone; once that is
    ``accepted``, note it. Raises :class:`LossError`."""
    lost, last = ledger.loss(past, read.reports, opened.roster), past.last
    if last is not None and lost.heavy:
        told = _loss_in_words(lost, last, opened)
        if not accepted:
            raise LossError(
                f"{told} Vérifiez que le disque ou le partage qui porte « {opened.folder.returns} » est bien monté et "
                "complet, puis relancez ; s'ils ont été retirés exprès, lancez "
                f"{shell.line('consolidate', opened.folder.path, '--accept-loss')}."
            )
        past.notices.append(told)


def lost_most(opened: Cohort, read: Intake, past: ledger.Ledger) -> bool:
    """Whether more than half of the returns that counted at the last consolidation are gone."""
    return past.last is not None and ledger.loss(past, read.reports, opened.roster).heavy


def _loss_in_words(lost: ledger.Loss, last: ledger.RunRow, opened: Cohort) -> str:
    when = "que garde l'archive" if last.rebuilt else f"à la consolidation du {day_and_hour(last.made_at)}"
    names = ", ".join(f"« {path} »" for path in lost.gone[:_NAMED])
    others = len(lost.gone) - _NAMED
    names += f" et {counted(others, 'autre', 'autres')}" if others > 0 else ""
    counts = f"{len(lost.gone)} des {lost.counted} retours qui comptaient {when} ne sont plus"
    if lost.counted == 1:
        counts = f"Le seul retour qui comptait {when} n'est plus"
    return f"{counts} dans « {opened.folder.returns.name} » : {names}."
