/*
 * The visitors' sheet as an .xlsx workbook. It is put together in the work directory (a tmpfs: the
 * sheet writer's temporary files hold personal data in the clear) in files without a name, so that
 * nothing stays there however the program ends, and copied to the stick when it is whole.
 *
 * Every cell that holds text is a string cell: nothing a visitor typed is ever a formula.
 */
#ifndef STICK_WORKBOOK_H
#define STICK_WORKBOOK_H

#include <xlsxwriter.h>

#include "stick/outfile.h"
#include "stick/sheet.h"

struct workbook {
	lxw_workbook *book; /* NULL = not open */
	lxw_worksheet *sheet;
	lxw_format *heading, *formats[SHEET_MINUTE + 1];
	int fd; /* the nameless file; -1 = not open */
	const char *work_dir;
	int32_t utc_offset_min;
	int64_t rows; /* visits written */
	lxw_row_t sheet_row; /* of the next visit in the sheet */
	int sheets;
};

/* Errors of the work directory are told as -ENOMEM: it lives in memory, the stick is innocent. */
MUST_CHECK int workbook_begin(struct workbook *workbook, const char *work_dir,
			      int32_t utc_offset_min);
MUST_CHECK int workbook_row(struct workbook *workbook, const struct visit *visit);

/* Ends the workbook and writes it to file, which is open. */
MUST_CHECK int workbook_finish(struct workbook *workbook, struct outfile *file);

/* No effect when not open. */
void workbook_abandon(struct workbook *workbook);

#endif
