"""Random records of a world: readings, answers, claims, maintenance, rounds, signatures, corrections."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from tests.support.worlds.grid import DAY, EPOCH, HOUR, MINUTE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.support.worlds.definitions import Definitions
    from tests.support.worlds.grid import Grid

SAID = ("1000.00", "0.00", "10000.00", "7500.50", "9000.00")


class Records:
    """All records of a world but its definitions. `digest`: of the contract file."""

    def __init__(self, grid: Grid, definitions: Definitions, contract: dict, digest: str) -> None:
        self.grid, self.random, self.are = grid, grid.random, definitions
        self.contract, self.digest = contract, digest
        self.faulty = {asset["id"]: grid.spans(self.random.choice((0, 1, 1, 2, 3))) for asset in definitions.assets}
        self.unseen = self.random.choice(definitions.assets)["id"] if self.random.random() < 0.2 else None
        self.stopped = self.stops()
        self.plans = [each["id"] for each in contract["obligations"] if each["kind"] == "inspection"]
        found = [record for check in definitions.checks for record in self.readings(check)]
        found += [record for check in definitions.checks for record in self.answers(check["id"])]
        found += [*self.maintenance(), *self.claims(), *self.inspections(), *self.settled(), *self.of_nobody()]
        if self.random.random() < 0.3:
            at = self.random.choice((grid.near(), grid.end + 3 * DAY, grid.end + 40 * DAY))
            found.append({"type": "agent", "at": grid.text(at), "event": "start"})
        self.all = [*found, *self.corrections(found)]

    # Readings

    def stops(self) -> list[tuple[int, int]]:
        """Sometimes nobody looked for a while, from the middle of a fault on."""
        random, faults = self.random, [span for spans in self.faulty.values() for span in spans]
        if not faults or random.random() < 0.6:
            return []
        start, end = random.choice(faults)
        begin = random.choice((start + self.grid.step, end - self.grid.step, (start + end) // 2))
        return [(begin, max(begin, end) + random.choice((1, 3, 6, 12)) * self.grid.step)]

    def readings(self, check: dict) -> Iterable[dict]:
        """Each turn on the grid a reading or none, in blocks: looking, not looking, unable to look."""
        random, grid = self.random, self.grid
        asset = next(each for each in self.are.assets if each["id"] == check["id"].split("/")[0])
        above = asset.get("behind")
        homes = [asset["id"], *([above] if isinstance(above, str) else above or [])[:1]]
        spans = [span for name in homes for span in self.faulty.get(name, [])]
        spans += grid.spans(random.choice((0, 0, 1))) + grid.over_midnight()
        noise = random.choice((0, 0, 0.005, 0.05, 0.3))
        weights = random.choice(((1, 0, 0), (12, 2, 2), (6, 0, 1), (40, 1, 0)) * 3 + ((0, 1, 0),))
        imported = grid.spans(1) if random.random() < 0.15 else []
        at, mode, left = grid.start, "look", 0
        while at <= grid.end:
            if left == 0:
                mode = random.choices(("look", "skip", "none"), weights)[0]
                left = random.choice((1, 2, 3, 4, 7)) if mode != "look" else random.choice((2, 5, 20, 40))
            left -= 1
            failing = any(a <= at < b for a, b in spans) or random.random() < noise
            silent = mode == "skip" or asset["id"] == self.unseen or any(a <= at < b for a, b in self.stopped)
            if not silent:
                outcome = "none" if mode == "none" else "fail" if failing else "ok"
                yield self.reading(check["id"], at, outcome, imported=any(a <= at < b for a, b in imported))
            if random.random() < 0.01:
                yield self.reading(check["id"], at, random.choice(("ok", "fail", "none")), imported=False)
            at += grid.step + random.choice((0, 0, 0, 0, 0, 0, 0, 0, 0, 1, -1000))

    def reading(self, check: str, at: int, outcome: str, *, imported: bool) -> dict:
        found = {"type": "reading", "check": self.are.called(check, at), "at": self.grid.text(at), "outcome": outcome}
        if imported:
            found |= self.random.choice(({"source": "nms"}, self.grid.recorded(at, 1)))
        return found

    # Answers, claims, windows

    def answers(self, check: str) -> Iterable[dict]:
        kinds = ("notified", "notified", "acknowledged", "arrived")
        for kind in [self.random.choice(kinds) for _ in range(self.random.choice((0, 1, 3, 6)))]:
            at = self.grid.near()
            found = {"type": kind, "check": self.are.called(check, at), "at": self.grid.text(at)}
            yield found | {"channel" if kind == "notified" else "by": "x"} | self.grid.recorded(at)

    def asset(self, at: int) -> str:
        return self.are.called(self.random.choice(self.are.assets)["id"], at)

    def maintenance(self) -> Iterable[dict]:
        random, grid = self.random, self.grid
        for number, (start, end) in enumerate(grid.spans(random.choice((0, 0, 1, 2, 4)))):
            announced = start + random.choice((-3 * DAY, -DAY, -HOUR, 0, HOUR))
            scope = random.choice(({}, {}, {"kind": "camera"}, {"ids": ["a0n", "a1"]}, {"tags": ["core", "north"]}))
            found = {"type": "maintenance", "id": f"m{number}", "scope": scope, "approved": random.random() < 0.6}
            found |= {"from": grid.text(start), "to": grid.text(end), "announced_at": grid.text(announced)}
            yield found | grid.recorded(announced, 0.5)
            if random.random() < 0.4:
                at = random.choice((grid.near(), grid.end + random.choice((1, 4, 12)) * DAY))
                name = found["id"] if random.random() < 0.95 else "m9"
                approved = {"type": "approved", "maintenance": name, "by": "c", "at": grid.text(at)}
                yield approved | grid.recorded(at)

    def claims(self) -> Iterable[dict]:
        random, grid = self.random, self.grid
        for number, (start, end) in enumerate(grid.spans(random.choice((0, 0, 1, 2, 3)))):
            at = random.choice((grid.near(), end, end + HOUR, grid.end + DAY))
            claim = {"type": "claim", "id": f"c{number}", "asset": self.asset(start), "by": "v", "at": grid.text(at)}
            claim |= {"from": grid.text(start), "to": grid.text(end)}
            yield claim | {"cause": random.choice(("power", "third_party", "planned"))} | grid.recorded(at)
            for _ in range(random.choice((0, 1, 1, 2, 3))):
                ruled = random.choice((at, grid.near(), grid.end + random.choice((1, 3, 6, 12, 40)) * DAY))
                ruled += random.choice((0, 1, MINUTE))
                accepted = random.random() < 0.7
                found = {"type": "ruling", "claim": claim["id"], "accepted": accepted, "by": "c"}
                yield found | {"at": grid.text(ruled)} | grid.recorded(ruled, 0.2)

    def inspections(self) -> Iterable[dict]:
        random, grid = self.random, self.grid
        for number in range(random.choice((0, 4, 10, 25)) if self.plans else random.choice((0, 0, 1))):
            at = random.choice((grid.near(), grid.near(), grid.midnight + random.randrange(-9, 9) * DAY // 2))
            covers = [self.are.called(asset["id"], at) for asset in self.are.assets]
            covers = random.choice((covers, random.sample(covers, random.randrange(0, len(covers) + 1))))
            found = {"type": "inspection", "id": f"i{number}", "plan": random.choice((*self.plans, "other"))}
            found |= {
                "at": grid.text(at),
                "by": "e",
                "covers": covers,
                "result": random.choice(("ok", "ok", "fault")),
            }
            if random.random() < 0.25:
                found["period"] = self.day(at + random.choice((-7, -2, -1, -1, 0, 1)) * DAY)
            yield found | grid.recorded(at)

    def day(self, at: int) -> str:
        return f"{(EPOCH + dt.timedelta(milliseconds=at)).astimezone(self.grid.zone).date()}"

    def of_nobody(self) -> list[dict]:
        """Records of an id that nothing defines."""
        grid, at = self.grid, self.grid.near()
        if self.random.random() > 0.1:
            return []
        claim = {"type": "claim", "id": "c9", "asset": "a9", "cause": "power", "by": "v", "at": grid.text(at)}
        return self.random.choice(
            (
                [{"type": "reading", "check": "a9/ping", "at": grid.text(at), "outcome": "fail"}],
                [{"type": "arrived", "check": "a9/ping", "at": grid.text(at), "by": "x"}],
                [claim | {"from": grid.text(at - HOUR), "to": grid.text(at)}],
            )
        )

    # Signatures and corrections

    def settled(self) -> Iterable[dict]:
        random, grid = self.random, self.grid
        ends = [grid.start - 62 * DAY, grid.start - 31 * DAY, grid.start, grid.end]
        months = [*dict.fromkeys(grid.month(at) for at in ends)]
        weights = (0.2, 0.4, 0.8, 0.6)[-len(months) :]
        for month, chance in zip(months, weights, strict=False):
            if random.random() < chance:
                yield from self.signed(month)
        if random.random() < 0.05:
            yield from self.signed("2020-01")

    def signed(self, month: str) -> Iterable[dict]:
        """Both parties' signatures of a month, agreeing or not, changed later or not."""
        random, end = self.random, self.grid.end_of_month(month)
        figures = [(random.choice(SAID), random.choice(("0.00", "-12.50", "3.07"))) for _ in range(2)]
        parties = random.choice((["customer", "vendor"],) * 6 + (["customer"], ["vendor"]))
        for party in parties:
            at = end + random.choice((0, HOUR, DAY, 2 * DAY, 4 * DAY, 9 * DAY))
            yield self.signature(month, party, random.choices(figures, (8, 1))[0], at)
            if random.random() < 0.3:
                yield self.signature(month, party, random.choice(figures), at + random.choice((HOUR, DAY, 9 * DAY)))

    def signature(self, month: str, party: str, figures: tuple[str, str], at: int) -> dict:
        found = {"type": "settled", "month": month, "payable": figures[0], "adjustment": figures[1], "party": party}
        if self.random.random() < 0.6:
            found["contract"] = self.digest if self.random.random() < 0.7 else "0" * 64
        return found | {"at": self.grid.text(at), "by": party} | self.grid.recorded(at, 0.15)

    def corrections(self, found: list[dict]) -> Iterable[dict]:
        random, grid = self.random, self.grid
        kinds = ("acknowledged", "arrived", "claim", "ruling", "maintenance", "approved", "inspection")
        mistakes = [record for record in found if record["type"] in kinds]
        for record in random.sample(mistakes, min(len(mistakes), random.choice((0, 0, 1, 2)))):
            of = {"type": record["type"], **self.singled_out(record)}
            told = [self.ms(record[key]) for key in ("at", "announced_at", "recorded_at") if key in record]
            at = max(told) + random.choice((0, MINUTE, DAY, 8 * DAY, 40 * DAY))
            yield {
                "type": "corrected",
                "of": of,
                "by": "c",
                "at": grid.text(at),
                "reason": "r",
                **grid.recorded(at, 0.15),
            }

    def singled_out(self, record: dict) -> dict:
        """Its keys, or as many as should do."""
        if "id" in record and self.random.random() < 0.7:
            return {"id": record["id"]}
        keys = ("check", "claim", "maintenance", "at")
        short = {key: record[key] for key in keys if key in record}
        if "at" in short:
            short["at"] = self.grid.text(self.ms(short["at"]))
        return (
            short
            if "at" in short and self.random.random() < 0.9
            else {k: v for k, v in record.items() if k != "type"}
        )

    def ms(self, text: str) -> int:
        return self.grid.ms(dt.datetime.fromisoformat(text))
