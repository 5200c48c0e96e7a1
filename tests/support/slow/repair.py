"""SPEC section 7, second edition, read from the text alone (see tests/support/slow/model.py)."""

from __future__ import annotations

import itertools
from fractions import Fraction
from typing import TYPE_CHECKING

from tests.support.slow.availability import NONE, bounded
from tests.support.slow.instants import NEVER, cents, duration, money, number, ratio, seconds, share, shown

if TYPE_CHECKING:
    from tests.support.slow.world import World

ANSWERS = {"respond": "acknowledged", "arrive": "arrived"}
NOTHING: dict = {}
INSTANTS = ("detected", "began_after", "last_fail", "restored", "start", "deadline", "done", "measured_to")


class Repair:
    """One obligation, over all its months. `owed(rule, how)` of a month: what a rule takes, now, at least or at most."""

    def __init__(self, world: World, obligation: dict, term: tuple[int, int]) -> None:
        self.world, self.obligation, self.term = world, obligation, term
        self.limit, self.calendar = duration(obligation["limit"]), obligation["calendar"]
        self.doubt, self.by_clock = world.rules["doubt"], obligation["clock"] == "detected"
        self.bills: dict[tuple[int, int], dict[str, Fraction]] = {}
        self.items = [self.item(i, following) for i, following in self.in_scope()]

    def in_scope(self):
        """The tested incidents, each with the detection of its check's next one."""
        world = self.world
        for check in world.checks:
            incidents = world.incidents(check)
            following = [*[i["detected"] for i in incidents][1:], NEVER]
            for incident, next_detected in zip(incidents, following, strict=False):
                if incident["blip"] or incident["detected"] >= self.term[1] or incident["last_fail"] < self.term[0]:
                    continue
                asset, at = world.are.home[check], incident["detected"]
                if world.are.fits(self.obligation["scope"], asset, at, world.severity(incident)):
                    yield incident, next_detected

    def item(self, incident: dict, following: int) -> dict:
        """An incident as it is judged: by the contract's doubt, and for the range by vendor's and by customer's."""
        now, vendor = (self.judged(incident, following, doubt) for doubt in (self.doubt, "vendor"))
        customer = self.judged(incident, following, "customer", early=True)
        tested = now["verdict"] not in ("not_assessable", "pending")
        certain = tested and vendor["verdict"] == customer["verdict"]
        return incident | now | {"certain": certain, "least": vendor, "most": self.worst(incident, customer)}

    # Working time

    def service(self, incident: dict, *, still: bool = False):
        """(from, to) of the check's service on the incident's side; `still`: as if it had not been withdrawn."""
        gone = incident["withdrawn"] if still and incident["withdrawn"] is not None else NEVER
        for a, b, on in self.world.are.service[incident["check"]].runs(-NEVER, min(incident["side_ends"], gone)):
            if on:
                yield a, b
        if gone != NEVER:
            yield gone, NEVER

    def work_stretches(self, incident: dict, start: int, end: int, *, still: bool = False):
        excused = self.world.excused(self.world.are.home[incident["check"]])
        for a, b in self.service(incident, still=still):
            bounds = max(a, start, self.term[0]), min(b, end, self.term[1])
            for c, d in self.world.days.time(self.calendar, *bounds):
                for e, f, is_excused in excused.stretches(c, d):
                    if not is_excused:
                        yield e, f

    def work(self, incident: dict, start: int, end: int, *, still: bool = False) -> int:
        return sum(b - a for a, b in self.work_stretches(incident, start, end, still=still))

    def reached(self, incident: dict, start: int, needs: list[int], *, still: bool = False) -> list[int | None]:
        """For each need, in ascending order: the first instant at which work(start, ·) is so much."""
        found: list[int | None] = []
        done, wanted = 0, list(needs)
        while wanted and wanted[0] == 0:
            found.append(start)
            wanted.pop(0)
        for a, b in self.work_stretches(incident, start, NEVER, still=still) if wanted else ():
            while wanted and wanted[0] <= done + b - a:
                found.append(a + wanted.pop(0) - done)
            done += b - a
            if not wanted:
                break
        return found + [None] * len(wanted)

    # Start and done

    def told(self, kind: str, check: str, start: int, end: int) -> list[dict]:
        """The records of a check with `at` in [start, end)."""
        called = self.world.are.check_lines.called
        return [r for r in self.world.known.of(kind) if called(r["check"]) == check and start <= r["at"] < end]

    def start(self, incident: dict, following: int) -> int | None:
        """By the obligation's clock, before the term is looked at; null if the vendor was never notified."""
        detected = incident["detected"]
        if self.by_clock:
            return detected
        open_until = incident["restored"]
        if open_until is None:
            open_until = min(following, NEVER if incident["withdrawn"] is None else incident["withdrawn"])
        instants = [r["at"] for r in self.told("notified", incident["check"], detected, open_until)]
        if "notify_within" in self.obligation:
            latest = detected + duration(self.obligation["notify_within"])
            withdrawn = NEVER if incident["withdrawn"] is None else incident["withdrawn"]
            instants += [latest] if latest < min(open_until, withdrawn) else []
        return min(instants, default=None)

    def done(self, incident: dict, following: int, doubt: str) -> tuple[int | None, int]:
        """(done, what is measured to while it is not)."""
        world, check, restored = self.world, incident["check"], incident["restored"]
        if self.obligation["stage"] == "restore":
            done = world.end(incident, doubt) if incident["closed"] else None
            if doubt != "customer":
                return done, incident["last_fail"]
            last = incident["last_reading"]
            return done, min(world.as_of, last + world.gap(check, last)) if restored is None else restored
        answers = self.told(ANSWERS[self.obligation["stage"]], check, incident["detected"], following)
        instants = [world.counted(record) for record in answers]
        instants += [restored] if incident["closed"] else []
        return min(instants, default=None), world.as_of

    # Verdict

    def judged(self, incident: dict, following: int, doubt: str, *, early: bool = False) -> dict:
        """The incident by a doubt; `early`: the fault began right after it was last seen well."""
        start = self.start(incident, following)
        notified = start is not None
        start = max(incident["detected"] if start is None else start, self.term[0])
        if early and self.by_clock and incident["began_after"] is not None:
            start = max(incident["began_after"], self.term[0])
        done, measured_to = self.done(incident, following, doubt)
        elapsed = self.work(incident, start, measured_to if done is None else done)
        deadline = self.reached(incident, start, [self.limit])[0]
        judged = {
            "start": start,
            "deadline": deadline,
            "done": done,
            "measured_to": None if done is not None else measured_to,
            "elapsed": elapsed,
        }
        judged["verdict"], judged["decided"] = self.verdict(incident, judged)
        if not notified and judged["verdict"] not in ("met", "not_applicable"):
            is_open = done is None and self.is_fresh(incident)
            judged["verdict"], judged["decided"] = (
                ("pending", None) if is_open else ("not_assessable", incident["detected"])
            )
        return judged

    def is_fresh(self, incident: dict) -> bool:
        last = incident["last_reading"]
        return self.world.as_of - last <= self.world.gap(incident["check"], last)

    def verdict(self, incident: dict, judged: dict) -> tuple[str, int | None]:
        """(verdict, the instant that decides it), of an incident whose start is known."""
        as_of, done, deadline = self.world.as_of, judged["done"], judged["deadline"]
        if self.is_end_unseen(incident, judged["start"]):
            return "not_assessable", deadline
        if judged["elapsed"] > self.limit:
            return "breached", deadline
        over = [at for at in self.ends(incident) if at is not None and at <= as_of and (done is None or at < done)]
        if over:
            return "not_applicable", min(over)
        if done is not None:
            return "met", max(done, judged["start"])
        if deadline is None or as_of <= deadline or self.is_fresh(incident):
            return "pending", None
        return "not_assessable", deadline

    def ends(self, incident: dict) -> list[int | None]:
        """The instants after which nobody need do anything any more."""
        return [self.term[1], incident["withdrawn"]]

    def is_end_unseen(self, incident: dict, start: int) -> bool:
        """Whether nobody looked between the last fail and the first ok, and the limit lies between."""
        world, check = self.world, incident["check"]
        if self.obligation["stage"] != "restore" or not incident["closed"]:
            return False
        last_fail, restored = incident["last_fail"], incident["restored"]
        seen = [at for at, _ in world.readings[check] if last_fail <= at <= restored]
        unseen = any(b - a > world.gap(check, a) for a, b in itertools.pairwise(seen))
        return unseen and self.work(incident, start, last_fail) <= self.limit < self.work(incident, start, restored)

    def worst(self, incident: dict, customer: dict) -> dict:
        """What is judged under `customer`, had what is unknown gone badly: nobody saw, or nobody may look any more.

        One that was withdrawn after the term's end was nobody's concern by then, as one that was not withdrawn.
        """
        gone = incident["withdrawn"]
        withdrawn = gone is not None and gone < self.term[1] and customer["done"] is None
        if customer["verdict"] != "not_assessable" and not withdrawn:
            return customer
        end = self.world.as_of if incident["restored"] is None else incident["restored"]
        elapsed = self.work(incident, customer["start"], end, still=True)
        return customer | {"verdict": "breached", "elapsed": elapsed, "still": True}

    # Months

    def month_of(self, moment: int) -> str:
        """The month of an instant; outside the term, its first or last."""
        days = self.world.days
        return min(max(days.month(moment), days.month(self.term[0])), days.month(self.term[1] - 1))

    def billed(self, item: dict, judged: dict, rule: dict, month: str) -> Fraction:
        """What an incident costs in a month under a rule, after cap_each."""
        key = (id(judged), id(rule))
        if key not in self.bills:
            self.bills[key] = self.bill(item, judged, rule)
        return self.bills[key].get(month, NONE)

    def bill(self, item: dict, judged: dict, rule: dict) -> dict[str, Fraction]:
        """What an incident costs under a rule, after cap_each, by month."""
        if judged["verdict"] != "breached":
            return {}
        if "per_breach" in rule:
            return {self.month_of(judged["decided"]): Fraction(str(rule["per_breach"]))}
        if "per_started" not in rule:
            return {}
        amount, so_far, bill = Fraction(str(rule["amount"])), NONE, {}
        owed = list(range(self.limit, judged["elapsed"], duration(rule["per_started"])))  # elapsed > limit + k × unit
        for at in self.reached(item, judged["start"], owed, still=judged.get("still", False)):
            step = bounded(so_far + amount, rule, "cap_each") - so_far
            so_far += step
            if step:
                month = self.month_of(at)
                bill[month] = bill.get(month, NONE) + step
        return bill

    def owed(self, rule: dict, how: str, month: str) -> Fraction:
        total = sum((self.billed(i, i if how == "now" else i[how], rule, month) for i in self.items), NONE)
        return bounded(total, rule, "cap")

    def listed(self, item: dict, month: str) -> dict | None:
        """The item as the month's report has it, if it has it."""
        days, deduction = self.world.days, self.billed(item, item, self.obligation.get("deduct", NOTHING), month)
        if item["verdict"] == "pending":
            here = days.month(item["detected"]) <= month <= days.month(self.world.as_of)
        else:
            here = self.month_of(item["decided"]) == month
        carried = not here and item["verdict"] == "breached" and deduction > 0
        if not here and not carried:
            return None
        return {name: shown(item[name]) for name in INSTANTS} | {
            "check": item["check"],
            "elapsed_s": seconds(item["elapsed"]),
            "verdict": item["verdict"],
            "certain": item["certain"],
            "carried": carried,
            "deduction": money(cents(deduction)),
        }

    def result(self, month: str) -> dict:
        items = [found for item in self.items if (found := self.listed(item, month)) is not None]
        own = [item for item in items if not item["carried"]]
        words = [item["verdict"] for item in own]
        value = ratio(words.count("met"), words.count("met") + words.count("breached"))
        if value is not None:
            verdict = "met" if value >= share(self.obligation["share"]) else "breached"
            certain = all(item["certain"] for item in own if item["verdict"] in ("met", "breached"))
        else:
            verdict = "not_assessable" if "not_assessable" in words else "not_applicable"
            certain = verdict == "not_applicable"
        return {
            "verdict": verdict,
            "certain": certain,
            "value": number(value),
            "items": items,
            "owed": lambda rule, how: self.owed(rule, how, month),
        }
