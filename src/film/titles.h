// SPDX-License-Identifier: AGPL-3.0-or-later
// titles.h: words in the film: cards of paper, and captions low in the picture.
//
// A card is paper with ink, a short line of vermilion and the seal of the
// house, like the first page of an album. A caption stands in the lower third
// over a soft darkening, so that it reads on any picture. No letters are smaller
// than 1/22 of the frame's height, none come nearer to its edge than 5 %.
// Threads: a card and a caption belong to one thread at a time.

#pragma once
#include "film/cues.h"
#include "media/frame.h"

// A card: the title, words, or the end.
struct kr_card;
// Everything is borrowed until the card is closed.
KR_CHECK bool kr_card_open(const struct kr_shot_list *list, size_t shot, const struct kr_span *span,
                           const struct kr_cues *cues, struct kr_card **out, struct kr_err *err);
void kr_card_close(struct kr_card **card);
// Film frame `at` of it into a KR_YUV420 frame of the film's size.
KR_CHECK bool kr_card_frame(struct kr_card *card, int64_t at, struct kr_frame *out,
                            struct kr_err *err);

// The words of one cue over the picture.
struct kr_caption;
KR_CHECK bool kr_caption_open(const struct kr_shot_list *list, const struct kr_cue *cue,
                              struct kr_caption **out, struct kr_err *err);
void kr_caption_close(struct kr_caption **caption);
void kr_caption_draw(const struct kr_caption *caption, double opacity, struct kr_frame *onto);
