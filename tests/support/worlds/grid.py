"""The instants of a random world: on a coarse grid most of the time, so that limits are met exactly."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from random import Random

MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000
PLACES = (
    ("Asia/Shanghai", "2026-10-01"),
    ("Asia/Shanghai", "2026-03-01"),
    ("Asia/Shanghai", "2024-02-29"),
    ("Asia/Shanghai", "2026-02-15"),
    ("Asia/Shanghai", "2027-01-01"),
    ("Europe/Berlin", "2026-03-29"),
    ("Europe/Berlin", "2026-10-25"),
    ("America/New_York", "2026-11-01"),
    ("Australia/Lord_Howe", "2026-10-04"),
    ("America/Havana", "2026-03-08"),
    ("Asia/Kolkata", "2026-07-01"),
    ("UTC", "2026-06-01"),
    ("Asia/Shanghai", "2026-02-01"),
    ("Asia/Shanghai", "2026-04-01"),
    ("Asia/Shanghai", "2025-10-01"),
    ("Europe/Berlin", "2026-04-01"),
)
EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
DELAYS = (0, 1000, MINUTE, 10 * MINUTE, 10 * MINUTE + 1, HOUR, HOUR, DAY, 8 * DAY, 40 * DAY)
"""How much later than it happened a thing may be recorded."""


class Grid:
    """A window of some hours about a local midnight, with turns `step` apart."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.zone_name, day = random.choice(PLACES)
        self.zone, self.day = ZoneInfo(self.zone_name), dt.date.fromisoformat(day)
        self.dense = random.random() < 0.3
        """Whether the term is so short that what was seen is most of it."""
        self.step = random.choice((3600, 7200) if self.dense else (600, 900, 1800, 3600)) * 1000
        self.length = 82 * HOUR if self.dense else random.choice((12, 30, 50, 80)) * self.step
        self.midnight = self.ms(dt.datetime.combine(self.day, dt.time(), tzinfo=self.zone))
        before = random.randrange(24, 30) * HOUR if self.dense else random.randrange(0, self.length, self.step)
        self.start = self.midnight - before
        if random.random() < 0.3:
            self.start += random.choice((1000, 7_123, 60_001))
        self.end = self.start + self.length

    @staticmethod
    def ms(moment: dt.datetime) -> int:
        return (moment - EPOCH) // dt.timedelta(milliseconds=1)

    def text(self, at: int) -> str:
        """RFC 3339 in one of its spellings."""
        moment = EPOCH + dt.timedelta(milliseconds=at)
        zone = self.random.choice((dt.UTC, self.zone, dt.timezone(dt.timedelta(hours=8))))
        said = moment.astimezone(zone).isoformat(timespec="milliseconds" if at % 1000 else "seconds")
        return said.replace("+00:00", "Z") if self.random.random() < 0.5 else said

    def near(self) -> int:
        """An instant in the window, mostly on the grid of the readings."""
        at = self.start + self.random.randrange(0, self.length // self.step + 1) * self.step
        return at + self.random.choice((0, 0, 0, 1, -1, 1000, self.random.randrange(self.step)))

    def spans(self, count: int) -> list[tuple[int, int]]:
        starts = [self.near() for _ in range(count)]
        return [(at, at + self.random.choice((1, 2, 3, 5, 8, 20, 60)) * self.step) for at in starts]

    def over_midnight(self) -> list[tuple[int, int]]:
        """Sometimes, a long outage over the midnight that the world lies about."""
        before, after = (self.random.choice((1, 8, 16, 40)) * self.step for _ in range(2))
        return [(self.midnight - before, self.midnight + after)] if self.random.random() < 0.4 else []

    def month(self, at: int) -> str:
        return f"{(EPOCH + dt.timedelta(milliseconds=at)).astimezone(self.zone):%Y-%m}"

    def end_of_month(self, month: str) -> int:
        year, number = (int(part) for part in month.split("-"))
        after = dt.date(year + number // 12, number % 12 + 1, 1)
        return self.ms(dt.datetime.combine(after, dt.time(), tzinfo=self.zone))

    def recorded(self, at: int, chance: float = 0.3) -> dict:
        """Sometimes, a stamp of when a thing that happened at an instant was recorded."""
        if self.random.random() >= chance:
            return {}
        return {"recorded_at": self.text(at + self.random.choice(DELAYS))}
