#!/usr/bin/env bash
# The whole tree builds with clang too, warnings being errors. Quick when tests/run.sh has built it.
set -euo pipefail
cd "$1"
if ! command -v clang >/dev/null; then
	echo "skipped: clang is not installed"
	exit 77
fi
mkdir -p build
exec 9>build/clang.lock
flock 9
if ! { cmake --preset clang && cmake --build --preset clang; } >build/clang.log 2>&1; then
	grep -v '^\[' build/clang.log | tail -n 60
	exit 1
fi
clang --version | head -n 1
