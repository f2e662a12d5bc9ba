#!/usr/bin/env bash
# Nothing unfinished and nothing from somebody's own machine in what is kept: postponed work belongs
# into an issue, paths belong to the system or to the repository.
set -euo pipefail
cd "$1"
if ! git rev-parse --is-inside-work-tree >/dev/null 2>&1; then
	echo "skipped: not a git work tree, so what is kept is not known"
	exit 77
fi

# Written so that they do not find themselves.
words='\b(TO[D]O|FIX[M]E|XX[X]|HAC[K]|WI[P])\b'
paths='(^|[^A-Za-z0-9_.$}"-])/(hom[e]|roo[t]|wor[k]|User[s]|mn[t]/c)/'
marks='^(<<<<<<[<]|>>>>>>[>]|======[=]$)'
status=0
search() { # WHAT PATTERN
	local found
	found=$(git grep -n -I -E "$2" -- . ':!LICENSE' || true)
	[ -z "$found" ] && return
	echo "$1:"
	echo "$found"
	status=1
}
search "unfinished work" "$words"
search "somebody's own paths" "$paths"
search "a merge left half done" "$marks"

if git ls-files | grep -E '(^|/)build/|\.(o|a|so|orig|rej|swp|db)$|~$'; then
	echo "these are made, not written: they do not belong into the repository"
	status=1
fi
[ $status = 0 ] && echo "$(git ls-files | wc -l) files are free of leftovers"
exit $status
