#include "office/commands.h"

#include <inttypes.h>
#include <string.h>

#include <sodium.h>

#include "base/civil.h"
#include "codec/pass.h"
#include "office/key.h"
#include "office/merge.h"
#include "office/photo.h"
#include "office/rules.h"
#include "office/verify.h"

#define CHINA_OFFSET_MIN 480
#define PHOTO_TEXT_BYTES 2049

struct office_args {
	const char *what; /* the first argument of the command that is no option */
	const char *const *all; /* all of these, for the commands that take several */
	int count;
	const char *folder; /* --out */
	bool has_key;
	uint8_t key[KEY_BYTES];
	struct keyring ring;
	FILE *out, *err;
};

struct command {
	const char *name, *usage, *help;
	bool several;
	int (*run)(const struct office_args *args);
};

static int run_verify(const struct office_args *args);
static int run_open(const struct office_args *args);
static int run_merge(const struct office_args *args);
static int run_pass(const struct office_args *args);

static const struct command COMMANDS[] = {
	{ "verify", "verify FOLDER [--key KEY] [--identity FILE | --passphrase-file FILE]",
	  "Checks an export: signature, archive and, opened with the identity, every file in it,\n"
	  "      the whole chain of events and every person. Writes nothing.",
	  false, run_verify },
	{ "open", "open FOLDER --out NEW-FOLDER --identity FILE [--key KEY]",
	  "The same, and unpacks what is in it: the workbook, the sheets as CSV, the events.",
	  false, run_open },
	{ "merge", "merge FOLDER... --out PREFIX --identity FILE",
	  "Many gates and many weeks in one: PREFIX.sqlite and PREFIX.xlsx. What stands in "
	  "several\n"
	  "      exports is taken once; events that are missing are named.",
	  true, run_merge },
	{ "pass", "pass TEXT|PICTURE --key KEY",
	  "Checks a pass against the gate's key: its text (\"KP1:...\"), or a PNG or JPEG of it.",
	  false, run_pass },
};

static int run_verify(const struct office_args *args)
{
	return verify_export(args->what, args->has_key ? args->key : NULL, &args->ring, args->out)
		       ? 0
		       : 1;
}

static int run_open(const struct office_args *args)
{
	if (!args->folder || keyring_empty(&args->ring)) {
		fprintf(args->err, "gatehouse-office: open needs --out and --identity\n");
		return 2;
	}
	return open_export(args->what, args->has_key ? args->key : NULL, &args->ring, args->folder,
			   args->out)
		       ? 0
		       : 1;
}

static int run_merge(const struct office_args *args)
{
	struct merge_job job = { .folders = args->all,
				 .count = args->count,
				 .prefix = args->folder,
				 .ring = &args->ring };

	if (!args->folder || keyring_empty(&args->ring)) {
		fprintf(args->err, "gatehouse-office: merge needs --out and --identity\n");
		return 2;
	}
	return merge_exports(&job, args->out) ? 0 : 1;
}

static int wrong_pass(const struct office_args *args, const char *why)
{
	fprintf(args->out, "wrong: %s\n", why);
	return 1;
}

/* The key's number and site are not secret and stand in the pass: they are taken from it, the
 * signature decides. */
static enum pass_parse verify_with(const struct office_args *args, const char *text,
				   struct pass *pass)
{
	size_t len = strlen(text);
	struct pass_key key = { 0 };
	enum pass_parse parse = pass_verify(pass, text, len, NULL, 0);

	if (parse != PASS_PARSE_UNKNOWN_KEY)
		return parse;
	key.key_id = pass->key_id;
	key.site = pass->site;
	memcpy(key.public_key, args->key, sizeof(key.public_key));
	return pass_verify(pass, text, len, &key, 1);
}

static int print_pass(const struct office_args *args, const struct pass *pass)
{
	char from[CIVIL_TEXT_BYTES], until[CIVIL_TEXT_BYTES];

	civil_format_iso((int64_t)pass->not_before_s * 1000, CHINA_OFFSET_MIN, from);
	civil_format_iso((int64_t)pass->expires_s * 1000, CHINA_OFFSET_MIN, until);
	fprintf(args->out,
		"good: pass %" PRIu64 " of site %" PRIu32 ", key number %d, valid %s to %s, %d "
		"crossings\n",
		pass->serial, pass->site, pass->key_id, from, until, pass->max_uses);
	return 0;
}

/* Why there is no text in it; NULL: there is. */
static const char *read_photo(const char *path, char text[PHOTO_TEXT_BYTES])
{
	switch (photo_read(path, text, PHOTO_TEXT_BYTES)) {
	case PHOTO_GOOD:
		return NULL;
	case PHOTO_NO_FILE:
		return "is neither the text of a pass nor a file";
	case PHOTO_NO_PICTURE:
		return "is no PNG or JPEG picture of a sensible size";
	case PHOTO_NO_CODE:
		return "no code can be read in this picture";
	case PHOTO_FAILED:
	default:
		return "out of memory";
	}
}

static int run_pass(const struct office_args *args)
{
	char photographed[PHOTO_TEXT_BYTES] = "";
	struct pass pass;

	if (!args->has_key) {
		fprintf(args->err, "gatehouse-office: pass needs --key\n");
		return 2;
	}
	const char *no_text = strchr(args->what, ':') ? NULL : read_photo(args->what, photographed);
	if (no_text) {
		fprintf(args->out, "wrong: %s: %s\n", args->what, no_text);
		return 1;
	}
	switch (verify_with(args, photographed[0] ? photographed : args->what, &pass)) {
	case PASS_PARSE_OK:
		return print_pass(args, &pass);
	case PASS_PARSE_NOT_A_PASS:
		return wrong_pass(args, "this is some other code, not a pass");
	case PASS_PARSE_MALFORMED:
		return wrong_pass(args, "this is not a whole pass");
	case PASS_PARSE_UNKNOWN_KEY:
	case PASS_PARSE_BAD_SIGNATURE:
	default:
		return wrong_pass(args, "the pass was altered, or signed by another key");
	}
}

static void print_help(FILE *out)
{
	fprintf(out, "gatehouse-office %s: what the office does with what a gate wrote\n\n",
		GATEHOUSE_VERSION);
	office_order_help(out);
	office_bundle_help(out);
	for (size_t i = 0; i < ARRAY_LEN(COMMANDS); i++)
		fprintf(out, "  gatehouse-office %s\n      %s\n", COMMANDS[i].usage,
			COMMANDS[i].help);
	office_rules_help(out);
	fprintf(out,
		"  gatehouse-office --help\n\n"
		"KEY is the gate's public key: 64 hexadecimal digits, or a file that holds "
		"them.\n"
		"--identity FILE is the office's secret key for exports, as keygen writes it.\n"
		"Exit code: 0 everything checked is good, 1 something is wrong (each thing on "
		"its own line), 2 not understood.\n");
}

/* Options with a value. False: it is no such option, or its value is no good, which was said. */
static bool take_option(struct office_args *args, const char *name, const char *value)
{
	char why[512] = "";

	if (strcmp(name, "--out") == 0) {
		args->folder = value;
	} else if (strcmp(name, "--key") == 0) {
		args->has_key = key_load(value, args->key);
		if (!args->has_key)
			snprintf(why, sizeof(why), "%s is no key and no file with one", value);
	} else if (strcmp(name, "--identity") == 0) {
		if (!keyring_identities(&args->ring, value, why, sizeof(why)))
			args->ring.count = 0;
	} else if (!keyring_passphrase(&args->ring, value, why, sizeof(why))) {
		args->ring.passphrase[0] = '\0';
	}
	if (why[0])
		fprintf(args->err, "gatehouse-office: %s\n", why);
	return why[0] == '\0';
}

static bool is_option(const char *arg)
{
	static const char *const OPTIONS[] = { "--key", "--identity", "--passphrase-file",
					       "--out" };

	for (size_t i = 0; i < ARRAY_LEN(OPTIONS); i++)
		if (strcmp(arg, OPTIONS[i]) == 0)
			return true;
	return false;
}

/* What is no option stays in argv, moved to its front behind the command. */
static bool parse_args(int argc, char **argv, bool several, struct office_args *args)
{
	args->all = (const char *const *)argv + 2;
	for (int i = 2; i < argc; i++) {
		if (is_option(argv[i])) {
			if (i + 1 == argc) {
				fprintf(args->err, "gatehouse-office: %s wants a value\n", argv[i]);
				return false;
			}
			if (!take_option(args, argv[i], argv[i + 1]))
				return false;
			i++;
		} else if (strncmp(argv[i], "--", 2) == 0 || (args->what && !several)) {
			fprintf(args->err, "gatehouse-office: what is %s?\n", argv[i]);
			return false;
		} else {
			argv[2 + args->count++] = argv[i];
			args->what = argv[2];
		}
	}
	return true;
}

int office_run(int argc, char **argv, FILE *out, FILE *err)
{
	struct office_args args = { .out = out, .err = err };
	int code;

	if (argc > 1 && office_bundle(argc - 1, argv + 1, out, err, &code))
		return code;
	if (argc > 1 && (strcmp(argv[1], "keygen") == 0 || strcmp(argv[1], "sign-file") == 0 ||
			 strcmp(argv[1], "order") == 0))
		return office_order(argc - 1, argv + 1, out, err);
	if (argc == 2 && strcmp(argv[1], "--help") == 0) {
		print_help(out);
		return 0;
	}
	if (argc > 1 && strcmp(argv[1], "rules") == 0)
		return office_rules(argc - 2, argv + 2, out, err);
	for (size_t i = 0; argc > 1 && i < ARRAY_LEN(COMMANDS); i++) {
		if (strcmp(argv[1], COMMANDS[i].name) != 0)
			continue;
		if (!parse_args(argc, argv, COMMANDS[i].several, &args))
			return 2;
		if (!args.what) {
			fprintf(err, "usage: gatehouse-office %s\n", COMMANDS[i].usage);
			return 2;
		}
		code = COMMANDS[i].run(&args);
		explicit_bzero(&args.ring, sizeof(args.ring));
		return code;
	}
	if (argc > 1)
		fprintf(err, "gatehouse-office: there is no command %s\n", argv[1]);
	print_help(err);
	return 2;
}
