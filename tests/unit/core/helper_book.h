/*
 * A rulebook made for the tests of core, and a visitor whose data are published examples.
 */
#ifndef TESTS_CORE_HELPER_BOOK_H
#define TESTS_CORE_HELPER_BOOK_H

#include "core/session.h"

#define BOOK_FEVER 3730
#define BOOK_TOO_COLD 3500
#define BOOK_SECOND_AFTER_MS 5000
#define BOOK_PASS_MIN 240

/* What a visit of a person is checked for. */
#define ALL_CHECKS ((1U << (CHECK_APPROVAL + 1)) - 1)

/* CLOSED: a visitor is admitted after all checks, a courier is turned back; LOCKDOWN refuses both;
 * going out is always admitted there. OPEN and STRICT have no rule. */
void book_fill(struct rulebook *book);

/* All facts good, from the source that gives them. */
/* A morning with a clock to trust. */
extern const struct moment NOW;

void facts_good(struct fact facts[CHECK_COUNT_]);

/* A registered visit in the guard's queue that wants nothing but the guard. */
void visit_fill(struct visit *visit);

/* Personal texts of visit_fill, for searching them in memory. */
#define PLANT_NAME "欧阳修"
#define PLANT_DOCUMENT "11010519491231002X"
#define PLANT_PHONE "13812345678"
#define PLANT_HOUSEHOLD "3号楼2单元501"
#define PLANT_PURPOSE "送药上门"

/* True when needle (without its terminator) stands anywhere in the bytes. */
bool bytes_hold(const void *bytes, size_t len, const char *needle);

#endif
