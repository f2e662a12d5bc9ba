/*
 * Forgetting: who is due and when, what no clock can bring about, and the bytes that must be gone.
 * Long, because the search through the bytes is shared by what deletes at night, for one person,
 * and under faults.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <dirent.h>
#include <iconv.h>

#include "base/fileio.h"
#include "base/text.h"
#include "codec/hex.h"
#include "helper_store.h"
#include "helper_vfs.h"
#include "store/lived.h"
#include "store/retention.h"

#define DAY(n) ((n)*DAY_MS)

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

/* A whole run at b->now_ms; how many were forgotten. */
static int64_t forget(struct bench *b)
{
	struct forget_run run = { 0 };

	while (!run.done)
		assert_int_equal(register_forget(b->db, &retention_default, b->now_ms,
						 b->now_ms - MONDAY_MS, true, &run),
				 0);
	return run.forgotten;
}

static void expect_good(struct bench *b)
{
	int64_t bad;

	assert_int_equal(register_verify(b->db, &bad), 0);
}

/* Brings a visit into a state. */
static uint64_t visit_in(struct bench *b, unsigned n, enum visit_state state, int32_t valid_min)
{
	uint64_t id = register_sample(b, n);
	struct visit v;

	if (state == VISIT_WAITING)
		return id;
	assert_int_equal(register_visit(b->db, id, &v), 0);
	sample_admit(&v, 1000 + id, b->now_ms);
	v.pass_expires_ms = b->now_ms + valid_min * MINUTE_MS;
	if (state == VISIT_REFUSED) {
		v.decision.verdict = VERDICT_REFUSE;
		v.pass_serial = 0;
		v.pass_expires_ms = 0;
	}
	assert_int_equal(record_visit(b, ENTRY_DECIDED, &v, NULL), 0);
	v.decided_ms = b->now_ms;
	if (state == VISIT_INSIDE || state == VISIT_LEFT)
		assert_int_equal(record_visit(b, ENTRY_PASSED, &v, NULL), 0);
	if (state == VISIT_LEFT)
		assert_int_equal(record_visit(b, ENTRY_LEFT, &v, NULL), 0);
	if (state == VISIT_LAPSED)
		assert_int_equal(record_visit(b, ENTRY_LAPSED, &v, NULL), 0);
	return id;
}

static bool known(struct bench *b, uint64_t id)
{
	struct visit v;

	assert_int_equal(register_visit(b->db, id, &v), 0);
	assert_int_equal(v.person.name[0] != '\0', v.receipt_code[0] != '\0');
	return v.person.name[0] != '\0';
}

static void test_each_kind_at_its_day(void **state)
{
	struct bench *b = *state;
	static const struct {
		enum visit_state state;
		int32_t valid_min, day;
	} rows[] = {
		{ VISIT_WAITING, 0, 30 },    { VISIT_ADMITTED, 240, 30 },
		{ VISIT_LAPSED, 240, 30 },   { VISIT_REFUSED, 0, 30 },
		{ VISIT_LEFT, 240, 30 },     { VISIT_INSIDE, 240, 180 },
		{ VISIT_LEFT, 57600, 30 },   { VISIT_ADMITTED, 57600, 40 },
		{ VISIT_LAPSED, 57600, 40 }, /* 57600 minutes are 40 days */
	};
	uint64_t ids[ARRAY_LEN(rows)];

	for (unsigned i = 0; i < ARRAY_LEN(rows); i++)
		ids[i] = visit_in(b, i, rows[i].state, rows[i].valid_min);
	int64_t begin = b->now_ms;
	for (int32_t day = 29; day <= 181; day++) {
		/* a minute before the day is over, then when it is */
		for (int minute = -1; minute <= 0; minute++) {
			b->now_ms = begin + DAY(day) + minute * MINUTE_MS;
			forget(b);
			for (unsigned i = 0; i < ARRAY_LEN(rows); i++)
				assert_int_equal(known(b, ids[i]),
						 day < rows[i].day ||
							 (day == rows[i].day && minute < 0));
		}
	}
	expect_good(b);
}

/* Days count from the last thing that happened, not from registering. */
static void test_counted_from_leaving(void **state)
{
	struct bench *b = *state;
	uint64_t id = visit_in(b, 1, VISIT_INSIDE, 240);
	struct visit v;

	b->now_ms += DAY(100);
	assert_int_equal(forget(b), 0);
	assert_int_equal(register_visit(b->db, id, &v), 0);
	assert_int_equal(record_visit(b, ENTRY_LEFT, &v, NULL), 0);
	b->now_ms += DAY(30) - 1;
	assert_int_equal(forget(b), 0);
	b->now_ms += 1;
	assert_int_equal(forget(b), 1);
	expect_good(b);
}

static void test_event_says_what_was_forgotten(void **state)
{
	struct bench *b = *state;
	char out[256];

	for (unsigned n = 0; n < 600; n++)
		if (n == 300)
			visit_in(b, n, VISIT_INSIDE, 240);
		else
			register_sample(b, n);
	b->now_ms += DAY(31);
	register_sample(b, 600);
	assert_int_equal(forget(b), 599);
	/* 256 at a time, and the one still inside ends a run */
	assert_string_equal(value_of(b,
				     "SELECT group_concat(body, ' ') FROM (SELECT body FROM"
				     " event_words WHERE type = 'forgotten' ORDER BY seq)",
				     out),
			    "0D0202000E09726574656E74696F6E1003018002" /* 256: 1 to 256 */
			    " 0D01580E09726574656E74696F6E10048102AC02" /* 44: 257 to 300 */
			    " 0D0201A60E09726574656E74696F6E1004AE028004" /* 211: 302 to 512 */
			    " 0D01B00E09726574656E74696F6E10048104D804"); /* 88: 513 to 600 */
	assert_int_equal(number_of(b, "SELECT count(*) FROM person"), 2);
	expect_good(b);
	assert_int_equal(forget(b), 0);
	expect_good(b);
}

/* ---- the clock ---- */

static struct forget_run forget_at(struct bench *b, int64_t wall_ms, int64_t mono_ms, bool trusted)
{
	struct forget_run run = { 0 };

	while (!run.done)
		assert_int_equal(
			register_forget(b->db, &retention_default, wall_ms, mono_ms, trusted, &run),
			0);
	return run;
}

static void test_clock_set_forward_ages_nothing(void **state)
{
	struct bench *b = *state;
	uint64_t id = register_sample(b, 1);

	/* running: the monotonic clock stands */
	assert_int_equal(forget_at(b, MONDAY_MS + DAY(40000), 5, true).forgotten, 0);
	/* and going backwards adds nothing */
	assert_int_equal(forget_at(b, MONDAY_MS - DAY(400), -DAY(400), true).forgotten, 0);
	/* off: a week at most each time, whatever the clock says */
	for (int jump = 1; jump <= 4; jump++) {
		bench_reopen(b);
		int64_t wall = MONDAY_MS + DAY(36500) * jump;
		assert_int_equal(forget_at(b, wall, 0, true).forgotten, 0);
		struct entry e = { .type = ENTRY_BOOT, .wall_ms = wall, .clock_trusted = true };
		struct receipt unused;
		assert_int_equal(register_record(b->db, &e, &unused), 0);
	}
	/* set back: nothing is younger, nothing older */
	bench_reopen(b);
	struct entry boot = { .type = ENTRY_BOOT, .wall_ms = MONDAY_MS, .clock_trusted = true };
	struct receipt receipt;
	assert_int_equal(register_record(b->db, &boot, &receipt), 0);
	assert_int_equal(forget_at(b, MONDAY_MS, DAY(2) - 1, true).forgotten, 0);
	assert_true(known(b, id));
	assert_int_equal(forget_at(b, MONDAY_MS, DAY(2), true).forgotten, 1);
	expect_good(b);
}

static void test_doubtful_clock_puts_it_off(void **state)
{
	struct bench *b = *state;
	char out[256];

	register_sample(b, 1);
	struct forget_run run = forget_at(b, 0, DAY(29), false);
	assert_false(run.doubtful); /* nothing is due: nothing to say */
	run = forget_at(b, 0, DAY(31), false);
	assert_true(run.doubtful);
	assert_int_equal(run.forgotten, 0);
	assert_string_equal(value_of(b,
				     "SELECT trusted || ' ' || body FROM event_words"
				     " WHERE type = 'forgotten'",
				     out),
			    "0 0E1E707574206F66663A2074686520636C6F636B20697320646F75627466756C");
	expect_good(b);
	assert_int_equal(forget_at(b, MONDAY_MS, DAY(31), true).forgotten, 1);
	expect_good(b);
}

/* Switched off every night for 14 hours, a month long: all of it counts. */
static void test_off_at_night(void **state)
{
	struct bench *b = *state;
	struct entry e = { .type = ENTRY_BOOT, .clock_trusted = true };
	struct receipt receipt;
	uint64_t id = register_sample(b, 1);

	for (int day = 0; day < 31; day++) {
		bench_reopen(b);
		e.wall_ms = MONDAY_MS + DAY(day);
		e.mono_ms = 60000;
		assert_int_equal(register_record(b->db, &e, &receipt), 0);
		forget_at(b, e.wall_ms + HOUR_MS, 60000 + HOUR_MS, true);
		assert_int_equal(known(b, id), day < 30);
		e.wall_ms += 10 * HOUR_MS;
		e.mono_ms += 10 * HOUR_MS;
		assert_int_equal(register_record(b->db, &e, &receipt), 0);
	}
	expect_good(b);
}

/* Against the slow way: every event asked whether it is old enough. */
static void test_lived_by_hand(void **state)
{
	struct bench *b = *state;
	uint64_t random = 77;
	int64_t lived[400] = { 0 }, wall = MONDAY_MS, mono = 0, age = 0;
	bool was_trusted = true;
	int count = 0;
	struct receipt receipt;

	for (int boot = 0; boot < 20; boot++) {
		bench_reopen(b);
		for (int i = 0; i < 20; i++) {
			struct entry e = { .type = ENTRY_LOGOUT };
			int64_t off = (int64_t)(next_random(&random) % (uint64_t)DAY(12)) - DAY(2);
			int64_t on = (int64_t)(next_random(&random) % (uint64_t)HOUR_MS);
			e.clock_trusted = next_random(&random) % 4 != 0;
			if (i == 0) {
				mono = on;
				wall += off;
				if (count && was_trusted && e.clock_trusted && off > 0)
					age += off < LIVED_GAP_MAX_MS ? off : LIVED_GAP_MAX_MS;
			} else {
				mono += on;
				age += on;
				wall += on + (i == 9 ? off * 50 : 0);
			}
			was_trusted = e.clock_trusted;
			e.wall_ms = wall;
			e.mono_ms = mono;
			lived[count++] = age;
			assert_int_equal(register_record(b->db, &e, &receipt), 0);
		}
	}
	struct lived_now now = { wall, mono + 1000, true };
	for (int64_t span = 0; span < age + DAY(1); span += HOUR_MS * 7) {
		int64_t want = 0, seq;
		for (int i = 0; i < count; i++)
			if (age + 1000 - lived[i] >= span)
				want = i + 1;
		assert_int_equal(lived_event(b->db, &now, span, &seq), 0);
		assert_int_equal(seq, want);
	}
}

/* ---- the bytes ---- */

static bool in_bytes(const char *data, size_t len, const void *needle, size_t needle_len)
{
	return needle_len > 0 && memmem(data, len, needle, needle_len) != NULL;
}

/* In every encoding a program could have left it in. */
static const char *found_as(const char *data, size_t len, const char *text)
{
	static const char *const encodings[] = { "UTF-8", "UTF-16LE", "UTF-16BE", "GB18030" };
	char out[256], hex[512];

	for (size_t i = 0; i < ARRAY_LEN(encodings); i++) {
		char *from = (char *)text, *to = out;
		size_t from_len = strlen(text), to_len = sizeof(out);
		iconv_t cd = iconv_open(encodings[i], "UTF-8");
		assert_true(cd != (iconv_t)-1);
		assert_int_equal(iconv(cd, &from, &from_len, &to, &to_len), 0);
		iconv_close(cd);
		if (in_bytes(data, len, out, sizeof(out) - to_len))
			return encodings[i];
	}
	hex_encode((const uint8_t *)text, strlen(text), hex);
	if (in_bytes(data, len, hex, strlen(hex)))
		return "hex";
	for (char *c = hex; *c; c++)
		*c = (char)(*c >= 'a' ? *c - 'a' + 'A' : *c);
	return in_bytes(data, len, hex, strlen(hex)) ? "HEX" : NULL;
}

/* The file a text stands in, or NULL. */
static const char *left_in(const struct bench *b, const void *what, size_t what_len,
			   const char *text)
{
	static char where[400];
	DIR *dir = opendir(b->dir);
	const struct dirent *entry;

	assert_non_null(dir);
	where[0] = '\0';
	while ((entry = readdir(dir)) && !where[0]) {
		char path[360], *data;
		size_t len;
		if (entry->d_name[0] == '.')
			continue;
		text_format(path, sizeof(path), "%s/%s", b->dir, entry->d_name);
		assert_int_equal(file_read(path, 256 << 20, &data, &len), 0);
		const char *as = text ? found_as(data, len, text) : NULL;
		if (as || in_bytes(data, len, what, what_len))
			text_format(where, sizeof(where), "%s in %s", as ? as : "bytes",
				    entry->d_name);
		free(data);
	}
	closedir(dir);
	return where[0] ? where : NULL;
}

static void expect_gone(const struct bench *b, const void *bytes, size_t len, const char *text)
{
	const char *where = left_in(b, bytes, len, text);

	if (where)
		fail_msg("%s: still there as %s", text ? text : "salt", where);
}

/* Texts of all lengths, so that pages are filled unevenly. */
static struct visit planted(unsigned n, const char *mark)
{
	struct visit v = sample_visit(n);

	text_format(v.person.name, sizeof(v.person.name), "%s%.*s", mark, (int)(n * 7 % 40),
		    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
	text_format(v.person.document, sizeof(v.person.document), "DOC%s%u", mark + 3, n);
	text_format(v.person.phone, sizeof(v.person.phone), "TEL%.6s%u", mark + 3, n);
	text_format(v.person.household, sizeof(v.person.household), "%s%.*s", mark,
		    (int)(n * 13 % 30), "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb");
	text_format(v.person.purpose, sizeof(v.person.purpose), "%s", mark);
	if (n % 3 == 0)
		text_format(v.person.plate, sizeof(v.person.plate), "%s%u", mark, n);
	return v;
}

#define GONE "遗忘" /* planted in everybody who is to be forgotten */
#define KEPT "保留"

static void plant(struct bench *b, unsigned n, const char *mark, enum visit_state state)
{
	struct visit v = planted(n, mark);
	struct receipt receipt;

	assert_int_equal(record_visit(b, ENTRY_REGISTERED, &v, &receipt), 0);
	if (state == VISIT_WAITING)
		return;
	assert_int_equal(register_visit(b->db, receipt.visit_id, &v), 0);
	sample_admit(&v, 100000 + receipt.visit_id, b->now_ms);
	assert_int_equal(record_visit(b, ENTRY_DECIDED, &v, NULL), 0);
	assert_int_equal(record_visit(b, ENTRY_PASSED, &v, NULL), 0);
}

static void expect_wiped(struct bench *b, const uint8_t (*salts)[16], int count)
{
	expect_gone(b, NULL, 0, GONE);
	for (int i = 0; i < count; i++)
		expect_gone(b, salts[i], 16, NULL);
	assert_non_null(left_in(b, NULL, 0, KEPT)); /* so that the search does find */
}

/* The digest of the code that was shown, in either order of its bytes. */
static const char *code_left(const struct bench *b, unsigned n)
{
	uint64_t digest = planted(n, GONE).code_digest;
	uint8_t bytes[CODE_DIGEST_BYTES], back[CODE_DIGEST_BYTES];

	for (int i = 0; i < CODE_DIGEST_BYTES; i++)
		bytes[CODE_DIGEST_BYTES - 1 - i] = back[i] = (uint8_t)(digest >> 8 * i);
	const char *where = left_in(b, bytes, sizeof(bytes), NULL);
	return where ? where : left_in(b, back, sizeof(back), NULL);
}

static void expect_codes_gone(const struct bench *b)
{
	static const unsigned forgotten[] = { 0, 777, 1998 };

	for (size_t i = 0; i < ARRAY_LEN(forgotten); i++)
		assert_null(code_left(b, forgotten[i]));
	assert_non_null(code_left(b, 3998)); /* is kept */
}

static int salts_of(struct bench *b, const char *where, uint8_t (*salts)[16], int max)
{
	char sql[160], hex[256];
	int count = 0;

	while (count < max) {
		size_t len;
		text_format(sql, sizeof(sql),
			    "SELECT lower(hex(salt)) FROM person WHERE %s LIMIT 1 OFFSET %d", where,
			    count * 37);
		if (!value_of(b, sql, hex)[0])
			break;
		len = strlen(hex);
		assert_true(hex_decode(hex, len, salts[count++], 16));
	}
	return count;
}

/*
 * 4000 visitors over 40 days with everything a page can go through: some still inside among those
 * who are forgotten, nights half done, restarts, and the log never copied back in between.
 */
static void test_bytes_are_gone(void **state)
{
	struct bench *b = *state;
	uint8_t salts[64][16];
	struct forget_run run = { 0 };
	unsigned n = 0;
	int count = 0;

	for (int day = 0; day < 40; day++) {
		bool forgotten_later = day < 20;
		for (int i = 0; i < 100; i++, n++) {
			bool inside = i % 23 == 7;
			plant(b, n, forgotten_later && !inside ? GONE : KEPT,
			      inside ? VISIT_INSIDE : VISIT_WAITING);
			b->now_ms += 10 * MINUTE_MS;
		}
		b->now_ms = MONDAY_MS + DAY(day + 1);
		if (day == 35) { /* before any night has come */
			count = salts_of(b, "name LIKE '" GONE "%'", salts, 64);
			assert_non_null(code_left(b, 777));
		}
		if (day >= 36)
			forget(b);
	}
	assert_true(count > 40);
	b->now_ms = MONDAY_MS + DAY(50) - 1;
	assert_int_equal(register_forget(b->db, &retention_default, b->now_ms,
					 b->now_ms - MONDAY_MS, true, &run),
			 0);
	assert_false(run.done); /* the power fails between deleting and wiping */
	bench_reopen(b);
	b->now_ms += DAY_MS;
	struct entry e = { .type = ENTRY_BOOT, .wall_ms = b->now_ms, .clock_trusted = true };
	struct receipt receipt;
	assert_int_equal(register_record(b->db, &e, &receipt), 0);
	assert_true(forget_at(b, b->now_ms, 0, true).done);
	assert_int_equal(number_of(b, "SELECT count(*) FROM person WHERE name LIKE '" GONE "%'"),
			 0);
	expect_wiped(b, (const uint8_t(*)[16])salts, count);
	expect_codes_gone(b);
	expect_good(b);
	bench_reopen(b);
	expect_wiped(b, (const uint8_t(*)[16])salts, count);
	expect_codes_gone(b);
	struct visit gone;
	assert_int_equal(register_visit(b->db, 778, &gone), 0);
	assert_true(gone.code_digest == 0);
	assert_int_equal(register_visit(b->db, 3999, &gone), 0);
	assert_true(gone.code_digest == planted(3998, KEPT).code_digest);
}

/* That the search can fail: deleting alone leaves the bytes in the log. */
static void test_deleting_alone_is_not_enough(void **state)
{
	struct bench *b = *state;
	struct forget_run run = { 0 };

	for (unsigned n = 0; n < 300; n++)
		plant(b, n, GONE, VISIT_WAITING);
	b->now_ms += DAY(31);
	assert_int_equal(register_forget(b->db, &retention_default, b->now_ms,
					 b->now_ms - MONDAY_MS, true, &run),
			 0);
	assert_int_equal(run.forgotten, 256);
	assert_false(run.done);
	assert_non_null(left_in(b, NULL, 0, GONE));
	assert_int_equal(forget(b), 44);
	expect_gone(b, NULL, 0, GONE);
}

/* ---- one person ---- */

static enum erase_outcome erase(struct bench *b, uint64_t id)
{
	struct entry who = { .wall_ms = b->now_ms,
			     .mono_ms = b->now_ms - MONDAY_MS,
			     .clock_trusted = true };
	enum erase_outcome outcome;

	text_copy(who.actor, sizeof(who.actor), "赵队长");
	assert_int_equal(register_erase(b->db, id, &who, &outcome), 0);
	return outcome;
}

static void test_erasure_by_receipt_code(void **state)
{
	struct bench *b = *state;
	uint64_t refused, inside, found;
	struct visit v;
	char out[256], typed[32];

	plant(b, 0, KEPT, VISIT_WAITING);
	struct visit one = planted(1, GONE);
	struct receipt receipt;
	one.decision.verdict = VERDICT_REFUSE;
	one.state = VISIT_REFUSED;
	assert_int_equal(record_visit(b, ENTRY_REGISTERED, &one, &receipt), 0);
	refused = receipt.visit_id;
	inside = visit_in(b, 2, VISIT_INSIDE, 240);
	for (unsigned n = 3; n < 50; n++)
		register_sample(b, n);

	assert_int_equal(register_visit(b->db, refused, &v), 0);
	assert_string_equal(v.receipt_code, receipt.receipt_code);
	text_format(typed, sizeof(typed), " %s ", v.receipt_code);
	for (char *c = typed; *c; c++)
		*c = (char)(*c >= 'A' && *c <= 'Z' ? *c - 'A' + 'a' : *c == '-' ? ' ' : *c);
	assert_int_equal(register_find_receipt(b->db, typed, &found), 0);
	assert_int_equal(found, refused);
	typed[3] = typed[3] == '7' ? '8' : '7';
	assert_int_equal(register_find_receipt(b->db, typed, &found), -EINVAL);
	assert_int_equal(register_find_receipt(b->db, "0000-0000-0000", &found), -ENOENT);

	assert_int_equal(erase(b, inside), ERASE_OPEN);
	assert_true(known(b, inside));
	assert_int_equal(erase(b, 1), ERASE_OPEN);
	assert_int_equal(erase(b, refused), ERASE_DONE);
	expect_gone(b, NULL, 0, GONE);
	assert_non_null(left_in(b, NULL, 0, KEPT));
	assert_int_equal(erase(b, refused), ERASE_GONE);
	assert_int_equal(register_find_receipt(b->db, v.receipt_code, &found), -ENOENT);
	assert_string_equal(value_of(b,
				     "SELECT actor || ' ' || body FROM event_words"
				     " WHERE type = 'forgotten'",
				     out),
			    "赵队长 0D01020E076572617375726510020202");
	struct entry nobody = { 0 };
	enum erase_outcome outcome;
	assert_int_equal(register_erase(b->db, 999, &nobody, &outcome), -ENOENT);
	expect_good(b);
}

/* Put back as they were, from a copy somebody kept: right in every byte, and yet found. */
static void test_nobody_comes_back(void **state)
{
	struct bench *b = *state;
	struct register_check check = { 0 };
	struct register_fault fault;

	for (unsigned n = 0; n < 5; n++)
		register_sample(b, n);
	bench_tamper(b, "CREATE TABLE kept AS SELECT * FROM person WHERE visit_id = 3");
	assert_int_equal(register_open(&b->db, b->path, OFFSET_MIN), 0);
	struct entry e = { .type = ENTRY_BOOT, .wall_ms = b->now_ms, .clock_trusted = true };
	struct receipt receipt;
	assert_int_equal(register_record(b->db, &e, &receipt), 0);
	assert_int_equal(forget_at(b, b->now_ms, DAY(31), true).forgotten, 5);
	expect_good(b);
	bench_tamper(b, "INSERT INTO person SELECT * FROM kept; DROP TABLE kept");
	assert_int_equal(register_open(&b->db, b->path, OFFSET_MIN), 0);
	assert_int_equal(register_check(b->db, &check, &fault), -EUCLEAN);
	assert_int_equal(fault.part, REGISTER_PART_PERSON);
	assert_int_equal(fault.key, 3);
	assert_int_equal(fault.seq, 7); /* the event that says: forgotten */
}

/* ---- faults ---- */

/* The n-th write, flush or cut of the log fails, for every n: after opening again the register is
 * whole, and the next night brings it to its end. */
static void test_every_step_can_fail(void **state)
{
	(void)state;
	for (long n = 1;; n++) {
		struct fault_vfs vfs = { .fail_rc = SQLITE_IOERR_WRITE,
					 .fail_ops = 1 << VFS_WRITE | 1 << VFS_SYNC |
						     1 << VFS_TRUNCATE };
		struct forget_run run = { 0 };
		struct bench b;
		int r = 0;

		vfs_install(&vfs);
		bench_open(&b);
		for (unsigned i = 0; i < 300; i++)
			plant(&b, i, i == 299 ? KEPT : GONE,
			      i == 299 ? VISIT_INSIDE : VISIT_WAITING);
		b.now_ms += DAY(31);
		vfs.fail_at = n;
		while (r == 0 && !run.done)
			r = register_forget(b.db, &retention_default, b.now_ms,
					    b.now_ms - MONDAY_MS, true, &run);
		bool bitten = vfs.bitten;
		vfs.fail_at = 0;
		assert_int_equal(r != 0, bitten);
		if (bitten)
			assert_int_equal(r, -EIO);
		bench_reopen(&b);
		expect_good(&b);
		forget_at(&b, b.now_ms, 0, true);
		struct entry e = { .type = ENTRY_BOOT, .wall_ms = b.now_ms, .clock_trusted = true };
		struct receipt receipt;
		assert_int_equal(register_record(b.db, &e, &receipt), 0);
		for (int night = 0; night < 6; night++) { /* a week of darkness counts each time */
			bench_reopen(&b);
			e.wall_ms = b.now_ms += DAY(6);
			assert_int_equal(register_record(b.db, &e, &receipt), 0);
		}
		forget_at(&b, b.now_ms, 0, true);
		expect_gone(&b, NULL, 0, GONE);
		assert_non_null(left_in(&b, NULL, 0, KEPT));
		expect_good(&b);
		bench_close(&b);
		vfs_remove(&vfs);
		if (!bitten) {
			assert_true(n > 20);
			return;
		}
	}
}

static void test_nonsense_settings(void **state)
{
	struct bench *b = *state;
	struct retention r = retention_default;
	struct forget_run run = { 0 };

	r.days[RETENTION_REFUSED] = 0;
	assert_int_equal(register_forget(b->db, &r, 0, 0, true, &run), -EINVAL);
	r.days[RETENTION_REFUSED] = RETENTION_DAYS_MAX + 1;
	assert_int_equal(register_forget(b->db, &r, 0, 0, true, &run), -EINVAL);
	/* and nobody else may say that something was forgotten */
	struct entry e = { .type = ENTRY_FORGOTTEN, .number = 1, .forgotten = { 1, 1 } };
	struct receipt receipt;
	assert_int_equal(register_record(b->db, &e, &receipt), -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_each_kind_at_its_day, setup, teardown),
		cmocka_unit_test_setup_teardown(test_counted_from_leaving, setup, teardown),
		cmocka_unit_test_setup_teardown(test_event_says_what_was_forgotten, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_clock_set_forward_ages_nothing, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_doubtful_clock_puts_it_off, setup, teardown),
		cmocka_unit_test_setup_teardown(test_off_at_night, setup, teardown),
		cmocka_unit_test_setup_teardown(test_lived_by_hand, setup, teardown),
		cmocka_unit_test_setup_teardown(test_bytes_are_gone, setup, teardown),
		cmocka_unit_test_setup_teardown(test_deleting_alone_is_not_enough, setup, teardown),
		cmocka_unit_test_setup_teardown(test_erasure_by_receipt_code, setup, teardown),
		cmocka_unit_test_setup_teardown(test_nobody_comes_back, setup, teardown),
		cmocka_unit_test(test_every_step_can_fail),
		cmocka_unit_test_setup_teardown(test_nonsense_settings, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
