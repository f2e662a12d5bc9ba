/*
 * Files in the age v1 format (C2SP, age-encryption.org/v1): what the office alone can read, and the
 * plain age program opens. Pure and streaming; the writer for the kiosk, the reader for the office.
 *
 *   header   a stanza for each recipient, in which the file key is wrapped, and a MAC over them
 *   payload  chunks of 64 KiB, each sealed with its number and with whether it is the last: cut,
 *            swapped, repeated or added chunks do not open
 *
 * A file has X25519 recipients or one passphrase, never both: the format forbids it.
 */
#ifndef CODEC_AGE_H
#define CODEC_AGE_H

#include "base/defs.h"

#define AGE_KEY_BYTES 32
#define AGE_KEY_TEXT_BYTES 76 /* the longer of the two texts, terminator included */
#define AGE_RECIPIENTS_MAX 8
#define AGE_PASSPHRASE_BYTES 128
#define AGE_HEADER_MAX 16384 /* of a file that is read: some hundred recipients */
#define AGE_CHUNK_BYTES 65536
#define AGE_TAG_BYTES 16
#define AGE_FILE_KEY_BYTES 16

/* Keys as text: "age1..." for the public one, "AGE-SECRET-KEY-1..." for the secret one. text holds
 * AGE_KEY_TEXT_BYTES. Reading is strict: false on anything else. */
void age_recipient_text(const uint8_t key[AGE_KEY_BYTES], char *text);
MUST_CHECK bool age_recipient_parse(const char *text, uint8_t key[AGE_KEY_BYTES]);
void age_identity_text(const uint8_t identity[AGE_KEY_BYTES], char *text);
MUST_CHECK bool age_identity_parse(const char *text, uint8_t identity[AGE_KEY_BYTES]);

/* The recipient that belongs to an identity. */
void age_public(const uint8_t identity[AGE_KEY_BYTES], uint8_t key[AGE_KEY_BYTES]);

/* Where the bytes go, in order; 0, or a negative errno that ends the work and comes back. */
typedef int (*age_sink_fn)(void *ctx, const void *bytes, size_t len);

/* For whom a file is: recipients, or - when there are none - a passphrase. */
struct age_to {
	int count;
	uint8_t recipients[AGE_RECIPIENTS_MAX][AGE_KEY_BYTES];
	char passphrase[AGE_PASSPHRASE_BYTES];
};

/* Fresh random bytes for one file, all of them; whoever knows them can read it. Wiped by use. */
struct age_random {
	uint8_t file_key[AGE_FILE_KEY_BYTES], nonce[16], salt[16];
	uint8_t ephemeral[AGE_RECIPIENTS_MAX][AGE_KEY_BYTES];
};

struct age_writer {
	age_sink_fn sink;
	void *ctx; /* the sink's */
	uint8_t key[32];
	uint64_t chunk; /* number of the one in buffer */
	size_t fill;
	uint8_t buffer[AGE_CHUNK_BYTES + AGE_TAG_BYTES];
};

/* Writes the header. A passphrase takes 32 MiB and some tenths of a second. -EINVAL: for nobody, or
 * a recipient that is no key; -ENOMEM. */
MUST_CHECK int age_begin(struct age_writer *w, const struct age_to *to, struct age_random *random,
			 age_sink_fn sink, void *ctx);
MUST_CHECK int age_write(struct age_writer *w, const void *bytes, size_t len);

/* Writes the last chunk. The writer is wiped, whatever comes back. */
MUST_CHECK int age_end(struct age_writer *w);

/* With what a file is tried. The memory is the caller's. */
struct age_keys {
	const uint8_t (*identities)[AGE_KEY_BYTES];
	int count;
	const char *passphrase; /* NULL = none */
};

enum age_outcome {
	AGE_GOOD,
	AGE_NOT_AGE, /* not an age file, or its header was altered so that it is none */
	AGE_NO_KEY, /* none of the keys opens it */
	AGE_PASSPHRASE_WANTED, /* it was made for a passphrase, and none was given */
	AGE_TOO_COSTLY, /* its passphrase would take more memory than is sensible */
	AGE_HEADER_ALTERED, /* a key fits, but the header's MAC does not */
	AGE_CHUNK_ALTERED, /* chunk r->chunk was altered, or is not where it was */
	AGE_CUT, /* the file ends too early */
	AGE_STOPPED, /* the sink failed: r->error */
	AGE_OUTCOME_COUNT_
};

struct age_reader {
	const struct age_keys *keys; /* the caller's, until the header is read */
	age_sink_fn sink;
	void *ctx; /* the sink's */
	enum age_outcome outcome;
	int error;
	bool header_read, keyed;
	uint8_t file_key[AGE_FILE_KEY_BYTES], key[32];
	uint64_t chunk;
	size_t fill;
	uint8_t buffer[AGE_CHUNK_BYTES + AGE_TAG_BYTES];
};

void age_open(struct age_reader *r, const struct age_keys *keys, age_sink_fn sink, void *ctx);

/* The file, in pieces of any size. False once it cannot be read: r->outcome. What reached the sink
 * by then is genuine, but not all of it. */
MUST_CHECK bool age_feed(struct age_reader *r, const void *bytes, size_t len);

/* The file has ended. AGE_GOOD alone means that the sink has had every byte of it. Wipes r. */
MUST_CHECK enum age_outcome age_close(struct age_reader *r);

/* Inside age.c and age_open.c: RFC 5869 with SHA-256, one block. */
void age_hkdf(const void *ikm, size_t ikm_len, const void *salt, size_t salt_len, const char *info,
	      uint8_t out[32]);
MUST_CHECK bool age_scrypt(const char *passphrase, const uint8_t salt[16], int log2_n,
			   uint8_t out[32]);
/* The wrap key of an X25519 stanza; false for a share that is no key. scalar and point make the
 * secret both sides know. */
MUST_CHECK bool age_wrap_key(const uint8_t scalar[32], const uint8_t point[32],
			     const uint8_t share[32], const uint8_t recipient[32], uint8_t out[32]);
void age_nonce(uint64_t chunk, bool last, uint8_t nonce[12]);

#endif
