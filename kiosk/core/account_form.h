/*
 * An account as it is typed at the screen: new, or one that is changed. Who may do what: staff
 * everything; a supervisor the guards' accounts, and their own PIN. Pure.
 */
#ifndef CORE_ACCOUNT_FORM_H
#define CORE_ACCOUNT_FORM_H

#include "core/view.h"

#define PIN_MAX 12
#define PIN_MIN 4

enum account_act {
	ACCOUNT_NEW,
	ACCOUNT_CHANGE, /* PIN, end or both */
	ACCOUNT_REMOVE,
	ACCOUNT_ACT_COUNT_
};

/* Holds PINs: wiped with the session. */
struct account_form {
	enum account_act act;
	char name[ACCOUNT_BYTES];
	enum role role;
	char pin[PIN_MAX + 1], again[PIN_MAX + 1];
	char until[sizeof("yyyymmdd")]; /* the last day; "" = no end */
	int64_t until_ms; /* the moment after it; 0 = no end */
	int64_t until_was_ms;
};

/* The fields that are typed, by view.choice. */
enum account_field {
	ACCOUNT_FIELD_NAME,
	ACCOUNT_FIELD_PIN,
	ACCOUNT_FIELD_AGAIN,
	ACCOUNT_FIELD_UNTIL,
	ACCOUNT_FIELD_COUNT_
};

/* Whether whoever is logged in may make, change or remove an account of this role; own: it is
 * theirs. */
bool account_may(enum role by, bool own, enum role role);

/* Fills until from until_ms. */
void account_form_load(struct account_form *form, int32_t utc_offset_min);
char *account_form_field(struct account_form *form, int32_t field, size_t *room);

/* What is wrong with it, NOTE_NONE for nothing; fills until_ms. today is yyyymmdd. */
enum note account_form_check(struct account_form *form, int32_t today, int32_t utc_offset_min);

#endif
