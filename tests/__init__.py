"""The tests, and what they share."""

import os

os.environ.setdefault("OPENPYXL_LXML", "False")  # workbooks are written alike, with lxml installed or not
