"""A contract of one clause, read from its text: the clause, or every mistake without the file's place."""

from __future__ import annotations

import pytest

from config.input.mistakes import ConfigError
from sla.contract.file import read_contract

HEAD = """\
contract = "T"
title = "t"
timezone = "Asia/Shanghai"
customer = { name = "甲" }
vendor = { name = "乙" }
term = { from = 2026-01-01, to = 2026-12-31 }
fee = { total = "12000.00" }
calendars.office = { days = "workdays", hours = ["09:00-18:00"] }

[[obligations]]
id = "X1"
clause = "4.1"
title = "某项"
"""


@pytest.fixture
def read(tmp_path):
    """(kind, the keys of its table as TOML) → the clause."""

    def clause(kind, keys):
        path = tmp_path / "contract.toml"
        path.write_text(f'{HEAD}kind = "{kind}"\n{keys}\n', encoding="utf-8")
        (only,) = read_contract(path).obligations
        return only

    return clause


@pytest.fixture
def refused(read):
    """(kind, the keys of its table as TOML) → what is wrong with it: `key: got …, wanted …`, a line a mistake."""

    def mistakes(kind, keys):
        with pytest.raises(ConfigError) as found:
            read(kind, keys)
        return [line.partition(": ")[2].replace("obligations[0].", "") for line in str(found.value).splitlines()]

    return mistakes
