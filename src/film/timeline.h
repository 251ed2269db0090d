// SPDX-License-Identifier: AGPL-3.0-or-later
// timeline.h: when each shot begins and ends, to the frame and to the sample.
//
// Shots stand one behind the other: shot i is `told` from `start` to `end`, and
// the next begins at its end. A cross-fade lies half on either side of a border,
// so a shot is seen a little earlier and longer: in [from, to). A clip is seen
// exactly as long as its part; its fades lie inside it. Pure and whole-numbered:
// the same list gives the same film.

#pragma once
#include "film/shotlist.h"

enum { KR_FILM_HOURS_MOST = 4 };

// What only the media themselves can tell.
struct kr_shot_facts {
    bool is_clip;
    double clip_s;      // of the part from in_s to the clip's end or out_s
    double narration_s; // of the recording; 0: none
};

struct kr_span {
    int64_t start, end; // frames: told
    int64_t from, to;   // frames: seen
    int64_t fade_in;    // frames of the cross-fade at `from`, 0 for the first shot
    int64_t fade_out;
    int64_t voice_at, voice_end; // samples at KR_RATE: the narration; equal: none
    bool voice_cut;              // another narration takes over before this one ended
};

struct kr_timeline {
    struct kr_span *spans; // one for each shot
    size_t count;
    int64_t frames; // of the whole film
    int fps;
};

// `facts` has one for each shot. KR_E_TOO_BIG for a film of more than KR_FILM_HOURS_MOST.
KR_CHECK bool kr_timeline_make(struct kr_arena *mem, const struct kr_shot_list *list,
                               const struct kr_shot_facts *facts, struct kr_timeline *out,
                               struct kr_err *err);

// Frames and samples, rounded to the nearest; the index of a frame's first sample.
int64_t kr_frames_of(double seconds, int fps);
int64_t kr_sample_of_frame(int64_t frame, int fps);
int64_t kr_ms_of_frame(int64_t frame, int fps);
