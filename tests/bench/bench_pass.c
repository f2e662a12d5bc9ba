/* Signing and checking a pass token: what stands between a code in the camera and the gate. */
#include <string.h>

#include "bench.h"
#include "codec/pass.h"

int main(void)
{
	const uint8_t seed[PASS_SEED_BYTES] = { 1, 2, 3 };
	struct pass pass = {
		.key_id = 1,
		.site = 7,
		.flags = PASS_FLAG_SINGLE_USE,
		.not_before_s = 1795392000,
		.expires_s = 1795406400,
		.max_uses = 1,
	};
	struct pass_key key = { .key_id = 1, .site = 7 };
	pass_public(seed, key.public_key);

	struct bench sign = bench_start("sign a pass");
	struct bench verify = bench_start("verify a good pass");
	struct bench reject = bench_start("reject an altered pass");
	for (int i = 0; i < 5000; i++) {
		char text[PASS_TEXT_BYTES];
		struct pass read;
		pass.serial = (uint64_t)i;
		bench_begin(&sign);
		pass_sign(&pass, seed, text);
		bench_end(&sign);

		size_t len = strlen(text);
		bench_begin(&verify);
		enum pass_parse good = pass_verify(&read, text, len, &key, 1);
		bench_end(&verify);
		bench_need(good != PASS_PARSE_OK || read.serial != pass.serial, "verify");

		char *digit = &text[len - 20];
		*digit = *digit == '0' ? '1' : '0';
		bench_begin(&reject);
		enum pass_parse bad = pass_verify(&read, text, len, &key, 1);
		bench_end(&reject);
		bench_need(bad == PASS_PARSE_OK, "reject");
	}
	bench_report(&sign);
	bench_report(&verify);
	bench_report(&reject);
	return 0;
}
