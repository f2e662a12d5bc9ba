/*
 * The scanner's loop over a false camera whose frames are a script. When the script is over the
 * false camera closes the kiosk's sending side, so the loop ends by itself and what it said can be
 * read afterwards: one thread, no waiting.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <sys/eventfd.h>
#include <sys/socket.h>

#include "hal/sim/camera_sim.h"
#include "helper_frames.h"
#include "scanner/run.h"

#define STEPS_MAX 64

/* One wake-up of the camera: this many frames are waiting, or it says error. */
struct step {
	int frames;
	int error;
	bool damaged;
};

struct fixture {
	struct step steps[STEPS_MAX];
	int step, step_count;
	int lent, given; /* frames out now, ever */
	int ready; /* always readable */
	int kiosk;
	struct camera_frame frame; /* every frame looks like this */
	struct camera camera;
	struct luma luma;
	uint8_t *preview;
	struct run run;
};

static int fake_fd(void *ctx)
{
	struct fixture *f = ctx;
	return f->ready;
}

static int fake_next(void *ctx, struct camera_frame *frame)
{
	struct fixture *f = ctx;
	if (f->step == f->step_count) {
		shutdown(f->kiosk, SHUT_WR);
		return 0;
	}
	struct step *s = &f->steps[f->step];
	if (s->error)
		return s->error;
	if (s->frames == 0) {
		f->step++;
		return 0;
	}
	s->frames--;
	if (s->frames == 0 && f->run.answer_every_frame)
		f->step++;
	*frame = f->frame;
	if (s->damaged)
		frame->len = 1;
	frame->seq = (uint32_t)++f->given;
	f->lent++;
	assert_true(f->lent <= 2); /* four buffers: the driver must keep some */
	return 1;
}

static int fake_release(void *ctx, const struct camera_frame *frame)
{
	struct fixture *f = ctx;
	(void)frame;
	f->lent--;
	return 0;
}

static int set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	int pair[2], size = 1 << 20;
	if (!f || socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair))
		return -1;
	setsockopt(pair[1], SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
	f->kiosk = pair[0];
	f->ready = eventfd(1, EFD_CLOEXEC);
	f->preview = calloc(1, PREVIEW_BYTES);
	f->camera = (struct camera){
		.fd = fake_fd, .next = fake_next, .release = fake_release, .ctx = f
	};
	f->run = (struct run){
		.socket = pair[1], .camera = &f->camera, .luma = &f->luma, .preview = f->preview
	};
	*state = f;
	return luma_open(&f->luma) || decoder_open(&f->run.decoder);
}

static int tear_down(void **state)
{
	struct fixture *f = *state;
	decoder_close(f->run.decoder);
	luma_close(&f->luma);
	frame_free(&f->frame);
	free(f->preview);
	close(f->ready);
	close(f->kiosk);
	close(f->run.socket);
	free(f);
	return 0;
}

static void see_code(struct fixture *f, const char *text)
{
	QRcode *code =
		QRcode_encodeData((int)strlen(text), (const unsigned char *)text, 0, QR_ECLEVEL_M);
	assert_non_null(code);
	uint8_t *grey = grey_with_code(code, 4, 320, 240);
	f->frame = frame_from_grey(PIXEL_GREY, grey, 320, 240, 0);
	free(grey);
	QRcode_free(code);
}

static void add(struct fixture *f, int times, struct step step)
{
	while (times-- > 0)
		f->steps[f->step_count++] = step;
}

static void want(struct fixture *f, bool decode, bool preview)
{
	struct scanner_msg msg = { .type = SCANNER_WANT, .decode = decode, .preview = preview };
	uint8_t packet[SCANNER_MSG_MAX];
	size_t len = scanner_msg_encode(&msg, packet, sizeof(packet));
	assert_int_equal(send(f->kiosk, packet, len, 0), len);
}

/* The next FRAME that was said; false when there is none left. */
static bool said_frame(struct fixture *f, struct scanner_msg *msg)
{
	uint8_t packet[SCANNER_MSG_MAX];
	ssize_t n;
	while ((n = recv(f->kiosk, packet, sizeof(packet), MSG_DONTWAIT)) > 0) {
		assert_true(scanner_msg_decode(msg, packet, (size_t)n));
		if (msg->type == SCANNER_FRAME)
			return true;
		assert_int_equal(msg->camera, SCANNER_CAMERA_STREAMING);
		assert_int_equal(msg->width, 320);
		assert_int_equal(msg->height, 240);
	}
	return false;
}

static void test_newest_frame_wins(void **state)
{
	struct fixture *f = *state;
	struct scanner_msg msg;
	see_code(f, "newest");
	want(f, true, false);
	add(f, 3, (struct step){ .frames = 4 });
	assert_int_equal(run_until_end(&f->run), 0);
	for (uint32_t seq = 4; seq <= 12; seq += 4) {
		assert_true(said_frame(f, &msg));
		assert_int_equal(msg.seq, seq);
		assert_int_equal(msg.payload_len, 6);
		assert_memory_equal(msg.payload, "newest", 6);
	}
	assert_false(said_frame(f, &msg));
	assert_int_equal(f->given, 12);
	assert_int_equal(f->lent, 0);
}

static void test_every_frame_of_a_simulated_camera(void **state)
{
	struct fixture *f = *state;
	struct scanner_msg msg;
	see_code(f, "each");
	f->run.answer_every_frame = true;
	want(f, true, false);
	add(f, 2, (struct step){ .frames = 4 });
	add(f, 1, (struct step){ .frames = 1, .damaged = true });
	assert_int_equal(run_until_end(&f->run), 0);
	for (uint32_t seq = 1; seq <= 9; seq++) {
		assert_true(said_frame(f, &msg));
		assert_int_equal(msg.seq, seq);
		assert_int_equal(msg.payload_len, seq <= 8 ? 4 : 0);
	}
	assert_false(said_frame(f, &msg));
}

static void test_nothing_wanted_nothing_said(void **state)
{
	struct fixture *f = *state;
	struct scanner_msg msg;
	see_code(f, "unwanted");
	add(f, 20, (struct step){ .frames = 1, .damaged = true }); /* not even looked at */
	assert_int_equal(run_until_end(&f->run), 0);
	assert_false(said_frame(f, &msg));
	assert_int_equal(f->given, 20);
	assert_int_equal(f->lent, 0);
}

static void test_preview_goes_round(void **state)
{
	struct fixture *f = *state;
	struct scanner_msg msg;
	see_code(f, "preview");
	want(f, false, true);
	add(f, 7, (struct step){ .frames = 1 });
	assert_int_equal(run_until_end(&f->run), 0);
	for (int i = 0; i < 7; i++) {
		assert_true(said_frame(f, &msg));
		assert_int_equal(msg.preview_slot, i % PREVIEW_SLOTS);
		assert_int_equal(msg.payload_len, 0);
	}
	/* 4:3 in 16:9: black beside, the light ground inside. */
	assert_int_equal(f->preview[PREVIEW_WIDTH * 10 + 30], 0);
	assert_int_equal(f->preview[PREVIEW_WIDTH * 10 + 80], 220);
}

/* A photograph that only the threshold rung reads is read although each frame sees one rung. */
static void test_rungs_take_turns(void **state)
{
	struct fixture *f = *state;
	struct sim_picture p;
	struct scanner_msg msg;
	assert_int_equal(
		sim_picture_from_png(&p, TEST_SOURCE_DIR "/tests/vectors/qr/qrcode-2/22.png"), 0);
	uint8_t *grey = malloc((size_t)p.width * p.height);
	for (size_t i = 0; i < (size_t)p.width * p.height; i++)
		grey[i] = p.yuyv[2 * i];
	f->frame = frame_from_grey(PIXEL_GREY, grey, p.width, p.height, 0);
	free(grey);
	sim_picture_free(&p);
	want(f, true, false);
	add(f, 4, (struct step){ .frames = 1 });
	assert_int_equal(run_until_end(&f->run), 0);
	uint8_t packet[SCANNER_MSG_MAX];
	int frames = 0, read = 0;
	ssize_t n;
	while ((n = recv(f->kiosk, packet, sizeof(packet), MSG_DONTWAIT)) > 0) {
		assert_true(scanner_msg_decode(&msg, packet, (size_t)n));
		frames += msg.type == SCANNER_FRAME;
		read += msg.type == SCANNER_FRAME && msg.payload_len > 0;
	}
	assert_int_equal(frames, 4);
	assert_int_equal(read, 3); /* plain misses; threshold reads and keeps its turn */
}

static void test_damaged_frames(void **state)
{
	struct fixture *f = *state;
	struct scanner_msg msg;
	see_code(f, "good");
	want(f, true, false);
	add(f, 9, (struct step){ .frames = 1, .damaged = true });
	add(f, 1, (struct step){ .frames = 1 }); /* a good one starts the count anew */
	add(f, 9, (struct step){ .frames = 1, .damaged = true });
	add(f, 1, (struct step){ .frames = 1 });
	add(f, 10, (struct step){ .frames = 1, .damaged = true });
	assert_int_equal(run_until_end(&f->run), -EBADMSG);
	assert_true(said_frame(f, &msg));
	assert_int_equal(msg.seq, 10);
	assert_true(said_frame(f, &msg));
	assert_int_equal(msg.seq, 20);
	assert_false(said_frame(f, &msg));
	assert_int_equal(f->lent, 0);
}

static void test_camera_errors_come_out(void **state)
{
	struct fixture *f = *state;
	see_code(f, "x");
	want(f, true, false);
	add(f, 1, (struct step){ .frames = 1 });
	add(f, 1, (struct step){ .error = -ENODEV });
	assert_int_equal(run_until_end(&f->run), -ENODEV);
}

static void test_kiosk_that_talks_nonsense(void **state)
{
	struct fixture *f = *state;
	assert_int_equal(send(f->kiosk, "nonsense", 8, 0), 8);
	assert_int_equal(run_until_end(&f->run), -EPROTO);
}

static void test_kiosk_gone(void **state)
{
	struct fixture *f = *state;
	see_code(f, "x");
	add(f, 1, (struct step){ .frames = 1 });
	shutdown(f->kiosk, SHUT_WR);
	assert_int_equal(run_until_end(&f->run), 0);
	assert_int_equal(f->given, 0);
}

#define WITH_FIXTURE(t) cmocka_unit_test_setup_teardown(t, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_FIXTURE(test_newest_frame_wins),
		WITH_FIXTURE(test_every_frame_of_a_simulated_camera),
		WITH_FIXTURE(test_nothing_wanted_nothing_said),
		WITH_FIXTURE(test_preview_goes_round),
		WITH_FIXTURE(test_rungs_take_turns),
		WITH_FIXTURE(test_damaged_frames),
		WITH_FIXTURE(test_camera_errors_come_out),
		WITH_FIXTURE(test_kiosk_that_talks_nonsense),
		WITH_FIXTURE(test_kiosk_gone),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
