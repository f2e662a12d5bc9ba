# For the checks that start the kiosk, sourced with SOURCE BUILD: names the program and the demonstration's configuration,
# skips where the build has no scenarios, and works in a folder of its own that is gone at the end. A check that starts
# something in the background puts its pid into $pid, what it mounted into $mounted.
source=$(realpath "$1") build=$(realpath "$2")
program=$build/bin/gatehouse
config=$source/kiosk/demo.ini
[ -x "$program" ] || {
	echo "skipped: $program is not built"
	exit 77
}
"$program" --help | grep -q -- --scenario || {
	echo "skipped: this build has no scenarios"
	exit 77
}
work=$(mktemp -d)
pid='' mounted=''
cleanup() {
	[ -z "$pid" ] || kill "$pid" 2>/dev/null || true
	[ -z "$pid" ] || wait "$pid" 2>/dev/null || true
	[ -z "$mounted" ] || umount "$mounted" || true
	rm -rf "$work"
}
trap cleanup EXIT
cd "$work" || exit
export SDL_AUDIODRIVER=disk SDL_DISKAUDIOFILE=/dev/null SDL_DISKAUDIODELAY=0

failed=0
wrong() {
	echo "wrong: $*"
	failed=1
}
