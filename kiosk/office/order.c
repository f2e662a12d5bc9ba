/*
 * The orders the office signs. A gate knows the public key from its configuration and believes
 * nothing else, so whoever holds the secret one can open every gate that knows it: its digits are
 * never taken from the command line, where other users of the computer could read them.
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
#include "office/keygen.h"
#include "office/options.h"
#include "office/sign.h"

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

static bool level_option(const struct office_option *o, enum level *level, FILE *err)
{
	for (int i = 0; i < LEVEL_COUNT_; i++) {
		if (strcmp(o->value, LEVEL_WORD[i]) == 0) {
			*level = (enum level)i;
			return true;
		}
	}
	return office_wrong(err, "--%s: %s is none of open, closed, strict, lockdown", o->name,
			    o->value);
}

/* --issued is for an order that is to be made again exactly; otherwise it is now. */
static bool build(const struct office_option *options, struct order *order, FILE *err)
{
	const struct office_option *issued = &options[OPT_ISSUED];
	int64_t site, number;

	order->issued_ms = (int64_t)time(NULL) * 1000;
	if (!office_number(&options[OPT_SITE], 1, UINT32_MAX, &site, err) ||
	    !office_number(&options[OPT_NUMBER], 1, ORDER_NUMBER_MAX, &number, err) ||
	    !level_option(&options[OPT_LEVEL], &order->level, err) ||
	    !office_time(&options[OPT_NOT_AFTER], &order->not_after_ms, err) ||
	    !office_why(&options[OPT_WHY], order->why, err) ||
	    (issued->value && !office_time(issued, &order->issued_ms, err)))
		return false;
	if (order->not_after_ms <= order->issued_ms)
		return office_wrong(err, "--not-after: %s is not later than the time of issue",
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
		return office_wrong(err, "--out: %s: %s", p->text_path, strerror(-failed));
	failed = file_write_atomic(p->signature_path, p->signature, ORDER_SIGNATURE_LEN, 0644);
	if (failed)
		return office_wrong(err, "--out: %s: %s", p->signature_path, strerror(-failed));
	return true;
}

/* As a gate will see it. */
static bool verify_files(const struct pair *p, const uint8_t public_key[KEY_BYTES], FILE *err)
{
	char *text = NULL, *signature = NULL;
	size_t len, signature_len;
	struct order back;

	bool read = office_read_back(p->text_path, ORDER_MAX, &text, &len, err) &&
		    office_read_back(p->signature_path, ORDER_MAX, &signature, &signature_len, err);
	bool same =
		read && len == p->len && memcmp(text, p->text, len) == 0 &&
		order_open(&back, text, len, signature, signature_len, public_key) == ORDER_GOOD;
	if (read && !same)
		office_wrong(err, "%s: came back otherwise than it was written", p->text_path);
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

	if (!office_path(dir, "/" ORDER_NAME, p.text_path, err) ||
	    !office_path(dir, "/" ORDER_SIGNATURE_NAME, p.signature_path, err))
		return 1;
	p.len = order_encode(order, p.text, sizeof(p.text));
	if (p.len == 0) { /* each option was judged by itself; what is left is rare */
		office_wrong(err,
			     "order: a control character in --why, or a time beyond the year 9999");
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
	struct office_option options[] = {
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

	if (!office_options(argc, argv, options, ARRAY_LEN(options), err) ||
	    !build(options, &order, err))
		return 2;
	if (!office_seed(options[OPT_KEY].value, seed, err))
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
	  "Makes the office's keys, secret ones and public ones. Never writes over a file.",
	  "  --out PREFIX      where the files go:\n"
	  "    PREFIX.key            secret: signs orders\n"
	  "    PREFIX.pub            public: for every gate that is to obey\n"
	  "    PREFIX.minisign.key   secret: the same key as minisign wants it; sign uses it\n"
	  "    PREFIX.minisign.pub   public: with it minisign verifies what sign has signed\n"
	  "    PREFIX.identity       secret: opens exports, here or with age\n"
	  "    PREFIX.recipient      public: the line for [office] of every gate\n\n"
	  "Copy the secret ones to nowhere but a safe: without the identity nobody can open an\n"
	  "export any more.\n",
	  office_keygen },
	{ "sign-file", "sign-file --key FILE --file FILE --comment TEXT",
	  "Signs any file so that minisign verifies it: a rulebook, a notice, a list.",
	  "  --key FILE        the secret key that keygen wrote (PREFIX.key)\n"
	  "  --file FILE       what is to be signed; the signature goes beside it, FILE.minisig\n"
	  "  --comment TEXT    one line that is signed with it: what it is and from when\n\n"
	  "An older signature is replaced. minisign -V -p PREFIX.minisign.pub -m FILE verifies "
	  "it.\n",
	  office_sign },
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
	office_wrong(err, "there is no command %s", argv[0]);
	return 2;
}
