/*
 * One word for each thing of the domain, as rulebooks, scenarios, the register's views and the
 * office's tools write it. For people who read screens and paper the catalogue has sentences
 * (assets/strings).
 */
#ifndef CORE_WORDS_H
#define CORE_WORDS_H

#include "core/types.h"
#include "core/view.h"

extern const char *const LEVEL_WORD[LEVEL_COUNT_]; /* "closed" */
extern const char *const CLASS_WORD[CLASS_COUNT_]; /* "resident-vehicle" */
extern const char *const DIRECTION_WORD[DIRECTION_COUNT_]; /* "in" */
extern const char *const CHECK_WORD[CHECK_COUNT_]; /* "travel-14d" */
extern const char *const VERDICT_WORD[VERDICT_COUNT_]; /* "turn-back" */
extern const char *const REASON_WORD[REASON_COUNT_]; /* "temperature-high" */
extern const char *const STATE_WORD[VISIT_STATE_COUNT_]; /* "waiting" */
extern const char *const LIFT_WORD[LIFT_COUNT_]; /* "supervisor" */
extern const char *const APPROVER_WORD[APPROVER_COUNT_]; /* "community" */
extern const char *const PASS_WORD[PASS_PROBLEM_COUNT_]; /* "used-up" */
extern const char *const ROLE_WORD[ROLE_COUNT_]; /* "guard" */

#endif
