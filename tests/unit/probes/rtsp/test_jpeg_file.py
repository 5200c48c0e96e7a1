"""A JPEG file around a bare scan: what a decoder reads of its head is what it was made of."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from probes.rtsp.jpeg_file import ENTRIES, EOI, Frame, jpeg_file, scaled


def frame(**changes) -> Frame:
    return Frame(64, 48, is_420=True, restart=0, tables=scaled(75))._replace(**changes)


def opened(made: bytes) -> Image.Image:
    return Image.open(io.BytesIO(made))


@given(st.integers(1, 8_000), st.integers(1, 8_000), st.booleans())
def test_the_size_and_the_sampling_stand_in_the_head(width, height, is_420):
    found = opened(jpeg_file(frame(width=width, height=height, is_420=is_420), b""))
    assert (found.size, found.mode) == ((width, height), "RGB")
    assert [(h, v) for _, h, v, _ in found.layer] == [(2, 2 if is_420 else 1), (1, 1), (1, 1)]


@pytest.mark.parametrize("quality", [1, 10, 49, 50, 51, 75, 99])
def test_the_tables_of_a_quality_are_those_that_pillow_writes(quality):
    theirs = io.BytesIO()
    Image.new("RGB", (16, 16)).save(theirs, "JPEG", quality=quality)
    expected = Image.open(theirs).quantization
    found = opened(jpeg_file(frame(tables=scaled(quality)), b"")).quantization
    assert {place: list(table) for place, table in found.items()} == {
        place: list(table) for place, table in expected.items()
    }


@given(st.integers(1, 99))
def test_a_better_quality_never_has_coarser_steps(quality):
    for table in scaled(quality):
        assert len(table) == ENTRIES
        assert min(table) >= 1
    if quality < 99:
        for worse, better in zip(scaled(quality), scaled(quality + 1), strict=True):
            assert all(a >= b for a, b in zip(worse, better, strict=True))


def test_a_scan_that_brings_its_end_gets_no_other():
    assert jpeg_file(frame(), b"scan").endswith(b"scan" + EOI)
    assert jpeg_file(frame(), b"scan" + EOI).endswith(b"scan" + EOI)
    assert jpeg_file(frame(), b"scan" + EOI).count(EOI) == 1


def test_restart_markers_are_announced_only_where_there_are_some():
    assert b"\xff\xdd\0\4\0\7" in jpeg_file(frame(restart=7), b"")
    assert b"\xff\xdd" not in jpeg_file(frame(), b"")


def test_tables_of_16_bits_make_it_no_baseline_file():
    wide = b"\0\1" * ENTRIES
    assert b"\xff\xc1" in jpeg_file(frame(tables=(wide, wide)), b"")
    assert b"\xff\xc0" in jpeg_file(frame(), b"")


def test_a_scan_of_pillow_s_own_comes_back_as_the_picture_that_it_was():
    theirs, picture = io.BytesIO(), Image.linear_gradient("L").resize((64, 48)).convert("RGB")
    picture.save(theirs, "JPEG", quality=75, subsampling="4:2:0", optimize=False)
    scan = theirs.getvalue().partition(b"\xff\xda")[2][12:]
    ours = jpeg_file(frame(), scan)
    assert opened(ours).tobytes() == Image.open(theirs).tobytes()
