/*
 * A bundle through the register's thread: found by those who may take one, taken when it is what
 * was confirmed, in force with the answer and after the next opening, and never a second time.
 */
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "base/fileio.h"
#include "base/text.h"
#include "codec/manifest.h"
#include "helper_bundle.h"
#include "worker.h"

#define LIMIT_MS 30000 /* only a worker that never answers waits so long */
#define HASH                                                                                       \
	"$argon2id$v=19$m=19456,t=2,p=1$Cig4BN1N64L6UbD4Lg3H3g$"                                   \
	"GQzjkiMnYS++R+hYC/o+fTK4mWOPUnF0tnDvcheBkjw"
#define ACCOUNTS "周敏\tstaff\t" HASH "\n李强\tguard\t" HASH "\n"
#define BLOCKED "document\tE12345678\t协查\n"
#define HOUSEHOLDS "3-2-501\t一网格\t1234\n"

struct fixture {
	struct office_stick s;
	char register_path[96];
	struct worker *worker;
	struct job job;
	int64_t wall_ms;
};

static int ask(struct fixture *f, enum job_type type)
{
	f->job.type = type;
	f->job.wall_ms = f->wall_ms;
	assert_int_equal(worker_submit(f->worker, &f->job), 0);
	while (!worker_next(f->worker, &f->job)) {
		struct pollfd p = { .fd = worker_fd(f->worker), .events = POLLIN };
		assert_int_equal(poll(&p, 1, LIMIT_MS), 1);
	}
	return f->job.error;
}

static void fresh(struct fixture *f)
{
	free(f->job.book);
	for (int k = 0; k < PART_COUNT_; k++)
		free(f->job.packs[k].data);
	memset(&f->job, 0, sizeof(f->job));
}

static void open_register(struct fixture *f)
{
	fresh(f);
	assert_int_equal(ask(f, JOB_OPEN), 0);
}

static void start(struct fixture *f)
{
	assert_int_equal(worker_start(&f->worker, f->register_path, 480), 0);
	open_register(f);
}

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	assert_non_null(f);
	stick_init(&f->s);
	text_format(f->register_path, sizeof(f->register_path), "%s/register.db", f->s.root);
	f->wall_ms = BUNDLE_ISSUED_MS + 60000;
	start(f);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	worker_stop(f->worker);
	fresh(f);
	stick_fini(&f->s);
	free(f);
	return 0;
}

static void fill(struct fixture *f)
{
	const struct moment now = { f->wall_ms, 480, true };

	fresh(f);
	f->job.want_bundle = true;
	f->job.order_job =
		(struct order_job){ .stick_program = TEST_BINARY_DIR "/bin/gatehouse-stick",
				    .stick_dir = f->s.stick,
				    .site_id = 7,
				    .now = now };
	f->job.bundle_job =
		(struct bundle_job){ .stick_program = TEST_BINARY_DIR "/bin/gatehouse-stick",
				     .stick_dir = f->s.stick,
				     .site_id = 7,
				     .book_version = 1,
				     .now = now };
	manifest_public(office_seed, f->job.order_job.public_key);
	manifest_public(office_seed, f->job.bundle_job.public_key);
	f->job.clock_trusted = true;
	strcpy(f->job.account.name, "周敏");
}

static enum note look(struct fixture *f)
{
	fill(f);
	assert_int_equal(ask(f, JOB_ORDER), 0);
	assert_true(f->job.bundle_shown);
	return bundle_note(&f->job.bundle_found);
}

static enum bundle_outcome confirm(struct fixture *f, uint64_t number)
{
	fill(f);
	f->job.id = number;
	assert_int_equal(ask(f, JOB_IMPORT), 0);
	return f->job.bundle_found.outcome;
}

static void put_lists(struct fixture *f, uint64_t number)
{
	f->s.bundle.number = number;
	stick_put_part(&f->s, PART_ACCOUNTS, (int64_t)number, ACCOUNTS, strlen(ACCOUNTS));
	stick_put_part(&f->s, PART_HOUSEHOLDS, (int64_t)number, HOUSEHOLDS, strlen(HOUSEHOLDS));
	stick_put_part(&f->s, PART_BLOCKED, (int64_t)number, BLOCKED, strlen(BLOCKED));
	stick_sign(&f->s);
}

static void query(struct fixture *f, const char *sql, const char *want)
{
	fresh(f);
	text_copy(f->job.text, sizeof(f->job.text), sql);
	assert_int_equal(ask(f, JOB_QUERY), 0);
	assert_string_equal(f->job.text, want);
}

static void test_taken_once(void **state)
{
	struct fixture *f = *state;

	put_lists(f, 12);
	assert_int_equal(confirm(f, 12), BUNDLE_MALFORMED); /* nobody has looked at it */
	assert_int_equal(look(f), NOTE_NONE);
	assert_true(f->job.bundle_found.summary.number == 12);
	assert_int_equal(f->job.bundle_found.summary.parts[PART_ACCOUNTS].added, 2);
	assert_int_equal(confirm(f, 13), BUNDLE_MALFORMED); /* not what was shown */
	query(f, "SELECT count(*) FROM import_now", "0");
	assert_int_equal(look(f), NOTE_NONE);
	assert_int_equal(confirm(f, 12), BUNDLE_GOOD);
	assert_int_equal(f->job.account.role, ROLE_STAFF);
	assert_true(f->job.receipt.seq > 0 && f->job.book == NULL);
	query(f, "SELECT count(*) FROM import_now", "3");
	assert_int_equal(confirm(f, 12), BUNDLE_MALFORMED); /* it was forgotten */
	assert_int_equal(look(f), NOTE_BUNDLE_OLD);
	worker_stop(f->worker);
	start(f);
	assert_int_equal(look(f), NOTE_BUNDLE_OLD);
	put_lists(f, 11);
	assert_int_equal(look(f), NOTE_BUNDLE_OLD);
	put_lists(f, 13);
	assert_int_equal(look(f), NOTE_NONE);
	assert_int_equal(confirm(f, 13), BUNDLE_GOOD);
}

/* Good when it was read, too late when it was confirmed. */
static void test_too_late(void **state)
{
	struct fixture *f = *state;

	put_lists(f, 12);
	assert_int_equal(look(f), NOTE_NONE);
	f->wall_ms = f->s.bundle.not_after_ms + 1;
	assert_int_equal(confirm(f, 12), BUNDLE_EXPIRED);
	query(f, "SELECT count(*) FROM import_now", "0");
}

static void put_book(struct fixture *f, uint64_t number)
{
	char *book;
	size_t len;

	assert_int_equal(
		file_read(TEST_SOURCE_DIR "/assets/rulebooks/default.ini", 1 << 20, &book, &len),
		0);
	f->s.bundle.number = number;
	stick_put_part(&f->s, PART_RULEBOOK, 2, book, len);
	stick_sign(&f->s);
	free(book);
}

static void test_rulebook(void **state)
{
	struct fixture *f = *state;

	assert_null(f->job.book);
	put_book(f, 12);
	assert_int_equal(look(f), NOTE_NONE);
	assert_true(f->job.bundle_found.summary.parts[PART_RULEBOOK].before == 1);
	assert_int_equal(confirm(f, 12), BUNDLE_GOOD);
	assert_non_null(f->job.book);
	assert_string_equal(f->job.book->title, "默认规则 Default rules");
	worker_stop(f->worker);
	start(f);
	assert_non_null(f->job.book);
	assert_int_equal(f->job.book->version, 2);
	/* the same with its answer never taken: nothing leaks */
	worker_stop(f->worker);
	assert_int_equal(worker_start(&f->worker, f->register_path, 480), 0);
	fresh(f);
	f->job.type = JOB_OPEN;
	assert_int_equal(worker_submit(f->worker, &f->job), 0);
}

static void put_packs(struct fixture *f, uint64_t number)
{
	static const enum part_kind KINDS[] = { PART_NOTICES, PART_SOUNDS };
	char text[PART_SAMPLE_MAX];

	f->s.bundle.number = number;
	for (size_t i = 0; i < ARRAY_LEN(KINDS); i++)
		stick_put_part(&f->s, KINDS[i], (int64_t)number, text, part_sample(KINDS[i], text));
	stick_sign(&f->s);
}

static void assert_pack(const struct fixture *f, enum part_kind kind)
{
	char text[PART_SAMPLE_MAX];
	size_t len = part_sample(kind, text);

	assert_int_equal(f->job.packs[kind].len, len);
	assert_memory_equal(f->job.packs[kind].data, text, len);
}

/* Handed on when they are taken and whenever the register is opened. One that is damaged in the
 * register is missing, and the gate works all the same. */
static void test_packs(void **state)
{
	struct fixture *f = *state;

	put_packs(f, 12);
	assert_int_equal(look(f), NOTE_NONE);
	assert_true(f->job.bundle_found.summary.parts[PART_NOTICES].added == 1 &&
		    f->job.bundle_found.summary.parts[PART_SOUNDS].total == 1);
	assert_null(f->job.packs[PART_NOTICES].data); /* shown, not taken */
	assert_int_equal(confirm(f, 12), BUNDLE_GOOD);
	assert_pack(f, PART_NOTICES);
	assert_pack(f, PART_SOUNDS);
	worker_stop(f->worker);
	start(f);
	assert_pack(f, PART_NOTICES);
	assert_pack(f, PART_SOUNDS);
	put_lists(f, 13); /* packs that are not in the bundle stay as they are */
	f->s.bundle.parts[PART_NOTICES].version = f->s.bundle.parts[PART_SOUNDS].version = 0;
	stick_sign(&f->s);
	assert_int_equal(look(f), NOTE_NONE);
	assert_int_equal(confirm(f, 13), BUNDLE_GOOD);
	assert_null(f->job.packs[PART_NOTICES].data);
	worker_stop(f->worker);
	sqlite3 *db;
	assert_int_equal(sqlite3_open(f->register_path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db,
				      "UPDATE import_text SET text = CAST('GHN1' AS BLOB) "
				      "WHERE length(text) > 100",
				      NULL, NULL, NULL),
			 SQLITE_OK);
	assert_int_equal(sqlite3_changes(db), 1);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
	start(f);
	assert_null(f->job.packs[PART_NOTICES].data);
	assert_pack(f, PART_SOUNDS);
}

/* An order is looked at first; only what may not be taken makes way for a bundle. */
static void test_order_first(void **state)
{
	struct fixture *f = *state;
	struct order order = { .site = 7,
			       .number = 5,
			       .level = LEVEL_STRICT,
			       .issued_ms = BUNDLE_ISSUED_MS,
			       .not_after_ms = BUNDLE_ISSUED_MS + 3600000,
			       .why = "x" };
	char text[ORDER_MAX], signature[ORDER_SIGNATURE_LEN + 1];
	size_t len = order_encode(&order, text, sizeof(text));

	put_lists(f, 12);
	order_sign(text, len, office_seed, signature);
	stick_put(&f->s, "../" ORDER_NAME, text, len);
	stick_put(&f->s, "../" ORDER_SIGNATURE_NAME, signature, ORDER_SIGNATURE_LEN);
	fill(f);
	assert_int_equal(ask(f, JOB_ORDER), 0);
	assert_false(f->job.bundle_shown);
	assert_int_equal(order_note(&f->job.order_found), NOTE_NONE);
	signature[0] ^= 1;
	stick_put(&f->s, "../" ORDER_SIGNATURE_NAME, signature, ORDER_SIGNATURE_LEN);
	assert_int_equal(look(f), NOTE_NONE);
	/* and to whom a bundle is no business it is not shown */
	fill(f);
	f->job.want_bundle = false;
	assert_int_equal(ask(f, JOB_ORDER), 0);
	assert_false(f->job.bundle_shown);
	/* nor does it hide what is wrong with the order, when there is none */
	stick_remove(f->s.folder);
	fill(f);
	assert_int_equal(ask(f, JOB_ORDER), 0);
	assert_false(f->job.bundle_shown);
	assert_int_equal(order_note(&f->job.order_found), NOTE_ORDER_SIGNATURE);
}

/* The lists at registration, and for the guard who looks at the visit. */
static void test_lists_in_force(void **state)
{
	struct fixture *f = *state;

	put_lists(f, 12);
	assert_int_equal(look(f), NOTE_NONE);
	assert_int_equal(confirm(f, 12), BUNDLE_GOOD);
	for (int refused = 0; refused < 2; refused++) {
		fresh(f);
		struct visit *v = &f->job.entry.visit;
		f->job.entry.type = ENTRY_REGISTERED;
		f->job.entry.wall_ms = f->wall_ms;
		strcpy(v->person.name, "张伟");
		v->person.document_kind = DOCUMENT_PASSPORT;
		strcpy(v->person.document, "E12345678");
		strcpy(v->person.household, "9-9-999");
		v->decision.verdict = refused ? VERDICT_REFUSE : VERDICT_REFER;
		assert_int_equal(ask(f, JOB_RECORD), 0);
		assert_int_equal(f->job.entry.visit.decision.reason_count, refused ? 0 : 2);
		uint64_t id = f->job.receipt.visit_id;
		fresh(f);
		f->job.id = id;
		assert_int_equal(ask(f, JOB_VISIT), 0);
		assert_int_equal(f->job.visit.decision.reason_count, refused ? 0 : 2);
		assert_true(f->job.listing.document && f->job.listing.household_unknown);
		assert_string_equal(f->job.listing.why, "协查");
	}
}

/* What the configuration names makes way for good when the office has sent a list. */
static void test_configured_accounts(void **state)
{
	struct fixture *f = *state;

	for (int after = 0; after < 2; after++) {
		fresh(f);
		f->job.only_missing = true;
		f->job.account.role = ROLE_GUARD;
		strcpy(f->job.account.name, "陈静");
		strcpy(f->job.pin, "135790");
		assert_int_equal(ask(f, JOB_ACCOUNT_SET), 0);
		query(f, "SELECT count(*) FROM account WHERE name = '陈静'", after ? "0" : "1");
		if (after)
			break;
		put_lists(f, 12);
		assert_int_equal(look(f), NOTE_NONE);
		assert_int_equal(f->job.bundle_found.summary.parts[PART_ACCOUNTS].removed, 1);
		assert_int_equal(confirm(f, 12), BUNDLE_GOOD);
	}
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_taken_once),          TEST(test_too_late),       TEST(test_rulebook),
		TEST(test_order_first),         TEST(test_lists_in_force), TEST(test_packs),
		TEST(test_configured_accounts),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
