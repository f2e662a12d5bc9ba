#!/usr/bin/env bash
# The README's first command, without a window: the optimised build plays the demonstration, and the
# office accepts what it exported. The sanitizers' builds leave another stack behind, and may hide
# what this one shows.
set -euo pipefail
cd "$1"
left=$(mktemp -d)
trap 'rm -rf "$left"' EXIT

mkdir -p build
exec 9>build/demo.lock
flock 9
if ! kiosk/run.sh --headless --data "$left/data" --shots "$left/shots" >"$left/out" 2>&1; then
	grep -v '^info' "$left/out" | tail -n 40
	exit 1
fi
status=0
for shot in 01-board 21-admitted 26-exported pass; do
	[ -s "$left/shots/$shot.png" ] || { echo "there is no picture $shot"; status=1; }
done
checks=$(sed -n 's/^ *check it with *//p' "$left/out")
[ -n "$checks" ] || { echo "it names no way to check the export"; status=1; }
while read -r check; do
	bash -c "$check" >"$left/said" 2>&1 || { cat "$left/said"; status=1; }
	grep -q '^good: ' "$left/said" || { echo "the office finds nothing good in the export"; status=1; }
done <<<"$checks"
[ $status = 0 ] && echo "the demonstration plays in the optimised build"
exit $status
