#!/usr/bin/env bash
# Every file, folder and preset the README speaks of is there.
set -euo pipefail
cd "$1"

linked() { # FILE: targets of its links and pictures
	grep -o -E '\]\([^)#: ]+\)|src="[^":]+"' "$1" | sed -E 's/^\]\(|^src="|[)"]$//g'
}

named() { # FILE: what it names in code style that looks like a path of ours
	grep -o -E '`(kiosk|hal|ui|assets|image|tests|systemd)/[a-z0-9_./-]+' "$1" | tr -d '`'
}

probe=$(mktemp)
trap 'rm -f "$probe"' EXIT
printf '[x](a/b.md) <img src="c.png"> and `kiosk/d.c`, [web](https://example.org)\n' >"$probe"
[ "$(linked "$probe" | xargs) $(named "$probe")" = "a/b.md c.png kiosk/d.c" ] || {
	echo "this check is blind: it does not find the links of its own probe"
	exit 1
}

status=0
for path in $(linked README.md) $(named README.md); do
	[ -e "$path" ] || {
		echo "README.md speaks of $path, which is not there"
		status=1
	}
done
for preset in $(grep -o -E 'preset [a-z]+$' README.md | sed 's/preset //'); do
	grep -q "\"name\": \"$preset\"" CMakePresets.json || {
		echo "README.md speaks of the preset $preset, which is not there"
		status=1
	}
done
[ $status = 0 ] && echo "what README.md speaks of is there"
exit $status
