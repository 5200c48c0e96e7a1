"""SPEC §2: the state of a check and of an asset, at every instant."""

from __future__ import annotations

from sla.evidence.intervals import measure
from sla.evidence.runs import RunsBuilder
from sla.incidents.states import (
    NOTHING_KNOWN,
    States,
    asset_states,
    check_states,
    out_by_reach,
    without_short_downs,
)


def runs(gap: int, *said: tuple[int, bool]):
    builder = RunsBuilder(gap)
    builder.extend(said)
    return builder.build()


def test_nothing_is_known_without_a_reading():
    assert check_states(runs(30)) == NOTHING_KNOWN


def test_one_reading_alone_says_nothing_about_any_stretch():
    assert check_states(runs(30, (0, False))) == NOTHING_KNOWN


def test_between_two_ok_readings_it_is_up_and_between_two_fails_down():
    assert check_states(runs(30, (0, True), (10, True))) == States(up=((0, 10),))
    assert check_states(runs(30, (0, False), (10, False))) == States(down=((0, 10),))


def test_between_unlike_readings_it_is_changing():
    found = check_states(runs(30, (0, True), (10, False), (20, True)))
    assert found == States(changing=((0, 10), (10, 20)))


def test_a_gap_of_exactly_g_is_known_and_one_millisecond_more_is_not():
    assert check_states(runs(30, (0, True), (30, True))) == States(up=((0, 30),))
    assert check_states(runs(30, (0, True), (31, True))) == NOTHING_KNOWN
    assert check_states(runs(30, (0, True), (30, False))) == States(changing=((0, 30),))
    assert check_states(runs(30, (0, True), (31, False))) == NOTHING_KNOWN


def test_unknown_time_keeps_apart_what_is_known_on_both_sides():
    found = check_states(runs(30, (0, True), (10, True), (100, False), (110, False)))
    assert found == States(up=((0, 10),), down=((100, 110),))


UP, DOWN, CHANGING = States(up=((0, 10),)), States(down=((0, 10),)), States(changing=((0, 10),))


def test_an_asset_without_checks_that_count_is_unknown():
    assert asset_states([]) == NOTHING_KNOWN


def test_an_asset_with_one_check_is_what_that_check_is():
    assert asset_states([CHANGING]) == CHANGING


def test_down_beats_unknown_changing_and_up():
    assert asset_states([DOWN, NOTHING_KNOWN]) == DOWN
    assert asset_states([CHANGING, DOWN, UP]) == DOWN


def test_unknown_beats_changing_and_up():
    assert asset_states([CHANGING, NOTHING_KNOWN]) == NOTHING_KNOWN
    assert asset_states([UP, NOTHING_KNOWN]) == NOTHING_KNOWN


def test_changing_beats_up():
    assert asset_states([UP, CHANGING]) == CHANGING
    assert asset_states([UP, UP]) == UP


def test_an_asset_changes_state_where_any_of_its_checks_does():
    one = States(up=((0, 40),), down=((40, 50),))
    other = States(up=((20, 30),), changing=((30, 60),))
    # [0,20) other unknown · [20,30) both up · [30,40) changing · [40,50) down · [50,60) one unknown
    assert asset_states([one, other]) == States(up=((20, 30),), down=((40, 50),), changing=((30, 40),))


def test_a_run_of_down_shorter_than_the_countable_minimum_counts_as_up():
    states = States(up=((0, 10),), down=((10, 19), (30, 40)))
    assert without_short_downs(states, 10) == States(up=((0, 19),), down=((30, 40),))


def test_without_a_short_run_of_down_nothing_changes():
    states = States(up=((0, 10),), down=((10, 20),))
    assert without_short_downs(states, 10) is states


def test_a_reach_check_makes_its_asset_out_while_down_or_changing_and_to_settle():
    # changing [10,20), down [20,30), changing [30,40), then 5 to settle
    said = runs(30, (0, True), (10, True), (20, False), (30, False), (40, True), (50, True))
    assert out_by_reach(said, 5) == ((10, 45),)


def test_a_reach_check_that_is_up_never_makes_its_asset_out():
    assert out_by_reach(runs(30, (0, True), (10, True)), 5) == ()


def test_a_fail_that_no_reading_follows_within_g_makes_out_for_g_without_settling():
    assert out_by_reach(runs(30, (0, False)), 5) == ((0, 30),)
    assert out_by_reach(runs(30, (0, False), (31, True)), 5) == ((0, 30),)


def test_a_fail_followed_at_exactly_g_is_part_of_a_stretch():
    assert out_by_reach(runs(30, (0, False), (30, True)), 5) == ((0, 35),)


def test_an_ok_that_no_reading_follows_within_g_makes_nothing_out():
    assert measure(out_by_reach(runs(30, (0, True), (31, True)), 5)) == 0


def test_settling_bridges_two_stretches_that_lie_close():
    # changing [0,10), [10,20), up [20,22), changing [22,24), [24,26); settle 3: 20+3 reaches past 22
    said = runs(30, (0, True), (10, False), (20, True), (22, True), (24, False), (26, True))
    assert out_by_reach(said, 3) == ((0, 29),)
