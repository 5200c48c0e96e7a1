"""Whether this very machine is in order: processor, memory, disk, load, a process or unit that must run.

`ok`: within all limits that are given, and what must run runs. `fail`: something is not.
Without limits it only measures.
What it can never see: any other machine; whether a running program does its work; what happened between looks.
"""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING, Annotated

import psutil
from pydantic import Field, StringConstraints

from config.input.models import Duration, Share, Word
from probes.faults import OwnFaultError, judged
from probes.machine.programs import on_this_machine, printed
from probes.options import ProbeOptions
from probes.outcome import Outcome, fail, ok
from probes.reasons import (
    CPU_HIGH,
    DISK_FULL,
    LOAD_HIGH,
    MEMORY_HIGH,
    NOT_MEASURABLE,
    PROCESS_MISSING,
    UNIT_DOWN,
    UNIT_MISSING,
    because,
    theirs,
)

if TYPE_CHECKING:
    from fractions import Fraction

METRICS = {
    "cpu_ratio": "share of all processors that was busy during `sample`, 0 to 1",
    "memory_ratio": "share of memory that programs could not have, 0 to 1",
    "disk_ratio": "share of the disk of `disk` that is used, as df counts it, 0 to 1",
    "load1": "load average of the last minute",
    "processes": "running processes that match (only with `process`)",
}
REASONS = (CPU_HIGH, MEMORY_HIGH, DISK_FULL, LOAD_HIGH, PROCESS_MISSING, UNIT_MISSING, UNIT_DOWN)
_UNIT = r"\A[A-Za-z0-9:_.\\@][A-Za-z0-9:_.\\@-]{0,254}\z"
_Load = Annotated[float, Field(gt=0, strict=False)]


class Options(ProbeOptions):
    """Limits above which it fails, and what must run."""

    sample: Duration = 500
    """for how long the processors are watched"""
    disk: Word = "/"
    """a path on the disk that is meant"""
    max_cpu: Share | None = None
    """fails above this share"""
    max_memory: Share | None = None
    """fails above this share"""
    max_disk: Share | None = None
    """fails above this share"""
    max_load: _Load | None = None
    """fails above this load average of the last minute"""
    process: Word | None = None
    """the name of a program that must run"""
    process_argument: Word | None = None
    """text that must stand in its command line too"""
    unit: Annotated[str, StringConstraints(pattern=_UNIT)] | None = None
    """a systemd unit that must be active"""


async def probe(address: str, options: Options, *, timeout_s: float) -> Outcome:
    """One look at the machine that we run on; `none` for any other address. OSError: the disk's path, systemctl."""
    return await judged(_outcome(address, options, timeout_s))


async def _outcome(address: str, options: Options, timeout_s: float) -> Outcome:
    async with on_this_machine(address, timeout_s):
        metrics = await _measured(options, timeout_s)
        state = await _unit_state(options.unit) if options.unit is not None else None
    fault = fault_of(metrics, state, options)
    if fault is not None:
        return fail(because(*fault), **metrics)
    return ok(**metrics)


async def _measured(options: Options, timeout_s: float) -> dict[str, float]:
    before = psutil.cpu_times()
    await asyncio.sleep(min(options.sample / 1000, timeout_s / 2))
    metrics = {
        "cpu_ratio": busy_ratio(before, psutil.cpu_times()),
        "memory_ratio": round(psutil.virtual_memory().percent / 100, 4),
        "disk_ratio": await asyncio.to_thread(_disk_ratio, options.disk),
        "load1": round(os.getloadavg()[0], 2),
    }
    if options.process is not None:
        found = await asyncio.to_thread(_processes, options.process, options.process_argument)
        metrics["processes"] = float(found)
    return metrics


def busy_ratio(before: object, after: object) -> float:
    """The share of processor time between two readings (named tuples of seconds) that was not idle."""
    spent = {name: getattr(after, name) - getattr(before, name) for name in _OWN_TIMES if hasattr(after, name)}
    total = sum(spent.values())
    idle = spent["idle"] + spent.get("iowait", 0.0)
    return round(min(1.0, max(0.0, 1 - idle / total)), 4) if total > 0 else 0.0


_OWN_TIMES = ("user", "nice", "system", "idle", "iowait", "irq", "softirq", "steal")
"""Guest times are left out: user time holds them already."""


def _disk_ratio(path: str) -> float:
    return round(float(psutil.disk_usage(path).percent) / 100, 4)


def _processes(name: str, argument: str | None) -> int:
    """How many live processes have that name and, if given, that text in their command line."""
    found = 0
    for each in psutil.process_iter(["name", "cmdline", "status"]):
        alive = each.info["status"] != psutil.STATUS_ZOMBIE
        command = each.info["cmdline"] or []
        named = name == each.info["name"] or (bool(command) and name == os.path.basename(command[0]))  # noqa: PTH119 - not a path of ours
        found += alive and named and (argument is None or argument in " ".join(command))
    return found


async def _unit_state(unit: str) -> dict[str, str]:
    """What systemd says of a unit. OwnFaultError: there is no systemd to ask."""
    shown = await printed("systemctl", "show", "--property=LoadState,ActiveState,SubState,Result", "--", unit)
    if shown.status:
        raise OwnFaultError(NOT_MEASURABLE, theirs(shown.complaint))
    return unit_state(shown.answer.decode("utf-8", "replace"))


def unit_state(answer: str) -> dict[str, str]:
    """`KEY=value` lines of `systemctl show` as a mapping."""
    pairs = (line.partition("=") for line in answer.splitlines())
    return {key: value for key, _, value in pairs if key}


def fault_of(
    metrics: dict[str, float], state: dict[str, str] | None, options: Options
) -> tuple[str, str] | tuple[str] | None:
    """What is wrong, as phrase and detail; what must run comes before limits."""
    if metrics.get("processes") == 0:
        return PROCESS_MISSING, options.process or ""
    if state is not None and state.get("LoadState") == "not-found":
        return UNIT_MISSING, options.unit or ""
    if state is not None and state.get("ActiveState") != "active":
        return UNIT_DOWN, f"{options.unit}: {state.get('ActiveState')} ({state.get('SubState')})"
    return _over(metrics, options)


def _over(metrics: dict[str, float], options: Options) -> tuple[str] | None:
    limits: tuple[tuple[str, str, Fraction | float | None], ...] = (
        (DISK_FULL, "disk_ratio", options.max_disk),
        (MEMORY_HIGH, "memory_ratio", options.max_memory),
        (CPU_HIGH, "cpu_ratio", options.max_cpu),
        (LOAD_HIGH, "load1", options.max_load),
    )
    return next(
        ((phrase,) for phrase, name, limit in limits if limit is not None and metrics[name] > float(limit)), None
    )
