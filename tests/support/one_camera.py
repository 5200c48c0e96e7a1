"""One camera that is looked at every minute, and what comes of it under a repair clause (SPEC §7)."""

from __future__ import annotations

from tests.support.timelines import calendar, contract, repair, result

CAMERA = """
asset cam camera
check cam/icmp 60s critical
"""
OFFICE = {"office": calendar("08:00-18:00", "workdays", "CN")}


def judge(said: str, clause=None, *, month: str = "2026-10", as_of: str | None = None, **pieces):
    return result(contract(clause or repair(), **pieces), CAMERA + said, month, as_of)


def only(said: str, clause=None, **pieces):
    (item,) = judge(said, clause, **pieces).items
    return item


# Fails from 09:00 to 12:59, ok from 13:00: detected 09:00, last_fail 12:59, restored 13:00.
FOUR_HOURS = "cam/icmp 10-09 06:00 ok 09:00 fail 13:00 ok 18:00\n"


STILL = "cam/icmp 10-09 06:00 ok 09:00 fail 11:00\n"
"""Still failing at 11:00, the last reading."""


NOTIFIED = {"clock": "notified"}


THREE = "cam/icmp 10-09 06:00 ok 08:00 fail 09:00 ok 10:00 fail 11:00 ok 12:00 fail 15:00 ok 18:00\n"
"""Two incidents of 59 minutes, one of 179."""
