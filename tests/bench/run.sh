#!/usr/bin/env bash
# Builds and runs the benchmarks, optimised and without sanitizers. Each prints lines "what: figure
# unit"; the machine they were taken on stands above them, for figures mean nothing without it.
set -euo pipefail
cd "$(dirname "$0")/../.."

usage() {
	cat <<-'END'
		Usage: tests/bench/run.sh [--preset demo|release] [--visits N] [NAME...]
		NAME is a benchmark, e.g. "pass" for tests/bench/bench_pass.c; without one all are run.
		  --preset release   the production build; leaves out what needs simulators
		  --visits N         how long a register "scale" builds: 100000; ten million take some
		                     minutes and 3 GB
	END
}

preset=demo visits=100000
names=()
while [ $# -gt 0 ]; do
	case $1 in
	--preset)
		preset=${2:-}
		[ "$preset" = release ] || [ "$preset" = demo ] || {
			usage >&2
			exit 2
		}
		shift 2
		;;
	--visits)
		visits=${2:-}
		[[ $visits =~ ^[1-9][0-9]{3,8}$ ]] || {
			usage >&2
			exit 2
		}
		shift 2
		;;
	--help | -h)
		usage
		exit 0
		;;
	-*)
		usage >&2
		exit 2
		;;
	*)
		names+=("$1")
		shift
		;;
	esac
done

image/setup.sh
mkdir -p build
log=build/bench.log
if ! { cmake --preset "$preset" && cmake --build --preset "$preset" --target all bench; } >"$log" 2>&1; then
	tail -n 60 "$log" >&2
	exit 1
fi

if [ ${#names[@]} = 0 ]; then
	for program in "build/$preset"/bench/bench_*; do
		names+=("${program##*/bench_}")
	done
fi
compiler=$(sed -n 's/^CMAKE_C_COMPILER:[A-Z]*=//p' "build/$preset/CMakeCache.txt")
echo "machine: $(nproc) x $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1), $(uname -rm)"
echo "compiler: $("$compiler" --version | head -n 1), preset $preset"
echo "load before: $(cut -d' ' -f1-3 /proc/loadavg)"
for name in "${names[@]}"; do
	echo "== $name"
	case $name in
	scale) "build/$preset/bench/bench_$name" "$visits" ;;
	*) "build/$preset/bench/bench_$name" ;;
	esac
done
