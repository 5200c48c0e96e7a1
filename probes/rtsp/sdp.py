"""What an RTSP server says of its streams: SDP (RFC 8866), the parts that a probe needs, bounded. No I/O."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass, field
from urllib.parse import urljoin

from probes.faults import AssetFaultError
from probes.reasons import NOT_UNDERSTOOD, TOO_MUCH

MOST_LINES = 1_000
_MEDIA = re.compile(r"(\w+) \d+(?:/\d+)? [\w/]+ (\d{1,3})(?: .*)?")
_RTPMAP = re.compile(r"rtpmap:(\d{1,3}) ([\w.+-]+)/(\d{1,9}).*")
_SIZE = re.compile(r"(?:framesize|x-dimensions):(?:\d{1,3} )?(\d{1,4})[-,](\d{1,4})")
_STATIC = {26: "JPEG", 33: "MP2T"}
"""Payload types that need no rtpmap (RFC 3551)."""


@dataclass(slots=True, kw_only=True)
class Track:
    """One stream. `parameters`: of its `fmtp` line; `control`: where to SETUP it; `size`: in pixels, if said."""

    media: str
    payload_type: int
    encoding: str = ""
    control: str = ""
    size: tuple[int, int] | None = None
    parameters: dict[str, str] = field(default_factory=dict)

    def parameter_sets(self) -> list[bytes]:
        """NAL units that the decoder needs first (RFC 6184 §8.1, RFC 7798 §7.1); what is no base64 is left out."""
        found = []
        for key in ("sprop-vps", "sprop-sps", "sprop-pps", "sprop-parameter-sets"):
            for text in self.parameters.get(key, "").split(","):
                try:
                    found.append(base64.b64decode(text, validate=True))
                except (binascii.Error, ValueError):
                    continue
        return [each for each in found if each]


def tracks(body: bytes, base: str) -> list[Track]:
    """The streams, in their order; `base` is what relative controls are relative to. AssetFaultError: no SDP."""
    lines = body.decode("utf-8", "replace").splitlines()
    if len(lines) > MOST_LINES:
        raise AssetFaultError(TOO_MUCH, "lines of SDP")
    if not lines or not lines[0].startswith("v=0"):
        raise AssetFaultError(NOT_UNDERSTOOD, "no SDP")
    found: list[Track] = []
    whole = base
    for line in lines:
        key, _, value = line.partition("=")
        match = _MEDIA.fullmatch(value) if key == "m" else None
        if match:
            kind = int(match.group(2))
            found.append(
                Track(media=match.group(1), payload_type=kind, encoding=_STATIC.get(kind, ""), control=whole)
            )
        elif key == "a" and value.startswith("control:"):
            control = _joined(whole, value.removeprefix("control:").strip())
            if found:
                found[-1].control = control
            else:
                whole = control
        elif key == "a" and found:
            _attribute(found[-1], value)
    return found


def _joined(base: str, control: str) -> str:
    """Cameras write absolute URLs, or a name that stands below the base even where the base does not end in `/`."""
    if control == "*":
        return base
    if control.lower().startswith(("rtsp://", "rtsps://")):
        return control
    if control.startswith("/"):
        return urljoin(base, control)
    return base + ("" if base.endswith("/") else "/") + control


def _attribute(track: Track, value: str) -> None:
    match = _RTPMAP.fullmatch(value)
    if match and int(match.group(1)) == track.payload_type:
        track.encoding = match.group(2).upper()
    elif size := _SIZE.fullmatch(value):
        track.size = int(size.group(1)), int(size.group(2))
    elif value.startswith("fmtp:"):
        pairs = (each.partition("=") for each in value.partition(" ")[2].split(";"))
        track.parameters |= {name.strip().lower(): text.strip() for name, _, text in pairs if name.strip()}
