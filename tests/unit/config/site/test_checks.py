"""Checks of a site file: what each is made of, what its own keys override, and what does not go together."""

from __future__ import annotations

import pytest

from config.input.mistakes import ConfigError
from config.input.models import CheckOptions, SecretFile, Word
from config.site.file import load
from tests.unit.config.site.conftest import HEAD

CAMERA = '[[assets]]\nid = "cam"\nkind = "camera"\naddress = "10.0.0.1"\n'


TOGETHER = "wanted an address, a time-out and options that go together"


def check(keys: str) -> str:
    return f"{CAMERA}[[assets.checks]]\n{keys}\n"


def test_a_check_has_what_the_defaults_say_and_what_it_says_itself(written):
    text = '[defaults]\ninterval = "5m"\ntimeout = "3s"\ntries = 4\nretry_pause = "1s"\nseverity = "minor"\n'
    (plan,) = written.site(text + check('probe = "tcp"\nport = 80\ntimeout = "1s"\nseverity = "critical"')).checks
    assert (plan.interval_ms, plan.timeout_ms, plan.tries, plan.retry_pause_ms) == (300_000, 1_000, 4, 1_000)
    assert (plan.severity, plan.counts, plan.reach) == ("critical", True, False)
    assert plan.failing_interval_ms == 10_000
    assert plan.options.port == 80


def test_without_defaults_a_check_is_looked_at_each_minute(written):
    (plan,) = written.site(check('probe = "icmp"')).checks
    assert (plan.id, plan.asset, plan.probe, plan.address) == ("cam/icmp", "cam", "icmp", "10.0.0.1")
    assert (plan.interval_ms, plan.timeout_ms, plan.tries, plan.retry_pause_ms) == (60_000, 2_000, 2, 500)


def test_a_check_may_have_a_name_and_an_address_of_its_own(written):
    (plan,) = written.site(check('probe = "icmp"\nname = "far"\naddress = "10.0.0.9"\nreach = true')).checks
    assert (plan.id, plan.address, plan.reach) == ("cam/far", "10.0.0.9", True)


def test_a_failing_check_is_never_looked_at_less_often(written):
    (plan,) = written.site(check('probe = "icmp"\ninterval = "5s"\nfailing_interval = "10m"')).checks
    assert plan.failing_interval_ms == 5_000


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ('probe = "icmp"\ncount = "x"', 'site.toml:9: assets[0].checks[0].count: got "x", wanted a whole number'),
        ("counts = true", "site.toml:7: assets[0].checks[0].probe: got nothing, wanted this key"),
        (
            'probe = "icmpp"',
            'site.toml:8: assets[0].checks[0].probe: got "icmpp", wanted a probe kind: icmp, tcp, snapshot; did you mean "icmp"?',
        ),
        (
            'probe = "icmp"\ntimeout = "2m"',
            "site.toml:7: assets[0].checks[0]: got timeout 120000 ms, interval 60000 ms, wanted a time-out above 0 and within the interval",
        ),
        ('probe = "icmp"\ntries = 11', "site.toml:9: assets[0].checks[0].tries: got 11, wanted a number at most 10"),
        (
            'probe = "tcp"',
            f"site.toml:7: assets[0].checks[0]: got no port for '10.0.0.1': give `port`, or host:port, {TOGETHER}",
        ),
    ],
)
def test_what_is_wrong_with_a_check_is_told_with_its_line(written, keys, message):
    assert written.refused(check(keys)) == [message]


def test_a_check_that_is_no_table_is_told(written):
    text = CAMERA.replace("address", "checks = [3]\naddress")
    assert written.refused(text) == ["site.toml:6: assets[0].checks[0]: got 3, wanted a table"]


def test_an_unknown_key_of_a_check_names_the_keys_of_all_checks_and_of_its_probe(written):
    (found,) = written.refused(check('probe = "tcp"\nport = 80\nprot = 81'))
    assert "got an unknown key, wanted one of address, counts, " in found
    assert "port, probe, reach" in found
    assert found.endswith('did you mean "port"?')


def test_of_several_mistakes_of_a_check_all_are_told(written):
    found = written.refused(check('probe = "tcp"\nport = 70000\ninterval = "1"\nreach = "yes"'))
    assert [line.split(":")[2].strip() for line in found] == [
        "assets[0].checks[0].port", "assets[0].checks[0].interval", "assets[0].checks[0].reach"
    ]  # fmt: skip


SETS = """
inventory = "a.csv"
[probes.ping]
probe = "icmp"
reach = true
[probes.web]
probe = "tcp"
address = "10.0.0.99"
port = 443
"""


def test_a_row_of_an_inventory_asks_for_sets_and_bare_kinds(written):
    rows = "id,kind,address,probes\nc1,camera,10.0.0.1,ping;web\nc2,camera,10.0.0.2,icmp\n"
    checks = {plan.id: plan for plan in written.site(SETS, a__csv=rows).checks}
    assert list(checks) == ["c1/ping", "c1/web", "c2/icmp"]
    assert (checks["c1/ping"].address, checks["c1/ping"].reach) == ("10.0.0.1", True)
    assert checks["c1/web"].address == "10.0.0.99"
    assert checks["c2/icmp"].address == "10.0.0.2"


def test_the_address_of_a_row_must_go_with_the_set(written):
    rows = "id,kind,address,probes\nc1,camera,http://10.0.0.1/,ping\n"
    assert written.refused(SETS, a__csv=rows) == [
        f"a.csv:2: address: got 'http://10.0.0.1/' is not a host alone, without port or scheme, {TOGETHER}"
    ]


def test_a_set_that_is_wrong_is_told_once_and_not_for_each_row(written):
    rows = "id,kind,address,probes\nc1,camera,10.0.0.1,ping\nc2,camera,10.0.0.2,ping\n"
    text = SETS.replace("reach = true", 'reach = "yes"')
    assert written.refused(text, a__csv=rows) == ['site.toml:7: probes.ping.reach: got "yes", wanted true or false']


def test_passwords_that_others_may_read_are_told_of_a_check(written):
    written.write("", word="secret")
    (written.folder / "word").chmod(0o640)
    text = check(
        f'probe = "snapshot"\naddress = "http://10.0.0.1/"\nuser = "u"\npassword_file = "{written.folder}/word"'
    )
    (found,) = written.refused(text)
    assert found == (
        'site.toml:11: assets[0].checks[0].password_file: got "word" with mode 640, '
        "wanted a file that only its owner may read: chmod 600 word"
    )


class Knocking(CheckOptions):
    """Options of a made-up kind whose secret has a name of its own, beside a file that is none."""

    knock_sheet: SecretFile | None = None
    map_file: Word | None = None


@pytest.mark.parametrize(
    ("key", "mode", "is_refused"),
    [
        ("knock_sheet", 0o640, True),
        ("knock_sheet", 0o604, True),
        ("knock_sheet", 0o600, False),
        ("map_file", 0o644, False),
    ],
)
def test_what_is_a_secret_file_is_said_by_its_type_and_not_by_its_name(written, key, mode, is_refused):
    path = written.write(HEAD + check(f'probe = "knocking"\n{key} = "{written.folder}/sheet"'), sheet="secret")
    (written.folder / "sheet").chmod(mode)
    if not is_refused:
        (plan,) = load(path, probe_options={"knocking": Knocking}).checks
        assert getattr(plan.options, key) == f"{written.folder}/sheet"
        return
    with pytest.raises(ConfigError) as refused:
        load(path, probe_options={"knocking": Knocking})
    (mistake,) = refused.value.mistakes
    assert mistake.key == "assets[0].checks[0].knock_sheet"
    assert mistake.got.text() == f'"sheet" with mode {mode:o}'
    assert mistake.wanted.text() == "a file that only its owner may read: chmod 600 sheet"


def test_a_secret_file_that_is_not_there_yet_is_no_mistake(written):
    path = written.write(HEAD + check(f'probe = "knocking"\nknock_sheet = "{written.folder}/later"'))
    (plan,) = load(path, probe_options={"knocking": Knocking}).checks
    assert plan.options.knock_sheet == f"{written.folder}/later"
