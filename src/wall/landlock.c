// SPDX-License-Identifier: AGPL-3.0-or-later
// Landlock (Salaün, 2021, Linux 5.13): a process takes rights from itself.
#include "wall/seal_priv.h"

#include <errno.h>
#include <linux/landlock.h>
#include <sys/syscall.h>
#include <unistd.h>

// The header may be older than the kernel: what it may lack is told here
// (kernel documentation, userspace-api/landlock.rst).
#ifndef SYS_landlock_create_ruleset
#define SYS_landlock_create_ruleset 444
#define SYS_landlock_restrict_self 446
#endif
enum {
    FS_FIRST = (1 << 13) - 1, // ABI 1: execute .. make_sym
    FS_REFER = 1 << 13,       // 2
    FS_TRUNCATE = 1 << 14,    // 3
    FS_IOCTL_DEV = 1 << 15,   // 5
    NET_TCP = 3,              // 4: bind, connect
    SCOPES = 3,               // 6: abstract sockets, signals
};
struct ruleset { // as of ABI 6; an older kernel takes it as long as the rest is zero
    uint64_t fs, net, scoped;
};

static struct ruleset everything(int abi)
{
    struct ruleset all = {.fs = FS_FIRST};
    if (abi >= 2)
        all.fs |= FS_REFER;
    if (abi >= 3)
        all.fs |= FS_TRUNCATE;
    if (abi >= 4)
        all.net = NET_TCP;
    if (abi >= 5)
        all.fs |= FS_IOCTL_DEV;
    if (abi >= 6)
        all.scoped = SCOPES;
    return all;
}

bool kr_seal_paths(int *abi, struct kr_err *err)
{
    *abi = 0;
    long known = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
    if (known < 1)
        return true; // not in this kernel, or switched off: the other walls stand
    struct ruleset all = everything((int)known);
    int rules = (int)syscall(SYS_landlock_create_ruleset, &all, sizeof all, 0);
    if (rules < 0)
        return kr_fail_errno(err, "Landlock, ABI %ld: state the rules", known);
    long failed = syscall(SYS_landlock_restrict_self, rules, 0);
    int cause = errno;
    close(rules);
    errno = cause;
    if (failed)
        return kr_fail_errno(err, "Landlock, ABI %ld: give up paths", known);
    *abi = (int)known;
    return true;
}
