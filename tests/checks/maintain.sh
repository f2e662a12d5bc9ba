#!/usr/bin/env bash
# maintain.sh SOURCE BUILD: what is done with a stopped kiosk's register from the command line: the whole check with a hash
# from a slip, a copy and an erasure by receipt code, volunteers' accounts that end.
set -euo pipefail
# shellcheck source=kiosk.bash
source "$(dirname "$0")/kiosk.bash"

wrong() { # the first mistake is the last
	echo "maintain: $1"
	exit 1
}
# says CODE TEXT PIN OPTIONS...: what the program ends with and says
says() {
	local code=0 want=$1 text=$2 pin=$3
	shift 3
	printf '%s\n' "$pin" | timeout 120 "$program" --config "$config" --data data "$@" >out 2>err || code=$?
	[ $code = "$want" ] || wrong "$*: ended with $code, not $want: $(cat err)"
	grep -qF -- "$text" err || wrong "$*: does not say \"$text\": $(cat err)"
}
plays() { # LINES: a scenario that must succeed
	printf "$1" >s.txt
	timeout 120 "$program" --config "$config" --data data --headless --scenario s.txt --shots . >out 2>&1 </dev/null ||
		wrong "$(tail -3 out)"
}

says 2 'there is no register to check' '' --check
visitor='ambient 20\npresence on\ntap next\ntap class-visitor\ntype "钱忘之"\ntap next\ntap doc-passport\ntype "E76543210"\ntap next\ntype "13700002222"\ntap next\ntype "8-2-1187"\ntap next\ntap purpose-family\ntap next\ntap no\ntap no\ntap next\nskin 36.4\ntap skip-code\nwait 2s\nexpect screen waiting\npresence off\n'
guard='button guard\ntap "李强"\ntype "246810"\ntap next\nexpect screen queue\n'
plays "$visitor"
# The slip as it was printed: what an expectation that must fail names.
printf "${guard}tap row-0\ntap refuse\nexpect screen refused\nexpect printed \"no such text\"\n" >s.txt
timeout 120 "$program" --config "$config" --data data --headless --scenario s.txt --shots . >slip 2>&1 </dev/null && wrong "what is not printed was expected"
code=$(sed -n 's/.*回执码 Receipt: \([0-9A-Z-]*\).*/\1/p' slip)
head=$(sed -n 's/.*链 \([0-9a-f]*\).*/\1/p' slip)
[ ${#code} = 14 ] && [ ${#head} = 16 ] || wrong "no receipt code or no hash on the slip: $(cat slip)"

# --- the check ---
says 0 'good: ' '' --check
says 0 'good: ' '' --check --head "$head"
grep -q 'checked: 100 %' err || wrong "the check does not say how far it is"
says 1 'not good: event ' '' --check --head "$(tr '0-9a-f' '1-9a-f0' <<<"$head")"
says 2 'hexadecimal' '' --check --head xyz
says 2 'hexadecimal' '' --check --head 1234567
says 2 'hexadecimal' '' --check --head 12345

# --- a copy and an erasure ---
says 2 '--by says whose PIN' '' --copy "$code"
says 2 'no such account' 864200 --copy "$code" --by 谁
says 2 'wrong PIN' 111111 --copy "$code" --by 周敏
says 2 'only a supervisor or staff' 246810 --copy "$code" --by 李强
says 1 'not a receipt code' 864200 --copy "${code%?}" --by 周敏
says 1 'nothing personal is kept' 864200 --copy 0000-0000-0000 --by 周敏
says 0 '' 864200 --copy "$(tr A-Z- 'a-z ' <<<"$code")" --by 周敏
grep -q '钱忘之' out && grep -q 'E76543210' out && grep -q 'state: refused' out || wrong "the copy is not whole: $(cat out)"
says 0 'erased' 975310 --erase "$code" --by 赵队长
says 1 'nothing personal is kept' 864200 --copy "$code" --by 周敏
if grep -r -q -a -e '钱忘之' -e E76543210 data; then
	wrong "bytes of the erased are left in the data folder"
fi
says 0 'good: ' '' --check
plays "expect register \"SELECT actor FROM event_words WHERE type = 'forgotten'\" = 赵队长\nexpect register \"SELECT actor FROM event_words WHERE type = 'revealed'\" = 周敏\n"

# --- accounts with an end ---
says 2 'takes the last day' 13579 --set-pin guard:志愿者 --until tomorrow
says 2 'takes the last day' 13579 --set-pin guard:志愿者 --until 2026-02-30
last=$(date -d '+1 year' +%F) # the commands above have recorded the real time
over=$(date -d "$last +1 day" +%F)
says 0 '' 13579 --set-pin guard:志愿者 --until "$last"
volunteer='button guard\ntap "志愿者"\ntype "13579"\ntap next\n'
plays "at ${last}T23:59:00+08:00\n${volunteer}expect screen queue\n"
plays "at ${over}T00:00:00+08:00\n${volunteer}expect screen pin\nexpect text \"此账号已到期\"\n"

# --- a clock that was ahead: every honest one is doubtful until somebody has looked at it ---
says 2 'wrong PIN' 111111 --confirm-clock --by 李强
plays "expect register \"SELECT trusted FROM event ORDER BY seq DESC\" = 0\n" # real time is long before $over
says 0 '李强 confirms the clock' 246810 --confirm-clock --by 李强
now=$(date -u -d '+1 minute' +%FT%TZ)
plays "at $now\nexpect register \"SELECT trusted FROM event_words WHERE type = 'boot' ORDER BY seq DESC\" = 1\n"
plays "at $now\nexpect register \"SELECT actor FROM event_words WHERE type = 'clock' AND actor <> ''\" = 李强\n"
says 0 'good: ' '' --check
echo "what is done from the command line is done, and recorded"
