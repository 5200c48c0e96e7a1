"""Numbers, shares and lengths of time as people read them."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.text import figures

DAY, HOUR, MINUTE, SECOND = 86_400_000, 3_600_000, 60_000, 1000
SHARES = st.fractions(0, 1)
LENGTHS = st.integers(0, 400 * DAY)
SIZES = {
    "d": DAY,
    "h": HOUR,
    "m": MINUTE,
    "s": SECOND,
    "min": MINUTE,
    "ms": 1,
    "天": DAY,
    "时": HOUR,
    "分": MINUTE,
    "秒": SECOND,
}


def read(text):
    """Milliseconds of a length in short words."""
    total = Fraction(0)
    for part in text.split():
        unit = part.lstrip("0123456789.")
        total += Fraction(part.removesuffix(unit)) * SIZES[unit]
    return total


@pytest.mark.parametrize(
    ("exact", "shown"),
    [
        (Decimal("90.00"), "90"),
        (Decimal("0.5"), "0.5"),
        (Decimal("1E+2"), "100"),
        (Fraction(49, 2), "24.5"),
        (Fraction(1, 3), "0.333333"),
        (Decimal(100), "100"),
        (Fraction(0), "0"),
    ],
)
def test_a_number_has_no_needless_zeros(exact, shown):
    assert figures.plain(exact) == shown


def test_a_share_that_was_agreed_keeps_its_digits():
    assert figures.share(Fraction(98, 100)) == "98%"
    assert figures.share(Fraction(9995, 10_000)) == "99.95%"
    assert figures.share(Fraction(1)) == "100%"


@pytest.mark.parametrize(
    ("exact", "down", "up"),
    [
        (Fraction(999_999, 1_000_000), "99.99%", "100.00%"),
        (Fraction(1), "100.00%", "100.00%"),
        (Fraction(0), "0.00%", "0.00%"),
        (Fraction(1, 3), "33.33%", "33.34%"),
        (None, "–", "–"),
    ],
)
def test_a_share_that_was_reached_is_rounded_against_who_claims_it(exact, down, up):
    assert (figures.percent(exact), figures.percent(exact, up=True)) == (down, up)


@given(SHARES)
def test_a_rounded_share_lies_on_its_side_and_within_a_hundredth(exact):
    low, high = figures.hundredths(exact), figures.hundredths(exact, up=True)
    assert Fraction(low, 10_000) <= exact <= Fraction(high, 10_000)
    assert high - low <= 1
    assert figures.nearest_hundredths(exact) in (low, high)
    assert figures.percent(exact) == f"{Decimal(low) / 100:.2f}%"


def test_an_office_rounds_a_half_up():
    assert figures.nearest_hundredths(Fraction(12_345, 1_000_000)) == 123
    assert figures.nearest_hundredths(Fraction(12_350, 1_000_000)) == 124
    assert figures.hundredths_text(5) == "0.05%"


@pytest.mark.parametrize(
    ("exact", "shown"),
    [
        (Fraction(98, 100), "98%"),
        (Fraction(1, 3), "33.3333…%"),
        (Fraction(1, 64), "1.5625%"),
        (Fraction(0), "0%"),
        (Fraction(1, 10**8), "0.000001%"),
        (Fraction(1, 10**9), "0.0000…%"),
        (None, "–"),
    ],
)
def test_a_share_in_an_explanation_is_exact_or_says_that_it_is_not(exact, shown):
    assert figures.exact_percent(exact) == shown


@given(SHARES)
def test_an_explained_share_without_dots_is_the_share(exact):
    text = figures.exact_percent(exact).removesuffix("%")
    if text.endswith("…"):
        assert 0 < exact * 100 - Fraction(text[:-1]) < Fraction(1, 10_000)
    else:
        assert Fraction(text) == exact * 100


@pytest.mark.parametrize(
    ("milliseconds", "chinese", "english"),
    [
        (0, "0秒", "0s"),
        (999, "0秒", "0s"),
        (90_000, "1分 30秒", "1m 30s"),
        (DAY + MINUTE, "1天 1分", "1d 1m"),
        (HOUR, "1时", "1h"),
    ],
)
def test_a_length_in_a_report_is_whole_seconds(milliseconds, chinese, english):
    assert figures.duration(milliseconds, "zh") == chinese
    assert figures.duration(milliseconds, "en") == english


@given(LENGTHS, st.sampled_from(["zh", "en"]))
def test_lengths_can_be_read_back(milliseconds, language):
    assert read(figures.duration(milliseconds, language)) == milliseconds // 1000 * 1000
    assert read(figures.exact_duration(milliseconds, language)) == milliseconds


@given(LENGTHS)
def test_whole_seconds_are_spelled_alike_whether_exact_or_not(milliseconds):
    whole = milliseconds // 1000 * 1000
    assert figures.exact_duration(whole, "zh") == figures.duration(whole, "zh")


def test_half_a_millisecond_shows():
    assert figures.exact_duration(Fraction(2_001, 2), "en") == "1.0005s"
    assert figures.exact_duration(Fraction(MINUTE) + Fraction(1, 2), "en") == "1m 0.0005s"


@pytest.mark.parametrize(
    ("milliseconds", "chinese", "english"),
    [
        (DAY, "1天", "1 d"),
        (HOUR + 30 * MINUTE, "1小时30分钟", "1 h 30 min"),
        (1_500, "1秒500毫秒", "1 s 500 ms"),
        (0, "0秒", "0 s"),
    ],
)
def test_a_length_that_was_agreed_loses_nothing(milliseconds, chinese, english):
    assert figures.span(milliseconds, "zh") == chinese
    assert figures.span(milliseconds, "en") == english


@given(LENGTHS)
def test_an_agreed_length_can_be_read_back(milliseconds):
    words = figures.span(milliseconds, "en").split()
    assert sum(int(count) * SIZES[unit] for count, unit in zip(words[::2], words[1::2], strict=True)) == milliseconds


@pytest.mark.parametrize(("minute", "shown"), [(0, "00:00"), (510, "08:30"), (1439, "23:59"), (1440, "24:00")])
def test_a_time_of_day(minute, shown):
    assert figures.clock(minute) == shown
