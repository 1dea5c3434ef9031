"""What it costs to put the deliveries of a nation together, and what reads their data fastest.

python -m benchmarks.nation [--centres 500] [--candidates 50] [--folder DIR] [--data]

The deliveries are simulated: the data of an invented session, as the engine writes them, dealt out anew to each centre;
documents to print and the rest of the results workbook are noise of their usual size.
"""

from __future__ import annotations

import argparse
import csv
import importlib
import io
import random
import subprocess
import sys
import tempfile
import time
import zipfile
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from pathlib import Path

from benchmarks.measure import run
from engine import referential
from engine.commands.certifier.receiving import Sent, asked, counting, read_delivery
from engine.outputs import data, delivery, nation
from engine.outputs.content import Content
from engine.outputs.delivery import DATA, DELIBERATION, RESULTS
from engine.outputs.nation.cohort import number
from tests import deliveries
from tests.promotion import promotion

ROOT = Path(__file__).resolve().parent.parent
MEGABYTE = 1_000_000
WORKBOOK, RECORD, ATTESTATION = 800_000, 60_000, 30_000  # bytes of a delivery of 50
ENTRIES = "donnees/saisies.csv"
HOLDER = "Identifiant;Nom;Prénom;Décision;Blocs acquis;Date du jury;Centre;Session;Certification;Intitulé;Niveau;NSF"

Rows = list[dict[str, str]]


def main() -> None:
    """Make the deliveries, put them together, whole then step by step; with ``--data``, read their data otherwise."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--centres", type=int, default=500)
    parser.add_argument("--candidates", type=int, default=50, help="of each centre (50)")
    parser.add_argument("--folder", type=Path, help="keep the deliveries there, and use them again the next time")
    parser.add_argument("--data", action="store_true", help="only what reads the data files, extracted")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = options.folder or Path(place) / "livraisons"
        if not folder.exists():
            make(folder, options.centres, options.candidates)
        if options.data:
            _compare(folder)
        else:
            _command(folder, Path(place))
            _steps(folder, Path(place))


# ------------------------------------------------------------------------------------------ deliveries


def make(folder: Path, centres: int, candidates: int) -> None:
    """Simulated deliveries of as many centres."""
    beside = folder.with_name(f"{folder.name}.part")
    beside.mkdir(parents=True)
    session = _Session()
    for rank in range(centres):
        dice = random.Random(rank)
        held = session.members(dice, f"Centre {rank:03}", candidates)
        words = Counter(row["Décision"] for row in _rows(held[DATA]))
        known = deliveries.manifest(
            held, cohort_id=f"{rank:032x}", centre=f"Centre {rank:03}", candidates=candidates, decisions=dict(words)
        )
        deliveries.packed(beside / f"CGCo centre {rank:03} n1.zip", held, known)
    beside.rename(folder)


class _Session:
    """An invented session, as data: what each candidate's rows are, in each table."""

    def __init__(self) -> None:
        session = Content(**promotion(referential.load("cgco_rncp34465", base=Path())))
        self.tables: dict[str, Rows] = {}
        with tempfile.TemporaryDirectory() as place:
            for path, write in data.writers(data.tables(session), Path(place), parquet=False).items():
                write(path)
                self.tables[f"donnees/{path.name}"] = _rows(path.read_bytes())
        self.people = [row["Identifiant"] for row in self.tables[DATA]]
        self.of: dict[str, dict[str, Rows]] = {name: defaultdict(list) for name in self.tables}
        for name, rows in self.tables.items():
            for row in rows:
                self.of[name][row.get("Identifiant", row.get("Candidat", ""))].append(row)

    def members(self, dice: random.Random, centre: str, candidates: int) -> dict[str, bytes]:
        """What one centre delivers; its candidates are drawn among those of the session, some centres kinder."""
        kind = dice.uniform(0.5, 1.5)
        admitted = {row["Identifiant"] for row in self.tables[DATA] if row["Décision"] == "ADMIS"}
        drawn = dice.choices(self.people, [kind if who in admitted else 1 for who in self.people], k=candidates)
        named = {f"C{rank:03}": who for rank, who in enumerate(drawn, 1)}
        held = {name: self._dealt(name, named) for name in self.tables}
        decided = {row["Identifiant"]: row for row in _rows(held[DATA])}
        words = {who: row["Décision"] for who, row in decided.items()}
        ruled = ("Identifiant", "Règles", "Blocs des règles", "Décision", "Blocs", "Décidé par", "Motif")
        blocs = {who: row["Blocs acquis"] for who, row in decided.items()}
        held[DELIBERATION] = _csv(ruled, [[who, *(words[who], blocs[who]) * 2, "Règles", ""] for who in words])
        about = ("12/06/2025", centre, "Juin 2025", "RNCP34465", "Titre", "6", "312")
        holders = [who for who, word in words.items() if word in ("ADMIS", "PARTIEL")]
        told = [[who, decided[who]["Nom"], decided[who]["Prénom"], words[who], blocs[who], *about] for who in holders]
        held["titulaires.csv"] = _csv(HOLDER.split(";"), told)
        held[RESULTS] = _workbook(words, dice)
        held["proces-verbal.pdf"] = dice.randbytes(RECORD)
        held["LISEZMOI.txt"] = b"Bonjour."
        return held | {f"attestations/{who}.pdf": dice.randbytes(ATTESTATION) for who in holders}

    def _dealt(self, name: str, named: Mapping[str, str]) -> bytes:
        """A table whose rows are those of the candidates drawn."""
        headings = list(self.tables[name][0])
        if not {"Identifiant", "Candidat"} & set(headings) or name.endswith("dictionnaire.csv"):
            return _csv(headings, [list(row.values()) for row in self.tables[name]])
        key = "Identifiant" if "Identifiant" in headings else "Candidat"
        rows = ((row | {key: who}).values() for who, model in named.items() for row in self.of[name][model])
        return _csv(headings, map(list, rows))


def _rows(content: bytes) -> Rows:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))


def _csv(headings, rows) -> bytes:
    made = io.StringIO(newline="")
    csv.writer(made, delimiter=";", lineterminator="\r\n").writerows([headings, *rows])
    return made.getvalue().encode("utf-8-sig")


def _workbook(words: Mapping[str, str], dice: random.Random) -> bytes:
    """A results workbook, as heavy as one that has all its sheets."""
    made = io.BytesIO(deliveries.workbook(words))
    with zipfile.ZipFile(made, "a") as package:
        package.writestr("xl/media/noise.bin", dice.randbytes(WORKBOOK))
    return made.getvalue()


# --------------------------------------------------------------------------------------------- rollup


def _command(folder: Path, place: Path) -> None:
    """The whole command, as it is typed."""
    (place / "mdp.txt").write_text(deliveries.PASSPHRASE)
    command = [sys.executable, ROOT / "process.py", "rollup", place / "nation.xlsx", folder]
    measure = run([*map(str, command), "--password-file", str(place / "mdp.txt")], stderr=subprocess.DEVNULL)
    print(measure.output or "rollup wrote nothing")
    if measure.status:
        sys.exit(measure.status)
    cpu = "" if measure.cpu is None else f"{measure.cpu:.1f} s of processor, "
    sizes = f"{measure.total / MEGABYTE:.0f} MB, workbook {(place / 'nation.xlsx').stat().st_size / MEGABYTE:.1f} MB"
    print(f"rollup: {measure.seconds:.1f} s, {cpu}{sizes}")


def _steps(folder: Path, place: Path) -> None:
    """Its steps, in this process."""
    sent: list[Sent] = asked([folder], lambda _: deliveries.PASSPHRASE)
    readings = _timed("deliveries opened, checked, read", lambda: list(map(read_delivery, sent)))
    cohorts, received = counting(readings, one_certification=True)
    found = _timed("tables and alerts", lambda: nation.gather(cohorts, received))
    made_at = deliveries.datetime(2025, 7, 1)
    _timed("workbook", lambda: nation.write(place / "n.xlsx", found, "Vue nationale", made_at))
    _timed("page", lambda: nation.page(found, "Vue nationale"))


def _timed(what: str, job: Callable[[], object]):
    started = time.process_time()
    found = job()
    print(f"  {what}: {time.process_time() - started:.2f} s of processor", flush=True)
    return found


# ------------------------------------------------------------------------------ what reads the data files


def _compare(folder: Path) -> None:
    """The two tables that the nation is made of, by several readers: decisions counted, points added up."""
    with tempfile.TemporaryDirectory() as place:
        extracted = _extracted(folder, Path(place))
        for reader in (_by_csv, _by_pandas, _by_polars, _by_duckdb):
            name = reader.__name__.removeprefix("_by_")
            try:
                importlib.import_module(name)
            except ImportError:
                print(f"  {name}: not installed")
                continue
            wanted = _timed(f"{name}", lambda reader=reader: reader(extracted))
            print(f"    {wanted}")


def _extracted(folder: Path, place: Path) -> list[Path]:
    found = []
    for sent in asked([folder], lambda _: deliveries.PASSPHRASE):
        target = place / sent.path.stem
        with deliveries.pyzipper.AESZipFile(sent.path) as archive:
            archive.setpassword(sent.passphrase.encode())
            archive.extractall(target, [DATA, ENTRIES])
        found.append(target)
    size = sum((path / ENTRIES).stat().st_size for path in found)
    print(f"  {len(found)} deliveries, {size / MEGABYTE:.0f} MB of entries")
    return found


def _by_csv(folders: list[Path]) -> tuple[int, float]:
    """As the program does."""
    admitted, points = 0, 0.0
    for folder in folders:
        read = delivery.check(delivery.open_folder(folder))
        admitted += sum(row["Décision"] == "ADMIS" for row in read.table(DATA))
        marks = read.columns(ENTRIES, "Nature", "Saisie", "Nombre retenu")
        points += sum(number(mark) for kind, entry, mark in marks if (kind, entry) == ("ORAL", "points") and mark)
    return admitted, points


def _by_pandas(folders: list[Path]) -> tuple[int, float]:
    import pandas as pd

    admitted, points = 0, 0.0
    for folder in folders:
        admitted += int((pd.read_csv(folder / DATA, sep=";", dtype=str)["Décision"] == "ADMIS").sum())
        marks = pd.read_csv(folder / ENTRIES, sep=";", dtype=str, usecols=["Nature", "Saisie", "Nombre retenu"])
        kept = marks[(marks["Nature"] == "ORAL") & (marks["Saisie"] == "points")]["Nombre retenu"].dropna()
        points += float(kept.str.replace(",", ".").astype(float).sum())
    return admitted, points


def _by_polars(folders: list[Path]) -> tuple[int, float]:
    import polars as pl

    how = {"separator": ";", "infer_schema": False}
    frames = (pl.scan_csv([folder / name for folder in folders], **how) for name in (DATA, ENTRIES))
    decisions, marks = frames
    admitted = decisions.filter(pl.col("Décision") == "ADMIS").select(pl.len())
    number = pl.col("Nombre retenu").str.replace(",", ".").cast(pl.Float64)
    points = marks.filter((pl.col("Nature") == "ORAL") & (pl.col("Saisie") == "points")).select(number.sum())
    return admitted.collect().item(), points.collect().item()


def _by_duckdb(folders: list[Path]) -> tuple[int, float]:
    import duckdb

    def read(name: str) -> str:
        paths = ", ".join(f"'{folder / name}'" for folder in folders)
        return f"read_csv([{paths}], delim=';', header=true, all_varchar=true, quote='\"')"

    (admitted,) = duckdb.sql(f"""select count(*) from {read(DATA)} where "Décision" = 'ADMIS'""").fetchall()[0]
    total = """sum(cast(replace("Nombre retenu", ',', '.') as double))"""
    where = """where "Nature" = 'ORAL' and "Saisie" = 'points'"""
    (points,) = duckdb.sql(f"select {total} from {read(ENTRIES)} {where}").fetchall()[0]
    return admitted, points


if __name__ == "__main__":
    main()
