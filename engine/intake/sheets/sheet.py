"""One recognised sheet, from its grid to marks and anomalies."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from engine.intake.context import Context
from engine.intake.readers.grid import Grid, address
from engine.intake.safety.refusal import then_removed
from engine.intake.sheets.content import Content
from engine.intake.sheets.headings import Table, find_table, without_exchanged, without_pushed
from engine.intake.sheets.layouts import Layout, Layouts
from engine.intake.sheets.locate import find_single, table_rows
from engine.intake.sheets.located import Located, Subject
from engine.intake.sheets.recognise import (
    Identity,
    Tab,
    compare_names,
    confirm,
    identify,
    read_typed,
    references,
    warn_unsealed,
)
from engine.intake.sheets.signing import check_signature, signature_required
from engine.model import Candidate, Kind, Mark, forms
from engine.model.anomalies import Anomaly, Gravity, Where, make
from engine.model.errors import present
from engine.model.forms import IDENTITIES, Form
from engine.model.marks import Place
from engine.model.returns import SheetReport, SheetStatus
from engine.model.tables import EXCLUDED, VALUE
from engine.model.texts import fold
from engine.model.values import shown, trim
from engine.workspace import seals


def read_sheets(grid: Grid, context: Context, file: str) -> list[SheetReport]:
    """The report of a sheet: none when it bears no reference; a refused one for each when it bears several."""
    found = references(grid)
    grid = _discreet(grid, context.personal_codes)
    tab = Tab(grid, context, Where(file=file, sheet=grid.name))
    identities = [identify(reference, place, context, tab.where) for reference, place in found.items()]
    if len(identities) == 1:
        return [_read(identities[0], tab)]
    return [_ambiguous(identity, tab, len(identities)) for identity in identities]


def _read(identity: Identity, tab: Tab) -> SheetReport:
    grid, context, where = tab.grid, tab.context, tab.where
    form = form_to_read(identity, grid, context)
    layout = _known(identity, grid, context) if identity.usable else None
    table = layout.table if layout else find_table(grid, form) if form else None
    if form is not None and identity.typed:
        read_typed(identity, tab, form, table)
        if table is not None and not _anything_typed(identity, grid, form, table):
            return SheetReport(grid.name, identity.kind, status=SheetStatus.EMPTY)
        warn_unsealed(identity, where, refused=signature_required(context))
    if identity.usable:
        _judge(identity, form, table, context, where)
    if not identity.usable or table is None:
        return _refused(identity, form, tab)
    return _read_content(identity, tab, table, layout)


def _known(identity: Identity, grid: Grid, context: Context) -> Layout | None:
    """The layout of a sheet that differs from one read before by what was filled in."""
    known = None if identity.typed else context.layouts.get(identity.kind)
    return known.recall(grid) if known else None


def _judge(identity: Identity, form: Form | None, table: Table | None, context: Context, where: Where) -> None:
    """Refuse a sheet that this certification does not have, of people it does not name, or without its table."""
    if form is None:
        message = f"Ce référentiel n'a pas de fiche « {identity.kind} »."
        identity.refuse(make("S02", message, **where | _reference(identity)))
        return
    confirm(identity, context, where)
    if table is None:
        message = (
            f"Le tableau est introuvable : le titre « {form.code_heading} » de sa première colonne manque ou figure "
            "deux fois, ou deux lignes de titres se contredisent."
        )
        identity.refuse(make("S03", message, **where | {"value": form.code_heading}))


def _read_content(identity: Identity, tab: Tab, table: Table, layout: Layout | None) -> SheetReport:
    grid, context = tab.grid, tab.context
    form = present(form_to_read(identity, grid, context, table))
    if layout is None or layout.form is not form:  # one that nobody presents whole has a form of its own
        layout, table = None, without_exchanged(table, grid, form)
    if form.by_candidate_rows:
        table = without_pushed(table, grid, context.referential.column_titles)
    content = Content(Located(identity, form, tab.where, table, grid, context), layout)
    content.read()
    if layout is None and content.as_issued and context.is_usual(form):
        context.layouts.setdefault(form.kind, Layouts()).learn(content.sheet)
    if not content.is_empty:
        check_signature(identity, content, context)
    if not content.is_untouched:
        compare_names(identity, tab, form, table.heading_row)
    if identity.draft:
        return _draft(identity, content)
    found = content.anomalies + _out_of_sight(content)
    if not identity.usable:
        refused = _refused(identity, content.form, tab)
        refused.anomalies += found
        return refused
    return SheetReport(
        grid.name,
        identity.kind,
        identity.candidate_id,
        identity.evaluator_id,
        SheetStatus.EMPTY if content.is_empty else SheetStatus.RECEIVED,
        [] if content.is_empty and identity.kind.record.sparse else content.marks,
        _signed(identity) + found,
        vouched=identity.vouched,
    )


def _out_of_sight(content: Content) -> list[Anomaly]:
    """V12, a warning, for a filled sheet whose tab does not show: it counts, and people see others than are read."""
    if content.is_empty or not content.grid.hidden:
        return []
    message = "Cette feuille est masquée dans le classeur : ses valeurs comptent, et qui l'ouvre ne les voit pas."
    remedy = (
        "Affichez-la (clic droit sur un onglet, Afficher) et vérifiez ses valeurs ; si elle ne doit pas compter, "
        "supprimez-la et renvoyez le classeur."
    )
    return [content.sheet.anomaly("V12", message, gravity=Gravity.WARNING, remedy=remedy)]


def _draft(identity: Identity, content: Content) -> SheetReport:
    """A sheet that counts only once signed, and is not: it decides nothing, and nothing in it blocks."""
    told = [replace(each, gravity=Gravity.WARNING) if each.blocking else each for each in content.anomalies]
    anomalies = _signed(identity) + told
    return SheetReport(content.grid.name, identity.kind, status=SheetStatus.EMPTY, anomalies=anomalies, vouched=False)


def _ambiguous(identity: Identity, tab: Tab, count: int) -> SheetReport:
    message = f"La feuille porte {count} références différentes : on ne sait pas de qui elle parle."
    remedy = then_removed(_ONE_EACH, tab.where["file"])
    identity.refuse(make("S01", message, remedy=remedy, **tab.where | _reference(identity)))
    return _refused(identity, form_to_read(identity, tab.grid, tab.context), tab)


_ONE_EACH = "Reportez les valeurs de tout ce classeur dans celui envoyé, où chaque feuille porte une seule référence."


def _refused(identity: Identity, form: Form | None, tab: Tab) -> SheetReport:
    """A sheet that does not count: each deciding input it should hold is excluded, so that its items wait."""
    anomalies = list(identity.anomalies)
    confirm(identity, tab.context, tab.where)  # to name its people as the roster does; what it adds is not the point
    identity.anomalies = anomalies
    return SheetReport(
        tab.grid.name,
        identity.kind,
        identity.candidate_id,
        identity.evaluator_id,
        SheetStatus.REFUSED,
        list(_excluded(identity, form, tab)) if form else [],
        _signed(identity),
        vouched=identity.vouched and (identity.kind.record.per_candidate or not identity.kind.record.sparse),
    )


def _reference(identity: Identity) -> Where:
    """Where a reference stands, and what it says."""
    return Where(cell=address(identity.place), value=str(identity.reference))


def _signed(identity: Identity) -> list[Anomaly]:
    """The anomalies of an identity, with the people it turned out to be about."""
    candidate, evaluator = identity.candidate_id, identity.evaluator_id
    return [replace(anomaly, candidate=candidate, evaluator=evaluator) for anomaly in identity.anomalies]


def _excluded(identity: Identity, form: Form, tab: Tab) -> Iterator[Mark]:
    if tab.context.roster is None or (identity.candidate is None and not form.by_candidate_rows):
        return
    table = find_table(tab.grid, form) if form.kind.record.sparse else None
    if form.kind.record.sparse and form.by_candidate_rows:
        return  # nothing of one about everybody, where only what is filled counts
    if table is not None:
        yield from _set_by(Located(identity, form, tab.where, table, tab.grid, tab.context))
        return
    blank = Subject(identity, form, tab.where)
    found = _cells(identity, form, tab) if form.kind.record.by_cell else {}
    for entry in form.inputs:
        for row in form.rows:
            mark = blank.excluded(entry, row)
            mark = found.get(mark.place, mark)
            if entry.decides or mark.raw:
                yield mark
    for entry in form.singles:
        if entry.decides:
            yield blank.excluded(entry)


def _cells(identity: Identity, form: Form, tab: Tab) -> dict[Place, Mark]:
    """The cells of a sheet that cannot be used, where each stands for itself, as far as its table shows: those where
    something was typed keep older ones from counting, and no others."""
    table = find_table(tab.grid, form)
    if table is None:
        return {}
    content = Content(Located(identity, form, tab.where, table, tab.grid, tab.context))
    content.read()
    return {mark.place: mark._replace(value=None, state=EXCLUDED) for mark in content.marks if mark.code}


def _set_by(sheet: Located) -> Iterator[Mark]:
    """What a sheet that cannot be used says where only what is filled counts."""
    content = Content(sheet)
    content.read()
    decisive = {entry.name for entry in sheet.form.inputs if entry.decides}
    for mark in content.marks:
        if mark.input in decisive and mark.state in (VALUE, EXCLUDED):
            yield mark._replace(value=None, state=EXCLUDED)


# --------------------------------------------------------------------------------------------- form


def form_to_read(identity: Identity, grid: Grid, context: Context, table: Table | None = None) -> Form | None:
    """The form to read a sheet with, ``None`` when the referential has no such sheet.

    The candidate's columns of GRILLE are expected where they were issued (the roster may have changed since: one of
    them, or one of their names, must be left to tell), and read wherever they stand; an unassigned sheet has inputs
    for the identifiers; without a roster, the people of NOTES and VALIDATION are those it lists.
    """
    kind = identity.kind
    form = context.form(kind, candidate_columns=True)
    if form is None:
        return None
    if kind is Kind.GRILLE and table is not None and not identity.typed:
        own = [entry for entry in form.inputs if entry.by_candidate]
        stands = any(entry.heading in table.columns for entry in own)
        issued = stands or any(grid.issued_with(f"{form.defined_name(entry)}_") for entry in own)
        form = present(context.form(kind, candidate_columns=issued))
    if form.by_candidate_rows and context.roster is None:
        form = _form_of_its_own_rows(form, grid, context)
    if identity.typed:
        form = replace(form, singles=present(forms.build_unassigned(context.referential, kind)).singles)
    return _presented(form, table, identity.candidate)


def _presented(form: Form, table: Table | None, candidate: Candidate | None) -> Form:
    """The form without the blocs that a candidate does not present, unless they stand there: it was issued before."""
    if table is None or candidate is None:
        return form
    asked = form.asked_of(candidate).sections
    standing = {fold(value) for _, value in table.codes if isinstance(value, str)}
    sections = (
        each for each in form.sections if each in asked or not standing.isdisjoint(fold(row.code) for row in each.rows)
    )
    return form if asked == form.sections else replace(form, sections=tuple(sections))


def _form_of_its_own_rows(form: Form, grid: Grid, context: Context) -> Form:
    table = find_table(grid, form)
    codes = dict.fromkeys(shown(value) for _, value in (table.codes if table else ()))
    people = [Candidate(id=code, last_name="", first_name="") for code in codes]
    return present(forms.build(context.referential, form.kind, candidates=people))


def _anything_typed(identity: Identity, grid: Grid, form: Form, table: Table) -> bool:
    """Whether somebody touched an unassigned sheet: an identifier, an input of the table, a single one."""
    if identity.candidate_id or identity.evaluator_id:
        return True
    columns = [table.columns[entry.heading] for entry in form.inputs if entry.heading in table.columns]
    rows = table_rows(grid, table, form) if form.by_candidate_rows else [row for row, _ in table.codes]
    places = [(row, column) for row in rows for column in columns]
    singles = [find_single(grid, form, entry, table) for entry in form.singles if entry.name not in IDENTITIES]
    return any(trim(shown(grid.value(place))) for place in (*places, *filter(None, singles)))


# -------------------------------------------------------------------------------------------- codes


_HIDDEN = "(code personnel)"


def _discreet(grid: Grid, codes: frozenset[str]) -> Grid:
    """The sheet with every personal code hidden, wherever it was typed: none may reach a result or a message."""
    secrets = {
        (row, column): value
        for row, line in enumerate(grid.texts if codes else ())
        for column, value in line
        if seals.codes_in(value, codes)
    }
    if not secrets:
        return grid
    rows = [list(line) for line in grid.rows]
    for (row, column), value in secrets.items():
        rows[row][column] = seals.without_codes(value, codes, _HIDDEN)
    return replace(grid, rows=rows, secrets=secrets)
