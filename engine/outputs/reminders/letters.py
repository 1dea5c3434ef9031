"""Drafts of reminders: one message per evaluator, ready to send, the corrected copies attached."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from pathlib import PurePath

from engine.model import Evaluator, Role, Roster
from engine.model.anomalies import Anomaly
from engine.model.texts import bare, counted, plural
from engine.office import mail
from engine.outputs.reminders.needs import Item, Needs
from engine.workspace.files import safe_name

_BOUNDARY = "=_cohorte_relance"
_MOST_CELLS = 12
_MONTHS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
)


def file_name(wanted: Needs) -> str:
    """The name of a draft: ``BENALI Karim (T01).eml``."""
    return draft_name(wanted.evaluator)


def draft_name(person: Evaluator | None) -> str:
    """The name of a draft to somebody; ``None``: the secretariat."""
    return f"{safe_name(person.name)} ({person.id}).eml" if person else "Secrétariat.eml"


def draft(
    wanted: Needs,
    copies: Mapping[str, bytes],
    roster: Roster,
    now: datetime,
    blanks: Mapping[str, bytes] | None = None,
) -> bytes:
    """The draft of one reminder; ``copies``: the corrected workbooks to attach, by file name; ``blanks``: those that
    were sent and are asked for again."""
    fresh = {name: content for name, content in (blanks or {}).items() if name not in copies}
    message = mail.Message(
        recipients=recipients(wanted.evaluator, roster),
        subject=_subject(wanted, roster),
        body="\n".join(_body(wanted, bool(copies), bool(fresh), roster, now)) + "\n",
        workbooks={**copies, **fresh},
    )
    return mail.draft(message, now, boundary=_BOUNDARY)


def _subject(wanted: Needs, roster: Roster) -> str:
    late = len(wanted.missing)
    again = len(wanted.refused) + len(wanted.to_mend) + len(wanted.unfinished)
    parts = [counted(late, "fiche attendue", "fiches attendues")] if late else []
    parts += [counted(again, "fiche à reprendre", "fiches à reprendre")] if again else []
    return f"{roster.session.short_title or 'Évaluations'} : {', '.join(parts)}"


def recipients(person: Evaluator | None, roster: Roster) -> list[str]:
    """The addresses of somebody; ``None``: of whoever is the secretariat."""
    return [each.email for each in ([person] if person else roster.with_role(Role.SECRETARIAT))]


def greeting(person: Evaluator | None) -> Iterator[str]:
    """How a message begins."""
    yield f"Bonjour {person.first_name} {person.last_name}," if person else "Bonjour,"
    yield ""


def closing(roster: Roster) -> Iterator[str]:
    """How a message ends."""
    yield "Merci de votre concours. Bien cordialement,"
    yield ""
    yield " ".join(part for part in ("Le secrétariat", roster.session.centre and f"– {roster.session.centre}") if part)


def signing(roster: Roster) -> Iterator[str]:
    """How sheets are to be signed, where a sheet that is not signed is refused."""
    if roster.session.signature_required:
        yield (
            "Signez chaque feuille en tapant votre code personnel dans la case « Code personnel (exigé) », en bas : "
            "une signature sur papier ou une image ne suffit pas, une feuille sans ce code n'est pas prise en compte. "
            "Votre code vous est remis à part ; demandez-le-nous s'il vous manque."
        )
        yield ""


def in_full(day: date) -> str:
    """``1er juillet 2025``."""
    return f"{'1er' if day.day == 1 else day.day} {_MONTHS[day.month - 1]} {day.year}"


# ----------------------------------------------------------------------------------------------- body


def _body(wanted: Needs, attached: bool, blanks: bool, roster: Roster, now: datetime) -> Iterator[str]:
    yield from greeting(wanted.evaluator)
    names = _names(roster)
    about = f" ({roster.session.short_title})" if roster.session.short_title else ""
    yield f"Nous préparons les résultats des candidats{about} et avons encore besoin de vous."
    yield from _listed("Nous n'avons pas encore reçu", wanted.missing, names)
    yield from _listed("Nous n'avons pas pu prendre en compte", wanted.refused, names)
    if blanks:
        yield ""
        yield "Vous trouverez de nouveau ces classeurs ci-joints, au cas où vous ne les auriez plus."
    yield from _listed("Il reste à corriger", wanted.to_mend, names)
    if attached:
        yield ""
        yield (
            "Ce qui est à corriger est joint : les classeurs contiennent déjà ce que nous avons pu lire. Les cases "
            "à reprendre y sont encadrées en rouge brique, avec une note qui dit ce que nous avons lu et ce qui est "
            "attendu. Remplissez-les, signez, enregistrez, puis renvoyez-nous ces classeurs : ils remplaceront les "
            "précédents."
        )
    yield from _listed("Il reste à compléter, dans le classeur que vous nous avez renvoyé", wanted.unfinished, names)
    yield ""
    yield from signing(roster)
    yield from _deadline(roster, now)
    yield "Si vous nous avez répondu entre-temps, ne tenez pas compte de ce message."
    yield ""
    yield from closing(roster)


def _listed(title: str, items: Iterable[Item], names: Mapping[str, str]) -> Iterator[str]:
    for rank, item in enumerate(items):
        if rank == 0:
            yield ""
            yield f"{title} :"
        file = next((PurePath(fault.file).name for fault in item.faults if fault.file), "")
        yield _line(f"  - {_title(item, names)}" + (f" (votre fichier « {file} »)" if file else ""), indent=2)
        yield from (_line(f"      {text}", indent=6) for text in dict.fromkeys(map(_fault, item.faults)))


def _names(roster: Roster) -> Mapping[str, str]:
    """How each candidate is called, by identifier: two of the same name would be taken for each other."""
    shared = Counter(bare(candidate.name) for candidate in roster.candidates)
    return {
        candidate.id: candidate.name if shared[bare(candidate.name)] == 1 else f"{candidate.name} ({candidate.id})"
        for candidate in roster.candidates
    }


def _title(item: Item, names: Mapping[str, str]) -> str:
    """``Grille de compétences de LEFÈVRE Éloïse``."""
    if item.candidate is None:
        return "Notes de la cohorte" if not item.kind.record.per_evaluator else item.kind.record.title
    name = names.get(item.candidate.id, item.candidate.name)
    return f"{item.kind.record.title} {'d’' if bare(name)[:1] in tuple('aeiou') else 'de '}{name}"


def _fault(fault: Anomaly) -> str:
    """What is wrong, where, and what to do about it."""
    cells = [cell.strip() for cell in fault.cell.split(";") if cell.strip()]
    more = f" et {len(cells) - _MOST_CELLS} autres" if len(cells) > _MOST_CELLS else ""
    where = f" ({plural(len(cells), 'case')} {', '.join(cells[:_MOST_CELLS])}{more})" if cells else ""
    todo = fault.entry.advice if fault.blocking else ""
    return f"{fault.message.removesuffix('.')}{where}. {todo}".strip()


def _deadline(roster: Roster, now: datetime) -> Iterator[str]:
    day = roster.session.jury_date
    if day is None:
        return
    written = in_full(day)
    if day >= now.date():
        yield f"Le jury se réunit le {written} : merci de nous répondre avant cette date."
    else:
        yield f"Le jury était fixé au {written} : merci de nous répondre dès que possible."


def _line(text: str, indent: int = 0) -> str:
    return " " * indent + mail.one_line(text)
