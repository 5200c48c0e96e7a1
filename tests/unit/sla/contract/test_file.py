"""Contract files (SPEC section 5): official days beside them, and refusals that no single mistake shows.

Single mistakes, each with its exact words, are `tests/bad_config/contract`.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from config.input.mistakes import ConfigError
from sla.contract.clause import Validity
from sla.contract.file import read_contract, read_days

TEXT = """\
contract = "C"
title = "t"
timezone = "Asia/Shanghai"
customer = { name = "甲" }
vendor = { name = "乙" }
term = { from = 2026-01-01, to = 2026-12-31 }
fee = { total = "12.00" }
"""

REPAIR = "id = 'R'\nclause = '5'\nkind = 'repair'\ntitle = 't'\nstage = 'restore'\nlimit = '4h'\n"


def contract(folder, more: str = "", text: str = TEXT):
    path = folder / "contract.toml"
    path.write_text(text + more, encoding="utf-8")
    return read_contract(path)


def refusals(folder, more: str = "", text: str = TEXT) -> list[str]:
    with pytest.raises(ConfigError) as refused:
        contract(folder, more, text)
    return [line.replace(f"{folder}/", "") for line in str(refused.value).splitlines()]


def days_file(folder, text: str | bytes, name: str = "2027.csv"):
    (folder / "calendars").mkdir(exist_ok=True)
    (folder / "calendars" / name).write_bytes(text if isinstance(text, bytes) else text.encode())


def test_the_least_contract_has_the_defaults_of_the_text(tmp_path):
    found = contract(tmp_path)
    assert (found.fee.currency, found.fee.deduction_cap, found.measurement.max_gap) == ("CNY", None, 3)
    assert (found.maintenance.notice, found.obligations, found.bands) == (None, (), ())
    assert (found.fee.monthly, found.fee.changes, found.unassessable) == (None, (), "drop")


def test_what_an_amendment_says_is_read(tmp_path):
    fee = '[fee]\nmonthly = "8000.00"\n[[fee.changes]]\nfrom = "2026-12"\nmonthly = "1"\n[[fee.changes]]\n'
    fee += 'from = "2026-10"\nmonthly = "7500.50"\n[measurement]\nbackdate = "1h"\n[score]\nunassessable = "met"\n'
    fee += f'[[obligations]]\n{REPAIR}valid = {{ from = 2026-10-01 }}\nclock = "notified"\nnotify_within = "15m"\n'
    found = contract(tmp_path, fee, TEXT.replace('fee = { total = "12.00" }\n', ""))
    (clause,) = found.obligations
    assert (found.fee.total, found.fee.monthly) == (None, Decimal("8000.00"))
    assert [(each.begins, str(each.monthly)) for each in found.fee.changes] == [
        ("2026-10", "7500.50"),
        ("2026-12", "1"),
    ]
    assert (found.measurement.backdate, found.unassessable) == (3_600_000, "met")
    assert (clause.valid, clause.notify_within) == (Validity(first=date(2026, 10, 1)), 900_000)


def test_a_centres_days_are_read_from_beside_the_contract(tmp_path):
    days_file(tmp_path, "\ufeffdate,kind\n2027-01-01,holiday\n2027-01-03, workday \n")
    days_file(tmp_path, "date,kind\n2027-01-01,holiday\n", "more.csv")
    assert contract(tmp_path).public_days == {date(2027, 1, 1): False, date(2027, 1, 3): True}


def test_without_a_folder_of_calendars_there_are_no_days(tmp_path):
    assert read_days(tmp_path / "calendars") == ({}, [])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("date,kind\n2027-01-01,feast\n", "calendars/2027.csv:2: got "),
        ("date,kind\n2027-01-32,holiday\n", "a date like 2027-01-01"),
        ("day,kind\n2027-01-01,holiday\n", "calendars/2027.csv:2: got "),
        ("date,kind\n2027-01-01,holiday\n2027-01-01,workday\n", "calendars/2027.csv:3: date: got 2027-01-01"),
        (b"\xff\xfe", "calendars/2027.csv:1: got "),
    ],
)
def test_a_wrong_line_of_a_centres_days_is_refused_with_its_place(tmp_path, text, said):
    days_file(tmp_path, text)
    (line,) = refusals(tmp_path)
    assert said in line


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (
            "[measurement]\nmax_gap = 0.5\n",
            "contract.toml:9: measurement.max_gap: got 0.5, wanted a number of intervals",
        ),
        (
            "[measurement]\nmax_gap = true\n",
            "contract.toml:9: measurement.max_gap: got true, wanted a number of intervals",
        ),
        ("obligations = [5]\n", "contract.toml:8: obligations[0]: got 5, wanted a table"),
        (
            "[[obligations]]\nid = 'A'\n",
            "contract.toml:8: obligations[0].kind: got nothing, wanted one of availability",
        ),
        (
            "[[obligations]]\nkind = ['a']\n",
            'contract.toml:9: obligations[0].kind: got ["a"], wanted one of availability',
        ),
        ("[[score.bands]]\nfrom = 101\ngrade = 'A'\npay = '1%'\n", "contract.toml:9: score.bands[0].from: got 101"),
        ("calendars = 5\n", "contract.toml:8: calendars: got 5, wanted a table"),
    ],
)
def test_a_mistake_is_told_with_its_line(tmp_path, more, said):
    assert refusals(tmp_path, more)[0].startswith(said)


def test_a_term_is_within_what_calendars_can_reckon_with(tmp_path):
    text = TEXT.replace("2026-01-01", "1899-01-01")
    assert "years from 1900 to 9000" in refusals(tmp_path, text=text)[0]


def test_every_mistake_is_told_at_once(tmp_path):
    days_file(tmp_path, "date,kind\nx,holiday\n")
    lines = refusals(tmp_path, "[measurement]\ndoubt = 'nobody'\nsettel = '2m'\n", TEXT.replace('"12.00"', "12.5"))
    assert len(lines) == 4


def test_how_long_records_are_kept_is_said_in_years(tmp_path):
    assert contract(tmp_path).keep_years == 15
    assert contract(tmp_path, "[records]\nkeep_years = 30\n").keep_years == 30
