"""What is said of drawn streets (`tests/support/pictures/streets.py`), each beside its own baselines: for tests and the guide."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from PIL import Image

from probes.picture.assessment import PictureOptions, Profile, verdict
from probes.picture.decode_child import _jpeg
from probes.picture.measures import measures
from tests.support.pictures.streets import FAULTS, FAULTY_IN, HEALTHY, moment

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from probes.outcome import Outcome
    from tests.support.pictures.places import Street

NAMES = {
    "black": "picture black",
    "over-bright": "picture over-bright",
    "snow": "picture is snow",
    "blurred": "picture blurred",
    "covered": "picture covered",
    "moved": "picture of another scene",
    "cast": "picture with a colour cast",
}


class Said(NamedTuple):
    """Of one picture. `alone`: without a baseline."""

    street: int
    kind: str
    fault: str
    beside: Outcome
    alone: Outcome

    @property
    def is_right(self) -> bool:
        """Whether a fault is told, by any name, and whether nothing is told of what is healthy."""
        return self.beside.outcome == ("fail" if self.fault else "ok")

    @property
    def is_named(self) -> bool:
        """Whether it is told by its own name."""
        return self.beside.reason == NAMES.get(self.fault, "")


def found_in(data: bytes) -> dict[str, Any]:
    """The measures of one file, as the decoder's child takes them."""
    before = Image.MAX_IMAGE_PIXELS
    try:
        return measures(_jpeg(data)) | {"same_bytes": False}
    finally:
        Image.MAX_IMAGE_PIXELS = before  # which the child sets for itself alone


def baselines(street: Street) -> tuple[Profile, ...]:
    """One picture by day and one by night, as somebody makes them once."""
    taken = {"day": found_in(moment(street, "cloudy", 1_000)), "night": found_in(moment(street, "night", 1_000))}
    fields = [key for key in Profile.model_fields if key != "name"]
    return tuple(Profile(name=name, **{key: found[key] for key in fields}) for name, found in taken.items())


def told(
    street: Street, seeds: Iterable[int], kinds: Iterable[str] = HEALTHY, faulty_in: Iterable[str] = FAULTY_IN
) -> Iterator[Said]:
    """Of each kind of healthy picture, and of each fault by day and by night, one for each seed."""
    known = baselines(street)
    asked = [(kind, "") for kind in kinds] + [(kind, fault) for fault in FAULTS for kind in faulty_in]
    for seed in seeds:
        for kind, fault in asked:
            found = found_in(moment(street, kind, seed, fault))
            beside, alone = (verdict(found, PictureOptions(), each) for each in (known, ()))
            yield Said(street.number, kind, fault, beside, alone)
