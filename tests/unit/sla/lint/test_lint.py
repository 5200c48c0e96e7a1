"""Which clauses cannot be tested: each reason once with a contract that has it, once mended."""

from __future__ import annotations

import pytest

from tests.support.lint_contracts import A1, HEAD, I1, NOTICE, QUALITY, R1, REPEAT, SCORED, SEEN, line_of, told


def test_a_contract_whose_every_clause_can_be_tested_has_no_finding(lint):
    assert lint(HEAD + A1 + R1 + I1, SEEN) == ()


SURROUNDED = [
    (A1.replace('"camera"', '"drone"'), "A1", "no_source"),  # no such asset
    (A1.replace('kind = "camera"', 'kind = ["camera", "server"]'), "A1", "no_source"),  # srv has no check
    (A1.replace('kind = "camera"', 'ids = ["cam", "cam1"]'), "A1", "no_source"),  # cam1: did you mean cam
    (R1.replace('"critical"', '"major"'), "R1", "no_source"),  # no check of that severity
    (R1.replace('limit = "4h"', 'limit = "30s"'), "R1", "too_slow"),  # checks every 60 s
    (A1.replace("98%", "99.995%"), "A1", "too_slow"),  # 0.005 % of 28 d is 121 s < 300 s of cam/rtsp
]


@pytest.mark.parametrize(("clause", "name", "code"), SURROUNDED)
def test_what_is_not_looked_at_or_too_seldom_is_told(lint, clause, name, code):
    assert told(lint(HEAD + clause, SEEN)) == [(name, code)]


@pytest.mark.parametrize(
    ("limit", "words"),
    [("59s", "cannot be decided"), ("60s", "a single one decides"), ("119s", "a single one decides"), ("3m", None)],
)
def test_a_limit_has_room_for_two_looks_of_sixty_seconds(lint, limit, words):
    found = lint(HEAD + R1.replace('"4h"', f'"{limit}"'), SEEN)
    assert told(found) == ([("R1", "too_slow")] if words else [])
    assert all(words in each.statement.template for each in found)


@pytest.mark.parametrize(
    ("limit", "max_gap", "found"),
    [
        ("2m", 3, [("R1", "too_slow")]),  # G = 3 × 60 s: the limit passes, and nobody knows that nobody looks
        ("179s", 3, [("R1", "too_slow")]),
        ("3m", 3, []),
        ("3m", 4, [("R1", "too_slow")]),
        ("2m", 2, []),
    ],
)
def test_a_limit_is_no_shorter_than_a_reading_speaks_for(lint, limit, max_gap, found):
    rules = f"[measurement]\nmax_gap = {max_gap}\n"
    findings = lint(HEAD + rules + R1.replace('"4h"', f'"{limit}"'), SEEN)
    assert told(findings) == found
    assert all("nobody looks" in each.statement.template for each in findings)


def test_answering_is_not_read_and_so_never_too_slow(lint):
    assert lint(HEAD + R1.replace('"restore"', '"respond"').replace('"4h"', '"30s"'), SEEN) == ()


def test_a_near_name_is_offered(lint):
    (found,) = lint(HEAD + A1.replace('kind = "camera"', 'ids = ["cam", "cam1"]'), SEEN)
    assert found.mend.values["near"].text == "cam"


NO_HOURS = ('days = "workdays"', 'days = ["sun"]', "2026-01-05, to = 2026-01-09")
NO_QUARTER = ('every = "day"', 'every = "quarter"', "2026-01-05, to = 2026-03-09")


@pytest.mark.parametrize("rule", [NO_HOURS, NO_QUARTER], ids=["hours", "quarter"])
def test_a_period_that_never_comes_is_told(lint, rule):
    old, new, term = rule
    text = (HEAD + I1).replace(old, new).replace("2026-01-01, to = 2026-12-31", term)
    assert told(lint(text, SEEN)) == [("I1", "no_period")]


def test_what_is_met_whatever_happens_is_told(lint):
    assert told(lint(HEAD + A1.replace("98%", "0%"))) == [("A1", "always_met")]
    assert told(lint(HEAD + R1.replace("4h", "9999d"))) == [("R1", "always_met")]


def test_a_cap_below_one_unit_is_told(lint):
    assert told(lint(HEAD + A1.replace('"100"', '"100", cap = "99"'))) == [("A1", "cap_too_small")]
    assert lint(HEAD + A1.replace('"100"', '"100", cap = "100"')) == ()


def test_a_month_s_cap_below_one_unit_is_told_of_the_contract(lint):
    # 120000 / 12 × 20 % = 2000
    (found,) = lint(HEAD + A1.replace('"100"', '"2000.01"'))
    assert (found.clause, found.code, found.line) == ("", "cap_too_small", 7)
    assert lint(HEAD + A1.replace('"100"', '"2000"')) == ()


CONFLICTS = [
    (A1, A1.replace('"A1"', '"A2"').replace("98%", "99%"), "A2"),
    (R1, R1.replace('"R1"', '"R2"').replace("4h", "8h"), "R2"),
    (R1, R1.replace('"R1"', '"R2"').replace("restore", "respond").replace("4h", "8h"), "R2"),
    (R1.replace("4h", "8h"), R1.replace('"R1"', '"R2"').replace("critical", "minor"), "R1"),
]
PEACES = [
    (A1, A1.replace('"A1"', '"A2"').replace("camera", "server").replace("98%", "99%")),
    (R1, R1.replace('"R1"', '"R2"').replace("restore", "respond").replace("4h", "15m")),
    (R1, R1.replace('"R1"', '"R2"').replace("critical", "minor").replace("4h", "8h")),
]


@pytest.mark.parametrize(("one", "other", "name"), CONFLICTS)
def test_limits_in_conflict_are_told(lint, one, other, name):
    assert told(lint(HEAD + one + other)) == [(name, "conflict")]


@pytest.mark.parametrize(("one", "other"), PEACES)
def test_limits_that_go_together_are_not(lint, one, other):
    assert lint(HEAD + one + other) == ()


def test_an_amendment_is_no_conflict_with_what_it_ended(lint):
    old = A1 + "valid = { to = 2026-06-30 }\n"
    new = A1.replace('"A1"', '"A2"').replace("98%", "99%")
    assert lint(HEAD + old + new + "valid = { from = 2026-07-01 }\n") == ()
    assert told(lint(HEAD + old + new + "valid = { from = 2026-06-30 }\n")) == [("A2", "conflict")]


def test_a_clause_is_asked_of_its_own_days(lint):
    # no whole quarter lies in February and March, and their calendar needs nothing of 2027
    quarter = I1.replace('"day"', '"quarter"') + "valid = { from = 2026-02-01, to = 2026-03-31 }\n"
    assert told(lint(HEAD + quarter)) == [("I1", "no_period")]
    head = HEAD.replace("2026-12-31", "2027-12-31")
    assert lint(head + I1 + "valid = { to = 2026-12-31 }\n") == ()
    assert told(lint(head + I1 + "valid = { to = 2027-01-01 }\n")) == [("", "not_official")]
    short = R1.replace("4h", "23h") + "valid = { from = 2026-02-01, to = 2026-02-01 }\n"
    assert lint(HEAD + short) == ()
    assert told(lint(HEAD + short.replace("23h", "25h"))) == [("R1", "always_met")]


BANDS = '[score]\nunassessable = "met"\n[[score.bands]]\nfrom = {low}\ngrade = "差"\npay = "60%"\n[[score.bands]]\nfrom = 90\ngrade = "优"\npay = "{pay}"\n'


@pytest.mark.parametrize(("low", "pay", "codes"), [(0, "100%", []), (60, "100%", ["bands"]), (0, "50%", ["bands"])])
def test_bands_begin_at_nothing_and_pay_more_for_more(lint, low, pay, codes):
    assert [each.code for each in lint(HEAD + SCORED + BANDS.format(low=low, pay=pay))] == codes


def test_points_add_up_to_a_hundred(lint):
    ninety = SCORED.replace('"100"\nlose', '"90"\nlose')
    assert told(lint(HEAD + ninety + BANDS.format(low=0, pay="100%"))) == [("", "points")]


def test_points_without_bands_and_bands_without_points(lint):
    assert [each.code for each in lint(HEAD + SCORED)] == ["bands"]
    assert [each.code for each in lint(HEAD + A1 + BANDS.format(low=0, pay="100%"))] == ["bands"]


def test_points_that_nothing_takes_from_and_a_loss_above_the_points(lint):
    bands = BANDS.format(low=0, pay="100%")
    assert told(lint(HEAD + A1 + 'points = "100"\n' + bands)) == [("A1", "no_consequence")]
    two = (
        A1.replace('"A1"', '"A2"').replace("camera", "server") + 'points = "1"\nlose = { per = "1%", amount = "2" }\n'
    )
    assert told(lint(HEAD + SCORED.replace('"100"\nlose', '"99"\nlose') + two + bands)) == [("A2", "points")]


def test_a_year_without_official_days_is_told_where_a_clause_leans_on_it(lint):
    head = HEAD.replace("2026-12-31", "2027-12-31")
    (found,) = lint(head + I1)
    assert (found.code, found.line) == ("not_official", line_of(HEAD, "holidays"))
    assert lint(head + A1) == ()  # its calendar is `always`


def test_a_centre_s_own_days_make_the_year_official(lint, tmp_path):
    (tmp_path / "calendars").mkdir()
    days = "date,kind\n2027-01-01,holiday\n2027-10-01,holiday\n"
    (tmp_path / "calendars" / "2027.csv").write_text(days, encoding="utf-8")
    assert lint(HEAD.replace("2026-12-31", "2027-12-31") + I1) == ()


def test_full_coverage_can_never_be_kept(lint):
    assert told(lint(HEAD + '[measurement]\nmin_coverage = "100%"\n' + A1)) == [("", "never_met")]
    assert lint(HEAD + '[measurement]\nmin_coverage = "100%"\nunknown = "down"\n' + A1) == ()


def test_a_gap_of_one_interval_makes_every_late_reading_unknown(lint):
    assert told(lint(HEAD + "[measurement]\nmax_gap = 1\n" + A1)) == [("", "never_met")]
    assert lint(HEAD + "[measurement]\nmax_gap = 2\n" + A1) == ()
    assert lint(HEAD + "[measurement]\nmax_gap = 1\n" + R1) == ()


def test_what_is_shorter_than_two_looks_cannot_be_told_from_nothing(lint):
    assert told(lint(HEAD + '[measurement]\nmin_countable = "2m"\n' + A1, SEEN)) == [("", "too_slow")]


def test_a_contract_without_obligations_promises_nothing(lint):
    assert told(lint(HEAD)) == [("", "no_measure")]


def test_a_fee_of_nothing_has_nothing_to_deduct_from(lint):
    assert ("", "no_consequence") in told(lint(HEAD.replace("120000.00", "0.00") + A1))


def test_faults_that_cannot_be_told_apart_are_not_repeated(lint):
    assert told(lint(HEAD + REPEAT.format("10m"))) == [("P1", "conflict")]
    assert lint(HEAD + REPEAT.format("7d")) == ()


def test_a_share_so_near_to_all_that_one_reading_decides(lint):
    # 28 d × 1440 readings a day = 40320; 0.001 % of them is less than one
    assert lint(HEAD + QUALITY, SEEN) == ()
    assert told(lint(HEAD + QUALITY.replace("95%", "99.999%"), SEEN)) == [("Q1", "too_slow")]
    fleet = (
        QUALITY.replace("95%", "99.999%").replace('"each"', '"fleet"').replace("amount_each", 'per = "1%", amount')
    )
    assert told(lint(HEAD + fleet, SEEN)) == [("Q1", "too_slow")]
    assert lint(HEAD + QUALITY.replace("95%", "99.999%").replace('["icmp"]', '["rtt"]'), SEEN) == ()


def test_a_metric_without_a_limit_has_no_number(lint):
    assert told(lint(HEAD + QUALITY.replace("at_most = 20\n", ""), SEEN)) == [("Q1", "no_number")]


def test_a_window_shorter_than_the_interval_cannot_be_decided(lint):
    repeat = REPEAT.format("4m")
    assert ("P1", "too_slow") in told(lint(HEAD + repeat, SEEN))


def test_a_term_shorter_than_a_month_is_its_own_month(lint):
    head = HEAD.replace("2026-01-01, to = 2026-12-31", "2026-01-05, to = 2026-01-09")
    office = A1.replace("target", 'calendar = "office"\ntarget')
    # 5 working days of 10 h are 50 h; 0.1 % of them is 3 min, less than the 5 min of cam/rtsp
    assert told(lint(head + office.replace("98%", "99.9%"), SEEN)) == [("A1", "too_slow")]
    assert lint(head + office, SEEN) == ()


def test_below_the_lowest_band_the_whole_fee_is_paid(lint):
    (found,) = lint(
        HEAD + SCORED + '[score]\nunassessable = "met"\n[[score.bands]]\nfrom = 60\ngrade = "优"\npay = "100%"\n'
    )
    assert "no grade" in found.statement.template


def test_severities_that_a_clause_does_not_part_are_no_conflict(lint):
    other = R1.replace('"R1"', '"R2"').replace('{ severity = "critical" }', '{ kind = "server" }').replace("4h", "8h")
    assert lint(HEAD + R1 + other) == ()
    whole = R1.replace('"R1"', '"R2"').replace('{ severity = "critical" }', "{}").replace("4h", "8h")
    assert lint(HEAD + R1 + whole) == ()


def test_different_clocks_are_no_conflict(lint):
    other = R1.replace('"R1"', '"R2"').replace("limit", f"{NOTICE}limit").replace("4h", "8h")
    assert lint(HEAD + R1 + other) == ()


def test_without_a_cap_of_the_month_no_unit_is_too_dear(lint):
    assert lint(HEAD.replace(', deduction_cap = "20%"', "") + A1.replace('"100"', '"99999"')) == ()
