/* What the office sent: orders, and bundles in two steps, found and shown, then confirmed and
 * taken. */
#include "jobs.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "settings/rulebook.h"

static int parse_book(const char *text, size_t len, struct rulebook **out)
{
	char message[256];
	struct rulebook *book = calloc(1, sizeof(*book));

	*out = book;
	if (!book)
		return -ENOMEM;
	if (rulebook_parse(book, "rulebook of the office", text, len, message, sizeof(message)))
		return 0;
	log_error("%s", message);
	free(book);
	*out = NULL;
	return -EUCLEAN;
}

/* The office's rulebook. One that was taken and cannot be read any more is no reason to go on by
 * another one. */
int jobs_load_book(struct jobs *j, struct rulebook **out)
{
	int64_t version;
	char *text;
	size_t len;
	int err = register_part(j->db, PART_RULEBOOK, &version, &text, &len);

	*out = NULL;
	if (err)
		return err == -ENOENT ? 0 : err;
	err = parse_book(text, len, out);
	free(text);
	return err;
}

void jobs_free_answer(struct job *job)
{
	free(job->book);
	job->book = NULL;
	for (int i = 0; i < PART_COUNT_; i++)
		free(job->packs[i].data);
	memset(job->packs, 0, sizeof(job->packs));
}

/* Without a pack that was taken and cannot be read any more the gate works all the same: it is
 * missed, not obeyed. */
int jobs_load_packs(struct jobs *j, struct job *job)
{
	int64_t version;
	int err = 0;

	for (enum part_kind k = 0; !err && k < PART_COUNT_; k++) {
		if (!part_is_pack(k))
			continue;
		err = register_part(j->db, k, &version, &job->packs[k].data, &job->packs[k].len);
		if (err == -EUCLEAN)
			log_error("%s: not as they were taken from the office", PART[k].word);
		if (err == -ENOENT || err == -EUCLEAN)
			err = 0;
	}
	return err;
}

static int copy_packs(const struct import *import, struct job *job)
{
	for (int i = 0; i < PART_COUNT_; i++) {
		const struct import_part *p = &import->parts[i];
		if (p->version == 0 || !part_is_pack((enum part_kind)i))
			continue;
		job->packs[i].data = malloc(p->len + 1);
		if (!job->packs[i].data)
			return -ENOMEM;
		memcpy(job->packs[i].data, p->text, p->len);
		job->packs[i].data[p->len] = '\0';
		job->packs[i].len = p->len;
	}
	return 0;
}

void jobs_forget_bundle(struct jobs *j)
{
	bundle_files_free(j->files);
	j->files = NULL;
}

static int fetch_bundle(struct jobs *j, struct job *job)
{
	struct bundle_found *found = &job->bundle_found;
	struct import import = { 0 };

	jobs_forget_bundle(j);
	int err = register_imports(j->db, &job->bundle_job.taken);
	if (!err)
		err = bundle_files_new(&j->files);
	if (err)
		return err;
	if (bundle_fetch(&job->bundle_job, j->files, found) < 0)
		found->problem = NOTE_STICK_FAILED;
	if (bundle_note(found) != NOTE_NONE) {
		jobs_forget_bundle(j);
		return 0;
	}
	bundle_import(j->files, &import);
	err = register_import_changes(j->db, &import, found->summary.parts);
	if (found->summary.parts[PART_RULEBOOK].present &&
	    found->summary.parts[PART_RULEBOOK].before == 0)
		found->summary.parts[PART_RULEBOOK].before = job->bundle_job.book_version;
	return err;
}

/* Takes what was found, all or nothing, if it is what was confirmed and still may be taken. */
int jobs_import_bundle(struct jobs *j, struct job *job)
{
	struct import import = { .wall_ms = job->wall_ms,
				 .mono_ms = job->mono_ms,
				 .clock_trusted = job->clock_trusted };
	enum bundle_outcome *outcome = &job->bundle_found.outcome;

	*outcome = BUNDLE_MALFORMED;
	if (!j->files)
		return 0;
	int err = register_imports(j->db, &job->bundle_job.taken);
	bundle_import(j->files, &import);
	if (!err && import.number == job->id)
		*outcome = bundle_again(&job->bundle_job, j->files);
	memcpy(import.actor, job->account.name, sizeof(import.actor));
	if (!err && *outcome == BUNDLE_GOOD && import.parts[PART_RULEBOOK].version)
		err = parse_book(import.parts[PART_RULEBOOK].text, import.parts[PART_RULEBOOK].len,
				 &job->book);
	if (!err && *outcome == BUNDLE_GOOD)
		err = copy_packs(&import, job);
	if (!err && *outcome == BUNDLE_GOOD)
		err = register_import(j->db, &import, &job->receipt);
	jobs_forget_bundle(j);
	if (err)
		jobs_free_answer(job);
	if (err == -EALREADY) {
		*outcome = BUNDLE_OLD_NUMBER;
		return 0;
	}
	if (!err && register_account_role(j->db, import.actor, &job->account.role))
		job->account.role = ROLE_NONE;
	return err;
}

int jobs_fetch_order(struct jobs *j, struct job *job)
{
	int err = register_level(j->db, &job->level);

	if (err)
		return err;
	job->order_job.last_number = job->level.last_order;
	if (order_fetch(&job->order_job, &job->order_found) < 0)
		job->order_found.problem = NOTE_STICK_FAILED; /* the register is well */
	if (!job->want_bundle || order_note(&job->order_found) == NOTE_NONE ||
	    job->order_found.problem != NOTE_NONE)
		return 0;
	err = fetch_bundle(j, job);
	job->bundle_shown = !job->order_found.present || job->bundle_found.present;
	return err;
}
