// SPDX-License-Identifier: AGPL-3.0-or-later
// seal.h: a process gives up everything it does not need, for good.
//
// What stays: memory, threads, and the descriptors it holds or is handed. What
// goes: every path, every socket, every new process, executable memory. Walls
// stand behind each other, so a hole in one is none in the house:
// (1) resource limits: address space, file size, processor time, descriptors;
// (2) no new privileges, and no reading of this process by its neighbours;
// (3) Landlock with no exception, as far as the kernel knows it (from 5.13 on);
// (4) a list of allowed system calls. This wall alone refuses paths, sockets
//     and processes; where it cannot be built, kr_seal() fails.
// Opening a file or making a socket fails softly (EACCES), since libraries try
// that in passing; starting a program or another process ends this one.
// Threads that already run are bound by (1), (2) and (4), new ones by all.

#pragma once
#include "base/err.h"
#include <stdint.h>

struct kr_seal_limits {
    uint64_t memory;     // bytes of address space beyond what is mapped now
    uint64_t file_bytes; // of one file written
    uint64_t cpu_s;
    uint64_t files; // descriptors at once; fewer where the system allows fewer
    bool scratch;   // may make nameless files in memory, which no limit here counts
};

struct kr_seal_report {
    bool limits, no_new_privileges, not_readable, calls;
    int landlock; // the ABI the kernel knows; 0: none
};

KR_CHECK bool kr_seal(const struct kr_seal_limits *limits, struct kr_seal_report *out,
                      struct kr_err *err);
