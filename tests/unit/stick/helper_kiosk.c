#include "helper_kiosk.h"

#include <dirent.h>
#include <ftw.h>
#include <linux/sockios.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <cmocka.h>

#include "base/text.h"
#include "stick/job.h"
#include "store/chain.h"
#include "store/entry_codec.h"

void kiosk_init(struct test_kiosk *k)
{
	*k = (struct test_kiosk){ .root = "/tmp/gatehouse-stick-XXXXXX", .fd = -1 };
	assert_non_null(mkdtemp(k->root));
	snprintf(k->stick, sizeof(k->stick), "%s/stick", k->root);
	snprintf(k->work, sizeof(k->work), "%s/work", k->root);
	assert_int_equal(mkdir(k->stick, 0700), 0);
	assert_int_equal(mkdir(k->work, 0700), 0);
	memset(k->seed, 7, sizeof(k->seed));
	memset(k->identity, 9, sizeof(k->identity));
	manifest_public(k->seed, k->public_key);
}

static int remove_one(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
	(void)st;
	(void)flag;
	(void)ftw;
	return remove(path);
}

void kiosk_fini(struct test_kiosk *k)
{
	nftw(k->root, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

void kiosk_start(struct test_kiosk *k, void (*prepare)(void))
{
	int pair[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair), 0);
	k->pid = fork();
	assert_true(k->pid >= 0);
	if (k->pid == 0) {
		close(pair[0]);
		if (prepare)
			prepare();
		_exit(stick_job_run(pair[1], k->stick) ? 1 : 0);
	}
	close(pair[1]);
	k->fd = pair[0];
}

bool kiosk_send(struct test_kiosk *k, const struct stick_msg *msg)
{
	uint8_t packet[STICK_MSG_MAX];
	size_t len = stick_msg_encode(msg, packet, sizeof(packet));

	assert_true(len > 0);
	return send(k->fd, packet, len, MSG_NOSIGNAL) >= 0;
}

bool kiosk_receive(struct test_kiosk *k)
{
	do {
		ssize_t n = recv(k->fd, k->packet, sizeof(k->packet), 0);
		if (n <= 0)
			return false;
		assert_true(stick_msg_decode(&k->answer, k->packet, (size_t)n));
	} while (k->answer.type == STICK_PROGRESS);
	return true;
}

static struct person_row person_of(const struct visit *visit)
{
	struct person_row row = { .visit_id = visit->id,
				  .person = visit->person,
				  .code_digest = visit->code_digest };

	memset(row.salt, (int)visit->id + 1, sizeof(row.salt));
	return row;
}

/* Event seq registers visit seq - 1; the first is the start of the machine. */
static void event_row(const struct visit *visits, int64_t seq, struct event_row *row,
		      uint8_t body[STICK_BODY_MAX])
{
	struct entry entry = { .type = ENTRY_BOOT, .detail = "0.1.0" };
	uint8_t commitment[CHAIN_HASH_BYTES] = { 0 };

	*row = (struct event_row){ .seq = seq, .boot = 1, .mono_ms = seq * 10, .body = body };
	row->wall_ms = KIOSK_WALL_MS + seq * 1000;
	row->clock_trusted = seq > 1;
	if (seq > 1) {
		struct person_row person = person_of(&visits[seq - 2]);
		chain_commit(&person, commitment);
		entry.type = ENTRY_REGISTERED;
		entry.visit = visits[seq - 2];
		text_copy(row->actor, sizeof(row->actor), "=门卫,\"甲\"");
	}
	entry.wall_ms = row->wall_ms;
	row->type = entry.type;
	assert_true(entry_encode(&entry, commitment, body, &row->body_len));
}

static void hash_up_to(const struct visit *visits, int64_t seq, struct event_row *row,
		       uint8_t body[STICK_BODY_MAX])
{
	uint8_t prev[CHAIN_HASH_BYTES] = { 0 };

	for (int64_t s = 1; s <= seq; s++) {
		event_row(visits, s, row, body);
		chain_hash(prev, row, row->hash);
		memcpy(prev, row->hash, sizeof(prev));
	}
}

static void open_message(const struct test_kiosk *k, int count, struct stick_open *open)
{
	text_copy(open->site, sizeof(open->site), "和平里小区");
	text_copy(open->gate, sizeof(open->gate), "东门");
	open->site_id = 7;
	open->utc_offset_min = 480;
	open->wall_ms = KIOSK_WALL_MS;
	open->range = MANIFEST_RANGE_EVERYTHING;
	open->first_seq = 1;
	open->last_seq = count + 1;
	open->visits = count;
	memcpy(open->public_key, k->public_key, sizeof(open->public_key));
}

static void event_message(const struct event_row *row, struct stick_event *event)
{
	*event = (struct stick_event){ .seq = row->seq,
				       .boot = row->boot,
				       .wall_ms = row->wall_ms,
				       .mono_ms = row->mono_ms,
				       .clock_trusted = row->clock_trusted,
				       .type = (uint16_t)row->type,
				       .word = "word",
				       .body = row->body,
				       .body_len = row->body_len };
	memcpy(event->actor, row->actor, sizeof(event->actor));
	memcpy(event->hash, row->hash, sizeof(event->hash));
}

static int rows_of(int section, int count)
{
	if (section == STICK_SECTION_EVENTS)
		return count + 1;
	if (section < STICK_SECTION_CSV)
		return count;
	switch ((int)stick_section_sheet((enum stick_section)section)) {
	case STICK_SHEET_REFUSALS:
		return 0;
	case STICK_SHEET_DAYS:
		return KIOSK_DAYS;
	default:
		return count;
	}
}

static void row_message(const struct visit *visits, int section, int row, struct stick_msg *msg,
			uint8_t body[STICK_BODY_MAX])
{
	struct event_row event;

	if (section == STICK_SECTION_EVENTS) {
		msg->type = STICK_EVENT;
		hash_up_to(visits, row + 1, &event, body);
		event_message(&event, &msg->event);
	} else if (section == STICK_SECTION_PERSONS) {
		struct person_row person = person_of(&visits[row]);
		msg->type = STICK_PERSON;
		msg->person.visit_id = person.visit_id;
		msg->person.person = person.person;
		memcpy(msg->person.salt, person.salt, sizeof(person.salt));
		msg->person.code_digest = person.code_digest;
	} else if (stick_section_row((enum stick_section)section) == STICK_DAY) {
		msg->type = STICK_DAY;
		msg->day = kiosk_day(row);
	} else {
		msg->type = STICK_VISIT;
		msg->visit = visits[row];
	}
}

static void finish_message(const struct visit *visits, int count, struct stick_msg *msg,
			   uint8_t body[STICK_BODY_MAX])
{
	struct event_row row;

	msg->type = STICK_FINISH;
	hash_up_to(visits, count + 1, &row, body);
	msg->finish = (struct stick_finish){
		.last_seq = count + 1, .events = count + 1, .visits = count, .persons = count
	};
	memcpy(msg->finish.head, row.hash, sizeof(row.hash));
}

bool kiosk_message(const struct test_kiosk *k, const struct visit *visits, int count, int step,
		   struct stick_msg *msg, uint8_t body[STICK_BODY_MAX])
{
	memset(msg, 0, sizeof(*msg));
	if (step == 0) {
		msg->type = STICK_OPEN;
		open_message(k, count, &msg->open);
		return true;
	}
	if (step == 1) {
		msg->type = STICK_KEYS;
		msg->keys.count = 1;
		age_public(k->identity, msg->keys.recipients[0]);
		return true;
	}
	step -= 2;
	for (int s = 0; s < STICK_SECTION_COUNT_; s++) {
		if (step-- == 0) {
			msg->type = STICK_SECTION;
			msg->section = (enum stick_section)s;
			return true;
		}
		if (step < rows_of(s, count)) {
			row_message(visits, s, step, msg, body);
			return true;
		}
		step -= rows_of(s, count);
	}
	finish_message(visits, count, msg, body);
	return step == 0;
}

bool kiosk_play(struct test_kiosk *k, const struct visit *visits, int count, int from, int to)
{
	uint8_t body[STICK_BODY_MAX];
	struct stick_msg msg;

	for (int step = from; step != to && kiosk_message(k, visits, count, step, &msg, body);
	     step++)
		if (!kiosk_send(k, &msg))
			return false;
	return true;
}

void kiosk_settle(const struct test_kiosk *k)
{
	int bytes = 1;

	while (bytes > 0 && ioctl(k->fd, SIOCOUTQ, &bytes) == 0)
		sched_yield();
}

bool kiosk_sign(struct test_kiosk *k)
{
	struct stick_msg msg = { .type = STICK_SIGNATURE };
	uint8_t hash[MINISIGN_HASH_BYTES];
	char text[MINISIGN_TEXT_MAX];

	assert_int_equal(k->answer.type, STICK_MANIFEST);
	minisign_hash(k->answer.manifest.text, k->answer.manifest.len, hash);
	msg.signature.len = minisign_sign(hash, k->seed, "at the gate", text);
	msg.signature.text = text;
	return kiosk_send(k, &msg);
}

void kiosk_file(const char *folder, const char *id, const char *suffix, char path[PATH_MAX])
{
	snprintf(path, PATH_MAX, "%s/%s%s", folder, id, suffix);
}

int kiosk_end(struct test_kiosk *k)
{
	int status;

	close_fd(&k->fd);
	assert_int_equal(waitpid(k->pid, &status, 0), k->pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

void kiosk_export(struct test_kiosk *k, const struct visit *visits, int count, char path[PATH_MAX])
{
	kiosk_start(k, NULL);
	assert_true(kiosk_play(k, visits, count, 0, -1));
	assert_true(kiosk_receive(k));
	assert_true(kiosk_sign(k));
	assert_true(kiosk_receive(k));
	assert_int_equal(k->answer.type, STICK_DONE);
	snprintf(path, PATH_MAX, "%s/%s", k->stick, k->answer.done_name);
	assert_int_equal(kiosk_end(k), 0);
}

struct visit kiosk_visit(int number, const char *name)
{
	struct visit v = { .id = (uint64_t)number,
			   .ticket = (uint32_t)number,
			   .level = LEVEL_CLOSED,
			   .state = VISIT_INSIDE,
			   .registered_ms = KIOSK_WALL_MS + number * 1000,
			   .entered_ms = KIOSK_WALL_MS + number * 1000 + 120000,
			   .decided_by = "门卫甲",
			   .pass_serial = UINT64_C(1234567890123456789),
			   .pass_printed = true };

	text_copy(v.person.name, sizeof(v.person.name), name);
	v.person.document_kind = DOCUMENT_ID_CARD;
	text_copy(v.person.document, sizeof(v.person.document), "11010519491231002X");
	text_copy(v.person.phone, sizeof(v.person.phone), "013800138000");
	text_copy(v.person.household, sizeof(v.person.household), "3-2-501");
	text_copy(v.person.purpose, sizeof(v.person.purpose), "探亲访友");
	text_copy(v.person.plate, sizeof(v.person.plate), "沪A12345");
	v.occupants = 2;
	v.code_digest = UINT64_C(0xF123456789ABCDEF);
	v.temperature = (struct temperature){ .first_centi_c = 3655, .ambient_centi_c = 2110 };
	v.facts[CHECK_HEALTH_CODE] = (struct fact){ .finding = FINDING_GOOD,
						    .source = SOURCE_GUARD,
						    .wall_ms = v.registered_ms,
						    .value = COLOUR_GREEN };
	v.facts[CHECK_TRAVEL_14D] = (struct fact){ .finding = FINDING_GOOD,
						   .source = SOURCE_DECLARED,
						   .wall_ms = v.registered_ms };
	v.decision = (struct decision){ .verdict = VERDICT_ADMIT, .reason_count = 1 };
	v.decision.reasons[0] = (struct reason){ .code = REASON_APPROVAL_PENDING,
						 .check = CHECK_APPROVAL,
						 .clause = "2·三" };
	return v;
}

struct stick_day kiosk_day(int number)
{
	struct stick_day day = { .state = number ? REPORT_MISSING : REPORT_LATE,
				 .level = LEVEL_STRICT,
				 .level_known = true,
				 .inside = 3 };

	day.signatures.day = report_day_of(KIOSK_WALL_MS, 480) + number;
	if (number == 0) {
		day.signatures.made_ms = KIOSK_WALL_MS + 3600000;
		day.signatures.checked_ms = KIOSK_WALL_MS + 7200000;
		text_copy(day.signatures.made_by, sizeof(day.signatures.made_by), "门卫甲");
		text_copy(day.signatures.checked_by, sizeof(day.signatures.checked_by), "=书记");
		day.sums[REPORT_REGISTERED] = (struct report_sum){ .period = 12, .total = 340 };
	}
	return day;
}

int kiosk_count(const char *dir, const char *prefix)
{
	DIR *d = opendir(dir);
	struct dirent *entry;
	int n = 0;

	while (d && (entry = readdir(d)))
		n += strncmp(entry->d_name, prefix, strlen(prefix)) == 0;
	if (d)
		closedir(d);
	return n;
}
