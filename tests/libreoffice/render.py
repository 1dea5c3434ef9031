"""Pictures of a workbook's printed pages, for people to look at."""

from __future__ import annotations

import glob
import shutil
import subprocess
from pathlib import Path

from tests.libreoffice.installation import OfficeMissing
from tests.libreoffice.office import Office


def render(source: Path, outdir: Path, *, office: Office | None = None, dpi: int = 80) -> list[Path]:
    """Write ``<stem>.pdf`` and one ``<stem>-<page>.png`` per page under ``outdir``; return the pictures in page order.

    ``office`` is a running LibreOffice to use, otherwise one is started; ``dpi`` is the pictures' resolution. Raise
    :class:`OfficeMissing` without ``pdftoppm``.
    """
    if shutil.which("pdftoppm") is None:
        raise OfficeMissing("pdftoppm is not installed (package poppler-utils)")
    outdir.mkdir(parents=True, exist_ok=True)
    pdf = outdir / f"{source.stem}.pdf"
    if office is None:
        with Office() as office:
            office.convert(source, pdf)
    else:
        office.convert(source, pdf)
    for stale in _pictures(pdf):
        stale.unlink()
    subprocess.run(["pdftoppm", "-r", str(dpi), "-png", pdf, pdf.with_suffix("")], check=True)
    return _pictures(pdf)


def _pictures(pdf: Path) -> list[Path]:
    return sorted(pdf.parent.glob(f"{glob.escape(pdf.stem)}-*.png"))
