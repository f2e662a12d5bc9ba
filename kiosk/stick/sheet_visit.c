/*
 * A visit in the sheets of visitors, vehicles, temperatures, refusals and passes. Each check says
 * who established it, because a code that a guard looked at is not a code that was verified.
 */
#include <inttypes.h>
#include <string.h>

#include "assets/strings.h"
#include "base/civil.h"
#include "base/text.h"
#include "core/citizen.h"
#include "core/identity.h"
#include "stick/province.h"
#include "stick/sheet_cells.h"

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

/* Temperatures are shown to 0.1 degree, rounded half up as the screens do. */
static void put_celsius(struct sheet_cell *cell, int32_t centi_c)
{
	if (centi_c == 0)
		return;
	int32_t magnitude = centi_c < 0 ? -centi_c : centi_c;
	int32_t tenths = (magnitude + 5) / 10;
	text_format(cell->text, sizeof(cell->text), "%s%d.%d", centi_c < 0 ? "-" : "", tenths / 10,
		    tenths % 10);
}

void sheet_put_fact(struct sheet_cell *cell, const struct fact *fact, const char *good,
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
		sheet_put_fact(cell, &f[CHECK_TRAVEL_14D], "无", "有");
	else if (column == SHEET_SYMPTOMS)
		sheet_put_fact(cell, &f[CHECK_SYMPTOMS], "无", "有");
	else
		sheet_put_fact(cell, &f[CHECK_MASK], "已戴", "未戴");
}

/* What a citizen's number says. Numbers of other documents say nothing; nor do those that are none.
 */
static bool read_citizen(const struct visit *v, int32_t offset_min, struct citizen *citizen)
{
	struct civil c = civil_from_ms(v->registered_ms, offset_min);
	enum document_kind kind = v->person.document_kind;
	char number[DOCUMENT_BYTES];

	if (kind != DOCUMENT_ID_CARD && kind != DOCUMENT_FOREIGN_PR)
		return false;
	text_copy(number, sizeof(number), v->person.document);
	identity_fold(number, true);
	bool holds = citizen_read(number, c.year * 10000 + c.month * 100 + c.day, citizen);
	explicit_bzero(number, sizeof(number));
	return holds;
}

static void put_sex(struct sheet_cell *cell, const struct visit *v, int32_t offset_min)
{
	struct citizen citizen;

	if (read_citizen(v, offset_min, &citizen))
		sheet_put(cell, citizen.sex == SEX_MALE ? "男" : "女");
}

/* What was declared, and where the number was first given out, which is no more than a hint. */
static void put_origin(struct sheet_cell *cell, const struct visit *v, int32_t offset_min)
{
	const struct fact *f = &v->facts[CHECK_TRAVEL_14D];
	const char *answer = f->finding == FINDING_GOOD  ? "14天内未到重点地区"
			     : f->finding == FINDING_BAD ? "14天内到过重点地区"
							 : "未申报";
	struct citizen citizen;
	const char *province = "";

	if (v->person.document_kind == DOCUMENT_ID_CARD && read_citizen(v, offset_min, &citizen))
		province = province_name(citizen.region / 10000);
	text_format(cell->text, sizeof(cell->text), "%s%s%s%s", answer, SOURCE_WORD[f->source],
		    province[0] ? "；证件号所属：" : "", province);
}

/* Columns of the smaller sheets. */
static void put_further(struct sheet_cell *cell, const struct visit *v, enum sheet_column column,
			int32_t offset_min)
{
	if (column == SHEET_MEASURED)
		sheet_put_minute(cell, v->registered_ms, offset_min);
	else if (column == SHEET_CLASS)
		sheet_put(cell, string_class(LANGUAGE_ZH, v->person_class));
	else if (column == SHEET_DECIDED || column == SHEET_ISSUED)
		sheet_put_minute(cell, v->decided_ms, offset_min);
	else if (column == SHEET_EXPIRES)
		sheet_put_minute(cell, v->pass_expires_ms, offset_min);
	else if (column == SHEET_USES)
		sheet_put_number(cell, v->decision.pass.uses);
	else if (column == SHEET_PRINTED)
		sheet_put(cell, v->pass_printed ? "已打印" : "未打印");
	else
		sheet_vehicle_cell(v, column, offset_min, cell);
}

void sheet_visit_cell(const struct visit *visit, enum sheet_column column, int32_t utc_offset_min,
		      struct sheet_cell *cell)
{
	const struct person *p = &visit->person;

	switch ((int)column) { /* the others are of other rows */
	case SHEET_ROW:
		sheet_put_number(cell, (int64_t)visit->id);
		break;
	case SHEET_DAY:
		sheet_put_date(cell, visit->registered_ms, utc_offset_min);
		break;
	case SHEET_NAME:
		sheet_put(cell, p->name);
		break;
	case SHEET_SEX:
		put_sex(cell, visit, utc_offset_min);
		break;
	case SHEET_DOCUMENT_KIND:
		sheet_put(cell, string_document(LANGUAGE_ZH, p->document_kind));
		break;
	case SHEET_DOCUMENT:
		sheet_put(cell, p->document);
		break;
	case SHEET_PHONE:
		sheet_put(cell, p->phone);
		break;
	case SHEET_ORIGIN:
		put_origin(cell, visit, utc_offset_min);
		break;
	case SHEET_PURPOSE:
		sheet_put(cell, p->purpose);
		break;
	case SHEET_HOUSEHOLD:
		sheet_put(cell, p->household);
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
		sheet_put(cell, RESULT_WORD[visit->state]);
		break;
	case SHEET_CLAUSES:
		put_clauses(cell, &visit->decision);
		break;
	case SHEET_ENTERED:
		sheet_put_minute(cell, visit->entered_ms, utc_offset_min);
		break;
	case SHEET_LEFT:
		sheet_put_minute(cell, visit->left_ms, utc_offset_min);
		break;
	case SHEET_ESCORT:
		sheet_put_fact(cell, &visit->facts[CHECK_ESCORT], "到场", "不领进");
		break;
	case SHEET_GUARD:
		sheet_put(cell, visit->decided_by);
		break;
	case SHEET_PASS:
		if (visit->pass_serial != 0)
			text_format(cell->text, sizeof(cell->text), "%" PRIu64, visit->pass_serial);
		break;
	case SHEET_REMARKS:
		put_remarks(cell, visit);
		break;
	default:
		put_further(cell, visit, column, utc_offset_min);
		break;
	}
}
