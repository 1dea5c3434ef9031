"""Where a cohort stands between its roster and its closing, and what is to be done next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from engine.browser.reading import Reading
from engine.commands.report import FollowUp, Report
from engine.model import Decision
from engine.model.expected import Receipt
from engine.model.texts import counted, day_and_hour
from engine.workspace.cohort import Folder


class Tone(StrEnum):
    """How something stands, as a class of the style; each is said in words too."""

    DONE = "good"
    NEXT = "next"
    WAITING = "plain"
    WARNING = "warning"
    FAULTY = "bad"

    @property
    def sign(self) -> str:
        """The sign that goes with it, for who sees no colours."""
        return {"good": "✓", "next": "→", "plain": "·", "warning": "!", "bad": "✗"}[self.value]


_WORDS = {
    Tone.DONE: "Fait",
    Tone.NEXT: "À faire",
    Tone.WAITING: "En attente",
    Tone.WARNING: "À voir",
    Tone.FAULTY: "À corriger",
}


@dataclass(frozen=True)
class Verdict:
    """The first line of the page: how the cohort stands, and what to do next."""

    tone: Tone
    head: str
    body: str = ""


@dataclass(frozen=True)
class Step:
    """One step of the job: its name in the style, how it stands, and what there is to say of it."""

    key: str
    title: str
    tone: Tone
    said: str

    @property
    def state(self) -> str:
        """How it stands, in words."""
        return f"{self.tone.sign} {_WORDS[self.tone]}"


def going_out(found: Reading | None) -> FollowUp:
    """What stands ready to be sent, as far as it is known."""
    return (found.report.follow_up if found and found.report else None) or FollowUp()


def verdict(folder: Folder, found: Reading | None) -> Verdict:
    """How the cohort stands, and what to do next."""
    if found is None:
        return Verdict(Tone.WAITING, "La cohorte est en cours de lecture…")
    if found.cohort is None:
        return _roster_to_mend(found)
    if found.report is None:
        return Verdict(Tone.FAULTY, "Les retours ne peuvent pas être lus.", found.refusal)
    report = found.report
    if found.closure is not None:
        if report.blocking:
            blocking = counted(report.blocking, "anomalie bloquante", "anomalies bloquantes")
            return Verdict(Tone.FAULTY, f"La session est close, et il y a {blocking}.", "Voyez « À corriger ».")
        return Verdict(Tone.DONE, f"La session est close depuis le {day_and_hour(found.closure.at)}.")
    if report.blocking:
        blocking = counted(report.blocking, "anomalie bloquante", "anomalies bloquantes")
        return Verdict(Tone.FAULTY, f"{blocking} à corriger.", "« À corriger » dit dans quelle cellule, et comment.")
    if not folder.issued():
        return Verdict(Tone.NEXT, "Le registre est prêt.", "Préparez les classeurs à envoyer.")
    if not report.files:
        return Verdict(
            Tone.NEXT, "Les classeurs sont prêts.", "Envoyez-les, puis déposez ici ceux qui reviennent, à toute heure."
        )
    return _with_returns(found, report)


def _roster_to_mend(found: Reading) -> Verdict:
    if found.empty:
        return Verdict(
            Tone.NEXT,
            "La cohorte est faite.",
            "Ouvrez son registre, écrivez-y les candidats et les évaluateurs, puis enregistrez-le.",
        )
    count = counted(len(found.problems), "erreur", "erreurs")
    return Verdict(Tone.FAULTY, f"Le registre contient {count} à corriger." if found.problems else found.refusal)


def _with_returns(found: Reading, report: Report) -> Verdict:
    if report.outdated:
        return Verdict(Tone.NEXT, "Il y a du nouveau depuis la dernière consolidation.", "Consolidez pour l'écrire.")
    if report.awaited and report.awaited.sheets:
        return Verdict(Tone.WAITING, f"Rien à corriger ; {report.awaited.words}.", "« Retours » dit de qui.")
    undecided = sum(outcome.decision is Decision.PENDING for outcome in report.outcomes or ())
    if undecided:
        waiting = counted(undecided, "candidat reste", "candidats restent")
        return Verdict(Tone.WAITING, f"{waiting} en attente.", "« Décisions » dit de quoi.")
    if not found.by_jury:
        return Verdict(Tone.DONE, "Tout est reçu et décidé.", "Le jury peut délibérer ; « Jury » prépare sa feuille.")
    return Verdict(Tone.DONE, "Tout est reçu et décidé.", "La session peut être close.")


def steps(folder: Folder, found: Reading | None) -> tuple[Step, ...]:
    """The steps of the job, in order."""
    report = found.report if found else None
    return (
        _roster(found),
        _sheets(folder, found),
        _returns(report),
        _faults(found),
        _results(folder, found, report),
        _jury(folder, found),
        _closing(found),
    )


def _roster(found: Reading | None) -> Step:
    title = "Registre"
    if found is None:
        return Step("registre", title, Tone.WAITING, "En cours de lecture.")
    if found.cohort is None:
        first = _roster_to_mend(found)
        return Step("registre", title, first.tone, f"{first.head} {first.body}".strip())
    people = found.cohort.roster
    candidates = counted(len(people.candidates), "candidat", "candidats")
    evaluators = counted(len(people.evaluators), "évaluateur", "évaluateurs")
    return Step("registre", title, Tone.DONE, f"{candidates}, {evaluators}.")


def _sheets(folder: Folder, found: Reading | None) -> Step:
    ready, out = len(folder.issued()), going_out(found)
    messages = out.messages - out.messages_sent
    if ready:
        said = counted(ready, "classeur prêt", "classeurs prêts")
        said += f", {counted(messages, 'message à envoyer', 'messages à envoyer')}" if messages else ""
        return Step("envois", "Classeurs à envoyer", Tone.DONE, f"{said}.")
    tone = Tone.NEXT if found is not None and found.cohort is not None else Tone.WAITING
    return Step("envois", "Classeurs à envoyer", tone, "Aucun classeur n'est encore préparé.")


def _returns(report: Report | None) -> Step:
    if report is None or not report.files:
        return Step("retours", "Retours", Tone.WAITING, "Rien n'est encore revenu.")
    received = sum(item.receipt is Receipt.RECEIVED for item in report.expected)
    shown = counted(received, "fiche reçue", "fiches reçues")
    tone = Tone.WAITING if received < len(report.expected) else Tone.DONE
    awaited = f" ; {report.awaited.words}" if report.awaited else ""
    return Step("retours", "Retours", tone, f"{shown}{awaited}.")


def _faults(found: Reading | None) -> Step:
    title, report, out = "À corriger", found.report if found else None, going_out(found)
    if report is None:
        return Step("corrections", title, Tone.WAITING, "Les retours ne sont pas encore lus.")
    copies, drafts = out.corrections, out.reminders - out.reminders_sent
    ready = [counted(copies, "classeur à renvoyer", "classeurs à renvoyer")] if copies else []
    ready += [counted(drafts, "relance prête", "relances prêtes")] if drafts else []
    also = f" {', '.join(ready)}." if ready else ""
    if report.blocking:
        blocking = counted(report.blocking, "anomalie bloquante", "anomalies bloquantes")
        return Step("corrections", title, Tone.FAULTY, f"{blocking}.{also}")
    return Step("corrections", title, Tone.DONE, f"Aucune anomalie bloquante.{also}")


def _results(folder: Folder, found: Reading | None, report: Report | None) -> Step:
    title, written = "Consolidation", _written(folder)
    if found is None or report is None or not (report.files or written):
        return Step("resultats", title, Tone.WAITING, "Rien à consolider encore.")
    if not written:
        return Step("resultats", title, Tone.NEXT, "Les résultats ne sont pas encore écrits.")
    if report.outdated:
        return Step("resultats", title, Tone.NEXT, f"Résultats du {written}, dépassés.")
    return Step("resultats", title, Tone.DONE, f"Résultats du {written}, à jour.")


def _written(folder: Folder) -> str:
    """When the results were written."""
    try:
        return day_and_hour(datetime.fromtimestamp(folder.results_workbook.stat().st_mtime))
    except OSError:
        return ""


def deliberation(folder: Folder) -> Path:
    """The sheet that the jury is handed."""
    return folder.planning.with_name("Délibération.xlsx")


def _jury(folder: Folder, found: Reading | None) -> Step:
    title = "Jury"
    if found is None or found.report is None:
        return Step("jury", title, Tone.WAITING, "Les décisions ne sont pas encore connues.")
    if found.by_jury:
        return Step("jury", title, Tone.DONE, "La délibération est signée, et compte.")
    if deliberation(folder).is_file():
        return Step("jury", title, Tone.WAITING, "La délibération est prête ; signée, déposez-la avec les retours.")
    return Step("jury", title, Tone.WAITING, "Le planning, les convocations et la délibération sont à préparer.")


def _closing(found: Reading | None) -> Step:
    title = "Clôture"
    if found is None or found.report is None:
        return Step("session", title, Tone.WAITING, "Les décisions ne sont pas encore connues.")
    if found.closure is not None:
        return Step("session", title, Tone.DONE, f"Close le {day_and_hour(found.closure.at)}.")
    return Step("session", title, Tone.WAITING, "Fige les décisions, avec une copie datée des résultats.")
