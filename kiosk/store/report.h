/*
 * Sums and lists of a period, from the register: core/report.h says what they are. Everything here
 * reads a bounded part of the register, however old that is: whole days are summed from the tally
 * (a row for each day and thing counted), parts of a day are counted again from the events of that
 * day, and visits are found by the days they were registered on. By the events' own wall clock:
 * what happened while the clock was wrong stands on the day the clock said.
 *
 * Owned by the register's thread, as register.h; the same errors.
 */
#ifndef STORE_REPORT_H
#define STORE_REPORT_H

#include "core/report.h"
#include "store/register.h"

/* The sums of a day, of the shift that is under way, or of a period. */
MUST_CHECK int register_report(struct register_db *db, const struct report_ask *ask,
			       struct report *report);

/* The days and how their reports stand, the youngest first, from ask->skip on. */
MUST_CHECK int register_report_days(struct register_db *db, const struct report_ask *ask,
				    struct report_days *days);

/*
 * For an export: fn for the report of each day from from_day until until_day (included), oldest
 * first, as register_report gives it. A negative return of fn ends it and comes back.
 */
typedef int (*report_fn)(void *ctx, const struct report *report);
MUST_CHECK int register_reports(struct register_db *db, int64_t from_day, int64_t until_day,
				const struct report_ask *ask, report_fn fn, void *ctx);

#define PEOPLE_MAX 60
#define PEOPLE_TICKS_MAX 512

/* A window of a list of persons. Holds personal data: people_wipe when it is not needed. */
struct people {
	/* asked */
	int32_t skip, max; /* max: at most PEOPLE_MAX */
	int32_t tick_count; /* of those inside: visits that were called and answered */
	uint64_t ticks[PEOPLE_TICKS_MAX];
	struct report_contact query; /* of a contact query */
	/* answered */
	int32_t count, total, ticked; /* ticked: of the total */
	struct report_person rows[PEOPLE_MAX];
};

void people_wipe(struct people *people);

/* Those inside now, by visit; names masked, no telephone numbers. */
MUST_CHECK int register_inside(struct register_db *db, struct people *people);

/* Answers people->query, names in full. That it was asked must be on record before. Visits whose
 * personal fields have been deleted are listed without. */
MUST_CHECK int register_contact(struct register_db *db, struct people *people);

/* Inside the store: what an event adds to the tally of its day; called by the projection. */
MUST_CHECK int report_tally(struct register_db *db, int64_t seq, const struct entry *told);

/* … and what the signatures under a report change. -EINVAL: nothing was made that could be checked,
 * other figures than were made, or the same person. */
MUST_CHECK int report_sign(struct register_db *db, int64_t seq, const struct entry *told);

/* How many were inside at a moment; now, when it lies in the future. */
MUST_CHECK int report_inside_at(struct register_db *db, int64_t wall_ms, int64_t *count);

/* What an event adds to a row: mostly 0 or 1; some of waste are many bags, and a correction takes
 * off. */
int64_t report_counts(enum report_row row, const struct entry *told);

#endif
