"""The kinds `postgres` and `mysql` against real servers, and against strangers that pretend to be one."""

from __future__ import annotations

import asyncio
import struct
import threading

import pytest

from probes.kinds import mysql, postgres
from probes.registry import PROBES
from tests.support.patience import PATIENCE_S, until
from tests.support.servers.databases import PASSWORD, mariadb
from tests.support.servers.databases import postgres as postgres_server
from tests.support.servers.stranger import answering, certificate, closed_port, endless, silent, stranger

BOTH = pytest.mark.parametrize("module", [postgres, mysql], ids=["postgres", "mysql"])


@pytest.fixture(scope="module")
def servers(tmp_path_factory):
    made = certificate(tmp_path_factory.mktemp("tls"))
    with postgres_server(made) as first, mariadb() as second:
        yield {postgres: first, mysql: second, "certificate": made}


async def asked(module, port: int, *, timeout_s: float = PATIENCE_S, **options: object):
    return await module.probe(f"127.0.0.1:{port}", module.Options(user="probe", **options), timeout_s=timeout_s)


@pytest.fixture(autouse=True)
def _secret(monkeypatch):
    monkeypatch.setenv("PROBE_PASSWORD", PASSWORD)


def login(module) -> dict[str, str]:
    return {"password_env": "PROBE_PASSWORD", "database": "postgres" if module is postgres else "mysql"}


@pytest.mark.needs("pg_lsclusters", "mariadbd", "openssl")
@BOTH
async def test_a_server_that_lets_us_in_and_answers_is_ok(servers, module):
    seen = await asked(
        module, servers[module], query="SELECT 40 + 2", expect="42", **login(module) | {"database": None}
    )
    if module is postgres:
        assert seen.reason == 'query failed: database "probe" does not exist'
        seen = await asked(module, servers[module], query="SELECT 40 + 2", expect="42", **login(module))
    assert (seen.outcome, seen.reason) == ("ok", "")
    assert set(seen.metrics) == set(PROBES["mysql"].metrics)


@pytest.mark.needs("pg_lsclusters", "mariadbd", "openssl")
@pytest.mark.parametrize(("wanted", "outcome"), [("none", "none"), ("fail", "fail")])
@BOTH
async def test_a_refused_login_says_so_and_whose_fault_it_is_is_a_setting(
    servers, module, wanted, outcome, monkeypatch
):
    monkeypatch.setenv("PROBE_PASSWORD", "wrong")
    seen = await asked(module, servers[module], login_refused=wanted, **login(postgres))
    assert seen.outcome == outcome
    assert seen.reason.startswith("login refused: ")


@pytest.mark.needs("pg_lsclusters", "mariadbd", "openssl")
@BOTH
async def test_a_query_that_fails_and_one_that_says_something_else_fail(servers, module):
    more = login(module) | ({} if module is postgres else {"database": None})
    broken = await asked(module, servers[module], query="SELECT nothing_here", **more)
    other = await asked(module, servers[module], query="SELECT 'b'", expect="a", **more)
    assert broken.reason.startswith("query failed: ")
    assert (other.outcome, other.reason) == ("fail", "expected text missing: got: b")


@pytest.mark.needs("pg_lsclusters", "mariadbd", "openssl")
@BOTH
async def test_nothing_can_be_written(servers, module):
    more = login(module) | ({} if module is postgres else {"database": None})
    seen = await asked(module, servers[module], query="CREATE TABLE x (y int)", **more)
    assert seen.reason.startswith("query failed: ")


@pytest.mark.needs("pg_lsclusters", "mariadbd", "openssl")
@BOTH
async def test_a_result_without_end_is_too_much(servers, module):
    query = "SELECT repeat('x', 9000000)" if module is postgres else "SELECT REPEAT('x', 9000000)"
    more = login(module) | ({} if module is postgres else {"database": None})
    seen = await asked(module, servers[module], query=query, **more)
    assert (seen.outcome, seen.reason) == ("fail", "answer too large")


@pytest.mark.needs("pg_lsclusters", "mariadbd", "openssl")
async def test_tls_is_verified_where_it_is_asked_for(servers):
    good = await asked(postgres, servers[postgres], tls=True, ca_file=str(servers["certificate"]), **login(postgres))
    bad = await asked(postgres, servers[postgres], tls=True, **login(postgres))
    without = await asked(mysql, servers[mysql], tls=True, verify=False, **login(mysql))
    assert good.outcome == "ok"
    assert bad.reason == "certificate not valid: self-signed certificate"
    assert without.reason.startswith("TLS not offered")


@pytest.mark.needs("pg_lsclusters", "mariadbd", "openssl")
async def test_a_server_without_room_is_overloaded():
    with postgres_server(max_connections=4, superuser_reserved_connections=3) as port:
        plain = "CREATE USER plain PASSWORD 'x'"
        made = await asked(
            postgres, port, query=f"SET default_transaction_read_only = off; {plain}", **login(postgres)
        )
        assert made.outcome == "fail"  # a session of ours stays read-only: that user is not there
        looks = []
        while not (ended := [each.result() for each in looks if each.done()]):  # one more, until one does not fit
            looks.append(asyncio.create_task(asked(postgres, port, query="SELECT pg_sleep(3)", **login(postgres))))
            await asyncio.sleep(0.05)
        await asyncio.gather(*looks)
    assert ended[0].reason.startswith("overloaded: ")


# Strangers


@BOTH
async def test_a_closed_port_is_refused(module):
    with closed_port() as port:
        assert (await asked(module, port)).reason == "connection refused"


@BOTH
async def test_b1_a_silent_server_is_a_time_out_and_leaves_no_thread(module):
    before = threading.active_count()
    async with stranger(silent) as port:
        seen = await asyncio.gather(*(asked(module, port, timeout_s=2) for _ in range(40)))
    assert {each.reason for each in seen} == {"answer not complete in time"}
    await until(lambda: threading.active_count() <= before)  # the last of them may still be on its way out


GREETING = (
    b"\x0a8.0.0\0"
    b"\1\0\0\0" + b"x" * 8 + b"\0" + struct.pack("<HBHHB", 0xF7FF, 33, 2, 0x0001, 21) + bytes(10) + b"y" * 12 + b"\0"
)


def packet(body: bytes, number: int) -> bytes:
    return len(body).to_bytes(3, "little") + bytes([number]) + body


async def endless_login(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """A MySQL that asks for the password again and again."""
    writer.write(packet(GREETING, 0))
    number = 2
    while await reader.read(65_536):
        writer.write(packet(b"\xfemysql_native_password\0" + b"z" * 20 + b"\0", number % 256))
        number += 2


HOSTILE = [
    (postgres, answering(b"N", b"R\x7f\xff\xff\xff\0\0\0\0"), "connection broken off"),
    (postgres, endless(b"N", b"R\0\0\0\x0c\0\0\0\x05abcd" * 500), "answer too large"),
    (postgres, endless(b"N", b"N\0\0\0\x08\x4dab\0" * 500), "answer too large"),
    (postgres, answering(b"N", b"?\0\0\0\4"), "answer not understood"),
    (postgres, answering(b"N", b"R\0\0\0\x08\0\0\0\x63"), "answer not understood"),
    (postgres, answering(b"HTTP/1.1 400 Bad\r\n\r\n"), "connection broken off"),
    (mysql, endless_login, "answer"),
    (mysql, answering(), "answer not complete in time"),
    (mysql, endless(b"", b"\xff" * 65_536), "answer"),
]


@pytest.mark.parametrize(("module", "handle", "reason"), HOSTILE)
async def test_hostile_servers_end_in_time_and_are_their_own_fault(module, handle, reason):
    async with stranger(handle) as port:
        seen = await asked(module, port, timeout_s=2 if module is mysql else PATIENCE_S)
    assert (seen.outcome, seen.reason[: len(reason)]) == ("fail", reason)


async def test_a_password_that_is_not_where_it_should_be_is_ours(tmp_path):
    seen = await asked(postgres, 1, password_file=str(tmp_path / "gone"))
    assert (seen.outcome, seen.why.phrase) == ("none", "no password where it should be")


async def test_the_password_is_in_no_reason_and_no_repr(tmp_path):
    (tmp_path / "p").write_text("geheim\n")
    options = postgres.Options(password_file=str(tmp_path / "p"))
    assert "geheim" not in repr(options)
