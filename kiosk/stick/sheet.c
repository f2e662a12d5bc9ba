/*
 * Columns follow the registration sheets that gates keep by hand (name, sex, document, telephone,
 * where from, whom they visit, temperature, both codes, 14-day travel, mask, times, who led them
 * in, who registered). The words are those of the screens (assets/strings).
 */
#include "stick/sheet.h"

#include <inttypes.h>
#include <string.h>

#include "assets/strings.h"
#include "base/civil.h"
#include "base/text.h"
#include "stick/sheet_cells.h"

#define FIGURE_COLUMNS (SHEET_COLUMN_COUNT_ - SHEET_FIGURES)

static const struct {
	const char *text;
	int width;
	enum sheet_kind kind;
} HEADINGS[SHEET_FIGURES] = {
	[SHEET_ROW] = { "序号 No.", 8, SHEET_NUMBER },
	[SHEET_DAY] = { "日期 Date", 12, SHEET_DATE },
	[SHEET_NAME] = { "姓名 Name", 16, SHEET_TYPED },
	[SHEET_SEX] = { "性别 Sex", 10, SHEET_TEXT },
	[SHEET_DOCUMENT_KIND] = { "证件类型 Document", 20, SHEET_TEXT },
	[SHEET_DOCUMENT] = { "证件号 Document No.", 23, SHEET_LONG_NUMBER },
	[SHEET_PHONE] = { "联系电话 Phone", 17, SHEET_LONG_NUMBER },
	[SHEET_ORIGIN] = { "从何处来 From", 44, SHEET_TEXT },
	[SHEET_PURPOSE] = { "来访事由 Purpose", 20, SHEET_TYPED },
	[SHEET_HOUSEHOLD] = { "到访楼栋-单元-室 Household", 29, SHEET_LONG_NUMBER },
	[SHEET_FOREHEAD] = { "体温·额温℃ Forehead", 22, SHEET_NUMBER },
	[SHEET_SECOND] = { "体温·复测℃ Second", 20, SHEET_NUMBER },
	[SHEET_CLINICAL] = { "体温·人工℃ Clinical", 22, SHEET_NUMBER },
	[SHEET_AMBIENT] = { "环境温度℃ Ambient", 20, SHEET_NUMBER },
	[SHEET_HEALTH_CODE] = { "健康码 Health code", 20, SHEET_TEXT },
	[SHEET_TRAVEL_CARD] = { "行程卡 Travel card", 20, SHEET_TEXT },
	[SHEET_TRAVEL_14D] = { "14天旅居史 14-day travel", 26, SHEET_TEXT },
	[SHEET_SYMPTOMS] = { "症状 Symptoms", 18, SHEET_TEXT },
	[SHEET_MASK] = { "口罩 Mask", 16, SHEET_TEXT },
	[SHEET_RESULT] = { "结果 Result", 18, SHEET_TEXT },
	[SHEET_CLAUSES] = { "依据条款 Clauses", 44, SHEET_TEXT },
	[SHEET_ENTERED] = { "进入时间 In", 18, SHEET_MINUTE },
	[SHEET_LEFT] = { "离开时间 Out", 18, SHEET_MINUTE },
	[SHEET_ESCORT] = { "领进人 Escort", 20, SHEET_TEXT },
	[SHEET_SIGNATURE] = { "领进人签名 Escort's signature", 30, SHEET_TEXT },
	[SHEET_GUARD] = { "登记人(值守人) Guard", 23, SHEET_TYPED },
	[SHEET_PASS] = { "通行证号 Pass No.", 22, SHEET_LONG_NUMBER },
	[SHEET_REMARKS] = { "备注 Remarks", 36, SHEET_TEXT },
	[SHEET_MEASURED] = { "登记时间 Registered", 20, SHEET_MINUTE },
	[SHEET_CLASS] = { "人员类别 Class", 18, SHEET_TEXT },
	[SHEET_DECIDED] = { "处置时间 Decided", 18, SHEET_MINUTE },
	[SHEET_ISSUED] = { "签发时间 Issued", 18, SHEET_MINUTE },
	[SHEET_EXPIRES] = { "有效期至 Valid until", 20, SHEET_MINUTE },
	[SHEET_USES] = { "可用次数 Crossings", 18, SHEET_NUMBER },
	[SHEET_PRINTED] = { "打印 Printed", 14, SHEET_TEXT },
	[SHEET_PLATE] = { "车牌 Plate", 15, SHEET_TYPED },
	[SHEET_PLATE_KIND] = { "号牌种类 Plate kind", 22, SHEET_TEXT },
	[SHEET_DRIVER] = { "驾驶人 Driver", 16, SHEET_TYPED },
	[SHEET_OCCUPANTS] = { "随车人数 Others in it", 23, SHEET_NUMBER },
	[SHEET_OCCUPANTS_KNOWN] = { "随车人员登记 All registered", 30, SHEET_TEXT },
	[SHEET_VEHICLE_PASS] = { "车辆通行证 Vehicle pass", 26, SHEET_TEXT },
	[SHEET_DISINFECTED] = { "消毒 Disinfected", 20, SHEET_TEXT },
	[SHEET_DISINFECTED_AT] = { "消毒时间 Disinfected at", 25, SHEET_MINUTE },
	[SHEET_IN_VEHICLE] = { "随车(驾驶人序号) In vehicle of No.", 36, SHEET_NUMBER },
	[SHEET_REPORT_DAY] = { "日期 Date", 12, SHEET_DATE },
	[SHEET_REPORT_STATE] = { "报送情况 State", 20, SHEET_TEXT },
	[SHEET_MADE_BY] = { "填报人 Made by", 16, SHEET_TYPED },
	[SHEET_MADE] = { "填报时间 Made", 18, SHEET_MINUTE },
	[SHEET_CHECKED_BY] = { "审核人 Checked by", 18, SHEET_TYPED },
	[SHEET_CHECKED] = { "审核时间 Checked", 18, SHEET_MINUTE },
	[SHEET_ZERO] = { "零报告 Zero report", 19, SHEET_TEXT },
	[SHEET_LEVEL] = { "管控等级 Level", 16, SHEET_TEXT },
	[SHEET_INSIDE] = { "24时在院内 Inside at midnight", 30, SHEET_NUMBER },
};

static const enum sheet_column VISITORS[] = {
	SHEET_ROW,         SHEET_DAY,        SHEET_NAME,       SHEET_SEX,     SHEET_DOCUMENT_KIND,
	SHEET_DOCUMENT,    SHEET_PHONE,      SHEET_ORIGIN,     SHEET_PURPOSE, SHEET_HOUSEHOLD,
	SHEET_FOREHEAD,    SHEET_SECOND,     SHEET_CLINICAL,   SHEET_AMBIENT, SHEET_HEALTH_CODE,
	SHEET_TRAVEL_CARD, SHEET_TRAVEL_14D, SHEET_SYMPTOMS,   SHEET_MASK,    SHEET_RESULT,
	SHEET_CLAUSES,     SHEET_ENTERED,    SHEET_LEFT,       SHEET_ESCORT,  SHEET_SIGNATURE,
	SHEET_GUARD,       SHEET_PASS,       SHEET_IN_VEHICLE, SHEET_REMARKS,
};

static const enum sheet_column VEHICLES[] = {
	SHEET_ROW,
	SHEET_DAY,
	SHEET_PLATE,
	SHEET_PLATE_KIND,
	SHEET_CLASS,
	SHEET_DRIVER,
	SHEET_PHONE,
	SHEET_OCCUPANTS,
	SHEET_OCCUPANTS_KNOWN,
	SHEET_VEHICLE_PASS,
	SHEET_PASS,
	SHEET_PURPOSE,
	SHEET_HOUSEHOLD,
	SHEET_FOREHEAD,
	SHEET_SECOND,
	SHEET_CLINICAL,
	SHEET_RESULT,
	SHEET_CLAUSES,
	SHEET_ENTERED,
	SHEET_LEFT,
	SHEET_DISINFECTED,
	SHEET_DISINFECTED_AT,
	SHEET_GUARD,
	SHEET_REMARKS,
};

static const enum sheet_column TEMPERATURES[] = {
	SHEET_ROW,      SHEET_MEASURED, SHEET_NAME,     SHEET_HOUSEHOLD,
	SHEET_FOREHEAD, SHEET_SECOND,   SHEET_CLINICAL, SHEET_AMBIENT,
	SHEET_SYMPTOMS, SHEET_RESULT,   SHEET_GUARD,
};

static const enum sheet_column REFUSALS[] = {
	SHEET_ROW,     SHEET_MEASURED, SHEET_NAME,      SHEET_DOCUMENT_KIND, SHEET_DOCUMENT,
	SHEET_PHONE,   SHEET_PURPOSE,  SHEET_HOUSEHOLD, SHEET_CLASS,         SHEET_RESULT,
	SHEET_CLAUSES, SHEET_DECIDED,  SHEET_GUARD,
};

static const enum sheet_column PASSES[] = {
	SHEET_PASS,    SHEET_NAME, SHEET_PHONE,   SHEET_HOUSEHOLD, SHEET_CLASS,   SHEET_ISSUED,
	SHEET_EXPIRES, SHEET_USES, SHEET_PRINTED, SHEET_GUARD,     SHEET_ENTERED, SHEET_LEFT,
};

/* Behind these stand the figures. */
static const enum sheet_column DAYS[] = {
	SHEET_REPORT_DAY, SHEET_REPORT_STATE, SHEET_MADE_BY, SHEET_MADE,   SHEET_CHECKED_BY,
	SHEET_CHECKED,    SHEET_ZERO,         SHEET_LEVEL,   SHEET_INSIDE,
};

static const struct {
	const char *name;
	const enum sheet_column *columns;
	size_t count;
} SHEETS[STICK_SHEET_COUNT_] = {
	[STICK_SHEET_VISITORS] = { "外来人员登记表", VISITORS, ARRAY_LEN(VISITORS) },
	[STICK_SHEET_VEHICLES] = { "车辆登记表", VEHICLES, ARRAY_LEN(VEHICLES) },
	[STICK_SHEET_TEMPERATURES] = { "体温登记表", TEMPERATURES, ARRAY_LEN(TEMPERATURES) },
	[STICK_SHEET_REFUSALS] = { "未准进入登记表", REFUSALS, ARRAY_LEN(REFUSALS) },
	[STICK_SHEET_PASSES] = { "通行证登记表", PASSES, ARRAY_LEN(PASSES) },
	[STICK_SHEET_DAYS] = { "日报告", DAYS, ARRAY_LEN(DAYS) },
};

/* As wide as the heading and the arrow of its filter. */
static int width_of(const char *text)
{
	int width = 3;

	for (const char *c = text; *c; c++)
		if (((unsigned char)*c & 0xC0) != 0x80)
			width += (unsigned char)*c < 0x80 ? 1 : 2;
	return width;
}

static struct sheet_heading figure_heading(enum sheet_column column)
{
	enum report_row row = (enum report_row)((int)(column - SHEET_FIGURES) / 2);
	bool total = (column - SHEET_FIGURES) % 2 == 1;
	struct sheet_heading h = { .kind = SHEET_NUMBER };

	text_format(h.text, sizeof(h.text), "%s(%s) %s, %s", string_report_row(LANGUAGE_ZH, row),
		    total ? "累计" : "当日", string_report_row(LANGUAGE_EN, row),
		    total ? "total" : "day");
	h.width = width_of(h.text);
	return h;
}

struct sheet_heading sheet_heading(enum sheet_column column)
{
	struct sheet_heading h = { .kind = sheet_kind(column) };

	if (column >= SHEET_FIGURES)
		return figure_heading(column);
	text_copy(h.text, sizeof(h.text), HEADINGS[column].text);
	h.width = HEADINGS[column].width;
	return h;
}

enum sheet_kind sheet_kind(enum sheet_column column)
{
	return column >= SHEET_FIGURES ? SHEET_NUMBER : HEADINGS[column].kind;
}

int sheet_column_count(enum stick_sheet sheet)
{
	return (int)SHEETS[sheet].count + (sheet == STICK_SHEET_DAYS ? FIGURE_COLUMNS : 0);
}

enum sheet_column sheet_column(enum stick_sheet sheet, int index)
{
	int named = (int)SHEETS[sheet].count;

	return index < named ? SHEETS[sheet].columns[index]
			     : (enum sheet_column)((int)SHEET_FIGURES + index - named);
}

const char *sheet_name(enum stick_sheet sheet)
{
	return SHEETS[sheet].name;
}

void sheet_put(struct sheet_cell *cell, const char *text)
{
	text_copy(cell->text, sizeof(cell->text), text);
}

void sheet_put_number(struct sheet_cell *cell, int64_t number)
{
	text_format(cell->text, sizeof(cell->text), "%" PRId64, number);
}

/* YYYY-MM-DD HH:MM, or its first ten characters. */
static void put_time(struct sheet_cell *cell, int64_t wall_ms, int32_t offset_min, size_t len,
		     int64_t unit_s)
{
	char text[CIVIL_TEXT_BYTES];

	if (wall_ms == 0)
		return;
	civil_format_minute(wall_ms, offset_min, text);
	text[len] = '\0';
	sheet_put(cell, text);
	int64_t local_s = wall_ms / 1000 + (int64_t)offset_min * 60;
	cell->local_s = local_s - local_s % unit_s;
}

void sheet_put_minute(struct sheet_cell *cell, int64_t wall_ms, int32_t utc_offset_min)
{
	put_time(cell, wall_ms, utc_offset_min, 16, 60);
}

void sheet_put_date(struct sheet_cell *cell, int64_t wall_ms, int32_t utc_offset_min)
{
	put_time(cell, wall_ms, utc_offset_min, 10, 86400);
}

void sheet_cell(const struct stick_msg *row, enum sheet_column column, int32_t utc_offset_min,
		struct sheet_cell *cell)
{
	cell->text[0] = '\0';
	cell->local_s = 0;
	if (row->type == STICK_DAY)
		sheet_day_cell(&row->day, column, utc_offset_min, cell);
	else
		sheet_visit_cell(&row->visit, column, utc_offset_min, cell);
}
