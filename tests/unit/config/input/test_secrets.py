"""Secrets are read in one way, and what goes wrong names the place and never the secret."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.input.secrets import Secret, SecretMissingError, open_to_others


def kept(tmp_path, content: bytes) -> Secret:
    path = tmp_path / "secret"
    path.write_bytes(content)
    return Secret(file=path, variable=None)


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"pa ss\n", "pa ss"),
        (b"pass\r\nsecond line\n", "pass"),
        ("口令\n".encode(), "口令"),
        (b"", ""),
        (b"\nsecond\n", ""),
        (b" kept as it is ", " kept as it is "),
    ],
)
def test_the_secret_of_a_file_is_its_first_line(tmp_path, content, text):
    secret = kept(tmp_path, content)
    assert secret.text() == text
    assert secret.content() == content.decode().replace("\r\n", "\n")


def test_a_variable_is_the_secret_as_it_stands_and_is_asked_before_the_file(tmp_path, monkeypatch):
    monkeypatch.setenv("SLA_TEST_SECRET", "two\nlines")
    both = Secret(file=tmp_path / "none", variable="SLA_TEST_SECRET")
    assert both.text() == both.needed_text() == "two\nlines"
    assert both.place == "$SLA_TEST_SECRET"


def test_none_is_named_and_none_is_needed():
    nowhere = Secret(file=None, variable=None)
    assert (nowhere.text(), nowhere.needed_text(), nowhere.content(), nowhere.place) == ("", "", "", "")


def test_what_is_not_there_is_named(tmp_path, monkeypatch):
    monkeypatch.delenv("SLA_TEST_SECRET", raising=False)
    with pytest.raises(SecretMissingError, match=r"^no secret in \$SLA_TEST_SECRET$"):
        Secret(file=None, variable="SLA_TEST_SECRET").text()
    with pytest.raises(SecretMissingError) as refused:
        Secret(file=tmp_path / "none", variable=None).text()
    assert str(refused.value) == f"cannot read {tmp_path / 'none'} (No such file or directory)"
    assert refused.value.text("zh") == f"无法读取 {tmp_path / 'none'}（No such file or directory）"


def test_a_file_in_another_encoding_is_not_there_and_not_shown(tmp_path):
    with pytest.raises(SecretMissingError) as refused:
        kept(tmp_path, b"s\xe9cret").text()
    assert "cret" not in str(refused.value).replace(str(tmp_path / "secret"), "")


@pytest.mark.parametrize("content", [b"", b"\n", b"\r\n"])
def test_an_empty_secret_is_none_where_one_is_needed(tmp_path, content, monkeypatch):
    with pytest.raises(SecretMissingError, match="no secret in"):
        kept(tmp_path, content).needed_text()
    monkeypatch.setenv("SLA_TEST_SECRET", "")
    assert Secret(file=None, variable="SLA_TEST_SECRET").text() == ""
    with pytest.raises(SecretMissingError, match="no secret in"):
        Secret(file=None, variable="SLA_TEST_SECRET").needed_text()


@given(st.text(alphabet=st.characters(exclude_characters="\0\r\n", codec="utf-8"), min_size=1))
def test_a_secret_is_not_in_what_is_shown_of_it(tmp_path_factory, said):
    path = tmp_path_factory.mktemp("s") / "f"
    path.write_text(said, encoding="utf-8")
    secret = Secret(file=path, variable=None)
    assert secret.text() == said
    assert len(said) < 8 or said not in repr(secret)


@pytest.mark.parametrize(
    ("mode", "is_closed"), [(0o600, True), (0o400, True), (0o640, False), (0o604, False), (0o601, False)]
)
def test_only_the_owner_may_read_a_secret(tmp_path, mode, is_closed):
    secret = kept(tmp_path, b"x")
    secret.file.chmod(mode)
    found = open_to_others(secret.file)
    assert (found is None) == is_closed
    if found is not None:
        got, wanted = found
        assert got.text() == f'"secret" with mode {mode:o}'
        assert wanted.text() == "a file that only its owner may read: chmod 600 secret"
        assert wanted.text("zh") != wanted.text()


def test_the_mode_of_a_file_that_is_not_there_is_an_os_error(tmp_path):
    with pytest.raises(FileNotFoundError):
        open_to_others(tmp_path / "none")
