"""``LISEZMOI.txt`` of a delivery, and the draft message that carries it."""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.texts import counted
from engine.office.styles import printed
from engine.outputs.delivery.manifest import Manifest

NAME = "LISEZMOI.txt"
_CONTENTS = {
    "resultats.xlsx": "les résultats, tels que la clôture les a figés (dans un tableur)",
    "proces-verbal.pdf": "le procès-verbal du jury",
    "attestations": "une attestation par candidat, sous son identifiant",
    "titulaires.csv": "les candidats qui ont acquis le titre ou un bloc",
    "deliberation.csv": "par candidat, ce que donnent les règles, ce qui est décidé, par qui, et pourquoi",
    "donnees": "les données, une table par fichier ; dictionnaire.csv en décrit chaque colonne",
    "manifeste.json": "ce qu'est la livraison, la taille et l'empreinte SHA-256 de chaque fichier",
}


def text(known: Manifest) -> bytes:
    """The text of the file to read first; ``known``: the manifest, but for the files."""
    return "\r\n".join(map(printed, _lines(known))).encode("utf-8-sig")


def _lines(known: Manifest) -> Iterator[str]:
    yield f"{known.certification}, référentiel {known.version}"
    yield ", ".join(filter(None, (known.centre, known.cohort, known.session)))
    yield f"Livraison n° {known.number}, de la clôture du {known.closure.at} (sceau {known.closure.seal[:16]})"
    counts = ", ".join(f"{count} {word}" for word, count in known.decisions.items())
    yield f"{counted(known.candidates, 'candidat', 'candidats')} : {counts}"
    yield ""
    yield "Ce que contient l'archive"
    yield from (f"- {name} : {what}" for name, what in _CONTENTS.items())
    yield ""
    yield "Vérifier"
    yield "Avec le programme : cohorte verify suivi du nom de l'archive, ou du dossier où elle a été extraite."
    yield "Sans lui : l'empreinte SHA-256 de chaque fichier doit être celle que dit manifeste.json."
    yield "Une archive qui s'ouvre avec le mot de passe que le centre a dit vient de lui, et n'a pas changé depuis."
    yield ""
    yield "Aucune note de juré n'est à communiquer à un candidat ; les données personnelles sont à protéger comme les"
    yield "vôtres, et à effacer quand elles ne servent plus."
    yield ""


def message(known: Manifest, archive: str) -> tuple[str, str]:
    """The subject and the body of the draft; the passphrase is in neither."""
    about = ", ".join(filter(None, (known.centre, known.cohort, known.session)))
    body = f"""Bonjour,

Voici la livraison n° {known.number} de la session : {about}.
Certification : {known.certification}, référentiel {known.version}.

Le fichier joint, « {archive} », est une archive chiffrée (AES-256). Le mot de passe vous est dit par une autre
voie : ne le demandez pas par retour de courriel.

Pour l'ouvrir :
- sous Windows, avec 7-Zip (7-zip.org) : clic droit, 7-Zip, Extraire ; l'Explorateur ne sait pas l'ouvrir ;
- sous macOS et sous Linux, avec 7-Zip ou bsdtar.

Pour la vérifier, avec le programme : cohorte verify "{archive}"

Cordialement,
"""
    return printed(f"Livraison n° {known.number} : {about}"), body
