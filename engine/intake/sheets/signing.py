"""Who signed a sheet, and whether that is enough for it to count (I07); which jury signed a deliberation (I02, R14)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from engine.intake.context import Context
from engine.intake.sheets.content import Content
from engine.intake.sheets.recognise import Identity
from engine.model import Evaluator, Kind, Role, Roster
from engine.model.anomalies import Anomaly, Gravity
from engine.model.deliberation import listed
from engine.model.tables import VALUE
from engine.model.texts import counted
from engine.model.values import clip, figure
from engine.workspace import seals

_UNASKED = "Rien à faire : la signature n'est pas exigée."
_WHOSE = "Vérifiez qui a rempli la fiche ; rien à faire si c'est bien cette personne : son code n'est pas exigé."
_TO_SIGN = "Rien à faire tant que le jury n'a pas délibéré ; ensuite, le président signe la feuille et la renvoie."
_BY_ANY = "Faites signer la fiche par l'une de ces personnes, de son code personnel : {}."
_BY_JURY = "Faites signer la feuille par le président et les membres présents, chacun de son code personnel."
_JUROR = (
    "Écrivez dans cette case l'identifiant d'un Juré de la feuille Évaluateurs du registre (plusieurs se séparent par "
    "« ; »), ou donnez ce rôle à cette personne dans le registre."
)


def signature_required(context: Context) -> bool:
    """Whether the session takes personal codes alone for signatures."""
    return bool(context.roster and context.key and context.roster.session.signature_required)


def check_signature(identity: Identity, content: Content, context: Context) -> None:
    """I07. Where signatures are required: the evaluator's personal code; that of anybody who may fill the sheet, where
    it is nobody's own. Elsewhere whatever signs will do, but for somebody else's code."""
    if identity.kind is Kind.DELIBERATION:
        _check_jury(identity, content, context)
        return
    signature, cell = content.signature
    signed = seals.codes_in(signature, context.personal_codes)
    codes = _codes(context, _signers(identity, context)) if signed else frozenset[str]()
    if not signature_required(context):
        if not signature or not signed <= codes:
            what = "porte le code personnel de quelqu'un d'autre" if signature else "n'est pas signée"
            message, remedy = f"{content.form.title} : la fiche {what}.", _WHOSE if signature else _UNASKED
            identity.refuse(content.sheet.anomaly("I07", message, gravity=Gravity.INFO, remedy=remedy, cell=cell))
        return
    content.hide_signature()
    if len(signed) != 1 or not signed <= codes:  # two codes: nobody knows who signs
        identity.vouched = False
        what = "ne porte pas le code personnel attendu" if signature else "n'est pas signée"
        message, remedy = f"{content.form.title} : la fiche {what}.", _to_sign(identity, context)
        identity.refuse(content.sheet.anomaly("I07", message, remedy=remedy, cell=cell))


def _signers(identity: Identity, context: Context) -> list[Evaluator]:
    record, roster = identity.kind.record, context.roster
    if record.per_evaluator:
        return [identity.evaluator] if identity.evaluator else []
    return [person for role in record.filled_by for person in roster.with_role(role)] if roster else []


def _to_sign(identity: Identity, context: Context) -> str:
    """Who is to sign a sheet that is nobody's own; the catalogue's remedy does for the others."""
    if identity.kind.record.per_evaluator:
        return ""
    return _BY_ANY.format(", ".join(f"{person.name} ({person.id})" for person in _signers(identity, context)))


def _codes(context: Context, people: Iterable[Evaluator]) -> frozenset[str]:
    key = context.key
    return frozenset(seals.plain_code(seals.personal_code(key, person.id)) for person in people if key is not None)


# -------------------------------------------------------------------------------------- the deliberation


def _check_jury(identity: Identity, content: Content, context: Context) -> None:
    """An unsigned deliberation is a draft; a signed one counts when a quorum of the roster's jurors signed it."""
    signature, cell = content.signature
    if signature_required(context):
        content.hide_signature()
    if not signature:
        message = f"{content.form.title} : la feuille n'est pas signée ; c'est un projet, qui ne décide rien."
        identity.draft, identity.vouched = True, False
        draft = content.sheet.anomaly("I07", message, gravity=Gravity.WARNING, remedy=_TO_SIGN, cell=cell)
        identity.refuse(draft)
    elif context.roster is not None:
        for anomaly in _faults(_Jury(content, context.roster), signature, context):
            identity.refuse(anomaly)


class _Jury:
    """The president and the members present, as they were typed."""

    def __init__(self, content: Content, roster: Roster) -> None:
        self._sheet = content.sheet
        self._cells = {mark.input: mark.cell for mark in content.marks if not mark.code}
        typed = {mark.input: str(mark.value) for mark in content.marks if not mark.code and mark.state == VALUE}
        self.president = typed.get("president", "").strip()
        self.members = listed(typed.get("membres", ""))
        self._jurors = {juror.id.casefold(): juror for juror in roster.with_role(Role.JUROR)}

    @property
    def present(self) -> list[Evaluator]:
        """The jurors of the roster among them, the president first, each once."""
        typed = dict.fromkeys(one.casefold() for one in (self.president, *self.members) if one)
        return [self._jurors[one] for one in typed if one in self._jurors]

    @property
    def strangers(self) -> Iterator[tuple[str, str]]:
        """Those who are no jurors of the roster, with the input that names them."""
        for entry, people in (("president", [self.president] if self.president else []), ("membres", self.members)):
            yield from ((one, entry) for one in people if one.casefold() not in self._jurors)

    def anomaly(self, code: str, message: str, entry: str, **more: Any) -> Anomaly:
        """The anomaly of one of the boxes; nothing is decided, unless it only warns."""
        told = f"{message}." if "gravity" in more else f"{message} : rien n'est décidé."
        return self._sheet.anomaly(code, told, cell=self._cells.get(entry, ""), **more)


def _faults(jury: _Jury, signature: str, context: Context) -> Iterator[Anomaly]:
    """I02, R14 or I07: why the jury cannot decide; nothing where it can."""
    policy, strangers, present = context.referential.policy, list(jury.strangers), jury.present
    for one, entry in strangers:
        told = f"« {clip(one)} » n'est pas l'identifiant d'un Juré du registre"
        yield jury.anomaly("I02", told, entry, value=clip(one), remedy=_JUROR)
    if not jury.president:
        yield jury.anomaly("R14", "Le président du jury n'est pas nommé", "president")
    elif not strangers and len(present) < policy.minimum_jurors:
        told = (
            f"{len(present)} membre{'s' if len(present) > 1 else ''} du jury présent{'s' if len(present) > 1 else ''}"
        )
        yield jury.anomaly("R14", f"{told}, {policy.minimum_jurors} exigés", "membres")
    elif not strangers and signature_required(context):
        signed = seals.codes_in(signature, context.personal_codes)
        enough = len(signed) >= policy.minimum_jurors
        if not (enough and _codes(context, present[:1]) <= signed <= _codes(context, present)):
            message = (
                "La feuille ne porte pas les codes personnels attendus, celui du président et ceux d'autres membres "
                f"présents, {policy.minimum_jurors} en tout"
            )
            yield jury.anomaly("I07", message, "signature", remedy=_BY_JURY)
    if not strangers and policy.external_share is not None:
        yield from _insiders(jury, policy.external_share)


def _insiders(jury: _Jury, share: Decimal) -> Iterator[Anomaly]:
    """R14, as a warning, for fewer members from outside than the certification asks for."""
    outside = sum(juror.external is True for juror in jury.present)
    if outside < share * len(jury.present):
        members = counted(len(jury.present), "membre présent", "membres présents")
        message = f"{outside} membre extérieur sur {members} ; il en faut une part d'au moins {figure(share)}"
        yield jury.anomaly("R14", message, "membres", gravity=Gravity.WARNING)
