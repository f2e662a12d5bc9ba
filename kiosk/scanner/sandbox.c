/*
 * seccomp by allow-list, in three groups: talking, the camera, and what the C library does for
 * memory, time and ending. Arguments are checked where they decide: which fd, which ioctl, no
 * mapping of files, nothing executable. The list holds for amd64 and arm64; libseccomp skips calls
 * an architecture does not have.
 *
 * A sanitizer's run-time needs a little more; that list exists only in such builds. Leak checking
 * is beyond both: the program ends without it.
 */
#include "scanner/sandbox.h"

#include <linux/videodev2.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>

#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifndef SANITIZED
#define SANITIZED 0
#endif

/* Pictures of the largest size, zbar's working memory and the libraries take about 60 MB. */
#define ADDRESS_SPACE_BYTES ((rlim_t)512 << 20)

static void release_filter(scmp_filter_ctx *filter)
{
	if (*filter)
		seccomp_release(*filter);
}

/* Adds rules until one fails; the first error stands. */
struct rules {
	scmp_filter_ctx filter;
	int error;
};

static struct scmp_arg_cmp equals(unsigned argument, uint64_t value)
{
	return (struct scmp_arg_cmp){ .arg = argument, .op = SCMP_CMP_EQ, .datum_a = value };
}

/* The bits of mask have exactly this value. */
static struct scmp_arg_cmp has_bits(unsigned argument, uint64_t mask, uint64_t value)
{
	return (struct scmp_arg_cmp){
		.arg = argument, .op = SCMP_CMP_MASKED_EQ, .datum_a = mask, .datum_b = value
	};
}

static void allow_when(struct rules *r, int call, const struct scmp_arg_cmp *conditions,
		       unsigned count)
{
	if (r->error == 0)
		r->error =
			seccomp_rule_add_array(r->filter, SCMP_ACT_ALLOW, call, count, conditions);
}

static void allow(struct rules *r, int call)
{
	allow_when(r, call, NULL, 0);
}

static void allow_fd(struct rules *r, int call, int fd)
{
	const struct scmp_arg_cmp on_fd = equals(0, (uint64_t)fd);

	allow_when(r, call, &on_fd, 1);
}

static void allow_ioctl(struct rules *r, int fd, unsigned long request)
{
	const struct scmp_arg_cmp both[] = { equals(0, (uint64_t)fd), equals(1, request) };

	allow_when(r, SCMP_SYS(ioctl), both, ARRAY_LEN(both));
}

static void allow_talking(struct rules *r, const struct sandbox *s)
{
	allow_fd(r, SCMP_SYS(sendto), s->socket);
	allow_fd(r, SCMP_SYS(sendmsg), s->socket);
	allow_fd(r, SCMP_SYS(recvfrom), s->socket);
	allow_fd(r, SCMP_SYS(recvmsg), s->socket);
	allow(r, SCMP_SYS(poll));
	allow(r, SCMP_SYS(ppoll));
	allow_fd(r, SCMP_SYS(write), STDERR_FILENO); /* log lines */
	allow_fd(r, SCMP_SYS(writev), STDERR_FILENO); /* the last words of assert */
}

static void allow_camera(struct rules *r, const struct sandbox *s)
{
	if (s->v4l2 < 0)
		return;
	allow_ioctl(r, s->v4l2, VIDIOC_QBUF);
	allow_ioctl(r, s->v4l2, VIDIOC_DQBUF);
}

/* Memory without a file behind it and never executable. */
static void allow_memory(struct rules *r)
{
	const struct scmp_arg_cmp plain[] = { has_bits(2, PROT_EXEC, 0),
					      has_bits(3, MAP_ANONYMOUS, MAP_ANONYMOUS) };

	allow_when(r, SCMP_SYS(mmap), plain, ARRAY_LEN(plain));
	allow(r, SCMP_SYS(munmap));
	allow(r, SCMP_SYS(mremap));
	allow(r, SCMP_SYS(madvise));
	allow(r, SCMP_SYS(brk));
}

static void allow_living(struct rules *r)
{
	allow(r, SCMP_SYS(futex));
	allow(r, SCMP_SYS(clock_gettime));
	allow(r, SCMP_SYS(gettimeofday));
	allow(r, SCMP_SYS(sysinfo)); /* glibc's qsort asks for the size of memory */
	allow(r, SCMP_SYS(restart_syscall)); /* poll after SIGSTOP and SIGCONT */
	allow(r, SCMP_SYS(rt_sigreturn));
	allow(r, SCMP_SYS(exit_group));
}

#ifdef GATEHOUSE_SIM
/* A simulated frame is a memfd: take it, look at its size and seals, map it to read, close it. */
static void allow_simulator(struct rules *r, const struct sandbox *s)
{
	const struct scmp_arg_cmp frame[] = { equals(2, PROT_READ), equals(3, MAP_SHARED) };

	if (s->sim < 0)
		return;
	allow_fd(r, SCMP_SYS(recvmsg), s->sim);
	allow_fd(r, SCMP_SYS(setsockopt), s->sim);
	allow(r, SCMP_SYS(fstat));
	allow(r, SCMP_SYS(newfstatat)); /* what fstat is on newer C libraries; opens nothing */
	allow(r, SCMP_SYS(fcntl));
	allow(r, SCMP_SYS(close));
	allow_when(r, SCMP_SYS(mmap), frame, ARRAY_LEN(frame));
}
#else
static void allow_simulator(struct rules *r, const struct sandbox *s)
{
	(void)r, (void)s;
}
#endif

static void allow_sanitizer(struct rules *r)
{
	allow(r, SCMP_SYS(sigaltstack));
	allow(r, SCMP_SYS(rt_sigaction));
	allow(r, SCMP_SYS(rt_sigprocmask));
	allow(r, SCMP_SYS(getpid));
	allow(r, SCMP_SYS(gettid));
	allow(r, SCMP_SYS(sched_yield));
}

static int load_filter(const struct sandbox *s)
{
	__attribute__((cleanup(release_filter))) scmp_filter_ctx filter =
		seccomp_init(SCMP_ACT_KILL_PROCESS);
	if (!filter)
		return -ENOMEM;
	struct rules r = { .filter = filter };
	/* Calls made by the numbers of another architecture (i386 on amd64) die too. */
	r.error = seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
	allow_talking(&r, s);
	allow_camera(&r, s);
	allow_memory(&r);
	allow_living(&r);
	allow_simulator(&r, s);
	if (SANITIZED)
		allow_sanitizer(&r);
	return r.error ? r.error : seccomp_load(filter);
}

int sandbox_enter(const struct sandbox *s)
{
	const struct rlimit no_core = { 0, 0 };
	const struct rlimit memory = { ADDRESS_SPACE_BYTES, ADDRESS_SPACE_BYTES };

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) ||
	    setrlimit(RLIMIT_CORE, &no_core))
		return -errno;
	/* The sanitizer's shadow memory alone is terabytes of address space. */
	if (!SANITIZED && setrlimit(RLIMIT_AS, &memory))
		return -errno;
	return load_filter(s);
}
