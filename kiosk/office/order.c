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
#include "office/options.h"

#define CHINA_OFFSET_MIN 480

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
		return options_wrong(err, "--out: %s: %s", secret_path, strerror(-failed));
	failed = write_new(public_path, public_key, 0644);
	if (!failed)
		return true;
	unlink(secret_path); /* just made: nobody has used it */
	return options_wrong(err, "--out: %s: %s", public_path, strerror(-failed));
}

static int keygen(int argc, char **argv, FILE *out, FILE *err)
{
	struct wanted prefix = { .name = "out" };
	char secret_path[PATH_MAX], public_path[PATH_MAX], fingerprint[KEY_FINGERPRINT_BYTES];
	uint8_t seed[KEY_BYTES], public_key[KEY_BYTES];

	if (!options_parse(argc, argv, &prefix, 1, err))
		return 2;
	if (!options_path(prefix.value, ".key", secret_path, err) ||
	    !options_path(prefix.value, ".pub", public_path, err))
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

static bool level_option(const struct wanted *o, enum level *level, FILE *err)
{
	for (int i = 0; i < LEVEL_COUNT_; i++) {
		if (strcmp(o->value, LEVEL_WORD[i]) == 0) {
			*level = (enum level)i;
			return true;
		}
	}
	return options_wrong(err, "--%s: %s is none of open, closed, strict, lockdown", o->name,
			     o->value);
}

/* --issued is for an order that is to be made again exactly; otherwise it is now. */
static bool build(const struct wanted *options, struct order *order, FILE *err)
{
	const struct wanted *issued = &options[OPT_ISSUED];
	int64_t site, number;

	order->issued_ms = (int64_t)time(NULL) * 1000;
	if (!options_number(&options[OPT_SITE], 1, UINT32_MAX, &site, err) ||
	    !options_number(&options[OPT_NUMBER], 1, ORDER_NUMBER_MAX, &number, err) ||
	    !level_option(&options[OPT_LEVEL], &order->level, err) ||
	    !options_time(&options[OPT_NOT_AFTER], &order->not_after_ms, err) ||
	    !options_why(&options[OPT_WHY], order->why, err) ||
	    (issued->value && !options_time(issued, &order->issued_ms, err)))
		return false;
	if (order->not_after_ms <= order->issued_ms)
		return options_wrong(err, "--not-after: %s is not later than the time of issue",
				     options[OPT_NOT_AFTER].value);
	order->site = (uint32_t)site;
	order->number = (uint64_t)number;
	return true;
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
		return options_wrong(err, "--out: %s: %s", p->text_path, strerror(-failed));
	failed = file_write_atomic(p->signature_path, p->signature, ORDER_SIGNATURE_LEN, 0644);
	if (failed)
		return options_wrong(err, "--out: %s: %s", p->signature_path, strerror(-failed));
	return true;
}

/* As a gate will see it. */
static bool verify_files(const struct pair *p, const uint8_t public_key[KEY_BYTES], FILE *err)
{
	char *text = NULL, *signature = NULL;
	size_t len, signature_len;
	struct order back;

	bool read =
		options_read_back(p->text_path, ORDER_MAX, &text, &len, err) &&
		options_read_back(p->signature_path, ORDER_MAX, &signature, &signature_len, err);
	bool same =
		read && len == p->len && memcmp(text, p->text, len) == 0 &&
		order_open(&back, text, len, signature, signature_len, public_key) == ORDER_GOOD;
	if (read && !same)
		options_wrong(err, "%s: came back otherwise than it was written", p->text_path);
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

	if (!options_path(dir, "/" ORDER_NAME, p.text_path, err) ||
	    !options_path(dir, "/" ORDER_SIGNATURE_NAME, p.signature_path, err))
		return 1;
	p.len = order_encode(order, p.text, sizeof(p.text));
	if (p.len == 0) { /* each option was judged by itself; what is left is rare */
		options_wrong(
			err, "order: a control character in --why, or a time beyond the year 9999");
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

	if (!options_parse(argc, argv, options, ARRAY_LEN(options), err) ||
	    !build(options, &order, err))
		return 2;
	if (!options_seed(options[OPT_KEY].value, seed, err))
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
	options_wrong(err, "there is no command %s", argv[0]);
	return 2;
}
