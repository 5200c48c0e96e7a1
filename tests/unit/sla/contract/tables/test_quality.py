"""What a quality clause may say in a contract file (docs/obligations.md §1)."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla.contract.clauses.quality import QualityClause, QualityLoss
from sla.evidence.records import Scope
from tests.support.clauses import clause

LEAST = 'metric = "rtt_ms"\nat_most = 20\nshare = "95%"'
OTHERS = 'metric = "rtt_ms"\n'


def test_what_may_be_left_out_is_neutral(read):
    assert read("quality", LEAST) == QualityClause(
        id="X1",
        clause="4.1",
        title="某项",
        scope=Scope(),
        line=10,
        metric="rtt_ms",
        limit=Decimal(20),
        side="at_most",
        share=Fraction(95, 100),
    )


def test_a_percentile_is_the_share_that_it_asks_for(read):
    found = read("quality", OTHERS + "at_least = -27.5\npercentile = 99.9\nabsolute = true")
    assert (found.limit, found.side, found.absolute) == (Decimal("-27.5"), "at_least", True)
    assert (found.share, found.percentile) == (Fraction(999, 1000), True)


def test_checks_are_named_one_or_several(read):
    assert read("quality", LEAST + '\nchecks = "icmp"').checks == ("icmp",)
    assert read("quality", LEAST + '\nchecks = ["icmp", "cam-1/rtsp"]').checks == ("icmp", "cam-1/rtsp")


def test_what_goes_beyond_a_percentile_is_charged_by_the_unit(read):
    found = read("quality", OTHERS + 'at_most = 20\npercentile = 95\ndeduct = { per_unit = "5.5", amount = "10" }')
    assert found.deduct == QualityLoss(per_unit=Decimal("5.5"), amount=Decimal(10))


@pytest.mark.parametrize(
    "rule",
    ['per = "1%", per_unit = 5, amount = "5"', 'amount = "5"', 'per = "1%"', "per_unit = 5", 'cap = "5"',
     'per = "1%", amount = "5", amount_each = "5"'],
)  # fmt: skip
def test_a_deduction_says_one_step_with_its_amount_or_an_amount_for_each(refused, rule):
    keys = OTHERS + f'at_most = 20\npercentile = 95\nmeasure = "each"\ndeduct = {{ {rule} }}'
    assert refused("quality", keys)[0].endswith("wanted per or per_unit together with amount, or amount_each")


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ('share = "95%"', "wanted one of at_most and at_least"),
        ('at_most = 1\nat_least = 0\nshare = "95%"', "wanted one of at_most and at_least"),
        ("at_most = 1", "wanted one of share and percentile"),
        ('at_most = 1\nshare = "95%"\npercentile = 95', "wanted one of share and percentile"),
        (
            'at_most = 1\nshare = "95%"\ndeduct = { per_unit = 1, amount = "5" }',
            "wanted per_unit only with percentile",
        ),
        (
            'at_most = 1\nshare = "95%"\ndeduct = { amount_each = "5" }',
            'wanted amount_each only with measure = "each"',
        ),
    ],
)
def test_what_does_not_go_together_is_refused(refused, keys, said):
    (line,) = refused("quality", OTHERS + keys)
    assert line.endswith(said)


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ("at_most = true", "at_most: got true, wanted a number with at most 9 digits"),
        ("at_most = 1234567890", "at_most: got 1234567890, wanted a number with at most 9 digits"),
        ("at_most = 0.1234567", "at_most: got 0.1234567, wanted a number with at most 9 digits"),
        ("percentile = 0", "percentile: got 0, wanted a percentile above 0 and up to 100"),
        ("percentile = 100.1", "percentile: got 100.1, wanted a percentile above 0 and up to 100"),
        ('share = "0%"', 'share: got "0%", wanted more than nothing'),
        ('deduct = { per_unit = "0", amount = "5" }', 'deduct.per_unit: got "0", wanted a number above 0'),
    ],
)
def test_a_number_out_of_range_is_named_with_its_key(refused, keys, said):
    assert any(line.startswith(said) for line in refused("quality", OTHERS + keys))


@given(st.decimals(min_value=-999_999_999, max_value=999_999_999, places=6, allow_nan=False))
def test_a_limit_is_exactly_the_number_that_was_written(limit):
    assert clause("quality", metric="m", at_most=str(limit), share="95%").limit == limit
