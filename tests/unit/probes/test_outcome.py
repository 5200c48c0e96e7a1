"""What a look comes to, and what an exception becomes."""

from __future__ import annotations

import logging
from dataclasses import FrozenInstanceError

import pytest

from config.text.reasons import NO_REASON, Reason
from probes.faults import AssetFaultError, OwnFaultError, judged, ours, settled
from probes.outcome import Outcome, fail, none, ok


def test_ok_has_metrics_and_no_reason():
    seen = ok(rtt_ms=1.5, answers=2.0)
    assert seen == Outcome(outcome="ok", metrics={"rtt_ms": 1.5, "answers": 2.0})
    assert (seen.outcome, seen.why, seen.reason) == ("ok", NO_REASON, "")


def test_the_short_way_to_make_an_ok_gives_the_same_as_the_long_one():
    short, long = ok(a=1.0), Outcome(outcome="ok", metrics={"a": 1.0})
    assert (short, repr(short)) == (long, repr(long))
    with pytest.raises(FrozenInstanceError):
        short.outcome = "fail"  # type: ignore[misc]


def test_two_oks_share_nothing_that_one_of_them_could_change():
    one, another = ok(), ok()
    assert one.metrics is not another.metrics


def test_a_fail_is_given_a_phrase_or_a_reason_with_its_detail():
    assert fail("no answer").why == Reason("no answer")
    seen = fail(Reason("unexpected status", "503"), status=503.0)
    assert (seen.reason, seen.why.phrase, seen.metrics) == (
        "unexpected status: 503",
        "unexpected status",
        {"status": 503.0},
    )


def test_none_has_a_reason_and_no_metrics():
    assert none("could not send") == Outcome(outcome="none", why=Reason("could not send"))


@pytest.mark.parametrize("kind", [AssetFaultError, OwnFaultError])
def test_a_fault_says_its_reason_as_text_and_keeps_phrase_and_detail_apart(kind):
    fault = kind("answer not understood", "begins with", "x\ny")
    assert (str(fault), fault.reason) == ("answer not understood: begins with: x y",) * 2
    assert (fault.why.phrase, fault.why.detail) == ("answer not understood", "begins with: x y")
    assert str(kind("no answer")) == "no answer"


async def raising(error: BaseException) -> Outcome:
    raise error


async def giving(outcome: Outcome) -> Outcome:
    return outcome


@pytest.mark.parametrize("wrapped", [judged, settled])
async def test_the_asset_s_fault_is_a_fail_with_its_metrics_and_ours_is_none(wrapped):
    assert await wrapped(giving(ok(rtt_ms=1.0))) == ok(rtt_ms=1.0)
    fault = AssetFaultError("unexpected status", 404, status=404.0)
    assert await wrapped(raising(fault)) == fail(Reason("unexpected status", "404"), status=404.0)
    assert await wrapped(raising(OwnFaultError("could not send", "no route"))) == none(
        Reason("could not send", "no route")
    )


async def test_what_else_a_look_raises_is_let_through_to_whoever_runs_one_look():
    with pytest.raises(ZeroDivisionError):
        await judged(raising(ZeroDivisionError()))


async def test_what_else_one_of_many_looks_raises_is_that_one_s_none(caplog):
    with caplog.at_level(logging.ERROR):
        assert await settled(raising(ZeroDivisionError("by zero"))) == none(Reason("bug", "ZeroDivisionError"))
    assert "ZeroDivisionError: by zero" in caplog.text


async def test_a_look_that_is_broken_off_is_no_outcome():
    import asyncio

    with pytest.raises(asyncio.CancelledError):
        await settled(raising(asyncio.CancelledError()))


@pytest.mark.parametrize(
    ("error", "reason", "leaves_a_traceback"),
    [
        (PermissionError(1, "Operation not permitted"), "PermissionError: Operation not permitted", False),
        (OSError("no number and no text of the system's"), "OSError: no number and no text of the system's", False),
        (FileNotFoundError(2, "No such file\nor directory"), "FileNotFoundError: No such file or directory", False),
        (ValueError("no port for 'x'"), "ValueError: no port for 'x'", True),
        (KeyError("secret"), "bug: KeyError", True),  # what it holds may be anything
    ],
)
def test_an_exception_that_is_ours_is_none_and_anything_but_the_system_s_word_is_logged(
    error, reason, leaves_a_traceback, caplog
):
    with caplog.at_level(logging.ERROR):
        seen = ours(error)
    assert (seen.outcome, seen.reason) == ("none", reason)
    assert bool(caplog.records) == leaves_a_traceback
