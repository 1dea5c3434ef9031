"""Live help: counters, totals and states that formulas compute while a sheet is being filled.

They are for the person filling the sheet and are never read back. Each formula comes with the value it has as the
sheet goes out, for what is filled in it then (:class:`~engine.templates.tally.Tally`); a symbol always says what a
colour says.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from engine.model import Kind, Oral, Referential
from engine.model.errors import present
from engine.model.forms import ABSENT, Domain, Form, Input, Nature, Row, Section
from engine.model.forms.jury import COMPUTED
from engine.model.marks import LEVEL_INPUT, POINTS_INPUT, REPORT_INPUT
from engine.model.texts import counted
from engine.model.values import figure
from engine.templates import counts, lettered, states
from engine.templates.layout import Band, Grid, cell
from engine.templates.states import DONE, FAILED, OPEN
from engine.templates.tally import Tally

WRONG = "▲"
_COLON = "\u202f:"


@dataclass(frozen=True)
class Formula:
    """A formula (without its ``=``), its value as the sheet goes out, and its number format."""

    text: str
    value: str | int | float
    number_format: str = "General"


@dataclass(frozen=True)
class Help:
    """The formulas of the header block: the big counter, the state under it, and what is left beside the names."""

    counter: Formula
    state: Formula
    remark: Formula | None = None


def header(tally: Tally, grid: Grid, referential: Referential, counter: str) -> Help:
    """The help of a sheet's header block; ``counter`` is the address of the big counter."""
    if tally.form.kind is Kind.ORAL:
        return _oral(tally, grid, referential, counter)
    if tally.form.kind is Kind.TRANSVERSALE:
        return _transversale(tally, grid, referential, counter)
    if tally.form.kind is Kind.DELIBERATION:
        return _decisions(tally, grid, counter)
    if tally.form.kind is Kind.SYNTHESE:
        return _set_levels(tally, grid, counter)
    return _people(tally, grid, counter) if tally.form.by_candidate_rows else _levels(tally, grid, counter)


def in_title(tally: Tally, grid: Grid, band: Band, referential: Referential) -> Formula:
    """The help that stands at the right of a section's title."""
    if tally.form.kind is Kind.ORAL:
        return _section_points(tally, grid, band, referential)
    if tally.form.kind is Kind.TRANSVERSALE:
        return _domain_count(tally, grid, band)
    if tally.form.kind is Kind.SYNTHESE:
        return _bloc_state(tally, grid, band)
    counting = "Mini" in grid.columns and band.section.required is not None
    return (_demonstrated if counting else _given_levels)(tally, grid, band)


# -------------------------------------------------------------------------------------- the header block


def _levels(tally: Tally, grid: Grid, counter: str) -> Help:
    """GRILLE, TRAVAUX: how many levels are given, out of how many."""
    total, filled, now = len(tally.form.rows), counts.filled(grid, "Niveau"), tally.filled(LEVEL_INPUT)
    given = counts.accepted(_domain(tally.form, LEVEL_INPUT), grid.column("Niveau"))
    words = ("à remplir", "à remplir")
    state = _left(f"({filled}-{counter})", f"({total}-{filled})", *words)
    return Help(Formula(given, now, f'0" / {total}"'), Formula(state, _still(total - now, *words)))


def _people(tally: Tally, grid: Grid, counter: str) -> Help:
    """NOTES, VALIDATION: how many cells are filled, for the rows that bear an identifier."""
    form = tally.form
    identifiers = f"COUNTA({grid.column(form.code_heading)})"
    filled = f"COUNTA({grid.area(form.inputs[0].heading, form.inputs[-1].heading)})"
    given = "+".join(counts.accepted(domain, grid.area(first, last)) for domain, first, last in _alike(form.inputs))
    left, words = f"MAX(0,{identifiers}*{len(form.inputs)}-{filled})", ("à remplir", "à remplir")
    state = _left(f"({filled}-{counter})", left, *words)
    total, now = sum(1 for row in form.rows if row.code) * len(form.inputs), tally.everywhere()
    return Help(
        Formula(given, now, f'0" / {total}"' if total else "0;;"),
        Formula(f'IF({identifiers}=0,"",{state})', _still(total - now, *words) if total else ""),
    )


def _set_levels(tally: Tally, grid: Grid, counter: str) -> Help:
    """SYNTHESE: how many levels the commission sets; a blank one leaves the computed level."""
    filled, now = counts.filled(grid, "Niveau"), tally.filled(LEVEL_INPUT)
    given = counts.accepted(_domain(tally.form, LEVEL_INPUT), grid.column("Niveau"))
    words = ("niveau fixé", "niveaux fixés")
    none = "aucun niveau fixé"
    state = _left(f"({filled}-{counter})", counter, *words, f'"{none}"')
    return Help(Formula(given, now, f'0" / {len(tally.form.rows)}"'), Formula(state, _still(now, *words, none)))


def _decisions(tally: Tally, grid: Grid, counter: str) -> Help:
    """DELIBERATION: how many decisions are written; the rules decide where there is none."""
    total, area = sum(1 for row in tally.form.rows if row.code), grid.column("Décision")
    given, now = counts.accepted(_domain(tally.form, "decision"), area), tally.filled("decision")
    identifiers, words = f"COUNTA({grid.column(tally.form.code_heading)})", ("sans décision", "sans décision")
    state = _left(f"(COUNTA({area})-{counter})", f"MAX(0,{identifiers}-COUNTA({area}))", *words)
    return Help(
        Formula(given, now, f'0" / {total}"' if total else "0;;"),
        Formula(f'IF({identifiers}=0,"",{state})', _still(total - now, *words) if total else ""),
    )


def _alike(inputs: Iterable[Input]) -> Iterator[tuple[Domain, str, str]]:
    """Neighbouring columns that take the same values: (domain, first heading, last heading)."""
    for domain, group in groupby(inputs, key=lambda entry: entry.domain):
        headings = [entry.heading for entry in group]
        yield domain, headings[0], headings[-1]


def _transversale(tally: Tally, grid: Grid, referential: Referential, counter: str) -> Help:
    """How many items reach their minimum, out of those required; how many levels are left."""
    form = tally.form
    domain, area, total = _domain(form, LEVEL_INPUT), grid.column("Niveau"), len(form.rows)
    filled, reached = counts.filled(grid, "Niveau"), tally.reaching(LEVEL_INPUT)
    required = present(referential.transversal).required
    bar = f"{counted(required, 'requise')}{_COLON} "
    state = (
        f'"{bar}"&IF({counter}>={required},"{DONE} validé",'
        f'IF({counter}+{total}-{counts.numbers(domain, area)}<{required},"{FAILED} non validé","{OPEN} en cours"))'
    )
    wrong, left = f"({filled}-{counts.accepted(domain, area)})", f"({total}-{filled})"
    words = ("niveau à saisir", "niveaux à saisir")
    return Help(
        Formula(counts.reaching(domain, area, grid.column("Mini"), _minima(form.rows)), reached, f'0" / {total}"'),
        Formula(state, f"{bar}{states.shown(reached, total - tally.known(), required, 'en cours')}"),
        Formula(_left(wrong, left, *words), _still(total - tally.filled(LEVEL_INPUT), *words)),
    )


def _oral(tally: Tally, grid: Grid, referential: Referential, counter: str) -> Help:
    """The total against the bar, blank until something is entered; how many criteria are left."""
    form, oral, area = tally.form, present(referential.oral), grid.column("Points")
    total, filled, absent = len(form.rows), counts.filled(grid, "Points"), f'COUNTIF({area},"{ABSENT}")'
    sections = ",".join(cell(present(band.title), grid.columns["Points"]) for band in grid.bands)
    out_of, bar = f" / {figure(oral.points)}", f"Seuil {figure(oral.at_least)}"
    state = (
        f'IF({absent}>0,IF({filled}>{absent},"{_BOTH}","{_ABSENT}"),'
        f'IF(NOT(ISNUMBER({counter})),"{bar}","{bar}{_COLON} "&IF({counter}>={oral.at_least:f},"{DONE} atteint",'
        f'IF({filled}<{total},"{OPEN} en cours","{FAILED} non atteint"))))'
    )
    given = counts.points_given(
        _widest(form), area, grid.column("Barème"), _bars(form.rows, "Barème"), grid.column(form.code_heading)
    )
    wrong, left = f"({filled}-{given}-{absent})", f"({total}-{filled})"
    remark = _left(wrong, left, *_CRITERIA, _once_marked(form, grid))
    points = tally.numbers(POINTS_INPUT)
    return Help(
        Formula(
            f'IF(COUNT({sections})=0,"{out_of}",SUM({sections}))',
            float(sum(points)) if points else out_of,
            f'{decimals(oral.step)}"{out_of}"',
        ),
        Formula(state, _oral_state(tally, oral, bar)),
        Formula(f'IF(AND({absent}>0,{filled}={absent}),"",{remark})', _oral_remark(tally)),
    )


_BOTH, _ABSENT = f"{WRONG} {ABSENT} et points à la fois", f"{FAILED} absent"
_CRITERIA = ("critère à noter", "critères à noter")


def _oral_state(tally: Tally, oral: Oral, bar: str) -> str:
    """The state of the oral as the sheet goes out."""
    points, absences = tally.numbers(POINTS_INPUT), tally.absences(POINTS_INPUT)
    if absences:
        return _BOTH if points else _ABSENT
    if not points:
        return bar
    if sum(points) >= oral.at_least:
        return f"{bar}{_COLON} {DONE} atteint"
    verdict = f"{OPEN} en cours" if len(points) < len(tally.form.rows) else f"{FAILED} non atteint"
    return f"{bar}{_COLON} {verdict}"


def _oral_remark(tally: Tally) -> str:
    """The remark on what is left of the oral as the sheet goes out."""
    filled, absences = tally.filled(POINTS_INPUT), tally.absences(POINTS_INPUT)
    if absences and filled == absences:
        return ""
    asked = _report(tally.form) is not None and tally.value(REPORT_INPUT) is None
    return _still(len(tally.form.rows) - filled, *_CRITERIA, _UNREPORTED if asked else _COMPLETE)


def _once_marked(form: Form, grid: Grid) -> str:
    """The remark on the oral once every criterion has its points."""
    if _report(form) is None:
        return f'"{_COMPLETE}"'
    return f'IF(LEN({cell(grid.answers, grid.columns["Points"])})=0,"{_UNREPORTED}","{_COMPLETE}")'


_COMPLETE, _UNREPORTED = f"{DONE} complet", f"{OPEN} rapport à renseigner"


def _report(form: Form) -> Input | None:
    return next((single for single in form.singles if single.name == REPORT_INPUT), None)


def _still(left: int, one: str, many: str, done: str = _COMPLETE) -> str:
    """``8 à remplir``; ``done`` when nothing is."""
    return counted(left, one, many) if left else done


def _left(wrong: str, left: str, one: str, many: str, done: str = f'"{_COMPLETE}"') -> str:
    """``▲ 1 à corriger, 8 à remplir``; ``done``, as it stands in a formula, when nothing is."""
    noun = f'" {one}"' if one == many else f'IF({left}>1," {many}"," {one}")'
    return (
        f'IF({wrong}>0,"{WRONG} "&{wrong}&" à corriger"&IF({left}>0,", "&{left}&{noun},""),'
        f"IF({left}>0,{left}&{noun},{done}))"
    )


# --------------------------------------------------------------------------------------- a section's title


def _given_levels(tally: Tally, grid: Grid, band: Band) -> Formula:
    """``■■■■□ 4 niveaux saisis sur 5 : ○ en cours``."""
    rows, total = band.section.rows, len(band.section.rows)
    given, now = (
        counts.accepted(_domain(tally.form, LEVEL_INPUT), grid.column("Niveau", band)),
        tally.filled(LEVEL_INPUT, rows),
    )
    shown = _COMPLETE if now == total else f"{OPEN} en cours"
    state = Formula(f'IF({given}={total},"{_COMPLETE}","{OPEN} en cours")', shown)
    nouns = ("niveau saisi", "niveaux saisis")
    return _counted(Formula(given, now), total, nouns, f" sur {total}{_COLON} ", state)


def _demonstrated(tally: Tally, grid: Grid, band: Band) -> Formula:
    """``■■■□□ 3 démontrées sur 5, 3 requises : ● validé``."""
    rows, total, required = band.section.rows, len(band.section.rows), present(band.section.required)
    domain, area = _domain(tally.form, LEVEL_INPUT), grid.column("Niveau", band)
    reached = counts.reaching(domain, area, grid.column("Mini", band), _minima(rows))
    end = f" sur {total}, {counted(required, 'requise')}{_COLON} "
    left = f"{total}-{counts.numbers(domain, area)}"
    state = states.state(reached, left, required, "en cours", states.typed(domain, grid, band))
    now, unknown = tally.reaching(LEVEL_INPUT, rows), total - tally.known(rows)
    shown = states.shown(now, unknown, required, "en cours", tally.mandatory(rows))
    live = _counted(Formula(reached, now), total, ("démontrée", "démontrées"), end, Formula(state, shown))
    return live if len(live.text) < counts.MOST_SIGNS else _given_levels(tally, grid, band)  # of many letters


def demonstrated(tally: Tally, grid: Grid, band: Band) -> Formula:
    """SYNTHESE: how many competences of a bloc are demonstrated, by the commission's levels, else the computed ones."""
    rows, level = band.section.rows, _domain(tally.form, LEVEL_INPUT)
    levels, computed, minima = (grid.column(heading, band) for heading in ("Niveau", COMPUTED, "Mini"))
    now = sum(tally.levels(rows))
    if level.nature is Nature.LETTER:
        return Formula(lettered.demonstrated(level, grid, band), now)
    return Formula(counts.demonstrated(level, levels, computed, minima, _bars(rows, "Mini")), now)


def _bloc_state(tally: Tally, grid: Grid, band: Band) -> Formula:
    """SYNTHESE: the state of a bloc, from the count beside it; one that is held already stays so."""
    if band.section.code in tally.contents.held:
        return Formula(f'"{_HELD}"', _HELD)
    if band.section.required is None:
        return Formula(f'"{_BY_ROLES}"', _BY_ROLES)
    rows, total, required = band.section.rows, len(band.section.rows), band.section.required
    reached = cell(present(band.title), grid.columns[COMPUTED])
    level = _domain(tally.form, LEVEL_INPUT)
    known = counts.known(level, grid.column("Niveau", band), grid.column(COMPUTED, band))
    if level.nature is Nature.LETTER:
        known = lettered.known(level, grid, band)
    mandatory = states.typed_or_computed(level, grid, band)
    text = states.state(reached, f"{total}-{known}", required, "en attente", mandatory)
    levels = tally.levels(rows)
    return Formula(text, states.shown(sum(levels), total - len(levels), required, "en attente", tally.mandatory(rows)))


_HELD = f"{DONE} déjà acquis"
_BY_ROLES = "moyenne des rôles"


def _counted(count: Formula, total: int, nouns: tuple[str, str], end: str, state: Formula) -> Formula:
    """A bar, a count with its noun (one, several), what follows, and a state."""
    (one, many), number, now = nouns, count.text, int(count.value)
    text = f'{counts.bar(number, total)}&{number}&IF({number}>1," {many}"," {one}")&"{end}"&{state.text}'
    return Formula(text, f"{counts.shown_bar(now, total)}{counted(now, one, many)}{end}{state.value}")


def _domain_count(tally: Tally, grid: Grid, band: Band) -> Formula:
    """``■■□ 2 sur 3``: how many items of a domain reach their minimum."""
    rows, total = band.section.rows, len(band.section.rows)
    reached = counts.reaching(
        _domain(tally.form, LEVEL_INPUT), grid.column("Niveau", band), grid.column("Mini", band), _minima(rows)
    )
    now = tally.reaching(LEVEL_INPUT, rows)
    text = f'{counts.bar(reached, total)}&{reached}&" sur {total}"'
    return Formula(text, f"{counts.shown_bar(now, total)}{now} sur {total}")


def _section_points(tally: Tally, grid: Grid, band: Band, referential: Referential) -> Formula:
    """The points of a section, blank until one is given."""
    area, maxima = grid.column("Points", band), grid.column("Barème", band)
    total = counts.points_sum(_widest(tally.form), area, maxima, _bars(band.section.rows, "Barème"))
    points = tally.numbers(POINTS_INPUT, band.section.rows)
    now = float(sum(points)) if points else ""
    return Formula(f'IF(COUNT({area})=0,"",{total})', now, decimals(present(referential.oral).step))


def section_maximum(section: Section) -> Decimal:
    """The points a section of the oral is worth."""
    return sum((row.figure("Barème") for row in section.rows), Decimal(0))


def decimals(step: Decimal | None) -> str:
    """A number format that shows every value of a scale alike, and hides no decimal typed by mistake."""
    places = len(f"{step.normalize():f}".partition(".")[2]) if step is not None else 2
    return "0." + "0" * places + "##" if places else "General"


def _widest(form: Form) -> Domain:
    """The domain of the criterion worth most."""
    return max((row.domains[POINTS_INPUT] for row in form.rows), key=lambda domain: present(domain.maximum))


def _minima(rows: Iterable[Row]) -> list[Decimal | str]:
    """The different minima that rows show: numbers, smallest first, or letters."""
    found = {row.minimum for row in rows}
    return sorted(found)


def _bars(rows: Iterable[Row], heading: str) -> list[Decimal]:
    """The different minima or maxima that rows show."""
    return sorted({row.figure(heading) for row in rows})


def _domain(form: Form, name: str) -> Domain:
    return next(entry.domain for entry in form.inputs if entry.name == name)
