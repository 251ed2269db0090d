// SPDX-License-Identifier: AGPL-3.0-or-later
// stage_priv.h: the film's pictures, frame by frame; within film/ only.
//
// At most two shots are on stage at once (during a cross-fade); each is opened
// when it is first seen and closed when it has been.
#pragma once
#include "film/cues.h"
#include "film/goeson.h"
#include "media/frame.h"

struct stage;
// Everything is borrowed until the stage is closed.
struct stage_params {
    const struct kr_shot_list *list;
    const struct kr_shot_facts *facts;
    const struct kr_timeline *line;
    const struct kr_cues *cues;
    const int *fds;
    struct kr_goes_on goes_on; // asked while a clip is studied
};
KR_CHECK bool kr_stage_open(const struct stage_params *params, struct stage **out,
                            struct kr_err *err);
void kr_stage_close(struct stage **stage);
// Frame `at`; asked in order from 0. Without its captions.
KR_CHECK bool kr_stage_frame(struct stage *stage, int64_t at, struct kr_frame *out,
                             struct kr_err *err);
// Lays the captions of frame `at` over it.
KR_CHECK bool kr_stage_words(struct stage *stage, int64_t at, struct kr_frame *out,
                             struct kr_err *err);
