"""Tables of vendors, for snmpd's `pass_persist`: `python3 vendor_tables.py TABLE.json`, OID → [type, value]."""

import json
import sys
from pathlib import Path


def main() -> None:
    with Path(sys.argv[1]).open(encoding="utf-8") as file:
        table = {tuple(map(int, oid.split("."))): value for oid, value in json.load(file).items()}
    ordered = sorted(table)
    for line in sys.stdin:
        command = line.strip()
        if command == "PING":
            answer = ["PONG"]
        else:
            asked = tuple(map(int, sys.stdin.readline().strip().lstrip(".").split(".")))
            found = asked if command == "get" and asked in table else None
            if command == "getnext":
                found = next((oid for oid in ordered if oid > asked), None)
            answer = ["NONE"] if found is None else ["." + ".".join(map(str, found)), *map(str, table[found])]
        sys.stdout.write("\n".join(answer) + "\n")
        sys.stdout.flush()


main()
