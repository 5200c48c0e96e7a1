"""`sla-agent discover` on loopback addresses, and what it makes of strangers' words."""

from __future__ import annotations

import asyncio
import csv
import io
import ipaddress
import re

import pytest

from agent.__main__ import main
from agent.by_hand.inventory import inventory
from config.site.inventory import read_inventory
from probes.discovery import Found, discovered, kind_of, networks, scopes_in

SCOPES = b'<e xmlns:d="x"><d:ProbeMatches><d:ProbeMatch><d:Scopes>onvif://www.onvif.org/name/Gate%20North onvif://www.onvif.org/hardware/DS-1</d:Scopes></d:ProbeMatch></d:ProbeMatches></e>'


def found(**changes: object) -> Found:
    return Found(
        **{
            "address": "10.1.3.11",
            "kind": "camera",
            "name": "北门",
            "probes": ("icmp", "rtsp"),
            "note": "",
            **changes,
        }
    )


async def test_only_what_answers_in_the_named_range_is_found():
    stages = set()
    seen = await discovered(networks(["127.0.0.8/30"]), lambda stage, done, every: stages.add((stage, done <= every)))
    assert [each.address for each in seen] == ["127.0.0.9", "127.0.0.10"]
    assert all(each.probes[0] == "icmp" for each in seen)
    assert stages == {("pinging", True), ("asking", True)}


def test_the_command_drafts_a_csv_that_the_site_file_takes(tmp_path, capsys):
    draft = tmp_path / "draft.csv"
    assert main(["discover", "127.0.0.9/32", "--out", str(draft), "--lang", "en"]) == 0
    rows, mistakes = read_inventory(draft)
    assert not mistakes
    assert [(row.address, row.id) for row in rows] == [("127.0.0.9", f"{rows[0].kind}-127-0-0-9")]
    assert "1 found" in capsys.readouterr().err


@pytest.mark.parametrize("text", ["10.0.0.0/8", "nonsense", "::/0"])
def test_a_range_that_cannot_be_meant_is_refused(text, capsys):
    assert main(["discover", text]) == 2
    assert capsys.readouterr().err


@pytest.mark.parametrize(
    ("language", "said"), [("en", "16777216 addresses are too many"), ("zh", "共 16777216 个地址")]
)
def test_a_range_of_millions_is_refused_in_a_sentence(language, said, capsys):
    assert main(["discover", "10.0.0.0/8", "--lang", language]) == 2
    assert said in capsys.readouterr().err


def test_a_name_that_would_be_a_formula_is_written_as_text():
    rows = list(csv.DictReader(io.StringIO(inventory([found(name="=HYPERLINK(1)", note="@x")]))))
    assert (rows[0]["name"], rows[0]["note"]) == ("'=HYPERLINK(1)", "'@x")


def test_addresses_of_ipv6_make_ids_too():
    assert "camera-fe80--1" in inventory([found(address="fe80::1")])


@pytest.mark.parametrize(
    ("probes", "kind"),
    [
        (["icmp", "rtsp"], "camera"),
        (["icmp", "onvif", "http"], "camera"),
        (["icmp", "snmp_device"], "link"),
        (["icmp", "http", "snmp_device"], "server"),
    ],
)
def test_the_kind_is_guessed_by_what_it_speaks(probes, kind):
    assert kind_of(probes) == kind


def test_the_scopes_of_a_camera_are_read_and_nonsense_is_none():
    assert scopes_in(SCOPES)[0] == "onvif://www.onvif.org/name/Gate%20North"
    assert scopes_in(b"<a>" * 1_000) is None
    assert scopes_in(b"\xff") is None


def test_ranges_may_be_single_addresses():
    assert networks(["10.1.3.7"]) == [ipaddress.ip_network("10.1.3.7/32")]


def test_a_draft_that_is_there_already_is_not_written_over(tmp_path, capsys):
    draft = tmp_path / "draft.csv"
    draft.write_text("corrected by hand\n")
    assert main(["discover", "127.0.0.1/32", "--out", str(draft), "--lang", "en"]) == 2
    assert "may have been corrected by hand" in capsys.readouterr().err
    assert draft.read_text() == "corrected by hand\n"


@pytest.mark.needs("snmpd")
def test_a_switch_tells_its_ports(tmp_path):
    from probes import discovery
    from tests.support.snmp.snmpd import snmpd

    with snmpd(tmp_path) as port:
        device = discovery.SnmpDevice(f"127.0.0.1:{port}", discovery.SnmpOptions())
        said = asyncio.run(discovery._ports(device))
    assert re.fullmatch(r"\d+ of \d+ ports up: .*lo.*", said)


def test_a_draft_is_taken_by_a_site_as_it_is(tmp_path, capsys):
    assert main(["discover", "127.0.0.9/32", "--out", str(tmp_path / "draft.csv"), "--lang", "en"]) == 0
    site = tmp_path / "site.toml"
    site.write_text('site = "s"\ntimezone = "Asia/Shanghai"\ninventory = ["draft.csv"]\n')
    assert main(["validate", "--site", str(site), "--lang", "en"]) == 0, capsys.readouterr().err
