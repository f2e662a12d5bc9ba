#!/usr/bin/env bash
# Every C file is laid out as clang-format 14 does it by .clang-format; other versions differ.
set -euo pipefail
cd "$1"

tool=$(command -v clang-format-14 || command -v clang-format || true)
if [ -z "$tool" ]; then
	echo "skipped: clang-format is not installed"
	exit 77
fi
if ! "$tool" --version | grep -q 'version 14\.'; then
	echo "skipped: the layout is fixed for clang-format 14, this is $("$tool" --version)"
	exit 77
fi
find kiosk hal ui assets tests -name '*.[ch]' -print0 | xargs -0 "$tool" --dry-run --Werror
echo "$(find kiosk hal ui assets tests -name '*.[ch]' | wc -l) files are laid out as agreed"
