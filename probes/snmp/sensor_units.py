"""A sensor's value as ENTITY-SENSOR-MIB (RFC 3433) and Cisco's table write it: a fixed-point number with a scale."""

from __future__ import annotations

_YOCTO, _UNITS, _YOTTA = 1, 9, 17


def fixed_point(value: int, scale: int, precision: int) -> float:
    """The value in its unit; a scale or precision beyond those that there are counts as the nearest of them.

    A precision of 1 to 9 says how many digits are behind the point. One below 0 says how many of the digits are
    accurate, and moves no point.
    """
    exponent = 3 * (min(max(scale, _YOCTO), _YOTTA) - _UNITS)
    return value * 10.0**exponent / 10.0 ** min(max(precision, 0), 9)
