"""What ``init`` says on the terminal."""

from __future__ import annotations

from collections.abc import Iterator

from engine.commands.init import Initialised
from engine.model.texts import counted
from engine.workspace import shell


def told(made: Initialised) -> Iterator[str]:
    """What was made, what came from other sessions, and what to do next."""
    folder, roster, templates = made.folder.path, made.folder.roster, shell.line("templates", made.folder.path)
    if made.roster:
        yield f"Dossier prêt : {folder}"
        yield from _carried(made)
        to_do = "complétez" if made.carrying and made.carrying.candidates else "remplissez"
        yield f"À faire : {to_do} {roster}, puis lancez {templates}."
        return
    yield f"{roster} existe déjà : il n'a pas été touché."
    if made.admitted:
        yield f"Une autre clé est admise. Lancez {templates}, et renvoyez toutes les fiches."
    if made.key:
        yield f"La clé manquait : une nouvelle a été faite. Lancez {templates}, et renvoyez toutes les fiches."
    yield from _carried(made)
    if made.rows:
        yield f"À faire : collez les lignes de {made.rows} dans {roster}."


def _carried(made: Initialised) -> Iterator[str]:
    carrying = made.carrying
    if carrying is None:
        return
    who = ", ".join(each.identifier or each.candidate.name for each in carrying.candidates)
    if who:
        yield f"{counted(len(carrying.candidates), 'candidat repris', 'candidats repris')} : {who}."
        yield "À décider dit ce qu'ils avaient aussi validé : copiez dans Conservés ce que vos règles gardent."
    else:
        yield "Aucun candidat à reprendre : personne n'est resté sans titre."
    yield from (f"  À voir : {fault}" for fault in carrying.faults)
    yield from (f"  {note}" for note in carrying.notes)
