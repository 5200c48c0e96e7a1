"""Settlement of earlier months (SPEC section 9): what changed since both parties signed, item by item."""

from __future__ import annotations

from decimal import Decimal

from tests.support.clauses import clause
from tests.support.timelines import availability, contract, evidence, inspection, judged, repair

LINK = """
asset link link
check link/icmp 30m reach critical
link/icmp 09-01 00:00 ok 09-10 00:00 fail 02:00 ok 10-01 00:00
"""
WHAT = contract(
    availability("99%"),
    repair("1h", deduct={"per_breach": "50"}),
    term="2026-09-01 2026-10-31",
    fee="2000.00",
)


def adjusted(what, said: str, as_of: str = "10-20 00:00"):
    (found,) = judged(what, evidence(LINK + said), "2026-10", as_of).adjustments
    return found


def changes(what, said: str, as_of: str = "10-20 00:00") -> list[tuple]:
    return [(each.obligation, each.item, each.before, each.after) for each in adjusted(what, said, as_of).items]


def test_a_month_in_which_nothing_changed_lists_nothing():
    # fails from 09-10 00:00 to 01:30: 1.5 h > 1 h, breached, 50 of 1000 are taken
    found = adjusted(WHAT, "settled 2026-09 950.00 0.00 10-01 00:00")
    assert (found.month, found.settled, found.payable, found.items) == (
        "2026-09",
        Decimal("950.00"),
        Decimal("950.00"),
        (),
    )


def test_what_was_signed_is_payable_and_adjustment_together():
    assert adjusted(WHAT, "settled 2026-09 950.00 -12.50 10-01 00:00").settled == Decimal("937.50")


def test_a_claim_accepted_afterwards_changes_the_incident_and_the_time():
    said = """
    settled 2026-09 950.00 0.00 10-01 00:00
    claim c link 09-09 00:00 09-11 00:00 power said 10-02 00:00 accepted 10-03 00:00
    """
    # from first to last fail 1.5 h are down, a half hour on each side changing; the claim excuses what was not up
    incident = "link/icmp 2026-09-09T16:00:00Z"
    hour = 3_600_000
    before = f"met up {717 * hour + hour // 2} down {3 * hour // 2} changing {hour} unknown 0"
    assert changes(WHAT, said) == [
        ("A1", "link", before, f"met up {717 * hour + hour // 2} down 0 changing 0 unknown 0"),
        ("R1", "", "breached 50.00", "met 0.00"),
        ("R1", incident, "breached 50.00", "met 0.00"),
    ]


def test_what_was_still_pending_at_signing_is_decided_now():
    rounds = inspection("week", grace="7d", deduct={"per_missed": "5"})
    what = contract(rounds, term="2026-09-01 2026-10-31", fee="2000.00")
    # of the weeks wholly inside the term those of 09-07, 09-14 and 09-21 belong to September; by the end of 10-01
    # the graces of the first two were over
    assert changes(what, "settled 2026-09 990.00 0.00 10-02 00:00") == [
        ("I1", "", "breached 10.00", "breached 15.00"),
        ("I1", "2026-09-20T16:00:00Z 2026-09-27T16:00:00Z", "pending 0/1", "missed 0/1"),
    ]


def test_an_item_that_was_not_listed_then_has_no_before():
    said = """
    link/icmp 09-20 00:00 fail*4 recorded 10-06 08:00    # 1.5 h > 1 h, put in by hand after the signature
    settled 2026-09 950.00 0.00 10-02 00:00
    """
    (whole, incident) = [each for each in changes(WHAT, said) if each[0] == "R1"]
    assert whole == ("R1", "", "breached 50.00", "breached 100.00")
    assert incident[1:] == ("link/icmp 2026-09-19T16:00:00Z", None, "breached 50.00")


def test_a_carried_item_says_so():
    # fails from 20:00 to 05:30; the limit ends at 21:00; units at 21, 22, 23 are August's, at 0 … 5 September's.
    # When September was signed, it was known to have failed until 02:00: 6 h, the units at 0 and 1.
    what = contract(
        repair("1h", deduct={"per_started": "1h", "amount": "1"}), term="2026-08-01 2026-10-31", fee="3000.00"
    )
    said = """
    asset link link
    check link/icmp 30m reach critical
    link/icmp 08-31 20:00 fail*13
    link/icmp 09-01 06:00 ok 12:00
    link/icmp 09-01 02:30 fail*7 recorded 10-05 08:00
    settled 2026-09 998.00 0.00 10-01 00:00
    """
    (found,) = judged(what, evidence(said), "2026-10", "10-20 00:00").adjustments
    (whole, incident) = found.items
    assert (whole.before, whole.after) == ("not_applicable 2.00", "not_applicable 6.00")
    assert (incident.before, incident.after) == ("carried breached 2.00", "carried breached 6.00")
    assert (found.settled, found.payable) == (Decimal("998.00"), Decimal("994.00"))


def test_the_items_of_further_kinds_are_told_by_their_own_names():
    document = clause("report", due=5, grace="30d", deduct={"per_missed": "50"})
    what = contract(document, term="2026-08-01 2026-10-31", fee="3000.00")
    assert changes(what, "settled 2026-09 1000.00 0.00 10-01 00:00") == [
        ("X1", "", "not_applicable 0.00", "breached 50.00"),
        ("X1", "2026-08", "pending", "missed"),
    ]
