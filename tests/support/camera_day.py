"""One day of a camera or two, looked at every minute, to be judged under an availability clause (SPEC §6)."""

from __future__ import annotations

CAMERA = """
asset cam camera
check cam/icmp 60s
"""
TODAY = {"term": "2026-10-01 2026-10-01"}
"""A term of one day, so that S is 1,440 minutes."""


HOUR_DOWN = "cam/icmp 10-01 00:00 ok 09:00 fail 10:00 ok 24:00"
"""Down [09:00, 09:59) = 59 min, changing 2 min, up 1440 − 61 = 1379 min."""


TWO = """
asset cam-1 camera
asset cam-2 camera
check cam-1/icmp 60s
check cam-2/icmp 60s
"""
ONE_DOWN = TWO + "cam-1/icmp 10-01 00:00 ok 12:00 fail 24:00\ncam-2/icmp 10-01 00:00 ok 24:00"
"""cam-1: up 719, changing 1, down 720 min (50 % for the vendor); cam-2: up 1440."""
