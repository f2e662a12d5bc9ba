/*
 * gatehouse: command line and start.
 */
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "app.h"
#include "base/log.h"
#include "base/text.h"
#include "core/words.h"
#ifdef GATEHOUSE_SIM
#include "scenario/scenario.h"
#endif

struct arguments {
	struct app_options app;
	const char *scenario, *control, *set_pin;
	bool help, help_scenario, bad;
};

static void usage(FILE *out)
{
	fputs("gatehouse " GATEHOUSE_VERSION ": the gate kiosk\n"
	      "Usage: gatehouse --config FILE --data DIR [--headless | --windowed]\n"
	      "       gatehouse --config FILE --data DIR --set-pin ROLE:NAME     (reads the PIN "
	      "from standard input)\n"
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
	      "  --set-pin       makes or changes an account; ROLE is guard, supervisor or staff\n"
#ifdef GATEHOUSE_SIM
	      "  --scenario FILE play this scenario in virtual time, then end\n"
	      "  --control SOCKET take scenario lines from this Unix socket\n"
	      "  --shots DIR     where screenshots and printed slips go\n"
	      "  --stick DIR     the folder that stands for the USB stick\n"
#endif
	      "  --verbose       say more on standard error\n"
	      "\n"
#ifdef GATEHOUSE_SIM
	      "Exit code: 0 good, 1 a scenario's expectation failed, 2 it could not start.\n",
#else
	      "Exit code: 0 good, 2 it could not start.\n",
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
		VERBOSE,
		HELP
	};
	static const struct option OPTIONS[] = {
		{ "config", required_argument, NULL, CONFIG },
		{ "data", required_argument, NULL, DATA },
		{ "headless", no_argument, NULL, HEADLESS },
		{ "windowed", no_argument, NULL, WINDOWED },
		{ "set-pin", required_argument, NULL, SET_PIN },
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
			a.set_pin = optarg;
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

/* gatehouse --set-pin guard:NAME < PIN */
static int set_pin(const struct arguments *a)
{
	struct config config;
	struct register_db *db;
	struct account account = { 0 };
	struct clock clock;
	char message[512], path[512], pin[32] = "";
	const char *colon = strchr(a->set_pin, ':');

	for (enum role r = ROLE_GUARD; colon && r < ROLE_COUNT_; r++)
		if (strlen(ROLE_WORD[r]) == (size_t)(colon - a->set_pin) &&
		    strncmp(a->set_pin, ROLE_WORD[r], strlen(ROLE_WORD[r])) == 0)
			account.role = r;
	if (account.role == ROLE_NONE || colon[1] == '\0' ||
	    !text_copy(account.name, sizeof(account.name), colon + 1)) {
		fprintf(stderr, "gatehouse: --set-pin takes ROLE:NAME, e.g. guard:李强\n");
		return 2;
	}
	if (!config_read(&config, a->app.config, message, sizeof(message))) {
		fprintf(stderr, "%s\n", message);
		return 2;
	}
	if (isatty(STDIN_FILENO))
		fprintf(stderr, "PIN (4 to 12 digits): ");
	if (!fgets(pin, sizeof(pin), stdin))
		pin[0] = '\0';
	pin[strcspn(pin, "\r\n")] = '\0';
	clock_real(&clock);
	if (mkdir(a->app.data, 0700) < 0 && errno != EEXIST)
		fprintf(stderr, "%s: %s\n", a->app.data, strerror(errno));
	text_format(path, sizeof(path), "%s/register.db", a->app.data);
	int err = register_open(&db, path, config.utc_offset_min);
	if (!err) {
		err = register_account_set(db, &account, pin, clock_wall_ms(&clock),
					   clock_mono_ms(&clock));
		register_close(db);
	}
	explicit_bzero(pin, sizeof(pin));
	if (err)
		fprintf(stderr, "%s: the account was not set: %s%s\n", path, strerror(-err),
			err == -EINVAL  ? " (the PIN must be 4 to 12 digits)"
			: err == -EBUSY ? " (stop the kiosk first)"
					: "");
	return err ? 2 : 0;
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
	if (a.set_pin)
		return set_pin(&a);

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
