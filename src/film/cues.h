// SPDX-License-Identifier: AGPL-3.0-or-later
// cues.h: which words stand in the picture when, and in the side file of captions.
//
// Words that are too many for one look become pages, broken after a sentence
// where one ends, else after a comma, else between words; each page stays in
// proportion to what there is to read. A width counts a Chinese character as
// two and a letter as one, so that both languages fill a line alike.

#pragma once
#include "film/timeline.h"

enum {
    KR_PAGE_WIDTH = 84,  // of a caption: two lines of 21 Chinese characters
    KR_CARD_WIDTH = 260, // of a card with words
    KR_PAGES_MOST = 4096,
};

enum kr_cue_kind {
    KR_CUE_CAPTION, // words about the picture, with the small line under the last page
    KR_CUE_TOLD,    // words of a narration that nobody recorded: shown
    KR_CUE_VOICE,   // words of a recording: only in the side file
    KR_CUE_CARD,    // words of a card: only in the side file
};

struct kr_cue {
    enum kr_cue_kind kind;
    const char *text, *small; // small may be NULL
    int64_t from, to;         // frames
    size_t shot;
};

struct kr_cues {
    struct kr_cue *cues; // in the order of their beginnings
    size_t count;
};

KR_CHECK bool kr_cues_make(struct kr_arena *mem, const struct kr_shot_list *list,
                           const struct kr_timeline *line, struct kr_cues *out, struct kr_err *err);

// Breaks a text into pages of at most `width`; blank pages are left out.
KR_CHECK bool kr_pages_of(struct kr_arena *mem, const char *text, int width, const char ***pages,
                          size_t *count, struct kr_err *err);
// The width of a text in one line: a Chinese character counts as two.
int kr_text_width(const char *text);
