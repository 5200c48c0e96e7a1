"""Tells systemd how we are, if it asked to be told (sd_notify(3))."""

from __future__ import annotations

import os
import socket


def notify_systemd(state: str) -> None:
    """Send e.g. `READY=1`; nothing happens where nobody listens."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address:
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as channel:
        channel.connect("\0" + address[1:] if address.startswith("@") else address)
        channel.sendall(state.encode())
