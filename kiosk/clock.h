/*
 * Two clocks: monotonic (runs while the machine is on; orders and times everything) and wall
 * (shown, printed, judged with its trust). Virtual in scenarios: both stand still until told.
 */
#ifndef KIOSK_CLOCK_H
#define KIOSK_CLOCK_H

#include "base/defs.h"

struct clock {
	bool is_virtual;
	int64_t mono_ms; /* virtual: now */
	int64_t wall_offset_ms; /* wall - mono; real: as last seen, to notice steps */
	int64_t floor_ms; /* the wall clock cannot honestly be before this */
	bool trusted;
};

/* Real clocks. floor: latest time known to have been; 0 = the program's own age. */
void clock_real(struct clock *clock);
/* Virtual clocks: mono 0, wall as given, trusted. */
void clock_virtual(struct clock *clock, int64_t wall_ms);

int64_t clock_mono_ms(const struct clock *clock);
int64_t clock_wall_ms(const struct clock *clock);

/* Sets the wall clock, of the machine or the virtual one; whoever does so has looked at another
 * clock, so it is believed from now on. -EPERM and the like: this program may not; nothing has
 * changed. */
MUST_CHECK int clock_set(struct clock *clock, int64_t wall_ms);
/* Somebody has looked at another clock and says that this one is right as it stands. False: it was
 * never set. */
bool clock_confirm(struct clock *clock);

/* The register's last wall time: an earlier clock is not believed. */
void clock_raise_floor(struct clock *clock, int64_t wall_ms);

/* Notices a step of the wall clock of a second or more; returns it in ms, 0 for none. Re-judges
 * trust. */
int64_t clock_step_ms(struct clock *clock);

#endif
