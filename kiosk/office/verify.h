/*
 * gatehouse-office verify: is this export whole, unaltered and from that gate? Everything is
 * recomputed from the bytes; nothing is taken from file names or dates.
 */
#ifndef OFFICE_VERIFY_H
#define OFFICE_VERIFY_H

#include "base/defs.h"

/*
 * Checks the export in dir and prints to out: one sentence for each thing wrong, or one line that
 * begins with "good:". key is the gate's public key, NULL = not compared, which is said. True when
 * nothing was wrong.
 */
MUST_CHECK bool verify_export(const char *dir, const uint8_t *key, FILE *out);

#endif
