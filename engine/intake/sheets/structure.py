"""What is wrong with the table of a sheet: rows and columns that are unknown, double, missing or displaced."""

from __future__ import annotations

from collections.abc import Iterator

from engine.intake.readers.grid import Place, address
from engine.intake.sheets import sides
from engine.intake.sheets.locate import IN_FULL, Codes, missing_rows, rows_without_code, text_of, turned_into, unsure
from engine.intake.sheets.located import MOST_TOLD, Located
from engine.model.anomalies import Anomaly, Gravity
from engine.model.forms import Input, Row
from engine.model.texts import fold
from engine.model.values import Tell, and_list, clip, shown, trim

_ROW_OF_A_CANDIDATE = (
    "Si ce candidat a été inscrit depuis l'envoi, préparez de nouveau les fiches et remplissez sa ligne dans celle du "
    "dossier envois ; sinon, reportez les valeurs dans une fiche d'origine, sans supprimer de ligne."
)
_TITLES_AS_SENT = (
    "Rétablissez les titres des colonnes tels qu'ils ont été envoyés, ou reportez les valeurs dans une fiche "
    "d'origine, sans supprimer de ligne ni de colonne."
)
_ONE_ROW_EACH = (
    "Rétablissez la colonne des identifiants telle qu'elle a été envoyée : une ligne par candidat, chacune à son "
    "identifiant."
)
_NOT_STRUCK = "Ôtez le barré si ces valeurs doivent compter ; sinon, videz les cases de la ligne."


def faults(sheet: Located, codes: Codes) -> Iterator[Anomaly]:
    """Every fault of the table; what stands in a row or a column that cannot be told is read nowhere."""
    yield from _unknown(sheet, codes)
    yield from _nameless(sheet)
    yield from _twice(sheet, codes)
    yield from _gone(sheet, codes)
    yield from _pushed(sheet)
    yield from _columns(sheet)
    yield from _crossed_out(sheet, codes)


def _unknown(sheet: Located, codes: Codes) -> Iterator[Anomaly]:
    """A code of no row, or an identifier of nobody."""
    code = "I01" if sheet.form.by_candidate_rows else "S04"
    yield from _rest(sheet, code, [(index, sheet.table.code_column) for index, _ in codes.unknown])
    for index, value in codes.unknown[:MOST_TOLD]:
        text, cell = clip(shown(value)), sheet.code_cell(index)
        if sides.is_beside(sheet.grid, sheet.table, sheet.form, index):
            yield _beside(sheet, code, (index, sheet.table.code_column))
        elif sheet.form.by_candidate_rows:
            several = turned_into(value, sheet.form.row_by_code)
            message = f"L'identifiant « {text} » n'est celui d'aucun candidat du registre"
            message, remedy = (unsure(text, several), IN_FULL) if len(several) > 1 else (message, "")
            message += " : sa ligne n'est pas lue."
            yield sheet.anomaly("I01", message, text, remedy=remedy, cell=cell, value=text)
        else:
            message = f"« {text} » n'est pas un code de cette fiche : sa ligne n'est pas lue."
            yield sheet.anomaly("S04", message, cell=cell, value=text)


def _nameless(sheet: Located) -> Iterator[Anomaly]:
    """I01 for a row of marks that says nobody's identifier."""
    grid, table, form = sheet.grid, sheet.table, sheet.form
    places = rows_without_code(grid, table, form) if form.by_candidate_rows else []
    yield from _rest(sheet, "I01", places)
    for place in places[:MOST_TOLD]:
        if sides.is_beside(grid, table, form, place[0]):
            yield _beside(sheet, "I01", place)
            continue
        found = clip(shown(grid.value(place)))
        message = f"Cette ligne contient « {found} » mais aucun identifiant : elle n'est pas lue."
        remedy = f"Tapez l'identifiant en {sheet.code_cell(place[0])}, ou videz la ligne si elle n'est de personne."
        yield sheet.anomaly("I01", message, "", remedy=remedy, cell=address(place), value=found)


def _beside(sheet: Located, code: str, place: Place) -> Anomaly:
    """A line that is plainly nobody's; it says nothing more where nothing was typed in it."""
    typed = sides.has_values(sheet.grid, sheet.table, sheet.form, place[0])
    text = clip(shown(sheet.grid.value(place)))
    message = f"La ligne « {text} » n'est pas une ligne du tableau : elle n'est pas lue."
    gravity = Gravity.WARNING if typed else Gravity.INFO
    remedy = "Rien à faire si ce n'est qu'un calcul ou une remarque."
    return sheet.anomaly(code, message, "", gravity=gravity, remedy=remedy, cell=address(place), value=text)


def _rest(sheet: Located, code: str, places: list[Place]) -> Iterator[Anomaly]:
    """The rows beyond those that are told of one by one, at once."""
    rest = places[MOST_TOLD:]
    if rest:
        message = f"Et {len(rest)} autres lignes de même : elles ne sont pas lues."
        yield sheet.anomaly(code, message, cell=f"{address(rest[0])}:{address(rest[-1])}")


def _twice(sheet: Located, codes: Codes) -> Iterator[Anomaly]:
    for code, places in codes.twice.items():
        cells = [sheet.code_cell(index) for index in places[:MOST_TOLD]]
        more = [f"{len(places) - MOST_TOLD} autres"] if len(places) > MOST_TOLD else []
        message = f"« {code} » figure sur plusieurs lignes ({and_list(cells + more)}) : aucune n'est retenue."
        remedy = _ONE_ROW_EACH if sheet.form.by_candidate_rows else ""
        yield sheet.anomaly("S04", message, code, remedy=remedy, cell="; ".join(cells), value=code)


def _gone(sheet: Located, codes: Codes) -> Iterator[Anomaly]:
    if sheet.identity.typed and sheet.form.by_candidate_rows:
        return
    decides = any(entry.decides for entry in sheet.form.inputs)
    decides = decides and not (sheet.form.by_candidate_rows and sheet.form.kind.record.sparse)
    for row in missing_rows(sheet.form, codes):
        if sheet.left(row.code):
            continue  # a sheet issued since then has no row for them
        message = f"La ligne « {row.code} » est introuvable{_tail(decides)}"
        remedy = _ROW_OF_A_CANDIDATE if sheet.form.by_candidate_rows else ""
        cell = _wiped(sheet, row)
        if cell:
            remedy = (
                f"Retapez le code {row.code} dans cette case, en texte, ou reportez la ligne dans une fiche d'origine."
            )
        yield sheet.anomaly("S03", message, row, gravity=_gravity(decides), remedy=remedy, cell=cell, value=row.code)


def _wiped(sheet: Located, row: Row) -> str:
    """The cell where the code of a row was wiped out, beside its own label; empty where the row is not found so."""
    title, table, grid = sheet.form.labels[0], sheet.table, sheet.grid
    if sheet.form.by_candidate_rows or title.heading not in table.columns:
        return ""
    wanted = {fold(text) for text in sheet.form.wordings(row, title) if isinstance(text, str)}
    column = table.columns[title.heading]
    uncoded = set(range(table.heading_row + 1, len(grid.rows))) - {index for index, _ in table.codes}
    found = [
        index for index in uncoded if any(each == column and fold(text) in wanted for each, text in grid.texts[index])
    ]
    return sheet.code_cell(found[0]) if len(found) == 1 else ""


def _columns(sheet: Located) -> Iterator[Anomaly]:
    table = sheet.table
    for column in sheet.form.columns:
        if column.heading in table.columns or column.heading in table.pushed:
            continue
        what = "figure deux fois" if column.heading in table.twice else "est introuvable"
        if column.heading in table.exchanged:
            what = "a échangé son titre avec une autre"
        decides = isinstance(column, Input) and column.decides
        message = f"La colonne « {column.heading} » {what}{_tail(decides)}"
        cell = _titles(sheet, column.heading)
        remedy = _TITLES_AS_SENT if cell else ""
        yield sheet.anomaly("S03", message, gravity=_gravity(decides), remedy=remedy, cell=cell, value=column.heading)


def _crossed_out(sheet: Located, codes: Codes) -> Iterator[Anomaly]:
    """V12, as a warning, for a row whose code, or whose person's name, is struck though values stand there."""
    headings = [label.heading for label in sheet.form.labels] if sheet.form.by_candidate_rows else []
    columns = [sheet.table.columns[heading] for heading in headings if heading in sheet.table.columns]
    for code, index in codes.rows.items():
        struck = [
            place
            for place in ((index, column) for column in (sheet.table.code_column, *columns))
            if Tell.STRUCK in sheet.grid.tell(place) and text_of(sheet.grid, place)
        ]
        if struck and sides.has_values(sheet.grid, sheet.table, sheet.form, index):
            text = clip(shown(sheet.grid.value(struck[0])))
            message = f"« {text} » est barré, et sa ligne contient des valeurs : elles comptent."
            more = {"cell": "; ".join(map(address, struck)), "value": text}
            row = sheet.form.row_by_code.get(code)
            yield sheet.anomaly("V12", message, row, gravity=Gravity.WARNING, remedy=_NOT_STRUCK, **more)


def _titles(sheet: Located, heading: str) -> str:
    """Where a heading stands; for one that stands nowhere, the titles that are none of the sheet's."""
    row = sheet.table.heading_row
    titles = [(column, fold(trim(text))) for column, text in sheet.grid.texts[row]]
    found = [column for column, title in titles if title == fold(heading)]
    if not found:
        known = {fold(column.heading) for column in sheet.form.columns} | {fold(sheet.form.code_heading)}
        found = [column for column, title in titles if title and title not in known]
    return "; ".join(address((row, column)) for column in found[:MOST_TOLD])


def _pushed(sheet: Located) -> Iterator[Anomaly]:
    """S03, once, for headings that stand under the titles of others."""
    headings = [column.heading for column in sheet.form.columns if column.heading in sheet.table.pushed]
    if headings:
        listed = and_list([f"« {heading} »" for heading in headings[:MOST_TOLD]])
        message = f"Des titres ont été décalés : l'intitulé au-dessus de {listed} est celui d'une autre colonne."
        remedy = (
            "Remettez chaque titre sous son intitulé (une cellule a sans doute été insérée ou supprimée), ou "
            "reportez les valeurs dans une fiche d'origine."
        )
        cell = "; ".join(_titles(sheet, heading) for heading in headings[:MOST_TOLD])
        told = f"{message} Les valeurs sont en attente."
        yield sheet.anomaly("S03", told, remedy=remedy, cell=cell, value=headings[0])


def _tail(decides: bool) -> str:
    return " : ce qu'elle contenait est en attente." if decides else "."


def _gravity(decides: bool) -> Gravity | None:
    return None if decides else Gravity.WARNING
