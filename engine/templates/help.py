"""Live help: counters, totals and states that formulas compute while a sheet is being filled.

They are for the person filling the sheet and are never read back. Each formula comes with the value it has while
nothing is filled; a symbol always says what a colour says.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from engine.forms import ABSENT, Domain, Form, Input, Row, Section
from engine.model import Kind, Referential
from engine.templates import counts
from engine.templates.layout import Band, Grid, cell
from engine.templates.words import counted, number

DONE, OPEN, FAILED, WRONG = "●", "○", "×", "▲"
_COLON = "\u202f:"


@dataclass(frozen=True)
class Formula:
    """A formula (without its ``=``), its value while every input is empty, and its number format."""

    text: str
    value: str | int
    number_format: str = "General"


@dataclass(frozen=True)
class Help:
    """The formulas of the header block: the big counter, the state under it, and what is left beside the names."""

    counter: Formula
    state: Formula
    remark: Formula | None = None


def header(form: Form, grid: Grid, referential: Referential, counter: str) -> Help:
    """The help of a sheet's header block; ``counter`` is the address of the big counter."""
    if form.kind is Kind.ORAL:
        return _oral(form, grid, referential, counter)
    if form.kind is Kind.TRANSVERSALE:
        return _transversale(form, grid, referential, counter)
    return _people(form, grid, counter) if form.by_candidate_rows else _levels(form, grid, counter)


def in_title(form: Form, grid: Grid, band: Band, referential: Referential) -> Formula:
    """The help that stands at the right of a section's title."""
    if form.kind is Kind.ORAL:
        return _section_points(form, grid, band, referential)
    if form.kind is Kind.TRANSVERSALE:
        return _domain_count(form, grid, band)
    count = _demonstrated if "Mini" in grid.columns else _given_levels
    return count(_domain(form, "niveau"), grid, band)


# -------------------------------------------------------------------------------------- the header block


def _levels(form: Form, grid: Grid, counter: str) -> Help:
    """GRILLE, TRAVAUX: how many levels are given, out of how many."""
    total, filled = len(form.rows), counts.filled(grid, "Niveau")
    given = counts.accepted(_domain(form, "niveau"), grid.column("Niveau"))
    state = _left(f"({filled}-{counter})", f"({total}-{filled})", "à remplir", "à remplir")
    return Help(Formula(given, 0, f'0" / {total}"'), Formula(state, f"{total} à remplir"))


def _people(form: Form, grid: Grid, counter: str) -> Help:
    """NOTES, VALIDATION: how many cells are filled, for the rows that bear an identifier."""
    identifiers = f"COUNTA({grid.column(form.code_heading)})"
    filled = f"COUNTA({grid.area(form.inputs[0].heading, form.inputs[-1].heading)})"
    given = "+".join(counts.accepted(domain, grid.area(first, last)) for domain, first, last in _alike(form.inputs))
    left = f"MAX(0,{identifiers}*{len(form.inputs)}-{filled})"
    state = _left(f"({filled}-{counter})", left, "à remplir", "à remplir")
    total = sum(1 for row in form.rows if row.code) * len(form.inputs)
    return Help(
        Formula(given, 0, f'0" / {total}"' if total else "0;;"),
        Formula(f'IF({identifiers}=0,"",{state})', f"{total} à remplir" if total else ""),
    )


def _alike(inputs: Iterable[Input]) -> Iterator[tuple[Domain, str, str]]:
    """Neighbouring columns that take the same values: (domain, first heading, last heading)."""
    for domain, group in groupby(inputs, key=lambda entry: entry.domain):
        headings = [entry.heading for entry in group]
        yield domain, headings[0], headings[-1]


def _transversale(form: Form, grid: Grid, referential: Referential, counter: str) -> Help:
    """How many items reach their minimum, out of those required; how many levels are left."""
    domain, area, total = _domain(form, "niveau"), grid.column("Niveau"), len(form.rows)
    filled = counts.filled(grid, "Niveau")
    required = referential.transversal.required
    bar = f"{counted(required, 'requise', 'requises')}{_COLON} "
    state = (
        f'"{bar}"&IF({counter}>={required},"{DONE} validé",'
        f'IF({counter}+{total}-{counts.numbers(domain, area)}<{required},"{FAILED} non validé","{OPEN} en cours"))'
    )
    wrong, left = f"({filled}-{counts.accepted(domain, area)})", f"({total}-{filled})"
    return Help(
        Formula(counts.reaching(domain, area, grid.column("Mini"), _bars(form.rows, "Mini")), 0, f'0" / {total}"'),
        Formula(state, f"{bar}{OPEN} en cours"),
        Formula(
            _left(wrong, left, "niveau à saisir", "niveaux à saisir"),
            counted(total, "niveau à saisir", "niveaux à saisir"),
        ),
    )


def _oral(form: Form, grid: Grid, referential: Referential, counter: str) -> Help:
    """The total against the bar, blank until something is entered; how many criteria are left."""
    oral, total, area = referential.oral, len(form.rows), grid.column("Points")
    filled, absent = counts.filled(grid, "Points"), f'COUNTIF({area},"{ABSENT}")'
    sections = ",".join(cell(band.title, grid.columns["Points"]) for band in grid.bands)
    out_of, bar = f" / {number(oral.points)}", f"Seuil {number(oral.at_least)}"
    state = (
        f'IF({absent}>0,IF({filled}>{absent},"{WRONG} {ABSENT} et points à la fois","{FAILED} absent"),'
        f'IF(NOT(ISNUMBER({counter})),"{bar}","{bar}{_COLON} "&IF({counter}>={oral.at_least:f},"{DONE} atteint",'
        f'IF({filled}<{total},"{OPEN} en cours","{FAILED} non atteint"))))'
    )
    given = counts.points_given(
        _widest(form), area, grid.column("Barème"), _bars(form.rows, "Barème"), grid.column(form.code_heading)
    )
    wrong, left = f"({filled}-{given}-{absent})", f"({total}-{filled})"
    remark = _left(wrong, left, "critère à noter", "critères à noter", _once_marked(form, grid))
    return Help(
        Formula(
            f'IF(COUNT({sections})=0,"{out_of}",SUM({sections}))',
            out_of,
            f'{decimals(oral.step)}"{out_of}"',
        ),
        Formula(state, bar),
        Formula(
            f'IF(AND({absent}>0,{filled}={absent}),"",{remark})', counted(total, "critère à noter", "critères à noter")
        ),
    )


def _once_marked(form: Form, grid: Grid) -> str:
    """What remains to be said of the oral once every criterion has its points."""
    report = next((single for single in form.singles if single.name == "rapport"), None)
    if report is None:
        return _COMPLETE
    return f'IF(LEN({cell(grid.answers, grid.columns["Points"])})=0,"{OPEN} rapport à renseigner",{_COMPLETE})'


_COMPLETE = f'"{DONE} complet"'


def _left(wrong: str, left: str, one: str, many: str, done: str = _COMPLETE) -> str:
    """``▲ 1 à corriger, 8 à remplir``; ``done``, as it stands in a formula, when nothing is."""
    noun = f'" {one}"' if one == many else f'IF({left}>1," {many}"," {one}")'
    return (
        f'IF({wrong}>0,"{WRONG} "&{wrong}&" à corriger"&IF({left}>0,", "&{left}&{noun},""),'
        f"IF({left}>0,{left}&{noun},{done}))"
    )


# --------------------------------------------------------------------------------------- a section's title


def _given_levels(domain: Domain, grid: Grid, band: Band) -> Formula:
    """``■■■■□ 4 niveaux saisis sur 5 : ○ en cours``."""
    total = len(band.section.rows)
    given = counts.accepted(domain, grid.column("Niveau", band))
    state = f'IF({given}={total},"{DONE} complet","{OPEN} en cours")'
    return _words(given, total, "niveau saisi", "niveaux saisis", f" sur {total}{_COLON} ", state)


def _demonstrated(domain: Domain, grid: Grid, band: Band) -> Formula:
    """``■■■□□ 3 démontrées sur 5, 3 requises : ● validé``."""
    total, required, area = len(band.section.rows), band.section.required, grid.column("Niveau", band)
    reached = counts.reaching(domain, area, grid.column("Mini", band), _bars(band.section.rows, "Mini"))
    end = f" sur {total}, {counted(required, 'requise', 'requises')}{_COLON} "
    state = (
        f'IF({reached}>={required},"{DONE} validé",'
        f'IF({reached}+{total}-{counts.numbers(domain, area)}<{required},"{FAILED} non validé","{OPEN} en cours"))'
    )
    return _words(reached, total, "démontrée", "démontrées", end, state)


def _words(count: str, total: int, one: str, many: str, end: str, state: str) -> Formula:
    text = f'{counts.bar(count, total)}&{count}&IF({count}>1," {many}"," {one}")&"{end}"&{state}'
    return Formula(text, f"{counts.empty_bar(total)}0 {one}{end}{OPEN} en cours")


def _domain_count(form: Form, grid: Grid, band: Band) -> Formula:
    """``■■□ 2 sur 3``: how many items of a domain reach their minimum."""
    rows, total = band.section.rows, len(band.section.rows)
    reached = counts.reaching(
        _domain(form, "niveau"), grid.column("Niveau", band), grid.column("Mini", band), _bars(rows, "Mini")
    )
    return Formula(f'{counts.bar(reached, total)}&{reached}&" sur {total}"', f"{counts.empty_bar(total)}0 sur {total}")


def _section_points(form: Form, grid: Grid, band: Band, referential: Referential) -> Formula:
    """The points of a section, blank until one is given."""
    area, maxima = grid.column("Points", band), grid.column("Barème", band)
    total = counts.points_sum(_widest(form), area, maxima, _bars(band.section.rows, "Barème"))
    return Formula(f'IF(COUNT({area})=0,"",{total})', "", decimals(referential.oral.step))


def section_maximum(section: Section) -> Decimal:
    """The points a section of the oral is worth."""
    return sum((row.labels["Barème"] for row in section.rows), Decimal(0))


def decimals(step: Decimal | None) -> str:
    """A number format that shows every value of a scale alike, and hides no decimal typed by mistake."""
    places = max(0, -step.normalize().as_tuple().exponent) if step is not None else 2
    return "0." + "0" * places + "##" if places else "General"


def _widest(form: Form) -> Domain:
    """The domain of the criterion worth most."""
    return max((row.domains["points"] for row in form.rows), key=lambda domain: domain.maximum)


def _bars(rows: Iterable[Row], heading: str) -> list[Decimal]:
    """The different minima or maxima that rows show."""
    return sorted({row.labels[heading] for row in rows})


def _domain(form: Form, name: str) -> Domain:
    return next(entry.domain for entry in form.inputs if entry.name == name)
