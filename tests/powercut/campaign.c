#include "tests/powercut/campaign.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "base/log.h"
#include "base/text.h"
#include "tests/powercut/cut.h"
#include "tests/powercut/workload.h"
#include "tests/powercut/world.h"
#include "tests/unit/store/helper_store.h"

#define AGAIN_EVERY 10 /* cuts until a recovery is cut, too */
#define AGAIN_CUTS 3
#define JOBS_MAX 16
#define TOLD_MAX 10

/* Shared by all processes; for a signal handler, so it cannot hang from anything. */
static _Atomic bool *stopped;

/* The recording: made once, then read by all. */
struct tape {
	const struct campaign *campaign;
	struct disk disk; /* stopped; its log is what counts */
	struct history *history; /* shared */
	struct medium start; /* the disk before the log began */
	struct cut *cuts;
	struct tally *tally; /* shared */
};

/* Neighbouring seeds are to have nothing in common (the finalizer of splitmix64). */
static uint64_t mix(uint64_t x)
{
	x += UINT64_C(0x9E3779B97F4A7C15);
	x = (x ^ x >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
	x = (x ^ x >> 27) * UINT64_C(0x94D049BB133111EB);
	return x ^ x >> 31;
}

static void *shared(size_t bytes)
{
	void *p = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	return p == MAP_FAILED ? NULL : p;
}

int campaign_prepare(void)
{
	stopped = shared(sizeof(*stopped));
	return stopped ? 0 : -ENOMEM;
}

void campaign_stop(void)
{
	*stopped = true;
}

static int complain(const char *where, const char *what, int err)
{
	printf("powercut: %s: %s: %s\n", where, what ? what : "", strerror(-err));
	fflush(stdout);
	return err;
}

/* Forks; the child ends in good order when this process goes. 0 in the child. */
static pid_t fork_with_us(void)
{
	pid_t parent = getpid();
	pid_t child;

	fflush(stdout);
	child = fork();
	if (child == 0) {
		prctl(PR_SET_PDEATHSIG, SIGTERM);
		if (getppid() != parent)
			_exit(1);
	}
	return child;
}

static void run_workload(const struct tape *tape)
{
	const struct campaign *c = tape->campaign;
	const char *what = NULL;
	struct disk disk = tape->disk;
	struct workload load = { .disk = &disk,
				 .history = tape->history,
				 .seed = mix(c->seed),
				 .steps = c->steps,
				 .pragma = c->setting.pragma,
				 .stick_program = c->setting.stick_program };

	signal(SIGTERM, SIG_DFL);
	signal(SIGINT, SIG_DFL);
	int err = workload_run(&load, &what);
	if (err)
		complain("the workload on a good disk", what, err);
	_exit(err ? 1 : 0);
}

/* A process of its own, so that nothing of it is left in those that judge. */
static int record_workload(struct tape *tape)
{
	int status;
	pid_t child = fork_with_us();

	if (child == 0)
		run_workload(tape);
	if (child < 0)
		return -errno;
	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	if (*stopped)
		return -EINTR;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : -EPROTO;
}

/* The folder that stands for the export's medium is there before anything is logged. */
static int make_stick(struct disk *disk)
{
	char path[96];
	int err = disk_mount(disk, "");

	if (err)
		return err;
	text_format(path, sizeof(path), "%s/" STICK_DIR, disk->mount_dir);
	err = mkdir(path, 0700) ? -errno : 0;
	int unmounted = disk_unmount(disk);
	return err ? err : unmounted;
}

static int record(struct tape *tape)
{
	struct disk *disk = &tape->disk;
	int err = disk_start(disk);

	if (!err)
		err = disk_format(disk);
	if (!err)
		err = make_stick(disk);
	if (!err)
		err = medium_make(&tape->start, disk->memory);
	if (!err) {
		disk_log_start(disk);
		err = disk_mount(disk, tape->campaign->setting.mount_options);
	}
	if (err) {
		complain("the disk", disk->problem, err);
		disk_stop(disk);
		return err;
	}
	err = record_workload(tape);
	disk_stop(disk);
	if (!err && disk->memory->log.full)
		err = complain("the log", "is too small", -ENOSPC);
	return err;
}

static void describe(const struct tape *tape, const struct cut *cut, bool again,
		     const struct judgement *j)
{
	if (tape->tally->told++ >= TOLD_MAX || tape->campaign->setting.control)
		return;
	printf("powercut: cut %u at operation %u of %u%s: %s\n", cut->number, cut->position,
	       tape->disk.memory->log.count, again ? ", and a cut of the recovery from it" : "",
	       j->why);
	fflush(stdout);
}

static void count(const struct tape *tape, const struct judgement *j)
{
	struct tally *tally = tape->tally;

	tally->cuts++;
	tally->mended += j->mended;
	for (int i = 0; i < DAMAGE_COUNT_; i++)
		tally->damage[i] += j->damage >> i & 1;
	for (int i = 0; i < PROMISE_KIND_COUNT_; i++)
		tally->lost[i] += j->lost >> i & 1;
	uint32_t worst = tally->worst;
	while (j->lost_states > worst &&
	       !atomic_compare_exchange_weak(&tally->worst, &worst, j->lost_states))
		;
}

struct worker {
	const struct tape *tape;
	struct disk disk;
	struct medium medium;
};

/* The disk as it was found broken, for whoever wants to look. */
static void keep(const struct worker *w, const struct cut *cut, unsigned again)
{
	const struct campaign *c = w->tape->campaign;
	char path[256];

	if (!c->keep_dir || c->setting.control || w->tape->tally->told > TOLD_MAX)
		return;
	text_format(path, sizeof(path), "%s/cut-%u-%u.ext4", c->keep_dir, cut->number, again);
	CLEANUP(close_file) FILE *file = fopen(path, "w");
	if (!file || fwrite(w->disk.memory->image, DISK_BYTES, 1, file) != 1)
		printf("powercut: %s cannot be written\n", path);
}

static int try_cut(struct worker *w, struct medium *medium, const struct disk_log *log,
		   const struct history *history, const struct cut *cut, unsigned again,
		   struct judgement *j)
{
	cut_make(medium, w->disk.memory, log, cut);
	int err = judge(&w->disk, history, cut->position, j);
	if (err)
		return complain("judging", w->disk.problem, err);
	count(w->tape, j);
	if (j->damage) {
		describe(w->tape, cut, again > 0, j);
		medium_restore(medium, w->disk.memory);
		cut_make(medium, w->disk.memory, log, cut);
		keep(w, cut, again);
	}
	medium_restore(medium, w->disk.memory);
	return 0;
}

/* Lets the register recover from cut on a disk that is logged. */
static int record_recovery(struct worker *w, struct history *history, const struct cut *cut)
{
	const char *what = NULL;
	struct workload load = { .disk = &w->disk, .history = history, .seed = cut->random };

	bool mended;

	disk_log_start(&w->disk);
	int err = disk_boot(&w->disk, w->tape->campaign->setting.mount_options, &mended);
	if (err)
		return complain("mounting once more", w->disk.problem, err);
	err = workload_resume(&load, &what);
	if (err)
		complain("going on after a cut", what, err);
	int unmounted = disk_unmount(&w->disk);
	disk_log_stop(&w->disk);
	return err ? err : unmounted;
}

/* The recovery from a cut is cut, and recovered from. */
static int cut_again(struct worker *w, const struct cut *first, const struct judgement *found)
{
	struct medium medium;
	struct history *history = malloc(sizeof(*history));
	struct cut cuts[AGAIN_CUTS];
	struct judgement j;

	cut_make(&w->medium, w->disk.memory, &w->tape->disk.memory->log, first);
	int err = medium_make(&medium, w->disk.memory);
	if (!err && !history)
		err = -ENOMEM;
	if (!err) {
		*history = *w->tape->history;
		history_cut_to(history, found->state, first->position);
		err = record_recovery(w, history, first);
	}
	if (!err) {
		cuts_choose(cuts, AGAIN_CUTS, &w->disk.memory->log, history, first->random);
		medium_restore(&medium, w->disk.memory);
	}
	for (unsigned i = 0; !err && i < AGAIN_CUTS; i++) {
		err = try_cut(w, &medium, &w->disk.memory->log, history, &cuts[i], 1 + i, &j);
		w->tape->tally->again++;
	}
	medium_put(&w->medium, w->disk.memory);
	medium_free(&medium);
	free(history);
	return err;
}

static int work(struct worker *w, unsigned number)
{
	const struct campaign *c = w->tape->campaign;
	struct judgement j;
	int err = 0;

	for (uint32_t i = number; !err && i < c->cuts && !*stopped; i += c->jobs) {
		const struct cut *cut = &w->tape->cuts[i];
		err = try_cut(w, &w->medium, &w->tape->disk.memory->log, w->tape->history, cut, 0,
			      &j);
		if (!err && !c->setting.control && j.damage == 0 && j.found &&
		    cut->number % AGAIN_EVERY == 0)
			err = cut_again(w, cut, &j);
	}
	return err;
}

/* What the register says of a broken disk is no news when it was broken on purpose. */
static void be_quiet(void)
{
	int null = open("/dev/null", O_WRONLY | O_CLOEXEC);

	if (null >= 0)
		dup2(null, STDERR_FILENO);
}

static void run_worker(const struct tape *tape, unsigned number)
{
	struct worker w = { .tape = tape, .medium = tape->start }; /* a fork's memory is its own */
	int err = disk_start(&w.disk);

	if (tape->campaign->setting.control)
		be_quiet();
	if (err) {
		complain("a worker's disk", w.disk.problem, err);
	} else {
		medium_put(&w.medium, w.disk.memory);
		err = work(&w, number);
	}
	disk_stop(&w.disk);
	_exit(err ? 1 : 0);
}

static int run_workers(const struct tape *tape)
{
	unsigned jobs = tape->campaign->jobs;
	pid_t children[JOBS_MAX];
	int status, err = 0;

	assert(jobs <= JOBS_MAX);
	for (unsigned i = 0; i < jobs; i++) {
		children[i] = fork_with_us();
		if (children[i] == 0)
			run_worker(tape, i);
	}
	for (unsigned i = 0; i < jobs; i++) {
		if (children[i] < 0) {
			err = -EAGAIN;
			continue;
		}
		while (waitpid(children[i], &status, 0) < 0 && errno == EINTR)
			;
		if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
			err = complain(tape->campaign->setting.name,
				       WIFSIGNALED(status) ? strsignal(WTERMSIG(status))
							   : "a worker",
				       -EPROTO);
	}
	return *stopped ? -EINTR : err;
}

static uint64_t fingerprint(const struct tape *tape)
{
	const struct disk_log *log = &tape->disk.memory->log;
	uint64_t hash = UINT64_C(14695981039346656037);

	for (uint32_t i = 0; i < log->count; i++) {
		const struct disk_op *op = &log->ops[i];
		uint32_t words[] = { op->flush, op->offset, op->len };
		for (size_t k = 0; k < ARRAY_LEN(words); k++)
			hash = (hash ^ words[k]) * UINT64_C(1099511628211);
	}
	return hash;
}

static void say_recording(const struct tape *tape)
{
	const struct disk_log *log = &tape->disk.memory->log;
	uint32_t flushes = 0;

	for (uint32_t i = 0; i < log->count; i++)
		flushes += log->ops[i].flush;
	printf("powercut: %s: %u promises, %u writes, %u flushes, %u KiB, fingerprint %08x\n",
	       tape->campaign->setting.name, tape->history->promise_count, log->count - flushes,
	       flushes, log->bytes_used / 1024, (unsigned)fingerprint(tape));
	fflush(stdout);
}

static void tally_add(struct tally *sum, const struct tally *t)
{
	sum->cuts += t->cuts;
	sum->again += t->again;
	sum->mended += t->mended;
	for (int i = 0; i < DAMAGE_COUNT_; i++)
		sum->damage[i] += t->damage[i];
	for (int i = 0; i < PROMISE_KIND_COUNT_; i++)
		sum->lost[i] += t->lost[i];
	if (t->worst > sum->worst)
		sum->worst = t->worst;
}

int campaign_run(const struct campaign *c, struct tally *tally)
{
	struct tape tape = { .campaign = c,
			     .disk = { .loop_fd = -1 },
			     .history = shared(sizeof(*tape.history)),
			     .tally = shared(sizeof(*tape.tally)),
			     .cuts = calloc(c->cuts, sizeof(*tape.cuts)) };
	int err = tape.history && tape.tally && tape.cuts ? 0 : -ENOMEM;

	log_set_level(LOG_ERROR_LEVEL);
	if (!err)
		err = record(&tape);
	if (!err) {
		say_recording(&tape);
		cuts_choose(tape.cuts, c->cuts, &tape.disk.memory->log, tape.history,
			    mix(c->seed + 1));
		err = run_workers(&tape);
		tally_add(tally, tape.tally);
	}
	disk_free(&tape.disk);
	if (tape.history)
		munmap(tape.history, sizeof(*tape.history));
	if (tape.tally)
		munmap(tape.tally, sizeof(*tape.tally));
	medium_free(&tape.start);
	free(tape.cuts);
	return err;
}
