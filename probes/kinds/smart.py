"""Whether a disk of this very machine says that it is well (S.M.A.R.T., as smartctl of smartmontools reads it).

`ok`: the disk says so, and is within all limits that are given. `fail`: it says that it fails; an attribute that
announces failures is below its threshold; an NVMe drive warns or has less spare than its own threshold; a self-test
failed, and no later extended one went well; a limit is passed. `none`: no smartctl, no right to ask, no such disk, a
disk that tells nothing (as virtual ones), that sleeps, or that does not tell what a limit is for; a report that is
too old or cannot be read.
Asking wants root. The agent has no such right, so on a server a timer writes the reports and this reads them
(`report_file`, see docs/install.md). smartctl must be 7.0 or newer.
What it can never see: a disk behind a RAID controller without `type`; a disk that dies without a word, as many do.
"""

from __future__ import annotations

import asyncio
import os
import stat
from typing import TYPE_CHECKING, Annotated

from pydantic import Field, StringConstraints

from config.input.models import Duration, Share, Word
from probes.faults import OwnFaultError, judged
from probes.machine.clock import now_s
from probes.machine.programs import MOST_BYTES, is_stuck, on_this_machine, printed
from probes.machine.smart_report import (
    FAILING,
    NOT_OPENED,
    NOT_PARSED,
    PREFAIL_NOW,
    attributes_failing,
    complaint,
    failed_self_test,
    metrics,
    nvme_warnings,
    read,
    spare_is_low,
)
from probes.options import ProbeOptions
from probes.outcome import Outcome, fail, ok
from probes.reasons import (
    ATTRIBUTE_LOW,
    DISK_FAILING,
    DISK_SILENT,
    DISK_UNREAD,
    DISK_WARNS,
    DISK_WORN,
    HOT,
    NOT_TOLD,
    PENDING_HIGH,
    REALLOCATED_HIGH,
    REPORT_OLD,
    SELF_TEST_FAILED,
    SPARE_LOW,
    UNCORRECTABLE_HIGH,
    because,
    theirs,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from probes.machine.smart_report import Report

METRICS = {
    "temperature_c": "of the disk, in degrees Celsius",
    "power_on_s": "for how long of its life it was switched on; disks count hours",
    "reallocated": "sectors replaced by spare ones (ATA attribute 5; SCSI: grown defects)",
    "pending": "sectors that could not be read and are not replaced yet (ATA attribute 197)",
    "uncorrectable": "sectors that could not be read (ATA attribute 198; SCSI: errors that were not corrected)",
    "media_errors": "data that was lost, in errors (NVMe)",
    "used_ratio": "share of its endurance that is used up, may pass 1 (NVMe; SSDs that tell it)",
    "spare_ratio": "share of its spare that is left (NVMe)",
}
REASONS = (
    DISK_FAILING,
    ATTRIBUTE_LOW,
    DISK_WARNS,
    SELF_TEST_FAILED,
    HOT,
    DISK_WORN,
    SPARE_LOW,
    REALLOCATED_HIGH,
    PENDING_HIGH,
    UNCORRECTABLE_HIGH,
)
_ASKED = ("--json=c", "--nocheck=standby", "--info", "--health", "--attributes", "--log=selftest", "--log=error")
_DISK = r"\A/dev(/[A-Za-z0-9][A-Za-z0-9_.:+=-]*)+\z"
_CONTROLLERS = r"((sat|scsi)\+)?(3ware|aacraid|areca|cciss|hpt|megaraid)(,[0-9]{1,3}([,/][0-9]{1,3}){0,2})"
_TYPE = rf"\A(auto|ata|scsi|sat(,auto|,12|,16)?|nvme(,0x[0-9a-f]{{1,8}})?|snt(asmedia|realtek)|{_CONTROLLERS})\z"
_FROM_THE_FUTURE_S = -60
_Most = Annotated[int, Field(ge=0)]


class Options(ProbeOptions):
    """Which disk, who asks it, and limits beyond which it fails. Without limits the disk's own word counts."""

    disk: Annotated[str, StringConstraints(pattern=_DISK, max_length=200)]
    """the disk, like `/dev/sda` or `/dev/nvme0`; behind a RAID controller as `smartctl --scan` names it"""
    type: Annotated[str, StringConstraints(pattern=_TYPE)] | None = None
    """how it is reached (smartctl's `--device`), where it does not find out itself: `sat`, `nvme`, `megaraid,0`"""
    report_file: Word | None = None
    """a file with smartctl's JSON to read, instead of running smartctl; it must be about this disk"""
    max_age: Duration = 3_600_000
    """an older `report_file` tells nothing"""
    max_temperature: Annotated[float, Field(ge=-50, le=200, strict=False)] | None = None
    """fails above so many degrees Celsius"""
    max_used: Share | None = None
    """fails above this share of its endurance"""
    min_spare: Share | None = None
    """fails below this share of spare; below the drive's own threshold it always fails"""
    max_reallocated: _Most | None = None
    """fails above so many sectors"""
    max_pending: _Most | None = None
    """fails above so many sectors"""
    max_uncorrectable: _Most | None = None
    """fails above so many sectors"""


async def probe(address: str, options: Options, *, timeout_s: float) -> Outcome:
    """One look at a disk of the machine that we run on; `none` for any other address."""
    return await judged(_outcome(address, options, timeout_s))


async def _outcome(address: str, options: Options, timeout_s: float) -> Outcome:
    async with on_this_machine(address, timeout_s):
        text = await (_asked(options, timeout_s) if options.report_file is None else _reported(options))
    return verdict(read(text), options)


async def _asked(options: Options, timeout_s: float) -> bytes:
    """What smartctl says of the disk."""
    if await asyncio.to_thread(is_stuck, "smartctl", options.disk, timeout_s):
        raise OwnFaultError(DISK_UNREAD, "an earlier smartctl is still waiting for it")
    device = () if options.type is None else (f"--device={options.type}",)
    said = await printed("smartctl", *_ASKED, *device, "--", options.disk)
    if not said.answer:
        raise OwnFaultError(DISK_UNREAD, theirs(said.complaint) or f"smartctl ended with {said.status}")
    return said.answer


async def _reported(options: Options) -> bytes:
    """What the report says, if it is young enough."""
    text, written_s = await asyncio.to_thread(_contents, options.report_file or "")
    age_s = now_s() - written_s
    if not _FROM_THE_FUTURE_S <= age_s <= options.max_age / 1000:
        raise OwnFaultError(REPORT_OLD, f"{age_s:.0f} s" if age_s > 0 else "it is from the future")
    return text


def _contents(path: str) -> tuple[bytes, float]:
    """A file's first MiB and when it was written. Never waits for what is no file (a pipe)."""
    try:
        with open(path, "rb", opener=lambda name, flags: os.open(name, flags | os.O_NONBLOCK)) as file:
            state = os.fstat(file.fileno())
            if not stat.S_ISREG(state.st_mode):
                raise OwnFaultError(DISK_UNREAD, "no file", path)
            return file.read(MOST_BYTES), state.st_mtime
    except OSError as error:
        raise OwnFaultError(DISK_UNREAD, path, error.strerror) from None


def verdict(report: Report, options: Options) -> Outcome:
    """What one report comes to. OwnFaultError: it says nothing of the disk, or not what a limit is for."""
    _must_be_about(report, options)
    seen = metrics(report)
    fault = next(_faults(report, seen, options), None)
    if fault is not None:
        return fail(because(*fault), **seen)
    _require_answers(report, seen, options)
    return ok(**seen)


def _must_be_about(report: Report, options: Options) -> None:
    run, support = report.smartctl, report.smart_support
    if run.exit_status & (NOT_PARSED | NOT_OPENED):
        raise OwnFaultError(DISK_UNREAD, theirs(complaint(report)) or f"smartctl ended with {run.exit_status}")
    types = {options.type, f"--device={options.type}"}
    if options.disk not in run.argv or (options.type is not None and types.isdisjoint(run.argv)):
        raise OwnFaultError(DISK_UNREAD, "the report is about", " ".join(run.argv[1:]))
    if support is not None and not support.available:
        raise OwnFaultError(DISK_SILENT, "it has no SMART")


def _faults(report: Report, seen: dict[str, float], options: Options) -> Iterator[tuple[str, str] | tuple[str]]:
    """All that is wrong, the gravest first."""
    status, warnings, attributes = report.smartctl.exit_status, nvme_warnings(report), attributes_failing(report)
    if warnings:
        yield DISK_WARNS, warnings
    if report.smart_status.passed is False or status & FAILING:
        yield DISK_FAILING, attributes
    if attributes or status & PREFAIL_NOW:
        yield ATTRIBUTE_LOW, attributes
    if spare_is_low(report):
        yield SPARE_LOW, "below the drive's own threshold"
    test = failed_self_test(report)
    if test:
        yield SELF_TEST_FAILED, test
    yield from _beyond(seen, options)


def _limits(options: Options) -> tuple[tuple[str, str, float | None, int], ...]:
    """Phrase, metric, limit if one is given, and on which side of it the fault lies."""
    used = None if options.max_used is None else float(options.max_used)
    spare = None if options.min_spare is None else float(options.min_spare)
    return (
        (PENDING_HIGH, "pending", options.max_pending, 1),
        (UNCORRECTABLE_HIGH, "uncorrectable", options.max_uncorrectable, 1),
        (REALLOCATED_HIGH, "reallocated", options.max_reallocated, 1),
        (SPARE_LOW, "spare_ratio", spare, -1),
        (DISK_WORN, "used_ratio", used, 1),
        (HOT, "temperature_c", options.max_temperature, 1),
    )


def _beyond(seen: dict[str, float], options: Options) -> Iterator[tuple[str]]:
    for phrase, name, limit, side in _limits(options):
        if limit is not None and name in seen and side * (seen[name] - limit) > 0:
            yield (phrase,)


def _require_answers(report: Report, seen: dict[str, float], options: Options) -> None:
    """Silence is no health: OwnFaultError where the disk leaves out its own verdict or what a limit is for."""
    if report.smart_status.passed is None:
        raise OwnFaultError(
            DISK_SILENT, theirs(complaint(report)) or f"smartctl ended with {report.smartctl.exit_status}"
        )
    missing = [name for _, name, limit, _ in _limits(options) if limit is not None and name not in seen]
    if missing:
        raise OwnFaultError(NOT_TOLD, ", ".join(missing))
