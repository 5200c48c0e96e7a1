"""The composition root of the agent, and nothing else: the one place where its parts are made and joined.

From the ledger outwards, each part is built from finished ones; the main loop comes last.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, NamedTuple

from agent.alerts.delivery import DeliveryWorker
from agent.alerts.outbox import Outbox
from agent.alerts.pipeline import AlertPipeline
from agent.alerts.planner import AlertPlanner
from agent.alerts.send import deliver
from agent.clock import AgentClock
from agent.clock_follower import ClockFollower
from agent.control_socket import ControlSocket
from agent.incident_follower import IncidentFollower
from agent.ledger.heartbeat import Heartbeat
from agent.ledger.housekeeping import Housekeeping
from agent.ledger.start_up import take_up
from agent.main_loop import TICK_S, MainLoop
from agent.probing.rescheduler import Rescheduler
from agent.probing.routes import Routes
from agent.probing.schedule import Schedule
from agent.probing.traps import Traps
from agent.recorder import Recorder
from agent.requests.running import RunningAgent
from agent.requests.table import answerer
from agent.site_prober import SiteProber
from agent.state_dir import SOCKET_FILE
from agent.status import Progress, StatusReport
from agent.timer import Timer
from agent.trust.failure_trust import failure_trust_of
from agent.trust.readings import ReadingStamper
from agent.watcher import Watcher
from sla.contract.model import Measurement

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from agent.clock import Clock
    from agent.ending import Ending
    from config.site.model import Site
    from probes.registry import Kind
    from sla.contract.model import Contract
    from sla.ledger import Ledger

log = logging.getLogger(__name__)


class Setting(NamedTuple):
    """What an agent is made for. `origin`: hashes of software, configuration and contract, for the start entry."""

    site: Site
    contract: Contract | None
    state_dir: Path
    kinds: Mapping[str, Kind]
    origin: Mapping[str, str]


class _Core(NamedTuple):
    """The parts that nearly all others hold."""

    clock: AgentClock
    recorder: Recorder
    watcher: Watcher


def compose(setting: Setting, ledger: Ledger, machine: Clock, ending: Ending) -> MainLoop:
    """The agent of a site, ready to run; to be called in its event loop. LedgerError: the start cannot be kept."""
    site, contract = setting.site, setting.contract
    rules = contract.measurement if contract else Measurement()
    start = take_up(ledger, site, contract, setting.origin, machine)
    clock = AgentClock(machine, start.time)
    core = _Core(clock, Recorder(ledger, machine, ending.fail), Watcher(start.past, rules))
    alerts = _alerts(setting, core, Outbox(start.alerts))
    rescheduler, prober = _probing(setting, core)
    routes = Routes(site, clock.now, core.recorder.keep)
    housekeeping = Housekeeping(
        site,
        contract,
        state_dir=setting.state_dir,
        recorder=core.recorder,
        clock=clock,
        heartbeat=Heartbeat(site, recorder=core.recorder, clock=clock, send=deliver, counts=core.watcher.counts),
    )
    report = StatusReport(
        site=site,
        state_dir=setting.state_dir,
        clock=clock,
        progress=Progress(start.started_at),
        ending=ending,
        recorder=core.recorder,
        watcher=core.watcher,
        prober=prober,
        alerts=alerts,
        housekeeping=housekeeping,
    )
    host = RunningAgent(core.recorder, clock, report, core.watcher, contract)
    return MainLoop(
        timer=Timer(machine, ClockFollower(start.time, core.recorder, prober).beat, ending.fail),
        clock=clock,
        ending=ending,
        prober=prober,
        recorder=core.recorder,
        follower=IncidentFollower(
            core.watcher, core.recorder, alerts, routes, rescheduler, contract=contract, now=clock.now
        ),
        alerts=alerts,
        housekeeping=housekeeping,
        control_socket=ControlSocket(setting.state_dir / SOCKET_FILE, answerer(host)),
        report=report,
    )


def _alerts(setting: Setting, core: _Core, outbox: Outbox) -> AlertPipeline:
    changes = core.watcher.observe(())
    planner = AlertPlanner(setting.site, core.watcher, outbox)
    planner.note(changes)
    delivery = DeliveryWorker(
        outbox,
        setting.site.channels,
        send=deliver,
        recorder=core.recorder,
        watcher=core.watcher,
        clock=core.clock,
    )
    return AlertPipeline(
        planner=planner,
        outbox=outbox,
        delivery=delivery,
        recorder=core.recorder,
        watcher=core.watcher,
        contract=setting.contract,
        now=core.clock.now,
    )


def _probing(setting: Setting, core: _Core) -> tuple[Rescheduler, SiteProber]:
    site, kinds, clock = setting.site, setting.kinds, core.clock
    plans = [plan for plan in site.checks if plan.probe in kinds]
    together = {name for name, kind in kinds.items() if kind.make_batch is not None}
    by_address = {name for name, kind in kinds.items() if kind.at_once}
    schedule = Schedule(plans, clock.boot_ms(), TICK_S * 1000, together, by_address)
    rescheduler = Rescheduler(schedule, core.watcher, clock)
    rescheduler.resume(plan.id for plan in plans)
    rescheduler.reach_first(plan.id for plan in plans)
    trust = failure_trust_of(site, kinds, clock.boot_ms)
    prober = SiteProber(
        kinds,
        clock.boot_ms,
        schedule=schedule,
        rescheduler=rescheduler,
        stamper=ReadingStamper(clock.time, trust),
        trust=trust,
        traps=Traps.opened(site, rescheduler.hurry),
    )
    log.info("watching %d checks of site %s", len(plans), site.site)
    return rescheduler, prober
