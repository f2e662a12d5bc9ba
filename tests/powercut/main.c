/*
 * powercut [--cuts N] [--seed S] [--jobs J] [--keep DIR]
 *
 * Exit code: 0 nothing promised was lost and every control lost something, 1 otherwise, 77 cannot
 * be tried here (and why), 130 ended by a signal.
 */
#include <getopt.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "tests/powercut/campaign.h"
#include "tests/powercut/world.h"

#define SKIPPED 77
#define INTERRUPTED 130
#define STEPS 440
#define CONTROL_CUTS_MIN 40
#define CUTS_OF_A_LIFE 1000

#define GOOD_STICK POWERCUT_BIN_DIR "/gatehouse-stick"
#define HASTY_STICK POWERCUT_BIN_DIR "/powercut_hasty_stick"

static const struct setting SETTINGS[] = {
	{ .name = "as it is", .stick_program = GOOD_STICK },
	{ .name = "synchronous=NORMAL",
	  .pragma = "PRAGMA synchronous=NORMAL",
	  .stick_program = GOOD_STICK,
	  .control = true },
	{ .name = "synchronous=OFF",
	  .pragma = "PRAGMA synchronous=OFF",
	  .stick_program = GOOD_STICK,
	  .control = true },
	{ .name = "ext4 barrier=0",
	  .mount_options = "barrier=0",
	  .stick_program = GOOD_STICK,
	  .control = true },
	{ .name = "export without fsync", .stick_program = HASTY_STICK, .control = true },
};

#define SETTING_COUNT ARRAY_LEN(SETTINGS)

static const char *const DAMAGE_NAME[DAMAGE_COUNT_] = {
	[DAMAGE_LOST] = "lost",
	[DAMAGE_CORRUPT] = "corrupt",
	[DAMAGE_UNMOUNTABLE] = "unmountable",
	[DAMAGE_CHAIN] = "chain",
	[DAMAGE_TORN] = "torn export",
};

static const char *const PROMISE_NAME[PROMISE_KIND_COUNT_] = {
	[PROMISE_KEY] = "key",
	[PROMISE_OPENED] = "register",
	[PROMISE_ACCOUNT] = "account",
	[PROMISE_REGISTRATION] = "registration",
	[PROMISE_DECISION] = "decision",
	[PROMISE_PASS] = "pass",
	[PROMISE_LEVEL] = "level",
	[PROMISE_PIN_COUNT] = "PIN count",
	[PROMISE_PIN_ANSWER] = "PIN answer",
	[PROMISE_EVENT] = "event",
	[PROMISE_EXPORT] = "export",
};

struct options {
	uint32_t cuts;
	uint64_t seed;
	unsigned jobs;
	const char *keep_dir;
};

static bool parse(int argc, char **argv, struct options *o)
{
	static const struct option LONG[] = { { "cuts", required_argument, NULL, 'c' },
					      { "seed", required_argument, NULL, 's' },
					      { "jobs", required_argument, NULL, 'j' },
					      { "keep", required_argument, NULL, 'k' },
					      { 0 } };

	*o = (struct options){ .cuts = 500, .seed = 20261123, .jobs = 2 };
	for (int c; (c = getopt_long(argc, argv, "", LONG, NULL)) != -1;) {
		if (c == 'c')
			o->cuts = (uint32_t)strtoul(optarg, NULL, 10);
		else if (c == 's')
			o->seed = strtoull(optarg, NULL, 10);
		else if (c == 'j')
			o->jobs = (unsigned)strtoul(optarg, NULL, 10);
		else if (c == 'k')
			o->keep_dir = optarg;
		else
			return false;
	}
	return optind == argc && o->cuts > 0 && o->cuts <= 10000000 && o->jobs > 0 && o->jobs <= 16;
}

static void stop(int signal_number)
{
	(void)signal_number;
	campaign_stop();
}

static void answer_signals(void)
{
	struct sigaction action = { .sa_handler = stop };

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGHUP, &action, NULL);
}

/* One disk, made and taken down: what is missing here is found before anything is promised. */
static bool can_be_tried(char problem[160])
{
	struct disk disk;
	int err = disk_start(&disk);

	if (!err)
		err = disk_format(&disk);
	if (!err)
		err = disk_mount(&disk, "");
	memcpy(problem, disk.problem, sizeof(disk.problem));
	disk_stop(&disk);
	disk_free(&disk);
	return err == 0;
}

static void print_heading(void)
{
	printf("%-22s %7s %6s", "setting", "cuts", "again");
	for (int i = 0; i < DAMAGE_COUNT_; i++)
		printf(" %11s", DAMAGE_NAME[i]);
	printf(" %6s %6s  promises broken\n", "worst", "e2fsck");
}

static void print_row(const struct setting *setting, const struct tally *t)
{
	printf("%-22s %7u %6u", setting->name, t->cuts, t->again);
	for (int i = 0; i < DAMAGE_COUNT_; i++)
		printf(" %11u", t->damage[i]);
	printf(" %6u %6u ", t->worst, t->mended);
	for (int i = 0; i < PROMISE_KIND_COUNT_; i++)
		if (t->lost[i])
			printf(" %s %u", PROMISE_NAME[i], t->lost[i]);
	printf("\n");
}

static uint32_t damage_of(const struct tally *t)
{
	uint32_t sum = 0;

	for (int i = 0; i < DAMAGE_COUNT_; i++)
		sum += t->damage[i];
	return sum;
}

/* Each control must show what it is there to show. */
static bool as_it_should(const struct setting *setting, const struct tally *t)
{
	if (!setting->control)
		return damage_of(t) == 0 && t->again > 0;
	if (setting->stick_program != SETTINGS[0].stick_program)
		return t->damage[DAMAGE_TORN] > 0;
	if (setting->mount_options)
		return damage_of(t) > 0;
	return t->damage[DAMAGE_LOST] > 0;
}

/* Of the register as it is, each thousand cuts are of another life. */
static int run_setting(const struct options *o, const struct setting *setting, struct tally *tally)
{
	struct campaign c = {
		.setting = *setting, .steps = STEPS, .jobs = o->jobs, .keep_dir = o->keep_dir
	};
	uint32_t cuts = o->cuts;
	int err = 0;

	if (setting->control) /* seen biting is enough */
		cuts = cuts / 10 > CONTROL_CUTS_MIN ? cuts / 10 : CONTROL_CUTS_MIN;
	for (uint32_t done = 0; !err && done < cuts; done += c.cuts) {
		c.seed = o->seed + done / CUTS_OF_A_LIFE;
		c.cuts = cuts - done < CUTS_OF_A_LIFE ? cuts - done : CUTS_OF_A_LIFE;
		err = campaign_run(&c, tally);
		if (cuts > CUTS_OF_A_LIFE)
			printf("powercut: %s: %u of %u cuts\n", setting->name, done + c.cuts, cuts);
	}
	return err;
}

static int run_all(const struct options *o, struct tally tallies[SETTING_COUNT])
{
	for (size_t i = 0; i < SETTING_COUNT; i++) {
		int err = run_setting(o, &SETTINGS[i], &tallies[i]);
		if (err)
			return err;
	}
	return 0;
}

static bool print_verdict(const struct tally tallies[SETTING_COUNT])
{
	bool good = true;

	print_heading();
	for (size_t i = 0; i < SETTING_COUNT; i++)
		print_row(&SETTINGS[i], &tallies[i]);
	for (size_t i = 0; i < SETTING_COUNT; i++) {
		if (as_it_should(&SETTINGS[i], &tallies[i]))
			continue;
		good = false;
		printf("wrong: %s: %s\n", SETTINGS[i].name,
		       SETTINGS[i].control ? "nothing was lost: the rig does not bite"
					   : "a promise was broken");
	}
	return good;
}

static int run(const struct options *o)
{
	static struct tally tallies[SETTING_COUNT];
	char problem[160];

	if (!can_be_tried(problem)) {
		printf("skipped: %s\n", problem);
		return SKIPPED;
	}
	printf("powercut: seed %llu, %u cuts\n", (unsigned long long)o->seed, o->cuts);
	int err = run_all(o, tallies);
	if (err)
		return err == -EINTR ? INTERRUPTED : 1;
	return print_verdict(tallies) ? 0 : 1;
}

int main(int argc, char **argv)
{
	struct options o;
	struct world world;
	const char *missing = "";

	if (!parse(argc, argv, &o)) {
		fprintf(stderr, "usage: powercut [--cuts N] [--seed S] [--jobs J] [--keep DIR]\n");
		return 2;
	}
	if (sodium_init() < 0 || campaign_prepare())
		return 1;
	answer_signals();
	if (world_begin(&world, &missing)) {
		printf("skipped: %s\n", missing);
		return SKIPPED;
	}
	int code = run(&o);
	world_end(&world);
	return code;
}
