"""The defaults of SPEC §5, as values."""

from __future__ import annotations

from fractions import Fraction

from sla.contract.clauses.inspection import InspectionLoss
from sla.contract.model import CalendarRule, MaintenanceRule, Measurement
from tests.support.timelines import HOUR, MINUTE, availability, inspection, repair


def test_measurement_defaults_are_those_of_the_text():
    rules = Measurement()
    assert (rules.max_gap, rules.stable_for, rules.settle) == (3, 10 * MINUTE, 2 * MINUTE)
    assert (rules.ignore_shorter, rules.min_countable, rules.min_coverage) == (0, 0, Fraction(95, 100))
    assert (rules.doubt, rules.unknown, rules.excused) == ("vendor", "exclude", "remove")
    assert rules.backdate == 0


def test_without_maintenance_keys_no_notice_is_needed_and_no_allowance_limits():
    assert MaintenanceRule() == MaintenanceRule(notice=None, allowance=None)


def test_a_calendar_is_by_default_all_days_round_the_clock():
    assert CalendarRule() == CalendarRule(days="all", hours=((0, 24 * 60),), holidays=None)


def test_clauses_are_by_default_strict_and_round_the_clock():
    assert availability().calendar == repair().calendar == inspection().calendar == "always"
    assert (repair("4h").limit, repair().share, repair().clock) == (4 * HOUR, 1, "detected")
    assert (inspection().coverage, inspection().grace, inspection().contradicted) == (1, 0, "void")
    assert (availability().valid, repair().notify_within) == (None, None)


def test_an_inspection_rule_costs_only_what_it_names():
    assert (InspectionLoss().per_missed, InspectionLoss().per_late, InspectionLoss().per_asset) == (0, 0, 0)
