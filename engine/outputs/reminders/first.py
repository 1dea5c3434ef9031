"""Drafts of the first messages: one per evaluator, the workbooks to fill attached."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from engine.model import Evaluator, Referential, Roster
from engine.model.texts import counted
from engine.office import mail
from engine.outputs.reminders.letters import closing, greeting, in_full, recipients, signing

_BOUNDARY = "=_cohorte_envoi"


def first_message(
    person: Evaluator | None, workbooks: Mapping[str, bytes], roster: Roster, referential: Referential, now: datetime
) -> bytes:
    """The draft that hands workbooks out; ``person``: who fills them, ``None`` for the secretariat; ``workbooks`` by
    file name."""
    sheets = counted(len(workbooks), "classeur à remplir", "classeurs à remplir")
    message = mail.Message(
        recipients=recipients(person, roster),
        subject=f"{roster.session.short_title or 'Évaluations'} : {sheets}",
        body="\n".join(_body(person, list(workbooks), roster, referential)) + "\n",
        workbooks=workbooks,
    )
    return mail.draft(message, now, boundary=_BOUNDARY)


def _body(person: Evaluator | None, names: list[str], roster: Roster, referential: Referential) -> Iterator[str]:
    several = len(names) > 1
    yield from greeting(person)
    about = f", {roster.session.short_title}" if roster.session.short_title else ""
    yield (
        f"Vous trouverez {'ci-joints les classeurs' if several else 'ci-joint le classeur'} à remplir pour "
        f"l'évaluation des candidats ({mail.one_line(referential.certification.title)}{mail.one_line(about)}) :"
    )
    yield from (f"  - {mail.one_line(name)}" for name in names)
    yield ""
    yield (
        f"Enregistrez {'chaque' if several else 'le'} classeur sur votre ordinateur avant de le remplir, au format "
        "Excel (.xlsx) et sans mot de passe. Les cases à remplir sont teintées ; la feuille « Mode d'emploi » dit "
        "comment. Vous pouvez renvoyer un classeur incomplet, puis une version complétée : la dernière compte."
    )
    yield ""
    yield from signing(roster)
    yield from _deadline(roster)
    yield from closing(roster)


def _deadline(roster: Roster) -> Iterator[str]:
    day, jury = roster.session.deadline, roster.session.jury_date
    if day:
        yield f"Merci de nous les renvoyer, remplis, au plus tard le {in_full(day)}."
    else:
        yield "Merci de nous renvoyer, en réponse à ce message, ce que vous aurez rempli."
    if jury:
        yield f"Le jury se réunit le {in_full(jury)}."
    yield ""
