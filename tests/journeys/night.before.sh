#!/usr/bin/env bash
# night.before.sh BUILD KEPT: a register of some hundred events, and one byte of its first that somebody has changed: too old
# for the start to look at.
set -euo pipefail
build=$1 kept=$2

{
	echo "at 2026-11-20T08:00:00+08:00"
	for _ in $(seq 60); do
		printf '%s\n' "printer fault paper-end" "wait 10s" "printer ok" "wait 10s"
	done
	echo 'expect register "SELECT count(*) > 110 FROM event" = 1'
} >"$kept/before.scenario"
"$build/bin/gatehouse" --config kiosk/demo.ini --data "$kept/data" --scenario "$kept/before.scenario" --headless \
	--stick "$kept/stick"
mark=$(sed -n 's/^project(.*VERSION \([0-9.]*\).*/\1/p' CMakeLists.txt)
[ "$(grep -c -a -F "$mark" "$kept/data/register.db")" = 1 ]
LC_ALL=C sed -i "s/${mark//./\\.}/${mark%?}X/" "$kept/data/register.db"
