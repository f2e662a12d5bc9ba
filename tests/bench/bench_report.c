/*
 * What a report costs in a register of ten years: the same questions after one year and after ten.
 * Each day has as many visits as a busy small gate, six events each. The register's age may show in
 * the totals (a row a day and thing counted), and nowhere else. TMPDIR says where it is written;
 * filling it is not what is measured.
 */
#include <string.h>
#include <sys/stat.h>

#include "base/text.h"
#include "bench.h"
#include "store/register.h"
#include "store/report.h"

#define YEARS 10
#define DAYS (YEARS * 365)
#define VISITS_A_DAY 60
#define OFFSET_MIN 480
#define START_MS INT64_C(1451577600000) /* 2016-01-01T00:00:00+08:00 */
#define DAY_MS INT64_C(86400000)
#define ASKED 40

static void record(struct register_db *db, enum entry_type type, const struct visit *v,
		   int64_t wall_ms, struct receipt *receipt)
{
	struct entry e = { .type = type,
			   .wall_ms = wall_ms,
			   .mono_ms = wall_ms - START_MS,
			   .clock_trusted = true,
			   .visit = *v };

	if (type == ENTRY_DECIDED)
		text_copy(e.actor, sizeof(e.actor), "guard-a");
	bench_need(register_record(db, &e, receipt), "register_record");
}

static void one_visit(struct register_db *db, unsigned n, int64_t wall_ms)
{
	struct visit v = { .person_class = CLASS_VISITOR, .level = LEVEL_CLOSED };
	struct receipt receipt;

	text_format(v.person.name, sizeof(v.person.name), "访客%u", n);
	text_format(v.person.phone, sizeof(v.person.phone), "138%08u", n);
	text_format(v.person.household, sizeof(v.person.household), "3-2-%u", n % 900);
	v.temperature = (struct temperature){ .first_centi_c = 3642, .attempts = 1 };
	v.facts[CHECK_TEMPERATURE] = (struct fact){ FINDING_GOOD, SOURCE_MACHINE, wall_ms, 3642 };
	v.decision = (struct decision){ .verdict = VERDICT_REFER, .pass = { 240, 1 } };
	record(db, ENTRY_REGISTERED, &v, wall_ms, &receipt);
	v.id = receipt.visit_id;
	v.state = VISIT_WAITING;
	v.decision = (struct decision){ .verdict = VERDICT_ADMIT, .pass = { 240, 1 } };
	v.pass_serial = v.id + 1000000;
	v.pass_expires_ms = wall_ms + 14400000;
	record(db, ENTRY_DECIDED, &v, wall_ms + 60000, &receipt);
	record(db, ENTRY_PASS_PRINTED, &v, wall_ms + 61000, &receipt);
	record(db, ENTRY_PASSED, &v, wall_ms + 70000, &receipt);
	record(db, ENTRY_GATE_RELEASED, &v, wall_ms + 3600000, &receipt);
	record(db, ENTRY_LEFT, &v, wall_ms + 3605000, &receipt);
}

static void fill(struct register_db *db, int from_day, int until_day)
{
	for (int day = from_day; day < until_day; day++)
		for (int i = 0; i < VISITS_A_DAY; i++)
			one_visit(db, (unsigned)(day * VISITS_A_DAY + i),
				  START_MS + day * DAY_MS + 21600000 +
					  i * (INT64_C(57600000) / VISITS_A_DAY));
}

static void ask(struct register_db *db, const char *subject, struct report_ask what)
{
	struct bench b = bench_start(subject);
	struct report report;

	for (int i = 0; i < ASKED; i++) {
		bench_begin(&b);
		bench_need(register_report(db, &what, &report), subject);
		bench_end(&b);
	}
	if (report.sums[REPORT_REGISTERED].period == 0)
		bench_need(-1, "a report of a full day");
	bench_report(&b);
}

static void measure(struct register_db *db, int days)
{
	int64_t today = report_day_of(START_MS, OFFSET_MIN) + days - 1;
	int64_t midnight = report_day_start_ms(today, OFFSET_MIN);
	struct report_ask base = { .now_ms = midnight + 80000000, .due_min = 570 };
	static struct people people;

	printf("-- %d days, %d visits\n", days, days * VISITS_A_DAY);
	struct report_ask day = base;
	day.kind = REPORT_DAY;
	day.day = today - 1;
	ask(db, "report of a day", day);
	struct report_ask shift = base;
	shift.kind = REPORT_SHIFT;
	ask(db, "report of a shift of 22 h", shift);
	struct report_ask month = base;
	month.kind = REPORT_PERIOD;
	month.from_ms = midnight - 30 * DAY_MS + 41000000;
	month.until_ms = midnight + 41000000;
	ask(db, "report of 30 days from noon to noon", month);

	struct bench list = bench_start("list of days");
	struct bench contact = bench_start("who was inside on a day, first 60");
	for (int i = 0; i < ASKED; i++) {
		struct report_days listed;
		bench_begin(&list);
		bench_need(register_report_days(db, &base, &listed), "register_report_days");
		bench_end(&list);
		people.max = PEOPLE_MAX;
		people.query = (struct report_contact){ .from_ms = midnight - DAY_MS,
							.until_ms = midnight };
		bench_begin(&contact);
		bench_need(register_contact(db, &people), "register_contact");
		bench_end(&contact);
		if (people.total != VISITS_A_DAY)
			bench_need(people.total, "everybody of a day");
	}
	bench_report(&list);
	bench_report(&contact);
}

int main(void)
{
	const char *tmp = getenv("TMPDIR");
	char dir[256], path[300], wal[310];
	struct register_db *db;
	struct stat st;

	snprintf(dir, sizeof(dir), "%s/gatehouse-bench-XXXXXX", tmp ? tmp : "/var/tmp");
	if (!mkdtemp(dir)) {
		perror(dir);
		return 1;
	}
	snprintf(path, sizeof(path), "%s/register.db", dir);
	snprintf(wal, sizeof(wal), "%s-wal", path);
	bench_need(register_open(&db, path, OFFSET_MIN), "register_open");
	fill(db, 0, 365);
	measure(db, 365);
	fill(db, 365, DAYS);
	measure(db, DAYS);
	register_close(db);
	bench_need(stat(path, &st), "stat");
	printf("register file: %.0f MiB\n", (double)st.st_size / 1048576);
	unlink(path);
	unlink(wal);
	rmdir(dir);
	return 0;
}
