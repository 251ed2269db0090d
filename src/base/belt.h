// SPDX-License-Identifier: AGPL-3.0-or-later
// belt.h: things go from one thread to another, in order, a bounded number on the way.
//
// One thread lays things on, one takes them off. Each may stop before the other:
// the layer ends, and the taker gets what still lies there; or the taker leaves, and
// nothing more is taken in. Things are never NULL.
#pragma once
#include "base/mem.h"

struct kr_belt;
// At most `room` weighs on the belt at once, but always one thing. `drop` destroys a thing
// that nobody took.
struct kr_belt *kr_belt_create(size_t room, void (*drop)(void *thing));
void kr_belt_destroy(struct kr_belt **belt); // drops what lies there; both threads are done

// Hands the thing over, waiting for room. False, and the thing dropped, once the taker left.
KR_CHECK bool kr_belt_lay(struct kr_belt *belt, void *thing, size_t weight);
void kr_belt_end(struct kr_belt *belt);
// The next thing, waiting for it; NULL once the layer has ended and nothing lies there.
void *kr_belt_take(struct kr_belt *belt);
void kr_belt_leave(struct kr_belt *belt);
