/*
 * Signing a bundle for one gate: rulebook and lists as the office keeps them become the parts in
 * their one form, are checked as the gate will check them, described in a manifest, signed, written
 * onto the stick and read back. PINs are hashed here and nowhere else: the list of accounts holds
 * hashes from the beginning.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include <sodium.h>

#include "base/civil.h"
#include "base/fileio.h"
#include "base/text.h"
#include "codec/bundle.h"
#include "codec/manifest.h"
#include "core/lists.h"
#include "core/rules.h"
#include "office/commands.h"
#include "office/list_source.h"
#include "office/notices.h"
#include "office/options.h"
#include "office/sign.h"
#include "office/sounds.h"
#include "settings/parts.h"
#include "settings/rulebook.h"

#define CHINA_OFFSET_MIN 480
#define SOURCE_MAX_BYTES (4U * 1024 * 1024) /* of a list as the office writes it */
#define ARGON_PASSES 2
#define ARGON_BYTES (19U << 20)

enum sign_option {
	OPT_KEY,
	OPT_SITE,
	OPT_NUMBER,
	OPT_NOT_AFTER,
	OPT_WHY,
	OPT_OUT,
	OPT_ISSUED,
	OPT_PARTS, /* one for each kind from here on, in the order of enum part_kind */
	OPT_COUNT_ = OPT_PARTS + PART_COUNT_
};

/* A part as it goes onto the stick. */
struct made {
	char *text; /* malloc'ed; NULL: not in this bundle */
	size_t len;
};

struct making {
	struct bundle bundle;
	struct made parts[PART_COUNT_];
	FILE *out, *err;
};

static void making_fini(struct making *m)
{
	for (int i = 0; i < PART_COUNT_; i++) {
		if (m->parts[i].text)
			explicit_bzero(m->parts[i].text, m->parts[i].len);
		free(m->parts[i].text);
	}
}

/* A pack is made of more than one file. */
static bool make_pack(struct making *m, enum part_kind kind, const char *path)
{
	struct made *made = &m->parts[kind];
	int64_t version = (int64_t)m->bundle.number;
	char message[320];

	if (!(kind == PART_SOUNDS ? office_sounds(path, &made->text, &made->len, m->err)
				  : office_notices(path, &made->text, &made->len, m->err)))
		return false;
	if (!part_check(kind, version, made->text, made->len, NULL, message, sizeof(message)))
		return office_wrong(m->err, "--%s: %s: %s", PART[kind].word, path, message);
	bundle_describe(&m->bundle.parts[kind], version, made->text, made->len);
	return true;
}

/* The version of a rulebook is its own, that of the others the bundle's number. */
static bool make_part(struct making *m, enum part_kind kind, const char *path)
{
	struct made *made = &m->parts[kind];
	struct rulebook book = { .version = 0 };
	int64_t version = (int64_t)m->bundle.number;
	char message[320], *text;
	size_t len;

	if (part_is_pack(kind))
		return make_pack(m, kind, path);
	int failed = file_read(path, SOURCE_MAX_BYTES, &text, &len);
	if (failed)
		return office_wrong(m->err, "--%s: %s: %s", PART[kind].word, path,
				    strerror(-failed));
	bool good = strlen(text) == len || office_wrong(m->err, "%s: holds a NUL", path);
	if (good && kind == PART_RULEBOOK) {
		*made = (struct made){ text, len };
		text = NULL;
		/* once to learn its version, and then as for the others */
		good = rulebook_parse(&book, path, made->text, made->len, message,
				      sizeof(message)) ||
		       office_wrong(m->err, "--rulebook: %s", message);
		version = book.version;
	} else if (good) {
		good = office_list(kind, path, text, &made->text, &made->len, m->err);
	}
	if (text)
		explicit_bzero(text, len);
	free(text);
	if (!good)
		return false;
	if (!part_check(kind, version, made->text, made->len, NULL, message, sizeof(message)))
		return office_wrong(m->err, "--%s: %s: %s", PART[kind].word, path, message);
	bundle_describe(&m->bundle.parts[kind], version, made->text, made->len);
	return true;
}

static bool make_parts(struct making *m, const struct office_option *options)
{
	int count = 0;

	for (enum part_kind k = 0; k < PART_COUNT_; k++) {
		const char *path = options[OPT_PARTS + k].value;
		if (path && !make_part(m, k, path))
			return false;
		count += path != NULL;
	}
	return count > 0 || office_wrong(m->err, "sign: nothing to send: name at least one file");
}

static bool build(const struct office_option *options, struct bundle *b, FILE *err)
{
	const struct office_option *issued = &options[OPT_ISSUED];
	int64_t site, number;

	b->issued_ms = (int64_t)time(NULL) * 1000;
	if (!office_number(&options[OPT_SITE], 1, UINT32_MAX, &site, err) ||
	    !office_number(&options[OPT_NUMBER], 1, (int64_t)BUNDLE_NUMBER_MAX, &number, err) ||
	    !office_time(&options[OPT_NOT_AFTER], &b->not_after_ms, err) ||
	    !office_why(&options[OPT_WHY], b->why, err) ||
	    (issued->value && !office_time(issued, &b->issued_ms, err)))
		return false;
	b->site = (uint32_t)site;
	b->number = (uint64_t)number;
	return b->not_after_ms > b->issued_ms ||
	       office_wrong(err, "--not-after: %s is not later than the time of issue",
			    options[OPT_NOT_AFTER].value);
}

/* The bundle's folder on the stick. */
struct target {
	char folder[PATH_MAX];
	char text[BUNDLE_MAX], signature[BUNDLE_SIGNATURE_LEN + 1];
	size_t len;
};

static bool path_in(const struct target *t, const char *name, char path[PATH_MAX], FILE *err)
{
	char suffix[64];

	text_format(suffix, sizeof(suffix), "/%s", name);
	return office_path(t->folder, suffix, path, err);
}

static bool write_one(const struct target *t, const char *name, const char *data, size_t len,
		      FILE *err)
{
	char path[PATH_MAX];

	if (!path_in(t, name, path, err))
		return false;
	int failed = file_write_atomic(path, data, len, 0644);
	return !failed || office_wrong(err, "--out: %s: %s", path, strerror(-failed));
}

static bool remove_one(const struct target *t, const char *name, FILE *err)
{
	char path[PATH_MAX];

	return path_in(t, name, path, err) &&
	       (unlink(path) == 0 || errno == ENOENT ||
		office_wrong(err, "--out: %s: %s", path, strerror(errno)));
}

/* An older bundle there goes first, its signature before all else, so that no mixture of two is
 * ever taken for one. */
static bool write_all(const struct making *m, const struct target *t)
{
	if (mkdir(t->folder, 0755) < 0 && errno != EEXIST)
		return office_wrong(m->err, "--out: %s: %s", t->folder, strerror(errno));
	if (!remove_one(t, BUNDLE_SIGNATURE_NAME, m->err) || !remove_one(t, BUNDLE_NAME, m->err))
		return false;
	for (int i = 0; i < PART_COUNT_; i++)
		if (!(m->parts[i].text ? write_one(t, PART[i].file, m->parts[i].text,
						   m->parts[i].len, m->err)
				       : remove_one(t, PART[i].file, m->err)))
			return false;
	return write_one(t, BUNDLE_NAME, t->text, t->len, m->err) &&
	       write_one(t, BUNDLE_SIGNATURE_NAME, t->signature, BUNDLE_SIGNATURE_LEN, m->err);
}

static bool read_one(const struct target *t, const char *name, size_t max, char **data, size_t *len,
		     FILE *err)
{
	char path[PATH_MAX];

	*data = NULL;
	return path_in(t, name, path, err) && office_read_back(path, max, data, len, err);
}

static bool manifest_good(const struct making *m, const struct target *t,
			  const uint8_t public_key[KEY_BYTES])
{
	char *text, *signature = NULL;
	size_t len, signature_len;
	struct bundle back;

	bool good = read_one(t, BUNDLE_NAME, BUNDLE_MAX, &text, &len, m->err) &&
		    read_one(t, BUNDLE_SIGNATURE_NAME, BUNDLE_MAX, &signature, &signature_len,
			     m->err) &&
		    bundle_open(&back, text, len, signature, signature_len, public_key) ==
			    BUNDLE_GOOD &&
		    len == t->len && memcmp(text, t->text, len) == 0;
	free(text);
	free(signature);
	return good;
}

static bool part_good(const struct making *m, const struct target *t, enum part_kind kind)
{
	char *text;
	size_t len;

	if (m->bundle.parts[kind].version == 0)
		return true;
	bool good = read_one(t, PART[kind].file, PART[kind].max_bytes, &text, &len, m->err) &&
		    bundle_part_fits(&m->bundle.parts[kind], text, len);
	if (text)
		explicit_bzero(text, len);
	free(text);
	return good;
}

/* As a gate will see it. */
static bool verify_all(const struct making *m, const struct target *t,
		       const uint8_t public_key[KEY_BYTES])
{
	bool good = manifest_good(m, t, public_key);

	for (enum part_kind k = 0; good && k < PART_COUNT_; k++)
		good = part_good(m, t, k);
	return good ||
	       office_wrong(m->err, "%s: came back otherwise than it was written", t->folder);
}

static void print_bundle(const struct making *m, const struct target *t,
			 const uint8_t public_key[KEY_BYTES])
{
	char not_after[CIVIL_TEXT_BYTES], fingerprint[KEY_FINGERPRINT_BYTES];

	civil_format_iso(m->bundle.not_after_ms, CHINA_OFFSET_MIN, not_after);
	key_fingerprint(public_key, fingerprint);
	for (int i = 0; i < PART_COUNT_; i++)
		if (m->parts[i].text)
			fprintf(m->out, "good: %s version %" PRId64 ", %zu bytes\n", PART[i].word,
				m->bundle.parts[i].version, m->parts[i].len);
	fprintf(m->out,
		"good: bundle %" PRIu64 " for site %" PRIu32 ", not after %s, signed by key %s\n"
		"good: read back from %s\n",
		m->bundle.number, m->bundle.site, not_after, fingerprint, t->folder);
}

static int send_bundle(struct making *m, const struct office_option *options,
		       const uint8_t seed[KEY_BYTES])
{
	uint8_t public_key[KEY_BYTES];
	struct target t;

	if (!make_parts(m, options) ||
	    !office_path(options[OPT_OUT].value, "/" BUNDLE_FOLDER, t.folder, m->err))
		return 1;
	t.len = bundle_encode(&m->bundle, t.text, sizeof(t.text));
	if (t.len == 0) { /* each option was judged by itself; what is left is rare */
		office_wrong(m->err, "sign: a control character in --why, or a time beyond the "
				     "year 9999");
		return 2;
	}
	bundle_sign(t.text, t.len, seed, t.signature);
	manifest_public(seed, public_key);
	if (!write_all(m, &t) || !verify_all(m, &t, public_key))
		return 1;
	print_bundle(m, &t, public_key);
	return 0;
}

static int sign_command(int argc, char **argv, FILE *out, FILE *err)
{
	struct office_option options[OPT_COUNT_] = {
		[OPT_KEY] = { .name = "key" },
		[OPT_SITE] = { .name = "site" },
		[OPT_NUMBER] = { .name = "number" },
		[OPT_NOT_AFTER] = { .name = "not-after" },
		[OPT_WHY] = { .name = "why" },
		[OPT_OUT] = { .name = "out" },
		[OPT_ISSUED] = { .name = "issued", .optional = true },
	};
	struct making m CLEANUP(making_fini) = { .out = out, .err = err };
	uint8_t seed[KEY_BYTES];

	for (int i = 0; i < PART_COUNT_; i++)
		options[OPT_PARTS + i] =
			(struct office_option){ .name = PART[i].word, .optional = true };
	if (!office_options(argc, argv, options, ARRAY_LEN(options), err) ||
	    !build(options, &m.bundle, err))
		return 2;
	if (!office_seed(options[OPT_KEY].value, seed, err))
		return 1;
	int code = send_bundle(&m, options, seed);
	sodium_memzero(seed, sizeof(seed));
	return code;
}

/* One line from standard input, where nobody else on this computer can read it. */
static bool read_pin(char *pin, size_t cap, FILE *err)
{
	if (!fgets(pin, (int)cap, stdin))
		pin[0] = '\0';
	pin[strcspn(pin, "\r\n")] = '\0';
	size_t len = strlen(pin);
	return (len >= 4 && len <= 12 && strspn(pin, "0123456789") == len) ||
	       office_wrong(err, "account: the PIN on standard input must be 4 to 12 digits");
}

static int account_command(int argc, char **argv, FILE *out, FILE *err)
{
	struct office_option options[] = { { .name = "name" }, { .name = "role" } };
	struct list_entry entry = { 0 };
	char pin[32], line[LIST_FIELDS * LIST_FIELD_BYTES], why[96];
	char hash[crypto_pwhash_STRBYTES];

	if (!office_options(argc, argv, options, ARRAY_LEN(options), err))
		return 2;
	if (!read_pin(pin, sizeof(pin), err))
		return 1;
	int failed = crypto_pwhash_str(hash, pin, strlen(pin), ARGON_PASSES, ARGON_BYTES);
	sodium_memzero(pin, sizeof(pin));
	if (failed || !text_copy(entry.field[0], LIST_FIELD_BYTES, options[0].value) ||
	    !text_copy(entry.field[1], LIST_FIELD_BYTES, options[1].value) ||
	    !text_copy(entry.field[2], LIST_FIELD_BYTES, hash) ||
	    !list_line(PART_ACCOUNTS, &entry, line, sizeof(line), why, sizeof(why))) {
		office_wrong(err,
			     "account: %s as %s: a name is one line of at most %d bytes, a "
			     "role is guard, supervisor or staff",
			     options[0].value, options[1].value, ACCOUNT_BYTES - 1);
		return 1;
	}
	fputs(line, out);
	return 0;
}

static const struct bundle_help {
	const char *name, *usage, *brief, *more;
	int (*run)(int argc, char **argv, FILE *out, FILE *err);
} HELP[] = {
	{ "sign",
	  "sign --key FILE --site N --number N --not-after ISO --why TEXT --out DIR [--issued ISO] "
	  "[--rulebook FILE] [--accounts FILE] [--revoked FILE] [--households FILE] "
	  "[--blocked FILE] [--regions FILE] [--notices FILE] [--vehicles FILE] "
	  "[--sounds FILE] [--invitations FILE]",
	  "Signs a bundle that brings one gate new rules, lists, notices and sounds, and writes it "
	  "onto a stick.",
	  "  --key FILE        the secret key that keygen wrote\n"
	  "  --site N          the number of the gate that is to take it\n"
	  "  --number N        larger than that of every bundle this gate has taken before\n"
	  "  --not-after ISO   the gate refuses it later, as 2026-11-23T18:00:00+08:00\n"
	  "  --why TEXT        at most 47 bytes; shown to whoever confirms it\n"
	  "  --out DIR         the stick; an older bundle there is replaced\n"
	  "  --issued ISO      instead of now\n"
	  "  --rulebook FILE   as rules check takes it; its version must be a new one\n"
	  "  --accounts FILE   everybody who may log in, as account writes them; whoever is not\n"
	  "                    in it no longer can\n"
	  "  --revoked FILE    number of a pass, why\n"
	  "  --households FILE every household: number, grid, last four digits of its phone\n"
	  "  --blocked FILE    document or name, the number or the name, why\n"
	  "  --regions FILE    key areas: code of 2, 4 or 6 digits (GB/T 2260), name, from which "
	  "day\n"
	  "  --notices FILE    what the board shows: a section [name] for each, with title, text\n"
	  "                    (once a line), title_en, text_en, from, until, order, picture\n"
	  "  --vehicles FILE   number plate, household or unit, resident-vehicle, supply-vehicle "
	  "or\n"
	  "                    sanitation, last day of its pass\n"
	  "  --sounds FILE     what is said: a section [zh/clip] or [en/clip] for each, with "
	  "file,\n"
	  "                    and for a broadcast times, from, until\n"
	  "  --invitations FILE  document or phone, its number, household, first and last day, "
	  "why\n\n"
	  "Lists are text in UTF-8, one entry a line, fields separated by a TAB, or in a file "
	  "whose\n"
	  "name ends in .csv by commas or semicolons; lines that begin with # are remarks. Days "
	  "are\n"
	  "YYYY-MM-DD. Each list replaces the gate's whole list, except that a pass that\n"
	  "was revoked stays so. Writes the folder " BUNDLE_FOLDER
	  ", reads it back and checks it.\n",
	  sign_command },
	{ "account", "account --name NAME --role guard|supervisor|staff < PIN",
	  "Prints a line of the list of accounts, with a hash of the PIN read from standard input.",
	  "  --name NAME       as the log-in screen shows it, at most 31 bytes\n"
	  "  --role ROLE       guard, supervisor or staff\n",
	  account_command },
};

void office_bundle_help(FILE *out)
{
	for (size_t i = 0; i < ARRAY_LEN(HELP); i++)
		fprintf(out, "  gatehouse-office %s\n      %s\n", HELP[i].usage, HELP[i].brief);
}

bool office_bundle(int argc, char **argv, FILE *out, FILE *err, int *code)
{
	for (size_t i = 0; i < ARRAY_LEN(HELP); i++) {
		if (strcmp(argv[0], HELP[i].name) != 0)
			continue;
		if (argc != 2 || strcmp(argv[1], "--help") != 0) {
			*code = HELP[i].run(argc, argv, out, err);
			return true;
		}
		fprintf(out, "usage: gatehouse-office %s\n\n%s\n\n%s", HELP[i].usage, HELP[i].brief,
			HELP[i].more);
		*code = 0;
		return true;
	}
	return false;
}
