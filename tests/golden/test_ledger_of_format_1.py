"""A ledger of before SPEC's second edition goes on as it is: its format did not change, and its months judge as before.

What comes out otherwise is named here, rule by rule.
"""

from __future__ import annotations

import json
import lzma
from decimal import Decimal
from pathlib import Path

import pytest

from sla.evidence.records import Settled
from sla.ledger import Ledger, LedgerView, Stamp
from sla.ledger.check import check_ledger
from sla.ledger.place import FILE
from tests.support.sla_check import sla_check

HERE = Path(__file__).with_name("ledger_of_format_1")
MONTHS = ("2026-09", "2026-10")
AS_OF = "2026-11-03T00:00:00+08:00"
ONE_ROUND_ONE_PERIOD = {"2026-09": Decimal("415.00"), "2026-10": Decimal("410.00")}
"""SPEC section 8 now: a round is for the period that holds its instant, or its `period`. Before, one of the next morning
made good a day of which the own round was void or fell short, too: those days were late, and are missed now."""


@pytest.fixture
def state(tmp_path):
    (tmp_path / FILE).write_bytes(lzma.decompress((HERE / "ledger.db.xz").read_bytes()))
    return tmp_path


def judged(state, month: str) -> dict:
    asked = ["--month", month, "--contract", str(HERE / "contract.toml"), "--ledger", str(state), "--as-of", AS_OF]
    return sla_check([*asked, "--format", "json"]).result


def before(month: str) -> dict:
    return json.loads((HERE / f"{month}.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("month", MONTHS)
def test_obligations_come_out_as_before(state, month):
    wanted, found = before(month)["obligations"], judged(state, month)["obligations"]
    for old, new in zip(wanted, found, strict=True):
        more = ONE_ROUND_ONE_PERIOD[month] if old["id"] == "I1" else 0
        assert Decimal(new["deduction"]) == Decimal(old["deduction"]) + more
        assert (new["id"], new["verdict"], new["value"]) == (old["id"], old["verdict"], old["value"])


@pytest.mark.parametrize("month", MONTHS)
def test_incidents_come_out_as_before(state, month):
    keys = before(month)["incidents"][0].keys()
    assert [{key: each[key] for key in keys} for each in judged(state, month)["incidents"]] == before(month)[
        "incidents"
    ]


@pytest.mark.parametrize("month", MONTHS)
def test_repairs_come_out_as_before_but_for_answers_that_count_when_they_were_recorded(state, month):
    """The command took 40 ms from its `at` to the ledger: with `backdate = "0s"` the later one counts (SPEC section 4).

    And what could not be assessed is not certain any more (SPEC section 7).
    """
    old = {each["id"]: each["items"] for each in before(month)["obligations"]}
    new = {each["id"]: each["items"] for each in judged(state, month)["obligations"]}
    for name in ("R1", "R2"):
        for one, other in zip(old[name], new[name], strict=True):
            same = [key for key in one if key not in ("done", "elapsed_s", "decided", "certain")]
            assert other["certain"] == (one["certain"] and one["verdict"] != "not_assessable")
            assert {key: one[key] for key in same} == {key: other[key] for key in same}
            assert other["elapsed_s"] - one["elapsed_s"] in (0, pytest.approx(0.04))


def test_a_month_that_both_signed_is_signed_by_each(state):
    view = LedgerView.open(state)
    assert [(each.month, each.party) for each in view.evidence().of(Settled)] == [
        ("2026-09", "customer"),
        ("2026-09", "vendor"),
    ]
    view.close()
    found = judged(state, "2026-10")
    assert before("2026-10")["payment"]["adjustment"] == "0.00"
    assert Decimal(found["payment"]["adjustment"]) == -ONE_ROUND_ONE_PERIOD["2026-09"]
    assert not [note for note in found["notes"] if note["note"] in ("unsigned", "disputed", "imported", "backdated")]


def test_it_is_opened_and_goes_on_without_being_written_anew(state):
    head = LedgerView.open(state).head
    now = Stamp(wall_ms=1_800_000_000_000, boot_ms=1, boot_id="c")
    ledger = Ledger.open(state, site="zhanhe", software="test 1")
    assert ledger.head == head
    ledger.close(now)
    assert check_ledger(state).problems == []
