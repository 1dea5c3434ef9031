"""``python -m tests.sample_cohort [FOLDER]``: write ``sample_data/`` anew, or the folder that is given."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.libreoffice import Office
from tests.sample_cohort.build import build

DEFAULT = Path(__file__).resolve().parents[2] / "sample_data"

if __name__ == "__main__":
    with Office() as running:
        build(Path(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT, running)
