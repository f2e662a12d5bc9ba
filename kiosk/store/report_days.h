/*
 * What report.c and report_days.c share. Inside the store only.
 */
#ifndef STORE_REPORT_DAYS_H
#define STORE_REPORT_DAYS_H

#include "store/report.h"

/* Adds the tally of days from until (excluded) into the period or the total. *level_seq becomes the
 * last change of the level in them, when there is one. */
MUST_CHECK int report_sum_days(struct register_db *db, int64_t from, int64_t until, bool total,
			       struct report_sum *sums, int64_t *level_seq);

/* The signatures of a day; all zero when there are none. */
MUST_CHECK int report_read_signed(struct register_db *db, int64_t day, struct report_signed *s);

/* The digits a signature stands for: of the first rows of the period's sums. Rows that came into
 * the product later do not change the figures of a report made before. */
void report_figures(const struct report *r, int32_t rows, char dst[REPORT_FIGURES_BYTES]);

/* Whether what was signed is no longer what the register says. */
bool report_has_changed(const struct report *r, const struct report_signed *s);

enum report_state report_state_of(const struct register_db *db, const struct report_signed *s,
				  const struct report_ask *ask);

/* Missing and late days before the day of the report, the youngest first. */
MUST_CHECK int report_find_gaps(struct register_db *db, const struct report_ask *ask,
				struct report *r);

#endif
