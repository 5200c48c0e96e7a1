"""The practice site's own things: real listeners that come and go, and files that an ordinary agent takes."""

from __future__ import annotations

import asyncio
import json
import stat

import pytest

from agent.demo.files import write_files
from agent.demo.world import HOST, THINGS, World
from config.site.file import load
from probes.registry import OPTIONS, PROBES
from sla.contract.clauses.repair import RepairClause
from sla.contract.file import read_contract
from sla.evidence.instants import parse_instant
from tests.support.patience import PATIENCE_S

PORTS = {name: 20_000 + n for n, name in enumerate(THINGS)}


@pytest.fixture
async def world():
    found = World()
    for name in THINGS:
        await found.up(name)
    yield found
    for name in THINGS:
        found.down(name)


async def probed(probe: str, **options):
    kind = PROBES[probe]
    return await kind.probe(HOST, kind.options(**options), timeout_s=PATIENCE_S)


async def talk(port: int, request: bytes) -> bytes:
    reader, writer = await asyncio.open_connection(HOST, port)
    writer.write(request)
    await writer.drain()
    answer = await asyncio.wait_for(reader.read(), PATIENCE_S)
    writer.close()
    return answer


async def test_everything_listens_on_a_port_of_its_own_on_this_machine_only(world):
    assert set(world.ports) == set(THINGS)
    assert len(set(world.ports.values())) == len(THINGS)
    for name, server in world._servers.items():
        assert [each.getsockname()[0] for each in server.sockets] == [HOST], name


async def test_the_link_and_the_database_are_seen_by_the_product_s_own_probe(world):
    for name in ("link", "database"):
        assert (await probed("tcp", port=world.ports[name])).outcome == "ok"


async def test_the_platform_s_page_has_the_words_that_the_site_file_wants(world):
    url = f"http://{HOST}:{world.ports['platform']}/"
    assert (await probed("http", url=url, text="数字城管")).outcome == "ok"
    assert (await probed("http", url=url, text="另一个平台")).outcome == "fail"


async def test_a_camera_answers_rtsp_and_the_robot_takes_alerts(world, capsys):
    answer = await talk(world.ports["camera-1"], b"OPTIONS * RTSP/1.0\r\nCSeq: 1\r\n\r\n")
    assert answer.startswith(b"RTSP/1.0 200 OK")
    body = json.dumps({"title": "故障", "message": "line"}).encode()
    head = f"POST / HTTP/1.1\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    assert (await talk(world.ports["sink"], head + body)).startswith(b"HTTP/1.1 200 OK")
    assert json.loads(capsys.readouterr().out) == {"alert": {"title": "故障", "message": "line"}}


async def test_what_is_taken_down_refuses_and_comes_back_on_its_port(world):
    port = world.ports["link"]
    world.down("link")
    assert (await probed("tcp", port=port)).outcome == "fail"
    world.down("link")  # once is enough
    await world.up("link")
    assert world.ports["link"] == port
    assert (await probed("tcp", port=port)).outcome == "ok"
    await world.up("link")
    assert world.ports["link"] == port


async def test_it_obeys_lines_until_its_input_ends(world):
    lines = asyncio.StreamReader()
    lines.feed_data(b"down link\ndown camera-1\nup link\n")
    lines.feed_eof()
    await asyncio.wait_for(world.obey(lines), PATIENCE_S)
    assert "link" in world._servers
    assert "camera-1" not in world._servers


@pytest.mark.parametrize("name", ["platform", "camera-2", "sink"])
async def test_a_caller_that_leaves_half_way_does_no_harm(world, name):
    _, writer = await asyncio.open_connection(HOST, world.ports[name])
    writer.write(b"GET / HTT")
    await writer.drain()
    writer.close()
    await writer.wait_closed()
    request = b"GET / HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}" if name == "sink" else b"GET / HTTP/1.1\r\n\r\n"
    assert b"200 OK" in await talk(world.ports[name], request)


@pytest.fixture
def files(tmp_path):
    write_files(tmp_path, PORTS, 2026)
    return tmp_path


def test_the_site_is_an_ordinary_one_marked_as_practice(files):
    site = load(files / "site.toml", probe_options=OPTIONS)
    assert site.practice
    assert {asset.id for asset in site.assets} == {"link-1", "platform", "cam-1", "cam-2", "cam-3"}
    assert {asset.behind for asset in site.assets if asset.kind == "camera"} == {("link-1",)}
    assert all(plan.address.startswith(HOST) for plan in site.checks)
    assert len(site.checks) == 6


def test_its_alerts_go_to_the_robot_on_this_machine_by_a_file_that_only_its_owner_reads(files):
    site = load(files / "site.toml", probe_options=OPTIONS)
    assert [channel.urls() for channel in site.channels] == [(f"json://{HOST}:{PORTS['sink']}/",)]
    assert stat.S_IMODE((files / "vendor.url").stat().st_mode) == 0o600


@pytest.mark.parametrize("year", [2026, 2028])
def test_its_contract_runs_over_the_year_and_its_times_are_short(files, year):
    write_files(files, PORTS, year)
    contract = read_contract(files / "contract.toml")
    assert (contract.term.first.isoformat(), contract.term.last.isoformat()) == (f"{year}-01-01", f"{year}-12-31")
    assert contract.measurement.stable_for <= 10_000
    assert {clause.stage for clause in contract.obligations if isinstance(clause, RepairClause)} == {
        "respond",
        "restore",
    }
    assert parse_instant(f"{year}-06-01T00:00:00Z") > 0


def test_files_of_a_practice_before_are_written_over(files):
    before = (files / "site.toml").read_text(encoding="utf-8")
    write_files(files, {name: port + 1 for name, port in PORTS.items()}, 2026)
    assert (files / "site.toml").read_text(encoding="utf-8") != before
