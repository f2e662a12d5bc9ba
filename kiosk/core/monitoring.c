#include "core/monitoring.h"

#include "base/civil.h"

#define DAY_MIN 1440

static enum leave_state look_leave(const struct leave *leave, const struct moment *now)
{
	if (leave->until_ms == 0)
		return LEAVE_NONE;
	if (leave->used_ms != 0)
		return LEAVE_USED; /* whatever the clock says */
	switch (due_validity(leave->from_ms, leave->until_ms, now)) {
	case VALIDITY_NOT_YET:
		return LEAVE_NOT_YET;
	case VALIDITY_GOOD:
		return LEAVE_GOOD;
	case VALIDITY_EXPIRED:
		return LEAVE_EXPIRED;
	case VALIDITY_UNKNOWN:
	case VALIDITY_COUNT_:
		break;
	}
	return LEAVE_UNKNOWN;
}

/* How many tests the period has, or -1 when the numbers are none to reckon with. */
static int32_t count_tests(const struct rulebook *book)
{
	if (book->monitoring_days < 0 || book->test_every_days < 0)
		return -1;
	if (book->test_every_days == 0)
		return 0;
	int32_t tests = book->monitoring_days / book->test_every_days;
	return tests <= MONITORING_TESTS_MAX ? tests : -1;
}

/* True when a sample was taken on a day in [first, end) after arrival, and not in the future. */
static bool sample_within(const struct monitored *who, const struct moment *now, int64_t first,
			  int64_t end)
{
	int64_t arrived = days_number(who->arrived_ms, now->utc_offset_min);

	for (size_t i = 0; i < who->sample_count; i++) {
		int64_t day = days_number(who->samples_ms[i], now->utc_offset_min) - arrived;
		if (who->samples_ms[i] <= now->wall_ms && day >= first && day < end)
			return true;
	}
	return false;
}

/* One test after the other: done, missed for good, or the first that is still open. */
static void look_tests(struct monitoring *m, const struct rulebook *book,
		       const struct monitored *who, const struct moment *now)
{
	int32_t tests = count_tests(book);

	for (int32_t k = 1; k <= tests; k++) {
		int64_t due = (int64_t)k * book->test_every_days;
		int64_t next = k < tests ? due + book->test_every_days : INT64_MAX;
		if (sample_within(who, now, due, next)) {
			m->tests_done++;
		} else if (m->day >= next) {
			m->tests_missed++;
		} else {
			m->test_day = (int32_t)due;
			m->test_today = m->day >= due;
			m->test_overdue_days = m->test_today ? m->day - m->test_day : 0;
			return;
		}
	}
}

struct monitoring monitoring_look(const struct rulebook *book, const struct monitored *who,
				  const struct moment *now)
{
	struct monitoring m = { .state = MONITORING_NONE, .leave = look_leave(&who->leave, now) };
	int32_t offset = now->utc_offset_min;

	if (who->arrived_ms == 0 || book->monitoring_days == 0)
		return m;
	m.state = MONITORING_UNKNOWN;
	if (count_tests(book) < 0)
		return m;
	m.clock_doubtful = !days_clock_counts(now) || !days_is_time(who->arrived_ms) ||
			   who->arrived_ms > now->wall_ms;
	if (m.clock_doubtful)
		return m;
	int64_t arrived = days_number(who->arrived_ms, offset);
	m.day = (int32_t)(days_number(now->wall_ms, offset) - arrived);
	m.over_ms = days_start_ms(arrived + book->monitoring_days + 1, offset);
	m.state = m.day <= book->monitoring_days ? MONITORING_RUNNING : MONITORING_OVER;
	if (m.state == MONITORING_RUNNING)
		m.days_left = (int32_t)((int64_t)book->monitoring_days - m.day + 1);
	look_tests(&m, book, who, now);
	return m;
}

static enum finding find_bound(const struct monitoring *m)
{
	switch (m->state) {
	case MONITORING_NONE:
	case MONITORING_OVER:
		return FINDING_GOOD;
	case MONITORING_RUNNING:
		if (m->leave == LEAVE_UNKNOWN)
			return FINDING_UNKNOWN;
		return m->leave == LEAVE_GOOD ? FINDING_GOOD : FINDING_BAD;
	case MONITORING_UNKNOWN:
	case MONITORING_STATE_COUNT_:
		break;
	}
	return FINDING_UNKNOWN;
}

struct fact monitoring_fact(const struct rulebook *book, const struct monitored *who,
			    const struct moment *now)
{
	struct monitoring m = monitoring_look(book, who, now);

	return (struct fact){ .finding = find_bound(&m),
			      .source = SOURCE_MACHINE,
			      .wall_ms = now->wall_ms,
			      .value = m.days_left };
}

/* Smaller stands earlier; days until the test is due within one group. */
static int64_t list_place(const struct monitoring *m)
{
	const int64_t GROUP = INT64_C(1) << 32;

	if (m->state == MONITORING_NONE)
		return 4 * GROUP;
	if (m->state == MONITORING_UNKNOWN)
		return 0;
	if (m->test_today)
		return -1 - (int64_t)m->test_overdue_days;
	if (m->test_day != 0)
		return 1 * GROUP + m->test_day - m->day;
	return m->state == MONITORING_RUNNING ? 2 * GROUP + m->days_left : 3 * GROUP;
}

int monitoring_order(const struct monitoring *a, const struct monitoring *b)
{
	int64_t left = list_place(a), right = list_place(b);
	return (left > right) - (left < right);
}

int64_t monitoring_sample_ms(int32_t date, int32_t minute, int32_t utc_offset_min)
{
	int32_t year = date / 10000, month = date / 100 % 100, day = date % 100;

	if (date < 0 || !civil_date_exists(year, month, day) || minute >= DAY_MIN ||
	    utc_offset_min <= -DAY_MIN || utc_offset_min >= DAY_MIN)
		return 0;
	struct civil civil = { .year = year, .month = month, .day = day };
	int64_t ms = civil_to_ms(&civil, utc_offset_min) + (minute < 0 ? 0 : minute * MINUTE_IN_MS);
	return days_is_time(ms) ? ms : 0;
}

struct fact monitoring_test_fact(enum test_result result, int64_t sample_ms,
				 enum fact_source source, const struct moment *now)
{
	struct fact fact = { .finding = FINDING_UNKNOWN,
			     .source = source,
			     .wall_ms = sample_ms,
			     .value = (int32_t)result };

	if (result == TEST_POSITIVE)
		fact.finding = FINDING_BAD;
	else if (result == TEST_NEGATIVE && days_is_time(sample_ms) && sample_ms <= now->wall_ms)
		fact.finding = FINDING_GOOD;
	return fact;
}
