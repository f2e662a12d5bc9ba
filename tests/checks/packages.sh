#!/usr/bin/env bash
# Every line of the package lists names something this Debian has: installed, or known to apt.
set -euo pipefail
cd "$1/image/packages"
if ! command -v dpkg-query >/dev/null || ! command -v apt-cache >/dev/null; then
	echo "skipped: not a Debian system"
	exit 77
fi
installed=$(dpkg-query -W -f='${db:Status-Abbrev} ${Package}\n' | sed -n 's/^.i  *//p')

known() {
	grep -qxF "$1" <<<"$installed" || apt-cache show --no-all-versions "$1" >/dev/null 2>&1
}

resolves() {
	local name
	for name; do
		if known "$name"; then
			return 0
		fi
	done
	return 1
}

resolves libc6
if resolves no-such-package-as-this; then
	echo "this check is blind: it found a package that does not exist"
	exit 1
fi
status=0 count=0
while read -r line; do
	count=$((count + 1))
	# shellcheck disable=SC2086 # alternatives, one word each
	resolves $line || {
		echo "no package here is called: $line"
		status=1
	}
done < <(sed -e 's/#.*//' -e 's/ *| */ /g' -e '/^[[:space:]]*$/d' ./*.list)
if [ "$(cat ./*.list | sed -e 's/#.*//' -e '/^[[:space:]]*$/d' | sort | uniq -d)" ]; then
	echo "a package is listed twice"
	status=1
fi
[ $status = 0 ] && echo "$count lines, all known"
exit $status
