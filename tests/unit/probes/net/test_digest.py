"""Answers to digest challenges, against the examples of the RFCs."""

from __future__ import annotations

import pytest

from probes.faults import OwnFaultError
from probes.net.digest import WebLogin, authorization
from probes.net.login import WebLoginOptions, login_of

MUFASA = WebLogin("Mufasa", "Circle of Life")
COMMON = 'Digest realm="http-auth@example.org", qop="auth, auth-int", nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="x"'
OURS = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"


@pytest.mark.parametrize(
    ("algorithm", "response"),
    [
        ("MD5", "8ca523f5e9506fed4657c9700eebdbec"),
        ("SHA-256", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"),
    ],
)
def test_the_examples_of_rfc_7616_come_out(algorithm, response):
    said = authorization([f"{COMMON}, algorithm={algorithm}"], "GET", "/dir/index.html", MUFASA, nonce_of_ours=OURS)
    assert f'response="{response}"' in said


def test_the_example_of_rfc_2069_comes_out():
    challenge = 'Digest realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093"'
    said = authorization([challenge], "GET", "/dir/index.html", WebLogin("Mufasa", "CircleOfLife"))
    assert 'response="1949323746fe6a43ef61f9606e7febea"' in said
    assert "qop" not in said


def test_the_better_of_two_challenges_is_taken_and_basic_only_for_want_of_another():
    assert "algorithm=SHA-256" in authorization(
        ["Basic realm=x", COMMON, f"{COMMON}, algorithm=SHA-256"], "GET", "/", MUFASA
    )
    assert authorization(["Basic realm=x"], "GET", "/", WebLogin("a", "b", in_clear=True)) == "Basic YTpi"


def test_the_password_is_not_sent_in_the_clear_unless_that_is_allowed():
    with pytest.raises(OwnFaultError, match="wanted in the clear"):
        authorization(["Basic realm=x"], "GET", "/", WebLogin("a", "b"))
    assert login_of(WebLoginOptions(user="a"), is_private=False).in_clear is False
    assert login_of(WebLoginOptions(user="a", basic=True), is_private=False).in_clear is True
    assert login_of(WebLoginOptions(user="a"), is_private=True).in_clear is True


def test_a_way_that_we_do_not_know_is_not_answered():
    assert authorization(["Negotiate"], "GET", "/", MUFASA) is None


def test_nothing_of_a_challenge_can_end_a_line():
    assert "\n" not in authorization(['Digest realm="a\r\nX: y", nonce="z"'], "GET", "/", MUFASA)
