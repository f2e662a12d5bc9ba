#include "office/options.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/civil.h"
#include "base/fileio.h"
#include "base/text.h"
#include "codec/csv.h"
#include "codec/hex.h"

bool office_wrong(FILE *err, const char *fmt, ...)
{
	char line[PATH_MAX + 256];
	va_list args;

	va_start(args, fmt);
	vsnprintf(line, sizeof(line), fmt, args);
	va_end(args);
	for (char *c = line; *c; c++)
		if ((unsigned char)*c < 0x20 || *c == 0x7F)
			*c = '?';
	fprintf(err, "gatehouse-office: %s\n", line);
	return false;
}

static struct office_option *find(struct office_option *options, size_t count, const char *arg)
{
	for (size_t i = 0; i < count; i++)
		if (strncmp(arg, "--", 2) == 0 && strcmp(arg + 2, options[i].name) == 0)
			return &options[i];
	return NULL;
}

bool office_options(int argc, char **argv, struct office_option *options, size_t count, FILE *err)
{
	for (int i = 1; i < argc; i++) {
		struct office_option *o = find(options, count, argv[i]);
		if (!o)
			return office_wrong(err, "%s: what is %s?", argv[0], argv[i]);
		if (o->value)
			return office_wrong(err, "%s: --%s is given twice", argv[0], o->name);
		if (++i == argc)
			return office_wrong(err, "%s: --%s wants a value", argv[0], o->name);
		o->value = argv[i];
	}
	for (size_t i = 0; i < count; i++)
		if (!options[i].optional && !options[i].value)
			return office_wrong(err, "%s: --%s is missing", argv[0], options[i].name);
	return true;
}

bool office_path(const char *prefix, const char *suffix, char path[PATH_MAX], FILE *err)
{
	int n = snprintf(path, PATH_MAX, "%s%s", prefix, suffix);

	return (n > 0 && n < PATH_MAX) || office_wrong(err, "%s: the name is too long", prefix);
}

bool office_number(const struct office_option *o, int64_t min, int64_t max, int64_t *value,
		   FILE *err)
{
	struct csv_span text = { o->value, strlen(o->value) };

	if (csv_int(text, value) && *value >= min && *value <= max)
		return true;
	return office_wrong(err, "--%s: %s is no number from %" PRId64 " to %" PRId64, o->name,
			    o->value, min, max);
}

bool office_time(const struct office_option *o, int64_t *wall_ms, FILE *err)
{
	if (civil_parse_iso(o->value, wall_ms) && *wall_ms >= 0)
		return true;
	return office_wrong(err, "--%s: %s is no time like 2026-11-23T08:00:00+08:00", o->name,
			    o->value);
}

bool office_day(const char *text, int32_t *day)
{
	int year, month, date, end = 0;

	if (strlen(text) != 10 || sscanf(text, "%4d-%2d-%2d%n", &year, &month, &date, &end) != 3 ||
	    end != 10 || !civil_date_exists(year, month, date))
		return false;
	*day = year * 10000 + month * 100 + date;
	return true;
}

bool office_beside(const char *file, const char *name, char path[PATH_MAX], FILE *err)
{
	const char *slash = strrchr(file, '/');
	int folder = slash && name[0] != '/' ? (int)(slash - file + 1) : 0;

	return text_format(path, PATH_MAX, "%.*s%s", folder, file, name) ||
	       office_wrong(err, "%s: %s: the name is too long", file, name);
}

bool office_why(const struct office_option *o, char why[OPTIONS_WHY_BYTES], FILE *err)
{
	size_t len = strlen(o->value);

	if (len == 0)
		return office_wrong(err, "--%s: is empty: the gate's register must say why",
				    o->name);
	if (!utf8_valid(o->value, len) || text_has_control(o->value))
		return office_wrong(err, "--%s: is not one line of plain text in UTF-8", o->name);
	if (!text_copy(why, OPTIONS_WHY_BYTES, o->value))
		return office_wrong(
			err, "--%s: has %zu bytes, %d is the most (a Chinese character has 3)",
			o->name, len, OPTIONS_WHY_BYTES - 1);
	return true;
}

/* Pages that were flushed can be dropped. */
bool office_read_back(const char *path, size_t max, char **data, size_t *len, FILE *err)
{
	CLEANUP(close_fd) int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd >= 0)
		posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
	int failed = file_read(path, max, data, len);
	return !failed || office_wrong(err, "%s: cannot be read back: %s", path, strerror(-failed));
}
