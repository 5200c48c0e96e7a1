"""Servers that answer as they should, each as small as it can be: the controls beside the hostile ones."""

from __future__ import annotations

import io
import struct
from typing import TYPE_CHECKING

import dns.message
import dns.rrset
import numpy as np
from PIL import Image

from probes.machine.clock import now_s
from tests.support.cameras.onvif_device import device
from tests.support.servers.stranger import answering, silent
from tests.support.snmp.ber import ber, response

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable

    from tests.support.servers.stranger import Handler

WORDS = "all is well"
SDP = b"v=0\r\ns=x\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n"
_SINCE_1900 = 2_208_988_800
_UPTIME = ber(0x30, ber(6, bytes.fromhex("2b06010201010300")) + ber(0x43, b"\1\0\0"))


def picture() -> bytes:
    """A JPEG of a scene."""
    made = io.BytesIO()
    grid = np.random.default_rng(5).integers(0, 255, (18, 32, 3), dtype=np.uint8)
    Image.fromarray(grid).resize((640, 360)).save(made, "JPEG")
    return made.getvalue()


def page(body: bytes) -> Handler:
    return answering(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body), body)


def greeting(*answers: bytes) -> Handler:
    """Says the first of these at once, and one more after each thing that is said to it."""

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for each in answers:
            writer.write(each)
            await writer.drain()
            if not await reader.read(65_536):
                return

    return handle


async def camera(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """An RTSP server with one stream, which it describes."""
    while request := await reader.readuntil(b"\r\n\r\n"):
        sequence = next(line for line in request.split(b"\r\n") if line.startswith(b"CSeq"))
        body = SDP if request.startswith(b"DESCRIBE") else b""
        writer.write(b"RTSP/1.0 200 OK\r\n%s\r\nContent-Length: %d\r\n\r\n%s" % (sequence, len(body), body))
        await writer.drain()


async def name_server(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """DNS by TCP."""
    length = int.from_bytes(await reader.readexactly(2), "big")
    (answer,) = names(await reader.readexactly(length))
    writer.write(len(answer).to_bytes(2, "big") + answer)
    await writer.drain()


async def hotline(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """SIP by TCP."""
    writer.writelines(calls(await reader.readuntil(b"\r\n\r\n")))
    await writer.drain()


def names(data: bytes) -> list[bytes]:
    """A name server of the root."""
    answer = dns.message.make_response(dns.message.from_wire(data))
    answer.answer.append(dns.rrset.from_text(".", 60, "IN", "NS", "a.example."))
    return [answer.to_wire()]


def time_of_day(data: bytes) -> list[bytes]:
    """A time server."""
    now = int((now_s() + _SINCE_1900) * (1 << 32)) % (1 << 64)
    token = struct.unpack("!Q", data[40:48])[0]
    return [struct.pack("!BBbbII4sQQQQ", 4 << 3 | 4, 2, 6, -20, 0, 655, b"TEST", now, token, now, now)]


def calls(data: bytes) -> list[bytes]:
    """A SIP server."""
    call = next(line for line in data.split(b"\r\n") if line.startswith(b"Call-ID"))
    return [b"SIP/2.0 200 OK\r\n%s\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n" % call]


def agent(data: bytes) -> list[bytes]:
    """An SNMP agent that knows its uptime and nothing else."""
    return [response(data, _UPTIME)]


BY_TCP: dict[str, Handler] = {
    "tcp": silent,
    "http": page(WORDS.encode()),
    "dns by tcp": name_server,
    "smtp": greeting(b"220 a\r\n", b"250 a\r\n"),
    "ssh": greeting(b"SSH-2.0-x\r\n"),
    "sip by tcp": hotline,
    "rtsp": camera,
    "onvif": device(),
    "snapshot": page(picture()),
}
BY_UDP: dict[str, Callable[[bytes], list[bytes]]] = {
    "dns": names,
    "ntp": time_of_day,
    "sip": calls,
    "snmp_device": agent,
}
"""Name in the table of hostile servers → the honest one."""
ELSEWHERE = {
    "tls": "tests/server/test_probe_talkers.py::test_a_good_certificate_is_ok_and_its_days_are_told",
    "postgres": "tests/server/test_probe_databases.py::test_a_server_that_lets_us_in_and_answers_is_ok",
    "mysql": "tests/server/test_probe_databases.py::test_a_server_that_lets_us_in_and_answers_is_ok",
    "recording": "tests/server/test_probe_recording.py::test_a_recording_that_goes_on_and_reaches_back_is_ok",
    "frame": "tests/server/test_probe_frame.py::test_a_living_camera_is_ok_and_its_first_frame_is_timed",
    "snmp_link": "tests/server/test_probe_snmp.py::test_a_port_is_found_by_its_name_and_has_rates",
    "optical": "tests/server/test_probe_snmp.py::test_the_light_of_each_vendor_is_read_in_dbm",
}
"""Kind → the test in which an honest server answers it that is too large to stand here."""
