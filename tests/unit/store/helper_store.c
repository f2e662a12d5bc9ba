#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <sodium.h>
#include <sqlite3.h>

#include "base/fileio.h"
#include "base/text.h"
#include "helper_store.h"

void bench_open(struct bench *b)
{
	/* Nothing here depends on a flush being slow. */
	const char *where = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";

	*b = (struct bench){ .now_ms = MONDAY_MS };
	text_format(b->dir, sizeof(b->dir), "%s/gatehouse-store-XXXXXX", where);
	assert_non_null(mkdtemp(b->dir));
	text_format(b->path, sizeof(b->path), "%s/register.db", b->dir);
	assert_int_equal(register_open(&b->db, b->path, OFFSET_MIN), 0);
}

void bench_reopen(struct bench *b)
{
	register_close(b->db);
	b->db = NULL;
	assert_int_equal(register_open(&b->db, b->path, OFFSET_MIN), 0);
}

static void remove_beside(const struct bench *b, const char *suffix)
{
	char path[128];

	text_format(path, sizeof(path), "%s%s", b->path, suffix);
	unlink(path);
}

void bench_close(struct bench *b)
{
	register_close(b->db);
	b->db = NULL;
	remove_beside(b, "");
	remove_beside(b, "-wal");
	remove_beside(b, "-journal");
	remove_beside(b, ".new");
	assert_int_equal(rmdir(b->dir), 0);
}

struct visit sample_visit(unsigned n)
{
	struct visit v = { .person_class = n % 5 == 4 ? CLASS_COURIER : CLASS_VISITOR,
			   .level = LEVEL_CLOSED,
			   .language = LANGUAGE_ZH,
			   .state = VISIT_WAITING };

	text_format(v.person.name, sizeof(v.person.name), "测试%u", n);
	v.person.document_kind = DOCUMENT_ID_CARD;
	text_format(v.person.document, sizeof(v.person.document), "11010519491231%04u", n % 10000);
	text_format(v.person.phone, sizeof(v.person.phone), "139%08u", n);
	text_format(v.person.household, sizeof(v.person.household), "%u号楼%u室", n % 20, n % 900);
	text_copy(v.person.purpose, sizeof(v.person.purpose), "探亲");
	if (n % 7 == 6) { /* by car, with as many others as go into one */
		text_format(v.person.plate, sizeof(v.person.plate), "沪B%05u", n % 100000);
		v.occupants = (int32_t)(n % 5);
	}
	if (n % 7 == 5)
		v.vehicle_visit = n;
	v.temperature = (struct temperature){ .first_centi_c = 3642 + (int32_t)(n % 50),
					      .ambient_centi_c = 2110,
					      .attempts = 1 };
	v.facts[CHECK_REAL_NAME] = (struct fact){ FINDING_GOOD, SOURCE_MACHINE, MONDAY_MS, 0 };
	v.facts[CHECK_TEMPERATURE] = (struct fact){ FINDING_GOOD, SOURCE_MACHINE, MONDAY_MS,
						    v.temperature.first_centi_c };
	v.facts[CHECK_TRAVEL_14D] = (struct fact){ FINDING_GOOD, SOURCE_DECLARED, MONDAY_MS, 0 };
	v.facts[CHECK_SYMPTOMS] = (struct fact){ FINDING_GOOD, SOURCE_DECLARED, MONDAY_MS, 0 };
	v.code_digest = UINT64_C(0x9E3779B97F4A7C15) * (n + 1);
	v.decision = (struct decision){
		.verdict = VERDICT_REFER,
		.reason_count = 5,
		.reasons = { { .code = REASON_DOCUMENT_NOT_SEEN,
			       .check = CHECK_DOCUMENT,
			       .clause = "2·三",
			       .found = 0 },
			     { .code = REASON_MASK_UNCHECKED,
			       .check = CHECK_MASK,
			       .clause = "2·三",
			       .found = 0 },
			     { .code = REASON_HEALTH_CODE_UNCHECKED,
			       .check = CHECK_HEALTH_CODE,
			       .clause = "2·四",
			       .found = 0 },
			     { .code = REASON_TRAVEL_CARD_UNCHECKED,
			       .check = CHECK_TRAVEL_CARD,
			       .clause = "2·四",
			       .found = 0 },
			     { .code = REASON_APPROVAL_PENDING,
			       .check = CHECK_APPROVAL,
			       .clause = "3·二·1",
			       .found = 0 } },
		.pass = { .valid_min = 240, .uses = 1 },
	};
	return v;
}

void sample_admit(struct visit *v, uint64_t serial, int64_t now_ms)
{
	for (int check = 0; check < CHECK_COUNT_; check++)
		if (v->facts[check].finding == FINDING_UNKNOWN)
			v->facts[check] = (struct fact){ FINDING_GOOD, SOURCE_GUARD, now_ms, 0 };
	v->facts[CHECK_HEALTH_CODE].value = COLOUR_GREEN;
	v->facts[CHECK_TRAVEL_CARD].value = TRAVEL_CARD_CLEAR;
	v->decision = (struct decision){ .verdict = VERDICT_ADMIT,
					 .pass = { .valid_min = 240, .uses = 1 } };
	v->pass_serial = serial;
	v->pass_expires_ms = now_ms + 240 * MINUTE_MS;
}

int record_by(struct bench *b, enum entry_type type, const struct visit *visit, const char *actor,
	      const char *detail, int64_t number, struct receipt *receipt)
{
	struct entry entry = { .type = type,
			       .wall_ms = b->now_ms,
			       .mono_ms = b->now_ms - MONDAY_MS,
			       .clock_trusted = true,
			       .number = number };
	struct receipt unused;

	text_copy(entry.actor, sizeof(entry.actor), actor);
	text_copy(entry.detail, sizeof(entry.detail), detail);
	if (visit)
		entry.visit = *visit;
	return register_record(b->db, &entry, receipt ? receipt : &unused);
}

int record_visit(struct bench *b, enum entry_type type, const struct visit *visit,
		 struct receipt *receipt)
{
	return record_by(b, type, visit, type == ENTRY_DECIDED ? "李卫" : "", "", 0, receipt);
}

uint64_t register_sample(struct bench *b, unsigned n)
{
	struct visit v = sample_visit(n);
	struct receipt receipt;

	assert_int_equal(record_visit(b, ENTRY_REGISTERED, &v, &receipt), 0);
	return receipt.visit_id;
}

const char *value_of(struct bench *b, const char *sql, char out[256])
{
	int r = register_query_text(b->db, sql, out, 256);

	if (r)
		print_error("%s: %s\n", sql, out);
	assert_int_equal(r, 0);
	return out;
}

void bench_tamper(struct bench *b, const char *sql)
{
	sqlite3 *raw;

	register_close(b->db);
	b->db = NULL;
	assert_int_equal(sqlite3_open(b->path, &raw), SQLITE_OK);
	if (sqlite3_exec(raw, sql, NULL, NULL, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(raw));
	assert_int_equal(sqlite3_close(raw), SQLITE_OK);
}

int64_t number_of(struct bench *b, const char *sql)
{
	char out[256];

	return strtoll(value_of(b, sql, out), NULL, 10);
}

void file_fingerprint(const char *path, uint8_t hash[32])
{
	char *data;
	size_t len;

	memset(hash, 0, 32);
	if (file_read(path, 64 << 20, &data, &len))
		return;
	crypto_hash_sha256(hash, (const uint8_t *)data, len);
	free(data);
}

static void add_rows(struct bench *b, crypto_hash_sha256_state *sha, const char *sql)
{
	char rows[16384];

	assert_int_equal(register_query_text(b->db, sql, rows, sizeof(rows)), 0);
	assert_true(strlen(rows) < sizeof(rows) - 8); /* nothing cut off */
	crypto_hash_sha256_update(sha, (const uint8_t *)rows, strlen(rows));
}

void projection_fingerprint(struct bench *b, uint8_t hash[32])
{
	crypto_hash_sha256_state sha;

	crypto_hash_sha256_init(&sha);
	add_rows(b, &sha,
		 "SELECT group_concat(id || ' ' || ticket || ' ' || class || ' ' || state || ' ' ||"
		 " seq || ' ' || registered_ms || ' ' || decided_ms || ' ' || entered_ms || ' ' ||"
		 " left_ms || ' ' || decided_by || ' ' || pass_serial, ';')"
		 " FROM (SELECT * FROM visit ORDER BY id)");
	add_rows(b, &sha,
		 "SELECT group_concat(serial || ' ' || visit_id || ' ' || expires_ms || ' ' ||"
		 " uses || ' ' || revoked || ' ' || printed, ';')"
		 " FROM (SELECT * FROM pass ORDER BY serial)");
	add_rows(b, &sha,
		 "SELECT group_concat(day || ' ' || registered || ' ' || entered || ' ' || gone ||"
		 " ' ' || refused, ';') FROM (SELECT * FROM day ORDER BY day)");
	add_rows(b, &sha,
		 "SELECT group_concat(id || ' ' || seq || ' ' || level || ' ' || since_ms || ' ' ||"
		 " set_by || ' ' || last_order, ';') FROM level_now");
	crypto_hash_sha256_final(&sha, hash);
}

uint64_t next_random(uint64_t *state)
{
	*state ^= *state >> 12;
	*state ^= *state << 25;
	*state ^= *state >> 27;
	return *state * UINT64_C(0x2545F4914F6CDD1D);
}
