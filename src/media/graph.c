// SPDX-License-Identifier: AGPL-3.0-or-later
#include "media/graph.h"

#include "base/text.h"
#include "media/picture_priv.h"
#include <assert.h>
#include <libavfilter/avfilter.h>
#include <libavfilter/buffersink.h>
#include <libavfilter/buffersrc.h>
#include <libavutil/channel_layout.h>
#include <math.h>

struct kr_graph {
    AVFilterGraph *graph;
    AVFilterContext *in, *out;
    AVFrame *frame;
    int rate, channels;
    int64_t pushed, pulled;
};

// None of these opens a file, a device or a socket. Sorted.
static const char *const allowed[] = {
    "acompressor", "acrossover", "adeclick",    "adeclip",    "adelay",    "adynamicequalizer",
    "aeval",       "aexciter",   "afade",       "afftdn",     "aformat",   "agate",
    "alimiter",    "allpass",    "anequalizer", "anlmdn",     "apad",      "aresample",
    "asetrate",    "asubboost",  "asubcut",     "asupercut",  "atempo",    "atrim",
    "bandpass",    "bandreject", "bass",        "compand",    "crossfeed", "deesser",
    "dynaudnorm",  "equalizer",  "extrastereo", "highpass",   "highshelf", "loudnorm",
    "lowpass",     "lowshelf",   "pan",         "speechnorm", "treble",    "volume",
};

static bool is_allowed(const char *name)
{
    for (size_t i = 0; i < KR_COUNT(allowed); i++)
        if (strcmp(allowed[i], name) == 0)
            return true;
    return false;
}

// Filters the parser made, but our two ends and the conversions FFmpeg puts between.
static bool check(const struct kr_graph *graph, struct kr_err *err)
{
    for (unsigned i = 0; i < graph->graph->nb_filters; i++) {
        const AVFilterContext *filter = graph->graph->filters[i];
        if (filter != graph->in && filter != graph->out && !is_allowed(filter->filter->name))
            return kr_fail(err, KR_E_REFUSED, "the filter '%s'", filter->filter->name);
    }
    return true;
}

// Names are looked at before any filter is made: making one may open a file.
static bool check_text(const char *chain, struct kr_err *err)
{
    bool quoted = false, at_start = true;
    for (const char *c = chain; *c; c++) {
        if (at_start) {
            char name[32];
            size_t n = strcspn(c, "=,;@[ ");
            if (n == 0 || n >= sizeof name)
                return kr_fail(err, KR_E_REFUSED, "a chain of filters that is not plain");
            memcpy(name, c, n);
            name[n] = '\0';
            if (!is_allowed(name))
                return kr_fail(err, KR_E_REFUSED, "the filter '%s'", name);
            at_start = false;
        }
        if (*c == '\\' || *c == ';' || *c == '[')
            return kr_fail(err, KR_E_REFUSED, "a chain of filters that is not plain");
        if (*c == '\'')
            quoted = !quoted;
        if (*c == ',' && !quoted)
            at_start = true;
    }
    return true;
}

static int make_ends(struct kr_graph *graph)
{
    char in[200], out[200];
    const char *layout = graph->channels == 1 ? "mono" : "stereo";
    kr_format(in, sizeof in, "time_base=1/%d:sample_rate=%d:sample_fmt=fltp:channel_layout=%s",
              graph->rate, graph->rate, layout);
    int code = avfilter_graph_create_filter(&graph->in, avfilter_get_by_name("abuffer"), "in", in,
                                            NULL, graph->graph);
    if (code < 0)
        return code;
    kr_format(out, sizeof out, "sample_fmts=fltp:sample_rates=%d:channel_layouts=%s", graph->rate,
              layout);
    code = avfilter_graph_create_filter(&graph->out, avfilter_get_by_name("abuffersink"), "out",
                                        NULL, NULL, graph->graph);
    if (code < 0)
        return code;
    // What comes out is as what goes in, whatever the chain does in between.
    AVFilterContext *plain = NULL;
    code = avfilter_graph_create_filter(&plain, avfilter_get_by_name("aformat"), "plain", out, NULL,
                                        graph->graph);
    if (code < 0)
        return code;
    return avfilter_link(plain, 0, graph->out, 0);
}

static int link_chain(struct kr_graph *graph, const char *chain)
{
    AVFilterInOut *first = avfilter_inout_alloc(), *last = avfilter_inout_alloc();
    int code = AVERROR(ENOMEM);
    if (first && last) {
        *first = (AVFilterInOut){.name = av_strdup("in"), .filter_ctx = graph->in};
        *last = (AVFilterInOut){.name = av_strdup("out"),
                                .filter_ctx = avfilter_graph_get_filter(graph->graph, "plain")};
        code = avfilter_graph_parse_ptr(graph->graph, chain, &last, &first, NULL);
    }
    avfilter_inout_free(&first);
    avfilter_inout_free(&last);
    return code;
}

static bool make(struct kr_graph *graph, const char *chain, struct kr_err *err)
{
    graph->graph = avfilter_graph_alloc();
    graph->frame = av_frame_alloc();
    if (!graph->graph || !graph->frame)
        return kr_fail(err, KR_E_TOO_BIG, "no memory for filters");
    graph->graph->nb_threads = 1;
    int code = make_ends(graph);
    if (code >= 0)
        code = link_chain(graph, chain);
    if (code >= 0 && !check(graph, err))
        return false;
    if (code >= 0)
        code = avfilter_graph_config(graph->graph, NULL);
    return code >= 0 ? true
                     : kr_fail(err, KR_E_INTERNAL, "the chain '%s' is not understood", chain);
}

bool kr_graph_open(const char *chain, int rate, int channels, struct kr_graph **out,
                   struct kr_err *err)
{
    assert(channels >= 1 && channels <= KR_CHANNELS_MOST && rate > 0);
    if (!check_text(chain, err))
        return kr_within(err, "filter sound");
    struct kr_graph *graph = kr_new(struct kr_graph);
    graph->rate = rate;
    graph->channels = channels;
    if (!make(graph, chain, err)) {
        kr_graph_close(&graph);
        return kr_within(err, "filter sound");
    }
    *out = graph;
    return true;
}

void kr_graph_close(struct kr_graph **graph)
{
    if (!*graph)
        return;
    avfilter_graph_free(&(*graph)->graph);
    av_frame_free(&(*graph)->frame);
    kr_free(graph);
}

bool kr_graph_push(struct kr_graph *graph, const struct kr_samples *samples, struct kr_err *err)
{
    assert(samples->channels == graph->channels && samples->rate == graph->rate);
    if (samples->n == 0)
        return true;
    AVFrame *frame = graph->frame;
    av_frame_unref(frame);
    frame->format = AV_SAMPLE_FMT_FLTP;
    frame->nb_samples = (int)samples->n;
    frame->sample_rate = graph->rate;
    frame->pts = graph->pushed;
    av_channel_layout_default(&frame->ch_layout, graph->channels);
    int code = av_frame_get_buffer(frame, 0);
    if (code < 0)
        return kr_fail_av(err, code, "filter sound");
    for (int c = 0; c < graph->channels; c++)
        memcpy(frame->extended_data[c], samples->channel[c], samples->n * sizeof(float));
    graph->pushed += (int64_t)samples->n;
    code = av_buffersrc_add_frame(graph->in, frame); // takes what is in it
    return code >= 0 ? true : kr_fail_av(err, code, "filter sound");
}

bool kr_graph_end(struct kr_graph *graph, struct kr_err *err)
{
    int code = av_buffersrc_add_frame(graph->in, NULL);
    return code >= 0 || code == AVERROR_EOF ? true : kr_fail_av(err, code, "filter sound");
}

bool kr_graph_pull(struct kr_graph *graph, struct kr_samples **out, struct kr_err *err)
{
    *out = NULL;
    av_frame_unref(graph->frame);
    int code = av_buffersink_get_frame(graph->out, graph->frame);
    if (code == AVERROR(EAGAIN) || code == AVERROR_EOF)
        return true;
    if (code < 0)
        return kr_fail_av(err, code, "filter sound");
    size_t n = (size_t)graph->frame->nb_samples;
    if (!kr_samples_create(graph->rate, graph->channels, n, out, err))
        return false;
    for (int c = 0; c < graph->channels; c++)
        memcpy((*out)->channel[c], graph->frame->extended_data[c], n * sizeof(float));
    (*out)->at = graph->pulled;
    graph->pulled += (int64_t)n;
    return true;
}
