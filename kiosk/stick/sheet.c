/*
 * Columns follow the registration sheets that gates keep by hand (name, document, telephone, whom
 * they visit, temperature, both codes, 14-day travel, mask, times, who registered). The words
 * are those of the screens (assets/strings). Each check says who established it, because a code
 * that a guard looked at is not a code that was verified.
 */
#include "stick/sheet.h"

#include <inttypes.h>
#include <string.h>

#include "assets/strings.h"
#include "base/civil.h"
#include "base/text.h"

static const struct sheet_heading HEADINGS[SHEET_COLUMN_COUNT_] = {
	[SHEET_ROW] = { "序号 No.", 8, SHEET_NUMBER },
	[SHEET_DAY] = { "日期 Date", 12, SHEET_DATE },
	[SHEET_NAME] = { "姓名 Name", 16, SHEET_TYPED },
	[SHEET_DOCUMENT_KIND] = { "证件类型 Document", 20, SHEET_TEXT },
	[SHEET_DOCUMENT] = { "证件号 Document No.", 23, SHEET_LONG_NUMBER },
	[SHEET_PHONE] = { "联系电话 Phone", 17, SHEET_LONG_NUMBER },
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
};

static const enum sheet_column VISITORS[] = {
	SHEET_ROW,      SHEET_DAY,     SHEET_NAME,        SHEET_DOCUMENT_KIND, SHEET_DOCUMENT,
	SHEET_PHONE,    SHEET_PURPOSE, SHEET_HOUSEHOLD,   SHEET_FOREHEAD,      SHEET_SECOND,
	SHEET_CLINICAL, SHEET_AMBIENT, SHEET_HEALTH_CODE, SHEET_TRAVEL_CARD,   SHEET_TRAVEL_14D,
	SHEET_SYMPTOMS, SHEET_MASK,    SHEET_RESULT,      SHEET_CLAUSES,       SHEET_ENTERED,
	SHEET_LEFT,     SHEET_GUARD,   SHEET_PASS,        SHEET_REMARKS,
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
	SHEET_PASS, SHEET_NAME,    SHEET_HOUSEHOLD, SHEET_CLASS,   SHEET_ISSUED, SHEET_EXPIRES,
	SHEET_USES, SHEET_PRINTED, SHEET_GUARD,     SHEET_ENTERED, SHEET_LEFT,
};

static const struct {
	const char *name;
	const enum sheet_column *columns;
	size_t count;
} SHEETS[STICK_SHEET_COUNT_] = {
	[STICK_SHEET_VISITORS] = { "外来人员登记表", VISITORS, ARRAY_LEN(VISITORS) },
	[STICK_SHEET_TEMPERATURES] = { "体温登记表", TEMPERATURES, ARRAY_LEN(TEMPERATURES) },
	[STICK_SHEET_REFUSALS] = { "未准进入登记表", REFUSALS, ARRAY_LEN(REFUSALS) },
	[STICK_SHEET_PASSES] = { "通行证登记表", PASSES, ARRAY_LEN(PASSES) },
};

static const char *const SOURCE_WORD[SOURCE_COUNT_] = {
	[SOURCE_NONE] = "",
	[SOURCE_MACHINE] = "(机器)",
	[SOURCE_GUARD] = "(值守人查看)",
	[SOURCE_DECLARED] = "(本人申报)",
	[SOURCE_SIGNED] = "(签名凭证)",
};

/* What became of the visit: longer than the state's own word, which guards read beside the rest. */
static const char *const RESULT_WORD[VISIT_STATE_COUNT_] = {
	[VISIT_DRAFT] = "登记中",         [VISIT_WAITING] = "等待查验",
	[VISIT_ADMITTED] = "准予进入",    [VISIT_INSIDE] = "准予进入·在院内",
	[VISIT_LEFT] = "准予进入·已离开", [VISIT_REFUSED] = "未准进入",
	[VISIT_TURNED_BACK] = "已劝返",   [VISIT_LAPSED] = "准予后未进入",
	[VISIT_OVERDUE] = "超时未离开",
};

const struct sheet_heading *sheet_heading(enum sheet_column column)
{
	return &HEADINGS[column];
}

const enum sheet_column *sheet_columns(enum stick_sheet sheet, int *count)
{
	*count = (int)SHEETS[sheet].count;
	return SHEETS[sheet].columns;
}

const char *sheet_name(enum stick_sheet sheet)
{
	return SHEETS[sheet].name;
}

static void put(struct sheet_cell *cell, const char *text)
{
	text_copy(cell->text, sizeof(cell->text), text);
}

static void put_time(struct sheet_cell *cell, int64_t wall_ms, int32_t offset_min, bool minutes)
{
	char text[CIVIL_TEXT_BYTES];

	if (wall_ms == 0)
		return;
	civil_format_minute(wall_ms, offset_min, text);
	if (!minutes)
		text[10] = '\0'; /* the date of YYYY-MM-DD HH:MM */
	put(cell, text);
	int64_t local_s = wall_ms / 1000 + (int64_t)offset_min * 60;
	cell->local_s = minutes ? local_s - local_s % 60 : local_s - local_s % 86400;
}

/* Temperatures are shown to 0.1 degree, rounded half up as the screens do. */
static void put_celsius(struct sheet_cell *cell, int32_t centi_c)
{
	if (centi_c == 0)
		return;
	int32_t magnitude = centi_c < 0 ? -centi_c : centi_c;
	int32_t tenths = (magnitude + 5) / 10;
	text_format(cell->text, sizeof(cell->text), "%s%d.%d", centi_c < 0 ? "-" : "", tenths / 10,
		    tenths % 10);
	cell->number = (centi_c < 0 ? -tenths : tenths) / 10.0;
}

static void put_fact(struct sheet_cell *cell, const struct fact *fact, const char *good,
		     const char *bad)
{
	const char *word = fact->finding == FINDING_GOOD  ? good
			   : fact->finding == FINDING_BAD ? bad
							  : "未查";
	text_format(cell->text, sizeof(cell->text), "%s%s", word, SOURCE_WORD[fact->source]);
}

/* A fact whose value chooses the word; a value without one was not looked at. */
static void put_valued(struct sheet_cell *cell, const struct fact *fact, const char *word,
		       const char *unknown)
{
	text_format(cell->text, sizeof(cell->text), "%s%s", word[0] ? word : unknown,
		    SOURCE_WORD[fact->source]);
}

static void put_clauses(struct sheet_cell *cell, const struct decision *decision)
{
	char *text = cell->text;

	for (int i = 0; i < decision->reason_count; i++) {
		const struct reason *r = &decision->reasons[i];
		char before[SHEET_CELL_BYTES];
		text_copy(before, sizeof(before), text);
		if (!text_format(text, sizeof(cell->text), "%s%s%s %s%s", before, i > 0 ? "；" : "",
				 r->clause, string_reason(LANGUAGE_ZH, r->code),
				 r->lifted ? "(已放宽)" : ""))
			break;
	}
}

static void put_remarks(struct sheet_cell *cell, const struct visit *v)
{
	bool no_paper = v->pass_serial != 0 && !v->pass_printed;

	text_format(cell->text, sizeof(cell->text), "%s；登记号%" PRIu32 "；%s%s",
		    string_class(LANGUAGE_ZH, v->person_class), v->ticket,
		    string_level(LANGUAGE_ZH, v->level), no_paper ? "；通行证未打印" : "");
}

static void put_health(struct sheet_cell *cell, const struct visit *v, enum sheet_column column)
{
	const struct fact *f = v->facts;

	if (column == SHEET_HEALTH_CODE)
		put_valued(cell, &f[CHECK_HEALTH_CODE],
			   string_colour(LANGUAGE_ZH, (enum code_colour)f[CHECK_HEALTH_CODE].value),
			   string_colour(LANGUAGE_ZH, COLOUR_UNKNOWN));
	else if (column == SHEET_TRAVEL_CARD)
		put_valued(cell, &f[CHECK_TRAVEL_CARD],
			   string_travel_card(LANGUAGE_ZH,
					      (enum travel_card)f[CHECK_TRAVEL_CARD].value),
			   string_travel_card(LANGUAGE_ZH, TRAVEL_CARD_UNKNOWN));
	else if (column == SHEET_TRAVEL_14D)
		put_fact(cell, &f[CHECK_TRAVEL_14D], "无", "有");
	else if (column == SHEET_SYMPTOMS)
		put_fact(cell, &f[CHECK_SYMPTOMS], "无", "有");
	else
		put_fact(cell, &f[CHECK_MASK], "已戴", "未戴");
}

static void put_number(struct sheet_cell *cell, int64_t number)
{
	text_format(cell->text, sizeof(cell->text), "%" PRId64, number);
	cell->number = (double)number;
}

/* Columns of the smaller sheets. */
static void put_further(struct sheet_cell *cell, const struct visit *v, enum sheet_column column,
			int32_t offset_min)
{
	if (column == SHEET_MEASURED)
		put_time(cell, v->registered_ms, offset_min, true);
	else if (column == SHEET_CLASS)
		put(cell, string_class(LANGUAGE_ZH, v->person_class));
	else if (column == SHEET_DECIDED || column == SHEET_ISSUED)
		put_time(cell, v->decided_ms, offset_min, true);
	else if (column == SHEET_EXPIRES)
		put_time(cell, v->pass_expires_ms, offset_min, true);
	else if (column == SHEET_USES)
		put_number(cell, v->decision.pass.uses);
	else if (column == SHEET_PRINTED)
		put(cell, v->pass_printed ? "已打印" : "未打印");
}

void sheet_cell(const struct visit *visit, enum sheet_column column, int32_t utc_offset_min,
		struct sheet_cell *cell)
{
	const struct person *p = &visit->person;

	cell->text[0] = '\0';
	cell->number = 0;
	cell->local_s = 0;
	switch (column) {
	case SHEET_ROW:
		put_number(cell, (int64_t)visit->id);
		break;
	case SHEET_DAY:
		put_time(cell, visit->registered_ms, utc_offset_min, false);
		break;
	case SHEET_NAME:
		put(cell, p->name);
		break;
	case SHEET_DOCUMENT_KIND:
		put(cell, string_document(LANGUAGE_ZH, p->document_kind));
		break;
	case SHEET_DOCUMENT:
		put(cell, p->document);
		break;
	case SHEET_PHONE:
		put(cell, p->phone);
		break;
	case SHEET_PURPOSE:
		put(cell, p->purpose);
		break;
	case SHEET_HOUSEHOLD:
		put(cell, p->household);
		break;
	case SHEET_FOREHEAD:
		put_celsius(cell, visit->temperature.first_centi_c);
		break;
	case SHEET_SECOND:
		put_celsius(cell, visit->temperature.second_centi_c);
		break;
	case SHEET_CLINICAL:
		put_celsius(cell, visit->temperature.clinical_centi_c);
		break;
	case SHEET_AMBIENT:
		put_celsius(cell, visit->temperature.ambient_centi_c);
		break;
	case SHEET_HEALTH_CODE:
	case SHEET_TRAVEL_CARD:
	case SHEET_TRAVEL_14D:
	case SHEET_SYMPTOMS:
	case SHEET_MASK:
		put_health(cell, visit, column);
		break;
	case SHEET_RESULT:
		put(cell, RESULT_WORD[visit->state]);
		break;
	case SHEET_CLAUSES:
		put_clauses(cell, &visit->decision);
		break;
	case SHEET_ENTERED:
		put_time(cell, visit->entered_ms, utc_offset_min, true);
		break;
	case SHEET_LEFT:
		put_time(cell, visit->left_ms, utc_offset_min, true);
		break;
	case SHEET_GUARD:
		put(cell, visit->decided_by);
		break;
	case SHEET_PASS:
		if (visit->pass_serial != 0)
			text_format(cell->text, sizeof(cell->text), "%" PRIu64, visit->pass_serial);
		break;
	case SHEET_REMARKS:
		put_remarks(cell, visit);
		break;
	case SHEET_MEASURED:
	case SHEET_CLASS:
	case SHEET_DECIDED:
	case SHEET_ISSUED:
	case SHEET_EXPIRES:
	case SHEET_USES:
	case SHEET_PRINTED:
		put_further(cell, visit, column, utc_offset_min);
		break;
	case SHEET_COLUMN_COUNT_:
	default:
		break;
	}
}
