#include "tests/powercut/judge.h"

#include <dirent.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/fileio.h"
#include "base/text.h"
#include "codec/manifest.h"
#include "office/key.h"
#include "office/verify.h"
#include "tests/powercut/workload.h"
#include "tests/unit/store/helper_store.h"

#define LOOKED_AT 12 /* of the last registrations and passes, each is looked for by itself */

struct trial {
	struct disk *disk;
	const struct history *history;
	uint32_t position;
	struct judgement *j;
	struct register_db *db;
	char path[96];
};

static void damaged(struct trial *t, enum damage kind, const char *fmt, ...) PRINTF_LIKE(3, 4);

static void damaged(struct trial *t, enum damage kind, const char *fmt, ...)
{
	va_list args;

	if (t->j->damage == 0) {
		va_start(args, fmt);
		vsnprintf(t->j->why, sizeof(t->j->why), fmt, args);
		va_end(args);
	}
	t->j->damage |= DAMAGE(kind);
}

static void lost(struct trial *t, enum promise_kind kind, const char *what)
{
	damaged(t, DAMAGE_LOST, "lost: %s", what);
	t->j->lost |= 1U << kind;
}

static void judge_key(struct trial *t)
{
	char path[96], *data = NULL;
	size_t len = 0;
	bool promised = false;

	for (uint32_t i = 0; i < t->history->promise_count; i++)
		promised |= t->history->promises[i].kind == PROMISE_KEY &&
			    t->history->promises[i].position <= t->position;
	text_format(path, sizeof(path), "%s/" DATA_DIR "/" KEY_NAME, t->disk->mount_dir);
	int err = file_read(path, 4096, &data, &len);
	if (err == -ENOENT && promised)
		lost(t, PROMISE_KEY, "the key file");
	else if (err != -ENOENT && (err || len != sizeof(t->history->key) ||
				    memcmp(data, t->history->key, sizeof(t->history->key)) != 0))
		damaged(t, DAMAGE_CORRUPT, "the key file is not whole");
	free(data);
}

/* Where the register stands among all the states it had. */
static void judge_state(struct trial *t)
{
	const struct history *h = t->history;
	struct judgement *j = t->j;
	struct register_state now;
	uint32_t due = history_state_at(h, t->position);
	int err = register_state_read(t->db, &now);

	if (h->state_count == 0)
		return;
	if (err) {
		damaged(t, DAMAGE_CORRUPT, "the register's state: %s", strerror(-err));
		return;
	}
	j->found = history_find(h, &now, &j->state);
	if (!j->found) {
		damaged(t, DAMAGE_CHAIN, "a register as it never stood, after event %lld",
			(long long)now.seq);
		return;
	}
	if (j->state > due + 1)
		damaged(t, DAMAGE_CHAIN, "state %u of the register is from the future", j->state);
	if (j->state >= due)
		return;
	j->lost_states = due - j->state;
	for (uint32_t i = 0; i < h->promise_count; i++)
		if (h->promises[i].position <= t->position && h->promises[i].state > j->state &&
		    h->promises[i].kind != PROMISE_EXPORT)
			lost(t, h->promises[i].kind, "acknowledged transactions");
}

static void look_for(struct trial *t, const struct promise *p)
{
	struct visit visit, sample = sample_visit(p->sample);
	struct pass_record pass;

	if (p->kind == PROMISE_REGISTRATION &&
	    (register_visit(t->db, p->visit_id, &visit) ||
	     memcmp(&visit.person, &sample.person, sizeof(sample.person)) != 0))
		lost(t, p->kind, "a registration cannot be read");
	if (p->serial != 0 &&
	    (register_pass(t->db, p->serial, &pass) || pass.visit_id != p->visit_id))
		lost(t, p->kind, "a pass cannot be read");
}

/* What people would ask the register for. */
static void judge_contents(struct trial *t)
{
	const struct history *h = t->history;
	struct visit queue[4];
	struct level_state level;
	bool due = false;
	enum level due_level = LEVEL_OPEN;
	int looked_at = 0, count, total;

	for (uint32_t i = h->promise_count; i-- > 0;) {
		const struct promise *p = &h->promises[i];
		if (p->state > t->j->state)
			continue;
		if (looked_at < LOOKED_AT) {
			look_for(t, p);
			looked_at++;
		}
		if (p->kind == PROMISE_LEVEL && !due) {
			due = true;
			due_level = p->level;
		}
	}
	if (register_level(t->db, &level) || level.known != due ||
	    (due && level.level != due_level))
		lost(t, PROMISE_LEVEL, "the level in force");
	if (register_queue(t->db, queue, ARRAY_LEN(queue), 0, &count, &total))
		damaged(t, DAMAGE_CORRUPT, "the queue cannot be read");
}

static void judge_chain(struct trial *t)
{
	int64_t bad_seq;
	int err = register_verify(t->db, &bad_seq);

	if (err)
		damaged(t, DAMAGE_CHAIN, "register_verify: %s at event %lld", strerror(-err),
			(long long)bad_seq);
}

static void judge_going_on(struct trial *t)
{
	struct entry boot = { .type = ENTRY_BOOT, .wall_ms = MONDAY_MS + DAY_MS };
	struct receipt receipt;
	int err = register_record(t->db, &boot, &receipt);

	if (err)
		damaged(t, DAMAGE_CORRUPT, "nothing more can be recorded: %s", strerror(-err));
}

static void judge_register(struct trial *t)
{
	text_format(t->path, sizeof(t->path), "%s/" DATA_DIR "/" REGISTER_NAME, t->disk->mount_dir);
	int err = workload_folder(t->disk);
	if (!err)
		err = register_open(&t->db, t->path, OFFSET_MIN);
	if (err) {
		damaged(t, DAMAGE_CORRUPT, "the register does not open: %s", strerror(-err));
		return;
	}
	judge_state(t);
	judge_chain(t);
	if (t->j->found)
		judge_contents(t);
	judge_going_on(t);
	register_close(t->db);
}

/* As the office sees it: opened, and everything in it proven. */
static bool export_is_whole(const struct trial *t, const char *name)
{
	struct keyring ring = { .count = 1 };
	uint8_t key[KEY_BYTES];
	char path[256], *text = NULL;
	size_t len = 0;

	text_format(path, sizeof(path), "%s/" STICK_DIR "/%s", t->disk->mount_dir, name);
	manifest_public(t->history->key, key);
	memcpy(ring.identities[0], OFFICE_IDENTITY, sizeof(ring.identities[0]));
	FILE *said = open_memstream(&text, &len);
	if (!said)
		return false;
	bool whole = verify_export(path, key, &ring, said);
	fclose(said);
	free(text);
	return whole;
}

/* Everything that stands there under a final name. */
static void judge_exports(struct trial *t)
{
	char path[96];
	struct dirent *entry;
	struct stat st;

	text_format(path, sizeof(path), "%s/" STICK_DIR, t->disk->mount_dir);
	DIR *dir = opendir(path);
	while (dir && (entry = readdir(dir)))
		if (entry->d_name[0] != '.' && !export_is_whole(t, entry->d_name))
			damaged(t, DAMAGE_TORN, "the export %s is not whole", entry->d_name);
	if (dir)
		closedir(dir);
	for (uint32_t i = 0; i < t->history->promise_count; i++) {
		const struct promise *p = &t->history->promises[i];
		char name[256];
		text_format(name, sizeof(name), "%s/%s", path, p->export_name);
		if (p->kind == PROMISE_EXPORT && p->position <= t->position && stat(name, &st))
			lost(t, PROMISE_EXPORT, "an export");
	}
}

int judge(struct disk *disk, const struct history *history, uint32_t position, struct judgement *j)
{
	struct trial t = { .disk = disk, .history = history, .position = position, .j = j };

	*j = (struct judgement){ 0 };
	if (disk_boot(disk, "errors=remount-ro", &j->mended)) {
		damaged(&t, DAMAGE_UNMOUNTABLE, "%s", disk->problem);
		return 0;
	}
	judge_key(&t);
	judge_register(&t);
	judge_exports(&t);
	return disk_unmount(disk);
}
