/*
 * The reader. The header is gathered until its last line is there, judged as a whole, and only
 * then believed; the payload goes out chunk by chunk, each after its seal was checked.
 */
#include <string.h>

#include <sodium.h>

#include "codec/age.h"
#include "codec/base64.h"

#define VERSION_LINE "age-encryption.org/v1\n"
#define LINE_MAX_CHARS 64 /* of a stanza's body; a shorter one ends it */
#define SCRYPT_LOG2_MAX 20 /* 1 GiB */
#define ARGS_MAX 3

struct span {
	const char *data;
	size_t len;
};

struct stanza {
	struct span args[ARGS_MAX]; /* the first is its type */
	int arg_count; /* may be larger than what args holds */
	uint8_t body[AGE_FILE_KEY_BYTES + AGE_TAG_BYTES];
	size_t body_len; /* may be larger than what body holds */
};

static bool is(struct span s, const char *text)
{
	return s.len == strlen(text) && memcmp(s.data, text, s.len) == 0;
}

static bool take_line(struct span *rest, struct span *line)
{
	const char *end = memchr(rest->data, '\n', rest->len);

	if (!end)
		return false;
	*line = (struct span){ rest->data, (size_t)(end - rest->data) };
	rest->len -= line->len + 1;
	rest->data = end + 1;
	return true;
}

static bool decode(struct span text, uint8_t *out, size_t cap, size_t *len)
{
	return base64_decode(text.data, text.len, false, out, cap, len);
}

static bool decode_exact(struct span text, uint8_t *out, size_t want)
{
	size_t len;

	return decode(text, out, want, &len) && len == want;
}

/* Words of visible ASCII, one blank between them. */
static bool split(struct span line, struct stanza *s)
{
	struct span word = { line.data, 0 };

	for (size_t i = 0; i <= line.len; i++) {
		char c = i < line.len ? line.data[i] : ' ';
		if (c < ' ' || c > '~')
			return false;
		if (c != ' ') {
			word.len++;
			continue;
		}
		if (word.len == 0)
			return false;
		if (s->arg_count < ARGS_MAX)
			s->args[s->arg_count] = word;
		s->arg_count++;
		word = (struct span){ line.data + i + 1, 0 };
	}
	return true;
}

static bool take_stanza(struct span *rest, struct stanza *s)
{
	struct span line;

	*s = (struct stanza){ 0 };
	if (!take_line(rest, &line) || line.len < 4 || memcmp(line.data, "-> ", 3) != 0 ||
	    !split((struct span){ line.data + 3, line.len - 3 }, s))
		return false;
	do {
		uint8_t bytes[LINE_MAX_CHARS];
		size_t len;
		if (!take_line(rest, &line) || line.len > LINE_MAX_CHARS ||
		    !decode(line, bytes, sizeof(bytes), &len))
			return false;
		if (s->body_len + len <= sizeof(s->body))
			memcpy(s->body + s->body_len, bytes, len);
		s->body_len += len;
	} while (line.len == LINE_MAX_CHARS);
	return true;
}

static bool unwrap(const struct stanza *s, const uint8_t wrap_key[32], uint8_t *file_key)
{
	static const uint8_t NONCE[12];

	return crypto_aead_chacha20poly1305_ietf_decrypt(file_key, NULL, NULL, s->body,
							 sizeof(s->body), NULL, 0, NONCE,
							 wrap_key) == 0;
}

/* AGE_NO_KEY: go on with the next stanza. */
static enum age_outcome try_x25519(struct age_reader *r, const struct stanza *s)
{
	uint8_t share[32], recipient[32], wrap_key[32];
	enum age_outcome outcome = AGE_NO_KEY;

	if (s->arg_count != 2 || !decode_exact(s->args[1], share, sizeof(share)) ||
	    s->body_len != sizeof(s->body))
		return AGE_NOT_AGE;
	for (int i = 0; outcome == AGE_NO_KEY && i < r->keys->count; i++) {
		const uint8_t *identity = r->keys->identities[i];
		age_public(identity, recipient);
		if (!age_wrap_key(identity, share, share, recipient, wrap_key))
			outcome = AGE_NOT_AGE;
		else if (unwrap(s, wrap_key, r->file_key))
			outcome = AGE_GOOD;
	}
	sodium_memzero(wrap_key, sizeof(wrap_key));
	return outcome;
}

/* A decimal number without a leading zero; 0 for anything else. */
static int work_factor(struct span text)
{
	int n = 0;

	if (text.len < 1 || text.len > 2 || text.data[0] == '0')
		return 0;
	for (size_t i = 0; i < text.len; i++) {
		if (text.data[i] < '0' || text.data[i] > '9')
			return 0;
		n = 10 * n + (text.data[i] - '0');
	}
	return n;
}

static enum age_outcome try_scrypt(struct age_reader *r, const struct stanza *s)
{
	uint8_t salt[16], wrap_key[32];
	int log2_n = s->arg_count == 3 ? work_factor(s->args[2]) : 0;

	if (log2_n == 0 || !decode_exact(s->args[1], salt, sizeof(salt)) ||
	    s->body_len != sizeof(s->body))
		return AGE_NOT_AGE;
	if (!r->keys->passphrase)
		return AGE_PASSPHRASE_WANTED;
	if (log2_n > SCRYPT_LOG2_MAX || !age_scrypt(r->keys->passphrase, salt, log2_n, wrap_key))
		return AGE_TOO_COSTLY;
	bool fits = unwrap(s, wrap_key, r->file_key);
	sodium_memzero(wrap_key, sizeof(wrap_key));
	return fits ? AGE_GOOD : AGE_NO_KEY;
}

/* Every stanza is looked at, even after one has opened: a header is well formed or it is not. */
static enum age_outcome read_stanzas(struct age_reader *r, struct span rest)
{
	enum age_outcome outcome = AGE_NO_KEY, one;
	bool scrypt = false;
	struct stanza s;
	int count = 0;

	for (; rest.len > 0; count++) {
		if (!take_stanza(&rest, &s))
			return AGE_NOT_AGE;
		one = AGE_NO_KEY;
		if (is(s.args[0], "X25519") && outcome != AGE_GOOD)
			one = try_x25519(r, &s);
		else if (is(s.args[0], "scrypt"))
			scrypt = true;
		if (one == AGE_NOT_AGE)
			return one;
		if (one == AGE_GOOD)
			outcome = one;
	}
	if (count == 0 || (scrypt && count > 1)) /* the format forbids a passphrase beside others */
		return AGE_NOT_AGE;
	return scrypt ? try_scrypt(r, &s) : outcome;
}

/* header[0..len) ends with the "---" of its last line; mac is what stands behind that. */
static enum age_outcome read_header(struct age_reader *r, size_t len, struct span mac_text)
{
	const char *header = (const char *)r->buffer;
	uint8_t mac[32], want[32], key[32];
	size_t version = strlen(VERSION_LINE);
	crypto_auth_hmacsha256_state state;

	if (!decode_exact(mac_text, mac, sizeof(mac)))
		return AGE_NOT_AGE;
	enum age_outcome outcome =
		read_stanzas(r, (struct span){ header + version, len - version - 3 });
	if (outcome != AGE_GOOD)
		return outcome;
	age_hkdf(r->file_key, sizeof(r->file_key), "", 0, "header", key);
	crypto_auth_hmacsha256_init(&state, key, sizeof(key));
	crypto_auth_hmacsha256_update(&state, r->buffer, len);
	crypto_auth_hmacsha256_final(&state, want);
	sodium_memzero(key, sizeof(key));
	return sodium_memcmp(mac, want, sizeof(mac)) == 0 ? AGE_GOOD : AGE_HEADER_ALTERED;
}

static void fail(struct age_reader *r, enum age_outcome outcome)
{
	r->outcome = outcome;
}

/* Is the whole header in the buffer? Then it is judged and what follows it moved to the front. */
static void look_for_header(struct age_reader *r)
{
	const char *begin = (const char *)r->buffer;
	size_t version = strlen(VERSION_LINE), n = r->fill < version ? r->fill : version;

	if (memcmp(begin, VERSION_LINE, n) != 0) {
		fail(r, AGE_NOT_AGE);
		return;
	}
	if (n < version)
		return;
	const char *mark = memmem(begin + version - 1, r->fill - version + 1, "\n---", 4);
	struct span rest = { begin, 0 }, line;
	if (mark)
		rest = (struct span){ mark + 4, (size_t)(begin + r->fill - mark) - 4 };
	if (!take_line(&rest, &line)) {
		if (r->fill > AGE_HEADER_MAX)
			fail(r, AGE_NOT_AGE);
		return;
	}
	if (line.len < 1 || line.data[0] != ' ')
		fail(r, AGE_NOT_AGE);
	else
		r->outcome = read_header(r, (size_t)(mark + 4 - begin),
					 (struct span){ line.data + 1, line.len - 1 });
	r->header_read = true;
	memmove(r->buffer, rest.data, rest.len);
	r->fill = rest.len;
}

static void take_nonce(struct age_reader *r)
{
	if (r->fill < 16)
		return;
	age_hkdf(r->file_key, sizeof(r->file_key), r->buffer, 16, "payload", r->key);
	sodium_memzero(r->file_key, sizeof(r->file_key));
	r->fill -= 16;
	memmove(r->buffer, r->buffer + 16, r->fill);
	r->keyed = true;
}

static bool opens(const struct age_reader *r, bool last, uint8_t *out)
{
	uint8_t nonce[12];

	age_nonce(r->chunk, last, nonce);
	return crypto_aead_chacha20poly1305_ietf_decrypt(out, NULL, NULL, r->buffer, r->fill, NULL,
							 0, nonce, r->key) == 0;
}

static void unseal(struct age_reader *r, bool last)
{
	if (!opens(r, last, r->buffer)) {
		fail(r, AGE_CHUNK_ALTERED);
		return;
	}
	size_t len = r->fill - AGE_TAG_BYTES;
	r->chunk++;
	r->fill = 0;
	r->error = len > 0 ? r->sink(r->ctx, r->buffer, len) : 0;
	if (r->error)
		fail(r, AGE_STOPPED);
}

void age_open(struct age_reader *r, const struct age_keys *keys, age_sink_fn sink, void *ctx)
{
	*r = (struct age_reader){ .keys = keys, .sink = sink, .ctx = ctx };
}

/* The header is looked for again each time some of it came: the pieces are large. */
bool age_feed(struct age_reader *r, const void *bytes, size_t len)
{
	const uint8_t *from = bytes;

	while (len > 0 && r->outcome == AGE_GOOD) {
		size_t cap = r->header_read ? sizeof(r->buffer) : AGE_HEADER_MAX + 1;
		if (r->keyed && r->fill == cap)
			unseal(r, false);
		size_t room = cap - r->fill, n = len < room ? len : room;
		memcpy(r->buffer + r->fill, from, n);
		r->fill += n;
		from += n;
		len -= n;
		if (!r->header_read)
			look_for_header(r);
		if (r->outcome == AGE_GOOD && r->header_read && !r->keyed)
			take_nonce(r);
	}
	return r->outcome == AGE_GOOD;
}

static void unseal_last(struct age_reader *r)
{
	if (!r->keyed || r->fill < AGE_TAG_BYTES)
		fail(r, AGE_CUT);
	else if (r->chunk > 0 && r->fill == AGE_TAG_BYTES)
		fail(r, AGE_CHUNK_ALTERED); /* only a file without content ends in an empty chunk */
	else if (r->fill == sizeof(r->buffer) && opens(r, false, NULL))
		fail(r, AGE_CUT); /* sealed as one that others follow */
	else
		unseal(r, true);
}

enum age_outcome age_close(struct age_reader *r)
{
	if (r->outcome == AGE_GOOD && !r->header_read)
		fail(r, r->fill < strlen(VERSION_LINE) ? AGE_NOT_AGE : AGE_CUT);
	else if (r->outcome == AGE_GOOD)
		unseal_last(r);
	enum age_outcome outcome = r->outcome;
	uint64_t chunk = r->chunk;
	int error = r->error;
	sodium_memzero(r, sizeof(*r));
	r->outcome = outcome;
	r->chunk = chunk;
	r->error = error;
	return outcome;
}
