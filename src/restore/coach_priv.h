// SPDX-License-Identifier: AGPL-3.0-or-later
// coach_priv.h: what the studies behind the coach have in common.
//
// Each study feeds on frames or samples and then fills its causes in a struct
// kr_found: a number, or not known. What a number costs stands in one table,
// coach_causes.c.

#pragma once
#include "media/frame.h"
#include "media/samples.h"

enum kr_part { KR_PART_SOUND, KR_PART_LIGHT, KR_PART_STEADY, KR_PARTS };

enum kr_cause {
    KR_CAUSE_NOISE,
    KR_CAUSE_CLIPPING,
    KR_CAUSE_ECHO,
    KR_CAUSE_QUIET,
    KR_CAUSE_SPEECH,
    KR_CAUSE_DARK,
    KR_CAUSE_BURNT,
    KR_CAUSE_BACKLIGHT,
    KR_CAUSE_FLICKER,
    KR_CAUSE_CAST,
    KR_CAUSE_TREMOR,
    KR_CAUSE_STEPS,
    KR_CAUSE_DRIFT,
    KR_CAUSE_PAN,
    KR_CAUSE_TILT,
    KR_CAUSE_SHORT,
    KR_CAUSES
};

struct kr_found {
    bool known[KR_CAUSES];
    double value[KR_CAUSES];   // in the unit of its row
    const char *why[KR_PARTS]; // NULL: the part can be scored
};
static inline void kr_found_set(struct kr_found *found, enum kr_cause cause, double value)
{
    found->known[cause] = true;
    found->value[cause] = value;
}

struct kr_cause_row {
    const char *name, *unit;
    enum kr_part part;
    double fine, bad; // values: costs nothing, costs all; bad may be the smaller one
    double cost;      // points, at most
};
extern const struct kr_cause_row kr_cause_rows[KR_CAUSES];
extern const char *const kr_part_names[KR_PARTS];

struct kr_advice { // one way to say it
    enum kr_cause cause;
    const char *key; // in words/
    unsigned unfit;  // bodies (enum kr_body) it asks too much of
};
extern const struct kr_advice kr_advice[];
extern const size_t kr_advice_count;
const char *kr_advice_for(enum kr_cause cause, unsigned body);

struct kr_coach_ear; // coach_sound.c
KR_CHECK bool kr_coach_ear_create(int channels, struct kr_coach_ear **out, struct kr_err *err);
void kr_coach_ear_destroy(struct kr_coach_ear **ear);
KR_CHECK bool kr_coach_hear(struct kr_coach_ear *ear, const struct kr_samples *samples,
                            struct kr_err *err);
KR_CHECK bool kr_coach_heard(const struct kr_coach_ear *ear, struct kr_found *found,
                             struct kr_err *err);

// coach_light.c. `grey` is the frame's luma, reduced; `moved` how far the camera
// went since the frame before, as part of its height.
struct kr_coach_lamp;
struct kr_coach_lamp *kr_coach_lamp_create(void);
void kr_coach_lamp_destroy(struct kr_coach_lamp **lamp);
void kr_coach_light(struct kr_coach_lamp *lamp, const struct kr_frame *frame,
                    const struct kr_frame *grey, bool cut, double moved);
void kr_coach_lit(const struct kr_coach_lamp *lamp, struct kr_found *found);

struct kr_coach_stand; // coach_steady.c
KR_CHECK bool kr_coach_stand_create(int width, int height, double fps, struct kr_coach_stand **out,
                                    struct kr_err *err); // size of the reduced frames
void kr_coach_stand_destroy(struct kr_coach_stand **stand);
// *cut: it may be that a new shot begins with this frame; a cut through which the
// camera can be followed is none (a lamp flickered). *moved as above.
void kr_coach_follow(struct kr_coach_stand *stand, const struct kr_frame *grey, bool *cut,
                     double *moved);
// What *cut and *moved were at a frame that was followed; of one that was not, a new shot.
void kr_coach_recall(const struct kr_coach_stand *stand, size_t frame, bool *cut, double *moved);
void kr_coach_followed(const struct kr_coach_stand *stand, struct kr_found *found);

// coach_tilt.c: by how many degrees the lines of a picture lean to the right, all
// the level and all the upright ones. false when there are too few to be sure.
bool kr_coach_tilt(const struct kr_frame *grey, double *degrees);
