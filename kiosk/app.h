/*
 * The application: owns everything, runs the effects the three machines ask for, and carries the
 * answers back as events. One thread (the main loop); the register has its own worker.
 *
 * Split by concept: app.c life cycle; loop.c descriptors, turns and drawing; due.c deadlines;
 * flow.c the session's steps and effects, and touches; recording.c what goes into the register;
 * answers.c what comes back from it; importing.c the office's bundles; notices.c what the
 * board shows of them; sounds.c what is said and when; gate_run.c the gate cycle's
 * effects; sensing.c devices and their states; scan.c codes and passes; printing.c slips to paper;
 * nightly.c what is done at night; report.c and report_sheet.c reports and lists; ledger.c the
 * ledgers; search.c searching the register; request.c and request_sheet.c a person's own request;
 * checking.c the full check of the register; accounts.c who may log in;
 * clock_screen.c the clock set by hand.
 */
#ifndef KIOSK_APP_H
#define KIOSK_APP_H

#include <systemd/sd-event.h>

#include "clock.h"
#include "codec/pass.h"
#include "config.h"
#include "core/gate.h"
#include "core/slip.h"
#include "core/view_make.h"
#include "hal/gate_line.h"
#include "hal/printer.h"
#include "hal/speaker.h"
#include "hal/thermometer.h"
#include "scanner_link.h"
#include "settings/rulebook.h"
#include "ui/ui.h"
#include "worker.h"

#ifdef GATEHOUSE_SIM
#include "hal/sim/camera_sim.h"
#endif

struct app_options {
	const char *config; /* file */
	const char *data; /* folder for register and keys, made when missing */
	const char *shots; /* folder for screenshots, or NULL */
	const char *stick; /* folder that stands for the stick, or NULL: from the configuration */
	bool headless, windowed;
	bool virtual_time; /* a scenario drives the clock */
	int64_t virtual_wall_ms;
};

/* A file descriptor in the loop; followed when it changes. */
struct watch {
	sd_event_source *source;
	int fd;
	uint32_t events;
	int64_t generation; /* tells two users of one number apart */
};
enum { WATCH_WORKER, WATCH_SCANNER, WATCH_PRINTER, WATCH_LINE, WATCH_SIM_PRINTER, WATCH_COUNT_ };

/* Somebody who may pass: on what ground the gate is asked to open. */
struct release {
	bool wanted;
	enum direction direction;
	bool recorded;
	enum verdict verdict;
	struct visit visit;
};

/* What is on its way to paper. */
struct print_job {
	bool under_way;
	bool copy;
	struct slip slip;
	struct visit visit; /* of a pass: to record that it was printed */
};

/*
 * Things that happened while the register could not take them (somebody went through, an
 * emergency): kept in order and recorded when it can. Holds a few entries; when it is full the
 * oldest is dropped and said so in the log.
 */
#define BACKLOG_MAX 16
struct backlog {
	struct entry entries[BACKLOG_MAX];
	int count;
	bool sent; /* the first one is with the register now */
	int64_t retry_ms; /* INT64_MAX: nothing to retry */
};

/* The office's notices. */
struct notice_run {
	struct part_bytes part; /* as it came; list points into it */
	struct notices list;
	int32_t day; /* that the turns are of: yyyymmdd, 0 = nobody knows */
	int count, at;
	struct notice_turn turns[NOTICE_TURNS_MAX];
	int64_t turn_ms; /* when the next one's turn comes; INT64_MAX: never */
};

/* The office's announcements and broadcasts. */
struct sound_run {
	struct part_bytes part; /* as it came; list points into it */
	struct sounds list;
	int64_t done_ms[SOUNDS_MAX]; /* wall: the last due time of each that is dealt with */
	int playing; /* a broadcast: index, and its due time; -1 = none */
	int64_t playing_ms;
	int64_t next_ms; /* when it ends, or another try is made; INT64_MAX: nothing waits */
};

#define ACTIVE_FOR_MS 10000 /* after a touch the loop turns faster for so long */
#define SAID_MAX 16

struct app {
	struct app_options options;
	struct config config;
	struct rulebook book;
	char program_dir[256], stick_program[300], register_path[300], sounds_dir[300];
	struct clock clock;
	sd_event *events;
	struct watch watches[WATCH_COUNT_];
	bool quit;
	int exit_code;

	struct ui *ui;
	struct session session;
	struct board board;
	const uint8_t *preview;
	bool admit; /* the guard's last decision, for EFFECT_DECIDE */
	int64_t level_opened_ms; /* when somebody began to change the level */
	struct order order; /* found good on the stick; counts only while the session's change
			       names its number */
	uint64_t last_order; /* number of the last order taken; 0 = none was */
	int64_t touched_ms; /* last touch: the loop turns faster for a while */
	int64_t drawn_ms;

	struct worker *worker;
	bool register_up;
	struct backlog backlog; /* what could not be recorded yet */
	int64_t reopen_ms; /* next try to open a dead register; INT64_MAX none */

	uint8_t seed[PASS_SEED_BYTES];
	struct pass_key pass_key;

	enum gate_state gate;
	int64_t gate_deadline_ms;
	struct gate_line line;
	bool has_line, has_beam, has_presence;
	struct release release, next_release;

	struct thermometer thermometer;
	bool has_thermometer;
	int64_t sampled_ms, health_ms;

	struct printer *printer;
	struct print_job printing;

	struct scanner_link *scanner;
	bool pass_pending; /* a scanned pass is being looked up */
	struct pass pass; /* that pass */
	uint64_t last_code; /* digest of the code acted on last, and when: the same one is not acted
			       on again at once */
	int64_t last_code_ms;

	struct speaker *speaker;
	char said[SAID_MAX][40]; /* ring of the last announcements, by clip */
	unsigned said_count;

	bool stick_present;
	char stick_dir[256];
	struct export_job export_job;
	bool exporting;
	int64_t export_began_ms;

	struct forget_run forget; /* the night's forgetting, as far as it is */
	struct chain_walk walk; /* the walk along the chain that follows it */
	bool register_bad; /* the last one that came to an end found a fault */
	bool at_night; /* a step of either is with the register */
	int64_t night_ms; /* when it begins or goes on; INT64_MAX: not before the register is up */

	/* reports */
	struct people people; /* the screen's list: the worker's while people_busy */
	bool people_busy, people_again; /* asked for, and once more after that */
	struct people paper_people; /* the same for what is printed */
	bool paper_busy;
	bool paper_contact; /* what of: a contact query, or those inside */
	int32_t paper_next; /* persons still to be printed begin here; 0 = none */
	char paper_account[ACCOUNT_BYTES]; /* for whom */
	int roll_count;
	uint64_t roll[PEOPLE_TICKS_MAX]; /* answered in the roll call; outlives a log-out */

	struct notice_run notices;
	struct sound_run sounds;
	int64_t check_ms; /* the next step of the full check; INT64_MAX: none waits */

	int64_t counts_ms; /* when the board's numbers are refreshed next */
	int64_t minute_ms; /* when the shown minute ends */

#ifdef GATEHOUSE_SIM
	struct sim_world world;
	int sim_camera_fd; /* sending end */
	int sim_camera_far_fd; /* receiving end, duplicated into each scanner */
	uint32_t frames_sent, frames_seen;
	/* Called at the moments a power cut may be aimed at: "record" (about to be recorded),
	 * "recorded" (acknowledged). */
	void (*moment)(void *ctx, const char *name);
	void *moment_ctx;
	char printed_text[4096]; /* what stood on the slip printed last */
	uint64_t printed_count;
	struct decision last_decision; /* recorded last */
	bool query_done; /* answer of JOB_QUERY */
	int query_error;
	char query_text[512];
#endif
};

/* app.c, loop.c, due.c. message (cap bytes) says in a sentence what is wrong and what to do about
 * it. */
MUST_CHECK bool app_open(struct app *app, const struct app_options *options, char *message,
			 size_t cap);
void app_close(struct app *app);
/* Runs until quit; returns the exit code. */
int app_run(struct app *app);
/* One turn of the loop: waits at most wait_ms for something to happen. 1 when something did. */
int app_turn(struct app *app, int64_t wait_ms);
/* Virtual time: earliest moment at which something is due. */
int64_t app_deadline_ms(const struct app *app);
/* The shown time, a step of the wall clock, the trust in it. */
void app_keep_clock(struct app *app);
/* Everything that is due at the present moment. */
void app_tick(struct app *app);
/* Draws if something changed. */
void app_draw(struct app *app);
/* True while an answer of the register, the scanner or the printer is on its way without any time
 * passing. */
bool app_busy(const struct app *app);
int64_t app_now(const struct app *app);
int64_t app_wall(const struct app *app);
struct moment app_moment(const struct app *app);

/* flow.c */
void app_action(struct app *app, const struct action_event *action);
void app_event(struct app *app, enum session_event event);
/* The facts the session's table may ask for; app_event is app_step with exactly these. */
uint32_t app_facts(struct app *app, enum session_event event);
void app_step(struct app *app, enum session_event event, uint32_t facts);
/* The screens of the registration that are not asked of the class chosen: session_unasked. */
uint64_t app_unasked(const struct app *app);
void app_refresh(struct app *app);
/* The PIN that was asked again was right. */
void app_again_right(struct app *app);
void app_submit(struct app *app, const struct job *job);

/* recording.c */
void app_record(struct app *app, enum entry_type type, enum job_purpose purpose,
		const struct visit *visit, int64_t number, const char *detail);
void app_record_registration(struct app *app);
void app_record_decision(struct app *app);
void app_record_leaving(struct app *app);
void app_record_copy(struct app *app);
void app_record_level(struct app *app);
/* Whether the order on the screen may still be taken: time has passed since it was read. */
enum note app_order_check(const struct app *app);
int32_t app_today(const struct app *app); /* yyyymmdd */

/* importing.c */
struct bundle_job app_bundle_job(const struct app *app);
void app_import(struct app *app);
void app_import_answer(struct app *app, struct job *job);
/* Shows what was found on the stick. */
void app_bundle_found(struct app *app, const struct job *job);
/* The rulebook that came with an answer is the one in force from now on. */
void app_put_book(struct app *app, struct job *job);

/* notices.c */
void app_put_notices(struct app *app, struct job *job); /* those that came with an answer */
void app_notices_day(struct app *app); /* the time or the trust in it is another */
void app_notices_turn(struct app *app); /* turn_ms has come */
void app_notices_close(struct app *app);

/* sounds.c */
void app_say(struct app *app, enum clip clip);
/* Why somebody is not let in, spoken: the first few reasons. */
void app_say_reasons(struct app *app, const struct decision *decision);
void app_sounds_bring(struct app *app); /* the speaker has just been opened */
void app_put_sounds(struct app *app, struct job *job); /* those that came with an answer */
void app_broadcast(struct app *app); /* a minute has begun, or next_ms has come */
void app_sounds_close(struct app *app);

/* answers.c */
void app_answer(struct app *app, struct job *job);
/* Records what waits in the backlog, one after another. */
void app_backlog_send(struct app *app);
/* The register failed: its state is shown and, when it is down, opening it is tried again later.
 * Returns what to tell the person who waits for it. */
enum note app_register_failed(struct app *app, int error);

/* gate_run.c */
void app_gate(struct app *app, enum gate_event event);
void app_gate_permit(struct app *app, const struct visit *visit, enum direction direction,
		     bool recorded);

/* sensing.c */
void app_devices_open(struct app *app);
void app_devices_close(struct app *app);
void app_measure(struct app *app);
void app_line_events(struct app *app);
void app_device_state(struct app *app, enum device device, enum device_state state);
int64_t app_sensing_deadline_ms(const struct app *app);
void app_sensing_tick(struct app *app);
void app_stick_check(struct app *app);

/* scan.c */
void app_scanner_messages(struct app *app);
void app_scanner_want(struct app *app);
void app_pass_found(struct app *app, const struct job *job);
bool app_keys_open(struct app *app, char *message, size_t cap);

/* nightly.c */
void app_night_plan(struct app *app); /* the register has just been opened */
void app_night(struct app *app); /* night_ms has come */
void app_night_step(struct app *app, const struct job *job);

/* printing.c */
void app_print_pass(struct app *app, const struct visit *visit, bool copy);
void app_print_refusal(struct app *app, const struct visit *visit);
void app_print_receipt(struct app *app, const struct export_result *result);
void app_printer_io(struct app *app);
/* A sheet: its lines are given, the rest of the slip is filled in. */
void app_print_sheet(struct app *app, struct slip *slip);

/* report.c: loading, signing, roll call, contact queries */
void app_reports_load(struct app *app);
void app_report_load(struct app *app);
void app_people_load(struct app *app);
void app_report_sign(struct app *app);
void app_report_ask(struct app *app);
/* True when the button under the sheet may be used; else the note says why not. */
bool app_report_may_sign(struct app *app);
/* What an action chooses on the screens of reports, before its event. */
void app_report_choose(struct app *app, const struct action_event *action);
void app_report_answer(struct app *app, const struct job *job);
void app_report_recorded(struct app *app, const struct job *job);

/* search.c */
void app_search(struct app *app);
void app_search_answer(struct app *app, const struct job *job);

/* request.c */
void app_request(struct app *app); /* looks for the receipt code */
bool app_request_may(struct app *app, enum session_event event); /* else the note says why not */
void app_kept(struct app *app); /* the copy or the erasure that the PIN was given for */
void app_copy_recorded(struct app *app, const struct job *job);
void app_request_answer(struct app *app, const struct job *job);
/* request_sheet.c */
void app_request_print(struct app *app, const struct visit *visit);

/* ledger.c */
void app_ledgers_load(struct app *app);
void app_ledger_load(struct app *app);
void app_ledger_write(struct app *app);
/* What an action chooses on the screens of ledgers, before its event. */
void app_ledger_choose(struct app *app, const struct action_event *action);
/* Whether the row chosen may be corrected, or the entry shown struck out. */
bool app_ledger_may(struct app *app, enum session_event event);
void app_ledger_answer(struct app *app, const struct job *job);
void app_ledger_recorded(struct app *app, const struct job *job);
/* accounts.c */
void app_accounts_load(struct app *app);
void app_accounts_answer(struct app *app, const struct job *job);
/* Prepares the form for the event; false, and the note says why, when it may not be. */
bool app_account_may(struct app *app, enum session_event event);
void app_account_change(struct app *app);
void app_account_changed(struct app *app, const struct job *job);

/* clock_screen.c */
void app_clock_set(struct app *app);
void app_clock_confirm(struct app *app);

/* checking.c */
void app_check_start(struct app *app);
void app_check_stop(struct app *app);
void app_check_step(struct app *app); /* check_ms has come */
void app_check_answer(struct app *app, const struct job *job);

/* report_sheet.c: the same on paper */
void app_report_print(struct app *app);
void app_report_print_people(struct app *app);
void app_report_print_list(struct app *app, const struct job *job);
void app_report_printed(struct app *app, bool good);

#endif
