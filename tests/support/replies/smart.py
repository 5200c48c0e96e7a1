"""Recorded replies of smartctl (tests/replies/smartctl/README.md), and made ones of disks that fail."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

REPLIES = Path(__file__).parents[2] / "replies" / "smartctl"


def recorded(name: str) -> dict[str, Any]:
    return json.loads((REPLIES / f"{name}.json").read_text(encoding="utf-8"))


def text_of(reply: dict[str, Any]) -> bytes:
    return json.dumps(reply).encode()


def attribute(number: int, name: str, raw: str, *, when_failed: str = "", prefailure: bool = False) -> dict[str, Any]:
    """A row of the table of ATA attributes; the raw value is not what is read, its text is."""
    raw_value = {"value": 1 << 40, "string": raw}
    return {
        "id": number,
        "name": name,
        "when_failed": when_failed,
        "flags": {"prefailure": prefailure},
        "raw": raw_value,
    }


def ata_with(*attributes: dict[str, Any], status: int = 0) -> dict[str, Any]:
    """The recorded ATA disk with these attributes instead of its own of the same numbers."""
    reply = recorded("ata")
    numbers = {each["id"] for each in attributes}
    table = reply["ata_smart_attributes"]["table"]
    reply["ata_smart_attributes"]["table"] = [row for row in table if row["id"] not in numbers] + list(attributes)
    reply["smartctl"]["exit_status"] = status
    return reply


def ata_tested(*tests: tuple[int, int, str]) -> dict[str, Any]:
    """The recorded ATA disk with this log of self-tests, newest first: kind, result and how the disk puts it."""
    reply = recorded("ata_selftested")
    rows = [
        {"type": {"value": kind, "string": f"Kind {kind}"}, "status": {"value": result << 4, "string": said}}
        for kind, result, said in tests
    ]
    reply["ata_smart_self_test_log"]["standard"]["table"] = rows
    return reply


def nvme_with(*, status: int = 0, **health: int) -> dict[str, Any]:
    """The recorded NVMe disk with these values in its log of health."""
    reply = recorded("nvme")
    reply["nvme_smart_health_information_log"] |= health
    reply["smartctl"]["exit_status"] = status
    return reply


def scsi_with(**said: Any) -> dict[str, Any]:
    """The recorded SCSI disk, as if it had SMART, with these keys; smartctl 7.3 and later write them so."""
    reply = recorded("scsi_without_smart")
    reply["smartctl"]["exit_status"] = 0
    return reply | {"smart_support": {"available": True, "enabled": True}, "smart_status": {"passed": True}} | said
