/*
 * The office's key and the orders it signs. A gate knows the public key from its configuration and
 * believes nothing else, so whoever holds the secret one can open every gate that knows it: the
 * file is made readable for its owner alone, is never written over, and its digits are never taken
 * from the command line, where other users of the computer could read them.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <sodium.h>

#include "base/civil.h"
#include "base/fileio.h"
#include "base/text.h"
#include "codec/csv.h"
#include "codec/hex.h"
#include "codec/manifest.h"
#include "codec/order.h"
#include "core/words.h"
#include "office/commands.h"
#include "office/key.h"

#define CHINA_OFFSET_MIN 480
#define KEY_TEXT_LEN (2 * KEY_BYTES + 1) /* digits and a line feed */

/* One option of a command: --name VALUE, at most once. */
struct wanted {
	const char *name;
	bool optional;
	const char *value; /* what was given; NULL = not given */
};

enum order_option {
	OPT_KEY,
	OPT_SITE,
	OPT_NUMBER,
	OPT_LEVEL,
	OPT_NOT_AFTER,
	OPT_WHY,
	OPT_OUT,
	OPT_ISSUED
};

/* Says what is wrong in one line, in which control characters of what was typed stand as '?'. */
static bool PRINTF_LIKE(2, 3) wrong(FILE *err, const char *fmt, ...)
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

static bool parse_options(int argc, char **argv, struct wanted *options, size_t count, FILE *err)
{
	for (int i = 1; i < argc; i++) {
		struct wanted *o = find(options, count, argv[i]);
		if (!o)
			return wrong(err, "%s: what is %s?", argv[0], argv[i]);
		if (o->value)
			return wrong(err, "%s: --%s is given twice", argv[0], o->name);
		if (++i == argc)
			return wrong(err, "%s: --%s wants a value", argv[0], o->name);
		o->value = argv[i];
	}
	for (size_t i = 0; i < count; i++)
		if (!options[i].optional && !options[i].value)
			return wrong(err, "%s: --%s is missing", argv[0], options[i].name);
	return true;
}

static bool suffixed(const char *prefix, const char *suffix, char path[PATH_MAX], FILE *err)
{
	int n = snprintf(path, PATH_MAX, "%s%s", prefix, suffix);

	return (n > 0 && n < PATH_MAX) || wrong(err, "%s: the name is too long", prefix);
}

/* A file that was not there before, with 32 bytes as digits in it; it survives a power cut. */
static int write_new(const char *path, const uint8_t bytes[KEY_BYTES], mode_t mode)
{
	char text[KEY_TEXT_LEN + 1];
	CLEANUP(close_fd) int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);

	if (fd < 0)
		return -errno;
	hex_encode(bytes, KEY_BYTES, text);
	memcpy(text + KEY_TEXT_LEN - 1, "\n", 2);
	int err = fd_write_all(fd, text, KEY_TEXT_LEN);
	sodium_memzero(text, sizeof(text));
	if (!err && fsync(fd) < 0)
		err = -errno;
	if (err)
		unlink(path);
	return err;
}

static bool write_pair(const char *secret_path, const char *public_path,
		       const uint8_t seed[KEY_BYTES], const uint8_t public_key[KEY_BYTES],
		       FILE *err)
{
	int failed = write_new(secret_path, seed, 0600);

	if (failed)
		return wrong(err, "--out: %s: %s", secret_path, strerror(-failed));
	failed = write_new(public_path, public_key, 0644);
	if (!failed)
		return true;
	unlink(secret_path); /* just made: nobody has used it */
	return wrong(err, "--out: %s: %s", public_path, strerror(-failed));
}

static int keygen(int argc, char **argv, FILE *out, FILE *err)
{
	struct wanted prefix = { .name = "out" };
	char secret_path[PATH_MAX], public_path[PATH_MAX], fingerprint[KEY_FINGERPRINT_BYTES];
	uint8_t seed[KEY_BYTES], public_key[KEY_BYTES];

	if (!parse_options(argc, argv, &prefix, 1, err))
		return 2;
	if (!suffixed(prefix.value, ".key", secret_path, err) ||
	    !suffixed(prefix.value, ".pub", public_path, err))
		return 1;
	randombytes_buf(seed, sizeof(seed));
	manifest_public(seed, public_key);
	bool written = write_pair(secret_path, public_path, seed, public_key, err);
	sodium_memzero(seed, sizeof(seed));
	if (!written)
		return 1;
	key_fingerprint(public_key, fingerprint);
	fprintf(out,
		"good: %s signs orders: keep it where nobody else can read it\n"
		"good: %s goes into every gate's configuration, fingerprint %s\n",
		secret_path, public_path, fingerprint);
	return 0;
}

static bool number_option(const struct wanted *o, int64_t min, int64_t max, int64_t *value,
			  FILE *err)
{
	struct csv_span text = { o->value, strlen(o->value) };

	if (csv_int(text, value) && *value >= min && *value <= max)
		return true;
	return wrong(err, "--%s: %s is no number from %" PRId64 " to %" PRId64, o->name, o->value,
		     min, max);
}

static bool time_option(const struct wanted *o, int64_t *wall_ms, FILE *err)
{
	if (civil_parse_iso(o->value, wall_ms) && *wall_ms >= 0)
		return true;
	return wrong(err, "--%s: %s is no time like 2026-11-23T08:00:00+08:00", o->name, o->value);
}

static bool level_option(const struct wanted *o, enum level *level, FILE *err)
{
	for (int i = 0; i < LEVEL_COUNT_; i++) {
		if (strcmp(o->value, LEVEL_WORD[i]) == 0) {
			*level = (enum level)i;
			return true;
		}
	}
	return wrong(err, "--%s: %s is none of open, closed, strict, lockdown", o->name, o->value);
}

static bool why_option(const struct wanted *o, char why[ORDER_WHY_BYTES], FILE *err)
{
	size_t len = strlen(o->value);

	if (len == 0)
		return wrong(err, "--%s: is empty: the gate's register must say why", o->name);
	if (!utf8_valid(o->value, len) || text_has_control(o->value))
		return wrong(err, "--%s: is not one line of plain text in UTF-8", o->name);
	if (!text_copy(why, ORDER_WHY_BYTES, o->value))
		return wrong(err, "--%s: has %zu bytes, %d is the most (a Chinese character has 3)",
			     o->name, len, ORDER_WHY_BYTES - 1);
	return true;
}

/* --issued is for an order that is to be made again exactly; otherwise it is now. */
static bool build(const struct wanted *options, struct order *order, FILE *err)
{
	const struct wanted *issued = &options[OPT_ISSUED];
	int64_t site, number;

	order->issued_ms = (int64_t)time(NULL) * 1000;
	if (!number_option(&options[OPT_SITE], 1, UINT32_MAX, &site, err) ||
	    !number_option(&options[OPT_NUMBER], 1, ORDER_NUMBER_MAX, &number, err) ||
	    !level_option(&options[OPT_LEVEL], &order->level, err) ||
	    !time_option(&options[OPT_NOT_AFTER], &order->not_after_ms, err) ||
	    !why_option(&options[OPT_WHY], order->why, err) ||
	    (issued->value && !time_option(issued, &order->issued_ms, err)))
		return false;
	if (order->not_after_ms <= order->issued_ms)
		return wrong(err, "--not-after: %s is not later than the time of issue",
			     options[OPT_NOT_AFTER].value);
	order->site = (uint32_t)site;
	order->number = (uint64_t)number;
	return true;
}

/* The public file looks the same and would sign, with a secret that everybody knows. */
static bool load_seed(const char *path, uint8_t seed[KEY_BYTES], FILE *err)
{
	size_t len, name_len = strlen(path);
	char *data;

	if (name_len >= 4 && strcmp(path + name_len - 4, ".pub") == 0)
		return wrong(err, "--key: %s is a public key; the secret one ends in .key", path);
	int failed = file_read(path, 4096, &data, &len);
	if (failed)
		return wrong(err, "--key: %s: %s", path, strerror(-failed));
	bool good = len == KEY_TEXT_LEN && data[len - 1] == '\n' &&
		    hex_decode(data, len - 1, seed, KEY_BYTES);
	explicit_bzero(data, len);
	free(data);
	return good || wrong(err, "--key: %s is no key as keygen writes it", path);
}

/* The two files as they are to be and as they came back. */
struct pair {
	char text_path[PATH_MAX], signature_path[PATH_MAX];
	char text[ORDER_MAX], signature[ORDER_SIGNATURE_LEN + 1];
	size_t len;
};

static bool write_files(const struct pair *p, FILE *err)
{
	int failed = file_write_atomic(p->text_path, p->text, p->len, 0644);

	if (failed)
		return wrong(err, "--out: %s: %s", p->text_path, strerror(-failed));
	failed = file_write_atomic(p->signature_path, p->signature, ORDER_SIGNATURE_LEN, 0644);
	if (failed)
		return wrong(err, "--out: %s: %s", p->signature_path, strerror(-failed));
	return true;
}

/* From the stick as far as the system lets us: pages that were flushed can be dropped. */
static bool read_back(const char *path, char **data, size_t *len, FILE *err)
{
	CLEANUP(close_fd) int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd >= 0)
		posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
	int failed = file_read(path, ORDER_MAX, data, len);
	return !failed || wrong(err, "%s: cannot be read back: %s", path, strerror(-failed));
}

/* As a gate will see it. */
static bool verify_files(const struct pair *p, const uint8_t public_key[KEY_BYTES], FILE *err)
{
	char *text = NULL, *signature = NULL;
	size_t len, signature_len;
	struct order back;

	bool read = read_back(p->text_path, &text, &len, err) &&
		    read_back(p->signature_path, &signature, &signature_len, err);
	bool same =
		read && len == p->len && memcmp(text, p->text, len) == 0 &&
		order_open(&back, text, len, signature, signature_len, public_key) == ORDER_GOOD;
	if (read && !same)
		wrong(err, "%s: came back otherwise than it was written", p->text_path);
	free(text);
	free(signature);
	return same;
}

static void print_order(const struct pair *p, const struct order *order,
			const uint8_t public_key[KEY_BYTES], FILE *out)
{
	char issued[CIVIL_TEXT_BYTES], not_after[CIVIL_TEXT_BYTES];
	char fingerprint[KEY_FINGERPRINT_BYTES];

	civil_format_iso(order->issued_ms, CHINA_OFFSET_MIN, issued);
	civil_format_iso(order->not_after_ms, CHINA_OFFSET_MIN, not_after);
	key_fingerprint(public_key, fingerprint);
	fprintf(out,
		"good: order %" PRIu64 " for site %" PRIu32 ": level %s, issued %s, not after %s, "
		"signed by key %s\n"
		"good: read back from %s and %s\n",
		order->number, order->site, LEVEL_WORD[order->level], issued, not_after,
		fingerprint, p->text_path, p->signature_path);
}

static int write_order(const struct order *order, const uint8_t seed[KEY_BYTES], const char *dir,
		       FILE *out, FILE *err)
{
	uint8_t public_key[KEY_BYTES];
	struct pair p;

	if (!suffixed(dir, "/" ORDER_NAME, p.text_path, err) ||
	    !suffixed(dir, "/" ORDER_SIGNATURE_NAME, p.signature_path, err))
		return 1;
	p.len = order_encode(order, p.text, sizeof(p.text));
	if (p.len == 0) { /* each option was judged by itself; what is left is rare */
		wrong(err, "order: a control character in --why, or a time beyond the year 9999");
		return 2;
	}
	order_sign(p.text, p.len, seed, p.signature);
	manifest_public(seed, public_key);
	if (!write_files(&p, err) || !verify_files(&p, public_key, err))
		return 1;
	print_order(&p, order, public_key, out);
	return 0;
}

static int order_command(int argc, char **argv, FILE *out, FILE *err)
{
	struct wanted options[] = {
		[OPT_KEY] = { .name = "key" },
		[OPT_SITE] = { .name = "site" },
		[OPT_NUMBER] = { .name = "number" },
		[OPT_LEVEL] = { .name = "level" },
		[OPT_NOT_AFTER] = { .name = "not-after" },
		[OPT_WHY] = { .name = "why" },
		[OPT_OUT] = { .name = "out" },
		[OPT_ISSUED] = { .name = "issued", .optional = true },
	};
	struct order order = { 0 };
	uint8_t seed[KEY_BYTES];

	if (!parse_options(argc, argv, options, ARRAY_LEN(options), err) ||
	    !build(options, &order, err))
		return 2;
	if (!load_seed(options[OPT_KEY].value, seed, err))
		return 1;
	int code = write_order(&order, seed, options[OPT_OUT].value, out, err);
	sodium_memzero(seed, sizeof(seed));
	return code;
}

struct order_help {
	const char *name, *usage, *brief, *more;
	int (*run)(int argc, char **argv, FILE *out, FILE *err);
};

static const struct order_help HELP[] = {
	{ "keygen", "keygen --out PREFIX",
	  "Makes the office's key: PREFIX.key (secret) and PREFIX.pub. Never writes over a file.",
	  "  --out PREFIX      where the two files go\n\n"
	  "The secret key signs orders; copy it to nowhere but a safe. The public key goes into\n"
	  "the configuration of every gate that is to obey.\n",
	  keygen },
	{ "order",
	  "order --key FILE --site N --number N --level WORD --not-after ISO --why TEXT --out DIR "
	  "[--issued ISO]",
	  "Signs an order that switches the policy level of one gate, and writes it onto a stick.",
	  "  --key FILE        the secret key that keygen wrote\n"
	  "  --site N          the number of the gate that is to obey\n"
	  "  --number N        larger than that of every order this gate has taken before\n"
	  "  --level WORD      open, closed, strict or lockdown\n"
	  "  --not-after ISO   the gate refuses it later, as 2026-11-23T18:00:00+08:00\n"
	  "  --why TEXT        at most 47 bytes; stands in the gate's register\n"
	  "  --out DIR         the stick; an older order there is replaced\n"
	  "  --issued ISO      instead of now\n\n"
	  "Writes " ORDER_NAME " and " ORDER_SIGNATURE_NAME ", reads both back and checks them.\n",
	  order_command },
};

void office_order_help(FILE *out)
{
	for (size_t i = 0; i < ARRAY_LEN(HELP); i++)
		fprintf(out, "  gatehouse-office %s\n      %s\n", HELP[i].usage, HELP[i].brief);
}

int office_order(int argc, char **argv, FILE *out, FILE *err)
{
	for (size_t i = 0; i < ARRAY_LEN(HELP); i++) {
		if (strcmp(argv[0], HELP[i].name) != 0)
			continue;
		if (argc != 2 || strcmp(argv[1], "--help") != 0)
			return HELP[i].run(argc, argv, out, err);
		fprintf(out, "usage: gatehouse-office %s\n\n%s\n\n%s", HELP[i].usage, HELP[i].brief,
			HELP[i].more);
		return 0;
	}
	wrong(err, "there is no command %s", argv[0]);
	return 2;
}
