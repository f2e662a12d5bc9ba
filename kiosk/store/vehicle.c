#include "store/vehicle.h"

#include <string.h>

#include "store/db.h"
#include "store/entry_codec.h"

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

int register_vehicle(struct register_db *db, const char *plate, struct vehicle_known *known)
{
	QUERY(q);
	int r = 0;

	memset(known, 0, sizeof(*known));
	if (plate[0] == '\0')
		return 0;
	query_begin(&q, db, STMT_PLATE_FORMS);
	query_bind_text(&q, plate, PLATE_BYTES);
	while (known->disinfected_ms == 0 && (r = query_row(&q)) == 1)
		known->disinfected_ms = disinfected_ms(&q);
	return r < 0 ? r : 0;
}
