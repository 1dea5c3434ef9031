"""The tables of docs/donnees.md, from the descriptions that write the data.

``python -m tests.data_guide`` rewrites them.
"""

from __future__ import annotations

import re
from pathlib import Path

from engine.outputs import data
from engine.outputs.content import Content
from tests.results import session

PATH = Path(__file__).parent.parent / "docs" / "donnees.md"
START, END = "<!-- dictionnaire -->\n", "<!-- fin du dictionnaire -->\n"


def exported(**changes) -> dict[str, data.Table]:
    """The tables of the invented session under the first certification, by name."""
    content = session() | changes
    return {table.name: table for table in data.tables(Content(**content))}


def section() -> str:
    """What stands between the marks of the guide."""
    parts = []
    for table in exported().values():
        rows = [
            f"| `{column.name}` | {column.type} | {column.unit} | {column.meaning} | {column.source} |"
            for column in table.columns
        ]
        heading = f"### `{table.name}`\n\n{table.content}\n\n| Colonne | Type | Unité | Signification | Source |\n"
        parts.append(heading + "| --- | --- | --- | --- | --- |\n" + "\n".join(rows) + "\n")
    return "\n" + "\n".join(parts) + "\n"


def rewritten(guide: str) -> str:
    """The guide with the tables as they are now."""
    return re.sub(f"(?s){re.escape(START)}.*{re.escape(END)}", lambda _: START + section() + END, guide)


if __name__ == "__main__":
    PATH.write_text(rewritten(PATH.read_text(encoding="utf-8")), encoding="utf-8")
