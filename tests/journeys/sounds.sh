#!/usr/bin/env bash
# sounds.sh KEPT: what the office recorded reached the sound device. The program is faster than its sound here, and a restart begins
# the file anew: it is enough that a buffer of the broadcast of the last morning is in it.
set -euo pipefail
kept=$1

most=$(LC_ALL=C tr -c '3' '\n' <"$kept/announcements.raw" | awk 'length > n { n = length } END { print n + 0 }')
[ "$most" -ge 2000 ] || {
	echo "of the recording of the broadcast only $most bytes in a row were played"
	exit 1
}
