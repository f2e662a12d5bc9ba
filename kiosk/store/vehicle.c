#include "store/vehicle.h"

#include <string.h>

#include "base/civil.h"
#include "core/lists.h"
#include "core/words.h"
#include "store/db.h"
#include "store/entry_codec.h"
#include "store/listed.h"

#define DAY_MS INT64_C(86400000)

/* The first moment after a day of the site, yyyymmdd; 0 for no day. */
static int64_t end_of_day_ms(const struct register_db *db, int32_t day)
{
	struct civil c = { .year = day / 10000, .month = day / 100 % 100, .day = day % 100 };

	return day == 0 ? 0 : civil_to_ms(&c, db->utc_offset_min) + DAY_MS;
}

/* When the vehicle of this visit had been disinfected last, as its form says; 0 when it does not.
 */
static int64_t disinfected_ms(const struct query *q)
{
	const uint8_t *body = sqlite3_column_blob(q->stmt, 2);
	size_t len = (size_t)sqlite3_column_bytes(q->stmt, 2);
	enum entry_type type = (enum entry_type)query_int(q, 0);
	uint8_t commitment[CHAIN_HASH_BYTES];
	struct entry told;

	if (!entry_has_form(type) ||
	    !entry_decode(type, query_int(q, 1), body, len, &told, commitment))
		return 0;
	const struct fact *fact = &told.visit.facts[CHECK_DISINFECTION];
	return fact->finding == FINDING_GOOD ? fact->wall_ms : 0;
}

/* The row of a plate on the office's list, whatever the list calls it. */
static int look_on_list(struct register_db *db, const char *plate, struct vehicle_known *known)
{
	char until[LIST_DAY_BYTES];
	int64_t count;
	int r = listed_count(db, PART_VEHICLES, &count);

	known->directory = count > 0;
	for (enum person_class c = 0; r == 0 && count > 0 && c < CLASS_COUNT_; c++) {
		if (list_vehicle(CLASS_WORD[c]) != c)
			continue;
		QUERY(q);
		listed_find(&q, db, PART_VEHICLES, CLASS_WORD[c], plate);
		r = query_row(&q);
		if (r <= 0)
			continue;
		known->listed = true;
		known->kind = c;
		query_text(&q, 0, known->owner, sizeof(known->owner));
		query_text(&q, 1, until, sizeof(until));
		known->until_ms = end_of_day_ms(db, list_day(until));
	}
	return r < 0 ? r : 0;
}

int register_vehicle(struct register_db *db, const char *plate, struct vehicle_known *known)
{
	QUERY(q);
	int r = 0;

	memset(known, 0, sizeof(*known));
	if (plate[0] == '\0')
		return 0;
	r = look_on_list(db, plate, known);
	if (r)
		return r;
	query_begin(&q, db, STMT_PLATE_FORMS);
	query_bind_text(&q, plate, PLATE_BYTES);
	while (known->disinfected_ms == 0 && (r = query_row(&q)) == 1)
		known->disinfected_ms = disinfected_ms(&q);
	return r < 0 ? r : 0;
}
