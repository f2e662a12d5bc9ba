#include "tests/powercut/workload.h"

#include <string.h>
#include <sys/stat.h>

#include <sodium.h>

#include "base/fileio.h"
#include "base/text.h"
#include "export.h"
#include "store/db.h"
#include "tests/unit/store/helper_store.h"

#define PIN "246810"
#define OPEN_VISITS 8
#define MODE_BYTES 64
#define ACCOUNTS 2
#define EXPORT_EVERY 90
#define REOPEN_EVERY 300 /* long enough for the log to be copied back in between */

struct run {
	const struct workload *load;
	struct history *history;
	struct register_db *db;
	char path[96];
	int64_t now_ms;
	uint64_t random;
	unsigned samples;
	struct visit open[OPEN_VISITS];
	unsigned sample_of[OPEN_VISITS];
	enum level level;
	unsigned wrong_pins[ACCOUNTS];
	bool pin_counted; /* since the try began */
	unsigned copied_back; /* so often was sqlite's log */
	const char *what;
};

static const struct account accounts[ACCOUNTS] = {
	{ .name = "李强", .role = ROLE_GUARD },
	{ .name = "王芳", .role = ROLE_SUPERVISOR },
};

/* The run, for what is called from within the register; NULL when none is to be noted. */
static struct run *trying, *copying;

static int fail(struct run *r, const char *what, int err)
{
	r->what = what;
	return err;
}

static int promise(struct run *r, struct promise p)
{
	struct history *h = r->history;

	if (h->promise_count == STATES_MAX)
		return fail(r, "too many promises", -E2BIG);
	p.position = disk_position(r->load->disk);
	p.state = h->state_count ? h->state_count - 1 : 0;
	h->promises[h->promise_count++] = p;
	return 0;
}

/* The register has answered: it stands at a new state, or still at the last one. */
static int promise_state(struct run *r, struct promise p)
{
	struct history *h = r->history;
	struct register_state now;
	uint32_t position = disk_position(r->load->disk);
	int err = register_state_read(r->db, &now);

	if (err)
		return fail(r, "the register's state", err);
	if (h->state_count == STATES_MAX || h->promise_count == STATES_MAX)
		return fail(r, "too many states", -E2BIG);
	if (h->state_count == 0 || !register_state_same(&h->states[h->state_count - 1], &now))
		h->states[h->state_count++] = now;
	err = promise(r, p);
	h->promises[h->promise_count - 1].position = position;
	return err;
}

/* In between the count of a try and its answer. The linker puts this in the place of libsodium's
 * function, in this test only. */
int __real_crypto_pwhash_str_verify(const char *str, const char *pin, unsigned long long len);
int __wrap_crypto_pwhash_str_verify(const char *str, const char *pin, unsigned long long len);

int __wrap_crypto_pwhash_str_verify(const char *str, const char *pin, unsigned long long len)
{
	if (trying && promise_state(trying, (struct promise){ .kind = PROMISE_PIN_COUNT }) == 0)
		trying->pin_counted = true;
	return __real_crypto_pwhash_str_verify(str, pin, len);
}

int __real_sqlite3_wal_checkpoint_v2(sqlite3 *db, const char *schema, int mode, int *a, int *b);
int __wrap_sqlite3_wal_checkpoint_v2(sqlite3 *db, const char *schema, int mode, int *a, int *b);

int __wrap_sqlite3_wal_checkpoint_v2(sqlite3 *db, const char *schema, int mode, int *a, int *b)
{
	if (copying)
		copying->copied_back++;
	return __real_sqlite3_wal_checkpoint_v2(db, schema, mode, a, b);
}

static int add_word(void *ctx, int columns, char **texts, char **names)
{
	char *mode = ctx;
	size_t len = strlen(mode);

	(void)names;
	if (columns == 1 && texts[0])
		text_format(mode + len, MODE_BYTES - len, "%s ", texts[0]);
	return 0;
}

/* What the control asks for; and whether the product is what it says it is. */
static int settle_mode(struct run *r)
{
	sqlite3 *sqlite = r->db->sqlite;
	char mode[MODE_BYTES] = "";

	sqlite3_exec(sqlite, "PRAGMA journal_mode; PRAGMA synchronous; PRAGMA locking_mode;",
		     add_word, mode, NULL);
	if (strcmp(mode, "wal 2 exclusive ") != 0)
		return fail(r, "the register is not in WAL, FULL, EXCLUSIVE", -EINVAL);
	if (r->load->pragma && sqlite3_exec(sqlite, r->load->pragma, NULL, NULL, NULL) != SQLITE_OK)
		return fail(r, "the control's pragma", -EINVAL);
	return 0;
}

static int open_register(struct run *r)
{
	int err = register_open(&r->db, r->path, OFFSET_MIN);

	if (err)
		return fail(r, "register_open", err);
	err = settle_mode(r);
	return err ? err : promise_state(r, (struct promise){ .kind = PROMISE_OPENED });
}

static int record(struct run *r, enum entry_type type, struct visit *visit, int64_t number,
		  const char *detail, struct promise p)
{
	struct entry entry = { .type = type,
			       .wall_ms = r->now_ms,
			       .mono_ms = r->now_ms - MONDAY_MS,
			       .clock_trusted = true,
			       .number = number };
	struct receipt receipt;

	text_copy(entry.actor, sizeof(entry.actor), type == ENTRY_DECIDED ? "李强" : "");
	text_copy(entry.detail, sizeof(entry.detail), detail);
	if (visit)
		entry.visit = *visit;
	int err = register_record(r->db, &entry, &receipt);
	if (err)
		return fail(r, "register_record", err);
	if (visit) {
		visit->id = receipt.visit_id;
		p.visit_id = receipt.visit_id;
	}
	return promise_state(r, p);
}

static int register_somebody(struct run *r, int slot)
{
	struct visit *v = &r->open[slot];

	r->sample_of[slot] = r->samples++;
	*v = sample_visit(r->sample_of[slot]);
	return record(
		r, ENTRY_REGISTERED, v, 0, "",
		(struct promise){ .kind = PROMISE_REGISTRATION, .sample = r->sample_of[slot] });
}

static int decide(struct run *r, struct visit *v)
{
	bool admit = next_random(&r->random) % 5 != 0;

	if (admit) {
		sample_admit(v, v->id * 1000003, r->now_ms);
		v->state = VISIT_ADMITTED;
	} else {
		v->decision.verdict = VERDICT_REFUSE;
		v->state = VISIT_REFUSED;
	}
	return record(r, ENTRY_DECIDED, v, 0, "",
		      (struct promise){ .kind = PROMISE_DECISION, .serial = v->pass_serial });
}

static int advance(struct run *r, struct visit *v)
{
	const struct promise event = { .kind = PROMISE_EVENT };

	if (v->state == VISIT_WAITING)
		return decide(r, v);
	if (v->state == VISIT_ADMITTED && !v->pass_printed) {
		v->pass_printed = true;
		return record(r, ENTRY_PASS_PRINTED, v, 0, "",
			      (struct promise){ .kind = PROMISE_PASS, .serial = v->pass_serial });
	}
	if (v->state == VISIT_ADMITTED) {
		v->state = VISIT_INSIDE;
		return record(r, ENTRY_PASSED, v, 0, "", event);
	}
	v->state = VISIT_LEFT;
	return record(r, ENTRY_LEFT, v, 0, "", event);
}

static int work_on_a_visit(struct run *r)
{
	int slot = (int)(next_random(&r->random) % OPEN_VISITS);
	struct visit *v = &r->open[slot];

	if (v->id == 0 || v->state == VISIT_REFUSED || v->state == VISIT_LEFT)
		return register_somebody(r, slot);
	return advance(r, v);
}

static int switch_level(struct run *r)
{
	enum level before = r->level;

	r->level = (enum level)(next_random(&r->random) % LEVEL_COUNT_);
	return record(r, ENTRY_LEVEL, NULL, (int64_t)before << 8 | (int64_t)r->level, "3 s: test",
		      (struct promise){ .kind = PROMISE_LEVEL, .level = r->level });
}

/* Wrong ones more often than right ones, and never locked: that would count nothing. */
static int try_pin(struct run *r, unsigned who)
{
	bool right = r->wrong_pins[who] == 3 || next_random(&r->random) % 4 == 0;
	enum pin_outcome outcome;
	struct account account;
	int32_t wait_s;

	r->pin_counted = false;
	trying = r;
	int err = register_pin_try(r->db, accounts[who].name, right ? PIN : "000000", r->now_ms,
				   r->now_ms - MONDAY_MS, true, &outcome, &account, &wait_s);
	trying = NULL;
	if (err)
		return fail(r, "register_pin_try", err);
	if (!r->pin_counted || outcome != (right ? PIN_RIGHT : PIN_WRONG))
		return fail(r, "a PIN was not looked at, or not by its hash", -EPROTO);
	r->wrong_pins[who] = right ? 0 : r->wrong_pins[who] + 1;
	return promise_state(r, (struct promise){ .kind = PROMISE_PIN_ANSWER });
}

static int export(struct run *r)
{
	char stick[96];
	struct export_job job = { .stick_program = r->load->stick_program,
				  .stick_dir = stick,
				  .site = "和平里小区",
				  .gate_name = "东门",
				  .site_id = 7,
				  .utc_offset_min = OFFSET_MIN,
				  .wall_ms = r->now_ms,
				  .to.count = 1 };
	struct export_result result;
	struct promise p = { .kind = PROMISE_EXPORT };

	age_public(OFFICE_IDENTITY, job.to.recipients[0]);
	text_format(stick, sizeof(stick), "%s/" STICK_DIR, r->load->disk->mount_dir);
	memcpy(job.seed, r->history->key, sizeof(job.seed));
	int err = export_run(r->db, &job, &result);
	if (err || result.problem != NOTE_NONE)
		return fail(r, "the export", err ? err : -EIO);
	text_copy(p.export_name, sizeof(p.export_name), result.name);
	err = promise(r, p);
	return err ? err
		   : record(r, ENTRY_EXPORTED, NULL, result.rows, result.name,
			    (struct promise){ .kind = PROMISE_EVENT });
}

static int reopen(struct run *r)
{
	register_close(r->db);
	r->db = NULL;
	int err = open_register(r);
	return err ? err
		   : record(r, ENTRY_BOOT, NULL, 0, GATEHOUSE_VERSION,
			    (struct promise){ .kind = PROMISE_EVENT });
}

static int step(struct run *r, unsigned n)
{
	r->now_ms += 1000 + (int64_t)(next_random(&r->random) % 60000);
	if (n % EXPORT_EVERY == EXPORT_EVERY / 2)
		return export(r);
	if (n % REOPEN_EVERY == REOPEN_EVERY - 1)
		return reopen(r);
	switch (next_random(&r->random) % 24) {
	case 0:
		return switch_level(r);
	case 1:
		return try_pin(r, (unsigned)(next_random(&r->random) % ACCOUNTS));
	case 2:
		return record(r, ENTRY_DEVICE, NULL,
			      (int64_t)DEVICE_PRINTER << 8 | (int64_t)DEVICE_PAPER_LOW, "",
			      (struct promise){ .kind = PROMISE_EVENT });
	default:
		return work_on_a_visit(r);
	}
}

int workload_folder(const struct disk *disk)
{
	char path[96];

	text_format(path, sizeof(path), "%s/" DATA_DIR, disk->mount_dir);
	return mkdir(path, 0700) && errno != EEXIST ? -errno : 0;
}

/* As the kiosk does at its first start. */
static int make_key(struct run *r)
{
	char path[96];

	text_format(path, sizeof(path), "%s/" DATA_DIR "/" KEY_NAME, r->load->disk->mount_dir);
	for (size_t i = 0; i < sizeof(r->history->key); i++)
		r->history->key[i] = (uint8_t)next_random(&r->random);
	int err = file_write_atomic(path, r->history->key, sizeof(r->history->key), 0600);
	return err ? fail(r, "the key file", err)
		   : promise(r, (struct promise){ .kind = PROMISE_KEY });
}

static int make_accounts(struct run *r)
{
	for (size_t i = 0; i < ACCOUNTS; i++) {
		int err = register_account_set(r->db, &accounts[i], PIN, r->now_ms,
					       r->now_ms - MONDAY_MS);
		if (err)
			return fail(r, "register_account_set", err);
		err = promise_state(r, (struct promise){ .kind = PROMISE_ACCOUNT });
		if (err)
			return err;
	}
	return 0;
}

static void begin(struct run *r, const struct workload *load)
{
	*r = (struct run){ .load = load,
			   .history = load->history,
			   .now_ms = MONDAY_MS,
			   .random = load->seed | 1 };
	text_format(r->path, sizeof(r->path), "%s/" DATA_DIR "/" REGISTER_NAME,
		    load->disk->mount_dir);
}

static int end(struct run *r, int err, const char **what)
{
	register_close(r->db);
	*what = r->what;
	return err;
}

int workload_run(const struct workload *load, const char **what)
{
	struct run r;

	begin(&r, load);
	int err = workload_folder(load->disk);
	if (!err)
		err = make_key(&r);
	if (!err)
		err = open_register(&r);
	if (!err)
		err = make_accounts(&r);
	copying = &r;
	for (unsigned n = 0; !err && n < load->steps; n++)
		err = step(&r, n);
	copying = NULL;
	if (!err && r.copied_back == 0)
		err = fail(&r, "too short a life: the log was never copied back", -EPROTO);
	return end(&r, err, what);
}

int workload_resume(const struct workload *load, const char **what)
{
	struct run r;

	begin(&r, load);
	r.samples = 5000; /* nobody who was there before */
	int err = workload_folder(load->disk);
	if (!err)
		err = open_register(&r);
	if (!err)
		err = record(&r, ENTRY_BOOT, NULL, 0, GATEHOUSE_VERSION,
			     (struct promise){ .kind = PROMISE_EVENT });
	if (!err)
		err = register_somebody(&r, 0);
	if (!err)
		err = advance(&r, &r.open[0]);
	return end(&r, err, what);
}
