"""Values that stand in a clause's table: points, and shares and durations above nothing."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Annotated, Any

from pydantic import AfterValidator

from config.input.mistakes import WantedError
from config.input.models import Duration, Share, reading, wanted

_POINTS = re.compile(r"\d{1,6}(?:\.\d{1,6})?", re.ASCII)


def _points(value: object) -> Decimal:
    text = str(value) if isinstance(value, int | Decimal) and not isinstance(value, bool) else value
    if not isinstance(text, str) or not _POINTS.fullmatch(text):
        raise WantedError('points like "20" or "0.5"')
    return Decimal(text)


def _above_zero(value: Any) -> Any:
    if value <= 0:
        raise wanted("more than nothing")
    return value


Points = Annotated[Decimal, reading(_points)]
PositiveShare = Annotated[Share, AfterValidator(_above_zero)]
PositiveDuration = Annotated[Duration, AfterValidator(_above_zero)]
