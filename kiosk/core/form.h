/*
 * What is typed and chosen on the entry screens: bounded, checked when the visitor goes on, kept
 * when going back. Pure; works on struct session.
 */
#ifndef CORE_FORM_H
#define CORE_FORM_H

#include "core/session.h"

/* Loads the entry of the screen just entered from the draft. */
void form_enter(struct session *session);

/* The account the PIN screen asks: the one logging in, or the second person of a level change. */
char *form_pin_account(struct session *session);

/* Adds a code point when the screen takes it and there is room; clears the note. PIN digits go to
 * session->pin. */
void form_key(struct session *session, int32_t cp);
void form_backspace(struct session *session);

/* Chooses a document kind, a purpose or an account row. */
void form_choose(struct session *session, int32_t choice);

/* Goes to another field of the contact query (0 request, 1 period, 2 person), of an entry of a
 * ledger (enum ledger_field) or of the account that is typed (enum account_field). */
void form_field(struct session *session, int32_t field);

/*
 * Checks the screen's entry and, when it is good, stores it in the draft. Sets session->note. today
 * is yyyymmdd.
 */
bool form_accept(struct session *session, int32_t today);

/* Which keyboard the screen wants for the present choice. */
enum keyboard form_keyboard(const struct session *session);

/* What the guard attested, and their own approval, written into the facts of the visit. */
void form_attest(struct session *session, enum finding approval, int64_t wall_ms);

#endif
