#!/usr/bin/env bash
# blocks.sh SOURCE BUILD: a data folder on blocks smaller than the register's pages is refused with what to do. Needs to mount
# a small file system, in a mount namespace of its own.
set -euo pipefail
source=$1 build=$2
program=$build/bin/gatehouse
export PATH=$PATH:/sbin:/usr/sbin
[ -x "$program" ] || {
	echo "no gatehouse in this build"
	exit 77
}
"$program" --help scenario | grep -q 'Scenario commands' || {
	echo "no scenarios in this build"
	exit 77
}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
printf 'expect screen board\n' >"$work/s.txt"
mkdir "$work/on"

# on BYTES: what gatehouse says on a file system with blocks of so many bytes
on() {
	truncate -s 16M "$work/disk"
	mkfs.ext4 -q -F -b "$1" "$work/disk"
	unshare -m sh -c 'mount -o loop "$1/disk" "$1/on" || exit 77
		SDL_AUDIODRIVER=dummy timeout 60 "$2" --config "$3" --data "$1/on/data" --headless --scenario "$1/s.txt"' \
		sh "$work" "$program" "$source/kiosk/demo.ini" >"$work/out" 2>&1 </dev/null
}
command -v mkfs.ext4 >/dev/null && unshare -m true 2>/dev/null || {
	echo "not root, or no mkfs.ext4"
	exit 77
}
status=0
on 4096 || status=$?
[ $status != 77 ] || {
	echo "nothing can be mounted here"
	exit 77
}
[ $status = 0 ] || { cat "$work/out"; exit 1; }
status=0
on 1024 || status=$?
[ $status = 2 ] && grep -q 'blocks of 1024 bytes.*mkfs.ext4 -b 4096' "$work/out" || { cat "$work/out"; exit 1; }
echo "blocks of 4096 bytes are demanded"
