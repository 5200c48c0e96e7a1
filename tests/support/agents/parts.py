"""The agent's parts for tests: a clock that is moved by hand, a small site, its watcher and its ledger."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from agent.alerts.send import DeliveryResult
from agent.clock import AgentClock, AgentTime
from agent.watcher import Watcher, past_of
from config.site.model import Channel, Site, SiteAsset
from sla.contract.model import Measurement
from sla.evidence.evidence import evidence_from
from sla.evidence.instants import parse_instant
from sla.evidence.listed import ListedReadings
from sla.evidence.records import Asset, Check, Reading
from sla.ledger import Entry, Ledger, Stamp
from tests.support.agents.checks import check_plan

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

BEGIN = parse_instant("2026-10-30T12:00:00+08:00")
MINUTE = 60_000
RULES = Measurement(stable_for=2 * MINUTE, settle=30_000)
CAMERAS = ("cam-1", "cam-2", "cam-3")


@dataclass
class Watch:
    """Both clocks of a machine: they stand until they are moved. `off_ms`: by how much somebody set the wall clock."""

    ms: int = 0
    off_ms: int = 0
    synced: bool | None = True

    def now(self) -> Stamp:
        wall_ms = BEGIN + self.ms + self.off_ms
        return Stamp(wall_ms=wall_ms, boot_ms=self.ms, boot_id="b", synced=self.synced, error_ms=1)

    def boot_ms(self) -> int:
        return self.ms


def clock_of(watch: Watch) -> AgentClock:
    return AgentClock(watch, AgentTime(watch.now()))


@dataclass
class Provider:
    """Takes what is sent to it, or refuses it with a reason; of each URL or of all."""

    sent: list[tuple[str, Any]] = field(default_factory=list)
    why: str = ""
    refusing: dict[str, str] = field(default_factory=dict)

    def __call__(self, url: str, text: Any) -> DeliveryResult:
        self.sent.append((url, text))
        why = self.why or self.refusing.get(url, "")
        return DeliveryResult(accepted=not why, why=why)


def small_site(*channels: Channel) -> Site:
    """A link with three cameras behind it, each with a reach check; the link has a page too, which is no reach."""
    link = SiteAsset(
        id="link",
        kind="link",
        name="中兴路光纤",
        address="10.0.0.1",
        checks=(
            check_plan(id="link/icmp", asset="link", probe="icmp", reach=True, severity="critical"),
            check_plan(id="link/page", asset="link", probe="http"),
        ),
    )
    cameras = (
        SiteAsset(
            id=name,
            kind="camera",
            name=name,
            address=f"10.0.1.{number}",
            behind=("link",),
            checks=(check_plan(id=f"{name}/icmp", asset=name, probe="icmp", reach=True),),
        )
        for number, name in enumerate(CAMERAS, 1)
    )
    return Site(site="zhanhe", name="湛河", timezone="Asia/Shanghai", assets=(link, *cameras), channels=channels)


def definitions(site: Site) -> list[Asset | Check]:
    """The site's records."""
    assets = [Asset(id=each.id, kind=each.kind, name=each.name, behind=each.behind) for each in site.assets]
    checks = [
        Check(id=each.id, asset=each.asset, interval_ms=each.interval_ms, reach=each.reach, severity=each.severity)
        for each in site.checks
    ]
    return [*assets, *checks]


def readings_of(words: str) -> list[Reading]:
    """`link/icmp 0 ok 5 fail` and so on, one check a line; numbers are minutes since `BEGIN`, in any order of checks."""
    found = []
    for line in words.strip().splitlines():
        check, *rest = line.split()
        for minute, outcome in zip(rest[::2], rest[1::2], strict=True):
            word, _, reason = outcome.partition(":")
            at = BEGIN + round(float(minute) * MINUTE)
            found.append(Reading(check=check, at=at, outcome=word, reason=reason))  # type: ignore[arg-type]
    return sorted(found, key=lambda each: each.at)


def watcher_of(site: Site, words: str = "", *, rules: Measurement = RULES) -> Watcher:
    """A watcher whose past holds these readings; incidents that they make have not been asked for yet."""
    listed = ListedReadings()
    for each in readings_of(words):
        listed.add(each)
    evidence = evidence_from(definitions(site), listed)
    return Watcher(past_of(evidence, None, rules, listed.latest_at() or BEGIN), rules)


def kept_ledger(folder: Path, site: Site, watch: Watch, readings: Iterable[Reading] = ()) -> Ledger:
    """An open ledger that knows the site, and these readings."""
    ledger = Ledger.open(folder, site=site.site, software="test 1")
    entries = [Entry.of(each, actor="agent") for each in definitions(site)]
    ledger.commit(watch.now(), entries=entries, readings=list(readings))
    return ledger
