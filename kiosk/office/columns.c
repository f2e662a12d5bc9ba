#include "office/columns.h"

#include <string.h>

static int index_of(enum stick_sheet sheet, struct csv_span heading)
{
	int count = sheet_column_count(sheet);

	for (int i = 0; i < count; i++) {
		struct sheet_heading h = sheet_heading(sheet_column(sheet, i));
		if (strlen(h.text) == heading.len && memcmp(h.text, heading.data, heading.len) == 0)
			return i;
	}
	return -1;
}

bool columns_read(struct columns *columns, enum stick_sheet sheet, const struct csv_span *headings,
		  int count)
{
	columns->count = count;
	for (int i = 0; i < XLSX_COLUMNS_MAX; i++)
		columns->at[i] = -1;
	for (int i = 0; i < count; i++) {
		int column = index_of(sheet, headings[i]);
		if (column < 0 || columns->at[column] >= 0)
			return false;
		columns->at[column] = i;
	}
	return columns->at[0] >= 0;
}

struct csv_span columns_cell(const struct columns *columns, int index, const struct csv_span *line)
{
	int at = columns->at[index];

	return at < 0 ? (struct csv_span){ .data = "" } : line[at];
}

struct csv_span columns_find(const struct columns *columns, enum stick_sheet sheet,
			     enum sheet_column column, const struct csv_span *line)
{
	int index = 0, count = sheet_column_count(sheet);

	while (index < count - 1 && sheet_column(sheet, index) != column)
		index++;
	return columns_cell(columns, index, line);
}
