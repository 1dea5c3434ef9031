"""A message as mail sends it: what is attached to it, not what it says, nor what mail programs put beside."""

from __future__ import annotations

import binascii
import email
import quopri
import re
from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import suppress
from email.errors import HeaderParseError, InvalidBase64LengthDefect
from email.header import decode_header
from email.message import Message
from email.utils import parsedate_to_datetime

from engine.intake.containers.contents import Contents, clean, within
from engine.intake.safety.archive import is_damaged
from engine.intake.safety.nature import SMALL_PICTURE
from engine.intake.safety.refusal import TAKE_OUT, RefusedError

WHAT = "un message"
_MAX_PARTS = 500
_HEADERS = re.compile(
    rb"(?:from \S+ [^\n]*\n)?(?:[!-9;-~]+:[^\n]*\n(?:[ \t][^\n]*\n)*)+(?=\r?\n|\Z)|content-type: ?multipart/",
    re.IGNORECASE,
)
_TELLING = re.compile(
    rb"^(?:received|return-path|delivered-to|mime-version|message-id|from|to|date|subject|content-type|reply-to):",
    re.IGNORECASE | re.MULTILINE,
)
_LONGEST_HEADERS = 200_000  # bytes
_COUNTED = re.compile(rb"[0-9]{1,10} *\r?\n")  # how long the message is, first line of those that Apple's program keeps
_MAILBOX = re.compile(rb"^From \S+ [^\n]*\d{4}\r?\n[!-9;-~]+:", re.MULTILINE)
_NO_BASE64 = re.compile(rb"[^A-Za-z0-9+/]+")
_SEALED = re.compile(r"application/(?:x-)?pkcs7-mime")
_BESIDE = re.compile(r"application/(?:(?:x-)?pkcs7-signature|pgp-signature|pgp-encrypted|applefile)")
"""What programs put beside a file: seals, and what a Mac knows of it."""

_UUENCODED = re.compile(
    rb"^begin [0-7]{3,4} (\S[^\r\n]*)\r?\n((?:(?:[ -`]{1,62}[a-~]?)?\r?\n)+)(?:end[ \t]*\r?$|([ -`]{0,61})\Z)",
    re.MULTILINE,
)
"""A file in a text, up to its end or to where the message was cut. A blank line may have become an empty one, and some
programs end each line by a sign more."""
_FORWARDED = ("message/rfc822", "message/global")
_ENCODING = re.compile(r"[\s\"']*([\w-]+)")
_LINE_END = re.compile(rb"\r?\n")


def holds(data: bytes) -> bool:
    """Whether bytes begin as a message does: with headers, three of them of those that any message has."""
    headers = _HEADERS.match(_message(data), 0, _LONGEST_HEADERS)
    return headers is not None and (
        headers[0].lower().startswith(b"content-type:") or len(_TELLING.findall(headers[0])) >= 3
    )


def _message(data: bytes) -> bytes:
    """The bytes from the first header on."""
    kept = data.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n")
    counted = _COUNTED.match(kept)
    return kept[counted.end() :] if counted else kept


def open_into(contents: Contents, data: bytes, name: str, sent_ns: int) -> None:
    """Take every file attached to a message. Raises :class:`RefusedError` F05."""
    if len(_MAILBOX.findall(data)) > 1:
        raise RefusedError("F05", "C'est une boîte de messages (mbox) : elle n'est pas ouverte.", remedy=TAKE_OUT)
    if data.count(b"boundary=") > _MAX_PARTS:
        raise RefusedError("F05", "Le message est imbriqué sans fin.")
    try:
        message = email.message_from_bytes(_message(data))
        _open(contents, message, name, sent_ns)
    except RecursionError as fault:
        raise RefusedError("F05", "Le message est imbriqué sans fin.") from fault


def _open(contents: Contents, message: Message, name: str, sent_ns: int) -> None:
    sent_ns = _sent(message) or sent_ns
    for rank, part in enumerate(_attached(message), start=1):
        called = clean(_name(part), f"pièce {rank}")
        if part.get_content_type() in _FORWARDED:
            called = clean(_name(part), "message joint.eml")
            contents.take(within(name, called), _forwarded(part), sent_ns)
            continue
        content = _decoded(part)
        if _is_sealed(part) and not holds(content):
            contents.refuse(within(name, called), sealed(_is_only_signed(part)))
        elif not _is_ornament(part, content):
            contents.take(within(name, called), content, sent_ns)


def sealed(only_signed: bool) -> RefusedError:
    """The refusal of a message whose attachments are out of reach."""
    how = "signé d'une façon qui en cache les pièces" if only_signed else "chiffré"
    remedy = "Ouvrez-le dans la messagerie et enregistrez ses pièces jointes dans « retours »."
    return RefusedError("F03", f"Le message est {how} (S/MIME ou PGP).", remedy=remedy)


def is_logo(name: str, size: int) -> bool:
    """Whether a picture that a message shows is one of its ornaments, by its size."""
    return size < SMALL_PICTURE and name.lower().endswith((".png", ".gif", ".jpg", ".jpeg", ".bmp", ".emz", ".wmz"))


def _attached(message: Message) -> Iterator[Message]:
    """The parts of a message that hold something else than its text; a forwarded message is one."""
    kind = message.get_content_type()
    if kind in _FORWARDED:
        yield message
    elif message.is_multipart() and not kind.startswith("message/"):
        for part in _parts(message):
            if not _BESIDE.fullmatch(part.get_content_type()):
                yield from _attached(part)
    elif _name(message) or _is_file(message):
        yield message
    else:
        yield from _in_text(message)


def _in_text(message: Message) -> Iterator[Message]:
    """The files that stand in the text itself, as mail carried them before there were attachments."""
    text = message.get_payload(decode=True)
    for block in _UUENCODED.finditer(text) if isinstance(text, bytes) else ():
        part = Message()
        part["Content-Disposition"] = "attachment"
        part["Content-Transfer-Encoding"] = "base64"
        part.set_param("filename", block[1].decode("latin-1").strip(), header="Content-Disposition")
        part.set_payload(b64encode(_uudecoded(block[2] + (block[3] or b""))).decode())
        yield part


def _uudecoded(lines: bytes) -> bytes:
    """The bytes of such lines, each of which says first how many it has; one that cannot be read leaves a gap."""
    content = bytearray()
    for line in filter(None, lines.splitlines()):
        with suppress(binascii.Error):
            content += binascii.a2b_uu(line[: ((line[0] - 32) % 64 * 4 + 5) // 3])
    return bytes(content)


def _is_file(part: Message) -> bool:
    """Whether a part without a name is a file nevertheless: attached, or of a nature that no message is written in."""
    written = part.get_content_maintype() in ("text", "multipart", "message")
    return not written or _disposition(part).startswith("attachment")


def _disposition(part: Message) -> str:
    """Whether a part is to be shown or is attached, by what it says; small letters."""
    return str(part.get("Content-Disposition") or "").strip().lower()


def _forwarded(part: Message) -> bytes:
    """The bytes of a forwarded message, which some programs encode as if it were a file."""
    inner = next(_parts(part), None)
    if inner is None:
        return b""
    if not inner.keys() and not inner.is_multipart():
        inner["Content-Transfer-Encoding"] = _encoding(part)
        return _decoded(inner)
    return inner.as_bytes()


def _parts(message: Message) -> Iterator[Message]:
    """The messages that one is made of, none for one that holds a text or a file."""
    inside = message.get_payload()
    yield from (each for each in inside if isinstance(each, Message)) if isinstance(inside, list) else ()


def _decoded(part: Message) -> bytes:
    """What is attached; of a message that was cut short, what there is of it."""
    encoding = _encoding(part)
    del part["Content-Transfer-Encoding"]
    part["Content-Transfer-Encoding"] = encoding
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes):
        return b""
    if encoding == "quoted-printable" and is_damaged(content):
        return _in_other_lines(part, content)
    if any(isinstance(each, InvalidBase64LengthDefect) for each in part.defects):
        signs = _NO_BASE64.sub(b"", content)
        return b64decode(signs[: len(signs) // 4 * 4])
    return content


def _encoding(part: Message) -> str:
    """How a part is encoded, without the comment, the quotes or the final sign that some programs write around it."""
    said = _ENCODING.match(str(part.get("Content-Transfer-Encoding") or ""))
    return said[1].lower() if said else ""


def _in_other_lines(part: Message, content: bytes) -> bytes:
    """An archive that was sent as lines of text, with the ends that its lines had: it tells itself which are right."""
    written = str(part.get_payload()).encode("ascii", "replace")
    others = (quopri.decodestring(_LINE_END.sub(end, written)) for end in (b"\n", b"\r\n"))
    return next((other for other in others if not is_damaged(other)), content)


def _name(part: Message) -> str:
    """The name of an attachment, decoded; ``""`` when it has none."""
    with suppress(HeaderParseError, LookupError, ValueError, TypeError, AttributeError):
        name = str(part.get_filename() or "")
        return "".join(map(_spelt, decode_header(name))) if "=?" in name else name
    return ""


def _spelt(piece: tuple[str | bytes, str | None]) -> str:
    """A piece of a name, in the alphabet that it says or, where nobody knows that, in one that has all signs."""
    text, alphabet = piece
    if isinstance(text, str):
        return text
    try:
        return text.decode(alphabet or "latin-1", "replace")
    except LookupError:
        return text.decode("latin-1")


def _is_sealed(part: Message) -> bool:
    name = _name(part).lower()
    return bool(_SEALED.fullmatch(part.get_content_type())) or name.endswith((".p7m", ".rpmsg", ".pgp", ".gpg"))


def _is_only_signed(part: Message) -> bool:
    return "signed" in str(part.get_param("smime-type") or "")


def _is_ornament(part: Message, content: bytes) -> bool:
    """Whether a picture was shown in the text rather than attached, and is too small to be one of a sheet."""
    shown = part.get("Content-ID") is not None or _disposition(part).startswith("inline")
    return shown and part.get_content_maintype() == "image" and len(content) < SMALL_PICTURE


def _sent(message: Message) -> int:
    """When a message says it was sent, in ns since 1970; 0 when it does not say."""
    with suppress(ValueError, TypeError, OverflowError, LookupError):
        return max(0, int(parsedate_to_datetime(str(message.get("Date"))).timestamp()) * 1_000_000_000)
    return 0
