"""``python -m tests.sample_cohort.pictures``: the pictures of the README and of the guides, from ``sample_data/``."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from engine.commands.consolidate import consolidate
from engine.commands.fiches import write_fiches
from tests.libreoffice import Office

ROOT = Path(__file__).resolve().parents[2]
RETURNS = ROOT / "sample_data" / "retours"
GRID = RETURNS / "tuteurs/BENALI/LEFÈVRE Éloïse Grille de compétences.xlsx"
ORAL = RETURNS / "jury du 30 janvier/OSMANI/LE BIHAN Maëlle Grand oral.xlsx"
NIGHT_BEFORE_THE_RESULTS = "1738289400"  # 31/01/2025, 02 h 10 UTC: what the results say they were made at
DPI = 80


@dataclass(frozen=True)
class Frame:
    """What is kept of an A4 page at :data:`DPI`, in pixels."""

    left: int
    top: int
    width: int
    height: int


LANDSCAPE, PORTRAIT = Frame(15, 25, 906, 602), Frame(25, 20, 612, 860)


def picture(workbook: Path, target: Path, office: Office, frame: Frame = LANDSCAPE, showing: str = "") -> None:
    """Draw a page of a workbook, without its margins nor its foot: the first one, or the first that shows a text."""
    with tempfile.TemporaryDirectory() as place:
        pdf = office.convert(workbook, Path(place, "page.pdf"))
        page = _page(pdf, showing) if showing else 1
        kept = ("-x", frame.left, "-y", frame.top, "-W", frame.width, "-H", frame.height)
        command = ["pdftoppm", "-png", "-singlefile", "-f", page, "-r", DPI, *kept, pdf, target.with_suffix("")]
        subprocess.run([str(part) for part in command], check=True)


def _page(pdf: Path, showing: str) -> int:
    """The number of the first page that holds a text, from 1. Raises ``LookupError`` where none does."""
    text = subprocess.run(["pdftotext", "-layout", pdf, "-"], check=True, capture_output=True).stdout.decode()
    for rank, page in enumerate(text.split("\f"), 1):
        if showing in page:
            return rank
    raise LookupError(f"{showing!r} stands on no page of {pdf.name}")


def main() -> None:
    """Draw the sheets as people fill them, the results, and the page of a candidate."""
    images = ROOT / "docs" / "images"
    images.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place, Office() as office:
        cohort = Path(place, "cohorte")
        shutil.copytree(ROOT / "sample_data", cohort)
        os.environ["SOURCE_DATE_EPOCH"] = NIGHT_BEFORE_THE_RESULTS
        results = consolidate(cohort).result
        picture(GRID, images / "grille.png", office)
        picture(ORAL, images / "oral.png", office, PORTRAIT, "Grand oral")
        picture(next(RETURNS.glob("Validation*.xlsx")), images / "validation.png", office)
        picture(results, images / "resultats.png", office, showing="Transversales état")
        picture(results, images / "anomalies.png", office, showing="Correction")
        (page,) = write_fiches(cohort, ["C11"])[1].written
        picture(page, images / "fiche.png", office, PORTRAIT)


if __name__ == "__main__":
    main()
