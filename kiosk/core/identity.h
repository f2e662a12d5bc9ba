/*
 * Identity data: checks and masks of what people type. Pure; inputs are folded and trimmed by the
 * caller with identity_fold. Sources: GB 11643-1999 (MOD 11-2), standards noted beside each kind.
 */
#ifndef CORE_IDENTITY_H
#define CORE_IDENTITY_H

#include "core/types.h"
#include "core/view.h"

/* Full-width to half-width, blanks trimmed; upper case for documents. In place. */
void identity_fold(char *text, bool upper);

/* NOTE_NONE when the number is well formed for its kind, else the note to show. today is yyyymmdd.
 */
enum note identity_check_document(enum document_kind kind, const char *number, int32_t today);

/* 11 digits 1[3-9]..., or +/00 and 7 to 15 digits, or a landline. */
enum note identity_check_phone(const char *phone);

/* 1 to 40 characters, one a letter (letters of any script, blanks, hyphen, apostrophe, middle dot).
 */
enum note identity_check_name(const char *name);

enum note identity_check_household(const char *household);

/* 张* , 欧阳*: the first character (or a known two-character surname) and a star for the rest. */
void identity_mask_name(const char *name, char *dst, size_t cap);
/* 110***********002X: three first and four last. */
void identity_mask_document(const char *number, char *dst, size_t cap);
/* 138****5678. */
void identity_mask_phone(const char *phone, char *dst, size_t cap);

#endif
