/*
 * The register: registering durably, looking at its queue, and proving the chain. TMPDIR says which
 * disk is measured; a flush on tmpfs costs nothing and says nothing.
 *
 * A registration is held against the least it could cost: the same number of bytes written round
 * and round in a file that has its blocks already, as sqlite's log has, each time flushed, in the
 * same run. Flushes and bytes are the figures that carry over to another
 * disk; the times do not.
 */
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "base/fileio.h"
#include "base/text.h"
#include "bench.h"
#include "store/register.h"

#define REGISTRATIONS 2000
#define LOG_BYTES ((size_t)4 << 20)
#define START_MS INT64_C(1795392000000)
#define STEP_MS INT64_C(61000)

int fsync(int fd);
int fdatasync(int fd);

/* These stand in for the C library's, so that sqlite's flushes are counted where they leave the
 * program. */
static _Atomic long flushes;

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

/* Bytes this process has handed to write calls so far. */
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
	v->person.document_kind = DOCUMENT_ID_CARD;
	text_copy(v->person.name, sizeof(v->person.name), "欧阳修");
	text_format(v->person.document, sizeof(v->person.document), "11010519491231%04d", i % 9999);
	text_format(v->person.phone, sizeof(v->person.phone), "138%08d", i);
	text_format(v->person.household, sizeof(v->person.household), "3-2-%d", i % 900);
	text_copy(v->person.purpose, sizeof(v->person.purpose), "family");
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

/* Returns the median; *each is how many bytes one registration wrote. */
static double measure_registering(struct register_db *db, size_t *each)
{
	struct bench record = bench_start("register a visitor, on disk");
	long flushed = flushes;
	long long written = bytes_written();

	for (int i = 0; i < REGISTRATIONS; i++) {
		struct entry e = registration(i);
		struct receipt receipt;
		bench_begin(&record);
		bench_need(register_record(db, &e, &receipt), "register_record");
		bench_end(&record);
	}
	written = bytes_written() - written;
	flushed = flushes - flushed;
	*each = (size_t)(written / REGISTRATIONS);
	double p50_us = median_us(&record);
	bench_report(&record);
	printf("flushes: %.3f a registration\n", (double)flushed / REGISTRATIONS);
	printf("written: %.1f KiB a registration\n", (double)written / 1024 / REGISTRATIONS);
	return p50_us;
}

static double measure_plain(const char *path, size_t each)
{
	struct bench plain = bench_start("as many bytes, write and fdatasync");
	CLEANUP(close_fd) int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	char *log = calloc(1, LOG_BYTES);

	bench_need(fd < 0 || !log || each > LOG_BYTES, "the plain file");
	bench_need(fd_write_all(fd, log, LOG_BYTES), "write");
	bench_need(fsync(fd), "fsync");
	size_t at = 0;
	for (int i = 0; i < REGISTRATIONS; i++) {
		if (at + each > LOG_BYTES)
			at = 0;
		bench_begin(&plain);
		bench_need(pwrite(fd, log, each, (off_t)at) != (ssize_t)each, "write");
		bench_need(fdatasync(fd), "fdatasync");
		bench_end(&plain);
		at += each;
	}
	free(log);
	unlink(path);
	double p50_us = median_us(&plain);
	bench_report(&plain);
	return p50_us;
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
	size_t each;
	bench_need(register_open(&db, path, 480), "register_open");
	double registering_us = measure_registering(db, &each);
	double plain_us = measure_plain(plain, each);
	printf("registration against plain: %.2f times the median\n", registering_us / plain_us);
	measure_reading(db);
	register_close(db);

	struct stat st;
	bench_need(stat(path, &st), "stat");
	printf("register file: %.0f bytes a registration\n", (double)st.st_size / REGISTRATIONS);
	unlink(path);
	unlink(wal);
	rmdir(dir);
	return 0;
}
