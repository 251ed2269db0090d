// SPDX-License-Identifier: AGPL-3.0-or-later
// story.h: what a family wants to tell, as one small file: a title, beats, music.
//
// A story file is JSON, written by hand or by the story desk; docs/formats/story.md
// is its full description. Reading one checks everything a stranger chose and
// says in one sentence what is wrong and where ("beat 3: 'duration' must be 0.5
// to 600 seconds"). A member nobody knows is refused by its name, so that a slip
// of the pen is not silently lost; names that start with "x-" are free for others.
// Pure: no files are touched, nothing is decoded. Threads: no state.

#pragma once
#include "base/json.h"

enum {
    KR_STORY_MOST = 1 << 20,   // bytes of a story file
    KR_STORY_BEATS = 500,      // beats of a story
    KR_STORY_TEXT = 64 * 1024, // bytes of one text
    KR_STORY_TITLE = 1024,     // bytes of titles, dates, places, credits
    KR_STORY_CREDITS = 100,    // lines of credits
    KR_STORY_FACES = 32,       // faces named in one beat
    KR_STORY_SAYERS = 32,      // and persons whose words are in it
    KR_STORY_REFERENCE = 1024, // bytes of a media reference
};
#define KR_STORY_BEAT_LEAST 0.5 // seconds
#define KR_STORY_BEAT_MOST 600.0

struct kr_rect { // fractions of the picture: [0,1]
    double x, y, w, h;
};

struct kr_story_kit { // what the kit shall do to a clip
    bool wanted, steady, light, sound, keep_viewpoint;
    double strength; // [0,1]
};

enum kr_move {
    KR_MOVE_GENTLE, // none was told: a slow one is chosen
    KR_MOVE_NONE,   // "move": false
    KR_MOVE_TOLD,
};

// What a small line at the lower edge tells of its years. A mark or a card is looked up in
// the archive (story/years.h), which then fills in the text.
struct kr_story_era {
    const char *text; // "1978 · 永久牌自行车"; NULL: not told, or still to be looked up
    const char *mark; // the id of the claim of a mark, or NULL
    const char *card; // the id of an era card, or NULL
};

// Texts are inside text; a text that was not told is NULL, a time 0.
struct kr_beat {
    const char *media; // a reference: a path below the story's folder, or an item id
    const char *text;  // a card with words; then there is no media
    const char *caption, *date, *place, *chapter;
    const char *narration;      // a reference to a recording
    const char *narration_text; // its words; without a recording they are shown
    struct kr_story_era era;    // the years around it
    double in_s, out_s;         // the part of a clip
    double duration_s;
    double volume; // [0,2] of a clip's own sound
    enum kr_move move;
    struct kr_rect from, to; // of KR_MOVE_TOLD
    struct kr_story_kit kit;
    struct kr_rect face[KR_STORY_FACES];
    size_t face_count;
};

struct kr_story_music {
    const char *media, *licence; // NULL: no music
    const char *title, *author;  // may be NULL
    double volume;               // [0,2]
};

enum kr_ground {
    KR_GROUND_BLUR,  // a picture of another shape lies on a blurred enlargement of itself
    KR_GROUND_PAPER, // ... or on paper
};

struct kr_story {
    const char *title, *lang;            // lang is a BCP 47 tag
    const char *subtitle, *date, *place; // may be NULL
    struct kr_beat *beats;
    size_t beat_count;
    struct kr_story_music music;
    const char **credits;
    size_t credit_count;
    enum kr_ground ground;
};

// Reads a story from its JSON; it lives in `mem`. KR_E_INVALID with a sentence. What beats
// tell of their years may still have to be looked up.
KR_CHECK bool kr_story_of_json(struct kr_arena *mem, const json_t *json, struct kr_story *out,
                               struct kr_err *err);
// The same from the bytes of a story file; KR_E_TOO_BIG over KR_STORY_MOST. Nothing can be
// looked up for a file: what its beats tell of their years needs its text.
KR_CHECK bool kr_story_parse(struct kr_arena *mem, struct kr_str text, struct kr_story *out,
                             struct kr_err *err);
