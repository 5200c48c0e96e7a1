import re
from dataclasses import replace
from decimal import Decimal

import pytest

from sla.judge.period import judge_period, parse_period
from sla.measure.analysis import Analysis
from sla.reports.basis import Source
from sla.reports.layout.document import Facts, Grid, Picture
from sla.reports.layout.forms import laid_out
from sla.reports.period.document import period_document
from sla.reports.period.json_format import period_json
from tests.support.reports.columns import texts
from tests.support.timelines import at, availability, calendar, contract, evidence, inspection, repair

WORLD = """
asset cam camera
asset <b>pole camera
check cam/icmp 600s reach
check <b>pole/icmp 600s
cam/icmp 2026-07-01 00:00 ok 07-10 08:00 fail 11:00 ok 08-20 08:00 fail 08:10 ok 10-01 00:00
<b>pole/icmp 2026-07-01 00:00 ok 08-31 23:00 fail 09-01 02:00 ok 10-01 00:00
settled 2026-06 1.00 0.00 2026-07-05 09:00
settled 2026-07 9999.00 1.00 2026-08-05 09:00
agent 2026-07-01 00:00 start
"""


def agreement(**keys):
    return contract(
        availability("99.9%", id="A1", points="50", lose={"per": "0.1%", "amount": "10"}, calendar="office"),
        repair("1h", id="R1", deduct={"per_started": "1h", "amount": "100"}),
        inspection("month", id="I1"),
        calendars={"office": calendar("00:00-24:00", days="workdays", holidays="CN")},
        bands=(("60", "中", "90%"),),
        ignore_shorter="15m",
        **keys,
    )


def result(period="2026-Q3", said=WORLD, as_of="2026-09-15 24:00", **keys):
    return judge_period(Analysis(agreement(**keys), evidence(said), at(as_of)), parse_period(period))


def grids(document):
    return [block for block in document.blocks if isinstance(block, Grid)]


def test_every_sum_of_the_paper_is_that_of_the_json():
    found = result()
    told, text = period_json(found), laid_out("text", period_document(found, "en"))
    for name in ("fee", "earned", "deductions", "payable", "signed", "due", "carried"):
        assert f"{Decimal(told['sums'][name]):,}" in text, name
    for each in told["payments"]:
        assert f"{Decimal(each['payable']):,}" in text


def test_the_payment_sheet_has_a_row_for_each_month_and_says_what_is_not_signed():
    sheet = next(grid for grid in grids(period_document(result(), "en")) if grid.title.startswith("Payment sheet"))
    assert texts(sheet, "Month") == ["2026-07", "2026-08", "2026-09", "Together"]
    assert texts(sheet, "Signed for")[:2] == ["10,000.00", "–"]
    assert texts(sheet, "Signed at")[:2] == ["2026-08-05 09:00:00", "not signed"]


def test_running_and_future_months_are_marked():
    marks = period_document(result("2026"), "en").marks
    assert "Not over yet, so not final: 2026-09" in marks
    assert "Not begun yet, so not in it: 2026-10, 2026-11, 2026-12" in marks


def test_practice_an_unofficial_calendar_and_notes_to_come_are_marked():
    found = replace(
        result(),
        notes=({"note": "practice"}, {"note": "calendar_not_official", "year": 2031}, {"note": "new", "x": 1}),
    )
    marks = period_document(found, "en").marks
    assert marks[0].startswith("PRACTICE")
    assert "2031" in marks[1]
    assert marks[2] == "note: new x: 1"


def test_a_clause_measured_in_two_months_has_a_chart_and_words_for_it():
    pictures = [block for block in period_document(result(), "zh").blocks if isinstance(block, Picture)]
    assert pictures[0].title == "A1 在线率"
    assert pictures[0].svg.startswith("<svg")
    assert pictures[0].words.startswith("2026-07 ")
    once = result(as_of="2026-07-20 00:00")
    assert not [block for block in period_document(once, "zh").blocks if isinstance(block, Picture)]


def test_a_name_with_markup_is_shown_and_not_obeyed():
    page = laid_out("html", period_document(result(), "zh"))
    assert "&lt;b&gt;pole" in page
    assert "<b>" not in page


def test_only_the_worst_are_shown_and_the_rest_is_counted():
    found = result()
    many = tuple(replace(found.checks[0], id=f"c{number:02d}", name="") for number in range(23))
    grid = grids(period_document(replace(found, checks=many), "en"))[3]
    assert len(grid.rows) == 20
    assert grid.note == "3 more rows are in the JSON form"


def test_a_period_without_clauses_is_still_a_payment_sheet():
    bare = judge_period(Analysis(contract(), evidence(WORLD), at("2026-10-01 00:00")), parse_period("2026-Q3"))
    document = period_document(bare, "en")
    assert any(isinstance(block, Facts) for block in document.blocks)
    assert "30,000.00" in laid_out("text", document)
    assert period_json(bare)["obligations"] == []


@pytest.mark.parametrize(
    ("period", "title"), [("2026-Q3", "季度运维服务验收汇总 2026-Q3"), ("2026", "年度运维服务验收汇总 2026")]
)
def test_the_title_names_the_period(period, title):
    assert period_document(result(period), "zh").title == title


def test_the_chinese_paper_has_no_english_left():
    text = laid_out("text", period_document(result(), "zh")).replace("<b>pole", "")
    assert set(re.findall(r"[A-Za-z]{3,}", text)) <= {"Asia", "Shanghai", "cam", "icmp", "CNY"}


def test_json_says_who_signed_what_and_which_months_are_over():
    told = period_json(result())
    assert told["payments"][0]["signed"] == {
        "payable": "9999.00",
        "adjustment": "1.00",
        "at": "2026-08-05T01:00:00Z",
        "by": {"customer": "", "vendor": ""},
    }
    assert [each["is_over"] for each in told["payments"]] == [True, True, False]
    assert told["incidents"] == {"count": 2, "blips": 1, "by_month": {"2026-07": 1, "2026-08": 1, "2026-09": 1}}
    assert told["obligations"][1]["points"] is None
    assert told["assets"][0]["overtime_s"] == 110 * 60


def test_the_mark_of_the_evidence_is_on_the_paper_and_on_every_page():
    marked = period_document(result(), "en", Source(kind="ledger", mark="17:" + "ab" * 32))
    assert marked.foot == ("T-1", "2026-Q3", "17:" + "ab" * 8)
    assert "17:" + "ab" * 32 in laid_out("text", marked)
    assert period_document(result(), "en").foot == ("T-1", "2026-Q3")
