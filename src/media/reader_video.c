// SPDX-License-Identifier: AGPL-3.0-or-later
#include "media/frame_priv.h"
#include "media/picture_priv.h"
#include "media/reader_priv.h"

#include <libavfilter/buffersink.h>
#include <libavfilter/buffersrc.h>
#include <math.h>

enum { KEPT = 16 }; // frames: more than are under way in two belts (sealed/line.c) at 1080 lines
static const double RATE_MOST = 60;    // frames a second, where none is asked for
static const double NEARLY_S = 0.0005; // time bases round
static const double BEFORE_S = 1;      // this long before the cut frames need not even be converted

static int even(double px)
{
    int whole = (int)(px + 0.5) & ~1;
    return whole < 2 ? 2 : whole;
}

static void size_out(struct kr_reader *reader)
{
    double width, height, aspect, scale = 1;
    kr_stream_shown(&reader->demux, reader->film.stream, &width, &height, &aspect);
    int box_w = reader->params.width, box_h = reader->params.height;
    if (box_w > 0 && width * scale > box_w)
        scale = box_w / width;
    if (box_h > 0 && height * scale > box_h)
        scale = box_h / height;
    // A size that is even already stays: rounding down never cuts more than a pixel.
    reader->info.width = scale < 1 ? even(width * scale) : even(floor(width + 0.01));
    reader->info.height = scale < 1 ? even(height * scale) : even(floor(height + 0.01));
}

// A measured mean such as 456000/15217 becomes the rate that was meant.
static AVRational usual_rate(AVRational is)
{
    static const AVRational usual[] = {{24000, 1001}, {24, 1},       {25, 1},
                                       {30000, 1001}, {30, 1},       {48, 1},
                                       {50, 1},       {60000, 1001}, {60, 1}};
    size_t best = 0;
    double fps = av_q2d(is);
    for (size_t i = 1; i < KR_COUNT(usual); i++)
        if (fabs(av_q2d(usual[i]) - fps) < fabs(av_q2d(usual[best]) - fps))
            best = i;
    return fabs(av_q2d(usual[best]) / fps - 1) < 0.005 ? usual[best] : is;
}

static void rate_out(struct kr_reader *reader)
{
    AVRational is = reader->film.stream->avg_frame_rate; // r_frame_rate guesses too high
    if (is.num <= 0 || is.den <= 0)
        is = av_guess_frame_rate(reader->demux.format, reader->film.stream, NULL);
    double fps = is.num > 0 && is.den > 0 ? av_q2d(is) : 25;
    if (fps > 1000 || fps < 0.01) {
        fps = 25;
        is = (AVRational){25, 1};
    }
    reader->film.nominal_s = 1 / fps;
    reader->film.rate = is.num > 0 && is.den > 0 ? is : (AVRational){25, 1};
    double more = kr_film_frames_for_one(reader->params.weave);
    if (more != 1) {
        fps *= more;
        is = av_mul_q(reader->film.rate, av_d2q(more, 10));
    }
    if (reader->params.fps > 0)
        is = av_d2q(reader->params.fps, 1001000);
    else if (fps > RATE_MOST)
        is = av_d2q(fps / ceil(fps / RATE_MOST - 0.001), 1001000);
    else if (is.num <= 0 || is.den <= 0 || fps == 25)
        is = (AVRational){25, 1};
    else
        is = usual_rate(is);
    reader->info.fps_num = is.num;
    reader->info.fps_den = is.den;
}

bool kr_film_open(struct kr_reader *reader, struct kr_err *err)
{
    struct kr_film *film = &reader->film;
    if (reader->demux.video < 0 || reader->params.no_video)
        return true;
    film->stream = reader->demux.format->streams[reader->demux.video];
    if (!kr_decoder_open(film->stream, &film->codec, err))
        return false;
    film->turn = kr_stream_turn(film->stream);
    film->decoded = av_frame_alloc();
    film->filtered = av_frame_alloc();
    if (!film->decoded || !film->filtered)
        return kr_fail(err, KR_E_TOO_BIG, "no memory for frames");
    size_out(reader);
    rate_out(reader);
    reader->info.has_video = true;
    return kr_frame_pool_create(KR_YUV420, reader->info.width, reader->info.height, KEPT,
                                &film->pool, err);
}

void kr_film_close(struct kr_film *film)
{
    kr_frame_destroy(&film->held);
    kr_frame_destroy(&film->fresh);
    kr_frame_pool_leave(&film->pool);
    kr_film_graph_finish(&film->graph);
    av_frame_free(&film->decoded);
    av_frame_free(&film->filtered);
    avcodec_free_context(&film->codec);
    *film = (struct kr_film){0};
}

// Into a frame of ours; planes are yuv420p of the size that comes out.
static bool keep(struct kr_reader *reader, const AVFrame *from, double at_s, double lasts_s,
                 struct kr_frame **out, struct kr_err *err)
{
    if (!kr_frame_pool_take(reader->film.pool, out, err))
        return false;
    for (int p = 0; p < 3; p++) {
        size_t n = kr_frame_row_bytes(*out, p);
        int rows = kr_frame_plane_height(*out, p);
        for (int y = 0; y < rows; y++)
            memcpy((*out)->plane[p] + y * (*out)->stride[p],
                   from->data[p] + (ptrdiff_t)y * from->linesize[p], n);
    }
    (*out)->at_us = llround(at_s * 1e6);
    (*out)->lasts_us = llround(lasts_s * 1e6);
    return true;
}

// Seconds from the start of the wanted part.
static double time_of(struct kr_reader *reader, const AVFrame *frame)
{
    struct kr_film *film = &reader->film;
    double base = av_q2d(film->stream->time_base);
    double at = frame->best_effort_timestamp == AV_NOPTS_VALUE
                    ? NAN
                    : (double)frame->best_effort_timestamp * base;
    at = kr_steady_time(&film->steady, at, film->lasts_s);
    double lasts = (double)frame->pkt_duration * base;
    film->lasts_s = lasts > 0 && lasts < 60 ? lasts : film->nominal_s;
    return at - reader->demux.start_s - reader->params.from_s;
}

// Pushes what was just decoded into the graph, making or remaking it first.
static bool push(struct kr_reader *reader, double at_s, struct kr_err *err)
{
    struct kr_film *film = &reader->film;
    AVFrame *frame = film->decoded;
    bool woven = frame->interlaced_frame || (film->graph.made && film->graph.made_for.interlaced);
    struct kr_film_look look = kr_film_look_of(frame, woven, reader->params.weave, film->rate);
    if (!film->graph.made || !kr_film_same_look(&look, &film->graph.made_for)) {
        if (!kr_film_graph_make(&film->graph, &look, film->turn, reader->info.width,
                                reader->info.height, err))
            return false;
    }
    if (!film->graph.graph)
        return true;
    frame->pts = llround(at_s * 1e6);
    frame->pkt_duration = llround(film->lasts_s * 1e6);
    frame->sample_aspect_ratio = (AVRational){1, 1};
    int code = av_buffersrc_add_frame(film->graph.in, frame);
    return code >= 0 ? true : kr_fail_av(err, code, "make a film plain");
}

// One frame of ours in film->fresh, in the order of time.
static enum kr_pull decode(struct kr_reader *reader, struct kr_err *err)
{
    struct kr_film *film = &reader->film;
    for (;;) {
        if (film->graph.graph) {
            int code = av_buffersink_get_frame(film->graph.out, film->filtered);
            if (code >= 0) {
                double at = (double)film->filtered->pts *
                            av_q2d(av_buffersink_get_time_base(film->graph.out));
                double lasts = film->lasts_s / kr_film_frames_for_one(reader->params.weave);
                bool ok = keep(reader, film->filtered, at, lasts, &film->fresh, err);
                av_frame_unref(film->filtered);
                return ok ? KR_PULL_GAVE : KR_PULL_FAILED;
            }
        }
        if (film->drained && (film->flushed || !film->graph.graph))
            return KR_PULL_ENDED;
        if (film->drained) {
            film->flushed = true;
            if (av_buffersrc_add_frame(film->graph.in, NULL) < 0)
                return KR_PULL_ENDED;
            continue;
        }
        int code = avcodec_receive_frame(film->codec, film->decoded);
        if (code == AVERROR(EAGAIN))
            return KR_PULL_HUNGRY;
        if (code == AVERROR_EOF) {
            film->drained = true;
            continue;
        }
        if (code < 0) {
            film->damaged++;
            return reader->input_ended ? KR_PULL_ENDED : KR_PULL_HUNGRY;
        }
        double at = time_of(reader, film->decoded);
        if (at < -BEFORE_S && film->decoded->width > 0) {
            av_frame_unref(film->decoded);
            continue;
        }
        if (!push(reader, at, err))
            return KR_PULL_FAILED;
        if (!film->graph.graph) {
            bool ok = keep(reader, film->decoded, at, film->lasts_s, &film->fresh, err);
            av_frame_unref(film->decoded);
            return ok ? KR_PULL_GAVE : KR_PULL_FAILED;
        }
        av_frame_unref(film->decoded);
    }
}

static double rate_of(const struct kr_reader *reader)
{
    return (double)reader->info.fps_num / reader->info.fps_den;
}

static int64_t index_at(const struct kr_reader *reader, double at_s)
{
    return llround(at_s * rate_of(reader));
}

// Gives the held frame once more; the last time it is given away itself.
static enum kr_pull give_at_index(struct kr_reader *reader, bool last, struct kr_frame **out,
                                  struct kr_err *err)
{
    struct kr_film *film = &reader->film;
    struct kr_frame *frame = film->held;
    if (last) {
        film->held = NULL;
    } else {
        if (!kr_frame_pool_take(film->pool, &frame, err))
            return KR_PULL_FAILED;
        kr_frame_copy(film->held, frame);
    }
    double fps = rate_of(reader);
    frame->at_us = llround((double)film->next * 1e6 / fps);
    frame->lasts_us = llround(1e6 / fps);
    film->next++;
    *out = frame;
    return KR_PULL_GAVE;
}

// A constant rate: the held frame is repeated until the fresh one is due.
static enum kr_pull pull_constant(struct kr_reader *reader, struct kr_frame **out,
                                  struct kr_err *err)
{
    struct kr_film *film = &reader->film;
    int64_t until = film->next;
    if (film->fresh) {
        until = index_at(reader, (double)film->fresh->at_us / 1e6);
    } else if (film->ended && film->held) {
        double end = (double)(film->held->at_us + film->held->lasts_us) / 1e6;
        double limit = kr_reader_limit(reader);
        until = index_at(reader, end < limit ? end : limit);
        if (until < 1 && film->next == 0)
            until = 1; // a single frame is seen once
    }
    if (film->held && film->next < until)
        return give_at_index(reader, film->next + 1 == until && !film->ended, out, err);
    kr_frame_destroy(&film->held);
    film->held = film->fresh;
    film->fresh = NULL;
    return film->held || !film->ended ? KR_PULL_HUNGRY : KR_PULL_ENDED;
}

// Frames as they are: held back until it is known how long each lasts.
static enum kr_pull pull_as_is(struct kr_reader *reader, struct kr_frame **out)
{
    struct kr_film *film = &reader->film;
    if (film->fresh && film->held &&
        (double)(film->fresh->at_us - film->held->at_us) < 0.99e6 / RATE_MOST) {
        kr_frame_destroy(&film->fresh); // faster than anything shows
        return KR_PULL_HUNGRY;
    }
    *out = film->held;
    film->held = film->fresh;
    film->fresh = NULL;
    if (*out && film->held)
        (*out)->lasts_us = film->held->at_us - (*out)->at_us;
    return *out ? KR_PULL_GAVE : film->held || !film->ended ? KR_PULL_HUNGRY : KR_PULL_ENDED;
}

// Frames outside the wanted part fall away; the first begins with it.
static void cut(struct kr_reader *reader)
{
    struct kr_film *film = &reader->film;
    double at = (double)film->fresh->at_us / 1e6, lasts = (double)film->fresh->lasts_us / 1e6;
    if (at + lasts <= NEARLY_S) {
        // It may still be the one on the screen: the next tells.
        kr_frame_destroy(&film->held);
        film->held = film->fresh;
        film->held->at_us = film->held->lasts_us = 0;
        film->fresh = NULL;
        film->early = true;
        return;
    }
    if (film->early && at <= film->nominal_s / 2)
        kr_frame_destroy(&film->held);
    film->early = false;
    if (at >= kr_reader_limit(reader) - NEARLY_S) {
        kr_frame_destroy(&film->fresh);
        film->ended = true;
        return;
    }
    if (at + lasts > kr_reader_limit(reader))
        film->fresh->lasts_us = llround((kr_reader_limit(reader) - at) * 1e6);
    if (at < 0) {
        film->fresh->lasts_us += film->fresh->at_us;
        film->fresh->at_us = 0;
    }
}

enum kr_pull kr_film_pull(struct kr_reader *reader, struct kr_frame **out, struct kr_err *err)
{
    struct kr_film *film = &reader->film;
    if (!film->codec)
        return KR_PULL_ENDED;
    for (;;) {
        if (film->ended && film->early) // the file ends before the wanted part
            kr_frame_destroy(&film->held);
        if (film->fresh || film->ended) {
            enum kr_pull pull =
                reader->params.fps > 0 ? pull_constant(reader, out, err) : pull_as_is(reader, out);
            if (pull != KR_PULL_HUNGRY)
                return pull;
            if (film->ended)
                continue;
        }
        enum kr_pull pull = decode(reader, err);
        if (pull == KR_PULL_ENDED)
            film->ended = true;
        else if (pull != KR_PULL_GAVE)
            return pull;
        if (film->fresh)
            cut(reader);
    }
}
