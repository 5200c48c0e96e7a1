"""SPEC's second edition misread on purpose, a function each: it bends the model, given pytest's `monkeypatch`.

A test shows that the random worlds notice each of them, so that a product that reads SPEC so would be noticed too.
"""

from __future__ import annotations

from tests.support.slow import evidence, model, notes, payment, world
from tests.support.slow.availability import Availability
from tests.support.slow.definitions import Definitions, Lines, begins
from tests.support.slow.evidence import Known, Settlements, recorded
from tests.support.slow.inspection import Inspection
from tests.support.slow.instants import NEVER, Days
from tests.support.slow.model import Judgement
from tests.support.slow.payment import Payment
from tests.support.slow.repair import Repair
from tests.support.slow.world import World

# Section 1


def things_are_known_as_soon_as_they_happen(patch):
    patch.setattr(evidence, "is_known", lambda r, at: (evidence.said_at(r) or -NEVER) <= at)


def corrections_change_nothing(patch):
    patch.setattr(Known, "named", staticmethod(lambda correction, _: correction))


def as_of_is_the_latest_instant_of_all(patch):
    patch.setattr(model, "default_as_of", lambda records: max(evidence.said_at(r) or -NEVER for r in records))


def what_is_signed_binds_no_definition(patch):
    patch.setattr(Settlements, "effective", lambda *_: -NEVER)


def definitions_are_as_they_are_now(patch):
    def governing(self, line, moment):
        return max(line, key=lambda r: (begins(r), recorded(r))) if min(map(begins, line)) <= moment else None

    patch.setattr(Lines, "governing", governing)


def definitions_hold_when_they_were_recorded(patch):
    def governing(self, line, moment):
        holding = [r for r in line if max(begins(r), recorded(r)) <= moment]
        return max(holding, key=lambda r: (begins(r), recorded(r)), default=None)

    patch.setattr(Lines, "governing", governing)


def a_service_never_ends(patch):
    patch.setattr(Lines, "is_in_service", lambda self, line, moment: self.governing(line, moment) is not None)


def a_name_that_replaces_is_a_new_thing(patch):
    patch.setattr(Lines, "successors", lambda *_: {})


def the_old_name_ends_at_its_to(patch):
    def is_in_service(self, line, moment):
        record = self.governing(line, moment)
        return record is not None and moment < record.get("to", NEVER)

    patch.setattr(Lines, "is_in_service", is_in_service)


def a_check_outlives_its_asset(patch):
    patch.setattr(Definitions, "service_of", lambda self, check: self.check_lines.service[check])


def every_break_ends_what_was(patch):
    patch.setattr(Definitions, "ends_what_was_signed", lambda *_: True)


def no_break_ends_what_was_signed(patch):
    patch.setattr(Definitions, "ends_what_was_signed", lambda *_: False)


# Sections 2 and 3


def the_gap_is_that_of_today(patch):
    patch.setattr(World, "gap", lambda self, check, _, honest=World.gap: honest(self, check, NEVER))


def nobody_was_out_before_the_first_fail(patch):
    def fault_windows(self, check, honest=World.fault_windows):
        fails = {at for at, _ in self.readings[check]}
        return ((a, b) for a, b in honest(self, check) if b not in fails or self.state(check).at(a) != "unknown")

    patch.setattr(World, "fault_windows", fault_windows)


def what_is_out_of_service_cuts_off(patch):
    patch.setattr(Definitions, "asset_serves", lambda *_: True)


def a_check_reaches_what_it_ever_reached(patch):
    def reach(self, check, honest=Definitions.reach):
        ever = any(honest(self, check).values)
        return world.Signal.of([], lambda _: ever)

    patch.setattr(Definitions, "reach", reach)
    patch.setattr(Definitions, "refuse_two_reach_checks", lambda *_: None)


def a_cut_off_asset_is_not_out(patch):
    patch.setattr(World, "explained", lambda self, check, at: self.own_out(self.are.home[check]).at(at))


def an_incident_is_as_severe_as_its_check(patch):
    def severity(self, incident):
        return self.are.check(incident["check"], incident["detected"])["severity"]

    patch.setattr(World, "severity", severity)


def severity_is_that_of_today(patch):
    def severity(self, incident, honest=World.severity):
        return honest(self, incident | {"detected": NEVER})

    patch.setattr(World, "severity", severity)


def nothing_is_withdrawn(patch):
    patch.setattr(World, "withdrawn", lambda *_: None)


# Section 4


def approvals_come_too_late_for_nothing(patch):
    def is_approved(self, window):
        return window["approved"] or any(r["maintenance"] == window["id"] for r in self.of("approved"))

    patch.setattr(Known, "is_approved", is_approved)


def only_what_was_announced_as_approved_is(patch):
    patch.setattr(Known, "is_approved", lambda _self, window: window["approved"])


def the_last_ruling_stands_whenever_it_came(patch):
    def is_accepted(self, claim, corrections):
        gone = [named for _, named in corrections]
        mine = [r for r in self.of("ruling") if r["claim"] == claim["id"] and recorded(r) >= recorded(claim)]
        last = self.last_ruling([ruling for ruling in mine if ruling not in gone])
        return last is not None and last["accepted"]

    patch.setattr(Known, "is_accepted", is_accepted)


def a_ruling_may_come_before_its_claim(patch):
    def is_accepted(self, claim, corrections, honest=Known.is_accepted):
        return honest(self, claim | {"recorded_at": -NEVER}, corrections)

    patch.setattr(Known, "is_accepted", is_accepted)


def claims_reach_ahead(patch):
    patch.setattr(Known, "claimed", lambda _, claim: (claim["from"], claim["to"]))


def a_window_was_announced_when_it_says(patch):
    patch.setattr(world, "recorded", lambda r: r.get("announced_at", recorded(r)) if "scope" in r else recorded(r))


def excused_time_is_removed_even_where_up(patch):
    def seen(self, asset, honest=Availability.seen):
        was, excused = honest(self, asset), self.world.excused(asset)
        if self.rules["excused"] == "up":
            return was
        cuts = [*was.cuts, *excused.cuts]
        return world.Signal.of(cuts, lambda t: "changing" if excused.at(t) else was.at(t))

    patch.setattr(Availability, "seen", seen)


def answers_count_when_they_happened(patch):
    patch.setattr(World, "counted", lambda _self, record: record["at"])


def answers_count_when_they_were_recorded(patch):
    patch.setattr(World, "counted", lambda _self, record: recorded(record))


# Section 5


def a_clause_holds_in_the_whole_term(patch):
    patch.setattr(Judgement, "term", lambda _self, _obligation, whole: whole)


def the_fee_never_changes(patch):
    def fee(contract, month, honest=payment.fee):
        return honest(contract | {"fee": {k: v for k, v in contract["fee"].items() if k != "changes"}}, month)

    patch.setattr(payment, "fee", fee)


def holidays_are_for_workdays_only(patch):
    def counts(self, plan, day, honest=Days.counts):
        kept = plan if plan.get("days") == "workdays" else {"days": plan.get("days", "all")}
        return honest(self, kept, day)

    patch.setattr(Days, "counts", counts)


def an_extra_holiday_wins_over_an_extra_workday(patch):
    def counts(self, plan, day, honest=Days.counts):
        return day not in plan.get("extra_holidays", []) and honest(self, plan, day)

    patch.setattr(Days, "counts", counts)


# Section 6


def scopes_are_as_they_are_now(patch):
    def fits(self, scope, asset, _moment, *severity, honest=Definitions.fits):
        return honest(self, scope, asset, NEVER, *severity)

    patch.setattr(Definitions, "fits", fits)


def brief_outages_are_taken_one_by_one(patch):
    def brief(self, state):
        shortest = world.duration(self.rules["min_countable"])
        return ((a, b) for a, b, word in state.runs() if word == "down" and b - a < shortest)

    patch.setattr(Availability, "brief", brief)


def what_is_certain_needs_coverage_too(patch):
    def figures(self, total, honest=Availability.figures):
        found = honest(self, total)
        blind = found["exact"] and self.is_blind(found["exact"]["coverage"])
        return found | ({"verdict": "not_assessable"} if blind else {})

    patch.setattr(Availability, "figures", figures)


def the_few_that_nobody_saw_do_not_matter(patch):
    def fleet(self, honest=Availability.fleet):
        for total in self.totals.values():
            total["counting"] = False
        return honest(self)

    patch.setattr(Availability, "fleet", fleet)


# Section 7


def nobody_need_have_looked_at_the_end(patch):
    patch.setattr(Repair, "is_end_unseen", lambda *_: False)


def the_clock_waits_for_the_notice(patch):
    def start(self, incident, following, honest=Repair.start):
        self.obligation = {key: value for key, value in self.obligation.items() if key != "notify_within"}
        return honest(self, incident, following)

    patch.setattr(Repair, "start", start)


def an_end_of_term_ends_nothing(patch):
    patch.setattr(Repair, "ends", lambda _self, incident: [incident["withdrawn"]])


def the_fault_began_when_it_was_detected(patch):
    def judged(self, incident, following, doubt, *, honest=Repair.judged, **_):
        return honest(self, incident, following, doubt)

    patch.setattr(Repair, "judged", judged)


def working_time_goes_on_without_service(patch):
    patch.setattr(Repair, "service", lambda *_, **__: [(-NEVER, NEVER)])


# Section 8


def a_round_is_for_the_day_on_which_it_was(patch):
    def period_of(self, record, honest=Inspection.period_of):
        return honest(self, {key: value for key, value in record.items() if key != "period"})

    patch.setattr(Inspection, "period_of", period_of)


def a_round_outside_of_every_period_is_for_none(patch):
    def period_of(self, record, honest=Inspection.period_of):
        period = honest(self, record)
        return period if period is not None and ("period" in record or record["at"] < period[1]) else None

    patch.setattr(Inspection, "period_of", period_of)


def what_is_there_at_the_end_is_required(patch):
    patch.setattr(Inspection, "required", lambda self, _, end, honest=Inspection.required: honest(self, end - 1, end))


# Section 9


def either_party_settles(patch):
    def agreements(self, records):
        for record in records:
            yield recorded(record), self.named(record), [record]

    patch.setattr(Settlements, "agreements", agreements)


def a_later_disagreement_unsettles(patch):
    def settlement(self, month, honest=Settlements.settlement):
        return None if self.state(month) else honest(self, month)

    patch.setattr(Settlements, "settlement", settlement)


def what_is_not_assessable_is_lost_in_the_score(patch):
    def score(self, how, honest=Payment.score):
        self.contract = {k: v | {"unassessable": "out"} if k == "score" else v for k, v in self.contract.items()}
        return honest(self, how)

    patch.setattr(Payment, "score", score)


def a_withdrawn_incident_costs_nothing_at_most(patch):
    patch.setattr(Repair, "worst", lambda _self, _incident, customer: customer)


def nothing_pending_is_missed_at_most(patch):
    def owed(self, items, rule, how, honest=Inspection.owed):
        return honest(self, items, rule, "now")

    patch.setattr(Inspection, "owed", owed)


def the_range_of_availability_is_its_value(patch):
    def owed(self, charged, rule, how, honest=Availability.owed):
        return honest(self, charged, rule, "now")

    patch.setattr(Availability, "owed", owed)


def the_score_leaves_out_what_nobody_saw_in_the_range_too(patch):
    def score(self, how, honest=Payment.score):
        words = {result["verdict"] for result in self.results}
        return honest(self, "now" if "not_assessable" in words else how)

    patch.setattr(Payment, "score", score)


# Notes


def a_late_reading_is_imported_at_once(patch):
    patch.setattr(notes, "is_imported", lambda _world, r: "source" in r or recorded(r) > r["at"])


def a_service_that_will_end_has_ended(patch):
    def definitions(world_, start, end, honest=notes.definitions):
        as_of, world_.as_of = world_.as_of, NEVER
        found = honest(world_, start, end)
        world_.as_of = as_of
        return found

    patch.setattr(notes, "definitions", definitions)


def what_counts_later_is_backdated_too(patch):
    def backdated(world_, start, end):
        kinds = ("acknowledged", "arrived", "inspection")
        late = [
            r for kind in kinds for r in world_.known.of(kind) if start <= r["at"] < end and recorded(r) > r["at"]
        ]
        return {r.get("id") or world_.are.check_lines.called(r["check"]) for r in late} - {None}

    patch.setattr(notes, "backdated", backdated)


MISREADINGS = tuple(
    value
    for name, value in list(globals().items())
    if callable(value) and getattr(value, "__module__", "") == __name__ and not name.startswith("_")
)
