"""How much light a fibre module receives and sends, and how far that is from the module's own limits.

`ok`: within the module's thresholds, and within `min_margin` and `max_drift` where those are given. `fail`: below or
above a threshold, too little margin, too far from the usual. `none`: the port is switched off, there is no module, or
what it says of the light received is no reading (a zero is never taken for darkness: see `snmp_link`). A limit is
never guessed: without thresholds, of the module or of the site, it only measures, and a `min_margin` is `none`.
What it can never see: where the light is lost; dirt that passes light; whether data passes (see `snmp_link`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, NamedTuple, Self

from pydantic import Field, model_validator

from config.input.models import wanted
from probes.faults import OwnFaultError, judged
from probes.net.connection import Deadline
from probes.outcome import Outcome, fail, ok
from probes.reasons import (
    DRIFTED,
    MARGIN_LOW,
    NO_READING,
    NOT_TOLD,
    PORT_OFF,
    RX_HIGH,
    RX_LOW,
    TX_HIGH,
    TX_LOW,
    because,
)
from probes.snmp.optical_units import huawei, of_centi_dbm, of_sensor_dbm, of_sensor_watts, of_tenths_of_microwatts
from probes.snmp.options import SnmpOptions
from probes.snmp.session import SnmpDevice
from probes.snmp.transport import REASONS as SNMP_REASONS
from probes.snmp.values import number

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gufo.snmp.typing import ValueType

    from config.text.reasons import Reason

METRICS = {
    "rx_dbm": "light received",
    "tx_dbm": "light sent",
    "rx_margin_db": "light received above the low alarm",
    "rx_drift_db": "light received less the usual (only with `usual_rx`)",
}
REASONS = (*SNMP_REASONS, RX_LOW, RX_HIGH, TX_LOW, TX_HIGH, MARGIN_LOW, DRIFTED)
_HUAWEI = "1.3.6.1.4.1.2011.5.25.31.1.1.3.1"
_H3C = "1.3.6.1.4.1.25506.2.70.1.1.1"
_CISCO, _CISCO_LIMITS = "1.3.6.1.4.1.9.9.91.1.1.1.1", "1.3.6.1.4.1.9.9.91.1.2.1.1"
_SENSOR = "1.3.6.1.2.1.99.1.1.1"
_ADMIN = "1.3.6.1.2.1.2.2.1.7"
_DOWN = 2
_WATTS, _DBM = 6, 14
_READINGS = ("rx", "tx")
_LESS, _MORE = (1, 2), (3, 4)
_SEVERE = 20
_Dbm = Annotated[float, Field(ge=-60, le=20, strict=False)]
_Decibel = Annotated[float, Field(ge=0, le=60, strict=False)]
_Index = Annotated[int, Field(ge=1, le=2**31 - 1)]


class Options(SnmpOptions):
    """Which module, whose tables, and what it must be like."""

    vendor: Literal["huawei", "h3c", "cisco", "standard"]
    """whose tables tell it: Huawei's, H3C's, Cisco's, or ENTITY-SENSOR-MIB (RFC 3433)"""
    index: _Index
    """entPhysicalIndex of the module (`huawei`) or of the receive sensor (`cisco`, `standard`); `h3c`: the ifIndex"""
    tx_index: _Index | None = None
    """`cisco`, `standard`: the entPhysicalIndex of the transmit sensor"""
    port_index: _Index | None = None
    """the port's ifIndex, to leave it in peace while it is switched off"""
    unit: Literal["auto", "centi_dbm", "microwatt"] = "auto"
    """`huawei`: what a reading above 0 is; without this, 1 to 820 is no reading, as it can be either"""
    low_alarm: _Dbm | None = None
    """receiving less dBm fails; the module's own low alarm if not given"""
    high_alarm: _Dbm | None = None
    """receiving more dBm fails; the module's own high alarm if not given"""
    min_margin: _Decibel | None = None
    """fewer dB above the low alarm fail; 3 is usual"""
    usual_rx: _Dbm | None = None
    """the light received when the link was accepted, in dBm"""
    max_drift: _Decibel | None = None
    """with `usual_rx`: so many dB less fail; 2 is usual"""

    @model_validator(mode="after")
    def _drift_from_something(self) -> Self:
        if self.max_drift is not None and self.usual_rx is None:
            raise wanted("usual_rx, from which max_drift is measured")
        return self


class Light(NamedTuple):
    """What a module says, in dBm; None: no reading, or no such threshold."""

    rx: float | None
    tx: float | None = None
    rx_low: float | None = None
    rx_high: float | None = None
    tx_low: float | None = None
    tx_high: float | None = None


async def probe(address: str, options: Options, *, timeout_s: float) -> Outcome:
    """One look, for one module. OSError: our own network or limits."""
    return await judged(one(SnmpDevice(address, options), options, Deadline(timeout_s)))


async def one(device: SnmpDevice, options: Options, deadline: Deadline) -> Outcome:
    """One look at a module of that device, in one request."""
    columns = _columns(options)
    admin = [] if options.port_index is None else [f"{_ADMIN}.{options.port_index}"]
    oids = [f"{column}.{row}" for row in _rows(options) for column in columns]
    values = await device.values([*admin, *oids], deadline)
    if admin and number(values.get(admin[0])) == _DOWN:
        raise OwnFaultError(PORT_OFF)
    return verdict(with_limits(await _light(device, options, values, deadline)), options)


def _columns(options: Options) -> list[str]:
    if options.vendor == "huawei":
        return list(_HUAWEI_COLUMNS.values())
    if options.vendor == "h3c":
        return list(_H3C_COLUMNS.values())
    table = _CISCO if options.vendor == "cisco" else _SENSOR
    return [f"{table}.{column}" for column in range(1, 6)]


def _rows(options: Options) -> list[int]:
    transmit = options.tx_index if options.vendor in ("cisco", "standard") else None
    return [options.index] if transmit is None else [options.index, transmit]


async def _light(device: SnmpDevice, options: Options, values: Mapping[str, ValueType], deadline: Deadline) -> Light:
    if options.vendor in ("huawei", "h3c"):
        columns = _HUAWEI_COLUMNS if options.vendor == "huawei" else _H3C_COLUMNS
        told = {name: number(values.get(f"{column}.{options.index}")) for name, column in columns.items()}
        return of_huawei(told, options) if options.vendor == "huawei" else of_h3c(told)
    table = _CISCO if options.vendor == "cisco" else _SENSOR
    readings = [sensor(values, table, row) for row in _rows(options)]
    low, high = None, None
    if options.vendor == "cisco":
        limits = device.rows(_CISCO_LIMITS)
        limits = await device.walked(_CISCO_LIMITS, deadline) if limits is None else limits
        shape = [number(values.get(f"{table}.{column}.{options.index}")) for column in (2, 3)]
        low, high = cisco_limits(limits, options.index, shape[0] or 0, shape[1] or 0)
    return Light(rx=readings[0], tx=readings[1] if len(readings) > 1 else None, rx_low=low, rx_high=high)


_HUAWEI_COLUMNS = {
    name: f"{_HUAWEI}.{column}"
    for name, column in {"rx": 8, "tx": 9, "rx_low": 13, "rx_high": 14, "tx_low": 15, "tx_high": 16}.items()
}
_H3C_COLUMNS = {
    name: f"{_H3C}.{column}"
    for name, column in {"tx": 9, "rx": 12, "tx_high": 30, "tx_low": 31, "rx_high": 34, "rx_low": 35}.items()
}


def of_huawei(told: Mapping[str, int | None], options: Options) -> Light:
    """Huawei's entity table. One threshold below 0 shows that all are in dBm, also where the readings are µW."""
    limits = [value for name, value in told.items() if name not in _READINGS and value is not None]
    limits_unit = "centi_dbm" if any(huawei(value) is not None and value < 0 for value in limits) else options.unit
    units = {name: options.unit if name in _READINGS else limits_unit for name in told}
    return Light(**{name: None if value is None else huawei(value, units[name]) for name, value in told.items()})


def of_h3c(told: Mapping[str, int | None]) -> Light:
    """H3C's transceiver table: readings in hundredths of a dBm, thresholds in tenths of a µW."""
    found = {}
    for name, value in told.items():
        read = of_centi_dbm if name in _READINGS else of_tenths_of_microwatts
        found[name] = None if value is None else read(value)
    return Light(**found)


def sensor(values: Mapping[str, ValueType], table: str, row: int) -> float | None:
    """A sensor's reading: columns type, scale, precision, value, status; one that is not in order reads nothing."""
    kind, scale, precision, value, status = (number(values.get(f"{table}.{column}.{row}")) for column in range(1, 6))
    if value is None or scale is None or status not in (None, 1):
        return None
    read = {_WATTS: of_sensor_watts, _DBM: of_sensor_dbm}.get(kind or 0)
    return None if read is None else read(value, scale, precision or 0)


def cisco_limits(
    rows: Mapping[str, ValueType], sensor_index: int, scale: int, precision: int
) -> tuple[float | None, float | None]:
    """Low and high alarm of a sensor: of its thresholds of severity major or critical, the outermost.

    Where all of them are 0, none was ever set: many modules write so, and no module has its low alarm at 0 dBm.
    """
    low: list[float] = []
    high: list[float] = []
    for key in rows:
        column, _, row = key.partition(".")
        if column != "4" or not row.startswith(f"{sensor_index}."):
            continue
        severity, relation, value = (number(rows.get(f"{each}.{row}")) for each in (2, 3, 4))
        dbm = None if value is None else of_sensor_dbm(value, scale, precision)
        if dbm is None or severity is None or severity < _SEVERE:
            continue
        if relation in _LESS:
            low.append(dbm)
        elif relation in _MORE:
            high.append(dbm)
    if not any((*low, *high)):
        return None, None
    return min(low, default=None), max(high, default=None)


def with_limits(light: Light) -> Light:
    """These readings without thresholds that are none: a low one that is not below the high one was never set."""
    for low, high in (("rx_low", "rx_high"), ("tx_low", "tx_high")):
        lowest, highest = getattr(light, low), getattr(light, high)
        if lowest is not None and highest is not None and lowest >= highest:
            light = light._replace(**{low: None, high: None})
    return light


def verdict(light: Light, options: Options) -> Outcome:
    """What these readings come to. Without one of the light received it is `none`, if nothing else is wrong."""
    low = light.rx_low if options.low_alarm is None else options.low_alarm
    high = light.rx_high if options.high_alarm is None else options.high_alarm
    told = {"rx_dbm": light.rx, "tx_dbm": light.tx}
    if light.rx is not None:
        told["rx_margin_db"] = None if low is None else round(light.rx - low, 2)
        told["rx_drift_db"] = None if options.usual_rx is None else round(light.rx - options.usual_rx, 2)
    metrics = {name: value for name, value in told.items() if value is not None}
    reason = (
        _outside(light.rx, low, high, (RX_LOW, RX_HIGH))
        or _outside(light.tx, light.tx_low, light.tx_high, (TX_LOW, TX_HIGH))
        or _weak(metrics, options)
    )
    if light.rx is None and not reason:
        raise OwnFaultError(NO_READING)
    if options.min_margin is not None and low is None and not reason:
        raise OwnFaultError(NOT_TOLD, "low alarm")
    return fail(reason, **metrics) if reason else ok(**metrics)


def _outside(dbm: float | None, low: float | None, high: float | None, phrases: tuple[str, str]) -> Reason | None:
    if dbm is not None and low is not None and dbm < low:
        return because(phrases[0], f"{dbm:g} dBm, alarm {low:g}")
    if dbm is not None and high is not None and dbm > high:
        return because(phrases[1], f"{dbm:g} dBm, alarm {high:g}")
    return None


def _weak(metrics: Mapping[str, float], options: Options) -> Reason | None:
    margin, drift = metrics.get("rx_margin_db"), metrics.get("rx_drift_db")
    if options.min_margin is not None and margin is not None and margin < options.min_margin:
        return because(MARGIN_LOW, f"{margin:g} dB")
    if options.max_drift is not None and drift is not None and -drift > options.max_drift:
        return because(DRIFTED, f"{drift:+g} dB")
    return None
