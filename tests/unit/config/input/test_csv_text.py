"""CSV of offices: UTF-8 first, then what Excel in China writes, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.input.csv_text import csv_text

TEXT = st.text(alphabet=st.characters(exclude_characters="\0", codec="utf-8")).filter(
    lambda text: not text.startswith("\ufeff")
)


@given(TEXT)
def test_utf_8_is_read_as_it_stands_with_a_byte_order_mark_or_without(text):
    assert csv_text(text.encode()) == text
    assert csv_text(b"\xef\xbb\xbf" + text.encode()) == text


@pytest.mark.parametrize("text", ["部门,受理数\n城管局,3\n", "湛河公园南门", "甲;乙；丙"])
def test_what_excel_in_china_saves_is_read(text):
    assert csv_text(text.encode("gb18030")) == text


@pytest.mark.parametrize("raw", [b"\xff\xfea\x00,\x00b\x00", b"a\0b", "部门".encode("utf-16"), b"\xff"])
def test_what_is_in_neither_is_none(raw):
    assert csv_text(raw) is None


def test_no_bytes_are_an_empty_text():
    assert csv_text(b"") == ""
