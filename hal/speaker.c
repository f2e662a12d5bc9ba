/*
 * Clips stay in memory as they were loaded; what waits is a short list of them, and SDL's audio
 * thread copies from the first. SDL's own queue is not used for one reason: SDL 2 plays silence
 * into a device for ever, paused or not, which for the "disk" driver (the tests' oracle of what was
 * said) means an endless file. There the audio thread sleeps inside our callback until something is
 * to be said, so that the file holds the clips and at most one buffer of padding after each.
 */
#include "hal/speaker.h"

#include <SDL.h>
#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/text.h"

#define CLIPS_MAX 256
#define BROUGHT_MAX 64
#define CLIP_NAME_BYTES 32
#define WAITING_MAX 16
#define WAITING_MAX_S 10
#define BUFFER_SAMPLES 1024
#define BYTES_PER_SAMPLE 2

struct clip {
	char language[8], name[CLIP_NAME_BYTES];
	const uint8_t *pcm; /* loaded: SDL_FreeWAV; brought: the caller's */
	uint32_t len_bytes;
};

struct speaker {
	SDL_AudioDeviceID device; /* 0 while not open */
	bool subsystem; /* SDL's audio was started by us */
	int rate_hz; /* of the first clip loaded; the others must have it too */
	bool waits_when_idle; /* the disk driver */
	int clip_count, brought_count;
	struct clip clips[CLIPS_MAX], brought[BROUGHT_MAX];
	int volume_percent;

	/* under lock */
	SDL_mutex *lock;
	SDL_cond *wake;
	bool closing;
	const struct clip *waiting[WAITING_MAX]; /* the first is playing */
	int waiting_count;
	uint32_t at; /* bytes of the first already played */
};

/* Copies from the waiting clips; returns the bytes copied. Lock held. */
static uint32_t take(struct speaker *s, uint8_t *out, uint32_t len)
{
	uint32_t done = 0;
	while (done < len && s->waiting_count > 0) {
		const struct clip *clip = s->waiting[0];
		uint32_t n = clip->len_bytes - s->at;
		if (n > len - done)
			n = len - done;
		memcpy(out + done, clip->pcm + s->at, n);
		done += n;
		s->at += n;
		if (s->at == clip->len_bytes) {
			s->waiting_count--;
			memmove(s->waiting, s->waiting + 1,
				sizeof(s->waiting[0]) * (size_t)s->waiting_count);
			s->at = 0;
		}
	}
	return done;
}

/* Samples are little-endian, as the device was told. */
static void soften(uint8_t *pcm, uint32_t len, int percent)
{
	for (uint32_t i = 0; percent < 100 && i + 1 < len; i += 2) {
		int sample = (int16_t)(pcm[i] | pcm[i + 1] << 8) * percent / 100;
		pcm[i] = (uint8_t)sample;
		pcm[i + 1] = (uint8_t)(sample >> 8);
	}
}

/* SDL's audio thread. */
static void play(void *userdata, Uint8 *stream, int len)
{
	struct speaker *s = userdata;
	SDL_LockMutex(s->lock);
	while (s->waits_when_idle && !s->waiting_count && !s->closing)
		SDL_CondWait(s->wake, s->lock);
	uint32_t done = take(s, stream, (uint32_t)len);
	soften(stream, done, s->volume_percent);
	bool hurried = s->closing;
	SDL_UnlockMutex(s->lock);
	/* between our leave and SDL stopping this thread, a device without a clock would be flooded
	 */
	if (hurried)
		SDL_Delay(1);
	memset(stream + done, 0, (size_t)len - done);
}

static bool load_clip(struct speaker *s, const char *path, const char *language, const char *file)
{
	struct clip *clip = &s->clips[s->clip_count];
	const char *dot = strrchr(file, '.');
	if (!dot || strcmp(dot, ".wav") != 0)
		return false;
	if (!text_format(clip->name, sizeof(clip->name), "%.*s", (int)(dot - file), file) ||
	    !text_copy(clip->language, sizeof(clip->language), language))
		return false;
	SDL_AudioSpec spec;
	uint8_t *pcm;
	if (!SDL_LoadWAV(path, &spec, &pcm, &clip->len_bytes)) {
		log_warn("speaker: clip %s/%s cannot be read", language, file);
		return false;
	}
	bool fits = spec.format == AUDIO_S16LSB && spec.channels == 1 &&
		    (!s->rate_hz || spec.freq == s->rate_hz) && clip->len_bytes > 0;
	if (!fits) {
		log_warn("speaker: clip %s/%s is not 16-bit mono at the common rate", language,
			 file);
		SDL_FreeWAV(pcm);
		return false;
	}
	clip->pcm = pcm;
	s->rate_hz = spec.freq;
	s->clip_count++;
	return true;
}

static void close_dir(DIR **dir)
{
	if (*dir)
		closedir(*dir);
}

static void load_language(struct speaker *s, const char *dir, const char *language)
{
	char path[512];
	if (!text_format(path, sizeof(path), "%s/%s", dir, language))
		return;
	DIR *d CLEANUP(close_dir) = opendir(path);
	struct dirent *entry;
	while (d && (entry = readdir(d)) && s->clip_count < CLIPS_MAX) {
		char file[512];
		if (text_format(file, sizeof(file), "%s/%s", path, entry->d_name))
			load_clip(s, file, language, entry->d_name);
	}
}

static int open_device(struct speaker *s)
{
	if (SDL_InitSubSystem(SDL_INIT_AUDIO) != 0)
		return -ENODEV;
	s->subsystem = true;
	const char *driver = SDL_GetCurrentAudioDriver();
	s->waits_when_idle = driver && strcmp(driver, "disk") == 0;
	SDL_AudioSpec wanted = {
		.freq = s->rate_hz,
		.format = AUDIO_S16LSB,
		.channels = 1,
		.samples = BUFFER_SAMPLES,
		.callback = play,
		.userdata = s,
	};
	s->device = SDL_OpenAudioDevice(NULL, 0, &wanted, NULL, 0);
	if (!s->device)
		return -ENODEV;
	SDL_PauseAudioDevice(s->device, 0);
	return 0;
}

int speaker_open(struct speaker **out, const char *dir)
{
	*out = NULL;
	int r = -ENOMEM;
	struct speaker *s = calloc(1, sizeof(*s));
	if (!s)
		return -ENOMEM;
	s->volume_percent = 100;
	s->lock = SDL_CreateMutex();
	s->wake = SDL_CreateCond();
	if (!s->lock || !s->wake)
		goto fail;
	load_language(s, dir, "zh");
	load_language(s, dir, "en");
	r = s->clip_count ? open_device(s) : -ENOENT;
	if (r < 0)
		goto fail;
	*out = s;
	return 0;
fail:
	speaker_close(s);
	return r;
}

void speaker_close(struct speaker *s)
{
	if (!s)
		return;
	if (s->lock) {
		SDL_LockMutex(s->lock);
		s->closing = true;
		if (s->wake)
			SDL_CondSignal(s->wake);
		SDL_UnlockMutex(s->lock);
	}
	if (s->device)
		SDL_CloseAudioDevice(s->device);
	if (s->subsystem)
		SDL_QuitSubSystem(SDL_INIT_AUDIO);
	for (int i = 0; i < s->clip_count; i++)
		SDL_FreeWAV((uint8_t *)s->clips[i].pcm);
	SDL_DestroyCond(s->wake);
	SDL_DestroyMutex(s->lock);
	free(s);
}

static const struct clip *find_among(const struct clip *clips, int count, const char *language,
				     const char *name)
{
	for (int i = 0; i < count; i++)
		if (strcmp(clips[i].language, language) == 0 && strcmp(clips[i].name, name) == 0)
			return &clips[i];
	return NULL;
}

static const struct clip *find_clip(const struct speaker *s, const char *language, const char *name)
{
	const struct clip *brought = find_among(s->brought, s->brought_count, language, name);

	return brought ? brought : find_among(s->clips, s->clip_count, language, name);
}

/* Lock held. */
static uint32_t waiting_bytes(const struct speaker *s)
{
	uint32_t sum = 0;
	for (int i = 0; i < s->waiting_count; i++)
		sum += s->waiting[i]->len_bytes;
	return sum - s->at;
}

int speaker_say(struct speaker *s, const char *language, const char *name)
{
	const struct clip *clip = find_clip(s, language, name);
	if (!clip)
		return -ENOENT;
	int r = -EBUSY;
	SDL_LockMutex(s->lock);
	uint32_t limit = (uint32_t)s->rate_hz * BYTES_PER_SAMPLE * WAITING_MAX_S;
	if (waiting_bytes(s) <= limit && s->waiting_count < WAITING_MAX) {
		s->waiting[s->waiting_count++] = clip;
		SDL_CondSignal(s->wake);
		r = 0;
	}
	SDL_UnlockMutex(s->lock);
	return r;
}

int speaker_bring(struct speaker *s, const char *language, const char *name, const uint8_t *pcm,
		  size_t len_bytes, int rate_hz)
{
	struct clip *clip = &s->brought[s->brought_count];

	if (rate_hz != s->rate_hz || len_bytes == 0 || len_bytes % BYTES_PER_SAMPLE ||
	    len_bytes > UINT32_MAX)
		return -EINVAL;
	if (s->brought_count == BROUGHT_MAX)
		return -ENOSPC;
	if (!text_copy(clip->language, sizeof(clip->language), language) ||
	    !text_copy(clip->name, sizeof(clip->name), name))
		return -EINVAL;
	clip->pcm = pcm;
	clip->len_bytes = (uint32_t)len_bytes;
	s->brought_count++; /* the audio thread sees it once it is said, under the lock */
	return 0;
}

void speaker_forget(struct speaker *s)
{
	int kept = 0;

	SDL_LockMutex(s->lock);
	for (int i = 0; i < s->waiting_count; i++) {
		const struct clip *clip = s->waiting[i];
		bool brought = clip >= s->brought && clip < s->brought + BROUGHT_MAX;
		if (brought && i == 0)
			s->at = 0;
		if (!brought)
			s->waiting[kept++] = clip;
	}
	s->waiting_count = kept;
	s->brought_count = 0;
	SDL_UnlockMutex(s->lock);
}

void speaker_volume(struct speaker *s, int percent)
{
	SDL_LockMutex(s->lock);
	s->volume_percent = percent;
	SDL_UnlockMutex(s->lock);
}

void speaker_hush(struct speaker *s)
{
	SDL_LockMutex(s->lock);
	s->waiting_count = 0;
	s->at = 0;
	SDL_UnlockMutex(s->lock);
}

bool speaker_busy(struct speaker *s)
{
	SDL_LockMutex(s->lock);
	bool busy = s->waiting_count > 0;
	SDL_UnlockMutex(s->lock);
	return busy;
}
