#include "office/sign.h"

#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "base/fileio.h"
#include "base/text.h"
#include "codec/hex.h"
#include "codec/manifest.h"
#include "codec/minisign.h"
#include "office/options.h"

#define FILE_MAX ((size_t)256 << 20)

/* The public file looks the same and would sign, with a secret that everybody knows. */
bool office_seed(const char *path, uint8_t seed[KEY_BYTES], FILE *err)
{
	size_t len, name_len = strlen(path);
	char *data;

	if (name_len >= 4 && strcmp(path + name_len - 4, ".pub") == 0)
		return office_wrong(err, "--key: %s is a public key; the secret one ends in .key",
				    path);
	int failed = file_read(path, 4096, &data, &len);
	if (failed)
		return office_wrong(err, "--key: %s: %s", path, strerror(-failed));
	bool good = len == (2 * KEY_BYTES + 1) && data[len - 1] == '\n' &&
		    hex_decode(data, len - 1, seed, KEY_BYTES);
	explicit_bzero(data, len);
	free(data);
	return good || office_wrong(err, "--key: %s is no key as keygen writes it", path);
}

static bool comment_fit(const char *comment, FILE *err)
{
	size_t len = strlen(comment);

	if (len > 0 && len < MINISIGN_COMMENT_BYTES && utf8_valid(comment, len) &&
	    !text_has_control(comment))
		return true;
	return office_wrong(err,
			    "--comment: is not one line of 1 to %d bytes of plain text in UTF-8",
			    MINISIGN_COMMENT_BYTES - 1);
}

/* Signs, writes, and reads it back as minisign will. */
static bool sign_file(const char *path, const char *comment, const uint8_t seed[KEY_BYTES],
		      FILE *out, FILE *err)
{
	char signature_path[PATH_MAX], signature[MINISIGN_TEXT_MAX], said[MINISIGN_COMMENT_BYTES];
	char fingerprint[KEY_FINGERPRINT_BYTES], *data;
	uint8_t hash[MINISIGN_HASH_BYTES], public_key[KEY_BYTES];
	struct minisign_key key;
	size_t len;

	if (!office_path(path, ".minisig", signature_path, err))
		return false;
	int failed = file_read(path, FILE_MAX, &data, &len);
	if (failed)
		return office_wrong(err, "--file: %s: %s", path, strerror(-failed));
	minisign_hash(data, len, hash);
	free(data);
	len = minisign_sign(hash, seed, comment, signature);
	failed = file_write_atomic(signature_path, signature, len, 0644);
	if (failed)
		return office_wrong(err, "%s: %s", signature_path, strerror(-failed));
	manifest_public(seed, public_key);
	minisign_key_of(public_key, &key);
	failed = file_read(signature_path, MINISIGN_TEXT_MAX, &data, &len);
	bool same = !failed && minisign_verify(data, len, hash, &key, said) == MINISIGN_GOOD;
	if (!failed)
		free(data);
	if (!same)
		return office_wrong(err, "%s: came back otherwise than it was written",
				    signature_path);
	key_fingerprint(public_key, fingerprint);
	fprintf(out, "good: %s, signed by key %s\n", signature_path, fingerprint);
	return true;
}

int office_sign(int argc, char **argv, FILE *out, FILE *err)
{
	enum { KEY, FILE_NAME, COMMENT };
	struct office_option options[] = {
		[KEY] = { .name = "key" },
		[FILE_NAME] = { .name = "file" },
		[COMMENT] = { .name = "comment" },
	};
	uint8_t seed[KEY_BYTES];

	if (!office_options(argc, argv, options, ARRAY_LEN(options), err) ||
	    !comment_fit(options[COMMENT].value, err))
		return 2;
	if (!office_seed(options[KEY].value, seed, err))
		return 1;
	bool good = sign_file(options[FILE_NAME].value, options[COMMENT].value, seed, out, err);
	sodium_memzero(seed, sizeof(seed));
	return good ? 0 : 1;
}
