// SPDX-License-Identifier: AGPL-3.0-or-later
// kit.h (inside sealed only): a clip on its way through the kit.
#pragma once
#include "media/writer.h"
#include "restore/coach.h"
#include "sealed/line.h"
#include "wall/worker.h"

struct kr_kit_work {
    struct kr_task_call *call;
    struct kr_reader *reader;
    struct kr_writer *writer;
    const struct kr_scene *scene; // NULL: none was named
    const char *frame;            // NULL: the whole picture
    const json_t *mount;          // NULL: none
    struct kr_kit_params params;
    struct kr_kit *kit;
    struct kr_coach *before, *after;
    bool writes_sound; // else it comes over as it is
    struct kr_carry_params carry;
    int64_t samples, end_us; // written; where the last frame ends
    const char *format;      // its name, and
    enum kr_container container;
    json_t *report; // of the kit
    int rehearsed;  // how often, of four at the most
};

// First pass: every frame and sample is studied, and judged as it was.
KR_CHECK bool kr_kit_work_study(struct kr_kit_work *work, struct kr_err *err);
// Decides, rehearses the sound as often as it is wanted; fills report.
KR_CHECK bool kr_kit_work_decide(struct kr_kit_work *work, struct kr_err *err);
// Second pass, into the open writer, which it finishes; judged as it became.
KR_CHECK bool kr_kit_work_treat(struct kr_kit_work *work, struct kr_err *err);
