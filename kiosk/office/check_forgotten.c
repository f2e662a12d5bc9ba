/*
 * Deleting who somebody was is a duty, and the event that says so is what tells it from a row that
 * somebody took away. Both lists are in order, so one walk looks at all of them.
 */
#include <inttypes.h>

#include "office/sheets.h"

/* The run that reaches furthest of those that begin at or before the visit. */
static const struct forgotten *advance(const struct registrations *all, uint64_t visit_id,
				       size_t *next, const struct forgotten *furthest)
{
	for (; *next < all->run_count && all->runs[*next].first <= visit_id; ++*next)
		if (!furthest || all->runs[*next].last > furthest->last)
			furthest = &all->runs[*next];
	return furthest;
}

static void tell_missing(const struct registration *one, struct office_report *report)
{
	report_wrong(report,
		     EXPORT_EVENTS_NAME " event %" PRId64 ": visit %" PRIu64
					" was registered, but " EXPORT_PERSONS_NAME
					" does not hold the person, and no event says that it was"
					" forgotten",
		     one->seq, one->visit_id);
}

int64_t check_forgotten(const struct manifest *manifest, const struct registrations *all,
			struct office_report *report)
{
	bool to_the_end = manifest->range != MANIFEST_RANGE_DAYS;
	const struct forgotten *run = NULL;
	int64_t missing = 0;
	size_t next = 0;

	for (size_t i = 0; i < all->count; i++) {
		const struct registration *one = &all->list[i];
		run = advance(all, one->visit_id, &next, run);
		bool forgotten = run && run->last >= one->visit_id;
		if (!one->seen && !forgotten && to_the_end)
			tell_missing(one, report);
		missing += !one->seen && !forgotten;
		if (one->seen && forgotten)
			report_wrong(report,
				     EXPORT_EVENTS_NAME
				     " event %" PRId64 " says that visit %" PRIu64
				     " was forgotten, but " EXPORT_PERSONS_NAME " holds the person",
				     run->seq, one->visit_id);
	}
	return missing;
}
