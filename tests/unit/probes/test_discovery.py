"""What answers in a range: what is asked of a host, and what the draft says of it; hosts that answer as a table says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.text.reasons import Reason
from probes import discovery
from probes.discovery import MOST_ADDRESSES, discovered, discovery_request, kind_of, networks, scopes_in
from probes.faults import OwnFaultError
from probes.onvif.xml_tree import tree
from probes.outcome import fail, none, ok


def match(*scopes: str) -> bytes:
    body = f"<d:ProbeMatches><d:ProbeMatch><d:Scopes>{' '.join(scopes)}</d:Scopes></d:ProbeMatch></d:ProbeMatches>"
    return f'<s:Envelope xmlns:s="s" xmlns:d="d"><s:Body>{body}</s:Body></s:Envelope>'.encode()


class World:
    """Which hosts answer a ping, which ports are open, and who speaks what; keeps what was asked."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.alive: dict[str, object] = {}
        self.open: set[tuple[str, int]] = set()
        self.rtsp: set[str] = set()
        self.scopes: dict[str, list[str]] = {}
        self.system: dict[str, dict[str, str]] = {}
        self.asked: list[str] = []
        world = self

        class Engine:
            async def run(self, looks, deliver):
                for index, look in enumerate(looks):
                    world.asked.append(look.address)
                    deliver(index, world.alive.get(look.address, fail("no answer")))

            def close(self) -> None:
                pass

        async def accepts(address, options, *, timeout_s):
            assert timeout_s > 0
            return ok() if (address, options.port) in self.open else fail("connection refused")

        async def described(address, _options, *, timeout_s):
            assert timeout_s > 0
            return ok() if address in self.rtsp else fail("answer not understood")

        async def scopes_of(address):
            return self.scopes.get(address, [])

        async def system_of(address):
            return self.system.get(address, {})

        monkeypatch.setattr(discovery, "IcmpEngine", Engine)
        monkeypatch.setattr(discovery.tcp, "probe", accepts)
        monkeypatch.setattr(discovery.rtsp, "probe", described)
        monkeypatch.setattr(discovery.onvif, "probe", described)
        monkeypatch.setattr(discovery, "_onvif_scopes", scopes_of)
        monkeypatch.setattr(discovery, "_system", system_of)


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    return World(monkeypatch)


async def found(*ranges: str):
    return await discovered(networks(ranges), lambda *_: None)


async def test_only_what_answers_a_ping_is_asked_more_and_each_address_once(world):
    world.alive = {"192.0.2.2": ok()}
    rows = await found("192.0.2.0/29", "192.0.2.2")
    assert [(row.address, row.probes, row.kind) for row in rows] == [("192.0.2.2", ("icmp",), "server")]
    assert world.asked == [f"192.0.2.{n}" for n in range(1, 7)]


async def test_a_camera_is_who_speaks_rtsp_or_onvif(world):
    world.alive = {"192.0.2.1": ok()}
    world.open = {("192.0.2.1", 554), ("192.0.2.1", 80)}
    world.rtsp = {"192.0.2.1"}
    world.scopes = {
        "192.0.2.1": ["onvif://www.onvif.org/name/Gate%20north", "onvif://www.onvif.org/hardware/DS-1", "x"]
    }
    (row,) = await found("192.0.2.1")
    assert (row.kind, row.name, row.note) == ("camera", "Gate north", "DS-1")
    assert row.probes == ("icmp", "http", "rtsp", "onvif")


async def test_an_open_port_554_that_speaks_something_else_is_no_rtsp(world):
    world.alive = {"192.0.2.1": ok()}
    world.open = {("192.0.2.1", 554), ("192.0.2.1", 22)}
    (row,) = await found("192.0.2.1")
    assert row.probes == ("icmp", "ssh")


async def test_a_switch_is_who_speaks_snmp_and_serves_nothing(world):
    world.alive = {"192.0.2.1": ok()}
    world.system = {
        "192.0.2.1": {
            "answers": "yes",
            "name": "sw-1\x1b[31m",
            "description": "S5735",
            "ports": "2 of 4 ports up: a, b",
        }
    }
    (row,) = await found("192.0.2.1")
    assert (row.kind, row.probes, row.note) == ("link", ("icmp", "snmp_device"), "S5735; 2 of 4 ports up: a, b")
    assert "\x1b" not in row.name


async def test_how_far_it_is_gets_told_for_both_stages(world):
    world.alive = {f"192.0.2.{n}": ok() for n in (1, 3)}
    steps: list[tuple[str, int, int]] = []
    await discovered(networks(["192.0.2.0/30", "192.0.2.3"]), lambda *step: steps.append(step))
    assert steps == [
        *(("pinging", n, 3) for n in (1, 2, 3)),
        ("asking", 0, 2),
        ("asking", 1, 2),
        ("asking", 2, 2),
    ]


async def test_a_machine_that_cannot_ping_at_all_says_why(world):
    world.alive = {"192.0.2.1": none(Reason("no permission to send ICMP", "see net.ipv4.ping_group_range"))}
    with pytest.raises(OwnFaultError) as fault:
        await found("192.0.2.1")
    assert fault.value.reason == "no permission to send ICMP: see net.ipv4.ping_group_range"


async def test_addresses_without_a_route_do_not_hide_what_answers(world):
    world.alive = {"192.0.2.1": none("could not send"), "192.0.2.2": ok()}
    assert [row.address for row in await found("192.0.2.0/30")] == ["192.0.2.2"]


@pytest.mark.parametrize(
    ("texts", "count"), [(["192.0.2.7"], 1), (["192.0.2.7/24"], 256), ([" 2001:db8::/120 "], 256), ([], 0)]
)
def test_ranges_are_networks_or_single_addresses(texts, count):
    assert sum(each.num_addresses for each in networks(texts)) == count


@pytest.mark.parametrize("texts", [["10.0.0.0/15"], ["10.0.0.0/16", "192.0.2.1"], ["2001:db8::/64"]])
def test_more_addresses_than_can_be_meant_are_refused(texts):
    with pytest.raises(ValueError, match=str(MOST_ADDRESSES)):
        networks(texts)


@pytest.mark.parametrize("text", ["", "camera", "192.0.2.300", "192.0.2.0/33", "192.0.2.1-9"])
def test_what_is_no_range_is_refused(text):
    with pytest.raises(ValueError, match=r"."):
        networks([text])


@pytest.mark.parametrize(
    ("probes", "kind"),
    [
        (("icmp",), "server"),
        (("icmp", "rtsp", "snmp_device"), "camera"),
        (("icmp", "onvif"), "camera"),
        (("icmp", "snmp_device"), "link"),
        (("icmp", "http", "snmp_device"), "server"),
    ],
)
def test_the_kind_is_a_guess_by_what_it_speaks(probes, kind):
    assert kind_of(probes) == kind


def test_the_question_is_a_probe_for_cameras_with_a_number_of_its_own():
    asked = tree(discovery_request("4f2c"))
    assert asked.text_at("Header", "MessageID") == "uuid:4f2c"
    assert asked.text_at("Body", "Probe", "Types") == "n:NetworkVideoTransmitter"


def test_scopes_are_read_and_no_more_than_a_hundred():
    assert scopes_in(match("a", "b")) == ["a", "b"]
    assert scopes_in(match(*(f"s{n}" for n in range(200)))) == [f"s{n}" for n in range(100)]


@given(st.binary(max_size=200))
def test_whatever_answers_is_scopes_or_nothing(data):
    assert scopes_in(data) is None
