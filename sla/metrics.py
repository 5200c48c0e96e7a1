"""One metric of one check's readings, one look an instant."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


class Look(NamedTuple):
    """What a check saw at one instant. `value` is None where the reading does not carry the metric."""

    at: int
    ok: bool
    value: float | None


def looks(found: Iterable[tuple[int, bool, float | None]], sign: int, *, absolute: bool) -> Iterator[Look]:
    """One look an instant of what `ReadingSource.metric` gives.

    Of several readings at one instant fail wins (SPEC §1); of several values that remain, the worst.
    `sign`: 1 if a larger value is worse, -1 if a smaller one is. `absolute`: values lose their sign.
    """
    held: Look | None = None
    for at, ok, said in found:
        look = Look(at, ok, abs(said) if absolute and said is not None else said)
        if held is None or held.at != at:
            if held is not None:
                yield held
            held = look
        elif _wins(look, held, sign):
            held = look
    if held is not None:
        yield held


def _wins(look: Look, held: Look, sign: int) -> bool:
    if look.ok != held.ok:
        return held.ok
    return look.value is not None and (held.value is None or sign * look.value > sign * held.value)
