# One small mistake at a time in a rulebook.
#   awk -f mutate_ini.awk default.ini              lists: number, line, what, the section
#   awk -f mutate_ini.awk -v pick=N default.ini    writes the rulebook with mistake N
# Titles, versions and comments are not rules and are left alone. A rule that is turned round loses
# the lines that its new verdict could not have, so that the loader alone does not catch it.
BEGIN {
	checks = split("real-name document mask temperature health-code travel-card travel-14d symptoms " \
		"approval test escort certificate vehicle-pass occupants disinfection quota monitoring window", check, " ")
	split("nobody guard supervisor headquarters", lift, " ")
	split("guard community headquarters", approver, " ")
	count = 0
}

# Text may be several lines; "" leaves the line out.
function mutant(what, text) {
	count++
	if (!pick)
		printf "%d\t%d\t%s\t[%s]\n", count, FNR, what, section
	else if (count == pick) {
		chosen = text
		changed = 1
	}
}

function others(list, n,    i) {
	for (i = 1; i <= n; i++)
		if (list[i] != value)
			mutant(key " " value " -> " list[i], key " = " list[i])
}

# Moves the first number of the value by one in its last place, keeping its unit.
function moved(text, by,    head, number, tail, places) {
	match(text, /-?[0-9]+(\.[0-9]+)?/)
	head = substr(text, 1, RSTART - 1)
	number = substr(text, RSTART, RLENGTH)
	tail = substr(text, RSTART + RLENGTH)
	places = index(number, ".") ? length(number) - index(number, ".") : 0
	return head sprintf("%." places "f", number + by / 10 ^ places) tail
}

function numbers(    by) {
	for (by = -1; by <= 1; by += 2)
		mutant(key " " value " -> " moved(value, by), key " = " moved(value, by))
}

# Both ends of "05:00-07:30" by a minute.
function hours(    at, n, part, i, by, minute, out) {
	n = split(value, at, "-")
	for (i = 1; i <= n; i++)
		for (by = -1; by <= 1; by += 2) {
			split(at[i], part, ":")
			minute = (part[1] * 60 + part[2] + by + 1440) % 1440
			out = sprintf("%02d:%02d", int(minute / 60), minute % 60)
			out = i == 1 ? out "-" at[2] : at[1] "-" out
			mutant(key " " value " -> " out, key " = " out)
		}
}

function without(list, n, skip,    i, out) {
	out = ""
	for (i = 1; i <= n; i++)
		if (i != skip)
			out = out (out == "" ? "" : ", ") list[i]
	return out
}

function required(    list, n, i, has, added) {
	n = split(value, list, /[ ,]+/)
	for (i = 1; i <= n; i++) {
		has[list[i]] = 1
		mutant("without " list[i], n == 1 ? "" : key " = " without(list, n, i))
	}
	for (i = 1; i <= checks && !added; i++)
		if (!(check[i] in has)) {
			added = 1
			mutant("also " check[i], $0 ", " check[i])
		}
}

function verdict() {
	if (value == "admit") {
		mutant("admit -> refuse", "verdict = refuse\nreason = class-refused")
		if (changed) drop = "^(require|approver|window|recorded_after|pass_minutes|pass_uses|fever)$"
		return
	}
	mutant(value " -> admit", "verdict = admit")
	if (changed) drop = "^(reason|lift|require|approver|window|pass_minutes|pass_uses)$"
	if (changed) return
	if (value == "refuse")
		mutant("refuse -> turn-back", "verdict = turn-back")
	else
		mutant("turn-back -> refuse", "verdict = refuse")
}

function one_line() {
	if (section == "rulebook")
		return
	if (section == "lifts")
		others(lift, 4)
	else if (section == "windows")
		hours()
	else if (section == "clauses" || key == "clause")
		mutant(key " " value " -> 9", key " = 9·九")
	else if (key == "verdict")
		verdict()
	else if (key == "require")
		required()
	else if (key == "lift") {
		others(lift, 4)
		mutant("no " key, "")
	} else if (key == "approver") {
		others(approver, 3)
		mutant("no " key, "")
	} else if (key == "reason")
		mutant(key " " value, key " = " (value == "outsider" ? "class-refused" : "outsider"))
	else if (key == "window" || key == "recorded_after" || (key == "fever" && value == "home"))
		mutant("no " key, "")
	else if (value ~ /[0-9]/)
		numbers()
	else
		mutant("no " key, "")
}

/^\[/ {
	section = $0
	gsub(/[][]/, "", section)
	drop = ""
	changed = 0
}

{
	chosen = $0
	changed = 0
	if ($0 ~ /^[a-z]/ && index($0, "=")) {
		key = substr($0, 1, index($0, "=") - 1)
		value = substr($0, index($0, "=") + 1)
		gsub(/^[ \t]+|[ \t]+$/, "", key)
		gsub(/^[ \t]+|[ \t]+$/, "", value)
		sub(/[ \t]+;.*$/, "", value)
		if (drop != "" && key ~ drop)
			next
		one_line()
		if (pick && changed && chosen == "")
			next
	}
	if (pick)
		print chosen
}
