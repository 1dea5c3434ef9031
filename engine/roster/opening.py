"""The roster's file opened, or one sentence that says why it cannot be."""

from __future__ import annotations

import io
import warnings
import zipfile
from pathlib import Path

import openpyxl
from openpyxl.workbook import Workbook

from engine.errors import CohortError

LARGEST = 32_000_000  # bytes once inflated; a roster of 2,000 candidates takes 2 million
_OLE, _ZIP = b"\xd0\xcf\x11\xe0", b"PK"
_RESAVE = "ouvrez-le dans votre tableur et enregistrez-le au format « Classeur Excel (.xlsx) »"


def open_workbook(path: Path) -> Workbook:
    """The roster's workbook, formulas unevaluated. Raises :class:`CohortError` when it cannot be opened."""
    content = _content(path)
    _guard(path, content)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # extensions that openpyxl does not keep: we only read
            return openpyxl.load_workbook(io.BytesIO(content))
    except Exception as fault:  # openpyxl raises nearly anything on a damaged file, and the run stops here anyway
        raise CohortError(
            f"Le registre « {path} » est endommagé ou n'est pas un classeur .xlsx : {_RESAVE}."
        ) from fault


def _content(path: Path) -> bytes:
    if path.exists() and not path.is_file():
        raise CohortError(f"Le registre « {path} » n'est pas un fichier.")
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise CohortError(f"Le registre « {path} » manque ; la commande « init » en crée un, vide.") from None
    except PermissionError as fault:
        raise CohortError(
            f"Le registre « {path} » ne peut pas être lu : il est sans doute ouvert dans un tableur, ou vos droits "
            "ne le permettent pas. Fermez-le, puis relancez la commande."
        ) from fault
    except OSError as fault:
        raise CohortError(f"Le registre « {path} » ne peut pas être lu : {fault.strerror}.") from fault


def _guard(path: Path, content: bytes) -> None:
    if content.startswith(_OLE) and "EncryptedPackage".encode("utf-16-le") in content:
        raise CohortError(f"Le registre « {path} » est protégé par un mot de passe : enregistrez-le sans mot de passe.")
    if not content.startswith(_ZIP):
        raise CohortError(f"Le registre « {path} » n'est pas un classeur .xlsx : {_RESAVE}.")
    try:
        size = sum(member.file_size for member in zipfile.ZipFile(io.BytesIO(content)).infolist())
    except zipfile.BadZipFile as fault:
        raise CohortError(f"Le registre « {path} » est endommagé : reprenez-le d'une sauvegarde.") from fault
    if size > LARGEST:
        raise CohortError(
            f"Le registre « {path} » est démesuré ({size // 1_000_000} Mo) : une mise en forme descend sans doute "
            "jusqu'au bas d'une feuille. Supprimez les lignes vides sous la dernière personne, puis enregistrez."
        )
