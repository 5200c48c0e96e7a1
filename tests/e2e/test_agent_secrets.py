"""A channel's URL is its password: it stands in no log, export, status, ledger file or list of processes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.agents.process import AgentProcess, Listeners, contract, site, tcp_asset, until
from tests.support.servers.providers import robot

SECRETS = ("s3cret-token", "p4ssword")


def told(agent: AgentProcess) -> dict[str, bytes]:
    """Everything that the agent wrote, printed or shows to whoever looks."""
    found = {"process list": b"".join(each.read_bytes() for each in Path("/proc").glob("[0-9]*/cmdline"))}
    for command in (("status",), ("status", "--json"), ("export",)):
        done = agent.run(*command)
        found[" ".join(command)] = (done.stdout + done.stderr).encode()
    found["asked over the socket"] = json.dumps(agent.status()).encode()
    found["log"] = agent.log().encode()
    found |= {path.name: path.read_bytes() for path in agent.state.iterdir() if path.is_file()}
    return found


def leaks(agent: AgentProcess) -> set[str]:
    return {where for where, text in told(agent).items() if any(secret.encode() in text for secret in SECRETS)}


@pytest.mark.parametrize("broken", ["", "tells_the_channel"])
def test_no_url_and_no_password_is_ever_told(tmp_path: Path, broken: str):
    """One URL whose provider refuses, one that nobody serves. Broken on purpose, it goes red: the negative control."""
    listeners = Listeners(1)
    with robot() as refusing:
        refusing.answer = '{"errcode": 300001, "errmsg": "token is not exist"}'
        text = site(tcp_asset("cam-0", listeners.ports[0]))
        agent = AgentProcess(tmp_path, text, contract=contract(), broken=broken)
        urls = [
            f"json://robot:{SECRETS[1]}@127.0.0.1:{refusing.port}/{SECRETS[0]}",
            f"mailto://user:{SECRETS[1]}@127.0.0.1:1?from=a@example.com&to=b@example.com&mode=insecure",
        ]
        (tmp_path / "vendor.url").write_text("\n".join(urls))
        try:
            listeners.shut(0)
            agent.start()
            until(lambda: agent.kinds()["alert_failed"], "both refused once")
            found = leaks(agent)
            assert bool(found) == bool(broken), found
            assert agent.stop() == 0
            assert refusing.received, "the robot was asked"
        finally:
            agent.close()
            listeners.close()
