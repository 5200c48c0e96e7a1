"""SPEC section 1, second edition: dated definitions, names that follow one another, service and its breaks.

A *line* is the definitions of one asset or check under all its names; it is called by the newest. Nothing here is from
`sla/`.
"""

from __future__ import annotations

from tests.support.slow.evidence import Known, recorded
from tests.support.slow.instants import NEVER, Refused, Signal


def begins(record: dict) -> int:
    """The instant from which a definition holds, as it says itself."""
    return record.get("from", -NEVER)


class Lines:
    """All assets, or all checks, by the newest name."""

    def __init__(self, kind: str, known: Known) -> None:
        self.known = known
        records = known.of(kind)
        self.effective = {recorded(r): known.settlements.effective(recorded(r)) for r in records}
        self.ids = {record["id"] for record in records}
        self.newer: dict[str, str] = {}
        self.newer = self.successors(records)
        self.lines: dict[str, list[dict]] = {}
        for record in records:
            self.lines.setdefault(self.newest(record["id"]), []).append(record)
        for line in self.lines.values():
            if len({(r["id"], begins(r), recorded(r)) for r in line}) != len(line):
                raise Refused("two definitions with one from and R")
        self.definition = {name: self.governing_of(line) for name, line in self.lines.items()}
        self.service = {name: self.service_of(line) for name, line in self.lines.items()}

    # Names

    def successors(self, records: list[dict]) -> dict[str, str]:
        """Old id → the id that replaces it."""
        newer: dict[str, str] = {}
        first: dict[tuple[str, str], dict] = {}
        for record in sorted(records, key=recorded):
            old = record.get("replaces")
            if old is None or old not in self.ids:
                continue
            if newer.setdefault(old, record["id"]) != record["id"]:
                raise Refused("two ids replace one")
            first.setdefault((record["id"], old), record)
        for (name, _), record in first.items():
            self.refuse_late(record, [each for each in records if each["id"] == name])
        self.refuse_circle(newer)
        return newer

    def refuse_late(self, record: dict, own: list[dict]) -> None:
        """What replaces, first recorded: not before its E, nor for an id that was in service before it."""
        if begins(record) < self.effective[recorded(record)]:
            raise Refused("replaces before its E")
        if any(on for _, _, on in self.service_of(own).stretches(-NEVER, begins(record))):
            raise Refused("replaces for an id in service before it")

    @staticmethod
    def refuse_circle(newer: dict[str, str]) -> None:
        for old, new in newer.items():
            seen, name = {old}, new
            while name in newer and name not in seen:
                seen.add(name)
                name = newer[name]
            if name in seen:
                raise Refused("replaces in a circle")

    def newest(self, name: str) -> str:
        while name in self.newer:
            name = self.newer[name]
        return name

    def called(self, name: str) -> str | None:
        """What any of its ids is called by; null for an id that no known definition has."""
        return self.newest(name) if name in self.ids else None

    def names(self, line: str) -> set[str]:
        """All ids of a line."""
        return {record["id"] for record in self.lines[line]}

    # Definitions and service

    def governing(self, line: list[dict], moment: int) -> dict | None:
        holding = [r for r in line if begins(r) <= moment and self.effective[recorded(r)] <= moment]
        return max(holding, key=self.rank, default=None)

    def rank(self, record: dict) -> tuple[int, int, int]:
        """By `from` and R; of two names that begin at once, the newer."""
        name, older = record["id"], 0
        while name in self.newer:
            name, older = self.newer[name], older - 1
        return begins(record), recorded(record), older

    def is_in_service(self, line: list[dict], moment: int) -> bool:
        record = self.governing(line, moment)
        if record is None:
            return False
        if moment < record.get("to", NEVER):
            return True
        later = [r for r in line if begins(r) > moment and self.effective[recorded(r)] <= moment]
        soonest = min(map(begins, later), default=None)
        following = max((r for r in later if begins(r) == soonest), key=self.rank, default=None)
        return following is not None and following["id"] != record["id"]

    def cuts(self, line: list[dict]) -> set[int]:
        return {cut for r in line for cut in (begins(r), r.get("to", NEVER), self.effective[recorded(r)])}

    def governing_of(self, line: list[dict]) -> Signal:
        return Signal.of(self.cuts(line), lambda t: self.governing(line, t))

    def service_of(self, line: list[dict]) -> Signal:
        return Signal.of(self.cuts(line), lambda t: self.is_in_service(line, t))


class Definitions:
    """Assets and checks, what each is at an instant, and when it is in service."""

    def __init__(self, known: Known) -> None:
        self.known = known
        self.asset_lines, self.check_lines = Lines("asset", known), Lines("check", known)
        self.assets, self.checks = sorted(self.asset_lines.lines), sorted(self.check_lines.lines)
        self.home = {check: self.home_of(check) for check in self.checks}
        self.service = {check: self.service_of(check) for check in self.checks}
        self.sides = {check: self.sides_of(check) for check in self.checks}
        for asset in self.assets:
            self.refuse_two_reach_checks(asset)

    def asset(self, name: str, moment: int) -> dict | None:
        return self.asset_lines.definition[name].at(moment)

    def check(self, name: str, moment: int) -> dict | None:
        return self.check_lines.definition[name].at(moment)

    def asset_serves(self, name: str, moment: int) -> bool:
        return self.asset_lines.service[name].at(moment)

    def checks_of(self, asset: str) -> list[str]:
        return [check for check in self.checks if self.home[check] == asset]

    def home_of(self, check: str) -> str | None:
        """The asset of a check; null if no known definition has it."""
        said = {self.asset_lines.called(record["asset"]) for record in self.check_lines.lines[check]} - {None}
        if len(said) > 1:
            raise Refused("a check changes its asset")
        return said.pop() if said else None

    def service_of(self, check: str) -> Signal:
        """A check is in service only while its asset is."""
        own, home = self.check_lines.service[check], self.home[check]
        if home is None:
            return Signal.of([], lambda _: False)
        above = self.asset_lines.service[home]
        return Signal.of([*own.cuts, *above.cuts], lambda t: own.at(t) and above.at(t))

    def sides_of(self, check: str) -> list[tuple[int, int]]:
        """The times that are looked at by themselves: between the breaks whose month was settled before the return."""
        start, sides = -NEVER, []
        runs = self.service[check].runs()
        for (_, _, before), (a, b, on), _ in zip(runs, runs[1:], runs[2:], strict=False):
            if before and not on and self.ends_what_was_signed(check, a, b):
                sides.append((start, a))
                start = b
        return [*sides, (start, NEVER)]

    def ends_what_was_signed(self, check: str, left: int, back: int) -> bool:
        month = self.known.days.month(left)
        return self.known.settlements.was_settled_before(month, self.return_recorded(check, left, back))

    def return_recorded(self, check: str, left: int, back: int) -> int:
        """The first R by which it was known that the check, out of service at `left`, is in service again at `back`."""
        lines = [(self.check_lines, self.check_lines.lines[check])]
        lines += [(self.asset_lines, self.asset_lines.lines[self.home[check]])]

        def serves(moment: int, by: int) -> bool:
            return all(each.is_in_service([r for r in line if recorded(r) <= by], moment) for each, line in lines)

        instants = sorted({recorded(record) for _, line in lines for record in line})
        return next((by for by in instants if serves(back, by) and not serves(left, by)), NEVER)

    def refuse_two_reach_checks(self, asset: str) -> None:
        reaching = [self.reach(check) for check in self.checks_of(asset)]
        for cut in {cut for signal in reaching for cut in signal.cuts}:
            if sum(signal.at(cut) for signal in reaching) > 1:
                raise Refused("two reach checks")

    def reach(self, check: str) -> Signal:
        """Whether the check is in service as its asset's reach check."""
        return self.said(check, "reach", without=False)

    def counts(self, check: str) -> Signal:
        """Whether the check is in service and counts towards availability."""
        return self.said(check, "counts", without=True)

    def said(self, check: str, key: str, *, without: bool) -> Signal:
        service, definition = self.service[check], self.check_lines.definition[check]

        def holds(moment: int) -> bool:
            return service.at(moment) and definition.at(moment).get(key, without)

        return Signal.of([*service.cuts, *definition.cuts], holds)

    def fits(self, scope: dict, asset: str, moment: int, severity: str | None = None) -> bool:
        """Whether the asset's definition of that instant is in a scope (for repair, the severity as well)."""
        record = self.asset(asset, moment)
        if record is None:
            return False
        given = {key: value if isinstance(value, list) else [value] for key, value in scope.items()}
        return (
            ("kind" not in given or record["kind"] in given["kind"])
            and ("ids" not in given or bool(self.asset_lines.names(asset) & set(given["ids"])))
            and ("tags" not in given or any(tag in record.get("tags", []) for tag in given["tags"]))
            and ("severity" not in given or severity is None or severity in given["severity"])
        )
