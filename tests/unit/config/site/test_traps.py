"""`[traps]`: where they are taken, from whom, and where the secrets are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.input.mistakes import WantedError
from config.input.secrets import Secret
from config.site.traps import engine_ids, listening


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("127.0.0.1:1162", ("127.0.0.1", 1162)),
        ("[::1]:162", ("::1", 162)),
        ("0.0.0.0:65535", ("0.0.0.0", 65_535)),
        ("[2001:db8::1]:1", ("2001:db8::1", 1)),
    ],
)
def test_where_traps_are_taken_is_an_address_and_a_port(text, place):
    assert listening(text) == place


@pytest.mark.parametrize(
    "wrong",
    ["1162", "127.0.0.1", "::1:162", "127.0.0.1:0", "127.0.0.1:65536", "host:162", "", 162, None, "127.0.0.1:162\n"],
)
def test_what_is_no_address_with_a_port_is_refused(wrong):
    with pytest.raises(WantedError, match="an address of this machine and a port"):
        listening(wrong)


@given(st.lists(st.binary(min_size=5, max_size=32), max_size=4))
def test_law_engine_ids_are_hexadecimal_each_once_and_in_small_letters(ids):
    assert engine_ids([each.hex().upper() for each in ids]) == tuple(dict.fromkeys(each.hex() for each in ids))


@pytest.mark.parametrize("wrong", ["8000", "8000070", "zz" * 5, "00" * 33, 3, [3], None, ["8000070500", "x"]])
def test_what_is_no_engine_id_is_refused(wrong):
    with pytest.raises(WantedError, match="engine IDs in hexadecimal"):
        engine_ids(wrong)


def test_a_listener_knows_where_its_secrets_are_and_not_what_they_are(written):
    text = (
        '[traps]\nlisten = "127.0.0.1:1162"\ncommunity_file = "word"\nuser = "u"\nengines = "800007db03aabbccddee"\n'
        'auth_env = "SLA_TEST_AUTH"\nprivacy_file = "word"\nprivacy = "aes256"\nauth = "sha512"\n'
    )
    found = written.site(text, word="hidden-words\n").traps
    assert (found.address, found.port, found.user) == ("127.0.0.1", 1162, "u")
    assert (found.auth, found.privacy, found.engines) == ("sha512", "aes256", ("800007db03aabbccddee",))
    assert found.community == Secret(file=written.folder / "word", variable=None)
    assert found.auth_key == Secret(file=None, variable="SLA_TEST_AUTH")
    assert found.community.needed_text() == "hidden-words"
    assert "hidden-words" not in repr(found)


def test_without_the_table_no_traps_are_taken(written):
    assert written.site("").traps is None


@pytest.mark.parametrize(
    ("keys", "found"),
    [
        (
            'user = "u"',
            'site.toml:5: traps.user: got "u", wanted engines too: the engine IDs of the devices that send',
        ),
        (
            'community_file = "word"\ncommunity_env = "C"',
            "site.toml:5: traps.community_file: got both, wanted one of community_file and community_env",
        ),
        (
            'auth_file = "word"\nauth_env = "C"',
            "site.toml:5: traps.auth_file: got both, wanted one of auth_file and auth_env",
        ),
        (
            'privacy_file = "word"\nprivacy_env = "C"',
            "site.toml:5: traps.privacy_file: got both, wanted one of privacy_file and privacy_env",
        ),
        (
            'community_file = "none"',
            'site.toml:5: traps.community_file: got "none", wanted a file that can be read (No such file or directory)',
        ),
        (
            'auth = "sha1"',
            'site.toml:5: traps.auth: got "sha1", wanted one of md5, sha, sha224, sha256, sha384, sha512; did you mean "sha"?',
        ),
    ],
)
def test_what_contradicts_itself_is_told(written, keys, found):
    assert written.refused(f'[traps]\nlisten = "127.0.0.1:1162"\n{keys}\n', word="x") == [found]


def test_a_community_that_others_may_read_is_told(written):
    written.write("", word="public-not")
    (written.folder / "word").chmod(0o644)
    (found,) = written.refused('[traps]\nlisten = "127.0.0.1:1162"\ncommunity_file = "word"\n')
    assert found.endswith('got "word" with mode 644, wanted a file that only its owner may read: chmod 600 word')
    assert "public-not" not in found
