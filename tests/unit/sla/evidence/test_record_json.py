"""Records as JSON objects (SPEC section 1): every wrong value is refused by its key, with what was wanted."""

from __future__ import annotations

import re

import pytest

from sla.evidence.record_json import record_from_json, record_to_json

GOOD = {
    "asset": {"id": "cam", "kind": "camera", "name": "门口", "tags": ["north"], "behind": ["sw"], "behind_any": []},
    "check": {"id": "c", "asset": "cam", "interval_s": 0.5, "severity": "minor", "counts": False, "reach": True},
    "reading": {
        "check": "c",
        "at": "2026-10-01T08:00:00Z",
        "outcome": "ok",
        "reason": "",
        "source": "",
        "metrics": {"rtt_ms": 1},
    },
    "notified": {"check": "c", "at": "2026-10-01T08:00:00Z", "channel": "mail"},
    "claim": {
        "id": "c1",
        "asset": "cam",
        "from": "2026-10-01T08:00:00Z",
        "to": "2026-10-01T09:00:00Z",
        "cause": "power",
        "by": "v",
        "at": "2026-10-01T10:00:00Z",
    },
    "maintenance": {
        "id": "m1",
        "scope": {"kind": ["camera"]},
        "from": "2026-10-01T08:00:00Z",
        "to": "2026-10-01T09:00:00Z",
        "announced_at": "2026-09-01T10:00:00Z",
        "approved": True,
    },
    "settled": {
        "month": "2026-09",
        "payable": "1.00",
        "adjustment": "-0.50",
        "at": "2026-10-05T00:00:00Z",
        "by": "b",
        "party": "vendor",
        "contract": "",
    },
    "agent": {"at": "2026-10-01T08:00:00Z", "event": "start", "version": "1"},
}


def made(kind: str, **changed):
    return record_from_json({"type": kind, **GOOD[kind], **changed})


@pytest.mark.parametrize("kind", GOOD)
def test_a_record_is_written_as_it_was_read(kind):
    assert record_to_json(made(kind)) == {"type": kind, **GOOD[kind]}


@pytest.mark.parametrize("kind", GOOD)
def test_further_keys_are_kept(kind):
    assert record_to_json(made(kind, note={"a": [1]}))["note"] == {"a": [1]}


def test_null_says_not_given():
    assert made("asset", behind=None, tags=None).behind == ()
    assert made("check", reach=None).reach is False


@pytest.mark.parametrize(
    ("kind", "changed", "reason"),
    [
        ("asset", {"id": ""}, "id: got '', wanted a string that is not empty"),
        ("asset", {"name": 5}, "name: got 5, wanted a string"),
        ("asset", {"tags": "north"}, "tags: got 'north', wanted a list of strings"),
        ("asset", {"tags": [""]}, "tags: got '', wanted a string that is not empty"),
        ("asset", {"behind": 7}, "behind: got 7, wanted a list of strings"),
        ("asset", {"name": ["x" * 100]}, "name: got ['" + "x" * 75 + "…, wanted a string"),
        ("check", {"interval_s": True}, "interval_s: got True, wanted a number of seconds above 0"),
        ("check", {"interval_s": 0}, "interval_s: got 0, wanted a number of seconds above 0"),
        ("check", {"interval_s": 0.0005}, "interval_s: got 0.0005, wanted a whole number of milliseconds"),
        ("check", {"severity": "high"}, "severity: got 'high', wanted one of critical, major, minor"),
        ("check", {"reach": 1}, "reach: got 1, wanted true or false"),
        ("check", {"severity": None}, "severity: missing in this check"),
        ("reading", {"outcome": "up"}, "outcome: got 'up', wanted one of ok, fail, none"),
        ("reading", {"metrics": []}, "metrics: got [], wanted an object of numbers"),
        ("reading", {"metrics": {"a": "1"}}, "metrics: got {'a': '1'}, wanted numbers only"),
        ("reading", {"metrics": {"a": True}}, "metrics: got {'a': True}, wanted numbers only"),
        ("reading", {"metrics": {"a": float("inf")}}, "metrics: got {'a': inf}, wanted finite numbers only"),
        ("reading", {"at": 5}, "at: got 5, wanted a string"),
        ("reading", {"at": "2026-10-01T08:00:00"}, "at: '2026-10-01T08:00:00' is no instant; wanted RFC 3339"),
        ("claim", {"to": "2026-10-01T08:00:00Z"}, "to: got 2026-10-01T08:00:00Z, wanted an instant after from"),
        ("claim", {"cause": "weather"}, "cause: got 'weather', wanted one of power"),
        ("maintenance", {"scope": "all"}, "scope: got 'all', wanted an object of kind, ids, tags"),
        ("maintenance", {"scope": {"kin": "camera"}}, "scope: got 'kin', wanted a scope key: kind, ids, tags"),
        ("maintenance", {"approved": "yes"}, "approved: got 'yes', wanted true or false"),
        ("settled", {"payable": 1.5}, "payable: got 1.5, wanted money as a string with 2 digits"),
        ("settled", {"payable": "1.5"}, "payable: got '1.5', wanted money as a string with 2 digits"),
        ("settled", {"month": "2026-13"}, "month: '2026-13' is no month; wanted YYYY-MM"),
        ("agent", {"event": None}, "event: missing in this agent"),
    ],
)
def test_a_wrong_value_is_refused_by_its_key(kind, changed, reason):
    with pytest.raises(ValueError, match="^" + re.escape(reason)):
        made(kind, **changed)


@pytest.mark.parametrize("kind", ["raeding", None, 5, ["asset"]])
def test_an_unknown_type_is_refused(kind):
    with pytest.raises(ValueError, match="type: got .*, wanted one of asset, check, reading"):
        record_from_json({"type": kind})


def test_only_an_object_is_a_record():
    with pytest.raises(ValueError, match=r"got \['asset'\], wanted a JSON object"):
        record_from_json(["asset"])
