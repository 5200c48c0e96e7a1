"""JPEG out of RTP (RFC 2435): files of Pillow are cut up as a camera would, and come back; then what goes wrong."""

from __future__ import annotations

import io
import struct

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from PIL import Image

from probes.faults import AssetFaultError, OwnFaultError
from probes.rtsp.jpeg_file import scaled
from probes.rtsp.jpeg_payload import JpegFragments
from probes.rtsp.rtp import MOST_UNIT_BYTES, Assembler
from tests.unit.probes.rtsp.test_rtp import packet

FRAGMENT = 1_400


def drawn(size: tuple[int, int] = (320, 240), seed: int = 1) -> Image.Image:
    noise = np.random.default_rng(seed).integers(0, 255, (12, 16, 3), dtype=np.uint8)
    return Image.fromarray(noise).resize(size)


def saved(image: Image.Image, **how: object) -> bytes:
    made = io.BytesIO()
    image.save(made, "JPEG", **{"quality": 75, "subsampling": "4:2:0", **how})
    return made.getvalue()


def segments(data: bytes) -> tuple[dict[int, list[bytes]], bytes]:
    """The segments of a file by marker, and its scan with the end."""
    found: dict[int, list[bytes]] = {}
    at = 2
    while True:
        marker, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4], "big")
        found.setdefault(marker, []).append(data[at + 4 : at + 2 + length])
        at += 2 + length
        if marker == 0xDA:
            return found, data[at:]


def tables_of(data: bytes) -> bytes:
    return b"".join(each[1:] for each in segments(data)[0][0xDB])


def main(kind: int, q: int, offset: int, size: tuple[int, int], *, restart: int = 0, field: int = 0) -> bytes:
    eights = [-(-each // 8) for each in size]
    head = struct.pack("!IBBBB", field << 24 | offset, kind, q, *(each if each < 256 else 0 for each in eights))
    return head + (struct.pack("!HH", restart, 0xFFFF) if restart else b"")


def in_band(tables: bytes, precision: int = 0) -> bytes:
    return struct.pack("!BBH", 0, precision, len(tables)) + tables


def payloads(  # what a camera sends of one picture
    scan: bytes,
    size=(320, 240),
    *,
    kind: int = 1,
    q: int = 255,
    tables: bytes = b"",
    restart: int = 0,
    field: int = 0,
) -> list[bytes]:
    out = []
    for at in range(0, len(scan), FRAGMENT):
        more = tables if not at else b""
        out.append(main(kind, q, at, size, restart=restart, field=field) + more + scan[at : at + FRAGMENT])
    return out


def packets(parts: list[bytes], number: int = 0, at: int = 1) -> list[bytes]:
    return [packet(number + n, at, part, last=n == len(parts) - 1) for n, part in enumerate(parts)]


def pictures(*sent: bytes, size: tuple[int, int] | None = None) -> list[bytes]:
    assembler = Assembler(JpegFragments(size))
    units = [unit for each in sent if (unit := assembler.unit(each))]
    assert all(unit.is_key for unit in units)
    return [unit.data for unit in units]


def pixels(data: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(data)))


def as_sent(data: bytes, *, tables: bytes | None = None, **how: object) -> list[bytes]:
    held = in_band(tables_of(data)) if tables is None else tables
    return payloads(segments(data)[1], tables=held, **how)


@pytest.mark.parametrize(("kind", "sampling"), [(0, "4:2:2"), (1, "4:2:0")])
def test_a_picture_comes_back_as_it_was(kind, sampling):
    data = saved(drawn(), subsampling=sampling)
    (made,) = pictures(*packets(as_sent(data, kind=kind)))
    assert np.array_equal(pixels(made), pixels(data))


@pytest.mark.parametrize("q", [1, 10, 49, 50, 51, 75, 90, 99])
def test_the_tables_of_a_quality_are_those_of_the_library_that_it_names(q):
    data = saved(drawn((16, 16)), quality=q)
    assert b"".join(scaled(q)) == tables_of(data)
    (made,) = pictures(*packets(payloads(segments(data)[1], (16, 16), q=q)))
    assert np.array_equal(pixels(made), pixels(data))


def test_tables_that_were_sent_once_are_remembered_by_their_q():
    data = saved(drawn(), quality=33)
    first = packets(as_sent(data, q=130), at=1)
    later = packets(as_sent(data, q=130, tables=in_band(b"")), number=len(first), at=2)
    other = packets(as_sent(data, q=131, tables=in_band(b"")), number=2 * len(first), at=3)
    assert len(pictures(*first, *later, *other)) == 2  # of Q 131 we know nothing
    assert pictures(*first, *later)[0] == pictures(*first, *later)[1]


def test_tables_of_q_255_belong_to_their_picture_alone():
    data = saved(drawn())
    first = packets(as_sent(data), at=1)
    assert len(pictures(*first, *packets(as_sent(data, tables=in_band(b"")), number=len(first), at=2))) == 1


def test_one_table_serves_both():
    data = saved(drawn(), qtables=[list(range(1, 65))])
    (made,) = pictures(*packets(as_sent(data)))
    assert np.array_equal(pixels(made), pixels(data))


@pytest.mark.parametrize("precision", [1, 2, 3])
def test_a_table_of_16_bits_is_one_of_as_many_values(precision):
    data = saved(drawn())
    held = tables_of(data)
    wide = [
        b"".join(bytes([0, each]) for each in table) if precision >> place & 1 else table
        for place, table in enumerate((held[:64], held[64:]))
    ]
    (made,) = pictures(*packets(as_sent(data, tables=in_band(b"".join(wide), precision))))
    assert np.array_equal(pixels(made), pixels(data))


def test_restart_markers_are_announced():
    data = saved(drawn(), restart_marker_blocks=5)
    (made,) = pictures(*packets(as_sent(data, kind=65, restart=5)))
    assert np.array_equal(pixels(made), pixels(data))
    assert segments(made)[0][0xDD] == [b"\0\5"]


def test_a_size_that_is_no_multiple_of_eight_is_rounded_up_and_shows_the_same():
    data = saved(drawn((317, 235)))
    (made,) = pictures(*packets(as_sent(data, size=(317, 235))))
    assert np.array_equal(pixels(made)[:235, :317][8:-8, 8:-8], pixels(data)[8:-8, 8:-8])
    assert pixels(made).shape == (240, 320, 3)


def test_a_picture_too_large_for_its_header_has_the_size_of_the_sdp_or_is_not_understood():
    data = saved(drawn((2_560, 64)))
    sent = packets(as_sent(data, size=(2_560, 64)))
    (made,) = pictures(*sent, size=(2_560, 64))
    assert np.array_equal(pixels(made), pixels(data))
    with pytest.raises(AssetFaultError, match="a picture without a size"):
        pictures(*sent)


def test_of_an_interlaced_picture_one_field_is_taken():
    data = saved(drawn())
    both = [packets(as_sent(data, field=1 + n % 2), number=100 * n, at=n) for n in range(4)]
    assert len(pictures(*(each for sent in both for each in sent))) == 2


# What goes wrong on the way


def three(data: bytes) -> list[list[bytes]]:
    parts = as_sent(data)
    assert len(parts) > 5
    return [packets(parts, number=n * len(parts), at=n) for n in range(3)]


@pytest.mark.parametrize("place", [0, 1, 3, -1])
def test_a_lost_fragment_spoils_its_picture_and_no_other(place):
    data = saved(drawn((640, 480)))
    first, second, third = three(data)
    del second[place]
    assert len(pictures(*first, *second, *third)) == 2


def test_without_times_too_a_picture_is_never_made_of_two():
    data = saved(drawn((640, 480)))
    first, second, _ = three(data)
    half = len(first) // 2
    at_once = [packet(n, 1, each[12:], last=bool(each[1] >> 7)) for n, each in enumerate(first + second)]
    assert len(pictures(*at_once)) == 2
    assert pictures(*at_once[:half], *at_once[half + len(first) :]) == []  # the offsets would fit


def test_fragments_in_a_wrong_order_spoil_their_picture_and_no_other():
    first, second, third = three(saved(drawn((640, 480))))
    second[2], second[3] = second[3], second[2]
    assert len(pictures(*first, *second, *third)) == 2


def test_an_offset_beyond_what_came_takes_no_memory():
    data = saved(drawn())
    far = packet(0, 1, main(1, 50, 0xFFFFFF, (320, 240)) + b"x", last=True)
    fragments = JpegFragments()
    assert fragments.take(far[12:]) == 0
    assert pictures(far, *packets(as_sent(data), number=1, at=2)) != []  # and the next one is there


def test_a_picture_without_end_is_too_much():
    assembler = Assembler(JpegFragments())
    most = MOST_UNIT_BYTES // 60_000
    sent = [packet(n, 1, main(1, 50, n * 60_000, (320, 240)) + bytes(60_000)) for n in range(most + 1)]
    assert [assembler.unit(each) for each in sent[:most]] == [None] * most
    with pytest.raises(AssetFaultError, match="answer too large"):
        assembler.unit(sent[most])


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        bytes(7),
        main(1, 0, 0, (8, 8)),  # Q 0 and 100 to 127 are reserved
        main(1, 100, 0, (8, 8)),
        main(2, 50, 0, (8, 8)),
        main(66, 50, 0, (8, 8)),
        main(65, 50, 0, (8, 8)),  # no room for the restart header
        main(65, 50, 0, (8, 8)) + bytes(4),  # an interval of nothing
        main(1, 200, 0, (8, 8)),
        main(1, 200, 0, (8, 8)) + in_band(bytes(63)),
        main(1, 200, 0, (8, 8)) + in_band(bytes(128))[:-1],
    ],
)
def test_what_is_no_rtp_jpeg_is_the_cameras_fault(payload):
    with pytest.raises(AssetFaultError, match="answer not understood"):
        pictures(packet(1, 1, payload, last=True))


def test_a_type_that_is_agreed_on_elsewhere_is_not_measurable():
    with pytest.raises(OwnFaultError, match="RTP/JPEG of type 128"):
        pictures(packet(1, 1, main(128, 50, 0, (8, 8)), last=True))


HEADERS = st.builds(
    lambda kind, q, offset, eights, more: struct.pack("!IBBBB", offset, kind, q, *eights) + more,
    st.sampled_from([0, 1, 64, 65, 1, 1, 7, 200]),
    st.integers(0, 255),
    st.sampled_from([0, 0, 1, 4, 0xFFFFFF]) | st.integers(0, 1 << 32).map(lambda each: each & 0xFFFFFFFF),
    st.tuples(st.integers(0, 255), st.integers(0, 255)),
    st.binary(max_size=300),
)


@given(
    st.lists(
        st.tuples(st.integers(0, 3), st.integers(0, 2), HEADERS | st.binary(max_size=40), st.booleans()), max_size=20
    )
)
@example([(0, 0, main(1, 50, 0, (8, 8)) + b"x", True)])
def test_whatever_comes_ends_in_pictures_or_in_a_named_fault(sent):
    fragments = JpegFragments()
    assembler = Assembler(fragments)
    taken = 0
    for number, at, payload, last in sent:
        taken += len(payload)
        try:
            unit = assembler.unit(packet(number, at, payload, last=last))
        except (AssetFaultError, OwnFaultError):
            continue
        assert unit is None or (unit.data[:2], unit.data[-2:]) == (b"\xff\xd8", b"\xff\xd9")
        assert len(fragments._scan) <= taken
