#!/usr/bin/env bash
# libreoffice.sh SOURCE BUILD: what is exported, opened by LibreOffice: every cell of the workbook and of the CSV files is what was
# written, of the type it has, and none is a formula. Where LibreOffice is missing it is skipped: it is no part of the set-up.
set -euo pipefail
source=$(realpath "$1") build=$(realpath "$2")
command -v soffice >/dev/null || {
	echo "skipped: soffice is not installed (package libreoffice-calc)"
	exit 77
}
bash "$source/tests/journeys/play.sh" "$source" "$build" "$source/tests/checks/spreadsheet.txt"
kept=$build/journeys/spreadsheet
manifest=$(echo "$kept"/stick/*/*.manifest)
opened=$(echo "$kept"/opened/*)

# Nobody's own settings, and none left behind. Files come last: what stands before --convert-to is opened and stays open.
convert() {
	timeout -k 5 120 soffice -env:UserInstallation="file://$kept/profile" --headless --convert-to fods --outdir "$kept/read" \
		"$@" >>"$kept/soffice.txt" 2>&1 </dev/null
}
convert "$opened/register.xlsx"
sheets=$(sed -n 's/^part [0-9]* [0-9]* \(.*\.csv\)$/\1/p' "$manifest" | grep -v -e '^events' -e '^persons')
(cd "$opened" && convert --infilter='CSV:44,34,76,1' $sheets)
perl "$source/tests/checks/libreoffice.pl" "$opened" "$kept/read" $sheets
rm -rf "$kept/profile"
