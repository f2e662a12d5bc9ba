/*
 * The province in the first two digits of a citizen's number (GB/T 2260), as the sheets write it.
 */
#ifndef STICK_PROVINCE_H
#define STICK_PROVINCE_H

#include "base/defs.h"

/* "江苏省"; "" for digits no province has. 91, foreigners, is none. */
const char *province_name(int32_t code);

#endif
