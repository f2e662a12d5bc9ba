/*
 * What an export is to hold, settled before its first row is sent, so that what is registered
 * meanwhile changes nothing in it: which events, which visits they speak of, and the reports of
 * which days. Worker thread.
 */
#ifndef KIOSK_EXPORT_PLAN_H
#define KIOSK_EXPORT_PLAN_H

#include "export.h"

struct export_plan {
	int64_t first_seq, last_seq; /* last_seq is first_seq - 1 when there is none */
	uint8_t prev[CHAIN_HASH_BYTES], head[CHAIN_HASH_BYTES]; /* before the first, of the last */
	uint64_t first_visit, last_visit; /* 1 and 0 when there is none */
	int64_t visits;
	int64_t from_day, until_day; /* of the daily reports, both included; until < from: none */
	uint8_t *touched; /* a bit for each visit from 0 to last_visit; NULL = all of them */
};

/* Reads through the events unless everything is wanted: about a second for 500,000. Errors of the
 * register, -ENOMEM, -ECANCELED. To be freed whatever comes back. */
MUST_CHECK int export_plan_make(struct register_db *db, const struct export_job *job,
				struct export_plan *plan);
void export_plan_free(struct export_plan *plan);

/* Whether this visit belongs to it. */
MUST_CHECK bool export_plan_takes(const struct export_plan *plan, uint64_t visit_id);

#endif
