"""The example files load as they are, and say what the guides say of them."""

from __future__ import annotations

import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

import config
from config.input.mistakes import ConfigError
from config.site.file import load
from probes.registry import OPTIONS
from sla.contract.file import read_contract

EXAMPLES = Path(config.__file__).with_name("examples")


@pytest.fixture
def examples(tmp_path):
    shutil.copytree(EXAMPLES, tmp_path, dirs_exist_ok=True)
    (tmp_path / "vendor.url").chmod(0o600)
    return tmp_path


def test_the_example_site_loads_with_its_inventory(examples):
    site = load(examples / "site.toml", probe_options=OPTIONS)
    assert [asset.id for asset in site.assets] == ["core", "link-03", "platform", "cam-0001", "cam-0002", "cam-0003"]
    assert {check.id for check in site.checks} >= {"link-03/icmp", "platform/database", "cam-0002/rtsp"}
    camera = next(asset for asset in site.assets if asset.id == "cam-0002")
    assert camera.behind == ("link-03",)
    assert camera.tags == ("north", "路口")
    assert [check.reach for check in camera.checks] == [True, False]


def test_a_secret_that_others_may_read_is_refused(examples):
    (examples / "vendor.url").chmod(0o644)
    with pytest.raises(ConfigError, match="chmod 600"):
        load(examples / "site.toml", probe_options=OPTIONS)


def test_a_channel_shows_its_urls_to_nobody_who_prints_it(examples):
    (channel,) = load(examples / "site.toml", probe_options=OPTIONS).channels
    assert "password" in channel.urls()[0]
    assert "password" not in repr(channel)


def test_the_fingerprint_changes_with_any_file_of_the_site(examples):
    before = load(examples / "site.toml", probe_options=OPTIONS).fingerprint
    with (examples / "cameras.csv").open("a") as file:
        file.write("\n")
    assert load(examples / "site.toml", probe_options=OPTIONS).fingerprint != before


def test_an_inventory_saved_by_excel_in_china_is_read(examples):
    text = (examples / "cameras.csv").read_text(encoding="utf-8")
    (examples / "cameras.csv").write_bytes(text.encode("gb18030"))
    site = load(examples / "site.toml", probe_options=OPTIONS)
    assert site.assets[-1].name == "湛河公园南门"


def test_the_example_contract_loads():
    contract = read_contract(EXAMPLES / "contract.toml")
    assert contract.fee.total == Decimal("904100.00")
    assert [each.id for each in contract.obligations] == ["A1", "A2", "R1", "R2", "I1"]
    assert sum(each.points for each in contract.obligations) == 100


def test_a_centre_s_own_days_are_read_beside_the_contract(tmp_path):
    shutil.copy(EXAMPLES / "contract.toml", tmp_path)
    (tmp_path / "calendars").mkdir()
    (tmp_path / "calendars" / "2027.csv").write_text("date,kind\n2027-01-01,holiday\n2027-01-03,workday\n")
    contract = read_contract(tmp_path / "contract.toml")
    assert contract.public_days == {date(2027, 1, 1): False, date(2027, 1, 3): True}


def test_a_wrong_day_is_told_with_its_line(tmp_path):
    shutil.copy(EXAMPLES / "contract.toml", tmp_path)
    (tmp_path / "calendars").mkdir()
    (tmp_path / "calendars" / "2027.csv").write_text("date,kind\n2027-01-01,holiday\n2027-13-03,workday\n")
    with pytest.raises(ConfigError, match=r"2027\.csv:3: .* wanted a date like 2027-01-01"):
        read_contract(tmp_path / "contract.toml")


def test_the_full_example_has_every_kind_of_probe_once():
    site = load(EXAMPLES / "site-full.toml", probe_options=OPTIONS)
    assert {check.probe for check in site.checks} == set(OPTIONS)
    assert len([check for check in site.checks if check.probe != "icmp"]) == len(OPTIONS) - 1


def test_a_camera_s_password_that_others_may_read_is_refused_where_it_is_there(tmp_path):
    secret = tmp_path / "camera"
    secret.write_text("geheim")
    site = tmp_path / "site.toml"
    site.write_text(
        f"""
site = "s"
timezone = "Asia/Shanghai"
[[assets]]
id = "a"
kind = "camera"
address = "10.0.0.1"
[[assets.checks]]
probe = "rtsp"
user = "u"
password_file = "{secret}"
"""
    )
    secret.chmod(0o644)
    with pytest.raises(ConfigError, match="chmod 600 camera"):
        load(site, probe_options=OPTIONS)
    secret.chmod(0o600)
    assert load(site, probe_options=OPTIONS)
    secret.unlink()
    assert load(site, probe_options=OPTIONS), "it may be on the agent's machine only"
