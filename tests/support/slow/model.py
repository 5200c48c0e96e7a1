"""A second reading of SPEC sections 2 to 10, written from its text alone, to check `sla/` against.

It shares no line with `sla/` and imports nothing from it. It is slow and plain on purpose: whatever SPEC says of
an instant is written as a question about one instant, and every measure is a sum over the stretches between the
instants at which an answer could change. Time is whole milliseconds since 1970, shares and money are fractions until
they are written down.

`judged(contract, evidence, month, as_of)` takes the contract as `tomllib` gives it and the evidence as a list of
JSON objects, both valid (nothing is refused here), and gives SPEC section 10's object. Keys whose rule SPEC leaves
open (`certain` of an obligation that is not a fleet availability, `adjustments`, `notes`) are left out.
"""

from __future__ import annotations

from fractions import Fraction

from tests.support.slow.instants import NEVER, cents, instant, money, number, share, shown
from tests.support.slow.obligations import NEUTRAL, NONE, Obligations
from tests.support.slow.world import World, said_at


def judged(contract: dict, evidence: list[dict], month: str, as_of: str | None = None) -> dict:
    """SPEC section 10's object."""
    if as_of is None:
        as_of_ms = max(at for record in evidence if (at := said_at(record)) is not None)
    else:
        as_of_ms = instant(as_of)
    return Judgement(contract, World(contract, evidence, as_of_ms)).result(month)


class Judgement:
    """One contract judged against one world."""

    def __init__(self, contract: dict, world: World) -> None:
        self.contract, self.world, self.days = contract, world, world.days
        self.obligations = [NEUTRAL | obligation for obligation in contract.get("obligations", [])]
        self.kinds = Obligations(contract, world)

    # Section 9

    def month(self, month: str) -> dict:
        """Everything of one month but what earlier months change."""
        found = []
        for obligation in self.obligations:
            result = {"id": obligation["id"], "kind": obligation["kind"]}
            result |= getattr(self.kinds, obligation["kind"])(obligation, month)
            result["deduction"] = cents(result["owed"](obligation["deduct"]) if "deduct" in obligation else NONE)
            found.append(result)
        score = self.score(found)
        fee = self.fee(month)
        pay = Fraction(score["pay"]) if score else Fraction(1)
        earned, deductions = cents(fee * pay), sum((result["deduction"] for result in found), NONE)
        if "deduction_cap" in self.contract["fee"]:
            deductions = min(deductions, cents(fee * share(self.contract["fee"]["deduction_cap"])))
        payable = max(NONE, earned - deductions)
        return {
            "obligations": found,
            "score": score and {**score, "pay": number(score["pay"])},
            "payment": {"fee": fee, "earned": earned, "deductions": deductions, "payable": payable},
        }

    def score(self, found: list[dict]) -> dict | None:
        points = lost = NONE
        for obligation, result in zip(self.obligations, found, strict=True):
            if "points" in obligation and result["verdict"] not in ("not_applicable", "not_assessable"):
                points += Fraction(str(obligation["points"]))
                loss = result["owed"](obligation["lose"]) if "lose" in obligation else NONE
                lost += min(loss, Fraction(str(obligation["points"])))
        if points == 0:
            return None
        score = cents(100 * (points - lost) / points)
        bands = [b for b in self.contract.get("score", {}).get("bands", []) if Fraction(str(b["from"])) <= score]
        band = max(bands, key=lambda b: Fraction(str(b["from"])), default={"grade": None, "pay": "100%"})
        return {"points": money(score), "grade": band["grade"], "pay": share(band["pay"])}

    def fee(self, month: str) -> Fraction:
        first, last = (self.contract["term"][key] for key in ("from", "to"))
        months = (last.year - first.year) * 12 + last.month - first.month + 1
        if not f"{first:%Y-%m}" <= month <= f"{last:%Y-%m}":
            return NONE
        total = Fraction(str(self.contract["fee"]["total"]))
        each = Fraction(int(total * 100 / months), 100)
        return total - each * (months - 1) if month == f"{last:%Y-%m}" else each

    def adjustment(self, month: str) -> Fraction:
        """What earlier settled months should have been, less what was paid for them."""
        signed: dict[str, dict] = {}
        for record in sorted(self.world.kinds["settled"], key=lambda record: instant(record["at"])):
            signed[record["month"]] = record
        change = NONE
        for earlier, record in signed.items():
            if earlier < month:
                change += self.month(earlier)["payment"]["payable"]
                change -= Fraction(record["payable"]) + Fraction(record["adjustment"])
        return change

    # Section 10

    def result(self, month: str) -> dict:
        whole = self.month(month)
        payment = whole["payment"] | {"adjustment": self.adjustment(month)}
        payment["due"] = payment["payable"] + payment["adjustment"]
        verdicts = {result["verdict"] for result in whole["obligations"]}
        obligations = [
            {key: value for key, value in result.items() if key != "owed"} | {"deduction": money(result["deduction"])}
            for result in whole["obligations"]
        ]
        return {
            "contract": self.contract["contract"],
            "month": month,
            "as_of": shown(self.world.as_of),
            "verdict": next((word for word in ("breached", "not_assessable") if word in verdicts), "met"),
            "obligations": obligations,
            "incidents": self.incidents(month),
            "score": whole["score"],
            "payment": {key: money(amount) for key, amount in payment.items()},
        }

    def incidents(self, month: str) -> list[dict]:
        start, end = self.days.month_bounds(month)
        touching = []
        for check in sorted(self.world.checks):
            for incident in self.world.incidents(check):
                restored = NEVER if incident["restored"] is None else incident["restored"]
                if incident["detected"] < end and start < restored:
                    times = {
                        key: shown(incident[key]) for key in ("detected", "began_after", "last_fail", "restored")
                    }
                    touching.append(incident | times | {"explains": self.world.explains(incident)})
        return touching
