import re
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from config.text.figures import plain
from sla.contract.file import read_contract
from sla.obligations.registry import OBLIGATIONS
from sla.reports.layout.forms import laid_out
from sla.reports.standard.document import standard_document, standard_json
from sla.reports.standard.model import PARTS, standard_of
from sla.reports.standard.registry import INDICATORS
from sla.reports.text.phrases import Phrases, chinese_number
from tests.support.timelines import availability, calendar, contract, inspection, repair

LOSS = {"per_started": "1h", "amount": "100", "cap_each": "2000", "cap": "10000"}
OFFICE = {"office": calendar("08:00-12:00 14:00-18:00", days="workdays", holidays="CN")}


def only(*clauses, language="en", **keys):
    """The one indicator of a contract with one clause."""
    (found,) = standard_of(contract(*clauses, **keys), language).indicators
    return found


def test_every_indicator_says_all_that_a_tender_asks_for():
    clauses = (availability(id="A1"), repair(id="R1"), inspection(id="I1"))
    for language in ("zh", "en"):
        for each in standard_of(contract(*clauses), language).indicators:
            assert all(getattr(each, part).strip() for part in PARTS)


def test_every_kind_of_obligation_has_words_of_its_own():
    assert set(OBLIGATIONS) == set(INDICATORS)


def test_a_target_is_written_with_all_its_digits():
    assert only(availability("99.995%")).limit == "≥ 99.995%"
    assert only(repair("1.5s")).limit.startswith(
        "restored to service within 1 s 500 ms from the first failed reading"
    )


def test_money_and_points_are_told_apart_and_caps_are_named():
    found = only(repair(deduct=LOSS, lose={"per_breach": "2"}, points="20")).consequence
    assert found == (
        "Deduction: 100 CNY for each started 1 h of overtime, at most 2,000 CNY an incident, at most 10,000 CNY a month."
        " It carries 20 points of the score. Points lost: 2 points for each incident that is late."
    )


def test_a_clause_without_consequence_says_so():
    assert only(availability()).consequence == "None is agreed."


def test_each_asset_and_the_fleet_have_their_own_formula():
    each = only(availability(measure="each", deduct={"amount_each": "50"}))
    assert "of each asset on its own" in each.formula
    assert each.consequence == "Deduction: 50 CNY for each asset below the limit."
    fleet = only(availability(deduct={"per": "0.1%", "amount": "200"}))
    assert "added up first" in fleet.formula
    assert fleet.consequence == "Deduction: 200 CNY for each started 0.1% below the limit."


def test_the_clock_of_a_repair_clause_is_named():
    assert "from the alert's delivery" in only(repair(clock="notified")).limit
    assert "the clock does not run against the vendor" in only(repair(clock="notified")).procedure
    late = only(repair(clock="notified", notify_within="15m"))
    assert "to the vendor, and at the latest from 15 min after the first failed reading" in late.limit
    assert "the clock does not run against the vendor" not in late.procedure
    assert "from the first failed reading" in only(repair()).limit
    for stage, word in (("respond", "answered"), ("arrive", "attended"), ("restore", "restored")):
        assert word in only(repair(stage=stage)).limit


def test_what_severity_an_incident_has_is_said_where_a_clause_asks_for_one():
    said = "The severity of an incident is the highest of its check and of those"
    assert said in only(repair(scope={"severity": "critical"})).procedure
    assert said not in only(repair()).procedure


def test_an_inspection_clause_says_what_is_late_missed_and_contradicted():
    kept = only(
        inspection(grace="12h", contradicted="flag", deduct={"per_missed": "200", "per_asset": "5", "cap": "900"})
    )
    assert "up to 12 h after its period is late" in kept.procedure
    assert "is marked, and counts" in kept.procedure
    assert kept.consequence == (
        "Deduction: 200 CNY for each missed round, 5 CNY for each asset that a missed round left out, at most 900 CNY a month."
    )
    strict = only(inspection())
    assert "by the end of its period is missed" in strict.procedure
    assert "does not cover that asset" in strict.procedure


def test_calendars_are_written_with_days_hours_and_agreed_days():
    rules = OFFICE | {
        "night": calendar(
            "22:00-24:00",
            days=("sat", "sun"),
            extra_holidays=(date(2026, 3, 9),),
            extra_workdays=(date(2026, 3, 14),),
        ),
        "plain": calendar("09:00-17:00", days="workdays"),
    }
    found = dict(standard_of(contract(availability(calendar="office"), calendars=rules), "en").calendars)
    assert found["always"] == "at all times (24 hours, every day)"
    assert found["office"].endswith("plus make-up working days), 08:00–12:00, 14:00–18:00.")
    assert found["night"] == "Sat, Sun, 22:00–24:00. Agreed days off: 2026-03-09. Agreed working days: 2026-03-14."
    assert found["plain"] == "Monday to Friday, 09:00–17:00."


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"doubt": "customer"}, "to the benefit of the customer"),
        ({"unknown": "down"}, "Unknown time counts as down."),
        ({"unknown": "up"}, "Unknown time counts as up."),
        ({"min_coverage": "90%"}, "less than 90% of the service time was observed"),
        ({}, "not assessable, unless the bounds of its value decide it."),
        ({"settle": "5m", "max_gap": 4}, "for 5 min after, and for 4 intervals on the side of a failed reading"),
        (
            {"min_countable": "5m"},
            "An outage shorter than 5 min, both ends of it seen, counts as up; outages less than 10 min apart",
        ),
        ({"ignore_shorter": "30s"}, "An incident shorter than 30 s is listed"),
        ({}, "counts when it was recorded, not when it is said to have happened."),
        ({"backdate": "2h"}, "counts when it was recorded, if that is more than 2 h after it happened."),
    ],
)
def test_every_switch_of_the_measurement_is_in_the_standard(keys, said):
    assert any(said in each for each in standard_of(contract(availability(), **keys), "en").measurement)


def test_short_outages_are_named_where_they_do_not_count():
    assert "shorter than 5 min count as up" in only(availability(), min_countable="5m").exclusions


def test_maintenance_says_notice_and_allowance_or_that_there_is_none():
    free = standard_of(contract(availability()), "en").exclusions[0]
    assert free == "Maintenance that the customer approved, announced at any time, without a limit."
    bound = standard_of(contract(availability(), notice="24h", allowance="8h"), "en").exclusions[0]
    assert "announced at least 1 d before it begins, at most 8 h of it" in bound
    none = standard_of(contract(availability(), allowance="0s"), "en").exclusions[0]
    assert "at most 0 s of it" in none
    kept = standard_of(contract(availability(), excused="up"), "en").exclusions
    assert "Excused time stays in the service time and counts as up." in kept


@pytest.mark.parametrize(
    ("valid", "held"),
    [
        ("2026-10-01 -", " It holds from 2026-10-01 to 2026-12-31, both days included."),
        ("2025-01-01 2026-06-30", " It holds from 2026-01-01 to 2026-06-30, both days included."),
    ],
)
def test_a_clause_says_in_which_days_of_the_term_it_holds(valid, held):
    assert only(availability(valid=valid)).period == only(availability()).period + held


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"fee": "1000.00"}, ["The fee of 1,000.00 CNY is divided evenly"]),
        ({"monthly": "500.00"}, ["The fee of each calendar month that the term touches is 500.00 CNY."]),
        (
            {"fee": "1000.00", "changes": {"2026-10": "90.00"}},
            [
                "The fee of 1,000.00 CNY is divided evenly",
                "From 2026-10 on the fee of a month is 90.00 CNY.",
                "These changes leave the fee of the months before them as it was.",
            ],
        ),
    ],
)
def test_what_a_month_costs_and_from_when_on_something_else_is_said(keys, said):
    found = standard_of(contract(availability(), **keys), "en").payment
    assert len(said) == next(n for n, text in enumerate(found) if text.startswith("Payable"))
    assert all(text.startswith(begin) for text, begin in zip(found, said, strict=False))


def test_the_fee_at_a_glance_is_of_the_term_or_of_a_month():
    assert "Fee of a month" not in laid_out("text", standard_document(contract(availability()), "en"))
    text = laid_out("text", standard_document(contract(availability(), monthly="500.00"), "en"))
    assert "Fee of a month" in text


def test_what_is_not_assessable_keeps_its_points_only_where_that_is_agreed():
    kept = "A clause that is not assessable keeps its points in the score and loses none."
    clause = availability(points="5")
    assert kept not in standard_of(contract(clause), "en").payment
    assert kept in standard_of(contract(clause, unassessable="met"), "en").payment


def test_score_bands_and_cap_are_there_only_where_they_are_agreed():
    bare = laid_out("text", standard_document(contract(availability()), "en"))
    assert "Score of a month" not in bare
    assert "at most 20%" not in bare
    agreed = contract(availability(points="5"), bands=(("0", "差", "60%"), ("90", "优", "100%")), deduction_cap="20%")
    full = laid_out("text", standard_document(agreed, "en"))
    assert "Score of a month" in full
    assert "at most 20% of its fee" in full
    assert full.index("≥ 90") < full.index("≥ 0")


def test_a_scope_is_written_whole_and_names_are_made_harmless():
    words = Phrases(contract(), "en")
    clause = availability(scope={"kind": ["camera", "pole\x1b"], "tags": "north", "ids": "c1"})
    assert words.scope(clause.scope) == "kind: camera, pole\\x1b; tag: north; assets: c1"
    assert words.scope(repair(scope={"severity": "critical"}).scope) == "severity: critical"
    assert words.scope(availability().scope) == "all assets of the contract"


def test_the_chinese_paper_has_no_english_left():
    clauses = (
        availability(id="A1", calendar="office", points="5", lose={"per": "0.1%", "amount": "1"}),
        repair(id="R1", clock="notified", deduct=LOSS, scope={"severity": ["critical", "minor"]}),
        repair(id="R2", clock="notified", notify_within="15m", valid="2026-10-01 -"),
        inspection(id="I1", every="week", deduct={"per_missed": "2", "per_late": "1"}),
    )
    whole = contract(
        *clauses, calendars=OFFICE, bands=(("0", "差", "60%"),), notice="24h", unknown="up", min_countable="5m",
        changes={"2026-10": "9000.00"}, backdate="1h", unassessable="met",
    )  # fmt: skip
    text = laid_out("text", standard_document(whole, "zh"))
    assert set(re.findall(r"[A-Za-z]{3,}", text)) <= {"always", "office", "Asia", "Shanghai"}


def test_json_holds_the_same_texts():
    whole = contract(availability(), bands=(("90", "优", "100%"),))
    found = standard_json(whole, "zh")
    assert found["indicators"][0]["limit"] == "≥ 98%"
    assert found["bands"] == [{"from": "90", "grade": "优", "pay": 1.0}]
    assert set(found["indicators"][0]) == {"id", "clause", "title", "kind", *PARTS}


def test_numbers_of_headings():
    assert [chinese_number(n) for n in (1, 10, 11, 20, 23, 99)] == ["一", "十", "十一", "二十", "二十三", "九十九"]
    assert Phrases(contract(), "zh").number(2, 2) == "（二）"
    assert Phrases(contract(), "en").number(2, 2) == "2) "


def test_numbers_without_needless_zeros():
    assert [
        plain(each) for each in (Decimal("90.00"), Decimal("0.5"), Fraction(49, 2), Fraction(1, 3), Decimal(100))
    ] == [
        "90",
        "0.5",
        "24.5",
        "0.333333",
        "100",
    ]


FURTHER = """
contract = "T-1"
title = "测试合同"
timezone = "Asia/Shanghai"
customer = { name = "甲" }
vendor = { name = "乙" }
term = { from = 2026-01-01, to = 2026-12-31 }
fee = { total = "120000.00" }

[[obligations]]
id = "X1"
clause = "1"
title = "某项"
"""


def further(tmp_path, text):
    path = tmp_path / "c.toml"
    path.write_text(FURTHER + text, encoding="utf-8")
    (found,) = standard_of(read_contract(path), "en").indicators
    return found


def test_a_quality_clause_names_metric_side_and_percentile(tmp_path):
    found = further(
        tmp_path,
        'kind = "quality"\nmetric = "offset_ms"\nat_most = 10.5\nabsolute = true\npercentile = 95\nmeasure = "each"\nchecks = "ntp"\ndeduct = { amount_each = "5" }',
    )
    assert found.limit == "95th percentile: |offset_ms| ≤ 10.5"
    assert "of each asset on its own" in found.formula
    assert found.source.endswith("in the readings of: ntp.")
    assert found.consequence == "Deduction: 5 CNY for each asset below the limit."


def test_a_quality_clause_may_cost_by_the_metrics_own_unit(tmp_path):
    found = further(
        tmp_path,
        'kind = "quality"\nmetric = "margin_db"\nat_least = 3\npercentile = 99\ndeduct = { per_unit = "0.5", amount = "5" }',
    )
    assert "margin_db ≥ 3" in found.limit
    assert found.consequence == "Deduction: 5 CNY for each started 0.5 (in the metric's unit) beyond the limit."


def test_a_roll_call_says_its_times_and_its_days(tmp_path):
    bare = further(tmp_path, 'kind = "online"\nat = ["08:00"]\ntarget = "98%"')
    assert bare.limit == "mean of the month ≥ 98%"
    both = further(
        tmp_path,
        'kind = "online"\nat = ["08:00", "20:00"]\ntarget = "98%"\nworst_day = "90%"\ndeduct = { per_day = "200", cap = "900" }',
    )
    assert both.limit == "mean of the month ≥ 98%, each day ≥ 90%"
    assert both.source.endswith("08:00, 20:00.")
    assert both.consequence == "Deduction: 200 CNY for each day below its limit, at most 900 CNY a month."


def test_documents_are_late_or_missed(tmp_path):
    strict = further(tmp_path, 'kind = "report"\ndue = 5\ndue_in = "same"\ndeduct = { per_missed = "10" }')
    assert strict.limit == "handed in by the end of day 5 of the period's last month"
    assert "Not handed in by its day, it is missed." in strict.procedure
    mild = further(tmp_path, 'kind = "report"\ndue = 5\ngrace = "3d"\nevery = "quarter"')
    assert "Up to 3 d after its day it is late" in mild.procedure
    assert mild.period.startswith("Each quarter; ")


def test_a_spare_and_a_new_one_are_told_apart(tmp_path):
    assert further(tmp_path, 'kind = "replace"\nstage = "substitute"\nlimit = "24h"').limit.startswith(
        "a spare lent within 1 d"
    )
    new = further(
        tmp_path, 'kind = "replace"\nlimit = "15d"\ndeduct = { per_started = "1d", amount = "50", cap_each = "500" }'
    )
    assert new.limit.startswith("replaced by a new one within 15 d")
    assert new.consequence.endswith("50 CNY for each started 1 d of overtime, at most 500 CNY a device.")


def test_a_persons_score_says_when_it_is_given(tmp_path):
    soon = further(tmp_path, 'kind = "manual"\ntarget = "90%"\ndeduct = { amount_each = "7" }')
    assert "by the period's end" in soon.procedure
    assert soon.consequence == "Deduction: 7 CNY if it is below the limit."
    later = further(
        tmp_path,
        'kind = "manual"\ntarget = "90%"\ngrace = "15d"\npoints = "5"\nlose = { per = "1%", amount = "0.5" }',
    )
    assert "within 15 d of the period's end" in later.procedure


def test_repeats_are_counted_in_a_window(tmp_path):
    found = further(
        tmp_path, 'kind = "repeat"\nwithin = "30d"\nrepeats = 2\ndeduct = { per_breach = "200", cap_each = "600" }'
    )
    assert found.limit == "at most 2 repeats in 30 d"
    assert found.consequence.startswith("Deduction: 200 CNY for each fault too many, at most 600 CNY for one check")
