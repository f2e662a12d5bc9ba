#include "office/keygen.h"

#include <fcntl.h>
#include <string.h>

#include <sodium.h>

#include "base/fileio.h"
#include "base/text.h"
#include "codec/age.h"
#include "codec/hex.h"
#include "codec/manifest.h"
#include "codec/minisign.h"
#include "office/key.h"
#include "office/options.h"

struct key_file {
	const char *suffix;
	mode_t mode;
	size_t len;
	char path[PATH_MAX], text[MINISIGN_TEXT_MAX];
};

enum { SEED_SECRET, SEED_PUBLIC, MINISIGN_SECRET, MINISIGN_PUBLIC, IDENTITY, RECIPIENT, FILES };

static void put_hex(struct key_file *file, const uint8_t bytes[KEY_BYTES])
{
	hex_encode(bytes, KEY_BYTES, file->text);
	strcat(file->text, "\n");
	file->len = strlen(file->text);
}

static void make_signing(struct key_file files[FILES], uint8_t public_key[KEY_BYTES])
{
	uint8_t seed[KEY_BYTES];
	struct minisign_key key;

	randombytes_buf(seed, sizeof(seed));
	manifest_public(seed, public_key);
	minisign_key_of(public_key, &key);
	put_hex(&files[SEED_SECRET], seed);
	put_hex(&files[SEED_PUBLIC], public_key);
	files[MINISIGN_SECRET].len = minisign_secret_file(seed, files[MINISIGN_SECRET].text);
	files[MINISIGN_PUBLIC].len = minisign_public_file(&key, files[MINISIGN_PUBLIC].text);
	sodium_memzero(seed, sizeof(seed));
}

/* As age-keygen writes it. */
static void make_opening(struct key_file files[FILES], char recipient[AGE_KEY_TEXT_BYTES])
{
	uint8_t identity[AGE_KEY_BYTES], key[AGE_KEY_BYTES];
	char secret[AGE_KEY_TEXT_BYTES];

	randombytes_buf(identity, sizeof(identity));
	age_public(identity, key);
	age_recipient_text(key, recipient);
	age_identity_text(identity, secret);
	text_format(files[IDENTITY].text, sizeof(files[IDENTITY].text), "# public key: %s\n%s\n",
		    recipient, secret);
	text_format(files[RECIPIENT].text, sizeof(files[RECIPIENT].text), "%s\n", recipient);
	files[IDENTITY].len = strlen(files[IDENTITY].text);
	files[RECIPIENT].len = strlen(files[RECIPIENT].text);
	sodium_memzero(identity, sizeof(identity));
	sodium_memzero(secret, sizeof(secret));
}

/* A file that was not there before; it survives a power cut. */
static int write_new(const struct key_file *file)
{
	CLEANUP(close_fd)
	int fd = open(file->path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, file->mode);

	if (fd < 0)
		return -errno;
	int err = fd_write_all(fd, file->text, file->len);
	if (!err && fsync(fd) < 0)
		err = -errno;
	if (err)
		unlink(file->path);
	return err;
}

/* All of them or none: those just made have been used by nobody. */
static bool write_all(const struct key_file files[FILES], FILE *err)
{
	for (int i = 0; i < FILES; i++) {
		int failed = write_new(&files[i]);
		if (!failed)
			continue;
		office_wrong(err, "--out: %s: %s", files[i].path, strerror(-failed));
		while (i-- > 0)
			unlink(files[i].path);
		return false;
	}
	return true;
}

int office_keygen(int argc, char **argv, FILE *out, FILE *err)
{
	struct key_file files[FILES] = {
		[SEED_SECRET] = { .suffix = ".key", .mode = 0600 },
		[SEED_PUBLIC] = { .suffix = ".pub", .mode = 0644 },
		[MINISIGN_SECRET] = { .suffix = ".minisign.key", .mode = 0600 },
		[MINISIGN_PUBLIC] = { .suffix = ".minisign.pub", .mode = 0644 },
		[IDENTITY] = { .suffix = ".identity", .mode = 0600 },
		[RECIPIENT] = { .suffix = ".recipient", .mode = 0644 },
	};
	struct office_option prefix = { .name = "out" };
	char fingerprint[KEY_FINGERPRINT_BYTES], recipient[AGE_KEY_TEXT_BYTES];
	uint8_t public_key[KEY_BYTES];

	if (!office_options(argc, argv, &prefix, 1, err))
		return 2;
	for (int i = 0; i < FILES; i++)
		if (!office_path(prefix.value, files[i].suffix, files[i].path, err))
			return 1;
	make_signing(files, public_key);
	make_opening(files, recipient);
	bool written = write_all(files, err);
	if (written) {
		key_fingerprint(public_key, fingerprint);
		fprintf(out,
			"good: %s signs orders: keep it where nobody else can read it\n"
			"good: %s goes into every gate's configuration, fingerprint %s\n"
			"good: %s is the same key for minisign\n"
			"good: %s opens exports: keep it as safe, and a copy of it\n"
			"good: recipient = %s is the line for [office] of every gate\n",
			files[SEED_SECRET].path, files[SEED_PUBLIC].path, fingerprint,
			files[MINISIGN_SECRET].path, files[IDENTITY].path, recipient);
	}
	sodium_memzero(files, sizeof(files));
	return written ? 0 : 1;
}
