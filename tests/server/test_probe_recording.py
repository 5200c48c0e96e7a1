"""The `recording` kind against a recorder written from the WSDLs, and against strangers."""

# ruff: noqa: S106 - the tokens of recordings are no secrets

from __future__ import annotations

import pytest
from pydantic import ValidationError

from probes.kinds.recording import Options, probe
from probes.registry import PROBES
from tests.support.cameras.onvif_device import PASSWORD, USER
from tests.support.cameras.onvif_recorder import Kept, Recorder
from tests.support.cameras.recordings import DAY, FORTY_DAYS, HOUR, STREET, YARD, said_by, seen_by
from tests.support.patience import PATIENCE_S
from tests.support.servers.stranger import silent, stranger


@pytest.fixture
def login(tmp_path):
    (tmp_path / "secret").write_text(PASSWORD)
    return {"user": USER, "password_file": str(tmp_path / "secret")}


async def test_a_recording_that_goes_on_and_reaches_back_is_ok():
    seen = await seen_by(Recorder(), max_age="10m", min_kept="30d", window="1d", min_complete="99%")
    assert (seen.outcome, seen.reason) == ("ok", "")
    assert set(seen.metrics) == set(PROBES["recording"].metrics)
    assert seen.metrics["kept_s"] == pytest.approx(FORTY_DAYS, abs=5)
    assert (seen.metrics["complete_ratio"], seen.metrics["gaps"], seen.metrics["longest_gap_s"]) == (1, 0, 0)


async def test_without_limits_a_recording_only_has_to_be_there():
    assert (await said_by(Recorder(kept=[Kept(spans=[(9_000, 8_000)], status="Stopped")]))) == ("ok", "")


# Which recording


@pytest.mark.parametrize(
    "source", ["cam-2", "CAM-2", "urn:REC-2", "Yard", "rtsp://192.0.2.12:554/main", "192.0.2.12"]
)
async def test_a_camera_is_found_by_whatever_the_recorder_calls_it(source):
    recorder = Recorder(kept=[STREET, YARD])
    assert (await said_by(recorder, source=source)) == ("ok", "")


async def test_the_recording_that_is_named_is_judged_and_no_other():
    recorder = Recorder(kept=[STREET, Kept(token="REC-2", name="cam-2", spans=[(FORTY_DAYS, 5 * HOUR)])])
    assert (await said_by(recorder, source="cam-1", max_age="1h")) == ("ok", "")
    assert (await said_by(recorder, source="cam-2", max_age="1h")) == ("fail", "recording stopped: 5.0 h")
    assert (await said_by(recorder, token="REC-2", max_age="1h")) == ("fail", "recording stopped: 5.0 h")


async def test_a_token_needs_no_search():
    recorder = Recorder(kept=[STREET, YARD])
    await seen_by(recorder, token="REC-2")
    assert recorder.asked == ["GetSystemDateAndTime", "GetServices", "GetRecordingInformation"]


async def test_several_recordings_that_may_be_meant_are_none():
    twins = [Kept(token="REC-1"), Kept(token="REC-2")]
    reason = "not clear which recording is meant: 2 recordings; set token"
    assert (await said_by(Recorder(kept=twins), source="cam-1")) == ("none", reason)
    assert (await said_by(Recorder(kept=twins))) == ("none", f"{reason} or source")


async def test_a_recording_that_is_being_erased_is_no_longer_meant():
    recorder = Recorder(kept=[STREET, Kept(token="REC-0", status="Removing")])
    assert (await said_by(recorder, source="cam-1")) == ("ok", "")


async def test_no_such_recording_is_the_recorders_fault():
    assert (await said_by(Recorder(), source="cam-7")) == ("fail", "no recording found: cam-7")
    assert (await said_by(Recorder(), token="REC-7")) == ("fail", "no recording found: REC-7")
    assert (await said_by(Recorder(kept=[]))) == ("fail", "no recording found")


async def test_a_recording_with_nothing_in_it_is_none_found():
    nothing = Kept(track_times=False, earliest=None, latest=None)
    assert (await said_by(Recorder(kept=[nothing]))) == ("fail", "no recording found: nothing in it")


# What is in it


async def test_a_recording_that_stopped_fails_only_where_an_age_is_asked_for():
    stopped = Kept(spans=[(FORTY_DAYS, 2 * HOUR)], status="Stopped")
    assert (await said_by(Recorder(kept=[stopped]), max_age="1h")) == ("fail", "recording stopped: 2.0 h")
    assert (await said_by(Recorder(kept=[stopped]), max_age="3h")) == ("ok", "")
    assert (await said_by(Recorder(kept=[stopped]))) == ("ok", "")


async def test_a_recording_that_does_not_reach_back_fails():
    young = Recorder(kept=[Kept(spans=[(29 * DAY, 0)])])
    assert (await said_by(young, min_kept="30d")) == ("fail", "recordings do not reach back far enough: 29.0 d")
    assert (await said_by(young, min_kept="28d")) == ("ok", "")


async def test_sound_that_goes_on_without_pictures_is_no_recording_that_goes_on():
    recorder = Recorder(kept=[Kept(spans=[(FORTY_DAYS, 5 * HOUR)], latest="2999-01-01T00:00:00Z")])
    assert (await said_by(recorder, max_age="1h"))[0] == "fail"


async def test_a_recorder_that_tells_no_oldest_picture_is_not_understood():
    untold = Recorder(kept=[Kept(track_times=False, earliest=None)])
    assert (await said_by(untold, min_kept="30d")) == ("fail", "answer not understood: no oldest picture")
    assert (await said_by(untold, max_age="1h")) == ("ok", "")


async def test_a_recorder_that_tells_no_newest_picture_is_believed_while_it_says_that_it_records():
    untold = Kept(track_times=False, latest=None)
    seen = await seen_by(Recorder(kept=[untold]), max_age="1h", min_kept="30d")
    assert (seen.outcome, "age_s" in seen.metrics) == ("ok", False)
    stopped = Recorder(kept=[Kept(track_times=False, latest=None, status="Stopped")])
    assert (await said_by(stopped, max_age="1h")) == ("fail", "recording stopped: Stopped")


@pytest.mark.parametrize("off_s", [-400 * DAY, 0, 5 * HOUR])
async def test_ages_are_beside_the_recorders_own_clock(off_s):
    seen = await seen_by(Recorder(off_s=off_s), max_age="10m", min_kept="39d", window="1d", min_complete="99%")
    assert (seen.outcome, seen.reason) == ("ok", "")


@pytest.mark.parametrize("zone", ["Z", "", "+08:00", "-03:00"])
async def test_times_may_bear_an_offset_or_no_zone_at_all(zone):
    seen = await seen_by(Recorder(zone=zone), max_age="10m", window="1d", min_complete="99%")
    assert (seen.outcome, seen.reason) == ("ok", "")


# Completeness

GAP = ((FORTY_DAYS, 20 * HOUR), (16 * HOUR, 10 * HOUR), (8 * HOUR, 0))  # 4 h and 2 h of the last day are missing


async def test_gaps_of_the_window_are_counted_and_added_up():
    seen = await seen_by(Recorder(kept=[Kept(spans=GAP)]), window="24h", min_complete="75%")
    assert (seen.outcome, seen.metrics["gaps"]) == ("ok", 2)
    assert seen.metrics["complete_ratio"] == pytest.approx(18 / 24, abs=0.001)
    assert seen.metrics["longest_gap_s"] == pytest.approx(4 * HOUR, abs=2)


async def test_too_many_gaps_fail():
    recorder = Recorder(kept=[Kept(spans=GAP)])
    reason = "too little of the window recorded: 75.00%"
    assert (await said_by(recorder, window="24h", min_complete="76%")) == ("fail", reason)


async def test_a_window_that_begins_within_a_gap_begins_with_a_gap():
    seen = await seen_by(Recorder(kept=[Kept(spans=GAP)]), window="18h")
    assert (seen.metrics["gaps"], seen.metrics["longest_gap_s"]) == (2, pytest.approx(2 * HOUR, abs=2))


async def test_what_reaches_back_less_than_the_window_is_missing_from_it():
    seen = await seen_by(Recorder(kept=[Kept(spans=[(12 * HOUR, 0)])]), window="24h")
    assert seen.metrics["complete_ratio"] == pytest.approx(0.5, abs=0.001)


async def test_events_that_nobody_asked_for_change_nothing():
    honest, talkative = (Recorder(kept=[Kept(spans=GAP)], events=events) for events in ("yes", "all"))
    one, other = [await seen_by(each, window="24h") for each in (honest, talkative)]
    assert one.metrics["complete_ratio"] == pytest.approx(other.metrics["complete_ratio"], abs=0.001)


@pytest.mark.parametrize(
    ("events", "reason"),
    [
        ("refused", "the recorder offers no search: FindEvents"),
        ("no", "the recorder does not tell when it recorded"),
    ],
)
async def test_a_recorder_without_history_is_none_only_where_a_share_is_asked_for(events, reason):
    assert (await said_by(Recorder(events=events), window="24h", min_complete="99%")) == ("none", reason)
    seen = await seen_by(Recorder(events=events), window="24h")
    assert (seen.outcome, "complete_ratio" in seen.metrics) == ("ok", False)


async def test_a_recording_that_stopped_is_so_even_without_history():
    recorder = Recorder(kept=[Kept(spans=[(FORTY_DAYS, 2 * HOUR)])], events="refused")
    seen = await seen_by(recorder, max_age="1h", window="24h", min_complete="99%")
    assert (seen.outcome, seen.reason) == ("fail", "recording stopped: 2.0 h")


def test_a_share_needs_a_window_that_ends():
    for wrong in ({"min_complete": "99%"}, {"window": "0s"}, {"window": "367d"}):
        with pytest.raises(ValidationError):
            Options(**wrong)


# Searches


async def test_results_in_portions_are_all_read_and_the_search_is_ended():
    kept = [Kept(token=f"REC-{index}", name=f"cam-{index}") for index in range(25)]
    recorder = Recorder(kept=kept, portion=10)
    assert (await said_by(recorder, source="cam-24")) == ("ok", "")
    assert recorder.asked[2:] == ["FindRecordings", *["GetRecordingSearchResults"] * 3, "EndSearch"]


async def test_a_recorder_that_does_not_wait_is_not_asked_in_a_rush():
    recorder = Recorder(empty=2)
    assert (await said_by(recorder)) == ("ok", "")
    assert recorder.asked.count("GetRecordingSearchResults") == 3


async def test_a_search_that_never_completes_is_late_and_no_flood():
    recorder = Recorder(kept=[STREET], endless=True)
    assert (await seen_by(recorder, timeout_s=1)).reason.startswith("answer not complete in time")
    assert recorder.asked.count("GetRecordingSearchResults") <= 8


async def test_a_recorder_that_tells_its_recordings_by_ones_is_not_followed_for_ever():
    recorder = Recorder(kept=[Kept(token=f"REC-{index}") for index in range(300)], portion=1)
    assert (await said_by(recorder, timeout_s=PATIENCE_S)) == ("fail", "answer too large: portions of a search")


async def test_of_thousands_of_recordings_as_many_are_read_as_suffice_to_say_so():
    recorder = Recorder(kept=[Kept(token=f"REC-{index}", name=f"cam-{index}") for index in range(3_000)])
    reason = "not clear which recording is meant: 1000 or more recordings; set token"
    assert (await said_by(recorder, source="cam-7", timeout_s=PATIENCE_S)) == ("none", reason)
    assert recorder.asked.count("GetRecordingSearchResults") == 10
    assert (await said_by(recorder, token="REC-2999")) == ("ok", "")


async def test_a_token_that_is_void_at_once_is_refused_once():
    recorder = Recorder(void=True)
    assert (await said_by(recorder)) == ("fail", "unexpected status: Invalid token")
    assert recorder.asked.count("GetRecordingSearchResults") == 1


async def test_no_room_for_a_search_is_overload():
    assert (await said_by(Recorder(full=True))) == ("fail", "overloaded: no further search")


# Where the service is


async def test_another_host_that_the_recorder_tells_is_never_spoken_to():
    recorder = Recorder()
    async with stranger(silent) as elsewhere:
        recorder.host = f"localhost:{elsewhere}"
        assert (await said_by(recorder)) == ("ok", "")


async def test_an_old_recorder_tells_its_services_as_capabilities():
    recorder = Recorder(services="capabilities")
    assert (await said_by(recorder)) == ("ok", "")
    assert recorder.asked[1:3] == ["GetServices", "GetCapabilities"]


async def test_a_recorder_without_search_cannot_be_asked():
    assert (await said_by(Recorder(services="none"))) == ("none", "the recorder offers no search")


async def test_an_address_may_be_a_url_but_bear_no_login():
    async with stranger(Recorder()) as port:
        seen = await probe(f"http://127.0.0.1:{port}/onvif/device_service", Options(), timeout_s=PATIENCE_S)
    assert seen.outcome == "ok"
    for wrong in ("http://admin:12345@127.0.0.1/", "rtsp://127.0.0.1/"):
        with pytest.raises(ValueError, match="without a login"):
            await probe(wrong, Options(), timeout_s=PATIENCE_S)


# Logins


@pytest.mark.parametrize("way", ["token", "digest"])
async def test_a_login_is_given_as_the_recorder_wants_it(way, login):
    assert (await said_by(Recorder(login=way, off_s=-DAY), window="1d", **login)) == ("ok", "")
    assert (await said_by(Recorder(login=way))) == ("none", "a login is wanted, and none is set")


@pytest.mark.parametrize("way", ["token", "digest"])
async def test_a_wrong_password_is_our_fault_unless_the_site_says_else(way, login, tmp_path):
    (tmp_path / "secret").write_text("falsch")
    seen = await seen_by(Recorder(login=way), **login)
    assert (seen.outcome, seen.why.phrase) == ("none", "login refused")
    assert (await said_by(Recorder(login=way), login_refused="fail", **login))[0] == "fail"
