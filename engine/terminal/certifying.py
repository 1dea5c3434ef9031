"""What the terminal says of deliveries."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from engine.commands.accrochage import Declared
from engine.commands.deliver import Delivered
from engine.commands.rollup import Rolled
from engine.commands.verify import Verified, names
from engine.model import Decision
from engine.model.texts import counted

if TYPE_CHECKING:
    from engine.outputs.delivery import Checked, Manifest


def delivered(made: Delivered) -> Iterator[str]:
    """The lines of ``deliver``; the only time that a passphrase is shown."""
    yield f"Livraison n° {made.manifest.number} : {made.archive}"
    yield f"Message prêt, l'archive jointe : {made.draft}"
    if made.passphrase:
        yield f"Mot de passe, montré cette seule fois : {made.passphrase}"
        yield "À faire : notez-le, et dites-le au certificateur par une autre voie que ce message (au téléphone)."


def verified(found: Verified) -> Iterator[str]:
    """The lines of ``verify``: each delivery with what it is and what is wrong with it, then how many are sound."""
    for name, each in zip(names([each.path for each in found.deliveries]), found.deliveries, strict=True):
        yield from _one(name, each)
    if len(found.deliveries) > 1:
        sound = sum(each.sound for each in found.deliveries)
        yield f"{counted(len(found.deliveries), 'livraison', 'livraisons')} : {sound} sans défaut."
    if not found.sound:
        yield "À faire : ne vous servez pas d'une livraison qui a un défaut ; demandez au centre de la refaire."


def _one(name: str, each: Checked) -> Iterator[str]:
    yield f"{name} : {'sans défaut' if each.sound else counted(len(each.faults), 'défaut', 'défauts')}"
    if each.manifest is not None:
        yield from _told(each.manifest)
    yield from (f"  {fault}" for fault in each.faults)


def _told(known: Manifest) -> Iterator[str]:
    about = (known.certification, known.cohort, known.centre, known.session)
    yield f"  {', '.join(filter(None, about))} ; livraison n° {known.number}"
    counts = ", ".join(f"{known.decisions[word]} {word}" for word in Decision if known.decisions.get(word))
    yield f"  {counted(known.candidates, 'candidat', 'candidats')} : {counts}" if counts else "  aucun candidat"


def as_json(found: Verified) -> dict[str, Any]:
    """The object that ``verify --json`` prints."""
    return {
        "deliveries": [
            {"file": str(each.path), "ok": each.sound, "faults": [str(fault) for fault in each.faults]}
            for each in found.deliveries
        ]
    }


def rolled(found: Rolled) -> Iterator[str]:
    """The lines of ``rollup``."""
    told = found.nation
    yield (
        f"{counted(told.cohorts, 'cohorte', 'cohortes')}, {counted(told.candidates, 'candidat', 'candidats')}, "
        f"{counted(told.alerts, 'alerte', 'alertes')}."
    )
    yield from (f"{each.file} : {each.state.lower()}. {each.why}" for each in found.received if each.why)
    yield f"Classeur : {found.result}"
    yield f"Page     : {found.page}"


def declared(found: Declared) -> Iterator[str]:
    """The lines of ``accrochage``: who is declared, who is not and why; no birth data."""
    yield f"{counted(found.passages, 'titulaire déclaré', 'titulaires déclarés')}."
    if found.of_blocs:
        who = counted(found.of_blocs, "candidat n'a acquis", "candidats n'ont acquis")
        yield f"{who} que des blocs : rien n'en est déclaré, le schéma n'a de place que pour le titre."
    for each in found.left_out:
        holder = each.holder
        who = f"{holder.centre}, {holder.session}, {holder.last_name} {holder.first_name} ({holder.identifier})"
        yield f"Non déclaré : {who} : {' '.join(each.reasons)}"
    yield from (f"Livraison {each.state.lower()} : {each.file} : {each.why}" for each in found.received)
    yield from (f"Fichier : {path}" for path in found.files)
    yield from (f"Ôté, d'une déclaration précédente : {path}" for path in found.removed)
    yield from (f"À ôter, d'une déclaration précédente, et à ne pas envoyer : {path}" for path in found.stale)
    if not found.files:
        yield "Rien n'est écrit : personne ne peut être déclaré."
