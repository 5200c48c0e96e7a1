"""One question and its answer over UDP: who is to blame when there is none, and bounds on what is taken in.

The socket is connected, so the kernel drops what comes from elsewhere; whether a datagram is the answer is for the
kind to say, by the token in it. Complaints of routers are no proof (anybody can send one): they only name the reason
after the time-out. What `connect` or `send` refuses at once is ours and is let through as OSError.
"""

from __future__ import annotations

import asyncio
import socket
from typing import TYPE_CHECKING, TypeVar

from probes.faults import AssetFaultError
from probes.net.error_reasons import FROM_THE_WAY
from probes.reasons import NO_ANSWER, NOT_UNDERSTOOD, REFUSED, TOO_MUCH, UNREACHABLE

if TYPE_CHECKING:
    from collections.abc import Callable

    from probes.net.connection import Deadline
    from probes.net.resolve import HostAddress

ASK_REASONS = (NO_ANSWER, REFUSED, UNREACHABLE, NOT_UNDERSTOOD, TOO_MUCH)
MOST_BYTES = 65_535
MOST_DATAGRAMS = 256
"""So many that are no answer prove a flood."""
T = TypeVar("T")


async def asked(place: HostAddress, request: bytes, taken: Callable[[bytes], T | None], deadline: Deadline) -> T:
    """What `taken` makes of the first datagram for which it is not None.

    AssetFaultError: no such datagram in time. OSError: it could not be sent.
    """
    with socket.socket(place.family, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK | socket.SOCK_CLOEXEC) as opened:
        opened.connect(place.address)
        opened.send(request)
        return await _awaited(opened, taken, deadline)


async def _awaited(opened: socket.socket, taken: Callable[[bytes], T | None], deadline: Deadline) -> T:
    silence = NO_ANSWER
    try:
        async with asyncio.timeout(deadline.left_s()):
            for _ in range(MOST_DATAGRAMS):
                try:
                    data = await asyncio.get_running_loop().sock_recv(opened, MOST_BYTES)
                except OSError as error:
                    silence = _complaint(error)
                    continue
                answer = taken(data)
                if answer is not None:
                    return answer
                silence = NOT_UNDERSTOOD
                await asyncio.sleep(0)  # a flood is taken in turns with everybody else
    except TimeoutError:
        raise AssetFaultError(silence) from None
    raise AssetFaultError(TOO_MUCH, "datagrams that are no answer")


def _complaint(error: OSError) -> str:
    """The phrase for what came back; any other error is ours, and is raised again."""
    phrase = FROM_THE_WAY.get(error.errno or 0)
    if phrase is None:
        raise error
    return phrase
