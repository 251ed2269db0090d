// SPDX-License-Identifier: AGPL-3.0-or-later
#include "media/film_graph_priv.h"

#include "base/text.h"
#include "media/picture_priv.h"
#include <libavfilter/buffersink.h>
#include <libavfilter/buffersrc.h>
#include <libavutil/pixdesc.h>

enum { CHAIN = 1024 };

static bool is_full_format(int format)
{
    return format == AV_PIX_FMT_YUVJ420P || format == AV_PIX_FMT_YUVJ422P ||
           format == AV_PIX_FMT_YUVJ444P || format == AV_PIX_FMT_YUVJ440P ||
           format == AV_PIX_FMT_YUVJ411P;
}

struct kr_film_look kr_film_look_of(const AVFrame *frame, bool interlaced, enum kr_weave weave,
                                    AVRational rate)
{
    return (struct kr_film_look){
        .width = frame->width,
        .height = frame->height,
        .format = frame->format,
        .matrix = frame->colorspace,
        .range = is_full_format(frame->format) ? AVCOL_RANGE_JPEG : frame->color_range,
        .curve = frame->color_trc,
        .interlaced = interlaced,
        .weave = weave,
        .rate = rate,
    };
}

bool kr_film_same_look(const struct kr_film_look *a, const struct kr_film_look *b)
{
    return a->width == b->width && a->height == b->height && a->format == b->format &&
           a->matrix == b->matrix && a->range == b->range && a->curve == b->curve &&
           a->interlaced == b->interlaced && a->weave == b->weave;
}

static bool is_hdr(const struct kr_film_look *look)
{
    return look->curve == AVCOL_TRC_SMPTE2084 || look->curve == AVCOL_TRC_ARIB_STD_B67;
}

// What the samples mean where the file is silent: small pictures come from
// television's older standard, large ones from the newer (players agree on it).
static const char *matrix_of(const struct kr_film_look *look)
{
    switch (look->matrix) {
    case AVCOL_SPC_BT709:
        return "bt709";
    case AVCOL_SPC_BT470BG:
    case AVCOL_SPC_SMPTE170M:
        return "bt601";
    case AVCOL_SPC_FCC:
        return "fcc";
    case AVCOL_SPC_SMPTE240M:
        return "smpte240m";
    case AVCOL_SPC_BT2020_NCL:
    case AVCOL_SPC_BT2020_CL:
        return "bt2020";
    default:
        return look->width >= 1280 || look->height > 576 ? "bt709" : "bt601";
    }
}

static const char *turn_filter(int turn)
{
    static const char *const filters[9] = {
        [2] = ",hflip",       [3] = ",hflip,vflip", [4] = ",vflip",       [5] = ",transpose=0",
        [6] = ",transpose=1", [7] = ",transpose=3", [8] = ",transpose=2",
    };
    return turn > 1 && turn <= 8 ? filters[turn] : "";
}

double kr_film_frames_for_one(enum kr_weave weave)
{
    switch (weave) {
    case KR_WEAVE_TOP_FIRST:
    case KR_WEAVE_BOTTOM_FIRST:
        return 2;
    case KR_WEAVE_PULLDOWN_TOP:
    case KR_WEAVE_PULLDOWN_BOTTOM:
        return 0.8;
    case KR_WEAVE_AS_SAID:
        break;
    }
    return 1;
}

// Fields are put together as they were. Pictures that are combed all the same are cut from video
// and unwoven, one for one, so that every fifth can go; fine detail shall not be taken for combs.
#define PULLED_DOWN(order)                                                                         \
    "format=yuv420p|yuv422p|yuv444p,fieldmatch=order=" order                                       \
    ":combmatch=full:cthresh=12:combpel=100,bwdif=mode=send_frame:deint=interlaced,decimate,"

static const char *unweave_filter(const struct kr_film_look *look)
{
    static const char *const filters[] = {
        [KR_WEAVE_AS_SAID] = "",
        [KR_WEAVE_TOP_FIRST] = "bwdif=mode=send_field:parity=tff:deint=all,",
        [KR_WEAVE_BOTTOM_FIRST] = "bwdif=mode=send_field:parity=bff:deint=all,",
        [KR_WEAVE_PULLDOWN_TOP] = PULLED_DOWN("tff"),
        [KR_WEAVE_PULLDOWN_BOTTOM] = PULLED_DOWN("bff"),
    };
    if (look->weave == KR_WEAVE_AS_SAID && look->interlaced)
        return "bwdif=mode=send_frame:deint=all,";
    return filters[look->weave];
}

static void write_chain(char chain[static CHAIN], const struct kr_film_look *look, int turn,
                        int width, int height)
{
    const char *woven = unweave_filter(look);
    bool full = look->range == AVCOL_RANGE_JPEG;
    int w = turn >= 5 ? height : width, h = turn >= 5 ? width : height;
    if (is_hdr(look)) {
        // Light, not codes, is compressed: reference white of BT.2408 (203 cd/m2) is 1.0.
        kr_format(chain, CHAIN,
                  "%szscale=w=%d:h=%d:f=bicubic:tin=%s:min=2020_ncl:pin=2020:rin=%s:t=linear:"
                  "npl=203,format=gbrpf32le,zscale=p=709,tonemap=tonemap=mobius:desat=0:peak=5,"
                  "zscale=t=709:m=709:r=limited,format=yuv420p%s",
                  woven, w, h, look->curve == AVCOL_TRC_SMPTE2084 ? "smpte2084" : "arib-std-b67",
                  full ? "full" : "limited", turn_filter(turn));
        return;
    }
    kr_format(chain, CHAIN,
              "%sscale=%d:%d:flags=bicubic+accurate_rnd:in_color_matrix=%s:in_range=%s:"
              "out_color_matrix=bt709:out_range=limited,format=yuv420p%s",
              woven, w, h, matrix_of(look), full ? "full" : "limited", turn_filter(turn));
}

// Nothing to do: the most usual film of all, and the most frames of it.
static bool is_plain(const struct kr_film_look *look, int turn, int width, int height)
{
    return look->format == AV_PIX_FMT_YUV420P && turn <= 1 && look->width == width &&
           look->height == height && !look->interlaced && look->weave == KR_WEAVE_AS_SAID &&
           !is_hdr(look) && look->range != AVCOL_RANGE_JPEG &&
           strcmp(matrix_of(look), "bt709") == 0;
}

static int make_ends(struct kr_film_graph *graph, const struct kr_film_look *look)
{
    char args[200];
    kr_format(args, sizeof args,
              "video_size=%dx%d:pix_fmt=%d:time_base=1/1000000:pixel_aspect=1/1:frame_rate=%d/%d",
              look->width, look->height, look->format, look->rate.num, look->rate.den);
    int code = avfilter_graph_create_filter(&graph->in, avfilter_get_by_name("buffer"), "in", args,
                                            NULL, graph->graph);
    if (code < 0)
        return code;
    return avfilter_graph_create_filter(&graph->out, avfilter_get_by_name("buffersink"), "out",
                                        NULL, NULL, graph->graph);
}

static int link_chain(struct kr_film_graph *graph, const char *chain)
{
    AVFilterInOut *first = avfilter_inout_alloc(), *last = avfilter_inout_alloc();
    int code = AVERROR(ENOMEM);
    if (first && last) {
        *first = (AVFilterInOut){.name = av_strdup("in"), .filter_ctx = graph->in};
        *last = (AVFilterInOut){.name = av_strdup("out"), .filter_ctx = graph->out};
        code = avfilter_graph_parse_ptr(graph->graph, chain, &last, &first, NULL);
    }
    avfilter_inout_free(&first);
    avfilter_inout_free(&last);
    return code < 0 ? code : avfilter_graph_config(graph->graph, NULL);
}

bool kr_film_graph_make(struct kr_film_graph *graph, const struct kr_film_look *look, int turn,
                        int width, int height, struct kr_err *err)
{
    kr_film_graph_finish(graph);
    graph->made_for = *look;
    graph->made = true;
    if (is_plain(look, turn, width, height))
        return true;
    graph->graph = avfilter_graph_alloc();
    if (!graph->graph)
        return kr_fail(err, KR_E_TOO_BIG, "no memory to turn a film upright");
    graph->graph->nb_threads = 1;
    char chain[CHAIN];
    write_chain(chain, look, turn, width, height);
    int code = make_ends(graph, look);
    if (code >= 0)
        code = link_chain(graph, chain);
    return code >= 0 ? true : kr_fail_av(err, code, "make a film plain");
}

void kr_film_graph_finish(struct kr_film_graph *graph)
{
    avfilter_graph_free(&graph->graph);
    *graph = (struct kr_film_graph){0};
}
