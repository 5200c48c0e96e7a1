"""A site's values: channels give their URLs when they are needed, and never before."""

from __future__ import annotations

import pytest

from config.input.secrets import SecretMissingError
from config.site.model import Channel, CheckPlan, Site, SiteAsset


def channel(**keys):
    return Channel(name="vendor", party="vendor", **keys)


def check(name, **keys):
    return CheckPlan(
        id=name,
        asset="a",
        probe="tcp",
        address="127.0.0.1",
        interval_ms=60_000,
        timeout_ms=2_000,
        tries=2,
        retry_pause_ms=500,
        failing_interval_ms=10_000,
        severity="major",
        counts=True,
        reach=False,
        options=None,
        **keys,
    )


def test_urls_are_lines_without_blanks_and_remarks(tmp_path):
    file = tmp_path / "v.url"
    file.write_text("# whom we alert\n\n  json://one.example/x  \n  # two\nmailto://two.example\n", encoding="utf-8")
    assert channel(url_file=file).urls() == ("json://one.example/x", "mailto://two.example")


def test_urls_may_stand_in_a_variable(monkeypatch):
    monkeypatch.setenv("SLA_TEST_URL", "json://one.example\njson://two.example")
    assert channel(url_env="SLA_TEST_URL").urls() == ("json://one.example", "json://two.example")


@pytest.mark.parametrize("content", ["", "\n\n", "# nothing\n"])
def test_a_file_without_a_url_is_told_with_channel_and_file(tmp_path, content):
    file = tmp_path / "v.url"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(SecretMissingError) as refused:
        channel(url_file=file).urls()
    assert str(refused.value) == f"channel vendor: no URL in {file}"
    assert refused.value.text("zh") == f"渠道 vendor：{file} 中没有 URL"


def test_a_file_that_cannot_be_read_and_a_variable_that_is_not_there_are_told(tmp_path, monkeypatch):
    with pytest.raises(SecretMissingError, match=r"^channel vendor: cannot read .* \(No such file or directory\)$"):
        channel(url_file=tmp_path / "none").urls()
    monkeypatch.delenv("SLA_TEST_URL", raising=False)
    with pytest.raises(SecretMissingError, match=r"^channel vendor: no URL in \$SLA_TEST_URL$"):
        channel(url_env="SLA_TEST_URL").urls()


def test_a_channel_of_neither_has_no_url():
    with pytest.raises(SecretMissingError, match="no URL in"):
        channel().urls()


def test_the_checks_of_a_site_are_those_of_its_assets_in_order():
    assets = [
        SiteAsset(id=name, kind="x", name=name, address="", checks=(check(f"{name}/1"), check(f"{name}/2")))
        for name in "ba"
    ]
    site = Site(site="s", name="s", timezone="Asia/Shanghai", assets=tuple(assets))
    assert [each.id for each in site.checks] == ["b/1", "b/2", "a/1", "a/2"]


def test_options_are_no_part_of_what_makes_two_checks_one():
    assert check("a/1") == check("a/1")
    assert hash(check("a/1")) == hash(check("a/1"))
