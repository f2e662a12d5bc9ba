/*
 * gatehouse-stick --socket FD --dir STICKDIR [--fetch-order|--fetch-bundle]
 *
 * Started by gatehouse for one export, or to bring one signed order or bundle; the only program
 * that touches the stick.
 */
#include <getopt.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "base/log.h"
#include "stick/fetch.h"
#include "stick/job.h"
#include "stick/sandbox.h"

struct stick_args {
	int socket;
	const char *dir;
	bool fetch_order, fetch_bundle;
};

static bool parse_args(int argc, char **argv, struct stick_args *args)
{
	static const struct option OPTIONS[] = {
		{ "socket", required_argument, NULL, 's' },
		{ "dir", required_argument, NULL, 'd' },
		{ "fetch-order", no_argument, NULL, 'f' },
		{ "fetch-bundle", no_argument, NULL, 'b' },
		{ 0 },
	};

	*args = (struct stick_args){ .socket = -1 };
	for (int c; (c = getopt_long(argc, argv, "", OPTIONS, NULL)) != -1;) {
		if (c == 's')
			args->socket = atoi(optarg);
		else if (c == 'd')
			args->dir = optarg;
		else if (c == 'f')
			args->fetch_order = true;
		else if (c == 'b')
			args->fetch_bundle = true;
		else
			return false;
	}
	return args->socket > 2 && args->dir && optind == argc;
}

int main(int argc, char **argv)
{
	struct stick_args args;

	if (!parse_args(argc, argv, &args)) {
		fprintf(stderr, "gatehouse-stick is started by gatehouse, not by hand\n");
		return 2;
	}
	/* A limit on file size is to come back as EFBIG, not as a signal. */
	signal(SIGXFSZ, SIG_IGN);
	if (sodium_init() < 0)
		return 1;
	int err = sandbox_enter(args.dir);
	if (err) {
		log_error("stick: sandbox: %s", strerror(-err));
		return 1;
	}
	err = args.fetch_order    ? fetch_run(args.socket, args.dir)
	      : args.fetch_bundle ? fetch_bundle_run(args.socket, args.dir)
				  : stick_job_run(args.socket, args.dir);
	/* Nothing is left to flush, and the sandbox would refuse what exit handlers may want. */
	_exit(err ? 1 : 0);
}
