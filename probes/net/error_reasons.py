"""What the system's error numbers say of the other side: the one table from errno to the phrase of a reason.

Only for errors that come in after something was sent. What `connect` or `send` refuses at once is this machine's own
(no route, no permission, no port or file descriptor), whatever its number.
"""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING, Final

from probes.reasons import CONNECT_TIMEOUT, REFUSED, UNREACHABLE

if TYPE_CHECKING:
    from collections.abc import Mapping

FROM_THE_WAY: Final[Mapping[int, str]] = {
    errno.ECONNREFUSED: REFUSED,
    errno.EHOSTUNREACH: UNREACHABLE,
    errno.ENETUNREACH: UNREACHABLE,
    errno.EHOSTDOWN: UNREACHABLE,
    errno.ENOPROTOOPT: UNREACHABLE,
    errno.EACCES: UNREACHABLE,  # ICMP "administratively prohibited"
    errno.EPROTO: UNREACHABLE,
}
"""What a router or the host itself complained of by ICMP, as the kernel hands it to a socket."""
OF_A_HANDSHAKE: Final[Mapping[int, str]] = {
    **FROM_THE_WAY,
    errno.ECONNRESET: REFUSED,
    errno.ETIMEDOUT: CONNECT_TIMEOUT,
}
"""What became of a TCP connection that was under way."""
