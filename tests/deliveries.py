"""Deliveries of invented centres, sound ones and ones that somebody tampered with."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pyzipper
import xlsxwriter

from engine.outputs import delivery
from engine.outputs.delivery import Closure, Manifest
from engine.outputs.delivery.manifest import NAME

PASSPHRASE = "ABCD-EFGH-JKLM-NPQR-STUV-WXYZ"
DECISIONS = {"C01": "ADMIS", "C02": "PARTIEL", "007": "AJOURNÉ", "C04": "SORTI"}


def workbook(decisions: Mapping[str, str] = DECISIONS) -> bytes:
    """A results workbook, as far as decisions go."""
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, {"in_memory": True})
    book.set_properties({"created": datetime(2025, 1, 31)})  # the same bytes whenever it is made
    book.add_worksheet("Accueil").write_string(0, 0, "Identifiant")
    sheet = book.add_worksheet("Synthèse")
    sheet.write_row(3, 1, ["Identifiant", "Nom", "Décision", "Décision calculée"])
    for rank, (who, decision) in enumerate(decisions.items(), 4):
        sheet.write_string(rank, 1, who)
        sheet.write_string(rank, 2, "DURAND")
        sheet.write_formula(rank, 3, f'="{decision}"', None, decision)
        sheet.write_string(rank, 4, "ADMIS")
    book.close()
    return made.getvalue()


def table(decisions: Mapping[str, str] = DECISIONS, column: str = "Décision") -> bytes:
    """A CSV of ours."""
    rows = (f"{who if who[0] == 'C' else chr(39) + who};DURAND;{word}" for who, word in decisions.items())
    lines = [f"Identifiant;Nom;{column}", *rows]
    return "\r\n".join(lines).encode("utf-8-sig")


def members(decisions: Mapping[str, str] = DECISIONS) -> dict[str, bytes]:
    """What a sound delivery holds."""
    return {
        "resultats.xlsx": workbook(decisions),
        "donnees/decisions.csv": table(decisions),
        "deliberation.csv": table(decisions),
        "LISEZMOI.txt": "Bonjour, voilà.\r\n".encode("utf-8-sig"),
        "proces-verbal.pdf": b"%PDF-1.7\n" + bytes(range(256)) * 40,
        "attestations/C01.pdf": b"%PDF-1.7\n",
    }


def manifest(held: Mapping[str, bytes], **changed: Any) -> Manifest:
    """The manifest of these members."""
    told: dict[str, Any] = {
        "cohort_id": "ab" * 16,
        "number": 1,
        "certification": "RNCP34465",
        "version": "2024-03-15",
        "cohort": "Promotion 14",
        "centre": "Centre des Tilleuls",
        "session": "Janvier 2025",
        "closure": Closure(at="2025-01-31T18:00:00+01:00", seal="cd" * 32),
        "program": "0.1.0",
        "candidates": len(DECISIONS),
        "decisions": dict(Counter(DECISIONS.values())),
        "deliberation": "ef" * 32,
        "previous": None,
        "files": delivery.files(held),
    }
    return Manifest(**(told | changed))


def packed(path: Path, held: Mapping[str, bytes] | None = None, known: Manifest | None = None) -> Path:
    """An archive of these members, under this manifest."""
    held = members() if held is None else held
    delivery.pack(path, held, known or manifest(held), PASSPHRASE)
    return path


def zipped(path: Path, held: Mapping[str, bytes], **more: Any) -> Path:
    """A ZIP of members under any names, encrypted otherwise than a delivery is, or not at all (``encryption=None``)."""
    options = {"encryption": pyzipper.WZ_AES, "encryption_kwargs": {"nbits": 256, "force_wz_aes_version": 2}} | more
    with pyzipper.AESZipFile(path, "w", compression=pyzipper.ZIP_DEFLATED, **options) as archive:
        if options["encryption"]:
            archive.setpassword(PASSPHRASE.encode())
        for name, content in held.items():
            archive.writestr(name, content)
    return path


def whole() -> dict[str, bytes]:
    """The members of a sound delivery, its manifest with them."""
    held = members()
    return held | {NAME: manifest(held).as_bytes()}
