// SPDX-License-Identifier: AGPL-3.0-or-later
// sound_chain.h: everything that is done to a clip's sound before its level.
//
// Cut tops drawn again, hum and rumble out, the room's late answer out, steady noise down, the
// voice left: whatever the plan names, in this order, in one go. Where music is, where nobody
// speaks, and where a sound stands so far above the floor that nobody hears a noise beside it (a
// laugh, a shout, a firecracker, but a loud vowel too), the last two are blended away; and where
// no net is asked, no more is taken than the noise there is. Runs the same way in the rehearsal and
// in the treatment, so that what was measured in the one holds in the other.

#pragma once
#include "media/samples.h"
#include "restore/declip.h"
#include "restore/kinds.h"
#include "restore/spoken.h"
#include "restore/wpe.h"

struct kr_sound_plan {
    uint64_t length;            // samples in the clip
    struct kr_clip_rails rails; // where it was cut off; {0}: it was not
    double hum_hz;              // 0: there is none
    bool cuts_low;
    const struct kr_wpe_filter *late; // what the room is known to answer; NULL: nothing; borrowed
    double late_part;                 // [0,1] how much of it is taken out
    double cut_db;                    // how far steady noise is brought down; 0: not
    const float *noise;               // its power in each frequency (floor.h); borrowed
    double floor_db;                  // dBFS of the place's noise, all frequencies together
    double taken_db;                  // dBFS of the most that may be taken where no net is asked
    double voice;                     // [0,1] how much of rnnoise's answer is taken; 0: none
    const struct kr_kinds *kinds;     // where music is; borrowed
    bool is_music;                    // much of it is: then it is left by whole pieces
    const struct kr_spoken *spoken;   // where somebody speaks; NULL: not known yet; borrowed
    bool steady; // the noise is: it may be taken where nobody speaks too, between other sounds
};

struct kr_sound_chain;
// The plan is copied; what it borrows must outlive the chain.
struct kr_sound_chain *kr_sound_chain_create(int channels, const struct kr_sound_plan *plan);
void kr_sound_chain_destroy(struct kr_sound_chain **chain);
// How many samples later what goes in comes out.
size_t kr_sound_chain_delay(const struct kr_sound_chain *chain);
// Where somebody spoke in what has run, handed over; NULL where no net was asked.
struct kr_spoken *kr_sound_chain_take_spoken(struct kr_sound_chain *chain);
// The share [0,1] of the power that was taken out as the room's late answer, so far.
double kr_sound_chain_answered(const struct kr_sound_chain *chain);
// n samples of each channel in place.
void kr_sound_chain_run(struct kr_sound_chain *chain, float *const channel[], size_t n);
