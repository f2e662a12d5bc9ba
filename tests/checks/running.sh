#!/usr/bin/env bash
# running.sh SOURCE BUILD: the program as a person meets it: mistakes at the start, a register that is damaged, in use or out of
# space, and the control socket.
set -euo pipefail
# shellcheck source=kiosk.bash
source "$(dirname "$0")/kiosk.bash"
export SDL_DISKAUDIOFILE=$work/sound.raw

# starts CODE TEXT ARGUMENT...: ends with CODE and says TEXT
starts() {
	local code=$1 text=$2 status=0
	shift 2
	timeout 60 "$program" "$@" >out 2>&1 </dev/null || status=$?
	[ $status = "$code" ] || wrong "$* ended with $status, not $code: $(tail -3 out)"
	grep -qF -- "$text" out || wrong "$* does not say \"$text\": $(tail -3 out)"
}

# --- mistakes ---
starts 2 'nope.ini: cannot be read' --config nope.ini --data d --headless
sed 's/^id = 1$/id = x/' "$config" >bad.ini
starts 2 'bad.ini:3: id "x"' --config bad.ini --data d --headless
sed 's/^printer = sim/printer = lp/' "$config" >bad.ini
starts 2 'none of the backends' --config bad.ini --data d --headless
sed "s|^rulebook = .*|rulebook = $work/none.ini|" "$config" >bad.ini
starts 2 'none.ini: cannot be read' --config bad.ini --data d --headless
touch file
starts 2 'file: the data folder' --config "$config" --data file --headless
SDL_VIDEODRIVER=kmsdrm starts 2 'start with --headless' --config "$config" --data d
echo 'bogus' >s.txt
starts 1 's.txt:1: unknown command "bogus"' --config "$config" --data d --headless --scenario s.txt
starts 2 'none.txt: the scenario cannot be read' --config "$config" --data d --headless --scenario none.txt
echo 'frame none.png' >s.txt
starts 1 's.txt:1: frame: there is no file none.png' --config "$config" --data d --headless --scenario s.txt
printf 'wait 1s\n\nexpect screen queue\n' >s.txt
starts 1 's.txt:3: expected screen queue, found board' --config "$config" --data d --headless --scenario s.txt

# No sound and no camera program: the kiosk lives and shows it.
echo 'expect screen board' >s.txt
SDL_AUDIODRIVER=nonsense starts 0 'speaker' --config "$config" --data d --headless --scenario s.txt
mkdir bin
cp "$program" bin/
timeout 60 bin/gatehouse --config "$config" --data d --headless --scenario s.txt >out 2>&1 ||
	wrong "without gatehouse-scanner the kiosk does not live: $(tail -3 out)"

# --- accounts ---
echo 135790 | timeout 60 "$program" --config "$config" --data d6 --set-pin guard:夜班 >out 2>&1 || wrong "--set-pin: $(cat out)"
if echo 12 | timeout 60 "$program" --config "$config" --data d6 --set-pin guard:夜班 >out 2>&1; then
	wrong "a PIN of two digits was taken"
fi
grep -q '4 to 12 digits' out || wrong "a bad PIN gets no sentence: $(cat out)"

# --- a register that is none: shown, gate closed, never overwritten ---
mkdir damaged
for seed in 1 2 3; do
	case $seed in
	1) head -c 9000 /dev/zero | tr '\0' 'x' >damaged/register.db ;;
	2) printf 'SQLite format 3\0' | cat - <(head -c 5000 /dev/zero) >damaged/register.db ;;
	3) cp d/register.db damaged/register.db && printf 'x' | dd of=damaged/register.db bs=1 seek=4200 conv=notrunc 2>/dev/null &&
		head -c 8192 damaged/register.db >t && mv t damaged/register.db ;;
	esac
	rm -f damaged/register.db-wal
	before=$(sha256sum <damaged/register.db)
	printf 'expect screen fault\nexpect text "登记库打不开"\nexpect gate closed\nwait 1m\nexpect screen fault\n' >s.txt
	starts 0 'register' --config "$config" --data damaged --headless --scenario s.txt
	[ "$before" = "$(sha256sum <damaged/register.db)" ] || wrong "damaged register $seed was written to"
done

# --- the control socket ---
ask() { # SOCKET, lines on standard input; prints the answers
	perl -MIO::Socket::UNIX -e '
		my $s = IO::Socket::UNIX->new(Peer => shift) or die "no socket: $!\n";
		$s->autoflush(1);
		while (my $line = <STDIN>) {
			print $s $line;
			while (my $answer = <$s>) { print $answer; last if $answer =~ /^(ok|no: .*|\.)$/; }
		}' "$1"
}
serve() { # DATA SOCKET
	timeout 100 "$program" --config "$config" --data "$1" --control "$2" --headless >"$2.log" 2>&1 &
	for _ in $(seq 100); do
		[ ! -S "$2" ] || return 0
		read -rt 0.1 <> <(:) || true
	done
	wrong "no control socket: $(tail -3 "$2.log")"
}
serve d7 one.sock
printf 'presence on\nexpect screen welcome\nnonsense\ntree\n' | ask one.sock >out
grep -qx 'ok' out || wrong "no ok: $(cat out)"
grep -q '^no: unknown command "nonsense"' out || wrong "no reason: $(cat out)"
grep -q '^next button ' out || wrong "no tree: $(head -3 out)"
[ "$(tail -1 out)" = . ] || wrong "a tree does not end with a point"
# A register in use is not opened twice.
printf 'expect screen fault\nexpect gate closed\n' >s.txt
starts 0 'busy' --config "$config" --data d7 --headless --scenario s.txt
# The second client; garbage; the end.
head -c 3000 /dev/zero | tr '\0' 'a' | ask one.sock >/dev/null 2>&1 || true
printf 'expect screen welcome\nquit\n' | ask one.sock >out || true
[ "$(head -1 out)" = ok ] || wrong "the second client is not heard: $(cat out)"
wait

# --- a full disk ---
mkdir full
if mount -t tmpfs -o size=3m tmpfs full 2>/dev/null; then
	mounted=$work/full
	serve full two.sock
	courier='presence on\ntap next\ntap class-courier\n'
	printf "${courier}expect screen refused\nwait 1m\npresence off\n" | ask two.sock >out
	! grep '^no' out || wrong "before the disk is full"
	dd if=/dev/zero of=full/fill bs=1k 2>/dev/null || true
	printf "${courier}expect screen fault\nexpect text \"存储空间已满\"\nexpect gate closed\nexpect register \"SELECT count(*) FROM visit\" = 1\nwait 30s\nexpect screen board\npresence off\n" | ask two.sock >out
	! grep '^no' out || wrong "with a full disk"
	rm full/fill
	printf "${courier}expect screen refused\nexpect register \"SELECT count(*) FROM visit\" = 2\nquit\n" | ask two.sock >out
	! grep '^no' out || wrong "after space has come back"
	wait
else
	echo "note: the full disk is not tried: mounting a tmpfs is refused here"
fi
# --- no font ---
if unshare -m mount -t tmpfs tmpfs /usr/share/fonts 2>/dev/null; then
	if [ -d /usr/local/share/fonts ] && [ -n "$(find /usr/local/share/fonts -name 'NotoSansCJK*')" ]; then
		echo "note: the missing font is not tried: there is one in /usr/local/share/fonts"
	else
		status=0
		unshare -m sh -c 'mount -t tmpfs tmpfs /usr/share/fonts && exec timeout 60 "$@"' sh \
			"$program" --config "$config" --data nofont --headless >out 2>&1 </dev/null || status=$?
		[ $status = 2 ] || wrong "without a font it ended with $status, not 2"
		grep -qF 'install the package fonts-noto-cjk' out || wrong "without a font: $(tail -3 out)"
	fi
else
	echo "note: the missing font is not tried: a mount of our own is refused here"
fi
[ $failed = 0 ] && echo "the program answers mistakes, faults and its socket"
exit $failed
