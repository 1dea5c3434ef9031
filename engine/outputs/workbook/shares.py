"""What candidates show best and least: the share who demonstrated each competence, the points of each oral section."""

from __future__ import annotations

from decimal import Decimal

from engine.model.rules import known_formula, reached_formula
from engine.outputs.parts import oral_of, oral_rule
from engine.outputs.workbook.board import Board, Cell, column_of
from engine.outputs.workbook.charts import share_chart
from engine.outputs.workbook.places import COMPETENCES, ORAL

_FEW = 32  # competences whose bars leave room on their page for the tables that follow


def write_competences(board: Board) -> None:
    """One bar per competence, the least demonstrated first; those that nobody rated come last."""
    book, ladder = board.book, board.book.letters
    board.section(
        "Compétences démontrées, les plus faibles d'abord",
        "Part des candidats évalués dont le niveau atteint le minimum, abandons compris ; ordre de la consolidation",
        new_page=True,
    )
    counted = []
    for competence in book.referential.competences:
        levels = [outcome.levels[competence.code] for outcome in book.outcomes]
        rated = sum(level.value is not None for level in levels)
        counted.append((competence.code, rated, sum(level.demonstrated for level in levels)))
    counted.sort(key=_least_demonstrated)
    rows, first = [], board.row + 2
    for number, (code, rated, shown) in enumerate(counted, start=first):
        cells, minimum = column_of(book, code, COMPETENCES), f"{COMPETENCES}!{book.places[COMPETENCES].above(code)}"
        reached = reached_formula(cells, minimum, ladder) if ladder else f'COUNTIF({cells},">="&{minimum})'
        rows.append(
            (
                code,
                Cell(rated, known_formula([cells], ladder)),
                Cell(shown, reached),
                Cell(_share(shown, rated), f'IF(B{number}=0,"",C{number}/B{number})'),
            )
        )
    top = board.row
    block = board.table(("Compétence", "Évaluée", "Démontrée", "Part"), rows)
    shares = [_share(shown, rated) for _, rated, shown in counted]
    title = "Compétences, part démontrée"
    board.chart(share_chart(book.workbook, block, title, {"Part démontrée": shares}), top, len(rows) + 2)


def _least_demonstrated(counted: tuple[str, int, int]) -> Decimal:
    """The order of a competence: by its share, and after all others when nobody was rated."""
    _, rated, shown = counted
    return Decimal(shown) / rated if rated else Decimal(2)


def write_sections(board: Board) -> None:
    """One bar per section of the oral: the mean of the candidates, out of the section's points."""
    book, sections = board.book, oral_rule(board.book.referential).sections
    board.section(
        "Grand oral par partie",
        "Moyenne des candidats qui ont une fiche complète, abandons compris ; part : sur les points de la partie",
        new_page=len(book.referential.competences) > _FEW,
    )
    rows, shares, first = [], [], board.row + 2
    for rank, section in enumerate(sections):
        given = [oral_of(outcome).sections[rank] for outcome in book.outcomes]
        known = [mean for mean in given if mean is not None]
        mean = sum(known, Decimal(0)) / len(known) if known else None
        shares.append(None if mean is None else mean / section.points)
        cells, number = column_of(book, f"section {rank}", ORAL), first + rank
        rows.append(
            (
                section.title,
                section.points,
                Cell(mean, f'IF(COUNT({cells})=0,"",AVERAGE({cells}))'),
                Cell(shares[-1], f'IF(C{number}="","",C{number}/B{number})'),
            )
        )
    top = board.row
    block = board.table(("Partie", "Points", "Moyenne", "Part"), rows)
    title = "Grand oral, part des points obtenus par partie"
    board.chart(share_chart(book.workbook, block, title, {"Part des points": shares}), top, len(rows) + 4)


def _share(part: int, whole: int) -> Decimal | None:
    return Decimal(part) / whole if whole else None
