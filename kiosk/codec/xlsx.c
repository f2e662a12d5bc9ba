#include "codec/xlsx.h"

#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#include <sodium.h>

#include "base/text.h"

/* Without ZIP64 a part may have 4 GiB; a new sheet is begun well before. */
#define PART_BYTES_MAX UINT64_C(3500000000)
#define LEVEL 1
#define EPOCH_DAYS 25569 /* 1970-01-01 as spreadsheets count days */
#define STYLE_HEADING XLSX_KIND_COUNT_ /* cellXfs below: 1 + kind, then the heading's */
#define XML "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
#define MAIN "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
#define OFFICE "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
#define PACKAGE "http://schemas.openxmlformats.org/package/2006/"
#define SPREADSHEET "application/vnd.openxmlformats-officedocument.spreadsheetml."

static const char STYLES[] = XML
	"<styleSheet xmlns=\"" MAIN "\"><numFmts count=\"2\">"
	"<numFmt numFmtId=\"164\" formatCode=\"yyyy\\-mm\\-dd\"/>"
	"<numFmt numFmtId=\"165\" formatCode=\"yyyy\\-mm\\-dd\\ hh:mm\"/></numFmts>"
	"<fonts count=\"2\"><font><sz val=\"11\"/><name val=\"Calibri\"/></font>"
	"<font><b/><sz val=\"11\"/><name val=\"Calibri\"/></font></fonts>"
	"<fills count=\"3\"><fill><patternFill patternType=\"none\"/></fill>"
	"<fill><patternFill patternType=\"gray125\"/></fill>"
	"<fill><patternFill patternType=\"solid\"><fgColor rgb=\"FFE7EEF7\"/></patternFill></fill>"
	"</fills><borders count=\"2\"><border/>"
	"<border><left style=\"thin\"/><right style=\"thin\"/><top style=\"thin\"/>"
	"<bottom style=\"thin\"/></border></borders>"
	"<cellStyleXfs count=\"1\"><xf/></cellStyleXfs><cellXfs count=\"6\"><xf/>"
	"<xf numFmtId=\"49\" borderId=\"1\" applyNumberFormat=\"1\"/>"
	"<xf numFmtId=\"0\" borderId=\"1\"/>"
	"<xf numFmtId=\"164\" borderId=\"1\" applyNumberFormat=\"1\"/>"
	"<xf numFmtId=\"165\" borderId=\"1\" applyNumberFormat=\"1\"/>"
	"<xf numFmtId=\"49\" fontId=\"1\" fillId=\"2\" borderId=\"1\" applyNumberFormat=\"1\""
	" applyFont=\"1\" applyFill=\"1\" applyAlignment=\"1\">"
	"<alignment horizontal=\"center\"/></xf></cellXfs></styleSheet>";

static void flush(struct xlsx *x)
{
	if (!x->error)
		x->error = zip_write(&x->zip, x->buffer, x->fill);
	x->fill = 0;
}

static void put(struct xlsx *x, const char *bytes, size_t len)
{
	if (len > sizeof(x->buffer) - x->fill)
		flush(x);
	assert(len <= sizeof(x->buffer));
	memcpy(x->buffer + x->fill, bytes, len);
	x->fill += len;
}

static void say(struct xlsx *x, const char *text)
{
	put(x, text, strlen(text));
}

static void PRINTF_LIKE(2, 3) sayf(struct xlsx *x, const char *fmt, ...)
{
	char text[512];
	va_list args;

	va_start(args, fmt);
	int n = vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	assert(n >= 0 && (size_t)n < sizeof(text));
	put(x, text, (size_t)n);
}

/* XML 1.0, section 2.2: no controls and no U+FFFE, U+FFFF. */
static void say_escaped(struct xlsx *x, const char *text)
{
	const char *plain = text;

	for (const char *c = text;; c++) {
		const char *instead = NULL;
		size_t skip = 1;
		if (*c == '&')
			instead = "&amp;";
		else if (*c == '<')
			instead = "&lt;";
		else if (*c == '>')
			instead = "&gt;";
		else if (*c == '"')
			instead = "&quot;";
		else if (((unsigned char)*c < 0x20 && *c) || *c == 0x7F)
			instead = " ";
		else if (strncmp(c, "\xEF\xBF\xBE", 3) == 0 || strncmp(c, "\xEF\xBF\xBF", 3) == 0)
			instead = " ", skip = 3;
		if (!instead && *c)
			continue;
		put(x, plain, (size_t)(c - plain));
		if (!*c)
			break;
		say(x, instead);
		c += skip - 1;
		plain = c + 1;
	}
}

/* 0 -> A, 25 -> Z, 26 -> AA; XLSX_COLUMNS_MAX needs no more. */
static void column_name(int column, char name[3])
{
	name[0] = (char)(column < 26 ? 'A' + column : 'A' + column / 26 - 1);
	name[1] = (char)(column < 26 ? '\0' : 'A' + column % 26);
	name[2] = '\0';
}

static int begin_part(struct xlsx *x, const char *name)
{
	if (!x->error)
		x->error = zip_open(&x->zip, name, LEVEL);
	return x->error;
}

static int end_part(struct xlsx *x)
{
	flush(x);
	if (!x->error)
		x->error = zip_close(&x->zip);
	return x->error;
}

void xlsx_begin(struct xlsx *x, uint32_t dos_time, zip_sink_fn sink, void *ctx)
{
	memset(x, 0, sizeof(*x));
	zip_begin(&x->zip, false, dos_time, sink, ctx);
}

static struct xlsx_sheet *current(struct xlsx *x)
{
	return &x->sheets[x->sheet_count - 1];
}

static void begin_cell(struct xlsx *x, int column, int style)
{
	char name[3], number[24];
	int64_t row = current(x)->rows + 1;
	int at = (int)sizeof(number);

	for (number[--at] = '\0'; row > 0; row /= 10)
		number[--at] = (char)('0' + row % 10);
	column_name(column, name);
	say(x, "<c r=\"");
	say(x, name);
	say(x, number + at);
	say(x, "\" s=\"");
	put(x, &"0123456789"[style], 1);
	say(x, "\"");
}

static void say_string(struct xlsx *x, const char *text)
{
	size_t len = strlen(text);
	bool blanks = len > 0 && (text[0] == ' ' || text[len - 1] == ' ');

	say(x, blanks ? " t=\"inlineStr\"><is><t xml:space=\"preserve\">"
		      : " t=\"inlineStr\"><is><t>");
	say_escaped(x, text);
	say(x, "</t></is></c>");
}

static void heading(struct xlsx *x)
{
	struct xlsx_sheet *s = current(x);

	say(x, XML "<worksheet xmlns=\"" MAIN "\"><sheetPr><pageSetUpPr fitToPage=\"1\"/>"
		   "</sheetPr><sheetViews><sheetView workbookViewId=\"0\"");
	say(x, x->sheet_count == 1 ? " tabSelected=\"1\">" : ">");
	say(x, "<pane ySplit=\"1\" topLeftCell=\"A2\" activePane=\"bottomLeft\" state=\"frozen\"/>"
	       "</sheetView></sheetViews><cols>");
	for (int c = 0; c < s->columns; c++)
		sayf(x, "<col min=\"%d\" max=\"%d\" width=\"%d\" customWidth=\"1\"/>", c + 1, c + 1,
		     x->columns[c].width);
	say(x, "</cols><sheetData><row>");
	for (int c = 0; c < s->columns; c++) {
		begin_cell(x, c, 1 + STYLE_HEADING);
		say_string(x, x->columns[c].heading);
	}
	say(x, "</row>");
	s->rows = 1;
}

static void end_sheet(struct xlsx *x)
{
	char last[3];

	if (x->sheet_count == 0)
		return;
	column_name(current(x)->columns - 1, last);
	sayf(x, "</sheetData><autoFilter ref=\"A1:%s%" PRId64 "\"/>", last, current(x)->rows);
	say(x, "<pageMargins left=\"0.4\" right=\"0.4\" top=\"0.5\" bottom=\"0.5\" header=\"0.3\""
	       " footer=\"0.3\"/><pageSetup paperSize=\"8\" orientation=\"landscape\""
	       " fitToHeight=\"0\"/></worksheet>");
	(void)end_part(x);
}

static int next_sheet(struct xlsx *x, int columns)
{
	char part[ZIP_NAME_BYTES];

	end_sheet(x);
	if (!x->error && x->sheet_count == XLSX_SHEETS_MAX)
		x->error = -E2BIG;
	if (x->error)
		return x->error;
	struct xlsx_sheet *s = &x->sheets[x->sheet_count++];
	*s = (struct xlsx_sheet){ .columns = columns };
	if (x->part == 1)
		text_copy(s->name, sizeof(s->name), x->name);
	else
		text_format(s->name, sizeof(s->name), "%s %d", x->name, x->part);
	text_format(part, sizeof(part), "xl/worksheets/sheet%d.xml", x->sheet_count);
	if (begin_part(x, part) == 0)
		heading(x);
	return x->error;
}

int xlsx_sheet(struct xlsx *x, const char *name, const struct xlsx_column *columns, int count)
{
	assert(count > 0 && count <= XLSX_COLUMNS_MAX && x->column == 0);
	text_copy(x->name, sizeof(x->name), name);
	x->columns = columns;
	x->part = 1;
	return next_sheet(x, count);
}

static void begin_row(struct xlsx *x)
{
	say(x, "<row>");
}

void xlsx_cell(struct xlsx *x, const char *text)
{
	enum xlsx_kind kind = x->columns[x->column].kind;

	if (x->column == 0)
		begin_row(x);
	begin_cell(x, x->column++, 1 + (int)kind);
	if (text[0] == '\0') {
		say(x, "/>");
	} else if (kind == XLSX_NUMBER) {
		say(x, "><v>");
		say_escaped(x, text);
		say(x, "</v></c>");
	} else {
		say_string(x, text);
	}
}

void xlsx_cell_time(struct xlsx *x, int64_t local_s)
{
	enum xlsx_kind kind = x->columns[x->column].kind;
	int64_t second = local_s % 86400;

	if (x->column == 0)
		begin_row(x);
	if (second < 0)
		second += 86400;
	int64_t day = (local_s - second) / 86400 + EPOCH_DAYS;
	begin_cell(x, x->column++, 1 + (int)kind);
	if (kind == XLSX_DATE)
		sayf(x, "><v>%" PRId64 "</v></c>", day);
	else /* rounded: cut off, 16:00 would be read as 15:59:59.99 and shown as 15:59 */
		sayf(x, "><v>%" PRId64 ".%010" PRId64 "</v></c>", day,
		     (second * INT64_C(10000000000) + 43200) / 86400);
}

int xlsx_row(struct xlsx *x)
{
	struct xlsx_sheet *s = current(x);

	assert(x->column == s->columns);
	x->column = 0;
	say(x, "</row>");
	s->rows++;
	if (x->error)
		return x->error;
	bool full =
		s->rows == XLSX_ROWS_MAX || x->zip.members[x->zip.count - 1].size > PART_BYTES_MAX;
	if (!full)
		return 0;
	x->part++;
	return next_sheet(x, s->columns);
}

static void say_types(struct xlsx *x)
{
	say(x,
	    XML "<Types xmlns=\"" PACKAGE "content-types\"><Default Extension=\"rels\""
		" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>"
		"<Default Extension=\"xml\" ContentType=\"application/xml\"/>"
		"<Override PartName=\"/xl/workbook.xml\" ContentType=\"" SPREADSHEET
		"sheet.main+xml\"/><Override PartName=\"/xl/styles.xml\" ContentType=\"" SPREADSHEET
		"styles+xml\"/>");
	for (int i = 1; i <= x->sheet_count; i++)
		sayf(x,
		     "<Override PartName=\"/xl/worksheets/sheet%d.xml\" ContentType=\"" SPREADSHEET
		     "worksheet+xml\"/>",
		     i);
	say(x, "</Types>");
}

static void say_relations(struct xlsx *x)
{
	say(x, XML "<Relationships xmlns=\"" PACKAGE "relationships\">");
	for (int i = 1; i <= x->sheet_count; i++)
		sayf(x,
		     "<Relationship Id=\"rId%d\" Type=\"" OFFICE "/worksheet\""
		     " Target=\"worksheets/sheet%d.xml\"/>",
		     i, i);
	sayf(x, "<Relationship Id=\"rId%d\" Type=\"" OFFICE "/styles\" Target=\"styles.xml\"/>",
	     x->sheet_count + 1);
	say(x, "</Relationships>");
}

/* The filter is a name too: without it LibreOffice shows none. */
static void say_workbook(struct xlsx *x)
{
	char last[3];

	say(x, XML "<workbook xmlns=\"" MAIN "\" xmlns:r=\"" OFFICE "\"><sheets>");
	for (int i = 0; i < x->sheet_count; i++) {
		say(x, "<sheet name=\"");
		say_escaped(x, x->sheets[i].name);
		sayf(x, "\" sheetId=\"%d\" r:id=\"rId%d\"/>", i + 1, i + 1);
	}
	say(x, "</sheets><definedNames>");
	for (int i = 0; i < x->sheet_count; i++) {
		column_name(x->sheets[i].columns - 1, last);
		sayf(x,
		     "<definedName name=\"_xlnm._FilterDatabase\" localSheetId=\"%d\""
		     " hidden=\"1\">'",
		     i);
		say_escaped(x, x->sheets[i].name);
		sayf(x, "'!$A$1:$%s$%" PRId64 "</definedName>", last, x->sheets[i].rows);
	}
	for (int i = 0; i < x->sheet_count; i++) {
		sayf(x, "<definedName name=\"_xlnm.Print_Titles\" localSheetId=\"%d\">'", i);
		say_escaped(x, x->sheets[i].name);
		say(x, "'!$1:$1</definedName>");
	}
	say(x, "</definedNames></workbook>");
}

static int part(struct xlsx *x, const char *name, void (*write)(struct xlsx *x))
{
	if (begin_part(x, name) == 0) {
		write(x);
		(void)end_part(x);
	}
	return x->error;
}

static void say_styles(struct xlsx *x)
{
	say(x, STYLES);
}

static void say_root(struct xlsx *x)
{
	say(x, XML "<Relationships xmlns=\"" PACKAGE "relationships\"><Relationship Id=\"rId1\""
		   " Type=\"" OFFICE "/officeDocument\" Target=\"xl/workbook.xml\"/>"
		   "</Relationships>");
}

int xlsx_end(struct xlsx *x)
{
	assert(x->sheet_count > 0 && x->column == 0);
	end_sheet(x);
	if (x->error || part(x, "[Content_Types].xml", say_types) ||
	    part(x, "_rels/.rels", say_root) || part(x, "xl/workbook.xml", say_workbook) ||
	    part(x, "xl/_rels/workbook.xml.rels", say_relations) ||
	    part(x, "xl/styles.xml", say_styles))
		return x->error;
	return zip_end(&x->zip);
}

void xlsx_wipe(struct xlsx *x)
{
	sodium_memzero(x, sizeof(*x));
}
