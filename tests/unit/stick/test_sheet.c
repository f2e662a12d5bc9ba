#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "assets/strings.h"
#include "codec/xlsx.h"
#include "helper_kiosk.h"
#include "stick/rows.h"
#include "stick/sheet_cells.h"

static const char *cell(const struct visit *v, enum sheet_column column)
{
	static struct sheet_cell c;
	static struct stick_msg row = { .type = STICK_VISIT };

	row.visit = *v;
	sheet_cell(&row, column, 480, &c);
	return c.text;
}

static void test_cells(void **state)
{
	struct visit v = kiosk_visit(12, "张伟");

	(void)state;
	assert_string_equal(cell(&v, SHEET_ROW), "12");
	assert_string_equal(cell(&v, SHEET_DAY), "2026-11-23");
	assert_string_equal(cell(&v, SHEET_NAME), "张伟");
	assert_string_equal(cell(&v, SHEET_DOCUMENT_KIND), "居民身份证");
	assert_string_equal(cell(&v, SHEET_DOCUMENT), "11010519491231002X");
	assert_string_equal(cell(&v, SHEET_PHONE), "013800138000");
	assert_string_equal(cell(&v, SHEET_HOUSEHOLD), "3-2-501");
	assert_string_equal(cell(&v, SHEET_FOREHEAD), "36.6");
	assert_string_equal(cell(&v, SHEET_SECOND), "");
	assert_string_equal(cell(&v, SHEET_AMBIENT), "21.1");
	assert_string_equal(cell(&v, SHEET_HEALTH_CODE), "绿码(值守人查看)");
	assert_string_equal(cell(&v, SHEET_TRAVEL_CARD), "未查");
	assert_string_equal(cell(&v, SHEET_TRAVEL_14D), "无(本人申报)");
	assert_string_equal(cell(&v, SHEET_MASK), "未查");
	assert_string_equal(cell(&v, SHEET_RESULT), "准予进入·在院内");
	assert_string_equal(cell(&v, SHEET_CLAUSES), "2·三 等待门卫同意");
	assert_string_equal(cell(&v, SHEET_ENTERED), "2026-11-23 08:02");
	assert_string_equal(cell(&v, SHEET_LEFT), "");
	assert_string_equal(cell(&v, SHEET_GUARD), "门卫甲");
	assert_string_equal(cell(&v, SHEET_PASS), "1234567890123456789");
	assert_string_equal(cell(&v, SHEET_REMARKS), "访客；登记号12；封闭管理");
	v.temperature.ambient_centi_c = -1204;
	assert_string_equal(cell(&v, SHEET_AMBIENT), "-12.0");
	v.pass_printed = false;
	assert_string_equal(cell(&v, SHEET_REMARKS), "访客；登记号12；封闭管理；通行证未打印");
}

/* Dates as a spreadsheet counts them: on the site's clock, without the seconds. */
static void test_dates(void **state)
{
	struct visit v = kiosk_visit(1, "张伟");
	struct sheet_cell c;

	(void)state;
	v.registered_ms = INT64_C(1795449599999); /* 2026-11-23T23:59:59.999+08:00 */
	sheet_visit_cell(&v, SHEET_DAY, 480, &c);
	assert_string_equal(c.text, "2026-11-23");
	assert_true(c.local_s == INT64_C(1795392000)); /* 2026-11-23T00:00:00 as if UTC */
	v.entered_ms = v.registered_ms;
	sheet_visit_cell(&v, SHEET_ENTERED, 480, &c);
	assert_string_equal(c.text, "2026-11-23 23:59");
	assert_true(c.local_s == INT64_C(1795392000) + 24 * 3600 - 60);
}

/* Every word of every enumeration stands in the tables, and the longest cell fits. */
static void test_all_words(void **state)
{
	struct visit v = kiosk_visit(1, "张伟");

	(void)state;
	for (int s = 0; s < VISIT_STATE_COUNT_; s++) {
		v.state = (enum visit_state)s;
		assert_true(cell(&v, SHEET_RESULT)[0] != '\0');
	}
	for (int d = 1; d < DOCUMENT_COUNT_; d++) {
		v.person.document_kind = (enum document_kind)d;
		assert_true(cell(&v, SHEET_DOCUMENT_KIND)[0] != '\0');
	}
	for (int r = 1; r < REASON_COUNT_; r++) {
		v.decision.reasons[0].code = (enum reason_code)r;
		assert_true(strlen(cell(&v, SHEET_CLAUSES)) > strlen("2·三 "));
	}
	for (int c = 0; c < CLASS_COUNT_; c++)
		for (int l = 0; l < LEVEL_COUNT_; l++) {
			v.person_class = (enum person_class)c;
			v.level = (enum level)l;
			const char *remarks = cell(&v, SHEET_REMARKS);
			assert_int_equal(strncmp(remarks, string_class(LANGUAGE_ZH, v.person_class),
						 strlen(string_class(LANGUAGE_ZH, v.person_class))),
					 0);
			assert_non_null(strstr(remarks, string_level(LANGUAGE_ZH, v.level)));
			assert_true(string_class(LANGUAGE_ZH, v.person_class)[0] != '\0');
		}
	for (int c = 0; c < SHEET_COLUMN_COUNT_; c++)
		assert_true(sheet_heading((enum sheet_column)c).width > 0);
}

/* All the reasons there can be, to the last, and which of them were set aside. */
static void test_all_reasons(void **state)
{
	struct visit v = kiosk_visit(1, "张伟");

	(void)state;
	v.decision.reason_count = REASONS_MAX;
	for (int i = 0; i < REASONS_MAX; i++) {
		struct reason *r = &v.decision.reasons[i];
		*r = (struct reason){ .code = REASON_KEY_AREA };
		strcpy(r->clause, "12345678901234567890123");
		r->lifted = i + 1 == REASONS_MAX;
	}
	const char *text = cell(&v, SHEET_CLAUSES);
	const char want[] = "12345678901234567890123 重点地区人员不能进(已放宽)";
	assert_true(strlen(text) > sizeof(want));
	assert_string_equal(text + strlen(text) - strlen(want), want);
	int separators = 0;
	for (const char *p = text; (p = strstr(p, "；")); p++)
		separators++;
	assert_int_equal(separators, REASONS_MAX - 1);
	v.facts[CHECK_HEALTH_CODE].value = COLOUR_COUNT_;
	assert_string_equal(cell(&v, SHEET_HEALTH_CODE), "未查(值守人查看)");
}

/* What the sheet says of a lifted reason comes through the message. */
static void test_lift_crosses_over(void **state)
{
	static uint8_t packet[STICK_MSG_MAX];
	struct stick_msg msg = { .type = STICK_VISIT, .visit = kiosk_visit(1, "张伟") }, got;
	struct decision *d = &msg.visit.decision;

	(void)state;
	d->clock_doubtful = true;
	d->reasons[0].lift = LIFT_SUPERVISOR;
	d->reasons[0].lifted = true;
	size_t len = stick_msg_encode(&msg, packet, sizeof(packet));
	assert_true(len > 0);
	assert_true(stick_msg_decode(&got, packet, len));
	assert_true(got.visit.decision.clock_doubtful);
	assert_int_equal(got.visit.decision.reasons[0].lift, LIFT_SUPERVISOR);
	assert_true(got.visit.decision.reasons[0].lifted);
	assert_string_equal(cell(&got.visit, SHEET_CLAUSES), "2·三 等待门卫同意(已放宽)");
	d->reasons[0].lift = LIFT_COUNT_;
	assert_int_equal(stick_msg_encode(&msg, packet, sizeof(packet)), 0);
}

/* The smaller sheets' own columns, and that every sheet names what it holds. */
static void test_further_columns(void **state)
{
	struct visit v = kiosk_visit(1, "张伟");

	(void)state;
	v.decided_ms = v.registered_ms + 60000;
	v.pass_expires_ms = v.decided_ms + 7200000;
	v.decision.pass.uses = 2;
	assert_string_equal(cell(&v, SHEET_MEASURED), "2026-11-23 08:00");
	assert_string_equal(cell(&v, SHEET_CLASS), "访客");
	assert_string_equal(cell(&v, SHEET_DECIDED), "2026-11-23 08:01");
	assert_string_equal(cell(&v, SHEET_ISSUED), "2026-11-23 08:01");
	assert_string_equal(cell(&v, SHEET_EXPIRES), "2026-11-23 10:01");
	assert_string_equal(cell(&v, SHEET_USES), "2");
	assert_string_equal(cell(&v, SHEET_PRINTED), "已打印");
	v.pass_printed = false;
	assert_string_equal(cell(&v, SHEET_PRINTED), "未打印");
	for (int s = 0; s < STICK_SHEET_COUNT_; s++) {
		assert_in_range(sheet_column_count((enum stick_sheet)s), 5, XLSX_COLUMNS_MAX);
		assert_true(sheet_name((enum stick_sheet)s)[0] != '\0');
	}
}

/* The longest line of each sheet fits its buffer. */
static void test_longest_lines(void **state)
{
	static uint8_t buffer[ROW_MAX], body[STICK_BODY_MAX];
	struct csv_line line = { .out = { .data = buffer, .cap = sizeof(buffer) } };
	struct stick_msg visit = { .type = STICK_VISIT, .visit = kiosk_visit(1, "") }, day;
	struct person *p = &visit.visit.person;
	struct stick_event event = { .seq = INT64_MAX, .body = body, .body_len = sizeof(body) };

	(void)state;
	memset(p->name, '=', sizeof(p->name) - 1);
	memset(p->purpose, ';', sizeof(p->purpose) - 1);
	memset(p->household, '"', sizeof(p->household) - 1);
	memset(&day, 0, sizeof(day));
	day.type = STICK_DAY;
	for (int i = 0; i < REPORT_ROW_COUNT_; i++)
		day.day.sums[i] = (struct report_sum){ INT64_MIN, INT64_MIN };
	for (int s = 0; s < STICK_SHEET_COUNT_; s++) {
		row_cells(&line, (enum stick_sheet)s, s == STICK_SHEET_DAYS ? &day : &visit, 480);
		assert_false(line.out.bad);
		line = (struct csv_line){ .out = { .data = buffer, .cap = sizeof(buffer) } };
	}
	memset(event.actor, '"', sizeof(event.actor) - 1);
	row_event(&line, &event);
	assert_false(line.out.bad);
}

/* The sex is the parity of the order in a citizen's number, and of nothing else. */
static void test_sex(void **state)
{
	struct visit v = kiosk_visit(1, "张伟");

	(void)state;
	assert_string_equal(cell(&v, SHEET_SEX), "女"); /* 11010519491231002X */
	strcpy(v.person.document, "110105194912310039"); /* a man's, but its check does not hold */
	assert_string_equal(cell(&v, SHEET_SEX), "");
	strcpy(v.person.document, "440524188001010014"); /* the standard's own example */
	assert_string_equal(cell(&v, SHEET_SEX), "男");
	strcpy(v.person.document, "110105491231002"); /* of before 1999 */
	assert_string_equal(cell(&v, SHEET_SEX), "女");
	strcpy(v.person.document, "１１０１０５");
	assert_string_equal(cell(&v, SHEET_SEX), "");
	v.person.document[0] = '\0';
	assert_string_equal(cell(&v, SHEET_SEX), "");
	strcpy(v.person.document, "11010519491231002X");
	v.person.document_kind = DOCUMENT_PASSPORT;
	assert_string_equal(cell(&v, SHEET_SEX), "");
	v.person.document_kind = DOCUMENT_FOREIGN_PR;
	assert_string_equal(cell(&v, SHEET_SEX), "女");
}

static void test_origin(void **state)
{
	struct visit v = kiosk_visit(1, "张伟");
	struct fact *f = &v.facts[CHECK_TRAVEL_14D];

	(void)state;
	assert_string_equal(cell(&v, SHEET_ORIGIN),
			    "14天内未到重点地区(本人申报)；证件号所属：北京市");
	f->finding = FINDING_BAD;
	strcpy(v.person.document, "440524188001010014");
	assert_string_equal(cell(&v, SHEET_ORIGIN),
			    "14天内到过重点地区(本人申报)；证件号所属：广东省");
	v.person.document_kind = DOCUMENT_TAIWAN;
	assert_string_equal(cell(&v, SHEET_ORIGIN), "14天内到过重点地区(本人申报)");
	*f = (struct fact){ .finding = FINDING_UNKNOWN };
	assert_string_equal(cell(&v, SHEET_ORIGIN), "未申报");
}

/* A machine cannot sign for whoever leads somebody in: that cell is for the pen. */
static void test_escort(void **state)
{
	struct visit v = kiosk_visit(1, "张伟");

	(void)state;
	assert_string_equal(cell(&v, SHEET_ESCORT), "未查");
	v.facts[CHECK_ESCORT] = (struct fact){ .finding = FINDING_GOOD, .source = SOURCE_GUARD };
	assert_string_equal(cell(&v, SHEET_ESCORT), "到场(值守人查看)");
	assert_string_equal(cell(&v, SHEET_SIGNATURE), "");
	v.facts[CHECK_ESCORT].finding = FINDING_BAD;
	assert_string_equal(cell(&v, SHEET_ESCORT), "不领进(值守人查看)");
}

static void test_vehicles(void **state)
{
	struct visit v = kiosk_visit(1, "张伟");

	(void)state;
	v.facts[CHECK_OCCUPANTS] = (struct fact){ .finding = FINDING_GOOD, .source = SOURCE_GUARD };
	v.facts[CHECK_VEHICLE_PASS] =
		(struct fact){ .finding = FINDING_BAD, .source = SOURCE_SIGNED };
	v.facts[CHECK_DISINFECTION] = (struct fact){ .finding = FINDING_GOOD,
						     .source = SOURCE_GUARD,
						     .wall_ms = KIOSK_WALL_MS - 60000 };
	assert_string_equal(cell(&v, SHEET_PLATE), "沪A12345");
	assert_string_equal(cell(&v, SHEET_PLATE_KIND), "普通(蓝牌或黄牌)");
	assert_string_equal(cell(&v, SHEET_DRIVER), "张伟");
	assert_string_equal(cell(&v, SHEET_OCCUPANTS), "2");
	assert_string_equal(cell(&v, SHEET_OCCUPANTS_KNOWN), "已逐人登记(值守人查看)");
	assert_string_equal(cell(&v, SHEET_VEHICLE_PASS), "无效(签名凭证)");
	assert_string_equal(cell(&v, SHEET_DISINFECTED), "是(值守人查看)");
	assert_string_equal(cell(&v, SHEET_DISINFECTED_AT), "2026-11-23 07:59");
	assert_string_equal(cell(&v, SHEET_IN_VEHICLE), "");
	v.occupants = 0;
	assert_string_equal(cell(&v, SHEET_OCCUPANTS), "0");
	strcpy(v.person.plate, "0815");
	assert_string_equal(cell(&v, SHEET_PLATE_KIND), "其他");
	v.facts[CHECK_DISINFECTION].finding = FINDING_UNKNOWN;
	assert_string_equal(cell(&v, SHEET_DISINFECTED_AT), "");
	assert_true(stick_sheet_takes(STICK_SHEET_VEHICLES, &v));
	v.person.plate[0] = '\0';
	assert_string_equal(cell(&v, SHEET_PLATE_KIND), "");
	assert_false(stick_sheet_takes(STICK_SHEET_VEHICLES, &v)); /* came on foot */
	v.person_class = CLASS_SUPPLY_VEHICLE; /* its plate was forgotten */
	assert_true(stick_sheet_takes(STICK_SHEET_VEHICLES, &v));
	v.vehicle_visit = 12;
	assert_string_equal(cell(&v, SHEET_IN_VEHICLE), "12");
	assert_false(stick_sheet_takes(STICK_SHEET_VEHICLES, &v));
}

static const char *day_cell(const struct stick_day *day, enum sheet_column column)
{
	static struct sheet_cell c;
	static struct stick_msg row = { .type = STICK_DAY };

	row.day = *day;
	sheet_cell(&row, column, 480, &c);
	return c.text;
}

static void test_days(void **state)
{
	struct stick_day late = kiosk_day(0), missing = kiosk_day(1);

	(void)state;
	assert_string_equal(day_cell(&late, SHEET_REPORT_DAY), "2026-11-23");
	assert_string_equal(day_cell(&late, SHEET_REPORT_STATE), "迟报");
	assert_string_equal(day_cell(&late, SHEET_MADE_BY), "门卫甲");
	assert_string_equal(day_cell(&late, SHEET_MADE), "2026-11-23 09:00");
	assert_string_equal(day_cell(&late, SHEET_CHECKED_BY), "=书记");
	assert_string_equal(day_cell(&late, SHEET_CHECKED), "2026-11-23 10:00");
	assert_string_equal(day_cell(&late, SHEET_ZERO), "否");
	assert_string_equal(day_cell(&late, SHEET_LEVEL), "严格管控");
	assert_string_equal(day_cell(&late, SHEET_INSIDE), "3");
	late.changed = true;
	assert_non_null(strstr(day_cell(&late, SHEET_REPORT_STATE), "签字后数字有变"));
	assert_string_equal(day_cell(&missing, SHEET_REPORT_DAY), "2026-11-24");
	assert_string_equal(day_cell(&missing, SHEET_REPORT_STATE), "缺报");
	assert_string_equal(day_cell(&missing, SHEET_CHECKED), "");
	missing.level_known = false;
	missing.zero = true;
	assert_string_equal(day_cell(&missing, SHEET_LEVEL), "");
	assert_string_equal(day_cell(&missing, SHEET_ZERO), "是");
}

/* Every row of the report has its day and its total, and 0 is printed. */
static void test_figures(void **state)
{
	struct stick_day day = kiosk_day(0);
	int count = sheet_column_count(STICK_SHEET_DAYS);

	(void)state;
	for (int i = 0; i < REPORT_ROW_COUNT_; i++)
		day.sums[i] = (struct report_sum){ .period = i, .total = 1000 + i };
	for (int i = 0; i < REPORT_ROW_COUNT_; i++) {
		enum sheet_column column =
			sheet_column(STICK_SHEET_DAYS, count - 2 * REPORT_ROW_COUNT_ + 2 * i);
		assert_int_equal(column, SHEET_FIGURES + 2 * i);
		assert_int_equal(atoi(day_cell(&day, column)), i);
		assert_int_equal(atoi(day_cell(&day, column + 1)), 1000 + i);
		struct sheet_heading h = sheet_heading(column);
		assert_non_null(strstr(h.text, string_report_row(LANGUAGE_ZH, (enum report_row)i)));
		assert_non_null(strstr(h.text, "(当日)"));
		assert_non_null(strstr(sheet_heading(column + 1).text, "(累计)"));
		assert_true(strlen(h.text) < sizeof(h.text) - 8); /* was not cut */
	}
	day.sums[3].period = 0;
	assert_string_equal(day_cell(&day, SHEET_FIGURES + 6), "0");
}

/* The office finds a column by its heading. */
static void test_headings_differ(void **state)
{
	(void)state;
	for (int s = 0; s < STICK_SHEET_COUNT_; s++) {
		int count = sheet_column_count((enum stick_sheet)s);
		for (int a = 0; a < count; a++)
			for (int b = 0; b < a; b++) {
				enum sheet_column x = sheet_column((enum stick_sheet)s, a);
				enum sheet_column y = sheet_column((enum stick_sheet)s, b);
				assert_string_not_equal(sheet_heading(x).text,
							sheet_heading(y).text);
			}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cells),
		cmocka_unit_test(test_dates),
		cmocka_unit_test(test_all_words),
		cmocka_unit_test(test_all_reasons),
		cmocka_unit_test(test_lift_crosses_over),
		cmocka_unit_test(test_further_columns),
		cmocka_unit_test(test_longest_lines),
		cmocka_unit_test(test_sex),
		cmocka_unit_test(test_origin),
		cmocka_unit_test(test_escort),
		cmocka_unit_test(test_vehicles),
		cmocka_unit_test(test_days),
		cmocka_unit_test(test_figures),
		cmocka_unit_test(test_headings_differ),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
