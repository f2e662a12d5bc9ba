#include "office/commands.h"

#include <inttypes.h>
#include <string.h>

#include <sodium.h>

#include "base/civil.h"
#include "codec/pass.h"
#include "office/key.h"
#include "office/rules.h"
#include "office/verify.h"

#define CHINA_OFFSET_MIN 480

struct office_args {
	const char *what; /* the one argument of the command */
	bool has_key;
	uint8_t key[KEY_BYTES];
	FILE *out, *err;
};

struct command {
	const char *name, *usage, *help;
	int (*run)(const struct office_args *args);
};

static int run_verify(const struct office_args *args);
static int run_pass(const struct office_args *args);

static const struct command COMMANDS[] = {
	{ "verify", "verify FOLDER [--key KEY]",
	  "Checks an export: signature, every file, the whole chain of events, every person.",
	  run_verify },
	{ "pass", "pass TEXT --key KEY",
	  "Checks the text of a pass (\"KP1:...\") against the gate's key.", run_pass },
};

static int run_verify(const struct office_args *args)
{
	return verify_export(args->what, args->has_key ? args->key : NULL, args->out) ? 0 : 1;
}

static int wrong_pass(const struct office_args *args, const char *why)
{
	fprintf(args->out, "wrong: %s\n", why);
	return 1;
}

/* The key's number and site are not secret and stand in the pass: they are taken from it, the
 * signature decides. */
static enum pass_parse verify_with(const struct office_args *args, struct pass *pass)
{
	size_t len = strlen(args->what);
	struct pass_key key = { 0 };
	enum pass_parse parse = pass_verify(pass, args->what, len, NULL, 0);

	if (parse != PASS_PARSE_UNKNOWN_KEY)
		return parse;
	key.key_id = pass->key_id;
	key.site = pass->site;
	memcpy(key.public_key, args->key, sizeof(key.public_key));
	return pass_verify(pass, args->what, len, &key, 1);
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

static int run_pass(const struct office_args *args)
{
	struct pass pass;

	if (!args->has_key) {
		fprintf(args->err, "gatehouse-office: pass needs --key\n");
		return 2;
	}
	switch (verify_with(args, &pass)) {
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
	fprintf(out, "  gatehouse-office --help\n\n"
		     "KEY is the gate's public key: 64 hexadecimal digits, or a file that holds "
		     "them.\n"
		     "Exit code: 0 everything checked is good, 1 something is wrong (each thing on "
		     "its own line), 2 not understood.\n");
}

static bool parse_args(int argc, char **argv, struct office_args *args)
{
	for (int i = 2; i < argc; i++) {
		if (strcmp(argv[i], "--key") == 0) {
			if (++i == argc) {
				fprintf(args->err, "gatehouse-office: --key wants a key\n");
				return false;
			}
			if (!key_load(argv[i], args->key)) {
				fprintf(args->err,
					"gatehouse-office: %s is no key and no file "
					"with one\n",
					argv[i]);
				return false;
			}
			args->has_key = true;
		} else if (strncmp(argv[i], "--", 2) == 0 || args->what) {
			fprintf(args->err, "gatehouse-office: what is %s?\n", argv[i]);
			return false;
		} else {
			args->what = argv[i];
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
	if (argc > 1 && (strcmp(argv[1], "keygen") == 0 || strcmp(argv[1], "order") == 0))
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
		if (!parse_args(argc, argv, &args))
			return 2;
		if (!args.what) {
			fprintf(err, "usage: gatehouse-office %s\n", COMMANDS[i].usage);
			return 2;
		}
		return COMMANDS[i].run(&args);
	}
	if (argc > 1)
		fprintf(err, "gatehouse-office: there is no command %s\n", argv[1]);
	print_help(err);
	return 2;
}
