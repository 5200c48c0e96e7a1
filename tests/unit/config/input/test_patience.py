"""How often a fail is looked at again: as the check says, as `[defaults]` says, as the kind wants, as is usual."""

from __future__ import annotations

import pytest

from config.input.mistakes import ConfigError
from config.site.file import load
from probes.registry import OPTIONS

SITE = """\
site = "s"
timezone = "Asia/Shanghai"
{defaults}
[[assets]]
id = "cam"
kind = "camera"
address = "rtsp://10.0.0.1/1"
[[assets.checks]]
probe = "{probe}"
{check}
"""


def confirmed(tmp_path, probe: str = "frame", check: str = "", defaults: str = "") -> tuple[int, int]:
    path = tmp_path / "site.toml"
    path.write_text(SITE.format(probe=probe, check=check, defaults=defaults and f"[defaults]\n{defaults}"))
    (plan,) = load(path, probe_options=OPTIONS).checks
    return plan.tries, plan.retry_pause_ms


@pytest.mark.parametrize(("probe", "wanted"), [("frame", (3, 20_000)), ("snapshot", (3, 20_000)), ("tcp", (2, 500))])
def test_a_kind_may_want_more_looks_further_apart(tmp_path, probe, wanted):
    check = {"tcp": "port = 1", "snapshot": 'address = "http://10.0.0.1/"'}.get(probe, "")
    assert confirmed(tmp_path, probe, check=check) == wanted


@pytest.mark.parametrize(
    ("check", "defaults", "wanted"),
    [
        ("tries = 5", "", (5, 11_000)),  # 54 s - 5 tries of 2 s, in 4 pauses
        ('retry_pause = "1s"', "", (3, 1_000)),
        ('tries = 1\nretry_pause = "0s"', "", (1, 0)),
        ("", "tries = 2", (2, 20_000)),
        ("", 'retry_pause = "1s"', (3, 1_000)),
        ("tries = 4", 'tries = 2\nretry_pause = "1s"', (4, 1_000)),
    ],
)
def test_what_the_site_file_says_comes_first(tmp_path, check, defaults, wanted):
    assert confirmed(tmp_path, check=check, defaults=defaults) == wanted


@pytest.mark.parametrize(
    ("check", "wanted"),
    [
        ('interval = "5m"\ntimeout = "10s"', 20_000),
        ('timeout = "10s"', 12_000),  # 54 s - 3 tries of 10 s, in 2 pauses
        ('interval = "20s"\ntimeout = "5s"', 1_500),
        ('timeout = "60s"', 500),  # cannot fit: as is usual
    ],
)
def test_the_pause_gives_way_so_that_a_turn_is_over_before_the_next(tmp_path, check, wanted):
    assert confirmed(tmp_path, check=check) == (3, wanted)


def test_a_time_out_that_ends_before_a_frozen_picture_can_be_told_is_refused_with_the_site_file(tmp_path):
    with pytest.raises(ConfigError, match="timeout 2000 ms with watch 2000 ms, which wants 5000 ms"):
        confirmed(tmp_path, check='watch = "2s"')
    assert confirmed(tmp_path, check='watch = "2s"\ntimeout = "5s"')
