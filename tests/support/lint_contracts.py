"""Contracts of a clause or two, to be linted."""

from __future__ import annotations

HEAD = """\
contract = "L"
title = "t"
timezone = "Asia/Shanghai"
customer = { name = "甲" }
vendor = { name = "乙" }
term = { from = 2026-01-01, to = 2026-12-31 }
fee = { total = "120000.00", deduction_cap = "20%" }
[calendars.office]
days = "workdays"
hours = ["08:00-18:00"]
holidays = "CN"
"""
A1 = """\
[[obligations]]
id = "A1"
clause = "4"
kind = "availability"
title = "t"
scope = { kind = "camera" }
target = "98%"
deduct = { per = "1%", amount = "100" }
"""
R1 = """\
[[obligations]]
id = "R1"
clause = "5"
kind = "repair"
title = "t"
scope = { severity = "critical" }
stage = "restore"
limit = "4h"
deduct = { per_started = "1h", amount = "100", cap_each = "500", cap = "1000" }
"""
NOTICE = 'clock = "notified"\nnotify_within = "15m"\n'
I1 = """\
[[obligations]]
id = "I1"
clause = "3"
kind = "inspection"
title = "t"
scope = { kind = "camera" }
every = "day"
calendar = "office"
deduct = { per_missed = "100" }
"""
SEEN = """
    asset cam camera
    asset srv server
    check cam/icmp 60s critical reach
    check cam/rtsp 5m minor
"""


def told(findings):
    return [(each.clause, each.code) for each in findings]


SCORED = A1 + 'points = "100"\nlose = { per = "1%", amount = "2" }\n'


QUALITY = """\
[[obligations]]
id = "Q1"
clause = "4.6"
kind = "quality"
title = "t"
scope = { kind = "camera" }
checks = ["icmp"]
metric = "rtt_ms"
at_most = 20
share = "95%"
measure = "each"
deduct = { amount_each = "1" }
"""


REPEAT = """\
[[obligations]]
id = "P1"
clause = "6"
kind = "repeat"
title = "t"
within = "{}"
repeats = 1
deduct = {{ per_breach = "1" }}
"""


def line_of(text, begins, after=""):
    lines = text.splitlines()
    start = next(n for n, line in enumerate(lines) if after in line)
    return next(n for n, line in enumerate(lines, 1) if n > start and line.startswith(begins))
