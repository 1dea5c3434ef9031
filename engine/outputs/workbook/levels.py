"""The sheets `Compétences` and `Transversales`: every level against its minimum."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from engine.model import (
    Competence,
    Kind,
    Level,
    Outcome,
    Referential,
    Scale,
    State,
    Transversal,
    TransversalDomain,
    TransversalItem,
)
from engine.model.errors import present as known
from engine.model.marks import LEVEL_INPUT
from engine.model.people import TRANSVERSAL as KEPT_TRANSVERSAL
from engine.model.rules import aggregate_formula, known_formula, lettered_formula, reached_formula, settled_formula
from engine.model.values import and_list, figure
from engine.office.styles import COMMISSION, printed
from engine.outputs.parts import shown_level, transversal_of, transversal_rule
from engine.outputs.workbook.column import Column, ever_shorter, first_fitting
from engine.outputs.workbook.figures import required
from engine.outputs.workbook.frame import Book, Line
from engine.outputs.workbook.looks import COUNTED, STATES, below
from engine.outputs.workbook.people import (
    Field,
    Look,
    People,
    Spot,
    grey_when_missing,
    identity,
    present,
    unless_kept,
    unless_left,
)
from engine.outputs.workbook.places import COMPETENCES, STATE, SUMMARY, TOTAL, TRANSVERSAL

_LEVEL, _TOTAL, _STATE = 36, 46, 40  # pixels
_UNDER = " sous le minimum      Case grise : niveau manquant, ou valeur à corriger"
_LINES: tuple[Line, ...] = (
    (("Niveau retenu, face au minimum du référentiel", "caption"),),
    (("2", "bad_figure"), (_UNDER, "caption")),
)
_COMMISSION_LINE: Line = ((f"{COMMISSION} niveau fixé par la commission", "caption"),)


def competences(book: Book) -> People:
    """`Compétences`: a column per competence, grouped by bloc."""
    fields = [*identity(book), *_competences(book)]
    set_by_commission = any(level.commissioned for outcome in book.outcomes for level in outcome.levels.values())
    lines = (*_lines(book), _COMMISSION_LINE) if set_by_commission else _lines(book)
    mandatory = [code for bloc in book.referential.blocs for code in bloc.mandatory]
    if mandatory:
        lines = (*lines, ((f"Obligatoires dans leur bloc : {and_list(mandatory)}", "caption"),))
    if weighed := [bloc.code for bloc in book.referential.blocs if bloc.weights]:
        told = f"{and_list(weighed)} : ce niveau, de tous les avis, ne décide de rien ; voir les notes des rôles"
        lines = (*lines, ((f"{told}, dans {SUMMARY}", "caption"),))
    return People(COMPETENCES, fields, lines=lines, above="Mini")


def transversal(book: Book) -> People:
    """`Transversales`: a column per item, a total per domain, the total and its state."""
    fields = [*identity(book), *_domains(book), *_balance(transversal_rule(book.referential))]
    return People(TRANSVERSAL, fields, lines=_lines(book), above="Mini")


def _lines(book: Book) -> tuple[Line, ...]:
    """How to read a level; an example is one of the scale."""
    if not book.referential.scales.level.letters:
        return _LINES
    letters = book.letters
    order = " > ".join(reversed(letters))
    retained = ((f"Niveau retenu ({order}), face au minimum du référentiel", "caption"),)
    return (retained, ((letters[0], "bad_figure"), (_UNDER, "caption")))


def _competences(book: Book) -> Iterator[Field]:
    for bloc in book.referential.rated_blocs:
        total = len(bloc.competences)
        names = [
            printed(f"{bloc.code} : {required(bloc.required)} sur {total}"),
            f"{bloc.code}, {bloc.required}/{total}",
        ]
        if bloc.weights:
            bar = f"≥ {figure(known(bloc.at_least))}"
            names = [printed(f"{bloc.code} : moyenne des rôles {bar}"), f"{bloc.code} : moyenne {bar}"]
        group = first_fitting([*names, bloc.code], _LEVEL * total)
        for rank, competence in enumerate(bloc.competences):
            yield _level(book, Kind.GRILLE, competence, group, opens=not rank)


def _level(book: Book, kind: Kind, item: Competence | TransversalItem, group: str, *, opens: bool) -> Field:
    policy = book.referential.policy
    how = policy.competence_from if kind is Kind.GRILLE else policy.transversal_from
    scale = book.referential.scales.level
    minimum, rules = scale.shown(item.minimum), below(scale.ladder)
    column = Column(
        heading=item.code, width=_LEVEL, style=("center",), group=group, above=minimum, opens=opens, rules=rules
    )

    def level(outcome: Outcome) -> Level:
        return (outcome.levels if kind is Kind.GRILLE else outcome.transversal_levels)[item.code]

    def formula(spot: Spot) -> str:
        """The levels in `Détail` as one, or the commission's; none where nobody rated the item, or where one of its
        levels is unreadable."""
        by_commission = kind is Kind.GRILLE and level(spot.outcome).commissioned
        source = Kind.SYNTHESE if by_commission else kind
        span = book.sources.spans(spot.rank, source, LEVEL_INPUT).get(item.code)
        if span is None or level(spot.outcome).pending:
            return ""
        marks = book.detail.cells(span)
        if scale.letters:
            return lettered_formula(marks, how, scale.ladder)
        return f'IF(COUNT({marks})=0,"",{aggregate_formula(marks, how, policy.rounding)})'

    field = grey_when_missing(column, lambda outcome: shown_level(level(outcome), scale), formula)

    def look(outcome: Outcome) -> Look:
        """Grey, unless nobody is asked for it."""
        missing = field.look(outcome)
        grey = () if missing and _needless(outcome, kind, item.code, book.referential) else missing
        return (*grey, *_by_commission(level(outcome), scale))

    return replace(field, look=look)


def _needless(outcome: Outcome, kind: Kind, code: str, referential: Referential) -> bool:
    """Whether the item is of what the candidate does not present."""
    if kind is not Kind.GRILLE:
        return outcome.only_blocs
    return all(outcome.blocs[bloc.code].state is State.NOT_PRESENTED for bloc in referential.resting_on(code))


def _by_commission(level: Level, scale: Scale) -> tuple[str, ...]:
    """The mark of a level that the commission set."""
    if not level.commissioned or level.value is None:
        return ()
    if scale.letters:
        return ("commission_letter",)
    return ("commission",) if level.value == level.value.to_integral_value() else ("commission_decimal",)


def _domains(book: Book) -> Iterator[Field]:
    for rank, domain in enumerate(transversal_rule(book.referential).domains):
        group = first_fitting(ever_shorter(domain.title), _LEVEL * len(domain.items) + _TOTAL)
        for place, item in enumerate(domain.items):
            yield _level(book, Kind.TRANSVERSALE, item, group, opens=not place)
        yield _domain_total(domain, group, f"total {rank}", book.letters)


def _domain_total(domain: TransversalDomain, group: str, key: str, ladder: tuple[str, ...]) -> Field:
    codes = [item.code for item in domain.items]
    column = Column(
        heading=domain.title,
        width=_TOTAL,
        style=("bold", "center"),
        number=f'0"/{len(codes)}"',
        group=group,
        rotated=True,
    )

    def formula(spot: Spot) -> str:
        return reached_formula(spot.run(codes[0], codes[-1]), spot.own.above(codes[0], codes[-1]), ladder)

    levels = unless_left(lambda outcome: sum(outcome.transversal_levels[code].demonstrated for code in codes))
    return Field(column, levels, formula=present(formula), key=key)


def _balance(transversal: Transversal) -> Iterator[Field]:
    domains = range(len(transversal.domains))
    total = Column(
        heading="Total",
        width=_TOTAL,
        style=("bold", "center"),
        number=f'0"/{len(transversal.items)}"',
        group="Bilan",
        above=transversal.required,
        opens=True,
        rules=COUNTED,
    )
    summed = present(lambda spot: "+".join(spot.here(f"total {rank}") for rank in domains))
    yield Field(total, unless_left(lambda outcome: transversal_of(outcome).demonstrated), formula=summed, key=TOTAL)
    column = Column(heading="État", width=_STATE, style=("center", "text"), group="Bilan", rules=STATES)

    def known(spot: Spot) -> str:
        levels = [spot.run(domain.items[0].code, domain.items[-1].code) for domain in transversal.domains]
        return known_formula(levels, spot.book.letters)

    def state(spot: Spot) -> str:
        missing = f"{len(transversal.items)}-{known(spot)}"
        return settled_formula(spot.here(TOTAL), missing, transversal.required)

    def nothing(spot: Spot) -> str:
        return f"{known(spot)}=0"

    live = present(unless_kept(KEPT_TRANSVERSAL, state, lambda outcome: transversal_of(outcome).state, nothing))
    yield Field(column, unless_left(lambda outcome: transversal_of(outcome).state), formula=live, key=STATE)
