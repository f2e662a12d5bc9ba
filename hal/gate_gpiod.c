/*
 * Two line requests: the output alone, the inputs together (their descriptor carries the edges). An
 * input's last reported value is kept: an event is reported only when it differs, so the initial
 * values and an edge that raced with reading them come out once. When the kernel's event buffer
 * overflowed (a gap in the sequence numbers) the values are read again, so that no input stays
 * wrong for ever.
 *
 * Callers poll one descriptor: an epoll set over the request and an eventfd, the latter raised
 * while known differences wait to be reported.
 */
#include "hal/gate_gpiod.h"

#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>

#include <gpiod.h>

#define CONSUMER "gatehouse"
#define DEBOUNCE_US 20000
#define EVENTS_A_READ 16

struct gate_gpiod {
	struct gate_gpiod_spec spec;
	struct gpiod_line_request *output, *inputs; /* inputs NULL: none connected */
	struct gpiod_edge_event_buffer *buffer;
	int epoll_fd, wake_fd;
	bool reported[LINE_INPUT_COUNT_], actual[LINE_INPUT_COUNT_];
	unsigned long last_seqno;
	bool awake; /* wake_fd is raised */
};

/* libgpiod says -1 and errno; a call that forgot errno must not look like success. */
static int last_error(void)
{
	return errno ? -errno : -EIO;
}

static enum gpiod_line_bias bias_of(enum gate_gpiod_pull pull)
{
	switch (pull) {
	case GATE_PULL_UP:
		return GPIOD_LINE_BIAS_PULL_UP;
	case GATE_PULL_DOWN:
		return GPIOD_LINE_BIAS_PULL_DOWN;
	case GATE_PULL_AS_IS:
		break;
	}
	return GPIOD_LINE_BIAS_AS_IS;
}

static int add_output(struct gpiod_line_config *config, int32_t line)
{
	struct gpiod_line_settings *s = gpiod_line_settings_new();
	unsigned int offset = (unsigned int)line;
	int err = 0;

	if (!s)
		return -ENOMEM;
	if (gpiod_line_settings_set_direction(s, GPIOD_LINE_DIRECTION_OUTPUT) ||
	    gpiod_line_settings_set_output_value(s, GPIOD_LINE_VALUE_INACTIVE) ||
	    gpiod_line_config_add_line_settings(config, &offset, 1, s))
		err = last_error();
	gpiod_line_settings_free(s);
	return err;
}

static int add_input(struct gpiod_line_config *config, const struct gate_gpiod_input *input)
{
	struct gpiod_line_settings *s = gpiod_line_settings_new();
	unsigned int offset = (unsigned int)input->line;
	int err = 0;

	if (!s)
		return -ENOMEM;
	gpiod_line_settings_set_active_low(s, input->active_low);
	gpiod_line_settings_set_debounce_period_us(s, DEBOUNCE_US);
	if (gpiod_line_settings_set_direction(s, GPIOD_LINE_DIRECTION_INPUT) ||
	    gpiod_line_settings_set_edge_detection(s, GPIOD_LINE_EDGE_BOTH) ||
	    gpiod_line_settings_set_bias(s, bias_of(input->pull)) ||
	    gpiod_line_config_add_line_settings(config, &offset, 1, s))
		err = last_error();
	gpiod_line_settings_free(s);
	return err;
}

static int request(struct gpiod_chip *chip, struct gpiod_line_config *config,
		   struct gpiod_line_request **out)
{
	struct gpiod_request_config *as = gpiod_request_config_new();
	int err = 0;

	if (!as)
		return -ENOMEM;
	gpiod_request_config_set_consumer(as, CONSUMER);
	*out = gpiod_chip_request_lines(chip, as, config);
	if (!*out)
		err = last_error();
	gpiod_request_config_free(as);
	return err;
}

static int request_output(struct gate_gpiod *g, struct gpiod_chip *chip)
{
	struct gpiod_line_config *config = gpiod_line_config_new();

	if (!config)
		return -ENOMEM;
	int err = add_output(config, g->spec.release);
	if (!err)
		err = request(chip, config, &g->output);
	gpiod_line_config_free(config);
	return err;
}

static int request_inputs(struct gate_gpiod *g, struct gpiod_chip *chip)
{
	struct gpiod_line_config *config = gpiod_line_config_new();
	bool any = false;
	int err = 0;

	if (!config)
		return -ENOMEM;
	for (int i = 0; i < LINE_INPUT_COUNT_ && !err; i++) {
		if (g->spec.inputs[i].line < 0)
			continue;
		any = true;
		err = add_input(config, &g->spec.inputs[i]);
	}
	if (!err && any)
		err = request(chip, config, &g->inputs);
	gpiod_line_config_free(config);
	return err;
}

/* The values as they are now. */
static int refresh(struct gate_gpiod *g)
{
	for (int i = 0; i < LINE_INPUT_COUNT_; i++) {
		int32_t line = g->spec.inputs[i].line;
		if (line < 0)
			continue;
		enum gpiod_line_value value =
			gpiod_line_request_get_value(g->inputs, (unsigned int)line);
		if (value == GPIOD_LINE_VALUE_ERROR)
			return last_error();
		g->actual[i] = value == GPIOD_LINE_VALUE_ACTIVE;
	}
	return 0;
}

/* Raises or lowers wake_fd so that it says whether differences wait. */
static int show_waiting(struct gate_gpiod *g)
{
	bool waiting = memcmp(g->actual, g->reported, sizeof(g->actual)) != 0;

	if (waiting == g->awake)
		return 0;
	int err = waiting ? eventfd_write(g->wake_fd, 1)
			  : eventfd_read(g->wake_fd, &(eventfd_t){ 0 });
	if (err)
		return last_error();
	g->awake = waiting;
	return 0;
}

static int watch(struct gate_gpiod *g, int fd)
{
	struct epoll_event event = { .events = EPOLLIN };

	return epoll_ctl(g->epoll_fd, EPOLL_CTL_ADD, fd, &event) ? -errno : 0;
}

static int start_events(struct gate_gpiod *g)
{
	int err;

	if (!g->inputs)
		return 0;
	g->buffer = gpiod_edge_event_buffer_new(EVENTS_A_READ);
	if (!g->buffer)
		return -ENOMEM;
	g->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	g->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (g->epoll_fd < 0 || g->wake_fd < 0)
		return last_error();
	err = watch(g, gpiod_line_request_get_fd(g->inputs));
	if (!err)
		err = watch(g, g->wake_fd);
	if (!err)
		err = refresh(g);
	return err ? err : show_waiting(g);
}

static int gpiod_release(void *ctx, bool active)
{
	struct gate_gpiod *g = ctx;
	enum gpiod_line_value value = active ? GPIOD_LINE_VALUE_ACTIVE : GPIOD_LINE_VALUE_INACTIVE;

	errno = 0;
	if (gpiod_line_request_set_value(g->output, (unsigned int)g->spec.release, value))
		return last_error();
	return 0;
}

static int gpiod_event_fd(void *ctx)
{
	struct gate_gpiod *g = ctx;

	return g->epoll_fd;
}

static int input_of(const struct gate_gpiod *g, unsigned int offset)
{
	for (int i = 0; i < LINE_INPUT_COUNT_; i++)
		if (g->spec.inputs[i].line == (int32_t)offset)
			return i;
	return -1;
}

/* Takes one edge off the kernel's queue. 1 taken, 0 none, negative errno. */
static int take_edge(struct gate_gpiod *g)
{
	int ready = gpiod_line_request_wait_edge_events(g->inputs, 0);

	if (ready <= 0)
		return ready < 0 ? last_error() : 0;
	if (gpiod_line_request_read_edge_events(g->inputs, g->buffer, 1) != 1)
		return last_error();
	struct gpiod_edge_event *edge = gpiod_edge_event_buffer_get_event(g->buffer, 0);
	unsigned long seqno = gpiod_edge_event_get_global_seqno(edge);
	bool gap = seqno != g->last_seqno + 1;
	int input = input_of(g, gpiod_edge_event_get_line_offset(edge));
	g->last_seqno = seqno;
	if (gap)
		return refresh(g) ? last_error() : 1;
	if (input >= 0)
		g->actual[input] =
			gpiod_edge_event_get_event_type(edge) == GPIOD_EDGE_EVENT_RISING_EDGE;
	return 1;
}

static bool take_difference(struct gate_gpiod *g, struct line_event *event)
{
	for (int i = 0; i < LINE_INPUT_COUNT_; i++) {
		if (g->actual[i] == g->reported[i])
			continue;
		g->reported[i] = g->actual[i];
		*event = (struct line_event){ .input = (enum line_input)i, .active = g->actual[i] };
		return true;
	}
	return false;
}

/* Differences are reported before the next edge is taken: a short press is two events. */
static int gpiod_next_event(void *ctx, struct line_event *event)
{
	struct gate_gpiod *g = ctx;
	bool found;
	int taken = 1;

	if (!g->inputs)
		return 0;
	errno = 0;
	while (!(found = take_difference(g, event)) && taken > 0)
		taken = take_edge(g);
	int err = show_waiting(g);
	if (found)
		return 1;
	return taken < 0 ? taken : err;
}

static void gpiod_close(void *ctx)
{
	struct gate_gpiod *g = ctx;

	if (g->output) {
		gpiod_line_request_set_value(g->output, (unsigned int)g->spec.release,
					     GPIOD_LINE_VALUE_INACTIVE);
		gpiod_line_request_release(g->output);
	}
	if (g->inputs)
		gpiod_line_request_release(g->inputs);
	if (g->buffer)
		gpiod_edge_event_buffer_free(g->buffer);
	close_fd(&g->epoll_fd);
	close_fd(&g->wake_fd);
	free(g);
}

int gate_gpiod_open(struct gate_line *out, const char *spec)
{
	struct gate_gpiod *g = calloc(1, sizeof(*g));
	struct gpiod_chip *chip;
	int err;

	if (!g)
		return -ENOMEM;
	g->epoll_fd = g->wake_fd = -1;
	err = gate_gpiod_parse(&g->spec, spec);
	if (err)
		goto fail;
	errno = 0;
	chip = gpiod_chip_open(g->spec.path);
	if (!chip) {
		err = last_error();
		goto fail;
	}
	err = request_output(g, chip);
	if (!err)
		err = request_inputs(g, chip);
	gpiod_chip_close(chip);
	if (!err)
		err = start_events(g);
	if (err)
		goto fail;
	*out = (struct gate_line){ gpiod_release, gpiod_event_fd, gpiod_next_event, gpiod_close,
				   g };
	return 0;
fail:
	gpiod_close(g);
	return err;
}
