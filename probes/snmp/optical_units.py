"""Optical power as devices write it, in dBm. No value is guessed: what is no reading is None (docs/probes.md)."""

from __future__ import annotations

import math
from typing import Literal

from probes.snmp.sensor_units import fixed_point

DARKEST_DBM, BRIGHTEST_DBM = -40.0, 8.2
"""What any module can measure; anything else is no reading."""
_INVALID = (2_147_483_647, -2_147_483_648, -1_000_000_000, 1_000_000_000)
Unit = Literal["auto", "centi_dbm", "microwatt"]


def plausible(dbm: float | None) -> float | None:
    """The reading, rounded to 0.01 dBm, if a module can measure it."""
    return round(dbm, 2) if dbm is not None and DARKEST_DBM <= dbm <= BRIGHTEST_DBM else None


def of_microwatts(power: float) -> float | None:
    """Zero power has no dBm: it is no reading."""
    return plausible(10 * math.log10(power / 1000)) if power > 0 else None


def of_centi_dbm(value: int) -> float | None:
    """Hundredths of a dBm; what stands for "invalid" is None."""
    return None if value in _INVALID else plausible(value / 100)


def of_tenths_of_microwatts(value: int) -> float | None:
    """H3C's thresholds; 0 is unset."""
    return None if value in _INVALID else of_microwatts(value / 10)


def huawei(value: int, unit: Unit = "auto") -> float | None:
    """HwEntityOpticalRxPower and the like: hundredths of a dBm, or, on some devices, µW.

    Below 0 it can only be dBm. Above 820 it can only be µW. Between, it is one or the other, and is not guessed: the
    site says which (`unit`). 0 is no light on the one and no reading on the other.
    """
    if value in _INVALID or value == 0:
        return None
    if unit == "centi_dbm" or (unit == "auto" and value < 0):
        return of_centi_dbm(value)
    if unit == "microwatt" or value > BRIGHTEST_DBM * 100:
        return of_microwatts(value)
    return None


def of_sensor_watts(value: int, scale: int, precision: int) -> float | None:
    """ENTITY-SENSOR-MIB (RFC 3433) has watts; ±10**9 is beyond the sensor's range."""
    if value in _INVALID:
        return None
    return of_microwatts(fixed_point(value, scale, precision) * 1e6)


def of_sensor_dbm(value: int, scale: int, precision: int) -> float | None:
    """CISCO-ENTITY-SENSOR-MIB has dBm as a type of its own."""
    return None if value in _INVALID else plausible(fixed_point(value, scale, precision))
