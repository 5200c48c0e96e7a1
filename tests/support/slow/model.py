"""A reading of SPEC sections 0 to 10, second edition, written from its text alone, to check `sla/` against.

It shares no line with `sla/` and imports nothing from it. It is slow and plain on purpose: whatever SPEC says of an instant is written as a
question about one instant, and every measure is a sum over the stretches between the instants at which an answer could
change. Time is whole milliseconds since 1970, shares and money are fractions until they are written down.

`judged(contract, evidence, month, as_of, contract_hash)` takes the contract as `tomllib` gives it and the evidence as a
list of JSON objects, and gives SPEC section 10's object, or raises `Refused`. Left out: the items of `adjustments`, the
`certain` of inspections, the note `calendar_not_official`, and contracts that are not valid are not looked for.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from tests.support.slow.availability import NONE, Availability
from tests.support.slow.evidence import default_as_of, is_known, read
from tests.support.slow.inspection import Inspection
from tests.support.slow.instants import NEVER, instant, money, shown
from tests.support.slow.notes import notes
from tests.support.slow.payment import Payment
from tests.support.slow.repair import Repair
from tests.support.slow.world import World

if TYPE_CHECKING:
    from fractions import Fraction

LEFT_OUT = {
    "scope": {},
    "calendar": "always",
    "measure": "fleet",
    "clock": "detected",
    "share": "100%",
    "coverage": "100%",
    "grace": "0s",
    "contradicted": "void",
}
"""What an obligation means that leaves these out."""


def judged(
    contract: dict, evidence: list[dict], month: str, as_of: str | None = None, contract_hash: str | None = None
) -> dict:
    """SPEC section 10's object."""
    records = read(evidence)
    as_of_ms = default_as_of(records) if as_of is None else instant(as_of)
    later = 0 if as_of is not None else sum(not is_known(record, as_of_ms) for record in records)
    return Judgement(contract, World(contract, records, as_of_ms)).result(month, contract_hash, later)


class Judgement:
    """One contract judged against one world."""

    def __init__(self, contract: dict, world: World) -> None:
        self.contract, self.world, self.days = contract, world, world.days
        self.obligations = [LEFT_OUT | obligation for obligation in contract.get("obligations", [])]
        whole = self.days.term(contract["term"])
        self.judges = [self.judge(obligation, self.term(obligation, whole)) for obligation in self.obligations]
        self.results, self.payment = cache(self._results), cache(self._payment)

    def term(self, obligation: dict, whole: tuple[int, int]) -> tuple[int, int]:
        """The contract's, cut to the days in which the clause is valid."""
        own = self.days.term(self.contract["term"] | obligation.get("valid", {}))
        return max(whole[0], own[0]), min(whole[1], own[1])

    def judge(self, obligation: dict, term: tuple[int, int]):
        """The question that a month of the obligation answers."""
        if obligation["kind"] == "availability":
            return lambda month: Availability(self.world, obligation, month, term).result()
        return {"repair": Repair, "inspection": Inspection}[obligation["kind"]](self.world, obligation, term).result

    def _results(self, month: str) -> list[dict]:
        return [judge(month) for judge in self.judges]

    def _payment(self, month: str) -> Payment:
        return Payment(self.contract, self.obligations, self.results(month), month)

    def settled(self, month: str) -> dict[str, tuple[Fraction, Fraction]]:
        """The earlier months that are settled: what was signed for each, payable and adjustment."""
        agreed = self.world.known.settlements.agreed
        return {earlier: found[-1][1] for earlier, found in sorted(agreed.items()) if earlier < month and found}

    def adjustment(self, month: str) -> Fraction:
        """What earlier settled months should have been, less what was paid for them."""
        return sum((self.payment(m).payable() - sum(signed) for m, signed in self.settled(month).items()), NONE)

    def adjustments(self, month: str) -> list[dict]:
        """The settled months whose payable is another now."""
        return [
            {"month": earlier, "settled": money(payable), "now": money(self.payment(earlier).payable())}
            for earlier, (payable, _) in self.settled(month).items()
            if payable != self.payment(earlier).payable()
        ]

    def result(self, month: str, contract_hash: str | None, later: int) -> dict:
        payment, results = self.payment(month), self.results(month)
        amounts = payment.amounts() | {"adjustment": self.adjustment(month)}
        amounts["due"] = amounts["payable"] + amounts["adjustment"]
        verdicts = {result["verdict"] for result in results}
        obligations = [
            {"id": obligation["id"], "kind": obligation["kind"]}
            | {key: value for key, value in result.items() if key != "owed"}
            | {"deduction": money(payment.deduction(obligation, result, "now"))}
            for obligation, result in zip(self.obligations, results, strict=True)
        ]
        return {
            "contract": self.contract["contract"],
            "month": month,
            "as_of": shown(self.world.as_of),
            "verdict": next((word for word in ("breached", "not_assessable") if word in verdicts), "met"),
            "obligations": obligations,
            "incidents": self.incidents(month),
            "score": payment.shown_score(),
            "payment": {key: money(amount) for key, amount in amounts.items()},
            "adjustments": self.adjustments(month),
            "notes": notes(self.world, month, contract_hash, later),
        }

    def incidents(self, month: str) -> list[dict]:
        start, end = self.days.month_bounds(month)
        touching = []
        for check in self.world.checks:
            for incident in self.world.incidents(check):
                ends = [incident[key] for key in ("restored", "withdrawn") if incident[key] is not None]
                if incident["detected"] < end and start < min([*ends[:1], NEVER]):
                    touching.append(self.shown_incident(incident))
        return touching

    def shown_incident(self, incident: dict) -> dict:
        instants = ("detected", "began_after", "last_fail", "restored", "withdrawn")
        return {key: shown(incident[key]) for key in instants} | {
            "check": incident["check"],
            "closed": incident["closed"],
            "blip": incident["blip"],
            "severity": self.world.severity(incident),
            "explains": len(self.world.explains(incident)),
        }
