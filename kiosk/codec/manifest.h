/*
 * The manifest of an export: what was written, by which gate, up to which event. Canonical text,
 * one form per content (reading re-encodes and compares). The gate signs it with its Ed25519 key in
 * minisign's format (codec/minisign.h). Pure.
 *
 *   gatehouse-export 3
 *   site_id 7
 *   site <text>
 *   gate <text>
 *   created <ms since 1970> <the same, ISO 8601 at the site's offset>
 *   offset <minutes east of UTC>
 *   range everything | since-last | days <from ms> <until ms> <both in ISO 8601>
 *   first <first event>          1 when it begins with the register's first
 *   last <last event>            first - 1 when there is none
 *   prev <hash before first>     zeroes when first is 1
 *   head <hash of last>
 *   events, visits, persons <count>
 *   key <public key of the gate>
 *   archive <bytes> <SHA-256> <name>   the encrypted file, as it lies on the stick
 *   part <bytes> <rows> <name>         one line for each file in it, in their order; rows without
 *                                      headings
 *
 * Version 2 has no line "range": those exports held everything, or what was new.
 */
#ifndef CODEC_MANIFEST_H
#define CODEC_MANIFEST_H

#include "base/defs.h"

#define MANIFEST_MAX 4096
#define MANIFEST_PARTS_MAX 16
#define MANIFEST_HASH_BYTES 32
#define MANIFEST_FILE_NAME_BYTES 96

/* An export is a folder of its name with these three files in it. */
#define EXPORT_ARCHIVE_SUFFIX ".zip.age"
#define EXPORT_MANIFEST_SUFFIX ".manifest"
#define EXPORT_SIGNATURE_SUFFIX ".manifest.minisig"

/* Files in the archive. */
#define EXPORT_WORKBOOK_NAME "register.xlsx"
#define EXPORT_EVENTS_NAME "events.csv"
#define EXPORT_PERSONS_NAME "persons.csv"
#define EXPORT_VISITORS_NAME "visitors.csv"
#define EXPORT_TEMPERATURES_NAME "temperatures.csv"
#define EXPORT_REFUSALS_NAME "refusals.csv"
#define EXPORT_PASSES_NAME "passes.csv"
#define EXPORT_VEHICLES_NAME "vehicles.csv"
#define EXPORT_DAYS_NAME "daily-reports.csv"

/* First lines of the two machine-readable sheets, behind the BOM. */
#define EXPORT_EVENTS_COLUMNS                                                                      \
	"\"seq\",\"boot\",\"wall_ms\",\"mono_ms\",\"trusted\",\"type\",\"word\",\"actor\","        \
	"\"body\","                                                                                \
	"\"hash\"\r\n"
#define EXPORT_EVENTS_FIELDS 10
#define EXPORT_PERSONS_COLUMNS                                                                     \
	"\"visit_id\",\"salt\",\"name\",\"document_kind\",\"document\",\"phone\",\"household\","   \
	"\"purpose\",\"plate\",\"code\"\r\n"
#define EXPORT_PERSONS_FIELDS 10
/* As they were before there were plates, and the code's digest was among them. */
#define EXPORT_PERSONS_COLUMNS_OLD                                                                 \
	"\"visit_id\",\"salt\",\"name\",\"document_kind\",\"document\",\"phone\",\"household\","   \
	"\"purpose\"\r\n"
#define EXPORT_PERSONS_FIELDS_OLD 8

struct manifest_file {
	char name[MANIFEST_FILE_NAME_BYTES]; /* a-z 0-9 . _ - , no leading dot */
	int64_t size;
	uint8_t hash[MANIFEST_HASH_BYTES];
};

struct manifest_part {
	char name[MANIFEST_FILE_NAME_BYTES]; /* of the same form */
	int64_t size, rows;
};

/* What was asked for. All but DAYS go up to the moment the export was made. */
enum manifest_range {
	MANIFEST_RANGE_UNTOLD, /* version 2 */
	MANIFEST_RANGE_EVERYTHING,
	MANIFEST_RANGE_SINCE_LAST,
	MANIFEST_RANGE_DAYS,
	MANIFEST_RANGE_COUNT_
};

struct manifest {
	uint32_t site_id;
	char site[64], gate[32]; /* no control characters */
	int64_t created_ms;
	int32_t utc_offset_min;
	enum manifest_range range;
	int64_t from_ms, until_ms; /* DAYS; until is not included. Else 0 */
	int64_t first_seq, last_seq;
	uint8_t prev[MANIFEST_HASH_BYTES], head[MANIFEST_HASH_BYTES];
	int64_t events, visits, persons;
	uint8_t public_key[32];
	struct manifest_file archive;
	int part_count;
	struct manifest_part parts[MANIFEST_PARTS_MAX];
};

/* Bytes written to out (not terminated); 0 when the content is not fit for a manifest. */
MUST_CHECK size_t manifest_encode(const struct manifest *manifest, char *out, size_t cap);

/* False on anything but what manifest_encode writes. */
MUST_CHECK bool manifest_decode(struct manifest *manifest, const char *text, size_t len);

/* The public key of an Ed25519 seed. */
void manifest_public(const uint8_t seed[32], uint8_t public_key[32]);
#endif
