/* What the office's lists say, when somebody asks. */
#include "store/listed.h"

#include <string.h>

#include "base/civil.h"
#include "base/text.h"
#include "core/citizen.h"
#include "core/lists.h"
#include "store/directory.h"

static void join(char *dst, const char *const *fields, int count)
{
	for (int i = 0; i < count; i++) {
		size_t len = strlen(dst);
		bool fits = text_format(dst + len, LIST_FIELD_BYTES - len, "%s%s",
					len > 0 ? "\t" : "", fields[i]);
		assert(fits); /* the checks of the fields leave room for it */
	}
}

void listed_of(enum part_kind kind, const struct list_entry *e, struct listed *row)
{
	const char *const name[] = { e->field[1], e->field[2], e->field[3] };

	memset(row, 0, sizeof(*row));
	if (kind == PART_INVITATIONS) {
		text_copy(row->sort, sizeof(row->sort), e->field[0]);
		join(row->key, name, 3);
		text_copy(row->more, sizeof(row->more), e->field[5]);
		text_copy(row->tail, sizeof(row->tail), e->field[4]);
		return;
	}
	if (kind == PART_VEHICLES) {
		text_copy(row->sort, sizeof(row->sort), e->field[2]);
		text_copy(row->key, sizeof(row->key), e->field[0]);
		text_copy(row->more, sizeof(row->more), e->field[1]);
		text_copy(row->tail, sizeof(row->tail), e->field[3]);
		return;
	}
	int key = kind == PART_BLOCKED; /* its sort is a field of the list */
	if (key)
		text_copy(row->sort, sizeof(row->sort), e->field[0]);
	text_copy(row->key, sizeof(row->key), e->field[key]);
	text_copy(row->more, sizeof(row->more), e->field[key + 1]);
	text_copy(row->tail, sizeof(row->tail), e->field[key + 2]);
}

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

/* One invitation of this number: "NUMBER HOUSEHOLD FROM", with TABs. */
static void take_invitation(const struct query *q, const char *typed, int32_t today,
			    struct invitation *found)
{
	char key[LIST_FIELD_BYTES], until[LIST_DAY_BYTES], *at = key;

	query_text(q, 0, key, sizeof(key));
	query_text(q, 2, until, sizeof(until));
	strsep(&at, "\t");
	const char *household = strsep(&at, "\t");
	if (!household || !at || list_day(at) > today || list_day(until) < today)
		return;
	bool elsewhere = strcmp(household, typed) != 0;
	if (found->found && (elsewhere || !found->elsewhere))
		return; /* the household typed goes before others, the first before later ones */
	found->found = true;
	found->elsewhere = elsewhere;
	found->until = list_day(until);
	text_copy(found->household, sizeof(found->household), household);
	query_text(q, 1, found->why, sizeof(found->why));
	explicit_bzero(key, sizeof(key));
}

static int look_invited(struct register_db *db, const char *sort, const char *number,
			const char *household, int32_t today, struct invitation *found)
{
	char first[LIST_FIELD_BYTES], end[LIST_FIELD_BYTES];
	QUERY(q);
	int r;

	text_format(first, sizeof(first), "%s\t", number);
	text_format(end, sizeof(end), "%s\n", number); /* the next character after a TAB */
	query_begin(&q, db, STMT_LISTED_WITHIN);
	query_bind_int(&q, PART_INVITATIONS);
	query_bind_text(&q, sort, LIST_FIELD_BYTES);
	query_bind_text(&q, first, sizeof(first));
	query_bind_text(&q, end, sizeof(end));
	while ((r = query_row(&q)) == 1)
		take_invitation(&q, household, today, found);
	explicit_bzero(first, sizeof(first));
	explicit_bzero(end, sizeof(end));
	return r;
}

static int look_invitation(struct register_db *db, const struct person *person, int32_t today,
			   struct invitation *found)
{
	char household[HOUSEHOLD_BYTES], document[DOCUMENT_BYTES], phone[PHONE_BYTES];
	int r = 0;

	if (!listing_household_key(person->household, household))
		household[0] = '\0';
	if (listing_document_key(person->document, document))
		r = look_invited(db, "document", document, household, today, found);
	if (r == 0 && listing_phone_key(person->phone, phone))
		r = look_invited(db, "phone", phone, household, today, found);
	explicit_bzero(document, sizeof(document));
	explicit_bzero(phone, sizeof(phone));
	return r;
}

int register_forget_invitations(struct register_db *db, int64_t before_ms, int64_t *count)
{
	char day[LIST_DAY_BYTES];

	*count = 0;
	if (!list_day_text(day_of(db, before_ms), day))
		return 0;
	QUERY(q);
	query_begin(&q, db, STMT_LISTED_OVER);
	query_bind_int(&q, PART_INVITATIONS);
	query_bind_text(&q, day, sizeof(day));
	int r = query_run(&q);
	*count = r == 0 ? sqlite3_changes(db->sqlite) : 0;
	return r;
}

int register_listing(struct register_db *db, const struct person *person, int64_t wall_ms,
		     struct listing *listing)
{
	memset(listing, 0, sizeof(*listing));
	int r = look_blocked(db, person, listing);
	if (r == 0)
		r = look_household(db, person, listing);
	if (r == 0)
		r = look_invitation(db, person, day_of(db, wall_ms), &listing->invitation);
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
