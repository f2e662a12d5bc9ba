#include "store/projection.h"

#include <string.h>

#include "base/civil.h"
#include "core/level.h"
#include "core/view.h"
#include "store/entry_codec.h"
#include "store/ledger.h"
#include "store/report.h"

#define DAY_MS INT64_C(86400000)
#define MINUTE_MS INT64_C(60000)

/* A visit as it stands before the event. */
struct standing {
	enum visit_state state;
	uint32_t ticket;
	uint64_t pass_serial;
	bool revoked;
};

#define IN(state) (1U << (state))
#define ANY (~0U)

/* In which states of its visit an event makes sense, and in which it would be a repetition. */
struct sense {
	unsigned from, already;
	bool needs_pass;
};

static const struct sense senses[ENTRY_TYPE_COUNT_] = {
	[ENTRY_DECIDED] = { .from = IN(VISIT_WAITING), .already = ~IN(VISIT_WAITING) },
	[ENTRY_PASS_PRINTED] = { .from = ANY, .needs_pass = true },
	[ENTRY_GATE_RELEASED] = { .from = ANY },
	[ENTRY_PASSED] = { .from = IN(VISIT_ADMITTED) | IN(VISIT_LAPSED),
			   .already = IN(VISIT_INSIDE) | IN(VISIT_OVERDUE) },
	[ENTRY_LAPSED] = { .from = IN(VISIT_ADMITTED), .already = IN(VISIT_LAPSED) },
	[ENTRY_LEFT] = { .from = IN(VISIT_ADMITTED) | IN(VISIT_LAPSED) | IN(VISIT_INSIDE) |
				 IN(VISIT_OVERDUE),
			 .already = IN(VISIT_LEFT) },
	[ENTRY_PASS_REJECTED] = { .from = ANY },
	[ENTRY_REVEALED] = { .from = ANY },
	[ENTRY_PASS_REVOKED] = { .from = ANY, .needs_pass = true },
};

/* These may be about nobody: a release by hand, a pass nobody knows. */
static bool visit_is_optional(enum entry_type type)
{
	return type == ENTRY_GATE_RELEASED || type == ENTRY_PASS_REJECTED;
}

int64_t projection_day(const struct register_db *db, int64_t wall_ms)
{
	int64_t start_ms = civil_day_start_ms(wall_ms, db->utc_offset_min);

	return (start_ms + db->utc_offset_min * MINUTE_MS) / DAY_MS;
}

int projection_next_ticket(struct register_db *db, int64_t wall_ms, uint32_t *ticket)
{
	QUERY(q);

	query_begin(&q, db, STMT_DAY_ONE);
	query_bind_int(&q, projection_day(db, wall_ms));
	int r = query_row(&q);
	*ticket = r == 1 ? (uint32_t)query_int(&q, 0) + 1 : 1;
	return r < 0 ? r : 0;
}

/* What an event adds to the counts of its day. */
struct day_step {
	int registered, entered, gone, refused;
};

static int count_day(struct register_db *db, int64_t wall_ms, struct day_step step)
{
	QUERY(q);

	query_begin(&q, db, STMT_DAY_ADD);
	query_bind_int(&q, projection_day(db, wall_ms));
	query_bind_int(&q, step.registered);
	query_bind_int(&q, step.entered);
	query_bind_int(&q, step.gone);
	query_bind_int(&q, step.refused);
	return query_run(&q);
}

static enum visit_state state_of_verdict(enum verdict verdict)
{
	switch (verdict) {
	case VERDICT_ADMIT:
		return VISIT_ADMITTED;
	case VERDICT_REFER:
		return VISIT_WAITING;
	case VERDICT_TURN_BACK:
		return VISIT_TURNED_BACK;
	case VERDICT_REFUSE:
	case VERDICT_COUNT_:
		break;
	}
	return VISIT_REFUSED;
}

static bool sends_away(enum visit_state state)
{
	return state == VISIT_REFUSED || state == VISIT_TURNED_BACK;
}

/* Nobody is let in by the machine alone: a registration may refer or refuse. */
static int apply_registered(struct register_db *db, int64_t seq, const struct entry *told,
			    enum visit_state *state)
{
	const struct visit *v = &told->visit;

	if (v->decision.verdict == VERDICT_ADMIT || v->pass_serial != 0 || v->id == 0)
		return -EINVAL;
	*state = state_of_verdict(v->decision.verdict);
	QUERY(q);
	query_begin(&q, db, STMT_VISIT_ADD);
	query_bind_int(&q, (int64_t)v->id);
	query_bind_int(&q, v->ticket);
	query_bind_int(&q, v->person_class);
	query_bind_int(&q, *state);
	query_bind_int(&q, seq);
	query_bind_int(&q, told->wall_ms);
	query_bind_int(&q, sends_away(*state) ? told->wall_ms : 0);
	int r = query_run(&q);
	if (r)
		return r;
	return count_day(db, told->wall_ms,
			 (struct day_step){ .registered = 1, .refused = sends_away(*state) });
}

static int add_pass(struct register_db *db, const struct visit *v)
{
	QUERY(q);

	query_begin(&q, db, STMT_PASS_ADD);
	query_bind_int(&q, (int64_t)v->pass_serial);
	query_bind_int(&q, (int64_t)v->id);
	query_bind_int(&q, v->pass_expires_ms);
	return query_run(&q);
}

/* A pass comes with admission and with nothing else. */
static int apply_decided(struct register_db *db, int64_t seq, const struct entry *told,
			 enum visit_state *state)
{
	const struct visit *v = &told->visit;
	int r = 0;

	*state = state_of_verdict(v->decision.verdict);
	if (v->pass_serial != 0)
		r = *state == VISIT_ADMITTED ? add_pass(db, v) : -EINVAL;
	if (r)
		return r;
	QUERY(q);
	query_begin(&q, db, STMT_VISIT_DECIDE);
	query_bind_int(&q, (int64_t)v->id);
	query_bind_int(&q, *state);
	query_bind_int(&q, seq);
	query_bind_int(&q, *state == VISIT_WAITING ? 0 : told->wall_ms);
	query_bind_text(&q, *state == VISIT_WAITING ? "" : told->actor, sizeof(told->actor));
	query_bind_int(&q, (int64_t)v->pass_serial);
	r = query_run(&q);
	if (r == 0 && sends_away(*state))
		r = count_day(db, told->wall_ms, (struct day_step){ .refused = 1 });
	return r;
}

static int update_visit(struct register_db *db, enum statement statement, uint64_t id)
{
	QUERY(q);

	query_begin(&q, db, statement);
	query_bind_int(&q, (int64_t)id);
	return query_run(&q);
}

static int update_visit_at(struct register_db *db, enum statement statement, uint64_t id,
			   int64_t wall_ms)
{
	QUERY(q);

	query_begin(&q, db, statement);
	query_bind_int(&q, (int64_t)id);
	query_bind_int(&q, wall_ms);
	return query_run(&q);
}

static int update_pass(struct register_db *db, enum statement statement, uint64_t serial)
{
	return serial ? update_visit(db, statement, serial) : 0;
}

static int apply_passed(struct register_db *db, const struct entry *told)
{
	int r = update_visit_at(db, STMT_VISIT_ENTER, told->visit.id, told->wall_ms);

	return r ? r : count_day(db, told->wall_ms, (struct day_step){ .entered = 1 });
}

static int apply_left(struct register_db *db, const struct entry *told, uint64_t pass_serial)
{
	int r = update_visit_at(db, STMT_VISIT_LEAVE, told->visit.id, told->wall_ms);

	if (r == 0)
		r = update_pass(db, STMT_PASS_USED, pass_serial);
	return r ? r : count_day(db, told->wall_ms, (struct day_step){ .gone = 1 });
}

static int read_standing(struct register_db *db, uint64_t id, struct standing *standing)
{
	QUERY(q);

	query_begin(&q, db, STMT_VISIT_STANDING);
	query_bind_int(&q, (int64_t)id);
	int r = query_row(&q);
	if (r <= 0)
		return r ? r : -ENOENT;
	*standing = (struct standing){ .state = (enum visit_state)query_int(&q, 0),
				       .ticket = (uint32_t)query_int(&q, 1),
				       .pass_serial = (uint64_t)query_int(&q, 2),
				       .revoked = query_int(&q, 3) != 0 };
	return 0;
}

static int makes_sense(const struct entry *told, const struct standing *standing)
{
	const struct sense *sense = &senses[told->type];
	unsigned now = IN(standing->state);

	if (sense->already & now)
		return -EALREADY;
	if (!(sense->from & now) || (sense->needs_pass && standing->pass_serial == 0))
		return -EINVAL;
	return told->type == ENTRY_PASS_REVOKED && standing->revoked ? -EALREADY : 0;
}

static int apply_to_visit(struct register_db *db, int64_t seq, const struct entry *told,
			  enum visit_state *state, uint32_t *ticket)
{
	struct standing standing;
	int r = read_standing(db, told->visit.id, &standing);

	if (r == 0)
		r = makes_sense(told, &standing);
	if (r)
		return r;
	*state = standing.state;
	*ticket = standing.ticket;
	if (told->type == ENTRY_DECIDED)
		return apply_decided(db, seq, told, state);
	if (told->type == ENTRY_PASS_PRINTED)
		return update_pass(db, STMT_PASS_PRINTED, standing.pass_serial);
	if (told->type == ENTRY_PASS_REVOKED)
		return update_pass(db, STMT_PASS_REVOKE, standing.pass_serial);
	if (told->type == ENTRY_PASSED) {
		*state = VISIT_INSIDE;
		return apply_passed(db, told);
	}
	if (told->type == ENTRY_LAPSED) {
		*state = VISIT_LAPSED;
		return update_visit(db, STMT_VISIT_LAPSE, told->visit.id);
	}
	if (told->type == ENTRY_PASS_REJECTED && told->number == PASS_EXPIRED &&
	    IN(standing.state) & (IN(VISIT_ADMITTED) | IN(VISIT_LAPSED) | IN(VISIT_INSIDE))) {
		*state = VISIT_OVERDUE; /* the holder wants out: a guard's list must know */
		return update_visit(db, STMT_VISIT_OVERDUE, told->visit.id);
	}
	if (told->type == ENTRY_LEFT) {
		*state = VISIT_LEFT;
		return apply_left(db, told, standing.pass_serial);
	}
	return 0;
}

/* The level before is what the gate believed: a gate whose configuration has changed must still be
 * switchable, so only nonsense is refused. An order is taken once: the last number never falls. */
static int apply_level(struct register_db *db, int64_t seq, const struct entry *told)
{
	struct level_event level;

	if (!level_event_unpack(told->number, &level))
		return -EINVAL;
	QUERY(q);
	query_begin(&q, db, STMT_LEVEL_SET);
	query_bind_int(&q, seq);
	query_bind_int(&q, level.to);
	query_bind_int(&q, told->wall_ms);
	query_bind_text(&q, told->actor, sizeof(told->actor));
	query_bind_int(&q, (int64_t)level.order_number);
	return query_run(&q);
}

int projection_apply(struct register_db *db, int64_t seq, const struct entry *told,
		     enum visit_state *visit_state, uint32_t *ticket)
{
	int r = report_tally(db, seq, told);

	if (r)
		return r;
	*visit_state = VISIT_DRAFT;
	*ticket = told->visit.ticket;
	if (told->type == ENTRY_LEVEL)
		return apply_level(db, seq, told);
	if (told->type == ENTRY_IMPORTED)
		return projection_import(db, seq, told);
	if (told->type == ENTRY_REPORT_MADE || told->type == ENTRY_REPORT_CHECKED)
		return report_sign(db, seq, told);
	if (told->type == ENTRY_LEDGER)
		return ledger_apply(db, seq, told);
	if (!entry_has_visit(told->type))
		return 0;
	if (told->visit.id == 0 && visit_is_optional(told->type))
		return 0;
	if (told->type == ENTRY_REGISTERED)
		return apply_registered(db, seq, told, visit_state);
	return apply_to_visit(db, seq, told, visit_state, ticket);
}

static int apply_row(struct register_db *db, const struct event_row *row)
{
	struct entry told;
	uint8_t commitment[CHAIN_HASH_BYTES];
	enum visit_state state;
	uint32_t ticket;

	if (!entry_decode(row->type, row->wall_ms, row->body, row->body_len, &told, commitment))
		return -EUCLEAN;
	memcpy(told.actor, row->actor, sizeof(told.actor));
	return projection_apply(db, row->seq, &told, &state, &ticket);
}

int projection_replay(struct register_db *from, struct register_db *into, int64_t *seq, int64_t max)
{
	QUERY(q);
	int r;

	query_begin(&q, from, STMT_EVENT_RANGE);
	query_bind_int(&q, *seq);
	query_bind_int(&q, max);
	while ((r = query_row(&q)) == 1) {
		struct event_row row;
		r = event_row_read(&q, &row) ? apply_row(into, &row) : -EUCLEAN;
		if (r)
			return r;
		*seq = row.seq;
	}
	return r;
}

int projection_remake(struct register_db *db)
{
	int64_t seq = 0;
	int r = db_fail(db, sqlite3_exec(db->sqlite,
					 "DELETE FROM pass; DELETE FROM day; DELETE FROM level_now;"
					 "DELETE FROM import_now;"
					 "DELETE FROM tally; DELETE FROM report;"
					 "DELETE FROM stock; DELETE FROM ledger;"
					 "DELETE FROM visit;",
					 NULL, NULL, NULL));
	return r ? r : projection_replay(db, db, &seq, INT64_MAX);
}

int projection_rebuild(struct register_db *db)
{
	int r = txn_begin(db);

	return r ? r : txn_end(db, projection_remake(db));
}
