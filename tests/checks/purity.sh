#!/usr/bin/env bash
# core and codec are pure: what their archives need from outside is memory and string functions,
# formatting into a buffer, libsodium and zlib (codec) and those parts of base that need nothing more
# themselves. No clock, no file, no allocation, no global of the C library.
set -euo pipefail
build=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# strdup and the like allocate, strtok and strerror keep state, strftime asks for the time zone.
pure='^(mem(cpy|move|set|cmp|chr|rchr|mem|ccpy|pcpy)|str(len|nlen|cmp|ncmp|casecmp|ncasecmp)|str(chr|rchr|chrnul|str|spn|cspn|pbrk)|str(tol|toul|toll|toull)|st[pr]n?cpy|strn?cat|v?snprintf|explicit_bzero|bcmp|bsearch|abs|labs|llabs|isalnum|isdigit)$'
# glibc's names for the same under C2x, fortification, stack protection and assert.
runtime='^(__isoc23_strto(l|ul|ll|ull)|__(mem|st|str|v?s).*_chk|__explicit_bzero_chk|__stack_chk_fail|__assert_fail|_GLOBAL_OFFSET_TABLE_)$'
# AddressSanitizer, UndefinedBehaviorSanitizer, libFuzzer's counters.
sanitizer='^(__(asan|ubsan|lsan|sancov|sanitizer)_.*|__start___sancov_.*|__stop___sancov_.*)$'
sodium='^(crypto_[a-z0-9_]+|sodium_(memcmp|memzero|is_zero|increment|bin2hex|hex2bin|bin2base64|base642bin))$'
# zlib, which is given its memory by the caller.
zlib='^((deflate|inflate)(Init2_|End|Reset)?|crc32)$'

defined() {
	nm --defined-only --format=posix "$@" | awk 'NF >= 3 { print $1 }' | sort -u
}

# Prints what the objects need that neither they, nor the file of known names, nor the patterns give.
foreign() {
	local pattern=$1 known=$2
	shift 2
	nm --undefined-only --format=posix "$@" | awk 'NF >= 2 && $2 ~ /^[Uvw]$/ { print $1 }' |
		sort -u | comm -23 - "$known" | grep -v -E "$pattern" || true
}

check() { # NAME PATTERN OBJECT-OR-ARCHIVE...
	local name=$1 pattern=$2 rest
	shift 2
	# what codec takes from core is held to the same rule below
	defined "$@" "$work"/base/*.o "$build/libcore.a" | sort -u >"$work/known"
	rest=$(foreign "$pattern" "$work/known" "$@")
	[ -z "$rest" ] && return
	echo "$name is not pure; it needs:"
	echo "  ${rest//$'\n'/$'\n'  }"
	return 1
}

for lib in base core codec; do
	[ -e "$build/lib$lib.a" ] || {
		echo "lib$lib.a is not built in $build"
		exit 1
	}
done

# log and fileio are the parts of base that touch the world; the others are held to the same rule.
mkdir "$work/base"
(cd "$work/base" && ar x "$build/libbase.a" && rm -f log.c.o fileio.c.o)
always="$pure|$runtime|$sanitizer"

cc=$(sed -n 's/^CMAKE_C_COMPILER:[A-Z]*=//p' "$build/CMakeCache.txt")
probe() { # CODE: an object that must not pass
	echo "$1" >"$work/probe.c"
	"$cc" -c -o "$work/probe.o" "$work/probe.c"
	if check probe "$always|$sodium" "$work/probe.o" >"$work/probe.txt"; then
		echo "this check is blind: it let through: $1"
		exit 1
	fi
}
probe 'long time(long *); long f(void); long f(void) { return time(0); }'
probe 'void *malloc(unsigned long); void *f(void); void *f(void) { return malloc(1); }'
probe 'extern void *stderr; void *f(void); void *f(void) { return stderr; }'
probe 'void log_line(int, const char *, ...); void f(void); void f(void) { log_line(0, ""); }'

status=0
check "base (without log and fileio)" "$always" "$work"/base/*.o || status=1
check core "$always" "$build/libcore.a" || status=1
check codec "$always|$sodium|$zlib" "$build/libcodec.a" || status=1
[ $status = 0 ] && echo "core, codec and the pure part of base need nothing from the world"
exit $status
