/*
 * The copy of what is kept about a person, on paper for them to take along, in the language they
 * registered in. Nothing of it is written to disk.
 */
#include <string.h>

#include "app.h"
#include "assets/strings.h"
#include "base/civil.h"
#include "base/text.h"

struct copy {
	const struct app *app;
	enum language language;
	struct slip slip;
};

static const char *tr(const struct copy *c, enum string_id id)
{
	return string_get(c->language, id);
}

static void add(struct copy *c, enum slip_style style, const char *text)
{
	assert(c->slip.line_count < SLIP_LINES);
	struct slip_line *line = &c->slip.lines[c->slip.line_count++];

	line->style = style;
	text_copy(line->left, sizeof(line->left), text);
}

static void add_pair(struct copy *c, const char *name, const char *value)
{
	char text[sizeof(c->slip.lines[0].left)];

	if (value[0] == '\0')
		return;
	text_format(text, sizeof(text), "%s: %s", name, value);
	add(c, SLIP_TEXT, text);
	explicit_bzero(text, sizeof(text));
}

static void add_field(struct copy *c, enum field field, const char *value)
{
	add_pair(c, string_field(c->language, field), value);
}

static void add_moment(struct copy *c, enum field field, int64_t wall_ms)
{
	char text[CIVIL_TEXT_BYTES] = "";

	if (wall_ms)
		civil_format_minute(wall_ms, c->app->config.utc_offset_min, text);
	add_field(c, field, text);
}

static void add_celsius(struct copy *c, enum field field, int32_t centi_c)
{
	char number[STRING_TEMPERATURE_BYTES], text[32] = "";

	string_temperature(number, centi_c);
	if (centi_c)
		text_format(text, sizeof(text), "%s °C", number);
	add_field(c, field, text);
}

static void add_person(struct copy *c, const struct visit *v)
{
	const struct person *p = &v->person;
	char document[128];

	add_field(c, FIELD_NAME, p->name);
	text_format(document, sizeof(document), "%s %s",
		    string_document(c->language, p->document_kind), p->document);
	add_field(c, FIELD_DOCUMENT, p->document[0] ? document : "");
	add_field(c, FIELD_PHONE, p->phone);
	add_field(c, FIELD_HOUSEHOLD, p->household);
	add_field(c, FIELD_PURPOSE, p->purpose);
	add_field(c, FIELD_CLASS, string_class(c->language, v->person_class));
	explicit_bzero(document, sizeof(document));
}

static void add_facts(struct copy *c, const struct visit *v)
{
	const struct temperature *t = &v->temperature;

	add_celsius(c, FIELD_TEMPERATURE, t->second_centi_c ? t->second_centi_c : t->first_centi_c);
	add_celsius(c, FIELD_CLINICAL, t->clinical_centi_c);
	for (int i = 0; i < CHECK_COUNT_; i++)
		if (v->facts[i].finding != FINDING_UNKNOWN)
			add_pair(c, string_check(c->language, (enum check)i),
				 string_finding(c->language, v->facts[i].finding));
	for (int i = 0; i < v->decision.reason_count; i++)
		if (!v->decision.reasons[i].lifted)
			add(c, SLIP_TEXT, string_reason(c->language, v->decision.reasons[i].code));
}

static int32_t days_kept(const struct app *app, enum visit_state state)
{
	enum retention_kind kind =
		state == VISIT_LEFT                                    ? RETENTION_ENTERED
		: state == VISIT_REFUSED || state == VISIT_TURNED_BACK ? RETENTION_REFUSED
		: state == VISIT_INSIDE || state == VISIT_OVERDUE      ? RETENTION_INSIDE
								       : RETENTION_UNFINISHED;

	return app->config.retention.days[kind];
}

static void add_foot(struct copy *c, const struct visit *v)
{
	char days[16], text[160], now[CIVIL_TEXT_BYTES];

	text_format(days, sizeof(days), "%d", days_kept(c->app, v->state));
	string_fill(text, sizeof(text), tr(c, STR_COPY_WHY), days, NULL);
	add(c, SLIP_RULE, "");
	add(c, SLIP_TEXT, text);
	string_fill(text, sizeof(text), tr(c, STR_PAPER_PHONE), c->app->config.phone, NULL);
	add(c, SLIP_TEXT, text);
	civil_format_minute(app_wall(c->app), c->app->config.utc_offset_min, now);
	string_fill(text, sizeof(text), tr(c, STR_REPORT_PRINTED), now, NULL);
	add(c, SLIP_TEXT, text);
}

void app_request_print(struct app *app, const struct visit *v)
{
	struct copy c = { .app = app, .language = v->language };

	add(&c, SLIP_TITLE, tr(&c, STR_COPY_TITLE));
	add_pair(&c, tr(&c, STR_COPY_CODE), v->receipt_code);
	add_person(&c, v);
	add(&c, SLIP_RULE, "");
	add_field(&c, FIELD_STATE, string_state(c.language, v->state));
	add_moment(&c, FIELD_REGISTERED, v->registered_ms);
	add_moment(&c, FIELD_DECIDED, v->decided_ms);
	add_moment(&c, FIELD_ENTERED, v->entered_ms);
	add_moment(&c, FIELD_LEFT, v->left_ms);
	add_moment(&c, FIELD_VALID_UNTIL, v->pass_expires_ms);
	add_facts(&c, v);
	add_foot(&c, v);
	app_print_sheet(app, &c.slip);
	explicit_bzero(&c, sizeof(c));
}
