"""Who we are to an asset: where passwords are read, and what becomes of a login that is refused."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from probes.faults import AssetFaultError, OwnFaultError
from probes.net.login import LoginOptions, WebLoginOptions, login_of, password, refused, secret


@pytest.fixture
def file(tmp_path):
    found = tmp_path / "secret"
    found.write_text("pässwort\r\nnot this\n", encoding="utf-8")
    return str(found)


def test_a_secret_is_the_first_line_of_its_file(file):
    assert secret(file, None) == "pässwort"


def test_a_secret_of_the_environment_is_all_of_the_variable_and_comes_first(file, monkeypatch):
    monkeypatch.setenv("SECRET", "two\nlines")
    assert secret(file, "SECRET") == "two\nlines"


def test_nothing_named_is_no_secret():
    assert secret(None, None) == ""


@pytest.mark.parametrize("content", [None, b"\xff\xfe\xff"])
def test_a_file_that_cannot_be_read_is_ours_and_is_named(tmp_path, content):
    path = tmp_path / "secret"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(OwnFaultError) as fault:
        secret(str(path), None)
    assert fault.value.reason == f"no password where it should be: {path}"


def test_a_variable_that_is_not_set_is_ours_and_is_named_not_its_file(file, monkeypatch):
    monkeypatch.delenv("SECRET", raising=False)
    with pytest.raises(OwnFaultError) as fault:
        secret(file, "SECRET")
    assert fault.value.reason == "no password where it should be: SECRET"


def test_without_a_user_nobody_logs_in_and_no_secret_is_read(tmp_path):
    options = WebLoginOptions(password_file=str(tmp_path / "nothing"))
    assert login_of(options, is_private=True) is None


@pytest.mark.parametrize(
    ("is_private", "basic", "in_clear"),
    [(True, False, True), (False, False, False), (False, True, True), (True, True, True)],
)
def test_a_password_goes_in_the_clear_only_within_tls_or_where_the_site_allows_it(file, is_private, basic, in_clear):
    found = login_of(WebLoginOptions(user="admin", password_file=file, basic=basic), is_private=is_private)
    assert found == ("admin", "pässwort", in_clear)


def test_the_password_of_options_is_read_when_it_is_needed(file):
    options = LoginOptions(user="admin", password_file=file)
    assert "pässwort" not in repr(options)
    assert password(options) == "pässwort"


@pytest.mark.parametrize(("way", "kind"), [("none", OwnFaultError), ("fail", AssetFaultError)])
def test_whose_fault_a_refused_login_is_the_site_says(way, kind):
    fault = refused(LoginOptions(login_refused=way), 401)
    assert type(fault) is kind
    assert fault.reason == "login refused: 401"
    assert refused(LoginOptions(login_refused=way)).reason == "login refused"


def test_a_refused_login_is_nothing_else():
    with pytest.raises(ValidationError):
        LoginOptions(login_refused="ok")
