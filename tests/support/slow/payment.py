"""SPEC section 9, second edition, read from the text alone: fee, score, range, one month's payment."""

from __future__ import annotations

from fractions import Fraction
from functools import cache

from tests.support.slow.availability import NONE
from tests.support.slow.instants import Refused, cents, money, share

AMOUNTS = ("now", "least", "most")


def fee(contract: dict, month: str) -> Fraction:
    """A month's fee; nothing outside the term."""
    first, last = (contract["term"][key] for key in ("from", "to"))
    if not f"{first:%Y-%m}" <= month <= f"{last:%Y-%m}":
        return NONE
    changes = contract["fee"].get("changes", [])
    if len({change["from"] for change in changes}) != len(changes):
        raise Refused("two fee changes from one month")
    if begun := [change for change in changes if change["from"] <= month]:
        return Fraction(str(max(begun, key=lambda change: change["from"])["monthly"]))
    if "monthly" in contract["fee"]:
        return Fraction(str(contract["fee"]["monthly"]))
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    total = Fraction(str(contract["fee"]["total"]))
    each = Fraction(int(total * 100 / months), 100)
    return total - each * (months - 1) if month == f"{last:%Y-%m}" else each


class Payment:
    """What a month's results come to. `results` are of the obligations, in order."""

    def __init__(self, contract: dict, obligations: list[dict], results: list[dict], month: str) -> None:
        self.contract, self.obligations, self.results = contract, obligations, results
        self.fee = fee(contract, month)
        self.deductions = cache(self._deductions)

    def deduction(self, obligation: dict, result: dict, how: str) -> Fraction:
        return cents(result["owed"](obligation["deduct"], how)) if "deduct" in obligation else NONE

    def lost(self, obligation: dict, result: dict, how: str) -> Fraction:
        """Of the obligation's points."""
        loss = result["owed"](obligation["lose"], how) if "lose" in obligation else NONE
        return min(loss, Fraction(str(obligation["points"])))

    def score(self, how: str) -> Fraction | None:
        rules = self.contract.get("score", {})
        out = {"not_applicable"}
        if how == "now" and rules.get("unassessable") != "met":
            out |= {"not_assessable"}
        points = lost = NONE
        for obligation, result in zip(self.obligations, self.results, strict=True):
            if "points" not in obligation or result["verdict"] in out:
                continue
            points += Fraction(str(obligation["points"]))
            if how != "now" or result["verdict"] != "not_assessable":
                lost += self.lost(obligation, result, how)
        return None if points == 0 else cents(100 * (points - lost) / points)

    def band(self, score: Fraction) -> dict:
        bands = [b for b in self.contract.get("score", {}).get("bands", []) if Fraction(str(b["from"])) <= score]
        return max(bands, key=lambda b: Fraction(str(b["from"])), default={"grade": None, "pay": "100%"})

    def earned(self, how: str) -> Fraction:
        score = self.score(how)
        return cents(self.fee * (1 if score is None else share(self.band(score)["pay"])))

    def _deductions(self, how: str) -> Fraction:
        pairs = zip(self.obligations, self.results, strict=True)
        total = sum((self.deduction(obligation, result, how) for obligation, result in pairs), NONE)
        if "deduction_cap" in self.contract["fee"]:
            total = min(total, cents(self.fee * share(self.contract["fee"]["deduction_cap"])))
        return total

    def payable(self, how: str = "now") -> Fraction:
        return max(NONE, self.earned(how) - self.deductions(how))

    def amounts(self) -> dict:
        """All that does not depend on other months."""
        payable = self.payable()
        return {
            "fee": self.fee,
            "earned": self.earned("now"),
            "deductions": self.deductions("now"),
            "payable": payable,
            "low": min(payable, self.payable("most")),
            "high": max(payable, self.payable("least")),
        }

    def shown_score(self) -> dict | None:
        score = self.score("now")
        if score is None:
            return None
        band = self.band(score)
        return {"points": money(score), "grade": band["grade"], "pay": float(share(band["pay"]))}
