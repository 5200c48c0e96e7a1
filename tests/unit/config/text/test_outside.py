"""Text from outside: over every code point there is, nothing is hidden and no two texts are shown alike."""

import sys
from unicodedata import category, is_normalized, normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.text.outside import code, cut, for_terminal, one_line, visible

EVERY = [chr(number) for number in range(sys.maxunicode + 1)]
STEERING = "\x00\x07\x08\x1b\x7f\x85\x9b\u00ad\u061c\u200b\u200c\u200d\u200e\u200f\u2028\u2029\u202a\u202e\u2060\u2066\u2069\ufeff\ufffe"
SILENT = "\u034f\u115f\u1160\u17b4\u180b\u2800\u3164\ufe0f\uffa0\U000e0100"
NASTY = st.text(
    st.sampled_from([*STEERING, *SILENT, *"ab xuU\\012ef\u0301\u0323\u212b\uac00\u1100\u1161\u11a8é　 中\n\t"])
)
ANY = st.text(st.characters(exclude_categories=()))


@pytest.fixture(scope="module")
def shown():
    """Every character there is, between two letters, as it is shown."""
    return [visible(f"a{each}b") for each in EVERY]


def test_of_every_character_there_is_only_those_that_show_as_themselves_are_left(shown):
    kept = [each for each, text in zip(EVERY, shown, strict=True) if text == f"a{each}b"]
    kinds = {category(each)[0] for each in kept if each not in " \u3000" and not 0x20000 <= ord(each) <= 0x3FFFD}
    assert kinds == set("LMNPS")
    assert not set(kept) & {*STEERING, *SILENT}


def test_a_character_that_is_not_shown_stands_as_its_code(shown):
    assert all(text in (f"a{each}b", f"a{code(each)}b") for each, text in zip(EVERY, shown, strict=True))


def test_no_two_characters_are_shown_alike_nor_like_the_text_that_spells_a_code(shown):
    spelled = [f"a{code(each)}b" for each in EVERY[::7]]
    assert len({*shown, *map(visible, spelled)}) == len(shown) + len(spelled)


def test_chinese_letters_and_signs_of_the_trade_stay_as_they_are():
    for text in (
        "中兴路与人民路口　枪机-7（北）",
        "𠮷野家 㐂 龘䶮",
        "−25.85 dBm · 5 µA · 30 °C ± 2 ‰ ≥ 98%",
        "Straße Ñandú Łódź",
        "①②③ Ⅳ № 〔2026〕12号 《合同》",
        r"C:\path\name",
    ):
        assert visible(text) == text


def test_an_ideograph_newer_than_these_tables_is_still_shown():
    newer = "\U0003fffd"
    assert category(newer) == "Cn"
    assert visible(newer) == newer
    assert visible("\U0002fffe") == r"\U0002fffe"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("cam\u202e7", r"cam\u202e7"),
        ("a\x1b[31m", r"a\x1b[31m"),
        ("line\nbreak\ttab", r"line\x0abreak\x09tab"),
        ("zero\u200bwidth", r"zero\u200bwidth"),
        ("tag\U000e0001", r"tag\U000e0001"),
        ("half\ud800", r"half\ud800"),
        ("no\xa0break", r"no\xa0break"),
        (r"says \u202e itself", r"says \x5cu202e itself"),
        (r"\x4", r"\x4"),
        (" a  b ", r"\x20a \x20b\x20"),
        (" ", r"\x20"),
        ("cafe\u0301", r"cafe\u0301"),
        ("caf\u00e9", "caf\u00e9"),
        ("\u212b", r"\u212b"),
        ("\u1100\u1161", "\u1100" + r"\u1161"),
        ("\u202e\u0301", r"\u202e\u0301"),
        ("", ""),
    ],
)
def test_what_is_shown_of(text, shown):
    assert visible(text) == shown


@given(st.one_of(NASTY, ANY), st.one_of(NASTY, ANY))
def test_texts_that_differ_are_shown_differently(one, other):
    if one != other:
        assert normalize("NFC", visible(one)) != normalize("NFC", visible(other))


@given(st.one_of(NASTY, ANY))
def test_what_is_shown_is_printable_composed_and_the_same_when_spaces_are_squeezed(text):
    shown = visible(text)
    assert is_normalized("NFC", shown)
    assert all(each.isprintable() or each == "\u3000" or 0x20000 <= ord(each) <= 0x3FFFD for each in shown)
    assert " ".join(shown.split(" ")).strip(" ") == shown
    assert "  " not in shown
    shown.encode()


@given(st.one_of(NASTY, ANY), st.integers(1, 40))
def test_words_of_a_device_are_one_short_line_and_stay_it(text, longest):
    line = one_line(text, longest)
    assert len(line) <= longest
    assert line == " ".join(line.split())
    assert one_line(line, longest) == line
    assert all(category(each)[0] != "C" or 0x20000 <= ord(each) <= 0x3FFFD for each in line)


@given(st.one_of(NASTY, ANY))
def test_the_last_guard_of_a_terminal_leaves_lines_and_what_was_made_visible_before(text):
    guarded = for_terminal(text)
    assert for_terminal(guarded) == guarded
    assert guarded.count("\n") == text.count("\n")
    kept = guarded.replace("\n", "").replace("\u3000", "")
    assert all(each.isprintable() or 0x20000 <= ord(each) <= 0x3FFFD for each in kept)
    assert not {*STEERING, *SILENT} & set(kept)
    assert for_terminal(visible(text)) == visible(text)


def test_lines_of_ours_stay_as_they_are():
    text = "e.jsonl:3: 维护 m1 与第 2 行相矛盾；二者都不采用\n  cam-1/icmp  cam-2/icmp"
    assert for_terminal(text) == text


def test_of_a_megabyte_only_the_beginning_is_read():
    assert one_line("x" * (1 << 20), 10) == "xxxxxxxxx…"
    assert one_line(" " * (1 << 20) + "x", 10) == ""


def test_a_text_is_cut_to_its_room_and_says_so():
    assert cut("abc", 3) == "abc"
    assert cut("abcd", 3) == "ab…"
    assert cut("abcd", None) == "abcd"
    assert visible("x" * 200, 120) == "x" * 119 + "…"
