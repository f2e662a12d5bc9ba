#!/usr/bin/env bash
# The scripts are well formed, can be started, and answer a mistake with their usage and exit code 2.
set -euo pipefail
cd "$1"

status=0
complain() {
	echo "$1"
	status=1
}

while read -r script; do
	bash -n "$script" || complain "$script is not well formed"
done < <(find kiosk tests image assets .ci -name '*.sh' -o -name '*.bash' -o -path '.ci/*' -type f)

for script in kiosk/run.sh tests/run.sh tests/bench/run.sh tests/powercut/run.sh image/setup.sh .ci/run; do
	[ -x "$script" ] || complain "$script cannot be started"
done

for script in kiosk/run.sh tests/run.sh tests/bench/run.sh tests/powercut/run.sh image/setup.sh; do
	code=0
	said=$("$script" --no-such-option 2>&1) || code=$?
	[ $code = 2 ] || complain "$script --no-such-option ended with $code, not 2"
	grep -q '^Usage: ' <<<"$said" || complain "$script --no-such-option does not say how to use it"
	"$script" --help >/dev/null 2>&1 || complain "$script --help fails"
done

for args in "--scenario" "--scenario /nonexistent.txt" "--data ''" "--shots"; do
	code=0
	eval "kiosk/run.sh $args" >/dev/null 2>&1 || code=$?
	[ $code = 2 ] || complain "kiosk/run.sh $args ended with $code, not 2"
done

# Where shellcheck is installed, it sees more.
if command -v shellcheck >/dev/null; then
	find kiosk tests image assets .ci \( -name '*.sh' -o -path '.ci/*' \) -type f -print0 |
		xargs -0 shellcheck -x -P SCRIPTDIR -S warning || status=1
fi
[ $status = 0 ] && echo "scripts are in order"
exit $status
