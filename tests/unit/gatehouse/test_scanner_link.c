/*
 * The link with the real gatehouse-scanner behind it and a simulated camera before that. Time is an
 * argument; what really takes time (a child starting, a picture being read) is waited for with poll
 * on the link's socket.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "hal/sim/camera_sim.h"
#include "scanner_link.h"

#define SCANNER TEST_BINARY_DIR "/bin/gatehouse-scanner"
#define PATIENCE_MS 30000 /* of the real clock, for a loaded machine with sanitizers */

struct fixture {
	int kiosk; /* sending end of the simulated camera */
	int camera; /* receiving end, held by the link's side */
	struct scanner_link *link;
	int64_t now_ms;
	struct scanner_msg msg; /* last one heard */
};

static int set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	int pair[2];
	if (!f || socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair))
		return -1;
	f->kiosk = pair[0];
	f->camera = pair[1];
	f->now_ms = 1000000;
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;
	if (f->link)
		scanner_link_stop(f->link);
	close_fd(&f->kiosk);
	close_fd(&f->camera);
	free(f);
	/* Whatever happened, no child is left behind. */
	return waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD ? 0 : -1;
}

static void start(struct fixture *f)
{
	struct scanner_options options = { .program = SCANNER,
					   .camera = "sim",
					   .sim_fd = f->camera };
	assert_int_equal(scanner_link_start(&f->link, &options, f->now_ms), 0);
	assert_true(scanner_link_pid(f->link) > 0);
}

/* The next message, waiting for it. */
static void hear(struct fixture *f)
{
	while (!scanner_link_next(f->link, &f->msg, f->now_ms)) {
		struct pollfd p = { .fd = scanner_link_fd(f->link), .events = POLLIN };
		assert_true(p.fd >= 0);
		assert_int_equal(poll(&p, 1, PATIENCE_MS), 1);
	}
}

static void hear_state(struct fixture *f, enum scanner_camera camera)
{
	hear(f);
	assert_int_equal(f->msg.type, SCANNER_STATE);
	assert_int_equal(f->msg.camera, camera);
}

static void hear_frame(struct fixture *f, uint32_t seq)
{
	do
		hear(f);
	while (f->msg.type == SCANNER_STATE && f->msg.camera == SCANNER_CAMERA_STREAMING);
	assert_int_equal(f->msg.type, SCANNER_FRAME);
	assert_int_equal(f->msg.seq, seq);
}

static void show(struct fixture *f, const char *text, uint32_t seq)
{
	struct sim_picture p;
	int r = text ? sim_picture_with_code(&p, text) : sim_picture_blank(&p);
	assert_int_equal(r, 0);
	assert_int_equal(sim_camera_send(f->kiosk, &p, seq), 0);
	sim_picture_free(&p);
}

static void assert_payload(const struct fixture *f, const char *text)
{
	assert_int_equal(f->msg.payload_len, strlen(text));
	assert_memory_equal(f->msg.payload, text, strlen(text));
}

/* Moves time to the link's own deadline and lets it act. */
static void reach_deadline(struct fixture *f)
{
	int64_t deadline_ms = scanner_link_deadline_ms(f->link);
	assert_true(deadline_ms != INT64_MAX && deadline_ms >= f->now_ms);
	f->now_ms = deadline_ms - 1;
	scanner_link_tick(f->link, f->now_ms);
	f->now_ms = deadline_ms;
	scanner_link_tick(f->link, f->now_ms);
}

static void test_code_to_payload(void **state)
{
	struct fixture *f = *state;
	start(f);
	scanner_link_want(f->link, true, false, f->now_ms);
	hear_state(f, SCANNER_CAMERA_STREAMING);
	show(f, NULL, 1);
	hear_frame(f, 1);
	assert_int_equal(f->msg.payload_len, 0);
	assert_int_equal(f->msg.preview_slot, 255);
	assert_in_range(f->msg.luma_mean, 100, 140);
	static const char *const TEXTS[] = { "https://example.org/health?id=42",
					     "GH1:6BF%RN%TS3DH.O5BD-/9", "汪斌华|张伟|欧阳修" };
	for (uint32_t i = 0; i < ARRAY_LEN(TEXTS); i++) {
		show(f, TEXTS[i], 10 + i);
		hear_frame(f, 10 + i);
		assert_payload(f, TEXTS[i]);
		assert_true(f->msg.decode_us > 0);
	}
	char long_text[601];
	for (size_t i = 0; i < sizeof(long_text) - 1; i++)
		long_text[i] = (char)('A' + i % 26);
	long_text[sizeof(long_text) - 1] = '\0';
	show(f, long_text, 20);
	hear_frame(f, 20);
	assert_payload(f, long_text);
}

static void test_unwanted_frames_are_answered_unread(void **state)
{
	struct fixture *f = *state;
	start(f);
	hear_state(f, SCANNER_CAMERA_STREAMING);
	show(f, "secret", 1);
	hear_state(f, SCANNER_CAMERA_STREAMING); /* now with its size */
	assert_int_equal(f->msg.width, 1280);
	assert_int_equal(f->msg.height, 720);
	hear_frame(f, 1);
	assert_int_equal(f->msg.payload_len, 0);
	assert_int_equal(scanner_link_deadline_ms(f->link), INT64_MAX); /* nothing is owed */
}

static void test_preview(void **state)
{
	struct fixture *f = *state;
	bool seen[PREVIEW_SLOTS] = { false };
	start(f);
	scanner_link_want(f->link, false, true, f->now_ms);
	hear_state(f, SCANNER_CAMERA_STREAMING);
	for (uint32_t seq = 1; seq <= PREVIEW_SLOTS; seq++) {
		show(f, seq % 2 ? NULL : "x", seq);
		hear_frame(f, seq);
		assert_int_equal(f->msg.payload_len, 0);
		assert_true(f->msg.preview_slot < PREVIEW_SLOTS);
		seen[f->msg.preview_slot] = true;
		const uint8_t *grey = scanner_link_preview(f->link, f->msg.preview_slot);
		uint8_t middle = grey[PREVIEW_WIDTH * 50 + PREVIEW_WIDTH / 2];
		/* hall, or the telephone's white display */
		if (seq % 2)
			assert_in_range(middle, 110, 130);
		else
			assert_in_range(middle, 190, 240);
		assert_in_range(grey[5], 95, 130); /* the wall in the corner */
	}
	for (int i = 0; i < PREVIEW_SLOTS; i++)
		assert_true(seen[i]);
}

static void test_killed_child_comes_back(void **state)
{
	struct fixture *f = *state;
	start(f);
	scanner_link_want(f->link, true, false, f->now_ms);
	hear_state(f, SCANNER_CAMERA_STREAMING);
	int64_t backoff_ms = 1000;
	for (uint32_t seq = 1; seq <= 7; seq++) {
		pid_t first = scanner_link_pid(f->link);
		assert_int_equal(kill(first, SIGKILL), 0);
		hear_state(f, SCANNER_CAMERA_STARTING);
		assert_int_equal(scanner_link_fd(f->link), -1);
		assert_int_equal(scanner_link_pid(f->link), -1);
		assert_int_equal(scanner_link_deadline_ms(f->link), f->now_ms + backoff_ms);
		show(f, "shown between two children", seq);
		reach_deadline(f);
		assert_true(scanner_link_pid(f->link) > 0 && scanner_link_pid(f->link) != first);
		hear_state(f, SCANNER_CAMERA_STREAMING);
		hear_frame(f, seq);
		assert_payload(f, "shown between two children"); /* decode is still wanted */
		backoff_ms = backoff_ms * 2 < 30000 ? backoff_ms * 2 : 30000;
	}
	f->now_ms += 60000; /* a minute of health */
	kill(scanner_link_pid(f->link), SIGKILL);
	hear_state(f, SCANNER_CAMERA_STARTING);
	assert_int_equal(scanner_link_deadline_ms(f->link), f->now_ms + 1000);
}

/* Stopped, it takes no frame: the same to see from here as a scan that never ends. */
static void test_stuck_child_is_killed(void **state)
{
	struct fixture *f = *state;
	start(f);
	scanner_link_want(f->link, true, false, f->now_ms);
	hear_state(f, SCANNER_CAMERA_STREAMING);
	pid_t stuck = scanner_link_pid(f->link);
	kill(stuck, SIGSTOP);
	show(f, "held up", 5);
	reach_deadline(f);
	assert_int_equal(scanner_link_pid(f->link), -1);
	hear_state(f, SCANNER_CAMERA_STARTING);
	reach_deadline(f);
	hear_state(f, SCANNER_CAMERA_STREAMING);
	hear_frame(f, 5);
	assert_payload(f, "held up");
}

static void test_idle_simulated_camera_is_not_hung(void **state)
{
	struct fixture *f = *state;
	start(f);
	scanner_link_want(f->link, true, true, f->now_ms);
	hear_state(f, SCANNER_CAMERA_STREAMING);
	pid_t pid = scanner_link_pid(f->link);
	for (int i = 0; i < 100; i++)
		reach_deadline(f);
	assert_int_equal(scanner_link_pid(f->link), pid);
	show(f, "still here", 9);
	hear_frame(f, 9);
	assert_payload(f, "still here");
}

static void test_hung_camera(void **state)
{
	struct fixture *f = *state;
	start(f);
	scanner_link_want(f->link, true, false, f->now_ms);
	hear_state(f, SCANNER_CAMERA_STREAMING);
	assert_int_equal(sim_camera_send_fault(f->kiosk, SIM_HUNG), 0);
	for (int i = 0; i < 2; i++) {
		reach_deadline(f); /* five seconds of silence */
		hear_state(f, SCANNER_CAMERA_STARTING);
		reach_deadline(f);
		hear_state(f, SCANNER_CAMERA_STREAMING); /* opens, and hangs again */
	}
	assert_int_equal(sim_camera_send_fault(f->kiosk, SIM_OK), 0);
	show(f, "alive", 3);
	hear_frame(f, 3);
	assert_payload(f, "alive");
}

static void test_unplugged_camera(void **state)
{
	struct fixture *f = *state;
	start(f);
	scanner_link_want(f->link, true, false, f->now_ms);
	hear_state(f, SCANNER_CAMERA_STREAMING);
	assert_int_equal(sim_camera_send_fault(f->kiosk, SIM_UNPLUGGED), 0);
	for (int i = 0; i < 4; i++) {
		hear_state(f, SCANNER_CAMERA_ABSENT);
		assert_int_equal(f->msg.error, ENODEV);
		/* The child goes; its word stands. */
		struct pollfd p = { .fd = scanner_link_fd(f->link), .events = POLLIN };
		assert_int_equal(poll(&p, 1, PATIENCE_MS), 1);
		assert_false(scanner_link_next(f->link, &f->msg, f->now_ms));
		assert_int_equal(scanner_link_pid(f->link), -1);
		assert_true(scanner_link_deadline_ms(f->link) <= f->now_ms + 3000);
		if (i == 3)
			assert_int_equal(sim_camera_send_fault(f->kiosk, SIM_OK), 0);
		reach_deadline(f);
	}
	hear_state(f, SCANNER_CAMERA_STREAMING);
	show(f, "back", 4);
	hear_frame(f, 4);
	assert_payload(f, "back");
}

static void test_garbage_camera(void **state)
{
	struct fixture *f = *state;
	start(f);
	scanner_link_want(f->link, true, false, f->now_ms);
	hear_state(f, SCANNER_CAMERA_STREAMING);
	assert_int_equal(sim_camera_send_fault(f->kiosk, SIM_GARBAGE), 0);
	for (uint32_t seq = 1; seq < 10; seq++) {
		show(f, "unseen", seq);
		hear_frame(f, seq);
		assert_int_equal(f->msg.payload_len, 0);
	}
	show(f, "unseen", 10);
	hear_state(f, SCANNER_CAMERA_FAILED);
	assert_int_equal(f->msg.error, EBADMSG);
}

static void test_real_camera_that_is_not_there(void **state)
{
	struct fixture *f = *state;
	struct scanner_options options = { .program = SCANNER,
					   .camera = "v4l2:/nowhere/video0",
					   .sim_fd = -1 };
	assert_int_equal(scanner_link_start(&f->link, &options, f->now_ms), 0);
	hear_state(f, SCANNER_CAMERA_ABSENT);
	assert_int_equal(f->msg.error, ENOENT);
	scanner_link_stop(f->link);
	options.camera = "v4l2:/dev/null";
	assert_int_equal(scanner_link_start(&f->link, &options, f->now_ms), 0);
	hear_state(f, SCANNER_CAMERA_FAILED);
	assert_int_equal(f->msg.error, ENOTSUP);
}

static void test_program_that_is_not_there(void **state)
{
	struct fixture *f = *state;
	struct scanner_options options = { .program = "/nowhere/gatehouse-scanner",
					   .camera = "sim",
					   .sim_fd = f->camera };
	assert_int_equal(scanner_link_start(&f->link, &options, f->now_ms), -ENOENT);
	f->link = NULL;
}

/* /bin/false knows none of the options and ends at once, again and again. */
static void test_program_that_is_none(void **state)
{
	struct fixture *f = *state;
	struct scanner_options options = { .program = "/bin/false",
					   .camera = "sim",
					   .sim_fd = f->camera };
	assert_int_equal(scanner_link_start(&f->link, &options, f->now_ms), 0);
	for (int i = 0; i < 3; i++) {
		hear_state(f, SCANNER_CAMERA_STARTING);
		reach_deadline(f);
	}
}

/* Nothing but standard input, output, error and what it was given reaches the child. */
static void test_child_inherits_nothing_else(void **state)
{
	struct fixture *f = *state;
	/* A careless library: no close-on-exec, and at numbers the child's own are moved to. */
	int careless[20];
	for (size_t i = 0; i < ARRAY_LEN(careless); i++)
		careless[i] = open("/dev/zero", O_RDONLY);
	start(f);
	hear_state(f, SCANNER_CAMERA_STREAMING);
	char path[64];
	snprintf(path, sizeof(path), "/proc/%d/fd", (int)scanner_link_pid(f->link));
	DIR *d = opendir(path);
	if (!d)
		print_message("%s cannot be read: not checked\n", path);
	struct dirent *entry;
	while (d && (entry = readdir(d))) {
		char name[320], target[64] = "";
		snprintf(name, sizeof(name), "%s/%s", path, entry->d_name);
		if (entry->d_name[0] == '.')
			continue;
		assert_true(readlink(name, target, sizeof(target) - 1) > 0);
		assert_string_not_equal(target, "/dev/zero");
		assert_true(atoi(entry->d_name) <= 5);
	}
	if (d)
		closedir(d);
	for (size_t i = 0; i < ARRAY_LEN(careless); i++)
		close(careless[i]);
}

static void test_child_ends_with_the_socket(void **state)
{
	struct fixture *f = *state;
	start(f);
	hear_state(f, SCANNER_CAMERA_STREAMING);
	pid_t pid = scanner_link_pid(f->link);
	scanner_link_stop(f->link);
	f->link = NULL;
	assert_int_equal(kill(pid, 0), -1);
	assert_int_equal(errno, ESRCH);
}

#define WITH_FIXTURE(t) cmocka_unit_test_setup_teardown(t, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_FIXTURE(test_code_to_payload),
		WITH_FIXTURE(test_unwanted_frames_are_answered_unread),
		WITH_FIXTURE(test_preview),
		WITH_FIXTURE(test_killed_child_comes_back),
		WITH_FIXTURE(test_stuck_child_is_killed),
		WITH_FIXTURE(test_idle_simulated_camera_is_not_hung),
		WITH_FIXTURE(test_hung_camera),
		WITH_FIXTURE(test_unplugged_camera),
		WITH_FIXTURE(test_garbage_camera),
		WITH_FIXTURE(test_real_camera_that_is_not_there),
		WITH_FIXTURE(test_program_that_is_not_there),
		WITH_FIXTURE(test_program_that_is_none),
		WITH_FIXTURE(test_child_inherits_nothing_else),
		WITH_FIXTURE(test_child_ends_with_the_socket),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
