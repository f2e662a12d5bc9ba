/*
 * The words of the product in both languages, compiled in from assets/strings/<language>.po. Plain
 * constant data: any program and any thread may use it, nothing is loaded at run time, nothing
 * fails. An id is made from its key: "board.on-duty" is STR_BOARD_ON_DUTY.
 *
 * Texts may hold {1} to {9}; string_fill puts values there, in the order the language wants.
 */
#ifndef ASSETS_STRINGS_H
#define ASSETS_STRINGS_H

#include "assets/string_ids.h"
#include "core/identity.h"
#include "core/types.h"
#include "core/view.h"

/* Never NULL. An id or language out of range gives "". */
const char *string_get(enum language language, enum string_id id);

/*
 * Copies pattern into dst (cap bytes, always terminated, never half a character), with {1}, {2}, …
 * replaced by the strings that follow; the list ends with NULL. A number without a value leaves
 * nothing. True when everything fitted.
 */
bool string_fill(char *dst, size_t cap, const char *pattern, ...) __attribute__((sentinel));

/* Families driven by an enum; a value out of range, or one that has no text, gives "". */
const char *string_level(enum language language, enum level level);
const char *string_level_hint(enum language language, enum level level);
const char *string_class(enum language language, enum person_class person_class);
const char *string_class_hint(enum language language, enum person_class person_class);
const char *string_document(enum language language, enum document_kind kind);
/* What to look at twice; "" for no warning. */
const char *string_identity_warning(enum language language, enum identity_warning warning);
const char *string_purpose(enum language language, enum purpose purpose);
const char *string_state(enum language language, enum visit_state state);
const char *string_role(enum language language, enum role role);
const char *string_device(enum language language, enum device device);
const char *string_device_state(enum language language, enum device_state state);
const char *string_gate_state(enum language language, enum gate_state state);
const char *string_check(enum language language, enum check check);
const char *string_finding(enum language language, enum finding finding);
const char *string_colour(enum language language, enum code_colour colour);
const char *string_travel_card(enum language language, enum travel_card card);
const char *string_verdict(enum language language, enum verdict verdict);
const char *string_field(enum language language, enum field field);
const char *string_report_row(enum language language, enum report_row row);
const char *string_report_state(enum language language, enum report_state state);
const char *string_note(enum language language, enum note note);
/* Where something in the register does not fit. */
const char *string_register_part(enum language language, enum register_part part);
const char *string_pass_problem(enum language language, enum pass_problem problem);
/* Which part of the register: everything, what is new, or from when until when. */
void string_export_range(enum language language, const struct export_range *range,
			 int32_t utc_offset_min, char *dst, size_t cap);
/* What is missing or wrong, and what the person can do now. */
const char *string_reason(enum language language, enum reason_code reason);
const char *string_reason_advice(enum language language, enum reason_code reason);

/* The ledgers: strings_ledger.c. A value is shown with its unit; "" when it is not given. */
const char *string_ledger_kind(enum language language, enum ledger_kind kind);
const char *string_ledger_field(enum language language, enum ledger_field field);
const char *string_ledger_choice(enum language language, enum ledger_field field, int64_t choice);
const char *string_ledger_unit(enum language language, int64_t item);
void string_ledger_value(enum language language, const struct ledger *ledger,
			 enum ledger_field field, char *dst, size_t cap);

#define STRING_TEMPERATURE_BYTES 16

/*
 * "36.5" from centi-degrees, cut and not rounded to a tenth: thresholds are tenths, and a reading
 * just under one must not be shown as having reached it.
 */
void string_temperature(char dst[STRING_TEMPERATURE_BYTES], int32_t centi_c);

#endif
