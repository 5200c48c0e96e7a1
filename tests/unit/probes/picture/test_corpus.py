"""Measures of drawn streets, taken in the test's own process: what the decoder's child sets stays no longer than that."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from probes.picture import decode_child
from tests.support.pictures.corpus import found_in


def picture(size: tuple[int, int] = (64, 48)) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", size, "grey").save(made, "JPEG")
    return made.getvalue()


def test_a_picture_is_measured_as_the_child_does():
    found = found_in(picture())
    assert 0.4 < found["brightness_ratio"] < 0.6
    assert found["same_bytes"] is False


@pytest.mark.parametrize("data", [picture(), b"no picture"], ids=["a picture", "none"])
def test_pillows_bound_is_what_it_was_before(data, monkeypatch):
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 123_456_789)
    try:
        found_in(data)
    except OSError:
        assert data == b"no picture"
    assert Image.MAX_IMAGE_PIXELS == 123_456_789


def test_without_that_the_childs_bound_would_stay(monkeypatch):
    """The negative control."""
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 123_456_789)
    decode_child._jpeg(picture())
    assert Image.MAX_IMAGE_PIXELS == decode_child.MOST_PIXELS // 2
