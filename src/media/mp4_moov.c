// SPDX-License-Identifier: AGPL-3.0-or-later
// The index of an MP4 (ISO 14496-12, 8.2 to 8.7), from its tracks and their samples.
#include "media/mp4_index_priv.h"

#include <assert.h>

struct writing {
    const struct kr_mp4_index *index;
    struct kr_buf *out;
    uint64_t base;              // of the media in the file
    bool large;                 // places need 64 bits
    uint32_t scale;             // steps a second of the whole film
    uint64_t lasts;             // of the whole film, in these steps
    struct kr_mp4_track *track; // the one at hand,
    uint32_t track_scale;       // its steps a second
    uint64_t track_lasts;       // and how long it is shown, in steps of the film
    bool is_picture;            // only of pictures some need others
};

static void put32(struct kr_buf *out, uint32_t value)
{
    const uint8_t bytes[] = {(uint8_t)(value >> 24), (uint8_t)(value >> 16), (uint8_t)(value >> 8),
                             (uint8_t)value};
    kr_buf_add(out, bytes, sizeof bytes);
}

static void put64(struct kr_buf *out, uint64_t value)
{
    put32(out, (uint32_t)(value >> 32));
    put32(out, (uint32_t)value);
}

static size_t begin(struct kr_buf *out, const char *type)
{
    size_t at = out->n;
    put32(out, 0);
    kr_buf_add(out, type, 4);
    return at;
}

static void end(struct kr_buf *out, size_t at)
{
    uint32_t n = (uint32_t)(out->n - at);
    for (int i = 0; i < 4; i++)
        out->at[at + (size_t)i] = (char)(uint8_t)(n >> (24 - 8 * i));
}

static void copy(const struct kr_box *box, struct kr_buf *out)
{
    size_t at = begin(out, box->type);
    kr_buf_add(out, box->at, box->n);
    end(out, at);
}

// Two times, then `middle` bytes (a scale, or a number), then how long: mvhd, mdhd, tkhd.
static void put_head(const struct kr_box *box, size_t middle, uint64_t lasts, struct kr_buf *out)
{
    bool wide = box->at[0] == 1;
    const uint8_t *from = box->at + 4;
    size_t at = begin(out, box->type);
    bool now_wide = lasts > UINT32_MAX;
    put32(out, (kr_be32(box->at) & 0xffffff) | (now_wide ? 1u << 24 : 0));
    for (int i = 0; i < 2; i++, from += wide ? 8 : 4) {
        uint64_t when = wide ? kr_be64(from) : kr_be32(from);
        now_wide ? put64(out, when) : put32(out, (uint32_t)when);
    }
    kr_buf_add(out, from, middle);
    from += middle;
    now_wide ? put64(out, lasts) : put32(out, (uint32_t)lasts);
    from += wide ? 8 : 4;
    kr_buf_add(out, from, (size_t)(box->at + box->n - from));
    end(out, at);
}

static uint32_t scale_of(const struct kr_box *head) // of an mvhd or an mdhd
{
    return kr_be32(head->at + (head->at[0] == 1 ? 20 : 12));
}

static uint64_t rescale_up(uint64_t steps, uint32_t from, uint32_t to)
{
    return from ? (steps * to + from - 1) / from : 0;
}

static const struct kr_mp4_run *runs_of(const struct kr_buf *runs, size_t *count)
{
    *count = runs->n / sizeof(struct kr_mp4_run);
    return (const struct kr_mp4_run *)(const void *)runs->at;
}

static void put_runs(const char *type, bool is_signed, const struct kr_buf *runs,
                     const struct kr_mp4_run *last, struct kr_buf *out)
{
    size_t n, at = begin(out, type);
    const struct kr_mp4_run *run = runs_of(runs, &n);
    put32(out, is_signed ? 1u << 24 : 0);
    put32(out, (uint32_t)(n + (last ? 1 : 0)));
    for (size_t i = 0; i < n + (last ? 1 : 0); i++) {
        put32(out, i < n ? run[i].count : last->count);
        put32(out, i < n ? run[i].value : last->value);
    }
    end(out, at);
}

static bool has_offsets(const struct kr_mp4_track *track, bool *below)
{
    size_t n;
    const struct kr_mp4_run *run = runs_of(&track->offset, &n);
    bool any = false;
    *below = false;
    for (size_t i = 0; i < n; i++) {
        any |= run[i].value != 0;
        *below |= (int32_t)run[i].value < 0;
    }
    return any;
}

static void put_numbers(const char *type, const struct kr_buf *numbers, struct kr_buf *out)
{
    size_t at = begin(out, type), n = numbers->n / sizeof(uint32_t);
    put32(out, 0);
    if (strcmp(type, "stsz") == 0)
        put32(out, 0); // each has a size of its own
    put32(out, (uint32_t)n);
    const uint32_t *number = (const uint32_t *)(const void *)numbers->at;
    for (size_t i = 0; i < n; i++)
        put32(out, number[i]);
    end(out, at);
}

static void put_chunks(const struct writing *w)
{
    const struct kr_mp4_chunk *chunk = (const void *)w->track->chunk.at;
    size_t n = w->track->chunk.n / sizeof *chunk, at = begin(w->out, "stsc");
    size_t count_at = w->out->n + 4;
    uint32_t rows = 0;
    put64(w->out, 0);
    for (size_t i = 0; i < n; i++) {
        if (i && chunk[i].samples == chunk[i - 1].samples)
            continue;
        put32(w->out, (uint32_t)i + 1);
        put32(w->out, chunk[i].samples);
        put32(w->out, 1);
        rows++;
    }
    for (int i = 0; i < 4; i++)
        w->out->at[count_at + (size_t)i] = (char)(uint8_t)(rows >> (24 - 8 * i));
    end(w->out, at);
    at = begin(w->out, w->large ? "co64" : "stco");
    put32(w->out, 0);
    put32(w->out, (uint32_t)n);
    for (size_t i = 0; i < n; i++)
        w->large ? put64(w->out, w->base + chunk[i].at)
                 : put32(w->out, (uint32_t)(w->base + chunk[i].at));
    end(w->out, at);
}

static void put_samples(const struct writing *w, const struct kr_box *stbl)
{
    struct kr_box stsd;
    size_t at = begin(w->out, "stbl");
    const struct kr_mp4_track *track = w->track;
    const struct kr_mp4_run last = {1, track->last_lasts};
    bool below, offsets = has_offsets(track, &below);
    if (kr_box_in(stbl, "stsd", &stsd))
        copy(&stsd, w->out);
    put_runs("stts", false, &track->lasts, track->count ? &last : NULL, w->out);
    if (w->is_picture && track->key.n / sizeof(uint32_t) < track->count)
        put_numbers("stss", &track->key, w->out);
    if (offsets)
        put_runs("ctts", below, &track->offset, NULL, w->out);
    put_numbers("stsz", &track->size, w->out);
    put_chunks(w);
    end(w->out, at);
}

// The moment at which its last picture or sound is over.
static int64_t end_of(const struct kr_mp4_track *track)
{
    int64_t last = track->last_dts + (int32_t)track->last_offset + track->last_lasts;
    return last > track->ends ? last : track->ends;
}

struct edit {
    uint64_t lasts; // in steps of the film
    int64_t from;   // in steps of the track; -1: nothing is shown
};

enum { EDITS_MOST = 4 };

static size_t edits_of(const struct kr_box *trak, const struct kr_mp4_track *track,
                       uint32_t track_scale, uint32_t scale, struct edit out[EDITS_MOST])
{
    struct kr_box edts, elst;
    size_t n = 0;
    if (track->late && track->begins_s > 0)
        out[n++] = (struct edit){(uint64_t)(track->begins_s * scale + 0.5), -1};
    if (kr_box_in(trak, "edts", &edts) && kr_box_in(&edts, "elst", &elst) && elst.n >= 8) {
        bool wide = elst.at[0] == 1;
        size_t each = wide ? 20 : 12, many = kr_be32(elst.at + 4);
        for (const uint8_t *at = elst.at + 8;
             many-- && at + each <= elst.at + elst.n && n < EDITS_MOST; at += each) {
            out[n].lasts = wide ? kr_be64(at) : kr_be32(at);
            out[n].from = wide ? (int64_t)kr_be64(at + 8) : (int32_t)kr_be32(at + 4);
            n++;
        }
    } else if (n) {
        out[n++] = (struct edit){0, 0};
    }
    for (size_t i = 0; i < n; i++)
        if (out[i].from >= 0)
            out[i].lasts = rescale_up(
                (uint64_t)(end_of(track) > out[i].from ? end_of(track) - out[i].from : 0),
                track_scale, scale);
    return n;
}

static void put_edits(const struct edit *edits, size_t n, struct kr_buf *out)
{
    size_t outer = begin(out, "edts"), at = begin(out, "elst");
    put32(out, 1u << 24);
    put32(out, (uint32_t)n);
    for (size_t i = 0; i < n; i++) {
        put64(out, edits[i].lasts);
        put64(out, (uint64_t)edits[i].from);
        put32(out, 1u << 16); // as fast as it is
    }
    end(out, at);
    end(out, outer);
}

static void put_media(struct writing *w, const struct kr_box *mdia)
{
    struct kr_str rest = kr_box_inside(mdia), inner;
    struct kr_box box, part;
    size_t at = begin(w->out, "mdia");
    while (kr_box_next(&rest, &box)) {
        if (strcmp(box.type, "hdlr") == 0 && box.n >= 12)
            w->is_picture = memcmp(box.at + 8, "vide", 4) == 0;
        if (strcmp(box.type, "mdhd") == 0) {
            uint64_t all =
                w->track->count ? (uint64_t)w->track->last_dts + w->track->last_lasts : 0;
            put_head(&box, 4, all, w->out);
        } else if (strcmp(box.type, "minf") == 0) {
            size_t minf = begin(w->out, "minf");
            for (inner = kr_box_inside(&box); kr_box_next(&inner, &part);)
                strcmp(part.type, "stbl") == 0 ? put_samples(w, &part) : copy(&part, w->out);
            end(w->out, minf);
        } else {
            copy(&box, w->out);
        }
    }
    end(w->out, at);
}

// Its samples, its scale, and how long it is shown; false for what is no track of ours.
static bool look_at_track(struct writing *w, const struct kr_box *trak, struct edit *edits,
                          size_t *n)
{
    struct kr_box tkhd, mdia, mdhd;
    if (!kr_box_in(trak, "tkhd", &tkhd) || !kr_box_in(trak, "mdia", &mdia) ||
        !kr_box_in(&mdia, "mdhd", &mdhd))
        return false;
    uint32_t id = kr_be32(tkhd.at + (tkhd.at[0] == 1 ? 20 : 12));
    if (id < 1 || id > w->index->count)
        return false;
    w->track = &w->index->track[id - 1];
    w->track_scale = scale_of(&mdhd);
    *n = edits_of(trak, w->track, w->track_scale, w->scale, edits);
    w->track_lasts = *n ? 0 : rescale_up((uint64_t)end_of(w->track), w->track_scale, w->scale);
    for (size_t i = 0; i < *n; i++)
        w->track_lasts += edits[i].lasts;
    return true;
}

static void put_track(struct writing *w, const struct kr_box *trak)
{
    struct edit edits[EDITS_MOST];
    struct kr_str rest = kr_box_inside(trak);
    struct kr_box box;
    size_t n = 0;
    if (!look_at_track(w, trak, edits, &n) || !w->track->count)
        return; // of the cover, which stands elsewhere
    size_t at = begin(w->out, "trak");
    while (kr_box_next(&rest, &box)) {
        if (strcmp(box.type, "tkhd") == 0) {
            put_head(&box, 8, w->track_lasts, w->out);
            if (n)
                put_edits(edits, n, w->out);
        } else if (strcmp(box.type, "mdia") == 0) {
            put_media(w, &box);
        } else if (strcmp(box.type, "edts") != 0) {
            copy(&box, w->out);
        }
    }
    end(w->out, at);
}

static void measure(struct writing *w, struct kr_str rest)
{
    struct edit edits[EDITS_MOST];
    struct kr_box box;
    size_t n;
    while (kr_box_next(&rest, &box)) {
        if (strcmp(box.type, "mvhd") == 0)
            w->scale = scale_of(&box);
        else if (strcmp(box.type, "trak") == 0 && look_at_track(w, &box, edits, &n))
            w->lasts = w->track_lasts > w->lasts ? w->track_lasts : w->lasts;
    }
}

void kr_mp4_index_write(const struct kr_mp4_index *index, struct kr_str moov, uint64_t base,
                        bool large, struct kr_buf *out)
{
    struct writing w = {.index = index, .out = out, .base = base, .large = large};
    struct kr_box outer, box;
    bool is_moov = kr_box_next(&moov, &outer) && strcmp(outer.type, "moov") == 0;
    assert(is_moov);
    struct kr_str rest = kr_box_inside(&outer);
    measure(&w, rest);
    size_t at = begin(out, "moov");
    while (is_moov && kr_box_next(&rest, &box)) {
        if (strcmp(box.type, "mvhd") == 0)
            put_head(&box, 4, w.lasts, out);
        else if (strcmp(box.type, "trak") == 0)
            put_track(&w, &box);
        else if (strcmp(box.type, "mvex") != 0)
            copy(&box, out);
    }
    end(out, at);
}
