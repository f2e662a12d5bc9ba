#include "order_job.h"

#include <string.h>

#include "base/log.h"
#include "export_link.h"

/* Two small files: the register's worker is not to stand still for long. */
#define PATIENCE_MS 10000

static const char *const OUTCOME_WORD[ORDER_OUTCOME_COUNT_] = {
	[ORDER_MALFORMED] = "malformed",
	[ORDER_BAD_SIGNATURE] = "bad signature",
	[ORDER_OTHER_SITE] = "for another site",
	[ORDER_OLD_NUMBER] = "its number was taken before",
	[ORDER_CLOCK_DOUBTFUL] = "the clock is doubtful",
	[ORDER_NOT_YET] = "issued later than now",
	[ORDER_EXPIRED] = "expired",
	[ORDER_GOOD] = "good",
};

enum note order_outcome_note(enum order_outcome outcome)
{
	static const enum note NOTE[ORDER_OUTCOME_COUNT_] = {
		[ORDER_MALFORMED] = NOTE_ORDER_MALFORMED,
		[ORDER_BAD_SIGNATURE] = NOTE_ORDER_SIGNATURE,
		[ORDER_OTHER_SITE] = NOTE_ORDER_OTHER_SITE,
		[ORDER_OLD_NUMBER] = NOTE_ORDER_TAKEN,
		[ORDER_CLOCK_DOUBTFUL] = NOTE_ORDER_CLOCK,
		[ORDER_NOT_YET] = NOTE_ORDER_NOT_YET,
		[ORDER_EXPIRED] = NOTE_ORDER_EXPIRED,
		[ORDER_GOOD] = NOTE_NONE,
	};
	assert((unsigned)outcome < ORDER_OUTCOME_COUNT_);
	return NOTE[outcome];
}

enum note order_note(const struct order_found *found)
{
	if (found->problem != NOTE_NONE)
		return found->problem;
	return found->present ? order_outcome_note(found->outcome) : NOTE_ORDER_NONE;
}

/* Without a readable signature there are no bytes of one: it is as good as none. */
static void judge(const struct order_job *job, const struct export_link_file *text,
		  const struct export_link_file *signature, struct order_found *found)
{
	found->present = text->found != STICK_FILE_ABSENT;
	if (!found->present)
		return;
	found->outcome = ORDER_MALFORMED;
	if (text->found == STICK_FILE_WHOLE)
		found->outcome = order_open(&found->order, text->bytes, text->len, signature->bytes,
					    signature->len, job->public_key);
	if (found->outcome == ORDER_GOOD)
		found->outcome =
			order_check(&found->order, job->site_id, job->last_number, &job->now);
	log_info("order: %s", OUTCOME_WORD[found->outcome]);
}

int order_fetch(const struct order_job *job, struct order_found *found)
{
	struct export_result result = { 0 };
	struct export_job stick = { .stick_program = job->stick_program,
				    .stick_dir = job->stick_dir };
	struct export_link link = {
		.job = &stick, .result = &result, .mode = "--fetch-order", .fd = -1
	};
	struct export_link_file text, signature;

	memset(found, 0, sizeof(*found));
	stick.patience_ms = job->patience_ms > 0 ? job->patience_ms : PATIENCE_MS;
	int err = export_link_start(&link);
	if (err)
		return err;
	err = export_link_file(&link, STICK_ORDER, &text);
	if (!err)
		err = export_link_file(&link, STICK_ORDER_SIGNATURE, &signature);
	export_link_end(&link);
	if (!err) {
		judge(job, &text, &signature, found);
	} else if (err == EXPORT_STOPPED) {
		found->problem = result.problem;
	} else {
		log_error("order: %s", strerror(-err));
		found->problem = NOTE_STICK_FAILED;
	}
	return 0;
}
