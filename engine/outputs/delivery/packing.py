"""The archive of a delivery: a ZIP whose every member is AES-256, authenticated (WinZip AE-2)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

import pyzipper

from engine.outputs.delivery.manifest import NAME, File, Manifest
from engine.outputs.delivery.names import is_plain

_MOMENT = (1980, 1, 1, 0, 0, 0)  # of every member: the manifest says when


def files(members: Mapping[str, bytes]) -> list[File]:
    """The manifest's entries for these members."""
    return [
        File(path=name, size=len(content), sha256=hashlib.sha256(content).hexdigest())
        for name, content in sorted(members.items())
    ]


def pack(target: Path, members: Mapping[str, bytes], manifest: Manifest, passphrase: str) -> None:
    """Write the archive; ``target`` may stand there, empty, for its owner only."""
    if strange := [name for name in members if not is_plain(name)]:
        raise ValueError(f"not a name for a member: {strange}")
    with pyzipper.AESZipFile(
        target,
        "w",
        compression=pyzipper.ZIP_DEFLATED,
        encryption=pyzipper.WZ_AES,
        encryption_kwargs={"nbits": 256, "force_wz_aes_version": pyzipper.zipfile_aes.WZ_AES_V2},
    ) as archive:
        archive.setpassword(passphrase.encode())
        for name, content in (*sorted(members.items()), (NAME, manifest.as_bytes())):
            archive.writestr(_entry(name), content)


def _entry(name: str) -> pyzipper.zipfile_aes.AESZipInfo:
    entry = pyzipper.zipfile_aes.AESZipInfo(name, date_time=_MOMENT)
    entry.compress_type = pyzipper.ZIP_DEFLATED
    entry.external_attr = 0o600 << 16
    return entry
