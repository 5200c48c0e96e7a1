"""The diagnosis on drawn streets: no false alarm, and each fault told. The whole of it: docs/pictures.md."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from probes.picture.assessment import PictureOptions, verdict
from tests.support.pictures.corpus import baselines, found_in, told
from tests.support.pictures.places import Street
from tests.support.pictures.streets import DENSE_FOG, FAULTS, HEALTHY, moment

GUIDE = Path(__file__).parents[4] / "docs" / "pictures.md"
DAY_AND_NIGHT = ("cloudy", "quiet night")


@pytest.fixture(scope="module", params=[300, 301], ids=["infrared by night", "colour by night"])
def street(request):
    return Street(request.param)


@pytest.fixture(scope="module")
def said(street):
    return list(told(street, [1], faulty_in=DAY_AND_NIGHT))


def test_whatever_the_weather_and_the_hour_there_is_no_false_alarm(said):
    healthy = [each for each in said if not each.fault]
    assert len(healthy) == len(HEALTHY)
    assert [(each.kind, each.beside.reason) for each in healthy if not each.is_right] == []
    assert [(each.kind, each.alone.reason) for each in healthy if each.alone.outcome != "ok"] == []


def test_every_fault_is_told_by_day_and_by_night(said):
    assert [(each.fault, each.kind) for each in said if each.fault and not each.is_right] == []
    assert len([each for each in said if each.fault]) == len(FAULTS) * len(DAY_AND_NIGHT)


def test_black_over_bright_and_snow_need_no_baseline(said):
    shown = {(each.fault, each.alone.reason) for each in said if each.fault in ("black", "over-bright", "snow")}
    assert shown == {("black", "picture black"), ("over-bright", "picture over-bright"), ("snow", "picture is snow")}


def test_dense_fog_says_nothing_about_the_camera(street):
    seen = verdict(found_in(moment(street, DENSE_FOG[0], 1)), PictureOptions(), baselines(street))
    assert (seen.outcome, seen.reason) == ("none", "scene hidden by fog or snow")


def test_the_guide_holds_no_false_alarm_and_hundreds_of_pictures():
    healthy = re.search(
        r"\| healthy, beside baselines \| (\d+) \| (\d+) false alarms", GUIDE.read_text(encoding="utf-8")
    )
    assert healthy is not None
    assert (int(healthy[1]) >= 300, healthy[2]) == (True, "0")
