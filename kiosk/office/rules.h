/*
 * gatehouse-office rules: a rulebook reviewed on paper and at the desk. check names every error of
 * each file; table prints the class x level matrix; explain answers "this class, this level, these
 * facts".
 */
#ifndef OFFICE_RULES_H
#define OFFICE_RULES_H

#include "base/defs.h"

/* argv begins behind "rules". Exit code as in office/commands.h. */
int office_rules(int argc, char **argv, FILE *out, FILE *err);

void office_rules_help(FILE *out);

#endif
