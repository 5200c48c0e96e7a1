"""An explanation has the judgement's numbers, and its arithmetic adds up, on random worlds and on every worked case.

The steps are read as values: what stands in their tables is added up here again, and has to come to the figure
that the judgement states. That the check can fail is shown by breaking each kind of step.
"""

from __future__ import annotations

import contextlib
import json
import shlex
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from config.input.toml_source import TomlSource
from sla.contract.file import contract_from, read_contract
from sla.evidence.file import read_evidence
from sla.evidence.instants import parse_instant
from sla.evidence.lines import read_lines
from sla.evidence.refusals import EvidenceError
from sla.explain.explain import UnknownIdError, explained, known_ids
from sla.explain.model import Amount, Length
from sla.judge.judge import judge_analysis
from sla.judge.what_if import what_if
from sla.measure.analysis import Analysis
from sla.obligations.availability import AvailabilityItem
from sla.obligations.repair import RepairItem
from sla.reports.layout.forms import laid_out
from sla.reports.text.explain_text import document_of, to_json
from sla.reports.text.what_if_text import document_of as what_document
from sla.reports.text.what_if_text import to_json as what_json
from tests.support.reports.columns import column
from tests.support.worlds.worlds import random_world

CASES = sorted(path for path in (Path(__file__).parents[1] / "golden" / "cases").iterdir() if path.is_dir())


def of_case(case: Path):
    words = shlex.split((case / "args").read_text(encoding="utf-8"))
    options = dict(zip(words[::2], words[1::2], strict=True))
    evidence = read_evidence(case / "evidence.jsonl")
    as_of = parse_instant(options["--as-of"]) if "--as-of" in options else evidence.latest_at()
    analysis = Analysis(read_contract(case / "contract.toml"), evidence, as_of)
    return analysis, judge_analysis(analysis, options["--month"])


def evidence_of(world):
    """The world's evidence, and the instant that it is judged by."""
    evidence = read_lines(world.evidence_text.encode().splitlines(keepends=True), "world")
    return evidence, (evidence.latest_at() if world.as_of is None else parse_instant(world.as_of)) or 0


def worlds_of(seeds: range):
    """(seed, analysis, judgement) of the random worlds in which nothing contradicts, which are most of them."""
    found = []
    for seed in seeds:
        world = random_world(seed)
        contract = contract_from(TomlSource("world", world.contract_text), {}, [])
        with contextlib.suppress(EvidenceError):
            analysis = Analysis(contract, *evidence_of(world))
            found.append((seed, analysis, judge_analysis(analysis, world.month)))
    assert len(found) > len(seeds) // 2
    return found


def steps_of(explanation):
    return [step for section in explanation.sections for step in section.steps]


def cells(step, heading: str, kind: type) -> list:
    return [each[0] for each in column(step.rows, heading) if isinstance(each, kind)]


def broken(explanation) -> list[str]:
    """Every step whose arithmetic does not add up, by its rule."""
    return [step.rule for step in steps_of(explanation) if not adds_up(step)]


def adds_up(step) -> bool:
    values = {name: value[0] for name, value in step.statement.values.items()}
    law = LAWS.get(step.rule)
    return law is None or not law[0] <= values.keys() or law[1](step, values)


def days_add_up(step, values) -> bool:
    if step.rows.left_out:
        return True
    inside, excused, counted = (cells(step, each, Length) for each in ("In the calendar", "Excused", "Counted"))
    heading = "Out of term or service"
    outside = cells(step, heading, Length) if heading in step.rows.columns else [0] * len(inside)
    each = all(a == sum(parts) for a, *parts in zip(inside, excused, outside, counted, strict=True))
    return each and sum(counted) == values["total"]


def share_follows(_step, values) -> bool:
    return values["value"] == (Fraction(values["up"]) / values["known"] if values["known"] else None)


def times_add_up(_step, values) -> bool:
    return sum(values[name] for name in "UDCK") == values["S"]


def units_add_up(step, values) -> bool:
    listed = len(step.rows.rows) + step.rows.left_out
    return values["count"] * values["amount"] == values["total"] and values["count"] == listed


def cap_holds(_step, values) -> bool:
    capped = min(values["sum"], values.get("cap", values["sum"]))
    return abs(capped - values["deduction"]) <= Decimal("0.005")


def month_cap_holds(step, values) -> bool:
    capped = min(values["sum"], values["most"])
    return sum(cells(step, "Deduction", Amount)) == values["sum"] and capped == values["deductions"]


def score_follows(_step, values) -> bool:
    exact = 100 * Fraction(values["total"] - values["lost"]) / Fraction(values["total"])
    return abs(Fraction(values["score"]) - exact) <= Fraction(5, 1000)


def charges_add_up(step, values) -> bool:
    sums = [each for each in ("Together", "Amount", "Deduction") if step.rows and each in step.rows.columns][:1]
    return (not step.rows or sum(cells(step, *sums, Amount)) == values["sum"]) and cap_holds(step, values)


def range_holds(_step, values) -> bool:
    return values["least"] <= values["most"]


LAWS = {
    "§4 §5": ({"total"}, days_add_up),
    "§6 value": ({"value", "up", "known"}, share_follows),
    "§6": ({"U", "D", "C", "K", "S"}, times_add_up),
    "§7 per_started": ({"count", "amount", "total"}, units_add_up),
    "§6 cap": ({"sum", "deduction"}, cap_holds),
    "§6 deduct": ({"sum", "deduction"}, cap_holds),
    "§7 cap": ({"sum", "deduction"}, cap_holds),
    "§8 deduct": ({"sum", "deduction"}, cap_holds),
    **{f"obligations §{n} deduct": ({"sum", "deduction"}, charges_add_up) for n in range(1, 7)},
    "§9 deduction_cap": ({"sum", "most", "deductions"}, month_cap_holds),
    "§9 score": ({"total", "lost", "score"}, score_follows),
    "§9 range": ({"least", "most"}, range_holds),
}
"""Rule of a step → the figures that it must have for its law to be asked, and the law."""


def differing(explanation, judgement) -> list[str]:
    """The figures that are not the judgement's own."""
    subject = explanation.subject
    if explanation.kind == "payment":
        wanted = {name: getattr(judgement.payment, name) for name in explanation.figures}
    elif explanation.kind == "incident":
        return []
    else:
        wanted = {name: getattr(subject, name) for name in explanation.figures if name != "verdict"}
    return [name for name, value in wanted.items() if explanation.figures[name][0] != value]


def disagreeing(explanation, judgement) -> list[str]:
    """The steps of items whose figures are not the item's."""
    found = differing(explanation, judgement)
    if explanation.kind != "item":
        return found
    item, said = explanation.subject, {step.rule: step.statement.values for step in steps_of(explanation)}
    if isinstance(item, RepairItem):
        elapsed = said["§7 verdict"]["elapsed"]
        totals = [
            step.statement.values["total"]
            for step in steps_of(explanation)
            if "total" in step.statement.values and step.rule == "§4 §5"
        ]
        found += ["elapsed"] if elapsed != Length(item.elapsed) or any(total != elapsed for total in totals) else []
    if isinstance(item, AvailabilityItem) and "§6 value" in said:
        wanted = {"U": item.up, "D": item.down, "C": item.changing, "K": item.unknown}
        found += [name for name, ms in wanted.items() if said["§6"][name] != Length(ms)]
    return found


def wrong(analysis, judgement) -> dict[str, list[str]]:
    """Id → what is wrong with its explanation, for every id of the month."""
    found = {}
    for name in known_ids(analysis, judgement):
        explanation = explained(analysis, judgement, name)
        mistakes = broken(explanation) + disagreeing(explanation, judgement)
        if mistakes:
            found[name] = mistakes
    return found


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_explanation_of_a_worked_case_has_the_numbers_of_the_judgement(case):
    assert wrong(*of_case(case)) == {}


@pytest.mark.parametrize("first", range(0, 120, 40))
def test_every_explanation_of_a_random_world_has_the_numbers_of_the_judgement(first):
    worlds = worlds_of(range(first, first + 40))
    assert {seed: found for seed, *world in worlds if (found := wrong(*world))} == {}


@pytest.mark.parametrize("case", CASES[::4], ids=lambda case: case.name)
def test_every_explanation_is_told_in_both_languages_and_as_json(case):
    analysis, judgement = of_case(case)
    for name in known_ids(analysis, judgement):
        explanation = explained(analysis, judgement, name)
        for language in ("zh", "en"):
            written = json.dumps(to_json(explanation, judgement, language))
            assert name.split("@")[0].split(":")[0] in laid_out("text", document_of(explanation, judgement, language))
            assert json.loads(written)["result"] is not None


def test_a_day_that_is_left_out_is_noticed():
    analysis, judgement = of_case(next(case for case in CASES if any(days_in(case))))
    step = next(days_in_judgement(analysis, judgement))
    assert adds_up(step)
    short = step.rows._replace(rows=step.rows.rows[1:], left_out=0)
    counted = column(step.rows, "Counted")[0][0]
    assert adds_up(type(step)(rule=step.rule, statement=step.statement, rows=short)) == (counted == 0)


def days_in(case):
    return days_in_judgement(*of_case(case))


def days_in_judgement(analysis, judgement):
    for name in known_ids(analysis, judgement):
        for step in steps_of(explained(analysis, judgement, name)):
            if step.rule == "§4 §5" and column(step.rows, "Counted")[0][0]:
                yield step


def test_nothing_is_called_that_and_the_nearest_ids_are_told():
    analysis, judgement = of_case(CASES[0])
    with pytest.raises(UnknownIdError) as caught:
        explained(analysis, judgement, judgement.obligations[0].obligation.id + ":deduktion")
    assert caught.value.nearest[0] == judgement.obligations[0].obligation.id + ":deduction"


@pytest.mark.parametrize("first", [0, 15])
def test_two_random_contracts_side_by_side_are_what_each_is_alone(first):
    for seed, _, judged in worlds_of(range(first, first + 15)):
        world, other = random_world(seed), random_world(seed + 1000)
        evidence, as_of = evidence_of(world)
        one, two = (contract_from(TomlSource("world", each.contract_text), {}, []) for each in (world, other))
        two = replace(two, term=one.term, timezone=one.timezone)  # what is signed before a month's end is refused
        found = what_if(one, two, evidence, world.month, as_of)
        assert found.before.payment.payable == judged.payment.payable, seed
        assert found.before.obligations == judged.obligations, seed
        assert {each.id for each in found.obligations} == {each.id for each in (*one.obligations, *two.obligations)}
        assert what_document(found, "zh").blocks
        assert json.dumps(what_json(found))
