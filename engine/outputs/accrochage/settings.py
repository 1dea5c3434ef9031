"""Who declares, and how: the four keys that the receiver's contract gives, in a TOML file."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields

from engine.model.errors import EngineError

_NATURES = ("CERTIFICATEUR", "TIERS_CONFIANCE")
_LONGEST = {"idClient": 8, "idContrat": 20}  # signs


@dataclass(frozen=True)
class Settings:
    """``id_client`` (8 signs) and ``id_contrat`` (1 to 20), given by the Caisse des Dépôts; who deposits, by what way
    holders came to the certification."""

    id_client: str
    id_contrat: str
    nature_deposant: str
    modalite_acces: str


_KEYS = {"id_client": "idClient", "id_contrat": "idContrat", "nature_deposant": "natureDeposant"} | {
    "modalite_acces": "modaliteAcces"
}


def read_settings(content: bytes, source: str) -> Settings:
    """The settings of a TOML file. Raises :class:`EngineError` with every fault."""
    try:
        found = tomllib.loads(content.decode("utf-8-sig"))
    except ValueError as fault:  # neither UTF-8 nor TOML
        raise EngineError(
            f'« {source} » n\'est pas du TOML correct : on attend quatre lignes, comme idClient = "12345678".'
        ) from fault
    faults = [f"{key} : clé inconnue." for key in found if key not in _KEYS.values()]
    faults += [f"{key} : {wrong}" for key in _KEYS.values() if (wrong := _fault(key, found.get(key)))]
    if faults:
        lines = "".join(f"\n  - {fault}" for fault in faults)
        raise EngineError(f"Les réglages « {source} » sont à corriger :{lines}")
    return Settings(**{each.name: found[_KEYS[each.name]] for each in fields(Settings)})


def _fault(key: str, value: object) -> str:
    if value is None:
        return "clé manquante."
    if not isinstance(value, str) or not value.strip():
        return "on attend un texte entre guillemets."
    if key == "natureDeposant" and value not in _NATURES:
        return f"on attend {' ou '.join(_NATURES)}."
    if len(value) > _LONGEST.get(key, 200):
        return f"{_LONGEST.get(key, 200)} signes au plus."
    return ""
