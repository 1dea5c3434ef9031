"""The declaration as XML: one part for up to 200,000 passages and 200 MB, as the receiver takes them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from lxml import etree

from engine.model.errors import present
from engine.outputs.accrochage.births import Birth
from engine.outputs.accrochage.holders import Holder, technical_identifier
from engine.outputs.accrochage.settings import Settings

NAMESPACE = "urn:cdc:cpf:pc5:schema:1.0.0"
MOST_PASSAGES = 200_000
MOST_BYTES = 200_000_000
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_ROOM = 4_000  # bytes of what surrounds the passages

Passage = tuple[Holder, Birth]


@dataclass(frozen=True)
class Declaration:
    """What is declared: by whom, when (local time with its zone), and whom."""

    settings: Settings
    when: datetime
    passages: Sequence[Passage]


def parts(declaration: Declaration, *, most_passages: int = MOST_PASSAGES, most_bytes: int = MOST_BYTES) -> list[bytes]:
    """The XML documents of a declaration, in its order: UTF-8, each within the bounds of the receiver."""
    lots = list(_lots(declaration, most_passages, most_bytes))
    return [_document(declaration, lot, rank) for rank, lot in enumerate(lots, start=1)]


def _lots(declaration: Declaration, most_passages: int, most_bytes: int) -> Iterator[list[Passage]]:
    lot: list[Passage] = []
    size = _ROOM
    for passage in declaration.passages:
        weight = len(etree.tostring(_passage(declaration.settings, *passage), encoding="utf-8"))
        if lot and (len(lot) == most_passages or size + weight > most_bytes):
            yield lot
            lot, size = [], _ROOM
        lot.append(passage)
        size += weight
    if lot:
        yield lot


def _document(declaration: Declaration, lot: Sequence[Passage], rank: int) -> bytes:
    settings, when = declaration.settings, declaration.when
    root = etree.Element(f"{{{NAMESPACE}}}flux", nsmap={"cpf": NAMESPACE, "xsi": _XSI})
    _text(root, "idFlux", f"{when:%Y%m%d%H%M%S}-{rank}")
    _text(root, "horodatage", when.replace(microsecond=0).isoformat())
    emitter = _inside(root, "emetteur")
    _text(emitter, "idClient", settings.id_client)
    certifier = _inside(emitter, "certificateurs", "certificateur")
    _text(certifier, "idClient", settings.id_client)
    _text(certifier, "idContrat", settings.id_contrat)
    certifications = _inside(certifier, "certifications")
    for code, passages in groupby(lot, key=lambda passage: passage[0].certification):
        certification = _inside(certifications, "certification")
        _text(certification, "type", "RS" if code.upper().startswith("RS") else "RNCP")
        _text(certification, "code", code)
        _text(certification, "natureDeposant", settings.nature_deposant)
        inside = _inside(certification, "passageCertifications")
        inside.extend(_passage(settings, *passage) for passage in passages)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _passage(settings: Settings, holder: Holder, birth: Birth) -> etree._Element:
    passage = etree.Element(f"{{{NAMESPACE}}}passageCertification", nsmap={"cpf": NAMESPACE, "xsi": _XSI})
    _text(passage, "idTechnique", technical_identifier(settings.id_client, holder))
    _text(passage, "obtentionCertification", "PAR_ADMISSION")
    _text(passage, "donneeCertifiee", "true")
    _text(passage, "dateDebutValidite", present(holder.jury).isoformat())
    _nil(passage, "dateFinValidite")
    _text(passage, "presenceNiveauLangueEuro", "false")
    _text(passage, "presenceNiveauNumeriqueEuro", "false")
    _nil(passage, "scoring")
    _nil(passage, "mentionValidee")
    _text(_inside(passage, "modalitesInscription"), "modaliteAcces", settings.modalite_acces)
    _write_person(_inside(passage, "identificationTitulaire", "titulaire"), birth)
    return passage


def _write_person(person: etree._Element, birth: Birth) -> None:
    _text(person, "nomNaissance", birth.birth_name)
    _nil(person, "nomUsage")
    _text(person, "prenom1", re.split(r"[\s,;]+", birth.first_names)[0])
    if birth.born is not None:
        _text(person, "anneeNaissance", f"{birth.born:%Y}")
        _text(person, "moisNaissance", f"{birth.born:%m}")
        _text(person, "jourNaissance", f"{birth.born:%d}")
    _text(person, "sexe", birth.sex)
    code = _inside(person, "codeCommuneNaissance")
    _text(code, "codeInsee" if birth.insee else "codePostal", birth.insee or birth.postcode)
    _text(person, "libelleCommuneNaissance", birth.place)


def _inside(parent: etree._Element, *names: str) -> etree._Element:
    for name in names:
        parent = etree.SubElement(parent, f"{{{NAMESPACE}}}{name}")
    return parent


def _text(parent: etree._Element, name: str, text: str) -> None:
    _inside(parent, name).text = text


def _nil(parent: etree._Element, name: str) -> None:
    _inside(parent, name).set(f"{{{_XSI}}}nil", "true")
