#include "tests/powercut/world.h"

#include <fcntl.h>
#include <mntent.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "base/text.h"

#define MOUNTS_MAX 64
#define PATH_BYTES 128

/* The last mounted first: what stands on a disk before the disk. */
static void take_down(void)
{
	static char paths[MOUNTS_MAX][PATH_BYTES];
	FILE *mounts = setmntent("/proc/self/mounts", "r");
	struct mntent *m;
	int count = 0;

	while (mounts && count < MOUNTS_MAX && (m = getmntent(mounts)))
		if (strncmp(m->mnt_dir, WORLD_DIR "/", strlen(WORLD_DIR) + 1) == 0)
			text_copy(paths[count++], PATH_BYTES, m->mnt_dir);
	if (mounts)
		endmntent(mounts);
	while (count > 0)
		umount2(paths[--count], MNT_DETACH);
}

/* Out of the family and the group, so that nobody ends it together with them. */
static void keep(int us)
{
	int null = open("/dev/null", O_RDWR);
	char byte;

	if (setsid() < 0 || fork() != 0)
		_exit(0);
	signal(SIGINT, SIG_IGN);
	signal(SIGTERM, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	for (int fd = 0; fd <= STDERR_FILENO; fd++)
		dup2(null, fd); /* whoever reads what we print is not to wait for the keeper */
	while (read(us, &byte, 1) < 0 && errno == EINTR)
		;
	take_down();
	_exit(0);
}

static int start_keeper(struct world *world)
{
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends))
		return -errno;
	pid_t child = fork();
	if (child == 0) {
		close(ends[0]);
		keep(ends[1]);
	}
	close(ends[1]);
	world->keeper = ends[0];
	return child > 0 && waitpid(child, NULL, 0) == child ? 0 : -errno;
}

int world_begin(struct world *world, const char **problem)
{
	world->keeper = -1;
	if (unshare(CLONE_NEWNS) || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL)) {
		*problem = "no mount namespace of its own: not root, or not allowed";
		return -errno;
	}
	if (access("/dev/fuse", R_OK | W_OK)) {
		*problem = "no /dev/fuse";
		return -errno;
	}
	if (access("/dev/loop-control", R_OK | W_OK)) {
		*problem = "no loop devices: /dev/loop-control";
		return -errno;
	}
	if (mount("tmpfs", WORLD_DIR, "tmpfs", MS_NOSUID | MS_NODEV, "mode=700")) {
		*problem = "no tmpfs can be mounted at " WORLD_DIR;
		return -errno;
	}
	*problem = "no process can be started";
	return start_keeper(world);
}

void world_end(struct world *world)
{
	char byte;

	shutdown(world->keeper, SHUT_WR);
	while (read(world->keeper, &byte, 1) < 0 && errno == EINTR)
		;
	close_fd(&world->keeper);
}
