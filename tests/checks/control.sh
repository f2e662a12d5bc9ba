#!/usr/bin/env bash
# control.sh SOURCE BUILD: the control socket as a program at its other end sees it: each form of answer, one client after
# another, lines nobody can mean, power cuts, and the ways to end.
set -euo pipefail
# shellcheck source=kiosk.bash
source "$(dirname "$0")/kiosk.bash"

pause() { # a tenth of a second
	read -rt 0.1 <> <(:) || true
}

serve() { # DATA: starts the kiosk on the socket s
	rm -f s
	timeout 120 "$program" --config "$config" --data "$1" --control s --headless --shots shots --stick stick >log 2>&1 &
	pid=$!
	for _ in $(seq 200); do
		[ ! -S s ] || return 0
		pause
	done
	wrong "no control socket: $(tail -3 log)"
}

ended() { # CODE: the kiosk has ended with CODE and taken its socket with it
	local status=0
	wait "$pid" || status=$?
	pid=
	[ $status = "$1" ] || wrong "it ended with $status, not $1: $(tail -3 log)"
	[ ! -e s ] || wrong "the socket is left behind"
}

ask() { # lines on standard input
	timeout 60 perl "$source/tests/checks/ask.pl" s >out || wrong "asking failed"
}

same() { # WHAT EXPECTED: out is exactly that
	[ "$(cat out)" = "$2" ] || wrong "$1: answered \"$(head -c 300 out)\""
}

serve data

# Every form of answer, many lines in one go.
printf '# a comment\n\npresence on\nexpect screen board\nnonsense\ntap nowhere\nshot a/b\n' | ask
same "answers" 'ok
ok
ok
no: expected screen board, found welcome
no: unknown command "nonsense"; gatehouse --help scenario lists them
no: tap: nothing to touch is called nowhere on screen welcome
no: give it a name without a slash'

# A value ends with a point in a line of its own, and what follows is answered too.
printf 'tree\nexpect screen welcome\n' | ask
[ "$(tail -2 out)" = $'.\nok' ] || wrong "the end of a tree: $(tail -2 out)"
[ "$(grep -c '^next button ' out)" = 1 ] || wrong "no tree: $(head -3 out)"
! head -n -2 out | grep -vE '^[a-z0-9-]+ [a-z]+ ".*" [0-9]+,[0-9]+,[0-9]+,[0-9]+ [a-z,]+$' || wrong "a line of the tree is of no known form"
printf 'shot now\n' | ask
same "shot" ok
[ "$(head -c 4 shots/now.png | tail -c 3)" = PNG ] || wrong "the shot is no PNG"

# The next client finds what the one before left.
printf 'tap next\n' | ask
same "second client" ok
printf 'expect screen class\n' | ask
same "third client" ok

# Lines nobody can mean.
{
	head -c 1023 /dev/zero | tr '\0' '#'
	echo
	head -c 1100 /dev/zero | tr '\0' '#'
	echo
	echo 'expect screen class'
} | ask
same "long lines" 'ok
no: the line is longer than 1023 bytes
ok'
{ echo 'expect screen class'; head -c 100000 /dev/zero | tr '\0' 'a'; } | ask
same "a line without end" 'ok
no: the line is longer than 1023 bytes'
printf '\xff\xfe\x01\x02\n"\n\0\0\nexpect screen class\ntype "\xff"\n' | ask
[ "$(sed -n '4p;5p' out)" = $'ok\nno: type: say what, in quotes, in UTF-8' ] || wrong "garbage: $(cat -v out)"
head -c 200000 "$program" | ask
printf 'expect screen class' | ask # never ended: never run
same "half a line" ''
: | ask
same "nothing" ''
printf 'expect screen class\n' | ask
same "after the garbage" ok

# Nothing happens between two commands: time stands still for the kiosk while nobody speaks.
printf 'tap class-visitor\ntype "张伟"\n' | ask
pause
pause
printf 'expect text "张伟"\nwait 90s\nexpect screen board\n' | ask
same "time" $'ok\nok\nok'

# The account, and the register in use: a second program must not touch it.
echo 13579 | timeout 60 "$program" --config "$config" --data data --set-pin guard:夜班 >out 2>&1 && wrong "--set-pin beside a running kiosk"
grep -qF 'stop the kiosk first' out || wrong "--set-pin beside a running kiosk says: $(cat out)"

# A power cut ends the conversation. The socket is there again while the power is off; with the power, what was recorded is.
printf 'tap start\ntap next\ntap class-courier\nexpect screen refused\npower cut\nexpect screen board\n' | ask
same "power cut" $'ok\nok\nok\nok'
for _ in $(seq 200); do
	: | timeout 5 perl "$source/tests/checks/ask.pl" s >/dev/null 2>&1 && break
	pause
done
printf 'expect screen board\nskin 36.5\n' | ask
same "power off" 'no: the power is off: "restart" first
ok'
printf "restart\nexpect screen board\nexpect register \"SELECT count(*) FROM visit\" = 1\nexpect register \"SELECT count(*) FROM event_words WHERE type = 'boot'\" = 2\n" | ask
same "after the power cut" $'ok\nok\nok\nok'
printf 'restart\nexpect screen board\n' | ask
same "restart" $'ok\nok'

# The register answers, or says why not.
printf 'expect register "SELECT 1" = 1\nexpect register "SELECT 1" = 2\nexpect register "DELETE FROM event" = 0\nexpect register "SELECT * FROM nothing" = 0\nexpect register\n' | ask
[ "$(sed -n '1,2p' out)" = $'ok\nno: expected register value 2, found 1' ] || wrong "register: $(cat out)"
[ "$(grep -c '^no: ' out)" = 4 ] || wrong "register: $(cat out)"

# quit: answered, then the end; what stands behind it is not run.
printf 'expect screen board\nquit\nshot later\n' | ask
same "quit" $'ok\nok'
ended 0
[ ! -e shots/later.png ] || wrong "a line behind quit was run"

# Told to stop by a signal, while time stands still.
serve data
printf 'presence on\n' | ask
kill "$pid"
for _ in $(seq 50); do
	kill -0 "$pid" 2>/dev/null || break
	pause
done
! kill -0 "$pid" 2>/dev/null || wrong "it does not hear SIGTERM while nobody speaks"

# timeout(1) passes the signal on and tells its own 124 or 143; the socket is gone all the same.
wait "$pid" || true
pid=
[ ! -e s ] || wrong "after SIGTERM the socket is left behind"

# A socket that cannot be made.
for path in "none/s" "$(head -c 120 /dev/zero | tr '\0' 'x')"; do
	status=0
	timeout 60 "$program" --config "$config" --data data --control "$path" --headless >out 2>&1 || status=$?
	[ $status = 2 ] || wrong "a socket that cannot be made ends with $status, not 2"
	grep -qF 'the control socket cannot be made' out || wrong "a socket that cannot be made says: $(tail -1 out)"
done

[ $failed = 0 ] && echo "the control socket answers"
exit $failed
