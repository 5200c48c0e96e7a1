"""The phrases in which probes say what was wrong: stable, searchable, and each with a Chinese text.

A reason is one of these phrases, or one of them with a detail behind a colon: `unexpected status: 503`.
The detail may hold words of a hostile device: it is one line, cut, and what would not show is left out.
The Chinese of phrases and of our words in details stands in config/text/locale/zh_CN/LC_MESSAGES/reasons.po.
"""

from __future__ import annotations

from typing import Final

from config.text.outside import one_line
from config.text.reasons import Reason, as_seen, detail_of

DETAIL_CHARACTERS = 200
"""A detail longer than this is cut (bound B13 allows 512 for all text)."""

# The asset's fault
NO_ANSWER: Final = "no answer"
REFUSED: Final = "connection refused"
CONNECT_TIMEOUT: Final = "connection not accepted in time"
UNREACHABLE: Final = "unreachable"
BROKEN_OFF: Final = "connection broken off"
READ_TIMEOUT: Final = "answer not complete in time"
TOO_MUCH: Final = "answer too large"
NOT_UNDERSTOOD: Final = "answer not understood"
WRONG_STATUS: Final = "unexpected status"
TEXT_MISSING: Final = "expected text missing"
TLS_FAILED: Final = "TLS handshake failed"
CERTIFICATE_REFUSED: Final = "certificate not valid"
CERTIFICATE_ENDS: Final = "certificate ends soon"
TOO_MANY_REDIRECTS: Final = "too many redirects"
REDIRECT_REFUSED: Final = "redirect not allowed"
CPU_HIGH: Final = "cpu above its limit"
MEMORY_HIGH: Final = "memory above its limit"
DISK_FULL: Final = "disk above its limit"
LOAD_HIGH: Final = "load above its limit"
PROCESS_MISSING: Final = "process not running"
UNIT_MISSING: Final = "unit not installed"
UNIT_DOWN: Final = "unit not active"
DNS_ERROR: Final = "DNS error"
RECORD_MISSING: Final = "expected record missing"
CLOCK_OFF: Final = "clock off by more than its limit"
NOT_SYNCHRONISED: Final = "time server not synchronised"
TIME_REFUSED: Final = "time server refuses to answer"
TLS_NOT_OFFERED: Final = "TLS not offered"
OVERLOADED: Final = "overloaded"
NOT_READY: Final = "not ready"
QUERY_FAILED: Final = "query failed"
PATH_WRONG: Final = "path not found"
ANOTHER_DEVICE: Final = "another device than expected"
NO_SUCH_PORT: Final = "no such port"
PORT_OFF: Final = "port switched off"
PORT_DOWN: Final = "port down"
FLAPPED: Final = "port went down and up again"
SPEED_LOW: Final = "speed below what is wanted"
HALF_DUPLEX: Final = "half duplex"
ERRORS_HIGH: Final = "errors above their limit"
RESTARTED: Final = "restarted"
HOT: Final = "temperature above its limit"
RX_LOW: Final = "received light below its alarm"
RX_HIGH: Final = "received light above its alarm"
TX_LOW: Final = "sent light below its alarm"
TX_HIGH: Final = "sent light above its alarm"
MARGIN_LOW: Final = "optical margin too small"
DRIFTED: Final = "received light less than usual"
NO_FRAME: Final = "no picture in time"
STREAM_STOPPED: Final = "stream stopped"
PICTURE_BLACK: Final = "picture black"
PICTURE_BRIGHT: Final = "picture over-bright"
PICTURE_SNOW: Final = "picture is snow"
PICTURE_FROZEN: Final = "picture frozen"
PICTURE_BLURRED: Final = "picture blurred"
PICTURE_COVERED: Final = "picture covered"
PICTURE_MOVED: Final = "picture of another scene"
PICTURE_CAST: Final = "picture with a colour cast"
NO_VIDEO: Final = "no video in the stream"
NO_RECORDING: Final = "no recording found"
RECORDING_STOPPED: Final = "recording stopped"
KEPT_SHORT: Final = "recordings do not reach back far enough"
RECORDING_GAPS: Final = "too little of the window recorded"
DISK_FAILING: Final = "disk is failing"
DISK_WARNS: Final = "disk warns"
ATTRIBUTE_LOW: Final = "disk attribute below its threshold"
SELF_TEST_FAILED: Final = "disk self-test failed"
DISK_WORN: Final = "disk wear above its limit"
SPARE_LOW: Final = "disk spare below its limit"
REALLOCATED_HIGH: Final = "reallocated sectors above their limit"
PENDING_HIGH: Final = "pending sectors above their limit"
UNCORRECTABLE_HIGH: Final = "uncorrectable sectors above their limit"

SILENT: Final = (NO_ANSWER, CONNECT_TIMEOUT, UNREACHABLE)
"""Nothing came back from the asset itself; every other reason of `fail` is its own word."""

BUG: Final = "bug"
"""A mistake in a probe; what was raised is the detail."""

# Whose fault it is, the site's settings say
LOGIN_REFUSED: Final = "login refused"

# Ours: the outcome is `none`
NOT_SENT: Final = "could not send"
NO_PERMISSION: Final = "no permission to send ICMP"
BUFFER_OVERRUN: Final = "our receive buffer ran over"
STALLED: Final = "we were stalled"
NAME_UNKNOWN: Final = "name does not exist"
NAME_UNRESOLVED: Final = "name could not be resolved"
NOT_HERE: Final = "not this machine"
NOT_MEASURABLE: Final = "not measurable on this machine"
OWN_CLOCK_UNSURE: Final = "our own clock is not synchronised"
LOGIN_WANTED: Final = "a login is wanted, and none is set"
CLEAR_WANTED: Final = "the password is wanted in the clear; allow it with basic = true"  # a phrase
NO_READING: Final = "no reading of the module"
NO_SEARCH: Final = "the recorder offers no search"
NO_HISTORY: Final = "the recorder does not tell when it recorded"
RECORDING_UNCLEAR: Final = "not clear which recording is meant"
PICTURE_HIDDEN: Final = "scene hidden by fog or snow"
NO_BASELINE: Final = "baseline cannot be read"
NO_SECRET: Final = "no password where it should be"  # noqa: S105 - a phrase
DISK_UNREAD: Final = "disk could not be asked"
DISK_SILENT: Final = "disk tells nothing of its health"
NOT_TOLD: Final = "does not tell what a limit is for"
PORTS_HIDDEN: Final = "the device shows no table of its ports"
PORT_UNKNOWN: Final = "the device does not know the state of the port"
WAITED: Final = "waited for other looks at the device"
REPORT_OLD: Final = "disk report too old"

OURS: Final = (
    NOT_SENT,
    NO_PERMISSION,
    BUFFER_OVERRUN,
    STALLED,
    NAME_UNKNOWN,
    NAME_UNRESOLVED,
    NOT_HERE,
    NOT_MEASURABLE,
    OWN_CLOCK_UNSURE,
    LOGIN_WANTED,
    CLEAR_WANTED,
    NO_READING,
    NO_SEARCH,
    NO_HISTORY,
    RECORDING_UNCLEAR,
    PICTURE_HIDDEN,
    NO_BASELINE,
    NO_SECRET,
    DISK_UNREAD,
    DISK_SILENT,
    NOT_TOLD,
    PORTS_HIDDEN,
    PORT_UNKNOWN,
    WAITED,
    REPORT_OLD,
    LOGIN_REFUSED,
)
"""Reasons of `none`; any kind may give those that concern it, and what the system called an error."""


def theirs(words: object) -> str:
    """A device's own words as a detail: one line, cut, and quoted where a part of them could be taken for ours."""
    return as_seen(one_line(str(words), DETAIL_CHARACTERS - 2))


def because(phrase: str, *details: object) -> Reason:
    """The phrase, and as its detail what was seen: words of ours first, then values, each a segment of its own.

    Words are whole entries of the catalogue of reasons (see config/text/reasons.py); empty details are left out.
    What a device said goes through `theirs`.
    """
    return Reason(phrase, one_line(detail_of(*details), DETAIL_CHARACTERS))
