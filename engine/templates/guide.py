"""The sheet « Mode d'emploi » that ends each workbook: what to do, the scale, the codes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import groupby

from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from engine.model import GUIDE, Kind, Referential, Scale, wording
from engine.model.errors import present
from engine.model.forms import ABSENT, DECLARED, EXEMPT, NOT_ASSESSED, Form
from engine.model.values import and_list
from engine.office import metrics, styles
from engine.office.styles import Styles

_WIDTHS = (66, 578)  # pixels: codes, text


@dataclass(frozen=True)
class Line:
    """A line of the guide: a title when it has no code, else a code or a rank, and what it means."""

    text: str
    code: str = ""


def draw(
    book: Workbook, look: Styles, said: Iterable[Line], referential: Referential, advice: Mapping[str, Sequence[str]]
) -> None:
    """Draw the guide of a workbook, which says these lines; ``advice``: what is to be mended, by sheet."""
    sheet = book.add_worksheet(GUIDE)
    sheet.hide_gridlines(2)
    for column, width in enumerate(_WIDTHS):
        sheet.set_column_pixels(column, column, width)
    certification = referential.certification
    about = f"{certification.title} ({certification.short_title}), référentiel {_version(certification.version)}"
    for row, (text, style, height) in enumerate(((GUIDE, "title", 33), (about, "caption", 15.75))):
        styles.write_text(sheet, row, 1, styles.printed(text), look(style))
        sheet.set_row(row, height)
    sheet.set_row(2, 4.5)
    for column in range(len(_WIDTHS)):
        sheet.write_blank(2, column, None, look("rule"))
    row = 2
    for row, line in enumerate([*_to_mend(advice), *said], start=3):
        (_line if line.code else _title)(sheet, look, row, line)
    sheet.protect("", {"format_rows": True, "format_columns": True})
    footer = (f"{GUIDE}, {certification.title}", "")
    styles.set_page(sheet, landscape=False, margins_mm=(18, 18, 10, 13), footer=footer)
    sheet.print_area(0, 0, row, len(_WIDTHS) - 1)


def _version(version: str) -> str:
    try:
        return f"du {date.fromisoformat(version):%d/%m/%Y}"
    except ValueError:
        return version


def _title(sheet: Worksheet, look: Styles, row: int, line: Line) -> None:
    style = look("section", "hairline", valign="bottom")
    sheet.write_blank(row, 0, None, style)
    styles.write_text(sheet, row, 1, styles.printed(line.text), style)
    sheet.set_row(row, 34.5)


def _line(sheet: Worksheet, look: Styles, row: int, line: Line) -> None:
    text = styles.printed(line.text)
    styles.write_text(sheet, row, 0, line.code, look("code", "hairline", "text", indent=1))
    styles.write_text(sheet, row, 1, text, look("body", "hairline", "wrap"))
    sheet.set_row(row, metrics.row_height(metrics.wrap(text, _WIDTHS[1], 9), 9))


def lines(referential: Referential, forms: Sequence[Form], *, signed: bool = False) -> Iterator[Line]:
    """Every line of the guide, for the sheets that the workbook holds; ``signed``: they count only with a code."""
    kinds = {form.kind for form in forms}
    yield Line("Ce que vous avez à faire")
    yield from _ranked(_steps(forms, signed=signed))
    yield Line("Ce qu'il faut garder tel quel")
    yield from _ranked(_CAUTIONS)
    if kinds & {Kind.GRILLE, Kind.TRANSVERSALE, Kind.SYNTHESE}:
        yield from _scale("L'échelle des niveaux de compétence", referential.scales.level)
    if Kind.TRAVAUX in kinds:
        yield from _scale("L'échelle des travaux", present(referential.scales.work))
    yield from _codes(forms)
    sequence = referential.oral.sequence if Kind.ORAL in kinds and referential.oral else ()
    if sequence:
        yield Line("Le déroulement de l'oral")
        yield from (Line(step.title, f"{step.minutes} min") for step in sequence)


def _to_mend(advice: Mapping[str, Sequence[str]]) -> Iterator[Line]:
    """The advice on what is to be mended, sheet by sheet."""
    for title, texts in advice.items():
        if texts:
            yield Line(f"À corriger dans la feuille « {title} »")
            yield from _ranked(texts)


def _ranked(texts: Iterable[str]) -> Iterator[Line]:
    return (Line(text, str(rank)) for rank, text in enumerate(texts, start=1))


def _steps(forms: Sequence[Form], *, signed: bool) -> Iterator[str]:
    for_the_jury = [step for form in forms for step in _FOR_THE_JURY.get(form.kind, ())]
    if for_the_jury:
        yield from for_the_jury
        yield _SAVE
        return
    by_candidate = [entry.heading for form in forms for entry in form.inputs if entry.by_candidate]
    if by_candidate:
        headings = and_list([f"« {heading} »" for heading in by_candidate])
        yield f"Le candidat remplit d'abord les colonnes {headings}, puis transmet le classeur à l'évaluateur."
        yield from _evidence(forms)
    yield (
        "Remplissez les cases teintées. Une case bien remplie devient blanche ; une valeur soulignée en rouge brique "
        "n'est pas admise : corrigez-la."
    )
    past = ", sans passer par celles du candidat" if by_candidate else ""
    yield (
        f"Au clavier, la touche Entrée descend dans la colonne{past} ; la touche Tab va à la case à remplir suivante."
    )
    yield "Suivez les compteurs : ils disent ce qui reste à faire. Seules vos saisies sont reprises."
    if signed:
        yield (
            "Datez chaque feuille et tapez votre code personnel en bas, dans la case « Code personnel (exigé) » : "
            "une feuille sans ce code n'est pas prise en compte, même signée sur papier. Le secrétariat vous le remet "
            "à part."
        )
    else:
        yield "Datez et signez en bas de chaque feuille : à la main sur le papier, ou en tapant votre code personnel."
    yield _SAVE


_SAVE = (
    "Enregistrez au format Excel (.xlsx), sans mot de passe, et renvoyez le classeur au secrétariat. Vous pourrez "
    "en renvoyer une version complétée : la dernière compte."
)
_FOR_THE_JURY = {
    Kind.SYNTHESE: (
        "La commission examine les niveaux calculés. Là où elle en décide un autre, tapez-le dans « Niveau » : il "
        "prévaut sur ceux des évaluateurs. Une case vide garde le niveau calculé.",
        "La ligne de chaque bloc dit où il en est, d'après « Niveau » ou, s'il est vide, « Calculé ».",
        "Dites en bas le motif, datez et signez : un référent ou le secrétariat. Une synthèse où rien n'a changé n'a "
        "pas à être renvoyée.",
    ),
    Kind.DELIBERATION: (
        "« Décision » et « Blocs » contiennent d'avance ce que donnent les règles. Changez ce que le jury décide "
        "autrement, et dites pourquoi dans « Motif » : un écart sans motif n'est pas pris.",
        "« Blocs » ne sert que pour PARTIEL : les codes des blocs acquis, séparés par « ; ». Un bloc acquis à une "
        "session antérieure le reste.",
        "EN ATTENTE : le jury reporte sa décision. Une case « Décision » vide laisse décider les règles.",
        "Sous le tableau, inscrivez l'identifiant du président et ceux des membres présents, et les incidents s'il y "
        "en eut.",
        "Rien n'est décidé tant que la feuille n'est pas signée. Si la session exige les codes personnels, le "
        "président et les autres membres tapent le leur dans la case de signature, l'un après l'autre.",
    ),
}


def _evidence(forms: Sequence[Form]) -> Iterator[str]:
    """How one tick stands for several pieces of evidence."""
    rows = [row for form in forms for row in form.rows if form.kind is Kind.GRILLE]
    pieces = {row.code: row.labels["Éléments de preuve"] for row in rows}
    several = [code for code, each in pieces.items() if isinstance(each, tuple) and len(each) > 1]
    if several:
        yield (
            f"Plusieurs preuves sont demandées pour {and_list(several)} : x dans « Preuve » dit qu'elles sont "
            "toutes jointes ; s'il en manque une, dites laquelle dans « Expérience ». Sur le papier, chacune a sa case "
            "à cocher."
        )


_CAUTIONS = (
    "La référence en haut à droite, les codes et les titres des colonnes : ils disent à qui et à quoi se rapporte "
    "chaque valeur. Le nom du fichier et l'ordre des feuilles, eux, sont libres.",
    "Une valeur par case, tapée telle quelle : ni formule, ni cellules fusionnées, ni remarque à côté du chiffre.",
)


def _scale(title: str, scale: Scale) -> Iterator[Line]:
    """The values of a scale, letters from the highest; neighbours without a wording share a line."""
    yield Line(f"{title} ({scale.ladder[-1]} est la plus haute)" if scale.letters else title)
    values = scale.values or wording.landmarks(scale)
    for label, group in groupby(values[::-1] if scale.letters else values, key=partial(wording.label_of, scale)):
        shown = [wording.level(scale, value) for value in group]
        if label:
            yield from (Line(label, value) for value in shown)
        elif len(shown) == 1:
            yield Line("Niveau intermédiaire", shown[0])
        else:
            yield Line("Niveaux intermédiaires", f"{shown[0]} à {shown[-1]}")


_MEANINGS = {
    ABSENT: "Absent : le candidat ne s'est pas présenté.",
    NOT_ASSESSED: "Non évalué : vous ne pouvez pas attester ce niveau. La case compte comme remplie.",
    EXEMPT: "Dispensé : le candidat n'a pas à présenter cette épreuve, qui lui est acquise.",
}


def _codes(forms: Sequence[Form]) -> Iterator[Line]:
    states = {
        state
        for form in forms
        for entry in form.inputs
        for domain in (entry.domain, *(row.domains[entry.name] for row in form.rows if entry.name in row.domains))
        for state in domain.states
    }
    if states:
        yield Line("Les codes à taper, s'il y a lieu, à la place d'une valeur")
        yield from (Line(_MEANINGS[state], state) for state in DECLARED if state in states)
