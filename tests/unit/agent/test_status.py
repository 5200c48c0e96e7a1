"""The status as JSON: what it counts and names, and how it gets onto the disk."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest

from agent.clock import AgentClock, AgentTime
from agent.ending import Ending
from agent.state_dir import STATUS_FILE
from agent.status import Progress, StatusReport, site_status, write
from agent.status_text import is_well, status_text
from sla.ledger import Head
from tests.support.agents.parts import BEGIN, CAMERAS, MINUTE, Watch, readings_of, small_site, watcher_of

SITE = small_site()
CHECKS = [plan.id for plan in SITE.checks]
OUTAGE = "link/icmp 0 ok 1 fail:silent\n" + "\n".join(f"{name}/icmp 0 ok 1.1 fail:silent" for name in CAMERAS)


def at(minutes: float) -> int:
    return BEGIN + round(minutes * MINUTE)


def seen(words: str):
    watcher = watcher_of(SITE)
    watcher.observe(readings_of(words))
    return watcher


class Report:
    """A status report of parts that stand still."""

    def __init__(self, folder, words: str = "") -> None:
        self.watch, self.ending = Watch(), Ending()
        self.undelivered: list[dict] = []
        self.prober = SimpleNamespace(late=0, in_flight=0, is_blind=False, filtered=[])
        self.report = StatusReport(
            site=SITE,
            state_dir=folder,
            clock=AgentClock(self.watch, AgentTime(self.watch.now())),
            progress=Progress(BEGIN),
            ending=self.ending,
            recorder=SimpleNamespace(head=Head(12, "ab" * 32)),  # type: ignore[arg-type]
            watcher=seen(words),
            prober=self.prober,  # type: ignore[arg-type]
            alerts=SimpleNamespace(undelivered=lambda: self.undelivered),  # type: ignore[arg-type]
            housekeeping=SimpleNamespace(undelivered=list),  # type: ignore[arg-type]
        )

    def now(self) -> dict:
        return self.report.now()


def test_a_site_of_which_nothing_was_seen_yet(tmp_path):
    found = Report(tmp_path).now()
    assert found["counts"] == {"up": 0, "down": 0, "cut_off": 0, "unknown": 5}
    assert found["unknown"] == CHECKS
    assert (found["down"], found["cut_off"], found["unseen"]) == ([], [], {})
    assert found["last_tick_at"] is None


def test_an_outage_is_told_with_its_beginning_and_what_it_cuts_off():
    found = site_status(seen(OUTAGE), CHECKS, at(1.2))
    assert found["counts"] == {"up": 0, "down": 1, "cut_off": 3, "unknown": 1}
    (fault,) = found["down"]
    assert fault == {
        "check": "link/icmp",
        "asset": "link",
        "detected": "2026-10-30T04:01:00Z",
        "began_after": "2026-10-30T04:00:00Z",
        "reason": "silent",
        "cuts_off": list(CAMERAS),
    }
    assert found["cut_off"] == [f"{name}/icmp" for name in CAMERAS]


def test_what_never_worked_has_no_beginning():
    (fault,) = site_status(seen("link/icmp 1 fail"), ["link/icmp"], at(1))["down"]
    assert fault["began_after"] is None


def test_checks_that_only_the_ledger_knows_are_not_counted():
    found = site_status(seen(OUTAGE), ["link/icmp"], at(1.2))
    assert sum(found["counts"].values()) == 1


def test_why_something_could_not_be_seen_stands_beside_it():
    found = site_status(seen("cam-1/icmp 0 none:refused"), CHECKS, at(0))
    assert found["unseen"] == {"cam-1/icmp": "refused"}


def test_the_whole_status_is_json_that_people_can_read_too(tmp_path):
    report = Report(tmp_path, OUTAGE)
    report.watch.ms = round(1.2 * MINUTE)
    report.report.progress.last_tick_at = at(1.1)
    report.undelivered.append({"id": "7", "channel": "phone", "subject": "s", "failures": 2, "why": "HTTP 500"})
    found = json.loads(json.dumps(report.now()))
    assert (found["site"], found["name"], found["practice"]) == ("zhanhe", "湛河", False)
    assert found["head"] == {"seq": 12, "hash": "ab" * 32}
    assert found["at"] == "2026-10-30T04:01:12Z"
    assert found["started_at"] == "2026-10-30T04:00:00Z"
    assert found["last_tick_at"] == "2026-10-30T04:01:06Z"
    text = status_text(found, "en")
    assert "0 up, 1 down, 3 cut off, 1 unknown" in text
    assert "undelivered alert 7 to phone: 2 tries, HTTP 500" in text
    assert "cuts off 3" in text


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (lambda report: setattr(report.prober, "is_blind", True), "own network is down"),
        (lambda report: setattr(report.prober, "filtered", ["icmp"]), "All looks of icmp go unanswered"),
        (lambda report: setattr(report.prober, "late", 3), "3 late"),
    ],
)
def test_whatever_keeps_us_from_seeing_is_told_and_is_not_well(tmp_path, change, line):
    up = "\n".join(f"{check} 0 ok" for check in CHECKS)
    report = Report(tmp_path, up)
    assert is_well(report.now())
    change(report)
    assert not is_well(report.now())
    assert line in status_text(report.now(), "en")


def test_a_wall_clock_that_was_set_back_is_told(tmp_path):
    report = Report(tmp_path)
    assert report.now()["clock"] == {"is_trusted": True, "behind_ms": 0, "synced": True, "error_ms": 1}
    report.watch.off_ms = -MINUTE
    report.report.clock.time.observe(report.watch.now())
    found = report.now()
    assert not found["clock"]["is_trusted"]
    assert "clock is not trusted" in status_text(found, "en")


def test_an_agent_that_is_asked_to_end_is_stopped(tmp_path):
    report = Report(tmp_path)
    assert report.now()["state"] == "running"
    report.ending.ask()
    assert report.now()["state"] == "stopped"
    assert "not running" in status_text(report.now(), "en")


def test_the_status_on_disk_is_whole_and_replaces_the_one_before(tmp_path):
    report = Report(tmp_path, OUTAGE)
    write(tmp_path, {"old": True})
    report.report.write()
    assert [path.name for path in tmp_path.iterdir()] == [STATUS_FILE], "no half-written file is left beside it"
    assert json.loads((tmp_path / STATUS_FILE).read_text(encoding="utf-8"))["name"] == "湛河"


def test_a_status_that_cannot_be_written_leaves_the_old_one(tmp_path):
    write(tmp_path, {"old": True})
    with pytest.raises(TypeError):
        write(tmp_path, {"new": object()})
    assert json.loads((tmp_path / STATUS_FILE).read_text(encoding="utf-8")) == {"old": True}
