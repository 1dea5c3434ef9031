"""What the terminal says of ``forget`` and ``purge``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from engine.model.texts import counted

if TYPE_CHECKING:
    from engine.commands.forget import Forgotten
    from engine.commands.purge import Purged


def forgotten(done: Forgotten) -> Iterator[str]:
    """The lines of ``forget``: what must be done by hand first, or what went and what is left."""
    if done.first:
        yield f"Rien n'est encore effacé : {done.candidate} figure là où le programme n'écrit pas."
        yield "À faire, puis relancez la même commande :"
        yield from (f"  - {line}" for line in done.first)
        yield from _owed(done)
        return
    yield f"{done.candidate} est effacé de la mémoire, de l'archive, des résultats, des envois et du journal :"
    yield f"  {counted(done.deleted, 'retour archivé effacé', 'retours archivés effacés')}"
    yield f"  {counted(done.redacted, 'retour partagé expurgé', 'retours partagés expurgés')}"
    yield f"  {counted(done.marks, 'valeur effacée', 'valeurs effacées')} de la mémoire"
    yield f"  {counted(done.files, 'autre fichier effacé ou expurgé', 'autres fichiers effacés ou expurgés')}"
    if done.left:
        yield "Il reste à faire :"
        yield from (f"  - {line}" for line in done.left)
    yield from _owed(done)
    yield "Restent, hors de portée du programme : sauvegardes, messages, fichiers déjà envoyés (docs/rgpd.md)."


def _owed(done: Forgotten) -> Iterator[str]:
    if done.owed:
        yield "Nomment cette personne et restent, car ils sont dus au certificateur :"
        yield from (f"  - {path}" for path in done.owed)


def purged(done: Purged, *, dry_run: bool) -> Iterator[str]:
    """The lines of ``purge``."""
    yield f"{'Serait effacé' if dry_run else 'Effacé'}, de ce qui ne sert plus depuis le {done.limit:%d/%m/%Y} :"
    yield f"  {counted(done.archive, 'retour archivé', 'retours archivés')}"
    if not dry_run:
        yield f"  {counted(done.rows, 'ligne de la mémoire', 'lignes de la mémoire')}"
    yield f"  {counted(len(done.files), 'fichier remplacé ou copié', 'fichiers remplacés ou copiés')}"
    if dry_run:
        yield from (f"    {path}" for path in done.files)
    yield from (f"  encore là, ouvert ailleurs : {path}" for path in done.stuck)
    if done.closed_at is not None:
        yield (
            f"La session est close depuis le {done.closed_at:%d/%m/%Y}, plus longtemps que cela : gardez ce que le "
            "certificateur exige, puis supprimez le dossier entier (docs/rgpd.md)."
        )
