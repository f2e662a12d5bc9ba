/* What the office's lists say, when somebody asks. */
#include "store/listed.h"

#include <string.h>

#include "base/civil.h"
#include "base/text.h"
#include "core/citizen.h"
#include "core/lists.h"
#include "store/directory.h"

void listed_find(struct query *q, struct register_db *db, enum part_kind kind, const char *sort,
		 const char *key)
{
	query_begin(q, db, STMT_LISTED_ONE);
	query_bind_int(q, kind);
	query_bind_text(q, sort, LIST_FIELD_BYTES);
	query_bind_text(q, key, LIST_FIELD_BYTES);
}

int listed_count(struct register_db *db, enum part_kind kind, int64_t *count)
{
	QUERY(q);

	query_begin(&q, db, STMT_LISTED_TOTAL);
	query_bind_int(&q, kind);
	int r = query_row(&q);
	*count = r == 1 ? query_int(&q, 0) : 0;
	return r < 0 ? r : 0;
}

static int32_t day_of(const struct register_db *db, int64_t wall_ms)
{
	struct civil c = civil_from_ms(wall_ms, db->utc_offset_min);

	return c.year * 10000 + c.month * 100 + c.day;
}

/* 1 and why, or 0: not on the list. */
static int find_blocked(struct register_db *db, const char *sort, const char *key,
			char why[LISTING_WHY_BYTES])
{
	QUERY(q);

	listed_find(&q, db, PART_BLOCKED, sort, key);
	int r = query_row(&q);
	if (r == 1)
		query_text(&q, 0, why, LISTING_WHY_BYTES);
	return r;
}

static int look_blocked(struct register_db *db, const struct person *person,
			struct listing *listing)
{
	char document[DOCUMENT_BYTES], name[NAME_BYTES];
	int r = 0;

	if (listing_document_key(person->document, document))
		r = find_blocked(db, "document", document, listing->why);
	listing->document = r == 1;
	if (r == 0 && listing_name_key(person->name, name)) {
		r = find_blocked(db, "name", name, listing->why);
		listing->name = r == 1;
	}
	return r < 0 ? r : 0;
}

static int look_household(struct register_db *db, const struct person *person,
			  struct listing *listing)
{
	char key[HOUSEHOLD_BYTES];
	int64_t known;
	int r = listed_count(db, PART_HOUSEHOLDS, &known);

	if (r || known == 0)
		return r;
	listing->household_unknown = true;
	if (!listing_household_key(person->household, key))
		return 0;
	QUERY(q);
	listed_find(&q, db, PART_HOUSEHOLDS, "", key);
	r = query_row(&q);
	if (r <= 0)
		return r;
	listing->household_unknown = false;
	query_text(&q, 0, listing->grid, sizeof(listing->grid));
	query_text(&q, 1, listing->phone_tail, sizeof(listing->phone_tail));
	return 0;
}

/* The most exact of the areas that a code of six digits lies in and that count by then. */
static int look_area(struct register_db *db, const struct person *person, int32_t today,
		     struct listing *listing)
{
	struct citizen citizen;
	char code[8], day[LIST_DAY_BYTES];
	int r = 0;

	if (person->document_kind != DOCUMENT_ID_CARD ||
	    !citizen_read(person->document, today, &citizen))
		return 0;
	text_format(code, sizeof(code), "%06d", citizen.region);
	for (size_t len = 6; r == 0 && len > 0; len -= 2) {
		QUERY(q);
		code[len] = '\0';
		listed_find(&q, db, PART_REGIONS, "", code);
		r = query_row(&q);
		if (r == 1)
			query_text(&q, 1, day, sizeof(day));
		if (r == 1 && list_day(day) <= today)
			query_text(&q, 0, listing->area, sizeof(listing->area));
		else if (r == 1)
			r = 0;
	}
	return r < 0 ? r : 0;
}

int register_listing(struct register_db *db, const struct person *person, int64_t wall_ms,
		     struct listing *listing)
{
	memset(listing, 0, sizeof(*listing));
	int r = look_blocked(db, person, listing);
	if (r == 0)
		r = look_household(db, person, listing);
	return r ? r : look_area(db, person, day_of(db, wall_ms), listing);
}

/* The day on which the list of a kind was taken. */
static int taken_on(struct register_db *db, enum part_kind kind, char day[LIST_DAY_BYTES])
{
	QUERY(q);

	query_begin(&q, db, STMT_IMPORT_WHEN);
	query_bind_int(&q, kind);
	int r = query_row(&q);
	if (r == 1 && !list_day_text(day_of(db, query_int(&q, 0)), day))
		day[0] = '\0';
	return r < 0 ? r : 0;
}

int register_key_areas(struct register_db *db, int64_t wall_ms, struct key_areas *areas)
{
	int32_t today = day_of(db, wall_ms);
	char name[LISTING_AREA_BYTES], from[LIST_DAY_BYTES];
	QUERY(q);
	int r;

	memset(areas, 0, sizeof(*areas));
	query_begin(&q, db, STMT_LISTED_ALL);
	query_bind_int(&q, PART_REGIONS);
	while ((r = query_row(&q)) == 1) {
		query_text(&q, 2, name, sizeof(name));
		query_text(&q, 3, from, sizeof(from));
		if (list_day(from) <= today)
			key_areas_add(areas, name);
	}
	return r ? r : taken_on(db, PART_REGIONS, areas->day);
}
