"""Who looks at things so that a failure can be trusted, as `Uplink` and `Corroboration` need it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from agent.probing.runner import Observation
    from config.site.model import CheckPlan


class Asker(Protocol):
    """Begins looks, and delivers what each came to, to the one for whom it was made."""

    def start(self, plans: Sequence[CheckPlan]) -> None:
        """Look at all of these now."""


AskerOf: TypeAlias = "Callable[[Callable[[Observation], None]], Asker]"
"""Makes an asker that delivers to this function; a `Runner` with places of its own, as a rule."""
