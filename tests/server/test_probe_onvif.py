"""The `onvif` kind against a device written from the specification, and against strangers."""

from __future__ import annotations

import pytest

from probes.kinds import onvif
from probes.kinds.onvif import Options, probe
from probes.machine import clock_offset
from probes.registry import PROBES
from tests.support.cameras.onvif_device import PASSWORD, SOAP, USER, clock, device
from tests.support.patience import PATIENCE_S
from tests.support.servers.stranger import answering, endless, silent, stranger


@pytest.fixture(autouse=True)
def _right_clock(monkeypatch):
    # whether the kernel holds the clock of a build machine to be right is none of these tests' matter
    monkeypatch.setattr(
        onvif, "offset_verdict", lambda m, most: clock_offset.offset_verdict(m, most, trusted=lambda: True)
    )


async def seen_by(handle, *, timeout_s: float = PATIENCE_S, **options: object):
    async with stranger(handle) as port:
        return await probe(f"127.0.0.1:{port}", Options(**options), timeout_s=timeout_s)


@pytest.fixture
def login(tmp_path):
    (tmp_path / "secret").write_text(PASSWORD)
    return {"user": USER, "password_file": str(tmp_path / "secret")}


async def test_the_clock_is_told_without_a_login():
    seen = await seen_by(device(), max_offset="10s")
    assert seen.outcome == "ok"
    assert set(seen.metrics) == set(PROBES["onvif"].metrics)
    assert abs(seen.metrics["offset_ms"]) <= 2_000


async def test_a_clock_that_is_off_fails_only_where_a_limit_is_set():
    assert (await seen_by(device(off_s=95))).metrics["offset_ms"] == pytest.approx(95_000, abs=1_500)
    seen = await seen_by(device(off_s=95), max_offset="10s")
    assert (seen.outcome, seen.why.phrase) == ("fail", "clock off by more than its limit")


@pytest.mark.parametrize("off_s", [0, -86_400])
async def test_the_same_device_is_ok_even_with_another_clock(login, off_s):
    assert (
        await seen_by(device(off_s=off_s), serial="SN-42", model=["DS-1", "DS-2"], firmware="5.5", **login)
    ).outcome == "ok"


async def test_another_device_shows(login):
    seen = await seen_by(device(), serial="SN-41", **login)
    assert (seen.outcome, seen.reason) == ("fail", "another device than expected: serial: SN-42")


async def test_a_wrong_password_is_a_credentials_fault(login, tmp_path):
    (tmp_path / "secret").write_text("falsch")
    seen = await seen_by(device(), serial="SN-42", **login)
    assert (seen.outcome, seen.reason) == ("none", "login refused: Sender not authorized")


async def test_a_device_that_wants_a_login_for_all_is_none():
    seen = await seen_by(device(locked=True))
    assert (seen.outcome, seen.reason) == ("none", "a login is wanted, and none is set")


async def test_without_utc_no_offset_is_guessed():
    assert (await seen_by(device(clock_name="LocalDateTime"))).reason == "answer not understood: no UTC time"


def page(body: str):
    data = body.encode()
    return answering(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(data), data))


BILLION = '<!DOCTYPE l [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]><l>&b;</l>'
HOSTILE = [
    ("a page", page("<html><body>hello"), "answer not understood: XML"),
    ("entities", page(BILLION), "answer not understood: XML with a document type"),
    ("b6: nesting", page("<a>" * 20_000), "answer too large: elements of XML"),
    ("a hundred thousand elements", page("<a>" + "<b/>" * 60_000), "answer too large: elements of XML"),
    (
        "month 13",
        page(SOAP.format(clock(0).replace("<tt:Month>1<", "<tt:Month>13<"))),
        "answer not understood: the time of day",
    ),
    (
        "a number of a million digits",
        page(SOAP.format(clock(0).replace("<tt:Year>1970<", f"<tt:Year>{'9' * 200_000}<"))),
        "ok",
    ),
    ("b2: an endless body", endless(b"HTTP/1.1 200 OK\r\n\r\n", b"<a/>" * 9_999), "answer not understood"),
    ("not found", answering(b"HTTP/1.1 404 No\r\n\r\n"), "path not found"),
    ("busy", answering(b"HTTP/1.1 503 No\r\n\r\n"), "overloaded"),
]


@pytest.mark.parametrize(("name", "handle", "reason"), HOSTILE, ids=[each[0] for each in HOSTILE])
async def test_hostile_devices_are_their_own_fault(name, handle, reason):
    seen = await seen_by(handle)
    if reason == "ok":
        assert seen.outcome == "ok"  # the year 9999 is a year
    else:
        assert (seen.outcome, seen.reason[: len(reason)]) == ("fail", reason)


async def test_b1_a_silent_device_is_a_time_out():
    assert (await seen_by(silent, timeout_s=1)).reason == "answer not complete in time"
