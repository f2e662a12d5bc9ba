#include "office/options.h"

#include <stdarg.h>
#include <string.h>

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
