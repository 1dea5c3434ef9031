"""Look at workbooks: ``python -m tests.libreoffice OUT_FOLDER WORKBOOK...`` makes pictures of their pages."""

import sys
from pathlib import Path

from tests.libreoffice import Office, render

with Office() as office:
    for workbook in sys.argv[2:]:
        for picture in render(Path(workbook), Path(sys.argv[1]), office=office):
            print(picture)
