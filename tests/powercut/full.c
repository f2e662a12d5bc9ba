/*
 * The disk is full to the last block, at every step of a gate's life in turn, on a real ext4: what
 * does not fit says -ENOSPC, nothing that was promised is lost, the queue can be read, and the same
 * step succeeds when there is room again, without a restart.
 *
 * Exit code as powercut's.
 */
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include <sodium.h>

#include "base/fileio.h"
#include "base/log.h"
#include "base/text.h"
#include "export.h"
#include "tests/powercut/disk.h"
#include "tests/powercut/workload.h"
#include "tests/powercut/world.h"
#include "tests/unit/store/helper_store.h"

#define SKIPPED 77
#define ROUNDS 4

struct life {
	struct disk disk;
	struct register_db *db;
	char path[96], key_path[96], stick[96], fill[96];
	uint8_t key[32];
	int64_t now_ms;
	int64_t seq; /* promised */
	struct visit visit;
	unsigned visits, refused; /* steps that found no room */
};

static int record(struct life *l, enum entry_type type, struct visit *visit, int64_t number)
{
	struct entry entry = { .type = type,
			       .wall_ms = l->now_ms,
			       .mono_ms = l->now_ms - MONDAY_MS,
			       .clock_trusted = true,
			       .number = number };
	struct receipt receipt;

	if (visit)
		entry.visit = *visit;
	int err = register_record(l->db, &entry, &receipt);
	if (!err && visit)
		visit->id = receipt.visit_id;
	return err;
}

static int step_key(struct life *l)
{
	return file_write_atomic(l->key_path, l->key, sizeof(l->key), 0600);
}

/* Closing copies the log back, or leaves it where it is when there is no room. */
static int step_open(struct life *l)
{
	register_close(l->db);
	l->db = NULL;
	return register_open(&l->db, l->path, OFFSET_MIN);
}

static int step_account(struct life *l)
{
	static const struct account ACCOUNT = { .name = "李强", .role = ROLE_GUARD };

	return register_account_set(l->db, &ACCOUNT, "246810", l->now_ms, l->now_ms - MONDAY_MS);
}

static int step_register(struct life *l)
{
	l->visit = sample_visit(l->visits);
	int err = record(l, ENTRY_REGISTERED, &l->visit, 0);
	l->visits += err == 0;
	return err;
}

static int step_decide(struct life *l)
{
	sample_admit(&l->visit, l->visit.id * 1000003, l->now_ms);
	l->visit.state = VISIT_ADMITTED;
	return record(l, ENTRY_DECIDED, &l->visit, 0);
}

static int step_print(struct life *l)
{
	return record(l, ENTRY_PASS_PRINTED, &l->visit, 0);
}

static int step_level(struct life *l)
{
	return record(l, ENTRY_LEVEL, NULL, LEVEL_OPEN << 8 | LEVEL_STRICT);
}

static int step_pin(struct life *l)
{
	enum pin_outcome outcome;
	struct account account;
	int32_t wait_s;
	int err = register_pin_try(l->db, "李强", "246810", l->now_ms, l->now_ms - MONDAY_MS, true,
				   &outcome, &account, &wait_s);

	if (!err && outcome != PIN_RIGHT)
		return -EPROTO;
	return err && account.role != ROLE_NONE ? -EACCES : err;
}

static int step_export(struct life *l)
{
	struct export_job job = { .stick_program = POWERCUT_BIN_DIR "/gatehouse-stick",
				  .stick_dir = l->stick,
				  .site = "和平里小区",
				  .gate_name = "东门",
				  .site_id = 7,
				  .utc_offset_min = OFFSET_MIN,
				  .wall_ms = l->now_ms,
				  .to.count = 1 };
	struct export_result result;

	age_public(OFFICE_IDENTITY, job.to.recipients[0]);
	memcpy(job.seed, l->key, sizeof(job.seed));
	int err = export_run(l->db, &job, &result);
	if (err)
		return err;
	return result.problem == NOTE_NONE ? 0 : result.problem == NOTE_STICK_FULL ? -ENOSPC : -EIO;
}

static const struct {
	const char *name;
	int (*run)(struct life *l);
	bool once; /* in the first round only */
} STEPS[] = {
	{ "the key", step_key, true },        { "opening", step_open, false },
	{ "an account", step_account, true }, { "a registration", step_register, false },
	{ "a decision", step_decide, false }, { "a pass", step_print, false },
	{ "the level", step_level, false },   { "a PIN", step_pin, false },
	{ "an export", step_export, false },
};

/* Every block, in ever smaller pieces. */
static int fill(struct life *l)
{
	CLEANUP(close_fd) int fd = open(l->fill, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	off_t at = 0;

	if (fd < 0)
		return errno == ENOSPC ? 0 : -errno;
	for (off_t piece = DISK_BYTES; piece >= DISK_BLOCK_BYTES;) {
		if (fallocate(fd, 0, at, piece) == 0)
			at += piece;
		else if (errno == ENOSPC)
			piece /= 2;
		else
			return -errno;
	}
	return fsync(fd) ? -errno : 0;
}

/* What was promised is there and hangs together, full disk or not. */
static const char *look(struct life *l)
{
	struct visit queue[2];
	int count, total;
	int64_t seq, bad_seq;
	uint8_t head[CHAIN_HASH_BYTES];

	if (!l->db)
		return NULL;
	register_head(l->db, &seq, head);
	if (seq < l->seq)
		return "an acknowledged event is gone";
	l->seq = seq;
	if (register_queue(l->db, queue, ARRAY_LEN(queue), 0, &count, &total))
		return "the queue cannot be read";
	if (total > 1) /* the one that is neither decided nor printed yet */
		return "the queue is wrong";
	return register_verify(l->db, &bad_seq) ? "the chain is broken" : NULL;
}

static bool complain(size_t step, const char *what, int err)
{
	printf("wrong: %s: %s%s%s\n", STEPS[step].name, what, err ? ": " : "",
	       err ? strerror(-err) : "");
	return false;
}

/* One step on a full disk, and again when there is room. */
static bool try_step(struct life *l, size_t step)
{
	l->now_ms += 60000;
	int err = fill(l);
	if (err)
		return complain(step, "the disk cannot be filled", err);
	err = STEPS[step].run(l);
	const char *wrong = look(l);
	if (wrong)
		return complain(step, wrong, 0);
	if (err && err != -ENOSPC)
		return complain(step, "on a full disk", err);
	if (unlink(l->fill))
		return complain(step, "making room", -errno);
	if (!err)
		return true;
	l->refused++;
	err = STEPS[step].run(l);
	if (err)
		return complain(step, "with room again", err);
	wrong = look(l);
	return wrong ? complain(step, wrong, 0) : true;
}

static bool live(struct life *l)
{
	for (unsigned round = 0; round < ROUNDS; round++)
		for (size_t step = 0; step < ARRAY_LEN(STEPS); step++)
			if ((round == 0 || !STEPS[step].once) && !try_step(l, step))
				return false;
	printf("full: %u steps found no room and were done later; %u visits, %lld events, all "
	       "there\n",
	       l->refused, l->visits, (long long)l->seq);
	if (l->refused < ARRAY_LEN(STEPS))
		printf("wrong: the disk was hardly ever full\n");
	return l->refused >= ARRAY_LEN(STEPS);
}

static int begin(struct life *l)
{
	int err = disk_start(&l->disk);

	if (!err)
		err = disk_format(&l->disk);
	if (!err)
		err = disk_mount(&l->disk, "");
	if (err)
		return err;
	text_format(l->path, sizeof(l->path), "%s/register.db", l->disk.mount_dir);
	text_format(l->key_path, sizeof(l->key_path), "%s/gate.key", l->disk.mount_dir);
	text_format(l->stick, sizeof(l->stick), "%s/stick", l->disk.mount_dir);
	text_format(l->fill, sizeof(l->fill), "%s/fill", l->disk.mount_dir);
	return mkdir(l->stick, 0700) ? -errno : 0;
}

static int run(void)
{
	struct life l = { .now_ms = MONDAY_MS, .key = { 7 } };
	int code = SKIPPED;

	if (begin(&l))
		printf("skipped: %s\n", l.disk.problem);
	else
		code = live(&l) ? 0 : 1;
	register_close(l.db);
	disk_stop(&l.disk);
	disk_free(&l.disk);
	return code;
}

int main(void)
{
	struct world world;
	const char *missing = "";

	if (sodium_init() < 0)
		return 1;
	log_set_level(LOG_ERROR_LEVEL);
	if (world_begin(&world, &missing)) {
		printf("skipped: %s\n", missing);
		return SKIPPED;
	}
	int code = run();
	world_end(&world);
	return code;
}
