#!/usr/bin/env bash
# Sets up, builds and runs the kiosk on simulated devices. On a desktop it opens a window; without
# a display it plays the first visit of tests/journeys and says where its results are.
set -euo pipefail
start_dir=$PWD
cd "$(dirname "$0")/.."
source=$PWD
build=$source/build/demo
program=$build/bin/gatehouse

usage() {
	cat <<-'END'
		Usage: kiosk/run.sh [--scenario FILE] [--headless] [--shots DIR] [--data DIR]
		  --scenario FILE  play this scenario instead of waiting for touches
		  --headless       no window, even when there is a display
		  --shots DIR      where screenshots and printed slips go   (build/demo/shots)
		  --data DIR       where the register is kept; never emptied by this script
		  --help           this text
		With a display and no scenario: a window to try by hand; its register stays in
		build/demo-data. Without a display: plays tests/journeys/first-visit.txt.
	END
}

bad_usage() {
	echo "run: $1" >&2
	usage >&2
	exit 2
}

# Paths on the command line are meant from where the person stands.
from_start() {
	case $1 in
	/*) echo "$1" ;;
	*) echo "$start_dir/$1" ;;
	esac
}

scenario='' headless='' shots='' data=''
while [ $# -gt 0 ]; do
	case $1 in
	--scenario | --shots | --data)
		[ -n "${2:-}" ] || bad_usage "$1 needs a value."
		declare "${1#--}=$(from_start "$2")"
		shift 2
		;;
	--headless)
		headless=1
		shift
		;;
	--help | -h)
		usage
		exit 0
		;;
	*) bad_usage "I do not know $1." ;;
	esac
done
[ -z "$scenario" ] || [ -r "$scenario" ] || bad_usage "I cannot read $scenario."

# DISPLAY may be set and lead nowhere (a stale environment, ssh without forwarding).
display_usable() {
	if [ -n "${WAYLAND_DISPLAY:-}" ]; then
		case $WAYLAND_DISPLAY in
		/*) [ ! -S "$WAYLAND_DISPLAY" ] || return 0 ;;
		*) [ ! -S "${XDG_RUNTIME_DIR:-/nonexistent}/$WAYLAND_DISPLAY" ] || return 0 ;;
		esac
	fi
	[[ ${DISPLAY:-} =~ ^([^:]*):([0-9]+)(\.[0-9]+)?$ ]] || return 1
	local host=${BASH_REMATCH[1]} number=${BASH_REMATCH[2]}
	if [ -z "$host" ] || [ "$host" = unix ]; then
		[ -S "/tmp/.X11-unix/X$number" ]
	else
		# shellcheck disable=SC2016 # the inner shell expands these
		timeout 2 bash -c 'exec 3<>"/dev/tcp/$0/$1"' "$host" $((6000 + number)) 2>/dev/null
	fi
}

# Quiet when nothing has changed; the whole output when it fails.
build_demo() {
	local log=$build/build.log
	mkdir -p "$build"
	if [ ! -e "$build/build.ninja" ] || [ CMakePresets.json -nt "$build/build.ninja" ]; then
		echo "run: I configure build/demo."
		cmake --preset demo >"$log" 2>&1 || build_failed "$log"
	fi
	if [ ! -e "$program" ]; then
		echo "run: I build the programs; this once it takes up to a few minutes."
	fi
	ninja -C "$build" >"$log" 2>&1 || build_failed "$log"
}

build_failed() {
	cat "$1" >&2
	echo "run: the build failed; its output stands above." >&2
	exit 1
}

say_results() {
	echo
	echo "run: the demonstration is over. What it left behind:"
	echo "  screens and printed slips  $shots"
	echo "  register                   $data/register.db"
	echo "  export on the stick        $stick"
	for export in "$stick"/gatehouse-*; do
		[ -d "$export" ] || continue
		local office="'${export#"$source/"}' --identity kiosk/demo-office.identity"
		echo "    check it with            build/demo/bin/gatehouse-office verify $office"
		echo "    unpack it with           build/demo/bin/gatehouse-office open $office --out FOLDER"
	done
	[ ! -e "$build/announcements.raw" ] || echo "  announcements, raw sound   $build/announcements.raw"
}

image/setup.sh
build_demo

if [ ! -x "$program" ]; then
	echo "run: the build made no $program." >&2
	exit 1
fi
stick=$build/stick
if [ -z "$headless" ] && display_usable; then
	data=${data:-$source/build/demo-data}
	shots=${shots:-$build/shots}
	mkdir -p "$data" "$shots" "$stick"
	args=(--config kiosk/demo.ini --data "$data" --windowed --shots "$shots" --stick "$stick")
	[ -z "$scenario" ] || args+=(--scenario "$scenario")
	exec "$program" "${args[@]}"
fi

if [ -z "$data" ]; then
	data=$build/data
	rm -rf "$data" "$stick"
fi
if [ -z "$shots" ]; then
	shots=$build/shots
	rm -rf "$shots"
fi
stick=$(dirname "$shots")/stick # a scenario's sticks stand beside its pictures
mkdir -p "$data" "$shots" "$stick"
scenario=${scenario:-tests/journeys/first-visit.txt}
if [ -z "${SDL_AUDIODRIVER:-}" ] && ! compgen -G '/dev/snd/pcm*p' >/dev/null; then
	export SDL_AUDIODRIVER=disk SDL_DISKAUDIOFILE=$build/announcements.raw
	rm -f "$SDL_DISKAUDIOFILE"
fi
echo "run: I play ${scenario#"$source"/} without a window."
status=0
"$program" --config kiosk/demo.ini --data "$data" --scenario "$scenario" --headless \
	--shots "$shots" --stick "$stick" || status=$?
if [ $status != 0 ]; then
	echo "run: the kiosk ended with $status." >&2
fi
say_results
exit $status
