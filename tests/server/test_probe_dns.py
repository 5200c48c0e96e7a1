"""The `dns` kind against unbound, and against servers that lie."""

from __future__ import annotations

import dns.flags
import dns.message
import dns.rcode
import dns.rrset
import pytest
from pydantic import ValidationError

from probes.kinds.dns import Options, probe
from probes.registry import PROBES
from tests.support.patience import PATIENCE_S
from tests.support.ports import free_port
from tests.support.servers.daemons import answers, daemon, udp_stranger
from tests.support.servers.stranger import silent, stranger

NAME = "city.example."


@pytest.fixture(scope="module")
def unbound(tmp_path_factory):
    folder = tmp_path_factory.mktemp("unbound")
    port = free_port()
    data = [f"{NAME} 300 IN A 10.1.2.3", f"{NAME} 60 IN A 10.1.2.4", f"{NAME} 300 IN MX 10 mail.{NAME}"]
    data += [f'big.{NAME} 300 IN TXT "{index:03d}{"x" * 200}"' for index in range(40)]
    lines = [f"interface: 127.0.0.1@{port}", 'chroot: ""', 'username: ""', f'pidfile: "{folder / "pid"}"']
    lines += ["do-daemonize: no", "use-syslog: no", f'local-zone: "{NAME}" static', "do-not-query-localhost: no"]
    lines += ['root-hints: ""', "module-config: iterator"]
    lines += [f"local-data: '{each}'" for each in data]
    settings = folder / "unbound.conf"
    settings.write_text("server:\n" + "".join(f"  {line}\n" for line in lines))
    question = dns.message.make_query(NAME, "A").to_wire()
    with daemon(["unbound", "-d", "-c", str(settings)], folder / "log", answers(port, question)):
        yield f"127.0.0.1:{port}"


@pytest.mark.needs("unbound")
async def test_a_name_with_its_records_is_ok(unbound):
    seen = await probe(unbound, Options(query_name=NAME, record="A", expect=["10.1.2.3"]), timeout_s=PATIENCE_S)
    assert seen.outcome == "ok"
    assert seen.metrics["answers"] == 2
    assert set(seen.metrics) == set(PROBES["dns"].metrics)


@pytest.mark.needs("unbound")
@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"query_name": f"gone.{NAME}", "record": "A"}, "DNS error: NXDOMAIN"),
        ({"query_name": NAME, "record": "AAAA"}, "expected record missing: none of type: AAAA"),
        ({"query_name": NAME, "record": "A", "expect": ["10.9.9.9"]}, "expected record missing: 10.9.9.9"),
    ],
)
async def test_what_is_not_there_fails_and_is_named(unbound, options, reason):
    seen = await probe(unbound, Options(**options), timeout_s=PATIENCE_S)
    assert (seen.outcome, seen.reason) == ("fail", reason)


@pytest.mark.needs("unbound")
async def test_an_answer_cut_short_is_asked_for_again_by_tcp(unbound):
    seen = await probe(unbound, Options(query_name=f"big.{NAME}", record="TXT"), timeout_s=PATIENCE_S)
    assert (seen.outcome, seen.metrics["answers"]) == ("ok", 40)


@pytest.mark.needs("unbound")
async def test_it_may_be_asked_by_tcp_at_once(unbound):
    seen = await probe(
        unbound, Options(query_name=NAME, record="MX", expect="10 mail.city.example", tcp=True), timeout_s=PATIENCE_S
    )
    assert seen.outcome == "ok"


def lying(change) -> object:
    def reply(data: bytes) -> list[bytes]:
        answer = dns.message.make_response(dns.message.from_wire(data))
        answer.answer.append(dns.rrset.from_text(NAME, 60, "IN", "A", "10.1.2.3"))
        change(answer)
        return [answer.to_wire()]

    return reply


async def asked_of(reply, timeout_s: float = 1):
    async with udp_stranger(reply) as port:
        return await probe(f"127.0.0.1:{port}", Options(query_name=NAME, record="A"), timeout_s=timeout_s)


async def test_an_honest_answer_of_the_same_make_is_ok():
    assert (await asked_of(lying(lambda _answer: None))).outcome == "ok"


async def test_an_answer_with_another_number_is_no_answer():
    seen = await asked_of(lying(lambda answer: setattr(answer, "id", answer.id ^ 1)))
    assert (seen.outcome, seen.reason) == ("fail", "answer not understood")


async def test_a_server_that_fails_says_so():
    seen = await asked_of(lying(lambda answer: answer.set_rcode(dns.rcode.SERVFAIL)))
    assert seen.reason == "DNS error: SERVFAIL"


@pytest.mark.parametrize(
    "make",
    [
        lambda data: [data[:2] + b"\x81\x80\0\1\0\1\0\0\0\0" + b"\xc0\x0c" * 200],  # a name that points at itself
        lambda data: [data[:7]],
        lambda data: [data[:2] + b"\x81\x80" + b"\xff" * 65_000],
        lambda _data: [b"\0" * 60_000] * 2_000,
    ],
    ids=["a pointer loop", "broken off", "counts of 65535", "a flood"],
)
async def test_hostile_answers_end_in_time_and_are_the_servers_fault(make):
    seen = await asked_of(make)
    assert seen.outcome == "fail"
    assert seen.reason.startswith(("answer not understood", "answer too large"))


async def test_silence_is_no_answer():
    assert (await asked_of(lambda _data: [], timeout_s=1)).reason == "no answer"


async def test_a_closed_port_is_named_after_the_time_out():
    seen = await probe(f"127.0.0.1:{free_port()}", Options(), timeout_s=1)
    assert (seen.outcome, seen.reason) == ("fail", "connection refused")


async def test_a_server_that_accepts_and_ignores_is_a_time_out():
    async with stranger(silent) as port:
        seen = await probe(f"127.0.0.1:{port}", Options(tcp=True), timeout_s=1)
    assert seen.reason == "answer not complete in time"


async def test_a_server_whose_name_does_not_resolve_is_ours():
    assert (await probe("no-such-host.invalid", Options(), timeout_s=PATIENCE_S)).outcome == "none"


def test_a_name_that_is_none_is_refused():
    with pytest.raises(ValidationError):
        Options(query_name="a..b")
