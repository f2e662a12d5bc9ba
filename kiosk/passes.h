/*
 * Passes of this gate: from a decided visit to a signed token, and from a verified token and what
 * the register knows to a judgement. Pure but for the signature's arithmetic.
 */
#ifndef KIOSK_PASSES_H
#define KIOSK_PASSES_H

#include "codec/pass.h"
#include "core/view.h"
#include "store/register.h"

/* The pass of an admitted visit; valid from the decision (a minute earlier, for clocks that differ)
 * to its expiry. */
struct pass pass_of_visit(const struct visit *visit, const struct pass_key *key, uint8_t uses);

/* What a parse outcome means to a person. */
enum pass_problem pass_problem_of(enum pass_parse parse);

/*
 * Judges a verified pass for leaving or entering. record NULL: the register does not know it. Times
 * of an untrusted clock are not judged when somebody leaves, and refuse when somebody wants in.
 */
enum pass_problem pass_judge(const struct pass *pass, const struct pass_record *record,
			     enum direction direction, int64_t wall_ms, bool clock_trusted);

#endif
