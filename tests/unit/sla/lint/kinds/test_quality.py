"""What only a quality clause is asked: whether there are enough readings for its share to mean anything."""

from __future__ import annotations

import pytest

from tests.support.lint_contracts import HEAD, QUALITY, told

SEEN = """
    asset cam-1 camera
    asset cam-2 camera
    check cam-1/icmp 1h critical reach
    check cam-2/icmp 1h critical reach
    check cam-2/rtsp 1m critical
"""
FLEET = QUALITY.replace('"each"', '"fleet"').replace("amount_each", 'per = "1%", amount')


@pytest.mark.parametrize(
    ("text", "share", "codes"),
    [
        # 28 d × 24 = 672 readings of one asset: 0.149 % is one; of two assets: 0.0745 %
        (QUALITY, "99.8%", []),
        (QUALITY, "99.9%", [("Q1", "too_slow")]),
        (FLEET, "99.9%", []),
        (FLEET, "99.95%", [("Q1", "too_slow")]),
        (FLEET, "100%", []),  # all of them: nothing needs room
    ],
)
def test_a_share_leaves_room_for_at_least_one_reading(lint, text, share, codes):
    assert told(lint(HEAD + text.replace("95%", share), SEEN)) == codes


def test_only_the_checks_that_the_clause_names_are_counted(lint):
    near = QUALITY.replace("95%", "99.9%")
    assert lint(HEAD + near.replace('["icmp"]', '["rtsp"]'), SEEN) == ()
    assert told(lint(HEAD + near.replace('["icmp"]', '["cam-1/icmp"]'), SEEN)) == [("Q1", "too_slow")]
    assert told(lint(HEAD + near.replace('checks = ["icmp"]\n', ""), SEEN)) == [("Q1", "too_slow")]


def test_assets_without_any_check_have_no_metric(lint):
    assert told(lint(HEAD + QUALITY, "    asset cam camera\n")) == [("Q1", "no_source")]
