"""The engine's decisions against the oracle's, on random cohorts that crowd around the bars."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from itertools import islice
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.assessment.decide import evidence
from engine.model import Kind, Mark
from engine.model.tables import MARKS, VALUE, table
from tests import oracle
from tests.descriptions import REFERENTIALS, TEXTS, candidate, judged, told

AGGREGATES = st.sampled_from(["mean", "median", "min", "max"])
POLICIES = st.fixed_dictionaries(
    {
        "competence_from": AGGREGATES,
        "transversal_from": AGGREGATES,
        "oral_from": AGGREGATES,
        "rounding": st.integers(0, 3),
        "minimum_jurors": st.integers(1, 3),
        "title_requires_ues": st.booleans(),
    }
)


def differences(name, policy, descriptions):
    """What the engine says of each candidate beside what the oracle says, wherever they differ."""
    referential = REFERENTIALS[name]
    referential = replace(referential, policy=replace(referential.policy, **policy))
    rules = oracle.rules_of(TEXTS[name], **policy)
    outcomes, codes = judged(descriptions, referential)
    assert [outcome.candidate.id for outcome in outcomes] == [f"C{rank}" for rank in range(len(descriptions))]
    found = []
    for description, outcome in zip(descriptions, outcomes, strict=True):
        said, wanted = told(outcome) | {"told": codes[outcome.candidate.id]}, oracle.decide(rules, description)
        assert said.keys() == wanted.keys()
        found += [(part, said[part], wanted[part], description) for part in said if said[part] != wanted[part]]
    return found


@pytest.mark.parametrize("name", list(REFERENTIALS))
@given(policy=POLICIES, seeds=st.lists(st.integers(0, 2**32), min_size=1, max_size=4))
@settings(max_examples=100, deadline=None, derandomize=True, database=None)
def test_small_cohorts_are_decided_as_by_the_oracle(name, policy, seeds):
    if name == "lettres":
        chosen = {key: policy[key] for key in ("competence_from", "transversal_from")}
        policy |= {key: _OF_LETTERS.get(how, how) for key, how in chosen.items()}
    rules = oracle.rules_of(TEXTS[name], **policy)
    assert differences(name, policy, [Chance(seed, rules).candidate() for seed in seeds]) == []


_OF_LETTERS = {"mean": "min", "median": "max"}  # no other way makes one letter of several


def test_a_large_cohort_is_decided_as_by_the_oracle_and_meets_every_decision():
    rules = oracle.rules_of(TEXTS["cgco"])
    descriptions = [Chance(seed, rules).candidate() for seed in range(400)]
    assert differences("cgco", {}, descriptions) == []
    decisions = {oracle.decide(rules, description)["decision"] for description in descriptions}
    assert decisions == {"ADMIS", "PARTIEL", "AJOURNÉ", "EN ATTENTE", "SORTI"}
    told = {code for description in descriptions for code in oracle.decide(rules, description)["told"]}
    assert told == {"V13", "R11", "R12"}


def keepable(rules):
    """What a candidate may hold from an earlier session, beside blocs."""
    exam = [rules["national_exam"]["code"]] if "national_exam" in rules else []
    words = [word for part, word in (("transversal", "TRANSVERSALES"), ("oral", "ORAL")) if part in rules]
    return [unit["code"] for unit in rules.get("ue", [])] + exam + words


def departing(rules, number):
    """The first candidates drawn at random of whom the jury decides another word than the rules; few are."""
    drawn = (Chance(seed, rules).candidate() for seed in range(1000, 5000))
    found = ((each, oracle.decide(rules, each)) for each in drawn)
    return list(islice((each for each, of in found if of["decision"] not in ("SORTI", of["ruled"][0])), number))


class Chance:
    """A candidate drawn at random, near the bars: counts about what is required, levels and marks on the limit."""

    def __init__(self, seed, rules):
        self.random = Random(seed)
        self.rules = rules
        self.careful = self.random.random() < 0.6  # nothing missing nor wrong, so that most things get settled

    def candidate(self):
        made = self.candidate_without_jury()
        return made | {"jury": self.jury(made)}

    def candidate_without_jury(self):
        random, rules = self.random, self.rules
        blocs = [bloc for bloc in rules["bloc"] if "competences" in bloc]
        rated = [(bloc.get("required", len(bloc["competences"])), bloc["competences"]) for bloc in blocs]
        held = [bloc["code"] for bloc in rules["bloc"] if random.random() < 0.1]
        left = [bloc["code"] for bloc in rules["bloc"] if bloc["code"] not in held]
        some = random.sample(left, random.randrange(1, len(left) + 1)) if left else []
        made = candidate(
            held=held,
            presented=some if random.random() < 0.15 else [],
            kept=[code for code in keepable(rules) if random.random() < 0.05],
            left=random.random() < 0.05,
            grilles=self.sheets("E", rated),
            transversales=self.transversales(),
            orals=self.orals(),
            notes=self.notes(),
            commission=self.commission(),
        )
        weighed = [bloc for bloc in blocs if "jury_weight" in bloc]
        if weighed:
            made |= {"tutors": ["E0"], "trainers": ["E1", "E2"]}
            made |= {"orals": self.orals(self.aimed(random.choice(weighed), made))}
        if made["presented"] and random.random() < 0.5:  # nobody was asked for the rest
            made |= {"orals": [], "transversales": [], "notes": dict.fromkeys(made["notes"])}
        return made

    def commission(self):
        """The levels that it sets: few, about the minimum; now and then one that cannot be read."""
        if self.random.random() < 0.6:
            return {}
        items = [item for bloc in self.rules["bloc"] for item in bloc.get("competences", [])]
        chosen = self.random.sample(items, min(len(items), self.random.randrange(1, 6)))
        cells = {item["code"]: self.stepped(item["minimum"], -self.random.choice([0, 0, 1])) for item in chosen}
        if self.random.random() < 0.2:
            cells[chosen[0]["code"]] = self.random.choice([None, "NE"])
        return cells | ({chosen[-1]["code"]: "excluded"} if self.odd(0.1) else {})

    def jury(self, made):
        """The jury's row: what the rules give, or something else, with or without what goes with it."""
        random, ruled = self.random, oracle.decide(self.rules, made)
        if random.random() < 0.3:
            return None
        every = [bloc["code"] for bloc in self.rules["bloc"]]
        given = None if ruled["decision"] in ("EN ATTENTE", "SORTI") else ruled["decision"]
        row = {"decision": given, "blocs": ruled["acquired"] if given == "PARTIEL" else None, "reason": False}
        row["proposed"] = (ruled["decision"], ruled["acquired"])
        if random.random() < 0.5:
            row["decision"] = random.choice(["ADMIS", "PARTIEL", "PARTIEL", "AJOURNÉ", "EN ATTENTE", None])
            row["blocs"] = random.choice([None, None, every, random.sample(every, random.randrange(1, len(every) + 1))])
            row["reason"] = random.random() < 0.7
        if random.random() < 0.2:
            row["proposed"] = random.choice([None, ("AJOURNÉ", []), ("ADMIS", every), ("EN ATTENTE", every[:1])])
        if self.odd(0.1):
            row[random.choice(["decision", "blocs"])] = "excluded"
        return row

    def odd(self, chance):
        """True now and then, never for a careful candidate."""
        return not self.careful and self.random.random() < chance

    def shuffled(self, sheets):
        """The same sheets as they may come: files have no order."""
        return self.random.sample(sheets, len(sheets))

    def sheets(self, letter, groups):
        """One to three sheets whose groups hold about ``required`` items at their minimum."""
        sheets = [(f"{letter}{rank}", {}) for rank in range(self.random.choice([1, 2, 2, 3]))]
        weak = self.random.random() < 0.2
        for required, items in groups:
            reached = required + (-1 if weak else self.random.choice([-1, 0, 0, 0, 1, len(items)]))
            for rank, item in enumerate(self.random.sample(items, len(items))):
                cells = self.levels(item["minimum"], len(sheets), rank < reached)
                for (_, sheet), cell in zip(sheets, cells, strict=True):
                    sheet[item["code"]] = cell
        if self.odd(0.15):  # a refused sheet, of one more evaluator or beside a good one
            sheets.append((self.random.choice([letter + "0", "REFUSÉ"]), dict.fromkeys(sheets[0][1], "lost")))
        return [] if self.odd(0.1) else self.shuffled(sheets)

    def levels(self, minimum, count, reach):
        """The levels of one item: at the minimum or around it, just below it, or unknown."""
        steps = [0] * count
        if not reach:
            steps[0] = -1
        elif self.random.random() < 0.3:
            steps[0] = 1
            steps[-1] -= 1 if count > 1 else 0
        cells = [self.stepped(minimum, each) for each in steps]
        if count > 1 and self.random.random() < 0.1:
            cells[-1] = self.random.choice([None, "NE"])
        if self.odd(0.15):
            cells = [self.random.choice([None, "NE"]) for _ in cells]
        if self.odd(0.03):
            cells[self.random.randrange(count)] = self.random.choice(["excluded", "lost"])
        self.random.shuffle(cells)
        return cells

    def stepped(self, level, steps):
        """A level so many steps above another one, as a cell says it; no more than the highest, nor under a letter."""
        scale = self.rules["scales"]["level"]
        if "letters" in scale:
            best_first = scale["letters"].split(" > ")
            return best_first[min(max(best_first.index(level) - steps, 0), len(best_first) - 1)]
        return str(Decimal(float(min(level + steps * scale["step"], scale["maximum"]))))

    def transversales(self):
        if "transversal" not in self.rules:
            return []
        items = [item for domain in self.rules["transversal"]["domains"] for item in domain["items"]]
        return self.sheets("J", [(self.rules["transversal"]["required"], items)])

    def aimed(self, bloc, made):
        """The total of the oral that brings a mean of roles nearest to its bar."""
        found = oracle.decide(self.rules, made)["blocs"][bloc["code"]]["marks"]
        weights = {word: bloc.get(key, 0) for key, word in oracle.ROLES.items()}
        rest = sum(weights[word] * (mark["value"] or 10) for word, mark in found.items() if word != "jury")
        points = sum(item["points"] for part in self.rules["oral"]["sections"] for item in part["items"])
        step = Fraction(self.rules["oral"]["step"])
        total = (100 * Fraction(bloc["at_least"]) - rest) / weights["jury"] * points / 20
        return min(max(round(total / step), 2), points / step - 2) * step

    def orals(self, bar=None):
        if "oral" not in self.rules:
            return []
        bar, step = self.rules["oral"]["at_least"] if bar is None else bar, self.rules["oral"]["step"]
        bar = max(bar, 2 * step)
        absent = self.random.random() < 0.1
        sheets = []
        for rank in range(self.random.choice([1, 2, 2, 3, 4])):
            total = bar + step * self.random.choice([-2, -1, 0, 0, 0, 1, 2])
            cells = dict.fromkeys(self.points(0), "ABS") if absent else self.points(total)
            answer = self.random.choice(["Oui", "Oui", "Oui", "Oui", None])
            if self.odd(0.1):
                answer = self.random.choice(["Non", "excluded", "lost"])
            sheets.append((f"J{rank}", self.spoiled(cells), answer))
        if self.odd(0.05):
            sheets.append((self.random.choice(["J0", "REFUSÉ"]), dict.fromkeys(self.points(0), "lost"), "lost"))
        return self.shuffled(sheets)

    def points(self, total):
        """A complete sheet with this total: items filled up in a random order, the others at 0."""
        items = [item for section in self.rules["oral"]["sections"] for item in section["items"]]
        cells = {}
        for item in self.random.sample(items, len(items)):
            given = min(item["points"], total)
            total -= given
            cells[item["code"]] = str(Decimal(float(given)))
        return cells

    def spoiled(self, cells):
        """The same sheet; at times not started, with a hole, an absence, an unreadable cell, or ABS alone."""
        one = self.random.choice(sorted(cells))
        spoilt = self.random.choice(["blank", "hole", "ABS", "excluded", "lost", "only ABS"]) if self.odd(0.3) else ""
        if spoilt == "blank":
            return dict.fromkeys(cells)
        if spoilt == "only ABS":
            return dict.fromkeys(cells) | {one: "ABS"}
        return cells | ({one: None if spoilt == "hole" else spoilt} if spoilt else {})

    def notes(self):
        rules = self.rules
        marks = {unit["code"]: self.mark(rules["ue_rule"]["above"]) for unit in rules.get("ue", [])}
        if "national_exam" in rules:
            marks[rules["national_exam"]["code"]] = self.mark(rules["national_exam"]["at_least"])
        for bloc in rules["bloc"]:
            marks |= self.exams(bloc)
        return marks

    def exams(self, bloc):
        """The marks of a mean: about its bar, all but the last, which brings it there or nearly; some at the floor."""
        exams = [exam for exam in self.rules.get("exam", []) if exam.get("bloc") == bloc["code"]]
        if not exams:
            return {}
        random, bar = self.random, Fraction(bloc["at_least"])
        floor = Fraction(bloc.get("floor", bar - 3))
        spread = [floor, floor - Fraction(1, 100), bar, bar + 2, bar - 1]
        marks = [random.choice(spread if random.random() < 0.3 else spread[2:]) for _ in exams]
        weights = [Fraction(exam.get("coefficient", 1)) for exam in exams]
        aimed = bar + random.choice([0, 0, Fraction(-1, 200), Fraction(-1, 100), Fraction(-1, 199), 1, 1, 1])
        rest = sum(weight * mark for weight, mark in zip(weights[:-1], marks[:-1], strict=True))
        last = (aimed * sum(weights) - rest) / weights[-1]
        if 0 <= last <= 20:
            marks[-1] = last
        given = {exam["code"]: mark for exam, mark in zip(exams, marks, strict=True)}
        for exam in exams:
            if exam.get("after") in given and random.random() < 0.7:
                given[exam["after"]] = exam["after_at_least"] + random.choice([0, 0, 3, Fraction(-1, 100)])
        return {code: self.exam(Fraction(mark)) for code, mark in given.items()}

    def exam(self, mark):
        if self.odd(0.2):
            return self.random.choice(["ABS", None, "excluded", "lost", "0", "20"])
        return str(round(Decimal(mark.numerator) / mark.denominator, 4))

    def mark(self, bar):
        bar = Decimal(float(bar))
        if self.odd(0.2):
            return self.random.choice(["ABS", "DISP", None, "excluded", "lost", "0"])
        gaps = ["0.01", "0.000001", "0", "-0.000001", "2"] if self.random.random() < 0.2 else ["0.01", "3"]
        return str(bar + Decimal(self.random.choice(gaps)))


def test_marks_that_say_the_same_share_a_cell_and_equal_numbers_stay_as_they_were_read():
    mark = Mark("f.xlsx", "Grille", "C9", "GRILLE", "C01", "T01", "niveau", "1.1", "4", Decimal("4"), VALUE)
    marks = [mark, mark._replace(code="1.2"), mark._replace(code="1.3", raw="4,0", value=Decimal("4.0"))]
    found = evidence.Gathered(table(MARKS, marks)).of("C01").competences
    (one,), (same,), (written,) = found["1.1"], found["1.2"], found["1.3"]
    assert [str(cell.value) for cell in (one, same, written)] == ["4", "4", "4.0"]
    assert same is one


def test_a_kind_that_decides_and_that_nothing_gathers_is_an_error_rather_than_dropped(monkeypatch):
    forgotten = dict(evidence._GATHERERS)
    del forgotten[Kind.TRANSVERSALE]
    monkeypatch.setattr(evidence, "_GATHERERS", forgotten)
    mark = Mark("a.xlsx", "f", "D12", "TRANSVERSALE", "C01", "J01", "niveau", "T01", "3", Decimal(3), VALUE)
    with pytest.raises(LookupError):
        evidence.Gathered(table(MARKS, [mark]))
    with pytest.raises(ValueError, match="INCONNUE"):
        evidence.Gathered(table(MARKS, [mark._replace(kind="INCONNUE")]))
