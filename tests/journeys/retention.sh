#!/usr/bin/env bash
# retention.sh KEPT: after the journey no byte under KEPT/data says who was forgotten, in any encoding; who was not is found
# by the same search. The export has the visit, but nobody in it.
set -euo pipefail
kept=$1 status=0

# Hexadecimal of a text in an encoding, as one line.
hex_of() { printf %s "$1" | iconv -f UTF-8 -t "$2" | od -An -v -tx1 | tr -d ' \n'; }

# search TEXT FILE: the encoding in which the text stands in the file, if any
search() {
	local bytes as
	bytes=$(od -An -v -tx1 "$2" | tr -d ' \n')
	for as in UTF-8 UTF-16LE UTF-16BE GB18030; do
		if grep -q -F "$(hex_of "$1" $as)" <<<"$bytes"; then
			echo $as
			return
		fi
	done
	# a number may be kept as one: the six bytes sqlite needs for eleven digits
	if [[ $1 =~ ^[0-9]{11}$ ]] && grep -q -F "$(printf %012x "$1")" <<<"$bytes"; then
		echo integer
		return
	fi
	if grep -q -i -a -F "$(hex_of "$1" UTF-8)" "$2"; then
		echo hexadecimal
	fi
}

found=
while read -r file; do
	for planted in 钱忘之 E76543210 13700002222 8-2-1187; do
		as=$(search $planted "$file")
		if [ -n "$as" ]; then
			echo "$file: \"$planted\" is still there, as $as"
			status=1
		fi
	done
	found=$found$(search 孙留之 "$file")
done < <(find "$kept/data" -type f)
if [ "$found" != UTF-8 ]; then
	echo "the name that was kept should be found in one file, as UTF-8: \"$found\""
	status=1
fi

for export in "$kept"/opened/gatehouse-*; do
	grep -q '孙留之' "$export/visitors.csv" || { echo "who was kept is not in the export"; status=1; }
	if grep -r -l -a -e '钱忘之' -e E76543210 "$export"; then
		echo "who was forgotten is in the export"
		status=1
	fi
	[ "$(grep -c ',' "$export/persons.csv")" = 2 ] || { echo "not one person in persons.csv"; status=1; }
	[ "$(grep -c '^' "$export/visitors.csv")" = 3 ] || { echo "not two visits in visitors.csv"; status=1; }
done
exit $status
