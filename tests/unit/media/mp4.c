// SPDX-License-Identifier: AGPL-3.0-or-later
// The index of a film that is longer, and larger, than 32 bits can say.
#include "made.h"
#include "media/mp4_index_priv.h"
#include <unistd.h>

static const uint64_t far = 5000000000, long_gap = 3000000000; // bytes; steps of a track

// The moov of a small film: where the index of a large one takes what it says of its tracks.
static struct kr_str moov_of_small_film(struct kr_test *t)
{
    const struct made_film film = {
        .width = 64, .height = 48, .frames = 5, .fps_num = 25, .fps_den = 1};
    struct kr_str all;
    struct kr_box box;
    KR_AUTO(kr_fd_close) int fd = made_film(t, &film);
    EXPECT(lseek(fd, 0, SEEK_SET) == 0);
    EXPECT_OK(kr_read_all(t->mem, fd, 1 << 20, &all, &t->err));
    for (const char *from = all.at; kr_box_next(&all, &box); from = all.at)
        if (strcmp(box.type, "moov") == 0)
            return (struct kr_str){from, (size_t)(all.at - from)};
    EXPECT(!"there is no moov");
    return all;
}

// Three pictures, each long after the one before, the last beyond 4 GB.
static struct kr_mp4_index three_samples(void)
{
    struct kr_mp4_index index = {0};
    struct kr_mp4_track *track = kr_mp4_index_track(&index, 1);
    for (uint32_t i = 0; i < 3; i++) {
        const struct kr_mp4_chunk chunk = {i == 2 ? far : i * 1000, 1};
        const uint32_t size = 500 + i;
        kr_buf_add(&track->chunk, &chunk, sizeof chunk);
        kr_buf_add(&track->size, &size, sizeof size);
    }
    const struct kr_mp4_run gaps = {2, (uint32_t)long_gap}, none = {3, 0};
    const uint32_t first = 1;
    kr_buf_add(&track->lasts, &gaps, sizeof gaps);
    kr_buf_add(&track->offset, &none, sizeof none);
    kr_buf_add(&track->key, &first, sizeof first);
    track->count = 3;
    track->last_dts = 2 * (int64_t)long_gap;
    track->last_lasts = 40;
    return index;
}

// Follows boxes inside boxes.
static struct kr_box deep(const struct kr_buf *moov, const char *const *types)
{
    struct kr_str rest = {moov->at, moov->n};
    struct kr_box box;
    EXPECT(kr_box_next(&rest, &box));
    for (; *types; types++) {
        struct kr_box outer = box;
        EXPECT(kr_box_in(&outer, *types, &box));
    }
    return box;
}

TEST(places_and_times_beyond_32_bits_are_told_in_64)
{
    KR_AUTO(kr_buf_finish) struct kr_buf moov = {0};
    KR_AUTO(kr_mp4_index_finish) struct kr_mp4_index index = three_samples();
    kr_mp4_index_write(&index, moov_of_small_film(t), 100, true, &moov);
    const char *const places[] = {"trak", "mdia", "minf", "stbl", "co64", NULL};
    const char *const media[] = {"trak", "mdia", "mdhd", NULL};
    const char *const sizes[] = {"trak", "mdia", "minf", "stbl", "stsz", NULL};
    const char *const keys[] = {"trak", "mdia", "minf", "stbl", "stss", NULL};
    struct kr_box box = deep(&moov, places);
    EXPECT_INT(kr_be32(box.at + 4), 3);
    EXPECT_INT(kr_be64(box.at + 8), 100);
    EXPECT_INT(kr_be64(box.at + 24), 100 + far);
    box = deep(&moov, media);
    EXPECT_INT(box.at[0], 1);
    EXPECT_INT(kr_be64(box.at + 24), 2 * long_gap + 40);
    box = deep(&moov, sizes);
    EXPECT_INT(kr_be32(box.at + 8), 3);
    EXPECT_INT(kr_be32(box.at + 20), 502);
    box = deep(&moov, keys);
    EXPECT_INT(kr_be32(box.at + 4), 1);
}

TEST(a_small_film_is_told_in_32)
{
    KR_AUTO(kr_buf_finish) struct kr_buf moov = {0};
    KR_AUTO(kr_mp4_index_finish) struct kr_mp4_index index = three_samples();
    index.track[0].last_dts = 80;
    kr_mp4_index_write(&index, moov_of_small_film(t), 100, false, &moov);
    const char *const places[] = {"trak", "mdia", "minf", "stbl", "stco", NULL};
    const char *const media[] = {"trak", "mdia", "mdhd", NULL};
    struct kr_box box = deep(&moov, places);
    EXPECT_INT(kr_be32(box.at + 12), 1100);
    box = deep(&moov, media);
    EXPECT_INT(box.at[0], 0);
    EXPECT_INT(kr_be32(box.at + 16), 120);
}

MAIN(CASE(places_and_times_beyond_32_bits_are_told_in_64), CASE(a_small_film_is_told_in_32))
