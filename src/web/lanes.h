// SPDX-License-Identifier: AGPL-3.0-or-later
// lanes.h: where answers are written, away from the threads that speak HTTP.
//
// Two lanes of a few threads each: a quick one, and a patient one for what may
// take seconds (bringing in a file, making a thumbnail anew), so that slow work
// never stands before quick work. Threads start when there is work; each has
// its own desk. Any thread may add.

#pragma once
#include "web/house.h"

struct kr_lanes;
enum kr_lane { KR_LANE_QUICK, KR_LANE_PATIENT, KR_LANE_COUNT };

// Work is embedded in what it works on: `run` gets the very pointer that was added.
struct kr_work {
    struct kr_work *next; // the lane's
    void (*run)(struct kr_work *work, struct kr_desk *desk, bool patient);
};

struct kr_lanes *kr_lanes_create(struct kr_house *house, const int threads[KR_LANE_COUNT]);
// False, and nothing done, once the lanes are closing.
KR_CHECK bool kr_lanes_add(struct kr_lanes *lanes, enum kr_lane lane, struct kr_work *work);
// Takes no more work, finishes what was added, ends the threads, clears the desks.
// Afterwards kr_lanes_add() says false, until the lanes are destroyed.
void kr_lanes_close(struct kr_lanes *lanes);
void kr_lanes_destroy(struct kr_lanes **lanes);
