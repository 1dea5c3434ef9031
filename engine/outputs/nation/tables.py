"""The nation as tables: cohorts, jurors, blocs, holders, deliveries; each column with its meaning."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction

from engine.model import Decision
from engine.outputs.nation import alerts
from engine.outputs.nation.cohort import Cohort, Received

Value = str | int | float | None
ALERT = "À regarder"
HOLDER = ("Centre", "Session", "Identifiant", "Nom", "Prénom", "Décision", "Blocs acquis", "Date du jury")
_DECISIONS = (Decision.ADMITTED, Decision.PARTIAL, Decision.REFUSED, Decision.PENDING, Decision.LEFT)


class Look(Enum):
    """How a column shows its values."""

    TEXT = "text"
    LONG = "long"
    WHOLE = "whole"
    SHARE = "share"
    FIGURE = "figure"
    SMALL = "small"  # a probability
    ALERT = "alert"


NUMBERS = (Look.WHOLE, Look.SHARE, Look.FIGURE, Look.SMALL)
"""Looks of figures, which stand to the right."""

SMALLEST = 0.0001
"""The smallest probability that is written with its figures: below, it is told to be smaller, and never 0."""


def figure(look: Look, value: float) -> str:
    """A number in words that people read, with a decimal comma."""
    if look is Look.SMALL and 0 < value < SMALLEST:
        return "moins de 0,0001"
    if look is Look.SHARE:
        return f"{100 * value:.1f}\u202f%".replace(".", ",")
    digits = {Look.WHOLE: 0, Look.FIGURE: 2, Look.SMALL: 4}[look]
    return f"{value:.{digits}f}".replace(".", ",")


@dataclass(frozen=True)
class Column:
    """A heading, how its values look, and what they mean."""

    heading: str
    look: Look = Look.TEXT
    meaning: str = ""


@dataclass(frozen=True)
class Table:
    """A sheet: its name, its columns, its rows in the order of the columns."""

    name: str
    columns: tuple[Column, ...]
    rows: Sequence[tuple[Value, ...]]


@dataclass(frozen=True)
class Nation:
    """What many deliveries say together. ``tables``: Centres, Jurés, Blocs, Titulaires, Livraisons; ``bands``: how
    many cohorts have each rate of admission, ten points wide."""

    tables: tuple[Table, ...]
    cohorts: int
    refused: int
    candidates: int
    alerts: int
    bands: tuple[Band, ...] = ()

    @property
    def raised(self) -> list[str]:
        """A sentence for each alert."""
        centres, jurors, *_ = self.tables
        return [_sentence(table, row) for table in (centres, jurors) for row in table.rows if ALERT in row]


@dataclass(frozen=True)
class Band:
    """Rates of admission from ``low`` to ``low`` + 10 (percent; the upper one in the last only): cohorts that have one
    of them, those that are to be looked at apart."""

    low: int
    usual: int
    alerts: int

    @property
    def label(self) -> str:
        """How it is called."""
        return f"{self.low} à {self.low + 10}\u202f%"


def gather(cohorts: Iterable[Cohort], received: Sequence[Received]) -> Nation:
    """The tables of these cohorts (one delivery of each) and of every delivery that came, whatever their order."""
    ordered = sorted(cohorts, key=lambda each: (each.centre, each.session, each.name, each.cohort_id))
    tables = (_centres(ordered), _jurors(ordered), _blocs(ordered), _holders(ordered), _deliveries(received))
    raised = sum(row.count(ALERT) for table in tables for row in table.rows)
    refused = sum(each.state == "Refusée" for each in received)
    return Nation(
        tables, len(ordered), refused, sum(each.candidates for each in ordered), raised, _bands(ordered, tables[0])
    )


def _sentence(table: Table, row: tuple[Value, ...]) -> str:
    columns = zip((column.heading for column in table.columns), row, strict=True)
    said = dict(reversed([*columns]))  # a bloc may have the code « p »: the first column of a heading is ours
    where = f"{said['Centre']}, {said['Session']}"
    if table.name == "Centres":
        return f"{where} : {said['ADMIS']} ADMIS, probabilité {_told(Look.SMALL, said['p'])}."
    mean, z = (_told(Look.FIGURE, said[column]) for column in ("Moyenne", "z"))
    return f"{where}, juré {said['Juré']} : moyenne {mean}, z = {z}."


def _told(look: Look, value: Value) -> str:
    return figure(look, value) if isinstance(value, int | float) else ""


def _bands(cohorts: Sequence[Cohort], centres: Table) -> tuple[Band, ...]:
    rows = [
        (min(10 * cohort.admitted // cohort.decided, 9), ALERT in row)
        for cohort, row in zip(cohorts, centres.rows, strict=True)
        if cohort.decided
    ]
    return tuple(Band(10 * band, rows.count((band, False)), rows.count((band, True))) for band in range(10))


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _float(value: Fraction | None) -> float | None:
    return None if value is None else float(value)


def _centres(cohorts: Sequence[Cohort]) -> Table:
    blocs = list(dict.fromkeys(bloc for cohort in cohorts for bloc in cohort.blocs))
    exam = next((cohort.exam_code for cohort in cohorts if cohort.exam_code), "")
    differ = len({cohort.units for cohort in cohorts}) > 1
    columns = (
        Column("Centre", meaning="Celui que dit le manifeste de la livraison."),
        Column("Session"),
        Column("Cohorte"),
        Column("Version", meaning="Du référentiel."),
        Column("Candidats", Look.WHOLE),
        *(Column(decision, Look.WHOLE) for decision in _DECISIONS),
        Column(
            "Taux d'admission", Look.SHARE, "ADMIS / (ADMIS + PARTIEL + AJOURNÉ), sans qui ne présente que des blocs."
        ),
        Column(
            "p",
            Look.SMALL,
            "Probabilité, au taux de tous les autres, d'un nombre d'admis pas plus vraisemblable que celui-ci "
            "(binomiale exacte, bilatérale) ; vide sous 5 candidats décidés.",
        ),
        Column("Alerte", Look.ALERT, "p < 0,002 : à regarder, pour harmoniser. Aucune décision n'en dépend."),
        Column("Écarts du jury", Look.WHOLE, "Décisions du jury qui ne sont pas celles des règles."),
        Column("Oral", Look.FIGURE, "Moyenne des totaux retenus, en points."),
        *((Column(exam, Look.FIGURE, "Moyenne des notes à l'examen national."),) if exam else ()),
        *((Column("Barèmes", meaning="De l'oral, puis de l'examen : ils ne sont pas partout les mêmes."),) * differ),
        *(Column(bloc, Look.SHARE, f"Part de ceux qui présentent le bloc {bloc} et qui l'ont.") for bloc in blocs),
    )
    likely = alerts.of_cohorts([(cohort.admitted, cohort.decided) for cohort in cohorts])
    rows = [
        (
            *(cohort.centre, cohort.session, cohort.name, cohort.version, cohort.candidates),
            *(cohort.decisions.get(decision, 0) for decision in _DECISIONS),
            *(_share(cohort.admitted, cohort.decided), _float(p)),
            ALERT if p is not None and p < alerts.UNLIKELY else None,
            *(cohort.departures, cohort.oral),
            *((cohort.exam,) if exam else ()),
            *((" ; ".join(filter(None, cohort.units)),) * differ),
            *(_share(cohort.blocs[bloc], cohort.asked(bloc)) if bloc in cohort.blocs else None for bloc in blocs),
        )
        for cohort, p in zip(cohorts, likely, strict=True)
    ]
    return Table("Centres", columns, rows)


def _jurors(cohorts: Sequence[Cohort]) -> Table:
    columns = (
        Column("Centre"),
        Column("Session"),
        Column("Juré", meaning="Identifiant du juré dans sa cohorte."),
        Column("Fiches", Look.WHOLE, "Fiches d'oral complètes."),
        Column("Moyenne", Look.FIGURE, "De leurs totaux, en points."),
        Column("Moyenne nationale", Look.FIGURE, "Des totaux de tous les autres jurés, sur le même barème."),
        Column("z", Look.FIGURE, "Écart, en erreurs types ; vide sous 10 fiches."),
        Column("Alerte", Look.ALERT, "3 erreurs types ou plus : à regarder, pour harmoniser."),
    )
    jurors = [(cohort, juror, totals) for cohort in cohorts for juror, totals in sorted(cohort.totals.items())]
    found = _deviations([(cohort.units[0], totals) for cohort, _, totals in jurors])
    rows = [
        (
            *(cohort.centre, cohort.session, juror, len(totals)),
            *(deviation.mean, deviation.others, deviation.z),
            ALERT if deviation.alert else None,
        )
        for (cohort, juror, totals), deviation in zip(jurors, found, strict=True)
    ]
    return Table("Jurés", columns, rows)


def _deviations(totals: Sequence[tuple[str, Sequence[float]]]) -> list[alerts.Deviation]:
    """How far each juror is from the others whose points are out of as many: versions of a certification may differ."""
    found: dict[int, alerts.Deviation] = {}
    for unit in dict.fromkeys(unit for unit, _ in totals):
        ranks = [rank for rank, (each, _) in enumerate(totals) if each == unit]
        found |= zip(ranks, alerts.of_jurors([totals[rank][1] for rank in ranks]), strict=True)
    return [found[rank] for rank in range(len(totals))]


def _blocs(cohorts: Sequence[Cohort]) -> Table:
    columns = (
        Column("Bloc"),
        Column("Candidats", Look.WHOLE, "Des cohortes dont le référentiel a ce bloc, et qui le présentent."),
        Column("Acquis", Look.WHOLE),
        Column("Part", Look.SHARE, "Acquis / Candidats."),
    )
    rows = []
    for bloc in dict.fromkeys(bloc for cohort in cohorts for bloc in cohort.blocs):
        mine = [cohort for cohort in cohorts if bloc in cohort.blocs]
        candidates, held = sum(each.asked(bloc) for each in mine), sum(each.blocs[bloc] for each in mine)
        rows.append((bloc, candidates, held, _share(held, candidates)))
    return Table("Blocs", columns, rows)


def _holders(cohorts: Sequence[Cohort]) -> Table:
    columns = (*(Column(heading) for heading in HOLDER), Column("Livraison", Look.LONG, "D'où vient cette ligne."))
    rows = [
        (*(holder.get(heading, "") for heading in HOLDER), cohort.file)
        for cohort in cohorts
        for holder in cohort.holders
    ]
    return Table("Titulaires", columns, rows)


def _deliveries(received: Sequence[Received]) -> Table:
    columns = (
        Column("Fichier", Look.LONG),
        Column("État", meaning="Lue, Remplacée (une plus récente compte) ou Refusée."),
        Column("SHA-256", Look.LONG),
        Column("Motif", Look.LONG),
    )
    rows = [(each.file, str(each.state), each.sha256, each.why) for each in sorted(received, key=lambda one: one.file)]
    return Table("Livraisons", columns, rows)
