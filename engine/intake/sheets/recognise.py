"""Whose sheet is this? The reference says it; the seal vouches for it; the roster confirms it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from engine.intake.context import Context
from engine.intake.readers.grid import Grid, Place, address
from engine.intake.safety.refusal import then_removed
from engine.intake.sheets.headings import Table
from engine.intake.sheets.locate import (
    HEADER_ROWS,
    IN_FULL,
    find_single,
    header_label,
    shown_beside,
    turned_into,
    unsure,
)
from engine.intake.sheets.naming import Likeness, header_likeness, names_in_full
from engine.model import Candidate, Evaluator, Kind, wording
from engine.model.anomalies import Anomaly, Gravity, Where, make
from engine.model.forms import IDENTITIES, Form
from engine.model.texts import fold, of
from engine.model.values import clip, shown, trim
from engine.workspace import seals
from engine.workspace.seals import Reference


@dataclass(frozen=True)
class Tab:
    """A sheet as it came: its cells, the cohort it is read for, and ``where``: its file and its tab."""

    grid: Grid
    context: Context
    where: Where


@dataclass
class Identity:
    """Whose sheet it is, as far as it can be told; ``usable`` is false when something blocking was found,
    ``vouched`` when neither a seal nor a required signature stands for it; ``draft``: it counts only once signed, and
    is not.

    ``place`` is where its reference stands, ``boxes`` where identifiers were typed, by name of input; ``unsure``: those
    that the number typed there may be, where they are several.
    """

    reference: Reference
    place: Place
    candidate_id: str = ""
    evaluator_id: str = ""
    candidate: Candidate | None = None
    evaluator: Evaluator | None = None
    usable: bool = True
    vouched: bool = True
    draft: bool = False
    boxes: dict[str, Place] = field(default_factory=dict)
    unsure: dict[str, list[str]] = field(default_factory=dict)
    anomalies: list[Anomaly] = field(default_factory=list)

    @property
    def kind(self) -> Kind:
        """The kind the reference tells."""
        return self.reference.kind

    @property
    def typed(self) -> bool:
        """Whether it is an unassigned sheet, whose identifiers were typed."""
        reference = self.reference
        return not (reference.seal or reference.candidate or reference.evaluator)

    def told(self, entry: str) -> Where:
        """Where the identifier ``candidat`` or ``evaluateur`` was read, and what was: the anomaly's cell and value."""
        if not self.typed:
            return Where(cell=address(self.place), value=str(self.reference))
        identifier = self.candidate_id if entry == "candidat" else self.evaluator_id
        return Where(cell=address(self.boxes[entry]) if entry in self.boxes else "", value=clip(identifier))

    def refuse(self, anomaly: Anomaly) -> None:
        """Note a fault; a blocking one makes the sheet unusable."""
        self.anomalies.append(anomaly)
        self.usable = self.usable and not anomaly.blocking


def references(grid: Grid, rows: range = range(HEADER_ROWS)) -> dict[Reference, Place]:
    """The distinct references of a sheet's first rows, or of others, with where each stands first."""
    found: dict[Reference, Place] = {}
    for row, line in enumerate(grid.texts[rows.start : rows.stop], rows.start):
        for column, text in line:
            if reference := seals.reference_in(text):
                found.setdefault(reference, (row, column))
    return found


def identify(reference: Reference, place: Place, context: Context, where: Where) -> Identity:
    """Judge a reference; ``where`` is the file and sheet for the anomalies."""
    identity = Identity(reference, place, reference.candidate, reference.evaluator)
    spot = where | {"cell": address(place), "value": str(reference)}
    _judge_seal(identity, context, spot)
    _judge_version(identity, context, spot)
    return identity


def _judge_seal(identity: Identity, context: Context, spot: Where) -> None:
    if identity.typed or context.key is None or seals.is_genuine(context.key, identity.reference):
        return
    identity.vouched = bool(identity.reference.seal)  # a false seal is a fault of its own
    lost = "n'a pas de sceau" if not identity.reference.seal else "porte un sceau qui n'est pas celui de cette cohorte"
    remedy = then_removed(_ISSUED_HERE, spot["file"])
    identity.refuse(make("I03", f"La référence « {identity.reference} » {lost}.", remedy=remedy, **spot))


_ISSUED_HERE = (
    "Reportez les valeurs de tout ce classeur dans celui envoyé par cette cohorte, sans toucher aux références."
)


def _judge_version(identity: Identity, context: Context, spot: Where) -> None:
    certification, reference = context.referential.certification, identity.reference
    if reference.title != certification.short_title:
        message = f"La fiche est celle d'une autre certification (« {reference.title} »)."
    elif reference.version != certification.version:
        message = f"La fiche est de la version {reference.version} ; la version en cours est {certification.version}."
    else:
        return
    identity.refuse(make("S02", message, **spot))


def read_typed(identity: Identity, tab: Tab, form: Form, table: Table | None) -> None:
    """Take the identifiers typed in an unassigned sheet."""
    grid, roster = tab.grid, tab.context.roster
    for entry in form.singles:
        place = find_single(grid, form, entry, table) if entry.name in IDENTITIES else None
        if place is None:
            continue
        identity.boxes[entry.name] = place
        raw = grid.value(place)
        text = trim(shown(raw))
        if entry.name == "candidat":
            identity.candidate_id = text
        else:
            identity.evaluator_id = text
        people = () if roster is None else roster.candidates if entry.name == "candidat" else roster.evaluators
        several = turned_into(raw, (person.id for person in people))
        if len(several) > 1:
            identity.unsure[entry.name] = several


def warn_unsealed(identity: Identity, where: Where, *, refused: bool) -> None:
    """I08 for an unassigned sheet, which is not taken where signatures are required."""
    tail = " : la session exige des fiches signées." if refused else "."
    message = f"Fiche vierge : les identifiants ont été saisis à la main et ne sont garantis par aucun sceau{tail}"
    gravity = Gravity.BLOCKING if refused else None
    identity.vouched = False
    remedy = then_removed(_BY_NAME, where["file"]) if refused else ""
    spot = where | {"cell": address(identity.place), "value": str(identity.reference)}
    identity.refuse(make("I08", message, gravity=gravity, remedy=remedy, **spot))


_BY_NAME = "Reportez les valeurs de tout ce classeur dans celui envoyé au nom de cette personne, et signez-le."


def confirm(identity: Identity, context: Context, where: Where) -> None:
    """Check the identifiers against the roster; they become those the roster writes."""
    roster, kind = context.roster, identity.kind
    if roster is None:
        return
    identity.candidate = None if "candidat" in identity.unsure else roster.candidate(identity.candidate_id)
    identity.evaluator = None if "evaluateur" in identity.unsure else roster.evaluator(identity.evaluator_id)
    identity.candidate_id = identity.candidate.id if identity.candidate else identity.candidate_id
    identity.evaluator_id = identity.evaluator.id if identity.evaluator else identity.evaluator_id
    about_candidate, about_evaluator = (where | identity.told(entry) for entry in ("candidat", "evaluateur"))
    needs_candidate = kind.record.per_candidate
    if needs_candidate and identity.candidate is None:
        message, remedy = _unknown("candidat", identity)
        identity.refuse(make("I01", message, remedy=remedy, **about_candidate))
        if "candidat" in identity.unsure:
            identity.candidate_id = ""  # the digits are somebody's, and it may be another's sheet
    if not kind.record.per_evaluator:
        return
    if identity.evaluator is None:
        message, remedy = _unknown("evaluateur", identity)
        identity.refuse(make("I02", message, remedy=remedy, **about_evaluator))
    elif (identity.candidate or not needs_candidate) and not context.assigned(
        kind, identity.candidate, identity.evaluator.id
    ):
        identity.refuse(make("I02", _unassigned(identity.evaluator, identity.candidate), **about_evaluator))


_CALLED = {"candidat": ("candidat", "Candidats"), "evaluateur": ("évaluateur", "Évaluateurs")}
"""By name of input, what its person is called, and the sheet of the roster that lists them."""


def _unknown(entry: str, identity: Identity) -> tuple[str, str]:
    """What is told of an identifier that is nobody's, and its remedy where it is not the usual one."""
    who, sheet = _CALLED[entry]
    identifier = identity.candidate_id if entry == "candidat" else identity.evaluator_id
    away = "ou retirez la fiche du dossier « retours »."
    if several := identity.unsure.get(entry):
        return f"{unsure(clip(identifier), several)} : on ne sait de qui est cette fiche.", IN_FULL
    if not identifier:
        remedy = f"Tapez-le dans cette case, tel qu'il est dans la feuille {sheet} du registre, {away}"
        return f"Fiche vierge : l'identifiant ({who}) n'a pas été saisi.", remedy
    message = f"L'identifiant « {clip(identifier)} » n'est celui d'aucun {who} de la feuille {sheet} du registre."
    there = "Corrigez-le dans cette case, ou inscrivez" if identity.typed else "Inscrivez"
    listed = f"cette personne dans la feuille {sheet} du registre (elle y reste aussi quand elle est partie)"
    return message, f"{there} {listed}, {away}"


def _unassigned(evaluator: Evaluator, candidate: Candidate | None) -> str:
    if candidate is None:
        return f"{evaluator.name} ({evaluator.id}) n'a pas le rôle Référent dans le registre."
    return f"{evaluator.name} ({evaluator.id}) n'est pas affecté à {candidate.name} ({candidate.id}) pour cette fiche."


Person = Candidate | Evaluator

CANDIDATE = frozenset({"candidat"})
EVALUATOR = frozenset({"évaluateur", "juré", "tuteur", "formateur", "référent", "évaluatrice"})
"""What stands before the two names of a header, folded."""


def compare_names(identity: Identity, tab: Tab, form: Form, before: int) -> None:
    """I04 for each name shown in the header that is not that of the identifier; somebody else's refuses the sheet.

    Where a name is gone, the panel beside it is the next text of its row, and names nobody.
    """
    for labels, person, people in sides(identity, tab.context):
        display = shown_beside(tab.grid, labels, before)
        if header_label(tab.grid, labels, before) is None:
            display = _shown_anywhere(tab.grid, person, people, before)
        if display is None:
            continue
        names = ((other.id, other.name) for other in people)
        found = header_likeness(display[0], person.name, person.id, names)
        if found is not Likeness.SAME and not is_panel(display[0], form, tab.context):
            _tell_name(identity, display, person, tab.where, other=found is Likeness.OTHER)


def sides(identity: Identity, context: Context) -> Iterator[tuple[frozenset[str], Person, Sequence[Person]]]:
    """For each name that the header of a sheet was issued with: what stands before it, whose it is, and the names of
    whom may stand there instead."""
    roster = context.roster
    if roster is None or identity.typed:
        return
    if identity.candidate:
        yield CANDIDATE, identity.candidate, roster.candidates
    if identity.evaluator:
        yield EVALUATOR, identity.evaluator, roster.evaluators


def _shown_anywhere(grid: Grid, person: Person, people: Sequence[Person], before: int) -> tuple[str, Place] | None:
    """Where the label of a name is gone: the text of the header that is a name, this person's first."""
    texts = [(text, (row, column)) for row in range(min(before, len(grid.rows))) for column, text in grid.texts[row]]
    everybody = (person, *(other for other in people if other.id != person.id))
    return next((each for one in everybody for each in texts if names_in_full(each[0], one.name, one.id)), None)


def is_panel(text: str, form: Form, context: Context) -> bool:
    """Whether a text is the panel that the sheet was issued with."""
    forms = wording.variants(form, context.referential)
    return any(fold(text) == fold(wording.panel_text(each, context.referential)) for each in forms)


def _tell_name(identity: Identity, display: tuple[str, Place], person: Person, where: Where, *, other: bool) -> None:
    text, place = display
    message = f"Le nom affiché est « {clip(text)} », l'identifiant {person.id} est celui {of(person.name)}"
    gravity, remedy = None, ""
    if other:
        message += " : on ne sait de qui sont les valeurs de cette fiche, aucune n'est retenue"
        gravity, remedy = Gravity.BLOCKING, _OTHER_PERSON
        identity.vouched = False
    spot = where | {"cell": address(place), "value": clip(text)}
    identity.refuse(make("I04", f"{message}.", gravity=gravity, remedy=remedy, **spot))


_OTHER_PERSON = (
    "Reportez les valeurs dans la fiche envoyée pour la personne concernée (une fiche ne s'enregistre pas sous le nom "
    "d'une autre), puis retirez ce fichier de « retours »."
)
