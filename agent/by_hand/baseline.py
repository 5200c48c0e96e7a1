"""Keeps what a camera usually shows, to compare later pictures with."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING, Any

from agent.by_hand.probing import asked_of, seconds_of
from agent.exit_codes import BAD_USE, OK
from config.input.mistakes import reason_of
from config.input.usage import UsageError
from config.text.i18n import in_language
from config.text.reasons import reason_in
from probes.faults import AssetFaultError, OwnFaultError
from probes.kinds import frame, snapshot
from probes.picture.assessment import verdict, with_profile
from probes.picture.decoder import Decoder

if TYPE_CHECKING:
    import argparse

_PICTURES: dict[str, Any] = {"frame": frame, "snapshot": snapshot}


def baseline(options: argparse.Namespace) -> int:
    """Look at a camera now and keep the picture's measures as its profile of that name."""
    kind = _PICTURES.get(options.kind)
    if kind is None:
        raise UsageError("a baseline is of a picture: {kinds}", kinds=_PICTURES)
    if not options.profile.strip():
        raise UsageError("a name is wanted, like day or night")
    asked, timeout_s = asked_of(options, kind.Options), seconds_of(options)
    decoder = Decoder()
    try:
        found = asyncio.run(kind.measured(options.address, asked, timeout_s, decoder))
        wrong = verdict(found, asked, ()).reason
        text = with_profile(options.file, options.profile, found)
    except (AssetFaultError, OwnFaultError) as fault:
        sys.stderr.write(reason_in(fault.reason, options.lang) + "\n")
        return BAD_USE
    except ValueError as error:
        raise UsageError(reason_of(error)) from None
    finally:
        decoder.close()
    if wrong:
        text = "{reason}: no usual picture, so nothing was kept"
        sys.stderr.write(in_language(text, options.lang).format(reason=reason_in(wrong, options.lang)) + "\n")
        return BAD_USE
    options.file.write_text(text, encoding="utf-8")
    kept = "{file}: {name} is kept, brightness {brightness}, sharpness {sharpness}. Look at the picture yourself"
    shown = in_language(kept, options.lang).format(
        file=options.file,
        name=options.profile,
        brightness=found["brightness_ratio"],
        sharpness=found["sharpness"],
    )
    sys.stdout.write(shown + "\n")
    return OK
