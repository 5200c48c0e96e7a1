"""The timelines of Icinga DB's SLA function (16 named ones and 2 refused inputs), told in our readings.

Its clock runs from second 1000 to 2000; here that is minute 0 to 1000 of 2026-10-01, 00:00 to 16:40, one
reading a minute. Icinga knows of each change to the second, we know it to a reading: the minute before
a change is `changing`. Under each name: what Icinga says, what is right by the measure, and why it
differs where it does.
"""

from __future__ import annotations

from fractions import Fraction

import pytest

from config.input.mistakes import ConfigError
from config.input.toml_source import TomlSource
from sla.contract.file import contract_from
from sla.evidence.record_json import record_from_json
from tests.support.timelines import MINUTE, availability, calendar, contract, result

HOST = "asset host server\ncheck host/icmp 1m\n"
NEVER_FAILS = "0%"


def window(said: str, *, end: str = "16:40", as_of: str | None = None, **measurement):
    """The host over [00:00, end) of 2026-10-01."""
    what = contract(
        availability("90%", calendar="window"),
        term="2026-10-01 2026-10-01",
        calendars={"window": calendar(f"00:00-{end}")},
        **({"min_coverage": NEVER_FAILS} | measurement),
    )
    return result(what, HOST + said, as_of=as_of)


def minutes(found) -> tuple[int, int, int, int]:
    """U, D, C, K in minutes."""
    (item,) = found.items
    return item.up // MINUTE, item.down // MINUTE, item.changing // MINUTE, item.unknown // MINUTE


def test_empty_history():
    # Icinga: 100 %, for want of a problem. Nobody looked, so nothing is known.
    found = window("")
    assert minutes(found) == (0, 0, 0, 1000)
    assert (found.value, found.low, found.high) == (None, 0, 1)


def test_multiple_state_changes():
    # Icinga: 4 × 10 % down, 60 %. D = 99 + 99 + 99 + 100, six changing minutes; halved: 597 + 3 of 1000.
    said = "host/icmp 10-01 00:00 fail 01:40 ok 05:00 fail 06:40 ok 10:00 fail 11:40 ok 15:00 fail 16:40"
    found = window(said, doubt="split")
    assert minutes(found) == (597, 397, 6, 0)
    assert found.value == Fraction(60, 100)


def test_multiple_state_changes_decimals_odd_numbers():
    # Icinga: 23 + 142 + 7 + 266 = 438 down, 56.2 %. D = 22 + 141 + 6 + 265 = 434, seven changing minutes:
    # the truth lies in 55.9 … 56.6 %, which holds Icinga's.
    said = "host/icmp 10-01 00:00 fail 00:23 ok 01:40 fail 04:02 ok 05:00 fail 05:07 ok 06:40 fail 11:06 ok 16:40"
    found = window(said)
    assert minutes(found) == (559, 434, 7, 0)
    assert (found.low, found.high) == (Fraction(559, 1000), Fraction(566, 1000))
    assert found.low <= Fraction(562, 1000) <= found.high


def test_multiple_state_changes_decimals_fraction_one_third():
    # Icinga: 66.6667 %. Ours is no decimal at all but 200/300 (the changing minute goes to the customer).
    found = window("host/icmp 10-01 00:00 fail 01:40 ok 05:00", end="05:00", doubt="customer")
    assert minutes(found) == (200, 99, 1, 0)
    assert found.value == Fraction(2, 3)


def test_multiple_state_changes_decimals_fraction_seventh_part():
    # Icinga: 14.2857 %. Ours: 100/700.
    found = window("host/icmp 10-01 00:00 fail 10:00 ok 11:40", end="11:40", doubt="customer")
    assert minutes(found) == (100, 599, 1, 0)
    assert found.value == Fraction(1, 7)


OVERLAPPING = """
host/icmp 10-01 00:00 ok 03:20 fail 08:20 ok 16:40
maintenance m1 10-01 01:40 05:00 said 00:00
maintenance m2 10-01 06:40 10:00 said 00:00
"""


def test_overlapping_downtimes_and_problems():
    # Icinga: 100 of 1000 down, 90 %: it keeps excluded time in what it divides by. Excluded time in which it was not
    # up is no service time: up [0,199) and [500,1000), down [300,400), 699 of 799 = 87.48 %.
    found = window(OVERLAPPING)
    assert minutes(found) == (699, 100, 0, 0)
    assert found.value == Fraction(699, 799)


def test_overlapping_downtimes_and_problems_where_the_contract_counts_excused_time_as_up():
    # excused = "up" is Icinga's way, chosen in the contract and not by accident: 900 of 1000.
    assert window(OVERLAPPING, excused="up").value == Fraction(90, 100)


def test_critical_before_interval():
    # Icinga: 0 %, from one event 1000 s before. One reading says nothing about the day after.
    found = window("host/icmp 09-30 07:20 fail*1")
    assert (minutes(found), found.value) == ((0, 0, 0, 1000), None)


def test_critical_before_interval_and_looked_at_all_along():
    found = window("host/icmp 09-30 07:20 fail 10-01 16:40")
    assert (minutes(found), found.value) == ((0, 1000, 0, 0), 0)


BEFORE = "host/icmp 09-30 20:40 fail 10-01 16:40\n"


def test_critical_before_interval_with_downtime():
    # Icinga: 80 %. 800 of 1000 min are excused, the other 200 are down: 0 of 200.
    said = BEFORE + "maintenance m1 09-30 17:20 10-01 13:20 said 09-30 00:00"
    found = window(said)
    assert (minutes(found), found.value) == ((0, 200, 0, 0), 0)
    assert window(said, excused="up").value == Fraction(80, 100)


def test_critical_before_interval_with_overlapping_downtimes():
    # Icinga: 80 %. Together the five excuse all but [400, 600): 0 of 200.
    said = (
        BEFORE
        + """
    maintenance m1 09-30 17:20 24:00 said 00:00
    maintenance m2 09-30 20:40 10-01 03:20 said 09-30 00:00
    maintenance m3 10-01 00:00 06:40 said 09-30 00:00
    maintenance m4 10-01 10:00 16:40 said 09-30 00:00
    maintenance m5 10-01 13:20 20:00 said 09-30 00:00
    """
    )
    found = window(said)
    assert (minutes(found), found.value) == ((0, 200, 0, 0), 0)
    assert window(said, excused="up").value == Fraction(80, 100)


def test_fallback_to_previous_state():
    # Icinga: 80 %, since the first event names the state before it. Nobody saw those 200 minutes:
    # 100 % of what was seen, coverage 80 %, the truth in 80 … 100 %.
    found = window("host/icmp 10-01 03:20 ok 16:40")
    assert minutes(found) == (800, 0, 0, 200)
    assert (found.value, found.low, found.high) == (1, Fraction(80, 100), 1)
    assert found.coverage == Fraction(80, 100)


def test_fallback_to_current_state():
    # Icinga: 0 %, from how things stand afterwards. That says nothing about before.
    found = window("host/icmp 10-01 16:40 fail 18:00")
    assert (minutes(found), found.value) == ((0, 0, 0, 1000), None)


def test_prefer_initial_state_from_before_over_later_state():
    # Icinga: 80 %. D = 199 and one changing minute, which the customer gets: 800 of 1000.
    found = window("host/icmp 09-30 20:40 fail 10-01 03:20 ok 16:40", doubt="customer")
    assert minutes(found) == (800, 199, 1, 0)
    assert found.value == Fraction(80, 100)


def test_prefer_initial_state_from_before_over_current_state():
    # Icinga: 0 %. Seen failing to the end and ok from then on: the last minute is changing.
    found = window("host/icmp 09-30 20:40 fail 10-01 16:40 ok 18:00", doubt="customer")
    assert (minutes(found), found.value) == ((0, 999, 1, 0), 0)


def test_prefer_later_state_over_current_state():
    # Icinga: 80 %. What comes after the window changes nothing in it but its last minute.
    found = window("host/icmp 10-01 03:20 ok 16:40 fail 18:00")
    assert minutes(found) == (799, 0, 1, 200)
    assert (found.low, found.high) == (Fraction(799, 1000), 1)


def test_initial_unknown_reduces_total_time():
    # Icinga and we: 300 of 500 = 60 %.
    found = window("host/icmp 10-01 08:20 fail 11:40 ok 16:40", doubt="customer")
    assert minutes(found) == (300, 199, 1, 500)
    assert found.value == Fraction(60, 100)


def test_intermediate_unknown_reduces_total_time():
    # Icinga and we: [100, 600) unknown, 300 of 500 = 60 %.
    found = window("host/icmp 10-01 00:00 ok 01:40 fail*1 10:00 ok 13:20 fail 16:40")
    assert minutes(found) == (298, 200, 2, 500)
    assert found.value == Fraction(60, 100)


def test_zero_duration():
    # Icinga raises. A window that is empty as of now holds no service time; a record of no time is refused.
    assert window(BEFORE, as_of="10-01 00:00").verdict == "not_applicable"
    with pytest.raises(ValueError, match="wanted an instant after from"):
        record_from_json(
            {
                "type": "maintenance",
                "id": "m",
                "scope": {},
                "from": "2026-10-01T00:00:00Z",
                "to": "2026-10-01T00:00:00Z",
                "announced_at": "2026-09-01T00:00:00Z",
                "approved": True,
            }
        )


def test_negative_duration():
    # Icinga raises; so does reading a term that ends before it begins, with its line.
    text = 'contract = "C"\nterm = { from = 2026-10-02, to = 2026-10-01 }\n'
    with pytest.raises(ConfigError, match=r"C\.toml:2: term: .*to on or after from"):
        contract_from(TomlSource("C.toml", text), {}, [])
