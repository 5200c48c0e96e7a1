"""What holds although a picture attacks the decoder (bounds B7, B8; attack X41): for it, and for all other pictures."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
from contextlib import ExitStack, closing, suppress
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest

from probes.faults import AssetFaultError, OwnFaultError
from probes.net.connection import Deadline
from probes.picture import decode_child
from probes.picture.decoder import PROGRAM, Decoder, _checked
from tests.support.patience import PATIENCE_S, until
from tests.support.pictures.bombs import progressive, spinning, wide_h264, wide_jpeg
from tests.support.pictures.limited_decoder import limited_decoder
from tests.support.servers.honest import picture
from tests.support.servers.hostile import nothing_left_behind

TOO_MUCH = "answer too large: when decoded"
BUSY = "not measurable on this machine: too many pictures that take long to decode"
ENDED = "not measurable on this machine: the decoder was ended before it answered"


@pytest.fixture
def made():
    """Decoders with limits of a test's own, closed behind it."""
    with ExitStack() as stack:

        def one(**limits: float) -> Decoder:
            return stack.enter_context(closing(limited_decoder(**limits)))

        yield one


@pytest.fixture
def decoder(made):
    """One that ends no child by the wall clock, of which a busy machine takes any part."""
    return made()


async def seen_of(decoder: Decoder, data: bytes, encoding: str = "JPEG", timeout_s: float = PATIENCE_S) -> str:
    """What is wrong with a picture; empty if it was measured."""
    try:
        await decoder.measured(encoding, [data], Deadline(timeout_s))
    except (AssetFaultError, OwnFaultError) as fault:
        return fault.reason
    return ""


def children(decoder: Decoder) -> list[psutil.Process]:
    if decoder._process is None:
        return []
    return [each for each in psutil.Process(decoder._process.pid).children() if each.status() != "zombie"]


@pytest.mark.parametrize("spinners", [1, 6])
async def test_b8_pictures_that_spin_hold_up_no_other(made, spinners):
    decoder = made(CPU_S=3_600)
    assert await seen_of(decoder, picture()) == ""
    bomb = spinning()
    attack = [asyncio.ensure_future(seen_of(decoder, bomb)) for _ in range(spinners)]
    await until(lambda: len(children(decoder)) == spinners)
    assert [await seen_of(decoder, picture()) for _ in range(5)] == [""] * 5
    assert not any(each.done() for each in attack)
    for each in attack:
        each.cancel()
    await asyncio.gather(*attack, return_exceptions=True)


async def test_b8_a_picture_that_spins_is_ended_by_its_processor_time(made):
    """A second of it, and without standing back behind others, or it would never have it on a busy machine."""
    assert await seen_of(made(CPU_S=1, QUICK_CPU_S=3_600), spinning()) == TOO_MUCH


async def test_b8_without_a_bound_on_processor_time_the_same_picture_goes_on(made):
    """The negative control."""
    decoder = made(CPU_S=3_600, QUICK_CPU_S=3_600)
    look = asyncio.ensure_future(seen_of(decoder, spinning()))
    await until(lambda: children(decoder))
    (child,) = children(decoder)
    await until(lambda: child.cpu_times().user > 1.2)
    assert not look.done()
    decoder.close()
    await look


async def test_b8_a_picture_that_takes_long_stands_back_behind_the_others(made):
    decoder = made(CPU_S=3_600)
    look = asyncio.ensure_future(seen_of(decoder, spinning()))
    await until(lambda: children(decoder))
    (child,) = children(decoder)
    before = os.getpriority(os.PRIO_PROCESS, decoder._process.pid)
    await until(lambda: child.nice() > before)
    assert child.nice() == decode_child._LAST_IN_LINE
    assert child.cpu_times().user + child.cpu_times().system >= decode_child.QUICK_CPU_S - 0.02
    assert not look.done()
    decoder.close()
    await look


async def test_b1_a_picture_that_nobody_waits_for_any_more_is_no_longer_decoded(decoder):
    reason = await seen_of(decoder, spinning(), timeout_s=1)
    assert reason == "not measurable on this machine: no time left to decode the picture"
    await until(lambda: not children(decoder))
    assert await seen_of(decoder, picture()) == ""


async def test_x34_a_module_of_that_name_in_the_working_directory_is_not_run(decoder, tmp_path, monkeypatch):
    (tmp_path / "probes").mkdir()
    (tmp_path / "probes" / "__init__.py").write_text("open('taken', 'w'); raise SystemExit", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert await seen_of(decoder, picture()) == ""
    assert not (tmp_path / "taken").exists()


async def test_b8_nothing_of_the_decoder_outlives_it():
    async with nothing_left_behind():
        decoder = limited_decoder()
        attack = asyncio.ensure_future(seen_of(decoder, spinning()))
        await until(lambda: len(children(decoder)) == 1)
        (child,) = children(decoder)
        decoder.close()
        await attack
        await until(lambda: not child.is_running() or child.status() == "zombie")


async def test_a_decoder_that_stands_still_holds_up_nobody_and_is_replaced(decoder):
    assert await seen_of(decoder, picture()) == ""
    stopped = decoder._process
    os.kill(stopped.pid, signal.SIGSTOP)
    for _ in range(2_000):  # until no more jobs can be handed over
        if await seen_of_ours(decoder):
            break
    assert await seen_of(decoder, picture()) == ""
    assert decoder._process is not stopped
    assert stopped.returncode == -signal.SIGKILL


async def seen_of_ours(decoder: Decoder) -> bool:
    """Hand over a job that nobody waits for; whether that could not be done."""
    try:
        decoder._job().close()
    except BlockingIOError:
        return True
    return False


# Whose fault it is that no answer came: how the child ended decides


async def ended_by(decoder: Decoder, end) -> str:
    """What is said of a picture over which somebody ends something each time that a child is at it."""
    look = asyncio.ensure_future(seen_of(decoder, spinning()))
    while not look.done():
        await until(lambda: look.done() or children(decoder))
        if not look.done():
            end()
        await asyncio.sleep(0.05)
    return await look


@pytest.mark.parametrize("crash", [signal.SIGSEGV, signal.SIGBUS, signal.SIGABRT, signal.SIGFPE, signal.SIGILL])
async def test_a_picture_that_the_decoder_crashes_over_is_the_cameras_fault(decoder, crash):
    reason = await ended_by(decoder, lambda: [each.send_signal(crash) for each in children(decoder)])
    assert reason == "answer not understood: the decoder died over the picture"


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM, signal.SIGALRM], ids=["memory", "admin", "wall"])
async def test_a_child_that_is_ended_from_outside_is_ours(decoder, end):
    assert await ended_by(decoder, lambda: [each.send_signal(end) for each in children(decoder)]) == ENDED
    assert await seen_of(decoder, picture()) == ""


async def test_a_decoder_that_is_ended_is_ours_for_all_that_it_was_at(decoder):
    assert await seen_of(decoder, picture()) == ""
    assert await ended_by(decoder, decoder._process.kill) == ENDED
    assert await ended_by(decoder, decoder.close) == ENDED


async def test_a_decoder_that_is_stopped_and_replaced_costs_no_camera_a_fail(decoder):
    assert await seen_of(decoder, picture()) == ""
    os.kill(decoder._process.pid, signal.SIGSTOP)
    looks = await asyncio.gather(*(seen_of(decoder, picture()) for _ in range(400)), return_exceptions=True)
    said = {each for each in looks if isinstance(each, str)}
    assert ENDED in said  # of those that it had taken; for one, BlockingIOError says that it is ours
    assert not {each for each in said if each.startswith("answer")}


@pytest.mark.parametrize(
    ("code", "small", "large"),
    [
        (0, b"", b""),
        (1, b"", b""),
        (-signal.SIGKILL, b"", b""),
        (-signal.SIGALRM, b"", b""),
        (-signal.SIGXCPU, b"too much", b"too much"),
        (-signal.SIGSEGV, b"more", b"died"),
        (decode_child._NO_MEMORY, b"more", b"too much"),
    ],
)
def test_the_last_word_of_a_child_follows_from_how_it_ended(code, small, large):
    said = [decode_child._last_word(code, is_large=is_large) for is_large in (False, True)]
    assert said == [b'\n{"error": "%s"}' % word if word else b"" for word in (small, large)]


def test_what_a_child_that_was_taken_over_says_blames_nobody_but_itself():
    with pytest.raises(OwnFaultError, match="was ended before it answered"):
        _checked(b"")
    for said in (b"\xff", b"{", b'{"pictures": []}\n\n', b'{"error": ["busy"]}', b'\n{"error": "died"}'):
        with pytest.raises(AssetFaultError, match="not understood"):
            _checked(said)


# A memory budget over all children: systemd/sla-agent.service reckons with it (tests/unit/test_project_systemd.py)


def is_large(child: psutil.Process) -> bool:
    """Whether it may take more than little memory."""
    limits = Path(f"/proc/{child.pid}/limits").read_text()
    most = next(int(line.split()[3]) for line in limits.splitlines() if line.startswith("Max address space"))
    here = Path(f"/proc/{child.ppid()}/statm").read_text()
    return most > int(here.split()[0]) * os.sysconf("SC_PAGESIZE") + 2 * decode_child.MEMORY_BYTES[decode_child.SMALL]


async def at_once(decoder: Decoder, *looks: asyncio.Future[str]) -> tuple[int, int]:
    """The most children, and the most large ones, that were seen at one moment."""
    most = large = 0
    while not all(each.done() for each in looks):
        with suppress(OSError, psutil.Error, ValueError):
            found = children(decoder)
            most, large = max(most, len(found)), max(large, sum(map(is_large, found)))
        await asyncio.sleep(0.01)
    return most, large


async def test_b8_pictures_that_want_much_memory_are_opened_one_at_a_time(decoder):
    large = progressive()
    looks = [asyncio.ensure_future(seen_of(decoder, large)) for _ in range(4)]
    _most, seen = await at_once(decoder, *looks)
    assert [await each for each in looks] == [""] * 4
    assert seen == 1


def test_b8_while_a_large_picture_that_nobody_waits_for_leaves_no_other_begins():
    here, there = socket.socketpair()
    with here, there:
        everyone = decode_child._Children(here)
        everyone._under_way = [SimpleNamespace(is_large=True, is_long=False, is_given_up=False)]
        assert not everyone._is_full()
        everyone._under_way[0].is_given_up = True
        assert everyone._is_full()


async def test_b8_no_more_children_are_at_once_than_the_memory_is_for(made):
    decoder = made(CPU_S=3_600, QUICK_CPU_S=0.02)
    looks = [asyncio.ensure_future(seen_of(decoder, spinning())) for _ in range(30)]
    may_stay = decode_child.MOST_QUICK + decode_child.MOST_LONG
    most, _large = await at_once(decoder, asyncio.ensure_future(refused(looks, len(looks) - may_stay)))
    assert decode_child.MOST_LONG < most <= may_stay
    assert {each.result() for each in looks if each.done()} == {BUSY}
    decoder.close()
    await asyncio.gather(*looks)


async def refused(looks: list[asyncio.Future[str]], count: int) -> None:
    await until(lambda: sum(each.done() for each in looks) >= count)


async def test_a_large_picture_holds_up_no_small_one(decoder):
    assert await seen_of(decoder, picture()) == ""
    large = asyncio.ensure_future(seen_of(decoder, progressive()))
    await until(lambda: any(is_large(each) for each in children(decoder)))
    (child,) = [each for each in children(decoder) if is_large(each)]
    child.suspend()  # so that it takes as long as may be
    assert await seen_of(decoder, picture()) == ""
    assert not large.done()
    child.resume()
    assert await large == ""


@pytest.mark.parametrize(("encoding", "bomb"), [("JPEG", wide_jpeg()), ("H264", wide_h264())], ids=["jpeg", "h264"])
async def test_b7_pixels_without_number_are_refused(decoder, encoding, bomb):
    assert (await seen_of(decoder, bomb, encoding)).startswith(("answer too large", "answer not understood"))


async def test_b7_a_small_picture_of_the_same_make_shows_pixels(decoder):
    assert await seen_of(decoder, wide_h264(8), "H264") == ""


async def test_b8_the_decoder_has_no_network_where_the_kernel_allows_that(decoder):
    assert await seen_of(decoder, picture()) == ""
    theirs = os.readlink(f"/proc/{decoder._process.pid}/ns/net")  # noqa: PTH115 - a link to nowhere
    if theirs == os.readlink("/proc/self/ns/net"):  # noqa: PTH115
        pytest.skip("no user namespaces here")
    devices = Path(f"/proc/{decoder._process.pid}/net/dev").read_text()  # noqa: ASYNC240 - it is no disk
    assert [line.split(":")[0].strip() for line in devices.splitlines()[2:]] == ["lo"]


def confined(work) -> int:
    """The exit code of a child that does this within its limits, as a user without rights."""
    child = os.fork()
    if child == 0:
        try:
            decode_child._confine()
            if os.geteuid() == 0:
                os.setuid(65_534)
            work()
        except OSError:
            os._exit(7)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def test_b8_a_child_that_was_taken_over_can_start_no_other():
    assert confined(lambda: os.fork() or os._exit(0)) == 7
    assert confined(lambda: None) == 0


def test_b8_a_child_that_was_taken_over_can_open_no_more_than_a_few_files_and_write_none(tmp_path):
    def many() -> None:
        held = [socket.socket() for _ in range(40)]
        assert held

    tmp_path.chmod(0o777)
    assert confined(many) == 7
    assert confined(lambda: os.write(os.memfd_create("x"), b"x")) in (7, -signal.SIGXFSZ)


@pytest.mark.faults
async def test_of_very_many_pictures_that_spin_some_are_given_up_and_an_honest_one_is_measured(decoder):
    bomb = spinning()
    crowd = decode_child.MOST_QUICK + decode_child.MOST_LONG + 4
    attack = [asyncio.ensure_future(seen_of(decoder, bomb)) for _ in range(crowd)]
    await until(lambda: len(children(decoder)) >= decode_child.MOST_QUICK)
    assert await seen_of(decoder, picture()) == ""
    assert BUSY in await asyncio.gather(*attack)


async def test_the_decoder_as_it_is_started_measures_a_picture_and_names_a_bomb():
    with closing(Decoder()) as decoder:
        assert decoder._program == PROGRAM
        assert await seen_of(decoder, picture()) == ""
        assert await seen_of(decoder, wide_jpeg()) == TOO_MUCH
