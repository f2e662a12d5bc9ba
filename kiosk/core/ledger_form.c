#include "core/ledger_form.h"

#include <string.h>

#include "base/text.h"
#include "core/identity.h"

static bool is_typed(enum ledger_field field)
{
	return field < LEDGER_FIELD_COUNT_ && LEDGER_FIELD[field].type != LEDGER_CHOICE &&
	       LEDGER_FIELD[field].type != LEDGER_ACCOUNT;
}

/* What stands in the entry is typed digits, so a time of the day is shown without its colon. */
static void load_entry(struct session *s)
{
	const struct ledger *l = &s->ledger.draft;
	enum ledger_field field = s->ledger.field;
	int64_t minute = field < LEDGER_FIELD_COUNT_ ? l->numbers[field] : 0;

	s->entry[0] = '\0';
	if (!is_typed(field) || !ledger_has(l, field))
		return;
	if (LEDGER_FIELD[field].type == LEDGER_CLOCK)
		text_format(s->entry, sizeof(s->entry), "%02d%02d", (int)(minute / 60),
			    (int)(minute % 60));
	else
		ledger_show(l, field, s->entry, sizeof(s->entry));
}

static void go(struct session *s, enum ledger_field field)
{
	s->ledger.field = field;
	load_entry(s);
}

void ledger_form_begin(struct session *s)
{
	s->note = NOTE_NONE;
	s->ledger.draft = (struct ledger){ .kind = s->ledger.kind };
	go(s, ledger_missing(&s->ledger.draft));
}

bool ledger_form_correct(struct session *s, const struct ledger_row *row)
{
	if (row->corrected_by || row->ledger.struck)
		return false;
	s->note = NOTE_NONE;
	s->ledger.draft = row->ledger;
	s->ledger.draft.corrects = row->seq;
	s->ledger.draft.was =
		row->ledger.kind == LEDGER_WASTE ? row->ledger.numbers[LEDGER_BAGS] : 0;
	go(s, LEDGER_FIELD_COUNT_);
	return true;
}

/* False, with a note, when what was typed is no such value. */
static bool keep(struct session *s)
{
	enum ledger_field field = s->ledger.field;

	if (!is_typed(field))
		return true;
	identity_fold(s->entry, false);
	if (ledger_type(&s->ledger.draft, field, s->entry))
		return true;
	s->note = LEDGER_FIELD[field].type == LEDGER_CLOCK ? NOTE_LEDGER_TIME : NOTE_LEDGER_RANGE;
	return false;
}

void ledger_form_field(struct session *s, int32_t field)
{
	const struct ledger_kind_info *kind = &LEDGER_KIND[s->ledger.draft.kind];
	bool known = field >= 0 && field < LEDGER_FIELD_COUNT_ &&
		     ((kind->required | kind->optional) >> field & 1);

	s->note = NOTE_NONE;
	if (keep(s))
		go(s, known ? (enum ledger_field)field : LEDGER_FIELD_COUNT_);
}

void ledger_form_choose(struct session *s, int32_t n)
{
	enum ledger_field field = s->ledger.field;
	struct ledger *l = &s->ledger.draft;

	s->note = NOTE_NONE;
	if (field >= LEDGER_FIELD_COUNT_)
		return;
	const struct ledger_field_info *info = &LEDGER_FIELD[field];
	if (info->type == LEDGER_CHOICE && n >= info->least && n <= info->most) {
		l->numbers[field] = n;
		l->given |= 1U << field;
	} else if (info->type == LEDGER_ACCOUNT && n >= 0 && n < s->row_count) {
		if (!ledger_type(l, field, s->rows[n].name))
			return;
	} else {
		return;
	}
	go(s, ledger_missing(l));
}

enum keyboard ledger_form_keyboard(const struct session *s)
{
	if (!is_typed(s->ledger.field))
		return KEYBOARD_NONE;
	const struct ledger_field_info *info = &LEDGER_FIELD[s->ledger.field];
	if (info->type == LEDGER_TEXT)
		return KEYBOARD_TEXT;
	return info->decimals ? KEYBOARD_DECIMAL : KEYBOARD_DIGITS;
}

size_t ledger_form_room(const struct session *s)
{
	return s->ledger.field == LEDGER_REMARK ? LEDGER_TEXT_BYTES : sizeof("999999999");
}

enum note ledger_form_accept(struct session *s, int32_t today)
{
	(void)today;
	if (s->busy)
		return NOTE_EMPTY;
	if (!keep(s))
		return s->note;
	enum ledger_field missing = ledger_missing(&s->ledger.draft);
	go(s, missing);
	return missing == LEDGER_FIELD_COUNT_ ? NOTE_NONE : NOTE_LEDGER_MISSING;
}

void ledger_form_strike(struct session *s)
{
	struct ledger *l = &s->ledger.draft;

	if (l->corrects)
		*l = (struct ledger){
			.kind = l->kind, .corrects = l->corrects, .struck = true, .was = l->was
		};
}
