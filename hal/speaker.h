/*
 * Plays announcement clips (WAV, loaded once) on an SDL audio device, one after another. A
 * missing sound device or clip is a state to show, never a reason to stop. Main loop only; never
 * blocks.
 */
#ifndef HAL_SPEAKER_H
#define HAL_SPEAKER_H

#include "base/defs.h"

struct speaker;

/*
 * dir holds <language>/<clip>.wav (16-bit mono, all of one rate). -ENODEV when there is no sound
 * device, -ENOENT when dir has no clips at all, -ENOMEM. *out freed by speaker_close.
 */
MUST_CHECK int speaker_open(struct speaker **out, const char *dir);
void speaker_close(struct speaker *s);

/* Queues a clip, e.g. language "zh", clip "welcome". -ENOENT unknown clip, -EBUSY more than 10 s
 * are waiting. */
MUST_CHECK int speaker_say(struct speaker *s, const char *language, const char *clip);

/*
 * A clip that takes the place of one loaded, or stands beside them: 16-bit mono samples at rate_hz,
 * which must be that of the clips loaded (-EINVAL). They stay the caller's, and must live until
 * speaker_forget, which drops all of them, playing ones too. -ENOSPC: there are too many.
 */
MUST_CHECK int speaker_bring(struct speaker *s, const char *language, const char *clip,
			     const uint8_t *pcm, size_t len_bytes, int rate_hz);
void speaker_forget(struct speaker *s);

/* How loud everything is, 1 to 100; 100 (at the beginning): as it was recorded. */
void speaker_volume(struct speaker *s, int percent);

/* Drops what waits, e.g. before an alarm. */
void speaker_hush(struct speaker *s);

/* True while something is playing or waiting. */
bool speaker_busy(struct speaker *s);

#endif
