"""`sla-agent` as a subprocess, and listeners on loopback that come and go for it to watch."""

from __future__ import annotations

import json
import selectors
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agent.control_socket import NoAgentError, ask
from sla.contract.calendars import local_day
from sla.contract.file import read_contract
from sla.evidence.instants import format_instant, month_of
from sla.judge.judge import judge
from sla.ledger import LedgerView
from sla.reports.json.month import to_json
from tests.support.patience import PATIENCE_S
from tests.support.ports import free_port

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

BROKEN = Path(__file__).with_name("broken.py")


def now_ms() -> int:
    """The true instant, to hold what was recorded against."""
    return time.time_ns() // 1_000_000  # noqa: TID251 - the test's own watch


def until(holds: Callable[[], Any], what: str, patience_s: float = PATIENCE_S) -> Any:
    """Wait until something is true (its value is returned); fail with `what` if it never is."""
    end = time.monotonic() + patience_s
    while time.monotonic() < end:
        found = holds()
        if found:
            return found
        time.sleep(0.05)
    msg = f"never came true within {patience_s} s: {what}"
    raise AssertionError(msg)


class Listeners:
    """Many TCP listeners in one thread; each can be shut and opened again on the same port."""

    def __init__(self, count: int) -> None:
        self._selector = selectors.DefaultSelector()
        self._lock = threading.Lock()
        self._ends = False
        self.ports = [free_port() for _ in range(count)]
        self._sockets: list[socket.socket | None] = [self._listen(port) for port in self.ports]
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def _listen(self, port: int) -> socket.socket:
        listener = socket.create_server(("127.0.0.1", port), backlog=256)
        listener.setblocking(False)
        with self._lock:
            self._selector.register(listener, selectors.EVENT_READ)
        return listener

    def _serve(self) -> None:
        while not self._ends:
            for key, _ in self._selector.select(0.05):
                try:
                    key.fileobj.accept()[0].close()  # type: ignore[union-attr]
                except OSError:
                    continue

    def shut(self, *numbers: int) -> None:
        """From now on these refuse connections."""
        for number in numbers:
            listener = self._sockets[number]
            assert listener is not None
            with self._lock:
                self._selector.unregister(listener)
            listener.close()
            self._sockets[number] = None

    def reopen(self, *numbers: int) -> None:
        """From now on these take connections again."""
        for number in numbers:
            self._sockets[number] = self._listen(self.ports[number])

    def close(self) -> None:
        self._ends = True
        self._thread.join()
        for listener in self._sockets:
            if listener is not None:
                listener.close()
        self._selector.close()


class AgentProcess:
    """One site's agent: started, killed, asked."""

    def __init__(
        self,
        place: Path,
        site: str,
        *,
        contract: str = "",
        robot_url: str = "",
        prefix: Sequence[str] = (),
        broken: str = "",
    ) -> None:
        """`prefix`: what starts it, e.g. in a network namespace; `broken`: a way of `tests/support/agents/broken.py`."""
        self.place = place
        self._program = [sys.executable, str(BROKEN), broken] if broken else [sys.executable, "-m", "agent"]
        self.state = place / "state"
        self._prefix = list(prefix)
        (place / "site.toml").write_text(site, encoding="utf-8")
        (place / "vendor.url").write_text((robot_url or "json://127.0.0.1:1/nobody") + "\n", encoding="utf-8")
        (place / "vendor.url").chmod(0o600)
        self._contract = ["--contract", str(place / "contract.toml")] if contract else []
        if contract:
            (place / "contract.toml").write_text(contract, encoding="utf-8")
        self._process: subprocess.Popen[bytes] | None = None
        self._log = (place / "agent.log").open("ab")

    def command(self, *words: str) -> list[str]:
        return [*self._prefix, *self._program, *words, "--lang", "en"]

    def start(self, *, wait: bool = True) -> None:
        """Start it, and wait until it answers."""
        words = self.command(
            "run", "--site", str(self.place / "site.toml"), "--state", str(self.state), *self._contract
        )
        self._process = subprocess.Popen(words, stderr=self._log, stdout=self._log)
        if wait:
            until(self._answers, f"the agent answers; its log: {self.log()}")

    def _answers(self) -> bool:
        assert self._process is not None
        if self._process.poll() is not None:
            msg = f"the agent ended with {self._process.returncode}: {self.log()}"
            raise AssertionError(msg)
        try:
            ask(self.state, {"ask": "status"})
        except (OSError, NoAgentError):
            return False
        return True

    def log(self) -> str:
        return (self.place / "agent.log").read_text(encoding="utf-8")

    def kill(self) -> None:
        """kill -9."""
        assert self._process is not None
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()
        self._process = None

    def stop(self) -> int:
        """SIGTERM; its exit code."""
        if self._process is None:
            return 0
        self._process.send_signal(signal.SIGTERM)
        code = self._process.wait(PATIENCE_S)
        self._process = None
        return code

    def close(self) -> None:
        if self._process is not None:
            self.kill()
        self._log.close()

    def run(self, command: str, *words: str) -> subprocess.CompletedProcess[str]:
        """One command of `sla-agent` against the state directory."""
        state = [] if command in ("validate", "probe") else ["--state", str(self.state)]
        return subprocess.run(
            self.command(command, *words, *state), capture_output=True, text=True, check=False, timeout=PATIENCE_S
        )

    def status(self) -> dict[str, Any]:
        """The running agent's own word."""
        return ask(self.state, {"ask": "status"})

    def take(self, record: dict[str, Any]) -> dict[str, Any]:
        """Hand the running agent one record, said now; its receipt or its refusal."""
        line = json.dumps({"at": format_instant(now_ms()), **record})
        return ask(self.state, {"ask": "take", "lines": [line]})

    def lines(self) -> list[str]:
        """What `sla-agent export` prints, without the price of a process."""
        view = LedgerView.open(self.state)
        try:
            return list(view.export())
        finally:
            view.close()

    def export(self) -> list[dict[str, Any]]:
        """Every record of the ledger as evidence."""
        return [json.loads(line) for line in self.lines()]

    def of_type(self, kind: str) -> list[dict[str, Any]]:
        return [each for each in self.export() if each["type"] == kind]

    def bodies(self, kind: str) -> list[Any]:
        """What every entry of that kind says, records of SPEC §1 or not."""
        view = LedgerView.open(self.state)
        try:
            return [entry.body for entry in view.entries((kind,))]
        finally:
            view.close()

    def kinds(self) -> Counter[str]:
        """How many entries of each kind the ledger holds."""
        view = LedgerView.open(self.state)
        try:
            return Counter(entry.kind for entry in view.entries())
        finally:
            view.close()

    def checked(self, *words: str) -> dict[str, Any]:
        """What the program `sla-check` prints of this month on the same state, as JSON."""
        contract = self.place / "contract.toml"
        month = month_of(local_day(now_ms(), read_contract(contract).timezone))
        ledger = words or ("--ledger", str(self.state))
        command = [sys.executable, "-m", "sla.cli", "--month", month, "--contract", str(contract), "--format", "json"]
        done = subprocess.run([*command, *ledger], capture_output=True, text=True, check=False, timeout=PATIENCE_S)
        assert done.returncode != 2, done.stderr
        return json.loads(done.stdout)

    def judged(self) -> dict[str, Any]:
        """What `sla-check` says of this month on the same state, without the price of a process."""
        view = LedgerView.open(self.state)
        try:
            contract = read_contract(self.place / "contract.toml")
            month = month_of(local_day(now_ms(), contract.timezone))
            return to_json(judge(contract, view.evidence(), month, now_ms()))
        finally:
            view.close()


def bounds(readings: Sequence[dict[str, Any]], check: str) -> dict[str, str]:
    """What a check's readings alone say of its only outage: the last ok before it, its fails, the first ok after it."""
    mine = [each for each in readings if each["check"] == check]
    fails = [each["at"] for each in mine if each["outcome"] == "fail"]
    oks = [each["at"] for each in mine if each["outcome"] == "ok"]
    return {
        "began_after": max(at for at in oks if at < min(fails)),
        "detected": min(fails),
        "last_fail": max(fails),
        "restored": min(at for at in oks if at > max(fails)),
    }


def _most_of(interval: str) -> str:
    """Three quarters: what is up on loopback answers at once, but on a busy machine we may come late."""
    return f"{int(interval.removesuffix('s')) * 750}ms"


def site(assets: str, *, interval: str = "2s", failing: str = "1s", more: str = "") -> str:
    """A site file with one vendor channel, whose URL stands in vendor.url."""
    return f"""
site = "practice"
name = "演练场"
timezone = "Asia/Shanghai"
{more}
[defaults]
interval = "{interval}"
timeout = "{_most_of(interval)}"
tries = 1
failing_interval = "{failing}"
[[channels]]
name = "vendor-engineers"
party = "vendor"
url_file = "vendor.url"
{assets}
"""


def tcp_asset(name: str, port: int, *, kind: str = "camera", behind: str = "", reach: bool = False) -> str:
    """One asset with one TCP check on loopback."""
    return f"""
[[assets]]
id = "{name}"
kind = "{kind}"
name = "{name}"
address = "127.0.0.1"
{f'behind = "{behind}"' if behind else ""}
[[assets.checks]]
probe = "tcp"
port = {port}
severity = "critical"
reach = {str(reach).lower()}
"""


def contract(*, stable_for: str = "3s", obligations: str = "") -> str:
    """A contract for this very year, judged on incidents that are stable within seconds."""
    return f"""
contract = "PRACTICE-1"
title = "演练合同"
timezone = "Asia/Shanghai"
customer = {{ name = "甲" }}
vendor = {{ name = "乙" }}
term = {{ from = 2020-01-01, to = 2035-12-31 }}
fee = {{ total = "1920000.00" }}
[measurement]
stable_for = "{stable_for}"
settle = "2s"
{obligations}
[[obligations]]
id = "A1"
clause = "4.1"
kind = "availability"
title = "摄像机在线率"
scope = {{ kind = "camera" }}
measure = "fleet"
target = "99.99%"
[[obligations]]
id = "R1"
clause = "5.2"
kind = "repair"
title = "修复时限"
scope = {{ severity = "critical" }}
stage = "restore"
limit = "4h"
clock = "notified"
"""
