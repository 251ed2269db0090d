// SPDX-License-Identifier: AGPL-3.0-or-later
// The list of system calls a sealed worker may make. Everything else ends it.
#include "wall/seal_priv.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

#define CALL(name) SCMP_SYS(name)

static const int allowed[] = {
    // bytes through descriptors it holds
    CALL(read), CALL(write), CALL(pread64), CALL(pwrite64), CALL(readv), CALL(writev), CALL(preadv),
    CALL(pwritev), CALL(lseek), CALL(close), CALL(close_range), CALL(fstat), CALL(ftruncate),
    CALL(fsync), CALL(fdatasync), CALL(fadvise64), CALL(dup), CALL(dup2), CALL(dup3), CALL(recvmsg),
    CALL(sendmsg), CALL(poll), CALL(ppoll), CALL(select), CALL(pselect6), CALL(pipe), CALL(pipe2),
    CALL(eventfd2),
    // memory; mmap and mprotect stand below
    CALL(munmap), CALL(mremap), CALL(madvise), CALL(brk), CALL(msync), CALL(mincore),
    // threads; clone stands below
    CALL(futex), CALL(set_robust_list), CALL(get_robust_list), CALL(rseq), CALL(sched_yield),
    CALL(sched_getaffinity), CALL(sched_getattr), CALL(sched_getparam), CALL(sched_getscheduler),
    CALL(sched_get_priority_min), CALL(sched_get_priority_max), CALL(membarrier), CALL(gettid),
    CALL(getcpu), CALL(exit), CALL(exit_group),
    // its own signals
    CALL(rt_sigaction), CALL(rt_sigprocmask), CALL(rt_sigreturn), CALL(sigaltstack),
    CALL(restart_syscall),
    // clocks, chance, and who it is
    CALL(clock_gettime), CALL(clock_getres), CALL(gettimeofday), CALL(time), CALL(nanosleep),
    CALL(clock_nanosleep), CALL(times), CALL(getrandom), CALL(getpid), CALL(getppid), CALL(getuid),
    CALL(geteuid), CALL(getgid), CALL(getegid), CALL(getrusage), CALL(getrlimit), CALL(uname),
    CALL(sysinfo)};

struct refusal {
    int call, cause;
};
// What libraries try in passing: they go on when it is refused.
static const struct refusal refused[] = {
    // 0: "yes, it may be read", unasked. Cairo wants to hear that of a font file it has
    // open already, each time it sets letters in a new size; opening it would be refused.
    {CALL(access), 0},
    {CALL(faccessat), 0},
    {CALL(faccessat2), 0},
    {CALL(open), EACCES},
    {CALL(openat), EACCES},
    {CALL(openat2), EACCES},
    {CALL(creat), EACCES},
    {CALL(stat), EACCES},
    {CALL(lstat), EACCES},
    {CALL(statx), EACCES},
    {CALL(readlink), EACCES},
    {CALL(readlinkat), EACCES},
    {CALL(getcwd), EACCES},
    {CALL(unlink), EACCES},
    {CALL(unlinkat), EACCES},
    {CALL(mkdir), EACCES},
    {CALL(mkdirat), EACCES},
    {CALL(rename), EACCES},
    {CALL(renameat), EACCES},
    {CALL(renameat2), EACCES},
    {CALL(statfs), EACCES},
    {CALL(getdents64), EACCES},
    {CALL(fstatfs), EACCES},
    {CALL(socket), EACCES},
    {CALL(socketpair), EACCES},
    {CALL(getsockname), ENOTSOCK},
    {CALL(getpeername), ENOTSOCK},
    {CALL(getsockopt), ENOTSOCK},
    {CALL(setsockopt), ENOTSOCK},
    {CALL(shmget), ENOSYS},
    {CALL(io_uring_setup), ENOSYS},
    {CALL(clone3), ENOSYS},
    {CALL(mbind), ENOSYS},
    {CALL(set_mempolicy), ENOSYS},
    {CALL(get_mempolicy), ENOSYS},
    {CALL(fallocate), EOPNOTSUPP},
    {CALL(copy_file_range), EOPNOTSUPP},
    {CALL(sched_setattr), EPERM},
    {CALL(sched_setaffinity), EPERM},
    {CALL(sched_setscheduler), EPERM},
    {CALL(setpriority), EPERM},
    {CALL(mlock), EPERM},
    {CALL(kill), EPERM},
    {CALL(tkill), EPERM},
    {CALL(ioctl), ENOTTY} // isatty() asks; on a file of ours it could change its attributes
};

static int allow_plain(scmp_filter_ctx list)
{
    int failed = 0;
    for (size_t i = 0; i < sizeof allowed / sizeof *allowed && !failed; i++)
        failed = seccomp_rule_add(list, SCMP_ACT_ALLOW, allowed[i], 0);
    for (size_t i = 0; i < sizeof refused / sizeof *refused && !failed; i++)
        failed =
            seccomp_rule_add(list, SCMP_ACT_ERRNO((uint16_t)refused[i].cause), refused[i].call, 0);
    return failed;
}

struct condition { // what a call gives where one argument is so
    int call;
    int cause; // 0: it may go on
    struct scmp_arg_cmp when;
};

static int allow_some(scmp_filter_ctx list)
{
    const struct condition rows[] = {
        // memory is never both a stranger's and a program
        {CALL(mmap), 0, {2, SCMP_CMP_MASKED_EQ, PROT_EXEC, 0}},
        {CALL(mmap), EACCES, {2, SCMP_CMP_MASKED_EQ, PROT_EXEC, PROT_EXEC}},
        {CALL(mprotect), 0, {2, SCMP_CMP_MASKED_EQ, PROT_EXEC, 0}},
        {CALL(mprotect), EACCES, {2, SCMP_CMP_MASKED_EQ, PROT_EXEC, PROT_EXEC}},
        // a clone that is no thread is a new process, and ends this one
        {CALL(clone), 0, {0, SCMP_CMP_MASKED_EQ, CLONE_THREAD, CLONE_THREAD}},
        // F_SETFL would change the asker's own descriptor too
        {CALL(fcntl), 0, {1, SCMP_CMP_LE, F_GETFL}}, // F_DUPFD, F_GETFD, F_SETFD
        {CALL(fcntl), 0, {1, SCMP_CMP_EQ, F_DUPFD_CLOEXEC}},
        {CALL(fcntl), 0, {1, SCMP_CMP_EQ, F_ADD_SEALS}},
        {CALL(fcntl), 0, {1, SCMP_CMP_EQ, F_GET_SEALS}},
        {CALL(fcntl), EPERM, {1, SCMP_CMP_EQ, F_SETFL}},
        {CALL(fcntl), EPERM, {1, SCMP_CMP_EQ, F_GETLK}},
        {CALL(fcntl), EPERM, {1, SCMP_CMP_EQ, F_SETLK}},
        {CALL(fcntl), EPERM, {1, SCMP_CMP_EQ, F_SETLKW}},
        {CALL(prctl), EPERM, {0, SCMP_CMP_LT, PR_SET_NAME}},
        {CALL(prctl), 0, {0, SCMP_CMP_EQ, PR_SET_NAME}},
        {CALL(prctl), 0, {0, SCMP_CMP_EQ, PR_GET_NAME}},
        {CALL(prctl), EPERM, {0, SCMP_CMP_GT, PR_GET_NAME}},
        // limits may be read; root could raise them
        {CALL(prlimit64), 0, {2, SCMP_CMP_EQ, 0}},
        {CALL(prlimit64), EPERM, {2, SCMP_CMP_NE, 0}},
        {CALL(tgkill), 0, {0, SCMP_CMP_EQ, (uint32_t)getpid()}}, // abort()
        {CALL(tgkill), EPERM, {0, SCMP_CMP_NE, (uint32_t)getpid()}},
    };
    int failed = 0;
    for (size_t i = 0; i < sizeof rows / sizeof *rows && !failed; i++)
        failed = seccomp_rule_add(
            list, rows[i].cause ? SCMP_ACT_ERRNO((uint16_t)rows[i].cause) : SCMP_ACT_ALLOW,
            rows[i].call, 1, rows[i].when);
    return failed;
}

// glibc asks a descriptor's size by newfstatat(fd, "", …, AT_EMPTY_PATH). A list
// of calls cannot see that the path is empty, and a path would tell what lies on
// the disk; so the call is caught, and only its innocent form is carried out.
#if defined(__x86_64__)
#define ARGUMENT(u, n)                                                                             \
    ((u)->uc_mcontext.gregs[(const int[]){REG_RDI, REG_RSI, REG_RDX, REG_R10}[n]])
#define SET_RESULT(u, value) ((u)->uc_mcontext.gregs[REG_RAX] = (value))
#elif defined(__aarch64__)
#define ARGUMENT(u, n) ((long long)(u)->uc_mcontext.regs[n])
#define SET_RESULT(u, value) ((u)->uc_mcontext.regs[0] = (unsigned long long)(value))
#endif

#ifdef ARGUMENT
static void stand_in_for_newfstatat(int signal, siginfo_t *info, void *context)
{
    (void)signal;
    ucontext_t *u = context;
    if (info->si_syscall != SYS_newfstatat)
        _exit(128 + SIGSYS);
    int before = errno;
    const char *path = (const char *)(uintptr_t)ARGUMENT(u, 1);
    long result = -EACCES;
    if (((int)ARGUMENT(u, 3) & AT_EMPTY_PATH) && path && path[0] == '\0')
        result = syscall(SYS_fstat, (int)ARGUMENT(u, 0), (void *)(uintptr_t)ARGUMENT(u, 2)) == 0
                     ? 0
                     : -errno;
    SET_RESULT(u, result);
    errno = before;
}

static int allow_sizes(scmp_filter_ctx list)
{
    struct sigaction stand_in = {.sa_sigaction = stand_in_for_newfstatat,
                                 .sa_flags = SA_SIGINFO | SA_NODEFER};
    if (sigaction(SIGSYS, &stand_in, NULL) != 0)
        return -errno;
    return seccomp_rule_add(list, SCMP_ACT_TRAP, CALL(newfstatat), 0);
}
#else
static int allow_sizes(scmp_filter_ctx list)
{
    return seccomp_rule_add(list, SCMP_ACT_ALLOW, CALL(newfstatat), 1,
                            {3, SCMP_CMP_MASKED_EQ, AT_EMPTY_PATH, AT_EMPTY_PATH});
}
#endif

static int fill_and_load(scmp_filter_ctx list, bool scratch)
{
    int failed = seccomp_attr_set(list, SCMP_FLTATR_CTL_TSYNC, 1); // threads that already run too
    if (!failed)
        failed = seccomp_attr_set(list, SCMP_FLTATR_CTL_OPTIMIZE, 2); // by bisection
    if (!failed)
        failed = seccomp_attr_set(list, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
    if (!failed)
        failed = seccomp_rule_add(list, scratch ? SCMP_ACT_ALLOW : SCMP_ACT_ERRNO(EACCES),
                                  CALL(memfd_create), 0);
    if (!failed)
        failed = allow_plain(list);
    if (!failed)
        failed = allow_some(list);
    if (!failed)
        failed = allow_sizes(list);
    return failed ? failed : seccomp_load(list);
}

bool kr_seal_calls(bool scratch, struct kr_err *err)
{
    scmp_filter_ctx list = seccomp_init(SCMP_ACT_KILL_PROCESS);
    if (!list)
        return kr_fail(err, KR_E_INTERNAL, "no list of system calls can be made");
    int failed = fill_and_load(list, scratch);
    seccomp_release(list);
    if (failed)
        return kr_fail(err, KR_E_UNSUPPORTED, "limit the system calls: %s",
                       strerrordesc_np(-failed));
    return true;
}
