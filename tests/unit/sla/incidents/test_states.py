"""SPEC §2: the state of a check and of an asset, at every instant."""

from __future__ import annotations

from sla.evidence.intervals import ALWAYS, measure
from sla.evidence.runs import RunsBuilder
from sla.incidents.states import (
    NOTHING_KNOWN,
    States,
    check_states,
    out_by_reach,
    run_states,
    without_short_downs,
)
from sla.incidents.states import (
    asset_states as states_of,
)


def runs(gap: int, *said: tuple[int, bool]):
    builder = RunsBuilder(gap)
    builder.extend(said)
    return builder.build()


def asset_states(found):
    """Of checks that count all the time."""
    return states_of([(ALWAYS, each) for each in found])


def test_nothing_is_known_without_a_reading():
    assert run_states(runs(30)) == NOTHING_KNOWN


def test_one_reading_alone_says_nothing_about_any_stretch():
    assert run_states(runs(30, (0, False))) == NOTHING_KNOWN


def test_between_two_ok_readings_it_is_up_and_between_two_fails_down():
    assert run_states(runs(30, (0, True), (10, True))) == States(up=((0, 10),))
    assert run_states(runs(30, (0, False), (10, False))) == States(down=((0, 10),))


def test_between_unlike_readings_it_is_changing():
    found = run_states(runs(30, (0, True), (10, False), (20, True)))
    assert found == States(changing=((0, 10), (10, 20)))


def test_a_gap_of_exactly_g_is_known_and_one_millisecond_more_is_not():
    assert run_states(runs(30, (0, True), (30, True))) == States(up=((0, 30),))
    assert run_states(runs(30, (0, True), (31, True))) == NOTHING_KNOWN
    assert run_states(runs(30, (0, True), (30, False))) == States(changing=((0, 30),))
    assert run_states(runs(30, (0, True), (31, False))) == NOTHING_KNOWN


def test_unknown_time_keeps_apart_what_is_known_on_both_sides():
    found = run_states(runs(30, (0, True), (10, True), (100, False), (110, False)))
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
    # seen to begin at 10 and to end at 19; [30, 40) is not shorter than 10
    states = States(up=((0, 10), (19, 30)), down=((10, 19), (30, 40)))
    assert without_short_downs(states, 10, 0) == States(up=((0, 30),), down=((30, 40),))


def test_a_short_run_of_down_with_unknown_time_at_an_end_stays_down():
    for states in (States(up=((0, 10),), down=((10, 19),)), States(up=((19, 30),), down=((10, 19),))):
        assert without_short_downs(states, 10, 0) is states


def test_a_short_run_of_down_between_changing_times_counts_as_up():
    states = States(up=((0, 9), (20, 30)), down=((10, 19),), changing=((9, 10), (19, 20)))
    assert without_short_downs(states, 10, 0).down == ()


def test_runs_of_down_close_together_are_measured_as_one():
    # [10, 14) and [18, 22) are 4 apart: 12 from begin to end, together not short
    states = States(up=((0, 10), (14, 18), (22, 30)), down=((10, 14), (18, 22)))
    assert without_short_downs(states, 10, 5) is states
    assert without_short_downs(states, 13, 5).down == ()
    assert without_short_downs(states, 10, 4).down == ()  # with 4 to be stable for, they are two of 4


def test_a_group_with_unknown_inside_and_none_at_its_ends_counts_as_up():
    states = States(up=((0, 10), (22, 30)), down=((10, 14), (18, 22)))
    assert without_short_downs(states, 13, 5).down == ()


def test_without_a_short_run_of_down_nothing_changes():
    states = States(up=((0, 10),), down=((10, 20),))
    assert without_short_downs(states, 10, 0) is states


def test_a_reach_check_makes_its_asset_out_while_down_or_changing_and_to_settle():
    # changing [10,20), down [20,30), changing [30,40), then 5 to settle
    said = runs(30, (0, True), (10, True), (20, False), (30, False), (40, True), (50, True))
    assert out_by_reach(said, 5) == ((10, 45),)


def test_a_reach_check_that_is_up_never_makes_its_asset_out():
    assert out_by_reach(runs(30, (0, True), (10, True)), 5) == ()


def test_a_fail_that_no_reading_follows_within_g_makes_out_for_g_without_settling():
    # an ok at 0 precedes: changing [0, 10), 5 to settle; the fail at 10 is alone behind: [10, 40)
    assert out_by_reach(runs(30, (0, True), (10, False)), 5) == ((0, 40),)
    assert out_by_reach(runs(30, (0, True), (10, False), (41, True)), 5) == ((0, 40),)


def test_a_fail_that_no_reading_precedes_within_g_makes_out_for_g_before_it():
    assert out_by_reach(runs(30, (100, False)), 5) == ((70, 130),)
    # an ok 31 before says nothing of the time in between; one 30 before makes it changing
    assert out_by_reach(runs(30, (69, True), (100, False), (110, True)), 5) == ((70, 115),)
    assert out_by_reach(runs(30, (70, True), (100, False), (110, True)), 5) == ((70, 115),)
    assert out_by_reach(runs(30, (80, True), (100, False), (110, True)), 5) == ((80, 115),)


def test_a_fail_followed_at_exactly_g_is_part_of_a_stretch():
    assert out_by_reach(runs(30, (100, False), (130, True)), 5) == ((70, 135),)
    assert out_by_reach(runs(30, (100, False), (131, True)), 5) == ((70, 130),)


def test_an_ok_that_no_reading_follows_within_g_makes_nothing_out():
    assert measure(out_by_reach(runs(30, (0, True), (31, True)), 5)) == 0


def test_settling_bridges_two_stretches_that_lie_close():
    # changing [0,10), [10,20), up [20,22), changing [22,24), [24,26); settle 3: 20+3 reaches past 22
    said = runs(30, (0, True), (10, False), (20, True), (22, True), (24, False), (26, True))
    assert out_by_reach(said, 3) == ((0, 29),)


def test_a_check_that_counts_at_times_is_asked_at_those_only():
    counting = [(((0, 10),), States(up=((0, 20),))), (((10, 20),), States(down=((0, 20),)))]
    assert states_of(counting) == States(up=((0, 10),), down=((10, 20),))


def test_while_no_check_counts_an_asset_is_unknown():
    assert states_of([(((0, 10),), States(up=((0, 20),)))]) == States(up=((0, 10),))


def test_a_check_that_does_not_count_yet_hides_nothing_of_another():
    counting = [(ALWAYS, States(up=((0, 20),))), (((10, 20),), NOTHING_KNOWN)]
    assert states_of(counting) == States(up=((0, 10),))


def test_sides_of_a_break_are_looked_at_by_themselves():
    # 0 and 10 up, 20 and 30 down; were they one, [10, 20) would be changing
    sides = runs(30, (0, True), (10, True)), runs(30, (20, False), (30, False))
    assert check_states(sides) == States(up=((0, 10),), down=((20, 30),))
