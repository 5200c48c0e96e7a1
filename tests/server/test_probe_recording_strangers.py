"""The `recording` kind against recorders that are late, wrong or hostile."""

# ruff: noqa: S105 - the tokens of recordings are no secrets

from __future__ import annotations

import asyncio

import pytest

from probes.faults import AssetFaultError, OwnFaultError
from probes.kinds.recording import Options, probe
from probes.net.connection import Deadline
from probes.onvif.device import DeviceOptions, OnvifDevice
from probes.onvif.xml_tree import Element
from tests.support.cameras.onvif_device import SOAP, USER, clock
from tests.support.cameras.onvif_recorder import Recorder
from tests.support.cameras.recordings import END_OF_TIME_S, seen_by
from tests.support.patience import PATIENCE_S
from tests.support.servers.stranger import answering, closed_port, endless, stranger

# Strangers


def after_the_clock(body: str):
    """Tells the time; whatever else is asked, says this."""

    async def handle(reader, writer):
        asked = await reader.read(65_536)
        said = SOAP.format(clock(1_800_000_000)) if b"GetSystemDateAndTime" in asked else body
        data = said.encode()
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(data), data))
        await writer.drain()

    return handle


def search_at(address: str) -> str:
    space = "http://www.onvif.org/ver10/search/wsdl"
    return SOAP.format(
        f"<tds:Service><tds:Namespace>{space}</tds:Namespace><tds:XAddr>{address}</tds:XAddr></tds:Service>"
    )


def recorder_of(inside: str) -> str:
    """One answer to all questions: services, a search token, and one portion."""
    token = "<tse:SearchToken>S</tse:SearchToken>"
    return search_at("http://h/s").replace("</SOAP-ENV:Body>", f"{token}{inside}</SOAP-ENV:Body>")


def information(inside: str) -> str:
    return recorder_of(
        f"<tt:SearchState>Completed</tt:SearchState><tt:RecordingInformation>{inside}</tt:RecordingInformation>"
    )


BILLION = '<!DOCTYPE l [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]><l>&b;</l>'
HOSTILE = [
    ("entities", BILLION, "answer not understood: XML with a document type"),
    ("b6: nesting", "<a>" * 20_000, "answer too large: elements of XML"),
    ("an address that is none", search_at("http://[::1/x"), "answer not understood: the address of the search"),
    ("a service without a path", search_at("http://10.1.1.1"), "answer not understood: the address of the search"),
    ("no token", search_at("http://h/s"), "answer not understood: no search token"),
    ("no state", recorder_of(""), "answer not understood: no search state"),
    (
        "a time that is none",
        information("<tt:EarliestRecording>yesterday</tt:EarliestRecording>"),
        "answer not understood: the time: yesterday",
    ),
    (
        "a year of many digits",
        information(f"<tt:LatestRecording>{'9' * 99}-01-01T00:00:00Z</tt:LatestRecording>"),
        "answer not understood: the time: 99",
    ),
    (
        "metadata only",
        information("<tt:Track><tt:TrackType>Metadata</tt:TrackType></tt:Track>"),
        "no recording found",
    ),
]


@pytest.mark.parametrize(("name", "body", "reason"), HOSTILE, ids=[each[0] for each in HOSTILE])
async def test_hostile_recorders_are_their_own_fault(name, body, reason):
    seen = await seen_by(after_the_clock(body))
    assert (seen.outcome, seen.reason[: len(reason)]) == ("fail", reason)


async def test_a_clock_at_the_end_of_time_goes_no_further():
    recorder, deadline = Recorder(login="token"), Deadline(PATIENCE_S)
    recorder._GetSystemDateAndTime = lambda _request: clock(END_OF_TIME_S)
    async with stranger(recorder) as port:
        device = OnvifDevice(f"127.0.0.1:{port}", DeviceOptions(user=USER), deadline)
        await device.clock_s()
        deadline._began -= 10  # ten seconds later
        assert device.now_ms() == END_OF_TIME_S * 1000
        with pytest.raises(OwnFaultError):  # a wrong login, and no failure of our own to write the time
            await device.ask(Element("tds:GetServices"))


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
async def test_time_that_ran_out_between_two_questions_is_a_late_answer(host):
    device = OnvifDevice(f"{host}:9", DeviceOptions(), Deadline(0))
    with pytest.raises(AssetFaultError) as fault:
        await device.ask(Element("tds:GetServices"))
    assert fault.value.reason == "answer not complete in time"


async def test_a_clock_at_the_beginning_of_time_has_no_window():
    recorder = Recorder()
    recorder._GetSystemDateAndTime = lambda _request: clock(60)
    seen = await seen_by(recorder, window="1d")
    assert (seen.outcome, seen.reason) == ("fail", "answer not understood: the time of day")


async def test_b2_an_endless_body_ends():
    handle = endless(b"HTTP/1.1 200 OK\r\n\r\n", b"<a/>" * 9_999)
    assert (await seen_by(handle)).reason.startswith("answer not understood")


@pytest.mark.parametrize("first", [0, 1, 2])
async def test_b1_a_recorder_that_falls_silent_at_any_question_is_late(first):
    recorder, met = Recorder(), iter(range(100))

    async def handle(reader, writer):
        if next(met) < first:
            await recorder(reader, writer)
        else:
            await asyncio.Event().wait()

    assert (await seen_by(handle, timeout_s=1)).reason == "answer not complete in time"


async def test_a_recorder_that_is_away_is_not_reached():
    with closed_port() as port:
        seen = await probe(f"127.0.0.1:{port}", Options(), timeout_s=PATIENCE_S)
    assert (seen.outcome, seen.reason) == ("fail", "connection refused")


async def test_a_recorder_whose_search_is_elsewhere_than_it_says_is_told_apart():
    seen = await seen_by(answering(b"HTTP/1.1 404 No\r\n\r\n"))
    assert (seen.outcome, seen.why.phrase) == ("fail", "path not found")
