# One small mistake at a time in a C file.
#   awk -f mutate_c.awk types.h rules.c                 lists: number, line, what, the line
#   awk -f mutate_c.awk -v pick=N types.h rules.c       writes the file with mistake N
# The first file gives the enumerations, so that a word is exchanged for its neighbour of the same
# kind. Comments, strings and includes are left alone.
BEGIN {
	count = 0
	# longest first; what each turns into, by blanks
	tokens = split("<<= >>= << >> <= >= == != && || |= &= -> ++ -- += -= < > ! ?", token, " ")
	into["<<"] = ">>"; into[">>"] = "<<"
	into["<="] = "< >"; into[">="] = "> <"
	into["=="] = "!="; into["!="] = "=="
	into["&&"] = "||"; into["||"] = "&&"
	into["|="] = "&="
	into["<"] = "<= >="; into[">"] = ">= <="
	into["!"] = "!!"
	into["?"] = "&&0? ||1?"
}

# Words of the enumerations, in their order.
FNR == NR {
	line = $0
	sub(/\/\*.*/, "", line)
	while (match(line, /[A-Z][A-Z0-9_]*/)) {
		word = substr(line, RSTART, RLENGTH)
		line = substr(line, RSTART + RLENGTH)
		kind = word
		sub(/_.*/, "", kind)
		if (kind !~ /^(VERDICT|LIFT|FINDING|REASON|APPROVER|CHECK)$/ || word in place)
			continue
		if (word ~ /_COUNT_$/ || word == "REASONS_MAX")
			continue
		place[word] = ++size[kind]
		name[kind, size[kind]] = word
	}
	next
}

# The third time the same thing stands in a line it is called "thing(3)".
function mutant(from, length_, to,    text, what) {
	count++
	text = substr($0, 1, from - 1) to substr($0, from + length_)
	what = trimmed(substr($0, from, length_))
	if (!((FNR, what, from) in met)) {
		met[FNR, what, from] = 1
		times[FNR, what]++
	}
	if (times[FNR, what] > 1)
		what = what "(" times[FNR, what] ")"
	if (!pick)
		printf "%d\t%d\t%s -> %s\t%s\n", count, FNR, what, trimmed(to), trimmed($0)
	else if (count == pick)
		chosen = text
}

function trimmed(s) {
	gsub(/^[ \t]+|[ \t]+$/, "", s)
	gsub(/\t/, " ", s)
	return s
}

function neighbour(word,    kind) {
	kind = word
	sub(/_.*/, "", kind)
	return name[kind, place[word] % size[kind] + 1]
}

# Blanks out comments and strings, keeping the columns.
function code_of(s,    i, c, out) {
	out = ""
	for (i = 1; i <= length(s); i++) {
		c = substr(s, i, 2)
		if (in_comment) {
			if (c == "*/") {
				in_comment = 0
				out = out " "
				i++
			}
			out = out " "
		} else if (c == "/*") {
			in_comment = 1
			out = out "  "
			i++
		} else if (match(substr(s, i), /^("([^"\\]|\\.)*"|'([^'\\]|\\.)*')/)) {
			out = out sprintf("%" RLENGTH "s", "")
			i += RLENGTH - 1
		} else {
			out = out substr(s, i, 1)
		}
	}
	return out
}

function operator_at(code, i,    t, n, k, to) {
	for (t = 1; t <= tokens; t++)
		if (substr(code, i, length(token[t])) == token[t]) {
			n = split(into[token[t]], to, " ")
			for (k = 1; k <= n; k++) {
				if (token[t] == "!")
					mutant(i, 1, "")
				else if (token[t] == "?")
					mutant(i, 1, substr(to[k], 1, 3) " ?")
				else
					mutant(i, length(token[t]), to[k])
			}
			return length(token[t])
		}
	return 0
}

# Arithmetic and bits stand between blanks, pointers and signs do not.
function between_blanks(code, i,    op) {
	op = substr(code, i, 3)
	if (op == " + ") mutant(i, 3, " - ")
	else if (op == " - ") mutant(i, 3, " + ")
	else if (op == " * ") mutant(i, 3, " / ")
	else if (op == " | ") mutant(i, 3, " & ")
	else if (op == " & ") mutant(i, 3, " | ")
}

function word_at(code, i,    word, number) {
	match(substr(code, i), /^[A-Za-z0-9_]+/)
	word = substr(code, i, RLENGTH)
	if (word in place)
		mutant(i, length(word), neighbour(word))
	else if (word ~ /^[A-Z]+S?_COUNT_$|^[A-Z]+_MAX$/) {
		mutant(i, length(word), "(" word " - 1)")
		mutant(i, length(word), "(" word " + 1)")
	} else if (word == "true")
		mutant(i, 4, "false")
	else if (word == "false")
		mutant(i, 5, "true")
	else if (word ~ /^[0-9]+U?$/) {
		number = word
		sub(/U/, "", number)
		mutant(i, length(word), sprintf("%.0f", number + 1) (word ~ /U/ ? "U" : ""))
		if (number + 0 > 0)
			mutant(i, length(word), sprintf("%.0f", number - 1) (word ~ /U/ ? "U" : ""))
	}
	return length(word)
}

{
	code = code_of($0)
	chosen = $0
	if (code ~ /^[ \t]*#[ \t]*include/ || code ~ /^static_assert/) {
		if (pick) print
		next
	}
	start = 1
	if (match(code, /^#define [A-Za-z_]+(\([a-z, ]*\))?/))
		start = RLENGTH + 1
	for (i = start; i <= length(code); i++) {
		c = substr(code, i, 1)
		if (c ~ /[A-Za-z0-9_]/)
			i += word_at(code, i) - 1
		else if (c == " ")
			between_blanks(code, i)
		else if ((skip = operator_at(code, i)) > 0)
			i += skip - 1
	}
	# A statement left out. Declarations without their line do not compile and are not counted.
	if (code ~ /^\t+[a-z][^;{}]*;[ \t]*$/ && code !~ /^\t+(return|else|case|break)/)
		mutant(1, length($0), ";")
	if (pick)
		print chosen
}
