"""Installs what `tests/debian-packages.txt` names and this machine lacks, where that is allowed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

LIST = Path(__file__).parents[1] / "debian-packages.txt"


def missing() -> list[str]:
    """The packages of which no command is there."""
    lines = (line.split() for line in LIST.read_text(encoding="utf-8").splitlines())
    pairs = [line for line in lines if line and not line[0].startswith("#")]
    return sorted({package for command, package in pairs if shutil.which(command) is None})


def main() -> None:
    """Install them as root with apt-get; else say which tests will be skipped for it."""
    packages = missing()
    if not packages:
        return
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        sys.stderr.write(f"not installed: {', '.join(packages)}; tests that need them are skipped by name\n")
        return
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (
        ["apt-get", "update", "-qq"],
        ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages],
    ):
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            sys.stderr.write(f"{' '.join(command)}: {done.stderr.strip()[-500:]}\n")
            return


if __name__ == "__main__":
    main()
