// SPDX-License-Identifier: AGPL-3.0-or-later
// kit.h: what a stand, a lamp and a microphone would have done, done afterwards.
//
// Two passes over a clip: study every frame and every sample, decide, then
// treat them again in the same order. Between them its sound may be wanted up to four
// times more, to be learnt and rehearsed (kr_kit_rehearses tells). Memory hardly grows
// with length: the study keeps a few numbers a frame and a tenth of a second, at most
// 50 MB for an hour at 30 frames a second. A clip that is already steady, well lit and
// clear comes out as it went in (kr_kit_decide tells).
// One thread at a time.

#pragma once
#include "base/json.h"
#include "media/frame.h"
#include "media/samples.h"
#include "restore/framing.h"
#include "restore/mount.h"

struct kr_kit_params {
    double steady, light, sound; // strengths, [0,1]; 0: not wanted
    double footage;              // of what mends old film and tape; usually not wanted
    bool keep_viewpoint;         // a walk or a ride: smooth it, never hold it still
    bool fill;                 // of what steadying cuts away, more is shown: filled from neighbours
    bool night;                // a night stays night
    struct kr_framing framing; // what is shown of it
    struct kr_mount mount;     // what carries the camera, where that was learnt
};
#define KR_KIT_DEFAULTS ((struct kr_kit_params){.steady = 0.8, .light = 0.8, .sound = 0.8})

struct kr_kit_clip {   // of the stream that is studied and treated
    int width, height; // 0: no picture
    double fps;
    int channels; // 0: no sound; the rate is KR_RATE
};

struct kr_kit;
KR_CHECK bool kr_kit_create(const struct kr_kit_params *params, const struct kr_kit_clip *clip,
                            struct kr_kit **out, struct kr_err *err);
void kr_kit_destroy(struct kr_kit **kit);

// First pass, in order. Frames are KR_YUV420 of the clip's size (KR_E_INVALID otherwise).
KR_CHECK bool kr_kit_study_frame(struct kr_kit *kit, const struct kr_frame *frame,
                                 struct kr_err *err);
KR_CHECK bool kr_kit_study_samples(struct kr_kit *kit, const struct kr_samples *samples,
                                   struct kr_err *err);
// Ends the first pass. *report (an object, handed over) tells what was measured
// and what will be done: {"steady":{…,"done":true},"light":{…},"sound":{…},
// "footage":{…}}, with the parts that are wanted; their members: steady.h, light.h,
// sound.h, footage.h.
KR_CHECK bool kr_kit_decide(struct kr_kit *kit, json_t **report, struct kr_err *err);

// After decide: is the clip's sound wanted once more before it is treated? Then
// rehearse all its samples in order, settle, which adds to the report, and ask again.
bool kr_kit_rehearses(const struct kr_kit *kit);
KR_CHECK bool kr_kit_rehearse_samples(struct kr_kit *kit, const struct kr_samples *samples,
                                      struct kr_err *err);
KR_CHECK bool kr_kit_settle(struct kr_kit *kit, json_t *report, struct kr_err *err);

// Second pass. Push a frame, then pull until *out is NULL; after the last push end, and
// pull again. As many come out as went in, with their times. *out is the caller's,
// to be destroyed before the kit is.
KR_CHECK bool kr_kit_push_frame(struct kr_kit *kit, const struct kr_frame *in, struct kr_err *err);
void kr_kit_end_frames(struct kr_kit *kit);
KR_CHECK bool kr_kit_pull_frame(struct kr_kit *kit, struct kr_frame **out, struct kr_err *err);
// Sound may come out later than it goes in: push, then pull until NULL; after
// the last push call kr_kit_end_samples and pull again. As many samples come
// out as went in, at the same times. Without the sound step they pass through.
KR_CHECK bool kr_kit_push_samples(struct kr_kit *kit, const struct kr_samples *in,
                                  struct kr_err *err);
KR_CHECK bool kr_kit_end_samples(struct kr_kit *kit, struct kr_err *err);
KR_CHECK bool kr_kit_pull_samples(struct kr_kit *kit, struct kr_samples **out, struct kr_err *err);
