// SPDX-License-Identifier: AGPL-3.0-or-later
#include "film/film.h"

#include "base/clock.h"
#include "base/file.h"
#include "film/clips.h"
#include "film/loudness.h"
#include "film/master.h"
#include "film/stage_priv.h"
#include "film/vtt.h"
#include "film/yuv.h"
#include "media/picture.h"
#include "media/writer.h"
#include <math.h>

enum {
    CRF = 19,
    TELL_MS = 250, // progress is told this often at most
    POSTER_QUALITY = 88,
};
#define HEARD 0.04    // of all the work: when every sound has been heard once
#define MASTERED 0.10 // ... and the loudness is set
#define CLIP_LEAST_S 0.1
#define VOICE_FADE_S 0.02
#define VOICE_CUT_FADE_S 0.3
#define MUSIC_IN_S 1.0
#define MUSIC_OUT_S 3.0

struct film {
    struct kr_arena *mem;
    struct kr_shot_list list;
    const int *fds;
    int out_fd, vtt_fd, poster_fd;
    struct kr_shot_facts *facts;   // one for each shot
    struct kr_hearing *narrations; // one for each shot
    struct kr_timeline line;
    struct kr_cues cues;
    struct kr_part *parts;
    struct kr_hearing *hearings; // one for each part
    size_t part_count;
    int64_t samples;
    bool (*progress)(void *, double);
    void *context;
    int64_t told_ms;
    double told;     // of all the work, [0,1]
    double from, to; // of all the work: where the step at hand begins and ends
};

// false: the asker wants no more.
static bool tell(struct film *film, double done)
{
    int64_t now = kr_monotonic_ms();
    if (!film->progress || now - film->told_ms < TELL_MS)
        return true;
    film->told_ms = now;
    film->told = film->from + (film->to - film->from) * done;
    return film->progress(film->context, film->told);
}

static bool tell_step(void *context, double done)
{
    return tell(context, done);
}

// What takes long within a step is no further than the step was.
static bool goes_on(void *context)
{
    const struct film *film = context;
    double step = film->to - film->from;
    return tell(context,
                film->told > film->from && step > 0 ? (film->told - film->from) / step : 0);
}

static struct kr_goes_on asker(struct film *film)
{
    return (struct kr_goes_on){goes_on, film};
}

static bool stopped(struct kr_err *err)
{
    return kr_fail(err, KR_E_INTERRUPTED, "stopped");
}

// A photograph is one that can be opened as one; what was told of a part of it
// says that it is a clip.
static bool learn_media(struct film *film, const struct kr_shot *shot, struct kr_shot_facts *facts,
                        struct kr_err *err)
{
    int fd = film->fds[shot->media];
    struct kr_err why = {0};
    if (shot->in_s <= 0 && shot->out_s <= 0) {
        KR_AUTO(kr_frame_destroy) struct kr_frame *small = NULL;
        struct kr_picture_params params = KR_PICTURE_DEFAULTS;
        params.fit = 64;
        if (kr_picture_load(fd, &params, &small, &why))
            return true;
    }
    if (!kr_clip_length(fd, shot->in_s, shot->out_s, &facts->clip_s, err)) {
        // No clip either. A damaged picture should be called one.
        if (why.code != KR_OK && why.code != KR_E_UNSUPPORTED && err)
            *err = why;
        return false;
    }
    facts->is_clip = true;
    if (facts->clip_s < CLIP_LEAST_S)
        return kr_fail(err, KR_E_INVALID, "the part told lies after the clip's end");
    return true;
}

static bool learn_narration(struct film *film, size_t i, struct kr_err *err)
{
    const struct kr_shot *shot = &film->list.shots[i];
    struct kr_recording_params params = {.fd = film->fds[shot->narration], .goes_on = asker(film)};
    struct kr_hearing *hearing = &film->narrations[i];
    if (!kr_recording_hear(&params, hearing, err))
        return kr_within(err, "the narration");
    if (hearing->samples == 0)
        return kr_fail(err, KR_E_DAMAGED, "the narration: no sound could be read");
    film->facts[i].narration_s = (double)hearing->samples / KR_RATE;
    return true;
}

static bool learn(struct film *film, struct kr_err *err)
{
    film->facts = kr_arena_array(film->mem, struct kr_shot_facts, film->list.shot_count);
    film->narrations = kr_arena_array(film->mem, struct kr_hearing, film->list.shot_count);
    for (size_t i = 0; i < film->list.shot_count; i++) {
        const struct kr_shot *shot = &film->list.shots[i];
        if (!tell(film, 0))
            return stopped(err);
        if ((shot->media >= 0 && !learn_media(film, shot, &film->facts[i], err)) ||
            (shot->narration >= 0 && !learn_narration(film, i, err)))
            return kr_within(err, "shot %zu", i + 1);
    }
    return true;
}

static void add_part(struct film *film, struct kr_part part, struct kr_hearing hearing)
{
    film->hearings[film->part_count] = hearing;
    film->parts[film->part_count++] = part;
}

static void add_voice(struct film *film, size_t i)
{
    const struct kr_span *span = &film->line.spans[i];
    struct kr_part part = {
        .kind = KR_PART_VOICE,
        .sound = {.fd = film->fds[film->list.shots[i].narration], .goes_on = asker(film)},
        .start = span->voice_at,
        .end = span->voice_end,
        .fade_in = llround(VOICE_FADE_S * KR_RATE),
        .volume = 1};
    part.fade_out = llround((span->voice_cut ? VOICE_CUT_FADE_S : VOICE_FADE_S) * KR_RATE);
    add_part(film, part, film->narrations[i]);
    film->narrations[i] = (struct kr_hearing){0}; // it has moved
}

// A clip's sound comes and goes with its picture. A clip without sound is quiet.
static bool add_clip(struct film *film, size_t i, struct kr_err *err)
{
    const struct kr_shot *shot = &film->list.shots[i];
    const struct kr_span *span = &film->line.spans[i];
    int fps = film->list.fps;
    struct kr_part part = {.kind = KR_PART_CLIP,
                           .start = kr_sample_of_frame(span->from, fps),
                           .end = kr_sample_of_frame(span->to, fps),
                           .fade_in = kr_sample_of_frame(span->fade_in, fps),
                           .fade_out = kr_sample_of_frame(span->fade_out, fps),
                           .volume = shot->volume};
    part.sound.fd = film->fds[shot->media];
    part.sound.from_s = shot->in_s;
    part.sound.to_s = shot->in_s + (double)(span->to - span->from) / fps;
    part.sound.goes_on = asker(film);
    part.sound.kit = shot->has_kit ? &shot->kit : NULL;
    struct kr_hearing hearing = {0};
    if (!kr_recording_hear(&part.sound, &hearing, err)) {
        if (err->code != KR_E_UNSUPPORTED)
            return kr_within(err, "the sound of shot %zu", i + 1);
        *err = (struct kr_err){0};
        return true;
    }
    add_part(film, part, hearing);
    return true;
}

static bool add_music(struct film *film, struct kr_err *err)
{
    struct kr_part part = {.kind = KR_PART_MUSIC,
                           .sound = {.fd = film->fds[film->list.music], .goes_on = asker(film)},
                           .end = film->samples,
                           .fade_in = llround(MUSIC_IN_S * KR_RATE),
                           .fade_out = llround(MUSIC_OUT_S * KR_RATE),
                           .volume = film->list.music_volume};
    struct kr_hearing hearing = {0};
    if (!kr_recording_hear(&part.sound, &hearing, err))
        return kr_within(err, "the music");
    add_part(film, part, hearing);
    return true;
}

static bool gather_sounds(struct film *film, struct kr_err *err)
{
    size_t most = 2 * film->list.shot_count + 1;
    struct kr_err own = {0}; // a code is needed even where nobody asks for one
    film->samples = kr_sample_of_frame(film->line.frames, film->list.fps);
    film->parts = kr_arena_array(film->mem, struct kr_part, most);
    film->hearings = kr_arena_array(film->mem, struct kr_hearing, most);
    err = err ? err : &own;
    for (size_t i = 0; i < film->list.shot_count; i++) {
        if (film->line.spans[i].voice_end > film->line.spans[i].voice_at)
            add_voice(film, i);
        if (film->facts[i].is_clip && film->list.shots[i].volume > 0 && !add_clip(film, i, err))
            return false;
    }
    return film->list.music < 0 || film->list.music_volume <= 0 || add_music(film, err);
}

static size_t make_chapters(struct film *film, struct kr_chapter **out)
{
    struct kr_chapter *chapters =
        kr_arena_array(film->mem, struct kr_chapter, film->list.shot_count);
    int64_t end_ms = kr_ms_of_frame(film->line.frames, film->list.fps);
    size_t n = 0;
    for (size_t i = 0; i < film->list.shot_count; i++) {
        const char *title = film->list.shots[i].chapter;
        int64_t start_ms = kr_ms_of_frame(film->line.spans[i].start, film->list.fps);
        if (!title || !*title)
            continue;
        if (n > 0)
            chapters[n - 1].end_ms = start_ms;
        chapters[n++] = (struct kr_chapter){start_ms, end_ms, title};
    }
    *out = chapters;
    return n;
}

static bool save_poster(struct film *film, const struct kr_frame *frame, struct kr_err *err)
{
    KR_AUTO(kr_frame_destroy) struct kr_frame *rgb = NULL;
    struct kr_picture_save_params params = KR_PICTURE_SAVE_DEFAULTS;
    params.quality = POSTER_QUALITY;
    if (!kr_frame_create(KR_RGB8, frame->width, frame->height, &rgb, err))
        return false;
    kr_rgb_of_yuv(frame, rgb);
    return kr_picture_save(rgb, film->poster_fd, &params, err) || kr_within(err, "the poster");
}

// The middle of the first photograph or clip; of the first card where there is none.
static int64_t poster_frame(const struct film *film)
{
    size_t i = 0;
    while (i < film->list.shot_count && film->list.shots[i].kind != KR_SHOT_MEDIA)
        i++;
    const struct kr_span *span = &film->line.spans[i < film->list.shot_count ? i : 0];
    return (span->start + span->end) / 2;
}

// What is written, frame by frame.
struct shooting {
    struct film *film;
    struct stage *stage;
    struct kr_master *master;
    struct kr_writer *writer;
    struct kr_frame *frame;
    struct kr_samples *sound; // room for one frame's samples
};

static bool shoot_frame(struct shooting *shooting, int64_t at, bool is_poster, struct kr_err *err)
{
    int fps = shooting->film->list.fps;
    struct kr_samples *sound = shooting->sound;
    if (!kr_stage_frame(shooting->stage, at, shooting->frame, err) ||
        (is_poster && !save_poster(shooting->film, shooting->frame, err)) ||
        !kr_stage_words(shooting->stage, at, shooting->frame, err) ||
        !kr_writer_frame(shooting->writer, shooting->frame, err))
        return false;
    sound->at = kr_sample_of_frame(at, fps);
    sound->n = (size_t)(kr_sample_of_frame(at + 1, fps) - sound->at);
    return kr_master_read(shooting->master, sound->channel[0], sound->channel[1], sound->n, err) &&
           kr_writer_samples(shooting->writer, sound, err);
}

static bool shoot_all(struct shooting *shooting, struct kr_err *err)
{
    struct film *film = shooting->film;
    int64_t poster = film->poster_fd >= 0 ? poster_frame(film) : -1;
    for (int64_t at = 0; at < film->line.frames; at++) {
        if (!tell(film, (double)at / (double)film->line.frames))
            return stopped(err);
        if (!shoot_frame(shooting, at, at == poster, err))
            return false;
    }
    return kr_writer_finish(shooting->writer, err);
}

static bool shoot(struct film *film, struct kr_master *master, struct kr_err *err)
{
    KR_AUTO(kr_stage_close) struct stage *stage = NULL;
    KR_AUTO(kr_writer_close) struct kr_writer *writer = NULL;
    KR_AUTO(kr_frame_destroy) struct kr_frame *frame = NULL;
    KR_AUTO(kr_samples_destroy) struct kr_samples *sound = NULL;
    struct stage_params is = {&film->list, film->facts, &film->line,
                              &film->cues, film->fds,   asker(film)};
    struct kr_chapter *chapters;
    struct kr_writer_params params = KR_WRITER_DEFAULTS;
    params.container = KR_MP4;
    params.width = film->list.width;
    params.height = film->list.height;
    params.fps_num = film->list.fps;
    params.channels = 2;
    params.crf = CRF;
    params.title = film->list.title;
    params.language = film->list.lang;
    params.chapter_count = make_chapters(film, &chapters);
    params.chapters = chapters;
    if (!kr_stage_open(&is, &stage, err) ||
        !kr_frame_create(KR_YUV420, film->list.width, film->list.height, &frame, err) ||
        !kr_samples_create(KR_RATE, 2, (size_t)KR_RATE / (size_t)film->list.fps + 1, &sound, err) ||
        !kr_writer_open(film->out_fd, &params, &writer, err))
        return false;
    struct shooting shooting = {film, stage, master, writer, frame, sound};
    return shoot_all(&shooting, err);
}

static bool write_vtt(const struct film *film, struct kr_err *err)
{
    KR_AUTO(kr_buf_finish) struct kr_buf text = {0};
    if (film->vtt_fd < 0)
        return true;
    kr_vtt_make(&film->cues, film->list.fps, &text);
    return kr_write_all(film->vtt_fd, text.at, text.n, err) || kr_within(err, "the captions");
}

static json_t *new_answer(struct film *film, const struct kr_master *master)
{
    json_t *answer = kr_json_new_object(), *list = kr_json_new_array();
    struct kr_chapter *chapters;
    size_t n = make_chapters(film, &chapters);
    for (size_t i = 0; i < n; i++) {
        json_t *chapter = kr_json_new_object();
        kr_json_set_int(chapter, "start_ms", chapters[i].start_ms);
        kr_json_set_str(chapter, "title", chapters[i].title);
        kr_json_append_take(list, chapter);
    }
    double lufs = kr_master_lufs(master);
    kr_json_set_int(answer, "duration_ms", kr_ms_of_frame(film->line.frames, film->list.fps));
    kr_json_set_int(answer, "width", film->list.width);
    kr_json_set_int(answer, "height", film->list.height);
    kr_json_set_int(answer, "fps", film->list.fps);
    kr_json_set_int(answer, "frames", film->line.frames);
    if (lufs > KR_LUFS_SILENCE)
        kr_json_set_real(answer, "loudness_lufs", round(lufs * 100) / 100);
    else
        kr_json_set_str(answer, "loudness_lufs", NULL);
    kr_json_set_real(answer, "true_peak_db", round(kr_master_peak(master) * 100) / 100);
    kr_json_set_take(answer, "chapters", list);
    return answer;
}

static bool compile(struct film *film, json_t **answer, struct kr_err *err)
{
    film->to = HEARD;
    if (!learn(film, err) ||
        !kr_timeline_make(film->mem, &film->list, film->facts, &film->line, err) ||
        !kr_cues_make(film->mem, &film->list, &film->line, &film->cues, err) ||
        !gather_sounds(film, err))
        return false;
    KR_AUTO(kr_mix_destroy)
    struct kr_mix *mix =
        kr_mix_create(film->parts, film->hearings, film->part_count, film->samples);
    KR_AUTO(kr_master_destroy) struct kr_master *master = NULL;
    film->from = HEARD;
    film->to = MASTERED;
    if (!kr_master_create(mix, film->samples, tell_step, film, &master, err))
        return false;
    film->from = MASTERED;
    film->to = 1;
    if (!shoot(film, master, err) || !write_vtt(film, err))
        return false;
    *answer = new_answer(film, master);
    return true;
}

bool kr_film_compile(const json_t *shot_list, const int *media_fds, size_t n, int out_fd,
                     int vtt_fd, int poster_fd, bool (*progress)(void *context, double done),
                     void *context, json_t **answer, struct kr_err *err)
{
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    struct film film = {.mem = mem,
                        .fds = media_fds,
                        .out_fd = out_fd,
                        .vtt_fd = vtt_fd,
                        .poster_fd = poster_fd,
                        .progress = progress,
                        .context = context};
    if (!kr_shot_list_read(mem, shot_list, n, &film.list, err))
        return kr_within(err, "make a film");
    bool good = compile(&film, answer, err);
    for (size_t i = 0; film.narrations && i < film.list.shot_count; i++)
        kr_hearing_finish(&film.narrations[i]);
    for (size_t i = 0; i < film.part_count; i++)
        kr_hearing_finish(&film.hearings[i]);
    return good || kr_within(err, "make a film");
}
