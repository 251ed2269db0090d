// SPDX-License-Identifier: AGPL-3.0-or-later
// coach.h: how a clip is heard, lit and held, and what to do better next time.
//
// One pass over the frames and samples of a clip. What was measured is told as
// causes, each with its number and with what it costs; sound, light and
// steadiness begin at 100 points each and never fall below 0. Then at most
// three pieces of advice, in the order of what would help most, none of which
// asks of a body what that body cannot do. What cannot be told is not scored:
// a clip without sound, a dark wall on which no camera can be followed.
// Keeps 16 bytes for a frame: 2 MB for an hour at 30 frames a second.
// One thread at a time.

#pragma once
#include "restore/kit.h"
#include "restore/scenes.h"

enum kr_body {             // what advice may not ask for; bits
    KR_BODY_NO_ELBOWS = 1, // cannot rest them on anything
    KR_BODY_ONE_HAND = 2,  // holds with one hand
    KR_BODY_ROLLS = 4,     // in a wheelchair: does not stand or walk
    KR_BODY_EVERY = 7,
};
// "rolls,no-elbows" as bits; KR_E_INVALID for a word that is not known. NULL is 0.
KR_CHECK bool kr_body_parse(const char *list, unsigned *out, struct kr_err *err);
// ["no-elbows","one-hand","rolls"]: the words themselves, handed over.
json_t *kr_bodies_new_json(void);
// [{"cause":"tremor","key":"coach.advice.tremor","unfit":["no-elbows","one-hand"]},…]: every way
// to say something, handed over. Of one cause the first that no word of a body is unfit for is
// said.
json_t *kr_advice_new_json(void);

struct kr_coach;
KR_CHECK bool kr_coach_create(const struct kr_kit_clip *clip, struct kr_coach **out,
                              struct kr_err *err);
void kr_coach_destroy(struct kr_coach **coach);

// In order. Frames are KR_YUV420 of the clip's size, samples have its channels
// (KR_E_INVALID otherwise); samples that are no numbers count as silence.
KR_CHECK bool kr_coach_frame(struct kr_coach *coach, const struct kr_frame *frame,
                             struct kr_err *err);
KR_CHECK bool kr_coach_samples(struct kr_coach *coach, const struct kr_samples *samples,
                               struct kr_err *err);

// The camera of `coach` stood and went as that of `like`, which has seen as many frames of the same
// clip: it is not followed again, which is most of the work. Before the first frame; `like` stays
// the caller's, and outlives `coach`.
void kr_coach_follow_like(struct kr_coach *coach, const struct kr_coach *like);

// What was seen and heard so far; *out is an object, handed over. `scene` (NULL: any) weighs the
// three; `body` is of enum kr_body. Keys are of words/.
// {"sound":{"score":62,"causes":[{"cause":"noise","value":9.1,"unit":"dB","cost":38}]},
//  "light":{…},"steady":{…},"worst":"sound",
//  "advice":[{"key":"coach.advice.noise","cause":"noise"}]}
// A part without a score has "why" instead: "none" (the clip has no such part),
// "silent" (its sound track is empty), "unseen" (the camera cannot be followed).
// "worst" is missing where no part lost a point.
KR_CHECK bool kr_coach_judge(const struct kr_coach *coach, const struct kr_scene *scene,
                             unsigned body, json_t **out, struct kr_err *err);
