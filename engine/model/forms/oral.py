"""The sheet of the grand oral, one per candidate and juror: ORAL."""

from __future__ import annotations

from decimal import Decimal

from engine.model.certification import Referential
from engine.model.forms.form import ABSENT, YES_NO, Domain, Form, Input, Label, Nature, Row, Section
from engine.model.forms.parts import CLOSING, Asked
from engine.model.kinds import Kind
from engine.model.marks import POINTS_INPUT, REPORT_INPUT


def grand_oral(referential: Referential, _asked: Asked) -> Form | None:
    """ORAL: a section per part, a row per criterion, each out of its own points."""
    oral = referential.oral
    if oral is None:
        return None
    columns = (
        Label("Code"),
        Label("Critère"),
        Label("Barème"),
        Input(POINTS_INPUT, "Points", decides=True, expected=True, blocks=True),
    )
    sections = tuple(
        Section(
            section.title,
            tuple(
                Row(
                    item.code,
                    {"Critère": item.title, "Barème": item.points},
                    {POINTS_INPUT: Domain(Nature.NUMBER, Decimal(0), item.points, oral.step, frozenset({ABSENT}))},
                )
                for item in section.items
            ),
        )
        for section in oral.sections
    )
    report = Input(
        REPORT_INPUT,
        decides=True,
        expected=True,
        blocks=True,
        label="Rapport d'activité conforme",
        beside=True,
        domain=YES_NO,
    )
    asked = "Motif, si le rapport n'est pas conforme" if referential.requires_report else "Motif ou remarque"
    reason = Input("motif", label=asked)
    singles = ((report, reason) if referential.requires_report else (reason,)) + CLOSING
    return Form(Kind.ORAL, "Code", columns, sections, singles)
