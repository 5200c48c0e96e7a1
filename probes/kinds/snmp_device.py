"""Whether a network device or server answers SNMP, since when it runs, and how hot and how busy it is.

`ok`: it answers, and is within all limits that are given. `fail`: silence, a restart less than `min_uptime` ago, a
limit passed. `none`: it does not tell what a limit is for. Of several processors, memories and sensors the worst
counts; only those with a limit are asked for. The tables are those of the device's maker, told by its sysObjectID:
Huawei, H3C, Cisco, and the standard ones (HOST-RESOURCES, ENTITY-SENSOR) for all others.
What it can never see: whether the device forwards anything; silence can also be a wrong community, which SNMP 2c
never says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from config.input.models import Duration, Share
from probes.faults import AssetFaultError, OwnFaultError, judged
from probes.net.connection import Deadline
from probes.outcome import Outcome, fail, ok
from probes.reasons import CPU_HIGH, HOT, MEMORY_HIGH, NOT_TOLD, NOT_UNDERSTOOD, RESTARTED, because
from probes.snmp.options import SnmpOptions
from probes.snmp.sensor_units import fixed_point
from probes.snmp.session import UPTIME, SnmpDevice
from probes.snmp.transport import REASONS as SNMP_REASONS
from probes.snmp.values import number

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from fractions import Fraction

    from gufo.snmp.typing import ValueType

METRICS = {
    "rtt_ms": "until the first answer was there",
    "uptime_s": "since the device (or its SNMP engine) started",
    "cpu_ratio": "share of the busiest processor that is busy, 0 to 1",
    "memory_ratio": "share of the fullest memory that is used, 0 to 1",
    "temperature_c": "of the hottest sensor, in degrees Celsius",
}
REASONS = (*SNMP_REASONS, RESTARTED, CPU_HIGH, MEMORY_HIGH, HOT)
_ENGINE_TIME, _OBJECT = "1.3.6.1.6.3.10.2.1.3.0", "1.3.6.1.2.1.1.2.0"
_FIRST = (UPTIME, _ENGINE_TIME, _OBJECT)
_HUAWEI = "1.3.6.1.4.1.2011.5.25.31.1.1.1.1"
_H3C = "1.3.6.1.4.1.25506.2.6.1.1.1.1"
_TABLES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "1.3.6.1.4.1.2011.": {"cpu": (f"{_HUAWEI}.5",), "memory": (f"{_HUAWEI}.7",), "temperature": (f"{_HUAWEI}.11",)},
    "1.3.6.1.4.1.25506.": {"cpu": (f"{_H3C}.6",), "memory": (f"{_H3C}.8",), "temperature": (f"{_H3C}.12",)},
    "1.3.6.1.4.1.9.": {
        "cpu": ("1.3.6.1.4.1.9.9.109.1.1.1.1.8",),
        "memory": ("1.3.6.1.4.1.9.9.48.1.1.1.5", "1.3.6.1.4.1.9.9.48.1.1.1.6"),
        "temperature": ("1.3.6.1.4.1.9.9.13.1.3.1.3",),
    },
}
_SENSORS = "1.3.6.1.2.1.99.1.1.1"
_STANDARD = {
    "cpu": ("1.3.6.1.2.1.25.3.3.1.2",),
    "memory": tuple(f"1.3.6.1.2.1.25.2.3.1.{column}" for column in (2, 5, 6)),
    "temperature": tuple(f"{_SENSORS}.{column}" for column in range(1, 6)),
}
_MEMORY = "1.3.6.1.2.1.25.2.1.2"
_CELSIUS, _SENSOR_OK = 8, 1
_HOTTEST_C, _COLDEST_C = 200, -60
_TICKS_A_S = 100
_WRAP_S = (1 << 32) / _TICKS_A_S


class Options(SnmpOptions):
    """Limits above which it fails."""

    min_uptime: Duration | None = None
    """a device that started less than this ago fails: give the interval, so that each restart shows"""
    max_cpu: Share | None = None
    """fails above this share"""
    max_memory: Share | None = None
    """fails above this share"""
    max_temperature: Annotated[float, Field(ge=-50, le=200, strict=False)] | None = None
    """fails above so many degrees Celsius"""


async def probe(address: str, options: Options, *, timeout_s: float) -> Outcome:
    """One look, for one device. OSError: our own network or limits."""
    return await judged(one(SnmpDevice(address, options), options, Deadline(timeout_s)))


async def one(device: SnmpDevice, options: Options, deadline: Deadline) -> Outcome:
    """One look at that device: one request, where its tables were walked before."""
    maker = str(device.memory.get("maker", ""))
    rows = _known_rows(device, maker, options)
    known = [f"{column}.{row}" for column, each in rows.items() for row in each]
    first = await device.values([*_FIRST, *known], deadline)
    metrics = {"rtt_ms": deadline.elapsed_ms()}
    if str(first.get(_OBJECT, "")) != maker:
        maker = device.memory["maker"] = str(first.get(_OBJECT, ""))
    uptime_s = uptime(number(first.get(UPTIME)), number(first.get(_ENGINE_TIME)))
    if uptime_s is None:
        raise AssetFaultError(NOT_UNDERSTOOD, "no uptime")
    metrics |= {"uptime_s": uptime_s} | await _health(device, _columns(maker, options), rows, first, deadline)
    if options.min_uptime is not None and uptime_s * 1000 < options.min_uptime:
        return fail(because(RESTARTED, f"{uptime_s:.0f} s ago"), **metrics)
    limits: tuple[tuple[str, str, Fraction | float | None], ...] = (
        (HOT, "temperature_c", options.max_temperature),
        (CPU_HIGH, "cpu_ratio", options.max_cpu),
        (MEMORY_HIGH, "memory_ratio", options.max_memory),
    )
    for phrase, name, limit in limits:
        if limit is not None and name in metrics and metrics[name] > float(limit):
            return fail(phrase, **metrics)
    if missing := [name for _, name, limit in limits if limit is not None and name not in metrics]:
        raise OwnFaultError(NOT_TOLD, ", ".join(missing))
    return ok(**metrics)


def uptime(ticks: int | None, engine_s: int | None) -> float | None:
    """Seconds since the start. sysUpTime wraps after 497 days; the engine's time (RFC 3411) tells how often."""
    if ticks is None:
        return None if engine_s is None else float(engine_s)
    seconds = ticks / _TICKS_A_S
    if engine_s is not None and engine_s > seconds:
        seconds += _WRAP_S * round((engine_s - seconds) / _WRAP_S)
    return seconds


def _columns(maker: str, options: Options) -> dict[str, tuple[str, ...]]:
    """What has a limit → the columns that tell it, of the maker's tables if there are any."""
    tables = next((found for prefix, found in _TABLES.items() if maker.startswith(prefix)), _STANDARD)
    wanted = {"cpu": options.max_cpu, "memory": options.max_memory, "temperature": options.max_temperature}
    return {name: tables.get(name, _STANDARD[name]) for name, limit in wanted.items() if limit is not None}


def _known_rows(device: SnmpDevice, maker: str, options: Options) -> dict[str, tuple[str, ...]]:
    """The rows that earlier walks found, by column."""
    columns = (column for each in _columns(maker, options).values() for column in each)
    return {column: tuple(rows) for column in columns if (rows := device.rows(column)) is not None}


async def _health(
    device: SnmpDevice,
    columns: Mapping[str, tuple[str, ...]],
    rows: Mapping[str, Sequence[str]],
    values: Mapping[str, ValueType],
    deadline: Deadline,
) -> dict[str, float]:
    """What is measured; of columns with known `rows` from these values, of others by a walk.

    A device that restarted since then may have other rows: its columns are walked anew.
    """
    metrics = {}
    for name, each in columns.items():
        table = [
            {row: found for row in rows[column] if (found := values.get(f"{column}.{row}")) is not None}
            if column in rows and device.rows(column) is not None
            else await device.walked(column, deadline)
            for column in each
        ]
        worst = _WORST.get(each, _highest)(table)
        if worst is not None:
            metrics[f"{name}_c" if name == "temperature" else f"{name}_ratio"] = (
                worst if name == "temperature" else round(worst / 100, 4)
            )
    return metrics


def _sum(one_: int | None, other: int | None) -> int | None:
    return None if one_ is None or other is None else one_ + other


def _highest(columns: Sequence[Mapping[str, object]]) -> float | None:
    """The highest of the only column; makers write 0 and absurd numbers for parts without a sensor."""
    found = [each for value in columns[0].values() if (each := number(value)) is not None and 0 < each < _HOTTEST_C]
    return float(max(found)) if found else None


def fullest(rows: Iterable[tuple[int | None, int | None]]) -> float | None:
    """The highest share of used and size, in percent."""
    found = [100 * used / size for used, size in rows if used is not None and size and 0 <= used <= size]
    return max(found, default=None)


def hottest(columns: Sequence[Mapping[str, object]]) -> float | None:
    """The hottest sensor of ENTITY-SENSOR-MIB (RFC 3433): columns type, scale, precision, value, status."""
    found = []
    types, scales, precisions, values, states = columns
    for row, value in values.items():
        kind, scale, precision, status = (number(each.get(row)) for each in (types, scales, precisions, states))
        told = number(value)
        if kind != _CELSIUS or status not in (None, _SENSOR_OK) or told is None or scale is None:
            continue
        celsius = fixed_point(told, scale, precision or 0)
        if _COLDEST_C < celsius < _HOTTEST_C:
            found.append(round(celsius, 2))
    return max(found, default=None)


def _of_storage(columns: Sequence[Mapping[str, object]]) -> float | None:
    """HOST-RESOURCES-MIB (RFC 2790): columns type, size, used; of the rows that are memory."""
    kinds, sizes, used = columns
    rows = [row for row, kind in kinds.items() if str(kind) == _MEMORY]
    return fullest((number(used.get(row)), number(sizes.get(row))) for row in rows)


def _of_pools(columns: Sequence[Mapping[str, object]]) -> float | None:
    """CISCO-MEMORY-POOL-MIB: columns used, free."""
    used, free = columns
    return fullest((number(used[row]), _sum(number(used[row]), number(free.get(row)))) for row in used)


_WORST = {
    _STANDARD["memory"]: _of_storage,
    _STANDARD["temperature"]: hottest,
    _TABLES["1.3.6.1.4.1.9."]["memory"]: _of_pools,
}
