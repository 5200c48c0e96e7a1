"""Whether a port of a switch carries its link, how fast, how full, and with how many errors.

`ok`: up, at the speed and duplex that are asked for, errors within their limit. `fail`: down (also where somebody
switched it off), slower or half duplex, more errors; with `no_flaps` also one that went down and up again between two
looks. Rates and flaps need two looks: the first has none, nor has one after a restart or a counter that was reset.
`none`: the device never tells what a limit is for, shows no table of its ports, or does not know a port's state.
What it can never see: whether what is sent arrives; loss in the middle of a path; a link that is up and carries
nothing for want of a route; how often it flapped between two looks, or whether at all on a device that never sets
ifLastChange.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple, Self

from pydantic import Field, model_validator

from config.input.models import Duration, Word, wanted
from probes.faults import AssetFaultError, OwnFaultError, judged
from probes.net.connection import Deadline
from probes.outcome import Outcome, fail, ok
from probes.reasons import (
    ERRORS_HIGH,
    FLAPPED,
    HALF_DUPLEX,
    NO_SUCH_PORT,
    NOT_TOLD,
    NOT_UNDERSTOOD,
    PORT_DOWN,
    PORT_OFF,
    PORT_UNKNOWN,
    PORTS_HIDDEN,
    SPEED_LOW,
    because,
)
from probes.snmp.options import SnmpOptions
from probes.snmp.session import UPTIME, SnmpDevice
from probes.snmp.transport import REASONS as SNMP_REASONS
from probes.snmp.values import number, text, ticks_between

if TYPE_CHECKING:
    from collections.abc import Mapping

    from config.text.reasons import Reason

METRICS = {
    "in_ratio": "share of its speed that came in since the look before, 0 to 1",
    "out_ratio": "share of its speed that went out since the look before, 0 to 1",
    "in_bit_per_s": "bits that came in a second",
    "out_bit_per_s": "bits that went out a second",
    "errors_per_s": "broken packets a second, in and out",
    "discards_per_s": "packets thrown away a second, in and out",
    "speed_bit_per_s": "its speed",
    "since_change_s": "since it last went up or down",
    "flaps": "1 if it went down and up again since the look before, once or more often, 0 if not",
}
REASONS = (*SNMP_REASONS, NO_SUCH_PORT, PORT_OFF, PORT_DOWN, FLAPPED, SPEED_LOW, HALF_DUPLEX, ERRORS_HIGH)
_IF = "1.3.6.1.2.1.2.2.1"
_IFX = "1.3.6.1.2.1.31.1.1.1"
_DUPLEX = "1.3.6.1.2.1.10.7.2.1.19"
_COLUMNS = {
    "speed": f"{_IF}.5",
    "admin": f"{_IF}.7",
    "oper": f"{_IF}.8",
    "changed": f"{_IF}.9",
    "in_32": f"{_IF}.10",
    "in_discards": f"{_IF}.13",
    "in_errors": f"{_IF}.14",
    "out_32": f"{_IF}.16",
    "out_discards": f"{_IF}.19",
    "out_errors": f"{_IF}.20",
    "in": f"{_IFX}.6",
    "out": f"{_IFX}.10",
    "mbit": f"{_IFX}.15",
    "duplex": _DUPLEX,
}
_NAMES = (f"{_IFX}.1", f"{_IF}.2", f"{_IFX}.18")  # ifName, ifDescr, ifAlias
_NUMBER = "1.3.6.1.2.1.2.1.0"  # ifNumber
_UP, _UNKNOWN, _HALF = 1, 4, 2
_STATES = {2: "down", 3: "testing", 5: "dormant", 6: "not present", 7: "lower layer down"}
_32, _64 = 1 << 32, 1 << 64
_TICKS_A_S = 100
_AHEAD = _TICKS_A_S
"""By so much a change may lie after the uptime that stands in the same answer."""
_MBIT = 1_000_000
_LEAST_PACKET_BITS = 672
"""64 octets, with the preamble before them and the gap behind them (IEEE 802.3)."""
_LEAST_TICKS = 500
"""Rates stand on 5 s at least: a second try within that is held against the same look as the first."""


class Options(SnmpOptions):
    """Which port, and what it must be like."""

    index: Annotated[int, Field(ge=1, le=2**31 - 1)] | None = None
    """the port's ifIndex; better `port_name`, as indexes change when a device restarts"""
    port_name: Word | None = None
    """the port's ifName, ifDescr or ifAlias, like `GigabitEthernet0/0/1`"""
    min_speed: Annotated[int, Field(ge=1)] | None = None
    """a speed below so many Mbit/s fails"""
    full_duplex: bool = False
    """half duplex fails"""
    max_errors: Annotated[float, Field(ge=0, strict=False)] | None = None
    """more errors a second fail"""
    no_flaps: bool = False
    """a port that went down and up again between two looks fails"""
    sample: Duration = 1_000
    """by hand only: look twice, so far apart, to have rates"""

    @model_validator(mode="after")
    def _a_port(self) -> Self:
        if (self.index is None) == (self.port_name is None):
            raise wanted("either index or port_name")
        return self


class CounterSample(NamedTuple):
    """What a port said at one moment. Counters by name; `uptime`: hundredths of a second, modulo 2**32."""

    uptime: int | None
    numbers: Mapping[str, int]


async def probe(address: str, options: Options, *, timeout_s: float) -> Outcome:
    """Look twice, by hand; batches look once and remember."""
    device, deadline = SnmpDevice(address, options), Deadline(timeout_s)

    async def twice() -> Outcome:
        await one(device, options, deadline)
        await asyncio.sleep(min(options.sample / 1000, deadline.left_s() / 2))
        return await one(device, options, deadline)

    return await judged(twice())


async def one(device: SnmpDevice, options: Options, deadline: Deadline) -> Outcome:
    """One look; the one before stands in the device's memory."""
    index, said = await _asked(device, options, deadline)
    if "uptime" not in said:
        raise AssetFaultError(NOT_UNDERSTOOD, "no uptime")
    now = CounterSample(said.pop("uptime"), said)
    if "oper" not in said:
        raise await _no_port(device, options, deadline, is_shown=bool(said))
    return verdict(now, _before(device.memory, (index, options), now), options)


def _before(memory: dict[Any, Any], key: tuple[int, Options], now: CounterSample) -> CounterSample | None:
    """The look before this one; for a second try, the one before the first try."""
    older: CounterSample | None
    newer: CounterSample | None
    older, newer = memory.get(key, (None, None))
    ticks = None if newer is None else _ticks(now, newer)
    if ticks is not None and older is not None and ticks < _LEAST_TICKS:
        return older
    memory[key] = (newer, now)
    return newer


async def _asked(device: SnmpDevice, options: Options, deadline: Deadline) -> tuple[int, dict[str, int]]:
    """The port's ifIndex, and what the device says of it; a name is looked for again when its index bears another."""
    place = _place(device, options) or await _found(device, options, deadline)
    said = await _read(device, options, place, deadline)
    if said is None:
        place = await _found(device, options, deadline)
        said = await _read(device, options, place, deadline)
    return place.port, said or {}


async def _no_port(device: SnmpDevice, options: Options, deadline: Deadline, *, is_shown: bool) -> Exception:
    """What it is that a port is not told: that it is not there; without ifNumber, that none is shown to us at all.

    So it is where the agent has no IF-MIB, or our community or user no view of it.
    """
    if not is_shown and number((await device.values([_NUMBER], deadline)).get(_NUMBER)) is None:
        return OwnFaultError(PORTS_HIDDEN)
    return AssetFaultError(NO_SUCH_PORT, options.port_name or options.index)


class _PortPlace(NamedTuple):
    """A port's ifIndex; `name`: the OID at which its name stands, if it was found by that."""

    port: int
    name: str = ""


def _place(device: SnmpDevice, options: Options) -> _PortPlace | None:
    if options.index is not None:
        return _PortPlace(options.index)
    known: _PortPlace | None = device.memory.get(("place", options.port_name))
    return known


async def _found(device: SnmpDevice, options: Options, deadline: Deadline) -> _PortPlace:
    is_shown = False
    for column in _NAMES:
        rows = await device.walked(column, deadline)
        is_shown = is_shown or bool(rows)
        for index, name in rows.items():
            if text(name) == options.port_name and index.isdecimal():
                found = _PortPlace(int(index), f"{column}.{index}")
                device.memory["place", options.port_name] = found
                return found
    device.memory.pop(("place", options.port_name), None)
    raise await _no_port(device, options, deadline, is_shown=is_shown)


async def _read(device: SnmpDevice, options: Options, place: _PortPlace, deadline: Deadline) -> dict[str, int] | None:
    """Numbers by the names of `_COLUMNS`, and `uptime`; None if another port has that index now."""
    oids = {name: f"{column}.{place.port}" for name, column in _COLUMNS.items()} | {"uptime": UPTIME}
    values = await device.values([*oids.values(), *filter(None, [place.name])], deadline)
    if place.name and text(values.get(place.name)) != options.port_name:
        return None
    return {name: found for name, oid in oids.items() if (found := number(values.get(oid))) is not None}


def verdict(now: CounterSample, before: CounterSample | None, options: Options) -> Outcome:
    """What the port's answer comes to, beside that of the look before."""
    metrics = _standing(now)
    if before is not None:
        metrics |= rates(now, before) | flaps(now, before)
    reason = _down(now.numbers) or _poor(now.numbers, metrics, options)
    if reason:
        return fail(reason, **metrics)
    if missing := _missing(now.numbers, metrics, options):
        raise OwnFaultError(NOT_TOLD, missing)
    return ok(**metrics)


def _down(said: Mapping[str, int]) -> Reason | None:
    if said.get("admin", _UP) != _UP:
        return because(PORT_OFF)
    if said["oper"] == _UNKNOWN:
        raise OwnFaultError(PORT_UNKNOWN)
    return None if said["oper"] == _UP else because(PORT_DOWN, _STATES.get(said["oper"], said["oper"]))


def _poor(said: Mapping[str, int], metrics: Mapping[str, float], options: Options) -> Reason | None:
    if options.no_flaps and metrics.get("flaps"):
        return because(FLAPPED, f"{metrics['since_change_s']:.0f} s ago")
    speed = metrics.get("speed_bit_per_s")
    if options.min_speed is not None and speed is not None and speed < options.min_speed * _MBIT:
        return because(SPEED_LOW, f"{speed / _MBIT:g} Mbit/s")
    if options.full_duplex and said.get("duplex") == _HALF:
        return because(HALF_DUPLEX)
    if options.max_errors is not None and metrics.get("errors_per_s", 0) > options.max_errors:
        return because(ERRORS_HIGH)
    return None


def _missing(said: Mapping[str, int], metrics: Mapping[str, float], options: Options) -> str:
    """What a limit is for and the device never tells. Rates that are missing for once are no such thing."""
    told = {
        "speed": options.min_speed is None or "speed_bit_per_s" in metrics,
        "duplex": not options.full_duplex or "duplex" in said,
        "errors": options.max_errors is None or "in_errors" in said,
        "last change": not options.no_flaps or "changed" in said,
    }
    return ", ".join(name for name, is_told in told.items() if not is_told)


def _standing(now: CounterSample) -> dict[str, float]:
    speed = now.numbers.get("mbit", 0) * _MBIT or now.numbers.get("speed", 0)
    metrics = {"speed_bit_per_s": float(speed)} if speed else {}
    if now.uptime is not None and "changed" in now.numbers:
        metrics["since_change_s"] = max(0, _since(now.uptime, now.numbers["changed"])) / _TICKS_A_S
    return metrics


def rates(now: CounterSample, before: CounterSample) -> dict[str, float]:
    """Rates between two looks; empty if the device restarted between them, its clock stood, or days went by.

    The uptime wraps after 497 days, 32-bit octets at 1 Gbit/s after 34 s: so 64-bit ones where the device has them,
    and a rate above the port's speed is no rate but a counter that was reset. Where the speed is not known, so is a
    growth by half of what the counter can hold: 64 bits never get so far, and 32 bits seldom between two looks.
    """
    ticks = _ticks(now, before)
    if not ticks or _is_cleared(now, before):
        return {}
    elapsed_s = ticks / _TICKS_A_S
    speed = _standing(now).get("speed_bit_per_s", 0)
    found = {}
    for way in ("in", "out"):
        name, wrap = (way, _64) if way in now.numbers else (f"{way}_32", _32)
        octets = _grown(now, before, name, wrap)
        rate = None if octets is None or (not speed and octets >= wrap // 2) else octets * 8 / elapsed_s
        if rate is not None and not (speed and rate > 1.1 * speed):
            found[f"{way}_bit_per_s"] = round(rate, 1)
            found |= {f"{way}_ratio": round(min(1.0, rate / speed), 6)} if speed else {}
    for name in ("errors", "discards"):
        grown = [_packets(now, before, f"{way}_{name}", elapsed_s * speed) for way in ("in", "out")]
        if None not in grown:
            found[f"{name}_per_s"] = round(sum(each for each in grown if each is not None) / elapsed_s, 3)
    return found


def _is_cleared(now: CounterSample, before: CounterSample) -> bool:
    """Whether somebody set the counters back: 64-bit octets that went backwards, as they take decades to wrap."""
    return any((_grown(now, before, way, _64) or 0) >= _64 // 2 for way in ("in", "out"))


def _packets(now: CounterSample, before: CounterSample, name: str, bits: float) -> int | None:
    """Packets that a 32-bit counter of errors or discards grew by, while at most so many bits could pass.

    One that went backwards was as a rule set back by hand: at a thousand errors a second it wraps once in 50 days.
    It is taken for a wrap only where the smallest packets could have been so many: 1 Gbit/s carries 1.5 million a
    second, and a counter of some 10**9 that is set back looks like more than that, unless looks are far apart.
    """
    grown = _grown(now, before, name, _32)
    if grown is None or grown >= _32 // 2:
        return None
    is_back = now.numbers[name] < before.numbers[name]
    return None if is_back and grown * _LEAST_PACKET_BITS > bits else grown


def flaps(now: CounterSample, before: CounterSample) -> dict[str, float]:
    """Whether a port that was up at both looks was down between them; empty if that cannot be told.

    The device's ifLastChange (RFC 2863) is the uptime at which the state of now began, and 0 if that was before its
    start; some never set it. One that is another than before, and no change of this interval, is a corrected clock.
    """
    ticks, change, earlier = _ticks(now, before), now.numbers.get("changed"), before.numbers.get("changed")
    up = now.numbers.get("oper") == before.numbers.get("oper") == _UP
    if not up or not ticks or now.uptime is None or not change or earlier is None:
        return {}
    return {"flaps": float(change != earlier and _since(now.uptime, change) <= ticks)}


def _ticks(now: CounterSample, before: CounterSample) -> int | None:
    """Hundredths of a second between two looks; None if the device restarted between them, or days went by."""
    if now.uptime is None or before.uptime is None:
        return None
    return ticks_between(before.uptime, now.uptime)


def _since(uptime: int, change: int) -> int:
    """Hundredths of a second since a change, across the wrap of the uptime; a little below 0 if it is ahead of it."""
    return (uptime - change + _AHEAD) % _32 - _AHEAD


def _grown(now: CounterSample, before: CounterSample, name: str, wrap: int) -> int | None:
    new, old = now.numbers.get(name), before.numbers.get(name)
    return None if new is None or old is None else (new - old) % wrap
