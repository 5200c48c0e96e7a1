"""Which clauses cannot be tested: each reason once with a contract that has it, once mended."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.input.mistakes import ConfigError
from sla.lint.files import around_evidence, around_site, lint_file
from sla.reports.text import lint_text
from tests.support.timelines import evidence

EXAMPLES = Path(__file__).parents[4] / "config" / "examples"
HEAD = """\
contract = "L"
title = "t"
timezone = "Asia/Shanghai"
customer = { name = "甲" }
vendor = { name = "乙" }
term = { from = 2026-01-01, to = 2026-12-31 }
fee = { total = "120000.00", deduction_cap = "20%" }
[calendars.office]
days = "workdays"
hours = ["08:00-18:00"]
holidays = "CN"
"""
A1 = """\
[[obligations]]
id = "A1"
clause = "4"
kind = "availability"
title = "t"
scope = { kind = "camera" }
target = "98%"
deduct = { per = "1%", amount = "100" }
"""
R1 = """\
[[obligations]]
id = "R1"
clause = "5"
kind = "repair"
title = "t"
scope = { severity = "critical" }
stage = "restore"
limit = "4h"
deduct = { per_started = "1h", amount = "100", cap_each = "500", cap = "1000" }
"""
I1 = """\
[[obligations]]
id = "I1"
clause = "3"
kind = "inspection"
title = "t"
scope = { kind = "camera" }
every = "day"
calendar = "office"
deduct = { per_missed = "100" }
"""
SEEN = """
    asset cam camera
    asset srv server
    check cam/icmp 60s critical reach
    check cam/rtsp 5m minor
"""


@pytest.fixture
def lint(tmp_path):
    def called(text, seen=None):
        path = tmp_path / "c.toml"
        path.write_text(text, encoding="utf-8")
        return lint_file(path, None if seen is None else around_evidence(evidence(seen))).findings

    return called


def told(findings):
    return [(each.clause, each.code) for each in findings]


def line_of(text, begins, after=""):
    lines = text.splitlines()
    start = next(n for n, line in enumerate(lines) if after in line)
    return next(n for n, line in enumerate(lines, 1) if n > start and line.startswith(begins))


def test_a_contract_whose_every_clause_can_be_tested_has_no_finding(lint):
    assert lint(HEAD + A1 + R1 + I1, SEEN) == ()


LACKS = [
    ("target", A1, 'target = "98%"\n', "", "no_number"),
    ("limit", R1, 'limit = "4h"\n', "", "no_number"),
    ("limit", R1, 'limit = "4h"', 'limit = "及时"', "no_number"),
    ("limit", R1, 'limit = "4h"', "limit = 4", "no_unit"),
    ("limit", R1, 'limit = "4h"', 'limit = "4"', "no_unit"),
    ("target", A1, 'target = "98%"', 'target = "98"', "no_unit"),
    ("target", A1, 'target = "98%"', "target = 0.98", "no_unit"),
    ("every", I1, 'every = "day"\n', "", "no_period"),
    ("kind", A1, 'kind = "availability"\n', "", "no_measure"),
    ("kind", A1, 'kind = "availability"', 'kind = "attitude"', "no_measure"),
    ("deduct", A1, ', amount = "100"', "", "no_consequence"),
    ("deduct", A1, 'deduct = { per = "1%", amount = "100" }\n', "", "no_consequence"),
    ("deduct", A1, 'amount = "100"', 'amount = "0"', "no_consequence"),
]


@pytest.mark.parametrize("lack", LACKS, ids=lambda lack: f"{lack[4]} {lack[0]}")
def test_what_a_clause_lacks_is_told_with_its_line_and_the_rest_is_linted(lint, lack):
    key, clause, old, new, code = lack
    lacking = clause.replace(old, new)
    (found,) = lint(HEAD + lacking + (R1 if clause is not R1 else A1), SEEN)
    said = f"\n{key} = " in lacking
    line = next(n for n, each in enumerate(lacking.splitlines(), 1) if each.startswith(key if said else "[["))
    assert (found.clause, found.code) == (clause.split('id = "')[1][:2], code)
    assert found.line == HEAD.count("\n") + line


def test_a_lacking_clause_moves_no_line_of_those_behind_it(lint):
    text = HEAD + A1.replace('target = "98%"\n', "") + R1.replace('cap = "1000"', 'cap = "50"')
    lacking, small, order = sorted(lint(text, SEEN), key=lambda each: each.line)
    assert (lacking.clause, lacking.code) == ("A1", "no_number")
    assert {small.code, order.code} == {"cap_too_small", "conflict"}
    assert {small.line, order.line} == {line_of(text, "deduct", 'id = "R1"')}


def test_a_file_that_is_wrong_for_another_reason_is_refused_as_ever(lint):
    with pytest.raises(ConfigError, match="colour"):
        lint(HEAD + A1.replace("title", 'colour = "red"\ntitle'))
    with pytest.raises(ConfigError, match="timezone"):
        lint(HEAD.replace("Asia/Shanghai", "Asia/Shangai") + A1.replace('target = "98%"\n', ""))


def test_without_surroundings_nothing_is_said_of_sources_or_intervals(lint):
    assert lint(HEAD + A1.replace("camera", "drone") + R1.replace("4h", "1s")) == ()


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


def test_sixty_seconds_decide_a_limit_of_sixty_seconds_and_not_of_thirty(lint):
    assert lint(HEAD + R1.replace('"4h"', '"60s"'), SEEN) == ()
    assert told(lint(HEAD + R1.replace('"4h"', '"59s"'), SEEN)) == [("R1", "too_slow")]


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


def test_a_round_whose_grace_outlasts_its_period_serves_two(lint):
    assert told(lint(HEAD + I1.replace("deduct", 'grace = "25h"\ndeduct'))) == [("I1", "conflict")]
    assert lint(HEAD + I1.replace("deduct", 'grace = "24h"\ndeduct')) == ()


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


BANDS = '[[score.bands]]\nfrom = {low}\ngrade = "差"\npay = "60%"\n[[score.bands]]\nfrom = 90\ngrade = "优"\npay = "{pay}"\n'
SCORED = A1 + 'points = "100"\nlose = { per = "1%", amount = "2" }\n'


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


def test_the_shipped_examples_can_be_tested_and_told():
    assert lint_file(EXAMPLES / "contract.toml", around_site(EXAMPLES / "site.toml")).findings == ()


def test_a_clock_from_the_notice_needs_a_way_to_the_vendor(lint, tmp_path):
    site = tmp_path / "site.toml"
    checks = '[[assets]]\nid = "cam"\nkind = "camera"\naddress = "192.0.2.1"\n[[assets.checks]]\nprobe = "icmp"\nseverity = "critical"\n'
    site.write_text('site = "s"\ntimezone = "UTC"\n' + checks, encoding="utf-8")
    path = tmp_path / "c.toml"
    path.write_text(HEAD + R1.replace("limit", 'clock = "notified"\nlimit'), encoding="utf-8")
    assert told(lint_file(path, around_site(site)).findings) == [("R1", "no_source")]
    vendor = '[[channels]]\nname = "v"\nparty = "vendor"\nurl_env = "V"\n'
    site.write_text('site = "s"\ntimezone = "UTC"\n' + vendor + checks, encoding="utf-8")
    assert lint_file(path, around_site(site)).findings == ()


QUALITY = """\
[[obligations]]
id = "Q1"
clause = "4.6"
kind = "quality"
title = "t"
scope = { kind = "camera" }
checks = ["icmp"]
metric = "rtt_ms"
at_most = 20
share = "95%"
measure = "each"
deduct = { amount_each = "1" }
"""


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


REPEAT = """\
[[obligations]]
id = "P1"
clause = "6"
kind = "repeat"
title = "t"
within = "{}"
repeats = 1
deduct = {{ per_breach = "1" }}
"""


def test_a_term_shorter_than_a_month_is_its_own_month(lint):
    head = HEAD.replace("2026-01-01, to = 2026-12-31", "2026-01-05, to = 2026-01-09")
    office = A1.replace("target", 'calendar = "office"\ntarget')
    # 5 working days of 10 h are 50 h; 0.1 % of them is 3 min, less than the 5 min of cam/rtsp
    assert told(lint(head + office.replace("98%", "99.9%"), SEEN)) == [("A1", "too_slow")]
    assert lint(head + office, SEEN) == ()


def test_below_the_lowest_band_the_whole_fee_is_paid(lint):
    (found,) = lint(HEAD + SCORED + '[[score.bands]]\nfrom = 60\ngrade = "优"\npay = "100%"\n')
    assert "no grade" in found.said.template


def test_severities_that_a_clause_does_not_part_are_no_conflict(lint):
    other = R1.replace('"R1"', '"R2"').replace('{ severity = "critical" }', '{ kind = "server" }').replace("4h", "8h")
    assert lint(HEAD + R1 + other) == ()
    whole = R1.replace('"R1"', '"R2"').replace('{ severity = "critical" }', "{}").replace("4h", "8h")
    assert lint(HEAD + R1 + whole) == ()


def test_different_clocks_are_no_conflict(lint):
    other = R1.replace('"R1"', '"R2"').replace("limit", 'clock = "notified"\nlimit').replace("4h", "8h")
    assert lint(HEAD + R1 + other) == ()


def test_what_is_no_table_or_no_word_is_refused_as_ever(lint):
    with pytest.raises(ConfigError):
        lint(HEAD.replace("[calendars.office]", "obligations = [3]\n[calendars.office]"))
    with pytest.raises(ConfigError):
        lint(HEAD + A1.replace('title = "t"', "title = 3"))
    with pytest.raises(ConfigError):
        lint(HEAD + R1.replace('"restore"', '"mend"'))


def test_the_findings_as_a_paper_and_in_both_languages(lint, tmp_path):
    path = tmp_path / "c.toml"
    path.write_text(HEAD, encoding="utf-8")
    found = lint_file(path, None)
    for language in ("zh", "en"):
        assert "--site SITE.toml" in lint_text.to_text(found, language, looked_around=False)
        assert "--site SITE.toml" not in lint_text.to_text(found, language, looked_around=True)
        blocks = lint_text.document_of(found, language, looked_around=False).blocks
        assert len(blocks) == 3
        assert len(lint_text.document_of(found, language, looked_around=True).blocks) == 2
    path.write_text(HEAD + A1, encoding="utf-8")
    assert len(lint_text.document_of(lint_file(path, None), "zh", looked_around=True).blocks) == 1


def test_without_a_cap_of_the_month_no_unit_is_too_dear(lint):
    assert lint(HEAD.replace(', deduction_cap = "20%"', "") + A1.replace('"100"', '"99999"')) == ()


def test_an_inventory_may_name_bare_probes(tmp_path):
    (tmp_path / "cams.csv").write_text("id,kind,address,probes\ncam,camera,192.0.2.1,icmp\n", encoding="utf-8")
    site = tmp_path / "site.toml"
    site.write_text('site = "s"\ntimezone = "UTC"\ninventory = ["cams.csv"]\n', encoding="utf-8")
    around = around_site(site)
    assert (list(around.assets), list(around.checks), around.tells_vendor) == (["cam"], ["cam/icmp"], False)
