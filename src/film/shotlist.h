// SPDX-License-Identifier: AGPL-3.0-or-later
// shotlist.h: the shot list as it came across the wall, checked and in plain structs.
//
// The list was made by story/ from a stranger's file, and a broken or hostile
// asker could send anything: so every number has its range here again, and media
// numbers lie inside what was handed over. docs/formats/story.md describes it.

#pragma once
#include "base/json.h"
#include "restore/kit.h"

enum {
    KR_SHOTS_MOST = 600,
    KR_SHOT_LINES_MOST = 128,
    KR_SHOT_TEXT_MOST = 64 * 1024,
};

enum kr_shot_kind { KR_SHOT_TITLE, KR_SHOT_MEDIA, KR_SHOT_TEXT, KR_SHOT_END };

struct kr_shot {
    enum kr_shot_kind kind;
    const char *text, *small; // of a card; small also of a caption; may be NULL
    const char *caption, *narration_text, *chapter; // may be NULL
    const char **lines;                             // of the end card
    size_t line_count;
    int media, narration;           // numbers of media; -1: none
    double in_s, out_s, duration_s; // 0: not told
    double still_s;                 // [0.1, 600]
    double volume;                  // [0, 2]
    double from[4], to[4];          // x, y, w, h as fractions of the picture
    bool has_kit;
    struct kr_kit_params kit;
};

struct kr_shot_list {
    const char *title, *lang;
    int width, height; // px, even
    int fps;
    double fade_s; // [0, 5]
    bool paper;    // ground of paper instead of blur
    struct kr_shot *shots;
    size_t shot_count;
    int music; // number of a medium; -1: none
    double music_volume;
};

// The list lives in `mem`. KR_E_INVALID with the shot's number.
KR_CHECK bool kr_shot_list_read(struct kr_arena *mem, const json_t *json, size_t media_count,
                                struct kr_shot_list *out, struct kr_err *err);
