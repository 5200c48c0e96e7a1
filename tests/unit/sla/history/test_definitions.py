"""Definitions are dated: which one governs when, and when an id is in service (SPEC §1)."""

from __future__ import annotations

import pytest

from sla.evidence.intervals import ALWAYS, BEGINNING, END, NEVER
from sla.evidence.records import Asset
from sla.history.definitions import undated
from sla.history.known import known
from tests.support.timelines import at, availability, contract, evidence

WHAT = contract(availability(), term="2026-08-01 2026-12-31")
SIGNED = "settled 2026-09 1.00 0.00 10-05 09:00\n"


def found_of(said, as_of="12-31 24:00"):
    return known(evidence(said), WHAT, at(as_of))


def cam(said, as_of="12-31 24:00"):
    return found_of(said, as_of).assets["cam"]


def kinds(history):
    """(begin, kind) of each part, `BEGINNING` as None."""
    return [(None if part.begin == BEGINNING else part.begin, part.definition.kind) for part in history.parts]


def test_without_from_and_r_it_is_from_the_beginning_of_time():
    found = cam("asset cam camera\n")
    assert (kinds(found), found.service) == ([(None, "camera")], ALWAYS)
    assert found.latest == found.at(0) == found.governing(0)


def test_with_a_stamp_but_no_from_it_governs_from_the_beginning_of_time_once_known():
    said = "asset cam camera recorded 09-01 09:00\n"
    assert kinds(cam(said)) == [(None, "camera")]
    assert "cam" not in found_of(said, as_of="09-01 08:59").assets


def test_a_change_is_a_new_definition_from_its_from_on():
    found = cam("asset cam camera\nasset cam dome from=09-10T08:00\n")
    assert kinds(found) == [(None, "camera"), (at("09-10 08:00"), "dome")]
    assert found.at(at("09-10 08:00") - 1).kind == "camera"
    assert (found.at(at("09-10 08:00")).kind, found.latest.kind) == ("dome", "dome")
    assert found.service == ALWAYS


def test_at_an_instant_the_greatest_from_governs_whatever_was_recorded_last():
    found = cam("asset cam dome from=09-10T08:00\nasset cam camera recorded 09-20 09:00\n")
    assert kinds(found) == [(None, "camera"), (at("09-10 08:00"), "dome")]


def test_of_two_with_one_from_the_later_r_governs():
    one = "asset cam dome from=09-10T08:00 recorded 09-11 08:00\n"
    other = "asset cam box from=09-10T08:00 recorded 09-12 08:00\n"
    for said in (one + other, other + one):
        assert kinds(cam(said)) == [(at("09-10 08:00"), "box")]
        assert kinds(cam(said, as_of="09-11 12:00")) == [(at("09-10 08:00"), "dome")]


def test_before_the_first_from_nothing_is_in_service():
    found = cam("asset cam camera from=09-10T08:00\n")
    assert found.service == ((at("09-10 08:00"), END),)
    assert found.governing(at("09-10 08:00") - 1) is None
    assert found.at(at("09-10 08:00") - 1).kind == "camera"  # for whoever needs one: the first
    assert not found.serves(at("09-10 08:00") - 1)
    assert found.serves(at("09-10 08:00"))


def test_a_service_ends_with_its_to():
    found = cam("asset cam camera to=09-20T00:00\n")
    assert found.service == ((BEGINNING, at("09-20 00:00")),)
    assert found.serves(at("09-20 00:00") - 1)
    assert not found.serves(at("09-20 00:00"))


def test_one_with_to_at_its_from_ends_a_service():
    found = cam("asset cam camera\nasset cam camera from=09-20T00:00 to=09-20T00:00\n")
    assert found.service == ((BEGINNING, at("09-20 00:00")),)


def test_a_later_definition_without_to_goes_on_where_an_earlier_one_would_have_ended():
    found = cam("asset cam camera to=09-20T00:00\nasset cam dome from=09-10T00:00\n")
    assert found.service == ALWAYS


def test_who_comes_back_leaves_a_break():
    found = cam("asset cam camera to=09-10T00:00\nasset cam camera from=09-20T00:00\n")
    assert found.service == ((BEGINNING, at("09-10 00:00")), (at("09-20 00:00"), END))


def test_when_says_when_it_is_in_service_and_so():
    found = cam("asset cam camera\nasset cam dome from=09-10T08:00 to=09-20T00:00\n")
    assert found.when(lambda each: each.kind == "dome") == ((at("09-10 08:00"), at("09-20 00:00")),)
    assert found.when(lambda each: each.kind == "camera") == ((BEGINNING, at("09-10 08:00")),)
    assert found.when(lambda each: each.kind == "box") == NEVER
    assert cam("asset cam camera\n").when(lambda each: each.kind == "box") == NEVER


@pytest.mark.parametrize("dated", ["", " from=09-10T08:00"])
def test_a_definition_recorded_after_a_settlement_changes_nothing_before_e(dated):
    found = cam(f"asset cam camera\n{SIGNED}asset cam dome{dated} recorded 10-06 09:00\n")
    assert kinds(found) == [(None, "camera"), (at("10-01 00:00"), "dome")]


def test_a_definition_recorded_at_the_instant_of_the_settlement_is_not_after_it():
    found = cam(f"asset cam camera\n{SIGNED}asset cam dome recorded 10-05 09:00\n")
    assert kinds(found) == [(None, "dome")]


def test_a_definition_from_after_e_is_not_touched_by_it():
    found = cam(f"asset cam camera\n{SIGNED}asset cam dome from=10-03T00:00 recorded 10-06 09:00\n")
    assert kinds(found) == [(None, "camera"), (at("10-03 00:00"), "dome")]


def test_what_is_first_defined_after_the_settlement_was_not_there_in_the_signed_month():
    found = cam(f"{SIGNED}asset cam camera recorded 10-06 09:00\n")
    assert found.service == ((at("10-01 00:00"), END),)


def test_behind_e_the_greatest_from_and_r_governs_still():
    # the dome of the 20th was known before; a box from the 10th, told after the signature, is older by its `from`
    said = f"asset cam camera\nasset cam dome from=09-20T00:00\n{SIGNED}asset cam box from=09-10T00:00 recorded 10-06 09:00\n"
    assert kinds(cam(said)) == [(None, "camera"), (at("09-20 00:00"), "dome")]
    # one from the 25th governs from E on
    said = said.replace("box from=09-10", "box from=09-25")
    assert kinds(cam(said)) == [(None, "camera"), (at("09-20 00:00"), "dome"), (at("10-01 00:00"), "box")]


def test_a_to_recorded_after_the_settlement_ends_no_service_before_e():
    found = cam(f"asset cam camera\n{SIGNED}asset cam camera to=09-20T00:00 recorded 10-06 09:00\n")
    assert found.service == ((BEGINNING, at("10-01 00:00")),)


def test_a_check_is_in_service_only_while_its_asset_is():
    said = "asset cam camera to=09-20T00:00\ncheck cam/icmp 60s from=09-05T00:00\n"
    assert found_of(said).checks["cam/icmp"].service == ((at("09-05 00:00"), at("09-20 00:00")),)


def test_a_check_of_an_asset_that_nobody_defined_is_never_in_service():
    found = found_of("check cam/icmp 60s\n")
    assert (found.checks, found.strays["cam/icmp"].service, found.unknown) == ({}, NEVER, {"cam"})


BACK = "asset cam camera\ncheck cam/icmp 60s to=09-10T00:00\ncheck cam/icmp 60s from={back} recorded {known}\n"


@pytest.mark.parametrize(
    ("signed", "known_at", "sides"),
    [
        ("", "09-20 00:00", 1),
        (SIGNED, "10-05 09:00", 1),  # not settled before its return was recorded
        (SIGNED, "10-05 09:01", 2),
        ("settled 2026-08 1.00 0.00 09-05 09:00\n", "10-06 09:00", 1),  # another month than that of the break
    ],
)
def test_a_break_parts_readings_only_if_its_month_was_signed_before_the_return_was_told(signed, known_at, sides):
    found = found_of(signed + BACK.format(back="10-02T00:00", known=known_at)).checks["cam/icmp"]
    assert len(found.stints) == sides
    assert found.service == ((BEGINNING, at("09-10 00:00")), (at("10-02 00:00"), END))


def test_the_sides_of_a_break_meet_where_the_service_begins_again():
    found = found_of(SIGNED + BACK.format(back="10-02T00:00", known="10-06 00:00")).checks["cam/icmp"]
    assert found.stints == ((BEGINNING, at("10-02 00:00")), (at("10-02 00:00"), END))


def test_a_break_of_the_asset_parts_the_readings_of_its_checks_too():
    said = "asset cam camera to=09-10T00:00\nasset cam camera from=10-02T00:00 recorded 10-06 00:00\ncheck cam/icmp 60s\n"
    assert len(found_of(SIGNED + said).checks["cam/icmp"].stints) == 2
    assert len(found_of(said).checks["cam/icmp"].stints) == 1


def test_undated_holds_for_ever():
    found = undated(Asset(id="a", kind="k"))
    assert (found.service, found.latest.kind, found.ids, len(found.stints)) == (ALWAYS, "k", ("a",), 1)
