// SPDX-License-Identifier: AGPL-3.0-or-later
#include "media/fields.h"

#include "base/text.h"
#include "media/demux_priv.h"
#include "media/picture_priv.h"
#include <libavfilter/avfilter.h>
#include <libavfilter/buffersink.h>
#include <libavfilter/buffersrc.h>
#include <math.h>
#include <stdlib.h>

enum { FRAMES_MOST = 240, PACKETS_MOST = 8192 };
enum { SURE_LEAST = 8 };                  // frames that show it: fewer tell nothing
static const double woven_least = 0.1;    // of those frames that tell anything
static const double repeated_least = 0.2; // fields shown twice: two in five in a pulldown
static const double fps_most = 31;
static const double pulldown_fps = 29.97, pulldown_within = 0.5;

struct count { // of frames so far, as idet tells with each
    double top, bottom, progressive, repeated;
};

struct eye {
    struct kr_demux demux;
    AVCodecContext *codec;
    AVPacket *packet;
    AVFrame *frame;
    AVFilterGraph *graph;
    AVFilterContext *in, *out;
    int width, height, format; // of the graph
    int seen;
    struct count count;
};

static void close_eye(struct eye *eye)
{
    avfilter_graph_free(&eye->graph);
    av_frame_free(&eye->frame);
    av_packet_free(&eye->packet);
    avcodec_free_context(&eye->codec);
    kr_demux_close(&eye->demux);
}

static int make_graph(struct eye *eye, const AVFrame *frame)
{
    eye->graph = avfilter_graph_alloc();
    if (!eye->graph)
        return AVERROR(ENOMEM);
    eye->graph->nb_threads = 1;
    char args[160];
    kr_format(args, sizeof args, "video_size=%dx%d:pix_fmt=%d:time_base=1/25:pixel_aspect=1/1",
              frame->width, frame->height, frame->format);
    AVFilterContext *idet = NULL;
    int code = avfilter_graph_create_filter(&eye->in, avfilter_get_by_name("buffer"), "in", args,
                                            NULL, eye->graph);
    if (code >= 0)
        code = avfilter_graph_create_filter(&idet, avfilter_get_by_name("idet"), "idet", NULL, NULL,
                                            eye->graph);
    if (code >= 0)
        code = avfilter_graph_create_filter(&eye->out, avfilter_get_by_name("buffersink"), "out",
                                            NULL, NULL, eye->graph);
    if (code >= 0)
        code = avfilter_link(eye->in, 0, idet, 0);
    if (code >= 0)
        code = avfilter_link(idet, 0, eye->out, 0);
    eye->width = frame->width;
    eye->height = frame->height;
    eye->format = frame->format;
    return code >= 0 ? avfilter_graph_config(eye->graph, NULL) : code;
}

static double told(const AVFrame *frame, const char *key)
{
    const AVDictionaryEntry *entry = av_dict_get(frame->metadata, key, NULL, 0);
    return entry ? strtod(entry->value, NULL) : 0;
}

static void take_counts(struct eye *eye)
{
    while (av_buffersink_get_frame(eye->out, eye->frame) >= 0) {
        eye->count = (struct count){
            .top = told(eye->frame, "lavfi.idet.multiple.tff"),
            .bottom = told(eye->frame, "lavfi.idet.multiple.bff"),
            .progressive = told(eye->frame, "lavfi.idet.multiple.progressive"),
            .repeated = told(eye->frame, "lavfi.idet.repeated.top") +
                        told(eye->frame, "lavfi.idet.repeated.bottom"),
        };
        av_frame_unref(eye->frame);
    }
}

// A film that changes its size on the way is judged by its first part.
static bool look(struct eye *eye)
{
    if (!eye->graph && make_graph(eye, eye->frame) < 0)
        return false;
    if (eye->frame->width != eye->width || eye->frame->height != eye->height ||
        eye->frame->format != eye->format)
        return false;
    eye->frame->pts = eye->seen++;
    bool fine = av_buffersrc_add_frame(eye->in, eye->frame) >= 0;
    if (fine)
        take_counts(eye);
    return fine;
}

// False when there is nothing more to look at.
static bool decode(struct eye *eye)
{
    int code;
    while ((code = avcodec_receive_frame(eye->codec, eye->frame)) >= 0) {
        bool more = look(eye) && eye->seen < FRAMES_MOST;
        av_frame_unref(eye->frame);
        if (!more)
            return false;
    }
    return code != AVERROR_EOF;
}

static void look_through(struct eye *eye)
{
    for (int i = 0; i < PACKETS_MOST; i++) {
        if (av_read_frame(eye->demux.format, eye->packet) < 0)
            break;
        bool ours = eye->packet->stream_index == eye->demux.video;
        if (ours)
            (void)avcodec_send_packet(eye->codec, eye->packet); // damage is passed over
        av_packet_unref(eye->packet);
        if (ours && !decode(eye))
            return;
    }
    (void)avcodec_send_packet(eye->codec, NULL);
    decode(eye);
}

// Only television weaves: in its own heights, and at its own pace. What else looks woven is fine
// detail that moves.
static bool may_be_woven(const AVStream *stream)
{
    static const int heights[] = {480, 486, 488, 512, 576, 578, 608, 1080, 1088};
    bool high = false;
    for (size_t i = 0; i < KR_COUNT(heights); i++)
        high = high || stream->codecpar->height == heights[i];
    double fps = av_q2d(stream->avg_frame_rate);
    return high && !(fps > fps_most);
}

static enum kr_weave judge(const struct eye *eye)
{
    const struct count *count = &eye->count;
    double woven = count->top + count->bottom, sure = woven + count->progressive;
    if (woven < SURE_LEAST || woven < woven_least * sure)
        return KR_WEAVE_AS_SAID;
    bool top = count->top >= count->bottom;
    double fps = av_q2d(eye->demux.format->streams[eye->demux.video]->avg_frame_rate);
    if (count->repeated >= repeated_least * eye->seen && fabs(fps - pulldown_fps) < pulldown_within)
        return top ? KR_WEAVE_PULLDOWN_TOP : KR_WEAVE_PULLDOWN_BOTTOM;
    return top ? KR_WEAVE_TOP_FIRST : KR_WEAVE_BOTTOM_FIRST;
}

bool kr_fields_find(int fd, enum kr_weave *out, struct kr_err *err)
{
    KR_AUTO(close_eye) struct eye eye = {.packet = av_packet_alloc(), .frame = av_frame_alloc()};
    if (!eye.packet || !eye.frame)
        return kr_fail(err, KR_E_TOO_BIG, "no memory for frames");
    if (!kr_demux_open(fd, &eye.demux, err))
        return kr_within(err, "look for woven lines");
    *out = KR_WEAVE_AS_SAID;
    if (eye.demux.video < 0 || !may_be_woven(eye.demux.format->streams[eye.demux.video]))
        return true;
    if (!kr_decoder_open(eye.demux.format->streams[eye.demux.video], &eye.codec, err))
        return kr_within(err, "look for woven lines");
    look_through(&eye);
    *out = judge(&eye);
    return true;
}
