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

bool options_wrong(FILE *err, const char *fmt, ...)
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

static struct wanted *find(struct wanted *options, size_t count, const char *arg)
{
	for (size_t i = 0; i < count; i++)
		if (strncmp(arg, "--", 2) == 0 && strcmp(arg + 2, options[i].name) == 0)
			return &options[i];
	return NULL;
}

bool options_parse(int argc, char **argv, struct wanted *options, size_t count, FILE *err)
{
	for (int i = 1; i < argc; i++) {
		struct wanted *o = find(options, count, argv[i]);
		if (!o)
			return options_wrong(err, "%s: what is %s?", argv[0], argv[i]);
		if (o->value)
			return options_wrong(err, "%s: --%s is given twice", argv[0], o->name);
		if (++i == argc)
			return options_wrong(err, "%s: --%s wants a value", argv[0], o->name);
		o->value = argv[i];
	}
	for (size_t i = 0; i < count; i++)
		if (!options[i].optional && !options[i].value)
			return options_wrong(err, "%s: --%s is missing", argv[0], options[i].name);
	return true;
}

bool options_path(const char *prefix, const char *suffix, char path[PATH_MAX], FILE *err)
{
	int n = snprintf(path, PATH_MAX, "%s%s", prefix, suffix);

	return (n > 0 && n < PATH_MAX) || options_wrong(err, "%s: the name is too long", prefix);
}

bool options_number(const struct wanted *o, int64_t min, int64_t max, int64_t *value, FILE *err)
{
	struct csv_span text = { o->value, strlen(o->value) };

	if (csv_int(text, value) && *value >= min && *value <= max)
		return true;
	return options_wrong(err, "--%s: %s is no number from %" PRId64 " to %" PRId64, o->name,
			     o->value, min, max);
}

bool options_time(const struct wanted *o, int64_t *wall_ms, FILE *err)
{
	if (civil_parse_iso(o->value, wall_ms) && *wall_ms >= 0)
		return true;
	return options_wrong(err, "--%s: %s is no time like 2026-11-23T08:00:00+08:00", o->name,
			     o->value);
}

bool options_why(const struct wanted *o, char why[OPTIONS_WHY_BYTES], FILE *err)
{
	size_t len = strlen(o->value);

	if (len == 0)
		return options_wrong(err, "--%s: is empty: the gate's register must say why",
				     o->name);
	if (!utf8_valid(o->value, len) || text_has_control(o->value))
		return options_wrong(err, "--%s: is not one line of plain text in UTF-8", o->name);
	if (!text_copy(why, OPTIONS_WHY_BYTES, o->value))
		return options_wrong(
			err, "--%s: has %zu bytes, %d is the most (a Chinese character has 3)",
			o->name, len, OPTIONS_WHY_BYTES - 1);
	return true;
}

/* The public file looks the same and would sign, with a secret that everybody knows. */
bool options_seed(const char *path, uint8_t seed[KEY_BYTES], FILE *err)
{
	size_t len, name_len = strlen(path);
	char *data;

	if (name_len >= 4 && strcmp(path + name_len - 4, ".pub") == 0)
		return options_wrong(err, "--key: %s is a public key; the secret one ends in .key",
				     path);
	int failed = file_read(path, 4096, &data, &len);
	if (failed)
		return options_wrong(err, "--key: %s: %s", path, strerror(-failed));
	bool good = len == KEY_TEXT_LEN && data[len - 1] == '\n' &&
		    hex_decode(data, len - 1, seed, KEY_BYTES);
	explicit_bzero(data, len);
	free(data);
	return good || options_wrong(err, "--key: %s is no key as keygen writes it", path);
}

/* Pages that were flushed can be dropped. */
bool options_read_back(const char *path, size_t max, char **data, size_t *len, FILE *err)
{
	CLEANUP(close_fd) int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd >= 0)
		posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
	int failed = file_read(path, max, data, len);
	return !failed ||
	       options_wrong(err, "%s: cannot be read back: %s", path, strerror(-failed));
}
