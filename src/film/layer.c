// SPDX-License-Identifier: AGPL-3.0-or-later
#include "film/layer_priv.h"

#include "film/camera.h"

bool kr_layer_set(struct kr_lettering lettering, double largest, double smallest, int height,
                  struct layer *out, struct kr_err *err)
{
    for (double size = largest;; size *= 0.88) {
        lettering.size_px = size > smallest ? size : smallest;
        struct kr_frame *letters = NULL;
        if (!kr_lettering_set(&lettering, &letters, err))
            return kr_within(err, "set words");
        if (letters->height <= height || size <= smallest) {
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
