"""An ONVIF device as several kinds ask it: its own clock, its URL, and whose fault a silence is."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from probes.faults import AssetFaultError
from probes.net.connection import Deadline
from probes.onvif.device import DeviceOptions, OnvifDevice, device_url, utc_s
from probes.onvif.xml_tree import tree
from tests.support.patience import PATIENCE_S
from tests.support.servers.stranger import stranger

SOAP = '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body>{}</s:Body></s:Envelope>'


def clock(*numbers: object, name: str = "UTCDateTime") -> str:
    names = ("Year", "Month", "Day"), ("Hour", "Minute", "Second")
    date, time = (
        "".join(f"<{each}>{value}</{each}>" for each, value in zip(group, part, strict=False))
        for group, part in zip(names, (numbers[:3], numbers[3:]), strict=True)
    )
    return f"<{name}><Time>{time}</Time><Date>{date}</Date></{name}>"


def device(*answers: str, asked: list[bytes] | None = None):
    """Answers one request a connection, with the next of these bodies."""
    left = list(answers)

    async def handle(reader, writer):
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
        if asked is not None:
            asked.append(await reader.readexactly(length))
        body = SOAP.format(left.pop(0)).encode()
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))
        await writer.drain()

    return handle


@pytest.mark.parametrize(
    ("address", "options", "url"),
    [
        ("192.0.2.1", {}, "http://192.0.2.1:80/onvif/device_service"),
        ("192.0.2.1:8000", {}, "http://192.0.2.1:8000/onvif/device_service"),
        ("2001:db8::1", {"port": 8080}, "http://[2001:db8::1]:8080/onvif/device_service"),
        ("cam.example", {"path": "/x"}, "http://cam.example:80/x"),
        ("https://cam.example/y", {"port": 1, "path": "/x"}, "https://cam.example/y"),
    ],
)
def test_the_url_of_the_device_service(address, options, url):
    assert device_url(address, DeviceOptions(**options)) == url


@pytest.mark.parametrize("address", ["rtsp://192.0.2.1", "http://admin:secret@192.0.2.1/", "192.0.2.1/x", ""])
def test_an_address_that_makes_no_url_is_a_mistake_of_ours_and_shows_no_password(address):
    with pytest.raises(ValueError, match=r"\S") as error:
        device_url(address, DeviceOptions())
    assert "secret" not in str(error.value)
    assert DeviceOptions().misfit(address, 1_000)


@given(st.datetimes(min_value=datetime(1970, 1, 1), max_value=datetime(9999, 12, 31)))
def test_the_utc_time_of_an_answer_is_read_to_the_second(at):
    answer = tree(SOAP.format(clock(at.year, at.month, at.day, at.hour, at.minute, at.second)).encode())
    assert utc_s(answer) == at.replace(microsecond=0, tzinfo=UTC).timestamp()


def test_a_device_that_tells_only_its_local_time_tells_none():
    assert utc_s(tree(SOAP.format(clock(2026, 1, 1, 0, 0, 0, name="LocalDateTime")).encode())) is None


@pytest.mark.parametrize(
    "numbers",
    [
        (2026, 13, 1, 0, 0, 0),
        (2026, 2, 30, 0, 0, 0),
        ("", 1, 1, 0, 0, 0),
        ("x", 1, 1, 0, 0, 0),
        (2026, 1, 1, 25, 0, 0),
    ],
)
def test_a_time_that_is_none_is_the_device_s_fault(numbers):
    with pytest.raises(AssetFaultError, match="^answer not understood: the time of day$"):
        utc_s(tree(SOAP.format(clock(*numbers)).encode()))


async def test_a_device_s_own_time_goes_on_from_what_it_said():
    async with stranger(device(clock(2026, 10, 3, 8, 0, 0))) as port:
        found = OnvifDevice(f"127.0.0.1:{port}", DeviceOptions(), Deadline(PATIENCE_S))
        said_s = await found.clock_s()
    assert said_s == datetime(2026, 10, 3, 8, tzinfo=UTC).timestamp()
    assert 0 <= found.now_ms() - said_s * 1000 < 5_000


async def test_a_clock_at_the_end_of_time_can_still_be_written():
    async with stranger(device(clock(9999, 12, 31, 23, 59, 59))) as port:
        found = OnvifDevice(f"127.0.0.1:{port}", DeviceOptions(), Deadline(PATIENCE_S))
        await found.clock_s()
    assert datetime.fromtimestamp(found.now_ms() / 1000, UTC).year == 9999


async def test_a_login_stands_in_the_question_as_the_device_s_own_time_wants_it(monkeypatch):
    from probes.onvif.xml_tree import Element

    monkeypatch.setenv("SECRET", "geheim")
    asked: list[bytes] = []
    answers = device(clock(2030, 1, 2, 3, 4, 5), "<GetDeviceInformationResponse/>", asked=asked)
    async with stranger(answers) as port:
        options = DeviceOptions(user="admin", password_env="SECRET")  # noqa: S106 - the name of a variable
        found = OnvifDevice(f"127.0.0.1:{port}", options, Deadline(PATIENCE_S))
        await found.clock_s()
        await found.ask(Element("tds:GetDeviceInformation"))
    assert b"Username" not in asked[0], "the time of day is told without a login"
    assert tree(asked[1]).text_at("Username") == "admin"
    assert tree(asked[1]).text_at("Created").startswith("2030-01-02T03:04:")
    assert b"geheim" not in asked[1]
