// SPDX-License-Identifier: AGPL-3.0-or-later
#include "film/titles.h"

#include "base/words.h"
#include "film/ground.h"
#include "film/layer_priv.h"
#include "film/yuv.h"
#include <assert.h>

enum { LAYERS_MOST = KR_SHOT_LINES_MOST + 4, END_ROWS = 7 };
#define FADE_S 0.6
#define SIDE 0.1      // of the width: kept free left and right
#define SMALLEST 22.0 // of the height: the smallest letters

// What a card is set with.
struct setting {
    const struct kr_shot_list *list;
    size_t number; // of the shot
    const struct kr_shot *shot;
    const struct kr_span *span;
    const struct kr_cues *cues;
    struct kr_card *card;
    double base;
    int width_px;
};

struct kr_card {
    struct setting set;
    struct kr_frame *ground;
    struct layer layers[LAYERS_MOST];
    size_t count;
    int64_t fade;
    size_t page; // the cue that is set on a card with words; SIZE_MAX: none yet
};

// Adds centred words with their top at `y`; *bottom is where they end. `height` is the most.
static bool add_words(const struct setting *set, const char *text, double largest, uint32_t colour,
                      int height, struct layer *times, int *bottom, struct kr_err *err)
{
    struct kr_card *card = set->card;
    assert(card->count < LAYERS_MOST);
    struct layer layer = *times;
    struct kr_lettering lettering = {.text = text,
                                     .lang = set->list->lang,
                                     .serif = true,
                                     .width_px = set->width_px,
                                     .centred = true,
                                     .colour = colour};
    if (!kr_layer_set(lettering, set->base / largest, set->base / SMALLEST, height, &layer, err))
        return false;
    layer.x = (set->list->width - layer.letters->width) / 2;
    card->layers[card->count++] = layer;
    *bottom = layer.y + layer.letters->height;
    return true;
}

static void add_rule(const struct setting *set, int y)
{
    int width = (int)(set->base / 7), height = (int)(set->base / 240) + 1;
    kr_yuv_rect(set->card->ground, (set->list->width - width) / 2, y, width, 2 * height, KR_SEAL);
}

// A name seal: its characters under one another, paper on vermilion, low on the right.
static bool add_seal(const struct setting *set, struct kr_err *err)
{
    KR_AUTO(kr_buf_finish) struct kr_buf column = {0};
    for (const char *at = kr_word(KR_ZH, "film.seal"); *at;) {
        size_t n = 1;
        while (((unsigned char)at[n] & 0xc0) == 0x80)
            n++;
        kr_buf_add(&column, at, n);
        at += n;
        if (*at)
            kr_buf_text(&column, "\n");
    }
    struct layer layer = {0};
    double size = set->base / 20;
    struct kr_lettering lettering = {.text = column.at,
                                     .lang = "zh-CN",
                                     .serif = true,
                                     .bold = true,
                                     .width_px = (int)(size * 4),
                                     .centred = true,
                                     .colour = KR_CARD};
    if (!kr_layer_set(lettering, size, size, set->list->height, &layer, err))
        return false;
    int pad = (int)(size * 0.28), w = layer.letters->width, h = layer.letters->height;
    int x = (int)(set->list->width * (1 - 0.08)) - w - pad;
    int y = (int)(set->list->height * (1 - 0.09)) - h - pad;
    kr_yuv_rect(set->card->ground, x - pad, y - pad, w + 2 * pad, h + 2 * pad, KR_SEAL);
    kr_lay_over(layer.letters, 1, x, y, set->card->ground);
    kr_layer_finish(&layer);
    return true;
}

static void forget_layers(struct kr_card *card)
{
    for (size_t i = 0; i < card->count; i++)
        kr_layer_finish(&card->layers[i]);
    card->count = 0;
}

// Moves all layers so that what they fill, from 0 to `bottom`, lies around `middle`.
static int centre(struct kr_card *card, int bottom, double middle)
{
    int shift = (int)middle - bottom / 2;
    for (size_t i = 0; i < card->count; i++)
        card->layers[i].y += shift;
    return shift;
}

static bool set_title(const struct setting *set, struct kr_err *err)
{
    int height = set->list->height, bottom = 0, rule;
    struct layer times = {.from = set->span->from, .to = INT64_MAX};
    if (!add_words(set, set->shot->text, 9, KR_INK, height * 5 / 10, &times, &bottom, err))
        return false;
    rule = bottom + height / 36;
    bottom = rule + height / 100;
    if (set->shot->small) {
        times.y = bottom + height / 30;
        if (!add_words(set, set->shot->small, 20, KR_QUIET, height / 4, &times, &bottom, err))
            return false;
    }
    add_rule(set, rule + centre(set->card, bottom, height * 0.47));
    return add_seal(set, err);
}

// The page of words that is read at a frame; the first is there when the card
// comes, the last when it goes. Only one is kept set: there may be many.
static bool set_page(struct kr_card *card, int64_t at, struct kr_err *err)
{
    const struct setting *set = &card->set;
    size_t now = SIZE_MAX;
    for (size_t i = 0; i < set->cues->count; i++) {
        const struct kr_cue *cue = &set->cues->cues[i];
        if (cue->shot == set->number && cue->kind == KR_CUE_CARD &&
            (now == SIZE_MAX || cue->from <= at))
            now = i;
    }
    if (now == SIZE_MAX || now == card->page)
        return true;
    const struct kr_cue *cue = &set->cues->cues[now];
    struct layer times = {.from = cue->from, .to = cue->to};
    if (cue->from == set->span->start)
        times.from = set->span->from;
    if (cue->to == set->span->end)
        times.to = INT64_MAX;
    int bottom = 0;
    forget_layers(card);
    if (!add_words(set, cue->text, 15, KR_INK, set->list->height * 7 / 10, &times, &bottom, err))
        return false;
    centre(card, bottom, set->list->height * 0.48);
    card->page = now;
    return true;
}

// How many rows a line of the end card takes when it is wrapped; rounded up.
static int rows_of(const struct setting *set, const char *line)
{
    int in_row = (int)(2 * set->width_px * SMALLEST / set->base);
    return kr_text_width(line) / (in_row > 1 ? in_row : 1) + 1;
}

struct end_page {
    size_t first, n;
};

static size_t pages_of_end(const struct setting *set, struct end_page pages[LAYERS_MOST])
{
    size_t count = 0;
    int rows = 0;
    for (size_t i = 0; i < set->shot->line_count; i++) {
        int more = rows_of(set, set->shot->lines[i]);
        if (count == 0 || rows + more > END_ROWS) {
            pages[count++] = (struct end_page){i, 0};
            rows = 0;
        }
        rows += more;
        pages[count - 1].n++;
    }
    return count;
}

static bool set_lines(const struct setting *set, int top, struct kr_err *err)
{
    struct end_page pages[LAYERS_MOST];
    size_t count = pages_of_end(set, pages);
    int64_t from = set->span->start, length = set->span->end - set->span->start;
    for (size_t i = 0; i < count; i++) {
        KR_AUTO(kr_buf_finish) struct kr_buf text = {0};
        for (size_t k = 0; k < pages[i].n; k++)
            kr_buf_format(&text, "%s%s", k ? "\n" : "", set->shot->lines[pages[i].first + k]);
        int bottom = 0;
        struct layer times = {.y = top};
        times.from = i ? from + length * (int64_t)i / (int64_t)count : set->span->from;
        times.to = i + 1 < count ? from + length * (int64_t)(i + 1) / (int64_t)count : INT64_MAX;
        if (!add_words(set, text.at, SMALLEST, KR_INK, set->list->height / 2, &times, &bottom, err))
            return false;
    }
    return true;
}

static bool set_end(const struct setting *set, struct kr_err *err)
{
    int height = set->list->height, bottom = 0;
    struct layer times = {.from = set->span->from, .to = INT64_MAX};
    bool alone = set->shot->line_count == 0;
    if (!add_words(set, set->shot->text, 15, KR_INK, height / 5, &times, &bottom, err))
        return false;
    if (set->shot->small) {
        times.y = bottom + height / 60;
        if (!add_words(set, set->shot->small, SMALLEST, KR_QUIET, height / 8, &times, &bottom, err))
            return false;
    }
    // Alone in the middle, else above the lines.
    int shift = centre(set->card, bottom, alone ? height * 0.45 : height * 0.26);
    add_rule(set, bottom + shift + height / 40);
    return (alone || set_lines(set, bottom + shift + height / 12, err)) && add_seal(set, err);
}

bool kr_card_open(const struct kr_shot_list *list, size_t shot, const struct kr_span *span,
                  const struct kr_cues *cues, struct kr_card **out, struct kr_err *err)
{
    KR_AUTO(kr_card_close) struct kr_card *card = kr_new(struct kr_card);
    card->set = (struct setting){.list = list,
                                 .number = shot,
                                 .shot = &list->shots[shot],
                                 .span = span,
                                 .cues = cues,
                                 .card = card,
                                 .base = kr_letter_base(list->width, list->height),
                                 .width_px = (int)(list->width * (1 - 2 * SIDE))};
    card->fade = kr_frames_of(FADE_S, list->fps) + 1;
    card->page = SIZE_MAX;
    if (!kr_frame_create(KR_YUV420, list->width, list->height, &card->ground, err))
        return false;
    kr_yuv_fill(card->ground, KR_PAPER);
    enum kr_shot_kind kind = card->set.shot->kind;
    if ((kind == KR_SHOT_TITLE && !set_title(&card->set, err)) ||
        (kind == KR_SHOT_END && !set_end(&card->set, err)))
        return kr_within(err, "set a card");
    *out = card;
    card = NULL;
    return true;
}

void kr_card_close(struct kr_card **card)
{
    if (!*card)
        return;
    forget_layers(*card);
    kr_frame_destroy(&(*card)->ground);
    kr_free(card);
}

bool kr_card_frame(struct kr_card *card, int64_t at, struct kr_frame *out, struct kr_err *err)
{
    if (card->set.shot->kind == KR_SHOT_TEXT && !set_page(card, at, err))
        return kr_within(err, "set a card");
    kr_frame_copy(card->ground, out);
    for (size_t i = 0; i < card->count; i++) {
        const struct layer *layer = &card->layers[i];
        double opacity = kr_layer_opacity(layer, at, card->fade);
        if (opacity > 0)
            kr_lay_over(layer->letters, opacity, layer->x, layer->y, out);
    }
    return true;
}
