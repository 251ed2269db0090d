// SPDX-License-Identifier: AGPL-3.0-or-later
// regions.h: frames that a person draws on a picture, moves and takes back.
//
// A frame is a claim, `region`, whoever says it: a file or a person; who it shows is another
// (kr_region_is). Nothing is framed or named by a machine. Each call is one transaction and the
// text mirror.

#pragma once
#include "archive/persons.h"

struct kr_frame {
    double x, y, w, h; // fractions of the picture as displayed, from its top left; inside it
};

// A new frame of a kind (face, pet, focus, other); `name` is what it is called, or "". Tells the
// id of its claim; said before, it is not said again. KR_E_INVALID where it is no frame.
KR_CHECK bool kr_frame_add(struct kr_store *store, const char *item, const struct kr_frame *frame,
                           const char *kind, const char *name, const char *who, double certain,
                           char out[static KR_UUID_TEXT], struct kr_err *err);
// The same frame in another place: a new claim for an old one that is taken back, whoever said
// it. It shows whom it showed.
KR_CHECK bool kr_frame_move(struct kr_store *store, const char *item, const char *region,
                            const struct kr_frame *frame, const char *who, double certain,
                            char out[static KR_UUID_TEXT], struct kr_err *err);
// There is nothing there after all: everybody who said this very frame is taken back.
KR_CHECK bool kr_frame_drop(struct kr_store *store, const char *item, const char *region,
                            const char *who, struct kr_err *err);
// "0.1,0.2,0.3,0.4"; KR_E_INVALID for anything else. Whether it lies inside is asked later.
KR_CHECK bool kr_frame_read(const char *text, struct kr_frame *out, struct kr_err *err);
// The part of a picture that somebody asks about or marks: copies `region` of `from` into `out`,
// to six digits, where there is one. KR_E_INVALID unless it is x, y, w and h from 0 to 1, inside
// the picture and large enough to be seen.
KR_CHECK bool kr_region_read(const json_t *from, json_t *out, struct kr_err *err);
