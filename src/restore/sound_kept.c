// SPDX-License-Identifier: AGPL-3.0-or-later
#include "restore/sound_kept.h"

#include "media/samples.h"

enum { BLOCK = 1 << 16 }; // samples

struct kr_sound_kept {
    int channels;
    size_t most;   // bytes
    bool over;     // it was too much: nothing is kept
    float **block; // each of BLOCK samples of the first channel, then of the second
    size_t blocks, room;
    uint64_t added, taken;
};

struct kr_sound_kept *kr_sound_kept_create(int channels, size_t most)
{
    struct kr_sound_kept *kept = kr_new(struct kr_sound_kept);
    kept->channels = channels;
    kept->most = most;
    return kept;
}

static void empty(struct kr_sound_kept *kept)
{
    for (size_t b = 0; b < kept->blocks; b++)
        kr_free(&kept->block[b]);
    kr_free(&kept->block);
    kept->blocks = kept->room = 0;
    kept->added = 0;
}

void kr_sound_kept_destroy(struct kr_sound_kept **kept)
{
    if (*kept)
        empty(*kept);
    kr_free(kept);
}

static bool make_room(struct kr_sound_kept *kept)
{
    size_t size = (size_t)kept->channels * BLOCK;
    if ((kept->blocks + 1) * size * sizeof(float) > kept->most)
        return false;
    if (kept->blocks == kept->room) {
        kept->room = kept->room ? 2 * kept->room : 16;
        kept->block = kr_realloc_array(kept->block, kept->room, sizeof *kept->block);
    }
    kept->block[kept->blocks++] = kr_new_array(float, size);
    return true;
}

void kr_sound_kept_add(struct kr_sound_kept *kept, float *const channel[], size_t n)
{
    for (size_t at = 0, many; at < n && !kept->over; at += many) {
        size_t place = kept->added % BLOCK;
        many = n - at < BLOCK - place ? n - at : BLOCK - place;
        if (place == 0 && !make_room(kept)) {
            empty(kept);
            kept->over = true;
            return;
        }
        float *block = kept->block[kept->added / BLOCK];
        for (int c = 0; c < kept->channels; c++)
            memcpy(block + (size_t)c * BLOCK + place, channel[c] + at, many * sizeof *block);
        kept->added += many;
    }
}

bool kr_sound_kept_is_whole(const struct kr_sound_kept *kept)
{
    return !kept->over;
}

void kr_sound_kept_take(struct kr_sound_kept *kept, float *const channel[], size_t n)
{
    for (size_t at = 0, many; at < n && kept->taken < kept->added; at += many) {
        size_t place = kept->taken % BLOCK, left = (size_t)(kept->added - kept->taken);
        many = n - at < BLOCK - place ? n - at : BLOCK - place;
        many = many < left ? many : left;
        const float *block = kept->block[kept->taken / BLOCK];
        for (int c = 0; c < kept->channels; c++)
            memcpy(channel[c] + at, block + (size_t)c * BLOCK + place, many * sizeof *block);
        kept->taken += many;
    }
}
