// SPDX-License-Identifier: AGPL-3.0-or-later
// Movie fragments (ISO 14496-12, 8.8) as FFmpeg writes them, one run a track.
#include "media/mp4_index_priv.h"

enum {
    TRACKS_MOST = 64,
    SAMPLES_MOST = 1 << 20, // of one track in one fragment
    HEAD = 8,               // size and type of a box
    // tfhd
    HAS_BASE = 1,
    HAS_DESCRIPTION = 2,
    HAS_DURATION = 8,
    HAS_SIZE = 16,
    HAS_FLAGS = 32,
    // trun
    RUN_OFFSET = 1,
    RUN_FIRST_FLAGS = 4,
    RUN_DURATION = 0x100,
    RUN_SIZE = 0x200,
    RUN_FLAGS = 0x400,
    RUN_SHOWN = 0x800,
    NEEDS_OTHERS = 0x10000, // of a sample's flags
};

uint32_t kr_be32(const uint8_t *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

uint64_t kr_be64(const uint8_t *at)
{
    return (uint64_t)kr_be32(at) << 32 | kr_be32(at + 4);
}

bool kr_box_next(struct kr_str *rest, struct kr_box *out)
{
    if (rest->n < HEAD)
        return false;
    const uint8_t *at = (const uint8_t *)rest->at;
    size_t n = kr_be32(at);
    if (n < HEAD || n > rest->n)
        return false;
    memcpy(out->type, at + 4, 4);
    out->type[4] = '\0';
    out->at = at + HEAD;
    out->n = n - HEAD;
    rest->at += n;
    rest->n -= n;
    return true;
}

struct kr_str kr_box_inside(const struct kr_box *box)
{
    return (struct kr_str){(const char *)box->at, box->n};
}

bool kr_box_in(const struct kr_box *outer, const char *type, struct kr_box *out)
{
    struct kr_str rest = kr_box_inside(outer);
    while (kr_box_next(&rest, out))
        if (strcmp(out->type, type) == 0)
            return true;
    return false;
}

void kr_mp4_index_finish(struct kr_mp4_index *index)
{
    for (size_t i = 0; i < index->count; i++) {
        struct kr_buf *parts[] = {&index->track[i].size, &index->track[i].lasts,
                                  &index->track[i].offset, &index->track[i].key,
                                  &index->track[i].chunk};
        for (size_t k = 0; k < KR_COUNT(parts); k++)
            kr_buf_finish(parts[k]);
    }
    kr_free(&index->track);
}

// Words of four bytes, one after the other; none behind the end.
struct words {
    const uint8_t *at;
    size_t n;
    bool short_of;
};

static uint32_t word(struct words *words)
{
    if (words->n < 4) {
        words->short_of = true;
        return 0;
    }
    uint32_t value = kr_be32(words->at);
    words->at += 4;
    words->n -= 4;
    return value;
}

static void add_run(struct kr_buf *runs, uint32_t value)
{
    struct kr_mp4_run *last =
        runs->n ? (struct kr_mp4_run *)(void *)(runs->at + runs->n) - 1 : NULL;
    if (last && last->value == value)
        last->count++;
    else
        kr_buf_add(runs, &(struct kr_mp4_run){1, value}, sizeof(struct kr_mp4_run));
}

struct sample {
    uint32_t lasts, size, flags, offset;
};

// A sample's length is known for sure only when the next begins.
static void end_last(struct kr_mp4_track *track, int64_t dts)
{
    if (!track->count)
        return;
    int64_t lasts = dts - track->last_dts;
    add_run(&track->lasts, lasts > 0 ? (uint32_t)lasts : 0);
    int64_t ends = dts + (int32_t)track->last_offset;
    track->ends = ends > track->ends ? ends : track->ends;
}

static void add_sample(struct kr_mp4_track *track, const struct sample *sample, int64_t dts)
{
    end_last(track, dts);
    track->last_dts = dts;
    track->last_lasts = sample->lasts;
    track->last_offset = sample->offset;
    track->count++;
    add_run(&track->offset, sample->offset);
    kr_buf_add(&track->size, &sample->size, sizeof sample->size);
    if (!(sample->flags & NEEDS_OTHERS))
        kr_buf_add(&track->key, &track->count, sizeof track->count);
}

struct kr_mp4_track *kr_mp4_index_track(struct kr_mp4_index *index, uint32_t id)
{
    if (id < 1 || id > TRACKS_MOST)
        return NULL;
    if (id > index->count) {
        index->track = kr_realloc_array(index->track, id, sizeof *index->track);
        memset(index->track + index->count, 0, (id - index->count) * sizeof *index->track);
        for (size_t i = index->count; i < id; i++)
            index->track[i].id = (uint32_t)i + 1;
        index->count = id;
    }
    return &index->track[id - 1];
}

// What holds where a run says nothing itself.
static bool read_usual(const struct kr_box *tfhd, struct sample *usual, uint32_t *id)
{
    struct words words = {tfhd->at, tfhd->n, false};
    uint32_t flags = word(&words);
    *id = word(&words);
    if (flags & HAS_BASE)
        return false;
    if (flags & HAS_DESCRIPTION)
        (void)word(&words);
    usual->lasts = flags & HAS_DURATION ? word(&words) : 0;
    usual->size = flags & HAS_SIZE ? word(&words) : 0;
    usual->flags = flags & HAS_FLAGS ? word(&words) : 0;
    return !words.short_of;
}

static void read_sample(struct words *words, uint32_t flags, struct sample *out)
{
    if (flags & RUN_DURATION)
        out->lasts = word(words);
    if (flags & RUN_SIZE)
        out->size = word(words);
    if (flags & RUN_FLAGS)
        out->flags = word(words);
    if (flags & RUN_SHOWN)
        out->offset = word(words);
}

// `before`: bytes of the fragment before its media; `at` where these begin.
static bool take_run(struct kr_mp4_track *track, const struct kr_box *trun,
                     const struct sample *usual, int64_t *dts, size_t before, uint64_t at)
{
    struct words words = {trun->at, trun->n, false};
    uint32_t flags = word(&words), many = word(&words);
    uint32_t from = flags & RUN_OFFSET ? word(&words) : 0;
    uint32_t first = flags & RUN_FIRST_FLAGS ? word(&words) : 0;
    if (!(flags & RUN_OFFSET) || from < before || many > SAMPLES_MOST)
        return false;
    for (uint32_t i = 0; i < many && !words.short_of; i++) {
        struct sample sample = *usual;
        read_sample(&words, flags, &sample);
        if (i == 0 && flags & RUN_FIRST_FLAGS)
            sample.flags = first;
        add_sample(track, &sample, *dts);
        *dts += sample.lasts;
    }
    const struct kr_mp4_chunk chunk = {at + from - before, many};
    if (many)
        kr_buf_add(&track->chunk, &chunk, sizeof chunk);
    return !words.short_of;
}

static bool take_track(struct kr_mp4_index *index, const struct kr_box *traf, size_t before,
                       uint64_t at)
{
    struct kr_str rest = kr_box_inside(traf);
    struct kr_box box;
    struct sample usual = {0};
    struct kr_mp4_track *track = NULL;
    int64_t dts = 0;
    uint32_t id = 0;
    while (kr_box_next(&rest, &box)) {
        if (strcmp(box.type, "tfhd") == 0 && read_usual(&box, &usual, &id) &&
            (track = kr_mp4_index_track(index, id)))
            track->late |= index->fragments > 0 && track->count == 0;
        else if (strcmp(box.type, "tfdt") == 0 && box.n >= 8)
            dts = box.at[0] == 1 && box.n >= 12 ? (int64_t)kr_be64(box.at + 4)
                                                : (int64_t)kr_be32(box.at + 4);
        else if (strcmp(box.type, "trun") == 0 &&
                 !(track && take_run(track, &box, &usual, &dts, before, at)))
            return false;
    }
    return track != NULL;
}

bool kr_mp4_index_take(struct kr_mp4_index *index, struct kr_str moof, uint64_t at,
                       struct kr_err *err)
{
    struct kr_str rest = moof;
    struct kr_box outer, box;
    bool good = kr_box_next(&rest, &outer);
    rest = good ? kr_box_inside(&outer) : rest;
    while (good && kr_box_next(&rest, &box))
        if (strcmp(box.type, "traf") == 0)
            good = take_track(index, &box, moof.n + HEAD, at);
    index->fragments++;
    return good || kr_fail(err, KR_E_INTERNAL, "a fragment of a film cannot be read");
}
