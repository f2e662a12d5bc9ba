#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "codec/csv.h"
#include "codec/hex.h"
#include "office/sheets.h"
#include "store/chain.h"
#include "store/entry_codec.h"

#define WHERE EXPORT_EVENTS_NAME " row %" PRId64

/* Body bytes beyond the longest body the register writes are refused unread. */
struct event {
	struct event_row row;
	uint8_t body[ENTRY_BODY_BYTES];
};

void registrations_free(struct registrations *all)
{
	free(all->list);
	free(all->runs);
	*all = (struct registrations){ 0 };
}

static bool add(struct registrations *all, const struct registration *one)
{
	if (all->count == all->cap) {
		size_t cap = all->cap ? all->cap * 2 : 256;
		struct registration *list = realloc(all->list, cap * sizeof(*list));
		if (!list)
			return false;
		all->list = list;
		all->cap = cap;
	}
	all->list[all->count++] = *one;
	return true;
}

static bool parse_event(const struct csv_span field[EXPORT_EVENTS_FIELDS], struct event *event)
{
	struct event_row *row = &event->row;
	int64_t trusted, type;

	*row = (struct event_row){ .body = event->body, .body_len = field[8].len / 2 };
	if (!csv_int(field[0], &row->seq) || !csv_int(field[1], &row->boot) ||
	    !csv_int(field[2], &row->wall_ms) || !csv_int(field[3], &row->mono_ms) ||
	    !csv_int(field[4], &trusted) || trusted < 0 || trusted > 1 ||
	    !csv_int(field[5], &type) || type < 1 || type > UINT16_MAX ||
	    !csv_text(field[7], true, row->actor, sizeof(row->actor)) ||
	    row->body_len > sizeof(event->body) ||
	    !hex_decode(field[8].data, field[8].len, event->body, row->body_len) ||
	    !hex_decode(field[9].data, field[9].len, row->hash, sizeof(row->hash)))
		return false;
	row->clock_trusted = trusted == 1;
	row->type = (enum entry_type)type;
	return true;
}

static void check_registration(const struct event_row *row, struct registrations *all,
			       struct office_report *report)
{
	struct registration one = { .seq = row->seq };

	if (row->type != ENTRY_REGISTERED)
		return;
	if (!chain_find_commitment(row->body, row->body_len, &one.visit_id, one.commitment))
		report_wrong(report,
			     EXPORT_EVENTS_NAME " event %" PRId64
						": the registration holds no commitment",
			     row->seq);
	else if (!add(all, &one))
		report_wrong(report, "out of memory");
}

static bool add_run(struct registrations *all, const struct forgotten *run)
{
	if (all->run_count == all->run_cap) {
		size_t cap = all->run_cap ? all->run_cap * 2 : 64;
		struct forgotten *runs = realloc(all->runs, cap * sizeof(*runs));
		if (!runs)
			return false;
		all->runs = runs;
		all->run_cap = cap;
	}
	all->runs[all->run_count++] = *run;
	return true;
}

static void check_forgetting(const struct event_row *row, struct registrations *all,
			     struct office_report *report)
{
	uint8_t commitment[CHAIN_HASH_BYTES];
	struct entry told;

	if (row->type != ENTRY_FORGOTTEN)
		return;
	if (!entry_decode(row->type, row->wall_ms, row->body, row->body_len, &told, commitment)) {
		report_wrong(report,
			     EXPORT_EVENTS_NAME " event %" PRId64
						": does not say what was forgotten",
			     row->seq);
		return;
	}
	struct forgotten run = { told.forgotten.first, told.forgotten.last, row->seq };
	if (run.first > 0 && !add_run(all, &run))
		report_wrong(report, "out of memory");
}

static int by_first(const void *a, const void *b)
{
	const struct forgotten *x = a, *y = b;

	return (x->first > y->first) - (x->first < y->first);
}

static int by_visit(const void *a, const void *b)
{
	const struct registration *x = a, *y = b;

	return (x->visit_id > y->visit_id) - (x->visit_id < y->visit_id);
}

static void sort_registrations(struct registrations *all, struct office_report *report)
{
	if (all->count > 0)
		qsort(all->list, all->count, sizeof(all->list[0]), by_visit);
	if (all->run_count > 0)
		qsort(all->runs, all->run_count, sizeof(all->runs[0]), by_first);
	for (size_t i = 1; i < all->count; i++)
		if (all->list[i].visit_id == all->list[i - 1].visit_id)
			report_wrong(report,
				     EXPORT_EVENTS_NAME ": visit %" PRIu64
							" is registered twice (events %" PRId64
							" and %" PRId64 ")",
				     all->list[i].visit_id, all->list[i - 1].seq, all->list[i].seq);
}

static bool skip_columns(struct csv_reader *reader, const char *columns)
{
	size_t len = strlen(CSV_BOM) + strlen(columns);

	if (reader->len < len || memcmp(reader->data, CSV_BOM, strlen(CSV_BOM)) != 0 ||
	    memcmp(reader->data + strlen(CSV_BOM), columns, strlen(columns)) != 0)
		return false;
	reader->at = len;
	reader->row = 1;
	return true;
}

/* One event against the one before it; from then on its own stated hash counts, so that one
 * altered event is one sentence. */
static void check_link(const struct event_row *row, int64_t at, struct event_row *last,
		       struct office_report *report)
{
	uint8_t hash[CHAIN_HASH_BYTES];

	if (row->seq != last->seq + 1)
		report_wrong(report, WHERE ": event %" PRId64 " does not follow event %" PRId64, at,
			     row->seq, last->seq);
	chain_hash(last->hash, row, hash);
	if (memcmp(hash, row->hash, sizeof(hash)) != 0)
		report_wrong(report,
			     WHERE ": the chain breaks at event %" PRId64
				   ": its content or the event before it was altered",
			     at, row->seq);
	last->seq = row->seq;
	memcpy(last->hash, row->hash, sizeof(last->hash));
}

void check_events(const struct manifest *manifest, struct sheet_bytes sheet,
		  struct registrations *all, struct office_report *report)
{
	struct csv_reader reader = { .data = sheet.data, .len = sheet.len };
	struct csv_span fields[EXPORT_EVENTS_FIELDS];
	struct event_row last = { .seq = manifest->first_seq - 1 };
	struct event event;
	enum csv_outcome outcome;
	int64_t events = 0;
	int count;

	memcpy(last.hash, manifest->prev, sizeof(last.hash));
	if (!skip_columns(&reader, EXPORT_EVENTS_COLUMNS)) {
		report_wrong(report, EXPORT_EVENTS_NAME ": the first line is not its columns");
		return;
	}
	while ((outcome = csv_next(&reader, fields, EXPORT_EVENTS_FIELDS, &count)) == CSV_ROW) {
		if (count != EXPORT_EVENTS_FIELDS || !parse_event(fields, &event)) {
			report_wrong(report, WHERE ": is not an event", reader.row);
			continue;
		}
		events++;
		check_link(&event.row, reader.row, &last, report);
		check_registration(&event.row, all, report);
		check_forgetting(&event.row, all, report);
	}
	if (outcome == CSV_BAD)
		report_wrong(report, WHERE ": cannot be read from here on", reader.row + 1);
	if (events != manifest->events)
		report_wrong(report,
			     EXPORT_EVENTS_NAME " holds %" PRId64
						" events, the manifest says %" PRId64,
			     events, manifest->events);
	if (last.seq != manifest->last_seq ||
	    memcmp(last.hash, manifest->head, sizeof(last.hash)) != 0)
		report_wrong(report,
			     EXPORT_EVENTS_NAME " does not end at the head the manifest names");
	sort_registrations(all, report);
}
