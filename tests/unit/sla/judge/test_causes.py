"""What changed an item of a signed month (SPEC section 9): a record's R, a definition, the contract, or time alone."""

from __future__ import annotations

from dataclasses import replace

from sla.evidence.records import Approved, Corrected, Settled
from sla.judge.judge import judge
from tests.support.timelines import at, availability, contract, evidence_of, inspection, records, repair

LINK = """
asset hub hub
asset cam camera behind=hub
check hub/icmp 30m reach
check cam/icmp 30m reach critical
hub/icmp 09-01 00:00 ok 10-01 00:00
cam/icmp 09-01 00:00 ok 09-10 00:00 fail 02:00 ok 10-01 00:00
"""
SIGNED = "settled 2026-09 950.00 0.00 10-02 00:00\n"
TERM = {"term": "2026-09-01 2026-10-31", "fee": "2000.00"}
WHAT = contract(repair("1h", scope={"kind": "camera"}, deduct={"per_breach": "50"}), **TERM)


def adjusted(said, *more, what=WHAT, as_of="10-20 00:00"):
    found = [*records(LINK + said), *more]
    (adjustment,) = judge(what, evidence_of(found), "2026-10", at(as_of)).adjustments
    return adjustment


def causes(adjustment, item=None):
    (found,) = [each.causes for each in adjustment.items if (each.item == item if item else each.item)]
    return [(each.kind, each.type, each.id, each.at) for each in found]


def test_a_ruling_is_named_by_its_claim_and_its_r():
    said = SIGNED + "claim c cam 09-09 00:00 09-11 00:00 power said 09-12 00:00 accepted 10-03 00:00\n"
    assert causes(adjusted(said)) == [("record", "ruling", "c", at("10-03 00:00"))]


def test_what_excuses_an_asset_upstream_is_a_cause_and_what_is_about_another_asset_is_none():
    # the hub fails with the camera, and whoever excuses the hub excuses what is behind it; a pole is another matter
    said = LINK.replace("hub/icmp 09-01 00:00 ok 10-01", "hub/icmp 09-01 00:00 ok 09-10 00:00 fail 02:00 ok 10-01")
    said += (
        SIGNED.replace("950.00", "990.00")
        + """
    asset pole pole
    claim c hub 09-09 00:00 09-11 00:00 power said 10-03 00:00 accepted 10-04 00:00
    claim d pole 09-09 00:00 09-11 00:00 power said 10-03 00:00 accepted 10-04 00:00
    """
    )
    what = contract(availability("99.99%", scope={"kind": "camera"}, deduct={"per": "1%", "amount": "10"}), **TERM)
    (adjustment,) = judge(what, evidence_of(records(said)), "2026-10", at("10-20 00:00")).adjustments
    assert {each.id for item in adjustment.items for each in item.causes} == {"c"}


def test_readings_that_were_put_in_after_the_signature_are_named_with_the_first_r_of_them():
    said = "settled 2026-09 950.00 0.00 10-02 00:00\ncam/icmp 09-20 00:00 fail*4 recorded 10-06 08:00\n"
    assert causes(adjusted(said)) == [("reading", "reading", "cam/icmp", at("10-06 08:00"))]


def test_a_record_that_was_taken_back_is_named_with_the_r_of_the_correction():
    claim = "claim c cam 09-09 00:00 09-11 00:00 power said 09-12 00:00 accepted 09-13 00:00\n"
    back = Corrected(of={"type": "claim", "id": "c"}, by="李", at=at("10-05 00:00"))
    found = adjusted(SIGNED.replace("950.00", "1000.00") + claim, back)
    assert causes(found) == [("corrected", "claim", "c", at("10-05 00:00"))]
    assert found.items[-1].causes[0].by == "李"


def test_an_approval_is_named_by_its_maintenance():
    # the window lies in October too, which is not signed yet: so its approval is not too late
    said = SIGNED + "maintenance m ids=cam 09-10 00:00 10-01 06:00 said 09-01 00:00 unapproved\n"
    found = adjusted(said, Approved(maintenance="m", by="甲方", at=at("10-04 00:00")))
    assert causes(found) == [("record", "approved", "m", at("10-04 00:00"))]


def test_what_was_pending_and_is_decided_now_was_changed_by_time():
    rounds = inspection("week", scope={"kind": "camera"}, grace="7d", deduct={"per_missed": "5"})
    found = adjusted("settled 2026-09 990.00 0.00 10-02 00:00\n", what=contract(rounds, **TERM))
    (last,) = [each for each in found.items if each.item]
    assert [each.kind for each in last.causes] == ["time"]


def test_a_round_that_was_recorded_late_is_the_cause_of_its_own_period_only():
    rounds = inspection("week", scope={"kind": "camera"}, grace="30d", deduct={"per_late": "5"})
    late = "inspection i I1 cam 10-05 09:00 for=2026-09-08\n"
    found = adjusted("settled 2026-09 1000.00 0.00 10-02 00:00\n" + late, what=contract(rounds, **TERM))
    assert causes(found) == [("record", "inspection", "i", at("10-05 09:00"))]


def test_an_obligation_as_a_whole_has_the_causes_of_its_items():
    said = SIGNED + "claim c cam 09-09 00:00 09-11 00:00 power said 09-12 00:00 accepted 10-03 00:00\n"
    whole, item = adjusted(said).items
    assert (whole.item, whole.causes) == ("", item.causes)


def signed_under(digest, amount="900.00"):
    text = SIGNED.replace("950.00", amount)
    return [replace(each, contract=digest) if isinstance(each, Settled) else each for each in records(LINK + text)]


def test_a_difference_that_no_item_explains_names_the_contract_or_the_fee():
    what = replace(WHAT, sha256="b" * 64)
    for digest, kind in (("a" * 64, "contract"), ("b" * 64, "fee"), ("", "fee")):
        (found,) = judge(what, evidence_of(signed_under(digest)), "2026-10", at("10-20 00:00")).adjustments
        assert (found.items, found.unexplained.kind) == ((), kind)


def test_a_month_whose_amount_is_the_same_lists_nothing_and_leaves_nothing_unexplained():
    what = replace(WHAT, sha256="b" * 64)
    said = evidence_of(signed_under("a" * 64, "950.00"))
    (found,) = judge(what, said, "2026-10", at("10-20 00:00")).adjustments
    assert (found.differs, found.items, found.unexplained) == (False, (), None)
