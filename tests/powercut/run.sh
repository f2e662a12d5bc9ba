#!/usr/bin/env bash
# Pulls the plug many times, and then says what was lost: builds the power-cut test, optimised and without sanitizers, and runs
# it. Its table: one row a setting, the register as it is first, then the controls that must lose something.
set -euo pipefail
cd "$(dirname "$0")/../.."

usage() {
	cat <<-'END'
		Usage: tests/powercut/run.sh [--cuts N] [--seed S] [--jobs J] [--keep DIR]
		As root: it mounts a file system of its own, in a mount namespace of its own.
		  --cuts N    of the register as it is (10000); each control gets a tenth of it
		  --seed S    what happens at the gate and where it is cut follow from it
		  --jobs J    processes that judge (one a core)
		  --keep DIR  disks found broken are put there
	END
}

jobs=$(nproc)
args=(--cuts 10000 --jobs "$((jobs < 16 ? jobs : 16))")
while [ $# -gt 0 ]; do
	case $1 in
	--cuts | --seed | --jobs | --keep)
		[ $# -ge 2 ] && [ -n "$2" ] || {
			usage >&2
			exit 2
		}
		args+=("$1" "$2")
		shift 2
		;;
	--help | -h)
		usage
		exit 0
		;;
	*)
		usage >&2
		exit 2
		;;
	esac
done

image/setup.sh --tests
mkdir -p build
log=build/powercut.log
if ! { cmake --preset demo -B build/powercut -D GATEHOUSE_TESTS=ON &&
	cmake --build build/powercut --target powercut; } >"$log" 2>&1; then
	tail -n 60 "$log" >&2
	exit 1
fi
if [ ! -x build/powercut/bin/powercut ]; then
	echo "skipped: libfuse3 is not there"
	exit 77
fi
exec build/powercut/bin/powercut "${args[@]}"
