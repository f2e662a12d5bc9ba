/*
 * What is done with the register while the kiosk stands still: accounts, the whole check, one
 * person's copy or erasure. Command line only; each opens the register for itself, so a running
 * kiosk keeps them out. Messages go to standard error, a copy to standard output.
 */
#ifndef KIOSK_MAINTAIN_H
#define KIOSK_MAINTAIN_H

#include "base/defs.h"

struct maintain {
	const char *config, *data; /* file, folder */
	const char *set_pin; /* "ROLE:NAME" */
	const char *until; /* with set_pin: "2026-12-31", the last day; or NULL */
	bool check;
	const char *head; /* with check: hash from a slip or manifest, as hexadecimal; or NULL */
	const char *copy, *erase; /* receipt code */
	bool confirm_clock; /* the wall clock is right, says by */
	const char
		*by; /* whose PIN is read: a supervisor's or staff's, for the clock a guard's too */
};

bool maintain_wanted(const struct maintain *m);

/* Does it. The exit code: 0 done and good; 1 the check found something, or the person was not
 * erased; 2 it could not be done. Reads PINs from standard input. Blocks. */
int maintain_run(const struct maintain *m);

#endif
