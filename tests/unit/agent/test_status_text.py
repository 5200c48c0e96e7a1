"""What `sla-agent status` says to people: their language, their clock, and why something was not seen."""

from __future__ import annotations

from agent.status_text import MOST_NAMES, is_well, status_text

STATUS = {
    "site": "s",
    "name": "湛河",
    "timezone": "Asia/Shanghai",
    "practice": False,
    "state": "running",
    "pid": 7,
    "at": "2026-11-28T04:00:00.000Z",
    "started_at": "2026-11-28T03:00:00.000Z",
    "last_tick_at": "2026-11-28T04:00:00.000Z",
    "counts": {"up": 1, "down": 1, "cut_off": 0, "unknown": 1},
    "down": [
        {
            "check": "sw-2/snmp",
            "asset": "sw-2",
            "detected": "2026-11-28T03:30:00.000Z",
            "began_after": None,
            "reason": "no answer",
            "cuts_off": [],
        }
    ],
    "cut_off": [],
    "unknown": ["cam-2/rtsp"],
    "unseen": {"cam-2/rtsp": "login refused: 401"},
    "late": 0,
    "undelivered": [],
    "is_blind": False,
    "filtered": [],
    "clock": {"is_trusted": True},
    "head": {"seq": 1, "hash": "ab"},
}


def test_reasons_are_told_in_the_language_and_instants_on_the_site_s_clock():
    chinese, english = status_text(STATUS, "zh"), status_text(STATUS, "en")
    assert "sw-2/snmp" in chinese
    assert "无应答" in chinese
    assert "2026-11-28 11:30:00 +0800" in chinese
    assert "down: sw-2/snmp since 2026-11-28 11:30:00 +0800: no answer" in english


def test_why_something_could_not_be_seen_is_told():
    assert "not seen: cam-2/rtsp: login refused: 401" in status_text(STATUS, "en")
    many = STATUS | {"unseen": {f"cam-{n}/rtsp": "no permission" for n in range(MOST_NAMES + 3)}}
    assert "and 3 more that were not seen" in status_text(many, "en")


def test_a_filter_on_the_way_is_told_and_is_not_well():
    well = STATUS | {"counts": {"up": 3, "down": 0, "cut_off": 0, "unknown": 0}}
    assert is_well(well)
    assert not is_well(well | {"filtered": ["icmp"]})
    assert "All looks of icmp go unanswered" in status_text(well | {"filtered": ["icmp"]}, "en")


def test_what_an_older_agent_left_is_told_too():
    old = {key: value for key, value in STATUS.items() if key not in ("timezone", "unseen", "filtered")}
    assert "since 2026-11-28T03:30:00.000Z" in status_text(old, "en")
