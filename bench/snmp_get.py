"""CPU seconds of 1,000 GETs of 8 values: our one place that speaks SNMP beside pysnmp, both against Debian's snmpd.

Run from the project's folder; the whole process is counted, imports left out. pysnmp has one shared engine. The last
line is of checks of 150 devices of v3, more than have sockets that stay open (all are the one snmpd).
"""

from __future__ import annotations

import asyncio
import os
import resource
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from pysnmp.hlapi.v3arch.asyncio import (
    CommunityData,
    ContextData,
    ObjectIdentity,
    ObjectType,
    SnmpEngine,
    UdpTransportTarget,
    UsmUserData,
    get_cmd,
    usmAesCfb128Protocol,
    usmHMAC192SHA256AuthProtocol,
)

from probes.batch import ProbeRequest
from probes.net.connection import Deadline
from probes.registry import PROBES
from probes.snmp.options import SnmpOptions
from probes.snmp.session import SnmpDevice
from tests.support.snmp.snmpd import AUTH, PRIVACY, USER, snmpd

TIMES = 1_000
ROUNDS = 3
DEVICES = 150
OIDS = [f"1.3.6.1.2.1.2.2.1.{column}.1" for column in (7, 8, 9, 10, 13, 14, 16, 19)]


def spent_s() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def options(version: str) -> SnmpOptions:
    if version == "2c":
        return SnmpOptions()
    return SnmpOptions(version="3", user=USER, auth="sha256", auth_env="BENCH_AUTH", privacy_env="BENCH_PRIVACY")


async def ours(port: int, version: str, times: int, at_once: int = 1) -> None:
    devices = [SnmpDevice(f"127.0.0.1:{port}", options(version)) for _ in range(at_once)]
    for _ in range(times // at_once):
        for found in await asyncio.gather(*(device.values(OIDS, Deadline(5)) for device in devices)):
            assert len(found) == len(OIDS) + 1  # sysUpTime comes with all


async def as_the_agent(port: int, version: str, times: int) -> None:
    """Devices are due together."""
    await ours(port, version, times, at_once=10)


async def pysnmp(port: int, version: str, times: int) -> None:
    engine, context = SnmpEngine(), ContextData()
    target = await UdpTransportTarget.create(("127.0.0.1", port))
    user = UsmUserData(USER, AUTH, PRIVACY, usmHMAC192SHA256AuthProtocol, usmAesCfb128Protocol)
    login = CommunityData("public") if version == "2c" else user
    for _ in range(times):
        error, status, _index, found = await get_cmd(
            engine, login, target, context, *(ObjectType(ObjectIdentity(each)) for each in OIDS)
        )
        assert (error, int(status), len(found)) == (None, 0, len(OIDS))
    engine.close_dispatcher()


async def many(port: int) -> float:
    """CPU seconds of 1,000 looks at these devices, after a first round."""
    looks = PROBES["snmp_device"].make_batch()
    kind = PROBES["snmp_device"].options
    how = options("3").model_dump(exclude={"community_env"})
    wanted = [
        ProbeRequest(address=f"127.0.0.1:{port}", options=kind(**how, community_env=f"DEVICE_{n}"), timeout_s=5)
        for n in range(DEVICES)
    ]
    seen: list[float] = []
    for _ in range(1 + ROUNDS):
        met: list[str] = []
        before = spent_s()
        await looks.run(wanted, lambda _index, outcome: met.append(outcome.outcome))  # noqa: B023 - within the round
        seen.append((spent_s() - before) * TIMES / DEVICES)
        assert met == ["ok"] * DEVICES
    looks.close()
    return sorted(seen[1:])[ROUNDS // 2]


def main() -> None:
    os.environ |= {"BENCH_AUTH": AUTH, "BENCH_PRIVACY": PRIVACY}
    with tempfile.TemporaryDirectory() as folder, snmpd(Path(folder)) as port:
        for version in ("2c", "3"):
            for name, work, times in (
                ("ours, ten devices at once", as_the_agent, TIMES),
                ("ours, one at a time", ours, TIMES),
                ("pysnmp, one at a time", pysnmp, TIMES // 10),
            ):
                asyncio.run(work(port, version, 10))
                seen = []
                for _ in range(ROUNDS):
                    before = spent_s()
                    asyncio.run(work(port, version, times))
                    seen.append((spent_s() - before) * TIMES / times)
                print(f"v{version:<3} {name:<26} {sorted(seen)[ROUNDS // 2]:.3f} CPU s / 1,000 GETs of 8 values")
        print(
            f"v3   ours, by the engine        {asyncio.run(many(port)):.3f} CPU s / 1,000 looks at {DEVICES} devices"
        )


if __name__ == "__main__":
    main()
