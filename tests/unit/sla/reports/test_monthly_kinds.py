"""Clauses of docs/obligations.md in the monthly report: what was promised, how it was reckoned, every item in words."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest

from config.text.i18n import in_language
from sla.contract.file import read_contract
from sla.obligations.result import Stake
from sla.reports.json.month import member_writer, to_json
from sla.reports.layout.document import Figure, Grid, Paragraph
from sla.reports.layout.forms import laid_out
from sla.reports.monthly.context import MonthlyContext
from sla.reports.monthly.document import monthly_document
from sla.reports.monthly.item_table import MOST_ROWS
from sla.reports.monthly.registry import EVIDENCE
from sla.reports.text.pen import Pen
from sla.reports.text.promises.registry import deduction_words, promised, reckoned
from tests.support.clauses import clause, delivered, diagnosed, readings, replaced, scored
from tests.support.reports.months import basis
from tests.support.timelines import contract, evidence_of, inspection, records

ROOT = Path(__file__).parents[4]
SAID = """
asset cam-1 camera
check cam-1/rtsp 1h critical
asset link-1 link
check link-1/reach 1h critical
asset quiet link
asset dead link
check dead/reach 1h
cam-1/rtsp 2026-12-01 00:00 ok 12-05 08:00 fail 12-05 10:00 ok 2027-01-01 01:00
dead/reach 2026-11-30 00:00 fail 2027-01-02 00:00
agent 2027-01-20 01:00 start
"""


@cache
def december():
    known = evidence_of([
        *records(SAID),
        *readings("link-1/reach", "rtt_ms", "2026-12-01 00:00", "1h", "12.5*700 42.5*44"),
        delivered("d1", "2026-11", "2026-12-08 09:00", plan="D1", by="乙方 李工", sha256="cd" * 32),
        diagnosed("x1", "cam-1", "2026-12-02 10:00"),
        replaced("x1", "2026-12-20 10:00"),
        scored("2026-12", "88.5", "2027-01-05 09:00", plan="M1"),
    ])  # fmt: skip
    return basis(known, read_contract(ROOT / "config" / "examples" / "contract-full.toml"), "2026-12")


def grids(language):
    return {block.title: block for block in monthly_document(december(), language).blocks if isinstance(block, Grid)}


def texts(cells):
    return [cell.text if isinstance(cell, Figure) else cell for cell in cells]


def row(language, title, first):
    return next(texts(each) for each in grids(language)[title].rows if texts(each)[0] == first)


def test_documents_diagnoses_and_scores_are_told_with_who_and_why():
    assert row("en", "Documents", "2026-11")[3:] == ["乙方 李工", "cd" * 8, "late"]
    diagnosis = row("en", "Diagnoses", "x1")
    assert (diagnosis[1:3], diagnosis[-2:]) == (["cam-1", "电源"], ["breached", "150.00"])  # 3 × 24 h late
    score = row("zh", "人工评分", "2026-12")
    assert (score[1], score[5], score[6]) == ("88.5 / 100", "理由", "ab" * 8)


def test_roll_calls_faults_and_readings_are_told():
    bad = row("en", "Roll calls, day by day", "2026-12-05")
    assert bad[:6] == ["2026-12-05", "3", "2", "1", "0", "0"]
    assert row("en", "Faults, and how many of the same check went before each", "cam-1/rtsp")[1] == (
        "2026-12-05 08:00:00 (0)"
    )


def test_a_percentile_is_told_in_the_metric_s_unit_and_what_nobody_measured_with_a_dash():
    (found,) = [each for each in december().judgement.obligations if each.obligation.id == "Q2"]
    (block,) = EVIDENCE["quality"].blocks(found, context("en"))
    told = {texts(cells)[0]: texts(cells) for cells in block.rows}
    assert told["link-1"][6:8] == ["42.5", "42.5"]  # 44 of 744 readings, 5.9 %, are beyond: the 95th is one of them
    assert told["dead"][1:6] == ["0", "0", "–", "–", "–"]  # down all month: nothing is owed
    assert told["quiet"][3:8] == ["–", "0.00% … 100.00%", "0.00%", "–", "–"]


def test_json_has_the_same_numbers():
    found = {each["id"]: each for each in to_json(december().judgement)["obligations"]}
    by_asset = {each["asset"]: each for each in found["Q2"]["items"]}
    assert (by_asset["link-1"]["measured"], by_asset["link-1"]["worst"], by_asset["quiet"]["measured"]) == (
        42.5,
        42.5,
        None,
    )
    assert by_asset["link-1"]["available_s"] == 31 * 86_400
    assert [each["repeat"] for item in found["F1"]["items"] for each in item["incidents"]] == [0]
    write = member_writer(december().judgement)
    assert write(december().judgement.obligations[0].items[0])["asset"] == "cam-1"


FREE = Stake(Decimal("0.00"), Decimal(0))


def context(language):
    return MonthlyContext(december(), language)


@pytest.mark.parametrize("form", ["text", "html"])
def test_forms_are_laid_out(form):
    assert "P95 rtt_ms ≤ 20" in str(laid_out(form, monthly_document(december(), "zh")))


def test_long_tables_say_how_many_rows_they_leave_out_and_empty_ones_that_nothing_falls_under_them():
    found = next(each for each in december().judgement.obligations if each.obligation.id == "D1")
    long = type(found)(
        obligation=found.obligation, verdict="breached", certain=True, value=None, deduction=Decimal(0),
        lost=Decimal(0), least=FREE, most=FREE, items=found.items * (MOST_ROWS + 3),
    )  # fmt: skip
    (block,) = EVIDENCE["report"].blocks(long, context("en"))
    assert (len(block.rows), block.note) == (
        MOST_ROWS,
        f"{len(long.items) - MOST_ROWS} more rows are in the JSON form",
    )
    none = type(found)(
        obligation=found.obligation, verdict="not_applicable", certain=None, value=None, deduction=Decimal(0),
        lost=Decimal(0), least=FREE, most=FREE, items=(),
    )  # fmt: skip
    (block,) = EVIDENCE["report"].blocks(none, context("en"))
    assert isinstance(block, Paragraph)


# -- promises ---------------------------------------------------------------------------------------

PROMISES = [
    (("quality", {"metric": "rtt_ms", "at_most": 20, "percentile": 95}), "P95 rtt_ms ≤ 20"),
    (("quality", {"metric": "margin_db", "at_least": 3, "share": "99%"}), "margin_db ≥ 3, ≥ 99.00%"),
    (("quality", {"metric": "offset_ms", "at_most": 5, "absolute": True, "percentile": 95}), "P95 |offset_ms| ≤ 5"),
    (("repeat", {"within": "30d", "repeats": 2}), "at most 2 repeats in 30d"),
    (("online", {"at": "08:00", "target": "98%"}), "mean ≥ 98.00%"),
    (("online", {"at": "08:00", "target": "98%", "worst_day": "90%"}), "mean ≥ 98.00%; each day ≥ 90.00%"),
    (("report", {"due": 5}), "by day 5 of the month after"),
    (("report", {"due": 25, "due_in": "same", "grace": "1d"}), "by day 25 of the same month"),
    (("replace", {"limit": "15d"}), "replaced by a new one ≤ 15d, ≥ 100.00%"),
    (("replace", {"limit": "24h", "stage": "substitute"}), "a spare lent ≤ 1d, ≥ 100.00%"),
    (("manual", {"target": "90%"}), "≥ 90.00%"),
]


@pytest.mark.parametrize(("said", "told"), PROMISES)
def test_a_promise_is_told_in_a_line(said, told):
    kind, keys = said
    found = clause(kind, **keys)
    assert promised(found, Pen(contract(found), "en")) == told
    assert reckoned(found, Pen(contract(found), "zh")) != reckoned(found, Pen(contract(found), "en"))


@pytest.mark.parametrize("every", ["day", "week", "month", "quarter"])
def test_how_often_a_round_is_promised_is_told_in_both_languages(every):
    found = inspection(every, coverage="95%")
    assert promised(found, Pen(contract(found), "en")) == f"every {every}, ≥ 95.00%"
    assert "every" not in promised(found, Pen(contract(found), "zh"))


LOSSES = [
    ("quality", {"metric": "m", "at_most": 1, "percentile": 95}, {"per_unit": "0.5", "amount": "7", "cap": "9"},
     "7 CNY for each started 0.5 beyond; at most 9 CNY a month"),
    ("quality", {"metric": "m", "at_most": 1, "share": "95%"}, {"per": "0.5%", "amount": "7"}, "7 CNY for each started 0.5% below"),
    ("quality", {"metric": "m", "at_most": 1, "share": "95%", "measure": "each"}, {"amount_each": "7"}, "7 CNY for each breached asset"),
    ("repeat", {"within": "1d", "repeats": 0}, {"per_breach": "7", "cap_each": "8"}, "7 CNY for each fault too many; at most 8 CNY for one check"),
    ("online", {"at": "08:00", "target": "9%", "worst_day": "9%"}, {"per": "1%", "amount": "7", "per_day": "8"},
     "7 CNY for each started 1% below; 8 CNY for each bad day"),
    ("online", {"at": "08:00", "target": "9%", "worst_day": "9%"}, {"per_day": "8"}, "8 CNY for each bad day"),
    ("report", {"due": 5}, {"per_missed": "7", "per_late": "8", "per_day": "9"},
     "7 CNY for each missed document; 8 CNY for each late document; 9 CNY for each started day late"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "keys", "rule", "told"), LOSSES)
def test_what_a_breach_costs_is_told(kind, keys, rule, told):
    found = clause(kind, **keys, deduct=rule)
    assert deduction_words(found, Pen(contract(found), "en")) == told


def titles_and_heads(kind):
    """The texts of the kind's table of items, for the kinds that show one."""
    table = getattr(import_module(f"sla.reports.monthly.kinds.{kind}"), "_TABLE", None)
    return () if table is None else (table.title, *table.heads)


def test_every_text_of_ours_is_in_the_chinese_catalogue():
    said = {text for kind in EVIDENCE for text in titles_and_heads(kind)}

    class Listening(Pen):
        def say(self, text, **values):
            said.add(text)
            return super().say(text, **values)

    for kind, keys in (each[0] for each in PROMISES):
        found = clause(kind, **keys)
        promised(found, Listening(contract(found), "zh"))
        reckoned(found, Listening(contract(found), "zh"))
    for kind, keys, rule, _ in LOSSES:
        found = clause(kind, **keys, deduct=rule)
        deduction_words(found, Listening(contract(found), "zh"))
    assert {text for text in said if in_language(text, "zh") == text} == set()
