"""What the terminal says: short, in French, and what to do next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.commands.exits import NEEDS_A_PERSON, NOT_DONE
from engine.commands.report import Report, no_longer_so, not_done
from engine.model import Decision, Evaluator
from engine.model.anomalies import UNFINISHED, Anomaly, Gravity
from engine.model.catalogue import CATALOGUE
from engine.model.changes import Evolution, Turn
from engine.model.errors import EngineError, present
from engine.model.expected import Expected, FileState, Receipt
from engine.model.texts import bare, counted
from engine.workspace.cohort import Folder
from engine.workspace.shell import line

if TYPE_CHECKING:
    from engine.commands.close import Closed
    from engine.commands.doctor import Finding
    from engine.commands.jury import Round
    from engine.commands.no_return import NoReturn
    from engine.templates import Written
    from engine.workspace.files import Delivery

_GRAVITIES = {
    Gravity.BLOCKING: ("bloquante", "bloquantes"),
    Gravity.WARNING: ("avertissement", "avertissements"),
    Gravity.INFO: ("info", "infos"),
}
_STATES = {
    FileState.ACCEPTED: ("accepté", "acceptés"),
    FileState.WITH_RESERVES: ("accepté avec réserves", "acceptés avec réserves"),
    FileState.REFUSED: ("refusé", "refusés"),
    FileState.REPLACED: ("remplacé", "remplacés"),
    FileState.IGNORED: ("ignoré", "ignorés"),
}


def issued(path: Path, written: Written) -> Iterator[str]:
    """The lines shown after the workbooks were written: how many for whom."""
    by_person: dict[str, list[int]] = {}
    for rank, group in enumerate((written.written, written.unchanged)):
        for planned in group:
            by_person.setdefault(_person(planned.evaluator), [0, 0])[rank] += 1
    for person, (new, same) in by_person.items():
        yield f"{person} : {counted(new, 'classeur écrit', 'classeurs écrits')}, {counted(same, 'inchangé')}"
    total = f"{counted(len(written.written), 'classeur écrit', 'classeurs écrits')}"
    yield f"En tout : {total}, {counted(len(written.unchanged), 'inchangé')}."
    if written.moved:
        moved = counted(len(written.moved), "ancien classeur déplacé", "anciens classeurs déplacés")
        yield f"{moved} dans envois/anciens."
    if written.written:
        ready = "des messages sont prêts dans envois/messages" if written.drafts else "ils sont dans envois"
        yield (
            f"À faire : envoyez les classeurs ({ready}), et déposez dans retours ceux qui reviennent. Ensuite, "
            f"{line('consolidate', path)}."
        )
    if written.signed:
        shown, printed = line("codes", path), line("codes", path, "--out", "codes.xlsx")
        yield (
            "À faire : remettez à chacun son code personnel ; une feuille sans ce code n'est pas prise en compte. "
            f"{shown} les affiche, {printed} les met en pages à imprimer."
        )


def consolidation(path: Path, report: Report) -> Iterator[str]:
    """The lines shown after a consolidation."""
    yield from (*report.notices, *report.remarks)
    yield f"{path} : {counted(report.candidates or 0, 'candidat')}"
    decisions = Counter(each.decision for each in report.decided or ())
    yield "  Décisions  " + ", ".join(f"{decisions[word]} {word}" for word in Decision if decisions[word])
    yield from _files(report)
    yield from _counts(report)
    yield f"  Manquants  {present(report.awaited).words}"
    if report.evolution is not None:
        yield f"  Évolution  {_evolution(report.evolution)}"
    yield from _follow_up(path, report)
    yield from _next_steps(path, report)


def _evolution(found: Evolution) -> str:
    """« depuis la n° 12 : 3 nouveaux retours, 1 décision changée »."""
    if found.since is None:
        return "première consolidation en mémoire"
    turns = Counter(change.turn for change in found.marks)
    faults = Counter(change.turn for change in found.anomalies)
    parts = [
        (len(found.brought), "nouveau retour", "nouveaux retours"),
        (len(found.decisions), "décision changée", "décisions changées"),
        (turns[Turn.NEW], "valeur nouvelle", "valeurs nouvelles"),
        (turns[Turn.CHANGED], "valeur changée", "valeurs changées"),
        (turns[Turn.GONE], "valeur disparue", "valeurs disparues"),
        (faults[Turn.NEW], "anomalie apparue", "anomalies apparues"),
        (faults[Turn.GONE], "anomalie levée", "anomalies levées"),
    ]
    told = ", ".join(counted(*part) for part in parts if part[0]) or "rien de nouveau"
    return f"depuis la n° {found.since.number} : {told}"


def attention(path: Path, report: Report) -> Iterator[str]:
    """The lines of a quiet consolidation: none, unless a person is needed."""
    if not report.needs_a_person:
        return
    yield from (f"{path} : {notice}" for notice in report.notices)
    yield f"{path} : une personne est attendue."
    if report.aside:
        yield f"  {_elsewhere(report)}"
    if report.blocking:
        yield f"  {_to_mend(report)}"
    if report.follow_up and report.follow_up.trouble:
        yield f"  Les relances ne sont pas à jour : {report.follow_up.trouble}"


_HEADINGS = ("Cohorte", "Candidats", "Décisions", "À corriger", "Manquants", "État")


def overview(outcomes: Mapping[Path, Report | EngineError]) -> Iterator[str]:
    """The table that closes a consolidation of several cohorts, one line each."""
    rows = [_HEADINGS, *(_overview_row(path, outcome) for path, outcome in outcomes.items())]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    yield ""
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def _overview_row(path: Path, outcome: Report | EngineError) -> tuple[str, ...]:
    name = path.name or str(path)
    if isinstance(outcome, EngineError):
        return (name, "", "", "", "", "non fait")
    decisions = Counter(each.decision for each in outcome.decided or ())
    shown = ", ".join(f"{decisions[word]} {word}" for word in Decision if decisions[word])
    state = "à voir" if outcome.needs_a_person else "fait"
    state += "" if outcome.result else " (essai à blanc)"
    return (name, str(outcome.candidates), shown, str(outcome.blocking), str(present(outcome.awaited).sheets), state)


def status(outcome: Report | EngineError) -> int:
    """The exit status that the outcome of a consolidation calls for."""
    if isinstance(outcome, EngineError):
        return NOT_DONE
    return NEEDS_A_PERSON if outcome.needs_a_person else 0


def answer(outcome: Report | EngineError) -> dict[str, Any]:
    """The object that ``--json`` prints for it."""
    return not_done(str(outcome)) if isinstance(outcome, EngineError) else outcome.as_json()


def _files(report: Report) -> Iterator[str]:
    counts = Counter(report.files.values())
    parts = [counted(counts[state], *_STATES[state]) for state in FileState if counts[state]]
    total = counted(len(report.files), "fichier")
    yield f"  Retours    {total}" + (f" : {', '.join(parts)}" if parts else "")


def _counts(report: Report) -> Iterator[str]:
    counts = Counter(anomaly.gravity for anomaly in report.anomalies if not anomaly.unfinished)
    parts = [counted(counts[gravity], *_GRAVITIES[gravity]) for gravity in Gravity if counts[gravity]]
    if unfinished := sum(anomaly.unfinished for anomaly in report.anomalies):
        parts.append(counted(unfinished, *UNFINISHED))
    yield f"  Anomalies  {', '.join(parts) if parts else 'aucune'}"


def _follow_up(path: Path, report: Report) -> Iterator[str]:
    """« 3 classeurs à corriger, 5 relances prêtes »."""
    ready = report.follow_up
    if ready is None:
        return
    if ready.corrections or ready.reminders:
        corrections = counted(ready.corrections, "classeur à corriger", "classeurs à corriger")
        reminders = counted(ready.reminders, "relance prête", "relances prêtes")
        yield f"  À envoyer  {corrections}, {reminders} (envois/a_corriger, envois/relances)"
    if ready.messages:
        messages = counted(ready.messages, "premier message prêt", "premiers messages prêts")
        yield f"  À remettre {messages} (envois/messages)"
    sent = ready.messages_sent + ready.reminders_sent
    if sent:
        yield f"  Déjà partis {counted(sent, 'de ces messages', 'de ces messages')}"
    yield from no_longer_so(ready.untrue, line("consolidate", path))
    if ready.trouble:
        yield f"Les relances ne sont pas à jour : {ready.trouble}"


def made_ready(path: Path, made: Round) -> Iterator[str]:
    """The next steps once the jury was made ready."""
    if made.seated and len(made.gone_by) < len(made.days):
        yield "À faire : envoyez les convocations (envois/convocations)."
    yield (
        "À faire : faites remplir et signer la délibération (envois/jury), puis déposez-la dans retours. Ensuite, "
        f"{line('close', path)}."
    )


def closed(path: Path, made: Closed) -> Iterator[str]:
    """The lines shown after a session was closed."""
    act, folder = made.act, Folder(path)
    frozen = counted(len(act.decisions), "décision figée", "décisions figées")
    yield f"Session close : {frozen}, empreinte {act.seal[:16]}."
    if act.accepted:
        yield f"Accepté en l'état : {counted(len(act.accepted), 'point gardé', 'points gardés')} avec l'acte :"
        yield from (f"  - {line}" for line in act.accepted)
    yield f"Copie datée des résultats : {made.copy}"
    if folder.record.exists():
        yield f"Procès-verbal et attestations : {folder.jury}"
        yield f"À faire : {line('deliver', path)} fait l'archive à remettre au certificateur."


def _next_steps(path: Path, report: Report) -> Iterator[str]:
    if report.result is None:
        yield "Rien n'a été écrit (essai à blanc)."
    else:
        yield f"Résultats : {report.result}"
        yield f"À lire d'abord : {report.result.with_name('rapport.html')}"
        yield f"Données   : {Folder(path).data}"
    if report.aside:
        yield _elsewhere(report)
    if report.blocking:
        yield f"À faire : {_to_mend(report)}"
    if any(CATALOGUE[anomaly.code].of_closure for anomaly in report.anomalies):
        again = line("reopen", path, "--reason", "la raison")
        yield f"Pour que cette session close décide de nouveau : {again}."
    yield from _awaited(report)


def _awaited(report: Report) -> Iterator[str]:
    """The next step for the awaited sheets, unless it is said with the late ones."""
    if report.awaited and report.awaited.next_step and not report.awaited.late:
        yield report.awaited.next_step


def _elsewhere(report: Report) -> str:
    places = ", ".join(map(str, report.aside))
    return f"Ouverts ailleurs, donc pas remplacés ; les nouveaux, jusqu'au prochain passage : {places}"


def _to_mend(report: Report) -> str:
    lines = counted(report.blocking, "anomalie bloquante", "anomalies bloquantes")
    return f"{lines} à corriger ; la feuille Anomalies dit où et comment."


_NAMED = 12  # people, before the rest are only counted


def pages(report: Report, done: Delivery) -> Iterator[str]:
    """The lines shown after the pages of the candidates were written, those that are not final first of all."""
    several = sum(len(paths) for paths in (done.written, done.unchanged))
    written, same = counted(len(done.written), "fichier écrit", "fichiers écrits"), len(done.unchanged)
    yield f"{counted(len(report.outcomes), 'fiche')} : {written}, {counted(same, 'inchangé')}."
    waiting = [each for each in report.outcomes if each.decision is Decision.PENDING or each.provisional]
    if waiting:
        names = ", ".join(each.candidate.name for each in waiting[:_NAMED])
        others = f" et {len(waiting) - _NAMED} autres" if len(waiting) > _NAMED else ""
        yield f"Pas définitives, et marquées comme telles ({len(waiting)}) : {names}{others}"
    if done.moved:
        moved = counted(len(done.moved), "ancien fichier déplacé", "anciens fichiers déplacés")
        yield f"{moved} dans {next(iter(done.moved.values())).parent}."
    if several:
        first = (done.written + done.unchanged)[0]
        yield f"Fiches : {first if several == 1 else first.parent}"
    if report.blocking:
        yield f"À faire : {_to_mend(report)}"
    yield from (*report.notices, *report.remarks)


def checked(report: Report, others: Collection[NoReturn] = ()) -> Iterator[str]:
    """The lines shown after a check: what is no return, then each file and what is wrong in it."""
    yield from map(str, others)
    if others and not report.files:
        return
    for name, state in report.files.items():
        yield f"{name} : {state}"
        for anomaly in report.anomalies:
            if anomaly.file == name:
                yield from _anomaly(anomaly)
    yield from _counts(report)


def _anomaly(anomaly: Anomaly) -> Iterator[str]:
    place = " ".join(part for part in (anomaly.sheet, anomaly.cell) if part)
    yield f"  {anomaly.code} {anomaly.gravity}{', ' + place if place else ''} : {anomaly.message}"
    if anomaly.gravity is not Gravity.INFO:
        yield f"      {anomaly.remedy}"


def findings(found: Iterable[Finding]) -> Iterator[str]:
    """The lines of ``doctor``: one per check, in words too, and the remedy of each fault."""
    found = list(found)
    for each in found:
        yield f"{'✓ bon       ' if each.well else '✗ à corriger'}  {each.check} : {each.said}"
        if each.remedy:
            yield f"              À faire : {each.remedy}"
    faults = sum(not each.well for each in found)
    yield "Tout est bon." if not faults else f"{counted(faults, 'point')} à corriger."


def lateness(path: Path, report: Report) -> Iterator[str]:
    """The lines of ``status``: by evaluator, what was received, refused, and is still missing."""
    yield from (*report.notices, *report.remarks)
    by_person: dict[str, list[Expected]] = {}
    for item in report.expected:
        by_person.setdefault(_person(item.assignment.evaluator), []).append(item)
    yield from _files(report)
    for person, items in sorted(by_person.items(), key=lambda entry: bare(entry[0])):
        counts = Counter(item.receipt for item in items)
        shown = ", ".join(
            counted(counts[receipt], f"fiche {receipt}", f"fiches {receipt}s") for receipt in Receipt if counts[receipt]
        )
        yield f"{person} : {shown}"
        yield from _late(items)
    yield f"En tout : {present(report.awaited).words}."
    yield from _refused(report)
    yield from _follow_up(path, report)
    yield from _awaited(report)


def _refused(report: Report) -> Iterator[str]:
    """Each refused file with the first reason why, be it from somebody nobody expected."""
    reasons: dict[str, str] = {}
    for anomaly in report.anomalies:
        if anomaly.blocking:
            reasons.setdefault(anomaly.file, anomaly.message)
    refused = [name for name, state in report.files.items() if state is FileState.REFUSED]
    if refused:
        yield "Fichiers refusés :"
        yield from (f"    {name} : {reasons.get(name, '')}" for name in refused)


def _late(items: Iterable[Expected]) -> Iterator[str]:
    for item in items:
        if item.receipt is not Receipt.RECEIVED:
            candidate = item.assignment.candidate
            about = f" {candidate.name} ({candidate.id})" if candidate else ""
            yield f"    {item.receipt} : {item.assignment.kind.record.title}{about}"


def _person(evaluator: Evaluator | None) -> str:
    return f"{evaluator.name} ({evaluator.id})" if evaluator else "Secrétariat"
