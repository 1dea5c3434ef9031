"""What ``init`` says on the terminal."""

from __future__ import annotations

from collections.abc import Iterator

from engine.commands.init import Initialised
from engine.workspace import shell


def told(made: Initialised) -> Iterator[str]:
    """Lines on what was made, what came from other sessions, and what to do next."""
    folder, roster, templates = made.folder.path, made.folder.roster, shell.line("templates", made.folder.path)
    carried = made.carrying.told() if made.carrying is not None else ()
    if made.roster:
        yield f"Dossier prêt : {folder}"
        yield from carried
        to_do = "complétez" if made.carrying and made.carrying.candidates else "remplissez"
        yield f"À faire : {to_do} {roster}, puis lancez {templates}."
        return
    yield f"{roster} existe déjà : il n'a pas été touché."
    if made.admitted:
        yield f"Une autre clé est admise. Lancez {templates}, et renvoyez toutes les fiches."
    if made.key:
        yield f"La clé manquait : une nouvelle a été faite. Lancez {templates}, et renvoyez toutes les fiches."
    yield from carried
    if made.rows and made.carrying is not None:
        already, came = len(made.carrying.already), len(made.carrying.candidates)
        if already == came:
            yield f"À faire : complétez les lignes de {roster} d'après {made.rows}."
        else:
            yield f"À faire : collez les {'autres ' if already else ''}lignes de {made.rows} dans {roster}."
