"""The cohort folder: where things stand in it, and opening it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from engine.model import Referential, Roster
from engine.model.errors import CohortError
from engine.model.faults import reason
from engine.workspace import shell
from engine.workspace.files import leftovers, walk

_TABLES = (".xlsx", ".xlsm", ".xls", ".ods", ".csv")
"""What spreadsheet programs save."""


@dataclass(frozen=True)
class Folder:
    """The places of one cohort folder."""

    path: Path

    @property
    def roster(self) -> Path:
        """The roster, the only file written by hand."""
        return self.path / "cohorte.xlsx"

    @property
    def carried(self) -> Path:
        """The candidates that other sessions leave, to be pasted into the roster."""
        return self.path / "reprises.xlsx"

    @property
    def outgoing(self) -> Path:
        """The generated workbooks, ready to send."""
        return self.path / "envois"

    @property
    def returns(self) -> Path:
        """The filled workbooks that came back; written to only below :attr:`fetched` and :attr:`dropped`."""
        return self.path / "retours"

    @property
    def results(self) -> Path:
        """The results workbook and what goes with it."""
        return self.path / "resultats"

    @property
    def results_workbook(self) -> Path:
        """The results workbook itself."""
        return self.results / "resultats.xlsx"

    @property
    def data(self) -> Path:
        """The results as data: one file per table and format."""
        return self.results / "donnees"

    @property
    def pages(self) -> Path:
        """One page per candidate."""
        return self.results / "fiches"

    @property
    def briefing(self) -> Path:
        """The morning page; beside it stands the same as text and as a draft."""
        return self.results / "rapport.html"

    @property
    def reminders(self) -> Path:
        """The drafts of the messages that ask for what is missing or to be mended."""
        return self.outgoing / "relances"

    @property
    def corrections(self) -> Path:
        """The copies to mend, by evaluator; before anybody is late, the drafts that ask for them."""
        return self.outgoing / "a_corriger"

    def drafts(self) -> list[Path]:
        """The reminders that stand ready, and what asks for what is to be mended."""
        return sorted((*self.reminders.glob("*.eml"), *self.corrections.glob("*.eml")))

    def issued(self) -> list[Path]:
        """The workbooks that stand ready to be sent for the first time; lock files of spreadsheet programs aside."""
        aside = {"anciens", "a_corriger", "relances", "commission", "jury", "convocations"}
        found = (path for path in walk(self.outgoing) if path.suffix == ".xlsx")
        kept = (path for path in found if path.relative_to(self.outgoing).parts[0] not in aside)
        return sorted(path for path in kept if not path.name.startswith(("~$", ".")))

    @property
    def first_messages(self) -> Path:
        """The drafts of the messages that hand the workbooks out."""
        return self.outgoing / "messages"

    def first_drafts(self) -> list[Path]:
        """The first messages that stand ready."""
        return sorted(self.first_messages.glob("*.eml"))

    def corrected(self) -> list[Path]:
        """The copies to mend that stand ready; lock files of spreadsheet programs aside."""
        found = sorted(self.corrections.rglob("*.xlsx"))
        return [path for path in found if not path.name.startswith(("~$", "."))]

    @property
    def private(self) -> Path:
        """The private state: the key, the memory, the archive, the lock, the log."""
        return self.path / ".cohorte"

    @property
    def key_fingerprint(self) -> Path:
        """The fingerprint of the key that seals the sheets, which does not tell the key."""
        return self.private / "empreinte"

    @property
    def page_digests(self) -> Path:
        """The digests of the pages per candidate as they were written."""
        return self.private / "fiches"

    @property
    def memory(self) -> Path:
        """The memory of earlier nights, in SQLite."""
        return self.private / "memoire.sqlite"

    @property
    def jury(self) -> Path:
        """The papers of the jury: its record, the attestations, the list of the holders."""
        return self.results / "jury"

    @property
    def record(self) -> Path:
        """The jury's record of a closed session."""
        return self.jury / "Procès-verbal.pdf"

    @property
    def draft_record(self) -> Path:
        """The same as it would be now."""
        return self.jury / "Procès-verbal (projet).pdf"

    @property
    def attestations(self) -> Path:
        """One page per holder who acquired a bloc."""
        return self.jury / "attestations"

    @property
    def holders(self) -> Path:
        """The list of the holders."""
        return self.jury / "titulaires.csv"

    @property
    def published(self) -> Path:
        """The planning of the days of the jury as it was last told."""
        return self.private / "planning.json"

    @property
    def planning(self) -> Path:
        """The planning of the days of the jury."""
        return self.outgoing / "jury" / "Planning.xlsx"

    @property
    def convocations(self) -> Path:
        """The drafts that convene candidates and jurors, each with its invitation."""
        return self.outgoing / "convocations"

    def convocation_drafts(self) -> list[Path]:
        """The convocations that stand ready."""
        return sorted(self.convocations.glob("*.eml"))

    @property
    def archive(self) -> Path:
        """Every return that was ever recognised, by its SHA-256."""
        return self.private / "archive"

    @property
    def lock(self) -> Path:
        """The lock that the run that writes holds."""
        return self.private / "verrou"

    @property
    def log(self) -> Path:
        """The log of the runs."""
        return self.private / "journal.jsonl"

    @property
    def redacted(self) -> Path:
        """Shared returns without somebody who is to be forgotten, to be put in the place of those in ``retours/``."""
        return self.results / "expurges"

    @property
    def erasures(self) -> Path:
        """When somebody was forgotten, and how much went; not who."""
        return self.private / "oublis.jsonl"

    @property
    def deliveries(self) -> Path:
        """The archives for the certifier, and the draft that goes with each."""
        return self.results / "livraisons"

    @property
    def delivered(self) -> Path:
        """The journal of deliveries: numbers and digests, no passphrase."""
        return self.private / "livraisons.jsonl"

    @property
    def handing(self) -> Path:
        """Stands while workbooks are written whose drafts are not yet."""
        return self.private / "a_remettre"

    @property
    def mail(self) -> Path:
        """The mail account, for its owner only; absent unless somebody kept one."""
        return self.private / "courriel.json"

    @property
    def mailed(self) -> Path:
        """Which drafts were sent by the program; it names nobody."""
        return self.private / "envois.jsonl"

    @property
    def dropped(self) -> Path:
        """The files that were dropped on the local page, by day."""
        return self.returns / "deposes"

    @property
    def fetched(self) -> Path:
        """The workbooks that came by mail."""
        return self.returns / "courriel"

    def closing_copy(self, closed_at: datetime) -> Path:
        """The dated copy of the results that a closure keeps."""
        return self.results / "clotures" / f"resultats {closed_at:%Y-%m-%d %Hh%M}.xlsx"

    def leftovers(self) -> list[Path]:
        """The files that interrupted runs left, wherever they write."""
        below = [path for place in (self.results, self.outgoing, self.private) for path in leftovers(place)]
        return leftovers(self.path, below=False) + below

    def make(self) -> None:
        """Create what is missing of the folder: the private part for its owner only, the rest for nobody but its owner
        and their group, whatever the umask lets."""
        for place in (self.path, self.outgoing, self.returns, self.results):
            place.mkdir(mode=0o770, parents=True, exist_ok=True)
        self.private.mkdir(mode=0o700, exist_ok=True)

    def close_private(self) -> None:
        """Keep the private part for its owner only, however it was copied there."""
        self.private.chmod(0o700)
        for path in self.private.rglob("*"):
            path.chmod(0o700 if path.is_dir() else 0o600)

    def disk_of_returns(self) -> int | None:
        """Where the returns are: a number that changes when their share goes away; ``None`` before there are any.

        Raises :class:`CohortError` when they cannot be listed, or are gone although there are results.
        """
        try:
            next(self.returns.iterdir(), None)
            return self.returns.stat().st_dev
        except OSError as fault:
            if isinstance(fault, FileNotFoundError) and not self.results_workbook.exists():
                return None
            raise CohortError(
                f"Les retours ne sont plus accessibles (« {self.returns} » : {reason(fault)}). Vérifiez que "
                "le disque ou le partage qui les porte est là, puis relancez."
            ) from fault

    def require_returns(self, disk: int | None) -> None:
        """Raise :class:`CohortError` unless the returns are where they were when :meth:`disk_of_returns` was asked."""
        if self.disk_of_returns() != disk:
            raise CohortError(
                f"Le disque ou le partage qui porte « {self.returns} » a changé pendant la lecture. Vérifiez qu'il est "
                "bien là, puis relancez."
            )

    def require(self) -> None:
        """Raise :class:`CohortError` unless this is a cohort folder."""
        if not self.path.is_dir():
            raise CohortError(f"Le dossier « {self.path} » n'existe pas.")
        if not self.roster.is_file():
            raise CohortError(
                f"« {self.path} » n'est pas un dossier de cohorte : le registre cohorte.xlsx y manque. {self._cure()}"
            )

    @property
    def has_lost_its_roster(self) -> bool:
        """Whether it was a cohort, whose roster was renamed, moved, or saved as something else."""
        return self.private.is_dir() and not self.roster.is_file() and bool(self._like_a_roster())

    def _cure(self) -> str:
        """What gives back the roster that is not there."""
        around = enclosing(self.path.parent)  # somebody pointed at its returns, or at its results
        if around and not self.private.is_dir():
            return f"Il est dans « {around.path} » : indiquez ce dossier-là."
        others = " ou ".join(f"« {name} »" for name in self._like_a_roster())
        if others:
            return f"Si c'est {others}, enregistrez-le au format « Classeur Excel (.xlsx) » sous le nom cohorte.xlsx."
        return f"{shell.line('init', self.path)} en prépare un."

    def _like_a_roster(self) -> list[str]:
        """The tables that lie there under the roster's name or another; in a folder that was never a cohort, only
        those of its name."""
        ours = self.private.is_dir()
        return [
            path.name
            for path in sorted(self.path.iterdir())
            if path.is_file()
            and path.suffix.lower() in _TABLES
            and path != self.carried
            and not path.name.startswith((".", "~"))
            and (ours or path.name.lower().startswith("cohorte"))
        ]


@dataclass(frozen=True)
class Cohort:
    """An opened cohort: its folder, its roster, and the certification it prepares for."""

    folder: Folder
    roster: Roster
    referential: Referential


def enclosing(path: Path) -> Folder | None:
    """The cohort folder that a path lies in, if any."""
    for place in (path.absolute(), *path.absolute().parents):
        if (place / "cohorte.xlsx").is_file():
            return Folder(place)
    return None


def cohorts_in(place: Path) -> list[Folder]:
    """The cohorts that lie in a folder, by name; those that are hidden are passed over."""
    found = (path for path in sorted(place.iterdir()) if not path.name.startswith("."))
    return [Folder(path) for path in found if Folder(path).roster.is_file()]
