/*
 * An export of a register of a million events, through the real gatehouse-stick onto a folder: how
 * long it takes, how much memory the two programs have at their most, and what it weighs on the
 * stick. TMPDIR says where register and stick lie.
 *
 *   bench_export [EVENTS]
 */
#include <ftw.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "base/text.h"
#include "bench.h"
#include "export.h"

#define EVENTS 1000000
#define EVENTS_A_VISIT 4
#define START_MS INT64_C(1795392000000)
#define STEP_MS INT64_C(61000)

struct place {
	char root[256], stick[300], path[300], program[300];
};

static int remove_one(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
	(void)st;
	(void)flag;
	(void)ftw;
	return remove(path);
}

static struct place make_place(void)
{
	struct place p;
	const char *tmp = getenv("TMPDIR");
	char self[200];

	text_format(p.root, sizeof(p.root), "%s/gatehouse-bench-XXXXXX", tmp ? tmp : "/tmp");
	bench_need(mkdtemp(p.root) ? 0 : -errno, "mkdtemp");
	text_format(p.stick, sizeof(p.stick), "%s/stick", p.root);
	bench_need(mkdir(p.stick, 0700), "mkdir");
	text_format(p.path, sizeof(p.path), "%s/register.db", p.root);
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);
	bench_need(n > 0 ? 0 : -errno, "/proc/self/exe");
	self[n] = '\0';
	*strrchr(self, '/') = '\0';
	text_format(p.program, sizeof(p.program), "%s/../bin/gatehouse-stick", self);
	return p;
}

static void record(struct register_db *db, struct entry *e, enum entry_type type)
{
	struct receipt receipt;

	e->type = type;
	e->wall_ms += 1000;
	e->mono_ms += 1000;
	bench_need(register_record(db, e, &receipt), "register_record");
	if (type == ENTRY_REGISTERED)
		e->visit.id = receipt.visit_id;
}

static void fill_facts(struct visit *v, int64_t wall_ms)
{
	static const enum check KNOWN[] = { CHECK_REAL_NAME, CHECK_TEMPERATURE, CHECK_TRAVEL_14D,
					    CHECK_SYMPTOMS,  CHECK_HEALTH_CODE, CHECK_MASK };

	for (size_t k = 0; k < ARRAY_LEN(KNOWN); k++)
		v->facts[KNOWN[k]] = (struct fact){ .finding = FINDING_GOOD,
						    .source = SOURCE_GUARD,
						    .wall_ms = wall_ms,
						    .value = 1 };
}

/* Registered, decided, gone in, gone out; every tenth refused. Names differ as names do. */
static void record_visit(struct register_db *db, int i)
{
	static const char *const NAMES[] = { "欧阳修", "张伟", "德木其格", "John Q. Public",
					     "李娜" };
	struct entry e = { .wall_ms = START_MS + i * STEP_MS,
			   .mono_ms = i * STEP_MS,
			   .clock_trusted = true };
	struct visit *v = &e.visit;
	bool refused = i % 10 == 0;

	v->level = LEVEL_CLOSED;
	v->state = VISIT_WAITING;
	v->registered_ms = e.wall_ms;
	v->person.document_kind = DOCUMENT_ID_CARD;
	text_copy(v->person.name, sizeof(v->person.name), NAMES[i % 5]);
	text_format(v->person.document, sizeof(v->person.document), "1101051949%08d",
		    (int)((unsigned)i * 2654435761U % 99999999U));
	text_format(v->person.phone, sizeof(v->person.phone), "138%08d", i);
	text_format(v->person.household, sizeof(v->person.household), "%d-%d-%d", i % 12 + 1,
		    i % 4 + 1, i % 27 * 100 + i % 7);
	text_copy(v->person.purpose, sizeof(v->person.purpose), "探亲访友");
	v->temperature.first_centi_c = 3600 + i % 90;
	v->temperature.ambient_centi_c = 2110;
	v->code_digest = UINT64_C(0x9E3779B97F4A7C15) * (uint64_t)(i + 1);
	fill_facts(v, e.wall_ms);
	v->decision.verdict = VERDICT_REFER;
	v->decision.reason_count = 1;
	v->decision.reasons[0] = (struct reason){ .code = REASON_APPROVAL_PENDING,
						  .check = CHECK_APPROVAL,
						  .clause = "2·三" };
	record(db, &e, ENTRY_REGISTERED);
	text_copy(e.actor, sizeof(e.actor), "李强");
	text_copy(v->decided_by, sizeof(v->decided_by), "李强");
	v->decided_ms = e.wall_ms;
	v->decision.verdict = refused ? VERDICT_REFUSE : VERDICT_ADMIT;
	v->state = refused ? VISIT_REFUSED : VISIT_ADMITTED;
	if (!refused) {
		v->pass_serial = UINT64_C(90071992547409931) + (uint64_t)i;
		v->pass_expires_ms = e.wall_ms + 7200000;
		v->decision.pass.valid_min = 120;
		v->decision.pass.uses = 2;
	}
	record(db, &e, ENTRY_DECIDED);
	record(db, &e, refused ? ENTRY_REVEALED : ENTRY_PASSED);
	record(db, &e, refused ? ENTRY_REVEALED : ENTRY_LEFT);
}

static void fill(const struct place *p, int events)
{
	struct register_db *db;

	bench_need(register_open(&db, p->path, 480), "register_open");
	for (int i = 0; i < events / EVENTS_A_VISIT; i++)
		record_visit(db, i);
	register_close(db);
}

static int64_t archive_bytes(const struct place *p, const struct export_result *result)
{
	char path[700];
	struct stat st;

	text_format(path, sizeof(path), "%s/%s/%s.zip.age", p->stick, result->name, result->name);
	bench_need(stat(path, &st), "stat");
	return st.st_size;
}

static double processor_s(const struct rusage *u)
{
	return (double)(u->ru_utime.tv_sec + u->ru_stime.tv_sec) +
	       (double)(u->ru_utime.tv_usec + u->ru_stime.tv_usec) / 1e6;
}

/* In a process of its own, so that the memory it has taken is the export's. */
static int export_it(const struct place *p)
{
	static const uint8_t OFFICE[32] = { 1, 2, 3 };
	struct export_job job = { .stick_program = p->program,
				  .stick_dir = p->stick,
				  .site = "青松里小区",
				  .gate_name = "东门",
				  .site_id = 1,
				  .utc_offset_min = 480,
				  .wall_ms = START_MS,
				  .to = { .count = 1 } };
	struct export_result result;
	struct register_db *db;
	struct rusage self, children;

	age_public(OFFICE, job.to.recipients[0]);
	bench_need(register_open(&db, p->path, 480), "register_open");
	int64_t began = bench_now_ns();
	bench_need(export_run(db, &job, &result), "export_run");
	double seconds = (double)(bench_now_ns() - began) / 1e9;
	bench_need(result.problem == NOTE_NONE ? 0 : -EIO, "export");
	register_close(db);
	getrusage(RUSAGE_SELF, &self);
	getrusage(RUSAGE_CHILDREN, &children);
	double mb = (double)archive_bytes(p, &result) / 1e6;
	printf("export: %lld events, %lld visits: %.1f s\n", (long long)result.seq,
	       (long long)result.rows, seconds);
	printf("archive: %.1f MB, %.0f bytes an event with its visit\n", mb,
	       mb * 1e6 / (double)result.seq);
	printf("peak memory: gatehouse-stick %.1f MB, the exporting side with its register %.1f "
	       "MB\n",
	       (double)children.ru_maxrss / 1024, (double)self.ru_maxrss / 1024);
	printf("processor: gatehouse-stick %.1f s, the exporting side %.1f s\n",
	       processor_s(&children), processor_s(&self));
	return 0;
}

int main(int argc, char **argv)
{
	struct place p = make_place();
	int events = argc > 1 ? atoi(argv[1]) : EVENTS, status = 1;

	fill(&p, events);
	fflush(stdout);
	pid_t pid = fork();
	if (pid == 0) {
		int code = export_it(&p);
		fflush(stdout);
		_exit(code);
	}
	waitpid(pid, &status, 0);
	nftw(p.root, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
