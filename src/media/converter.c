// SPDX-License-Identifier: AGPL-3.0-or-later
#include "media/converter_priv.h"

#include <libavutil/channel_layout.h>
#include <stdbool.h>

int kr_layout_told(const AVChannelLayout *is, AVChannelLayout *out)
{
    if (is->order != AV_CHANNEL_ORDER_UNSPEC)
        return av_channel_layout_copy(out, is);
    av_channel_layout_default(out, is->nb_channels);
    return 0;
}

static bool is_made_for(const struct kr_converter *converter, const AVFrame *frame)
{
    return converter->swr && converter->made_for.rate == frame->sample_rate &&
           converter->made_for.format == frame->format &&
           converter->made_for.channels == frame->ch_layout.nb_channels;
}

int kr_converter_fit(struct kr_converter *converter, const AVFrame *frame,
                     const struct kr_converted *to)
{
    if (is_made_for(converter, frame))
        return 0;
    swr_free(&converter->swr);
    AVChannelLayout in = {0};
    int code = kr_layout_told(&frame->ch_layout, &in);
    if (code >= 0)
        code = swr_alloc_set_opts2(&converter->swr, to->layout, to->format, to->rate, &in,
                                   frame->format, frame->sample_rate, 0, NULL);
    if (code >= 0)
        code = swr_init(converter->swr);
    av_channel_layout_uninit(&in);
    if (code < 0)
        swr_free(&converter->swr);
    converter->made_for.rate = frame->sample_rate;
    converter->made_for.format = frame->format;
    converter->made_for.channels = frame->ch_layout.nb_channels;
    return code;
}

void kr_converter_finish(struct kr_converter *converter)
{
    swr_free(&converter->swr);
}
