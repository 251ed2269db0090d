// SPDX-License-Identifier: AGPL-3.0-or-later
// worker.h: the other side of the wall: what kinreel-media's main runs.
#pragma once
#include "base/json.h"

struct kr_task_call {
    const json_t *args;
    const int *fds; // the task's until it returns, then closed (not by the task)
    size_t fd_count;
    struct kr_arena *mem; // lives as long as the task
    void *channel;        // for kr_task_progress
};

struct kr_task {
    const char *name;
    const char *doc; // one line: what, which fds in which order
    size_t least_fds;
    // Fills *answer (an object, handed over) or err.
    bool (*run)(struct kr_task_call *call, json_t **answer, struct kr_err *err);
};

// Tells the asker how far the task is. May be called for every frame: it speaks
// ten times a second. false: the asker has gone; the task should end with
// KR_E_INTERRUPTED. Of the thread that runs the task only.
KR_CHECK bool kr_task_progress(struct kr_task_call *call, double done);

// Seals this process, then answers questions on `channel` until it closes.
// `prepare` runs before the seal (initialise libraries there: later no file can
// be opened). Returns the exit status. `tasks` is sorted by name.
int kr_worker_run(int channel, const struct kr_task *tasks, size_t task_count,
                  bool (*prepare)(struct kr_err *err));
