"""The `frame` kind against real H.264 and H.265 by gst-rtsp-server, and the decoder against pictures that attack it."""

from __future__ import annotations

import io
import json
import os
import signal
from itertools import chain

import av
import numpy as np
import pytest
from PIL import Image, ImageDraw

from probes.batch import ProbeRequest
from probes.faults import AssetFaultError
from probes.kinds.frame import Options, Watched, measured, probe
from probes.net.connection import Deadline
from probes.picture.assessment import with_profile
from probes.picture.decoder import Decoder, _checked, few
from probes.picture.measures import unchanged
from probes.registry import PROBES
from probes.rtsp.rtp import Unit
from tests.support.cameras.streams import cameras
from tests.support.patience import PATIENCE_S

BESIDE_A_BASELINE = {"lost_ratio", "likeness_ratio"}
REAL = pytest.mark.needs("gst-inspect-1.0")


@pytest.fixture(scope="module")
def real(tmp_path_factory):
    with cameras(tmp_path_factory.mktemp("gst")) as made:
        yield made


async def seen_of(real, name: str, *, timeout_s: float = PATIENCE_S, **options: object):
    return await probe(f"rtsp://127.0.0.1:{real.open}/{name}", Options(**options), timeout_s=timeout_s)


@REAL
async def test_a_living_camera_is_ok_and_its_first_frame_is_timed(real):
    seen = await seen_of(real, "street", watch="2s")
    assert (seen.outcome, seen.reason) == ("ok", "")
    assert set(seen.metrics) == set(PROBES["frame"].metrics) - BESIDE_A_BASELINE
    assert seen.metrics["first_frame_ms"] > seen.metrics["describe_ms"] > 0


@REAL
@pytest.mark.parametrize(
    ("name", "reason"), [("black", "picture black"), ("white", "picture over-bright"), ("snow", "picture is snow")]
)
async def test_a_picture_that_shows_nothing_fails_and_is_named(real, name, reason):
    seen = await seen_of(real, name)
    assert (seen.outcome, seen.reason) == ("fail", reason)


@REAL
async def test_a_still_picture_is_frozen_but_not_beside_a_running_clock(real):
    assert (await seen_of(real, "still", watch="2s")).reason == "picture frozen"
    assert (await seen_of(real, "still")).outcome == "ok"  # one frame proves nothing
    assert (await seen_of(real, "clock", watch="2s")).outcome == "ok"


@REAL
async def test_where_the_clock_is_known_no_change_beside_it_is_frozen(real):
    seen = await seen_of(real, "clock", watch="2s", clock_area=[0, 0, 1, 0.3])
    assert (seen.outcome, seen.reason) == ("fail", "picture frozen")
    assert (await seen_of(real, "still", watch="2s", clock_area=[0, 0, 1, 0.3])).reason == "picture frozen"
    assert (await seen_of(real, "street", watch="2s", clock_area=[0, 0, 1, 0.3])).outcome == "ok"


# Frozen is told where it is sure, and what is there is judged where the time ends first


@pytest.fixture
def time_ends(monkeypatch):
    """Call it with seconds: so long after the first frame, what is left of the time-out is kept for judging."""

    def after(watch_s: float) -> None:
        monkeypatch.setattr("probes.kinds.frame.to_judge_s", lambda deadline: deadline.left_s() - watch_s)

    return after


@REAL
@pytest.mark.parametrize(("name", "outcome"), [("street", "ok"), ("still", "ok"), ("black", "fail")])
async def test_where_the_time_ends_the_watching_the_picture_is_judged_and_frozen_not_told(
    real, name, outcome, time_ends
):
    time_ends(2)
    seen = await seen_of(real, name, watch="1000s")
    assert (seen.outcome, seen.reason) == (outcome, "picture black" if outcome == "fail" else "")
    assert seen.metrics["frames"] > 1


@REAL
async def test_beside_a_clock_nothing_is_frozen_before_a_second_key_frame(real, time_ends):
    time_ends(5)
    seen = await seen_of(real, "one-key", watch="1s", clock_area=[0, 0, 1, 0.3])
    assert (seen.outcome, seen.reason) == ("ok", "")
    assert seen.metrics["frames"] > 15


@REAL
async def test_where_the_packets_end_the_watching_the_picture_is_judged(real, monkeypatch):
    monkeypatch.setattr("probes.kinds.frame._MOST_PACKETS", 20)
    seen = await seen_of(real, "still", watch="10s")
    assert (seen.outcome, seen.reason) == ("ok", "")


def night(frames: int) -> list[Unit]:
    """A living camera on a quiet street at night, with a clock: noise, which an encoder of few bits leaves out."""
    rng, wire = np.random.default_rng(3), io.BytesIO()
    scene = Image.new("RGB", (1280, 720), (18, 18, 24))
    for left in range(100, 1280, 200):
        ImageDraw.Draw(scene).ellipse((left, 200, left + 40, 240), fill=(200, 190, 150))
    light = np.asarray(scene).astype(np.int16)
    stream = av.open(wire, "w", format="h264").add_stream("libx264", rate=15)
    stream.width, stream.height, stream.pix_fmt = 1280, 720, "yuv420p"
    stream.options = {"preset": "veryfast", "crf": "36", "tune": "zerolatency", "g": "30", "sc_threshold": "0"}
    units = []
    for number in range(frames):
        noisy = light + rng.normal(0, 1.5, (720, 1280, 1))
        shown = Image.fromarray(np.clip(noisy, 0, 255).astype(np.uint8))
        ImageDraw.Draw(shown).text((20, 20), f"03:00:{number // 15:02}", fill="white")
        (packet,) = stream.encode(av.VideoFrame.from_image(shown))
        units.append(Unit(bytes(packet), number * 6_000, packet.is_keyframe))
    return units


def watched(units: list[Unit], **options: object) -> Watched:
    made = Watched(Options(**options))
    for each in units:
        made.take(each)
    return made


async def test_a_quiet_street_at_night_is_not_frozen_beside_its_clock(decoder):
    units, clock = night(61), [0, 0, 0.4, 0.1]
    within_one = [each.data for each in units[:30]]
    assert (await decoder.measured("H264", within_one, Deadline(PATIENCE_S), clock))[
        "same_bytes"
    ] is True  # and yet it lives
    seen = watched(units, watch="2s", clock_area=clock)
    assert (seen.is_enough, seen.frames, len(seen.parts(b""))) == (True, 61, 3)
    assert (await decoder.measured("H264", seen.parts(b""), Deadline(PATIENCE_S), clock))["same_bytes"] is False


async def test_a_quiet_street_at_night_is_not_frozen_while_its_clock_runs(decoder):
    seen = watched(night(31), watch="2s")
    assert len(seen.parts(b"")) == 31
    assert (await decoder.measured("H264", seen.parts(b""), Deadline(PATIENCE_S)))["same_bytes"] is False


def test_pictures_that_are_shown_before_the_first_do_not_end_the_watching():
    units = [Unit(b"key", 9_000, True), Unit(b"a", 6_000, False), Unit(b"b", 12_000, False)]
    assert not watched(units, watch="2s").is_enough
    assert watched([*units, Unit(b"c", 189_000, False)], watch="2s").is_enough


def test_pictures_without_number_end_the_watching_and_those_that_are_the_same_take_no_room():
    large = [bytes([number]) * (4 << 20) for number in range(5)]
    assert watched([Unit(each, 0, True) for each in large], watch="2s").is_full
    assert not watched([Unit(bytes(4 << 20), 0, True) for _ in range(5)], watch="2s").is_full


@pytest.mark.parametrize(
    ("keys", "timeout_ms", "wrong"),
    [
        ({}, 1, "None"),
        ({"watch": "2s"}, 5_000, "None"),
        ({"watch": "2s"}, 4_999, "timeout 4999 ms with watch 2000 ms, which wants 5000 ms"),
    ],
)
def test_a_site_file_is_refused_whose_time_out_leaves_nothing_beside_the_watching(keys, timeout_ms, wrong):
    assert str(Options(**keys).misfit("10.1.3.11", timeout_ms)) == wrong
    assert (
        str(Options(**keys).misfit("http://10.1.3.11/", timeout_ms))
        == "http:// is not rtsp:// or rtsps:// without a login"
    )


@REAL
async def test_a_codec_that_we_cannot_decode_is_ours(real):
    seen = await seen_of(real, "vp8")
    assert (seen.outcome, seen.reason.endswith("video as: VP8")) == ("none", True)


@REAL
@pytest.mark.parametrize("name", ["jpeg", "jpeg-odd", "jpeg-large"])
async def test_mjpeg_is_decoded_whatever_its_size_and_sampling(real, name):
    seen = await seen_of(real, name, watch="2s")
    assert (seen.outcome, seen.reason) == ("ok", "")
    assert set(seen.metrics) == set(PROBES["frame"].metrics) - BESIDE_A_BASELINE
    assert seen.metrics["frames"] > 5


@REAL
@pytest.mark.parametrize(("name", "reason"), [("jpeg-still", "picture frozen"), ("jpeg-black", "picture black")])
async def test_what_is_wrong_with_an_mjpeg_picture_is_told_the_same_way(real, name, reason):
    seen = await seen_of(real, name, watch="2s")
    assert (seen.outcome, seen.reason) == ("fail", reason)


@REAL
async def test_hevc_is_decoded(real):
    assert (await seen_of(real, "hevc")).outcome == "ok"


@REAL
async def test_another_scene_than_usual_fails(real, tmp_path):
    usual = tmp_path / "cam-1.json"
    decoder = Decoder()
    try:
        found = await measured(f"rtsp://127.0.0.1:{real.open}/street", Options(), PATIENCE_S, decoder)
    finally:
        decoder.close()
    usual.write_text(with_profile(usual, "day", found))
    assert (await seen_of(real, "street", baseline_file=str(usual))).outcome == "ok"
    assert (await seen_of(real, "moving", baseline_file=str(usual))).outcome == "fail"


@REAL
async def test_many_cameras_share_one_decoder_and_a_dead_one_is_its_own_matter(real):
    looks = PROBES["frame"].make_batch()
    names = ["street", "gone", "black", "street"]
    asked = [
        ProbeRequest(address=f"rtsp://127.0.0.1:{real.open}/{name}", options=Options(), timeout_s=PATIENCE_S)
        for name in names
    ]
    seen = {}
    try:
        await looks.run(asked, lambda index, outcome: seen.update({index: outcome.reason}))
    finally:
        looks.close()
    assert seen == {0: "", 1: "path not found: 404", 2: "picture black", 3: ""}


@REAL
async def test_a_camera_that_stops_in_the_middle_gives_no_picture(tmp_path):
    with cameras(tmp_path) as made:
        assert (await seen_of(made, "street")).outcome == "ok"
        os.kill(made.process.pid, signal.SIGSTOP)
        seen = await probe(f"rtsp://127.0.0.1:{made.open}/street", Options(), timeout_s=2)
    assert (seen.outcome, seen.reason) == ("fail", "answer not complete in time")


@REAL
@pytest.mark.parametrize(
    ("sign", "reason"), [(signal.SIGSTOP, "stream stopped"), (signal.SIGKILL, "connection broken off")]
)
async def test_a_stream_that_is_stopped_or_killed_while_it_is_watched_fails(
    tmp_path, monkeypatch, time_ends, sign, reason
):
    time_ends(4)
    took = Watched.take
    with cameras(tmp_path) as made:

        def taken(self: Watched, unit: Unit) -> None:
            took(self, unit)
            if self.frames == 5:
                os.kill(made.process.pid, sign)

        monkeypatch.setattr(Watched, "take", taken)
        seen = await seen_of(made, "moving", watch="1000s")
    assert (seen.outcome, seen.why.phrase) == ("fail", reason)


async def test_a_baseline_that_cannot_be_read_is_ours(tmp_path):
    seen = await probe("rtsp://127.0.0.1:1/", Options(baseline_file=str(tmp_path / "gone")), timeout_s=PATIENCE_S)
    assert (seen.outcome, seen.why.phrase) == ("none", "baseline cannot be read")


# Pictures that attack the decoder: bounds B7 and B8


@pytest.fixture
def decoder():
    made = Decoder()
    yield made
    made.close()


def jpeg(size: tuple[int, int] = (640, 360), seed: int = 1) -> bytes:
    made = io.BytesIO()
    noise = np.random.default_rng(seed).integers(0, 255, (size[1] // 20, size[0] // 20, 3), dtype=np.uint8)
    Image.fromarray(noise).resize(size).save(made, "JPEG")
    return made.getvalue()


async def error_of(decoder: Decoder, encoding: str, *parts: bytes) -> str:
    with pytest.raises(AssetFaultError) as caught:
        await decoder.measured(encoding, parts, Deadline(PATIENCE_S))
    return caught.value.reason


async def test_a_picture_is_measured_and_two_equal_ones_are_told(decoder):
    found = await decoder.measured("JPEG", [jpeg(), jpeg()], Deadline(PATIENCE_S))
    other = await decoder.measured("JPEG", [jpeg(), jpeg(seed=2)], Deadline(PATIENCE_S))
    assert 0.3 < found["brightness_ratio"] < 0.7
    assert (found["same_bytes"], other["same_bytes"]) == (True, False)


@pytest.mark.parametrize("number", ["NaN", "1e999", "-1", "1e12", "[]"])
async def test_what_a_decoder_that_was_taken_over_says_is_not_believed(decoder, number):
    found = await decoder.measured("JPEG", [jpeg()], Deadline(PATIENCE_S))
    assert _checked(json.dumps({"pictures": [found]}).encode()) == found
    said = json.dumps({"pictures": [found | {"detail": ["x"]}]}).replace('"x"', number)
    with pytest.raises(AssetFaultError, match="the decoder died"):
        _checked(said.encode())


async def test_b7_a_pixel_bomb_is_too_much(decoder):
    bomb = io.BytesIO()
    Image.new("L", (9_000, 9_000)).save(bomb, "JPEG")
    assert await error_of(decoder, "JPEG", bomb.getvalue()) == "answer too large: when decoded"


async def test_b7_other_formats_are_not_opened(decoder):
    other = io.BytesIO()
    Image.new("L", (9, 9)).save(other, "PNG")
    assert await error_of(decoder, "JPEG", other.getvalue()) == "answer not understood: the picture"


@pytest.mark.parametrize("encoding", ["JPEG", "H264", "H265"])
async def test_nonsense_is_no_picture(decoder, encoding):
    nonsense = b"\xff\xd8\xff\0\0\0\1\x67" + np.random.default_rng(3).bytes(50_000)
    assert (await error_of(decoder, encoding, nonsense)).startswith("answer not understood")


async def test_a_picture_of_more_bytes_than_the_bound_is_not_even_handed_on(decoder):
    assert await error_of(decoder, "JPEG", bytes((16 << 20) + 1)) == "answer too large: a picture"


async def test_b8_the_decoder_goes_on_after_its_child_died_and_after_it_died_itself(decoder):
    assert await decoder.measured("JPEG", [jpeg()], Deadline(PATIENCE_S))
    decoder._process.kill()
    decoder._process.wait()
    assert await decoder.measured("JPEG", [jpeg()], Deadline(PATIENCE_S))


async def test_b8_a_child_that_spins_or_takes_memory_ends(tmp_path):
    from probes.picture import decode_child

    def limited(work) -> int:
        child = os.fork()
        if child == 0:
            decode_child._confine()
            try:
                work()
            except MemoryError:
                os._exit(7)
            os._exit(0)
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])

    assert limited(lambda: bytearray(1 << 30)) == 7
    assert limited(lambda: bytearray(1 << 20)) == 0
    assert decode_child.CPU_S == 5


def test_of_many_jpeg_files_few_are_decoded_and_a_change_among_them_is_not_lost():
    still, moved = b"still", [b"%d" % n for n in range(300)]
    assert few([still]) == [still]
    assert few([still] * 300) == [still, still]
    assert few([still] * 200 + [b"late"] + [still] * 99) == [still, b"late"]
    assert few([still, *moved]) == [still, *(moved[n] for n in (0, 50, 100, 150, 199, 249, 299))]


def test_after_a_picture_that_differs_none_is_decoded_any_more():
    still, moved = np.zeros((9, 9, 3)), np.ones((9, 9, 3))
    rest = iter([moved, still])
    assert unchanged(chain((still, still, moved), rest)) is False
    assert len(list(rest)) == 2
    assert unchanged([still, still]) is True
    assert unchanged([still]) is unchanged([]) is False


async def test_b8_hundreds_of_large_jpeg_files_are_told_within_the_bounds(decoder):
    one, other = jpeg((2_040, 2_040)), jpeg((2_040, 2_040), seed=2)
    assert (await decoder.measured("JPEG", [one, *[other] * 30, one], Deadline(PATIENCE_S)))["same_bytes"] is False
    assert (await decoder.measured("JPEG", [one] * 30, Deadline(PATIENCE_S)))["same_bytes"] is True
