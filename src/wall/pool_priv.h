// SPDX-License-Identifier: AGPL-3.0-or-later
// pool_priv.h: a few workers that wait between questions, because starting one
// costs a tenth of a second. At most `most` live at once; who comes when all
// are busy waits. Threads: a pool may be shared.
#pragma once
#include "wall/process_priv.h"

enum { KR_QUESTIONS_A_LIFE = 64 };

struct kr_pool;
__attribute__((returns_nonnull)) struct kr_pool *kr_pool_create(struct kr_spawner *spawner,
                                                                int most);
// Ends the waiting workers. All taken ones must be back (asserted).
void kr_pool_destroy(struct kr_pool **pool);

// Takes a waiting worker, or starts one. `patience` bounds the wait for a turn.
KR_CHECK bool kr_pool_take(struct kr_pool *pool, struct kr_patience *patience,
                           struct kr_process *out, struct kr_err *err);
// Ends a worker that failed and starts a new one in its place, which the caller
// holds as it held the old one. On failure nothing is held any more.
KR_CHECK bool kr_pool_renew(struct kr_pool *pool, struct kr_process *process, struct kr_err *err);
// Gives a worker back. One that has ended, or has answered its fill, or is not
// `sound`, is ended; the next question gets a new one.
void kr_pool_give(struct kr_pool *pool, struct kr_process *process, bool sound);
