"""A port's answer beside that of the look before: rates across wraps, restarts and resets."""

from __future__ import annotations

import pytest

from probes.faults import OwnFaultError
from probes.kinds.snmp_device import fullest, hottest, uptime
from probes.kinds.snmp_link import CounterSample, Options, flaps, one, rates, verdict

UP = {"admin": 1, "oper": 1, "mbit": 1000}
ZERO = {"in_errors": 0, "out_errors": 0, "in_discards": 0, "out_discards": 0}


def sample(uptime_s: float, **said: int) -> CounterSample:
    return CounterSample(int(uptime_s * 100) % (1 << 32), UP | ZERO | said)


def said(now: CounterSample, before: CounterSample | None = None, **options: object) -> str:
    return verdict(now, before, Options(index=1, **options)).reason


def test_octets_become_bits_a_second_and_a_share_of_the_speed():
    found = rates(sample(110, **{"in": 1_250_000_000, "out": 0}), sample(100, **{"in": 0, "out": 0}))
    assert (found["in_bit_per_s"], found["in_ratio"], found["out_ratio"]) == (1e9, 1.0, 0.0)


def test_a_64_bit_counter_that_wraps_goes_on():
    found = rates(sample(110, **{"in": 4, "out": 0}), sample(100, **{"in": (1 << 64) - 6, "out": 0}))
    assert found["in_bit_per_s"] == 8.0


def test_a_32_bit_counter_that_wraps_goes_on_where_there_is_no_other():
    found = rates(sample(110, in_32=4, out_32=0), sample(100, in_32=(1 << 32) - 6, out_32=0))
    assert found["in_bit_per_s"] == 8.0


def test_a_counter_that_was_reset_is_no_rate():
    assert "in_bit_per_s" not in rates(sample(110, **{"in": 0, "out": 0}), sample(100, **{"in": 10**15, "out": 0}))
    assert "errors_per_s" not in rates(sample(110), sample(100, in_errors=3_000_000))


def test_64_bit_octets_that_went_back_are_no_rate_without_a_known_speed_either_and_no_errors_are_counted_then():
    before = sample(100, mbit=0, in_errors=7, **{"in": 10**12, "out": 0})
    assert rates(sample(160, mbit=0, in_errors=9, **{"in": 5, "out": 0}), before) == {}
    assert rates(sample(160, mbit=0, in_errors=9, **{"in": 10**12 + 60, "out": 0}), before)["in_bit_per_s"] == 8.0


@pytest.mark.parametrize(("mbit", "has_rate"), [(0, False), (1000, True)])
def test_32_bit_octets_that_grew_by_half_of_all_are_a_rate_only_where_the_speed_allows_it(mbit, has_rate):
    found = rates(sample(130, in_32=1 << 31, mbit=mbit), sample(100, in_32=0, mbit=mbit))
    assert ("in_bit_per_s" in found) is has_rate


@pytest.mark.parametrize("mbit", [0, 100, 1000, 10_000])
@pytest.mark.parametrize("old", [1_000, 3_000_000_000])
def test_errors_that_were_set_back_are_no_errors(old, mbit):
    assert "errors_per_s" not in rates(sample(160, mbit=mbit), sample(100, in_errors=old, mbit=mbit))


def test_errors_that_wrap_go_on_where_so_many_packets_can_pass():
    before = sample(100, in_errors=(1 << 32) - 100)
    assert rates(sample(160, in_errors=200), before)["errors_per_s"] == 5.0
    most = 1_000_000_000 * 60 // 672
    assert "errors_per_s" in rates(sample(160, in_errors=most - 100), before)
    assert "errors_per_s" not in rates(sample(160, in_errors=most - 98), before)


@pytest.mark.parametrize(("admin", "reason"), [(1, "the device does not know the state of the port"), (2, "")])
def test_a_state_that_the_device_does_not_know_is_none_unless_the_port_is_switched_off(admin, reason):
    now = sample(100, oper=4, admin=admin)
    if reason:
        with pytest.raises(OwnFaultError, match=reason):
            verdict(now, None, Options(index=1))
    else:
        assert said(now) == "port switched off"


def test_a_restart_between_two_looks_leaves_no_rates():
    assert rates(sample(5, **{"in": 9, "out": 9}), sample(100_000, **{"in": 5, "out": 5})) == {}


def test_a_restart_behind_300_days_is_no_wrap_of_the_uptime():
    before = sample(300 * 86_400, in_errors=(1 << 31) + 9, **{"in": 10**9, "out": 0})
    assert rates(sample(60, in_errors=9, **{"in": 9, "out": 0}), before) == {}


def test_an_uptime_that_wraps_after_497_days_is_no_restart():
    wrap_s = (1 << 32) / 100
    assert (
        rates(sample(wrap_s + 5, **{"in": 10, "out": 0}), sample(wrap_s - 5, **{"in": 0, "out": 0}))["in_bit_per_s"]
        == 8.0
    )


def test_errors_a_second_are_those_of_both_ways():
    assert rates(sample(110, in_errors=30, out_errors=20), sample(100))["errors_per_s"] == 5.0


@pytest.mark.parametrize(
    ("changes", "options", "reason"),
    [
        ({}, {}, ""),
        ({"oper": 2}, {}, "port down: down"),
        ({"oper": 7}, {}, "port down: lower layer down"),
        ({"admin": 2, "oper": 2}, {}, "port switched off"),
        ({"mbit": 100}, {"min_speed": 1000}, "speed below what is wanted: 100 Mbit/s"),
        ({}, {"min_speed": 1000}, ""),
        ({"duplex": 2}, {"full_duplex": True}, "half duplex"),
        ({"duplex": 3}, {"full_duplex": True}, ""),
    ],
)
def test_what_is_wrong_with_a_port_is_named(changes, options, reason):
    assert said(sample(100, **changes), **options) == reason


def test_more_errors_than_allowed_fail_exactly_above_the_limit():
    assert said(sample(110, in_errors=50), sample(100), max_errors=5) == ""
    assert said(sample(110, in_errors=51), sample(100), max_errors=5) == "errors above their limit"


@pytest.mark.parametrize(("changed", "since_s"), [(9_700, 3.0), (10_000, 0), (10_002, 0), ((1 << 32) - 100, 101.0)])
def test_a_last_change_is_told_across_the_wrap_and_never_lies_ahead(changed, since_s):
    assert verdict(sample(100, changed=changed), None, Options(index=1)).metrics["since_change_s"] == since_s


@pytest.mark.parametrize(
    ("before", "now", "flapped"),
    [
        (sample(100, changed=5), sample(160, changed=5), 0),
        (sample(100, changed=5), sample(160, changed=10_000), 1),  # at the look before, and after it was answered
        (sample(100, changed=5), sample(160, changed=9_999), 0),
        (sample(100, changed=5), sample(160, changed=16_100), 1),
        (
            sample(100, changed=5),
            sample(160, changed=16_101),
            0,
        ),  # more than a second ahead: no change of these looks
        (sample(100, changed=0), sample(160, changed=0), None),
        (sample(100, changed=5), sample(160, changed=0), None),
        (sample(100), sample(160, changed=13_000), None),
        (sample(100, changed=5), sample(100, changed=13_000), None),
        (sample(100, changed=5), CounterSample(None, UP | {"changed": 13_000}), None),
    ],
)
def test_a_flap_is_a_change_between_two_looks_at_a_port_that_is_up(before, now, flapped):
    assert flaps(now, before).get("flaps") == flapped


def test_a_flap_is_a_fault_only_where_it_is_asked_for():
    now, before = sample(160, changed=13_000), sample(100, changed=5)
    assert said(now, before) == ""
    assert said(now, before, no_flaps=True) == "port went down and up again: 30 s ago"
    assert said(sample(160, changed=5), before, no_flaps=True) == ""


def test_the_uptime_is_told_beyond_its_wrap_by_the_engines_time():
    assert uptime(500, None) == 5.0
    assert uptime(500, 42_949_678) == pytest.approx(42_949_677.96)
    assert uptime(None, 7) == 7.0
    assert uptime(None, None) is None


def test_the_fullest_memory_and_the_hottest_sensor_count():
    assert fullest([(50, 100), (90, 100), (5, 0), (None, 7), (200, 100)]) == 90
    types, scales, precisions = {"1": 8, "2": 8, "3": 6}, {"1": 9, "2": 8, "3": 9}, {"1": 0, "2": 0, "3": 0}
    values, states = {"1": 41, "2": 55_000, "3": 99}, {"1": 1, "2": 1, "3": 1}
    assert hottest([types, scales, precisions, values, states]) == 55.0
    assert hottest([types, scales, precisions, values, states | {"2": 3}]) == 41.0
    assert hottest([types, scales, {"1": -1}, values, states | {"2": 3}]) == 41.0


async def test_a_second_try_is_held_against_the_same_look_as_the_first_and_a_later_one_against_that():
    class Port:
        memory: dict = {}  # noqa: RUF012 - one of each

        async def values(self, oids, _deadline):
            return dict.fromkeys(oids, 1) | {"1.3.6.1.2.1.1.3.0": self.ticks, "1.3.6.1.2.1.2.2.1.14.7": self.errors}

    port, options, seen = Port(), Options(index=7, max_errors=1), []
    for port.ticks, port.errors in ((0, 0), (6_000, 600), (6_050, 600), (12_050, 600)):
        outcome = await one(port, options, None)
        seen.append((outcome.outcome, outcome.metrics.get("errors_per_s")))
    # 600 errors in 60 s are 10 a second; half a second later still 600 in 60.5 s; then none in the 60 s since
    assert seen == [("ok", None), ("fail", 10.0), ("fail", 9.917), ("ok", 0.0)]
