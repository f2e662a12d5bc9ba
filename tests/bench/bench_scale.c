/*
 * The register after many years: bench_scale [VISITS], 100,000 when it is not said. Builds a
 * register of so many visits with the register's own code, only without a flush for each, and then
 * asks it what a guard asks. TMPDIR says where; ten million take 3 GB and some minutes.
 *
 * All but the last 50 were refused at once: one event a visit. 5,000 of them share a name.
 */
#include <string.h>
#include <sys/stat.h>

#include "bench.h"
#include "people.h"
#include "store/db.h"
#include "store/register.h"

#define START_MS INT64_C(1600000000000)
#define STEP_MS INT64_C(31000)
#define WAITING 50
#define NAMESAKES 5000
#define NAMESAKE "司马青云"
#define A_COMMIT 512
#define FOUND 20

static int64_t namesake_every(int64_t total)
{
	return total > NAMESAKES ? total / NAMESAKES : 1;
}

static struct entry registration(int64_t i, int64_t total)
{
	struct entry e = {
		.type = ENTRY_REGISTERED,
		.wall_ms = START_MS + i * STEP_MS,
		.mono_ms = i * STEP_MS,
		.clock_trusted = true,
	};
	struct visit *v = &e.visit;
	v->level = LEVEL_CLOSED;
	v->person = people_person((uint64_t)i);
	if (i % namesake_every(total) == 0)
		text_copy(v->person.name, sizeof(v->person.name), NAMESAKE);
	v->temperature = (struct temperature){ .first_centi_c = 3642,
					       .ambient_centi_c = 2110,
					       .attempts = 1 };
	v->code_digest = people_random((uint64_t)i);
	for (int k = 0; k < 4; k++)
		v->facts[k] = (struct fact){ FINDING_GOOD, SOURCE_DECLARED, e.wall_ms - 20000, 0 };
	v->decision = (struct decision){
		.verdict = i < total - WAITING ? VERDICT_REFUSE : VERDICT_REFER,
		.reason_count = 1,
		.reasons = { { REASON_DOCUMENT_NOT_SEEN, CHECK_DOCUMENT, "2·三", 0 } },
	};
	return e;
}

/* The register's own functions, many entries a commit; each commit takes a batch into the index. */
static void build(const char *path, int64_t total)
{
	struct register_db *db;
	int64_t started_ns = bench_now_ns();
	struct receipt receipt;

	bench_need(register_open(&db, path, 480), "register_open");
	bench_need(sqlite3_exec(db->sqlite, "PRAGMA synchronous=OFF", NULL, NULL, NULL), "PRAGMA");
	for (int64_t i = 0; i < total;) {
		bench_need(txn_begin(db), "begin");
		int r = 0;
		for (int k = 0; k < A_COMMIT && i < total && r == 0; k++, i++) {
			struct entry e = registration(i, total);
			r = record_append(db, &e, &receipt);
		}
		bench_need(txn_end(db, r), "commit");
		if (i / (A_COMMIT * 1000) != (i - A_COMMIT) / (A_COMMIT * 1000))
			fprintf(stderr, "%lld of %lld visits, %.0f s\n", (long long)i,
				(long long)total, (double)(bench_now_ns() - started_ns) / 1e9);
	}
	register_close(db);
	double took_s = (double)(bench_now_ns() - started_ns) / 1e9;
	printf("build %lld visits: %.1f s, %.1f us a visit\n", (long long)total, took_s,
	       took_s * 1e6 / (double)total);
}

/* Peak memory of this process so far. */
static long peak_kib(void)
{
	CLEANUP(close_file) FILE *f = fopen("/proc/self/status", "re");
	char line[128];

	while (f && fgets(line, sizeof(line), f))
		if (strncmp(line, "VmHWM:", 6) == 0)
			return strtol(line + 6, NULL, 10);
	bench_need(-ENOENT, "/proc/self/status");
	return 0;
}

/* Pages of the file this connection has looked at since it was asked last. */
static int64_t pages_touched(struct register_db *db)
{
	static const int counted[] = { SQLITE_DBSTATUS_CACHE_HIT, SQLITE_DBSTATUS_CACHE_MISS };
	int64_t pages = 0;

	for (size_t i = 0; i < ARRAY_LEN(counted); i++) {
		int now, most;
		bench_need(sqlite3_db_status(db->sqlite, counted[i], &now, &most, 1),
			   "counting pages");
		pages += now;
	}
	return pages;
}

static struct register_db *measure_start(const char *path)
{
	struct bench start = bench_start("start: register_open");
	struct register_db *db = NULL;

	for (int i = 0; i < 5; i++) {
		register_close(db);
		bench_begin(&start);
		bench_need(register_open(&db, path, 480), "register_open");
		bench_end(&start);
	}
	bench_report(&start);
	return db;
}

static void measure_queue(struct register_db *db)
{
	struct bench queue = bench_start("the guard's queue, first page");
	struct visit visits[8];

	for (int i = 0; i < 2000; i++) {
		int count, total;
		bench_begin(&queue);
		bench_need(register_queue(db, visits, ARRAY_LEN(visits), 0, &count, &total),
			   "register_queue");
		bench_end(&queue);
		bench_need(total != WAITING, "counting the queue");
	}
	bench_report(&queue);
}

/* What is typed to find the n-th person in the way that is asked. */
enum way {
	BY_FAMILY,
	BY_NAME,
	BY_GIVEN,
	BY_CHARACTER,
	BY_PHONE_3,
	BY_PHONE_5,
	BY_PHONE_8,
	BY_PHONE,
	BY_LAST_FOUR,
	BY_NAMESAKE,
	BY_REVERSED,
	BY_NOBODY,
	WAY_COUNT_
};

static const char *const way_names[WAY_COUNT_] = {
	[BY_FAMILY] = "search by the first character of a name",
	[BY_NAME] = "search by a whole name",
	[BY_GIVEN] = "search by the end of a name",
	[BY_CHARACTER] = "search by its last character",
	[BY_PHONE_3] = "search by 3 digits of a phone",
	[BY_PHONE_5] = "search by 5 digits of a phone",
	[BY_PHONE_8] = "search by 8 digits of a phone",
	[BY_PHONE] = "search by a whole phone",
	[BY_LAST_FOUR] = "search by the last four of a document",
	[BY_NAMESAKE] = "the newest of all of one name",
	[BY_REVERSED] = "search by a name read backwards",
	[BY_NOBODY] = "search for nobody",
};

static void typed(enum way way, uint64_t n, char out[NAME_BYTES])
{
	struct person p = people_person(n);
	size_t length = utf8_length(p.name);
	char a[8], b[8];

	text_copy(out, NAME_BYTES, p.name);
	if (way == BY_FAMILY)
		people_char(p.name, 0, out);
	else if (way == BY_GIVEN)
		text_format(out, NAME_BYTES, "%s%s", people_char(p.name, length - 2, a),
			    people_char(p.name, length - 1, b));
	else if (way == BY_CHARACTER)
		people_char(p.name, length - 1, out);
	else if (way == BY_PHONE || way == BY_PHONE_3 || way == BY_PHONE_5 || way == BY_PHONE_8)
		text_format(out, NAME_BYTES, "%.*s",
			    way == BY_PHONE_3   ? 3
			    : way == BY_PHONE_5 ? 5
			    : way == BY_PHONE_8 ? 8
						: 11,
			    p.phone);
	else if (way == BY_LAST_FOUR)
		text_copy(out, NAME_BYTES, p.document + strlen(p.document) - 4);
	else if (way == BY_NAMESAKE)
		text_copy(out, NAME_BYTES, NAMESAKE);
	else if (way == BY_REVERSED)
		text_format(out, NAME_BYTES, "%s%s", people_char(p.name, 1, a),
			    people_char(p.name, 0, b));
	else if (way == BY_NOBODY)
		text_copy(out, NAME_BYTES, n % 2 ? "龘靐" : "29912345678");
}

static void measure_search(struct register_db *db, enum way way, int64_t total)
{
	struct bench search = bench_start(way_names[way]);
	struct visit visits[FOUND];
	long found = 0;
	int64_t pages = 0, most_pages = 0;

	for (uint64_t i = 0; i < 400; i++) {
		char text[NAME_BYTES];
		int count;
		typed(way, people_random(i) % (uint64_t)total, text);
		pages_touched(db);
		bench_begin(&search);
		bench_need(register_search(db, text, visits, FOUND, &count), "register_search");
		bench_end(&search);
		int64_t touched = pages_touched(db);
		pages += touched;
		most_pages = touched > most_pages ? touched : most_pages;
		found += count;
		for (int k = 1; k < count; k++)
			bench_need(visits[k].id >= visits[k - 1].id, "the newest first");
	}
	bool all = way == BY_NAMESAKE && total > 2 * NAMESAKES;
	bench_need(all && found != 400 * FOUND, "finding the namesakes");
	bench_need(way == BY_NOBODY && found != 0, "finding nobody");
	bench_report(&search);
	printf("    %.1f of %d found, %.0f pages touched, %lld at most\n", (double)found / 400,
	       FOUND, (double)pages / 400, (long long)most_pages);
}

static int count_event(void *ctx, const struct event_row *row)
{
	(void)row;
	++*(int64_t *)ctx;
	return 0;
}

/* register_events proves what it gives out. */
static void measure_chain(struct register_db *db, int64_t total)
{
	int64_t count = 0, last = 0, started_ns = bench_now_ns();

	while (count < total)
		bench_need(register_events(db, last, 10000, count_event, &count, &last),
			   "register_events");
	double took_s = (double)(bench_now_ns() - started_ns) / 1e9;
	printf("chain proved: %.2f million events a second\n", (double)total / took_s / 1e6);
}

static void measure_check(struct register_db *db, int64_t total)
{
	static const struct register_check plain = { 0 };
	struct register_fault fault;
	int64_t started_ns = bench_now_ns();

	bench_need(register_check(db, &plain, &fault), "register_check");
	double took_s = (double)(bench_now_ns() - started_ns) / 1e9;
	printf("whole check: %.1f s, %.2f million events a second, %.1f MiB\n", took_s,
	       (double)total / took_s / 1e6, (double)peak_kib() / 1024);
}

int main(int argc, char **argv)
{
	const char *tmp = getenv("TMPDIR");
	int64_t total = argc > 1 ? strtoll(argv[1], NULL, 10) : 100000;
	char dir[256], path[300];
	struct stat st;

	bench_need(total < 1000, "VISITS of 1000 or more");
	snprintf(dir, sizeof(dir), "%s/gatehouse-bench-XXXXXX", tmp ? tmp : "/var/tmp");
	if (!mkdtemp(dir)) {
		perror(dir);
		return 1;
	}
	snprintf(path, sizeof(path), "%s/register.db", dir);
	build(path, total);
	bench_need(stat(path, &st), "stat");
	printf("register file: %.1f bytes a visit\n", (double)st.st_size / (double)total);
	struct register_db *db = measure_start(path);
	measure_queue(db);
	for (int way = 0; way < WAY_COUNT_; way++)
		measure_search(db, (enum way)way, total);
	measure_chain(db, total);
	printf("memory: %.1f MiB at most\n", (double)peak_kib() / 1024);
	measure_check(db, total);
	register_close(db);
	unlink(path);
	rmdir(dir);
	return 0;
}
