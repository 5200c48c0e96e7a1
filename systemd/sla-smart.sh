#!/bin/sh
# Writes what each disk of this machine says of its health to DIRECTORY/NAME.json, for the `smart` probe to read:
# sda.json, nvme0.json, and behind a RAID controller bus-0-megaraid-3.json. A reader sees a whole report or the one
# before: each is written beside its place and moved there. A disk that does not answer keeps its old report, which
# soon is too old, and holds up no other disk.
set -eu
directory=${1:?usage: sla-smart.sh DIRECTORY}

report() {
    name=${1#/dev/}
    case $2 in
        ata | sat | scsi | nvme) ;;
        *) name=$name-$2 ;;
    esac
    name=$(printf %s "$name" | tr -c 'A-Za-z0-9_.-' -)
    # smartctl's status is in the report; it writes nothing until it has all.
    timeout --kill-after=5 60 smartctl --json=c --nocheck=standby --info --health --attributes --log=selftest \
        --log=error --device="$2" -- "$1" >"$directory/.$name.new" || true
    if [ -s "$directory/.$name.new" ]; then
        mv "$directory/.$name.new" "$directory/$name.json"
    else
        rm "$directory/.$name.new"
    fi
}

# Lines like `/dev/sda -d sat # /dev/sda [SAT], ATA device`; one that begins with `#` could not be opened.
disks=$(timeout --kill-after=5 60 smartctl --scan-open)
while read -r disk _ type _; do
    case $disk in
        /dev/*) report "$disk" "$type" & ;;
    esac
done <<END
$disks
END
wait
