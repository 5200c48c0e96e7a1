"""Known wrong computations of other monitors about what devices say of themselves and of each other: T34, T35.

The halves of these cases that belong to a probe are tested with the probes; here is what judging makes of them.
"""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from tests.support.clauses import clause, readings
from tests.support.clauses import result as result_with
from tests.support.timelines import HOUR, MINUTE, availability, contract, judged, records, result

LINK = "asset port link\ncheck port/optical 60s\n"
HOUR_1 = {"term": "2026-10-01 2026-10-01"}


def optical(text: str):
    """A receive level of at least −24 dBm in 95 % of the readings of one hour, one a minute."""
    what = contract(clause("quality", metric="rx_dbm", at_least=-24, share="95%"), **HOUR_1)
    return result_with(
        what, LINK, readings("port/optical", "rx_dbm", "10-01 00:00", "1m", text), "2026-10", "10-01 01:00"
    )


def test_t34_a_port_that_is_not_in_service_breaks_no_optical_limit():
    # LibreNMS alarms at −25.85 dBm of a port that is administratively down. Its probe says `none`: nobody measured.
    found = optical("none*60")
    assert (found.verdict, found.value, found.items[0].readings) == ("not_assessable", None, 0)
    assert str(found.deduction) == "0.00"


def test_t34_a_port_that_is_in_service_and_too_dark_breaks_it():
    # the negative control: the same level, measured: 0 of 60 within the limit
    assert (optical("-25.85*60").verdict, optical("-25.85*60").value) == ("breached", 0)


def test_t34_a_device_s_own_threshold_of_zero_is_no_limit():
    # −5.67 dBm against a "low alarm" of 0 that means "not set" is a false alarm there; here only the contract's limit counts
    what = contract(clause("quality", metric="rx_dbm", at_least=-24, share="95%"), **HOUR_1)
    said = readings("port/optical", "rx_dbm", "10-01 00:00", "1m", "-5.67*60")
    said = [
        type(each)(check=each.check, at=each.at, outcome="ok", metrics={**each.metrics, "low_alarm_dbm": 0})
        for each in said
    ]
    assert result_with(what, LINK, said, "2026-10", "10-01 01:00").verdict == "met"


def test_t34_no_limit_is_guessed_where_the_contract_names_none():
    with pytest.raises(ValidationError):
        clause("quality", metric="rx_dbm", share="95%")


CAMERA_AND_NVR = """
asset nvr server
asset cam camera
check nvr/icmp 60s reach
check nvr/channel-1 60s
check cam/icmp 60s reach
check cam/rtsp 60s
nvr/icmp 10-01 00:00 ok 24:00
nvr/channel-1 10-01 00:00 ok 12:00 fail 24:00
cam/icmp 10-01 00:00 ok 24:00
cam/rtsp 10-01 00:00 ok 24:00
"""


def test_t35_an_nvr_that_misses_a_camera_is_at_fault_itself():
    # Intelbras: "camera absent" for ever, while ping and stream of the camera are well.
    found = judged(contract(**HOUR_1), CAMERA_AND_NVR)
    assert [(each.incident.check, each.explains) for each in found.incidents] == [("nvr/channel-1", 0)]


def test_t35_the_camera_is_up_whatever_the_nvr_believes():
    cameras = availability("99%", scope={"kind": "camera"})
    found = result(contract(cameras, **HOUR_1), CAMERA_AND_NVR)
    assert (found.verdict, found.value, found.items[0].up) == ("met", 1, 24 * HOUR)
    servers = availability("99%", scope={"kind": "server"})
    assert result(contract(servers, **HOUR_1), CAMERA_AND_NVR).items[0].down == 12 * HOUR


def test_t35_a_camera_whose_own_checks_fail_is_down_whatever_the_nvr_believes():
    # the negative control: the NVR shows a frozen picture as present
    said = CAMERA_AND_NVR.replace("cam/rtsp 10-01 00:00 ok 24:00", "cam/rtsp 10-01 00:00 ok 12:00 fail 24:00")
    said = said.replace("nvr/channel-1 10-01 00:00 ok 12:00 fail", "nvr/channel-1 10-01 00:00 ok")
    found = result(contract(availability("99%", scope={"kind": "camera"}), **HOUR_1), said)
    assert (found.verdict, found.items[0].changing, found.items[0].down) == ("breached", MINUTE, 12 * HOUR)
    assert records(said)
