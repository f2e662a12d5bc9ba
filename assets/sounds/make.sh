#!/bin/sh
# Makes <out>/<language>/<clip>.wav, 16-bit mono 22050 Hz, from the texts "say.<clip>" and "reason.*":
# make.sh SOUNDS_DIR STRINGS_DIR OUT_DIR ESPEAK_NG|none
set -eu
sounds=$1
strings=$2
out=$3
espeak=$4

# espeak-ng 1.51 reads most Chinese characters as English letters with the voice "cmn"; there the
# pinyin voice is right. From 1.52 on "cmn" is. A sentence tells: 1.51 spells it with long words.
voice_zh=cmn
if [ "$espeak" != none ]; then
	case $("$espeak" --version) in
	*1.4[0-9]* | *1.50* | *1.51*) voice_zh=cmn-latn-pinyin ;;
	esac
fi

# One "clip<TAB>text" a line.
texts() {
	msgcat --no-wrap "$1" | awk '
		/^msgid "say\./ { key = substr($0, 12, length($0) - 12); next }
		# a reason is spoken as its title and what can be done: clip "reason-<word>"
		/^msgid "reason\..*\.title"/ { reason = substr($0, 15, length($0) - 21); title = 1; next }
		/^msgid "reason\..*\.advice"/ { advice = 1; next }
		/^msgstr "/ && key { print key "\t" substr($0, 9, length($0) - 9); key = "" }
		/^msgstr "/ && title { why[reason] = substr($0, 9, length($0) - 9); title = 0 }
		/^msgstr "/ && advice {
			print "reason-" reason "\t" why[reason] ". " substr($0, 9, length($0) - 9) "."
			advice = 0
		}'
}

# Numbers are read as quantities: a space between digits makes them digit by digit.
spaced() {
	printf '%s' "$1" | sed -e 's/\([0-9]\)/ \1 /g'
}

rm -rf "$out"
for lang in zh en; do
	mkdir -p "$out/$lang"
	voice=en-us
	[ $lang = zh ] && voice=$voice_zh
	texts "$strings/$lang.po" >"$out/$lang.txt"
	while IFS='	' read -r clip text; do
		wav=$out/$lang/$clip.wav
		if [ -f "$sounds/$lang/$clip.wav" ]; then
			cp "$sounds/$lang/$clip.wav" "$wav"
		elif [ "$espeak" != none ]; then
			"$espeak" -v $voice -s 150 -a 180 -w "$wav" "$(spaced "$text")"
		fi
	done <"$out/$lang.txt"
	rm "$out/$lang.txt"
done
: >"$out/made"
