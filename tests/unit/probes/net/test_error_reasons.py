"""Which of the system's errors are a word from the other side, and what it is."""

from __future__ import annotations

import errno

import pytest

from probes.net.error_reasons import FROM_THE_WAY, OF_A_HANDSHAKE
from probes.reasons import CONNECT_TIMEOUT, REFUSED, SILENT, UNREACHABLE

OURS = (
    "EPERM",
    "EMFILE",
    "ENFILE",
    "ENOBUFS",
    "ENOMEM",
    "EADDRNOTAVAIL",
    "EADDRINUSE",
    "ENETDOWN",
    "EINVAL",
    "EBADF",
)


@pytest.mark.parametrize("name", OURS)
def test_what_only_this_machine_can_be_short_of_is_never_held_against_the_asset(name):
    number = getattr(errno, name)
    assert number not in FROM_THE_WAY
    assert number not in OF_A_HANDSHAKE


def test_a_refusal_is_the_host_s_own_word_and_the_rest_is_silence():
    assert {number for number, phrase in FROM_THE_WAY.items() if phrase == REFUSED} == {errno.ECONNREFUSED}
    assert {phrase for phrase in FROM_THE_WAY.values() if phrase != REFUSED} == {UNREACHABLE}
    assert UNREACHABLE in SILENT
    assert REFUSED not in SILENT


def test_a_connection_under_way_can_also_be_reset_or_run_out_of_time():
    assert OF_A_HANDSHAKE.keys() - FROM_THE_WAY.keys() == {errno.ECONNRESET, errno.ETIMEDOUT}
    assert (OF_A_HANDSHAKE[errno.ECONNRESET], OF_A_HANDSHAKE[errno.ETIMEDOUT]) == (REFUSED, CONNECT_TIMEOUT)
    assert all(OF_A_HANDSHAKE[number] == phrase for number, phrase in FROM_THE_WAY.items())
