"""CPU seconds per 1,000 recorded checks: a site of 1,000 hosts pinged once a minute, ours beside its peers.

    sudo .venv/bin/python bench/agent_icmp.py [--minutes 3] [--hosts 1000]

Everybody runs at the same time, each in a network namespace of its own in which every host answers, and in a
control group of its own, whose CPU time (user + system, every process that ever was in it) is read each
minute. After a while to settle, each minute is one sample: CPU seconds ÷ checks recorded in it. Printed are
medians, and ratios to ours. Absolute times differ from machine to machine; compare within one run.

Who: `sla-agent run` with everything on (ledger, chain, incidents, status, own network watched); fping in a
shell loop as Debian packages it (10 ms between hosts) and as fast as it goes, its output appended to a file;
Nagios 4 with check_icmp and with check_ping, one packet each, host checks off, results to its
performance data file; and a plain loop: one APScheduler job a minute, icmplib, sqlite-utils.
Nagios 4 and its plugins: apt-get install --no-install-recommends nagios4-core monitoring-plugins-basic
"""

from __future__ import annotations

import argparse
import asyncio
import os
import shutil
import signal
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

MINUTE_S = 60
SETTLE_S = 80
"""The plain loop's first round begins after a minute."""
PLUGINS = Path("/usr/lib/nagios/plugins")
CGROUPS = Path("/sys/fs/cgroup")
AIM = 0.08


class Contestant(NamedTuple):
    """How one is started in a folder, how its recorded checks are counted, and what it needs."""

    name: str
    prepare: Callable[[Path, Sequence[str]], Sequence[str]]
    recorded: Callable[[Path], int]
    needs: tuple[str, ...] = ()


class Sample(NamedTuple):
    """One minute: CPU seconds, and checks recorded."""

    cpu_s: float
    checks: int


# Who takes part


def ours(folder: Path, hosts: Sequence[str]) -> Sequence[str]:
    """The agent as an installation runs it, a contract and a channel included."""
    head = 'site = "bench"\nname = "bench"\ntimezone = "Asia/Shanghai"\n[defaults]\ninterval = "60s"\n'
    channel = '[[channels]]\nname = "nobody"\nparty = "vendor"\nurl_file = "nobody.url"\n'
    assets = (
        f'[[assets]]\nid = "cam-{n}"\nkind = "camera"\nname = "cam-{n}"\naddress = "{host}"\n'
        f'[[assets.checks]]\nprobe = "icmp"\nreach = true\n'
        for n, host in enumerate(hosts)
    )
    (folder / "site.toml").write_text(head + channel + "".join(assets), encoding="utf-8")
    (folder / "nobody.url").write_text("json://127.0.0.1:1/nobody\n", encoding="utf-8")
    (folder / "nobody.url").chmod(0o600)
    return [sys.executable, "-m", "agent", "run", "--site", f"{folder}/site.toml", "--state", f"{folder}/state"]


def rows(database: str) -> Callable[[Path], int]:
    """Counts the readings of a SQLite file in the folder."""

    def count(folder: Path) -> int:
        try:
            with closing(sqlite3.connect(f"file:{folder / database}?mode=ro", uri=True)) as opened:
                return int(opened.execute("SELECT count(*) FROM readings").fetchone()[0])
        except sqlite3.OperationalError:
            return 0  # nothing yet

    return count


def lines(folder: Path) -> int:
    """Counts the lines of the folder's `recorded` file."""
    return (folder / "recorded").read_bytes().count(b"\n") if (folder / "recorded").exists() else 0


def fping(*pace: str) -> Callable[[Path, Sequence[str]], Sequence[str]]:
    """A shell loop around fping, a round a minute."""

    def prepare(folder: Path, hosts: Sequence[str]) -> Sequence[str]:
        (folder / "hosts").write_text("\n".join(hosts) + "\n")
        once = f"fping {' '.join(pace)} -C 1 -q -f {folder}/hosts 2>> {folder}/recorded"
        return ["bash", "-c", f"while :; do {once} & sleep {MINUTE_S}; wait; done"]

    return prepare


def nagios(command: str) -> Callable[[Path, Sequence[str]], Sequence[str]]:
    """Nagios 4 as Debian configures it, with one service a host and only what it needs to run from a folder."""

    def prepare(folder: Path, hosts: Sequence[str]) -> Sequence[str]:
        for name in ("spool", "rw"):
            (folder / name).mkdir()
        (folder / "nagios.cfg").write_text(NAGIOS.format(folder=folder))
        (folder / "objects.cfg").write_text(
            OBJECTS.format(command=f"{PLUGINS}/{command}")
            + "".join(
                f"define host {{\n use one\n host_name h{n}\n address {host}\n}}\n"
                f"define service {{\n use each\n host_name h{n}\n service_description ping\n}}\n"
                for n, host in enumerate(hosts)
            )
        )
        return ["nagios4", f"{folder}/nagios.cfg"]

    return prepare


NAGIOS = """
cfg_file={folder}/objects.cfg
log_file={folder}/nagios.log
object_cache_file={folder}/objects.cache
status_file={folder}/status.dat
status_update_interval=10
nagios_user=root
nagios_group=root
check_external_commands=0
lock_file={folder}/nagios.pid
temp_file={folder}/nagios.tmp
temp_path={folder}
query_socket={folder}/rw/nagios.qh
check_result_path={folder}/spool
state_retention_file={folder}/retention.dat
retention_update_interval=60
service_inter_check_delay_method=s
max_service_check_spread=1
service_interleave_factor=s
check_result_reaper_frequency=10
interval_length=60
use_syslog=0
execute_host_checks=0
process_performance_data=1
service_perfdata_file={folder}/recorded
service_perfdata_file_template=$TIMET$\t$HOSTNAME$\t$SERVICESTATE$\t$SERVICEPERFDATA$
service_perfdata_file_mode=a
"""
OBJECTS = """
define timeperiod {{
 timeperiod_name always
 alias always
 sunday 00:00-24:00
 monday 00:00-24:00
 tuesday 00:00-24:00
 wednesday 00:00-24:00
 thursday 00:00-24:00
 friday 00:00-24:00
 saturday 00:00-24:00
}}
define command {{
 command_name look
 command_line {command}
}}
define contact {{
 contact_name nobody
 host_notifications_enabled 0
 service_notifications_enabled 0
 host_notification_period always
 service_notification_period always
 host_notification_commands look
 service_notification_commands look
}}
define host {{
 name one
 register 0
 active_checks_enabled 0
 max_check_attempts 1
 check_period always
 contacts nobody
 notifications_enabled 0
}}
define service {{
 name each
 register 0
 check_command look
 check_interval 1
 retry_interval 1
 max_check_attempts 1
 check_period always
 contacts nobody
 notifications_enabled 0
}}
"""


def plain(folder: Path, hosts: Sequence[str]) -> Sequence[str]:
    """This file, as the plain loop."""
    (folder / "hosts").write_text("\n".join(hosts) + "\n")
    return [sys.executable, __file__, "--plain", str(folder)]


async def plain_loop(folder: Path) -> None:
    """What one writes in an afternoon: a job a minute that pings all and inserts what came back."""
    from apscheduler.schedulers.asyncio import AsyncIOScheduler  # noqa: PLC0415 - its price is part of the sample
    from icmplib import async_multiping  # noqa: PLC0415 - likewise
    from sqlite_utils import Database  # noqa: PLC0415 - likewise

    database, hosts = Database(folder / "plain.db"), (folder / "hosts").read_text().split()

    async def look() -> None:
        seen = await async_multiping(hosts, count=1, timeout=2, concurrent_tasks=50, privileged=True)
        at = time.time_ns() // 1_000_000  # noqa: TID251 - the bench's own clock
        readings = ({"host": e.address, "at": at, "ok": e.is_alive, "rtt_ms": e.avg_rtt} for e in seen)
        database["readings"].insert_all(readings)

    scheduler = AsyncIOScheduler()
    scheduler.add_job(look, "interval", seconds=MINUTE_S)
    scheduler.start()
    await asyncio.Event().wait()


CONTESTANTS = (
    Contestant("ours", ours, rows("state/ledger.db")),
    Contestant("fping in a loop", fping(), lines, ("fping",)),
    Contestant("fping -i 1 in a loop", fping("-i", "1"), lines, ("fping",)),
    Contestant("APScheduler + icmplib + sqlite-utils", plain, rows("plain.db")),
    Contestant(
        "Nagios 4 + check_icmp",
        nagios("check_icmp -H $HOSTADDRESS$ -n 1"),
        lines,
        ("nagios4", f"{PLUGINS}/check_icmp"),
    ),
    Contestant(
        "Nagios 4 + check_ping",
        nagios("check_ping -H $HOSTADDRESS$ -w 100,50% -c 500,80% -p 1"),
        lines,
        ("nagios4", f"{PLUGINS}/check_ping"),
    ),
)


# Running and measuring


@contextmanager
def namespace(name: str) -> Iterator[str]:
    """A network of its own with an interface that is up, in which every address of 10.66.0.0/16 answers."""
    subprocess.run(["ip", "netns", "add", name], check=True)
    inside = ["ip", "-n", name]
    try:
        for words in (
            ["link", "set", "lo", "up"],
            ["link", "add", "va", "type", "veth", "peer", "name", "vb"],
            ["link", "set", "va", "up"],
            ["link", "set", "vb", "up"],
            ["address", "add", "10.66.0.1/16", "dev", "va"],
            ["route", "add", "local", "10.66.0.0/16", "dev", "lo"],
        ):
            subprocess.run([*inside, *words], check=True)
        yield name
    finally:
        subprocess.run(["ip", "netns", "del", name], check=True)


@contextmanager
def group(name: str) -> Iterator[Path]:
    """A control group that counts CPU time: version 1 or 2, whichever the machine has."""
    first = CGROUPS / "cpuacct"
    place = (first if first.is_dir() else CGROUPS) / name
    place.mkdir()
    try:
        yield place
    finally:
        while pids := (place / "cgroup.procs").read_text().split():
            for pid in pids:
                os.kill(int(pid), signal.SIGKILL)
            time.sleep(0.1)
        place.rmdir()


def cpu_s(place: Path) -> float:
    """CPU seconds of everything that ever ran in the group."""
    if (place / "cpuacct.usage").exists():
        return int((place / "cpuacct.usage").read_text()) / 1e9
    return int((place / "cpu.stat").read_text().split()[1]) / 1e6


def contest(taking_part: Sequence[Contestant], hosts: Sequence[str], minutes: int) -> dict[str, list[Sample]]:
    """All at once; a list of samples each."""
    found: dict[str, list[Sample]] = {each.name: [] for each in taking_part}
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        places: list[tuple[Contestant, Path, Path]] = []
        for number, each in enumerate(taking_part):
            own, label = folder / str(number), f"agent-icmp-{os.getpid()}-{number}"
            own.mkdir()
            network, place = stack.enter_context(namespace(label)), stack.enter_context(group(label))
            command = ["ip", "netns", "exec", network, *each.prepare(own, hosts)]
            enter = ["sh", "-c", f'echo $$ > {place}/cgroup.procs; exec "$@"', "sh"]
            with (own / "out").open("wb") as out:
                process = subprocess.Popen([*enter, *command], stdout=out, stderr=out)
            stack.callback(process.wait)
            stack.callback(process.kill)
            places.append((each, own, place))
        time.sleep(SETTLE_S)
        before = [(cpu_s(place), each.recorded(own)) for each, own, place in places]
        for _ in range(minutes):
            time.sleep(MINUTE_S)
            now = [(cpu_s(place), each.recorded(own)) for each, own, place in places]
            for (each, *_), old, new in zip(places, before, now, strict=True):
                found[each.name].append(Sample(new[0] - old[0], new[1] - old[1]))
            before = now
    return found


def told(found: dict[str, list[Sample]]) -> str:
    """A table: the median of the minutes, the samples, and the ratio to ours."""
    prices = {name: [each.cpu_s / each.checks * 1000 for each in seen if each.checks] for name, seen in found.items()}
    medians = {name: statistics.median(each) for name, each in prices.items() if each}
    text = [f"{'CPU s / 1,000 recorded checks':38} median   times ours   checks a minute   samples"]
    for name, seen in found.items():
        checks = statistics.median(each.checks for each in seen)
        if name not in medians:
            text.append(f"{name:38} recorded nothing")
            continue
        ratio = medians[name] / medians[CONTESTANTS[0].name]
        samples = " ".join(f"{each:.3f}" for each in prices[name])
        text.append(f"{name:38} {medians[name]:6.3f} {ratio:12.2f} {checks:17.0f}   {samples}")
    verdict = "holds" if medians[CONTESTANTS[0].name] <= AIM else "is MISSED"
    return "\n".join([*text, f"the aim of {AIM} for ours {verdict}"])


def is_here(contestant: Contestant) -> bool:
    """Whether everything is installed that it needs; says what is not."""
    missing = [each for each in contestant.needs if shutil.which(each) is None]
    if missing:
        print(f"left out: {contestant.name}: no {', '.join(missing)}")
    return not missing


def main() -> None:
    """Measure all, print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=int, default=3)
    parser.add_argument("--hosts", type=int, default=1_000)
    parser.add_argument("--only", nargs="*", help="names of contestants, or their beginnings")
    parser.add_argument("--plain", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.plain:
        asyncio.run(plain_loop(options.plain))
        return
    if os.geteuid() != 0 or shutil.which("ip") is None:
        print("left out: network namespaces and control groups need root and iproute2")
        return
    wanted = tuple(options.only or ("",))
    taking_part = [each for each in CONTESTANTS if each.name.startswith(wanted) and is_here(each)]
    hosts = [f"10.66.{n // 250 + 1}.{n % 250 + 1}" for n in range(options.hosts)]
    print(told(contest(taking_part, hosts, options.minutes)))


if __name__ == "__main__":
    main()
