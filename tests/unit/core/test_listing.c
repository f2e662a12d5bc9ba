/* Lists ask, people decide: what a list takes from whom, and what counts as the same. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/listing.h"

/* What is left of each verdict, for each combination of findings and each role. */
static void test_every_combination(void **state)
{
	(void)state;
	for (int bits = 0; bits < 8; bits++)
		for (enum verdict v = 0; v < VERDICT_COUNT_; v++)
			for (enum role by = 0; by < ROLE_COUNT_; by++) {
				struct listing l = { .document = bits & 1,
						     .name = bits & 2,
						     .household_unknown = bits & 4 };
				struct decision d = { .verdict = v };
				bool guard = by == ROLE_GUARD || by == ROLE_SUPERVISOR;
				listing_apply(&d, &l, by);
				int reasons = (l.document || l.name) + l.household_unknown;
				bool may = l.document    ? by == ROLE_SUPERVISOR
					   : reasons > 0 ? guard
							 : true;
				if (v < VERDICT_REFER) {
					assert_int_equal(d.reason_count, 0);
					assert_int_equal(d.verdict, v);
					assert_false(listing_shows(&d));
					continue;
				}
				assert_int_equal(d.reason_count, reasons);
				assert_int_equal(d.verdict, may ? v : VERDICT_REFER);
				assert_int_equal(listing_shows(&d), reasons > 0);
				for (int i = 0; i < d.reason_count; i++)
					assert_true(d.reasons[i].lifted ==
						    (d.reasons[i].code == REASON_LISTED_DOCUMENT
							     ? by == ROLE_SUPERVISOR
							     : guard));
			}
}

/* A decision with every reason a rule can give has room. */
static void test_room(void **state)
{
	(void)state;
	struct listing l = { .document = true, .name = true, .household_unknown = true };
	struct decision d = { .verdict = VERDICT_REFER,
			      .reason_count = REASONS_MAX - REASONS_OF_LISTS };

	listing_apply(&d, &l, ROLE_NONE);
	assert_int_equal(d.reason_count, REASONS_MAX);
	assert_int_equal(d.reasons[REASONS_MAX - 2].code, REASON_LISTED_DOCUMENT);
}

static void test_households(void **state)
{
	(void)state;
	static const char *const SAME[][2] = {
		{ "3-2-501", "3-2-501" },         { "３－２－５０１", "3-2-501" },
		{ "3号楼2单元501室", "3-2-501" }, { " 3 栋 2 单元 501 ", "3-2-501" },
		{ "3#2-501", "3-2-501" },         { "3幢501户", "3-501" },
		{ "b座1201", "B-1201" },          { "--12--", "12" },
		{ "一号楼501", "一-501" },
	};
	char key[HOUSEHOLD_BYTES];

	for (size_t i = 0; i < ARRAY_LEN(SAME); i++) {
		assert_true(listing_household_key(SAME[i][0], key));
		assert_string_equal(key, SAME[i][1]);
	}
	assert_false(listing_household_key("", key));
	assert_false(listing_household_key("号楼 - ", key));
	assert_false(listing_household_key("3\n2", key));
	assert_false(listing_household_key("3\xff", key));
	char longest[HOUSEHOLD_BYTES + 1];
	memset(longest, '1', HOUSEHOLD_BYTES);
	longest[HOUSEHOLD_BYTES] = '\0';
	assert_false(listing_household_key(longest, key));
	longest[HOUSEHOLD_BYTES - 1] = '\0';
	assert_true(listing_household_key(longest, key));
}

static void test_documents_and_names(void **state)
{
	(void)state;
	char document[DOCUMENT_BYTES], name[NAME_BYTES];

	assert_true(listing_document_key("11010519491231002x", document));
	assert_string_equal(document, "11010519491231002X");
	assert_true(listing_document_key(" Ｅ1234-5678 ", document));
	assert_string_equal(document, "E12345678");
	assert_false(listing_document_key("——", document));
	assert_false(listing_document_key("", document));
	assert_false(listing_document_key("1234567890123456789012345678", document));
	assert_true(listing_name_key("买买提·艾力", name));
	assert_string_equal(name, "买买提艾力");
	assert_true(listing_name_key("Anna-Lee O'Neil", name));
	assert_string_equal(name, "ANNALEEONEIL");
	assert_false(listing_name_key(" · ", name));
	assert_false(listing_name_key("a\x01", name));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_combination),
		cmocka_unit_test(test_room),
		cmocka_unit_test(test_households),
		cmocka_unit_test(test_documents_and_names),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
