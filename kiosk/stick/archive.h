/*
 * The one file of an export while it is written: rows become lines and cells, those a ZIP archive,
 * that is encrypted for the office and goes to the stick as it comes. Nothing of it is ever in the
 * clear anywhere but in this process's memory, of which it takes about a megabyte whatever the
 * number of rows.
 */
#ifndef STICK_ARCHIVE_H
#define STICK_ARCHIVE_H

#include "codec/csv.h"
#include "codec/stick_msg.h"
#include "codec/xlsx.h"
#include "stick/outfile.h"
#include "stick/rows.h"
#include "stick/sheet.h"

#define ARCHIVE_LINES_BYTES (4 * ROW_MAX)

struct archive {
	struct outfile file;
	struct age_writer age;
	struct zip_writer zip;
	struct xlsx book;
	int32_t utc_offset_min;
	int section; /* the one being written; -1 = none yet */
	int part_count;
	struct manifest_part parts[MANIFEST_PARTS_MAX];
	struct sheet_heading headings[XLSX_COLUMNS_MAX]; /* of the open sheet */
	struct xlsx_column columns[XLSX_COLUMNS_MAX];
	struct csv_line line;
	uint8_t lines[ARCHIVE_LINES_BYTES];
};

/* Makes the file name in dir, which must not exist, for those who are to read it. */
MUST_CHECK int archive_begin(struct archive *archive, int dir, const char *name,
			     const struct age_to *to, const struct stick_open *open);

/* The next section; -EPROTO unless it is that. */
MUST_CHECK int archive_section(struct archive *archive, enum stick_section section);

/* A row of the section: EVENT, PERSON, VISIT or DAY. -EPROTO: it does not belong there. */
MUST_CHECK int archive_row(struct archive *archive, const struct stick_msg *msg);

/* All sections are written: ends the file and fills in what the manifest says of it. */
MUST_CHECK int archive_end(struct archive *archive, struct manifest *manifest);

/* Closes the file, if it is open, and wipes everything. */
void archive_abandon(struct archive *archive);

#endif
