/*
 * gatehouse: command line and start.
 */
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include "app.h"
#include "base/log.h"
#include "maintain.h"
#ifdef GATEHOUSE_SIM
#include "scenario/scenario.h"
#endif

struct arguments {
	struct app_options app;
	struct maintain maintain;
	const char *scenario, *control;
	bool help, help_scenario, bad;
};

static void usage(FILE *out)
{
	fputs("gatehouse " GATEHOUSE_VERSION ": the gate kiosk\n"
	      "Usage: gatehouse --config FILE --data DIR [--headless | --windowed]\n"
	      "       gatehouse --config FILE --data DIR --set-pin ROLE:NAME [--until DAY]\n"
	      "       gatehouse --config FILE --data DIR --check [--head HEX]\n"
	      "       gatehouse --config FILE --data DIR --copy CODE | --erase CODE | "
	      "--confirm-clock --by NAME\n"
#ifdef GATEHOUSE_SIM
	      "       gatehouse --config FILE --data DIR --scenario FILE [--headless] [--shots "
	      "DIR] [--stick DIR]\n"
	      "       gatehouse --config FILE --data DIR --control SOCKET [--headless] [--shots "
	      "DIR]\n"
	      "       gatehouse --help scenario                                   lists the "
	      "scenario commands\n"
#endif
	      "\n"
	      "  --config FILE   site, devices and rulebook (an example is kiosk/demo.ini)\n"
	      "  --data DIR      register and signing key; made when missing\n"
	      "  --headless      draw without a display\n"
	      "  --windowed      a window on a desktop instead of the full screen\n"
	      "\n"
	      "While the kiosk is stopped (PINs are read from standard input):\n"
	      "  --set-pin       makes or changes an account; ROLE is guard, supervisor or staff\n"
	      "  --until DAY     its last day, for volunteers, e.g. 2026-12-31\n"
	      "  --check         checks the whole register; --head: the chain must hold this "
	      "hash,\n"
	      "                  as it stands on a slip\n"
	      "  --copy CODE     shows what is kept about the visitor with this receipt code\n"
	      "  --erase CODE    erases it; --by NAME: a supervisor or staff, whose PIN is read\n"
	      "  --confirm-clock --by NAME says that the clock is right: after one that was ahead\n"
	      "\n"
#ifdef GATEHOUSE_SIM
	      "  --scenario FILE play this scenario in virtual time, then end\n"
	      "  --control SOCKET take scenario lines from this Unix socket\n"
	      "  --shots DIR     where screenshots and printed slips go\n"
	      "  --stick DIR     the folder that stands for the USB stick\n"
#endif
	      "  --verbose       say more on standard error\n"
	      "\n"
#ifdef GATEHOUSE_SIM
	      "Exit code: 0 good, 1 a scenario's expectation failed or a check found something,\n"
	      "2 it could not start.\n",
#else
	      "Exit code: 0 good, 1 a check found something, 2 it could not start.\n",
#endif
	      out);
}

static struct arguments parse(int argc, char **argv)
{
	enum {
		CONFIG,
		DATA,
		SCENARIO,
		CONTROL,
		HEADLESS,
		WINDOWED,
		SHOTS,
		STICK,
		SET_PIN,
		UNTIL,
		CHECK,
		HEAD,
		COPY,
		ERASE,
		CONFIRM_CLOCK,
		BY,
		VERBOSE,
		HELP
	};
	static const struct option OPTIONS[] = {
		{ "config", required_argument, NULL, CONFIG },
		{ "data", required_argument, NULL, DATA },
		{ "headless", no_argument, NULL, HEADLESS },
		{ "windowed", no_argument, NULL, WINDOWED },
		{ "set-pin", required_argument, NULL, SET_PIN },
		{ "until", required_argument, NULL, UNTIL },
		{ "check", no_argument, NULL, CHECK },
		{ "head", required_argument, NULL, HEAD },
		{ "copy", required_argument, NULL, COPY },
		{ "erase", required_argument, NULL, ERASE },
		{ "confirm-clock", no_argument, NULL, CONFIRM_CLOCK },
		{ "by", required_argument, NULL, BY },
		{ "verbose", no_argument, NULL, VERBOSE },
		{ "help", no_argument, NULL, HELP },
#ifdef GATEHOUSE_SIM
		{ "scenario", required_argument, NULL, SCENARIO },
		{ "control", required_argument, NULL, CONTROL },
		{ "shots", required_argument, NULL, SHOTS },
		{ "stick", required_argument, NULL, STICK },
#endif
		{ 0 },
	};
	struct arguments a = { 0 };
	int which;

	while ((which = getopt_long(argc, argv, "", OPTIONS, NULL)) >= 0)
		switch (which) {
		case CONFIG:
			a.app.config = optarg;
			break;
		case DATA:
			a.app.data = optarg;
			break;
		case SCENARIO:
			a.scenario = optarg;
			break;
		case CONTROL:
			a.control = optarg;
			break;
		case HEADLESS:
			a.app.headless = true;
			break;
		case WINDOWED:
			a.app.windowed = true;
			break;
		case SHOTS:
			a.app.shots = optarg;
			break;
		case STICK:
			a.app.stick = optarg;
			break;
		case SET_PIN:
			a.maintain.set_pin = optarg;
			break;
		case UNTIL:
			a.maintain.until = optarg;
			break;
		case CHECK:
			a.maintain.check = true;
			break;
		case HEAD:
			a.maintain.head = optarg;
			break;
		case COPY:
			a.maintain.copy = optarg;
			break;
		case ERASE:
			a.maintain.erase = optarg;
			break;
		case CONFIRM_CLOCK:
			a.maintain.confirm_clock = true;
			break;
		case BY:
			a.maintain.by = optarg;
			break;
		case VERBOSE:
			log_set_level(LOG_DEBUG_LEVEL);
			break;
		case HELP:
			a.help = true;
			break;
		default:
			a.bad = true;
			break;
		}
#ifdef GATEHOUSE_SIM
	a.help_scenario = a.help && optind < argc && strcmp(argv[optind], "scenario") == 0;
#endif
	if (optind < argc && !a.help) {
		fprintf(stderr, "gatehouse: \"%s\" is not an option\n", argv[optind]);
		a.bad = true;
	}
	return a;
}

/* No core dumps, no debugger of the same user: the memory holds names and numbers. */
static void guard_memory(void)
{
	struct rlimit none = { 0, 0 };

	setrlimit(RLIMIT_CORE, &none);
	prctl(PR_SET_DUMPABLE, 0);
}

static int run_kiosk(struct app *app, const struct arguments *a)
{
	char message[512] = "";

	if (!app_open(app, &a->app, message, sizeof(message))) {
		fprintf(stderr, "%s\n", message);
		app_close(app);
		return 2;
	}
	int code = app_run(app);
	app_close(app);
	return code;
}

#ifdef GATEHOUSE_SIM
static int run_scenario(struct app *app, const struct arguments *a, char **argv)
{
	struct scenario *s = calloc(1, sizeof(*s));
	int code = 2;

	assert(s);
	s->app = app;
	s->options = a->app;
	s->argv = argv;
	if (!scenario_resume(s) && !scenario_power_on(s, scenario_first_wall_ms(a->scenario)))
		fprintf(stderr, "%s\n", s->answer);
	else
		code = a->scenario ? scenario_play(s, a->scenario) : scenario_serve(s, a->control);
	if (s->running || code == 2)
		app_close(app);
	explicit_bzero(s, sizeof(*s));
	free(s);
	return code;
}
#endif

int main(int argc, char **argv)
{
	struct arguments a = parse(argc, argv);

#ifdef GATEHOUSE_SIM
	if (a.help_scenario) {
		fputs(scenario_help(), stdout);
		return 0;
	}
#endif
	if (a.help) {
		usage(stdout);
		return 0;
	}
	if (a.bad || !a.app.config || !a.app.data || (a.scenario && a.control)) {
		usage(stderr);
		return 2;
	}
	guard_memory();
	a.maintain.config = a.app.config;
	a.maintain.data = a.app.data;
	if (maintain_wanted(&a.maintain))
		return maintain_run(&a.maintain);

	struct app *app = calloc(1, sizeof(*app));
	assert(app);
	int code;
#ifdef GATEHOUSE_SIM
	if (a.scenario || a.control)
		code = run_scenario(app, &a, argv);
	else
#endif
		code = run_kiosk(app, &a);
	free(app);
	return code;
}
