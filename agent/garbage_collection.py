"""Memory that stays is not gone through again and again: the price of a site is paid once, at the start."""

from __future__ import annotations

import gc

_NEW_OBJECTS = 50_000
"""Containers made and kept before the collector looks; in a quiet minute a site of 1,000 checks makes fewer."""


def exempt_what_is_there() -> None:
    """Leave out of every later collection what there is now: modules, the site, its past."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_NEW_OBJECTS, 20, 20)
