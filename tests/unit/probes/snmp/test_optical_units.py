"""Optical power in dBm: each vendor's unit, and what is no reading."""

from __future__ import annotations

import pytest

from probes.faults import OwnFaultError
from probes.kinds.optical import Light, Options, cisco_limits, of_h3c, of_huawei, sensor, verdict, with_limits
from probes.snmp.optical_units import (
    huawei,
    of_centi_dbm,
    of_microwatts,
    of_sensor_dbm,
    of_sensor_watts,
    of_tenths_of_microwatts,
)
from probes.snmp.sensor_units import fixed_point

INVALID = 2_147_483_647
HUAWEI = {"vendor": "huawei", "index": 1}


@pytest.mark.parametrize(
    ("value", "unit", "dbm"),
    [
        (-1250, "auto", -12.5),
        (1000, "auto", 0.0),  # more than 8.2 dBm could be: µW
        (100, "auto", None),  # 1 dBm, or 100 µW (-10 dBm)? not guessed
        (100, "centi_dbm", 1.0),
        (100, "microwatt", -10.0),
        (0, "auto", None),
        (0, "centi_dbm", None),
        (INVALID, "auto", None),
        (-9000, "auto", None),  # no module sees -90 dBm
    ],
)
def test_huaweis_readings_are_never_guessed(value, unit, dbm):
    assert huawei(value, unit) == dbm


def test_zero_power_has_no_dbm_and_an_unset_threshold_is_none():
    assert of_microwatts(0) is None
    assert of_microwatts(12.6) == -19.0
    assert of_tenths_of_microwatts(0) is None
    assert of_tenths_of_microwatts(32) == -24.95
    assert of_centi_dbm(INVALID) is None


def test_rfc_3433_has_watts_with_scale_and_precision():
    assert of_sensor_watts(1000, 7, 1) == -10.0  # 1000 with one digit behind the point, micro: 100 µW
    assert of_sensor_watts(1, 8, 0) == 0.0  # 1 mW
    assert of_sensor_watts(1_000_000_000, 7, 0) is None  # beyond the sensor's range
    assert of_sensor_dbm(-71, 9, 1) == -7.1


def test_a_precision_below_0_counts_digits_and_moves_no_point():
    assert of_sensor_watts(100, 7, -2) == -10.0  # 100 µW, of which two digits are accurate
    assert fixed_point(55_000, 8, 0) == fixed_point(55_000, 8, -3) == 55


@pytest.mark.parametrize("extreme", [-(1 << 63), (1 << 63) - 1])
def test_scale_and_precision_are_bounded(extreme):
    assert 0 <= fixed_point(1, extreme, extreme) <= 1e24


def test_huaweis_thresholds_are_dbm_if_one_of_them_is_below_0():
    told = {"rx": 300, "tx": 339, "rx_low": -1900, "rx_high": 200, "tx_low": INVALID, "tx_high": 0}
    microwatt = of_huawei(told, Options(**HUAWEI, unit="microwatt"))
    assert microwatt == Light(rx=-5.23, tx=-4.7, rx_low=-19.0, rx_high=2.0)
    assert of_huawei(told, Options(**HUAWEI)) == Light(rx=None, rx_low=-19.0, rx_high=2.0)
    told |= {"rx_low": 10, "rx_high": 500}
    assert of_huawei(told, Options(**HUAWEI, unit="microwatt")).rx_low == -20.0
    assert of_huawei(told, Options(**HUAWEI)).rx_low is None, "10 can be either"


def test_a_sensor_that_is_not_in_order_or_measures_something_else_reads_nothing():
    row = {f"t.{column}.5": value for column, value in {1: 6, 2: 7, 3: 0, 4: 100, 5: 1}.items()}
    assert sensor(row, "t", 5) == -10.0
    assert sensor(row | {"t.5.5": 3}, "t", 5) is None
    assert sensor(row | {"t.1.5": 8}, "t", 5) is None


def test_of_ciscos_thresholds_the_outermost_severe_ones_are_the_alarms():
    rows = {}
    for number, (severity, relation, value) in enumerate(
        [(30, 4, 10), (20, 4, -20), (20, 1, -130), (30, 2, -180), (10, 1, -300)], 1
    ):
        rows |= {f"2.500.{number}": severity, f"3.500.{number}": relation, f"4.500.{number}": value}
    assert cisco_limits(rows, 500, 9, 1) == (-18.0, 1.0)
    assert cisco_limits(rows, 50, 9, 1) == (None, None)


def of_cisco(*thresholds: tuple[int, int, int]) -> tuple[float | None, float | None]:
    """The alarms of a sensor with these: severity, relation, hundredths of a dBm."""
    columns = enumerate(zip(*thresholds, strict=True), 2)
    rows = {f"{column}.7.{n}": value for column, values in columns for n, value in enumerate(values)}
    return cisco_limits(rows, 7, 9, 2)


def test_thresholds_of_cisco_that_are_all_0_were_never_set_and_a_0_beside_others_is_a_limit():
    assert of_cisco((30, 1, 0), (20, 1, 0), (20, 3, 0), (30, 3, 0)) == (None, None)
    assert of_cisco((30, 1, -1800), (30, 3, 0)) == (-18.0, 0.0)


@pytest.mark.parametrize(("low", "high"), [(0.0, 0.0), (-3.0, -3.0), (2.0, -24.0)])
def test_a_low_threshold_that_is_not_below_the_high_one_was_never_set(low, high):
    light = Light(rx=-5.2, tx=-2.0, rx_low=low, rx_high=high, tx_low=-9.0, tx_high=1.0)
    assert with_limits(light) == light._replace(rx_low=None, rx_high=None)
    assert with_limits(Light(rx=-5.2, tx_low=low, tx_high=high)) == Light(rx=-5.2)
    assert verdict(with_limits(light), Options(**HUAWEI)).outcome == "ok"


@pytest.mark.parametrize(("low", "high"), [(-24.0, 0.0), (-24.0, None), (None, 0.0), (None, None)])
def test_other_thresholds_are_believed(low, high):
    light = Light(rx=-5.2, rx_low=low, rx_high=high)
    assert with_limits(light) == light


def test_h3cs_readings_and_thresholds_have_different_units():
    light = of_h3c({"rx": -710, "tx": INVALID, "rx_low": 32, "rx_high": 0, "tx_low": None, "tx_high": None})
    assert light == Light(rx=-7.1, tx=None, rx_low=-24.95, rx_high=None)


@pytest.mark.parametrize(
    ("light", "options", "reason"),
    [
        (Light(rx=-24.0, rx_low=-24.0), {}, ""),  # exactly at the alarm is not below it
        (Light(rx=-24.01, rx_low=-24.0), {}, "received light below its alarm: -24.01 dBm, alarm -24"),
        (Light(rx=-24.01, rx_low=-24.0), {"low_alarm": -30}, ""),
        (Light(rx=-2.0, rx_high=-3.0), {}, "received light above its alarm: -2 dBm, alarm -3"),
        (Light(rx=-9.0, tx=-9.5, tx_low=-9.0), {}, "sent light below its alarm: -9.5 dBm, alarm -9"),
        (Light(rx=-9.0, tx=3.5, tx_high=3.0), {}, "sent light above its alarm: 3.5 dBm, alarm 3"),
        (Light(rx=-22.0, rx_low=-24.0), {"min_margin": 3}, "optical margin too small: 2 dB"),
        (Light(rx=-12.5), {"usual_rx": -10, "max_drift": 2}, "received light less than usual: -2.5 dB"),
        (Light(rx=-7.0), {"usual_rx": -10, "max_drift": 2}, ""),
    ],
)
def test_light_is_judged_by_limits_that_somebody_gave(light, options, reason):
    assert verdict(light, Options(**HUAWEI, **options)).reason == reason


def test_without_a_threshold_there_is_no_margin_and_nothing_is_guessed():
    with pytest.raises(OwnFaultError, match="does not tell what a limit is for: low alarm"):
        verdict(Light(rx=-22.0), Options(**HUAWEI, min_margin=3))
    assert verdict(Light(rx=-22.0), Options(**HUAWEI, min_margin=3, low_alarm=-26)).outcome == "ok"


@pytest.mark.parametrize("tx", [None, -3.0])
def test_no_reading_of_the_light_received_is_ours_whatever_is_sent(tx):
    with pytest.raises(OwnFaultError, match="no reading of the module"):
        verdict(Light(rx=None, tx=tx, rx_low=-20, tx_low=-9), Options(**HUAWEI))


def test_what_is_sent_fails_also_without_a_reading_of_what_is_received():
    seen = verdict(Light(rx=None, tx=-9.5, tx_low=-9), Options(**HUAWEI))
    assert (seen.reason, seen.metrics) == ("sent light below its alarm: -9.5 dBm, alarm -9", {"tx_dbm": -9.5})
