/*
 * Slips as dots: the code on the pass really reads (zbar), texts of both languages are there, and
 * nothing that does not belong on paper is. Pictures are left in <build>/papers.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>
#include <zbar.h>

#include "base/text.h"
#include "ui/paper.h"
#include "ui/png_file.h"

#define TOKEN                                                                                      \
	"KP1:6BFOXN*TS0BI$ZD8UHPTG3:O-S0:7G6DB6JC%NI0%OM2JI5C3:7SVTZ-LYYQ8FJJ8SGB0%6V"             \
	"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 $%*+-./:ABCDEFGHIJKLMNOPQRSTUVWXYZ"

static int open_ui(void **state)
{
	struct ui *ui = NULL;
	char message[256];
	struct ui_options options = { .headless = true };
	if (ui_open(&ui, &options, message, sizeof(message)) != UI_OK)
		return -1;
	*state = ui;
	return 0;
}

static int close_ui(void **state)
{
	ui_close(*state);
	return 0;
}

static struct slip make_slip(enum slip_kind kind, enum language language)
{
	struct slip s = {
		.kind = kind,
		.language = language,
		.site_zh = "海棠花园",
		.site_en = "Haitang Gardens",
		.gate_name = "北门",
		.phone = "0898-1234 5678",
		.ticket = 12,
		.visit_id = 3471,
		.name = "张*",
		.household = "3-2-501",
		.issued = "2026-11-23 08:05",
		.valid_until = "2026-11-23 12:05",
		.head = "9f31c07a5be2d846",
		.guard = "guard-a",
	};
	if (kind == SLIP_PASS)
		text_copy(s.token, sizeof(s.token), TOKEN);
	if (kind == SLIP_REFUSAL) {
		s.temperature_centi_c = 3769;
		s.clinical_centi_c = 3741;
		for (int code = REASON_NONE + 1; code < REASON_COUNT_ && s.reason_count < 3;
		     code += 6) {
			struct reason *r = &s.reasons[s.reason_count++];
			r->code = (enum reason_code)code;
			text_copy(r->clause, sizeof(r->clause), "3·二·1");
		}
	}
	return s;
}

static bool is_black(const struct paper_bitmap *p, int x, int y)
{
	return p->bits[y * ((p->width_px + 7) / 8) + x / 8] >> (7 - x % 8) & 1;
}

static void save(const struct paper_bitmap *p, const char *name)
{
	char path[512];
	uint8_t *rgb = malloc((size_t)p->width_px * (size_t)p->height_px * 3);
	assert_non_null(rgb);
	for (int i = 0; i < p->width_px * p->height_px; i++)
		memset(rgb + i * 3, is_black(p, i % p->width_px, i / p->width_px) ? 0 : 255, 3);
	mkdir(TEST_BINARY_DIR "/papers", 0777);
	text_format(path, sizeof(path), "%s/papers/%s.png", TEST_BINARY_DIR, name);
	assert_int_equal(png_write_rgb(path, rgb, p->width_px, p->height_px), 0);
	free(rgb);
}

/* The text of the one QR code on it, or "". */
static void read_code(const struct paper_bitmap *p, char *out, size_t cap)
{
	uint8_t *grey = malloc((size_t)p->width_px * (size_t)p->height_px);
	assert_non_null(grey);
	for (int i = 0; i < p->width_px * p->height_px; i++)
		grey[i] = is_black(p, i % p->width_px, i / p->width_px) ? 0 : 255;
	zbar_image_scanner_t *scanner = zbar_image_scanner_create();
	zbar_image_scanner_set_config(scanner, ZBAR_NONE, ZBAR_CFG_ENABLE, 0);
	zbar_image_scanner_set_config(scanner, ZBAR_QRCODE, ZBAR_CFG_ENABLE, 1);
	zbar_image_scanner_set_config(scanner, ZBAR_QRCODE, ZBAR_CFG_BINARY, 1);
	zbar_image_t *image = zbar_image_create();
	zbar_image_set_format(image, zbar_fourcc('Y', '8', '0', '0'));
	zbar_image_set_size(image, (unsigned)p->width_px, (unsigned)p->height_px);
	zbar_image_set_data(image, grey, (unsigned long)(p->width_px * p->height_px), NULL);
	out[0] = '\0';
	if (zbar_scan_image(scanner, image) == 1) {
		const zbar_symbol_t *symbol = zbar_image_first_symbol(image);
		text_format(out, cap, "%.*s", (int)zbar_symbol_get_data_length(symbol),
			    zbar_symbol_get_data(symbol));
	}
	zbar_image_destroy(image);
	zbar_image_scanner_destroy(scanner);
	free(grey);
}

static void test_pass_reads(void **state)
{
	for (int l = 0; l < LANGUAGE_COUNT_; l++) {
		struct slip slip = make_slip(SLIP_PASS, (enum language)l);
		struct paper_bitmap paper;
		char read[SLIP_TOKEN_BYTES];
		assert_int_equal(paper_render(*state, &slip, &paper), 0);
		assert_int_equal(paper.width_px, 576);
		read_code(&paper, read, sizeof(read));
		assert_string_equal(read, TOKEN);
		assert_non_null(strstr(paper.text, "海棠花园"));
		assert_non_null(strstr(paper.text, "Haitang Gardens"));
		assert_non_null(strstr(paper.text, "12\n"));
		assert_non_null(strstr(paper.text, "3-2-501"));
		assert_non_null(strstr(paper.text, "2026-11-23 12:05"));
		assert_non_null(strstr(paper.text, "离开时请出示此码"));
		assert_non_null(strstr(paper.text, "Show this code when you leave"));
		assert_non_null(strstr(paper.text, "9f31c07a5be2d846"));
		assert_null(strstr(paper.text, "Copy"));
		save(&paper, l ? "pass-en" : "pass-zh");
		paper_free(&paper);
		assert_null(paper.bits);
	}
}

static void test_copy_says_so(void **state)
{
	struct slip slip = make_slip(SLIP_PASS, LANGUAGE_ZH);
	struct paper_bitmap paper;
	slip.copy = true;
	assert_int_equal(paper_render(*state, &slip, &paper), 0);
	assert_non_null(strstr(paper.text, "补打"));
	assert_non_null(strstr(paper.text, "Copy"));
	paper_free(&paper);
}

static void test_longest_token(void **state)
{
	struct slip slip = make_slip(SLIP_PASS, LANGUAGE_ZH);
	struct paper_bitmap paper;
	char read[SLIP_TOKEN_BYTES];
	memset(slip.token, 'Z', sizeof(slip.token) - 1);
	memcpy(slip.token, "KP1:", 4);
	assert_int_equal(paper_render(*state, &slip, &paper), 0);
	read_code(&paper, read, sizeof(read));
	assert_string_equal(read, slip.token);
	paper_free(&paper);
}

static void test_refusal_tells_why(void **state)
{
	for (int l = 0; l < LANGUAGE_COUNT_; l++) {
		struct slip slip = make_slip(SLIP_REFUSAL, (enum language)l);
		struct paper_bitmap paper;
		assert_int_equal(paper_render(*state, &slip, &paper), 0);
		assert_non_null(strstr(paper.text, "3·二·1"));
		assert_non_null(strstr(paper.text, "没有适用的规定"));
		assert_non_null(strstr(paper.text, "No rule covers this visit"));
		/* cut, not rounded: 37.69 is 37.6 */
		assert_non_null(strstr(paper.text, "37.6"));
		assert_non_null(strstr(paper.text, "37.4"));
		assert_non_null(strstr(paper.text, "0898-1234 5678"));
		save(&paper, l ? "refusal-en" : "refusal-zh");
		paper_free(&paper);
	}
}

/* Every reason at once in the longest form still fits the strip. */
static void test_longest_refusal(void **state)
{
	struct slip slip = make_slip(SLIP_REFUSAL, LANGUAGE_EN);
	struct paper_bitmap paper;
	slip.reason_count = REASONS_MAX;
	for (int i = 0; i < REASONS_MAX; i++) {
		slip.reasons[i].code = REASON_HEALTH_CODE_BAD;
		text_copy(slip.reasons[i].clause, CLAUSE_BYTES, "1·五·2 3·二·10");
	}
	assert_int_equal(paper_render(*state, &slip, &paper), 0);
	assert_true(paper.height_px < 4000);
	paper_free(&paper);
}

static void test_ticket(void **state)
{
	struct slip slip = make_slip(SLIP_TICKET, LANGUAGE_ZH);
	struct paper_bitmap paper;
	assert_int_equal(paper_render(*state, &slip, &paper), 0);
	assert_non_null(strstr(paper.text, "Waiting number"));
	assert_null(strstr(paper.text, "张"));
	save(&paper, "ticket-zh");
	paper_free(&paper);
}

/* What the collector signs for; no visitor stands on it. */
static void test_receipt(void **state)
{
	for (int l = 0; l < LANGUAGE_COUNT_; l++) {
		struct slip slip = make_slip(SLIP_RECEIPT, (enum language)l);
		struct paper_bitmap paper;
		text_copy(slip.file, sizeof(slip.file),
			  "gatehouse-4294967295-20261123-080000-1000000");
		text_copy(slip.events, sizeof(slip.events), "1 - 1000000");
		text_copy(slip.visits, sizeof(slip.visits), "250000");
		memset(slip.hash, 'a', 32);
		memset(slip.hash + 32, 'b', 32);
		assert_int_equal(paper_render(*state, &slip, &paper), 0);
		assert_non_null(
			strstr(paper.text, "gatehouse-4294967295-20261123-080000-1000000\n"));
		assert_non_null(strstr(paper.text, "1 - 1000000"));
		assert_non_null(strstr(paper.text, "250000"));
		assert_non_null(strstr(paper.text, "\naaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\nbbbbbbbb"));
		assert_non_null(strstr(paper.text, "guard-a"));
		assert_non_null(strstr(paper.text, "导出回执"));
		assert_non_null(strstr(paper.text, "Export receipt"));
		assert_null(strstr(paper.text, "张"));
		assert_null(strstr(paper.text, "3471"));
		save(&paper, l ? "receipt-en" : "receipt-zh");
		paper_free(&paper);
	}
}

static struct slip_line *add_sheet_line(struct slip *slip, enum slip_style style, const char *left)
{
	struct slip_line *line = &slip->lines[slip->line_count++];

	line->style = style;
	text_copy(line->left, sizeof(line->left), left);
	return line;
}

/* A list as long as it can be, with names as long as they can be, fits the strip; every number
 * stands beside its row. */
static void test_sheet(void **state)
{
	struct slip slip = make_slip(SLIP_SHEET, LANGUAGE_ZH);
	struct paper_bitmap paper;

	add_sheet_line(&slip, SLIP_TITLE, "日报告（零报告）2026-11-23");
	add_sheet_line(&slip, SLIP_TEXT, "时段 2026-11-23 00:00 至 2026-11-24 00:00");
	add_sheet_line(&slip, SLIP_STRONG, "时钟存疑，日期可能有误");
	add_sheet_line(&slip, SLIP_RULE, "");
	struct slip_line *line = add_sheet_line(&slip, SLIP_ROW, "核酸无效或超期");
	text_copy(line->right[0], sizeof(line->right[0]), "0");
	text_copy(line->right[1], sizeof(line->right[1]), "3650000");
	line = add_sheet_line(&slip, SLIP_BOX, "12 张*  3-2-501");
	line->ticked = true;
	text_copy(line->right[1], sizeof(line->right[1]), "11-23 08:00");
	add_sheet_line(&slip, SLIP_SIGN, "审核人");
	assert_int_equal(paper_render(*state, &slip, &paper), 0);
	assert_non_null(strstr(paper.text, "核酸无效或超期 0 3650000\n"));
	assert_non_null(strstr(paper.text, "[x] 12 张*  3-2-501 11-23 08:00\n"));
	assert_non_null(strstr(paper.text, "海棠花园"));
	assert_null(strstr(paper.text, "3471")); /* no visit's number */
	save(&paper, "sheet-zh");
	paper_free(&paper);

	while (slip.line_count < SLIP_LINES) {
		line = add_sheet_line(
			&slip, SLIP_BOX,
			"99999 阿卜杜热西提·买买提依明江  海棠苑三期12号楼二单元2501室");
		text_copy(line->right[1], sizeof(line->right[1]), "11-23 08:00");
	}
	assert_int_equal(paper_render(*state, &slip, &paper), 0);
	assert_true(paper.height_px < 4000);
	save(&paper, "sheet-worst");
	paper_free(&paper);
}

static void test_unknown_kind_is_refused(void **state)
{
	struct slip slip = make_slip(SLIP_TICKET, LANGUAGE_ZH);
	struct paper_bitmap paper;
	slip.kind = SLIP_COUNT_;
	assert_int_equal(paper_render(*state, &slip, &paper), -EINVAL);
	assert_null(paper.bits);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pass_reads),
		cmocka_unit_test(test_copy_says_so),
		cmocka_unit_test(test_longest_token),
		cmocka_unit_test(test_refusal_tells_why),
		cmocka_unit_test(test_longest_refusal),
		cmocka_unit_test(test_ticket),
		cmocka_unit_test(test_receipt),
		cmocka_unit_test(test_sheet),
		cmocka_unit_test(test_unknown_kind_is_refused),
	};
	return cmocka_run_group_tests_name("paper", tests, open_ui, close_ui);
}
