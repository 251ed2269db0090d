// SPDX-License-Identifier: AGPL-3.0-or-later
// tasks.h: everything kinreel-media can be asked; tasks.c is the one list.
#pragma once
#include "wall/worker.h"

extern const struct kr_task kr_tasks[]; // sorted by name
extern const size_t kr_task_count;

// One file task_<name>.c each (scenes lie with the coach, a wish with
// the kit); its opening comment is its contract.
bool kr_task_card(struct kr_task_call *call, json_t **answer, struct kr_err *err);
bool kr_task_coach(struct kr_task_call *call, json_t **answer, struct kr_err *err);
bool kr_task_film(struct kr_task_call *call, json_t **answer, struct kr_err *err);
bool kr_task_kit(struct kr_task_call *call, json_t **answer, struct kr_err *err);
bool kr_task_look(struct kr_task_call *call, json_t **answer, struct kr_err *err);
bool kr_task_mount(struct kr_task_call *call, json_t **answer, struct kr_err *err);
bool kr_task_proxy(struct kr_task_call *call, json_t **answer, struct kr_err *err);
bool kr_task_remux(struct kr_task_call *call, json_t **answer, struct kr_err *err);
bool kr_task_restore(struct kr_task_call *call, json_t **answer, struct kr_err *err);
bool kr_task_scenes(struct kr_task_call *call, json_t **answer, struct kr_err *err);
bool kr_task_sidecar(struct kr_task_call *call, json_t **answer, struct kr_err *err);
bool kr_task_wish(struct kr_task_call *call, json_t **answer, struct kr_err *err);
