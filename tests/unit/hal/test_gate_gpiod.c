#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "hal/gate_gpiod.h"

#define SKIPPED 77

#ifdef HAVE_UMOCKDEV

#include <fcntl.h>
#include <linux/gpio.h>
#include <poll.h>
#include <termios.h>

#include <umockdev.h>

#define SPEC "/dev/gpiochip7:release=17,beam!=27,guard+=23,emergency=24"

/* Places of the inputs in their request: libgpiod keeps the order in which they were added. */
enum { BEAM, GUARD, EMERGENCY, INPUTS };

/*
 * The kernel's side: a chip and two line requests, each a node of its own whose descriptor the
 * chip's handler hands out. Handlers run in umockdev's thread, between our calls.
 */
struct chip {
	UMockdevTestbed *bed;
	UMockdevIoctlBase *chip_handler, *line_handler;
	int error; /* of the next request for lines, then of setting values */
	int requests;
	struct gpio_v2_line_request request[2];
	uint64_t values; /* of the inputs, as the kernel reports them */
	uint64_t driven, driven_mask;
	int sets;
	uint32_t seqno;
	bool unexpected;
};

static const char *const line_nodes[2] = { "/dev/gpioline0", "/dev/gpioline1" };

static int open_line(int i)
{
	struct termios tio;
	int fd = open(line_nodes[i], O_RDWR | O_CLOEXEC | O_NOCTTY);

	if (fd < 0 || tcgetattr(fd, &tio))
		return -1;
	cfmakeraw(&tio);
	return tcsetattr(fd, TCSANOW, &tio) ? -1 : fd;
}

static bool give_lines(struct chip *c, UMockdevIoctlData *arg)
{
	struct gpio_v2_line_request *request = &c->request[c->requests];
	UMockdevIoctlData *data = umockdev_ioctl_data_resolve(arg, 0, sizeof(*request), NULL);

	memcpy(request, data->data, sizeof(*request));
	request->fd = open_line(c->requests);
	umockdev_ioctl_data_update(data, 0, (guint8 *)request, sizeof(*request));
	umockdev_ioctl_data_unref(data);
	c->requests++;
	return request->fd >= 0;
}

static void tell_chip(UMockdevIoctlData *arg)
{
	struct gpiochip_info info = { .name = "gpiochip7", .label = "test", .lines = 54 };
	UMockdevIoctlData *data = umockdev_ioctl_data_resolve(arg, 0, sizeof(info), NULL);

	umockdev_ioctl_data_update(data, 0, (guint8 *)&info, sizeof(info));
	umockdev_ioctl_data_unref(data);
}

static gboolean handle_chip(UMockdevIoctlBase *base, UMockdevIoctlClient *client, struct chip *c)
{
	UMockdevIoctlData *arg = umockdev_ioctl_client_get_arg(client);
	int error = 0;

	(void)base;
	switch (umockdev_ioctl_client_get_request(client)) {
	case GPIO_GET_CHIPINFO_IOCTL:
		tell_chip(arg);
		break;
	case GPIO_V2_GET_LINE_IOCTL:
		error = c->error;
		if (!error && (c->requests == 2 || !give_lines(c, arg)))
			error = EIO;
		break;
	default:
		c->unexpected = true;
		error = ENOTTY;
		break;
	}
	umockdev_ioctl_client_complete(client, error ? -1 : 0, error);
	return TRUE;
}

static gboolean handle_line(UMockdevIoctlBase *base, UMockdevIoctlClient *client, struct chip *c)
{
	UMockdevIoctlData *arg = umockdev_ioctl_client_get_arg(client);
	UMockdevIoctlData *data =
		umockdev_ioctl_data_resolve(arg, 0, sizeof(struct gpio_v2_line_values), NULL);
	struct gpio_v2_line_values values;
	int error = c->error;

	(void)base;
	memcpy(&values, data->data, sizeof(values));
	switch (umockdev_ioctl_client_get_request(client)) {
	case GPIO_V2_LINE_GET_VALUES_IOCTL:
		values.bits = c->values & values.mask;
		umockdev_ioctl_data_update(data, 0, (guint8 *)&values, sizeof(values));
		break;
	case GPIO_V2_LINE_SET_VALUES_IOCTL:
		if (!error) {
			c->driven = values.bits;
			c->driven_mask = values.mask;
			c->sets++;
		}
		break;
	default:
		c->unexpected = true;
		error = ENOTTY;
		break;
	}
	umockdev_ioctl_data_unref(data);
	umockdev_ioctl_client_complete(client, error ? -1 : 0, error);
	return TRUE;
}

static bool add_nodes(struct chip *c)
{
	return umockdev_testbed_add_from_string(c->bed,
						"P: /devices/platform/soc/gpiochip7\n"
						"N: gpiochip7\n"
						"E: DEVNAME=/dev/gpiochip7\n"
						"A: dev=254:0\n"
						"E: SUBSYSTEM=gpio\n\n"
						"P: /devices/platform/soc/gpioline0\n"
						"N: gpioline0\n"
						"E: DEVNAME=/dev/gpioline0\n"
						"A: dev=254:1\n"
						"E: SUBSYSTEM=gpio\n\n"
						"P: /devices/platform/soc/gpioline1\n"
						"N: gpioline1\n"
						"E: DEVNAME=/dev/gpioline1\n"
						"A: dev=254:2\n"
						"E: SUBSYSTEM=gpio\n\n",
						NULL);
}

static int set_up(void **state)
{
	struct chip *c = calloc(1, sizeof(*c));

	if (!c)
		return -1;
	c->bed = umockdev_testbed_new();
	c->chip_handler = umockdev_ioctl_base_new();
	c->line_handler = umockdev_ioctl_base_new();
	g_signal_connect(c->chip_handler, "handle-ioctl", G_CALLBACK(handle_chip), c);
	g_signal_connect(c->line_handler, "handle-ioctl", G_CALLBACK(handle_line), c);
	*state = c;
	if (!add_nodes(c) ||
	    !umockdev_testbed_attach_ioctl(c->bed, "/dev/gpiochip7", c->chip_handler, NULL) ||
	    !umockdev_testbed_attach_ioctl(c->bed, line_nodes[0], c->line_handler, NULL) ||
	    !umockdev_testbed_attach_ioctl(c->bed, line_nodes[1], c->line_handler, NULL))
		return -1;
	return 0;
}

static int tear_down(void **state)
{
	struct chip *c = *state;

	umockdev_testbed_detach_ioctl(c->bed, "/dev/gpiochip7", NULL);
	umockdev_testbed_detach_ioctl(c->bed, line_nodes[0], NULL);
	umockdev_testbed_detach_ioctl(c->bed, line_nodes[1], NULL);
	g_object_unref(c->chip_handler);
	g_object_unref(c->line_handler);
	g_object_unref(c->bed);
	free(c);
	return 0;
}

static bool readable_within(int fd, int wait_ms)
{
	struct pollfd pfd = { .fd = fd, .events = POLLIN };

	return poll(&pfd, 1, wait_ms) == 1;
}

/*
 * Lets the kernel report an edge; lost edges only count. A pseudo terminal hands bytes on from a
 * kernel thread: what was written is waited for, not slept for.
 */
static void edge(struct chip *c, int input, bool active, bool lost)
{
	struct gpio_v2_line_event event = {
		.id = active ? GPIO_V2_LINE_EVENT_RISING_EDGE : GPIO_V2_LINE_EVENT_FALLING_EDGE,
		.offset = c->request[1].offsets[input],
		.seqno = ++c->seqno,
	};
	int fd = umockdev_testbed_get_dev_fd(c->bed, line_nodes[1]);

	c->values = active ? c->values | 1U << input : c->values & ~(1U << input);
	if (lost)
		return;
	assert_int_equal(write(fd, &event, sizeof(event)), sizeof(event));
	assert_true(readable_within(c->request[1].fd, 5000));
}

static bool readable(struct gate_line *line)
{
	return readable_within(line->event_fd(line->ctx), 0);
}

static void assert_event(struct gate_line *line, enum line_input input, bool active)
{
	struct line_event event;

	assert_true(readable_within(line->event_fd(line->ctx), 5000));
	assert_int_equal(line->next_event(line->ctx, &event), 1);
	assert_int_equal(event.input, input);
	assert_int_equal(event.active, active);
}

static void assert_quiet(struct gate_line *line)
{
	struct line_event event;

	assert_int_equal(line->next_event(line->ctx, &event), 0);
	assert_false(readable(line));
}

/* What attribute id says about line i of a request; or fallback. */
static uint64_t attribute(const struct gpio_v2_line_request *request, uint32_t id, int i,
			  uint64_t fallback)
{
	for (uint32_t a = 0; a < request->config.num_attrs; a++)
		if (request->config.attrs[a].attr.id == id &&
		    request->config.attrs[a].mask & 1U << i)
			return id == GPIO_V2_LINE_ATTR_ID_DEBOUNCE
				       ? request->config.attrs[a].attr.debounce_period_us
				       : request->config.attrs[a].attr.flags;
	return fallback;
}

static void test_requests(void **state)
{
	struct chip *c = *state;
	struct gate_line line;
	assert_int_equal(gate_gpiod_open(&line, SPEC), 0);
	assert_int_equal(c->requests, 2);
	const struct gpio_v2_line_request *out = &c->request[0], *in = &c->request[1];
	assert_string_equal(out->consumer, "gatehouse");
	assert_int_equal(out->num_lines, 1);
	assert_int_equal(out->offsets[0], 17);
	assert_int_equal(attribute(out, GPIO_V2_LINE_ATTR_ID_FLAGS, 0, out->config.flags),
			 GPIO_V2_LINE_FLAG_OUTPUT);
	/* "values" shares its place with flags in the attribute */
	assert_int_equal(attribute(out, GPIO_V2_LINE_ATTR_ID_OUTPUT_VALUES, 0, 0), 0);
	assert_int_equal(in->num_lines, INPUTS);
	assert_int_equal(in->offsets[BEAM], 27);
	assert_int_equal(in->offsets[GUARD], 23);
	assert_int_equal(in->offsets[EMERGENCY], 24);
	const uint64_t edges = GPIO_V2_LINE_FLAG_INPUT | GPIO_V2_LINE_FLAG_EDGE_RISING |
			       GPIO_V2_LINE_FLAG_EDGE_FALLING;
	const uint64_t extra[INPUTS] = {
		[BEAM] = GPIO_V2_LINE_FLAG_ACTIVE_LOW, [GUARD] = GPIO_V2_LINE_FLAG_BIAS_PULL_UP
	};
	for (int i = 0; i < INPUTS; i++) {
		assert_int_equal(attribute(in, GPIO_V2_LINE_ATTR_ID_FLAGS, i, in->config.flags),
				 edges | extra[i]);
		assert_int_equal(attribute(in, GPIO_V2_LINE_ATTR_ID_DEBOUNCE, i, 0), 20000);
	}
	assert_int_equal(c->sets, 0); /* nothing is driven by opening */
	assert_quiet(&line);
	line.close(line.ctx);
	assert_false(c->unexpected);
}

static void test_release(void **state)
{
	struct chip *c = *state;
	struct gate_line line;
	assert_int_equal(gate_gpiod_open(&line, SPEC), 0);
	assert_int_equal(line.release(line.ctx, true), 0);
	assert_int_equal(c->driven_mask, 1);
	assert_int_equal(c->driven, 1);
	assert_int_equal(line.release(line.ctx, false), 0);
	assert_int_equal(c->driven, 0);
	c->error = EIO;
	assert_int_equal(line.release(line.ctx, true), -EIO);
	c->error = ENODEV;
	assert_int_equal(line.release(line.ctx, true), -ENODEV);
	c->error = 0;
	assert_int_equal(line.release(line.ctx, true), 0);
	line.close(line.ctx);
	assert_int_equal(c->driven, 0); /* closing closes */
	assert_int_equal(c->sets, 4);
}

static void test_edges(void **state)
{
	struct chip *c = *state;
	struct gate_line line;
	assert_int_equal(gate_gpiod_open(&line, SPEC), 0);
	assert_quiet(&line);
	edge(c, EMERGENCY, true, false);
	assert_event(&line, LINE_EMERGENCY, true);
	assert_quiet(&line);
	edge(c, BEAM, true, false);
	edge(c, BEAM, false, false); /* a short one is two events */
	edge(c, GUARD, true, false);
	edge(c, EMERGENCY, false, false);
	assert_event(&line, LINE_BEAM, true);
	assert_event(&line, LINE_BEAM, false);
	assert_event(&line, LINE_GUARD_BUTTON, true);
	assert_event(&line, LINE_EMERGENCY, false);
	assert_quiet(&line);
	line.close(line.ctx);
}

/* An emergency button that is pressed while the machine starts. */
static void test_active_at_open(void **state)
{
	struct chip *c = *state;
	struct gate_line line;
	c->values = 1U << EMERGENCY | 1U << BEAM;
	assert_int_equal(gate_gpiod_open(&line, SPEC), 0);
	assert_event(&line, LINE_BEAM, true);
	assert_event(&line, LINE_EMERGENCY, true);
	assert_quiet(&line);
	edge(c, EMERGENCY, true, false); /* raced with the reading: not twice */
	assert_quiet(&line);
	edge(c, EMERGENCY, false, false);
	assert_event(&line, LINE_EMERGENCY, false);
	assert_quiet(&line);
	line.close(line.ctx);
}

/* Edges were lost in an overflow: the gap is seen and the values are read again. */
static void test_lost_edges(void **state)
{
	struct chip *c = *state;
	struct gate_line line;
	assert_int_equal(gate_gpiod_open(&line, SPEC), 0);
	edge(c, GUARD, true, true);
	edge(c, EMERGENCY, true, true);
	edge(c, BEAM, true, false);
	assert_event(&line, LINE_BEAM, true);
	assert_event(&line, LINE_GUARD_BUTTON, true);
	assert_event(&line, LINE_EMERGENCY, true);
	assert_quiet(&line);
	line.close(line.ctx);
}

static void test_no_inputs(void **state)
{
	struct chip *c = *state;
	struct gate_line line;
	struct line_event event;
	assert_int_equal(gate_gpiod_open(&line, "/dev/gpiochip7:release=17"), 0);
	assert_int_equal(c->requests, 1);
	assert_int_equal(line.event_fd(line.ctx), -1);
	assert_int_equal(line.next_event(line.ctx, &event), 0);
	line.close(line.ctx);
}

static void test_in_use(void **state)
{
	struct chip *c = *state;
	struct gate_line line;
	c->error = EBUSY;
	assert_int_equal(gate_gpiod_open(&line, SPEC), -EBUSY);
	c->error = EPERM;
	assert_int_equal(gate_gpiod_open(&line, SPEC), -EPERM);
}

#define MOCKED(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		MOCKED(test_requests),       MOCKED(test_release),    MOCKED(test_edges),
		MOCKED(test_active_at_open), MOCKED(test_lost_edges), MOCKED(test_no_inputs),
		MOCKED(test_in_use),
	};
	const char *preload = getenv("LD_PRELOAD");

	if (!preload || !strstr(preload, "umockdev")) {
		printf("skipped: libumockdev-preload.so.0 is not preloaded\n");
		return SKIPPED;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}

#else

int main(void)
{
	printf("skipped: umockdev was not there when this was built\n");
	return SKIPPED;
}

#endif
