/* Workbooks made in memory and taken apart by Debian's unzip: cells, escapes, dates, and what
 * happens to rows beyond those a sheet can hold. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <sodium.h>

#include "base/fileio.h"
#include "codec/xlsx.h"
#include "helper_age.h"

static char dir[] = "/tmp/gatehouse-xlsx-XXXXXX";
static struct xlsx book;

static const struct xlsx_column COLUMNS[] = {
	{ "序号 No.", 8, XLSX_NUMBER },
	{ "姓名 & <Name>", 16, XLSX_TEXT },
	{ "日期 Date", 12, XLSX_DATE },
	{ "时间 Time", 18, XLSX_MINUTE },
};

static void put(const struct bytes *file)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/x.xlsx", dir);
	assert_int_equal(file_write_atomic(path, file->data, file->len, 0600), 0);
}

/* A part of the workbook as text; to be freed. */
static char *part(const char *name)
{
	char command[256], path[128], *text;
	size_t len;

	snprintf(command, sizeof(command), "cd %s && unzip -p x.xlsx '%s' >part", dir, name);
	assert_int_equal(system(command), 0);
	snprintf(path, sizeof(path), "%s/part", dir);
	assert_int_equal(file_read(path, 1 << 28, &text, &len), 0);
	unlink(path);
	return text;
}

static void has(const char *text, const char *what)
{
	if (!strstr(text, what))
		fail_msg("%s is not in\n%.4000s", what, text);
}

static void row(const char *number, const char *name, int64_t local_s)
{
	xlsx_cell(&book, number);
	xlsx_cell(&book, name);
	if (local_s)
		xlsx_cell_time(&book, local_s);
	else
		xlsx_cell(&book, "");
	xlsx_cell_time(&book, local_s);
	assert_int_equal(xlsx_row(&book), 0);
}

static void need_unzip(void)
{
	if (system("unzip -v >/dev/null 2>&1") != 0) {
		print_message("skipped: unzip is not installed\n");
		skip();
	}
}

static void test_cells(void **state)
{
	struct bytes file = { 0 };

	(void)state;
	need_unzip();
	xlsx_begin(&book, zip_time(2026, 11, 23, 8, 0, 0), bytes_sink, &file);
	assert_int_equal(xlsx_sheet(&book, "登记表", COLUMNS, 4), 0);
	row("1", "=HYPERLINK(\"x\")", INT64_C(1795392000) + 8 * 3600 + 90 * 60);
	row("-36.6", " a<b>&\"c\"\x01\n\xEF\xBF\xBF ", 0);
	row("", "", -1);
	assert_int_equal(xlsx_sheet(&book, "空表", COLUMNS, 2), 0);
	assert_int_equal(xlsx_end(&book), 0);
	put(&file);
	char *sheet = part("xl/worksheets/sheet1.xml");
	has(sheet, "<c r=\"A2\" s=\"2\"><v>1</v></c><c r=\"B2\" s=\"1\" t=\"inlineStr\"><is><t>="
		   "HYPERLINK(&quot;x&quot;)</t></is></c><c r=\"C2\" s=\"3\"><v>46349</v></c>"
		   "<c r=\"D2\" s=\"4\"><v>46349.3958333333</v></c></row>");
	has(sheet, "<c r=\"A3\" s=\"2\"><v>-36.6</v></c><c r=\"B3\" s=\"1\" t=\"inlineStr\"><is>"
		   "<t xml:space=\"preserve\"> a&lt;b&gt;&amp;&quot;c&quot;    </t></is></c>"
		   "<c r=\"C3\" s=\"3\"/><c r=\"D3\" s=\"4\"><v>25569.0000000000</v></c></row>");
	has(sheet, "<c r=\"A4\" s=\"2\"/><c r=\"B4\" s=\"1\"/><c r=\"C4\" s=\"3\"><v>25568</v></c>"
		   "<c r=\"D4\" s=\"4\"><v>25568.9999884259</v></c></row>");
	has(sheet, "<t>姓名 &amp; &lt;Name&gt;</t>");
	has(sheet, "ySplit=\"1\" topLeftCell=\"A2\"");
	has(sheet, "<autoFilter ref=\"A1:D4\"/>");
	assert_null(strstr(sheet, "<f"));
	free(sheet);
	char *workbook = part("xl/workbook.xml");
	has(workbook, "<sheet name=\"登记表\" sheetId=\"1\" r:id=\"rId1\"/>");
	has(workbook, "hidden=\"1\">'登记表'!$A$1:$D$4</definedName>");
	has(workbook, "hidden=\"1\">'空表'!$A$1:$B$1</definedName>");
	free(workbook);
	bytes_free(&file);
}

/* The row after the last one a sheet holds stands on another sheet, under the same headings. */
static void test_more_rows_than_a_sheet_holds(void **state)
{
	struct bytes file = { 0 };

	(void)state;
	need_unzip();
	xlsx_begin(&book, 0, bytes_sink, &file);
	assert_int_equal(xlsx_sheet(&book, "长表", COLUMNS, 1), 0);
	for (int i = 0; i < XLSX_ROWS_MAX; i++) {
		xlsx_cell(&book, "7");
		assert_int_equal(xlsx_row(&book), 0);
	}
	assert_int_equal(xlsx_end(&book), 0);
	put(&file);
	char *first = part("xl/worksheets/sheet1.xml"), *second = part("xl/worksheets/sheet2.xml");
	has(first + strlen(first) - 400, "<autoFilter ref=\"A1:A1048576\"/>");
	has(second, "<autoFilter ref=\"A1:A2\"/>");
	has(second, "<t>序号 No.</t>");
	free(first);
	free(second);
	char *workbook = part("xl/workbook.xml");
	has(workbook, "<sheet name=\"长表 2\"");
	free(workbook);
	bytes_free(&file);
}

static int refuse(void *ctx, const void *bytes, size_t len)
{
	size_t *room = ctx;

	(void)bytes;
	if (len > *room)
		return -ENOSPC;
	*room -= len;
	return 0;
}

/* Wherever the medium is full, the error comes back and nothing goes on. */
static void test_full(void **state)
{
	(void)state;
	for (size_t room = 0; room < 4000; room += 37) {
		size_t left = room;
		xlsx_begin(&book, 0, refuse, &left);
		int err = xlsx_sheet(&book, "登记表", COLUMNS, 1);
		if (!err) {
			xlsx_cell(&book, "1");
			err = xlsx_row(&book);
		}
		if (!err)
			err = xlsx_end(&book);
		if (err != -ENOSPC && (err != 0 || room < 2000))
			fail_msg("room %zu: %d", room, err);
	}
}

static int setup(void **state)
{
	(void)state;
	return mkdtemp(dir) ? 0 : -1;
}

static int teardown(void **state)
{
	char path[128];

	(void)state;
	snprintf(path, sizeof(path), "%s/x.xlsx", dir);
	unlink(path);
	return rmdir(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cells),
		cmocka_unit_test(test_more_rows_than_a_sheet_holds),
		cmocka_unit_test(test_full),
	};
	return sodium_init() < 0 || cmocka_run_group_tests(tests, setup, teardown);
}
