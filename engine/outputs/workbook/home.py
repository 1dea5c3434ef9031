"""The sheet `Accueil`: what this workbook is, what needs attention first, where to look, how to read it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd
from xlsxwriter.worksheet import Worksheet

from engine.model import Awaited, Decision
from engine.model.anomalies import Gravity
from engine.model.awaiting import SHEETS
from engine.model.expected import FileState
from engine.model.snapshot import Decided
from engine.office.metrics import row_height, wrap
from engine.office.styles import ACCENT, printed, write_text
from engine.outputs.workbook.frame import Frame, finish_page, write_live
from engine.outputs.workbook.gaps import FLAGGED, SHARE
from engine.outputs.workbook.links import inside
from engine.outputs.workbook.looks import ATTENTION, DECISIONS, SAMPLES, SETTLED, Rule
from engine.outputs.workbook.places import (
    ANOMALIES,
    AS_READ,
    CANDIDATES,
    COMPETENCES,
    DETAIL,
    EVOLUTION,
    FILES,
    GAPS,
    HOME,
    JURY,
    MISSING,
    NEAR,
    NOTES,
    ORAL,
    RULED,
    RULES,
    STATISTICS,
    SUMMARY,
    TRANSVERSAL,
    VALIDATION,
)
from engine.outputs.workbook.tallies import provisional_told, provisional_words
from engine.outputs.workbook.verdict import DISPLACED

_WIDTHS = (176, 104, 620)  # pixels: what, how many, in words
_ROW = 17.25  # points
_SIZE, _NAME = 9, 10

_ANSWERS = {
    SUMMARY: "Quelle décision pour chaque candidat, et pourquoi ?",
    COMPETENCES: "Quel niveau a-t-il à chaque compétence, face au minimum ?",
    TRANSVERSAL: "Et aux compétences transversales ?",
    ORAL: "Combien de points au grand oral, critère par critère et juré par juré ?",
    NOTES: "Quelles notes, quels crédits ?",
    VALIDATION: "Quelles pièces les référents ont-ils vérifiées ?",
    JURY: "Qui peut passer le grand oral, qui ne le peut pas et pourquoi ? Quand ?",
    NEAR: "Qui est tout près d'un seuil, d'un côté ou de l'autre, et qu'est-ce qui en dépend ?",
    GAPS: "Où le candidat, le tuteur, les formateurs ou les jurés se contredisent-ils le plus ?",
    ANOMALIES: "Qu'est-ce qui n'a pas pu être lu ou surprend, où, et comment le corriger ?",
    FILES: "Quels fichiers sont arrivés, et qu'en a-t-on fait ? Un clic ouvre le fichier.",
    MISSING: "Quelles fiches attend-on encore, et de qui ?",
    EVOLUTION: "Qu'est-ce qui a changé depuis la consolidation précédente ?",
    CANDIDATES: "Qui est inscrit, avec quels évaluateurs, selon le registre ?",
    DETAIL: "D'où vient chaque valeur : quel fichier, quelle feuille, quelle cellule ?",
    STATISTICS: "Comment la session se présente-t-elle dans son ensemble, en graphiques ?",
    RULES: "Selon quelles règles tout cela a-t-il été décidé ?",
}
"""The question each sheet answers."""
_CONTINUED = f"La suite de {DETAIL}, qui a plus de lignes qu'une feuille n'en contient."

_MEANINGS = {
    Decision.ADMITTED: "toutes les conditions du titre sont validées",
    Decision.PARTIAL: "une condition manque, un bloc au moins est validé",
    Decision.REFUSED: "une condition manque, aucun bloc n'est validé",
    Decision.PENDING: "une valeur manquante peut encore changer la décision ou les blocs acquis",
    Decision.LEFT: "abandon inscrit au registre",
}

_SYMBOLS = (
    ("● Validé", "good", "la condition est remplie"),
    ("× Non validé", "bad", "elle ne l'est pas, et rien de ce qui manque ne peut plus y changer"),
    ("○ En attente", "waiting", "il manque une valeur, ou une valeur reste à corriger"),
    ("9,50", "bad_figure", "une valeur sous son seuil : gras, souligné"),
    ("× 14,00", "held", "une note au-dessus de son seuil, que le rapport d'activité ne permet pas de valider"),
    ("○ ADMIS provisoire", "unsettled", "toute décision qu'une fiche encore attendue peut changer"),
    ("Case grise", "waiting", "valeur manquante, ou écartée par une anomalie bloquante"),
    ("▲", "strong", "avertissement, réserve, ou grand écart : à regarder, rien n'est bloqué"),
    ("– Italique", "departed", "candidat sorti, fichier ignoré : rien n'est attendu"),
)


@dataclass(frozen=True)
class Counts:
    """What the workbook's own formulas count, as the engine found it. ``unsure``: the provisional among the
    decisions."""

    decisions: Counter[Decision]
    unsure: Counter[Decision]
    blocking: int
    refused: int
    awaited: Awaited
    files: int
    near: int
    wide_gaps: int


def counts(
    decided: Iterable[Decided],
    anomalies: pd.DataFrame,
    files: pd.DataFrame,
    awaited: Awaited,
    pointed_out: tuple[int, int],
) -> Counts:
    """From the decisions and tables of the run; ``pointed_out``: how many near cases, and wide gaps."""
    near, wide_gaps = pointed_out
    each = [(one.decision, one.provisional) for one in decided]
    return Counts(
        decisions=Counter(decision for decision, _ in each),
        unsure=Counter(decision for decision, provisional in each if provisional),
        blocking=int((anomalies["gravity"] == Gravity.BLOCKING).sum()),
        refused=int((files["state"] == FileState.REFUSED).sum()),
        awaited=awaited,
        files=len(files),
        near=near,
        wide_gaps=wide_gaps,
    )


def write_home(book: Frame, found: Counts) -> None:
    """Fill the sheet, once every other one is written."""
    sheet = book.sheet(HOME)
    for index, width in enumerate(_WIDTHS):
        sheet.set_column_pixels(index, index, width)
    page = _Page(book, sheet, _write_title(book, sheet))
    for label, text in _facts(book):
        page.text(label, text)
    files = _column(book, FILES, "État")
    page.live(Figure("Retours lus", found.files, f"COUNTA({files})", "fichiers du dossier « retours », voir Fichiers"))
    _write_condition(page)
    _write_decisions(page, found)
    page.section("À regarder d'abord")
    pressing = [(one, rule) for one, rule in _attention(book, found) if one.number]
    for one, rule in pressing:
        page.live(one, (ATTENTION["calm"], ATTENTION[rule]), link=one.label)
    if not pressing:
        page.paragraph(_NOTHING)
    page.section("Les feuilles")
    for worksheet in book.workbook.worksheets()[1:]:
        page.text(worksheet.name, _ANSWERS.get(worksheet.name, _CONTINUED), link=worksheet.name)
    page.section("Lire les couleurs et les symboles")
    for sample, look, meaning in _SYMBOLS:
        if look == "held" and not book.referential.requires_report:
            continue
        page.sample(sample, look, meaning)
    page.section("S'y retrouver, imprimer")
    for text in _ADVICE:
        page.paragraph(text)
    finish_page(book, sheet, HOME, landscape=False, fit_height=1)
    sheet.activate()
    sheet.set_first_sheet()


def _write_title(book: Frame, sheet: Worksheet) -> int:
    """The title, and whose results these are; returns the row that follows."""
    sheet.hide_gridlines(2)
    sheet.set_row(0, 31.5)
    write_text(sheet, 0, 0, "Résultats", book.styles("title"))
    title = printed(book.session)
    sheet.set_row(1, max(18, row_height(wrap(title, sum(_WIDTHS), _NAME, bold=True), _NAME)))
    sheet.merge_range(1, 0, 1, len(_WIDTHS) - 1, "", book.styles("name", "wrap"))  # else a long one narrows the page
    write_text(sheet, 1, 0, title, book.styles("name", "wrap"))
    sheet.set_row(2, 6)
    for index in range(len(_WIDTHS)):
        sheet.write_blank(2, index, None, book.styles("rule"))
    return 3


_ADVICE = (
    "Dans Synthèse, l'identifiant d'un candidat mène à ses valeurs dans Détail ; ailleurs, il ramène à Synthèse. "
    "Dans Fichiers et Détail, un clic ouvre le fichier reçu, tant que ce classeur reste dans le dossier « resultats ».",
    "Les chiffres et les décisions sont des formules : cliquez sur une cellule pour voir de quoi elle dépend.",
    "Chaque feuille s'imprime en A4. De Détail et d'Écarts, longs, seul le début s'imprime : "
    "effacez leur zone d'impression pour avoir le reste.",
)


def _facts(book: Frame) -> Iterator[tuple[str, str]]:
    certification, session = book.referential.certification, book.roster.session
    yield "Certification", f"{certification.title} ({certification.short_title}), {certification.code}, {book.version}"
    jury = [f"{session.jury_date:%d/%m/%Y}"] if session.jury_date else []
    jury += [f"présidé par {session.president}"] if session.president else []
    if jury:
        yield "Jury", ", ".join(jury)
    made = book.run.made_at
    when = f"{made:%d/%m/%Y} à {made:%H\u00a0h\u00a0%M}"
    yield "Consolidé le", f"{when}, par le programme cohorte {book.run.program_version}"


def _write_decisions(page: _Page, found: Counts) -> None:
    page.section("Décisions")
    book = page.book
    headings = ("Décision", "Identifiant", "Provisoire")
    decisions, everyone, provisional = (_column(book, SUMMARY, heading) for heading in headings)
    enrolled = Figure("Candidats", len(book.identifiers), f"COUNTA({everyone})", "inscrits au registre")
    page.live(enrolled, link=SUMMARY)
    for decision, meaning in _MEANINGS.items():
        number = f'COUNTIF({decisions},"{decision}")'
        text, told = printed(meaning), ""
        if decision in SETTLED:
            told = f'"{text}"&{provisional_words(f"""COUNTIFS({decisions},"{decision}",{provisional},"Oui")""")}'
            text += provisional_told(found.unsure[decision])
        page.live(Figure(decision, found.decisions[decision], number, text, told), label_rules=DECISIONS)


def _attention(book: Frame, found: Counts) -> Iterator[tuple[Figure, str]]:
    """What needs attention, most pressing first, each by the sheet that lists it, and how grave any is."""
    decisions, provisional = (_column(book, SUMMARY, heading) for heading in ("Décision", "Provisoire"))
    pending, unsure = found.decisions[Decision.PENDING], found.unsure.total() - found.unsure[Decision.LEFT]
    blocking = f'COUNTIF({_column(book, ANOMALIES, "Gravité")},"{Gravity.BLOCKING}")'
    words = "anomalies bloquantes : chacune écarte une valeur ou une fiche"
    yield Figure(ANOMALIES, found.blocking, blocking, words), "grave"
    waiting = f'COUNTIF({decisions},"{Decision.PENDING}")'
    yield Figure(SUMMARY, pending, waiting, "décisions en attente : la colonne Motifs dit de quoi"), "waiting"
    refused = f'COUNTIF({_column(book, FILES, "État")},"{FileState.REFUSED}")'
    yield Figure(FILES, found.refused, refused, "fichiers refusés : rien n'y a été lu"), "grave"
    awaited = f"COUNTA({_column(book, MISSING, 'Nature')})"
    owed = found.awaited
    words = f"{SHEETS[owed.sheets > 1]} {owed.of_whom}" if owed.sheets else owed.words
    yield Figure(MISSING, owed.sheets, awaited, words), "waiting"
    unsettled = f'COUNTIF({provisional},"Oui")'
    yield Figure(SUMMARY, unsure, unsettled, "décisions provisoires : une fiche manque encore"), "waiting"
    near = f"COUNTA({_column(book, NEAR, 'Candidat')})"
    yield Figure(NEAR, found.near, near, "conditions tout près de leur seuil"), "warning"
    shares, flagged = (_column(book, GAPS, heading) for heading in (SHARE, FLAGGED))
    wide = f'COUNTA({flagged})+SUMPRODUCT(({shares}>=0.5)*({flagged}=""))'
    words = "écarts d'avis signalés, ou d'au moins la moitié de l'échelle"
    yield Figure(GAPS, found.wide_gaps, wide, words), "warning"


_NOTHING = "Rien à signaler."
_UNTOUCHED = "tel que le programme l'a écrit : rien n'y a été déplacé ni changé à la main"
_DISTURBED = "décisions perdues, lignes déplacées ou valeur hors de son échelle (annulez, ou rouvrez ce fichier) : "
_TYPED_OVER = "candidats dont une valeur a été changée à la main depuis la consolidation : "


def _write_condition(page: _Page) -> None:
    """Whether this workbook is as it was written: what stands in it may be moved, or typed over."""
    book = page.book
    displaced = f'COUNTIF({_column(book, SUMMARY, RULED)},"{DISPLACED}")'
    changed = f'COUNTIF({CANDIDATES}!{book.places[CANDIDATES].column(AS_READ)},"Non")'
    untouched, disturbed, typed_over = (printed(text) for text in (_UNTOUCHED, _DISTURBED, _TYPED_OVER))
    lost, typed = f'"{disturbed}"&{displaced}', f'"{typed_over}"&{changed}'
    told = f'IF({displaced}>0,{lost},IF({changed}>0,{typed},"{untouched}"))'
    page.text("Ce classeur", untouched, told=told, rules=(Rule(f'{{here}}<>"{untouched}"', SAMPLES["bad"]),))


def _column(book: Frame, sheet: str, heading: str) -> str:
    return f"'{sheet}'!{book.listed[sheet].column(heading)}"


@dataclass(frozen=True)
class Figure:
    """A number that a formula gives, its label, and what it counts; ``told``: the formula of these words, if any."""

    label: str
    number: int
    formula: str
    text: str
    told: str = ""


class _Page:
    """The sheet being filled, row after row."""

    def __init__(self, book: Frame, sheet: Worksheet, row: int) -> None:
        self.book, self.sheet, self.row = book, sheet, row

    def section(self, title: str) -> None:
        """A title over the rows that follow."""
        self.sheet.set_row(self.row, 25.5)
        for index in range(len(_WIDTHS)):
            style = self.book.styles("section", valign="bottom", bottom=1, bottom_color=ACCENT)
            write_text(self.sheet, self.row, index, printed(title) if not index else "", style)
        self.row += 1

    def text(self, label: str, text: str, link: str = "", *, told: str = "", rules: Sequence[Rule] = ()) -> None:
        """A label, or a link to a sheet, and a sentence over the two other columns; ``told``: its formula, if any."""
        self._height(text, sum(_WIDTHS[1:]))
        self._label(label, link)
        style = self.book.styles("body", "wrap", "hairline")
        self.sheet.merge_range(self.row, 1, self.row, 2, printed(text), style)
        if told:
            write_live(self.sheet, (self.row, 1), told, printed(text), style)
        self._paint(1, rules)
        self.row += 1

    def live(
        self, figure: Figure, rules: Sequence[Rule] = (), *, link: str = "", label_rules: Sequence[Rule] = ()
    ) -> None:
        """A figure; ``link``: the sheet that its label leads to."""
        self._height(figure.text, _WIDTHS[2])
        self._label(figure.label, link)
        self._paint(0, label_rules)
        style = self.book.styles("body", "bold", "center", "hairline")
        write_live(self.sheet, (self.row, 1), figure.formula, figure.number, style)
        self._paint(1, rules)
        text, words = printed(figure.text), self.book.styles("body", "wrap", "hairline")
        if figure.told:
            write_live(self.sheet, (self.row, 2), figure.told, text, words)
        else:
            write_text(self.sheet, self.row, 2, text, words)
        self.row += 1

    def sample(self, sample: str, look: str, meaning: str) -> None:
        """A symbol as it looks, and what it means."""
        self.sheet.set_row(self.row, _ROW)
        style = self.book.styles("body", "hairline", "indented", **SAMPLES[look])
        write_text(self.sheet, self.row, 0, sample, style)
        self.sheet.merge_range(self.row, 1, self.row, 2, printed(meaning), self.book.styles("body", "hairline"))
        self.row += 1

    def paragraph(self, text: str) -> None:
        """A sentence over the whole width."""
        self._height(text, sum(_WIDTHS))
        self.sheet.merge_range(self.row, 0, self.row, 2, printed(text), self.book.styles("caption", "wrap"))
        self.row += 1

    def _label(self, label: str, link: str) -> None:
        if link:
            style = self.book.styles("body", "hairline", "link", "indented", bold=True)
            self.sheet.write_url(self.row, 0, inside(link), style, label)
        else:
            write_text(self.sheet, self.row, 0, label, self.book.styles("body", "hairline", "indented", bold=True))

    def _height(self, text: str, width: int) -> None:
        self.sheet.set_row(self.row, max(_ROW, row_height(wrap(printed(text), width, _SIZE), _SIZE)))

    def _paint(self, column: int, rules: Sequence[Rule]) -> None:
        """Colour one cell by rules of which at most one is true."""
        here: Mapping[str, str] = {"here": f"${'AB'[column]}${self.row + 1}"}
        for rule in rules:
            options = {"type": "formula", "criteria": "=" + rule.formula.format(**here)}
            self.sheet.conditional_format(
                self.row, column, self.row, column, options | {"format": self.book.styles(**rule.look)}
            )
