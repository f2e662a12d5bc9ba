#!/usr/bin/env bash
# The appliance's programs hold no simulator: neither its functions nor its words. The same search
# must find both in the programs of the build with simulators, or it proves nothing.
set -euo pipefail
cd "$1"
dev=$2
words='simulat|scenario'
names='(^|_)(sim|scenario)_'

mkdir -p build
exec 9>build/release.lock
flock 9
if ! { cmake --preset release && cmake --build --preset release; } >build/release.log 2>&1; then
	grep -v '^\[' build/release.log | tail -n 60
	exit 1
fi

functions() {
	nm "$1" 2>/dev/null | awk 'NF == 3 { print $3 }' | grep -E "$names" || true
}

# The banner's sentence stands in the catalogue of every build, and its id in the screen; only
# simulators make it shown.
banner=$(sed -n '/^msgid "app.simulated"$/{n;s/^msgstr "\(.*\)"$/\1/p}' assets/strings/en.po)

spoken() {
	strings -n 4 "$1" | grep -v -x -F -e "${banner:-simulated}" -e simulated |
		grep -i -E "$words" || true
}

programs=(build/release/bin/*)
[ -x "${programs[0]}" ] || {
	echo "the release build made no programs"
	exit 1
}
status=0
for program in "${programs[@]}"; do
	found=$(functions "$program"; spoken "$program")
	if [ -n "$found" ]; then
		echo "$program has simulator code in it:"
		head -n 20 <<<"$found" | sed 's/^/  /'
		status=1
	fi
	[[ $(nm "$program") =~ \ [Tt]\ main ]] || {
		echo "$program is stripped: its functions cannot be looked through"
		status=1
	}
done

for program in gatehouse gatehouse-scanner; do
	[ -x "build/release/bin/$program" ] || {
		echo "the release build made no $program"
		status=1
	}
	[ -n "$(functions "$dev/bin/$program")" ] || {
		echo "this check is blind: no simulator functions found in $dev/bin/$program"
		status=1
	}
done
[ -n "$(spoken "$dev/bin/gatehouse")" ] || {
	echo "this check is blind: no simulator words found in $dev/bin/gatehouse"
	status=1
}
[ $status = 0 ] && echo "${#programs[@]} programs without simulators"
exit $status
