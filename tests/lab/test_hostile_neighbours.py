"""The runner as the agent uses it, with hostile targets beside honest ones: no honest look waits for them.

Each test runs one of the scenarios below in a fresh network namespace, as `python THIS_FILE scenario`, which prints
what came of it as JSON.
"""

from __future__ import annotations

import asyncio
import json
import resource
import socket
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from contextlib import AsyncExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import dns.message
import dns.rrset
import pytest

sys.path.insert(0, str(Path(__file__).parents[2]))

from agent.clock import boot_ms
from agent.probing import runner as agent_runner
from agent.probing.runner import Observation, Runner
from probes.reasons import CONNECT_TIMEOUT, STALLED
from probes.registry import PROBES
from tests.support.agents.checks import check_plan
from tests.support.patience import PATIENCE_S, until
from tests.support.servers import honest, hostile
from tests.support.servers.hostile import ASKED, honest_server, server

if TYPE_CHECKING:
    from config.site.model import CheckPlan

pytestmark = pytest.mark.needs("root", "unshare", "ip")

NAMES_OF_HONEST = ["icmp", *honest.BY_TCP, *honest.BY_UDP]
NAMES_OF_TARPITS = ["icmp", *(name for name, asked in ASKED.items() if not asked.is_ok_once_accepted)]
EACH = 100
PATIENCE_MS = round(1_000 * PATIENCE_S)


def run(scenario: str) -> Any:
    command = ["unshare", "--net", "--mount", sys.executable, "-W", "error", __file__, scenario]
    done = subprocess.run(command, capture_output=True, text=True, timeout=2 * PATIENCE_S, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True)


def plan(name: str, kind: str, address: str, options: dict[str, object], timeout_ms: int) -> CheckPlan:
    return check_plan(
        id=name,
        probe=kind,
        address=address,
        timeout_ms=timeout_ms,
        retry_pause_ms=10,
        failing_interval_ms=60_000,
        options=PROBES[kind].options(**options),
    )


async def looked(plans: list[CheckPlan], sockets: int = 128, awaited: str = "") -> list[list[str]]:
    """[check, outcome, reason] of each plan, in the order of delivery, until all are whose names begin so."""
    seen: list[Observation] = []
    everything = asyncio.Event()
    left = {each.id for each in plans if each.id.startswith(awaited)}

    def deliver(each: Observation) -> None:
        seen.append(each)
        left.discard(each.plan.id)
        if not left:
            everything.set()

    runner = Runner(PROBES, boot_ms, deliver, sockets)
    runner.start(plans)
    await everything.wait()
    await runner.close()
    return [[each.plan.id, each.outcome.outcome, each.outcome.reason] for each in seen]


async def tarpits(stack: AsyncExitStack, timeout_ms: int) -> list[CheckPlan]:
    found = []
    for index in range(EACH):
        name = NAMES_OF_TARPITS[index % len(NAMES_OF_TARPITS)]
        if name == "icmp":
            found.append(plan(f"tarpit {index}", "icmp", f"10.9.0.{index + 2}", {}, timeout_ms))
            continue
        asked = ASKED[name]
        behaviour = "nothing" if asked.wire == "udp" else ("tarpit", "silence")[index % 2]
        port = await stack.enter_async_context(server(asked, behaviour))
        address = asked.address.format(port=port)
        found.append(plan(f"tarpit {index}", asked.kind, address, asked.options, timeout_ms))
    return found


async def honest_ones(stack: AsyncExitStack) -> list[CheckPlan]:
    found = []
    for index in range(EACH):
        name = NAMES_OF_HONEST[index % len(NAMES_OF_HONEST)]
        if name == "icmp":
            found.append(plan(f"honest {index}", "icmp", f"127.0.1.{index + 1}", {}, PATIENCE_MS))
            continue
        asked = ASKED[name]
        port = await stack.enter_async_context(honest_server(name))
        found.append(plan(f"honest {index}", asked.kind, asked.address.format(port=port), asked.options, PATIENCE_MS))
    return found


async def _together(timeout_ms: int, sockets: int, awaited: str = "") -> list[list[str]]:
    ip("link", "set", "lo", "up")
    ip("route", "add", "10.9.0.0/24", "dev", "lo")  # what goes there is heard by nobody
    async with AsyncExitStack() as stack:
        plans = [*await tarpits(stack, timeout_ms), *await honest_ones(stack)]
        return await looked(plans, sockets, awaited)


def together() -> object:
    """The honest ones beside tarpits that outlast them, however busy the machine is: none has said enough by then."""
    hostile.DRIP_S = 5.0
    return asyncio.run(_together(PATIENCE_MS, 128, "honest"))


def together_to_the_end() -> object:
    return asyncio.run(_together(2_000, 128))


def together_without_room() -> object:
    return asyncio.run(_together(250, 4))


def order(seen: list[list[str]]) -> tuple[int, int]:
    """The places of the last honest look and of the first tarpit."""
    names = [each[0].split()[0] for each in seen]
    return len(names) - 1 - names[::-1].index("honest"), names.index("tarpit")


def test_b14_a_hundred_tarpits_hold_up_none_of_a_hundred_honest_looks():
    outcomes = Counter((name.split()[0], outcome) for name, outcome, _ in run("together"))
    assert outcomes == {("honest", "ok"): EACH}, "and no tarpit before the last of them"


def test_b14_a_tarpit_fails_and_an_honest_look_beside_it_is_ok():
    """A busy machine stops the ping engine for longer than its answers may take: it says so, and holds nothing up."""
    seen = run("together_to_the_end")
    stopped = [name for name, outcome, reason in seen if outcome == "none" and reason.startswith(STALLED)]
    outcomes = Counter((name.split()[0], outcome) for name, outcome, _ in seen if name not in stopped)
    assert outcomes == {("honest", "ok"): EACH, ("tarpit", "fail"): EACH - len(stopped)}, seen
    assert set(stopped) <= {f"tarpit {index}" for index in range(0, EACH, len(NAMES_OF_TARPITS))}


def test_with_four_places_for_all_of_them_honest_looks_do_wait():
    last_honest, first_tarpit = order(run("together_without_room"))
    assert last_honest > first_tarpit


async def _more_than_places() -> tuple[int, list[str]]:
    """Once each has been looked at: how many tarpits are under way, and what is delivered beside them.

    There are more of them than places, and each outlasts all honest looks, which were quick before.
    """
    ip("link", "set", "lo", "up")
    async with AsyncExitStack() as stack:
        mute = stack.enter_context(socket.socket())
        mute.bind(("0.0.0.0", 0))
        mute.listen(1_000)
        port = mute.getsockname()[1]
        short, long = (
            [plan(f"tarpit {n}", "http", f"127.0.2.{n + 1}:{port}", {}, timeout_ms) for n in range(250)]
            for timeout_ms in (1_500, PATIENCE_MS)
        )
        honest, seen = await honest_ones(stack), []
        runner = Runner(PROBES, boot_ms, lambda each: seen.append(each.plan.id))

        async def delivered(plans: list[CheckPlan]) -> None:
            wanted = {each.id for each in plans}
            await until(lambda: wanted <= set(seen))

        runner.start(short)
        await delivered(short)
        places_of_honest = sum(each.probe != "icmp" for each in honest)  # which takes none
        while len(runner._limiter._quick) < places_of_honest:  # on a busy machine one may take longer than a second
            for begin in range(0, EACH, 4):
                seen.clear()
                runner.start(honest[begin : begin + 4])
                await delivered(honest[begin : begin + 4])
        seen.clear()
        runner.start([*long, *honest])
        await delivered(honest)
        for _ in range(5):  # what was delivered just now ends as a task
            await asyncio.sleep(0)
        under_way = runner.in_flight
        await runner.close()
    return under_way, seen


def more_than_places() -> object:
    return asyncio.run(_more_than_places())


def test_more_tarpits_than_places_delay_no_honest_look_that_was_quick_before_by_their_time_out():
    under_way, seen = run("more_than_places")
    assert Counter(each.split()[0] for each in seen) == {"honest": EACH}, "no tarpit has ended yet"
    assert under_way == 250


# Too few file descriptors


def few_files() -> object:
    """Three hundred looks at servers that accept and ignore, with 96 files; then one honest look."""
    ip("link", "set", "lo", "up")
    resource.setrlimit(resource.RLIMIT_NOFILE, (96, 96))
    agent_runner.SLACK_S = PATIENCE_S  # on a busy machine a look may end later than it should
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen(1_000)
        port = deaf.getsockname()[1]
        names = ["http", "ssh", "smtp", "rtsp", "frame", "snapshot", "postgres"]
        plans = []
        for index in range(300):
            asked = ASKED[names[index % len(names)]]
            plans.append(plan(f"deaf {index}", asked.kind, asked.address.format(port=port), asked.options, 1_000))
        seen = asyncio.run(looked(plans))
        again = plan("tcp", "tcp", f"127.0.0.1:{port}", {}, 5_000)
        return [*seen, *asyncio.run(looked([again]))]


def test_b9_want_of_files_is_ours_and_passes():
    *seen, last = run("few_files")
    told = {(outcome, reason) for _name, outcome, reason in seen}
    late = {("fail", "answer not complete in time"), ("fail", CONNECT_TIMEOUT)}
    assert ("none", "OSError: Too many open files") in told
    assert told - {("none", "OSError: Too many open files")} <= late
    assert last[1:] == ["ok", ""]


# Names whose servers are silent


def silent_names() -> object:
    """Thirty names that nobody answers for, and one that is answered, by a name server of our own."""
    ip("link", "set", "lo", "up")
    with (
        tempfile.NamedTemporaryFile("w", suffix=".conf") as settings,
        socket.socket(type=socket.SOCK_DGRAM) as served,
    ):
        settings.write("nameserver 127.0.0.1\noptions timeout:2 attempts:2\n")
        settings.flush()
        subprocess.run(["mount", "--bind", settings.name, "/etc/resolv.conf"], check=True)
        served.bind(("127.0.0.1", 53))
        threading.Thread(target=_serve_names, args=(served,), daemon=True).start()
        with socket.socket() as accepting:
            accepting.bind(("127.0.0.1", 0))
            accepting.listen(100)
            port = accepting.getsockname()[1]
            names = [*(f"tarpit-{index}.example" for index in range(30)), "honest.example"]
            plans = [plan(name.replace("-", " "), "tcp", f"{name}:{port}", {}, 1_500) for name in names]
            return asyncio.run(looked(plans))


def _serve_names(served: socket.socket) -> None:
    while True:
        data, source = served.recvfrom(4_096)
        query = dns.message.from_wire(data)
        if b"honest" not in data:
            continue
        answer = dns.message.make_response(query)
        if query.question[0].rdtype == 1:
            answer.answer.append(dns.rrset.from_text("honest.example.", 60, "IN", "A", "127.0.0.1"))
        served.sendto(answer.to_wire(), source)


def test_x44_names_that_nobody_answers_for_hold_up_no_other_name_and_are_ours():
    seen = run("silent_names")
    assert seen[0] == ["honest.example", "ok", ""]
    assert {(outcome, reason.partition(":")[0]) for _name, outcome, reason in seen[1:]} == {
        ("none", "name could not be resolved")
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(globals()[sys.argv[1]]()))
