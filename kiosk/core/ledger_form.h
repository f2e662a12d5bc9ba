/*
 * Filling in an entry of a ledger on the screen: which field is being filled, what has been typed,
 * and what is still missing. Driven by the table of core/ledger.h. Pure; works on struct session.
 */
#ifndef CORE_LEDGER_FORM_H
#define CORE_LEDGER_FORM_H

#include "core/session.h"

/* An empty entry of the ledger shown, at its first field. */
void ledger_form_begin(struct session *session);

/* A correction of row, filled with what it says. False for one that is corrected or struck out
 * already. */
MUST_CHECK bool ledger_form_correct(struct session *session, const struct ledger_row *row);

/* Goes to a field (LEDGER_FIELD_COUNT_: none), keeping what was typed when it is good; stays, with
 * a note, when it is not. */
void ledger_form_field(struct session *session, int32_t field);

/* The n-th choice, or the n-th account of rows[]; then on to what is still missing. */
void ledger_form_choose(struct session *session, int32_t n);

enum keyboard ledger_form_keyboard(const struct session *session);
size_t ledger_form_room(const struct session *session);

/* Whether what stands on the screen may be recorded; sets the note. */
enum note ledger_form_accept(struct session *session, int32_t today);

/* The correction becomes one that strikes out. */
void ledger_form_strike(struct session *session);

#endif
