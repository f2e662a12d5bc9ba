/*
 * The whole kiosk as a process: exec to the first screen, what it costs to stand idle, and the
 * memory of all its processes. Offscreen driver, software renderer. Run from the build folder;
 * measures the gatehouse of the same build.
 */
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>

#include "base/defs.h"

#define STARTS 15
#define IDLE_S 20

extern char **environ;

struct kiosk {
	pid_t pid;
	int notify_fd, log_fd;
	double ready_ms;
};

static double now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec * 1e3 + (double)ts.tv_nsec / 1e6;
}

static void die(const char *what)
{
	perror(what);
	exit(1);
}

/* A production build refuses simulated devices, so it is measured with none. */
static void write_config(const char *path)
{
	FILE *f = fopen(path, "we");

	if (!f)
		die(path);
	fprintf(f,
		"[site]\nid = 1\nname = 青松里小区\nname_en = Qingsongli\ngate = 东门\nphone = "
		"0513-55500199\n"
		"leader = 王主任\non_duty = 李强\n[devices]\n"
#ifdef GATEHOUSE_SIM
		"camera = sim\nthermometer = sim\ngate = sim\nprinter = sim\nspeaker = none\nstick "
		"= sim\n"
#else
		"camera = none\nthermometer = none\ngate = none\nprinter = none\nspeaker = "
		"none\nstick = none\n"
#endif
		"[rules]\nrulebook = %s/assets/rulebooks/default.ini\nlevel = closed\n",
		BENCH_SOURCE_DIR);
	fclose(f);
}

static struct kiosk start(const char *program, const char *dir)
{
	struct kiosk k = { 0 };
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	char config[PATH_MAX], data[PATH_MAX], variable[PATH_MAX + 32];
	int log[2];
	posix_spawn_file_actions_t actions;

	snprintf(config, sizeof(config), "%s/bench.ini", dir);
	snprintf(data, sizeof(data), "%s/data", dir);
	snprintf(address.sun_path, sizeof(address.sun_path), "%s/notify", dir);
	unlink(address.sun_path);
	k.notify_fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (k.notify_fd < 0 || bind(k.notify_fd, (struct sockaddr *)&address, sizeof(address)) < 0)
		die("notify socket");
	snprintf(variable, sizeof(variable), "%s", address.sun_path);
	setenv("NOTIFY_SOCKET", variable, 1);
	if (pipe2(log, O_CLOEXEC) < 0)
		die("pipe");
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, log[1], STDERR_FILENO);
	char *argv[] = { (char *)program,
			 (char *)"--config",
			 config,
			 (char *)"--data",
			 data,
			 (char *)"--headless",
			 NULL };
	double before = now_ms();
	if (posix_spawn(&k.pid, program, &actions, NULL, argv, environ))
		die(program);
	posix_spawn_file_actions_destroy(&actions);
	close(log[1]);
	k.log_fd = log[0];
	struct pollfd p = { .fd = k.notify_fd, .events = POLLIN };
	char message[256];
	if (poll(&p, 1, 10000) != 1 || read(k.notify_fd, message, sizeof(message)) <= 0) {
		kill(k.pid, SIGKILL);
		fprintf(stderr, "the kiosk did not say READY\n");
		exit(1);
	}
	k.ready_ms = now_ms() - before;
	return k;
}

/* Ends it and reads how many frames it says it drew. */
static long stop(struct kiosk *k)
{
	char text[65536];
	size_t len = 0;
	ssize_t n;
	long frames = -1;

	kill(k->pid, SIGTERM);
	while (len < sizeof(text) - 1 &&
	       (n = read(k->log_fd, text + len, sizeof(text) - 1 - len)) > 0)
		len += (size_t)n;
	text[len] = '\0';
	waitpid(k->pid, NULL, 0);
	const char *at = strstr(text, " frames drawn");
	while (at && at > text && at[-1] >= '0' && at[-1] <= '9')
		at--;
	if (at)
		frames = strtol(at, NULL, 10);
	close(k->log_fd);
	close(k->notify_fd);
	return frames;
}

static double cpu_s(pid_t pid)
{
	char path[64], text[1024];
	unsigned long user = 0, sys = 0;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	CLEANUP(close_file) FILE *f = fopen(path, "re");
	if (!f || !fgets(text, sizeof(text), f))
		return 0;
	const char *rest = strrchr(text, ')');
	if (rest)
		sscanf(rest + 2, "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user,
		       &sys);
	return (double)(user + sys) / (double)sysconf(_SC_CLK_TCK);
}

static long rss_kib(pid_t pid, const char *field)
{
	char path[64], line[256];
	long kib = 0;

	snprintf(path, sizeof(path), "/proc/%d/smaps_rollup", (int)pid);
	CLEANUP(close_file) FILE *f = fopen(path, "re");
	while (f && fgets(line, sizeof(line), f))
		if (strncmp(line, field, strlen(field)) == 0)
			kib = strtol(line + strlen(field), NULL, 10);
	return kib;
}

static pid_t parent_of(pid_t pid)
{
	char path[64], text[512];
	int parent = 0;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	CLEANUP(close_file) FILE *f = fopen(path, "re");
	if (f && fgets(text, sizeof(text), f) && strrchr(text, ')'))
		sscanf(strrchr(text, ')') + 2, "%*c %d", &parent);
	return parent;
}

/* Sums a field over the kiosk and its children. */
static long sum_kib(pid_t pid, const char *field, int *processes)
{
	long kib = rss_kib(pid, field);
	DIR *proc = opendir("/proc");
	struct dirent *entry;

	*processes = 1;
	while (proc && (entry = readdir(proc))) {
		pid_t other = (pid_t)strtol(entry->d_name, NULL, 10);
		if (other > 0 && other != pid && parent_of(other) == pid) {
			kib += rss_kib(other, field);
			++*processes;
		}
	}
	if (proc)
		closedir(proc);
	return kib;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return x < y ? -1 : x > y;
}

int main(void)
{
	char dir[] = "/tmp/gatehouse-bench-XXXXXX", program[PATH_MAX], config[PATH_MAX];
	double ms[STARTS];

	ssize_t n = readlink("/proc/self/exe", program, sizeof(program) - 32);
	if (n <= 0 || !mkdtemp(dir))
		die("bench");
	program[n] = '\0';
	*strrchr(program, '/') = '\0';
	strcpy(strrchr(program, '/'), "/bin/gatehouse");
	snprintf(config, sizeof(config), "%s/bench.ini", dir);
	write_config(config);

	for (int i = 0; i < STARTS; i++) {
		struct kiosk k = start(program, dir);
		ms[i] = k.ready_ms;
		stop(&k);
	}
	qsort(ms + 1, STARTS - 1, sizeof(ms[0]), by_value); /* the first one was cold */
	printf("first screen after exec, cold: %.1f ms\n", ms[0]);
	printf("first screen after exec, warm: p50 %.1f ms, max %.1f ms (wanted: at most 300)\n",
	       ms[1 + (STARTS - 1) / 2], ms[STARTS - 1]);

	struct kiosk k = start(program, dir);
	struct timespec settle = { .tv_sec = 2 }, idle = { .tv_sec = IDLE_S };
	int processes;
	nanosleep(&settle, NULL);
	double before = cpu_s(k.pid), from = now_ms();
	nanosleep(&idle, NULL);
	double used = cpu_s(k.pid) - before, seconds = (now_ms() - from) / 1000;
	printf("idle board: %.2f %% of one core over %.0f s (wanted: at most 1)\n",
	       used / seconds * 100, seconds);
	long rss = sum_kib(k.pid, "Rss:", &processes), pss = sum_kib(k.pid, "Pss:", &processes);
	printf("resident memory of %d processes: %.1f MB, %.1f MB counting shared pages once "
	       "(wanted: at most 90)\n",
	       processes, (double)rss / 1024, (double)pss / 1024);
	long frames = stop(&k);
	printf("frames drawn in %.0f s: %ld (one a minute while nothing changes)\n", seconds + 2,
	       frames);
	return 0;
}
