#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>

#include "hal/sim/camera_sim.h"

struct fixture {
	int kiosk, camera_fd;
	struct sim_picture picture;
	struct camera camera;
	struct camera_frame frame;
};

static int set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	int pair[2];
	if (!f || socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair))
		return -1;
	f->kiosk = pair[0];
	f->camera_fd = pair[1];
	*state = f;
	return sim_picture_blank(&f->picture);
}

static int tear_down(void **state)
{
	struct fixture *f = *state;
	sim_picture_free(&f->picture);
	close_fd(&f->kiosk);
	close_fd(&f->camera_fd);
	free(f);
	return 0;
}

/* As the kiosk does for each scanner: every one gets a copy of the same end. */
static int open_camera(struct fixture *f)
{
	return camera_sim_open(&f->camera, fcntl(f->camera_fd, F_DUPFD_CLOEXEC, 3));
}

static int next(struct fixture *f)
{
	return f->camera.next(f->camera.ctx, &f->frame);
}

static void close_camera(struct fixture *f)
{
	f->camera.close(f->camera.ctx);
}

static void assert_frame(struct fixture *f, uint32_t seq)
{
	assert_int_equal(next(f), 1);
	assert_int_equal(f->frame.seq, seq);
	assert_int_equal(f->frame.format, PIXEL_YUYV);
	assert_int_equal(f->frame.width, 1280);
	assert_int_equal(f->frame.height, 720);
	assert_int_equal(f->frame.stride_bytes, 2560);
	assert_int_equal(f->frame.len, 2560 * 720);
	assert_memory_equal(f->frame.data, f->picture.yuyv, f->frame.len);
	assert_int_equal(f->camera.release(f->camera.ctx, &f->frame), 0);
}

static void send_frame(struct fixture *f, uint32_t seq)
{
	assert_int_equal(sim_camera_send(f->kiosk, &f->picture, seq), 0);
}

static void send_fault(struct fixture *f, enum sim_fault fault)
{
	assert_int_equal(sim_camera_send_fault(f->kiosk, fault), 0);
}

static void test_frames_in_order(void **state)
{
	struct fixture *f = *state;
	send_frame(f, 7); /* before there is a scanner */
	assert_int_equal(open_camera(f), 0);
	send_frame(f, 8);
	struct pollfd p = { .fd = f->camera.fd(f->camera.ctx), .events = POLLIN };
	assert_int_equal(poll(&p, 1, 0), 1);
	assert_frame(f, 7);
	assert_frame(f, 8);
	assert_int_equal(next(f), 0);
	assert_int_equal(poll(&p, 1, 0), 0);
	close_camera(f);
}

static void test_one_frame_at_a_time(void **state)
{
	struct fixture *f = *state;
	assert_int_equal(open_camera(f), 0);
	send_frame(f, 1);
	send_frame(f, 2);
	assert_int_equal(next(f), 1);
	struct camera_frame lent = f->frame;
	assert_int_equal(next(f), 0);
	assert_int_equal(f->camera.release(f->camera.ctx, &lent), 0);
	assert_frame(f, 2);
	send_frame(f, 3);
	assert_int_equal(next(f), 1);
	close_camera(f); /* with a frame still lent */
}

static void test_sender_never_blocks(void **state)
{
	struct fixture *f = *state;
	int r = 0, sent = 0;
	while (r == 0 && sent < 100000) {
		r = sim_camera_send_fault(f->kiosk, SIM_OK);
		sent++;
	}
	assert_int_equal(r, -EAGAIN);
	close_fd(&f->camera_fd);
	assert_int_equal(sim_camera_send_fault(f->kiosk, SIM_OK), -ECONNRESET); /* unread ones */
	assert_int_equal(sim_camera_send_fault(f->kiosk, SIM_OK), -EPIPE);
}

static void test_unplugged_stays_away(void **state)
{
	struct fixture *f = *state;
	static const enum sim_fault GONE[] = { SIM_UNPLUGGED, SIM_ABSENT };
	for (size_t i = 0; i < ARRAY_LEN(GONE); i++) {
		assert_int_equal(open_camera(f), 0);
		send_frame(f, 1);
		send_fault(f, GONE[i]);
		assert_frame(f, 1); /* sent before */
		assert_int_equal(next(f), -ENODEV);
		close_camera(f);
		send_frame(f, 2); /* nobody sees it */
		assert_int_equal(open_camera(f), -ENODEV);
		assert_int_equal(open_camera(f), -ENODEV);
		send_frame(f, 3);
		send_fault(f, SIM_OK);
		send_frame(f, 4);
		assert_int_equal(open_camera(f), 0);
		assert_frame(f, 4);
		assert_int_equal(next(f), 0);
		close_camera(f);
	}
}

static void test_hung_shows_nothing_and_starves(void **state)
{
	struct fixture *f = *state;
	assert_int_equal(open_camera(f), 0);
	assert_false(sim_camera_starves(f->camera_fd));
	send_fault(f, SIM_HUNG);
	send_frame(f, 1);
	assert_true(sim_camera_starves(f->camera_fd)); /* not taken yet */
	assert_int_equal(next(f), 0);
	assert_true(sim_camera_starves(f->camera_fd)); /* taken, and hanging */
	close_camera(f);
	assert_int_equal(open_camera(f), 0); /* a hung camera can be opened */
	send_frame(f, 2);
	assert_int_equal(next(f), 0);
	send_fault(f, SIM_OK);
	send_frame(f, 3);
	assert_frame(f, 3);
	assert_false(sim_camera_starves(f->camera_fd));
	close_camera(f);
}

static void test_garbage_is_no_picture(void **state)
{
	struct fixture *f = *state;
	assert_int_equal(open_camera(f), 0);
	send_fault(f, SIM_GARBAGE);
	send_frame(f, 1);
	assert_int_equal(next(f), 1);
	assert_int_equal(f->frame.format, PIXEL_MJPEG);
	assert_int_equal(f->frame.seq, 1);
	assert_int_equal(f->camera.release(f->camera.ctx, &f->frame), 0);
	close_camera(f);
	assert_int_equal(open_camera(f), 0);
	send_frame(f, 2);
	assert_int_equal(next(f), 1);
	assert_int_equal(f->frame.format, PIXEL_MJPEG); /* still */
	assert_int_equal(f->camera.release(f->camera.ctx, &f->frame), 0);
	send_fault(f, SIM_OK);
	send_frame(f, 3);
	assert_frame(f, 3);
	close_camera(f);
}

static void test_faults_of_other_devices(void **state)
{
	struct fixture *f = *state;
	static const enum sim_fault FOREIGN[] = { SIM_CRC,        SIM_PAPER_END, SIM_PAPER_LOW,
						  SIM_COVER_OPEN, SIM_FULL,      SIM_READ_ONLY };
	for (size_t i = 0; i < ARRAY_LEN(FOREIGN); i++)
		assert_int_equal(sim_camera_send_fault(f->kiosk, FOREIGN[i]), -EINVAL);
}

static void test_runner_gone(void **state)
{
	struct fixture *f = *state;
	assert_int_equal(open_camera(f), 0);
	close_fd(&f->kiosk);
	assert_int_equal(next(f), -ENODEV);
	close_camera(f);
}

static void test_pictures_from_png(void **state)
{
	(void)state;
	struct sim_picture p;
	const char *photo = TEST_SOURCE_DIR "/tests/vectors/qr/qrcode-1/17.png";
	assert_int_equal(sim_picture_from_png(&p, photo), 0);
	assert_int_equal(p.width, 1280);
	assert_int_equal(p.height, 720);
	assert_int_equal(p.yuyv[0], 120); /* the ground beside the photograph */
	sim_picture_free(&p);
	assert_int_equal(sim_picture_from_png(&p, TEST_SOURCE_DIR "/nowhere.png"), -ENOENT);
	assert_int_equal(sim_picture_from_png(&p, TEST_SOURCE_DIR "/CMakeLists.txt"), -EINVAL);
}

static void test_pictures_with_code(void **state)
{
	(void)state;
	struct sim_picture a, b;
	assert_int_equal(sim_picture_with_code(&a, "张伟"), 0);
	assert_int_equal(sim_picture_with_code(&b, "张伟"), 0);
	assert_int_equal(a.width % 8 + a.height % 8, 0);
	assert_memory_equal(a.yuyv, b.yuyv, 2 * a.width * a.height);
	sim_picture_free(&a);
	sim_picture_free(&b);
	char long_text[4000];
	memset(long_text, 'a', sizeof(long_text));
	long_text[sizeof(long_text) - 1] = '\0';
	assert_int_equal(sim_picture_with_code(&a, long_text), -E2BIG);
	assert_int_equal(sim_picture_with_code(&a, ""), -EINVAL);
}

#define WITH_FIXTURE(t) cmocka_unit_test_setup_teardown(t, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_FIXTURE(test_frames_in_order),
		WITH_FIXTURE(test_one_frame_at_a_time),
		WITH_FIXTURE(test_sender_never_blocks),
		WITH_FIXTURE(test_unplugged_stays_away),
		WITH_FIXTURE(test_hung_shows_nothing_and_starves),
		WITH_FIXTURE(test_garbage_is_no_picture),
		WITH_FIXTURE(test_faults_of_other_devices),
		WITH_FIXTURE(test_runner_gone),
		cmocka_unit_test(test_pictures_from_png),
		cmocka_unit_test(test_pictures_with_code),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
