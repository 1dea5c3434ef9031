"""What came: the new returns, by who sent them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

from engine.model.changes import Arrival
from engine.model.expected import FileState
from engine.model.snapshot import File
from engine.model.texts import INSIDE, counted
from engine.outputs.briefing.facts import Facts, sheet_title
from engine.outputs.briefing.page import Item, Section, Tone, most

_MOST = 5
_MOST_PEOPLE = 4
_OTHERS = {
    Arrival.RENAMED: ("fichier renommé ou déplacé", "fichiers renommés ou déplacés"),
    Arrival.COPIED: ("copie d'un fichier déjà reçu", "copies de fichiers déjà reçus"),
    Arrival.JUDGED: ("fichier dont l'état a changé", "fichiers dont l'état a changé"),
    Arrival.GONE: ("fichier retiré", "fichiers retirés"),
}


def arrivals(facts: Facts) -> Section:
    """The section `Ce qui est arrivé`."""
    title, evolution = "Ce qui est arrivé", facts.evolution
    total = counted(_read(facts), "retour lu", "retours lus")
    if evolution.first:
        return Section(title, f"Première consolidation en mémoire : rien à quoi la comparer. {total}.")
    new = evolution.brought
    lead = [counted(len(new), "nouveau retour", "nouveaux retours") if new else "Aucun nouveau retour"]
    kinds = Counter(change.arrival for change in evolution.files)
    lead += [counted(kinds[arrival], *words) for arrival, words in _OTHERS.items() if kinds[arrival]]
    items, more = most(_by_sender(facts, new), _MOST, "Évolution")
    return Section(title, f"{', '.join(lead)} ; {total} en tout.", items, more)


def _read(facts: Facts) -> int:
    """How many returns there are; a message or an archive is as many as it holds."""
    opened = {path.partition(INSIDE)[0] for path in facts.files if INSIDE in path}
    return sum(state is not FileState.IGNORED and path not in opened for path, state in facts.files.items())


def _by_sender(facts: Facts, files: Iterable[File]) -> list[Item]:
    senders: dict[str, list[File]] = defaultdict(list)
    for file in files:
        senders[file.evaluator if file.kind else ""].append(file)
    unknown = [_unknown(file) for file in senders.pop("", []) if not _notes(file)]
    notes = [note for file in files if (note := _notes(file))]
    known = [
        Item(
            f"{' ; '.join(map(facts.evaluator, sender.split('; ')))} : {counted(len(sent), 'retour', 'retours')}",
            _about(facts, sent),
            tone=_tone(sent),
        )
        for sender, sent in senders.items()
    ]
    return unknown + notes + sorted(known, key=lambda item: item.head)


def _unknown(file: File) -> Item:
    return Item("Fichier sans fiche reconnue", file.path, tone=Tone.BAD)


def _notes(file: File) -> Item | None:
    """A sheet that is no evaluator's own: the marks, a commission's, the deliberation."""
    if file.kind and not file.evaluator:
        return Item(f"{sheet_title(file.kind)} : nouveau retour", file.path, tone=_tone([file]))
    return None


def _about(facts: Facts, sent: Iterable[File]) -> str:
    """``LEFÈVRE Éloïse (007) : grille de compétences, travaux évalués``, candidate by candidate."""
    told: dict[str, dict[str, None]] = defaultdict(dict)
    for file in sent:
        for candidate in file.candidate.split("; ") if file.candidate else [""]:
            told[candidate] |= dict.fromkeys(map(sheet_title, file.kind.split("; ")))
    parts = [
        f"{facts.candidate(candidate)} : {', '.join(kinds).lower()}" if candidate else ", ".join(kinds)
        for candidate, kinds in list(told.items())[:_MOST_PEOPLE]
    ]
    others = len(told) - len(parts)
    return " ; ".join(parts) + (f" ; et {counted(others, 'autre candidat', 'autres candidats')}" if others else "")


def _tone(sent: Iterable[File]) -> Tone:
    states = {file.state for file in sent}
    if FileState.REFUSED in states:
        return Tone.BAD
    return Tone.WARNING if FileState.WITH_RESERVES in states else Tone.GOOD
