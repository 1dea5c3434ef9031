"""The sheets of the commission and of the jury, badly filled (V13, R10 to R14), and what makes the latter a draft."""

from __future__ import annotations

from engine.model import Kind
from tests.cohorts import Book
from tests.spoil.case import SPOILED, Case, Desk, Spoil, saved

SYNTHESE, DELIBERATION = Kind.SYNTHESE, Kind.DELIBERATION
JURY = {"president": "J01", "membres": "J01; J02", "signature": "Osmani"}
READ = {f"DELIBERATION {entry}": text for entry, text in JURY.items()}
REASON = {"Motif": "Parcours particulier"}


def deliberated(cells: dict[str, str], **singles: str) -> Spoil:
    """The jury's sheet as it went out, the spoiled candidate's row filled (by heading), closed as it should or not."""

    def spoil(desk: Desk) -> bytes:
        book = desk.cohort.book(DELIBERATION)
        for heading, text in cells.items():
            book.put(DELIBERATION, heading, "", text, SPOILED)
        for entry, text in (JURY | singles).items():
            book.put(DELIBERATION, entry, "", text or None)
        return saved(book)

    return spoil


def read(**cells: str) -> dict[str, str]:
    """The marks that come of a sheet that counts: those of the row by input, and how it is closed."""
    headings = {"decision": "Décision", "blocs": "Blocs", "motif": "Motif"}
    return READ | {f"DELIBERATION {entry} {headings[entry]}": text for entry, text in cells.items()}


def commission(desk: Desk) -> bytes:
    """A level that was set beside a computed one, which is another by now."""
    book: Book = desk.cohort.book(SYNTHESE, SPOILED)
    level = book.put(SYNTHESE, "niveau", "1.1", 3)
    level.offset(column=-1).value = 2
    book.put(SYNTHESE, "signature", "", "La commission")
    return saved(book)


CASES = (
    Case("délibération : un écart sans motif", "V13", deliberated({"Décision": "ADMIS"}), (),
         read=read(decision="ADMIS")),
    Case("délibération : PARTIEL sans aucun bloc", "V13", deliberated({"Décision": "PARTIEL"} | REASON), (),
         read=read(decision="PARTIEL", motif=REASON["Motif"])),
    Case("délibération : une décision « ADMIS sous réserve »", "V03",
         deliberated({"Décision": "ADMIS sous réserve"} | REASON), (), read=read(motif=REASON["Motif"])),
    Case("délibération : un bloc qui n'existe pas", "V03",
         deliberated({"Décision": "PARTIEL", "Blocs": "B1;B9"} | REASON), (),
         read=read(decision="PARTIEL", motif=REASON["Motif"])),
    Case("délibération : un écart, avec son motif", "R12",
         deliberated({"Décision": "PARTIEL", "Blocs": "B1, B2"} | REASON), (),
         read=read(decision="PARTIEL", blocs="B1; B2", motif=REASON["Motif"])),
    Case("délibération : les règles ne donnent plus ce qu'elle proposait", "R11 R12",
         deliberated({"Proposé": "ADMIS", "Blocs proposés": "B1; B2; B3; B4", "Décision": "ADMIS"}), (),
         read=read(decision="ADMIS")),
    Case("délibération : un seul membre présent", "R14",
         deliberated({"Décision": "ADMIS"} | REASON, membres="J01"), (), state="Refusé"),
    Case("délibération : président non nommé", "R14",
         deliberated({"Décision": "ADMIS"} | REASON, president=""), (), state="Refusé"),
    Case("délibération : président qui n'est pas juré", "I02",
         deliberated({"Décision": "ADMIS"} | REASON, president="T01"), (), state="Refusé"),
    Case("délibération non signée", "I07", deliberated({"Décision": "ADMIS"} | REASON, signature=""), ()),
    Case("synthèse : un niveau fixé à côté d'un niveau calculé qui a changé", "R10", commission, (),
         read={"SYNTHESE niveau 1.1": "3", "SYNTHESE signature": "La commission"}),
)  # fmt: skip
