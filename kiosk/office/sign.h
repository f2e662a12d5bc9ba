/* gatehouse-office sign-file: any file, in minisign's format. */
#ifndef OFFICE_SIGN_H
#define OFFICE_SIGN_H

#include "office/key.h"

/* The secret key that signs, as keygen wrote it. False, and a sentence about --key. */
MUST_CHECK bool office_seed(const char *path, uint8_t seed[KEY_BYTES], FILE *err);

/* argv[0] is the command. Exit code as in office/commands.h. */
int office_sign(int argc, char **argv, FILE *out, FILE *err);

#endif
