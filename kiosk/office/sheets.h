/*
 * The contents of an export's sheets against its manifest: the whole chain, every commitment, the
 * counts, and that the sheet people read says of each visitor what the chain committed to. Works on
 * bytes in memory; the sheets may hold anything.
 */
#ifndef OFFICE_SHEETS_H
#define OFFICE_SHEETS_H

#include "codec/manifest.h"
#include "office/report.h"
#include "store/register.h"

struct sheet_bytes {
	const char *data;
	size_t len;
};

/* What the chain says about one registration. */
struct registration {
	uint64_t visit_id;
	int64_t seq;
	uint8_t commitment[MANIFEST_HASH_BYTES];
	bool seen; /* its personal fields were found */
};

/* Visits of which an event says that nothing personal is left. */
struct forgotten {
	uint64_t first, last;
	int64_t seq;
};

struct registrations {
	struct registration *list; /* malloc'ed; ordered by visit once the events are read */
	size_t count, cap;
	struct forgotten *runs; /* malloc'ed; ordered by their first visit, then */
	size_t run_count, run_cap;
};

void registrations_free(struct registrations *all);

/* events.csv: order, every hash from the manifest's prev to its head. Collects registrations and
 * what was forgotten. */
void check_events(const struct manifest *manifest, struct sheet_bytes sheet,
		  struct registrations *all, struct office_report *report);

/* persons.csv against the commitments. Those registered before the manifest's first event are none
 * of its business: how many they are comes back. */
int64_t check_persons(const struct manifest *manifest, struct sheet_bytes sheet,
		      struct registrations *all, struct office_report *report);

/*
 * Of everybody who was registered the person is there, or an event says that it was forgotten; not
 * both. An export of days may end before that event: how many are missing without one comes back.
 */
int64_t check_forgotten(const struct manifest *manifest, const struct registrations *all,
			struct office_report *report);

/* visitors.csv: as many rows as visits, and the persons of persons.csv in the same order. */
void check_visitors(const struct manifest *manifest, struct sheet_bytes sheet,
		    struct sheet_bytes persons, struct office_report *report);

/* Calls for each person of the file until take says false; false for that and for what is no
 * person.
 */
MUST_CHECK bool each_person(struct sheet_bytes sheet,
			    bool (*take)(void *ctx, const struct person_row *row), void *ctx);

/* Any other sheet: lines of one form, so many of them beside the headings. */
void check_rows(const char *name, int64_t rows, struct sheet_bytes sheet,
		struct office_report *report);

#endif
