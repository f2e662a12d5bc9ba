#!/usr/bin/env bash
# sounds.before.sh BUILD KEPT: the sticks of the journey, made by the office's program. The recordings are one sample for as long as
# they last, so that they are found again among what reached the sound device.
set -euo pipefail
build=$1 kept=$2
mkdir "$kept/sounds"

# le VALUE BYTES: little-endian, as printf understands it
le() {
	local i
	for ((i = 0; i < $2; i++)); do printf '\\x%02x' $(($1 >> 8 * i & 255)); done
}

# wav NAME SAMPLE SECONDS
wav() {
	local bytes=$((22050 * 2 * $3))
	{
		printf 'RIFF%bWAVEfmt %b' "$(le $((36 + bytes)) 4)" \
			"$(le 16 4)$(le 1 2)$(le 1 2)$(le 22050 4)$(le 44100 4)$(le 2 2)$(le 16 2)"
		printf 'data%b' "$(le $bytes 4)"
		head -c "$bytes" /dev/zero | LC_ALL=C tr '\0' "$2"
	} >"$kept/sounds/$1.wav"
}

# stick NAME NUMBER SOUNDS
stick() {
	mkdir -p "$kept/$1"
	"$build/bin/gatehouse-office" sign --key kiosk/demo-office.key --site 1 --number "$2" \
		--issued 2026-11-23T07:00:00+08:00 --not-after 2026-12-31T08:00:00+08:00 \
		--why "区指挥部广播第$2号" --out "$kept/$1" --sounds "$3"
}

wav welcome '\021' 1
wav test '\042' 3
wav test-en 3 2
cat >"$kept/sounds/first.ini" <<'INI'
[zh/welcome]
file = welcome.wav

[zh/test-today]
file = test.wav
times = 09:00, 14:00, 22:00
from = 2026-11-23
until = 2026-11-24

[en/test-today]
file = test-en.wav
times = 09:00
INI
stick first 51 "$kept/sounds/first.ini"
printf '[zh/welcome]\nfile = test.wav\n' >"$kept/sounds/second.ini"
stick second 52 "$kept/sounds/second.ini"
: >"$kept/sounds/none.ini"
stick empty 53 "$kept/sounds/none.ini"
cp -R "$kept/first" "$kept/altered"
printf 'x' | dd of="$kept/altered/gatehouse-bundle/sounds.bin" bs=1 seek=5000 conv=notrunc status=none
