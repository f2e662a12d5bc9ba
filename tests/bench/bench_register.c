/*
 * The register: registering durably, looking at its queue, and proving the chain. TMPDIR says which
 * disk is measured; a flush on tmpfs costs nothing and says nothing.
 */
#include <string.h>
#include <sys/stat.h>

#include "base/text.h"
#include "bench.h"
#include "store/register.h"

#define REGISTRATIONS 3000
#define START_MS INT64_C(1795392000000)

static struct entry registration(int i)
{
	struct entry e = {
		.type = ENTRY_REGISTERED,
		.wall_ms = START_MS + i * INT64_C(1000),
		.mono_ms = i * INT64_C(1000),
		.clock_trusted = true,
	};
	struct visit *v = &e.visit;
	v->level = LEVEL_CLOSED;
	v->state = VISIT_WAITING;
	v->registered_ms = e.wall_ms;
	v->decision.verdict = VERDICT_REFER;
	v->decision.reason_count = 1;
	v->decision.reasons[0].code = REASON_DOCUMENT_NOT_SEEN;
	v->decision.reasons[0].check = CHECK_DOCUMENT;
	v->person.document_kind = DOCUMENT_PASSPORT;
	text_copy(v->person.name, sizeof(v->person.name), "欧阳修");
	text_format(v->person.document, sizeof(v->person.document), "E%08d", i);
	text_format(v->person.phone, sizeof(v->person.phone), "138%08d", i);
	text_format(v->person.household, sizeof(v->person.household), "3-2-%d", i % 900);
	text_copy(v->person.purpose, sizeof(v->person.purpose), "family");
	return e;
}

static void measure(struct register_db *db)
{
	struct bench record = bench_start("register a visitor, on disk");
	struct bench queue = bench_start("first page of the queue");
	struct visit visits[8];
	for (int i = 0; i < REGISTRATIONS; i++) {
		struct entry e = registration(i);
		struct receipt receipt;
		int count, total;
		bench_begin(&record);
		bench_need(register_record(db, &e, &receipt), "register_record");
		bench_end(&record);
		bench_begin(&queue);
		bench_need(register_queue(db, visits, ARRAY_LEN(visits), 0, &count, &total),
			   "register_queue");
		bench_end(&queue);
		bench_need(total != i + 1, "counting the queue");
	}
	bench_report(&record);
	bench_report(&queue);

	struct bench verify = bench_start("verify the chain of 3000 registrations");
	for (int i = 0; i < 10; i++) {
		int64_t bad_seq;
		bench_begin(&verify);
		bench_need(register_verify(db, &bad_seq), "register_verify");
		bench_end(&verify);
	}
	bench_report(&verify);
}

int main(void)
{
	const char *tmp = getenv("TMPDIR");
	char dir[256], path[300], wal[310];
	snprintf(dir, sizeof(dir), "%s/gatehouse-bench-XXXXXX", tmp ? tmp : "/var/tmp");
	if (!mkdtemp(dir)) {
		perror(dir);
		return 1;
	}
	snprintf(path, sizeof(path), "%s/register.db", dir);
	snprintf(wal, sizeof(wal), "%s-wal", path);

	struct register_db *db;
	bench_need(register_open(&db, path, 480), "register_open");
	measure(db);
	register_close(db);

	struct stat st;
	bench_need(stat(path, &st), "stat");
	printf("register file: %.0f bytes a registration\n", (double)st.st_size / REGISTRATIONS);
	unlink(path);
	unlink(wal);
	rmdir(dir);
	return 0;
}
