#!/usr/bin/env bash
# Sets up, builds and runs every test. The last lines are the test runner's own summary; the exit
# code is the runner's. The clang and release builds are made first because a warning there is an
# error, and because two checks look at their programs.
set -euo pipefail
cd "$(dirname "$0")/.."

if [ $# -gt 0 ]; then
	echo "Usage: tests/run.sh
Installs what the tests need, builds the presets dev, clang and release, runs the tests of dev." >&2
	[ "$1" = --help ] && exit 0
	exit 2
fi

image/setup.sh --tests

build() {
	local log=build/$1.log
	mkdir -p build
	echo "run: I build the preset $1 (output: $log)."
	if ! { cmake --preset "$1" && cmake --build --preset "$1" --parallel 2; } >"$log" 2>&1; then
		grep -n -E -B2 -A12 'error|FAILED|Error' "$log" | tail -n 120 >&2 || tail -n 60 "$log" >&2
		echo "run: the preset $1 does not build; see $log." >&2
		exit 1
	fi
}

for preset in dev clang release; do
	build "$preset"
done
exec ctest --preset dev -j2 --output-on-failure --no-tests=error
