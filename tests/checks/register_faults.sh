#!/usr/bin/env bash
# register_faults.sh SOURCE BUILD: the register's file is damaged, foreign or cut short; the disk is full, at the start or in the
# middle of a guard's work; writing fails. Each time: said on the screen, gate closed, nothing half-written, the file not
# touched, and work goes on by itself when the cause is gone.
set -euo pipefail
# shellcheck source=kiosk.bash
source "$(dirname "$0")/kiosk.bash"

# Starts the kiosk on the folder DATA and the socket s. A write beyond a limit of ours is to fail, not to kill.
serve() {
	rm -f s
	(
		trap '' XFSZ
		exec "$program" --config "$config" --data "$1" --control s --headless
	) >log 2>&1 &
	pid=$!
	for _ in $(seq 200); do
		[ ! -S s ] || return 0
		read -rt 0.1 <> <(:) || true
	done
	wrong "no control socket: $(tail -3 log)"
}

quit() {
	good "the end" <<<quit
	wait "$pid" || wrong "it ended with $?: $(tail -3 log)"
	pid=''
}

good() { # WHEN, lines on standard input: each is answered ok
	timeout 60 perl "$source/tests/checks/ask.pl" s >out || wrong "$1: asking failed"
	! grep '^no: ' out | cut -c 1-300 || wrong "$1"
	[ -s out ] || wrong "$1: no answer; $(tail -3 log)"
}

courier='presence on
tap next
tap class-courier'

visitor='presence on
tap next
tap class-visitor
type "张伟"
tap next
tap doc-passport
type "E12345678"
tap next
type "13700001111"
tap next
type "8-2-1101"
tap next
tap purpose-family
tap next
tap no
tap no
tap next
tap skip-code
skin 36.5
wait 2s
skin off'

log_in='button guard
tap "李强"
type "246810"
tap next'

attest='tap attest-document-good
tap attest-mask-good
tap attest-health-green
tap attest-travel-clear
tap attest-escort-good'

# --- a register with one visit, to be damaged ---
serve whole
good "the first visit" <<<"$visitor
expect screen waiting
wait 20s
expect register \"SELECT count(*) FROM visit\" = 1"
quit
[ ! -e whole/register.db-wal ] || [ ! -s whole/register.db-wal ] || wrong "a log is left behind by a tidy end"
size=$(stat -c %s whole/register.db)

patch() { # FILE OFFSET, bytes on standard input
	dd of="$1" bs=1 seek="$2" conv=notrunc status=none
}

damage() { # KIND: makes broken/register.db
	rm -rf broken
	cp -r whole broken
	local db=broken/register.db
	case $1 in
	noise) head -c "$size" /dev/urandom >$db ;;
	text) printf 'this is a letter, not a register\n%.0s' {1..300} >$db ;;
	foreign) printf 'XXXX' | patch $db 68 ;; # a sound database of another program: its application id
	header) printf 'SQLite format 4' | patch $db 0 ;;
	half) truncate -s $((size / 2)) $db ;;
	page) truncate -s 4096 $db ;;
	stump) truncate -s 100 $db ;;
	middle) head -c 8192 /dev/zero | patch $db 8192 ;;
	folder) rm $db && mkdir $db ;;
	esac
}

# What lies there of the register, but for the empty log that looking at a database may leave beside it.
sums() {
	find broken -type f -name 'register*' -size +0 -exec sha256sum {} + | sort
}

for kind in noise text foreign header half page stump middle folder; do
	damage $kind
	before=$(sums)
	serve broken
	good "a damaged register ($kind)" <<<'expect screen fault
expect text "暂停登记"
expect text "登记库打不开"
expect gate closed
expect control next off
presence on
button guard
expect screen fault
wait 5m
expect screen fault
expect gate closed'
	[ "$before" = "$(sums)" ] || wrong "a damaged register ($kind) was touched: $before, now $(sums)"
	if [ $kind = noise ]; then # put back while the kiosk runs: opened again by itself
		cp whole/register.db broken/new
		mv broken/new broken/register.db
		good "the register put back" <<<"wait 10s
expect screen board
expect register \"SELECT count(*) FROM visit\" = 1
$courier
expect screen refused
expect register \"SELECT count(*) FROM visit\" = 2"
	fi
	quit
done

# --- writing fails: what cannot be recorded does not happen, and it heals by itself ---
if command -v prlimit >/dev/null; then
	serve limited
	good "before writing fails" <<<"$courier
expect screen refused
wait 1m
presence off
expect screen board"
	prlimit --pid "$pid" --fsize=4096:unlimited
	good "writing fails" <<<"$courier
expect screen fault
expect text \"登记库\"
expect gate closed"
	# Safety does not wait for the register: it opens, and is recorded later, in order.
	good "an emergency meanwhile" <<<'button emergency
expect screen emergency
expect gate open
wait 30s
button emergency off
wait 5s
expect gate closed
expect screen fault
presence off'
	prlimit --pid "$pid" --fsize=unlimited:unlimited
	good "after it" <<<"wait 30s
expect screen board
expect register \"SELECT count(*) FROM visit\" = 1
expect register \"SELECT group_concat(type, ' ') FROM (SELECT type FROM event_words WHERE type = 'emergency' ORDER BY seq)\" = \"emergency emergency\"
$courier
expect screen refused
expect register \"SELECT count(*) FROM visit\" = 2"
	quit
else
	echo "note: failing writes are not tried: no prlimit here"
fi

# --- the disk is full ---
mkdir full
if mount -t tmpfs -o size=3m tmpfs full 2>/dev/null; then
	mounted=$work/full
	fill() {
		dd if=/dev/zero of=full/fill bs=4k status=none 2>/dev/null || true
	}

	# In the middle of a guard's work: the list can still be read, the decision is not taken, and not lost.
	serve full/data
	good "before the disk is full" <<<"$visitor
expect screen waiting
presence off
wait 20s
$log_in
expect screen queue"
	fill
	good "a guard with a full disk" <<<"expect text \"张*\"
tap row-0
expect screen visit
expect text \"8-2-1101\"
$attest
tap admit
expect screen visit
expect text \"存储空间已满\"
expect gate closed
expect register \"SELECT state FROM visit_words\" = waiting
expect register \"SELECT count(*) FROM pass\" = 0
expect register \"SELECT count(*) FROM event_words WHERE type = 'decided'\" = 0
wait 10s
expect gate closed"
	rm full/fill
	good "the same touch with space again" <<<"tap admit
expect screen admitted
expect gate open
beam pass
expect register \"SELECT state FROM visit_words\" = inside
wait 15s
tap logout
expect screen board"
	quit

	# Full when the kiosk starts: nothing can be opened; tried again until it can.
	rm full/data/register.db*
	fill
	serve full/data
	good "a start with a full disk" <<<'expect screen fault
expect text "存储空间已满"
expect gate closed
wait 2m
expect screen fault'
	rm full/fill
	good "space after such a start" <<<"wait 10s
expect screen board
$courier
expect screen refused
expect register \"SELECT count(*) FROM visit\" = 1"
	quit
else
	echo "note: the full disk is not tried: mounting a tmpfs is refused here"
fi

[ $failed = 0 ] && echo "the register's faults are shown, and heal by themselves"
exit $failed
