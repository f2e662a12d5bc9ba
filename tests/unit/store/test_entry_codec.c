#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "helper_store.h"
#include "store/entry_codec.h"
#include "store/tlv.h"

static const uint8_t commitment[CHAIN_HASH_BYTES] = { 0xC0, 1, 2, 3 };

static void test_integers(void **state)
{
	(void)state;
	static const int64_t values[] = { 0,   1,         -1,        2,         63,
					  64,  -65,       INT32_MAX, INT32_MIN, INT64_MAX,
					  127, INT64_MIN, 128,       16384 };
	for (size_t i = 0; i < ARRAY_LEN(values); i++) {
		uint8_t buf[16];
		struct writer w = { .data = buf, .cap = sizeof(buf) };
		assert_true(unzigzag(zigzag(values[i])) == values[i]);
		varint_write(&w, zigzag(values[i]));
		struct reader r = { .data = buf, .len = w.len };
		assert_true(unzigzag(varint_read(&r)) == values[i]);
		assert_false(r.bad);
		assert_int_equal(r.at, r.len);
		r = (struct reader){ .data = buf, .len = w.len - 1 };
		varint_read(&r);
		assert_true(r.bad);
	}
	assert_int_equal(zigzag(-1), 1);
	assert_int_equal(zigzag(1), 2);
	uint8_t endless[11];
	memset(endless, 0xFF, sizeof(endless));
	struct reader r = { .data = endless, .len = sizeof(endless) };
	varint_read(&r);
	assert_true(r.bad);
}

/* The bytes of a small one, by hand. */
static void test_bytes_by_hand(void **state)
{
	(void)state;
	struct entry e = { .type = ENTRY_PASS_REJECTED, .number = 7, .detail = "ab" };
	uint8_t body[ENTRY_BODY_BYTES];
	size_t len;
	static const uint8_t want[] = { 1, 2, 0x01, 0x02, 13, 1, 14, 14, 2, 'a', 'b' };

	e.visit.id = 0x102;
	assert_true(entry_encode(&e, commitment, body, &len));
	assert_int_equal(len, sizeof(want));
	assert_memory_equal(body, want, len);
	e = (struct entry){ .type = ENTRY_LOGOUT };
	assert_true(entry_encode(&e, commitment, body, &len));
	assert_int_equal(len, 0);
}

static void expect_round_trip(const struct entry *e)
{
	uint8_t body[ENTRY_BODY_BYTES], got_commitment[CHAIN_HASH_BYTES];
	struct entry got;
	size_t len;

	assert_true(entry_encode(e, commitment, body, &len));
	assert_true(entry_decode(e->type, e->wall_ms, body, len, &got, got_commitment));
	assert_int_equal(got.type, e->type);
	assert_true(got.number == e->number);
	assert_string_equal(got.detail, e->detail);
	assert_true(got.visit.id == (entry_has_visit(e->type) ? e->visit.id : 0));
	if (e->type == ENTRY_REGISTERED)
		assert_memory_equal(got_commitment, commitment, sizeof(commitment));
	if (!entry_has_form(e->type))
		return;
	assert_memory_equal(&got.visit.temperature, &e->visit.temperature,
			    sizeof(e->visit.temperature));
	assert_memory_equal(got.visit.facts, e->visit.facts, sizeof(e->visit.facts));
	assert_int_equal(got.visit.decision.verdict, e->visit.decision.verdict);
	assert_int_equal(got.visit.decision.clock_doubtful, e->visit.decision.clock_doubtful);
	assert_int_equal(got.visit.decision.reason_count, e->visit.decision.reason_count);
	assert_memory_equal(got.visit.decision.reasons, e->visit.decision.reasons,
			    sizeof(struct reason) * (size_t)e->visit.decision.reason_count);
	assert_true(got.visit.pass_serial == e->visit.pass_serial);
	assert_true(got.visit.pass_expires_ms == e->visit.pass_expires_ms);
	assert_int_equal(got.visit.occupants, e->visit.occupants);
	assert_true(got.visit.vehicle_visit == e->visit.vehicle_visit);
	assert_int_equal(got.visit.level, e->visit.level);
	assert_int_equal(got.visit.language, e->visit.language);
	/* no personal field can be in there */
	static const struct person nobody;
	assert_memory_equal(&got.visit.person, &nobody, sizeof(nobody));
	/* every shorter body, and every changed byte that still decodes, is another meaning */
	for (size_t cut = 0; cut < len; cut++)
		if (entry_decode(e->type, e->wall_ms, body, cut, &got, got_commitment))
			assert_true(cut < len);
	body[len] = 0;
	assert_false(entry_decode(e->type, e->wall_ms, body, len + 1, &got, got_commitment));
}

/* The longest there is still fits. */
static void test_extremes(void **state)
{
	(void)state;
	struct entry e = { .type = ENTRY_REGISTERED, .wall_ms = MONDAY_MS, .number = INT64_MIN };

	memset(e.detail, 'd', sizeof(e.detail) - 1);
	e.visit.id = UINT64_MAX;
	e.visit.ticket = UINT32_MAX;
	e.visit.level = LEVEL_LOCKDOWN;
	e.visit.code_digest = UINT64_MAX;
	e.visit.pass_serial = UINT64_MAX;
	e.visit.pass_expires_ms = INT64_MIN;
	e.visit.occupants = INT32_MAX;
	e.visit.vehicle_visit = UINT64_MAX;
	e.visit.temperature =
		(struct temperature){ INT32_MIN, INT32_MAX, INT32_MIN, INT32_MAX, INT32_MIN };
	for (int i = 0; i < CHECK_COUNT_; i++)
		e.visit.facts[i] =
			(struct fact){ FINDING_BAD, SOURCE_SIGNED, INT64_MIN + i, INT32_MIN };
	e.visit.decision.verdict = VERDICT_ADMIT;
	e.visit.decision.clock_doubtful = true;
	e.visit.decision.pass = (struct pass_terms){ INT32_MIN, UINT8_MAX };
	e.visit.decision.reason_count = REASONS_MAX;
	for (int i = 0; i < REASONS_MAX; i++) {
		struct reason *r = &e.visit.decision.reasons[i];
		*r = (struct reason){ .code = REASON_COUNT_ - 1,
				      .check = CHECK_COUNT_ - 1,
				      .found = INT32_MIN,
				      .lift = LIFT_HEADQUARTERS,
				      .lifted = true };
		memset(r->clause, 'a' + i, CLAUSE_BYTES - 1);
	}
	expect_round_trip(&e);
	for (int i = 0; i < REASONS_MAX; i++)
		e.visit.decision.reasons[i].clause[0] = '\0';
	memset(e.visit.decision.reasons, 0, sizeof(e.visit.decision.reasons));
	expect_round_trip(&e);
	e.visit.decision.reason_count = 0;
	expect_round_trip(&e);
}

/* The digest of the code is read where it was written before, and written no more. */
static void test_code_by_hand(void **state)
{
	(void)state;
	static const uint8_t old[] = { 1, 1, 9, 4, 3, 0, 1, 0, 7, 2, 0xAB, 0xCD };
	static const uint8_t none[] = { 1, 1, 9, 4, 3, 0, 1, 0, 7, 1, 0 };
	static const uint8_t late[] = { 1, 1, 9, 4, 3, 0, 1, 0, 8, 1, 1, 7, 1, 5 };
	struct entry got;
	uint8_t c[CHAIN_HASH_BYTES], body[ENTRY_BODY_BYTES];
	size_t len;

	assert_true(entry_decode(ENTRY_DECIDED, MONDAY_MS, old, sizeof(old), &got, c));
	assert_true(got.visit.code_digest == 0xABCD);
	assert_true(entry_encode(&got, c, body, &len));
	assert_int_equal(len, 8);
	assert_memory_equal(body, old, len);
	assert_false(entry_decode(ENTRY_DECIDED, MONDAY_MS, none, sizeof(none), &got, c));
	assert_false(entry_decode(ENTRY_DECIDED, MONDAY_MS, late, sizeof(late), &got, c));
}

static void test_every_type(void **state)
{
	(void)state;
	for (unsigned type = ENTRY_BOOT; type < ENTRY_TYPE_COUNT_; type++) {
		struct entry e = { .type = (enum entry_type)type, .wall_ms = MONDAY_MS + 5000 };
		if (type == ENTRY_LEDGER)
			e.ledger = (struct ledger){
				.kind = LEDGER_SUPPLY,
				.given = 1U << LEDGER_ITEM | 1U << LEDGER_MOVE |
					 1U << LEDGER_QUANTITY,
				.numbers = { [LEDGER_ITEM] = ITEM_MASKS, [LEDGER_MOVE] = MOVE_IN }
			};
		expect_round_trip(&e);
		e.visit = sample_visit(type);
		e.visit.id = 300;
		e.number = -4;
		text_copy(e.detail, sizeof(e.detail), "门岗");
		expect_round_trip(&e);
	}
}

/* What a reason says of being lifted costs no byte, and the old bodies mean what they meant. */
static void test_lift_shares_a_byte(void **state)
{
	(void)state;
	struct entry e = { .type = ENTRY_DECIDED, .wall_ms = MONDAY_MS };
	uint8_t plain[ENTRY_BODY_BYTES], body[ENTRY_BODY_BYTES], c[CHAIN_HASH_BYTES];
	size_t plain_len, len;
	struct entry got;

	e.visit = sample_visit(1);
	assert_true(entry_encode(&e, commitment, plain, &plain_len));
	for (int lift = 0; lift < LIFT_COUNT_; lift++)
		for (int lifted = 0; lifted < 2; lifted++) {
			struct reason *r = &e.visit.decision.reasons[2];
			r->lift = (enum lift)lift;
			r->lifted = lifted == 1;
			assert_true(entry_encode(&e, commitment, body, &len));
			assert_int_equal(len, plain_len);
			assert_int_equal(memcmp(body, plain, len) == 0, lift == 0 && !lifted);
			assert_true(entry_decode(e.type, e.wall_ms, body, len, &got, c));
			assert_int_equal(got.visit.decision.reasons[2].lift, lift);
			assert_int_equal(got.visit.decision.reasons[2].lifted, lifted);
			assert_int_equal(got.visit.decision.reasons[2].check, CHECK_HEALTH_CODE);
			assert_false(got.visit.decision.reasons[1].lifted);
		}
	e.visit.decision.reasons[2].lift = LIFT_COUNT_;
	assert_false(entry_encode(&e, commitment, body, &len));
}

/* Facts by hand, as they are written and as they were: a minute, a second and a second before, the
 * second with a value. */
static void test_facts_by_hand(void **state)
{
	(void)state;
	static const uint8_t old[] = { 1,    1, 9, 4, 3,    0,    1,  0, 6, 16,   0,    0x11, 0xC0,
				       0xA9, 7, 0, 2, 0x23, 0xD0, 15, 2, 3, 0x11, 0xD0, 15,   0 };
	static const uint8_t now[] = { 1,    1,    9, 4, 3,    0,    1,    0, 15, 13, 0,   0x51,
				       0xC0, 0xA9, 7, 2, 0xE3, 0xEF, 0x99, 7, 2,  3,  0x11 };
	struct entry got, same;
	uint8_t c[CHAIN_HASH_BYTES], body[ENTRY_BODY_BYTES];
	size_t len;

	assert_true(entry_decode(ENTRY_DECIDED, MONDAY_MS, old, sizeof(old), &got, c));
	const struct fact *f = got.visit.facts;
	assert_true(f[0].finding == FINDING_GOOD && f[0].source == SOURCE_MACHINE);
	assert_true(f[0].wall_ms == MONDAY_MS - 60000 && f[0].value == 0);
	assert_true(f[2].finding == FINDING_BAD && f[2].source == SOURCE_DECLARED);
	assert_true(f[2].wall_ms == MONDAY_MS - 1000 && f[2].value == 1);
	assert_true(f[3].wall_ms == MONDAY_MS - 1000 && f[3].finding == FINDING_GOOD);
	assert_true(entry_encode(&got, c, body, &len));
	assert_int_equal(len, sizeof(now));
	assert_memory_equal(body, now, len);
	assert_true(entry_decode(ENTRY_DECIDED, MONDAY_MS, now, sizeof(now), &same, c));
	assert_memory_equal(&same.visit, &got.visit, sizeof(got.visit));
	/* not both, and not what is not there said to be there */
	static const uint8_t both[] = { 4, 3, 0, 1, 0, 6, 4, 0, 0x11, 0, 0, 15, 2, 0, 0x11 };
	static const uint8_t no_age[] = { 4, 3, 0, 1, 0, 15, 3, 0, 0x51, 0 };
	static const uint8_t no_value[] = { 4, 3, 0, 1, 0, 15, 3, 0, 0x91, 0 };
	static const uint8_t good[] = { 4, 3, 0, 1, 0, 15, 2, 0, 0x11 };
	assert_false(entry_decode(ENTRY_DECIDED, 0, both, sizeof(both), &got, c));
	assert_false(entry_decode(ENTRY_DECIDED, 0, no_age, sizeof(no_age), &got, c));
	assert_false(entry_decode(ENTRY_DECIDED, 0, no_value, sizeof(no_value), &got, c));
	assert_true(entry_decode(ENTRY_DECIDED, 0, good, sizeof(good), &got, c));
}

/* Four others, in the vehicle of visit 7; and none, which costs no byte. */
static void test_vehicle_by_hand(void **state)
{
	(void)state;
	static const uint8_t with[] = { 1, 1, 9, 4, 3, 0, 1, 0, 17, 1, 4, 18, 1, 7 };
	static const uint8_t without[] = { 1, 1, 9, 4, 3, 0, 1, 0 };
	static const uint8_t bad[][9] = {
		{ 4, 3, 0, 1, 0, 17, 1, 0 }, /* none, said */
		{ 17, 1, 4 }, /* without a form */
		{ 18, 1, 7, 17, 1, 4 }, /* out of order */
	};
	struct entry got;
	uint8_t c[CHAIN_HASH_BYTES], body[ENTRY_BODY_BYTES];
	size_t len;

	assert_true(entry_decode(ENTRY_DECIDED, MONDAY_MS, with, sizeof(with), &got, c));
	assert_true(got.visit.occupants == 4 && got.visit.vehicle_visit == 7);
	got.visit.occupants = 0;
	got.visit.vehicle_visit = 0;
	assert_true(entry_encode(&got, c, body, &len));
	assert_int_equal(len, sizeof(without));
	assert_memory_equal(body, without, len);
	got.visit.occupants = -1;
	assert_false(entry_encode(&got, c, body, &len));
	static const uint8_t many[] = { 4, 3, 0, 1, 0, 17, 4, 0x80, 0, 0, 0 };
	assert_false(entry_decode(ENTRY_DECIDED, 0, many, sizeof(many), &got, c));
	assert_false(entry_decode(ENTRY_DECIDED, 0, bad[0], 8, &got, c));
	assert_false(entry_decode(ENTRY_PASSED, 0, bad[1], 3, &got, c));
	assert_false(entry_decode(ENTRY_DECIDED, 0, bad[2], 6, &got, c));
}

static void test_only_canonical(void **state)
{
	(void)state;
	static const struct {
		uint8_t body[8];
		size_t len;
	} bad[] = {
		{ { 1, 1, 0 }, 3 }, /* a zero is not written */
		{ { 1, 2, 0, 5 }, 4 }, /* leading zero */
		{ { 13, 1, 2, 1, 1, 5 }, 6 }, /* order */
		{ { 1, 1, 5, 1, 1, 5 }, 6 }, /* twice */
		{ { 14, 0 }, 2 }, /* empty text */
		{ { 14, 1, 0 }, 3 }, /* a text with its end inside */
		{ { 99, 1, 1 }, 3 }, /* unknown */
		{ { 8, 1, 1 }, 3 }, /* a verdict where there is none */
		{ { 1 }, 1 },
		{ { 1, 9, 1, 1 }, 4 },
	};
	struct entry got;
	uint8_t c[CHAIN_HASH_BYTES];

	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_false(entry_decode(ENTRY_PASSED, 0, bad[i].body, bad[i].len, &got, c));
	assert_true(entry_decode(ENTRY_PASSED, 0, (const uint8_t[]){ 1, 1, 5 }, 3, &got, c));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_integers),        cmocka_unit_test(test_bytes_by_hand),
		cmocka_unit_test(test_extremes),        cmocka_unit_test(test_code_by_hand),
		cmocka_unit_test(test_every_type),      cmocka_unit_test(test_lift_shares_a_byte),
		cmocka_unit_test(test_only_canonical),  cmocka_unit_test(test_facts_by_hand),
		cmocka_unit_test(test_vehicle_by_hand),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
