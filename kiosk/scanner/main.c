/*
 * gatehouse-scanner: the process that looks at strangers' pictures so that no other has to. Started
 * by gatehouse only (kiosk/scanner_link.c), never by hand.
 *
 * Start: decoder and memory, then the camera, then the sandbox, then the first frame; whatever
 * needs a file has happened before the sandbox closes. It never reopens a camera: it says what
 * happened and ends, and the kiosk starts another one.
 */
#include <getopt.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>

#include "base/log.h"
#include "scanner/run.h"
#include "scanner/sandbox.h"
#ifdef GATEHOUSE_SIM
#include "hal/sim/camera_sim.h"
#endif

#define CAMERA_WIDTH 1280
#define CAMERA_HEIGHT 720

enum { EXIT_USAGE = 2, EXIT_CAMERA = 3, EXIT_SETUP = 4 };

struct options {
	const char *camera;
	int socket, preview, sim;
	bool help;
};

static void print_help(FILE *out)
{
	fputs("Usage: gatehouse-scanner --camera v4l2:DEVICE --socket FD --preview FD\n"
#ifdef GATEHOUSE_SIM
	      "       gatehouse-scanner --camera sim --sim FD --socket FD --preview FD\n"
#endif
	      "\n"
	      "Reads QR codes from a camera for gatehouse, which starts it and passes the file\n"
	      "descriptors: a SOCK_SEQPACKET socket for messages and a memory file for previews.\n"
	      "Ends with 0 when the socket is closed, 3 when the camera is missing or gone.\n",
	      out);
}

/* Inherited descriptors only: 0..2 are never ours. */
static bool parse_fd(const char *text, int *fd)
{
	char *end;
	long value = strtol(text, &end, 10);

	if (end == text || *end || value <= STDERR_FILENO || value > 1023)
		return false;
	*fd = (int)value;
	return true;
}

static bool parse_option(struct options *o, int option)
{
	switch (option) {
	case 'c':
		o->camera = optarg;
		return true;
	case 's':
		return parse_fd(optarg, &o->socket);
	case 'p':
		return parse_fd(optarg, &o->preview);
#ifdef GATEHOUSE_SIM
	case 'i':
		return parse_fd(optarg, &o->sim);
#endif
	case 'h':
		o->help = true;
		return true;
	default:
		return false;
	}
}

static bool parse_options(struct options *o, int argc, char **argv)
{
	static const struct option NAMES[] = {
		{ "camera", required_argument, NULL, 'c' },
		{ "socket", required_argument, NULL, 's' },
		{ "preview", required_argument, NULL, 'p' },
#ifdef GATEHOUSE_SIM
		{ "sim", required_argument, NULL, 'i' },
#endif
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	int option;

	*o = (struct options){ .socket = -1, .preview = -1, .sim = -1 };
	while ((option = getopt_long(argc, argv, "", NAMES, NULL)) != -1)
		if (!parse_option(o, option))
			return false;
	return o->help || (optind == argc && o->camera && o->socket >= 0 && o->preview >= 0);
}

static int open_camera(struct camera *camera, const struct options *o)
{
	const char *path = "v4l2:";

#ifdef GATEHOUSE_SIM
	if (strcmp(o->camera, "sim") == 0)
		return o->sim < 0 ? -EINVAL : camera_sim_open(camera, o->sim);
#endif
	if (strncmp(o->camera, path, strlen(path)) != 0)
		return -EINVAL;
	return camera_v4l2_open(camera, o->camera + strlen(path), CAMERA_WIDTH, CAMERA_HEIGHT);
}

static int map_preview(uint8_t **preview, int fd)
{
	struct stat st;

	if (fstat(fd, &st))
		return -errno;
	if (st.st_size < (off_t)PREVIEW_BYTES)
		return -EINVAL;
	void *map = mmap(NULL, PREVIEW_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	close(fd);
	if (map == MAP_FAILED)
		return -errno;
	*preview = map;
	return 0;
}

/* There is no such device now, as opposed to: there is one, and it does not work. */
static bool is_absence(int error)
{
	return error == ENOENT || error == ENODEV || error == ENXIO;
}

/* The kiosk hears why and logs it when it is news; a line here at every attempt would be none. */
static int end_without_camera(int socket, int error)
{
	enum scanner_camera state =
		is_absence(error) ? SCANNER_CAMERA_ABSENT : SCANNER_CAMERA_FAILED;
	int r = run_tell_state(socket, state, error, 0, 0);

	return r ? 0 : EXIT_CAMERA;
}

static int watch(const struct options *o, const struct run *run, struct camera *camera)
{
	int r = open_camera(camera, o);

	if (r)
		return end_without_camera(o->socket, -r);
	bool simulated = o->sim >= 0;
	struct sandbox sandbox = {
		.socket = o->socket,
		.v4l2 = simulated ? -1 : camera->fd(camera->ctx),
		.sim = o->sim,
	};
	r = sandbox_enter(&sandbox);
	if (r) {
		log_error("scanner: no sandbox, no pictures: %s", strerror(-r));
		return EXIT_SETUP;
	}
	r = run_tell_state(o->socket, SCANNER_CAMERA_STREAMING, 0, 0, 0);
	if (r == 0)
		r = run_until_end(run);
	return r ? end_without_camera(o->socket, -r) : 0;
}

int main(int argc, char **argv)
{
	struct options o;
	struct camera camera = { 0 };
	struct luma luma = { 0 };
	struct run run = { .camera = &camera, .luma = &luma };

	if (!parse_options(&o, argc, argv)) {
		print_help(stderr);
		return EXIT_USAGE;
	}
	if (o.help) {
		print_help(stdout);
		return 0;
	}
	/* A scan that never ends must not outlive the kiosk. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	run.socket = o.socket;
	run.answer_every_frame = o.sim >= 0;
	int r = map_preview(&run.preview, o.preview);
	if (r == 0)
		r = luma_open(&luma);
	if (r == 0)
		r = decoder_open(&run.decoder);
	if (r) {
		log_error("scanner: cannot start: %s", strerror(-r));
		return EXIT_SETUP;
	}
	/* Straight to exit_group: clearing up would need calls the sandbox forbids, to no end. */
	_exit(watch(&o, &run, &camera));
}
