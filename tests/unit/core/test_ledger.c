/* The table of ledgers: every kind can be filled in, every field has its range, nothing else fits.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "core/ledger.h"

#define HOUR_MS INT64_C(3600000)

static void give(struct ledger *l, enum ledger_field field, int64_t n)
{
	l->given |= 1U << field;
	if (field == LEDGER_SECOND)
		text_copy(l->second, sizeof(l->second), "李强");
	else if (field == LEDGER_REMARK)
		text_copy(l->remark, sizeof(l->remark), "补记");
	else
		l->numbers[field] = n;
}

/* The least that kind asks for. */
static struct ledger filled(enum ledger_kind kind)
{
	struct ledger l = { .kind = kind };

	for (int field = 0; field < LEDGER_FIELD_COUNT_; field++)
		if (LEDGER_KIND[kind].required >> field & 1)
			give(&l, (enum ledger_field)field, LEDGER_FIELD[field].least);
	return l;
}

/* With each kind: what is required is asked for in order, and any other field is too many. */
static void test_kinds(void **state)
{
	(void)state;
	for (int kind = 0; kind < LEDGER_KIND_COUNT_; kind++) {
		const struct ledger_kind_info *info = &LEDGER_KIND[kind];
		assert_true(info->word && info->clause);
		assert_int_equal(LEDGER_FIELD[info->subject].type, LEDGER_CHOICE);
		assert_true(info->required >> info->subject & 1);
		assert_int_equal(info->required & info->optional, 0);
		for (int field = 0; field < LEDGER_FIELD_COUNT_; field++) {
			struct ledger l = filled((enum ledger_kind)kind);
			assert_true(ledger_fits(&l));
			assert_int_equal(ledger_missing(&l), LEDGER_FIELD_COUNT_);
			if (info->required >> field & 1) {
				l.given &= ~(1U << field);
				assert_int_equal(ledger_missing(&l), field);
				assert_false(ledger_fits(&l));
				continue;
			}
			give(&l, (enum ledger_field)field, LEDGER_FIELD[field].most);
			assert_int_equal(ledger_fits(&l), info->optional >> field & 1);
		}
	}
	assert_false(ledger_fits(&(struct ledger){ .kind = LEDGER_KIND_COUNT_ }));
}

static void test_ranges(void **state)
{
	(void)state;
	for (int kind = 0; kind < LEDGER_KIND_COUNT_; kind++)
		for (int field = 0; field < LEDGER_FIELD_COUNT_; field++) {
			const struct ledger_field_info *info = &LEDGER_FIELD[field];
			uint32_t may = LEDGER_KIND[kind].required | LEDGER_KIND[kind].optional;
			if (!(may >> field & 1) || info->type == LEDGER_TEXT ||
			    info->type == LEDGER_ACCOUNT)
				continue;
			struct ledger l = filled((enum ledger_kind)kind);
			give(&l, (enum ledger_field)field, info->least - 1);
			assert_false(ledger_fits(&l));
			l.numbers[field] = info->most;
			assert_true(ledger_fits(&l));
			l.numbers[field] = info->most + 1;
			assert_false(ledger_fits(&l));
			/* a number that is not given is no number */
			l.given &= ~(1U << field);
			l.numbers[field] = info->most;
			assert_false(ledger_fits(&l));
		}
	struct ledger l = filled(LEDGER_INCIDENT);
	text_copy(l.second, sizeof(l.second), "a\nb");
	assert_false(ledger_fits(&l));
	memset(l.second, 'a', sizeof(l.second));
	assert_false(ledger_fits(&l));
	l = filled(LEDGER_INCIDENT);
	text_copy(l.remark, sizeof(l.remark), "not given");
	assert_false(ledger_fits(&l));
}

/* A struck entry has no fields and must name one; only waste says what it was. */
static void test_corrections(void **state)
{
	(void)state;
	struct ledger l = { .kind = LEDGER_SUPPLY, .struck = true, .corrects = 7 };

	assert_true(ledger_fits(&l));
	assert_int_equal(ledger_adds(&l), -1);
	give(&l, LEDGER_ITEM, ITEM_MASKS);
	assert_false(ledger_fits(&l));
	assert_false(ledger_fits(&(struct ledger){ .kind = LEDGER_SUPPLY, .struck = true }));
	l = filled(LEDGER_SUPPLY);
	assert_int_equal(ledger_adds(&l), 1);
	l.corrects = 7;
	assert_true(ledger_fits(&l));
	assert_int_equal(ledger_adds(&l), 0);
	l.was = 3;
	assert_false(ledger_fits(&l));
	l = filled(LEDGER_WASTE);
	l.numbers[LEDGER_BAGS] = 5;
	assert_int_equal(ledger_adds_bags(&l), 5);
	l.corrects = 7;
	assert_false(ledger_fits(&l));
	l.was = 8;
	assert_true(ledger_fits(&l));
	assert_int_equal(ledger_adds_bags(&l), -3);
	l = (struct ledger){ .kind = LEDGER_WASTE, .struck = true, .corrects = 7, .was = 8 };
	assert_true(ledger_fits(&l));
	assert_int_equal(ledger_adds_bags(&l), -8);
}

static void test_typing(void **state)
{
	static const struct {
		enum ledger_field field;
		const char *text, *shown; /* NULL: refused */
	} CASES[] = {
		{ LEDGER_WEIGHT, "12.5", "12.5" },
		{ LEDGER_WEIGHT, "12", "12.0" },
		{ LEDGER_WEIGHT, "12.", "12.0" },
		{ LEDGER_WEIGHT, "0.1", "0.1" },
		{ LEDGER_WEIGHT, "0", NULL },
		{ LEDGER_WEIGHT, "12.55", NULL },
		{ LEDGER_WEIGHT, ".5", NULL },
		{ LEDGER_WEIGHT, "1..5", NULL },
		{ LEDGER_WEIGHT, "9999.9", "9999.9" },
		{ LEDGER_WEIGHT, "10000", NULL },
		{ LEDGER_POLICE, "1432", "14:32" },
		{ LEDGER_POLICE, "0000", "00:00" },
		{ LEDGER_POLICE, "2400", NULL },
		{ LEDGER_POLICE, "1460", NULL },
		{ LEDGER_POLICE, "932", NULL },
		{ LEDGER_BAGS, "3", "3" },
		{ LEDGER_BAGS, "0", NULL },
		{ LEDGER_BAGS, "1.5", NULL },
		{ LEDGER_QUANTITY, "0", "0" },
		{ LEDGER_QUANTITY, "99999", "99999" },
		{ LEDGER_QUANTITY, "-1", NULL },
		{ LEDGER_QUANTITY, "99999999999999999999", NULL },
		{ LEDGER_REMARK, "3号电梯", "3号电梯" },
		{ LEDGER_REMARK, "\xff", NULL },
		{ LEDGER_REMARK, "a\tb", NULL },
		{ LEDGER_SECOND, "李强", "李强" },
		{ LEDGER_SECOND, "", "" },
		{ LEDGER_BAGS, "", "" },
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		struct ledger l = { .kind = LEDGER_WASTE }, before = l;
		char shown[LEDGER_TEXT_BYTES];
		bool taken = ledger_type(&l, CASES[i].field, CASES[i].text);
		assert_int_equal(taken, CASES[i].shown != NULL);
		if (!taken) {
			assert_memory_equal(&l, &before, sizeof(l));
			continue;
		}
		ledger_show(&l, CASES[i].field, shown, sizeof(shown));
		assert_string_equal(shown, CASES[i].shown);
		assert_int_equal(ledger_has(&l, CASES[i].field), CASES[i].text[0] != '\0');
	}
}

static void test_due(void **state)
{
	(void)state;
	const struct ledger_rhythm r = { .every_h = { [PLACE_GATE] = 24, [PLACE_LIFTS] = 12 },
					 .minimum = { [ITEM_MASKS] = 50, [ITEM_PAPER] = 2 } };
	struct ledger_state s = {
		.last_ms = { [PLACE_GATE] = 100 * HOUR_MS, [PLACE_LIFTS] = 100 * HOUR_MS },
		.left = { [ITEM_MASKS] = 50, [ITEM_PAPER] = 1 }
	};

	assert_int_equal(ledger_overdue(&s, &r, 112 * HOUR_MS), 0);
	assert_int_equal(ledger_overdue(&s, &r, 112 * HOUR_MS + 1), 1U << PLACE_LIFTS);
	assert_int_equal(ledger_overdue(&s, &r, 124 * HOUR_MS + 1),
			 1U << PLACE_LIFTS | 1U << PLACE_GATE);
	assert_int_equal(ledger_short(&s, &r), 1U << ITEM_PAPER);
	s.left[ITEM_MASKS] = -1;
	assert_int_equal(ledger_short(&s, &r), 1U << ITEM_PAPER | 1U << ITEM_MASKS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kinds),       cmocka_unit_test(test_ranges),
		cmocka_unit_test(test_corrections), cmocka_unit_test(test_typing),
		cmocka_unit_test(test_due),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
