/*
 * Two pictures made from a grey one, for a second and third look by zbar. Pure; src and dst do not
 * overlap and hold width * height bytes each.
 */
#ifndef SCANNER_FILTER_H
#define SCANNER_FILTER_H

#include "base/defs.h"

/* Columns of the widest picture: the filters keep one row of sums on the stack. */
#define FILTER_WIDTH_MAX 1920U

/* 3x3 binomial blur (1 2 1): takes sensor noise out of coloured and dark codes. */
void filter_blur(const uint8_t *src, uint8_t *dst, uint32_t width, uint32_t height);

/*
 * Black where a pixel is darker than the mean of the 63x63 pixels around it by a small margin, else
 * white: takes out shadows, glare and the moire of telephone displays.
 */
void filter_local_threshold(const uint8_t *src, uint8_t *dst, uint32_t width, uint32_t height);

#endif
