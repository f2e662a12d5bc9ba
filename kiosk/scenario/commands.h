/*
 * The commands that act on the screen, the camera and the simulated world: each exactly where a
 * hand, a sensor or a cable would. scenario.c has the table, time, power and expectations.
 */
#ifndef KIOSK_SCENARIO_COMMANDS_H
#define KIOSK_SCENARIO_COMMANDS_H

#include "scenario/scenario.h"

/* Fills the answer with a sentence; always SCENARIO_FAILED. */
enum scenario_result scenario_fail(struct scenario *s, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* words is what stands behind the command's name; it is taken apart in place. */
enum scenario_result cmd_tap(struct scenario *s, char *words);
enum scenario_result cmd_type(struct scenario *s, char *words);
enum scenario_result cmd_tree(struct scenario *s, char *words);
enum scenario_result cmd_shot(struct scenario *s, char *words);
enum scenario_result cmd_pass(struct scenario *s, char *words);
enum scenario_result cmd_frame(struct scenario *s, char *words);
enum scenario_result cmd_qr(struct scenario *s, char *words);
enum scenario_result cmd_skin(struct scenario *s, char *words);
enum scenario_result cmd_ambient(struct scenario *s, char *words);
enum scenario_result cmd_presence(struct scenario *s, char *words);
enum scenario_result cmd_beam(struct scenario *s, char *words);
enum scenario_result cmd_button(struct scenario *s, char *words);
enum scenario_result cmd_device(struct scenario *s, enum sim_device device, char *words);

#endif
