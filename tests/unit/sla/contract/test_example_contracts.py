"""config/examples/contracts: contracts of the kinds that are signed, each loaded, linted and judged."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from sla.contract.file import read_contract
from sla.judge.judge import judge
from tests.support.sla_check import sla_check
from tests.support.timelines import at, evidence

EXAMPLES = sorted((Path(__file__).parents[4] / "config" / "examples" / "contracts").glob("*.toml"))
OCTOBER = """
asset cam camera tags=一类,市区,城区
check cam/rtsp 10m major
asset spare camera tags=二类,乡镇
check spare/rtsp 10m minor
asset line link tags=接入
check line/reach 10m minor
asset web service
check web/http 10m critical
cam/rtsp 10-01 00:00 ok 10-10 00:00 fail 10-11 11:30 ok 11-01 00:00
notified cam/rtsp 10-10 00:05
spare/rtsp 10-01 00:00 ok 11-01 00:00
line/reach 10-01 00:00 ok 10-20 00:00 fail 04:00 ok 11-01 00:00
web/http 10-01 00:00 ok 11-01 00:00
"""
"""The camera is down from 10-10 00:00 to 10-11 11:20, told of at 00:05, the line from 10-20 00:00 to 03:50."""


def judged(name):
    contract = read_contract(next(each for each in EXAMPLES if each.stem == name))
    return judge(contract, evidence(OCTOBER), "2026-10", at("2026-11-01 00:00"))


def deductions(found):
    return {each.obligation.id: each.deduction for each in found.obligations if each.deduction}


def test_there_are_three_archetypes_and_ten_public_ones():
    ids = [read_contract(each).contract for each in EXAMPLES]
    assert sorted(ids) == ["A-DEMO-2026", "B-DEMO-2026", "C-DEMO-2026", *(f"P-{n:02d}" for n in range(1, 11))]


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_nothing_is_found_in_it(path):
    assert sla_check(["--lint", str(path)]).code == 0


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_it_says_what_it_cannot_say_yet(path):
    assert "还不能照写的" in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_a_month_is_judged_by_each_of_its_clauses(path):
    found = judged(path.stem)
    assert [each.obligation.id for each in found.obligations] == [each.id for each in read_contract(path).obligations]
    assert Decimal(0) <= found.payment.payable <= found.payment.fee


def test_cameras_by_class_and_overtime_hours():
    """Down 35 h 20 min of 744 h: 95.251 %, 2.749 points below 98 %. Told at 00:05, 35 h 15 min: 23 h 15 min late."""
    found = judged("safe-city-cameras")
    assert deductions(found) == {
        "A1": Decimal("2032.80"),  # 3 × 677.60
        "R1": Decimal("80.00"),  # 24 × 5 = 120, at most 80
        "V1": Decimal("50.00"),  # nobody came within 2 h
    }
    assert found.payment.payable == Decimal("65597.20")


def test_a_leased_line_is_credited():
    """Down 3 h 50 min of 744 h: 99.485 %, below 99.9 %; mended within 8 h."""
    found = judged("leased-fibre")
    assert deductions(found) == {"A2": Decimal("67.50")}
    assert found.payment.payable == Decimal("152332.50")


def test_a_roll_call_that_finds_one_camera_of_two_down_is_a_bad_day():
    """Four of 93 calls find one of two up: 97.85 %, one started point below 98 %; two days below 95 %."""
    amended = deductions(judged("daily-average-online"))["O2"]
    assert amended == Decimal("1000.00")  # 600 + 2 × 200
