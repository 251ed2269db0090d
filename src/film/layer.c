// SPDX-License-Identifier: AGPL-3.0-or-later
#include "film/layer_priv.h"

#include "film/camera.h"

// Narrower lines, as long as there are no more of them: then they are much the
// same length, and no last word stands alone. Replaces *letters.
static bool even_out(struct kr_lettering lettering, struct kr_frame **letters, struct kr_err *err)
{
    int narrow = lettering.width_px / 2, wide = (*letters)->width;
    while (wide - narrow > lettering.size_px / 2) {
        struct kr_frame *tried = NULL;
        lettering.width_px = (narrow + wide) / 2;
        if (!kr_lettering_set(&lettering, &tried, err))
            return false;
        if (tried->height > (*letters)->height) {
            narrow = lettering.width_px;
            kr_frame_destroy(&tried);
            continue;
        }
        wide = lettering.width_px;
        kr_frame_destroy(letters);
        *letters = tried;
    }
    return true;
}

bool kr_layer_set(struct kr_lettering lettering, double largest, double smallest, int height,
                  struct layer *out, struct kr_err *err)
{
    for (double size = largest;; size *= 0.88) {
        lettering.size_px = size > smallest ? size : smallest;
        struct kr_frame *letters = NULL;
        if (!kr_lettering_set(&lettering, &letters, err))
            return kr_within(err, "set words");
        if (letters->height <= height || size <= smallest) {
            if (!even_out(lettering, &letters, err)) {
                kr_frame_destroy(&letters);
                return kr_within(err, "set words");
            }
            out->letters = letters;
            return true;
        }
        kr_frame_destroy(&letters);
    }
}

void kr_layer_finish(struct layer *layer)
{
    kr_frame_destroy(&layer->letters);
}

double kr_layer_opacity(const struct layer *layer, int64_t at, int64_t fade)
{
    if (at < layer->from || at >= layer->to)
        return 0;
    int64_t in = at - layer->from + 1, out = layer->to - at;
    int64_t near = in < out ? in : out;
    return near >= fade ? 1 : kr_ease((double)near / (double)fade);
}

double kr_letter_base(int width, int height)
{
    double narrow = width * 0.75;
    return height < narrow ? height : narrow;
}
