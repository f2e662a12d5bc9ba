/*
 * The reports of days: who signed them, whether what was signed still holds, which are missing.
 */
#include "store/report_days.h"

#include <string.h>

#include <sodium.h>

#include "base/text.h"
#include "store/db.h"
#include "store/projection.h"

#define DAYS_LISTED_MAX 3660

static_assert(REPORT_FIGURES_BYTES > 16, "16 hex digits");
static_assert(REPORT_REMARK_BYTES == ENTRY_REMARK_BYTES, "what is signed is what was typed");

int report_read_signed(struct register_db *db, int64_t day, struct report_signed *s)
{
	QUERY(q);

	*s = (struct report_signed){ .day = day };
	query_begin(&q, db, STMT_REPORT_ONE);
	query_bind_int(&q, day);
	int r = query_row(&q);
	if (r <= 0)
		return r;
	s->rows = (int32_t)query_int(&q, 0);
	query_text(&q, 1, s->figures, sizeof(s->figures));
	s->made_ms = query_int(&q, 2);
	query_text(&q, 3, s->made_by, sizeof(s->made_by));
	s->checked_ms = query_int(&q, 4);
	query_text(&q, 5, s->checked_by, sizeof(s->checked_by));
	query_text(&q, 6, s->remark, sizeof(s->remark));
	return 0;
}

static int sign_made(struct register_db *db, int64_t seq, const struct entry *told, int64_t day,
		     int32_t rows)
{
	QUERY(q);

	query_begin(&q, db, STMT_REPORT_MADE);
	query_bind_int(&q, day);
	query_bind_int(&q, seq);
	query_bind_int(&q, rows);
	query_bind_text(&q, told->detail, sizeof(told->detail));
	query_bind_int(&q, told->wall_ms);
	query_bind_text(&q, told->actor, sizeof(told->actor));
	query_bind_text(&q, told->remark, sizeof(told->remark));
	return query_run(&q);
}

static int sign_checked(struct register_db *db, int64_t seq, const struct entry *told, int64_t day)
{
	QUERY(q);

	query_begin(&q, db, STMT_REPORT_CHECKED);
	query_bind_int(&q, day);
	query_bind_int(&q, seq);
	query_bind_int(&q, told->wall_ms);
	query_bind_text(&q, told->actor, sizeof(told->actor));
	return query_run(&q);
}

/* What is signed a second time with the same figures says nothing new. */
int report_sign(struct register_db *db, int64_t seq, const struct entry *told)
{
	struct report_signed now;
	int64_t day;
	int32_t rows;

	if (!report_number_unpack(told->number, &day, &rows) || told->actor[0] == '\0')
		return -EINVAL;
	int r = report_read_signed(db, day, &now);
	if (r)
		return r;
	bool same = now.rows == rows && strcmp(now.figures, told->detail) == 0;
	if (told->type == ENTRY_REPORT_MADE)
		return now.made_ms && same ? -EALREADY : sign_made(db, seq, told, day, rows);
	if (now.made_ms == 0 || !same || strcmp(now.made_by, told->actor) == 0)
		return -EINVAL;
	return now.checked_ms ? -EALREADY : sign_checked(db, seq, told, day);
}

void report_figures(const struct report *r, int32_t rows, char dst[REPORT_FIGURES_BYTES])
{
	crypto_hash_sha256_state sha;
	uint8_t hash[crypto_hash_sha256_BYTES];
	char line[64];

	crypto_hash_sha256_init(&sha);
	for (int i = 0; i < rows; i++) {
		text_format(line, sizeof(line), "%d %lld\n", i, (long long)r->sums[i].period);
		crypto_hash_sha256_update(&sha, (const uint8_t *)line, strlen(line));
	}
	crypto_hash_sha256_final(&sha, hash);
	sodium_bin2hex(dst, REPORT_FIGURES_BYTES, hash, 8);
}

bool report_has_changed(const struct report *r, const struct report_signed *s)
{
	char now[REPORT_FIGURES_BYTES];

	if (s->made_ms == 0)
		return false;
	report_figures(r, s->rows, now);
	return strcmp(now, s->figures) != 0;
}

enum report_state report_state_of(const struct register_db *db, const struct report_signed *s,
				  const struct report_ask *ask)
{
	int32_t offset = db->utc_offset_min;

	return report_state(s, report_due_ms(s->day, ask->due_min, offset),
			    report_day_start_ms(s->day + 1, offset), ask->now_ms);
}

static int first_day(struct register_db *db, int64_t today, int64_t *day)
{
	QUERY(q);

	query_begin(&q, db, STMT_FIRST_DAY);
	int r = query_row(&q);
	*day = r == 1 ? projection_day(db, query_int(&q, 0)) : today;
	if (*day > today)
		*day = today;
	if (*day < today - DAYS_LISTED_MAX)
		*day = today - DAYS_LISTED_MAX;
	return r < 0 ? r : 0;
}

int report_find_gaps(struct register_db *db, const struct report_ask *ask, struct report *r)
{
	int64_t oldest;
	int err = first_day(db, r->day, &oldest);

	if (oldest < r->day - REPORT_LOOK_BACK_DAYS)
		oldest = r->day - REPORT_LOOK_BACK_DAYS;
	for (int64_t day = r->day - 1; day >= oldest && err == 0; day--) {
		struct report_signed s;
		err = report_read_signed(db, day, &s);
		enum report_state state = report_state_of(db, &s, ask);
		if (err || (state != REPORT_MISSING && state != REPORT_LATE))
			continue;
		if (r->gap_count < REPORT_GAPS_MAX)
			r->gaps[r->gap_count] = (struct report_gap){ day, state };
		r->gap_count++;
	}
	return err;
}

static int list_day(struct register_db *db, const struct report_ask *ask, int64_t day,
		    struct report_day *d)
{
	struct report_signed s;
	struct report sums = { 0 };
	int64_t level_seq;
	int r = report_read_signed(db, day, &s);

	if (r == 0 && s.made_ms)
		r = report_sum_days(db, day, day + 1, false, sums.sums, &level_seq);
	if (r)
		return r;
	*d = (struct report_day){ .day = day,
				  .state = report_state_of(db, &s, ask),
				  .changed = report_has_changed(&sums, &s),
				  .checked_ms = s.checked_ms };
	memcpy(d->made_by, s.made_by, sizeof(d->made_by));
	memcpy(d->checked_by, s.checked_by, sizeof(d->checked_by));
	return 0;
}

static int count_missing(struct register_db *db, const struct report_ask *ask,
			 struct report_days *days)
{
	int64_t last = days->today - 1; /* that was due already */
	QUERY(q);

	if (ask->now_ms <= report_due_ms(last, ask->due_min, db->utc_offset_min))
		last--;
	if (last < days->first_day)
		return 0;
	query_begin(&q, db, STMT_REPORT_TOTAL);
	query_bind_int(&q, days->first_day);
	query_bind_int(&q, last);
	int r = query_row(&q);
	if (r < 0)
		return r;
	days->missing = last - days->first_day + 1 - query_int(&q, 0);
	r = 0;
	for (bool found = days->missing == 0; !found && r == 0; last--) {
		struct report_signed s;
		r = report_read_signed(db, last, &s);
		found = s.checked_ms == 0;
		days->last_missing = last;
	}
	return r;
}

int register_report_days(struct register_db *db, const struct report_ask *ask,
			 struct report_days *days)
{
	memset(days, 0, sizeof(*days));
	days->today = projection_day(db, ask->now_ms);
	days->skip = ask->skip;
	int r = first_day(db, days->today, &days->first_day);
	if (r)
		return r;
	days->total = (int32_t)(days->today - days->first_day + 1);
	for (int i = 0; i < REPORT_DAYS_SHOWN && ask->skip + i < days->total && r == 0; i++) {
		r = list_day(db, ask, days->today - ask->skip - i, &days->days[i]);
		days->count += r == 0;
	}
	return r ? r : count_missing(db, ask, days);
}
