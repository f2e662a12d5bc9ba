#!/usr/bin/env bash
# Who may include whom (the folders are the layers), which library stays behind which folder, and
# what may lie at the top of the repository.
set -euo pipefail
cd "$1"

awk_program=$(cat <<'AWK'
function allow(layer, list,    n, i, names) {
	known[layer] = 1
	n = split(list, names, " ")
	for (i = 1; i <= n; i++)
		may[layer, names[i]] = 1
}
# A library's header -> the layers that may see it. Headers not named here are free.
function keep(header, list,    n, i, names) {
	kept[header] = list
	n = split(list, names, " ")
	for (i = 1; i <= n; i++)
		sees[header, names[i]] = 1
}
function complain(text) {
	print FILENAME ":" FNR ": " text
	bad = 1
}
# "kiosk/core/visit.c" -> core; kiosk's own files -> kiosk; "hal/sim/world.h" -> hal/sim
function layer_of(path,    parts, n) {
	n = split(path, parts, "/")
	if (parts[1] == "kiosk")
		return n == 2 ? "kiosk" : parts[2]
	if (parts[1] == "hal" && parts[2] == "sim")
		return "hal/sim"
	return parts[1]
}
BEGIN {
	allow("base", "base")
	allow("core", "core base")
	allow("codec", "codec core base")
	allow("store", "store core base")
	allow("assets", "assets core base")
	allow("hal", "hal codec base")
	allow("hal/sim", "hal/sim hal codec base")
	allow("ui", "ui assets core base codec/scanner_msg.h")
	allow("scanner", "scanner hal hal/sim codec base")
	allow("stick", "stick assets codec core base")
	allow("settings", "settings core base")
	allow("office", "office assets settings store codec core base stick/sheet.h scanner/decode.h")
	allow("scenario", "scenario kiosk settings assets ui hal/sim hal store codec core base")
	allow("kiosk", "kiosk scenario settings assets ui hal/sim hal store codec core base")
	# The one table that names the backends, simulated ones included.
	exception["hal/backends.c", "hal/sim"] = 1

	keep("sqlite3.h", "store office")
	keep("zbar.h", "scanner")
	keep("gpiod.h", "hal")
	keep("ini.h", "settings")
	keep("SDL_ttf.h", "ui")
	keep("SDL.h", "ui hal kiosk scenario")
	keep("seccomp.h", "scanner stick")
}
FNR == 1 {
	mine = layer_of(FILENAME)
	if (!(mine in known))
		complain("the folder is no layer")
}
/^[ \t]*#[ \t]*include[ \t]*"/ {
	split($0, quoted, "\"")
	to = quoted[2]
	if (to ~ /^\.|\/\.\.?\//)
		complain("\"" to "\" must be named from its layer")
	theirs = to ~ /\// ? to : "kiosk"
	sub(/\/[^\/]*$/, "", theirs)
	count++
	if ((mine, theirs) in may || (mine, to) in may || (FILENAME, theirs) in exception)
		next
	complain(mine " may not include \"" to "\"")
}
/^[ \t]*#[ \t]*include[ \t]*</ {
	split($0, angled, /[<>]/)
	to = angled[2]
	sub(/^.*\//, "", to)
	if (to in kept && !((to, mine) in sees))
		complain("<" angled[2] "> belongs to " kept[to] " alone")
}
END {
	if (!bad)
		print count " includes keep to the layers"
	exit bad
}
AWK
)

check() {
	find "$@" -name '*.[ch]' | LC_ALL=C sort | xargs awk "$awk_program"
}

# The check itself must see: three wrong includes in a tree of its own.
probe=$(mktemp -d)
trap 'rm -rf "$probe"' EXIT
mkdir -p "$probe/kiosk/core" "$probe/ui" "$probe/hal"
echo '#include "store/register.h"' >"$probe/kiosk/core/a.c"
echo '#include "codec/pass.h"' >"$probe/ui/b.c"
printf '#include <sqlite3.h>\n#include "../kiosk/core/types.h"\n' >"$probe/hal/c.c"
seen=$(cd "$probe"; check kiosk ui hal || true)
for file in kiosk/core/a.c:1 ui/b.c:1 hal/c.c:1 hal/c.c:2; do
	grep -q "^$file:" <<<"$seen" || {
		echo "this check is blind: it did not see $file in its own probe"
		exit 1
	}
done

check kiosk hal ui assets

if git rev-parse --is-inside-work-tree >/dev/null 2>&1; then
	top=$(git ls-files | cut -d/ -f1 | sort -u)
else
	top=$(find . -mindepth 1 -maxdepth 1 ! -name build -printf '%f\n')
fi
for name in $top; do
	case $name in
	kiosk | hal | ui | assets | systemd | image | tests) ;;
	CMakeLists.txt | CMakePresets.json | README.md | LICENSE | .*) ;;
	*)
		echo "$name does not belong at the top of the repository"
		exit 1
		;;
	esac
done
