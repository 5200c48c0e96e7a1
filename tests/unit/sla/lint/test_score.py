"""What keeps a contract's score from meaning anything."""

from __future__ import annotations

import pytest

from tests.support.lint_contracts import A1, HEAD, I1, QUALITY, R1, SCORED, told

BANDS = (
    '[[score.bands]]\nfrom = 0\ngrade = "合格"\npay = "60%"\n[[score.bands]]\nfrom = 90\ngrade = "优"\npay = "100%"\n'
)
MET = '[score]\nunassessable = "met"\n'
ROUNDS = I1 + 'points = "50"\nlose = { per_missed = "1" }\n'
HALF = SCORED.replace('"100"\nlose', '"50"\nlose')
FAULTS = R1 + 'points = "50"\nlose = { per_breach = "1" }\n'
READ = QUALITY + 'points = "100"\nlose = { amount_each = "1" }\n'


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (SCORED + BANDS, [("", "bands")]),
        (READ + BANDS, [("", "bands")]),
        (HALF + FAULTS + BANDS, [("", "bands")]),
        (HALF + ROUNDS + BANDS, []),  # rounds are there whether anybody looked or not
        (SCORED + MET + BANDS, []),
        ('[measurement]\nunknown = "down"\n' + SCORED + BANDS, []),
        # without a fault there is nothing to test, whatever unknown time counts as
        ('[measurement]\nunknown = "down"\n' + FAULTS.replace('"50"', '"100"') + BANDS, [("", "bands")]),
        (A1, []),
    ],
)
def test_bands_whose_every_obligation_drops_out_where_nobody_looked_are_told(lint, text, found):
    assert told(lint(HEAD + text)) == found


def second(text, valid):
    return text.replace('"A1"', '"A2"').replace("98%", "99%") + f"valid = {valid}\n"


def test_points_are_added_up_of_the_clauses_that_hold_together(lint):
    old = SCORED + "valid = { to = 2026-06-30 }\n"
    new = second(SCORED, "{ from = 2026-07-01 }")
    assert lint(HEAD + old + new + MET + BANDS) == ()
    assert told(lint(HEAD + SCORED + new + MET + BANDS)) == [("", "points"), ("A2", "conflict")]


def test_a_time_without_points_enough_is_told_with_its_first_day(lint):
    old = SCORED + "valid = { to = 2026-06-30 }\n"
    (found,) = lint(HEAD + old + second(SCORED, "{ from = 2026-08-01 }") + MET + BANDS)
    assert found.code == "points"
    assert (found.statement.values["day"].text, str(found.statement.values["total"].value)) == ("2026-07-01", "0")
