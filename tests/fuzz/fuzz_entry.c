/*
 * Bodies of events, as the office reads them from a stick that anybody may have written. The first
 * byte is the type. What decodes is in range, comes out again as the same bytes or as those its
 * older form stands for, and agrees with chain_find_commitment.
 */
#include <stdlib.h>
#include <string.h>

#include "store/chain.h"
#include "store/entry_codec.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void expect(bool holds)
{
	if (!holds)
		abort();
}

static void check_ranges(const struct visit *v)
{
	expect(v->person_class < CLASS_COUNT_ && v->level < LEVEL_COUNT_ &&
	       v->language < LANGUAGE_COUNT_ && v->decision.verdict < VERDICT_COUNT_ &&
	       v->occupants >= 0);
	expect(v->decision.reason_count >= 0 && v->decision.reason_count <= REASONS_MAX);
	for (int i = 0; i < v->decision.reason_count; i++) {
		const struct reason *r = &v->decision.reasons[i];
		expect(r->code < REASON_COUNT_ && r->check < CHECK_COUNT_);
		expect(memchr(r->clause, '\0', sizeof(r->clause)) != NULL);
	}
	for (int i = 0; i < CHECK_COUNT_; i++)
		expect(v->facts[i].finding < FINDING_COUNT_ && v->facts[i].source < SOURCE_COUNT_);
}

/* Facts as they were written before: the same meaning, said in the way of today. The digest of a
 * code is written no more. */
static void check_old(struct entry *entry, const uint8_t *body, size_t len)
{
	struct entry same;
	uint8_t commitment[CHAIN_HASH_BYTES], again[ENTRY_BODY_BYTES];
	size_t again_len;

	expect(entry_has_form(entry->type));
	entry->visit.code_digest = 0;
	expect(entry_decode(entry->type, entry->wall_ms, body, len, &same, commitment));
	expect(memcmp(&same.visit, &entry->visit, sizeof(same.visit)) == 0);
	expect(entry_encode(&same, commitment, again, &again_len));
	expect(again_len == len && memcmp(again, body, len) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct entry entry;
	uint8_t commitment[CHAIN_HASH_BYTES], found[CHAIN_HASH_BYTES];
	uint8_t again[ENTRY_BODY_BYTES];
	size_t again_len;
	uint64_t visit_id;

	if (size == 0)
		return 0;
	enum entry_type type = (enum entry_type)(data[0] % (ENTRY_TYPE_COUNT_ + 1));
	const uint8_t *body = data + 1;
	size_t len = size - 1;
	bool has = chain_find_commitment(body, len, &visit_id, found);
	if (!entry_decode(type, INT64_C(1795392000000), body, len, &entry, commitment))
		return 0;
	expect(type > 0 && type < ENTRY_TYPE_COUNT_);
	expect(memchr(entry.detail, '\0', sizeof(entry.detail)) != NULL);
	check_ranges(&entry.visit);
	expect(type != ENTRY_LEDGER || ledger_fits(&entry.ledger));
	expect(entry_encode(&entry, commitment, again, &again_len));
	if (again_len != len || memcmp(again, body, len) != 0)
		check_old(&entry, again, again_len);
	if (type == ENTRY_REGISTERED && entry.visit.id != 0)
		expect(has && visit_id == entry.visit.id &&
		       memcmp(found, commitment, sizeof(found)) == 0);
	return 0;
}
