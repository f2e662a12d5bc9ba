/* Ledgers in the register: entries, corrections, what is left; bytes, and tables made again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "helper_store.h"
#include "store/entry_codec.h"
#include "store/ledger.h"
#include "store/projection.h"

static int setup(void **state)
{
	struct bench *b = calloc(1, sizeof(*b));

	bench_open(b);
	*state = b;
	return 0;
}

static int teardown(void **state)
{
	bench_close(*state);
	free(*state);
	return 0;
}

static void give(struct ledger *l, enum ledger_field field, int64_t n)
{
	l->given |= 1U << field;
	l->numbers[field] = n;
}

static void give_text(struct ledger *l, enum ledger_field field, const char *text)
{
	bool taken = ledger_type(l, field, text);
	assert_true(taken);
}

static struct ledger disinfection(enum ledger_place place)
{
	struct ledger l = { .kind = LEDGER_DISINFECTION };

	give(&l, LEDGER_PLACE, place);
	give(&l, LEDGER_AGENT, 1);
	give(&l, LEDGER_STRENGTH, 2);
	give(&l, LEDGER_METHOD, 2);
	give(&l, LEDGER_MINUTES, 30);
	return l;
}

static struct ledger supply(enum ledger_item item, enum ledger_move move, int64_t n)
{
	struct ledger l = { .kind = LEDGER_SUPPLY };

	give(&l, LEDGER_ITEM, item);
	give(&l, LEDGER_MOVE, move);
	give(&l, LEDGER_QUANTITY, n);
	return l;
}

static struct ledger waste(int64_t bags)
{
	struct ledger l = { .kind = LEDGER_WASTE };

	give(&l, LEDGER_BAGS, bags);
	give(&l, LEDGER_WEIGHT, 125);
	give(&l, LEDGER_TAKER, 1);
	return l;
}

static struct ledger incident(void)
{
	struct ledger l = { .kind = LEDGER_INCIDENT };

	give(&l, LEDGER_WHAT, 1);
	give(&l, LEDGER_POLICE, 14 * 60 + 32);
	give(&l, LEDGER_VISIT, 17);
	give_text(&l, LEDGER_SECOND, "李强");
	give_text(&l, LEDGER_REMARK, "劝离后自行离开");
	return l;
}

static struct ledger correcting(struct ledger l, int64_t seq)
{
	l.corrects = seq;
	return l;
}

static struct ledger struck(enum ledger_kind kind, int64_t seq, int64_t was)
{
	return (struct ledger){ .kind = kind, .struck = true, .corrects = seq, .was = was };
}

static int write_as(struct bench *b, const char *actor, struct ledger l, int64_t *seq)
{
	struct entry e = { .type = ENTRY_LEDGER,
			   .wall_ms = b->now_ms,
			   .mono_ms = b->now_ms - MONDAY_MS,
			   .clock_trusted = true,
			   .ledger = l };
	struct receipt receipt = { 0 };

	text_copy(e.actor, sizeof(e.actor), actor);
	int r = register_record(b->db, &e, &receipt);
	*seq = receipt.seq;
	return r;
}

static int64_t write_one(struct bench *b, struct ledger l)
{
	int64_t seq;

	b->now_ms += MINUTE_MS;
	assert_int_equal(write_as(b, "王芳", l, &seq), 0);
	return seq;
}

static void expect_left(struct bench *b, enum ledger_item item, int64_t left)
{
	struct ledger_state state;
	int64_t at;
	bool known;

	assert_int_equal(register_ledger_state(b->db, &state), 0);
	assert_true(state.known[item]);
	assert_int_equal(state.left[item], left);
	assert_int_equal(register_stock_at(b->db, item, INT64_MAX, &at, &known), 0);
	assert_true(known);
	assert_int_equal(at, left);
}

/* Whole, again from the events, and over a restart. */
static void expect_sound(struct bench *b)
{
	int64_t bad;

	assert_int_equal(register_verify(b->db, &bad), 0);
	assert_int_equal(projection_rebuild(b->db), 0);
	bench_reopen(b);
	assert_int_equal(register_verify(b->db, &bad), 0);
}

static void test_every_kind_comes_back(void **state)
{
	struct bench *b = *state;
	struct ledger want[] = { disinfection(PLACE_LIFTS), waste(4), incident(),
				 supply(ITEM_MASKS, MOVE_IN, 0) };
	struct ledger_row rows[4];
	int count, total;

	for (size_t i = 0; i < ARRAY_LEN(want); i++) {
		int64_t seq = write_one(b, want[i]);
		bench_reopen(b);
		assert_int_equal(
			register_ledger_page(b->db, want[i].kind, 0, rows, 4, &count, &total), 0);
		assert_int_equal(count, 1);
		assert_int_equal(total, 1);
		assert_int_equal(rows[0].seq, seq);
		assert_int_equal(rows[0].wall_ms, b->now_ms);
		assert_string_equal(rows[0].actor, "王芳");
		assert_int_equal(rows[0].corrected_by, 0);
		assert_memory_equal(&rows[0].ledger, &want[i], sizeof(want[i]));
	}
	expect_sound(b);
}

/* What goes into the chain is small, and of an incident no name but those of accounts. */
static void test_bytes_by_hand(void **state)
{
	static const uint8_t want[] = { 19, 4, 3, 0,    0, 0,  20, 2, 6, 8,
					20, 3, 7, 0xFA, 1, 20, 2,  8, 2 };
	struct entry e = { .type = ENTRY_LEDGER, .ledger = waste(4) }, got;
	uint8_t body[ENTRY_BODY_BYTES], commitment[CHAIN_HASH_BYTES] = { 0 };
	size_t len;

	(void)state;
	assert_true(entry_encode(&e, commitment, body, &len));
	assert_int_equal(len, sizeof(want));
	assert_memory_equal(body, want, len);
	/* any byte changed is another entry or none */
	for (size_t i = 0; i < len; i++)
		for (int bit = 0; bit < 8; bit++) {
			body[i] ^= (uint8_t)(1 << bit);
			if (entry_decode(ENTRY_LEDGER, 0, body, len, &got, commitment))
				assert_memory_not_equal(&got.ledger, &e.ledger, sizeof(e.ledger));
			body[i] ^= (uint8_t)(1 << bit);
		}
	assert_false(entry_decode(ENTRY_LOGOUT, 0, body, len, &got, commitment));
	assert_false(entry_decode(ENTRY_LEDGER, 0, body, 0, &got, commitment));
}

static void test_last_of_a_place(void **state)
{
	struct bench *b = *state;
	struct ledger_state s;

	write_one(b, disinfection(PLACE_GATE));
	int64_t first_ms = b->now_ms;
	int64_t second = write_one(b, disinfection(PLACE_GATE));
	int64_t second_ms = b->now_ms;
	assert_int_equal(register_ledger_state(b->db, &s), 0);
	assert_int_equal(s.last_ms[PLACE_GATE], second_ms);
	assert_int_equal(s.last_ms[PLACE_LIFTS], 0);
	assert_int_equal(s.counts[LEDGER_DISINFECTION], 2);
	/* it was the lifts: at the time of the entry, not of its correction */
	int64_t third = write_one(b, correcting(disinfection(PLACE_LIFTS), second));
	assert_int_equal(register_ledger_state(b->db, &s), 0);
	assert_int_equal(s.last_ms[PLACE_GATE], first_ms);
	assert_int_equal(s.last_ms[PLACE_LIFTS], second_ms);
	assert_int_equal(s.counts[LEDGER_DISINFECTION], 2);
	write_one(b, struck(LEDGER_DISINFECTION, third, 0));
	assert_int_equal(register_ledger_state(b->db, &s), 0);
	assert_int_equal(s.last_ms[PLACE_LIFTS], 0);
	assert_int_equal(s.counts[LEDGER_DISINFECTION], 1);
	expect_sound(b);
}

static void test_stock(void **state)
{
	struct bench *b = *state;
	bool known;
	int64_t left;

	write_one(b, supply(ITEM_MASKS, MOVE_IN, 200));
	int64_t out = write_one(b, supply(ITEM_MASKS, MOVE_OUT, 60));
	expect_left(b, ITEM_MASKS, 140);
	int64_t before_count_ms = b->now_ms + 1;
	int64_t count = write_one(b, supply(ITEM_MASKS, MOVE_COUNTED, 130));
	expect_left(b, ITEM_MASKS, 130);
	write_one(b, supply(ITEM_MASKS, MOVE_OUT, 131));
	expect_left(b, ITEM_MASKS, -1);
	/* before the count it changes nothing after it; it was the gloves, so they change */
	out = write_one(b, correcting(supply(ITEM_MASKS, MOVE_OUT, 6), out));
	expect_left(b, ITEM_MASKS, -1);
	write_one(b, correcting(supply(ITEM_GLOVES, MOVE_IN, 6), out));
	expect_left(b, ITEM_MASKS, -1);
	expect_left(b, ITEM_GLOVES, 6);
	assert_int_equal(register_stock_at(b->db, ITEM_MASKS, before_count_ms, &left, &known), 0);
	assert_int_equal(left, 200);
	/* nobody counted: then it is what came and went */
	write_one(b, struck(LEDGER_SUPPLY, count, 0));
	expect_left(b, ITEM_MASKS, 69);
	assert_int_equal(register_stock_at(b->db, ITEM_PAPER, INT64_MAX, &left, &known), 0);
	assert_false(known);
	expect_sound(b);
	expect_left(b, ITEM_MASKS, 69);
}

/* A correction must fit what it corrects, and that only once. */
static void test_what_is_no_correction(void **state)
{
	struct bench *b = *state;
	int64_t seq;

	register_sample(b, 1);
	int64_t first = write_one(b, waste(4));
	struct ledger right = correcting(waste(5), first);

	right.was = 4;
	struct ledger wrong = right;
	wrong.was = 3;
	assert_int_equal(write_as(b, "王芳", wrong, &seq), -EINVAL);
	assert_int_equal(write_as(b, "王芳", correcting(incident(), first), &seq), -EINVAL);
	assert_int_equal(write_as(b, "王芳", correcting(incident(), 1), &seq), -EINVAL);
	assert_int_equal(write_as(b, "王芳", correcting(incident(), 99), &seq), -EINVAL);
	assert_int_equal(write_as(b, "", incident(), &seq), -EINVAL);
	int64_t second = write_one(b, right);
	assert_int_equal(write_as(b, "王芳", right, &seq), -EALREADY);
	int64_t gone = write_one(b, struck(LEDGER_WASTE, second, 5));
	assert_int_equal(write_as(b, "王芳", struck(LEDGER_WASTE, second, 5), &seq), -EALREADY);
	struct ledger after = correcting(waste(5), gone);
	after.was = 5;
	assert_int_equal(write_as(b, "王芳", after, &seq), -EALREADY);
	assert_int_equal(number_of(b, "SELECT count(*) FROM event"), 4);
	expect_sound(b);
}

struct exported {
	int64_t seqs[64];
	int count, stop_at;
};

static int note_row(void *ctx, const struct ledger_row *row)
{
	struct exported *x = ctx;

	x->seqs[x->count++] = row->seq;
	return x->count == x->stop_at ? -ECANCELED : 0;
}

static void test_export_in_steps(void **state)
{
	struct bench *b = *state;
	struct exported x = { 0 };
	int64_t last = 0, before = -1;

	for (int i = 0; i < 20; i++) {
		write_one(b, disinfection(PLACE_GATE));
		register_sample(b, (unsigned)i);
	}
	while (last != before) {
		before = last;
		assert_int_equal(register_ledger(b->db, last, 3, note_row, &x, &last), 0);
	}
	assert_int_equal(x.count, 20);
	for (int i = 0; i < 20; i++)
		assert_int_equal(x.seqs[i], 2 * i + 1);
	x = (struct exported){ .stop_at = 2 };
	assert_int_equal(register_ledger(b->db, 0, 10, note_row, &x, &last), -ECANCELED);
	assert_int_equal(x.count, 2);
}

static void test_checked_and_made_again(void **state)
{
	struct bench *b = *state;
	static const char *const crimes[] = {
		"UPDATE ledger SET kind = 5",
		"UPDATE ledger SET subject = 2",
		"UPDATE ledger SET since_ms = 1",
		"UPDATE ledger SET n = 9",
		"UPDATE ledger SET corrected_by = 0",
		"UPDATE ledger SET root = 1",
		"DELETE FROM ledger WHERE seq = 2",
		"UPDATE stock SET n = n + 1",
		"DELETE FROM stock",
		"INSERT INTO stock VALUES(6, 1, 7)",
	};
	int64_t bad;

	register_sample(b, 1);
	int64_t seq = write_one(b, supply(ITEM_PAPER, MOVE_IN, 3));
	write_one(b, correcting(supply(ITEM_PAPER, MOVE_IN, 4), seq));
	for (size_t i = 0; i < ARRAY_LEN(crimes); i++) {
		bench_tamper(b, crimes[i]);
		assert_int_equal(register_open(&b->db, b->path, OFFSET_MIN), 0);
		assert_int_equal(register_verify(b->db, &bad), -EUCLEAN);
		assert_int_equal(projection_rebuild(b->db), 0);
		assert_int_equal(register_verify(b->db, &bad), 0);
		expect_left(b, ITEM_PAPER, 4);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_every_kind_comes_back, setup, teardown),
		cmocka_unit_test(test_bytes_by_hand),
		cmocka_unit_test_setup_teardown(test_last_of_a_place, setup, teardown),
		cmocka_unit_test_setup_teardown(test_stock, setup, teardown),
		cmocka_unit_test_setup_teardown(test_what_is_no_correction, setup, teardown),
		cmocka_unit_test_setup_teardown(test_export_in_steps, setup, teardown),
		cmocka_unit_test_setup_teardown(test_checked_and_made_again, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
