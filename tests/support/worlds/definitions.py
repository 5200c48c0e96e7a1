"""Random assets and checks: definitions that change, services that end and come back, names that follow one another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.support.worlds.contracts import KINDS, SEVERITIES, TAGS
from tests.support.worlds.grid import DAY, HOUR, MINUTE

if TYPE_CHECKING:
    from tests.support.worlds.grid import Grid

LEADS = (-DAY, 0, 0, MINUTE, HOUR, DAY, 3 * DAY, 8 * DAY, 40 * DAY)
"""How much later than it begins to hold a definition may be recorded."""


class Definitions:
    """All definitions of a world. `names` are the ids that a thing has, in time order, with the instant of each."""

    def __init__(self, grid: Grid) -> None:
        self.grid, self.random = grid, grid.random
        self.calm = grid.random.random() < 0.25
        self.records: list[dict] = []
        self.names: dict[str, list[tuple[int, str]]] = {}
        self.assets: list[dict] = []
        self.checks: list[dict] = []
        self.chain = not self.calm and grid.random.random() < 0.2
        """Whether three assets stand one behind the other, and the one in the middle is taken out of service."""
        for number in range(3 if self.chain else grid.random.choice((1, 1, 2, 2, 3, 4))):
            self.asset(number)

    def called(self, name: str, at: int) -> str:
        """One of its names: that of the instant, mostly."""
        names = self.names[name]
        if self.random.random() < 0.15:
            return self.random.choice(names)[1]
        return [each for begins, each in names if begins <= at or begins == names[0][0]][-1]

    def asset(self, number: int) -> None:
        random, name = self.random, f"a{number}"
        first = {"type": "asset", "id": name, "kind": random.choice(KINDS), "name": "n", "tags": self.tags()}
        first |= self.behind(number)
        self.assets.append(first)
        self.line(first, lambda _: random.choice((self.tags_changed, self.kind_changed, self.behind_changed))(number))
        if self.chain and number == 1:
            gone = self.dated(self.grid.start + random.choice((1, 8, 20)) * self.grid.step)
            self.records.append(first | gone | {"to": gone["from"]})
        reaches = self.chain or random.random() < 0.8
        kinds = random.sample(
            ("ping", "disk", "rtsp"), random.choice((1, 2) if self.chain else (0, 1, 1, 1, 2, 2, 3))
        )
        for place, kind in enumerate(kinds):
            self.check(f"{name}/{kind}", name, reach=place == 0 and reaches)
        if len(kinds) > 1 and reaches and not self.calm and random.random() < 0.15:
            self.reach_moves(f"{name}/{kinds[0]}", f"{name}/{kinds[1]}")

    def tags(self) -> list[str]:
        return self.random.sample(TAGS, self.random.randrange(0, 3))

    def behind(self, number: int) -> dict:
        random, found = self.random, {}
        if self.chain and number:
            return random.choice(({"behind": f"a{number - 1}"}, {"behind_any": ["a0", "a1"][:number]}))
        earlier = [f"a{n}" for n in range(number)]
        others = ["a9"] if random.random() < 0.05 else []  # an id that nothing defines
        if random.random() < 0.01:
            others += ["a0", "a1"]  # of itself perhaps, or in a circle
        if (earlier or others) and random.random() < 0.6:
            found["behind"] = random.choice(([*earlier, *others][0], [*earlier[-1:], *others], [*earlier, *others]))
        if earlier and random.random() < 0.35:
            found["behind_any"] = random.choice(([*earlier, *others], earlier[-1:], []))
        return found

    def tags_changed(self, _number: int) -> dict:
        return {"tags": self.tags()}

    def kind_changed(self, _number: int) -> dict:
        return {"kind": self.random.choice(KINDS)}

    def behind_changed(self, number: int) -> dict:
        return {"behind": None, "behind_any": None} | self.behind(number)

    def check(self, name: str, asset: str, *, reach: bool) -> None:
        random, grid = self.random, self.grid
        first = {
            "type": "check",
            "id": name,
            "asset": self.names[asset][-1][1] if random.random() < 0.2 else asset,
            "interval_s": grid.step // 1000 * random.choice((1, 1, 1, 2)),
            "severity": random.choice(SEVERITIES),
            **({} if random.random() < 0.6 else {"counts": random.random() < 0.7}),
            **({"reach": True} if reach else {}),
        }
        self.checks.append(first)
        changes = (
            lambda: {"interval_s": grid.step // 1000 * random.choice((1, 2, 4))},
            lambda: {"interval_s": grid.step // 2000},
            lambda: {"severity": random.choice(SEVERITIES)},
            lambda: {"counts": random.random() < 0.5},
        )
        self.line(first, lambda _: random.choice(changes)())

    def reach_moves(self, old: str, new: str) -> None:
        """Another check becomes the asset's reach check."""
        at = self.grid.near()
        when = self.dated(at)
        for name, reach in ((old, False), (new, True)):
            last = [r for r in self.records if r["id"] == self.names[name][-1][1]][-1]
            kept = {key: value for key, value in last.items() if key not in ("from", "to", "recorded_at", "replaces")}
            self.records.append(kept | {"reach": reach} | when)

    def dated(self, at: int) -> dict:
        """`from`, and sometimes when that was recorded."""
        found = {"from": self.grid.text(at)}
        if self.random.random() < 0.6:
            found["recorded_at"] = self.grid.text(at + self.random.choice(LEADS))
        return found

    def line(self, first: dict, change) -> None:
        """A thing's first definition, and what becomes of it."""
        random, grid = self.random, self.grid
        latest, name = dict(first), first["id"]
        self.names[name] = [(grid.start - 100 * DAY, name)]
        chance = random.random()
        if chance < 0.2:
            latest |= {"recorded_at": grid.text(grid.start - random.choice((0, DAY, 40 * DAY)))}
        elif chance < 0.35 and not self.calm:
            latest |= self.dated(random.choice((grid.near(), grid.start - DAY)))
        self.records.append(latest)
        instants = sorted(grid.near() for _ in range(0 if self.calm else random.choice((0, 0, 1, 1, 2, 3))))
        for at in instants:
            kept = {k: v for k, v in latest.items() if k not in ("from", "to", "recorded_at", "replaces")}
            what = random.choices(("change", "end", "rename", "ends as said"), (5, 4, 1.2, 1))[0]
            if what == "change":
                latest = kept | change(latest) | self.dated(at)
            elif what == "end":
                latest = kept | {"to": (dated := self.dated(at))["from"]} | dated
            elif what == "rename":
                if random.random() < 0.4:  # the old name ends first
                    gone = self.dated(at - random.choice((1, 3, 10)) * grid.step)
                    self.records.append(kept | gone | {"to": gone["from"]})
                latest = self.renamed(kept, at)
            else:
                later = at + random.choice((1, 4, 12)) * grid.step
                latest = kept | self.dated(at) | {"to": grid.text(later)}
            self.records.append(latest)
            if "to" in latest and random.random() < 0.6:
                back = at + random.choice((1, 2, 5, 20, 60)) * grid.step
                changed = change(latest) if random.random() < 0.3 else {}
                latest = kept | changed | self.dated(back)
                if random.random() < 0.6:
                    latest["recorded_at"] = grid.text(back + random.choice((1, 4, 12, 40)) * DAY)
                self.records.append(latest)

    def renamed(self, kept: dict, at: int) -> dict:
        """The thing under a new name, as one that goes on or as another one."""
        old = kept["id"]
        new = f"{old}n" if kept["type"] == "asset" else f"{old}2"
        first = next(name for name, names in self.names.items() if names[-1][1] == old)
        self.names[first].append((at, new))
        found = kept | {"id": new} | self.dated(at)
        if self.random.random() < 0.85:
            return found | {"replaces": old}
        self.records.append(found | {"id": old, "to": found["from"]})
        return found
