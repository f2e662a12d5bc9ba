/*
 * The register: registering durably, looking at its queue, and proving the chain. TMPDIR says which
 * disk is measured; a flush on tmpfs costs nothing and says nothing.
 *
 * A registration is held against the least it could cost: as many bytes in one write into a file
 * that has its blocks already, as sqlite's log has, and one flush. The two take turns, and turns in
 * who is first, so that whatever else the machine and the disk are doing meets both alike. Flushes
 * and bytes are the figures that carry over to another disk; the times do not.
 */
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "base/fileio.h"
#include "base/text.h"
#include "bench.h"
#include "people.h"
#include "store/db.h"
#include "store/register.h"

#define REGISTRATIONS 2000
#define OLD 65536 /* registrations; then the first part of the search index is complete */
#define LOG_BYTES ((size_t)4 << 20)
#define START_MS INT64_C(1795392000000)
#define STEP_MS INT64_C(61000)

int fsync(int fd);
int fdatasync(int fd);

/* These stand in for the C library's, so that sqlite's flushes and writes are counted where they
 * leave the program. */
static _Atomic long flushes, writes, bytes;

int fsync(int fd)
{
	flushes++;
	return (int)syscall(SYS_fsync, fd);
}

int fdatasync(int fd)
{
	flushes++;
	return (int)syscall(SYS_fdatasync, fd);
}

ssize_t pwrite64(int fd, const void *buf, size_t len, off64_t at)
{
	ssize_t n = syscall(SYS_pwrite64, fd, buf, len, at);

	writes++;
	bytes += n > 0 ? n : 0;
	return n;
}

/* Bytes this process has handed to write calls so far, as the kernel counts. */
static long long bytes_written(void)
{
	CLEANUP(close_file) FILE *f = fopen("/proc/self/io", "re");
	char line[128];

	while (f && fgets(line, sizeof(line), f))
		if (strncmp(line, "wchar: ", 7) == 0)
			return strtoll(line + 7, NULL, 10);
	bench_need(-ENOENT, "/proc/self/io");
	return 0;
}

static struct entry registration(int i)
{
	struct entry e = {
		.type = ENTRY_REGISTERED,
		.wall_ms = START_MS + i * STEP_MS,
		.mono_ms = i * STEP_MS,
		.clock_trusted = true,
	};
	struct visit *v = &e.visit;
	v->level = LEVEL_CLOSED;
	v->state = VISIT_WAITING;
	v->person = people_person((uint64_t)i);
	v->temperature = (struct temperature){ .first_centi_c = 3642,
					       .ambient_centi_c = 2110,
					       .attempts = 1 };
	v->code_digest = UINT64_C(0x9E3779B97F4A7C15) * (uint64_t)(i + 1);
	static const enum check known[] = { CHECK_REAL_NAME, CHECK_TEMPERATURE, CHECK_TRAVEL_14D,
					    CHECK_SYMPTOMS };
	for (size_t k = 0; k < ARRAY_LEN(known); k++)
		v->facts[known[k]] =
			(struct fact){ FINDING_GOOD, SOURCE_DECLARED, e.wall_ms - 20000, 0 };
	v->decision = (struct decision){
		.verdict = VERDICT_REFER,
		.reason_count = 3,
		.reasons = { { REASON_DOCUMENT_NOT_SEEN, CHECK_DOCUMENT, "2·三", 0 },
			     { REASON_HEALTH_CODE_UNCHECKED, CHECK_HEALTH_CODE, "2·三", 0 },
			     { REASON_APPROVAL_PENDING, CHECK_APPROVAL, "2·三", 0 } },
		.pass = { .valid_min = 240, .uses = 1 },
	};
	return e;
}

static double median_us(struct bench *b)
{
	qsort(b->samples_ns, (size_t)b->count, sizeof(*b->samples_ns), bench_order);
	return bench_percentile_us(b, 500);
}

/* The file a registration is held against. */
struct plain {
	int fd;
	char *log;
	size_t at;
};

static void plain_open(struct plain *p, const char *path)
{
	*p = (struct plain){ .fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600),
			     .log = calloc(1, LOG_BYTES) };
	bench_need(p->fd < 0 || !p->log, "the plain file");
	bench_need(fd_write_all(p->fd, p->log, LOG_BYTES), "write");
	bench_need(fsync(p->fd), "fsync");
	unlink(path);
}

static void plain_close(struct plain *p)
{
	close(p->fd);
	free(p->log);
}

static void write_plain(struct plain *p, struct bench *b, size_t len)
{
	bench_need(len > LOG_BYTES, "the plain file is too short");
	if (p->at + len > LOG_BYTES)
		p->at = 0;
	bench_begin(b);
	bench_need(syscall(SYS_pwrite64, p->fd, p->log, len, p->at) != (long)len, "write");
	bench_need((int)syscall(SYS_fdatasync, p->fd), "fdatasync");
	bench_end(b);
	p->at += len;
}

/* Returns how many bytes it wrote. */
static size_t register_one(struct register_db *db, struct bench *b, int i)
{
	struct entry e = registration(i);
	struct receipt receipt;
	long before = bytes;

	bench_begin(b);
	bench_need(register_record(db, &e, &receipt), "register_record");
	bench_end(b);
	return (size_t)(bytes - before);
}

static void measure_registering(struct register_db *db, struct plain *p)
{
	struct bench record = bench_start("register a visitor, on disk");
	struct bench plain = bench_start("as many bytes, write and fdatasync");
	long long wchar = bytes_written();
	size_t len = 0, plain_bytes = 0;

	flushes = writes = bytes = 0;
	for (int i = 0; i < REGISTRATIONS; i++) {
		if (i % 2 == 0)
			len = register_one(db, &record, i);
		write_plain(p, &plain, len);
		plain_bytes += len;
		if (i % 2 != 0)
			len = register_one(db, &record, i);
	}
	wchar = bytes_written() - wchar - (long long)plain_bytes;
	bench_need(wchar != bytes, "counting what is written");
	double record_us = median_us(&record), plain_us = median_us(&plain);
	bench_report(&record);
	bench_report(&plain);
	printf("registration against plain: %.2f times the median\n", record_us / plain_us);
	printf("flushes: %.3f a registration\n", (double)flushes / REGISTRATIONS);
	printf("written: %.1f KiB a registration, in %.2f writes\n",
	       (double)bytes / 1024 / REGISTRATIONS, (double)writes / REGISTRATIONS);
}

static void measure_reading(struct register_db *db)
{
	struct bench queue = bench_start("first page of a queue of 2000");
	struct visit visits[8];

	for (int i = 0; i < 200; i++) {
		int count, total;
		bench_begin(&queue);
		bench_need(register_queue(db, visits, ARRAY_LEN(visits), 0, &count, &total),
			   "register_queue");
		bench_end(&queue);
		bench_need(total != REGISTRATIONS, "counting the queue");
	}
	bench_report(&queue);

	struct bench verify = bench_start("verify 2000 registrations");
	for (int i = 0; i < 10; i++) {
		int64_t bad_seq;
		bench_begin(&verify);
		bench_need(register_verify(db, &bad_seq), "register_verify");
		bench_end(&verify);
	}
	bench_report(&verify);
}

static long long file_bytes(struct register_db *db, const char *path)
{
	struct stat st;

	bench_need(sqlite3_exec(db->sqlite, "PRAGMA wal_checkpoint(PASSIVE)", NULL, NULL, NULL),
		   "copying the log back");
	bench_need(stat(path, &st), "stat");
	return st.st_size;
}

/* The size of the file and what is written once the register has some age: without flushes, which
 * change neither, and nobody waiting any longer. */
static void measure_size(struct register_db *db, const char *path, long long empty)
{
	long long young = file_bytes(db, path);
	struct receipt receipt;

	bench_need(sqlite3_exec(db->sqlite, "PRAGMA synchronous=OFF", NULL, NULL, NULL), "PRAGMA");
	bytes = 0;
	for (int i = REGISTRATIONS; i < OLD; i++) {
		struct entry e = registration(i);
		e.visit.state = VISIT_DRAFT;
		e.visit.decision.verdict = VERDICT_REFUSE;
		bench_need(register_record(db, &e, &receipt), "register_record");
	}
	long long old = file_bytes(db, path);
	printf("register file: %.0f bytes a registration (%.0f in the first %d), %lld KiB empty\n",
	       (double)(old - empty) / OLD, (double)(young - empty) / REGISTRATIONS, REGISTRATIONS,
	       empty / 1024);
	printf("written then: %.1f KiB a registration\n",
	       (double)bytes / 1024 / (OLD - REGISTRATIONS));
}

int main(void)
{
	const char *tmp = getenv("TMPDIR");
	char dir[256], path[300], wal[310], plain[300];
	snprintf(dir, sizeof(dir), "%s/gatehouse-bench-XXXXXX", tmp ? tmp : "/var/tmp");
	if (!mkdtemp(dir)) {
		perror(dir);
		return 1;
	}
	snprintf(path, sizeof(path), "%s/register.db", dir);
	snprintf(wal, sizeof(wal), "%s-wal", path);
	snprintf(plain, sizeof(plain), "%s/plain", dir);

	struct register_db *db;
	struct plain p;
	bench_need(register_open(&db, path, 480), "register_open");
	long long empty = file_bytes(db, path);
	plain_open(&p, plain);
	measure_registering(db, &p);
	plain_close(&p);
	measure_reading(db);
	measure_size(db, path, empty);
	register_close(db);
	unlink(path);
	unlink(wal);
	rmdir(dir);
	return 0;
}
