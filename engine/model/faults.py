"""Why the system refused something, in French: its own words are in the language of the machine."""

from __future__ import annotations

import errno
import socket
import struct
import zipfile
import zlib

ZIP_DAMAGE = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, ValueError, RuntimeError)
"""What reading a ZIP archive may raise when it is damaged, or is written in a way that the library does not know
(``RuntimeError``: encrypted, or compressed otherwise). A member that is not there is a ``KeyError`` beside."""

_DENIED = "les droits d'accès ne le permettent pas"
_DISCONNECTED = "le disque ou le réseau ne répond plus"
_REASONS = {
    "EACCES": _DENIED,
    "EPERM": _DENIED,
    "ENOENT": "il n'est pas, ou n'est plus, à cette place",
    "EEXIST": "il y a déjà quelque chose à cette place",
    "ENOTDIR": "un élément du chemin n'est pas un dossier",
    "EISDIR": "c'est un dossier, et non un fichier",
    "ENOTEMPTY": "le dossier n'est pas vide",
    "EBUSY": "il est utilisé par un autre programme",
    "ETXTBSY": "il est utilisé par un autre programme",
    "EAGAIN": "il est utilisé par un autre programme",
    "EDEADLK": "il est utilisé par un autre programme",
    "EIO": "le disque ou le réseau a fait une erreur",
    "ENOSPC": "il n'y a plus de place sur le disque",
    "EDQUOT": "l'espace de disque attribué est épuisé",
    "EFBIG": "le fichier serait plus grand que ce que le système permet",
    "EROFS": "le disque est en lecture seule",
    "ENAMETOOLONG": "son chemin est trop long pour le système",
    "EINVAL": "le système n'accepte pas ce nom ou cette opération",
    "EILSEQ": "le système n'accepte pas ce nom",
    "ELOOP": "c'est un lien, ou des liens qui tournent en rond",
    "EXDEV": "l'autre place est sur un autre disque",
    "EMFILE": "trop de fichiers sont ouverts",
    "ENFILE": "trop de fichiers sont ouverts",
    "EMLINK": "trop de liens mènent au même fichier",
    "ENOMEM": "la mémoire de l'ordinateur est pleine",
    "EPIPE": "le programme qui devait le recevoir s'est arrêté",
    "ESTALE": _DISCONNECTED,
    "ENODEV": _DISCONNECTED,
    "ENXIO": _DISCONNECTED,
    "ENOTCONN": _DISCONNECTED,
    "EHOSTDOWN": _DISCONNECTED,
    "EHOSTUNREACH": _DISCONNECTED,
    "ENETUNREACH": _DISCONNECTED,
    "ENETDOWN": _DISCONNECTED,
    "ECONNRESET": _DISCONNECTED,
    "ECONNABORTED": _DISCONNECTED,
    "ECONNREFUSED": "la connexion est refusée",
    "ETIMEDOUT": "le réseau ne répond pas",
    "ENOTSUP": "ce disque ne sait pas le faire",
    "EOPNOTSUPP": "ce disque ne sait pas le faire",
    "ENOSYS": "ce système ne sait pas le faire",
    "ENOLCK": "ce disque ne sait pas verrouiller un fichier",
    "ECHILD": "le processus attendu n'est plus là",
}
"""By the name of the error: not every system has them all, nor gives them the same numbers."""

_BY_NUMBER = {getattr(errno, name): words for name, words in _REASONS.items() if hasattr(errno, name)}


def reason(fault: OSError) -> str:
    """Why the system refused, without a final stop; the number alone where it has no French words here."""
    if isinstance(fault, socket.gaierror):
        return "ce nom n'est celui d'aucun serveur connu d'ici"
    if fault.errno is None:
        return "le système n'a pas dit pourquoi"
    return _BY_NUMBER.get(fault.errno) or f"le système a répondu par l'erreur {_named(fault.errno)}"


def _named(number: int) -> str:
    name = errno.errorcode.get(number)
    return f"{number} ({name})" if name else str(number)


_DATABASE = {
    "FULL": "il n'y a plus de place sur le disque",
    "IOERR": "le disque ou le réseau a fait une erreur",
    "READONLY": "elle est en lecture seule",
    "PERM": _DENIED,
    "AUTH": _DENIED,
    "CANTOPEN": "elle ne peut pas être ouverte ; vérifiez le disque et les droits d'accès",
    "BUSY": "un autre programme l'utilise",
    "LOCKED": "un autre programme l'utilise",
    "NOMEM": "la mémoire de l'ordinateur est pleine",
    "TOOBIG": "une valeur est trop longue",
    "CORRUPT": "son contenu est endommagé",
    "NOTADB": "ce n'est pas une base de données",
}


def database_reason(fault: Exception) -> str:
    """Why SQLite refused, by its primary code; another error is one of what it was given."""
    name = getattr(fault, "sqlite_errorname", None) or ""
    primary = name.removeprefix("SQLITE_").partition("_")[0]
    return _DATABASE.get(primary) or f"son contenu n'est pas celui attendu{f' ({name})' if name else ''}"
