// SPDX-License-Identifier: AGPL-3.0-or-later
// clips.h: the part of a clip that a shot shows, frame by frame at the film's pace.
//
// Fitted whole into the film's frame, on its own blurred light where its shape
// is another. With the kit it is read twice: first studied, then treated. When
// the file ends early its last frame stays. Its sound is mix.c's.
// Threads: a clip belongs to one thread at a time.

#pragma once
#include "film/goeson.h"
#include "film/shotlist.h"
#include "media/frame.h"

struct kr_clip;
// `seconds`: how long it will be seen; `goes_on` is asked while it is studied.
KR_CHECK bool kr_clip_open(int fd, const struct kr_shot *shot, const struct kr_shot_list *list,
                           double seconds, const struct kr_goes_on *goes_on, struct kr_clip **out,
                           struct kr_err *err);
void kr_clip_close(struct kr_clip **clip);
// The next frame into a KR_YUV420 frame of the film's size.
KR_CHECK bool kr_clip_next(struct kr_clip *clip, struct kr_frame *out, struct kr_err *err);

// Whether there are moving pictures in a file, and how long they are from
// `from_s` to `to_s` (0: to the end). false: it is no clip, and err says why.
KR_CHECK bool kr_clip_length(int fd, double from_s, double to_s, double *seconds,
                             struct kr_err *err);
