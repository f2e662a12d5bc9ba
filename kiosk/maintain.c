#include "maintain.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/civil.h"
#include "base/text.h"
#include "clock.h"
#include "config.h"
#include "core/words.h"
#include "store/register.h"
#include "store/retention.h"

#define GOOD 0
#define FOUND 1
#define FAILED 2
#define DAY_MS INT64_C(86400000)
#define PIN_BYTES 32

/* The register, with what every entry into it needs. */
struct desk {
	const struct maintain *asked;
	struct config config;
	struct register_db *db;
	struct clock clock;
	char path[512];
};

bool maintain_wanted(const struct maintain *m)
{
	return m->set_pin || m->check || m->copy || m->erase || m->confirm_clock;
}

static void desk_close(struct desk *d)
{
	register_close(d->db);
	explicit_bzero(&d->config, sizeof(d->config));
}

static int failed(const struct desk *d, const char *what, int err)
{
	fprintf(stderr, "%s: %s: %s%s\n", d->path, what, strerror(-err),
		err == -EBUSY ? " (stop the kiosk first)" : "");
	return FAILED;
}

static int desk_open(struct desk *d, const char *what)
{
	char message[512], wall[32];

	if (!config_read(&d->config, d->asked->config, message, sizeof(message))) {
		fprintf(stderr, "%s\n", message);
		return FAILED;
	}
	if (mkdir(d->asked->data, 0700) < 0 && errno != EEXIST)
		fprintf(stderr, "%s: %s\n", d->asked->data, strerror(errno));
	text_format(d->path, sizeof(d->path), "%s/register.db", d->asked->data);
	clock_real(&d->clock);
	int err = register_open(&d->db, d->path, d->config.utc_offset_min);
	if (!err)
		err = register_query_text(d->db, "SELECT wall_ms FROM event ORDER BY seq DESC",
					  wall, sizeof(wall));
	if (err)
		return failed(d, what, err);
	clock_raise_floor(&d->clock, strtoll(wall, NULL, 10));
	return GOOD;
}

static void read_pin(const char *prompt, char pin[PIN_BYTES])
{
	if (isatty(STDIN_FILENO))
		fprintf(stderr, "%s: ", prompt);
	if (!fgets(pin, PIN_BYTES, stdin))
		pin[0] = '\0';
	pin[strcspn(pin, "\r\n")] = '\0';
}

/* ---- accounts ---- */

static bool parse_account(const char *text, struct account *account)
{
	const char *colon = strchr(text, ':');

	for (enum role r = ROLE_GUARD; colon && r < ROLE_COUNT_; r++)
		if (strlen(ROLE_WORD[r]) == (size_t)(colon - text) &&
		    strncmp(text, ROLE_WORD[r], strlen(ROLE_WORD[r])) == 0)
			account->role = r;
	if (account->role != ROLE_NONE && colon[1] != '\0' &&
	    text_copy(account->name, sizeof(account->name), colon + 1))
		return true;
	fprintf(stderr, "gatehouse: --set-pin takes ROLE:NAME, e.g. guard:李强\n");
	return false;
}

/* The end of that day at the gate. */
static bool parse_until(const char *text, int32_t utc_offset_min, int64_t *until_ms)
{
	char iso[40];

	if (!text)
		return true;
	if (strlen(text) == 10 && text_format(iso, sizeof(iso), "%sT00:00:00Z", text) &&
	    civil_parse_iso(iso, until_ms)) {
		*until_ms += DAY_MS - utc_offset_min * INT64_C(60000);
		return true;
	}
	fprintf(stderr, "gatehouse: --until takes the last day, e.g. 2026-12-31\n");
	return false;
}

static int set_pin(struct desk *d)
{
	struct account account = { 0 };
	char pin[PIN_BYTES] = "";

	if (!parse_account(d->asked->set_pin, &account))
		return FAILED;
	if (desk_open(d, "the account was not set") ||
	    !parse_until(d->asked->until, d->config.utc_offset_min, &account.until_ms))
		return FAILED;
	read_pin("PIN (4 to 12 digits)", pin);
	int err = register_account_set(d->db, &account, pin, clock_wall_ms(&d->clock),
				       clock_mono_ms(&d->clock));
	explicit_bzero(pin, sizeof(pin));
	if (err == -EINVAL)
		fprintf(stderr, "%s: the account was not set: the PIN must be 4 to 12 digits\n",
			d->path);
	else if (err)
		failed(d, "the account was not set", err);
	return err ? FAILED : GOOD;
}

/* ---- the check ---- */

static const char *const WHERE[REGISTER_PART_COUNT_] = {
	[REGISTER_PART_EVENT] = "event",
	[REGISTER_PART_PERSON] = "personal fields of visit",
	[REGISTER_PART_VISIT] = "table of visits, visit",
	[REGISTER_PART_PASS] = "table of passes, serial",
	[REGISTER_PART_DAY] = "table of days, day",
	[REGISTER_PART_LEVEL] = "level in force",
	[REGISTER_PART_IMPORT] = "what bundles brought, kind",
	[REGISTER_PART_TALLY] = "sums of a day, day",
	[REGISTER_PART_REPORT] = "signed report, day",
	[REGISTER_PART_LEDGER] = "ledger, entry",
	[REGISTER_PART_STOCK] = "stock of supplies, item",
	[REGISTER_PART_FILE] = "pages of the file",
	[REGISTER_PART_SEARCH] = "search index, visit",
	[REGISTER_PART_ACCOUNT] = "accounts, event",
};

static void show_progress(void *ctx, int permille)
{
	int *shown = ctx;

	if (permille / 100 <= *shown)
		return;
	*shown = permille / 100;
	fprintf(stderr, "checked: %d %%\n", *shown * 10);
}

static bool parse_head(const char *text, struct chain_anchor *anchor)
{
	size_t len = text ? strlen(text) : 0;

	for (size_t i = 0; i + 1 < len && i / 2 < sizeof(anchor->head); i += 2) {
		unsigned byte;
		char pair[3] = { text[i], text[i + 1], '\0' };
		if (strspn(pair, "0123456789abcdefABCDEF") != 2 || sscanf(pair, "%x", &byte) != 1)
			return false;
		anchor->head[anchor->bytes++] = (uint8_t)byte;
	}
	/* Fewer than four bytes would be found by chance. */
	return !text || (anchor->bytes >= 4 && anchor->bytes * 2 == len);
}

static int check(struct desk *d)
{
	struct chain_anchor anchor = { 0 };
	int shown = -1;
	struct register_check how = { .anchors = &anchor,
				      .anchor_count = d->asked->head ? 1 : 0,
				      .progress = show_progress,
				      .ctx = &shown };
	struct register_fault fault;
	struct stat st;
	int64_t seq;
	uint8_t head[CHAIN_HASH_BYTES];

	if (!parse_head(d->asked->head, &anchor)) {
		fprintf(stderr, "gatehouse: --head takes 8 to 64 hexadecimal digits\n");
		return FAILED;
	}
	text_format(d->path, sizeof(d->path), "%s/register.db", d->asked->data);
	if (stat(d->path, &st) < 0)
		return failed(d, "there is no register to check", -errno);
	if (desk_open(d, "the register cannot be opened"))
		return FAILED;
	int err = register_check(d->db, &how, &fault);
	if (err == -EUCLEAN) {
		fprintf(stderr, "%s: not good: %s %lld", d->path, WHERE[fault.part],
			(long long)fault.key);
		if (fault.seq && fault.part != REGISTER_PART_EVENT)
			fprintf(stderr, " (event %lld)", (long long)fault.seq);
		fprintf(stderr, "\n");
		return FOUND;
	}
	if (err)
		return failed(d, "the check was broken off", err);
	register_head(d->db, &seq, head);
	fprintf(stderr, "%s: good: %lld events, the last one %02x%02x%02x%02x%02x%02x%02x%02x\n",
		d->path, (long long)seq, head[0], head[1], head[2], head[3], head[4], head[5],
		head[6], head[7]);
	return GOOD;
}

/* ---- one person ---- */

/* Every try counts, as at the screen. */
static int log_in(struct desk *d, bool guards_too, struct entry *who)
{
	enum pin_outcome outcome;
	struct account account;
	char pin[PIN_BYTES] = "";
	int32_t wait_s;

	who->wall_ms = clock_wall_ms(&d->clock);
	who->mono_ms = clock_mono_ms(&d->clock);
	who->clock_trusted = d->clock.trusted;
	read_pin("PIN", pin);
	int err = register_pin_try(d->db, d->asked->by, pin, who->wall_ms, who->mono_ms,
				   who->clock_trusted, &outcome, &account, &wait_s);
	explicit_bzero(pin, sizeof(pin));
	if (err)
		return failed(d, err == -ENOENT ? "there is no such account" : "log-in", err);
	if (outcome != PIN_RIGHT || (account.role == ROLE_GUARD && !guards_too)) {
		fprintf(stderr, "%s: %s\n", d->asked->by,
			outcome == PIN_WRONG    ? "wrong PIN"
			: outcome == PIN_LOCKED ? "too many tries: wait"
			: outcome == PIN_OVER   ? "the account has expired"
						: "only a supervisor or staff may do this");
		return FAILED;
	}
	text_copy(who->actor, sizeof(who->actor), account.name);
	return GOOD;
}

static int find(struct desk *d, const char *code, uint64_t *id)
{
	int err = register_find_receipt(d->db, code, id);

	if (err == -EINVAL)
		fprintf(stderr, "%s: not a receipt code; is a character wrong?\n", code);
	else if (err == -ENOENT)
		fprintf(stderr, "%s: nothing personal is kept under this code (any more)\n", code);
	else if (err)
		return failed(d, "looking for the code", err);
	return err ? FOUND : GOOD;
}

static void print_time(const char *what, int64_t wall_ms, int32_t utc_offset_min)
{
	char text[32];

	if (wall_ms == 0)
		return;
	civil_format_minute(wall_ms, utc_offset_min, text);
	printf("%s: %s\n", what, text);
}

static void print_copy(const struct visit *v, int32_t utc_offset_min)
{
	const struct person *p = &v->person;

	printf("回执码 receipt: %s\n姓名 name: %s\n证件 document: %s\n电话 phone: %s\n"
	       "去往 to: %s\n事由 purpose: %s\n状态 state: %s\n",
	       v->receipt_code, p->name, p->document, p->phone, p->household, p->purpose,
	       STATE_WORD[v->state]);
	if (p->plate[0])
		printf("车牌 plate: %s\n随车人数 others in it: %d\n", p->plate, v->occupants);
	print_time("登记 registered", v->registered_ms, utc_offset_min);
	print_time("决定 decided", v->decided_ms, utc_offset_min);
	print_time("进入 entered", v->entered_ms, utc_offset_min);
	print_time("离开 left", v->left_ms, utc_offset_min);
	for (int c = 0; c < CHECK_COUNT_; c++)
		if (v->facts[c].finding != FINDING_UNKNOWN)
			printf("%s: %s\n", CHECK_WORD[c],
			       v->facts[c].finding == FINDING_GOOD ? "good" : "bad");
	if (v->temperature.first_centi_c)
		printf("体温 temperature: %.2f\n", v->temperature.first_centi_c / 100.0);
}

static int copy(struct desk *d)
{
	struct entry who = { .type = ENTRY_REVEALED, .detail = "copy" };
	struct receipt receipt;
	uint64_t id;

	if (desk_open(d, "the register cannot be opened") || log_in(d, false, &who))
		return FAILED;
	int code = find(d, d->asked->copy, &id);
	if (code)
		return code;
	int err = register_visit(d->db, id, &who.visit);
	if (!err)
		err = register_record(d->db, &who, &receipt); /* before anything is shown */
	if (!err)
		print_copy(&who.visit, d->config.utc_offset_min);
	explicit_bzero(&who, sizeof(who));
	return err ? failed(d, "no copy", err) : GOOD;
}

static int erase(struct desk *d)
{
	struct entry who = { 0 };
	enum erase_outcome outcome;
	uint64_t id;

	if (desk_open(d, "the register cannot be opened") || log_in(d, false, &who))
		return FAILED;
	int code = find(d, d->asked->erase, &id);
	if (code)
		return code;
	int err = register_erase(d->db, id, &who, &outcome);
	if (err)
		return failed(d, "not erased", err);
	if (outcome == ERASE_OPEN) {
		fprintf(stderr, "%s: not while the visitor waits or is inside\n", d->asked->erase);
		return FOUND;
	}
	fprintf(stderr, "%s: erased\n", d->asked->erase);
	return GOOD;
}

/* ---- the clock ---- */

/* The machine knows no better than its last event, so a clock once set ahead makes every honest one
 * doubtful. A person who has looked at another clock ends that: what comes after counts from here.
 */
static int confirm_clock(struct desk *d)
{
	struct entry who = { .type = ENTRY_CLOCK, .detail = "confirmed" };
	struct receipt receipt;
	char text[32];

	if (desk_open(d, "the register cannot be opened") || log_in(d, true, &who))
		return FAILED;
	clock_real(&d->clock); /* without the floor of the last event */
	civil_format_minute(clock_wall_ms(&d->clock), d->config.utc_offset_min, text);
	if (!d->clock.trusted) {
		fprintf(stderr, "the clock stands at %s: set it first\n", text);
		return FAILED;
	}
	who.clock_trusted = true;
	int err = register_record(d->db, &who, &receipt);
	if (err)
		return failed(d, "not recorded", err);
	fprintf(stderr, "%s confirms the clock: %s\n", who.actor, text);
	return GOOD;
}

int maintain_run(const struct maintain *m)
{
	struct desk desk CLEANUP(desk_close) = { .asked = m };

	if ((m->copy || m->erase || m->confirm_clock) && !m->by) {
		fprintf(stderr, "gatehouse: --by says whose PIN is read\n");
		return FAILED;
	}
	return m->set_pin ? set_pin(&desk)
	       : m->check ? check(&desk)
	       : m->copy  ? copy(&desk)
	       : m->erase ? erase(&desk)
			  : confirm_clock(&desk);
}
