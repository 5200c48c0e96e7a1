"""Real providers on loopback: an HTTP robot and a mail server."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest
from aiosmtpd.controller import Controller

from tests.support.ports import free_port
from tests.support.servers.providers import PATIENT

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass
class Robot:
    """An HTTP robot that answers what it is told to, and keeps what it was sent."""

    port: int
    status: int = 200
    answer: str = '{"errcode": 0, "errmsg": "ok"}'
    received: list[dict] = field(default_factory=list)

    def url(self) -> str:
        return f"json://127.0.0.1:{self.port}/robot/send-secret-token?{PATIENT}"


@pytest.fixture
def robot() -> Iterator[Robot]:
    found = Robot(port=0)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            found.received.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            body = found.answer.encode()
            self.send_response(found.status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *arguments):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    found.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield found
    server.shutdown()
    thread.join()
    server.server_close()


@dataclass
class Mailbox:
    """A mail server that takes everything, or refuses everything."""

    port: int = 0
    refuses: bool = False
    received: list[bytes] = field(default_factory=list)

    async def handle_DATA(self, _server, _session, envelope) -> str:  # noqa: N802 - aiosmtpd's name
        if self.refuses:
            return "554 Transaction failed"
        self.received.append(envelope.content)
        return "250 OK"

    def url(self) -> str:
        return f"mailto://127.0.0.1:{self.port}?from=agent@example.com&to=engineer@example.com&mode=insecure"


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    found = Mailbox(free_port())
    controller = Controller(found, hostname="127.0.0.1", port=found.port)
    controller.start()
    yield found
    controller.stop()
