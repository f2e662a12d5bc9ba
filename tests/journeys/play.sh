#!/usr/bin/env bash
# play.sh SOURCE BUILD SCRIPT: one journey through the whole program, without a window, in fresh
# folders. Exit code of the program; its output is shown when it fails. What it left behind stays in
# BUILD/journeys/<name>. A journey NAME.txt with its own settings has them in NAME.ini beside it, and
# sticks that somebody brings in the folders of NAME.sticks, or NAME.before.sh, given BUILD and the
# folder of the journey, makes them.
set -euo pipefail
[ $# = 3 ] || {
	echo "Usage: play.sh SOURCE BUILD SCRIPT" >&2
	exit 2
}
source=$(realpath "$1") build=$(realpath "$2") script=$(realpath "$3")
name=$(basename "$script" .txt)
kept=$build/journeys/$name
config=${script%.txt}.ini
[ -e "$config" ] || config=$source/kiosk/demo.ini

rm -rf "$kept"
mkdir -p "$kept/data" "$kept/shots" "$kept/stick" "$kept/opened"
[ ! -d "${script%.txt}.sticks" ] || cp -R "${script%.txt}.sticks"/. "$kept"

# A scenario names its pictures and bundles from the repository's top.
cd "$source"
export SDL_AUDIODRIVER=disk SDL_DISKAUDIOFILE=$kept/announcements.raw SDL_DISKAUDIODELAY=0
export ASAN_OPTIONS=${ASAN_OPTIONS:-detect_stack_use_after_return=1:strict_string_checks=1}
export UBSAN_OPTIONS=${UBSAN_OPTIONS:-print_stacktrace=1}
export TZ=UTC LC_ALL=C.UTF-8

before=${script%.txt}.before.sh
[ ! -e "$before" ] || bash "$before" "$build" "$kept" >"$kept/before.txt" 2>&1 || {
	cat "$kept/before.txt"
	echo "$name: what it needs could not be made"
	exit 1
}
status=0
"$build/bin/gatehouse" --config "$config" --data "$kept/data" --scenario "$script" --headless \
	--shots "$kept/shots" --stick "$kept/stick" >"$kept/output.txt" 2>&1 || status=$?
# Whatever was announced was heard: the bytes on the sound device.
if [ $status = 0 ] && grep -q '^expect said' "$script" && [ ! -s "$kept/announcements.raw" ]; then
	echo "$name: announcements were expected, but nothing reached the sound device"
	status=1
fi
# Whatever was exported must satisfy the office, compared with this gate's own key; unpacked in opened/.
for export in "$kept"/stick/gatehouse-*; do
	[ -d "$export" ] || continue
	key=$(sed -n 's/^key //p' "$export"/*.manifest)
	"$build/bin/gatehouse-office" open "$export" --out "$kept/opened/$(basename "$export")" --key "$key" \
		--identity "$source/kiosk/demo-office.identity" \
		>>"$kept/output.txt" 2>&1 || status=1
done
# What else a journey wants seen to afterwards, in NAME.sh beside it.
after=${script%.txt}.sh
if [ $status = 0 ] && [ -e "$after" ]; then
	bash "$after" "$kept" >>"$kept/output.txt" 2>&1 || status=1
fi
if [ $status != 0 ]; then
	cat "$kept/output.txt"
	echo "$name: the kiosk ended with $status; everything it left is in $kept"
fi
exit $status
