"""What a closed session leaves on paper, read back from the pages themselves."""

from __future__ import annotations

import csv
import hashlib
import io
from dataclasses import replace
from datetime import date, datetime
from functools import cache

import pypdf
import pytest

from engine import referential
from engine.commands.close import close
from engine.commands.consolidate import consolidate
from engine.commands.deliver import deliver
from engine.commands.jury import jury
from engine.commands.reopen import reopen
from engine.model import Authority, Decision, Ruling, State
from engine.model.deliberation import Deliberation
from engine.model.errors import CohortError
from engine.outputs import record
from engine.workspace.cohort import Folder
from tests import juries
from tests.promotion import promotion

REASON = "Panne de projection"
CLOSING = record.Closing(at=datetime(2025, 1, 30, 18, 4), seal="5f2c91aa", results="0c7d" * 16)


def text_of(content):
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)


def flat(text):
    return " ".join(text.split())


@pytest.fixture(scope="module")
def closed(tmp_path_factory):
    """The sample, one departure, closed: its folder, the draft before, the act."""
    sitting = juries.make(tmp_path_factory.mktemp("jury") / "promotion")
    sitting.deliberate({"C05": {"Décision": "ADMIS", "Motif": REASON}})
    jury(sitting.path)
    folder = Folder(sitting.path)
    draft = folder.draft_record.read_bytes()
    return folder, draft, close(sitting.path, accept_provisional=True)


def test_the_record_tells_who_decided_what_and_why(closed):
    folder, _, done = closed
    told = flat(text_of(folder.record.read_bytes()))
    assert "PROJET" not in told
    departures = told[told.index("3. Décisions") : told.index("4. Non présentés")]
    assert "C05 FABRE Joséphine PARTIEL" in departures
    assert REASON in departures
    others = told[told.index("4. Non présentés") : told.index("5. Résultats")]
    assert "KOUASSI Ange-Désiré (C08)" in others
    assert "(C02)" in others
    assert "16 candidats : 8 ADMIS" in told
    assert done.act.seal in told
    assert hashlib.sha256(done.copy.read_bytes()).hexdigest() in told
    assert all(f"C{rank:02}" in told for rank in range(1, 17))


def test_the_record_shows_no_mark_of_a_juror(closed):
    folder, _, done = closed
    told = text_of(folder.record.read_bytes())
    totals = {str(total) for each in done.report.outcomes if each.oral for total in each.oral.totals.values()}
    kept = {str(each.oral.value) for each in done.report.outcomes if each.oral and each.oral.value is not None}
    for total in totals - kept:
        assert f" {total.replace('.', ',')} " not in told or total.isdigit()


def test_an_attestation_for_each_holder_of_a_bloc_and_their_list(closed):
    folder, _, _ = closed
    names = sorted(path.stem for path in folder.attestations.glob("*.pdf"))
    assert names == ["C01", "C03", "C04", "C05", "C06", "C09", "C10", "C11", "C12", "C15"]
    rows = list(csv.DictReader(io.StringIO(folder.holders.read_text(encoding="utf-8-sig")), delimiter=";"))
    assert sorted(row["Identifiant"] for row in rows) == names
    assert list(rows[0]) == [
        *("Identifiant", "Nom", "Prénom", "Décision", "Blocs acquis", "Date du jury", "Centre", "Session"),
        *("Certification", "Intitulé", "Niveau", "NSF"),
    ]
    assert {row["Décision"] for row in rows} == {"ADMIS", "PARTIEL"}
    told = flat(text_of((folder.attestations / "C03.pdf").read_bytes()))
    assert "DE LA TOUR Jean-Baptiste" in told
    assert "session antérieure" in told
    assert "Seul le certificateur délivre le parchemin" in told
    assert len(pypdf.PdfReader(folder.attestations / "C03.pdf").pages) == 1


def test_the_draft_says_so_on_each_page_and_is_put_aside_by_the_closure(closed):
    folder, draft, _ = closed
    pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(draft)).pages]
    assert all("PROJET : rien n'est arrêté" in text for text in pages)  # upright: other programs lose the one across
    assert not folder.draft_record.exists()


def test_a_record_that_is_lost_is_made_again_as_long_as_it_would_say_the_same(closed):
    folder, _, _ = closed
    (notes,) = folder.returns.rglob("Notes janvier*.ods")
    then, kept = folder.record.read_bytes(), notes.rename(folder.path / notes.name)
    folder.record.unlink()
    with pytest.raises(CohortError, match=r"ne peut pas être refait : .+ ont changé depuis \(C01, C02"):
        close(folder.path)
    assert not folder.record.exists()
    kept.rename(notes)
    close(folder.path)
    assert text_of(folder.record.read_bytes()) == text_of(then)


def test_a_dated_copy_that_is_lost_is_told_for_the_record_bears_its_digest(closed):
    folder, _, done = closed
    kept = done.copy.read_bytes()
    assert consolidate(folder.path).notices == ()
    done.copy.unlink()
    (told,) = consolidate(folder.path).notices
    assert "n'est plus là" in told
    assert done.copy.is_file()
    assert consolidate(folder.path).notices == ()
    done.copy.write_bytes(kept)


def test_reopening_puts_the_papers_aside(closed):
    folder, _, _ = closed
    record_then = folder.record.read_bytes()
    reopen(folder.path, "Recours")
    assert not folder.record.exists()
    assert not folder.holders.exists()
    assert not list(folder.attestations.glob("*"))
    kept = folder.jury / "anciens"
    assert (kept / "Procès-verbal.pdf").read_bytes() == record_then
    assert (kept / "titulaires.csv").exists()
    assert len(list((kept / "attestations").glob("*.pdf"))) == 10


def test_without_a_deliberation_that_counts_a_closure_leaves_no_record(tmp_path):
    sitting = juries.make(tmp_path / "jury")
    close(sitting.path, accept_provisional=True)
    assert not Folder(sitting.path).jury.exists()


def test_the_record_tells_nothing_of_a_deliberation_that_does_not_count(tmp_path):
    """It told of a jury of one, or of another share of members from outside than that of the jury it shows."""
    sitting = juries.make(tmp_path / "jury")
    sitting.deliberate(name="refusée.xlsx", membres="J03")
    sitting.deliberate()
    close(sitting.path, accept_provisional=True)
    told = flat(text_of(Folder(sitting.path).record.read_bytes()))
    assert "3 membres présents, 2 exigés" in told
    assert "R14" not in told


def test_of_two_deliberations_that_nothing_orders_none_makes_a_record(tmp_path):
    sitting = juries.make(tmp_path / "jury")
    sitting.deliberate({"C05": {"Décision": "ADMIS", "Motif": REASON}})
    sitting.clock = juries.NOON
    sitting.deliberate(name="deuxième.xlsx")
    close(sitting.path, accept_provisional=True)
    assert not Folder(sitting.path).jury.exists()
    with pytest.raises(CohortError, match="Aucune délibération signée ne compte"):
        deliver(sitting.path)


# ---------------------------------------------------------------------------------------- whoever is in it


@cache
def certification():
    return referential.load("cgco_rncp34465")


def minutes_of(number, departures, closing=CLOSING, longest="Aubert"):
    """The record of so many invented candidates, so many of whom the jury decided otherwise than the rules."""
    session = promotion(certification())
    found = list(zip(session["outcomes"], session["admissions"], strict=True))
    outcomes, admissions = [], []
    for rank in range(number):
        outcome, admission = found[rank % len(found)]
        candidate = replace(outcome.candidate, id=f"K{rank:03}", last_name=longest if rank == 0 else f"Nom{rank}")
        outcome = replace(outcome, candidate=candidate)
        if rank < departures:
            ruled = Ruling(Decision.REFUSED, ())
            by_jury = {"decided_by": Authority.JURY, "granted": ("B1",), "motive": f"Motif {rank} : œuvre, façade, été"}
            outcome = replace(outcome, decision=Decision.PARTIAL, ruled=ruled, **by_jury)
        outcomes.append(outcome)
        admissions.append(replace(admission, candidate=candidate))
    roster = session["roster"]
    place = replace(roster.session, jury_date=date(2025, 1, 30), place="Lyon")
    return record.Minutes(
        roster=replace(roster, candidates=tuple(each.candidate for each in outcomes), session=place),
        referential=certification(),
        outcomes=outcomes,
        admissions=admissions,
        anomalies=(),
        deliberation=Deliberation(president="J01", members=("J01", "J02")),
        closing=closing,
    )


@pytest.mark.parametrize(("number", "departures"), [(1, 0), (14, 0), (60, 20), (60, 60)])
def test_everybody_is_in_the_record_whatever_their_number(number, departures):
    made = record.minutes(minutes_of(number, departures))
    pages = pypdf.PdfReader(io.BytesIO(made)).pages
    told = flat(text_of(made))
    assert all(f"K{rank:03}" in told for rank in range(number))
    assert all(f"Motif {rank} : œuvre, façade, été" in told for rank in range(departures))
    assert ("Aucune." in told) == (departures == 0)
    assert all(f"page {rank} / {len(pages)}" in page.extract_text() for rank, page in enumerate(pages, start=1))
    assert all(CLOSING.results in page.extract_text() for page in pages)


def test_nobody_signs_a_page_without_results_whatever_the_number_of_candidates():
    for number in range(24, 40, 2):  # the end of the first page falls anywhere in what closes the record
        pages = pypdf.PdfReader(io.BytesIO(record.minutes(minutes_of(number, 0)))).pages
        (signed,) = [page.extract_text() for page in pages if "Les membres du jury" in page.extract_text()]
        assert "5. Résultats" in signed
        assert f"{number} candidats" in signed


def test_a_long_name_stays_in_its_column():
    made = record.minutes(minutes_of(2, 2, longest="W" * 100))
    for page in pypdf.PdfReader(io.BytesIO(made)).pages:
        runs = page.extract_text().replace("\u200b", "").splitlines()
        assert all(run.count("W") < 70 for run in runs)


def test_a_long_identifier_leaves_the_reason_its_room():
    told, pages = minutes_of(30, 30), []
    for name in ("K{}", "ETUDIANT-2025-LYON-BLOCS-{:07}"):
        people = [replace(each.candidate, id=name.format(rank)) for rank, each in enumerate(told.outcomes)]
        made = replace(
            told,
            outcomes=[
                replace(each, candidate=who, motive="Parcours exceptionnel. " * 20)
                for each, who in zip(told.outcomes, people, strict=True)
            ],
            admissions=[replace(each, candidate=who) for each, who in zip(told.admissions, people, strict=True)],
        )
        pages.append(len(pypdf.PdfReader(io.BytesIO(record.minutes(made))).pages))
    assert pages[1] <= pages[0] + 3


def coded(told, codes):
    """The same record under other codes of blocs."""
    named = dict(zip([bloc.code for bloc in told.referential.blocs], codes, strict=True))
    blocs = tuple(replace(bloc, code=named[bloc.code]) for bloc in told.referential.blocs)
    outcomes = [
        replace(each, blocs={named[code]: count for code, count in each.blocs.items()}, granted=())
        for each in told.outcomes
    ]
    return replace(told, referential=replace(told.referential, blocs=blocs), outcomes=outcomes)


def upright(content):
    """What stands upright on a first page."""
    found = set()

    def visit(text, around, place, *_):
        if abs(around[0] * place[0]) < 1e-6:
            found.add(text.strip())

    pypdf.PdfReader(io.BytesIO(content)).pages[0].extract_text(visitor_text=visit)
    return found - {""}


def test_long_codes_of_blocs_stand_upright_and_leave_names_their_room():
    told = minutes_of(3, 0)
    codes = {f"RNCP34465BC{rank:02}" for rank in range(1, 5)}
    assert upright(record.minutes(told)) == set()
    assert upright(record.minutes(coded(told, sorted(codes)))) >= codes


def test_a_second_page_of_an_attestation_says_whose_it_is():
    told = minutes_of(1, 0)
    for words, alone in ((10, True), (100, False)):
        blocs = tuple(replace(bloc, title="Organiser " * words) for bloc in told.referential.blocs)
        ((_, made),) = record.attestations(
            told.outcomes, told.roster, replace(told.referential, blocs=blocs), CLOSING.at
        )
        found = [flat(page.extract_text()) for page in pypdf.PdfReader(io.BytesIO(made)).pages]
        assert (len(found) == 1) is alone
        assert all(f"(K000), {told.referential.certification.code} page" in page for page in found) is not alone


def test_the_record_tells_that_only_the_units_fail_where_the_title_asks_for_them():
    told = minutes_of(1, 0)
    (first,) = told.outcomes
    failing = replace(told, outcomes=[replace(first, unit_state=State.FAILED, credits=50)])
    policy = replace(told.referential.policy, title_requires_ues=True)
    asked = replace(failing, referential=replace(told.referential, policy=policy))
    assert "50 ×" in flat(text_of(record.minutes(asked)))
    assert "50 ×" not in flat(text_of(record.minutes(failing)))


def test_the_sign_of_what_is_not_presented_is_explained_where_it_stands():
    told = minutes_of(3, 0)
    assert "– non présenté" not in flat(text_of(record.minutes(told)))
    first, *others = told.outcomes
    blocs = first.blocs | {"B2": replace(first.blocs["B2"], state=State.NOT_PRESENTED)}
    some = replace(told, outcomes=[replace(first, blocs=blocs), *others])
    assert "– non présenté" in flat(text_of(record.minutes(some)))


@pytest.mark.parametrize(
    "name",
    ["de La Rochefoucauld-Montmorency-Laval d'Entraigues", "#set text(red)", "$x$ *a* _b_ @c <d> \\ // [e]", "Œuf"],
)
def test_a_name_is_never_markup(name):
    told = flat(text_of(record.minutes(minutes_of(3, 0, longest=name))))
    assert flat(name.upper()).replace(" ", "") in told.replace(" ", "")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("a\u202eb", "A<U+202E>B"),
        ("王 Mei", "<U+738B>Mei"),
        ("Zoé 😀", "ZOÉ<U+1F600>"),
        ("Nguyễn Thị", "NGUYỄNTHỊ"),
        ("👩‍🔧️ 한", "<U+1F527>"),
        ("Le\x0bBris", "LE<U+000B>BRIS"),  # a line break of Word, pasted
        ("Zoe\u0301 a\u064b", "ZOÉA<U+064B>"),  # each is drawn, not one upon the other
        ("\U00010a3e\U00010a3f", "<U+10A3F>"),
    ],
)
def test_a_sign_that_no_font_draws_is_written_out_and_keeps_no_session_open(name, shown):
    told = text_of(record.minutes(minutes_of(3, 0, longest=name))).upper().replace("\u200b", "")
    assert shown.upper() in "".join(told.split())


def test_the_pages_are_archivable_and_the_same_every_time():
    told = minutes_of(14, 2)
    made = record.minutes(told)
    assert record.minutes(told) == made
    about = pypdf.PdfReader(io.BytesIO(made)).xmp_metadata
    assert (about.pdfaid_part, about.pdfaid_conformance) == ("2", "B")
    fonts = [font for page in pypdf.PdfReader(io.BytesIO(made)).pages for font in page["/Resources"]["/Font"].values()]
    assert all("/FontFile" in str(embedded(font)) for font in fonts)


def embedded(font):
    (inner,) = font.get_object()["/DescendantFonts"]
    return list(inner.get_object()["/FontDescriptor"].get_object())
