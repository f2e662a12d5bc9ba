/*
 * The report's sums against a slow count: a made-up year in which the maker of each event writes
 * down, in its own list, what a person would count. Visits run across midnights and month ends,
 * the program is restarted, the clock jumps forward and back; then any period's sums must be what
 * adding up the list gives. The list knows nothing of the tally, of days or of bodies of events.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/civil.h"
#include "base/text.h"
#include "core/level.h"
#include "helper_store.h"
#include "store/db.h"
#include "store/projection.h"
#include "store/report.h"

#define HAPPENINGS 2600
#define PEOPLE 700
#define DUE_MIN 570

/* The slow list: when, and which rows a person would tick. */
struct happened {
	int64_t wall_ms;
	uint64_t rows;
	int64_t bags; /* of waste */
	int level; /* set by it, or -1 */
};
static struct happened list[HAPPENINGS];
static int listed;

struct somebody {
	uint64_t id;
	enum visit_state state;
	int64_t registered_ms, decided_ms, entered_ms, left_ms;
	bool has_pass, drives;
};
static struct somebody people[PEOPLE];
static int somebodies;

#define ROW(r) (UINT64_C(1) << (r))

static void note(int64_t wall_ms, uint64_t rows)
{
	assert_true(listed < HAPPENINGS);
	list[listed++] = (struct happened){ wall_ms, rows, 0, -1 };
}

static unsigned pick(uint64_t *random, unsigned n)
{
	return (unsigned)(next_random(random) >> 33) % n;
}

static void spoil(struct visit *v, enum check check, int32_t value, enum reason_code code)
{
	v->facts[check] = (struct fact){ FINDING_BAD, SOURCE_GUARD, MONDAY_MS, value };
	if (code != REASON_NONE) {
		struct decision *d = &v->decision;
		d->reasons[d->reason_count++] =
			(struct reason){ .code = code, .check = check, .clause = "2·三" };
	}
}

static void register_one(struct bench *b, uint64_t *random)
{
	struct visit v = sample_visit(pick(random, 1000000));
	uint64_t rows = ROW(REPORT_REGISTERED);
	struct receipt receipt;

	v.person_class = pick(random, 6) == 0   ? CLASS_COURIER
			 : pick(random, 4) == 0 ? CLASS_RESIDENT_VEHICLE
						: CLASS_VISITOR;
	v.decision.reason_count = 0;
	if (pick(random, 8) == 0) {
		memset(&v.temperature, 0, sizeof(v.temperature));
	} else {
		rows |= ROW(REPORT_MEASURED);
		if (pick(random, 10) == 0) {
			v.decision.reasons[v.decision.reason_count++] =
				(struct reason){ .code = REASON_TEMPERATURE_UNCONFIRMED,
						 .check = CHECK_TEMPERATURE };
			rows |= ROW(REPORT_SCREENED_HIGH);
		}
	}
	if (pick(random, 9) == 0) {
		spoil(&v, CHECK_TRAVEL_14D, 0, REASON_TRAVEL_DECLARED);
		rows |= ROW(REPORT_TRAVEL_DECLARED);
	}
	if (pick(random, 9) == 0) {
		spoil(&v, CHECK_SYMPTOMS, 0, REASON_NONE);
		rows |= ROW(REPORT_SYMPTOMS);
	}
	if (v.person_class == CLASS_COURIER) {
		bool back = pick(random, 3) != 0;
		v.decision.verdict = back ? VERDICT_TURN_BACK : VERDICT_REFUSE;
		v.state = VISIT_DRAFT;
		rows |= ROW(back ? REPORT_TURNED_BACK : REPORT_REFUSED) | ROW(REPORT_COURIERS);
	}
	assert_int_equal(record_visit(b, ENTRY_REGISTERED, &v, &receipt), 0);
	note(b->now_ms, rows);
	assert_true(somebodies < PEOPLE);
	people[somebodies++] = (struct somebody){
		.id = receipt.visit_id,
		.state = v.person_class == CLASS_COURIER ? VISIT_REFUSED : VISIT_WAITING,
		.registered_ms = b->now_ms,
		.drives = v.person_class == CLASS_RESIDENT_VEHICLE,
	};
}

static void decide_one(struct bench *b, uint64_t *random, struct somebody *s)
{
	struct visit v;
	uint64_t rows = 0;
	unsigned what = pick(random, 8);

	assert_int_equal(register_visit(b->db, s->id, &v), 0);
	v.decision.reason_count = 0;
	if (what > 2) {
		sample_admit(&v, s->id * 7919, b->now_ms);
		for (int c = 0; c < CHECK_COUNT_; c++)
			v.facts[c].finding = FINDING_GOOD;
		bool watched = what % 2; /* else it had been done before */
		v.facts[CHECK_DISINFECTION].source = watched ? SOURCE_GUARD : SOURCE_MACHINE;
		rows |= s->drives && watched ? ROW(REPORT_VEHICLES_DISINFECTED) : 0;
		rows |= ROW(REPORT_ADMITTED);
		s->has_pass = true;
		s->state = VISIT_ADMITTED;
	} else {
		v.decision.verdict = what == 2 ? VERDICT_TURN_BACK : VERDICT_REFUSE;
		rows |= ROW(what == 2 ? REPORT_TURNED_BACK : REPORT_REFUSED);
		rows |= s->drives ? ROW(REPORT_VEHICLES_TURNED_BACK) : 0;
		if (pick(random, 2)) {
			bool home = pick(random, 2) == 0;
			spoil(&v, CHECK_TEMPERATURE, 3780,
			      home ? REASON_TEMPERATURE_HOME : REASON_TEMPERATURE_HIGH);
			rows |= ROW(REPORT_FEVER) | (home ? ROW(REPORT_FEVER_HOME) : 0);
		}
		if (pick(random, 2)) {
			bool red = pick(random, 2) == 0;
			spoil(&v, CHECK_HEALTH_CODE, red ? COLOUR_RED : COLOUR_YELLOW,
			      REASON_HEALTH_CODE_BAD);
			rows |= ROW(red ? REPORT_CODE_RED : REPORT_CODE_YELLOW);
		}
		if (pick(random, 3) == 0) {
			spoil(&v, CHECK_TRAVEL_CARD, TRAVEL_CARD_STARRED,
			      REASON_TRAVEL_CARD_STARRED);
			rows |= ROW(REPORT_TRAVEL_STARRED);
		}
		if (pick(random, 3) == 0) {
			static const enum reason_code CODES[] = { REASON_TEST_MISSING,
								  REASON_TEST_TOO_OLD,
								  REASON_TEST_POSITIVE };
			spoil(&v, CHECK_TEST, 0, CODES[pick(random, 3)]);
			rows |= ROW(REPORT_TEST_BAD);
		}
		s->state = VISIT_REFUSED;
	}
	v.state = VISIT_WAITING;
	s->decided_ms = b->now_ms;
	assert_int_equal(record_visit(b, ENTRY_DECIDED, &v, NULL), 0);
	note(b->now_ms, rows);
}

static void move_one(struct bench *b, uint64_t *random, struct somebody *s)
{
	struct visit v = { .id = s->id };
	unsigned what = pick(random, 10);

	if (s->has_pass && what == 0) {
		bool copy = pick(random, 2) == 0;
		assert_int_equal(
			record_by(b, ENTRY_PASS_PRINTED, &v, "", copy ? "copy" : "", 0, NULL), 0);
		note(b->now_ms, copy ? 0 : ROW(REPORT_PASSES));
	} else if (s->has_pass && what == 1) {
		bool expired = pick(random, 2) == 0;
		assert_int_equal(record_by(b, ENTRY_PASS_REJECTED, &v, "", "",
					   expired ? PASS_EXPIRED : PASS_BAD_SIGNATURE, NULL),
				 0);
		note(b->now_ms,
		     ROW(REPORT_PASSES_REJECTED) | (expired ? ROW(REPORT_PASSES_EXPIRED) : 0));
		if (expired && s->state != VISIT_LEFT)
			s->state = VISIT_OVERDUE;
	} else if (s->state == VISIT_WAITING) {
		decide_one(b, random, s);
	} else if (s->state == VISIT_ADMITTED && what < 4) {
		assert_int_equal(record_visit(b, ENTRY_LAPSED, &v, NULL), 0);
		note(b->now_ms, ROW(REPORT_LAPSED));
		s->state = VISIT_LAPSED;
	} else if (s->state == VISIT_ADMITTED || (s->state == VISIT_LAPSED && what < 5)) {
		assert_int_equal(
			record_by(b, ENTRY_PASSED, &v, "", s->drives ? "vehicle" : "", 0, NULL), 0);
		note(b->now_ms, ROW(REPORT_ENTERED) | (s->drives ? ROW(REPORT_VEHICLES_IN) : 0));
		s->state = VISIT_INSIDE;
		s->entered_ms = b->now_ms;
	} else if (s->state == VISIT_INSIDE || s->state == VISIT_OVERDUE ||
		   s->state == VISIT_LAPSED) {
		assert_int_equal(
			record_by(b, ENTRY_LEFT, &v, "", s->drives ? "vehicle" : "", 0, NULL), 0);
		note(b->now_ms, ROW(REPORT_LEFT) | (s->drives ? ROW(REPORT_VEHICLES_OUT) : 0));
		s->state = VISIT_LEFT;
		s->left_ms = b->now_ms;
	}
}

static void something_else(struct bench *b, uint64_t *random)
{
	static const struct {
		enum entry_type type;
		int64_t number;
		uint64_t rows;
	} OTHERS[] = {
		{ ENTRY_LOGIN, ROLE_GUARD, ROW(REPORT_LOGINS) },
		{ ENTRY_LOGIN, ROLE_SUPERVISOR, ROW(REPORT_LOGINS) },
		{ ENTRY_LOGIN, ROLE_STAFF, 0 },
		{ ENTRY_LOGOUT, ROLE_GUARD, 0 },
		{ ENTRY_HANDOVER, 0, ROW(REPORT_HANDOVERS) },
		{ ENTRY_EMERGENCY, 1, ROW(REPORT_EMERGENCIES) },
		{ ENTRY_EMERGENCY, 0, 0 },
		{ ENTRY_DEVICE, DEVICE_PRINTER << 8 | DEVICE_PAPER_END, ROW(REPORT_FAULTS) },
		{ ENTRY_DEVICE, DEVICE_PRINTER << 8 | DEVICE_OK, 0 },
		{ ENTRY_DEVICE, DEVICE_CAMERA << 8 | DEVICE_STARTING, 0 },
		{ ENTRY_BOOT, 0, ROW(REPORT_STARTS) },
		{ ENTRY_CONTACT, 0, ROW(REPORT_CONTACTS) },
		{ ENTRY_EXPORTED, 12, ROW(REPORT_EXPORTS) },
		{ ENTRY_PASS_REJECTED, PASS_NOT_A_PASS, ROW(REPORT_PASSES_REJECTED) },
		{ ENTRY_LEVEL, 0, ROW(REPORT_LEVELS) },
	};
	size_t i = pick(random, ARRAY_LEN(OTHERS));
	struct level_event level = { LEVEL_CLOSED, pick(random, LEVEL_COUNT_), 0 };
	int64_t number =
		OTHERS[i].type == ENTRY_LEVEL ? level_event_pack(&level) : OTHERS[i].number;

	assert_int_equal(record_by(b, OTHERS[i].type, NULL, "李卫", "", number, NULL), 0);
	note(b->now_ms, OTHERS[i].rows);
	if (OTHERS[i].type == ENTRY_LEVEL)
		list[listed - 1].level = (int)level.to;
}

static int write_ledger(struct bench *b, const struct ledger *l, int64_t *seq)
{
	struct entry e = { .type = ENTRY_LEDGER,
			   .wall_ms = b->now_ms,
			   .mono_ms = b->now_ms - MONDAY_MS,
			   .clock_trusted = true,
			   .actor = "李卫",
			   .ledger = *l };
	struct receipt receipt;
	int r = register_record(b->db, &e, &receipt);

	*seq = receipt.seq;
	return r;
}

static struct ledger made_up_ledger(enum ledger_kind kind, uint64_t *random)
{
	struct ledger l = { .kind = kind, .given = LEDGER_KIND[kind].required };

	for (int field = 0; field < LEDGER_FIELD_COUNT_; field++)
		if (l.given >> field & 1 && field != LEDGER_SECOND)
			l.numbers[field] = LEDGER_FIELD[field].least + pick(random, 3);
	if (l.given >> LEDGER_SECOND & 1)
		text_copy(l.second, sizeof(l.second), "王芳");
	return l;
}

/* An entry of some ledger; some are corrected at once, and some of these struck out. */
static void write_some_ledger(struct bench *b, uint64_t *random)
{
	static const uint64_t ROWS[LEDGER_KIND_COUNT_] = {
		[LEDGER_DISINFECTION] = ROW(REPORT_DISINFECTIONS),
		[LEDGER_CONCURRENT] = ROW(REPORT_SPOT_DISINFECTIONS),
		[LEDGER_TERMINAL] = ROW(REPORT_SPOT_DISINFECTIONS),
		[LEDGER_INCIDENT] = ROW(REPORT_INCIDENTS),
	};
	enum ledger_kind kind = pick(random, LEDGER_KIND_COUNT_);
	struct ledger l = made_up_ledger(kind, random);
	int64_t seq, bags = l.numbers[LEDGER_BAGS];

	assert_int_equal(write_ledger(b, &l, &seq), 0);
	note(b->now_ms, ROWS[kind]);
	list[listed - 1].bags = bags;
	if (kind != LEDGER_WASTE || pick(random, 2))
		return;
	l = made_up_ledger(kind, random);
	if (pick(random, 2))
		l = (struct ledger){ .kind = kind, .struck = true };
	l.corrects = seq;
	l.was = bags;
	b->now_ms += (int64_t)pick(random, 40 * 60) * 1000;
	assert_int_equal(write_ledger(b, &l, &seq), 0);
	note(b->now_ms, 0);
	list[listed - 1].bags = l.numbers[LEDGER_BAGS] - bags;
}

static void time_goes_on(struct bench *b, uint64_t *random)
{
	unsigned what = pick(random, 200);

	if (what == 0)
		b->now_ms += 33 * DAY_MS; /* nobody came for a month */
	else if (what == 1)
		b->now_ms -= 5 * DAY_MS; /* the clock was set back */
	else if (what == 2)
		b->now_ms = civil_day_start_ms(b->now_ms, OFFSET_MIN) + DAY_MS;
	else if (what == 3)
		b->now_ms = civil_day_start_ms(b->now_ms, OFFSET_MIN) + DAY_MS - 1;
	else if (what == 4)
		bench_reopen(b);
	else
		b->now_ms += (int64_t)pick(random, 40 * 60) * 1000;
}

static void make_a_year(struct bench *b, uint64_t seed)
{
	uint64_t random = seed;

	listed = somebodies = 0;
	b->now_ms = MONDAY_MS + 7 * DAY_MS - HOUR_MS; /* the evening before December */
	while (listed < HAPPENINGS - 8 && somebodies < PEOPLE) {
		unsigned what = pick(&random, 10);
		time_goes_on(b, &random);
		if (pick(&random, 25) == 0)
			write_some_ledger(b, &random);
		else if (what < 3 || somebodies == 0)
			register_one(b, &random);
		else if (what < 9)
			move_one(b, &random,
				 &people[somebodies < 40 || pick(&random, 20) == 0
						 ? pick(&random, (unsigned)somebodies)
						 : (unsigned)somebodies - 1 - pick(&random, 40)]);
		else
			something_else(b, &random);
	}
}

static int64_t slow_count(enum report_row row, int64_t from_ms, int64_t until_ms)
{
	int64_t n = 0;

	for (int i = 0; i < listed; i++) {
		bool within = list[i].wall_ms >= from_ms && list[i].wall_ms < until_ms;
		n += within && (list[i].rows & ROW(row));
		n += within && row == REPORT_WASTE_BAGS ? list[i].bags : 0;
	}
	return n;
}

static bool slow_presence(const struct somebody *s, int64_t *since)
{
	*since = s->entered_ms ? s->entered_ms : s->decided_ms;
	return s->state == VISIT_INSIDE || s->state == VISIT_OVERDUE || s->state == VISIT_LEFT;
}

static int64_t slow_inside(int64_t at_ms)
{
	int64_t n = 0, since;

	for (int i = 0; i < somebodies; i++)
		n += slow_presence(&people[i], &since) && since < at_ms &&
		     (people[i].left_ms == 0 || people[i].left_ms >= at_ms);
	return n;
}

static void compare(struct bench *b, const struct report_ask *ask)
{
	struct report r;

	assert_int_equal(register_report(b->db, ask, &r), 0);
	for (int row = 0; row < REPORT_ROW_COUNT_; row++) {
		int64_t period = slow_count((enum report_row)row, r.from_ms, r.until_ms);
		int64_t total = slow_count((enum report_row)row, INT64_MIN, r.until_ms);
		if (r.sums[row].period != period || r.sums[row].total != total)
			fail_msg("%s from %lld until %lld: %lld of %lld, not %lld of %lld",
				 REPORT_WORD[row], (long long)r.from_ms, (long long)r.until_ms,
				 (long long)r.sums[row].period, (long long)r.sums[row].total,
				 (long long)period, (long long)total);
	}
	assert_int_equal(r.inside, slow_inside(r.until_ms));
}

static int64_t some_moment(uint64_t *random)
{
	int64_t at = list[pick(random, (unsigned)listed)].wall_ms;

	switch (pick(random, 4)) {
	case 0:
		return civil_day_start_ms(at, OFFSET_MIN);
	case 1:
		return civil_day_start_ms(at, OFFSET_MIN) + (int64_t)pick(random, 3) - 1;
	case 2:
		return at + (int64_t)pick(random, 2);
	default:
		return at + (int64_t)pick(random, 86400000) - 43200000;
	}
}

static void compare_everything(struct bench *b, uint64_t seed)
{
	uint64_t random = seed;
	int64_t first = INT64_MAX, last = INT64_MIN;

	for (int i = 0; i < listed; i++) {
		int64_t day = report_day_of(list[i].wall_ms, OFFSET_MIN);
		first = day < first ? day : first;
		last = day > last ? day : last;
	}
	for (int64_t day = first - 1; day <= last + 1; day++)
		compare(b, &(struct report_ask){ .kind = REPORT_DAY, .day = day });
	for (int i = 0; i < 400; i++) {
		int64_t one = some_moment(&random), other = some_moment(&random);
		if (one == other)
			continue;
		compare(b, &(struct report_ask){ .kind = REPORT_PERIOD,
						 .from_ms = one < other ? one : other,
						 .until_ms = one < other ? other : one });
	}
}

static void test_sums_are_those_of_a_slow_count(void **state)
{
	struct bench *b = *state;
	int64_t bad;

	for (uint64_t seed = 1; seed <= 2; seed++) {
		make_a_year(b, seed * 77);
		for (int row = 0; row < REPORT_ROW_COUNT_; row++)
			if (row != REPORT_PASSES_REVOKED && row != REPORT_REVEALED)
				assert_true(slow_count((enum report_row)row, INT64_MIN, INT64_MAX) >
					    0);
		if (seed == 2) /* made again from the events it is the same */
			assert_int_equal(projection_rebuild(b->db), 0);
		compare_everything(b, seed);
		assert_int_equal(register_verify(b->db, &bad), 0);
		bench_close(b);
		bench_open(b);
	}
}

/* A count that is off by one is found, wherever it is. */
static void test_a_wrong_tally_is_found(void **state)
{
	struct bench *b = *state;
	int64_t bad;

	make_a_year(b, 3);
	bench_tamper(b, "UPDATE tally SET n = n + 1 WHERE day = (SELECT max(day) FROM tally)"
			" AND item = (SELECT min(item) FROM tally"
			" WHERE day = (SELECT max(day) FROM tally))");
	assert_int_equal(register_open(&b->db, b->path, OFFSET_MIN), 0);
	assert_int_equal(register_verify(b->db, &bad), -EUCLEAN);
	assert_true(bad > 0);
}

static bool near_one(const struct somebody *s, const struct somebody *x, int64_t from_ms,
		     int64_t until_ms)
{
	const int64_t mine[] = { s->registered_ms, s->decided_ms, s->entered_ms, s->left_ms };
	const int64_t theirs[] = { x->registered_ms, x->decided_ms, x->entered_ms, x->left_ms };

	for (int i = 0; i < 4; i++)
		for (int j = 0; j < 4; j++)
			if (mine[i] && theirs[j] >= from_ms && theirs[j] < until_ms &&
			    llabs(mine[i] - theirs[j]) <= REPORT_NEAR_MS)
				return true;
	return false;
}

static void compare_contact(struct bench *b, struct people *asked, const struct somebody *x)
{
	const struct report_contact *q = &asked->query;
	int32_t want = 0, got = 0;
	int64_t since;

	for (int i = 0; i < somebodies; i++) {
		const struct somebody *s = &people[i];
		bool found = x ? s != x && near_one(s, x, q->from_ms, q->until_ms)
			       : slow_presence(s, &since) && since < q->until_ms &&
					     (s->left_ms == 0 || s->left_ms > q->from_ms);
		want += found;
	}
	asked->max = PEOPLE_MAX;
	do { /* window by window, each person once and in order */
		asked->skip = got;
		assert_int_equal(register_contact(b->db, asked), 0);
		for (int i = 1; i < asked->count; i++)
			assert_true(asked->rows[i].visit_id > asked->rows[i - 1].visit_id);
		got += asked->count;
	} while (asked->count == PEOPLE_MAX);
	assert_int_equal(asked->total, want);
	assert_int_equal(got, want);
}

/* Who was inside, and who was at the gate together: against everybody looked at one by one. */
static void test_contacts(void **state)
{
	struct bench *b = *state;
	static struct people asked;
	uint64_t random = 5;

	make_a_year(b, 4);
	for (int i = 0; i < 300; i++) {
		int64_t from = some_moment(&random);
		asked.query = (struct report_contact){
			.from_ms = from, .until_ms = from + (int64_t)pick(&random, 90000000) + 1
		};
		compare_contact(b, &asked, NULL);
		unsigned one = pick(&random, (unsigned)somebodies);
		struct visit v;
		assert_int_equal(register_visit(b->db, people[one].id, &v), 0);
		/* two made-up people may share everything: ask for one that is alone */
		char sql[160];
		text_format(sql, sizeof(sql), "SELECT count(*) FROM person WHERE phone = '%s'",
			    v.person.phone);
		if (number_of(b, sql) != 1)
			continue;
		text_copy(asked.query.person, sizeof(asked.query.person), v.person.phone);
		compare_contact(b, &asked, &people[one]);
	}
}

static void test_inside_list_is_masked_and_ticked(void **state)
{
	struct bench *b = *state;
	static struct people asked;
	int64_t inside = 0;

	make_a_year(b, 6);
	for (int i = 0; i < somebodies; i++)
		inside += people[i].state == VISIT_INSIDE || people[i].state == VISIT_OVERDUE;
	asked.max = 7;
	asked.skip = 3;
	assert_int_equal(register_inside(b->db, &asked), 0);
	assert_int_equal(asked.total, inside);
	assert_int_equal(asked.count, 7);
	assert_int_equal(asked.ticked, 0);
	for (int i = 0; i < asked.count; i++) {
		assert_string_equal(asked.rows[i].phone, "");
		assert_non_null(strchr(asked.rows[i].name, '*'));
		assert_null(strstr(asked.rows[i].name, "试"));
	}
	asked.ticks[0] = asked.rows[2].visit_id;
	asked.ticks[1] = 999999999; /* somebody who has left since */
	asked.tick_count = 2;
	assert_int_equal(register_inside(b->db, &asked), 0);
	assert_int_equal(asked.ticked, 1);
	assert_true(asked.rows[2].ticked && !asked.rows[1].ticked);
}

static int sign(struct bench *b, enum entry_type type, const char *who, const struct report *r)
{
	return record_by(b, type, NULL, who, r->figures,
			 report_number_pack(r->day, REPORT_ROW_COUNT_), NULL);
}

static struct report day_report(struct bench *b, int64_t day)
{
	struct report_ask ask = {
		.kind = REPORT_DAY, .day = day, .now_ms = b->now_ms, .due_min = DUE_MIN
	};
	struct report r;

	assert_int_equal(register_report(b->db, &ask, &r), 0);
	return r;
}

static void test_made_by_one_and_checked_by_another(void **state)
{
	struct bench *b = *state;
	int64_t day = report_day_of(b->now_ms, OFFSET_MIN), bad;
	struct report_days days;

	register_sample(b, 1);
	assert_int_equal(day_report(b, day).state, REPORT_RUNNING);
	b->now_ms += DAY_MS - 6 * HOUR_MS; /* 02:00 of the next day */
	struct report r = day_report(b, day);
	assert_int_equal(r.state, REPORT_DUE);
	assert_int_equal(sign(b, ENTRY_REPORT_CHECKED, "赵队", &r), -EINVAL); /* not made */
	assert_int_equal(sign(b, ENTRY_REPORT_MADE, "", &r), -EINVAL); /* by nobody */
	assert_int_equal(sign(b, ENTRY_REPORT_MADE, "周敏", &r), 0);
	assert_int_equal(sign(b, ENTRY_REPORT_MADE, "周敏", &r), -EALREADY);
	assert_int_equal(day_report(b, day).state, REPORT_MADE);
	assert_int_equal(sign(b, ENTRY_REPORT_CHECKED, "周敏", &r), -EINVAL); /* the same */
	struct report other = r;
	other.figures[0] = other.figures[0] == '0' ? '1' : '0';
	assert_int_equal(sign(b, ENTRY_REPORT_CHECKED, "赵队", &other), -EINVAL);
	assert_int_equal(sign(b, ENTRY_REPORT_CHECKED, "赵队", &r), 0);
	assert_int_equal(sign(b, ENTRY_REPORT_CHECKED, "赵队", &r), -EALREADY);
	r = day_report(b, day);
	assert_int_equal(r.state, REPORT_DONE);
	assert_string_equal(r.signatures.made_by, "周敏");
	assert_string_equal(r.signatures.checked_by, "赵队");
	assert_false(r.changed);
	/* The clock is set back and somebody registers on a day that is signed. */
	b->now_ms -= DAY_MS / 2;
	register_sample(b, 2);
	b->now_ms += DAY_MS / 2;
	r = day_report(b, day);
	assert_true(r.changed);
	struct report_ask ask = { .now_ms = b->now_ms, .due_min = DUE_MIN };
	assert_int_equal(register_report_days(b->db, &ask, &days), 0);
	assert_true(days.days[1].changed);
	assert_int_equal(sign(b, ENTRY_REPORT_MADE, "赵队", &r), 0); /* made anew … */
	assert_int_equal(day_report(b, day).state, REPORT_MADE); /* … and to be checked anew */
	assert_int_equal(sign(b, ENTRY_REPORT_CHECKED, "周敏", &r), 0);
	assert_int_equal(register_verify(b->db, &bad), 0);
	assert_int_equal(projection_rebuild(b->db), 0);
	assert_string_equal(day_report(b, day).signatures.checked_by, "周敏");
}

static void test_missing_and_late_days(void **state)
{
	struct bench *b = *state;
	int64_t first = report_day_of(b->now_ms, OFFSET_MIN);
	struct report_ask ask = { .due_min = DUE_MIN };
	struct report_days days;

	register_sample(b, 1); /* Monday 08:00 */
	b->now_ms += DAY_MS; /* Tuesday 08:00: not due yet */
	ask.now_ms = b->now_ms;
	assert_int_equal(register_report_days(b->db, &ask, &days), 0);
	assert_int_equal(days.total, 2);
	assert_int_equal(days.missing, 0);
	assert_int_equal(days.days[1].state, REPORT_DUE);
	ask.now_ms = b->now_ms += 90 * MINUTE_MS; /* 09:30, to the minute */
	assert_int_equal(register_report_days(b->db, &ask, &days), 0);
	assert_int_equal(days.missing, 0);
	ask.now_ms = b->now_ms += 1;
	assert_int_equal(register_report_days(b->db, &ask, &days), 0);
	assert_int_equal(days.missing, 1);
	assert_int_equal(days.last_missing, first);
	assert_int_equal(days.days[1].state, REPORT_MISSING);
	struct report r = day_report(b, first);
	assert_int_equal(sign(b, ENTRY_REPORT_MADE, "周敏", &r), 0);
	assert_int_equal(day_report(b, first).state, REPORT_MISSING); /* made is not checked */
	assert_int_equal(sign(b, ENTRY_REPORT_CHECKED, "赵队", &r), 0);
	b->now_ms += 2 * DAY_MS; /* Thursday: Tuesday and Wednesday are missing, empty days */
	ask.now_ms = b->now_ms;
	assert_int_equal(register_report_days(b->db, &ask, &days), 0);
	assert_int_equal(days.total, 4);
	assert_int_equal(days.missing, 2);
	assert_int_equal(days.last_missing, first + 2);
	assert_int_equal(days.days[3].state, REPORT_LATE);
	r = day_report(b, first + 2);
	assert_int_equal(r.gap_count, 2);
	assert_int_equal(r.gaps[0].day, first + 1);
	assert_int_equal(r.gaps[0].state, REPORT_MISSING);
	assert_int_equal(r.gaps[1].state, REPORT_LATE);
	for (int row = 0; row < REPORT_ROW_COUNT_; row++)
		assert_int_equal(r.sums[row].period, 0); /* a zero report */
	assert_int_equal(r.sums[REPORT_REGISTERED].total, 1);
}

static void test_shift_and_duty(void **state)
{
	struct bench *b = *state;
	struct report r;

	assert_int_equal(record_by(b, ENTRY_LOGIN, NULL, "李强", "", ROLE_GUARD, NULL), 0);
	assert_int_equal(record_by(b, ENTRY_LOGIN, NULL, "周敏", "", ROLE_STAFF, NULL), 0);
	b->now_ms += HOUR_MS;
	register_sample(b, 1);
	assert_int_equal(record_by(b, ENTRY_HANDOVER, NULL, "李强", "", 0, NULL), 0);
	b->now_ms += 8 * HOUR_MS;
	assert_int_equal(record_by(b, ENTRY_LOGIN, NULL, "陈静", "", ROLE_GUARD, NULL), 0);
	register_sample(b, 2);
	b->now_ms += 8 * HOUR_MS; /* past midnight */
	register_sample(b, 3);
	struct report_ask ask = { .kind = REPORT_SHIFT, .now_ms = b->now_ms };
	assert_int_equal(register_report(b->db, &ask, &r), 0);
	assert_int_equal(r.from_ms, MONDAY_MS + HOUR_MS);
	assert_int_equal(r.sums[REPORT_REGISTERED].period, 3); /* one in the very millisecond */
	assert_int_equal(r.duty_count, 1);
	assert_string_equal(r.duty[0].name, "陈静");
	assert_int_equal(r.waiting, 3);
	ask = (struct report_ask){ .kind = REPORT_DAY,
				   .day = report_day_of(MONDAY_MS, OFFSET_MIN) };
	assert_int_equal(register_report(b->db, &ask, &r), 0);
	assert_int_equal(r.duty_count, 2);
	assert_string_equal(r.duty[0].name, "李强");
	assert_int_equal(r.duty[0].first_ms, MONDAY_MS);
	assert_int_equal(r.duty[0].last_ms, MONDAY_MS + HOUR_MS);
	/* A shift nobody ever handed over is not a year long. */
	ask = (struct report_ask){ .kind = REPORT_SHIFT, .now_ms = b->now_ms + 9 * DAY_MS };
	assert_int_equal(register_report(b->db, &ask, &r), 0);
	assert_int_equal(r.from_ms, civil_day_start_ms(ask.now_ms, OFFSET_MIN));
}

static void test_level_of_the_period(void **state)
{
	struct bench *b = *state;
	struct report r;
	static const struct {
		int64_t until_ms;
		enum level level;
	} CASES[] = {
		{ MONDAY_MS - HOUR_MS, LEVEL_CLOSED },
		{ MONDAY_MS, LEVEL_CLOSED },
		{ MONDAY_MS + 1, LEVEL_STRICT },
		{ MONDAY_MS + 3 * HOUR_MS, LEVEL_LOCKDOWN },
		{ MONDAY_MS + 20 * HOUR_MS, LEVEL_LOCKDOWN },
		{ MONDAY_MS + 200 * HOUR_MS, LEVEL_CLOSED },
	};
	static const struct level_event CHANGES[] = { { LEVEL_CLOSED, LEVEL_STRICT, 0 },
						      { LEVEL_STRICT, LEVEL_LOCKDOWN, 0 },
						      { LEVEL_LOCKDOWN, LEVEL_CLOSED, 0 } };
	static const int64_t AFTER[] = { HOUR_MS, 40 * HOUR_MS, 0 };

	assert_int_equal(register_report(b->db,
					 &(struct report_ask){ .kind = REPORT_PERIOD,
							       .from_ms = MONDAY_MS,
							       .until_ms = MONDAY_MS + 1 },
					 &r),
			 0);
	assert_false(r.level_known); /* never switched */
	for (size_t i = 0; i < ARRAY_LEN(CHANGES); i++) {
		assert_int_equal(record_by(b, ENTRY_LEVEL, NULL, "赵队", "0 s: why",
					   level_event_pack(&CHANGES[i]), NULL),
				 0);
		b->now_ms += AFTER[i];
	}
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		struct report_ask ask = { .kind = REPORT_PERIOD,
					  .from_ms = MONDAY_MS - DAY_MS,
					  .until_ms = CASES[i].until_ms };
		assert_int_equal(register_report(b->db, &ask, &r), 0);
		assert_true(r.level_known);
		assert_int_equal(r.level, CASES[i].level);
	}
}

/* Struck out, it is off the day of the correction; what is left is a level of each moment. */
static void test_ledgers(void **state)
{
	struct bench *b = *state;
	struct ledger l = { .kind = LEDGER_SUPPLY,
			    .given = LEDGER_KIND[LEDGER_SUPPLY].required,
			    .numbers = { [LEDGER_ITEM] = ITEM_PAPER,
					 [LEDGER_MOVE] = MOVE_IN,
					 [LEDGER_QUANTITY] = 5 } };
	struct report_ask ask = { .kind = REPORT_DAY,
				  .day = report_day_of(b->now_ms, OFFSET_MIN),
				  .now_ms = b->now_ms,
				  .due_min = DUE_MIN };
	uint64_t random = 7;
	struct report r;
	int64_t seq;

	assert_int_equal(write_ledger(b, &l, &seq), 0);
	l = made_up_ledger(LEDGER_INCIDENT, &random);
	assert_int_equal(write_ledger(b, &l, &seq), 0);
	b->now_ms += DAY_MS;
	l = (struct ledger){ .kind = LEDGER_INCIDENT, .struck = true, .corrects = seq };
	assert_int_equal(write_ledger(b, &l, &seq), 0);
	l = (struct ledger){ .kind = LEDGER_SUPPLY,
			     .given = LEDGER_KIND[LEDGER_SUPPLY].required,
			     .numbers = { [LEDGER_ITEM] = ITEM_PAPER,
					  [LEDGER_MOVE] = MOVE_OUT,
					  [LEDGER_QUANTITY] = 2 } };
	assert_int_equal(write_ledger(b, &l, &seq), 0);
	assert_int_equal(register_report(b->db, &ask, &r), 0);
	assert_int_equal(r.sums[REPORT_INCIDENTS].period, 1);
	assert_true(r.left_known[ITEM_PAPER] && !r.left_known[ITEM_MASKS]);
	assert_int_equal(r.left[ITEM_PAPER], 5);
	ask.day++;
	assert_int_equal(register_report(b->db, &ask, &r), 0);
	assert_int_equal(r.sums[REPORT_INCIDENTS].period, -1);
	assert_int_equal(r.sums[REPORT_INCIDENTS].total, 0);
	assert_int_equal(r.left[ITEM_PAPER], 3);
}

/* What the maker has to say stands in the event and in the row made from it, as long as it may be;
 * what is altered there is found. */
static void test_remark(void **state)
{
	struct bench *b = *state;
	struct report_ask ask = { .kind = REPORT_DAY,
				  .day = report_day_of(b->now_ms, OFFSET_MIN),
				  .due_min = DUE_MIN };
	struct entry e = { .type = ENTRY_REPORT_MADE,
			   .number = report_number_pack(ask.day, REPORT_ROW_COUNT_),
			   .actor = "周敏",
			   .clock_trusted = true };
	struct receipt receipt;
	struct report r;
	int64_t bad;

	ask.now_ms = e.wall_ms = b->now_ms + DAY_MS;
	e.mono_ms = DAY_MS;
	for (int i = 0; i < (REPORT_REMARK_BYTES - 1) / 3; i++)
		assert_true(utf8_append(e.remark, sizeof(e.remark), 0x9580));
	assert_int_equal(register_report(b->db, &ask, &r), 0);
	text_copy(e.detail, sizeof(e.detail), r.figures);
	assert_int_equal(register_record(b->db, &e, &receipt), 0);
	bench_reopen(b);
	assert_int_equal(register_report(b->db, &ask, &r), 0);
	assert_string_equal(r.signatures.remark, e.remark);
	assert_int_equal(register_verify(b->db, &bad), 0);
	bench_tamper(b, "UPDATE report SET remark = 'all well'");
	assert_int_equal(register_open(&b->db, b->path, OFFSET_MIN), 0);
	assert_int_equal(register_verify(b->db, &bad), -EUCLEAN);
	assert_int_equal(bad, receipt.seq);
}

struct yielded {
	int count;
	int64_t registered;
};

static int take_report(void *ctx, const struct report *r)
{
	struct yielded *y = ctx;

	y->count++;
	y->registered += r->sums[REPORT_REGISTERED].period;
	return y->count == 3 ? -ECANCELED : 0;
}

static void test_reports_for_an_export(void **state)
{
	struct bench *b = *state;
	struct report_ask ask = { .due_min = DUE_MIN };
	struct yielded y = { 0 };
	int64_t day = report_day_of(b->now_ms, OFFSET_MIN);

	register_sample(b, 1);
	b->now_ms += DAY_MS;
	register_sample(b, 2);
	ask.now_ms = b->now_ms;
	assert_int_equal(register_reports(b->db, day, day + 1, &ask, take_report, &y), 0);
	assert_int_equal(y.count, 2);
	assert_int_equal(y.registered, 2);
	assert_int_equal(register_reports(b->db, day, day + 9, &ask, take_report, &y), -ECANCELED);
}

/* Nothing is found by looking at everything: the plans of the statements say so. */
static void test_no_statement_reads_it_all(void **state)
{
	struct bench *b = *state;

	for (int s = STMT_TALLY_ADD; s <= STMT_CONTACT_LIST; s++) {
		char sql[2048];
		sqlite3_stmt *stmt;
		text_format(sql, sizeof(sql), "EXPLAIN QUERY PLAN %s", schema_statements[s]);
		assert_int_equal(sqlite3_prepare_v2(b->db->sqlite, sql, -1, &stmt, NULL),
				 SQLITE_OK);
		while (sqlite3_step(stmt) == SQLITE_ROW) {
			const char *how = (const char *)sqlite3_column_text(stmt, 3);
			bool scans = strncmp(how, "SCAN event", 10) == 0 ||
				     strncmp(how, "SCAN visit", 10) == 0 ||
				     strncmp(how, "SCAN v", 6) == 0 ||
				     strncmp(how, "SCAN person", 11) == 0 ||
				     strncmp(how, "SCAN p", 6) == 0;
			bool index = strstr(how, "visit_open") || strstr(how, "visit_odd");
			if (scans && !index && s != STMT_FIRST_DAY)
				fail_msg("statement %d: %s", s, how);
		}
		sqlite3_finalize(stmt);
	}
}

static int setup(void **state)
{
	static struct bench b;
	bench_open(&b);
	*state = &b;
	return 0;
}

static int teardown(void **state)
{
	bench_close(*state);
	return 0;
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_sums_are_those_of_a_slow_count),
		TEST(test_a_wrong_tally_is_found),
		TEST(test_contacts),
		TEST(test_inside_list_is_masked_and_ticked),
		TEST(test_made_by_one_and_checked_by_another),
		TEST(test_missing_and_late_days),
		TEST(test_shift_and_duty),
		TEST(test_level_of_the_period),
		TEST(test_ledgers),
		TEST(test_remark),
		TEST(test_reports_for_an_export),
		TEST(test_no_statement_reads_it_all),
	};
	return cmocka_run_group_tests_name("report", tests, NULL, NULL);
}
