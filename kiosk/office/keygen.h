/*
 * gatehouse-office keygen: all the keys an office needs, in one go. Two secrets: an Ed25519 seed
 * that signs (orders, and whatever minisign signs), and an X25519 identity that opens exports. The
 * files of a secret are readable for their owner alone, and no file is ever written over.
 */
#ifndef OFFICE_KEYGEN_H
#define OFFICE_KEYGEN_H

#include "base/defs.h"

/* argv[0] is the command. Exit code as in office/commands.h. */
int office_keygen(int argc, char **argv, FILE *out, FILE *err);

#endif
