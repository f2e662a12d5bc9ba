#!/bin/sh
# Checks the catalogues and compiles them into C: compile.sh SOURCE_DIR OUTPUT_DIR
# A key missing in one language, an empty text or a malformed file ends the build with a sentence.
set -eu
src=$1
out=$2
mkdir -p "$out"
for lang in zh en; do
	msgfmt --check-format --check-domain -o /dev/null "$src/$lang.po" 2>"$out/msgfmt.$lang" || {
		cat "$out/msgfmt.$lang" >&2
		exit 1
	}
	msgcat --no-wrap --no-location "$src/$lang.po" >"$out/$lang.flat.po"
	grep '^msgid ' "$out/$lang.flat.po" | sort >"$out/$lang.keys"
done
if ! cmp -s "$out/zh.keys" "$out/en.keys"; then
	echo "strings: zh.po and en.po do not have the same keys:" >&2
	diff "$out/zh.keys" "$out/en.keys" >&2 || true
	exit 1
fi
awk -v mode=ids -f "$src/compile.awk" "$out/en.flat.po" >"$out/string_ids.h.new"
# Unchanged ids keep their time stamp, so that a changed word does not rebuild everything.
cmp -s "$out/string_ids.h.new" "$out/string_ids.h" || cp "$out/string_ids.h.new" "$out/string_ids.h"
for lang in zh en; do
	awk -v mode=table -v lang=$lang -f "$src/compile.awk" "$out/$lang.flat.po" >"$out/strings_$lang.c"
done
