"""A device that is given by its link-local address and the card behind which it is, in a fresh network namespace."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2]))

from probes.kinds import snmp_device
from tests.support.patience import PATIENCE_S
from tests.support.servers.daemons import udp_stranger
from tests.support.servers.honest import agent

pytestmark = pytest.mark.needs("root", "unshare", "ip")

CARD = (
    "link set lo up",
    "link add card type veth peer name back",
    "link set back up",
    "link set card up",
    "-6 address add fe80::1/64 dev card nodad",
)


@pytest.mark.parametrize("zone", ["card", "1", "lo"])
def test_the_zone_of_an_address_is_kept(zone):
    command = ["unshare", "--net", sys.executable, "-W", "error", __file__, zone]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_S, check=False)
    assert (done.stdout.strip(), done.stderr) == ("ok" if zone == "card" else "OSError", "")


async def look(zone: str) -> None:
    """Print what the look at an agent behind `card` comes to."""
    async with udp_stranger(agent, "::") as port:
        try:
            seen = await snmp_device.probe(f"fe80::1%{zone}", snmp_device.Options(port=port), timeout_s=PATIENCE_S)
        except OSError:
            print("OSError")
        else:
            print(seen.outcome)


if __name__ == "__main__":
    for each in CARD:
        subprocess.run(["ip", *each.split()], check=True)
    asyncio.run(look(sys.argv[1]))
