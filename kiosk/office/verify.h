/*
 * gatehouse-office verify and open: is this export whole, unaltered and from that gate? Everything
 * is recomputed from the bytes; nothing is taken from file names or dates.
 */
#ifndef OFFICE_VERIFY_H
#define OFFICE_VERIFY_H

#include "office/keyring.h"
#include "office/package.h"

/*
 * Checks the export in dir and prints to out: one sentence for each thing wrong, or one line that
 * begins with "good:". key is the gate's public key, NULL = not compared, which is said. With an
 * empty ring the archive stays closed, which is said too: then size, hash and signature are
 * checked. Its content is unpacked into memory only. True when nothing was wrong.
 */
MUST_CHECK bool verify_export(const char *dir, const uint8_t *key, const struct keyring *ring,
			      FILE *out);

/* The same, and the files of the archive go into the new folder out_path; it is removed again when
 * anything is wrong. */
MUST_CHECK bool open_export(const char *dir, const uint8_t *key, const struct keyring *ring,
			    const char *out_path, FILE *out);

/* What other exports must prove. */
struct check_open {
	int64_t earlier; /* persons who were registered before this export's first event */
	int64_t missing; /* persons forgotten, it may be, after its last event */
};

/* The files of an unpacked package against its manifest and each other; what is wrong goes into its
 * report. */
void check_contents(struct package *package, struct check_open *open);

#endif
