#include "tests/unit/core/helper_book.h"

#include <string.h>

#include "base/text.h"

void book_fill(struct rulebook *book)
{
	const struct rule out = { .present = true, .verdict = VERDICT_ADMIT, .clause = "2·四" };

	*book = (struct rulebook){
		.title = "test",
		.version = 1,
		.fever_centi_c = BOOK_FEVER,
		.too_cold_centi_c = BOOK_TOO_COLD,
		.ambient_min_centi_c = 500,
		.ambient_max_centi_c = 4000,
		.second_after_ms = BOOK_SECOND_AFTER_MS,
		.rest_ms = 300000,
		.gate_open_ms = 10000,
		.gate_closing_ms = 2000,
	};
	for (int c = 0; c < CHECK_COUNT_; c++)
		text_format(book->check_clause[c], CLAUSE_BYTES, "2·三·%d", c);
	book->rules[LEVEL_CLOSED][CLASS_VISITOR][DIRECTION_IN] = (struct rule){
		.present = true,
		.verdict = VERDICT_ADMIT,
		.clause = "2·三",
		.required = ALL_CHECKS,
		.pass = { .valid_min = BOOK_PASS_MIN, .uses = 1 },
	};
	book->rules[LEVEL_CLOSED][CLASS_COURIER][DIRECTION_IN] = (struct rule){
		.present = true,
		.verdict = VERDICT_TURN_BACK,
		.reason = REASON_COURIER_OUTSIDE,
		.clause = "3·二·1",
		.pass = { .valid_min = 99, .uses = 9 },
	};
	for (int c = 0; c < CLASS_COUNT_; c++) {
		book->rules[LEVEL_LOCKDOWN][c][DIRECTION_IN] = (struct rule){
			.present = true,
			.verdict = VERDICT_REFUSE,
			.reason = REASON_CLASS_REFUSED,
			.clause = "2·七",
		};
		book->rules[LEVEL_CLOSED][c][DIRECTION_OUT] = out;
		book->rules[LEVEL_LOCKDOWN][c][DIRECTION_OUT] = out;
	}
}

const struct moment NOW = { INT64_C(1795392000000), 480, true };

void facts_good(struct fact facts[CHECK_COUNT_])
{
	static const enum fact_source SOURCE[CHECK_COUNT_] = {
		[CHECK_REAL_NAME] = SOURCE_DECLARED,  [CHECK_DOCUMENT] = SOURCE_GUARD,
		[CHECK_MASK] = SOURCE_GUARD,          [CHECK_TEMPERATURE] = SOURCE_MACHINE,
		[CHECK_HEALTH_CODE] = SOURCE_GUARD,   [CHECK_TRAVEL_CARD] = SOURCE_GUARD,
		[CHECK_TRAVEL_14D] = SOURCE_DECLARED, [CHECK_SYMPTOMS] = SOURCE_DECLARED,
		[CHECK_APPROVAL] = SOURCE_GUARD,
	};

	for (int c = 0; c < CHECK_COUNT_; c++)
		facts[c] =
			(struct fact){ .finding = FINDING_GOOD, .source = SOURCE[c], .wall_ms = 1 };
	facts[CHECK_APPROVAL].value = APPROVER_GUARD;
	facts[CHECK_TEMPERATURE].value = 3650;
	facts[CHECK_HEALTH_CODE].value = COLOUR_GREEN;
	facts[CHECK_TRAVEL_CARD].value = TRAVEL_CARD_CLEAR;
}

void visit_fill(struct visit *visit)
{
	*visit = (struct visit){
		.id = 77,
		.ticket = 12,
		.person_class = CLASS_VISITOR,
		.level = LEVEL_CLOSED,
		.state = VISIT_WAITING,
		.person = { .name = PLANT_NAME,
			    .document_kind = DOCUMENT_ID_CARD,
			    .document = PLANT_DOCUMENT,
			    .phone = PLANT_PHONE,
			    .household = PLANT_HOUSEHOLD,
			    .purpose = PLANT_PURPOSE },
		.temperature = { .first_centi_c = 3650, .ambient_centi_c = 2100, .attempts = 1 },
		.registered_ms = INT64_C(1795392000000),
	};
	visit_declare(visit, false, false, visit->registered_ms);
	visit_check_real_name(visit, 20261123, visit->registered_ms);
}

bool bytes_hold(const void *bytes, size_t len, const char *needle)
{
	return memmem(bytes, len, needle, strlen(needle)) != NULL;
}
