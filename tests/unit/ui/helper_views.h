/* Views for the tests of the screen: ordinary ones to look at, and the worst that can happen. */
#ifndef TESTS_UI_HELPER_VIEWS_H
#define TESTS_UI_HELPER_VIEWS_H

#include "core/view.h"

enum variant { VARIANT_PLAIN, VARIANT_FULL, VARIANT_WORST, VARIANT_EMPTY, VARIANT_COUNT_ };

/* A view of the screen as it ordinarily is (PLAIN), with notes, choices and lists filled (FULL),
 * with everything as long, as many and as broken as it can be (WORST), or with nothing (EMPTY). */
void make_view(struct view *view, enum screen screen, enum language language, enum variant variant);

const char *view_screen_name(enum screen screen);

/* 480 x 270 of something camera-like. */
void make_preview(uint8_t *luma);

#endif
