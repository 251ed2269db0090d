// SPDX-License-Identifier: AGPL-3.0-or-later
// process_priv.h: a worker's life: started, limited, ended, reaped.
//
// The kernel ends a child with the *thread* that made it (PR_SET_PDEATHSIG), so
// all of a wall's workers are made by one thread that lives as long as the
// wall. posix_spawn leaves the child one descriptor (the channel, number 3),
// /dev/null for the rest, a session of its own (Ctrl-C is not for it) and only
// the environment named in process.c. No signal handler is installed and no
// child is left unreaped.
// Threads: a spawner may be shared; a process belongs to one thread at a time.

#pragma once
#include "wall/channel_priv.h"
#include "wall/wall.h"
#include <sys/types.h>

enum {
    KR_CHANNEL_FD = 3,
    KR_EXIT_MEMORY = 113, // a worker that could get no more memory ends with this status
};

// What a class of tasks may use. Sent to the worker before it seals itself.
struct kr_class {
    int timeout_s;     // of one question
    int64_t memory_mb; // address space beyond what the worker has at its start
    int64_t file_mb;   // of one file written
    int64_t cpu_s;     // of the whole process: only a backstop, should the asker be stopped
    bool scratch;      // may make files in memory
};
const struct kr_class *kr_class_of(enum kr_task_class task_class);

struct kr_spawner;
KR_CHECK bool kr_spawner_open(const char *program, struct kr_spawner **out, struct kr_err *err);
void kr_spawner_close(struct kr_spawner **spawner); // all its processes must have ended

struct kr_process {
    pid_t pid; // 0: none
    int channel;
    int answered; // questions
};
#define KR_PROCESS_NONE ((struct kr_process){.channel = -1})

// Starts a worker and tells it its limits; it seals itself while the first
// question is on its way.
KR_CHECK bool kr_process_begin(struct kr_spawner *spawner, enum kr_task_class task_class,
                               struct kr_process *out, struct kr_err *err);
// Kills and reaps. Anything is fine, nothing is left.
void kr_process_end(struct kr_process *process);
// Reaps one whose channel broke, killing it should it live on, and says in err
// what it died of: KR_E_DAMAGED, KR_E_TOO_BIG, KR_E_TIMEOUT. Returns false.
bool kr_process_bury(struct kr_process *process, struct kr_err *err);
