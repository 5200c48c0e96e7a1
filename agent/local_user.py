"""Local users by the kernel's word."""

from __future__ import annotations

import os
import pwd


def actor_of(uid: int) -> str:
    """A local user as the ledger names whoever wrote: `local:NAME`, or `local:UID` where the user has no name."""
    try:
        return f"local:{pwd.getpwuid(uid).pw_name}"
    except KeyError:
        return f"local:{uid}"


def own_actor() -> str:
    """Whoever runs this process, as the ledger names it."""
    return actor_of(os.getuid())


def own_name() -> str:
    """Whoever runs this process, as a record's `by`: the name alone, or the number."""
    return own_actor().removeprefix("local:")
