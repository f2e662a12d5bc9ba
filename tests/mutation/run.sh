#!/usr/bin/env bash
# Are the tests of the rules any good? One small mistake at a time is made in the engine
# (kiosk/core/rules.c) or in the default rulebook (assets/rulebooks/default.ini), and the tests of the
# rules are run. A mistake that no test notices survives. Survivors that change nothing anybody could
# notice stand with their reason in tests/mutation/equivalent.txt; any other is a gap in the tests.
set -euo pipefail
cd "$(dirname "$0")/../.."
root=$PWD

usage() {
	cat <<-'END'
		Usage: tests/mutation/run.sh [--sample N] [--seed N] [--jobs N] [--list] [engine|rulebook]
		  --sample N   only N mistakes, drawn by --seed (default 1); without it all of them
		  --jobs N     so many at a time (default: one a processor)
		  --list       lists the mistakes, makes none
		Ends with 1 when a mistake survives that equivalent.txt does not explain.
	END
}

sample=0 seed=1 jobs=$(nproc) list=no subjects=()
while [ $# -gt 0 ]; do
	case $1 in
	--sample | --seed | --jobs)
		[[ ${2:-} =~ ^[0-9]+$ ]] || {
			usage >&2
			exit 2
		}
		declare "${1#--}=$2"
		shift 2
		;;
	--list)
		list=yes
		shift
		;;
	--help | -h)
		usage
		exit 0
		;;
	engine | rulebook)
		subjects+=("$1")
		shift
		;;
	*)
		usage >&2
		exit 2
		;;
	esac
done
[ ${#subjects[@]} -gt 0 ] || subjects=(engine rulebook)

engine=kiosk/core/rules.c
rulebook=assets/rulebooks/default.ini
here=tests/mutation
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'echo "ended by a signal"; exit 1' INT TERM HUP
cc=${CC:-gcc}
flags=(-std=c17 -w -D_GNU_SOURCE -fno-strict-aliasing -I"$root/kiosk" -I"$root"
	-DTEST_SOURCE_DIR='"."' -DTEST_BINARY_DIR='"."')
# The engine is compiled anew for every mistake: quickly, and so that an index out of its array or an
# overflow ends the test.
mutant_flags=(-O0 -fsanitize=undefined -fsanitize-undefined-trap-on-error -fPIC -shared)

mutate() { # SUBJECT [PICK]
	if [ "$1" = engine ]; then
		awk -f $here/mutate_c.awk ${2:+-v pick="$2"} kiosk/core/types.h $engine
	else
		awk -f $here/mutate_ini.awk ${2:+-v pick="$2"} $rulebook
	fi
}

for subject in "${subjects[@]}"; do
	mutate "$subject" | sed "s/^/$subject\t/"
done >"$work/all"
if [ $list = yes ]; then
	cat "$work/all"
	exit
fi
if [ "$sample" -gt 0 ]; then
	awk -v n="$sample" -v seed="$seed" '
		{ line[NR] = $0 }
		END {
			# a generator of our own: the same draw whichever awk this is
			for (x = seed % 65536; n > 0 && NR > 0; n--) {
				x = (x * 25173 + 13849) % 65536
				x = (x * 25173 + 13849) % 65536
				i = int(x / 65536 * NR) + 1
				print line[i]
				line[i] = line[NR--]
			}
		}' "$work/all" >"$work/list"
else
	cp "$work/all" "$work/list"
fi

# --- The tests, compiled once; the engine is a library beside them ---

# The quick ones first: most mistakes fall to them.
engine_tests=(core/test_rules_reasons core/test_rules_unreadable core/test_rules_time core/test_rules
	core/test_rules_exhaustive)
rulebook_tests=()
for source in tests/unit/settings/test_*.c; do
	name=settings/$(basename "$source" .c)
	[ "$name" = settings/test_rules_exhaustive ] || rulebook_tests+=("$name")
done
rulebook_tests+=(settings/test_rules_exhaustive)
needed=()
for subject in "${subjects[@]}"; do
	declare -n list_of=${subject}_tests
	needed+=("${list_of[@]}")
done

build_tests() {
	local source object name
	mkdir -p "$work/o" "$work/bin" "$work/lib"
	for source in kiosk/base/*.c kiosk/core/*.c kiosk/settings/*.c tests/unit/core/helper_*.c \
		tests/unit/settings/helper_*.c; do
		[ -e "$source" ] || continue
		[ "$source" = $engine ] && continue
		object=$work/o/${source//\//-}.o
		echo "$cc" "${flags[@]@Q}" -O1 -c -o "$object" "$source"
	done | xargs -d '\n' -P "$jobs" -I{} bash -c '{}'
	ar rcs "$work/o/rest.a" "$work"/o/*.o
	"$cc" "${flags[@]}" -O1 -fPIC -shared -o "$work/lib/librules.so" $engine
	for name in "${needed[@]}"; do
		echo "$cc" "${flags[@]@Q}" -O1 -rdynamic -o "$work/bin/${name//\//_}" "tests/unit/$name.c" \
			-Wl,--whole-archive "$work/o/rest.a" -Wl,--no-whole-archive \
			"-L$work/lib" -lrules -lcmocka -linih
	done | xargs -d '\n' -P "$jobs" -I{} bash -c '{}'
}

# A tree of its own for every mistake in the rulebook: everything is the repository's but that file.
plant() { # DIR
	local entry
	mkdir -p "$1/assets/rulebooks"
	for entry in "$root"/*; do
		[ "${entry##*/}" = assets ] || ln -s "$entry" "$1/"
	done
	for entry in "$root"/assets/*; do
		[ "${entry##*/}" = rulebooks ] || ln -s "$entry" "$1/assets/"
	done
	for entry in "$root"/assets/rulebooks/*; do
		[ "$entry" = "$root/$rulebook" ] || ln -s "$entry" "$1/assets/rulebooks/"
	done
}

# Prints which test noticed, or nothing.
noticed_by() { # LIBRARY-DIR TREE TEST...
	local lib=$1 tree=$2 name
	shift 2
	for name in "$@"; do
		if ! (cd "$tree" && LD_LIBRARY_PATH=$lib timeout 60 "$work/bin/${name//\//_}") \
			>/dev/null 2>&1; then
			echo "$name"
			return
		fi
	done
}

explained() { # SUBJECT WHAT WHERE
	awk -F '\t' -v s="$1" -v what="$2" -v where="$3" '
		/^#/ || NF < 4 { next }
		$1 == s && $2 == what && $3 == where { print $4; exit }' $here/equivalent.txt
}

# One mistake: prints its fate as a line of the report.
try() { # SUBJECT NUMBER LINE WHAT WHERE
	local subject=$1 number=$2 line=$3 what=$4 where=$5 dir by why file
	dir=$(mktemp -d "$work/m.XXXXXX")
	if [ "$subject" = engine ]; then
		file=$engine
		mutate engine "$number" >"$dir/rules.c"
		if ! "$cc" "${flags[@]}" "${mutant_flags[@]}" -o "$dir/librules.so" "$dir/rules.c" \
			2>/dev/null; then
			printf 'stillborn\t%s:%s\t%s\t%s\n' $file "$line" "$what" "$where"
			rm -rf "$dir"
			return
		fi
		by=$(noticed_by "$dir" "$root" "${engine_tests[@]}")
	else
		file=$rulebook
		plant "$dir"
		mutate rulebook "$number" >"$dir/$rulebook"
		by=$(noticed_by "$work/lib" "$dir" "${rulebook_tests[@]}")
	fi
	rm -rf "$dir"
	if [ -n "$by" ]; then
		printf 'caught\t%s:%s\t%s\t%s\t%s\n' $file "$line" "$what" "$where" "$by"
		return
	fi
	why=$(explained "$subject" "$what" "$where")
	printf '%s\t%s:%s\t%s\t%s\t%s\n' "${why:+equivalent}${why:-survived}" $file "$line" "$what" "$where" \
		"$why" | sed 's/^equivalent[^\t]*/equivalent/'
}

started=$SECONDS
build_tests
plant "$work/whole"
cp "$rulebook" "$work/whole/$rulebook"
for name in "${needed[@]}"; do
	by=$(noticed_by "$work/lib" "$work/whole" "$name")
	[ -z "$by" ] || {
		echo "$by fails without any mistake: nothing can be learned from it"
		exit 1
	}
done
echo "$(wc -l <"$work/list") of $(wc -l <"$work/all") mistakes, ${#needed[@]} test programs," \
	"compiled in $((SECONDS - started)) s"

export -f try mutate noticed_by explained plant
{
	declare -p root engine rulebook here work cc flags mutant_flags engine_tests rulebook_tests
} >"$work/settings"
total=$(wc -l <"$work/list") done=0
tr '\n' '\0' <"$work/list" | xargs -0 -P "$jobs" -I{} bash -c '
	source "$0"
	IFS=$'"'\t'"' read -r subject number line what where <<<"$1"
	try "$subject" "$number" "$line" "$what" "$where"' "$work/settings" {} |
	while IFS= read -r fate; do
		echo "$fate" >>"$work/report"
		done=$((done + 1))
		case $fate in
		survived*) echo "${fate//$'\t'/  }" ;;
		esac
		[ -t 1 ] && printf '%d of %d, %d s\r' $done "$total" $((SECONDS - started))
		[ $((done % 100)) = 0 ] && [ ! -t 1 ] && echo "$done of $total, $((SECONDS - started)) s"
		true
	done || true
tried=$(wc -l <"$work/report")
[ "$tried" = "$total" ] || {
	echo "interrupted: only $tried of $total mistakes were tried, which says nothing"
	exit 1
}

# --- The report ---

sort "$work/report" >"$work/sorted"
awk -F '\t' -v whole="$((sample == 0))" '
	{ fate[$1]++ }
	$1 == "caught" { by[$5]++ }
	$1 == "equivalent" { same[$2 "  " $3 "  " $4] = $5 }
	END {
		for (t in by)
			printf "caught by %s: %d\n", t, by[t]
		for (s in same)
			printf "changes nothing: %s\n    %s\n", s, same[s]
		tried = fate["caught"] + fate["equivalent"] + fate["survived"]
		printf "%d tried: %d caught (%.1f%%), %d survived with a reason, %d without; %d did not compile\n",
			tried, fate["caught"], tried ? 100 * fate["caught"] / tried : 0,
			fate["equivalent"], fate["survived"], fate["stillborn"]
		# of a small sample the share says little
		exit fate["survived"] > 0 || (whole && fate["caught"] * 100 < tried * 95)
	}' "$work/sorted" || status=1
echo "$((SECONDS - started)) s"
exit "${status:-0}"
