#include "stick/sandbox.h"

#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>

#include <seccomp.h>

/* Rights of Landlock's first version (Linux 5.13): everything one can do with files and folders. */
#define RIGHTS_READ (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)
#define RIGHTS_WRITE                                                                               \
	(RIGHTS_READ | LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR |             \
	 LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_MAKE_DIR |                            \
	 LANDLOCK_ACCESS_FS_MAKE_REG)
#define RIGHTS_ALL ((LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1)

static int allow_beneath(int ruleset, const char *dir, uint64_t rights)
{
	CLEANUP(close_fd) int fd = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
	struct landlock_path_beneath_attr beneath = { .allowed_access = rights, .parent_fd = fd };

	if (fd < 0) /* no stick: the job says so in its own words */
		return 0;
	if (syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &beneath, 0) < 0)
		return -errno;
	return 0;
}

static int confine_files(const char *stick_dir)
{
	struct landlock_ruleset_attr attr = { .handled_access_fs = RIGHTS_ALL };
	CLEANUP(close_fd)
	int ruleset = (int)syscall(SYS_landlock_create_ruleset, &attr, sizeof(attr), 0);

	if (ruleset < 0) /* the kernel was built or booted without it */
		return errno == ENOSYS || errno == EOPNOTSUPP ? 0 : -errno;
	int err = allow_beneath(ruleset, stick_dir, RIGHTS_WRITE);
	if (!err && syscall(SYS_landlock_restrict_self, ruleset, 0) < 0)
		err = -errno;
	return err;
}

static int confine_calls(void)
{
	static const int REFUSED[] = {
		SCMP_SYS(execve),         SCMP_SYS(execveat),    SCMP_SYS(fork),
		SCMP_SYS(vfork),          SCMP_SYS(socket),      SCMP_SYS(socketpair),
		SCMP_SYS(connect),        SCMP_SYS(bind),        SCMP_SYS(listen),
		SCMP_SYS(ptrace),         SCMP_SYS(mount),       SCMP_SYS(umount2),
		SCMP_SYS(fsopen),         SCMP_SYS(open_tree),   SCMP_SYS(move_mount),
		SCMP_SYS(pivot_root),     SCMP_SYS(chroot),      SCMP_SYS(bpf),
		SCMP_SYS(unshare),        SCMP_SYS(setns),       SCMP_SYS(keyctl),
		SCMP_SYS(add_key),        SCMP_SYS(init_module), SCMP_SYS(finit_module),
		SCMP_SYS(reboot),         SCMP_SYS(mknodat),     SCMP_SYS(process_vm_readv),
		SCMP_SYS(io_uring_setup), SCMP_SYS(userfaultfd), SCMP_SYS(perf_event_open),
	};
	scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_ALLOW);
	int err = ctx ? 0 : -ENOMEM;

	for (size_t i = 0; !err && i < ARRAY_LEN(REFUSED); i++)
		err = seccomp_rule_add(ctx, SCMP_ACT_ERRNO(EPERM), REFUSED[i], 0);
	if (!err)
		err = seccomp_load(ctx);
	if (ctx)
		seccomp_release(ctx);
	return err;
}

int sandbox_enter(const char *stick_dir)
{
	struct rlimit none = { 0, 0 };

	if (setrlimit(RLIMIT_CORE, &none) < 0 || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0 ||
	    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return -errno;
	int err = confine_files(stick_dir);
	return err ? err : confine_calls();
}
