"""A walk through a table ends, whatever the device says comes next."""

from __future__ import annotations

import pytest

from probes.faults import AssetFaultError
from probes.snmp.walk import MOST_ROWS, walked

BASE = "1.3.6.1.2.1.2.2.1.8"


class Session:
    """Says these rows by GETBULK, and those by GETNEXT; keeps how it was asked."""

    def __init__(self, bulk=(), following=()) -> None:
        self._rows = {"bulk": bulk, "next": following}
        self.asked: list[str] = []

    async def _said(self, way: str, base: str):
        assert base == BASE
        self.asked.append(way)
        for row in self._rows[way]:
            yield row

    def getbulk(self, base: str):
        return self._said("bulk", base)

    def getnext(self, base: str):
        return self._said("next", base)


def rows(*indexes: str):
    return [(f"{BASE}.{index}", n) for n, index in enumerate(indexes)]


async def test_rows_come_by_the_rest_of_their_oid():
    session = Session(rows("1", "2", "10", "10.1"))
    assert await walked(session, BASE) == {"1": 0, "2": 1, "10": 2, "10.1": 3}
    assert session.asked == ["bulk"]


async def test_an_agent_that_knows_no_getbulk_is_asked_row_by_row():
    session = Session((), rows("1", "2"))
    assert await walked(session, BASE) == {"1": 0, "2": 1}
    assert session.asked == ["bulk", "next"]


async def test_a_table_that_is_not_there_is_empty():
    assert await walked(Session(), BASE) == {}


@pytest.mark.parametrize("indexes", [("1", "1"), ("2", "1"), ("1", "3", "2"), ("10", "9"), ("1.1", "1")])
async def test_rows_that_do_not_come_in_order_would_go_round_for_ever(indexes):
    with pytest.raises(AssetFaultError, match="^answer not understood: a walk that goes round$"):
        await walked(Session(rows(*indexes)), BASE)


async def test_as_many_rows_as_are_allowed_are_read_and_one_more_is_too_much():
    most = [str(n) for n in range(MOST_ROWS)]
    assert len(await walked(Session(rows(*most)), BASE)) == MOST_ROWS
    with pytest.raises(AssetFaultError, match="^answer too large: rows of a table$"):
        await walked(Session(rows(*most, str(MOST_ROWS))), BASE)
