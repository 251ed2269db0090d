// SPDX-License-Identifier: AGPL-3.0-or-later
#include "film/titles.h"

#include "film/ground.h"
#include "film/layer_priv.h"

#define BOTTOM 0.93 // of the height: where the last line ends
#define SIDE 0.07   // of the width: kept free left and right
#define SCRIM_TOP 0.62
#define SCRIM 0.5 // how much darker it is at the very bottom
#define SHADOW 0.8

struct kr_caption {
    struct layer words, small;
};

static bool set_line(const struct kr_shot_list *list, const struct kr_cue *cue, const char *text,
                     double largest, struct layer *out, struct kr_err *err)
{
    double base = kr_letter_base(list->width, list->height);
    struct kr_lettering lettering = {.text = text,
                                     .lang = list->lang,
                                     .width_px = (int)(list->width * (1 - 2 * SIDE)),
                                     .centred = cue->kind == KR_CUE_TOLD,
                                     .colour = KR_CARD,
                                     .shadow = SHADOW};
    return kr_layer_set(lettering, base * largest, base / 22, (int)(list->height * 0.3), out, err);
}

bool kr_caption_open(const struct kr_shot_list *list, const struct kr_cue *cue,
                     struct kr_caption **out, struct kr_err *err)
{
    KR_AUTO(kr_caption_close) struct kr_caption *caption = kr_new(struct kr_caption);
    int bottom = (int)(list->height * BOTTOM);
    if (cue->small && !set_line(list, cue, cue->small, 1.0 / 22, &caption->small, err))
        return false;
    if (!set_line(list, cue, cue->text, 1.0 / 18, &caption->words, err))
        return false;
    int free_px = list->width - caption->words.letters->width;
    caption->words.x = cue->kind == KR_CUE_TOLD ? free_px / 2 : (int)(list->width * SIDE);
    if (caption->small.letters) {
        bottom -= caption->small.letters->height;
        caption->small.x = caption->words.x;
        caption->small.y = bottom;
    }
    caption->words.y = bottom - caption->words.letters->height;
    *out = caption;
    caption = NULL;
    return true;
}

void kr_caption_close(struct kr_caption **caption)
{
    if (!*caption)
        return;
    kr_layer_finish(&(*caption)->words);
    kr_layer_finish(&(*caption)->small);
    kr_free(caption);
}

// Darker towards the bottom: letters read on snow as well as on a night sky.
static void scrim(struct kr_frame *onto, double opacity)
{
    for (int p = 0; p < 3; p++) {
        int rows = kr_frame_plane_height(onto, p), neutral = p ? 128 : 16;
        size_t n = kr_frame_row_bytes(onto, p);
        for (int y = (int)(rows * SCRIM_TOP); y < rows; y++) {
            double way = ((double)y / rows - SCRIM_TOP) / (1 - SCRIM_TOP);
            int keep = (int)(256 * (1 - SCRIM * opacity * way * (2 - way)) + 0.5);
            uint8_t *row = onto->plane[p] + y * onto->stride[p];
            for (size_t x = 0; x < n; x++)
                row[x] = (uint8_t)(neutral + (((row[x] - neutral) * keep + 128) >> 8));
        }
    }
}

void kr_caption_draw(const struct kr_caption *caption, double opacity, struct kr_frame *onto)
{
    scrim(onto, opacity);
    const struct layer *layers[] = {&caption->words, &caption->small};
    for (size_t i = 0; i < KR_COUNT(layers); i++)
        if (layers[i]->letters)
            kr_lay_over(layers[i]->letters, opacity, layers[i]->x, layers[i]->y, onto);
}
