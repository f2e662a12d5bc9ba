# Turns a normalised PO file (msgcat --no-wrap) into C. PO strings have the syntax of C strings, so
# they are carried over as they are. mode=ids: the enumeration; mode=table: one language's table.

function identifier(key) {
	gsub(/"/, "", key)
	gsub(/[.-]/, "_", key)
	return "STR_" toupper(key)
}

function flush_entry() {
	if (key != "" && key != "\"\"") {
		if (text == "\"\"") {
			print FILENAME ": no text for " key > "/dev/stderr"
			failed = 1
			exit 1
		}
		if (mode == "ids")
			printf "\t%s,\n", identifier(key)
		else
			printf "\t[%s] = %s,\n", identifier(key), text
	}
	key = ""
	text = ""
}

BEGIN {
	print "/* Made from the message catalogues by assets/strings/compile.awk; not edited by hand. */"
	if (mode == "ids") {
		print "#ifndef ASSETS_STRING_IDS_H\n#define ASSETS_STRING_IDS_H\n"
		print "enum string_id {\n\tSTR_NONE,"
	} else {
		print "#include \"assets/string_ids.h\"\n#include \"assets/string_tables.h\"\n"
		printf "const char *const strings_%s[STRING_ID_COUNT_] = {\n\t[STR_NONE] = \"\",\n", lang
	}
}

/^#~/ { next }
/^msgid / { flush_entry(); key = substr($0, 7); part = "key"; next }
/^msgstr / { text = substr($0, 8); part = "text"; next }
/^"/ {
	if (part == "key")
		key = key $0
	else
		text = text " " $0
}

END {
	if (failed)
		exit 1
	flush_entry()
	if (mode == "ids")
		print "\tSTRING_ID_COUNT_\n};\n\n#endif"
	else
		print "};"
}
