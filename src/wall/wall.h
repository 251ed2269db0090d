// SPDX-License-Identifier: AGPL-3.0-or-later
// wall.h: how kinreel asks kinreel-media, across a wall, to touch a stranger's file.
//
// kinreel never decodes. It starts kinreel-media (params, else $KINREEL_MEDIA,
// else beside itself), which seals itself (seal.h): no files, no network, no new
// processes; only descriptors handed over with a question. A question is a
// task's name, a JSON object and descriptors; an answer is an object or an error.
// (1) A worker that dies, hangs, lies or grows too large gives an error
//     (KR_E_DAMAGED with the signal named, KR_E_TIMEOUT, KR_E_TOO_BIG), never harm.
// (2) A picture worker retires after 64 questions or any such error, its own
//     report of damage included. A question whose worker died is asked once
//     more, alone, of a fresh one; one that hung is, if its worker was not fresh.
//     So a task reads its inputs from their start and empties its outputs first;
//     after an error an output holds anything, and is its owner's to empty.
// Open what is only read as O_RDONLY: the wall cannot make a descriptor less
// than it is. Offsets are shared with the worker: rewind before reading on.
// Threads: kr_wall_ask() may be called from any number of threads; each call
// takes a free worker or starts one, up to `workers`, or waits for one.

#pragma once
#include "base/json.h"

enum kr_task_class {
    KR_TASK_PICTURE, // one file, seconds: 60 s of wall time, 1 GiB address space beyond the start
    KR_TASK_FILM,    // one process each: 12 hours, 3 GiB, and files in memory beside them
};

struct kr_wall;
struct kr_wall_params {
    int workers;         // picture workers at once; 0: one for each core
    const char *program; // kinreel-media; NULL: find it
};
// Starts nothing yet: the first question does.
KR_CHECK bool kr_wall_open(const struct kr_wall_params *params, struct kr_wall **out,
                           struct kr_err *err);
void kr_wall_close(struct kr_wall **wall); // ends the workers; no question may be on its way

struct kr_question {
    const char *task; // a row of sealed/tasks.c
    enum kr_task_class task_class;
    const json_t *args; // borrowed; an object or NULL
    const int *fds;     // borrowed; any number, the task's doc says which is which
    size_t fd_count;
    int timeout_s; // 0: that of the class
    // Called with [0,1] about twice a second, also while nothing is heard;
    // returning false cancels and kills (KR_E_INTERRUPTED). May be NULL.
    bool (*progress)(void *context, double done);
    void *context;
};
// *answer is an object, the caller's to drop. What went wrong inside the worker
// comes back with the worker's own code and sentence.
KR_CHECK bool kr_wall_ask(struct kr_wall *wall, const struct kr_question *question, json_t **answer,
                          struct kr_err *err);
