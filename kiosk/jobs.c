/* What is asked of the register, job by job. */
#include "jobs.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/text.h"
#include "store/ledger.h"

#define ACCOUNTS_SHOWN 256

static int same_head(void *ctx, const struct event_row *row)
{
	const struct jobs *j = ctx;

	return row->seq == j->told_seq && memcmp(row->hash, j->told_head, sizeof(row->hash)) == 0
		       ? 0
		       : -EUCLEAN;
}

/* After a failed flush the disk may hold less than was believed. What somebody was told is
 * recorded must be there, or the fault is shown and nothing goes on. */
static int holds_what_was_told(struct jobs *j)
{
	int64_t last;

	if (j->told_seq == 0)
		return 0;
	int err = register_events(j->db, j->told_seq - 1, 1, same_head, j, &last);
	if (err == 0 && last != j->told_seq)
		err = -EUCLEAN;
	if (err)
		log_error("register: event %lld was acknowledged and is not there any more",
			  (long long)j->told_seq);
	return err;
}

static void end_check(struct jobs *j)
{
	register_check_end(j->check);
	j->check = NULL;
}

static int reopen(struct jobs *j)
{
	end_check(j);
	if (j->db)
		register_head(j->db, &j->told_seq, j->told_head);
	register_close(j->db);
	j->db = NULL;
	int err = register_open(&j->db, j->path, j->utc_offset_min);
	if (err)
		return err;
	err = holds_what_was_told(j);
	if (err) {
		register_close(j->db);
		j->db = NULL;
	}
	return err;
}

/* What the kiosk wants to know of an opened register. */
static int open_register(struct jobs *j, struct job *job)
{
	char number[32];
	uint8_t head[CHAIN_HASH_BYTES];
	int err = reopen(j);

	if (err)
		return err;
	register_head(j->db, &job->seq, head);
	err = register_query_text(j->db, "SELECT wall_ms FROM event ORDER BY seq DESC LIMIT 1",
				  number, sizeof(number));
	if (err)
		return err;
	job->last_wall_ms = strtoll(number, NULL, 10);
	err = register_level(j->db, &job->level);
	if (err)
		return err;
	char sql[160];
	text_format(sql, sizeof(sql),
		    "SELECT actor FROM event WHERE type = %d AND actor IN "
		    "(SELECT name FROM account WHERE role IN (%d, %d)) ORDER BY seq DESC LIMIT 1",
		    ENTRY_LOGIN, ROLE_GUARD, ROLE_SUPERVISOR);
	err = register_query_text(j->db, sql, job->last_guard, sizeof(job->last_guard));
	if (!err)
		err = jobs_load_book(j, &job->book);
	if (!err)
		err = jobs_load_packs(j, job);
	if (err)
		jobs_free_answer(job);
	return err;
}

static int find_pass(struct jobs *j, struct job *job)
{
	int err = register_pass(j->db, job->id, &job->pass);
	return err ? err : register_visit(j->db, job->pass.visit_id, &job->visit);
}

/* A page of them, and how many there are. */
static int list_accounts(struct jobs *j, struct job *job)
{
	struct account all[ACCOUNTS_SHOWN];
	struct import_state taken;
	int count = 0;
	int err = register_accounts(j->db, job->role, all, ACCOUNTS_SHOWN, &count);

	if (!err)
		err = register_imports(j->db, &taken);
	if (err)
		return err;
	job->offices = taken.versions[PART_ACCOUNTS] > 0;
	job->total = count;
	job->count = 0;
	for (int i = job->skip; i < count && job->count < VIEW_ROWS; i++)
		job->accounts[job->count++] = all[i];
	return 0;
}

static int change_account(struct jobs *j, struct job *job)
{
	int err = register_account_change(j->db, job->account_act, &job->account, job->pin,
					  &job->entry, &job->account_outcome);

	register_head(j->db, &job->receipt.seq, job->receipt.head);
	return err;
}

static int set_account(struct jobs *j, struct job *job)
{
	struct import_state taken;
	enum role role = ROLE_NONE;
	int err = register_imports(j->db, &taken);

	if (err || (job->only_missing && taken.versions[PART_ACCOUNTS] > 0))
		return err;
	if (job->only_missing)
		err = register_account_role(j->db, job->account.name, &role);
	if (err || role != ROLE_NONE)
		return err;
	return register_account_set(j->db, &job->account, job->pin, job->wall_ms, job->mono_ms);
}

static int try_pin(struct jobs *j, struct job *job)
{
	char name[ACCOUNT_BYTES];

	memcpy(name, job->account.name,
	       sizeof(name)); /* the answer goes where the question stood */
	return register_pin_try(j->db, name, job->pin, job->wall_ms, job->mono_ms,
				job->clock_trusted, &job->pin_outcome, &job->account, &job->wait_s);
}

/* What the lists say at the moment of registration stands in the register with it. */
static int record(struct jobs *j, struct job *job)
{
	struct listing listing;
	int err = 0;

	if (job->entry.type == ENTRY_REGISTERED) {
		err = register_listing(j->db, &job->entry.visit.person, job->entry.wall_ms,
				       &listing);
		if (!err)
			listing_apply(&job->entry.visit.decision, &listing, ROLE_NONE);
		explicit_bzero(&listing, sizeof(listing));
	}
	return err ? err : register_record(j->db, &job->entry, &job->receipt);
}

/* The lists of today, not of the day of registration. */
static int load_visit(struct jobs *j, struct job *job)
{
	int err = register_visit(j->db, job->id, &job->visit);

	if (!err)
		err = register_listing(j->db, &job->visit.person, job->wall_ms, &job->listing);
	return err ? err : register_vehicle(j->db, job->visit.person.plate, &job->vehicle);
}

/* What the board shows of the register, and what the visitors' screens say of the lists. */
static int count(struct jobs *j, struct job *job)
{
	int err = register_counts(j->db, job->wall_ms, &job->counts);

	if (err == 0)
		err = register_key_areas(j->db, job->wall_ms, &job->areas);
	return err ? err : register_ledger_state(j->db, &job->ledgers);
}

/* Newest first, and no pages in the register: what stands before the page is found and left out. */
static int search(struct jobs *j, struct job *job)
{
	int count = 0;
	int err = register_search(j->db, job->text, j->found, SEARCH_MAX + 1, &count);

	job->more = count > SEARCH_MAX;
	job->total = job->more ? SEARCH_MAX : count;
	job->count = 0;
	for (int i = job->skip; i < job->total && job->count < VIEW_ROWS; i++)
		job->queue[job->count++] = j->found[i];
	explicit_bzero(j->found, sizeof(j->found));
	return err;
}

static int check(struct jobs *j, struct job *job)
{
	int err = 0;

	if (job->check_ask != CHECK_GO_ON)
		end_check(j);
	if (job->check_ask == CHECK_BEGIN)
		err = register_check_begin(j->db, NULL, 0, &j->check);
	if (err == 0)
		err = j->check ? register_check_step(j->check, &job->check) : -ECANCELED;
	if (err || job->check.done)
		end_check(j);
	return err;
}

static int find_request(struct jobs *j, struct job *job)
{
	int err = register_request(j->db, job->text, &job->entry, &job->request);

	return err || job->request.outcome != REQUEST_FOUND
		       ? err
		       : register_visit(j->db, job->request.visit_id, &job->visit);
}

static int erase(struct jobs *j, struct job *job)
{
	int err = register_erase(j->db, job->id, &job->entry, &job->erase_outcome);

	register_head(j->db, &job->receipt.seq, job->receipt.head);
	return err;
}

static int run_export(struct jobs *j, struct job *job)
{
	job->export_job->between = j->between;
	job->export_job->between_ctx = j->between_ctx;
	return export_run(j->db, job->export_job, &job->export_result);
}

/* A step of the night's forgetting. After the last one every page of the file is looked at: a start
 * does that in a short register only. */
static int forget(struct jobs *j, struct job *job)
{
	int err = register_forget(j->db, &job->retention, job->wall_ms, job->mono_ms,
				  job->clock_trusted, &job->forget);

	return err || !job->forget.done ? err : register_check_file(j->db);
}

int jobs_run(struct jobs *j, struct job *job)
{
	if (job->type == JOB_OPEN)
		return open_register(j, job);
	if (!j->db)
		return -ENODEV;
	switch (job->type) {
	case JOB_RECORD:
		return record(j, job);
	case JOB_QUEUE:
		return register_queue(j->db, job->queue, VIEW_ROWS, job->skip, &job->count,
				      &job->total);
	case JOB_VISIT:
		return load_visit(j, job);
	case JOB_PASS:
		return find_pass(j, job);
	case JOB_ACCOUNTS:
		return list_accounts(j, job);
	case JOB_ACCOUNT_SET:
		return set_account(j, job);
	case JOB_PIN:
		return try_pin(j, job);
	case JOB_COUNTS:
		return count(j, job);
	case JOB_EXPORT:
		return run_export(j, job);
	case JOB_ORDER:
		return jobs_fetch_order(j, job);
	case JOB_FORGET:
		return forget(j, job);
	case JOB_WALK:
		return register_walk(j->db, &job->walk);
	case JOB_IMPORT:
		return jobs_import_bundle(j, job);
	case JOB_REPORT:
		return register_report(j->db, &job->ask, &job->report);
	case JOB_REPORT_DAYS:
		return register_report_days(j->db, &job->ask, &job->days);
	case JOB_INSIDE:
		return register_inside(j->db, job->people);
	case JOB_VEHICLE:
		return register_vehicle(j->db, job->plate, &job->vehicle);
	case JOB_CONTACT:
		return register_contact(j->db, job->people);
	case JOB_REQUEST:
		return find_request(j, job);
	case JOB_ERASE:
		return erase(j, job);
	case JOB_ACCOUNT_CHANGE:
		return change_account(j, job);
	case JOB_CHECK:
		return check(j, job);
	case JOB_SEARCH:
		return search(j, job);
	case JOB_LEDGERS:
		return register_ledger_state(j->db, &job->ledgers);
	case JOB_LEDGER:
		return register_ledger_page(j->db, job->ledger_kind, job->skip, job->ledger_rows,
					    LEDGER_ROWS, &job->count, &job->total);
	case JOB_QUERY: {
		char answer[sizeof(job->text)];
		int err = register_query_text(j->db, job->text, answer, sizeof(answer));
		memcpy(job->text, answer, sizeof(answer));
		return err;
	}
	case JOB_OPEN:
	case JOB_TYPE_COUNT_:
		break;
	}
	return -EINVAL;
}

void jobs_close(struct jobs *j)
{
	jobs_forget_bundle(j);
	end_check(j);
	register_close(j->db);
	j->db = NULL;
}
