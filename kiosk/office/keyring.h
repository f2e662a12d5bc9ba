/*
 * With what the office opens exports: age identities from a file as gatehouse-office keygen or
 * age-keygen write it, or a passphrase from a file. Never from the command line, where other users
 * of the computer could read them.
 */
#ifndef OFFICE_KEYRING_H
#define OFFICE_KEYRING_H

#include "codec/age.h"

#define KEYRING_MAX 16

struct keyring {
	uint8_t identities[KEYRING_MAX][AGE_KEY_BYTES];
	int count;
	char passphrase[AGE_PASSPHRASE_BYTES]; /* "" = none */
};

/* Each adds to the ring. False, and a sentence in why (cap bytes), when the file holds no such
 * thing.
 */
MUST_CHECK bool keyring_identities(struct keyring *ring, const char *path, char *why, size_t cap);
MUST_CHECK bool keyring_passphrase(struct keyring *ring, const char *path, char *why, size_t cap);

/* As the reader of age files wants it; lives as long as the ring. */
struct age_keys keyring_keys(const struct keyring *ring);
bool keyring_empty(const struct keyring *ring);

#endif
