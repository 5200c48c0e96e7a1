"""What only an availability clause is asked: whether its readings can show that its target was missed."""

from __future__ import annotations

import pytest

from tests.support.lint_contracts import A1, HEAD, told

SEEN = """
    asset cam-1 camera
    asset cam-2 camera
    check cam-1/icmp 10m critical reach
    check cam-2/icmp 10m critical reach
    check cam-2/note 1d minor counts=no
"""
EACH = A1.replace("target", 'measure = "each"\ntarget').replace('per = "1%", amount', "amount_each")


@pytest.mark.parametrize(
    ("text", "target", "codes"),
    [
        # the shortest month has 28 d = 40320 min; of one asset 10 min are 0.0248 %, of two 10 min are 0.0124 %
        (EACH, "99.97%", []),
        (EACH, "99.98%", [("A1", "too_slow")]),
        (A1, "99.98%", []),
        (A1, "99.99%", [("A1", "too_slow")]),
        (A1, "100%", []),  # nothing may fail: the first fail decides
    ],
)
def test_what_the_target_allows_is_more_than_lies_between_two_readings(lint, text, target, codes):
    assert told(lint(HEAD + text.replace("98%", target), SEEN)) == codes


def test_a_check_that_does_not_count_slows_nothing_down_and_sees_nothing(lint):
    assert lint(HEAD + EACH, SEEN) == ()
    blind = SEEN.replace("check cam-2/icmp 10m critical reach", "")
    (found,) = lint(HEAD + EACH, blind)
    assert (found.code, found.statement.values["names"].text) == ("no_source", "cam-2")


def test_only_the_first_few_of_many_unseen_assets_are_named(lint):
    many = SEEN + "\n".join(f"    asset cam-{n} camera" for n in range(3, 10))
    (found,) = lint(HEAD + EACH, many)
    assert found.statement.values["names"].text == "cam-3, cam-4, cam-5, cam-6, cam-7 …"
    assert (found.statement.values["count"].value, found.statement.values["all"].value) == (7, 9)


@pytest.mark.parametrize(
    ("other", "codes"),
    [
        (A1.replace("98%", "99%"), [("A2", "conflict")]),
        (A1, []),
        (A1.replace("98%", "99%").replace("target", 'calendar = "office"\ntarget'), []),
        (EACH.replace("98%", "99%"), []),
    ],
)
def test_two_targets_for_the_same_assets_in_the_same_time_are_a_conflict(lint, other, codes):
    assert told(lint(HEAD + A1 + other.replace('"A1"', '"A2"'))) == codes
