"""One host looked at every minute on 2026-10-01, and the times of its only asset."""

from __future__ import annotations

from tests.support.timelines import availability, contract, result

HOST = "asset host server\ncheck host/icmp 60s\n"
ONE_DAY = {"term": "2026-10-01 2026-10-01"}
ALL_OF_OCTOBER = "host/icmp 10-01 00:00 ok 11-01 00:00\n"


def day(said: str, clause=None, **pieces):
    """2026-10-01 alone, 24 h."""
    return result(contract(clause or availability(), **(ONE_DAY | pieces)), HOST + said)


def times(found):
    """U, D, C, K in milliseconds, of the only asset."""
    (item,) = found.items
    return item.up, item.down, item.changing, item.unknown
