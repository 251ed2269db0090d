// SPDX-License-Identifier: AGPL-3.0-or-later
#include "wall/seal_priv.h"

#include "base/file.h"
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

uint64_t kr_pages_mapped(int statm)
{
    char text[32] = "";
    uint64_t pages = 0;
    if (pread(statm, text, sizeof text - 1, 0) > 0)
        for (const char *c = text; *c >= '0' && *c <= '9'; c++)
            pages = pages * 10 + (uint64_t)(*c - '0');
    return pages;
}

static bool mapped_now(uint64_t *bytes, struct kr_err *err)
{
    KR_AUTO(kr_fd_close) int statm = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
    uint64_t pages = statm < 0 ? 0 : kr_pages_mapped(statm);
    if (pages == 0)
        return kr_fail_errno(err, "measure the address space");
    *bytes = pages * (uint64_t)sysconf(_SC_PAGESIZE);
    return true;
}

// Lowers a limit to `most`, or leaves it where it is lower already. The hard one
// lies `above`: a process out of time first gets SIGXCPU, which tells why.
static bool lower(__rlimit_resource_t what, const char *name, uint64_t most, uint64_t above,
                  struct kr_err *err)
{
    struct rlimit is;
    if (getrlimit(what, &is) != 0)
        return kr_fail_errno(err, "ask the limit of %s", name);
    rlim_t hard = most + above < is.rlim_max ? most + above : is.rlim_max; // infinity is the most
    if (setrlimit(what, &(struct rlimit){most < hard ? most : hard, hard}) != 0)
        return kr_fail_errno(err, "limit %s", name);
    return true;
}

// RLIMIT_NPROC is left alone: it counts all processes of the user, threads of
// other programs too, and does not bind root; (4) allows no process anyway.
static bool set_limits(const struct kr_seal_limits *limits, struct kr_err *err)
{
    uint64_t mapped = 0;
    return mapped_now(&mapped, err) &&
           lower(RLIMIT_AS, "address space", mapped + limits->memory, 0, err) &&
           lower(RLIMIT_FSIZE, "file size", limits->file_bytes, 0, err) &&
           lower(RLIMIT_CPU, "processor time", limits->cpu_s, 5, err) &&
           lower(RLIMIT_NOFILE, "descriptors", limits->files, 0, err) &&
           lower(RLIMIT_MEMLOCK, "locked memory", 0, 0, err) &&
           lower(RLIMIT_CORE, "core dumps", 0, 0, err);
}

bool kr_seal(const struct kr_seal_limits *limits, struct kr_seal_report *out, struct kr_err *err)
{
    struct kr_seal_report report = {0};
    if (!set_limits(limits, err))
        return kr_within(err, "seal");
    report.limits = true;
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
        return kr_fail_errno(err, "seal: give up privileges");
    report.no_new_privileges = report.not_readable = true;
    if (!kr_seal_paths(&report.landlock, err) || !kr_seal_calls(limits->scratch, err))
        return kr_within(err, "seal");
    report.calls = true;
    *out = report;
    return true;
}
