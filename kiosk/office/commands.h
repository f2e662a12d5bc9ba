/* gatehouse-office as a function: parses the command line, runs one command, says how it went. */
#ifndef OFFICE_COMMANDS_H
#define OFFICE_COMMANDS_H

#include "base/defs.h"

/* Exit code: 0 everything checked is good, 1 something is wrong, 2 not understood. */
int office_run(int argc, char **argv, FILE *out, FILE *err);

/* keygen, sign and order, with options of their own (order.c); argv[0] is the command. */
int office_order(int argc, char **argv, FILE *out, FILE *err);
void office_order_help(FILE *out);

/* sign and account (bundle.c): false when argv[0] is neither. */
bool office_bundle(int argc, char **argv, FILE *out, FILE *err, int *code);
void office_bundle_help(FILE *out);

#endif
