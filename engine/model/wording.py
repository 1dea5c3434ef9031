"""The sentences of the sheets: scales, instructions, captions, stop messages. ``**...**`` marks what is printed bold.

What the templates write and what the intake compares with what comes back are the same words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from itertools import groupby

from engine.model import Bloc, Exam, Kind, Level, Measure, Referential, Role, Scale
from engine.model.errors import present
from engine.model.forms import ABSENT, DECLARED, EXEMPT, NOT_ASSESSED, Domain, Form, Input, Nature, build
from engine.model.values import and_list, expected, figure, listed

YES_NO_WORDS = ("OUI", "O", "NON", "N")
"""What is taken for an answer, in any case."""
TICKS = ("X", "OUI")
"""What is taken for a tick, in any case."""

_STEPS = {Decimal("0.5"): "par demi-{}", Decimal("0.25"): "par quart de {}"}
_GAP = "\u00a0" * 6  # between two values of a scale
_SHORT = range(1, 12)  # how many values a scale may have and be shown whole
_DEMONSTRATED = "Démontrée : niveau au moins égal au mini.".replace(" ", "\u00a0")


def steps(step: Decimal, unit: str) -> str:
    """How values follow one another: ``par demi-point``."""
    several = unit + ("x" if unit.endswith("u") else "s")
    if step == 1 or step >= 2:
        return f"en {several} entiers" if step == 1 else f"par pas de {figure(step)} {several}"
    return _STEPS.get(step.normalize(), f"par pas de {figure(step)} {{}}").format(unit)


def decimals(lowest: Decimal, highest: Decimal) -> str:
    """An example of a number with decimals that stands between these bounds, where there is a plain one."""
    values = (Decimal("12.25"), (lowest + highest) // 2 + Decimal("0.25"))
    example = next((value for value in values if lowest <= value <= highest), None)
    return "" if example is None else f" (exemple : {figure(example)})"


def evaluator(role: Role) -> str:
    """What stands before the name of an evaluator in the header of a sheet."""
    return str(role) if role in (Role.JUROR, Role.REFERENT) else "Évaluateur"


# ------------------------------------------------------------------------------------------- the panel


def panel(form: Form, referential: Referential) -> list[str]:
    """The lines of the pale panel: the scale in use and what is expected."""
    return list(_PANELS[form.kind](form, referential))


def _scale(scale: Scale) -> str:
    """``Échelle : 1 Connaissances théoriques      2      3 ...``; the words of a value never part from it."""
    shown = []
    for value in scale.values if len(scale.values) in _SHORT else landmarks(scale):
        label = label_of(scale, value).replace(" ", "\u00a0")
        shown.append(f"**{level(scale, value)}**" + (f"\u00a0\u00a0{label}" if label else ""))
    if scale.letters:
        shown.reverse()  # as letters are read: the highest first
        shown[0] += "\u00a0\u00a0(la\u00a0plus\u00a0haute)"
    return "**Échelle\u202f:**\u00a0\u00a0 " + f"{_GAP} ".join(shown)


def landmarks(scale: Scale) -> list[Decimal]:
    """The bounds of a scale and its values that have a wording, smallest first."""
    return sorted({scale.minimum, scale.maximum} | {Decimal(key) for key in scale.labels})


def level(scale: Scale, value: Decimal) -> str:
    """A value of a scale as people read it in a sentence: a number, or its letter."""
    shown = scale.shown(value)
    return shown if isinstance(shown, str) else figure(shown)


def label_of(scale: Scale, value: Decimal) -> str:
    """The wording of a value of a scale, "" when it has none."""
    return next((label for key, label in scale.labels.items() if Decimal(key) == value), "")


def _grille(form: Form, referential: Referential) -> Iterator[str]:
    yield _scale(referential.scales.level)
    minima = f" {_DEMONSTRATED}" if referential.policy.show_minima_to_evaluators else ""
    yield f"Remplissez les **cases teintées** que vous pouvez attester, ou tapez **NE** (non évalué).{minima}"
    if any(bloc.weights for bloc in referential.blocs):
        yield "Vos niveaux font une moyenne : une compétence **sans niveau** la laisse en attente."
    if any(entry.by_candidate for entry in form.inputs):
        yield "Le **candidat** remplit d'abord ses colonnes, puis vous transmet ce classeur."
    known = abbreviations(form, referential)
    if known:
        yield "Preuves : " + ", ".join(f"**{short}** {words}" for short, words in known.items()) + "."


def abbreviations(form: Form, referential: Referential) -> dict[str, str]:
    """What the abbreviations that open the pieces of evidence mean; those that the referential uses, in order."""
    exam = referential.national_exam
    meanings = {short: _within_sentence(title) for short, title in (referential.sources or {}).items()}
    meanings |= {exam.code: "examen national"} if exam else {}
    used = {
        piece.partition(":")[0].strip()
        for row in form.rows
        if isinstance(pieces := row.labels["Éléments de preuve"], tuple)
        for piece in pieces
        if ":" in piece
    }
    return {short: words for short, words in meanings.items() if short in used}


def _within_sentence(title: str) -> str:
    """A title without its capital; ``CFA`` keeps its own."""
    return title[:1].lower() + title[1:] if title[1:2].islower() else title


def _travaux(_form: Form, referential: Referential) -> Iterator[str]:
    yield _scale(present(referential.scales.work))
    yield "Un niveau par travail que vous avez évalué, ou **NE** (non évalué)."
    yield "Le sujet, l'apport et la date sont facultatifs."


def _transversale(_form: Form, referential: Referential) -> Iterator[str]:
    yield _scale(referential.scales.level)
    yield f"Un niveau par ligne, ou **NE** (non évalué). {_DEMONSTRATED}"


def _oral(_form: Form, referential: Referential) -> Iterator[str]:
    oral = present(referential.oral)
    duration = f" Durée : {oral.duration_minutes} minutes." if oral.duration_minutes else ""
    yield f"De **0 au barème**, {steps(oral.step, 'point')}. **ABS** : candidat absent.{duration}"


def _notes(form: Form, referential: Referential) -> Iterator[str]:
    scale, exam = referential.scales.mark, referential.national_exam
    if scale is not None:
        bounds = f"**{figure(scale.minimum)} à {figure(scale.maximum)}**"
        broken = f"avec leurs décimales{decimals(scale.minimum, scale.maximum)}"
        yield f"Notes de {bounds}, {broken if scale.step is None else steps(scale.step, 'point')}. **ABS** : absent."
    exempt = [entry.heading for entry in form.inputs if EXEMPT in entry.domain.states]
    if exempt:
        yield "**DISP** : dispensé, admis pour " + and_list(exempt) + "."
    bars = []
    if referential.units and referential.unit_rule:
        bars.append(f"UE validée **au-dessus de {figure(referential.unit_rule.above)}**")
    if exam:
        bars.append(f"{exam.code} validé **à partir de {figure(exam.at_least)}**")
    bars += [
        f"{bloc.code} : {_mean(bloc)}" for bloc in referential.blocs if bloc.at_least is not None and not bloc.weights
    ]
    gated = [exam for exam in referential.exams if exam.after]
    bars += [f"{one.code} : **à partir de {figure(present(one.after_at_least))}** en {one.after}" for one in gated]
    if bars:
        yield " ; ".join(bars) + "."


def in_mean(exam: Exam) -> str:
    """The coefficient of an exam in a mean, and what opens it: ``coefficient 2, à partir de 12 en E21``."""
    opened = f", à partir de {figure(present(exam.after_at_least))} en {exam.after}" if exam.after else ""
    return f"coefficient {figure(exam.coefficient)}{opened}"


def _mean(bloc: Bloc) -> str:
    floor = "" if bloc.floor is None else f", sans note **sous {figure(bloc.floor)}**"
    return f"moyenne **à partir de {figure(present(bloc.at_least))}**{floor}"


def _validation(_form: Form, _referential: Referential) -> Iterator[str]:
    yield "**Oui** : pièce validée. **Non** : pièce refusée."
    yield "Laissez la case vide tant que la pièce n'a pas été examinée."


def _synthese(_form: Form, referential: Referential) -> Iterator[str]:
    yield _scale(referential.scales.level)
    yield "**Calculé**\u202f: le niveau d'après les évaluateurs, au jour de l'envoi. Vide\u202f: personne n'a évalué."
    yield f"Laissez **Niveau** vide pour le garder ; un niveau saisi le remplace, et prévaut. {_DEMONSTRATED}"


def _deliberation(_form: Form, _referential: Referential) -> Iterator[str]:
    yield "Les règles ont **rempli d'avance** : changez ce que le jury décide autrement, avec son **motif**."
    yield "**Blocs**, pour PARTIEL : les codes, séparés par « ; »."
    yield "**EN ATTENTE** : le jury reporte sa décision. Case vide : les règles."


_PANELS: Mapping[Kind, Callable[[Form, Referential], Iterator[str]]] = {
    Kind.GRILLE: _grille,
    Kind.TRAVAUX: _travaux,
    Kind.TRANSVERSALE: _transversale,
    Kind.ORAL: _oral,
    Kind.NOTES: _notes,
    Kind.VALIDATION: _validation,
    Kind.SYNTHESE: _synthese,
    Kind.DELIBERATION: _deliberation,
}


TO_MEND = "à corriger"
"""What stands for a computed level that a value which cannot be read holds back."""


def computed(level: Level, scale: Scale) -> Decimal | str:
    """A computed level as a sheet shows it; blank where nobody rated."""
    if level.pending:
        return TO_MEND
    return scale.shown(level.value) if level.value is not None else ""


# ------------------------------------------------------------------------------------------ other texts


def panel_text(form: Form, referential: Referential) -> str:
    """The panel as it is read: its lines one after the other, without marks."""
    return "\n".join(panel(form, referential)).replace("**", "")


def variants(form: Form, referential: Referential) -> Iterator[Form]:
    """The form, and the one with or without the candidate's columns that its sheet may have been issued as."""
    yield form
    if form.kind is Kind.GRILLE:
        own = any(entry.by_candidate for entry in form.inputs)
        yield present(build(referential, form.kind, candidate_columns=not own))


def certification(referential: Referential) -> str:
    """The line under the title."""
    about = referential.certification
    return f"{about.title} ({about.short_title}), niveau {about.level}, {about.code}"


def captions(form: Form, referential: Referential) -> Iterator[tuple[str, str]]:
    """The captions above the headings of columns: (heading, text) pairs; of neighbours that share it, the first one."""
    if form.by_candidate_rows:
        shared, own = families(referential), referential.column_titles
        yield from ((entry.heading, own[entry.heading]) for entry in form.inputs if own.get(entry.heading))
        groups = groupby(form.inputs, key=lambda entry: shared.get(entry.heading, ""))
    else:
        groups = groupby(form.inputs, key=lambda entry: filler(form, entry))
    yield from ((next(entries).heading, text) for text, entries in groups if text)


BY_CANDIDATE, BY_EVALUATOR = "par le candidat", "par vous"
_OWN_WORDS = {"apport": f"{BY_CANDIDATE} : « Ce que ce travail m'a apporté »"}
"""What stands over the columns of TRAVAUX that report what the candidate wrote."""


def filler(form: Form, entry: Input) -> str:
    """Who fills a column, over the columns of a sheet that several people fill; "" where it goes without saying."""
    if form.kind is Kind.TRAVAUX:
        return _OWN_WORDS.get(entry.name, "" if entry.name == "sujet" else BY_EVALUATOR)
    shared = any(other.by_candidate for other in form.inputs)
    return (BY_CANDIDATE if entry.by_candidate else BY_EVALUATOR) if shared else ""


def captioned_since(kind: Kind) -> bool:
    """Whether sheets of this kind first went out without captions, and may come back so."""
    return kind is Kind.TRAVAUX


def hint(single: Input) -> str:
    """The hint before the box of a single input."""
    return "Oui ou Non" if single.beside and single.domain.nature is Nature.YES_NO else ""


def families(referential: Referential) -> dict[str, str]:
    """The family that each code of NOTES and VALIDATION belongs to."""
    families = dict.fromkeys((unit.code for unit in referential.units), "Unités d'enseignement")
    families |= dict.fromkeys((exam.code for exam in referential.exams), "Examens en cours de formation")
    families |= {exam.code: f"Épreuves de {exam.bloc}" for exam in referential.exams if exam.bloc}
    families |= dict.fromkeys((work.code for work in referential.works), "Travaux")
    families |= dict.fromkeys((document.code for document in referential.documents), "Documents")
    return families


# ---------------------------------------------------------------------------------------- stop messages


def stop_message(domain: Domain, form: Form) -> str:
    """The message for somebody who types what a cell does not take (at most 255 signs)."""
    if domain.nature is Nature.YES_NO:
        return "Choisissez Oui ou Non."
    if domain.nature is Nature.TICK:
        return "Tapez x si une preuve est jointe ; sinon, laissez la case vide."
    if domain.nature is Nature.DATE:
        return "Tapez une date, par exemple 14/06/2025."
    if domain.nature in (Nature.CHOICE, Nature.CODES):
        several = domain.nature is Nature.CODES
        return f"{'Tapez' if several else 'Choisissez'} {expected(domain)}."
    if domain.nature is Nature.LETTER:
        return f"Tapez une des lettres {listed(domain)}.{_advice(domain)}"
    return _number_message(domain, form)


def _advice(domain: Domain) -> str:
    return "".join(f" {_STATE_ADVICE[state]}" for state in DECLARED if state in domain.states)


def _number_message(domain: Domain, form: Form) -> str:
    lowest, highest = figure(domain.minimum), figure(domain.maximum)
    noun, unit = ("une note", "point") if form.kind.record.measure is Measure.MARK else ("un niveau", "niveau")
    if form.kind.record.measure is Measure.POINTS:
        words = steps(present(domain.step), "point")
        text = f"Sur cette ligne, les points vont de {lowest} à {highest}, {words}{_example(domain)}."
    elif domain.step is None:
        broken = decimals(domain.minimum, domain.maximum)
        text = f"Tapez {noun} de {lowest} à {highest}, avec ses décimales{broken}."
    elif domain.step == 1 and domain.minimum >= 0 and domain.maximum < 10:
        fraction = f"{figure(min(Decimal(3), domain.maximum))}/{highest}"
        text = f"Tapez un seul chiffre de {lowest} à {highest}, sans virgule ni « {fraction} »."
    elif domain.step == 1:
        text = f"Tapez {noun} de {lowest} à {highest}, sans virgule."
    else:
        text = f"Tapez {noun} de {lowest} à {highest}, {steps(domain.step, unit)}{_example(domain)}."
    return text + _advice(domain)


_STATE_ADVICE = {
    ABSENT: "Tapez ABS si le candidat est absent.",
    NOT_ASSESSED: "Tapez NE si vous ne l'avez pas évalué.",
    EXEMPT: "Tapez DISP s'il est dispensé.",
}


def _example(domain: Domain) -> str:
    broken = next((value for value in domain.values if value > 1 and value % 1), None)
    return f" (exemple : {figure(broken)})" if broken else ""
