/*
 * What goes onto paper, as data: core fills it, ui renders it to a bitmap, codec wraps the bitmap
 * in ESC/POS. No document number and no phone of the visitor ever stand on what is printed by
 * itself; they do on the answer of a contact query, and on the copy that a person has asked for.
 */
#ifndef CORE_SLIP_H
#define CORE_SLIP_H

#include "core/types.h"

enum slip_kind {
	SLIP_PASS, /* QR, name masked, destination, validity, ticket */
	SLIP_REFUSAL, /* reasons with clauses, what to do now, phone to call */
	SLIP_TICKET, /* waiting number */
	SLIP_RECEIPT, /* an export: which file, what is in it, who took it */
	SLIP_SHEET, /* report, hand-over, list of persons: lines[] */
	SLIP_COUNT_
};

#define SLIP_TOKEN_BYTES 256

/* A sheet is a list of lines, in the words it is printed in. */
enum slip_style {
	SLIP_TITLE, /* white on a black bar */
	SLIP_TEXT,
	SLIP_STRONG,
	SLIP_ROW, /* left; two numbers to the right */
	SLIP_BOX, /* an empty or ticked box, left; to the right a time */
	SLIP_SIGN, /* left and a line to sign on */
	SLIP_RULE,
	SLIP_STYLE_COUNT_
};
struct slip_line {
	enum slip_style style;
	bool ticked; /* SLIP_BOX */
	char left[192]; /* as long as the remark under a report may be */
	char right[2][16];
};
#define SLIP_LINES 96

struct slip {
	enum slip_kind kind;
	enum language language; /* printed first, the other language below where both stand */
	char site_zh[64], site_en[64], gate_name[32], phone[32];
	uint32_t ticket;
	uint64_t visit_id;
	enum person_class person_class;
	char name[NAME_BYTES]; /* masked */
	char household[HOUSEHOLD_BYTES];
	char plate[PLATE_BYTES]; /* in full: it stands on the vehicle too; "" = on foot */
	char issued[32], valid_until[32]; /* "2026-11-23 08:00" */
	bool copy; /* printed again: marked as such */
	char token[SLIP_TOKEN_BYTES]; /* QR text "KP1:…", empty for no code */
	char head[20]; /* first 16 hex digits of the chain head */
	char guard[ACCOUNT_BYTES];
	char receipt_code[RECEIPT_CODE_BYTES]; /* finds the visit again; "" for none */
	int32_t reason_count;
	struct reason reasons[REASONS_MAX];
	int32_t temperature_centi_c, clinical_centi_c;
	/* SLIP_RECEIPT; guard is the collector */
	char file[96], events[48], visits[24], range[80];
	char hash[65]; /* SHA-256 of the archive */
	int32_t line_count; /* SHEET */
	struct slip_line lines[SLIP_LINES];
};

#endif
