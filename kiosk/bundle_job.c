#include "bundle_job.h"

#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "base/log.h"
#include "base/text.h"
#include "export_link.h"
#include "settings/parts.h"

/* A few megabytes at most: the register's worker is not to stand still for long. */
#define PATIENCE_MS 10000

/* One byte more than may be shows that a part is too large, and a NUL behind it. */
#define PART_ROOM(kind) (PART[kind].max_bytes + 2)

struct bundle_files {
	struct bundle bundle; /* all zero until it was found good */
	enum stick_file found[PART_COUNT_];
	size_t len[PART_COUNT_];
	char *text[PART_COUNT_]; /* into room */
	char room[PARTS_MAX_BYTES + 2 * PART_COUNT_];
};

static const char *const OUTCOME_WORD[BUNDLE_OUTCOME_COUNT_] = {
	[BUNDLE_MALFORMED] = "malformed",
	[BUNDLE_BAD_SIGNATURE] = "bad signature",
	[BUNDLE_UNKNOWN_PART] = "a part of an unknown kind",
	[BUNDLE_OTHER_SITE] = "for another site",
	[BUNDLE_OLD_NUMBER] = "its number was taken before",
	[BUNDLE_CLOCK_DOUBTFUL] = "the clock is doubtful",
	[BUNDLE_NOT_YET] = "issued later than now",
	[BUNDLE_EXPIRED] = "expired",
	[BUNDLE_PART_ALTERED] = "a part is missing or altered",
	[BUNDLE_PART_BAD] = "a part cannot be used",
	[BUNDLE_PART_OLD] = "a part is not newer",
	[BUNDLE_GOOD] = "good",
};

int bundle_files_new(struct bundle_files **out)
{
	struct bundle_files *f = calloc(1, sizeof(*f));
	char *at = f ? f->room : NULL;

	*out = f;
	for (int i = 0; f && i < PART_COUNT_; i++) {
		f->text[i] = at;
		at += PART_ROOM(i);
		assert(at <= f->room + sizeof(f->room));
	}
	return f ? 0 : -ENOMEM;
}

void bundle_files_free(struct bundle_files *f)
{
	/* not all of the room: what was never filled was never given memory */
	for (int i = 0; f && i < PART_COUNT_; i++)
		explicit_bzero(f->text[i], f->len[i]);
	free(f);
}

enum note bundle_outcome_note(enum bundle_outcome outcome)
{
	static const enum note NOTE[BUNDLE_OUTCOME_COUNT_] = {
		[BUNDLE_MALFORMED] = NOTE_BUNDLE_MALFORMED,
		[BUNDLE_BAD_SIGNATURE] = NOTE_BUNDLE_SIGNATURE,
		[BUNDLE_UNKNOWN_PART] = NOTE_BUNDLE_UNKNOWN_PART,
		[BUNDLE_OTHER_SITE] = NOTE_BUNDLE_OTHER_SITE,
		[BUNDLE_OLD_NUMBER] = NOTE_BUNDLE_OLD,
		[BUNDLE_CLOCK_DOUBTFUL] = NOTE_BUNDLE_CLOCK,
		[BUNDLE_NOT_YET] = NOTE_BUNDLE_NOT_YET,
		[BUNDLE_EXPIRED] = NOTE_BUNDLE_EXPIRED,
		[BUNDLE_PART_ALTERED] = NOTE_BUNDLE_PART_ALTERED,
		[BUNDLE_PART_BAD] = NOTE_BUNDLE_PART_BAD,
		[BUNDLE_PART_OLD] = NOTE_BUNDLE_PART_OLD,
		[BUNDLE_GOOD] = NOTE_NONE,
	};
	assert((unsigned)outcome < BUNDLE_OUTCOME_COUNT_);
	return NOTE[outcome];
}

enum note bundle_note(const struct bundle_found *found)
{
	if (found->problem != NOTE_NONE)
		return found->problem;
	return found->present ? bundle_outcome_note(found->outcome) : NOTE_BUNDLE_NONE;
}

static int receive_part(struct export_link *link, struct bundle_files *f, enum part_kind kind)
{
	size_t room = PART_ROOM(kind) - 1;

	explicit_bzero(f->text[kind], f->len[kind]);
	f->len[kind] = 0;
	for (;;) {
		int err = export_link_await(link, STICK_PART);
		size_t n = link->msg.file.len;
		if (err)
			return err;
		if (link->msg.file.kind != kind || n > room - f->len[kind])
			return export_link_broken(link);
		f->found[kind] = link->msg.file.found;
		if (n > 0)
			memcpy(f->text[kind] + f->len[kind], link->msg.file.bytes, n);
		f->len[kind] += n;
		f->text[kind][f->len[kind]] = '\0';
		if (n == 0)
			return 0;
	}
}

static void name_part(struct bundle_found *found, enum bundle_outcome outcome, enum part_kind kind)
{
	found->outcome = outcome;
	text_copy(found->word, sizeof(found->word), PART[kind].file);
}

/* Not newer than what is in force, be it of a bundle or, for a rulebook, of the configuration. */
static bool is_old(const struct bundle_job *job, enum part_kind kind, int64_t version)
{
	int64_t now = job->taken.versions[kind];

	if (kind == PART_RULEBOOK && now == 0)
		now = job->book_version;
	return version <= now;
}

/* All of them are looked at for their bytes before any is looked at for what it says. */
static void judge_parts(const struct bundle_job *job, const struct bundle_files *f,
			const struct bundle *b, struct bundle_found *found)
{
	struct rulebook book;
	char why[256];

	for (enum part_kind k = 0; k < PART_COUNT_ && found->outcome == BUNDLE_GOOD; k++)
		if (b->parts[k].version != 0 &&
		    (f->found[k] != STICK_FILE_WHOLE ||
		     !bundle_part_fits(&b->parts[k], f->text[k], f->len[k])))
			name_part(found, BUNDLE_PART_ALTERED, k);
	for (enum part_kind k = 0; k < PART_COUNT_ && found->outcome == BUNDLE_GOOD; k++)
		if (b->parts[k].version != 0 && is_old(job, k, b->parts[k].version))
			name_part(found, BUNDLE_PART_OLD, k);
	for (enum part_kind k = 0; k < PART_COUNT_ && found->outcome == BUNDLE_GOOD; k++)
		if (b->parts[k].version != 0 && !part_check(k, b->parts[k].version, f->text[k],
							    f->len[k], &book, why, sizeof(why))) {
			name_part(found, BUNDLE_PART_BAD, k);
			log_warn("bundle: %s", why);
		}
	if (found->outcome == BUNDLE_GOOD && b->parts[PART_RULEBOOK].version != 0)
		text_copy(found->summary.rulebook, sizeof(found->summary.rulebook), book.title);
}

static void summarise(const struct bundle *b, struct bundle_summary *s)
{
	s->number = b->number;
	s->issued_ms = b->issued_ms;
	s->not_after_ms = b->not_after_ms;
	memcpy(s->why, b->why, sizeof(s->why));
}

static void judge(const struct bundle_job *job, const struct export_link_file *text,
		  const struct export_link_file *signature, struct bundle_files *f,
		  struct bundle_found *found)
{
	struct bundle b = { 0 };

	found->present = text->found != STICK_FILE_ABSENT;
	if (!found->present)
		return;
	found->outcome = BUNDLE_MALFORMED;
	if (text->found == STICK_FILE_WHOLE)
		found->outcome = bundle_open(&b, text->bytes, text->len, signature->bytes,
					     signature->len, job->public_key);
	if (found->outcome == BUNDLE_UNKNOWN_PART)
		text_copy(found->word, sizeof(found->word), b.unknown);
	if (found->outcome == BUNDLE_GOOD)
		found->outcome = bundle_check(&b, job->site_id, job->taken.last_number, &job->now);
	if (found->outcome == BUNDLE_GOOD)
		judge_parts(job, f, &b, found);
	if (found->outcome == BUNDLE_GOOD) {
		f->bundle = b;
		summarise(&b, &found->summary);
	}
	log_info("bundle: %s", OUTCOME_WORD[found->outcome]);
}

static int receive_all(struct export_link *link, struct export_link_file *text,
		       struct export_link_file *signature, struct bundle_files *f)
{
	int err = export_link_file(link, STICK_BUNDLE, text);

	if (!err)
		err = export_link_file(link, STICK_BUNDLE_SIGNATURE, signature);
	for (enum part_kind kind = 0; !err && kind < PART_COUNT_; kind++)
		err = receive_part(link, f, kind);
	return err;
}

int bundle_fetch(const struct bundle_job *job, struct bundle_files *files,
		 struct bundle_found *found)
{
	struct export_result result = { 0 };
	struct export_job stick = { .stick_program = job->stick_program,
				    .stick_dir = job->stick_dir };
	struct export_link link = {
		.job = &stick, .result = &result, .mode = "--fetch-bundle", .fd = -1
	};
	struct export_link_file text, signature;

	memset(found, 0, sizeof(*found));
	memset(&files->bundle, 0, sizeof(files->bundle));
	stick.patience_ms = job->patience_ms > 0 ? job->patience_ms : PATIENCE_MS;
	int err = export_link_start(&link);
	if (err)
		return err;
	err = receive_all(&link, &text, &signature, files);
	export_link_end(&link);
	if (!err) {
		judge(job, &text, &signature, files, found);
	} else if (err == EXPORT_STOPPED) {
		found->problem = result.problem;
	} else {
		log_error("bundle: %s", strerror(-err));
		found->problem = NOTE_STICK_FAILED;
	}
	return 0;
}

enum bundle_outcome bundle_again(const struct bundle_job *job, const struct bundle_files *files)
{
	return bundle_check(&files->bundle, job->site_id, job->taken.last_number, &job->now);
}

void bundle_import(const struct bundle_files *files, struct import *import)
{
	import->number = files->bundle.number;
	for (int i = 0; i < PART_COUNT_; i++)
		import->parts[i] = (struct import_part){ files->bundle.parts[i].version,
							 files->text[i], files->len[i] };
}
