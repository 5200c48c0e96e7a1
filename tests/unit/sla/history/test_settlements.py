"""Which months both parties had signed, when, and for what (SPEC §9, Settlement)."""

from __future__ import annotations

from decimal import Decimal

import pytest

from sla.evidence.refusals import EvidenceError
from sla.history.known import known
from tests.support.timelines import at, availability, contract, evidence

WHAT = contract(availability(), term="2026-08-01 2026-12-31")


def settlements(said, as_of="12-31 24:00", what=WHAT):
    return known(evidence(said), what, at(as_of)).settlements


def standing(said, month="2026-09", as_of="12-31 24:00"):
    found = settlements(said, as_of).of(month)
    return None if found is None else (found.payable, found.adjustment, found.at)


CUSTOMER = "settled customer 2026-09 100.00 5.00 10-02 09:00\n"
VENDOR = "settled vendor 2026-09 100.00 5.00 10-05 09:00\n"


def test_one_party_alone_settles_nothing():
    assert standing(CUSTOMER) is None
    assert standing(VENDOR + VENDOR) is None


def test_a_month_is_settled_when_the_second_party_names_the_same():
    assert standing(CUSTOMER + VENDOR) == (100, 5, at("10-05 09:00"))
    assert settlements(CUSTOMER + VENDOR).of("2026-09").settled == 105
    assert settlements(CUSTOMER + VENDOR).at("2026-09") == at("10-05 09:00")


def test_before_the_second_signature_was_known_nothing_is_settled():
    assert standing(CUSTOMER + VENDOR, as_of="10-05 08:59") is None
    late = VENDOR.replace("\n", " recorded 10-20 09:00\n")
    assert standing(CUSTOMER + late) == (100, 5, at("10-20 09:00"))


@pytest.mark.parametrize("other", ["settled vendor 2026-09 100.00 4.00", "settled vendor 2026-09 99.00 5.00"])
def test_who_names_other_amounts_settles_nothing(other):
    assert standing(CUSTOMER + f"{other} 10-05 09:00\n") is None


def test_other_figures_of_one_party_alone_change_nothing():
    assert standing(CUSTOMER + VENDOR + "settled vendor 2026-09 1.00 0.00 11-01 09:00\n") == (
        100, 5, at("10-05 09:00"),
    )  # fmt: skip


def test_until_both_name_the_same_other_ones():
    both = "settled vendor 2026-09 1.00 0.00 11-01 09:00\nsettled customer 2026-09 1.00 0.00 11-03 09:00\n"
    assert standing(CUSTOMER + VENDOR + both) == (1, 0, at("11-03 09:00"))
    assert standing(CUSTOMER + VENDOR + both, as_of="11-02 00:00") == (100, 5, at("10-05 09:00"))


def test_coming_back_to_what_was_settled_settles_nothing_anew():
    there_and_back = "settled vendor 2026-09 1.00 0.00 11-01 09:00\nsettled vendor 2026-09 100.00 5.00 11-04 09:00\n"
    assert standing(CUSTOMER + VENDOR + there_and_back) == (100, 5, at("10-05 09:00"))


def test_the_last_by_r_and_then_by_at_stands():
    first = "settled customer 2026-09 100.00 5.00 10-09 09:00 recorded 10-10 09:00\n"
    earlier_at_later_r = "settled customer 2026-09 7.00 5.00 10-02 09:00 recorded 10-11 09:00\n"
    words = settlements(first + earlier_at_later_r).last_words("2026-09")
    assert words["customer"].payable == 7
    same_r = "settled customer 2026-09 7.00 5.00 10-02 09:00 recorded 10-10 09:00\n"
    assert settlements(first + same_r).last_words("2026-09")["customer"].payable == 100


def test_two_that_differ_at_one_r_and_at_are_refused():
    with pytest.raises(EvidenceError, match="settled record of customer at one instant of month 2026-09 contradicts"):
        settlements(CUSTOMER + "settled customer 2026-09 1.00 5.00 10-02 09:00\n")
    # of two parties, or with another stamp, they are two
    settlements(CUSTOMER + "settled vendor 2026-09 1.00 5.00 10-02 09:00\n")
    settlements(CUSTOMER + "settled customer 2026-09 1.00 5.00 10-02 09:00 recorded 10-03 09:00\n")


def test_a_month_of_the_term_cannot_be_signed_before_its_end():
    with pytest.raises(
        EvidenceError, match="settled: 2026-09 ends at 2026-09-30T16:00:00Z; nobody can sign it before"
    ):
        settlements("settled vendor 2026-09 1.00 0.00 09-30 23:59:59.999\n")
    assert settlements("settled vendor 2026-09 1.00 0.00 10-01 00:00\n").last_words("2026-09")
    # what counts is R: a stamp after the end is late enough
    assert settlements("settled vendor 2026-09 1.00 0.00 09-29 00:00 recorded 10-01 00:00\n").last_words("2026-09")


def test_a_month_outside_the_term_counts_for_nothing():
    found = settlements("settled 2026-07 1.00 0.00 07-02 09:00\nsettled 2027-01 1.00 0.00 10-02 09:00\n")
    assert (found.of("2026-07"), found.of("2027-01"), found.end_before(at("12-31 00:00"))) == (None, None, None)


def test_e_is_the_end_of_the_latest_month_settled_before_and_stays():
    said = "settled 2026-09 1.00 0.00 10-05 09:00\nsettled 2026-08 1.00 0.00 10-20 09:00\n"
    found = settlements(said + "settled vendor 2026-09 2.00 0.00 10-25 09:00\n")
    assert found.end_before(at("10-05 09:00")) is None  # by what was known before that R
    assert found.end_before(at("10-05 09:00:00.001")) == at("10-01 00:00")
    # August, signed later, ends earlier; the disagreement about September moves nothing
    assert found.end_before(at("10-20 09:01")) == found.end_before(at("11-30 00:00")) == at("10-01 00:00")


def test_a_month_is_settled_before_an_instant_if_it_was_known_by_then():
    found = settlements(CUSTOMER + VENDOR)
    assert not found.is_settled_before("2026-09", at("10-05 09:00"))
    assert found.is_settled_before("2026-09", at("10-05 09:00:00.001"))
    assert not found.is_settled_before("2026-10", at("12-01 09:00"))


def test_without_a_contract_nothing_is_settled():
    found = known(evidence(CUSTOMER + VENDOR), None, at("12-31 24:00"))
    assert (found.settlements, found.settled("2026-09")) == (None, None)
    assert settlements(CUSTOMER + VENDOR).of("2026-09").payable == Decimal(100)


def test_the_contract_files_that_were_signed_are_told():
    assert settlements(CUSTOMER + VENDOR).of("2026-09").contracts == frozenset()
