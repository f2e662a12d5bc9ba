/*
 * Announcements through SDL's "disk" driver: the file holds exactly the samples of what was said.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "base/fileio.h"
#include "base/text.h"
#include "hal/speaker.h"

#define RATE_HZ 22050
#define BUFFER_BYTES 2048
#define SHORT_SAMPLES 5000
#define LONG_SAMPLES (RATE_HZ * 8)

struct fixture {
	char dir[64], pcm[96];
};

static void put_le(uint8_t *p, uint32_t value, size_t width)
{
	for (size_t i = 0; i < width; i++)
		p[i] = (uint8_t)(value >> (8 * i));
}

static int16_t sample(uint32_t i, int16_t seed)
{
	return (int16_t)(seed + (int16_t)(i % 9973));
}

/* RIFF/WAVE, PCM: "fmt " chunk of 16 bytes, then "data". */
static void write_wav(const char *path, uint32_t samples, int16_t seed, uint16_t channels)
{
	size_t len = 44 + samples * 2;
	uint8_t *wav = calloc(1, len);
	assert_non_null(wav);
	memcpy(wav, "RIFF", 4);
	put_le(wav + 4, (uint32_t)len - 8, 4);
	memcpy(wav + 8, "WAVEfmt ", 8);
	put_le(wav + 16, 16, 4);
	put_le(wav + 20, 1, 2);
	put_le(wav + 22, channels, 2);
	put_le(wav + 24, RATE_HZ, 4);
	put_le(wav + 28, RATE_HZ * 2U * channels, 4);
	put_le(wav + 32, 2U * channels, 2);
	put_le(wav + 34, 16, 2);
	memcpy(wav + 36, "data", 4);
	put_le(wav + 40, samples * 2, 4);
	for (uint32_t i = 0; i < samples; i++)
		put_le(wav + 44 + i * 2, (uint16_t)sample(i, seed), 2);
	assert_int_equal(file_write_atomic(path, wav, len, 0600), 0);
	free(wav);
}

static int make_clips(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	text_copy(f->dir, sizeof(f->dir), "/tmp/gatehouse-speaker-XXXXXX");
	if (!f || !mkdtemp(f->dir))
		return -1;
	char path[128];
	text_format(path, sizeof(path), "%s/zh", f->dir);
	mkdir(path, 0700);
	text_format(path, sizeof(path), "%s/zh/short.wav", f->dir);
	write_wav(path, SHORT_SAMPLES, 1, 1);
	text_format(path, sizeof(path), "%s/zh/long.wav", f->dir);
	write_wav(path, LONG_SAMPLES, 7, 1);
	text_format(path, sizeof(path), "%s/zh/stereo.wav", f->dir);
	write_wav(path, 100, 1, 2);
	text_format(path, sizeof(path), "%s/zh/noise.wav", f->dir);
	assert_int_equal(file_write_atomic(path, "RIFFgarbage", 11, 0600), 0);
	text_format(f->pcm, sizeof(f->pcm), "%s/out.pcm", f->dir);
	setenv("SDL_AUDIODRIVER", "disk", 1);
	setenv("SDL_DISKAUDIOFILE", f->pcm, 1);
	setenv("SDL_DISKAUDIODELAY", "0", 1);
	*state = f;
	return 0;
}

static int remove_clips(void **state)
{
	struct fixture *f = *state;
	char command[128];
	text_format(command, sizeof(command), "rm -rf '%s'", f->dir);
	int r = system(command);
	free(f);
	return r;
}

static void wait_idle(struct speaker *s)
{
	while (speaker_busy(s))
		;
}

static size_t check_samples(const char *pcm, uint32_t samples, int16_t seed)
{
	for (uint32_t i = 0; i < samples; i++) {
		uint8_t expected[2];
		put_le(expected, (uint16_t)sample(i, seed), 2);
		assert_memory_equal(pcm + i * 2, expected, 2);
	}
	return samples * 2;
}

/*
 * Between two clips the machine does something else for a while (a file is made and flushed): the
 * padding of the first one's last buffer is all the silence there may be. What follows the last
 * clip until the device is closed is silence, as much as the scheduler likes.
 */
static void test_exact_samples_and_no_endless_silence(void **state)
{
	struct fixture *f = *state;
	struct speaker *s = NULL;
	assert_int_equal(speaker_open(&s, f->dir), 0);
	assert_false(speaker_busy(s));
	assert_int_equal(speaker_say(s, "zh", "short"), 0);
	wait_idle(s);
	char path[128];
	text_format(path, sizeof(path), "%s/meanwhile.wav", f->dir);
	for (int i = 0; i < 5; i++)
		write_wav(path, LONG_SAMPLES, 3, 1);
	assert_int_equal(speaker_say(s, "zh", "short"), 0);
	wait_idle(s);
	speaker_close(s);

	char *pcm = NULL;
	size_t len = 0;
	assert_int_equal(file_read(f->pcm, 1 << 26, &pcm, &len), 0);
	assert_true(len >= SHORT_SAMPLES * 4);
	size_t at = 0, silence = 0;
	while (at + 1 < len && !pcm[at] && !pcm[at + 1])
		at += 2;
	at += check_samples(pcm + at, SHORT_SAMPLES, 1);
	for (; at + 1 < len && !pcm[at] && !pcm[at + 1]; at += 2)
		silence += 2;
	assert_true(silence <= BUFFER_BYTES);
	at += check_samples(pcm + at, SHORT_SAMPLES, 1);
	for (; at < len; at++)
		assert_int_equal(pcm[at], 0);
	free(pcm);
}

static void test_unknown_and_unusable_clips(void **state)
{
	struct fixture *f = *state;
	struct speaker *s = NULL;
	assert_int_equal(speaker_open(&s, f->dir), 0);
	assert_int_equal(speaker_say(s, "zh", "nothing"), -ENOENT);
	assert_int_equal(speaker_say(s, "en", "short"), -ENOENT);
	assert_int_equal(speaker_say(s, "zh", "stereo"), -ENOENT);
	assert_int_equal(speaker_say(s, "zh", "noise"), -ENOENT);
	assert_false(speaker_busy(s));
	speaker_close(s);
}

static void test_no_clips_and_no_device(void **state)
{
	struct fixture *f = *state;
	struct speaker *s = NULL;
	assert_int_equal(speaker_open(&s, "/nonexistent"), -ENOENT);
	assert_null(s);
	setenv("SDL_AUDIODRIVER", "no-such-driver", 1);
	assert_int_equal(speaker_open(&s, f->dir), -ENODEV);
	assert_null(s);
	setenv("SDL_AUDIODRIVER", "disk", 1);
	setenv("SDL_DISKAUDIOFILE", "/nonexistent/out.pcm", 1);
	assert_int_equal(speaker_open(&s, f->dir), -ENODEV);
	assert_null(s);
	setenv("SDL_DISKAUDIOFILE", f->pcm, 1);
	speaker_close(NULL);
}

/* A slow device: seconds of sound still wait when the third is asked for. */
static void test_full_queue_and_hush(void **state)
{
	struct fixture *f = *state;
	struct speaker *s = NULL;
	setenv("SDL_DISKAUDIODELAY", "20", 1);
	assert_int_equal(speaker_open(&s, f->dir), 0);
	assert_int_equal(speaker_say(s, "zh", "long"), 0);
	assert_int_equal(speaker_say(s, "zh", "long"), 0);
	assert_int_equal(speaker_say(s, "zh", "long"), -EBUSY);
	assert_true(speaker_busy(s));
	speaker_hush(s);
	assert_false(speaker_busy(s));
	assert_int_equal(speaker_say(s, "zh", "short"), 0);
	speaker_hush(s);
	setenv("SDL_DISKAUDIODELAY", "0", 1);
	speaker_close(s);
}

#define BROUGHT_SAMPLES 3000

/* Plays short in a fresh device and returns what reached it, behind the silence at its beginning.
 */
static char *played(struct fixture *f, struct speaker *s, size_t *len)
{
	char *pcm = NULL;
	size_t at = 0;

	assert_int_equal(speaker_say(s, "zh", "short"), 0);
	wait_idle(s);
	speaker_close(s);
	assert_int_equal(file_read(f->pcm, 1 << 26, &pcm, len), 0);
	while (at + 1 < *len && !pcm[at] && !pcm[at + 1])
		at += 2;
	*len -= at;
	memmove(pcm, pcm + at, *len);
	return pcm;
}

/* A clip that was brought is played instead of the loaded one, and no longer once it is forgotten.
 */
static void test_brought_clips(void **state)
{
	struct fixture *f = *state;
	static uint8_t pcm[BROUGHT_SAMPLES * 2];
	struct speaker *s = NULL;
	size_t len;

	for (uint32_t i = 0; i < BROUGHT_SAMPLES; i++)
		put_le(pcm + i * 2, (uint16_t)sample(i, 1234), 2);
	assert_int_equal(speaker_open(&s, f->dir), 0);
	assert_int_equal(speaker_bring(s, "zh", "short", pcm, sizeof(pcm), RATE_HZ), 0);
	assert_int_equal(speaker_bring(s, "en", "other", pcm, sizeof(pcm), RATE_HZ), 0);
	assert_int_equal(speaker_bring(s, "zh", "x", pcm, sizeof(pcm), 44100), -EINVAL);
	assert_int_equal(speaker_bring(s, "zh", "x", pcm, 3, RATE_HZ), -EINVAL);
	assert_int_equal(speaker_bring(s, "zh", "x", pcm, 0, RATE_HZ), -EINVAL);
	char *out = played(f, s, &len);
	assert_true(len >= sizeof(pcm));
	check_samples(out, BROUGHT_SAMPLES, 1234);
	free(out);

	assert_int_equal(speaker_open(&s, f->dir), 0);
	assert_int_equal(speaker_bring(s, "zh", "short", pcm, sizeof(pcm), RATE_HZ), 0);
	speaker_forget(s);
	out = played(f, s, &len);
	assert_true(len >= SHORT_SAMPLES * 2);
	check_samples(out, SHORT_SAMPLES, 1);
	free(out);
}

/* What waits and was brought goes with it, the others stay; there is room for so many. */
static void test_forgetting_and_room(void **state)
{
	struct fixture *f = *state;
	static uint8_t pcm[BROUGHT_SAMPLES * 2];
	struct speaker *s = NULL;
	char name[16];
	int r = 0, count = 0;

	setenv("SDL_DISKAUDIODELAY", "20", 1);
	assert_int_equal(speaker_open(&s, f->dir), 0);
	assert_int_equal(speaker_bring(s, "zh", "short", pcm, sizeof(pcm), RATE_HZ), 0);
	assert_int_equal(speaker_say(s, "zh", "short"), 0);
	speaker_forget(s);
	assert_false(speaker_busy(s));
	assert_int_equal(speaker_say(s, "zh", "long"), 0);
	speaker_forget(s);
	assert_true(speaker_busy(s));
	while (r == 0) {
		text_format(name, sizeof(name), "clip-%d", count++);
		r = speaker_bring(s, "zh", name, pcm, sizeof(pcm), RATE_HZ);
	}
	assert_int_equal(r, -ENOSPC);
	assert_true(count > 48);
	setenv("SDL_DISKAUDIODELAY", "0", 1);
	speaker_close(s);
}

static void test_volume(void **state)
{
	struct fixture *f = *state;
	static uint8_t pcm[BROUGHT_SAMPLES * 2];
	struct speaker *s = NULL;
	size_t len;

	for (uint32_t i = 0; i < BROUGHT_SAMPLES; i++)
		put_le(pcm + i * 2, (uint16_t)(i % 2 ? -20000 : 20000), 2);
	assert_int_equal(speaker_open(&s, f->dir), 0);
	assert_int_equal(speaker_bring(s, "zh", "short", pcm, sizeof(pcm), RATE_HZ), 0);
	speaker_volume(s, 50);
	char *out = played(f, s, &len);
	assert_true(len >= sizeof(pcm));
	for (uint32_t i = 0; i < BROUGHT_SAMPLES; i++) {
		uint8_t expected[2];
		put_le(expected, (uint16_t)(i % 2 ? -10000 : 10000), 2);
		assert_memory_equal(out + i * 2, expected, 2);
	}
	free(out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_exact_samples_and_no_endless_silence),
		cmocka_unit_test(test_unknown_and_unusable_clips),
		cmocka_unit_test(test_no_clips_and_no_device),
		cmocka_unit_test(test_full_queue_and_hush),
		cmocka_unit_test(test_brought_clips),
		cmocka_unit_test(test_forgetting_and_room),
		cmocka_unit_test(test_volume),
	};
	return cmocka_run_group_tests_name("speaker", tests, make_clips, remove_clips);
}
