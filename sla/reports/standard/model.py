"""验收标准: the acceptance standard that a contract file amounts to, as values in one language.

Every clause becomes an indicator with formula, source, period, limit, consequence, exclusions and
procedure, so that it can be attached to a tender or a contract: what is written here is exactly what
`sla-check` computes (SPEC §2 to §9), no more and no less. Pure: contract in, values out.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from config.text.figures import plain
from sla.contract.terms import own_term
from sla.reports.standard.registry import parts_of
from sla.reports.text.phrases import Phrases
from sla.reports.text.words import harmless

if TYPE_CHECKING:
    from config.text.i18n import Language
    from sla.contract.clause import Clause
    from sla.contract.model import Contract

PARTS = ("subject", "formula", "source", "period", "limit", "consequence", "exclusions", "procedure")
"""What every indicator says, in this order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StandardIndicator:
    """One clause as a promise that can be measured; every text is a whole sentence or a figure."""

    id: str
    clause: str
    title: str
    kind: str
    subject: str
    formula: str
    source: str
    period: str
    limit: str
    consequence: str
    exclusions: str
    procedure: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Standard:
    """The whole standard. `terms`: (word, what it means); the rest are sentences in order."""

    contract: Contract
    language: Language
    terms: tuple[tuple[str, str], ...]
    calendars: tuple[tuple[str, str], ...]
    measurement: tuple[str, ...]
    exclusions: tuple[str, ...]
    indicators: tuple[StandardIndicator, ...]
    payment: tuple[str, ...]
    procedure: tuple[str, ...]


def standard_of(contract: Contract, language: Language) -> Standard:
    """The standard of that contract."""
    words = Phrases(contract, language)
    return Standard(
        contract=contract,
        language=language,
        terms=_terms(words),
        calendars=_calendars(words),
        measurement=_measurement(words),
        exclusions=_exclusions(words),
        indicators=tuple(_indicator(each, words) for each in contract.obligations),
        payment=_payment(words),
        procedure=_procedure(words),
    )


def _indicator(obligation: Clause, words: Phrases) -> StandardIndicator:
    parts = parts_of(obligation, words)
    return StandardIndicator(
        id=harmless(obligation.id),
        clause=harmless(obligation.clause),
        title=harmless(obligation.title),
        kind=parts.kind,
        subject=parts.subject,
        formula=parts.formula,
        source=parts.source,
        period=words.sentences(parts.period, _validity(obligation, words)),
        limit=parts.limit,
        consequence=parts.consequence,
        exclusions=parts.exclusions,
        procedure=parts.procedure,
    )


def _validity(obligation: Clause, words: Phrases) -> str:
    """The days in which the clause holds, where it says any of its own."""
    term = own_term(words.contract, obligation)
    if obligation.valid is None or term is None:
        return ""
    first, last = term.first.isoformat(), term.last.isoformat()
    return words.say("It holds from {first} to {last}, both days included.", first=first, last=last)


def _terms(words: Phrases) -> tuple[tuple[str, str], ...]:
    say, rules = words.say, words.contract.measurement
    return (
        (
            say("Reading"),
            say("one look of a probe at one asset: normal, failed, or not made. One that was not made says nothing."),
        ),
        (
            say("Up, down"),
            say("the time between two successive normal readings, and between two successive failed ones."),
        ),
        (
            say("Changing"),
            say("the time between a normal and a failed reading: nobody saw when it changed."),
        ),
        (
            say("Unknown"),
            say(
                "the time between readings more than {gap} intervals apart, before the first and after the last.",
                gap=plain(rules.max_gap),
            ),
        ),
        (
            say("Incident"),
            say(
                "failed readings of one check until it was normal again for {stable}; a fault that"
                " a broken upstream"
                " asset explains is not an incident of its own.",
                stable=words.span(rules.stable_for),
            ),
        ),
        (
            say("Not assessable"),
            say("there is too little evidence for a verdict; such a clause is neither kept nor broken."),
        ),
    )


def _calendars(words: Phrases) -> tuple[tuple[str, str], ...]:
    found = [("always", words.calendar("always"))]
    for name, rule in words.contract.calendars.items():
        extra = [
            words.say(text, days=words.joined([day.isoformat() for day in days]))
            for text, days in (
                ("Agreed days off: {days}.", rule.extra_holidays),
                ("Agreed working days: {days}.", rule.extra_workdays),
            )
            if days
        ]
        stop = "。" if words.language == "zh" else "."
        found.append((harmless(name), words.sentences(words.calendar_rule(rule) + stop, *extra)))
    return tuple(found)


def _measurement(words: Phrases) -> tuple[str, ...]:
    say, rules = words.say, words.contract.measurement
    benefit = {"vendor": say("the vendor"), "customer": say("the customer"), "split": say("both, by halves")}
    unknown = {
        "exclude": say(
            "Unknown time is left out; where less than {share} of the service time was observed, the clause is not"
            " assessable, unless the bounds of its value decide it.",
            share=words.share(rules.min_coverage),
        ),
        "up": say("Unknown time counts as up."),
        "down": say("Unknown time counts as down."),
    }
    found = [
        say("Changing time is to the benefit of {who}.", who=benefit[rules.doubt]),
        unknown[rules.unknown],
        say("With every value its bounds are given: the least and the most that it can have been."),
    ]
    if rules.min_countable:
        text = (
            "An outage shorter than {span}, both ends of it seen, counts as up;"
            " outages less than {stable} apart are one."
        )
        found.append(say(text, span=words.span(rules.min_countable), stable=words.span(rules.stable_for)))
    if rules.ignore_shorter:
        text = "An incident shorter than {span} is listed but not tested against time limits."
        found.append(say(text, span=words.span(rules.ignore_shorter)))
    found.append(
        say(
            "An upstream asset counts as out while its reachability check is down or changing, for {span} after,"
            " and for {gap} intervals on the side of a failed reading on which nobody looked.",
            span=words.span(rules.settle),
            gap=plain(rules.max_gap),
        )
    )
    found.append(
        say(
            "An asset or check counts while it is in service, and as it was defined at each instant; a new definition"
            " changes no month that both parties signed."
        )
    )
    text = (
        "An answer or a round counts when it was recorded, if that is more than {span} after it happened."
        if rules.backdate
        else "An answer or a round counts when it was recorded, not when it is said to have happened."
    )
    found.append(say(text, span=words.span(rules.backdate)))
    found.append(say("Shares are compared exactly; money is rounded half-up to the cent, once for each clause."))
    return tuple(found)


def _exclusions(words: Phrases) -> tuple[str, ...]:
    say, contract = words.say, words.contract
    rule = contract.maintenance
    notice = (
        say("announced at least {span} before it begins", span=words.span(rule.notice))
        if rule.notice
        else say("announced at any time")
    )
    most = (
        say("at most {span} of it a calendar month and asset", span=words.span(rule.allowance))
        if rule.allowance is not None
        else say("without a limit")
    )
    excused = {
        "remove": say("Excused time in which the asset is not up is taken out of the service time."),
        "up": say("Excused time stays in the service time and counts as up."),
    }
    return (
        say("Maintenance that the customer approved, {notice}, {most}.", notice=notice, most=most),
        say(
            "The vendor's claims that were ruled accepted, each with asset, time, cause (power cut, third party,"
            " force majeure, customer, planned work) and proof. The last ruling stands; without one"
            " it is not accepted."
        ),
        say(
            "A claim excuses no time after it was filed. An approval that is recorded after the last month of its"
            " window was signed comes too late, and so does a ruling after the last month of its claim, if another"
            " stood then."
        ),
        say("Time in which an asset is cut off only by an upstream asset that is itself excused."),
        excused[contract.measurement.excused],
        say(
            "The failure of our own observation (no network, no permission, overload) is nobody's"
            " fault: unknown time."
        ),
    )


def _payment(words: Phrases) -> tuple[str, ...]:
    say, contract = words.say, words.contract
    fee = contract.fee
    found = _fee(words)
    if any(each.points for each in contract.obligations):
        found.append(
            say(
                "Score of a month = 100 × (points − points lost) ÷ points, over the clauses that"
                " could be judged, half-up"
                " to 2 decimals; a clause loses at most its own points."
            )
        )
        if contract.unassessable == "met":
            found.append(say("A clause that is not assessable keeps its points in the score and loses none."))
    if contract.bands:
        found.append(say("The score decides the share of the month's fee that is earned (table above)."))
    found.append(say("Payable = fee earned − deductions, never below 0."))
    found.append(
        say(
            "Beside what is payable stand its bounds: what it would be, had all that nobody saw gone well for the"
            " vendor, and had it gone badly."
        )
    )
    if fee.deduction_cap is not None:
        found.append(say("Deductions of one month are at most {cap} of its fee.", cap=words.share(fee.deduction_cap)))
    found.append(
        say(
            "Rulings and evidence that come after a month was signed change what it should have"
            " been: the difference is"
            " paid or taken back with the next month. No signed report is rewritten. A month is signed when both"
            " parties have named the same figures; other figures of one of them change nothing."
        )
    )
    return tuple(found)


def _fee(words: Phrases) -> list[str]:
    """What a month costs, and from when on something else."""
    say, fee = words.say, words.contract.fee
    whole = (
        say("The fee of each calendar month that the term touches is {fee}.", fee=words.money(fee.monthly))
        if fee.monthly is not None
        else say(
            "The fee of {total} is divided evenly among the calendar months of the term, rounded down to the cent;"
            " the last month takes the rest.",
            total=words.money(fee.total or Decimal(0)),
        )
    )
    changes = [
        say("From {month} on the fee of a month is {fee}.", month=change.begins, fee=words.money(change.monthly))
        for change in fee.changes
    ]
    if fee.total is not None and changes:
        changes.append(say("These changes leave the fee of the months before them as it was."))
    return [whole, *changes]


def _procedure(words: Phrases) -> tuple[str, ...]:
    say = words.say
    return (
        say("The evidence is kept in a ledger in which nothing is changed or deleted, chained by hashes."),
        say(
            "After each month a report is computed from ledger and contract: one row for each"
            " clause, with its evidence."
        ),
        say("The vendor may file claims; the customer rules on each, in writing, with a reason."),
        say(
            "Either party can compute the report again from the exported evidence and this"
            " contract, to the same figures."
        ),
        say("Both parties sign the month's report; the payable amount follows from it."),
        say("Quarter and year add up the months; they judge nothing anew."),
    )
