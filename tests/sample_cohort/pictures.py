"""``python -m tests.sample_cohort.pictures``: the pictures of the README, from ``sample_data/`` as it stands."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from engine import commands as pipeline
from tests.libreoffice import Office

ROOT = Path(__file__).resolve().parents[2]
GRID = ROOT / "sample_data/retours/tuteurs/BENALI/LEFÈVRE Éloïse Grille de compétences.xlsx"
NIGHT_BEFORE_THE_RESULTS = "1738289400"  # 31/01/2025, 02 h 10 UTC: what the results say they were made at
DPI = 80
LANDSCAPE = (15, 25, 906, 602)  # left, top, width and height kept of an A4 page at that resolution, in pixels
PORTRAIT = (25, 20, 612, 860)


def picture(workbook: Path, target: Path, office: Office, kept: tuple[int, int, int, int] = LANDSCAPE) -> None:
    """Draw the first page of a workbook, without its margins nor its foot."""
    with tempfile.TemporaryDirectory() as place:
        pdf = office.convert(workbook, Path(place, "page.pdf"))
        frame = [part for option, size in zip(("-x", "-y", "-W", "-H"), kept, strict=True) for part in (option, size)]
        command = ["pdftoppm", "-png", "-singlefile", "-f", 1, "-r", DPI, *frame, pdf, target.with_suffix("")]
        subprocess.run([str(part) for part in command], check=True)


def main() -> None:
    """Draw a filled grid, the summary of the results, and the page of a candidate."""
    images = ROOT / "docs" / "images"
    images.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place, Office() as office:
        cohort = Path(place, "cohorte")
        shutil.copytree(ROOT / "sample_data", cohort)
        os.environ["SOURCE_DATE_EPOCH"] = NIGHT_BEFORE_THE_RESULTS
        results = pipeline.consolidate(cohort).result
        picture(GRID, images / "grille.png", office)
        picture(results, images / "resultats.png", office)
        (page,) = pipeline.write_fiches(cohort, ["C11"])[1].written
        picture(page, images / "fiche.png", office, PORTRAIT)


if __name__ == "__main__":
    main()
