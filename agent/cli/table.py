"""The one table of commands of `sla-agent`, in the order of its help."""

from __future__ import annotations

from agent.cli.command import Command

COMMANDS: tuple[Command, ...] = (
    Command("run", "Watch a site in the foreground", "sla-agent run --site site.toml --state state", "agent.cli.run"),
    Command(
        "status",
        "Tell what is up, down, cut off, unknown and late",
        "sla-agent status --state state",
        "agent.cli.status",
    ),
    Command(
        "validate",
        "Check site and contract files; every mistake is told at once",
        "sla-agent validate --site site.toml",
        "agent.cli.validate",
    ),
    Command(
        "probe",
        "Look at one thing once and print what was seen",
        "sla-agent probe tcp 10.1.3.1 --set port=554",
        "agent.cli.probe",
    ),
    Command(
        "discover",
        "Draft an inventory of what answers in address ranges; a person corrects it",
        "sla-agent discover 10.1.3.0/24 10.1.4.0/24 --out draft.csv",
        "agent.cli.discover",
    ),
    Command(
        "baseline",
        "Keep what a camera usually shows, by day or by night, to compare later pictures with",
        "sla-agent baseline cam-1.json day frame rtsp://10.1.3.11/stream1",
        "agent.cli.baseline",
    ),
    Command(
        "record",
        "Put on record what somebody did or said",
        "sla-agent record arrived cam-1/rtsp --by 王工",
        "agent.cli.record",
    ),
    Command(
        "import",
        "Take in a file of records, whole or not at all",
        "sla-agent import rounds.jsonl",
        "agent.cli.import_records",
    ),
    Command(
        "export",
        "Print everything as evidence, one record a line",
        "sla-agent export --from 2026-10-01T00:00:00+08:00",
        "agent.cli.export",
    ),
    Command(
        "backup",
        "Copy the ledger while it is written",
        "sla-agent backup /mnt/usb/ledger-2026-11-01.db",
        "agent.cli.backup",
    ),
    Command(
        "restore",
        "Put a backup in the ledger's place; what was there is kept",
        "sla-agent restore ledger-2026-11-01.db",
        "agent.cli.restore",
    ),
    Command("ledger", "Look after the ledger", "sla-agent ledger stats --state state", "agent.cli.ledger"),
    Command("seal", "Close a month, for both parties to sign", "sla-agent seal 2026-10 > seal.txt", "agent.cli.seal"),
    Command(
        "countersign",
        "Sign a month's seal with your own key, on your own machine",
        "sla-agent countersign seal.txt --name zhanhe/vendor --key vendor.pem",
        "agent.cli.countersign",
    ),
    Command(
        "practice",
        "See the whole product at work on this machine, on a practice site",
        "sla-agent practice --fast",
        "agent.cli.practice",
    ),
)
