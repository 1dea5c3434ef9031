"""A message as Outlook keeps it: an OLE container with a storage for each attachment."""

from __future__ import annotations

import io
import re
import struct

import olefile

from engine.intake.containers.contents import Contents, clean, within
from engine.intake.containers.messages import holds as is_message
from engine.intake.containers.messages import is_logo, sealed
from engine.intake.safety import ole
from engine.intake.safety.refusal import RefusedError

WHAT = "un message Outlook"

_PROPERTIES = "__properties_version1.0"
_ATTACHMENT = re.compile(r"__attach_version1\.0_#[0-9A-F]{8}", re.IGNORECASE)
_OPEN_IT = "Ouvrez le message dans Outlook et enregistrez ses pièces jointes dans « retours »."
_GET_IT = "Ouvrez cette pièce depuis Outlook, enregistrez-la au format .xlsx et déposez-la dans « retours »."
_PACKAGE = "Package"  # of an inserted object: the document itself, where its program writes archives
_DATA, _MESSAGE = "__substg1.0_37010102", "__substg1.0_3701000D"
_NAMES = ("3707001F", "3704001F", "3001001F", "3707001E", "3704001E", "3001001E")
_CONTENT_ID = ("3712001F", "3712001E")
_SENT, _RECEIVED = 0x00390040, 0x0E060040  # the tags of two dates: identifier, then type
_TAG = struct.Struct("<LLQ")
_HEADER, _INNER_HEADER = 32, 24  # bytes before the properties, of the message itself and of one attached to it
_EPOCH = 116_444_736_000_000_000  # 1 January 1970, in tenths of microseconds since 1601
_MOST_STREAMS = 5_000
_READABLE = (OSError, struct.error, IndexError, KeyError, ValueError, TypeError, UnicodeError, RecursionError)
"""What a spoiled container makes the reader raise; its own errors are ``OSError``."""


def holds(data: bytes) -> bool:
    """Whether bytes are a message of Outlook."""
    return data.startswith(ole.MAGIC) and any(name.startswith("__properties_version1") for name in ole.streams(data))


def open_into(contents: Contents, data: bytes, name: str, sent_ns: int) -> None:
    """Take every file attached to a message. Raises :class:`RefusedError` F05 or F02."""
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as container:
            _Message(container, contents).open([], name, sent_ns)
    except RefusedError:
        raise
    except _READABLE as fault:
        raise RefusedError(
            "F02",
            "C'est un message Outlook, dont les pièces jointes ne se lisent pas.",
            remedy=_OPEN_IT,
        ) from fault


class _Message:
    """The storages of a message and of those attached to it."""

    def __init__(self, container: olefile.OleFileIO, contents: Contents) -> None:
        self._container, self._contents = container, contents
        self._paths = container.listdir(streams=True, storages=True)
        if len(self._paths) > _MOST_STREAMS:
            raise RefusedError("F05", f"Le message contient plus de {_MOST_STREAMS} éléments.")

    def open(self, at: list[str], name: str, sent_ns: int) -> None:
        """Take what is attached to the message in a storage."""
        sent_ns = self._sent(at) or sent_ns
        storages = [
            path
            for path in self._paths
            if path[:-1] == at and _ATTACHMENT.fullmatch(path[-1]) and self._container.get_type(path) == 1
        ]
        for rank, storage in enumerate(sorted(storages), start=1):
            self._attachment(storage, name, rank, sent_ns)

    def _attachment(self, storage: list[str], name: str, rank: int, sent_ns: int) -> None:
        embedded = [*storage, _MESSAGE]
        given = next((text for each in _NAMES if (text := self._text(storage, each))), "")
        if self._container.exists(embedded) and not self._container.exists([*embedded, _PROPERTIES]):
            self._object(embedded, within(name, clean(given, f"objet {rank}")), sent_ns)
            return
        if self._container.exists(embedded):
            called = within(name, clean(given, f"message joint {rank}"))
            self._contents.deeper(WHAT, called, lambda: self.open(embedded, called, sent_ns))
            return
        called, content = clean(given, f"pièce {rank}"), self._stream([*storage, _DATA])
        if any(self._text(storage, each) for each in _CONTENT_ID) and is_logo(called, len(content or b"")):
            return
        if content is None:
            message = "Le message ne contient pas cette pièce, mais tout au plus un lien vers elle."
            self._contents.refuse(within(name, called), RefusedError("F02", message, harmless=True, remedy=_GET_IT))
        elif called.lower().endswith((".p7m", ".rpmsg")) and not is_message(content):
            self._contents.refuse(within(name, called), sealed(only_signed=False))
        else:
            self._contents.take(within(name, called), content, sent_ns)

    def _object(self, storage: list[str], name: str, sent_ns: int) -> None:
        """Take a document that was inserted in the text, as it may be a workbook."""
        content = self._stream([*storage, _PACKAGE])
        if content is not None:
            self._contents.take(name, content, sent_ns)
            return
        message = "C'est un objet inséré dans le texte du message, qui n'est pas ouvert."
        self._contents.refuse(name, RefusedError("F02", message, harmless=True, remedy=_OPEN_IT))

    def _stream(self, path: list[str]) -> bytes | None:
        if not self._container.exists(path):
            return None
        content: bytes = self._container.openstream(path).read()
        return content

    def _text(self, storage: list[str], tag: str) -> str:
        content = self._stream([*storage, f"__substg1.0_{tag}"]) or b""
        encoding = "utf-16-le" if tag.endswith("F") else "cp1252"
        return content.decode(encoding, "replace").rstrip("\0")

    def _sent(self, at: list[str]) -> int:
        """When the message was sent, in ns since 1970; 0 when it does not say."""
        content = (self._stream([*at, _PROPERTIES]) or b"")[_INNER_HEADER if at else _HEADER :]
        content = content[: len(content) // _TAG.size * _TAG.size]
        dates = {tag: value for tag, _, value in _TAG.iter_unpack(content) if tag in (_SENT, _RECEIVED)}
        moment = dates.get(_SENT) or dates.get(_RECEIVED) or _EPOCH
        return min(max(0, (moment - _EPOCH) * 100), 2**62)
