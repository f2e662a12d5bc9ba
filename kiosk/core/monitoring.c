#include "core/monitoring.h"

#include "base/civil.h"

#define DAY_MS INT64_C(86400000)

static int32_t day_number(int64_t from_ms, int64_t to_ms, int32_t offset_min)
{
	int64_t days =
		(civil_day_start_ms(to_ms, offset_min) - civil_day_start_ms(from_ms, offset_min)) /
		DAY_MS;
	return days > 100000 ? 100000 : (int32_t)days;
}

/*
 * A due day is met by a sample taken on it or later, before the next due day; the first one of
 * those still unmet is due next.
 */
static bool met(const struct rulebook *book, const struct monitoring *m, int32_t due_day,
		int32_t offset_min)
{
	for (int i = 0; i < TESTS_MAX; i++) {
		if (m->tests_ms[i] == 0 || m->tests_ms[i] < m->arrived_ms)
			continue;
		int32_t day = day_number(m->arrived_ms, m->tests_ms[i], offset_min);
		bool last = due_day + book->test_every_days > book->monitoring_days;
		if (day >= due_day && (last || day < due_day + book->test_every_days))
			return true;
	}
	return false;
}

struct monitoring_state monitoring_judge(const struct rulebook *book, const struct monitoring *m,
					 const struct moment *now)
{
	struct monitoring_state s = { 0 };

	if (!now->clock_trusted || m->arrived_ms <= 0 || now->wall_ms < m->arrived_ms)
		return s;
	s.known = true;
	s.day = day_number(m->arrived_ms, now->wall_ms, now->utc_offset_min);
	for (int32_t due = book->test_every_days;
	     due <= book->monitoring_days && s.test_due_day == 0; due += book->test_every_days)
		if (!met(book, m, due, now->utc_offset_min))
			s.test_due_day = due;
	s.test_today = s.test_due_day != 0 && s.day == s.test_due_day;
	s.test_overdue = s.test_due_day != 0 && s.day > s.test_due_day;
	s.over = s.day > book->monitoring_days && s.test_due_day == 0;
	return s;
}

struct fact monitoring_fact(const struct rulebook *book, const struct monitoring *m,
			    const struct moment *now)
{
	struct fact fact = { .source = SOURCE_MACHINE, .wall_ms = now->wall_ms };

	if (!m) {
		fact.finding = FINDING_GOOD;
		return fact;
	}
	struct monitoring_state s = monitoring_judge(book, m, now);
	if (!s.known)
		return fact;
	bool leave = !m->leave_used && m->leave_from_ms != 0 && now->wall_ms >= m->leave_from_ms &&
		     now->wall_ms < m->leave_until_ms;
	fact.value = s.day;
	fact.finding = s.over || leave ? FINDING_GOOD : FINDING_BAD;
	return fact;
}

struct fact test_fact(int64_t sampled_ms, enum finding negative)
{
	return (struct fact){ .finding = negative, .source = SOURCE_GUARD, .wall_ms = sampled_ms };
}
