/*
 * Messages between gatehouse and gatehouse-stick over a SOCK_SEQPACKET pair: one message a packet,
 * big-endian, length-checked. Layouts are in stick_msg.c. Pure.
 *
 *   kiosk                                  stick
 *   OPEN, KEYS, then for each section in their order
 *   SECTION and its rows (EVENT, PERSON, VISIT or DAY); FINISH  ->
 *                                          <- PROGRESS... MANIFEST
 *   SIGNATURE                              ->
 *                                          <- PROGRESS... DONE (read back and equal)
 *   With --fetch-order instead, and nothing from the kiosk:
 *                                          <- ORDER ORDER_SIGNATURE
 *   With --fetch-bundle instead:
 *                                          <- BUNDLE BUNDLE_SIGNATURE, then of each kind of part
 *                                             PART... : ABSENT or UNFIT, or WHOLE pieces of which
 *                                             the last one has no bytes
 *   FAILED may come from the stick at any time instead and ends the job. The kiosk ends it by
 *   closing its end; the stick then removes what it has begun.
 */
#ifndef CODEC_STICK_MSG_H
#define CODEC_STICK_MSG_H

#include "codec/age.h"
#include "codec/manifest.h"
#include "codec/minisign.h"
#include "core/part.h"
#include "core/report.h"
#include "core/types.h"

#define STICK_MSG_MAX 8192
#define STICK_BODY_MAX 4096
#define STICK_NAME_BYTES 96
#define STICK_WORD_BYTES 24

enum stick_msg_type {
	STICK_OPEN = 1,
	STICK_EVENT,
	STICK_VISIT,
	STICK_PERSON,
	STICK_FINISH,
	STICK_SIGNATURE,
	STICK_PROGRESS,
	STICK_MANIFEST,
	STICK_DONE,
	STICK_FAILED,
	STICK_ORDER,
	STICK_ORDER_SIGNATURE,
	STICK_KEYS,
	STICK_SECTION,
	STICK_BUNDLE,
	STICK_BUNDLE_SIGNATURE,
	STICK_PART,
	STICK_DAY,
};

/* The sheets for people. */
enum stick_sheet {
	STICK_SHEET_VISITORS, /* every visit */
	STICK_SHEET_TEMPERATURES, /* those with a reading */
	STICK_SHEET_REFUSALS, /* those refused or turned back */
	STICK_SHEET_PASSES, /* those with a pass */
	STICK_SHEET_VEHICLES, /* those who drove */
	STICK_SHEET_DAYS, /* the daily reports */
	STICK_SHEET_COUNT_
};

/* What an archive holds, in its order. Each is written in one go, so the visits come once for every
 * sheet and form that is about them. */
enum stick_section {
	STICK_SECTION_EVENTS,
	STICK_SECTION_PERSONS,
	STICK_SECTION_CSV, /* one for each sheet */
	STICK_SECTION_WORKBOOK = STICK_SECTION_CSV + STICK_SHEET_COUNT_, /* one for each sheet */
	STICK_SECTION_COUNT_ = STICK_SECTION_WORKBOOK + STICK_SHEET_COUNT_
};

/* What is wrong with the stick. */
enum stick_problem {
	STICK_PROBLEM_ABSENT = 1,
	STICK_PROBLEM_FULL,
	STICK_PROBLEM_READ_ONLY,
	STICK_PROBLEM_PULLED,
	STICK_PROBLEM_FAILED,
	STICK_PROBLEM_MISMATCH, /* read back differs from what was written */
	STICK_PROBLEM_TOO_LARGE, /* for the stick's file system: FAT holds no file of 4 GiB */
	STICK_PROBLEM_COUNT_
};

/* What stands on the stick under a name. */
enum stick_file {
	STICK_FILE_ABSENT,
	STICK_FILE_UNFIT, /* a link, a folder, a device, or larger than it may be: not read */
	STICK_FILE_WHOLE,
	STICK_FILE_COUNT_
};

struct stick_open {
	char site[64], gate[32];
	uint32_t site_id;
	int32_t utc_offset_min;
	int64_t wall_ms;
	enum manifest_range range;
	int64_t from_ms, until_ms;
	int64_t first_seq, last_seq; /* of the events to come */
	int64_t visits, days; /* that may come, for the room they take */
	uint8_t prev[MANIFEST_HASH_BYTES]; /* hash before it */
	uint8_t public_key[32];
};

struct stick_event {
	int64_t seq, boot, wall_ms, mono_ms;
	bool clock_trusted;
	uint16_t type;
	char word[STICK_WORD_BYTES]; /* the type's name: a-z and - */
	char actor[ACCOUNT_BYTES];
	uint8_t hash[MANIFEST_HASH_BYTES];
	size_t body_len;
	const uint8_t *body; /* after decoding: inside the packet */
};

struct stick_person {
	uint64_t visit_id;
	uint8_t salt[16];
	struct person person;
	uint64_t code_digest;
};

/* The report of one day: its figures, and who signed it. */
struct stick_day {
	enum report_state state;
	bool changed; /* signed with other figures than these */
	bool zero;
	bool level_known;
	enum level level;
	int64_t inside; /* when the day ended */
	struct report_signed signatures; /* and which day; without the digits */
	struct report_sum sums[REPORT_ROW_COUNT_];
};

struct stick_finish {
	int64_t last_seq;
	uint8_t head[MANIFEST_HASH_BYTES];
	int64_t events, visits, persons; /* how many were sent */
};

struct stick_msg {
	enum stick_msg_type type;
	union {
		struct stick_open open;
		struct stick_event event;
		struct visit visit;
		struct stick_person person;
		struct stick_day day;
		struct stick_finish finish;
		struct age_to keys; /* who is to read it */
		enum stick_section section;
		int32_t progress_permille; /* of what follows FINISH */
		struct {
			size_t len;
			const char *text; /* after decoding: inside the packet */
		} manifest, signature; /* signature: the file minisign wants beside it */
		char done_name[STICK_NAME_BYTES];
		struct {
			enum stick_problem problem;
			int32_t error; /* errno */
		} failed;
		struct { /* ORDER, BUNDLE, their SIGNATUREs, PART */
			enum part_kind kind; /* of a PART; else 0 */
			enum stick_file found;
			size_t len; /* 0 unless WHOLE */
			const char *bytes; /* after decoding: inside the packet */
		} file;
	};
};

/* Bytes written to out; 0 when the content does not fit a message. cap >= STICK_MSG_MAX suffices.
 */
MUST_CHECK size_t stick_msg_encode(const struct stick_msg *msg, uint8_t *out, size_t cap);

/* False on any malformed packet; *msg is then unspecified. */
MUST_CHECK bool stick_msg_decode(struct stick_msg *msg, const uint8_t *packet, size_t len);

/* The file of the archive that a section goes into: its own, or the workbook. */
const char *stick_section_part(enum stick_section section);

/* The sheet a section writes; not of EVENTS and PERSONS. */
enum stick_sheet stick_section_sheet(enum stick_section section);

/* What a row of the section is: STICK_EVENT, STICK_PERSON, STICK_VISIT or STICK_DAY. */
enum stick_msg_type stick_section_row(enum stick_section section);

/* Whether this visit stands on the sheet. */
MUST_CHECK bool stick_sheet_takes(enum stick_sheet sheet, const struct visit *visit);

#endif
