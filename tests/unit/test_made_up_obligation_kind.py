"""A kind of obligation that nobody ships, added by its rows alone, from the contract file to every report and back.

`outage`: no asset may be down for longer than `limit` at one stretch. What stands above the first test is all
that a new kind has to bring: one part for each stage, and one row in each stage's table.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import ClassVar, NamedTuple

import pytest

from config.input.mistakes import ConfigError
from config.input.models import Duration, Money, StrictModel
from config.text.figures import duration
from sla.contract.clause import Clause
from sla.contract.clause_table import ClauseTable, values_of
from sla.contract.file import read_contract
from sla.contract.scope_tables import ScopeTable
from sla.contract.tables.registry import CLAUSES, ClauseKind
from sla.evidence.intervals import difference, intersection
from sla.explain.clause_steps import deduction_step, judged_item_sections, titled, whole_step, without_loss
from sla.explain.explain import explained, known_ids
from sla.explain.kind import KindExplanation
from sla.explain.model import Amount, Length, Name, rows_of, say, step
from sla.explain.registry import EXPLANATIONS
from sla.judge.judge import judge_analysis
from sla.judge.period import judge_period, parse_period
from sla.judge.what_if import what_if
from sla.lint.kind import LintKind
from sla.lint.registry import LINTS
from sla.measure.analysis import Analysis
from sla.measure.charges import charge, summed
from sla.measure.ratios import worst
from sla.obligations.kind import Down, ObligationKind
from sla.obligations.pooled import pooled_rate
from sla.obligations.registry import OBLIGATIONS
from sla.obligations.result import ObligationResult, stake_of
from sla.reports.json.kind import KindJson
from sla.reports.json.numbers import seconds
from sla.reports.json.registry import WRITERS
from sla.reports.monthly.evidence import KindEvidence
from sla.reports.monthly.item_table import ItemTable, item_table_blocks
from sla.reports.monthly.registry import EVIDENCE
from sla.reports.standard.parts import Parts, amounts, capped, consequence
from sla.reports.standard.registry import INDICATORS
from sla.reports.text.promises.losses import amounts as amounts_in_words
from sla.reports.text.promises.promise import KindPromise
from sla.reports.text.promises.registry import PROMISES
from tests.support.reports.texts import texts_in
from tests.support.sla_check import sla_check
from tests.support.timelines import HOUR, MINUTE, at, evidence, json_lines, records

# ---- the contract: clause, and its table ----


@dataclass(frozen=True, slots=True, kw_only=True)
class OutageLoss:
    per_breach: Decimal
    cap: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OutageClause(Clause):
    kind: ClassVar[str] = "outage"

    limit: int
    calendar: str = "always"
    deduct: OutageLoss | None = None
    lose: OutageLoss | None = None


class OutageLossTable(StrictModel):
    per_breach: Money
    cap: Money | None = None

    def made(self) -> OutageLoss:
        return OutageLoss(**values_of(self))


class OutageTable(ClauseTable):
    scope: ScopeTable = ScopeTable()
    limit: Duration
    calendar: str = "always"
    deduct: OutageLossTable | None = None
    lose: OutageLossTable | None = None


# ---- the obligation: item, judge, a quarter's formula, what it adds to the repeat offenders ----


class OutageItem(NamedTuple):
    asset: str
    verdict: str
    longest: int

    value, certain = None, True
    name = property(lambda self: self.asset)
    summary = property(lambda self: f"{self.verdict} longest {self.longest}")


def judge(clause, analysis, month):
    assets = analysis.assets_in(clause.scope, analysis.term_in(month, clause))
    items = tuple(_item(clause, asset, when, analysis, month) for asset, when in assets)
    tested = Counter(item.verdict for item in items)
    judged = tested["met"] + tested["breached"]

    def charges(rule):
        return tuple(charge(item.asset, 1, rule.per_breach) for item in items if rule and item.verdict == "breached")

    stake = stake_of(clause, summed(charges(clause.deduct)), summed(charges(clause.lose)))
    return ObligationResult(
        obligation=clause,
        verdict=worst(items).verdict,
        certain=True if judged else None,
        value=Fraction(tested["met"], judged) if judged else None,
        deduction=stake.deduction,
        lost=stake.lost,
        least=stake,
        most=stake,
        items=items,
        charges=charges(clause.deduct),
    )


def _item(clause, asset, when, analysis, month):
    service = difference(intersection(analysis.service_time(month, clause), when), analysis.excuses.of(asset))
    down = intersection(analysis.states(asset).down, service)
    longest = max((end - begin for begin, end in down), default=0)
    verdict = "not_applicable" if not service else "breached" if longest > clause.limit else "met"
    return OutageItem(asset=asset, verdict=verdict, longest=longest)


def pool(_clause, items, _contract):
    tested = Counter(item.verdict for item in items)
    return pooled_rate(tested["met"], tested["met"] + tested["breached"], Fraction(1))


def down(_clause, items):
    return (Down(item.asset, item.longest) for item in items)


def lint_limit(subject, clause):
    if clause.limit == 0:
        yield subject.finding(
            "never_met", clause, ("limit",), say("No outage at all is allowed."), say("Allow some.")
        )


def sections(result, analysis, month):
    clause = result.obligation
    rows = [(Name(item.asset), Length(item.longest), Name(item.verdict)) for item in result.items]
    columns = (say("Asset"), say("Longest outage"), say("Verdict"))
    steps = (
        step(
            "made up", say("At most {limit} at one stretch.", limit=Length(clause.limit)), rows_of(columns, rows, 200)
        ),
        whole_step("made up", result, lambda **v: say("assets met / tested = {value}: {verdict}.", **v)),
    )
    return (titled(result, steps, deduction_steps(result, analysis, month)),)


def deduction_steps(result, _analysis, _month):
    rows = [(Name(each.what), Amount(each.amount)) for each in result.charges]
    columns = (say("Asset"), say("Amount"))
    yield without_loss("made up", result) or deduction_step("made up", result, rows, columns)


TABLE = ItemTable(
    "Longest outages",
    ("Asset", "Longest outage", "Verdict"),
    frozenset({1}),
    lambda item, pen: (item.asset, pen.span(item.longest), pen.verdict(item.verdict)),
)


def parts(clause, words):
    def loss(rule, unit):
        return [*amounts(words, unit, ("{amount} for each breach", rule.per_breach)), *capped(rule, words, unit)]

    texts = dict.fromkeys(("kind", "source", "period", "exclusions", "procedure"), "–")
    texts |= {"subject": words.scope(clause.scope), "consequence": consequence(clause, words, loss)}
    return Parts(formula="The longest stretch of being down.", limit=f"≤ {words.span(clause.limit)}", **texts)


EXPLANATION = KindExplanation(
    sections=sections,
    item_name=lambda item, _timezone: item.asset,
    item_sections=judged_item_sections,
    item_figures=lambda item: {"longest": Length(item.longest)},
    figure_names={"longest": say("Longest outage")},
    deduction_steps=deduction_steps,
)
PROMISE = KindPromise(
    promised=lambda clause, pen: f"≤ {duration(clause.limit, pen.language)}",
    reckoned=lambda _clause, pen: pen.say("longest outage of each asset"),
    loss=lambda rule, pen, unit: amounts_in_words(pen, unit, ("{amount} for each breach", rule.per_breach)),
)
EVIDENCE_SHOWN = KindEvidence(
    blocks=lambda result, story: item_table_blocks(result, story, TABLE),
    summary=lambda item, pen: f"{pen.verdict(item.verdict)} {pen.span(item.longest).text}",
)
WRITER = KindJson(
    item=lambda item: {"asset": item.asset, "verdict": item.verdict, "longest_s": seconds(item.longest)}
)
ROWS = (
    (CLAUSES, ClauseKind(OutageTable, OutageClause)),
    (OBLIGATIONS, ObligationKind(judge=judge, pool=pool, down=down)),
    (LINTS, LintKind(source="assets", clause=lint_limit)),
    (EXPLANATIONS, EXPLANATION),
    (PROMISES, PROMISE),
    (EVIDENCE, EVIDENCE_SHOWN),
    (INDICATORS, parts),
    (WRITERS, WRITER),
)

# ---- a contract with such a clause, and a month in which cam-1 was down for 3 h once, cam-2 for 30 min twice ----

CONTRACT = """\
contract = "M-1"
title = "Made up"
timezone = "Asia/Shanghai"
customer = { name = "甲" }
vendor = { name = "乙" }
term = { from = 2026-10-01, to = 2026-12-31 }
fee = { total = "30000.00" }
score = { bands = [{ from = 0, grade = "all", pay = "100%" }] }

[[obligations]]
id = "X1"
clause = "9.9"
kind = "outage"
title = "Longest outage of a camera"
scope = { kind = "camera" }
limit = "1h"
points = "100"
deduct = { per_breach = "70.00", cap = "100.00" }
lose = { per_breach = "40" }
"""
SEEN = """
asset cam-1 camera
asset cam-2 camera
check cam-1/rtsp 5m major reach
check cam-2/rtsp 5m major reach
cam-1/rtsp 10-01 00:00 ok 10-05 08:00 fail 10-05 11:05 ok 11-02 00:00
cam-2/rtsp 10-01 00:00 ok 10-05 08:00 fail 10-05 08:35 ok 10-06 08:00 fail 10-06 08:35 ok 11-02 00:00
"""
# from the first fail to the last: 08:00 to 11:00
LONGEST = {"cam-1": 3 * HOUR, "cam-2": 30 * MINUTE}


@pytest.fixture
def made_up(monkeypatch):
    for table, row in ROWS:
        assert "outage" not in table
        monkeypatch.setitem(table, "outage", row)


@pytest.fixture
def contract(made_up, tmp_path):
    path = tmp_path / "contract.toml"
    path.write_text(CONTRACT, encoding="utf-8")
    return path


@pytest.fixture
def asked(contract, tmp_path):
    """The options of `sla-check` that say what it rests on."""
    path = tmp_path / "evidence.jsonl"
    path.write_bytes(b"".join(json_lines(records(SEEN))))
    return ["--contract", str(contract), "--evidence", str(path)]


@pytest.fixture
def analysis(contract):
    known = evidence(SEEN)
    return Analysis(read_contract(contract), known, known.latest_at())


@pytest.fixture
def judgement(analysis):
    return judge_analysis(analysis, "2026-10")


def test_the_contract_file_is_read_into_its_clause(contract):
    (clause,) = read_contract(contract).obligations
    assert isinstance(clause, OutageClause)
    assert (clause.kind, clause.id, clause.limit, clause.line) == ("outage", "X1", HOUR, 10)
    assert clause.deduct == OutageLoss(per_breach=Decimal("70.00"), cap=Decimal("100.00"))


def test_without_its_row_the_kind_is_a_mistake_that_names_the_known_ones(tmp_path):
    path = tmp_path / "contract.toml"
    path.write_text(CONTRACT, encoding="utf-8")
    with pytest.raises(ConfigError, match="wanted one of availability, repair, .*manual"):
        read_contract(path)


def test_lint_finds_nothing_in_it_and_its_own_question_where_it_has_an_answer(contract, asked):
    assert sla_check(["--lint", str(contract), *asked[2:]]).code == 0
    contract.write_text(CONTRACT.replace('"1h"', '"0s"').replace('"camera"', '"drone"'), encoding="utf-8")
    found = sla_check(["--lint", str(contract), *asked[2:], "--format", "json"])
    codes = [(each["clause"], each["code"]) for each in json.loads(found.out)["findings"]]
    assert codes == [("X1", "no_source"), ("X1", "never_met")]


def test_it_is_judged_and_costs_money_and_points(judgement):
    (result,) = judgement.obligations
    assert {item.asset: item.longest for item in result.items} == LONGEST
    assert [item.verdict for item in result.items] == ["breached", "met"]
    assert (result.verdict, result.value) == ("breached", Fraction(1, 2))
    assert (result.deduction, result.lost) == (Decimal("70.00"), 40)
    # 30000 / 3 months = 10000; 100 points less 40 is band "all", which pays all
    assert (judgement.score.points, judgement.payment.payable) == (60, Decimal("9930.00"))


@pytest.mark.usefixtures("made_up")
def test_every_id_can_be_explained_and_ends_at_the_judged_figures(analysis, judgement):
    names = known_ids(analysis, judgement)
    assert {"X1", "X1:deduction", "X1:cam-1", "X1:cam-2"} <= set(names)
    found = {name: explained(analysis, judgement, name) for name in names}
    assert found["X1"].figures["deduction"] == Amount(Decimal("70.00"))
    assert found["X1:cam-1"].figures["longest"] == Length(3 * HOUR)
    assert found["X1"].sections[0].steps[0].rows.rows[1] == (Name("cam-2"), Length(30 * MINUTE), Name("met"))


@pytest.mark.parametrize("form", ["text", "html", "json"])
@pytest.mark.parametrize(("name", "shown"), [("X1", "70.00"), ("X1:deduction", "70.00"), ("X1:cam-1", "cam-1")])
def test_the_command_line_explains_it(asked, name, shown, form):
    found = sla_check(["--month", "2026-10", *asked, "--explain", name, "--format", form])
    assert (found.code, shown in found.out) == (0, True)


def test_every_form_of_the_month_shows_it(asked, tmp_path):
    assert sla_check(["--month", "2026-10", *asked, "--all", str(tmp_path / "out")]).code == 1
    for form, text in texts_in(tmp_path / "out", "2026-10").items():
        wanted = ("X1", "Longestoutageofacamera", "Longestoutages", "cam-1", "longestoutageofeachasset")
        assert [each for each in wanted if each not in text] == [], form


def test_the_month_comes_back_from_json_as_it_was_judged(asked, judgement):
    told = sla_check(["--month", "2026-10", *asked, "--format", "json"]).result
    (only,) = told["obligations"]
    assert (only["id"], only["kind"], only["verdict"]) == ("X1", "outage", "breached")
    back = tuple(OutageItem(each["asset"], each["verdict"], each["longest_s"] * 1000) for each in only["items"])
    assert (only["deduction"], back) == ("70.00", judgement.obligations[0].items)


def test_every_form_of_the_acceptance_standard_has_its_indicator(contract, tmp_path):
    assert sla_check(["--standard", "--contract", str(contract), "--all", str(tmp_path / "out")]).code == 0
    (name,) = {path.stem for path in (tmp_path / "out").iterdir()}
    for form, text in texts_in(tmp_path / "out", name).items():
        wanted = ("Longestoutageofacamera", "Thelongeststretchofbeingdown.", "70")
        assert [each for each in wanted if each not in text] == [], form


@pytest.mark.usefixtures("made_up")
def test_a_quarter_puts_its_months_together(analysis):
    found = judge_period(analysis, parse_period("2026-Q4"))
    (clause,) = found.clauses  # October: one of two; November, two days of which are known: both met
    assert (clause.pooled.value, clause.pooled.verdict) == (Fraction(3, 4), "breached")
    assert clause.deduction == Decimal("70.00")
    assert {each.id: each.down for each in found.assets} == LONGEST


@pytest.mark.parametrize(("option", "name"), [("--quarter", "2026-Q4"), ("--year", "2026")])
def test_every_form_of_a_quarter_and_of_a_year_shows_it(asked, tmp_path, option, name):
    assert sla_check([option, name, *asked, "--all", str(tmp_path / "out")]).code == 1
    for form, text in texts_in(tmp_path / "out", name).items():
        assert ("X1" in text, "Longestoutageofacamera" in text) == (True, True), form
    told = json.loads((tmp_path / "out" / f"{name}.json").read_text(encoding="utf-8"))
    assert [(each["id"], each["kind"]) for each in told["obligations"]] == [("X1", "outage")]


CLAIM = "claim c1 cam-1 10-05 08:00 10-05 12:00 power said 10-06 09:00 accepted 11-03 09:00\n"
SIGNED = "settled 2026-10 9930.00 0.00 11-02 09:00\n"


def test_a_signed_month_that_comes_to_something_else_names_the_item_that_changed(contract):
    known = evidence(SEEN + SIGNED + CLAIM)
    found = judge_analysis(Analysis(read_contract(contract), known, at("11-30 24:00")), "2026-11")
    (adjustment,) = found.adjustments
    assert (adjustment.settled, adjustment.payable) == (Decimal("9930.00"), Decimal("10000.00"))
    changed = {each.item: (each.before, each.after) for each in adjustment.items if each.obligation == "X1"}
    assert changed["cam-1"] == (f"breached longest {3 * HOUR}", "met longest 0")
    assert set(changed) == {"", "cam-1"}


def test_under_another_contract_it_is_set_beside_itself(contract, asked, tmp_path):
    other = tmp_path / "other.toml"
    other.write_text(CONTRACT.replace('"1h"', '"4h"'), encoding="utf-8")
    found = what_if(read_contract(contract), read_contract(other), evidence(SEEN), "2026-10", at("11-02 00:00"))
    (compared,) = found.obligations
    assert (compared.change, compared.before.verdict, compared.after.verdict) == ("changed", "breached", "met")
    assert "4" in sla_check(["--month", "2026-10", *asked, "--what-if", str(other)]).out
