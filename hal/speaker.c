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
#define CLIP_NAME_BYTES 32
#define WAITING_MAX 16
#define WAITING_MAX_S 10
#define BUFFER_SAMPLES 1024
#define BYTES_PER_SAMPLE 2

struct clip {
	char language[8], name[CLIP_NAME_BYTES];
	uint8_t *pcm; /* SDL_FreeWAV */
	uint32_t len_bytes;
};

struct speaker {
	SDL_AudioDeviceID device; /* 0 while not open */
	bool subsystem; /* SDL's audio was started by us */
	int rate_hz; /* of the first clip loaded; the others must have it too */
	bool waits_when_idle; /* the disk driver */
	int clip_count;
	struct clip clips[CLIPS_MAX];

	/* under lock */
	SDL_mutex *lock;
	SDL_cond *wake;
	bool closing;
	int waiting[WAITING_MAX]; /* indices into clips, the first is playing */
	int waiting_count;
	uint32_t at; /* bytes of the first already played */
};

/* Copies from the waiting clips; returns the bytes copied. Lock held. */
static uint32_t take(struct speaker *s, uint8_t *out, uint32_t len)
{
	uint32_t done = 0;
	while (done < len && s->waiting_count > 0) {
		const struct clip *clip = &s->clips[s->waiting[0]];
		uint32_t n = clip->len_bytes - s->at;
		if (n > len - done)
			n = len - done;
		memcpy(out + done, clip->pcm + s->at, n);
		done += n;
		s->at += n;
		if (s->at == clip->len_bytes) {
			s->waiting_count--;
			memmove(s->waiting, s->waiting + 1, sizeof(int) * (size_t)s->waiting_count);
			s->at = 0;
		}
	}
	return done;
}

/* SDL's audio thread. */
static void play(void *userdata, Uint8 *stream, int len)
{
	struct speaker *s = userdata;
	SDL_LockMutex(s->lock);
	while (s->waits_when_idle && !s->waiting_count && !s->closing)
		SDL_CondWait(s->wake, s->lock);
	uint32_t done = take(s, stream, (uint32_t)len);
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
	if (!SDL_LoadWAV(path, &spec, &clip->pcm, &clip->len_bytes)) {
		log_warn("speaker: clip %s/%s cannot be read", language, file);
		return false;
	}
	bool fits = spec.format == AUDIO_S16LSB && spec.channels == 1 &&
		    (!s->rate_hz || spec.freq == s->rate_hz) && clip->len_bytes > 0;
	if (!fits) {
		log_warn("speaker: clip %s/%s is not 16-bit mono at the common rate", language,
			 file);
		SDL_FreeWAV(clip->pcm);
		return false;
	}
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
		SDL_FreeWAV(s->clips[i].pcm);
	SDL_DestroyCond(s->wake);
	SDL_DestroyMutex(s->lock);
	free(s);
}

static int find_clip(const struct speaker *s, const char *language, const char *name)
{
	for (int i = 0; i < s->clip_count; i++)
		if (strcmp(s->clips[i].language, language) == 0 &&
		    strcmp(s->clips[i].name, name) == 0)
			return i;
	return -1;
}

/* Lock held. */
static uint32_t waiting_bytes(const struct speaker *s)
{
	uint32_t sum = 0;
	for (int i = 0; i < s->waiting_count; i++)
		sum += s->clips[s->waiting[i]].len_bytes;
	return sum - s->at;
}

int speaker_say(struct speaker *s, const char *language, const char *clip)
{
	int index = find_clip(s, language, clip);
	if (index < 0)
		return -ENOENT;
	int r = -EBUSY;
	SDL_LockMutex(s->lock);
	uint32_t limit = (uint32_t)s->rate_hz * BYTES_PER_SAMPLE * WAITING_MAX_S;
	if (waiting_bytes(s) <= limit && s->waiting_count < WAITING_MAX) {
		s->waiting[s->waiting_count++] = index;
		SDL_CondSignal(s->wake);
		r = 0;
	}
	SDL_UnlockMutex(s->lock);
	return r;
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
