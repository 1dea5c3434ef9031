"""The pages that hand each evaluator their personal code, which signs the sheets they fill."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO

from engine.model import Evaluator, Kind, Referential, Role, Roster
from engine.office import metrics, styles
from engine.office.styles import Styles
from engine.workspace import seals

_COLUMN = 600  # pixels: a printed page


def pages(roster: Roster, referential: Referential, key: bytes) -> list[str]:
    """One page for each evaluator, in the roster's order; a paragraph is a line, however long."""
    return ["\n".join(lines) for lines in _pages(roster, referential, key)]


def workbook(roster: Roster, referential: Referential, key: bytes) -> bytes:
    """The same as a workbook, one printed page each."""
    target = BytesIO()
    book = styles.new_workbook(target, title="Codes personnels", made_at=datetime(2000, 1, 1))
    look, sheet, row, breaks = Styles(book), book.add_worksheet("Codes personnels"), 0, []
    sheet.hide_gridlines(2)
    sheet.set_column_pixels(0, 0, _COLUMN)
    for lines in _pages(roster, referential, key):
        for line in lines:
            name = "title" if line == _TITLE else "name" if line.strip().startswith(_CODE) else "body"
            text = styles.printed(line.strip())
            folded = metrics.row_height(metrics.wrap(text, _COLUMN, 10, bold=True), 10)
            sheet.set_row(row, 33 if line == _TITLE else folded)
            styles.write_text(sheet, row, 0, text, look(name, "wrap"))
            row += 1
        breaks.append(row)
    sheet.set_h_pagebreaks(breaks[:-1])
    sheet.set_paper(9)  # no fitting to pages: Excel would then pass over the breaks
    book.close()
    return target.getvalue()


def _pages(roster: Roster, referential: Referential, key: bytes) -> list[list[str]]:
    about = _about(roster, referential)
    label = "Code personnel (exigé)" if roster.session.signature_required else "Signature ou code personnel"
    return [_page(each, seals.personal_code(key, each.id), about, label) for each in roster.evaluators]


_TITLE, _CODE = "CODE PERSONNEL DE SIGNATURE", "Votre code :"


def _about(roster: Roster, referential: Referential) -> list[str]:
    certification = referential.certification
    return [f"{certification.title} ({certification.short_title})", roster.session.title]


def _page(person: Evaluator, code: str, about: list[str], label: str) -> list[str]:
    roles = [str(role) for role in Role if role in person.roles]
    return [
        _TITLE,
        *filter(None, about),
        "",
        f"{person.name} ({person.id})",
        ", ".join(roles),
        "",
        f"    {_CODE}  {code}",
        "",
        f"Où le taper : en bas de chaque feuille que vous remplissez, dans la case «\u00a0{label}\u00a0». "
        "Majuscules, espaces et tiret sont sans importance.",
        *_notes_too(person),
        "",
        "Ce code est personnel : il vaut votre signature. Ne le donnez à personne, ne le tapez nulle part ailleurs, "
        "ne l'envoyez pas par courriel. Si quelqu'un d'autre a pu le lire, prévenez le secrétariat.",
        "",
    ]


def _notes_too(person: Evaluator) -> list[str]:
    if Role.SECRETARIAT not in person.roles:
        return []
    return [f"Il signe aussi la feuille « {Kind.NOTES.record.title} » de la cohorte."]
