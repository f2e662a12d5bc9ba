#!/usr/bin/env bash
# start.sh SOURCE BUILD: the command line and the files a start depends on: each mistake is one sentence that names the place,
# the exit code is as --help says, and nothing starts half-configured. (running.sh has the mistakes of the first hour.)
set -euo pipefail
# shellcheck source=kiosk.bash
source "$(dirname "$0")/kiosk.bash"

# says CODE TEXT ARGUMENT...: ends with CODE and says TEXT; its standard input is the caller's
says() {
	local code=$1 text=$2 status=0
	shift 2
	timeout 60 "$program" "$@" >out 2>&1 || status=$?
	[ $status = "$code" ] || wrong "$* ended with $status, not $code: $(tail -3 out)"
	grep -qF -- "$text" out || wrong "$* does not say \"$text\": $(tail -3 out)"
}
starts() {
	says "$@" </dev/null
}

# plays LINES [ARGUMENT...]: the scenario holds
plays() {
	printf '%b' "$1" >played.txt
	shift
	timeout 60 "$program" --config "$config" --headless --scenario played.txt "$@" >out 2>&1 </dev/null || wrong "$* $(tail -2 out)"
}

# --- the command line ---
starts 2 'Usage: gatehouse'
starts 2 'Usage: gatehouse' --config "$config"
starts 2 'Usage: gatehouse' --data d
starts 2 'Usage: gatehouse' --config "$config" --data d --no-such-option
starts 2 '"stray" is not an option' --config "$config" --data d stray
starts 2 'Usage: gatehouse' --config "$config" --data d --scenario a.txt --control s
starts 0 'Exit code: 0 good' --help
starts 0 'expect screen ID' --help scenario
[ ! -e d ] || wrong "a wrong command line made the data folder"

# --- settings ---
sed '/^level = /d' "$config" >bad.ini
starts 2 'bad.ini: [rules] level is missing' --config bad.ini --data d --headless
printf 'level = closed\n' | cat "$config" - >bad.ini
starts 2 'level' --config bad.ini --data d --headless
grep -qE '^bad.ini:[0-9]+: ' out || wrong "a broken line is not named by file and line: $(cat out)"
book=$(sed -n 's/^rulebook = //p' "$config")
sed 's/^fever = .*/fever = 73.3/' "$source/kiosk/$book" >book.ini
line=$(grep -n '^fever = ' book.ini | cut -d: -f1)
sed "s|^rulebook = .*|rulebook = book.ini|" "$config" >bookish.ini
starts 2 "book.ini:$line: fever \"73.3\"" --config bookish.ini --data d --headless
starts 2 'cannot be read' --config . --data d --headless
[ ! -e d ] || wrong "broken settings made the data folder"

# --- the data folder ---
starts 2 'no/d: the data folder cannot be made' --config "$config" --data no/d --headless
mkdir -p keyed/gate.key
starts 2 "keyed/gate.key: the gate's signing key cannot be used" --config "$config" --data keyed --headless
mkdir short
printf 'too short' >short/gate.key
starts 2 "short/gate.key: the gate's signing key" --config "$config" --data short --headless
[ "$(cat short/gate.key)" = 'too short' ] || wrong "a key that cannot be used was overwritten"

# --- scenarios ---
starts 2 'the scenario cannot be read' --config "$config" --data d --headless --scenario .
printf 'wait 1s\ntype "x"\n' >s.txt
starts 1 's.txt:2: type: there is no field on screen board' --config "$config" --data d --headless --scenario s.txt
printf 'power cut at recorded\nwait 1s\n' >s.txt
starts 1 's.txt: the power cut at recorded never came' --config "$config" --data d --headless --scenario s.txt
printf 'shot x\n' >s.txt
starts 1 's.txt:1: no folder for pictures: start with --shots DIR' --config "$config" --data d --headless --scenario s.txt
printf 'not a picture' >not.png
printf 'frame not.png\n' >s.txt
starts 1 's.txt:1: frame: not.png is not a picture I can read' --config "$config" --data d --headless --scenario s.txt

# --- a part is missing: the kiosk lives, and shows it ---
mkdir bin
cp "$program" bin/gatehouse
printf 'expect screen board\nexpect text "摄像头 未连接"\npresence on\ntap next\ntap class-courier\nexpect screen refused\n' >s.txt
timeout 60 bin/gatehouse --config "$config" --data lone --headless --scenario s.txt >out 2>&1 </dev/null ||
	wrong "without gatehouse-scanner: $(tail -2 out)"
grep -q 'gatehouse-scanner: No such file' out || wrong "without gatehouse-scanner the log does not say so"
SDL_AUDIODRIVER=nonsense plays 'expect text "扬声器 未连接"\npresence on\nexpect said welcome\n' --data mute

# --- accounts ---
pin() { # TEXT ACCOUNT PIN: refused, saying TEXT
	printf '%s\n' "$3" | says 2 "$1" --config "$config" --data pins --set-pin "$2"
	! grep -qF "${3:-none}" out || wrong "a PIN is repeated on the screen"
}
pin 'takes ROLE:NAME' guard 13579
pin 'takes ROLE:NAME' guard: 13579
pin 'takes ROLE:NAME' chief:夜班 13579
pin 'takes ROLE:NAME' :夜班 13579
pin 'takes ROLE:NAME' guard:0123456789012345678901234567890123456789 97531
pin '4 to 12 digits' guard:夜班 123
pin '4 to 12 digits' guard:夜班 1357924680135
pin '4 to 12 digits' guard:夜班 12a4
pin '4 to 12 digits' guard:夜班 ''
pin '4 to 12 digits' guard:夜班 "$(head -c 100 /dev/zero | tr '\0' 7)"
printf '13579\n' | says 0 '' --config "$config" --data pins --set-pin guard:夜班
plays 'button guard\ntap "夜班"\ntype "135792"\ntap next\nexpect screen pin\ntype "13579"\ntap next\nexpect screen queue\n' --data pins
printf '24680\r\n' | says 0 '' --config "$config" --data pins --set-pin guard:夜班
plays 'button guard\ntap "夜班"\ntype "13579"\ntap next\nexpect screen pin\ntype "24680"\ntap next\nexpect screen queue\n' --data pins
grep -rqF 24680 pins && wrong "a PIN stands in the data folder in plain text"
[ "$(stat -c %a pins)" = 700 ] || wrong "others may look into the data folder"

# --- the end ---
"$program" --config "$config" --data live --headless >out 2>&1 </dev/null &
pid=$!
for _ in $(seq 200); do
	! grep -q 'register: opened' out || break
	read -rt 0.1 <> <(:) || true
done
kill -TERM $pid
status=0
wait $pid || status=$?
[ $status = 0 ] || wrong "SIGTERM: ended with $status: $(tail -3 out)"
grep -q 'frames drawn' out || wrong "SIGTERM is no tidy end: $(tail -3 out)"
[ ! -s live/register.db-wal ] || wrong "SIGTERM leaves the register's log behind"

# --- the appliance's own program takes neither simulators nor PINs from a file ---
release=$source/build/release/bin/gatehouse
if [ -e "$source/build/release.lock" ]; then # it may be being built
	exec 9<"$source/build/release.lock"
	flock -s 9
fi
if [ -x "$release" ]; then
	program=$release
	starts 2 'camera = sim: "sim" is none of the backends of this build' --config "$config" --data r --headless
	sed -E '/^\[devices\]/,/^\[rules\]/s/^([a-z]+) = .*/\1 = none/; s|^rulebook = .*|rulebook = book.ini|' "$config" >real.ini
	cp "$source/kiosk/$book" book.ini
	starts 2 "this key is the demonstration's" --config real.ini --data r --headless
	sed -i '/^key = /d' real.ini
	starts 2 "this key is the demonstration's" --config real.ini --data r --headless
	sed -i '/^\[office\]/,/^recipient/d' real.ini
	starts 2 'PINs in a configuration file are for demonstrations only' --config real.ini --data r --headless
	! grep -qE '246810|135790|864200' out || wrong "a PIN is repeated on the screen"
	starts 2 'Usage: gatehouse' --config real.ini --data r --scenario s.txt
	[ ! -e r ] || wrong "the appliance's program made the data folder before it was content"
else
	echo "note: the appliance's program is not tried: build/release is not built"
fi

[ $failed = 0 ] && echo "a start says what is wrong with it"
exit $failed
