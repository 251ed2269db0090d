// SPDX-License-Identifier: AGPL-3.0-or-later
// room.h: how loud it is while somebody speaks and while nobody does, and how long the
// room answers.
//
// Fed with the level of the voice band, slot by slot. A room lets a voice die away
// slowly: every fall by 15 dB from a loud slot, with nothing louder on the way, is timed;
// their quicker ones (30th percentile) tell the time in which it would fall by 60 dB
// (T60; blind, after Ratnam and others 2003). Memory does not grow with length.
// One thread at a time.

#pragma once
#include "base/mem.h"

struct kr_room;
struct kr_room *kr_room_create(double slot_s); // how long each slot lasts
void kr_room_destroy(struct kr_room **room);

void kr_room_add(struct kr_room *room, double dbfs);
// Slots that were not digital silence.
size_t kr_room_slots(const struct kr_room *room);
// The level, dBFS, below which this share [0,1] of them lies; -100 where there are none.
double kr_room_level(const struct kr_room *room, double share);
// False where there were too few falls to tell.
bool kr_room_dies_away(const struct kr_room *room, double *seconds);
