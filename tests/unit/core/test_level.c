/* Who may switch the level, every combination; and what the event of it says as one number. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/level.h"

/* Said anew, in the words of the rule: a supervisor, two persons into or out of lockdown, or an
 * order of the office that somebody logged in confirms. */
static bool allowed(const struct level_change *c)
{
	bool lockdown = (c->from == LEVEL_LOCKDOWN) != (c->to == LEVEL_LOCKDOWN);
	bool two = c->second[0] && strcmp(c->first, c->second) != 0;

	if (c->from == c->to || !c->why[0] || !c->first[0])
		return false;
	if (c->order.number != 0)
		return true;
	return c->first_role == ROLE_SUPERVISOR && (two || !lockdown);
}

static void test_every_change(void **state)
{
	static const char *const SECOND[] = { "", "赵队长", "陈静" };
	unsigned tried = 0, good = 0;

	(void)state;
	for (int from = 0; from < LEVEL_COUNT_; from++)
		for (int to = 0; to <= LEVEL_COUNT_; to++)
			for (unsigned bits = 0; bits < 8; bits++)
				for (int role = 0; role < ROLE_COUNT_; role++)
					for (size_t s = 0; s < ARRAY_LEN(SECOND); s++) {
						struct level_change c = {
							.from = (enum level)from,
							.to = (enum level)to,
							.order.number = bits & 1 ? 7 : 0,
							.first_role = (enum role)role,
						};
						strcpy(c.why, bits & 2 ? "case found" : "");
						strcpy(c.first, bits & 4 ? "赵队长" : "");
						strcpy(c.second, SECOND[s]);
						bool may = level_check(&c) == NOTE_NONE;
						assert_int_equal(may,
								 to < LEVEL_COUNT_ && allowed(&c));
						tried++;
						good += may;
					}
	print_message("%u changes, %u allowed\n", tried, good);
	assert_true(good > 0);
}

static void test_event_number(void **state)
{
	static const uint64_t ORDERS[] = { 0, 1, 255, 256, 20261123001, LEVEL_ORDER_MAX };
	static const int64_t WRONG[] = { -1, INT64_MIN, LEVEL_COUNT_, LEVEL_COUNT_ << 8, 0xFFFF };
	struct level_event got;

	(void)state;
	for (int from = 0; from < LEVEL_COUNT_; from++)
		for (int to = 0; to < LEVEL_COUNT_; to++)
			for (size_t i = 0; i < ARRAY_LEN(ORDERS); i++) {
				struct level_event e = { (enum level)from, (enum level)to,
							 ORDERS[i] };
				assert_true(level_event_unpack(level_event_pack(&e), &got));
				assert_true(got.from == e.from && got.to == e.to &&
					    got.order_number == e.order_number);
			}
	struct level_event plain = { LEVEL_CLOSED, LEVEL_STRICT, 0 };
	assert_int_equal(level_event_pack(&plain), LEVEL_CLOSED << 8 | LEVEL_STRICT);
	for (size_t i = 0; i < ARRAY_LEN(WRONG); i++)
		assert_false(level_event_unpack(WRONG[i], &got));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_change),
		cmocka_unit_test(test_event_number),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
