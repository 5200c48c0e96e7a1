"""`sla-agent practice`: starts the practice site and an agent, lets a fibre break, and shows what follows.

Nothing is played: agent, alerts, records and judgement are the product's own programs, started as
anybody would start them. What is shown is read back from the ledger.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from agent.clock import SystemClock
from agent.demo.files import write_files
from config.text.i18n import in_language
from sla.contract.calendars import local_day
from sla.evidence.instants import month_of
from sla.evidence.intervals import END
from sla.evidence.records import Acknowledged, Notified
from sla.ledger import LedgerError, LedgerView
from sla.reports.text.words import local_time

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from config.text.i18n import Language

TIMEZONE = "Asia/Shanghai"
PATIENCE_S = 60
_OUTAGE_S = {False: 14, True: 8}
_POLL_S = 0.25


class PracticeError(Exception):
    """A step did not come about in time; says which, and where the agent's log is."""


def practice(options: argparse.Namespace) -> int:
    """Run the practice to its end; 0 if every step came about."""
    with contextlib.ExitStack() as cleanup:
        folder = options.dir
        if folder is None:
            folder = Path(tempfile.mkdtemp(prefix="sla-practice-"))
        folder.mkdir(parents=True, exist_ok=True)
        try:
            _Practice(folder, options.lang, cleanup, is_fast=options.fast).run()
        except PracticeError as error:
            sys.stderr.write(f"{error}\n")
            return 1
        except KeyboardInterrupt:
            sys.stderr.write("\n")
            return 130
    return 0


class _Practice:
    """The steps, in order."""

    def __init__(self, folder: Path, language: Language, cleanup: contextlib.ExitStack, *, is_fast: bool) -> None:
        self._folder = folder
        self._state = folder / "state"
        self._language = language
        self._cleanup = cleanup
        self._is_fast = is_fast
        self._heard: queue.Queue[dict[str, Any]] = queue.Queue()
        self._step = 0

    def say(self, text: str, **values: object) -> None:
        """A step's heading, with its number."""
        self._step += 1
        sys.stdout.write(f"\n[{self._step}] {in_language(text, self._language).format(**values)}\n")
        sys.stdout.flush()

    def note(self, text: str) -> None:
        """What was seen, indented."""
        sys.stdout.write("".join(f"    {line}\n" for line in text.splitlines()))
        sys.stdout.flush()

    def run(self) -> None:
        """Everything a visitor should see."""
        self.say("PRACTICE on this machine: real sockets, made-up assets, of no consequence. Files:")
        self.note(str(self._folder))
        world = self._start_world()
        self._start_agent()
        self.say("The agent looks at a link, three cameras behind it and the city platform.")
        self._until("every check is up", lambda: self._count("up") == 6)  # noqa: PLR2004 - the site's
        self.note(self._printed("status", "--state", str(self._state)))
        self.say("A digger cuts the fibre: the link and its cameras vanish.")
        broken = ("link", "camera-1", "camera-2", "camera-3")
        self._order(world, "down", broken)
        self._hear("the vendor is told")
        self._until("the cameras are seen as cut off", lambda: self._count("cut_off") == 3)  # noqa: PLR2004 - the cameras of the site
        self.note(self._printed("status", "--state", str(self._state)))
        self.say("The vendor's engineer takes it on.")
        self.note(
            self._printed("record", "acknowledged", "link-1/reach", "--by", "演练工程师", "--state", str(self._state))
        )
        time.sleep(_OUTAGE_S[self._is_fast])
        self.say("The fibre is spliced.")
        self._order(world, "up", broken)
        self._hear("the vendor is told that it is restored")
        self._until("the incident is closed", self._is_closed)
        self.say("What the ledger holds of it: one incident; the cameras' failures are explained by the link.")
        self.note(self._incidents())
        self._judge()

    def _start_world(self) -> subprocess.Popen[str]:
        world = subprocess.Popen(
            [sys.executable, "-P", "-m", "agent.demo.world"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self._cleanup.callback(_end, world)
        assert world.stdout is not None  # noqa: S101 - asked for above
        ports = json.loads(world.stdout.readline())
        today = local_day(SystemClock().now().wall_ms, TIMEZONE)
        write_files(self._folder, ports, today.year)
        threading.Thread(target=self._listen, args=(world.stdout,), daemon=True).start()
        return world

    def _listen(self, lines: IO[str]) -> None:
        with lines:
            for line in lines:
                self._heard.put(json.loads(line)["alert"])

    def _start_agent(self) -> None:
        log = self._cleanup.enter_context((self._folder / "agent.log").open("a", encoding="utf-8"))
        files = ("--site", "site.toml", "--contract", "contract.toml")
        paths = [each if each.startswith("--") else str(self._folder / each) for each in files]
        command = [sys.executable, "-P", "-m", "agent", "run", *paths, "--state", str(self._state)]
        agent = subprocess.Popen(command, stderr=log)
        self._cleanup.callback(_end, agent)

    def _order(self, world: subprocess.Popen[str], word: str, names: tuple[str, ...]) -> None:
        assert world.stdin is not None  # noqa: S101 - asked for when it was started
        for name in names:
            world.stdin.write(f"{word} {name}\n")
        world.stdin.flush()

    def _hear(self, what: str) -> None:
        try:
            alert = self._heard.get(timeout=PATIENCE_S)
        except queue.Empty:
            raise self._late(what) from None
        self.say("The alert that the vendor's robot received:")
        self.note(f"{alert.get('title', '')}\n{alert.get('message', '')}")

    def _until(self, what: str, came: Callable[[], bool]) -> None:
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            if came():
                return
            time.sleep(_POLL_S)
        raise self._late(what)

    def _late(self, what: str) -> PracticeError:
        log = self._folder / "agent.log"
        return PracticeError(f"waited {PATIENCE_S} s in vain until {what}; the agent's log: {log}")

    def _status(self) -> dict[str, Any]:
        done = self._run("agent", "status", "--json", "--state", str(self._state))
        try:
            found: dict[str, Any] = json.loads(done.stdout)
        except json.JSONDecodeError:
            return {}
        return found

    def _count(self, state: str) -> int:
        """How many checks are in that state; 0 while the agent does not answer."""
        counts: dict[str, int] = self._status().get("counts", {})
        return counts.get(state, 0)

    def _judgement(self) -> dict[str, Any]:
        done = self._run("sla.cli", *self._check(), "--format", "json")
        try:
            found: dict[str, Any] = json.loads(done.stdout)
        except json.JSONDecodeError:
            return {}
        return found

    def _is_closed(self) -> bool:
        incidents = self._judgement().get("incidents", [])
        return bool(incidents) and all(incident["closed"] for incident in incidents)

    def _incidents(self) -> str:
        try:
            evidence = LedgerView.open(self._state).evidence()
        except LedgerError as error:
            raise PracticeError(str(error)) from None
        shown = local_time(TIMEZONE)
        text = in_language("{count} readings of the cameras failed while they were cut off", self._language)
        failed = [
            reading
            for check in evidence.readings.checks()
            if check.startswith("cam-")
            for reading in evidence.readings.samples(check, 0, END, END)
            if reading.outcome == "fail"
        ]
        notified = [f"{each.check} notified {shown(each.at)} ({each.channel})" for each in evidence.of(Notified)]
        answered = [f"{each.check} acknowledged {shown(each.at)} {each.by}" for each in evidence.of(Acknowledged)]
        counted = [
            f"{each['check']}: {each['detected']} … {each['restored']}, explains {each['explains']}"
            for each in self._judgement()["incidents"]
        ]
        return "\n".join([*counted, text.format(count=len(failed)), *notified, *answered])

    def _month(self) -> str:
        return month_of(local_day(SystemClock().now().wall_ms, TIMEZONE))

    def _check(self) -> list[str]:
        contract = str(self._folder / "contract.toml")
        return [
            "--month",
            self._month(),
            "--contract",
            contract,
            "--ledger",
            str(self._state),
            "--lang",
            self._language,
        ]

    def _judge(self) -> None:
        page = self._folder / "report.html"
        self.say("The month's judgement, as both parties would sign it:")
        sys.stdout.write(self._run("sla.cli", *self._check()).stdout)
        self._run("sla.cli", *self._check(), "--format", "html", "--output", str(page))
        self.say("The same as a page: {page}", page=page)
        self.say("Look around:")
        self.note(" ".join([_beside("sla-check"), *self._check()]))
        self.note(f"{_beside('sla-agent')} export --state {self._state}")

    def _printed(self, *words: str) -> str:
        return self._run("agent", *words, "--lang", self._language).stdout

    def _run(self, module: str, *words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-P", "-m", module, *words]
        return subprocess.run(command, capture_output=True, text=True, check=False)


def _end(process: subprocess.Popen[Any]) -> None:
    """End a process that we started, and wait for it."""
    if process.stdin is not None:
        process.stdin.close()
    process.terminate()
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _beside(program: str) -> str:
    """A program as whoever started this one can start it: beside it, if it is not on the path."""
    there = Path(sys.executable).with_name(program)
    found = shutil.which(program)
    return program if found is not None or not there.exists() else os.path.relpath(there)
