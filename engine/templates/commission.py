"""The sheets made for the jury from what came: a SYNTHESE per candidate, the DELIBERATION; filled in advance."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from engine.model import Authority, Decision, Evaluator, Kind, Outcome, Referential, Role, Roster, Scale, wording
from engine.model.assignments import SheetKey, commissioned, sheet_key
from engine.model.contents import EMPTY, Contents, Filled
from engine.model.deliberation import Deliberation
from engine.model.errors import present
from engine.model.forms.form import Shown
from engine.model.forms.jury import COMPUTED, PROPOSED, PROPOSED_BLOCS
from engine.model.texts import bare
from engine.templates.planning import FOLDER, Issued, Planned, seal_reference
from engine.templates.store import Written, digest, unwanted, write_drawn
from engine.templates.workbook import Renderer
from engine.workspace.files import file_names

COMMISSION, JURY = "commission", "jury"
"""Their folders under ``envois/``."""


def plan(folder: Path, roster: Roster, referential: Referential, key: bytes) -> list[Planned]:
    """The workbooks of the commission, candidates in the roster's order, then that of the jury; none about somebody
    who left."""
    names = file_names(roster.candidates)
    planned = []
    for each in commissioned(roster, referential):
        title = each.kind.record.workbook
        place = Path(JURY, f"{title}.xlsx")
        if each.candidate is not None:
            place = Path(COMMISSION, f"{names[each.candidate.id]} {title}.xlsx")
        sheets = (Issued(each, seal_reference(each, referential, key)),)
        planned.append(Planned(folder / FOLDER / place, sheets, None, each.role))
    return planned


def write(
    planned: Sequence[Planned],
    roster: Roster,
    referential: Referential,
    folder: Path,
    inside: Mapping[SheetKey, Contents],
) -> Written:
    """Write these workbooks, those that already say the same left alone; what they replace, and what nobody needs any
    more, moves to ``envois/anciens/``. Raises :class:`CohortError` when the disk does not allow it."""
    renderer = Renderer(roster, referential)
    stale = unwanted(folder, [COMMISSION], planned)
    return write_drawn(planned, lambda each: renderer.render(each, inside), folder, stale)


def write_beside(
    planned: Sequence[Planned],
    outcomes: Iterable[Outcome],
    roster: Roster,
    referential: Referential,
    folder: Path,
) -> Written:
    """Put into these workbooks of jurors, which went out and have not come back, the synthesis of their candidate to be
    read beside; those that already have it are left alone."""
    renderer = Renderer(roster, referential)
    known = {outcome.candidate.id: outcome for outcome in outcomes}

    def draw(each: Planned) -> bytes:
        person = each.sheets[0].assignment.candidate
        blank = renderer.render(each)
        return renderer.render(each, origin=digest(blank), about=known[present(person).id])

    return write_drawn(planned, draw, folder, ())


# ------------------------------------------------------------------------------- what stands in them


def contents(
    outcomes: Iterable[Outcome],
    accepted: Mapping[SheetKey, Contents],
    deliberation: Deliberation | None,
    roster: Roster,
    referential: Referential,
) -> dict[SheetKey, Contents]:
    """What each sheet shows and holds as it goes out; ``accepted``: what the commission has set so far, by sheet."""
    staying = [outcome for outcome in outcomes if not outcome.candidate.dropped_out]
    found = {}
    for outcome in staying:
        key = sheet_key(Kind.SYNTHESE, outcome.candidate.id, "")
        found[key] = _synthesis(outcome, accepted.get(key, EMPTY), referential.scales.level)
    found[sheet_key(Kind.DELIBERATION, "", "")] = _deliberation(staying, deliberation, roster)
    return found


def _synthesis(outcome: Outcome, accepted: Contents, scale: Scale) -> Contents:
    """The level that the rules give without the commission, and those that it has set."""
    levels = {code: level.computed or level for code, level in outcome.levels.items()}
    computed = {(code, COMPUTED): wording.computed(level, scale) for code, level in levels.items()}
    held = frozenset(code for code, bloc in outcome.blocs.items() if bloc.held)
    return Contents(accepted.cells, held=held, issued=computed)


def _deliberation(outcomes: Sequence[Outcome], deliberation: Deliberation | None, roster: Roster) -> Contents:
    """What the rules propose, and the decisions that stand: the jury's own, else the rules'."""
    issued: dict[tuple[str, str], Shown] = {}
    cells: dict[tuple[str, str], Filled] = {}
    for outcome in outcomes:
        person, ruled = outcome.candidate.id, outcome.by_rules
        issued[person, PROPOSED] = str(ruled.decision)
        issued[person, PROPOSED_BLOCS] = "; ".join(ruled.acquired)
        for name, text in _decided(outcome).items():
            if text:
                cells[name, person] = Filled(text)
    singles = {
        "president": deliberation.president if deliberation else presiding(roster),
        "membres": "; ".join(deliberation.members) if deliberation else "",
        "incidents": deliberation.incidents if deliberation else "",
    }
    cells |= {(name, ""): Filled(text) for name, text in singles.items() if text}
    return Contents(cells, issued=issued)


def _decided(outcome: Outcome) -> dict[str, str]:
    """What is filled in advance of a row; nothing where the rules wait, or what the jury typed is to be mended."""
    by_jury = outcome.decided_by is Authority.JURY
    if outcome.unruled or (outcome.decision is Decision.PENDING and not by_jury):
        return {}
    listed = outcome.decision is Decision.PARTIAL
    return {
        "decision": str(outcome.decision),
        "blocs": "; ".join(outcome.acquired) if listed else "",
        "motif": outcome.motive,
    }


def presiding(roster: Roster) -> str:
    """The identifier of the juror whom the roster's « Président du jury » names; blank unless it names exactly one."""
    named = roster.session.president
    words = frozenset(bare(named).split())
    found = [juror.id for juror in roster.with_role(Role.JUROR) if _is_named(juror, named, words)]
    return found[0] if len(found) == 1 else ""


def _is_named(juror: Evaluator, text: str, words: frozenset[str]) -> bool:
    own = frozenset(bare(f"{juror.last_name} {juror.first_name}").split())
    return own <= words or juror.id.casefold() == text.strip().casefold()
