"""From the times up, down, changing and unknown to a share, its bounds and its verdict (SPEC §6), step by step."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sla.explain.model import (
    Length,
    Name,
    Share,
    Step,
    say,
    step,
)
from sla.measure.ratios import Times, counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sla.contract.clauses.availability import AvailabilityClause
    from sla.contract.model import Measurement
    from sla.explain.model import Statement, Value
    from sla.measure.analysis import Analysis
    from sla.obligations.availability import AvailabilityItem
    from sla.obligations.result import AnyResult

MOST_NAMES = 20


def figure_steps(
    clause: AvailabilityClause, times: Times, found: AnyResult | AvailabilityItem, analysis: Analysis
) -> Iterator[Step]:
    """From U, D, C, K to value, bounds, coverage and verdict, each with its arithmetic."""
    rules = analysis.contract.measurement
    if times.service == 0:
        yield step("§6", say("There is no service time: not applicable."))
        return
    up, known = counted(times, rules)
    values: dict[str, Value] = {
        name: Length(each)
        for name, each in (("U", times.up), ("D", times.down), ("C", times.changing), ("K", times.unknown))
    }
    values |= {"S": Length(times.service), "up": Length(up), "known": Length(known), "value": Share(found.value)}
    values |= {"low": Share(found.low), "high": Share(found.high), "coverage": Share(found.coverage)}
    values |= {"target": Share(clause.target), "least": Share(rules.min_coverage)}
    yield step("§6", say("U = {U}, D = {D}, C = {C}, K = {K}; S = {S}.", **values))
    yield step("§6 doubt", _doubt(rules.doubt, values))
    yield step("§6 unknown", _unknown(rules.unknown, values))
    yield step("§6 value", say("value = up / (up + down) = {up} / {known} = {value}.", **values))
    yield step(
        "§6 bounds", say("low = U / S = {low}, high = (S − D) / S = {high}: the truth lies between.", **values)
    )
    yield step("§6 coverage", say("coverage = 1 − K / S = {coverage}.", **values))
    yield step("§6 verdict", _verdict_statement(clause, found, values, rules))
    yield step("§6 certain", _certain(values, certain=bool(found.certain)))


def _doubt(doubt: str, values: dict[str, Value]) -> Statement:
    sentences = {
        "vendor": say("doubt = vendor: the changing time C = {C} counts as up.", **values),
        "customer": say("doubt = customer: the changing time C = {C} counts as down.", **values),
        "split": say("doubt = split: half of the changing time C = {C} counts as up, half as down.", **values),
    }
    return sentences[doubt]


def _unknown(unknown: str, values: dict[str, Value]) -> Statement:
    sentences = {
        "exclude": say("unknown = exclude: K = {K}, in which nobody looked, is left out.", **values),
        "up": say("unknown = up: K = {K}, in which nobody looked, counts as up.", **values),
        "down": say("unknown = down: K = {K}, in which nobody looked, counts as down.", **values),
    }
    return sentences[unknown]


def _verdict_statement(
    clause: AvailabilityClause, found: AnyResult | AvailabilityItem, values: dict[str, Value], rules: Measurement
) -> Statement:
    coverage = found.coverage
    is_unseen = rules.unknown == "exclude" and coverage is not None and coverage < rules.min_coverage
    if found.verdict == "not_assessable":
        if found.value is None:
            return say("Nothing was seen: not assessable.", **values)
        if is_unseen:
            return say("coverage {coverage} < min_coverage {least}: not assessable.", **values)
        return _few_unseen(clause, found, values, rules)
    surely = {
        "met": say("low = {low} ≥ {target}, whatever happened unseen: met.", **values),
        "breached": say("high = {high} < {target}, whatever happened unseen: breached, deducted by high.", **values),
    }
    plainly = {
        "met": say("{value} ≥ {target}: met.", **values),
        "breached": say("{value} < {target}: breached.", **values),
    }
    return (surely if is_unseen or found.value is None else plainly)[found.verdict]


def _few_unseen(
    clause: AvailabilityClause, found: AnyResult | AvailabilityItem, values: dict[str, Value], rules: Measurement
) -> Statement:
    """A fleet that is met by what was seen, while some of its assets were hardly seen at all."""
    items: tuple[Any, ...] = getattr(found, "items", ())
    dark = [each.asset for each in items if each.coverage is not None and each.coverage < rules.min_coverage]
    names = ", ".join(dark[:MOST_NAMES]) + (" …" if len(dark) > MOST_NAMES else "")
    return say(
        "{value} ≥ {target}, but low < {target}, and of {names} less than min_coverage {least} was seen: the few "
        "that nobody saw may be the bad ones of {clause}: not assessable.",
        names=Name(names or "–"),
        clause=Name(clause.id),
        **values,
    )


def _certain(values: dict[str, Value], *, certain: bool) -> Statement:
    if certain:
        return say("Certain: low ≥ {target} or high < {target}, whatever happened unseen.", **values)
    return say("Not certain: {target} lies between low and high.", **values)
