// SPDX-License-Identifier: AGPL-3.0-or-later
// wall.h: how kinreel asks kinreel-media, across a wall, to touch a stranger's file.
//
// kinreel never decodes. It starts kinreel-media (found beside itself, or
// $KINREEL_MEDIA), which seals itself: no files, no network, no new processes;
// only descriptors handed over with a question. A question is a task's name,
// a JSON object and descriptors; an answer is a JSON object or an error.
// (1) A worker that dies, hangs or grows too large gives an error
//     (KR_E_DAMAGED, KR_E_TIMEOUT, KR_E_TOO_BIG), never harm.
// (2) A worker retires after 64 questions or any such error; the question it
//     failed on is asked once more, alone, of a fresh one (only by kr_wall_ask
//     of tasks whose class is KR_TASK_PICTURE).
// Threads: kr_wall_ask() may be called from any number of threads; each call
// takes a free worker or starts one, up to `workers`.

#pragma once
#include "base/json.h"

enum kr_task_class {
    KR_TASK_PICTURE, // one file, seconds: 60 s of wall time, 1 GiB address space beyond the start
    KR_TASK_FILM,    // one process each: hours, 3 GiB
};

struct kr_wall;
struct kr_wall_params {
    int workers;          // picture workers at once; 0: one for each core
    const char *program;  // kinreel-media; NULL: find it
};
// Starts nothing yet: the first question does.
KR_CHECK bool kr_wall_open(const struct kr_wall_params *params, struct kr_wall **out,
                           struct kr_err *err);
void kr_wall_close(struct kr_wall **wall); // ends the workers

struct kr_question {
    const char *task;          // a row of sealed/tasks.c
    enum kr_task_class task_class;
    const json_t *args;        // borrowed; an object or NULL
    const int *fds;            // borrowed; any number, the task's doc says which is which
    size_t fd_count;
    int timeout_s;             // 0: that of the class
    // Called with [0,1] as a long task goes on; returning false cancels it
    // (KR_E_INTERRUPTED). May be NULL.
    bool (*progress)(void *context, double done);
    void *context;
};
// *answer is an object, the caller's to drop. What went wrong inside the worker
// comes back with the worker's own code and sentence.
KR_CHECK bool kr_wall_ask(struct kr_wall *wall, const struct kr_question *question,
                          json_t **answer, struct kr_err *err);
