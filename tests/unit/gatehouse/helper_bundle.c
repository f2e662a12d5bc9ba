#include "helper_bundle.h"

#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "base/fileio.h"
#include "core/notices.h"
#include "core/sounds.h"

const uint8_t office_seed[32] = "an office's seed for tests only";

#define HASH_OF "$argon2id$v=19$m=19456,t=2,p=1$Cig4BN1N64L6UbD4Lg3H3g$GQzjkiMnYS++R+hYC/o+"

const char *const list_sample[PART_COUNT_] = {
	[PART_ACCOUNTS] = "周敏\tstaff\t" HASH_OF "fTK4mWOPUnF0tnDvcheBkjw\n"
			  "李强\tguard\t" HASH_OF "fTK4mWOPUnF0tnDvcheBkjw\n",
	[PART_REVOKED] = "17\t遗失\n",
	[PART_HOUSEHOLDS] = "3-2-501\t一网格\t1234\n3-2-502\t\t\n",
	[PART_BLOCKED] = "document\tE12345678\t协查\n",
	[PART_INVITATIONS] = "document\tE12345678\t3-2-501\t2026-11-20\t2026-11-25\t探亲\n",
	[PART_REGIONS] = "31\t上海市\t2026-11-20\n",
	[PART_VEHICLES] = "京A12345\t3-2-501\tresident-vehicle\t2026-12-31\n",
};

void stick_init(struct office_stick *s)
{
	memset(s, 0, sizeof(*s));
	strcpy(s->root, "/tmp/gatehouse-bundle-XXXXXX");
	assert_non_null(mkdtemp(s->root));
	snprintf(s->stick, sizeof(s->stick), "%s/stick", s->root);
	snprintf(s->folder, sizeof(s->folder), "%s/" BUNDLE_FOLDER, s->stick);
	snprintf(s->work, sizeof(s->work), "%s/work", s->root);
	assert_int_equal(mkdir(s->stick, 0700), 0);
	assert_int_equal(mkdir(s->folder, 0700), 0);
	assert_int_equal(mkdir(s->work, 0700), 0);
	s->bundle = (struct bundle){ .site = 7,
				     .number = 12,
				     .issued_ms = BUNDLE_ISSUED_MS,
				     .not_after_ms = BUNDLE_ISSUED_MS + 3600000,
				     .why = "区指挥部通知第12号" };
}

static int remove_one(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
	(void)st;
	(void)flag;
	(void)ftw;
	return remove(path);
}

void stick_remove(const char *path)
{
	assert_int_equal(nftw(path, remove_one, 8, FTW_DEPTH | FTW_PHYS), 0);
}

void stick_fini(struct office_stick *s)
{
	stick_remove(s->root);
}

void stick_put(const struct office_stick *s, const char *name, const char *data, size_t len)
{
	char path[160];

	snprintf(path, sizeof(path), "%s/%s", s->folder, name);
	assert_int_equal(file_write_atomic(path, data, len, 0600), 0);
}

void stick_put_part(struct office_stick *s, enum part_kind kind, int64_t version, const char *text,
		    size_t len)
{
	bundle_describe(&s->bundle.parts[kind], version, text, len);
	stick_put(s, PART[kind].file, text, len);
}

void stick_sign(const struct office_stick *s)
{
	char text[BUNDLE_MAX], signature[BUNDLE_SIGNATURE_LEN + 1];
	size_t len = bundle_encode(&s->bundle, text, sizeof(text));

	assert_true(len > 0);
	bundle_sign(text, len, office_seed, signature);
	stick_put(s, BUNDLE_NAME, text, len);
	stick_put(s, BUNDLE_SIGNATURE_NAME, signature, BUNDLE_SIGNATURE_LEN);
}

static size_t notices_sample(char *out)
{
	static const uint8_t PIXELS[12] = { 0xF8, 0, 0, 31 };
	struct notices list = {
		.count = 1,
		.items = { { .name = "masks",
			     .title = { "请佩戴口罩", "Wear a mask" },
			     .text = { "在门岗领取", "The guard has some" },
			     .width = 3,
			     .height = 2,
			     .pixels = PIXELS } },
	};

	return notices_encode(&list, out, PART_SAMPLE_MAX);
}

static size_t sounds_sample(char *out)
{
	static struct sounds list = { .count = 1 };
	struct sound *s = &list.items[0];

	assert_true(sound_call(s, "zh/test-today"));
	s->time_count = 1;
	s->times_min[0] = 540;
	s->samples = (const uint8_t *)"abcdefgh";
	s->len_bytes = 8;
	return sounds_encode(&list, out, PART_SAMPLE_MAX);
}

size_t part_sample(enum part_kind kind, char out[PART_SAMPLE_MAX])
{
	if (kind == PART_NOTICES)
		return notices_sample(out);
	if (kind == PART_SOUNDS)
		return sounds_sample(out);
	assert_non_null(list_sample[kind]);
	strcpy(out, list_sample[kind]);
	return strlen(out);
}
