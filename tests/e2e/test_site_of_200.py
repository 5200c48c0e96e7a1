"""The main job on a site of 200 checks on loopback: a listener stops and returns, and everybody says the same of it."""

from __future__ import annotations

import json
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest

from sla.evidence.instants import parse_instant
from tests.support.agents.process import AgentProcess, Listeners, bounds, contract, now_ms, site, tcp_asset, until
from tests.support.servers.providers import mailbox, robot

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TCP, HTTP, ICMP = 120, 40, 40
STOPPED = "cam-7/tcp"
PATIENT = 'interval = "20s"\ntimeout = "18s"\n'
"""Of those that never stop: what a loaded machine takes is no fault of theirs."""
MAIL = '[[channels]]\nname = "vendor-mail"\nparty = "vendor"\nurl_file = "mail.url"\n'


class WebServer(ThreadingHTTPServer):
    request_queue_size = 128


@contextmanager
def web_server() -> Iterator[int]:
    """An HTTP service that is always there; its port."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"ok")

        def log_message(self, *_arguments: Any) -> None:
            pass

    server = WebServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def asset(name: str, kind: str, address: str, check: str) -> str:
    head = f'[[assets]]\nid = "{name}"\nkind = "{kind}"\nname = "{name}"\naddress = "{address}"\n'
    return f'{head}[[assets.checks]]\nseverity = "critical"\n{check}\n{PATIENT}'


def assets_of(listeners: Listeners, web_port: int) -> str:
    tcp = [tcp_asset(f"cam-{n}", port) for n, port in enumerate(listeners.ports)]
    tcp = [each if f'"{STOPPED.partition("/")[0]}"' in each else each + PATIENT for each in tcp]
    http = [
        asset(f"service-{n}", "service", "127.0.0.1", f'probe = "http"\nurl = "http://127.0.0.1:{web_port}/{n}"')
        for n in range(HTTP)
    ]
    icmp = [asset(f"host-{n}", "server", f"127.0.1.{n + 1}", 'probe = "icmp"') for n in range(ICMP)]
    return "".join([*tcp, *http, *icmp])


@pytest.mark.needs("root")  # pings
@pytest.mark.parametrize(
    ("interval", "failing", "outage_s", "stable_for"),
    [
        pytest.param("3s", "1s", 4, "3s", id="a short outage"),
        pytest.param("10s", "5s", 90, "20s", id="90 seconds", marks=pytest.mark.long),
    ],
)
def test_a_listener_that_stops_is_one_incident_that_everybody_bounds_and_judges_alike(
    tmp_path: Path, interval: str, failing: str, outage_s: int, stable_for: str
):
    listeners = Listeners(TCP)
    (tmp_path / "mail.url").touch(0o600)
    with robot() as told, mailbox() as mails, web_server() as web_port:
        (tmp_path / "mail.url").write_text(mails.url)
        text = site(MAIL + assets_of(listeners, web_port), interval=interval, failing=failing)
        agent = AgentProcess(tmp_path, text, contract=contract(stable_for=stable_for), robot_url=told.url)
        try:
            agent.start()
            until(lambda: agent.status()["counts"]["up"] == 200, "all 200 are up")
            stopped = now_ms()
            listeners.shut(7)
            time.sleep(outage_s)
            until(lambda: len(agent.of_type("notified")) == 2, "both channels have it")
            restarted = now_ms()
            listeners.reopen(7)
            until(lambda: agent.judged()["incidents"][0]["closed"], "the incident is closed")
            until(lambda: len(mails.received) == len(told.received) == 2, "both are told of the end")
            assert agent.stop() == 0

            (incident,) = agent.checked()["incidents"]
            assert (incident["check"], incident["closed"], incident["blip"]) == (STOPPED, True, False)
            assert stopped <= parse_instant(incident["detected"])
            assert parse_instant(incident["last_fail"]) <= restarted <= parse_instant(incident["restored"])

            exported = agent.run("export").stdout
            records = [json.loads(line) for line in exported.splitlines()]
            seen = bounds([each for each in records if each["type"] == "reading"], STOPPED)
            assert seen == {key: incident[key] for key in seen}, "found by the first look that could"
            others = {(e["check"], e["outcome"]) for e in records if e["type"] == "reading" and e["check"] != STOPPED}
            assert len(others) == 199, "of all others, nothing but ok"
            assert {outcome for _, outcome in others} == {"ok"}
            notified = [each for each in records if each["type"] == "notified"]
            channels = {(each["check"], each["channel"]) for each in notified}
            assert channels == {(STOPPED, "vendor-engineers"), (STOPPED, "vendor-mail")}
            assert all(stopped <= parse_instant(each["at"]) <= restarted for each in notified)

            (tmp_path / "evidence.jsonl").write_text(exported, encoding="utf-8")
            alone = agent.checked("--evidence", str(tmp_path / "evidence.jsonl"))
            as_of = ("--as-of", alone["as_of"])
            assert agent.checked("--ledger", str(agent.state), *as_of) == alone, "nothing but the file is needed"
            repair = next(each for each in alone["obligations"] if each["id"] == "R1")
            assert [(each["check"], each["verdict"]) for each in repair["items"]] == [(STOPPED, "met")]
            assert repair["items"][0]["start"] == min(each["at"] for each in notified)
            assert "故障：cam-7" in mails.received[0]["Subject"]
            assert "恢复：cam-7" in mails.received[1]["Subject"]
        finally:
            agent.close()
            listeners.close()
