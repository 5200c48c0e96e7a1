"""What several tests of real servers share."""

from __future__ import annotations

import pytest

from tests.support.snmp.snmpd import AUTH, LOGINS, PRIVACY


@pytest.fixture(params=LOGINS)
def snmp_login(request, monkeypatch):
    """Options that log in to the agents of tests, by each version."""
    monkeypatch.setenv("AUTH", AUTH)
    monkeypatch.setenv("PRIVACY", PRIVACY)
    return LOGINS[request.param]
