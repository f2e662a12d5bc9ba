#include "office/keyring.h"

#include <stdlib.h>
#include <string.h>

#include "base/fileio.h"
#include "base/text.h"

#define FILE_MAX 16384

static bool take_line(struct keyring *ring, char *line)
{
	line[strcspn(line, "\r")] = '\0';
	text_trim(line);
	if (line[0] == '\0' || line[0] == '#')
		return true;
	return ring->count < KEYRING_MAX &&
	       age_identity_parse(line, ring->identities[ring->count]) && ++ring->count > 0;
}

bool keyring_identities(struct keyring *ring, const char *path, char *why, size_t cap)
{
	int before = ring->count, number = 0;
	bool good = true;
	char *data;
	size_t len;
	int err = file_read(path, FILE_MAX, &data, &len);

	if (err) {
		text_format(why, cap, "--identity: %s: %s", path, strerror(-err));
		return false;
	}
	for (char *line = data, *next; good && line; line = next) {
		next = strchr(line, '\n');
		if (next)
			*next++ = '\0';
		number++;
		good = take_line(ring, line);
	}
	explicit_bzero(data, len);
	free(data);
	if (!good)
		text_format(why, cap,
			    "--identity: %s: line %d is no identity (AGE-SECRET-KEY-1...)", path,
			    number);
	else if (ring->count == before)
		text_format(why, cap, "--identity: %s: holds no identity", path);
	return good && ring->count > before;
}

bool keyring_passphrase(struct keyring *ring, const char *path, char *why, size_t cap)
{
	char *data;
	size_t len;
	int err = file_read(path, AGE_PASSPHRASE_BYTES, &data, &len);

	if (err) {
		text_format(why, cap, "--passphrase-file: %s: %s", path, strerror(-err));
		return false;
	}
	data[strcspn(data, "\r\n")] = '\0';
	bool good = data[0] && text_copy(ring->passphrase, sizeof(ring->passphrase), data);
	explicit_bzero(data, len);
	free(data);
	if (!good)
		text_format(why, cap, "--passphrase-file: %s: its first line is no passphrase",
			    path);
	return good;
}

struct age_keys keyring_keys(const struct keyring *ring)
{
	return (struct age_keys){ .identities = ring->identities,
				  .count = ring->count,
				  .passphrase = ring->passphrase[0] ? ring->passphrase : NULL };
}

bool keyring_empty(const struct keyring *ring)
{
	return ring->count == 0 && ring->passphrase[0] == '\0';
}
