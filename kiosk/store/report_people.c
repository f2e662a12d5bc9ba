/*
 * Who was where. A visit's own times say it: registered, decided, entered, left. To find the few
 * visits of a period without looking at all there ever were: those registered from two days before
 * it on, those that are not over, and the odd ones (schema.c).
 */
#include <string.h>

#include <sodium.h>

#include "core/identity.h"
#include "store/db.h"
#include "store/entry_codec.h"
#include "store/projection.h"
#include "store/report.h"

#define DAYS_BEFORE 2
#define MOMENTS_MAX 256

/* Columns of STMT_INSIDE_LIST and STMT_CONTACT_LIST. */
enum {
	COL_ID,
	COL_TICKET,
	COL_CLASS,
	COL_STATE,
	COL_ENTERED_MS,
	COL_LEFT_MS,
	COL_NAME,
	COL_HOUSEHOLD,
	COL_PHONE,
	COL_DOCUMENT,
	COL_REGISTERED_MS,
	COL_DECIDED_MS,
};

void people_wipe(struct people *people)
{
	sodium_memzero(people, sizeof(*people));
}

static int visit_of_event(struct register_db *db, int64_t seq, int64_t *id)
{
	uint8_t commitment[CHAIN_HASH_BYTES];
	struct event_row row;
	struct entry e;
	QUERY(q);

	query_begin(&q, db, STMT_EVENT_RANGE);
	query_bind_int(&q, seq - 1);
	query_bind_int(&q, 1);
	int r = query_row(&q);
	if (r <= 0)
		return r ? r : -EUCLEAN;
	if (!event_row_read(&q, &row) ||
	    !entry_decode(row.type, row.wall_ms, row.body, row.body_len, &e, commitment))
		return -EUCLEAN;
	*id = (int64_t)e.visit.id;
	return 0;
}

/* The visits registered on these days lie between two ids; none: 1 to 0. */
static int visits_of_days(struct register_db *db, int64_t from_day, int64_t last_day,
			  int64_t ids[2])
{
	int64_t first_seq, last_seq;

	ids[0] = 1;
	ids[1] = 0;
	{
		QUERY(q);
		query_begin(&q, db, STMT_TALLY_ITEM_SPAN);
		query_bind_int(&q, from_day);
		query_bind_int(&q, last_day);
		query_bind_int(&q, REPORT_REGISTERED);
		int r = query_row(&q);
		if (r <= 0)
			return r;
		first_seq = query_int(&q, 0);
		last_seq = query_int(&q, 1);
	}
	if (last_seq < first_seq)
		return 0;
	int r = visit_of_event(db, first_seq, &ids[0]);
	return r ? r : visit_of_event(db, last_seq, &ids[1]);
}

int report_inside_at(struct register_db *db, int64_t wall_ms, int64_t *count)
{
	int64_t day = projection_day(db, wall_ms), ids[2];
	QUERY(q);

	*count = 0;
	int r = visits_of_days(db, day - DAYS_BEFORE, day, ids);
	if (r)
		return r;
	query_begin(&q, db, STMT_INSIDE_AT);
	query_bind_int(&q, ids[0]);
	query_bind_int(&q, ids[1]);
	query_bind_int(&q, wall_ms);
	r = query_row(&q);
	if (r == 1)
		*count = query_int(&q, 0);
	return r < 0 ? r : 0;
}

static void read_row(const struct query *q, struct report_person *p)
{
	p->visit_id = (uint64_t)query_int(q, COL_ID);
	p->ticket = (uint32_t)query_int(q, COL_TICKET);
	p->person_class = (enum person_class)query_int(q, COL_CLASS);
	p->state = (enum visit_state)query_int(q, COL_STATE);
	p->entered_ms = query_int(q, COL_ENTERED_MS);
	p->left_ms = query_int(q, COL_LEFT_MS);
	query_text(q, COL_NAME, p->name, sizeof(p->name));
	query_text(q, COL_HOUSEHOLD, p->household, sizeof(p->household));
}

static struct report_person *next_row(struct people *people)
{
	int32_t at = people->total++ - people->skip;
	int32_t max = people->max < PEOPLE_MAX ? people->max : PEOPLE_MAX;

	if (at < 0 || at >= max)
		return NULL;
	people->count++;
	return memset(&people->rows[at], 0, sizeof(people->rows[at]));
}

static bool is_ticked(const struct people *people, uint64_t visit_id)
{
	for (int i = 0; i < people->tick_count; i++)
		if (people->ticks[i] == visit_id)
			return true;
	return false;
}

static void begin_list(struct people *people)
{
	people->count = people->total = people->ticked = 0;
	sodium_memzero(people->rows, sizeof(people->rows));
}

int register_inside(struct register_db *db, struct people *people)
{
	char name[NAME_BYTES];
	QUERY(q);
	int r;

	begin_list(people);
	query_begin(&q, db, STMT_INSIDE_LIST);
	while ((r = query_row(&q)) == 1) {
		bool ticked = is_ticked(people, (uint64_t)query_int(&q, COL_ID));
		struct report_person *p = next_row(people);
		people->ticked += ticked;
		if (!p)
			continue;
		read_row(&q, p);
		p->ticked = ticked;
		memcpy(name, p->name, sizeof(name));
		identity_mask_name(name, p->name, sizeof(p->name));
		sodium_memzero(name, sizeof(name));
	}
	return r;
}

/* When the person asked for was at the gate. */
struct moments {
	int count;
	int64_t wall_ms[MOMENTS_MAX];
};

static const int MOMENT_COLUMNS[] = { COL_REGISTERED_MS, COL_DECIDED_MS, COL_ENTERED_MS,
				      COL_LEFT_MS };

static bool same_text(const struct query *q, int column, const char *text)
{
	const char *found = (const char *)sqlite3_column_text(q->stmt, column);

	return found && found[0] && strcasecmp(found, text) == 0;
}

static bool is_person(const struct query *q, const char *text)
{
	return same_text(q, COL_NAME, text) || same_text(q, COL_DOCUMENT, text) ||
	       same_text(q, COL_PHONE, text);
}

static void begin_contact(struct query *q, struct register_db *db, const int64_t ids[2])
{
	query_begin(q, db, STMT_CONTACT_LIST);
	query_bind_int(q, ids[0]);
	query_bind_int(q, ids[1]);
}

static int find_moments(struct register_db *db, const struct report_contact *asked,
			const int64_t ids[2], struct moments *moments)
{
	QUERY(q);
	int r;

	begin_contact(&q, db, ids);
	while ((r = query_row(&q)) == 1) {
		if (!is_person(&q, asked->person))
			continue;
		for (size_t i = 0; i < ARRAY_LEN(MOMENT_COLUMNS); i++) {
			int64_t at = query_int(&q, MOMENT_COLUMNS[i]);
			if (at >= asked->from_ms && at < asked->until_ms &&
			    moments->count < MOMENTS_MAX)
				moments->wall_ms[moments->count++] = at;
		}
	}
	return r;
}

static bool was_near(const struct query *q, const struct moments *moments)
{
	for (size_t i = 0; i < ARRAY_LEN(MOMENT_COLUMNS); i++) {
		int64_t at = query_int(q, MOMENT_COLUMNS[i]);
		for (int m = 0; at && m < moments->count; m++) {
			int64_t apart = at - moments->wall_ms[m];
			if (apart >= -REPORT_NEAR_MS && apart <= REPORT_NEAR_MS)
				return true;
		}
	}
	return false;
}

/* The same reckoning as INSIDE_SINCE in schema.c. */
static bool was_inside(const struct query *q, int64_t from_ms, int64_t until_ms)
{
	int64_t state = query_int(q, COL_STATE);
	int64_t entered = query_int(q, COL_ENTERED_MS), left = query_int(q, COL_LEFT_MS);
	int64_t since = entered ? entered : query_int(q, COL_DECIDED_MS);

	if (state != VISIT_INSIDE && state != VISIT_LEFT && state != VISIT_OVERDUE)
		return false;
	return since < until_ms && (left == 0 || left > from_ms);
}

int register_contact(struct register_db *db, struct people *people)
{
	const struct report_contact *asked = &people->query;
	bool one = asked->person[0] != '\0';
	struct moments moments = { 0 };
	int64_t ids[2];

	begin_list(people);
	int r = visits_of_days(db, projection_day(db, asked->from_ms) - DAYS_BEFORE,
			       projection_day(db, asked->until_ms + REPORT_NEAR_MS), ids);
	if (r == 0 && one)
		r = find_moments(db, asked, ids, &moments);
	if (r)
		return r;
	QUERY(q);
	begin_contact(&q, db, ids);
	while ((r = query_row(&q)) == 1) {
		bool found = one ? !is_person(&q, asked->person) && was_near(&q, &moments)
				 : was_inside(&q, asked->from_ms, asked->until_ms);
		struct report_person *p = found ? next_row(people) : NULL;
		if (!p)
			continue;
		read_row(&q, p);
		query_text(&q, COL_PHONE, p->phone, sizeof(p->phone));
	}
	return r;
}
