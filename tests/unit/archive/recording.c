// SPDX-License-Identifier: AGPL-3.0-or-later
// Through kinreel-media itself: pieces come, and become an item whatever happens between.
#include "archive/recordings.h"
#include "archive_test.h"
#include "store/cache.h"
#include "store/jobs.h"
#include <time.h>

enum { RATE = 8000, HEAD = 44, PIECE = 2 * RATE }; // a second of 16 bits

struct house {
    struct kr_store *store;
    struct kr_wall *wall;
    struct kr_ingest_params by;
};

static void leave(struct house *house)
{
    kr_store_close(&house->store);
    kr_wall_close(&house->wall);
}

static struct house enter(struct kr_test *t)
{
    struct house house = {.store = test_store(t, "a")};
    const struct kr_wall_params params = {.workers = 1};
    EXPECT_OK(kr_wall_open(&params, &house.wall, &t->err));
    house.by = (struct kr_ingest_params){.archive = test_path(t, "a"), .wall = house.wall};
    return house;
}

static void put_le(uint8_t *at, uint32_t value, int bytes)
{
    for (int i = 0; i < bytes; i++)
        at[i] = (uint8_t)(value >> (8 * i));
}

// A WAV of `seconds`, cut into pieces of a second; the head comes with the first.
static struct kr_str piece_of(struct kr_test *t, int seconds, int number)
{
    size_t head = number == 0 ? HEAD : 0;
    uint8_t *bytes = kr_arena_alloc(t->mem, head + PIECE);
    if (head) {
        memcpy(bytes, "RIFF....WAVEfmt ", 16);
        put_le(bytes + 4, (uint32_t)(36 + seconds * PIECE), 4);
        put_le(bytes + 16, 16, 4);
        put_le(bytes + 20, 1, 2);
        put_le(bytes + 22, 1, 2);
        put_le(bytes + 24, RATE, 4);
        put_le(bytes + 28, 2 * RATE, 4);
        put_le(bytes + 32, 2, 2);
        put_le(bytes + 34, 16, 2);
        memcpy(bytes + 36, "data", 4);
        put_le(bytes + 40, (uint32_t)(seconds * PIECE), 4);
    }
    for (int i = 0; i < RATE; i++)
        put_le(bytes + head + 2 * i, (uint32_t)((i * (number + 3)) % 4000), 2);
    return (struct kr_str){(const char *)bytes, head + PIECE};
}

static struct kr_piece named(struct kr_str bytes, int number)
{
    struct kr_piece piece = {.number = (uint32_t)number};
    kr_sha256(bytes.at, bytes.n, piece.sha256);
    return piece;
}

static struct kr_recording_about about(struct kr_test *t)
{
    // 2026-11-29T02:15:00Z, at a place eight hours ahead
    return (struct kr_recording_about){.kind = "sound",
                                       .mime = "audio/wav",
                                       .device = "a microphone",
                                       .cause = kr_json_lend(t->mem, kr_json_new_object()),
                                       .began_ms = INT64_C(1795918500000),
                                       .zone_min = 480};
}

static const char *begin(struct kr_test *t, const struct house *house)
{
    KR_AUTO(kr_recording_leave) struct kr_recording recording = KR_RECORDING_NONE;
    const struct kr_recording_about told = about(t);
    EXPECT_OK(kr_recording_begin(house->store->dir, t->mem, &told, &recording, &t->err));
    return kr_arena_strdup(t->mem, recording.id);
}

static void put(struct kr_test *t, const struct house *house, const char *id, int seconds,
                int number)
{
    KR_AUTO(kr_recording_leave) struct kr_recording recording = KR_RECORDING_NONE;
    struct kr_str bytes = piece_of(t, seconds, number);
    struct kr_piece piece = named(bytes, number);
    EXPECT_OK(kr_recording_take(house->store->dir, t->mem, id, &recording, &t->err));
    EXPECT_OK(kr_recording_put(&recording, &piece, bytes, &t->err));
}

static struct kr_recording taken(struct kr_test *t, const struct house *house, const char *id)
{
    struct kr_recording recording;
    EXPECT_OK(kr_recording_take(house->store->dir, t->mem, id, &recording, &t->err));
    return recording;
}

static json_t *result_of(struct kr_test *t, const struct kr_recording *recording)
{
    json_t *result = NULL;
    EXPECT_OK(kr_json_parse(kr_str_of(recording->result), 10000, &result, &t->err));
    kr_json_lend(t->mem, result);
    return result;
}

static struct kr_item item_of(struct kr_test *t, const struct house *house, const json_t *result)
{
    struct kr_item item;
    EXPECT_OK(kr_item_get(house->store, t->mem, kr_json_str(result, "id", ""), &item, &t->err));
    return item;
}

TEST(pieces_in_any_order_become_an_item_dated_at_its_beginning)
{
    KR_AUTO(leave) struct house house = enter(t);
    const char *id = begin(t, &house);
    const int order[] = {2, 0, 1};
    for (int i = 0; i < 3; i++)
        put(t, &house, id, 3, order[i]);
    struct kr_recording recording = taken(t, &house, id);
    EXPECT_INT(recording.run, 3);
    EXPECT_OK(kr_recording_keep(&recording, &house.by, t->mem, 3, true, &t->err));
    const json_t *result = result_of(t, &recording);
    EXPECT_STR(kr_json_str(result, "status", ""), "added");
    struct kr_item item = item_of(t, &house, result);
    EXPECT_INT(item.duration_ms, 3000);
    EXPECT_INT((int64_t)item.size, HEAD + 3 * PIECE);
    EXPECT_STR(item.date_edtf, "2026-11-29");
    EXPECT_INT(item.wall_ms, about(t).began_ms + INT64_C(480) * 60000);
    EXPECT_STR(item.names, "REC_20261129_101500.wav");
    kr_recording_leave(&recording);
    // To listen to: FLAC. To clean: a job. The raw bytes stay the original.
    struct kr_rendition *made;
    struct kr_job *jobs;
    size_t n;
    EXPECT_OK(kr_renditions_of(house.store, t->mem, item.id, &made, &n, &t->err));
    EXPECT(n == 1 && strcmp(made[0].kind, "proxy") == 0);
    EXPECT_STR(made[0].mime, "audio/flac");
    EXPECT_OK(kr_jobs_list(house.store, t->mem, 10, &jobs, &n, &t->err));
    EXPECT(n == 1 && strcmp(jobs[0].kind, "kit") == 0 && strcmp(jobs[0].item, item.id) == 0);
    // Its pieces are gone, its result can be asked for again.
    recording = taken(t, &house, id);
    EXPECT(recording.whole && recording.n == 0);
    EXPECT_OK(kr_recording_keep(&recording, &house.by, t->mem, 3, true, &t->err));
    EXPECT_STR(kr_json_str(result_of(t, &recording), "id", ""), item.id);
    kr_recording_forget(&recording);
}

TEST(the_same_piece_is_fine_and_another_under_its_number_is_not)
{
    KR_AUTO(leave) struct house house = enter(t);
    const char *id = begin(t, &house);
    struct kr_str bytes = piece_of(t, 2, 0), other = piece_of(t, 2, 1);
    struct kr_piece piece = named(bytes, 0), wrong = named(other, 0);
    put(t, &house, id, 2, 0);
    put(t, &house, id, 2, 0);
    KR_AUTO(kr_recording_leave) struct kr_recording recording = taken(t, &house, id);
    EXPECT_INT(recording.n, 1);
    EXPECT_FAIL(kr_recording_put(&recording, &wrong, other, &t->err), KR_E_EXISTS);
    piece.number = 1; // bytes that do not hash to what was said
    EXPECT_FAIL(kr_recording_put(&recording, &piece, other, &t->err), KR_E_INVALID);
    piece.number = KR_RECORDING_PIECES_MOST;
    EXPECT_FAIL(kr_recording_put(&recording, &piece, bytes, &t->err), KR_E_TOO_BIG);
    EXPECT_FAIL(kr_recording_keep(&recording, &house.by, t->mem, 2, true, &t->err), KR_E_NOT_FOUND);
}

TEST(a_recording_has_one_writer_and_any_number_of_lookers)
{
    KR_AUTO(leave) struct house house = enter(t);
    const char *id = begin(t, &house);
    put(t, &house, id, 1, 0);
    KR_AUTO(kr_recording_leave) struct kr_recording first = taken(t, &house, id);
    struct kr_recording second;
    EXPECT_FAIL(kr_recording_take(house.store->dir, t->mem, id, &second, &t->err), KR_E_BUSY);
    EXPECT_OK(kr_recording_see(house.store->dir, t->mem, id, &second, &t->err));
    EXPECT_INT(second.n, 1);
    kr_recording_leave(&second);
    EXPECT_FAIL(kr_recording_see(house.store->dir, t->mem, "../../etc", &second, &t->err),
                KR_E_NOT_FOUND);
}

static void age(struct kr_test *t, const struct house *house, const char *id, int64_t seconds)
{
    const char *path = kr_arena_format(t->mem, "tmp/recording-%s", id);
    struct timespec then[2] = {{.tv_sec = time(NULL) - seconds}, {0}};
    then[1] = then[0];
    EXPECT(utimensat(house->store->dir, path, then, 0) == 0);
}

TEST(what_nobody_ended_is_kept_after_a_silence_and_the_whole_takes_its_place)
{
    KR_AUTO(leave) struct house house = enter(t);
    struct kr_recordings_tended tended;
    const char *id = begin(t, &house);
    put(t, &house, id, 3, 0);
    put(t, &house, id, 3, 1); // of three; the third does not come yet
    EXPECT_OK(kr_recordings_tend(&house.by, 600, &tended, &t->err));
    EXPECT_INT(tended.kept, 0);
    age(t, &house, id, 700);
    EXPECT_OK(kr_recordings_tend(&house.by, 600, &tended, &t->err));
    EXPECT_INT(tended.kept, 1);
    EXPECT_OK(kr_recordings_tend(&house.by, 0, &tended, &t->err)); // once
    EXPECT_INT(tended.kept, 0);
    struct kr_item_list line = test_line(t, house.store);
    EXPECT_INT(line.n, 1);
    EXPECT_NEAR((double)line.at[0].duration_ms, 2000, 1);

    put(t, &house, id, 3, 2);
    struct kr_recording recording = taken(t, &house, id);
    EXPECT_OK(kr_recording_keep(&recording, &house.by, t->mem, 3, true, &t->err));
    kr_recording_leave(&recording);
    line = test_line(t, house.store);
    EXPECT_INT(line.n, 1); // the part lies in the trash
    EXPECT_INT(line.at[0].duration_ms, 3000);
    age(t, &house, id, 8 * 86400);
    EXPECT_OK(kr_recordings_tend(&house.by, 600, &tended, &t->err));
    EXPECT_INT(tended.swept, 1);
}

TEST(a_gap_ends_what_can_be_kept)
{
    KR_AUTO(leave) struct house house = enter(t);
    struct kr_recordings_tended tended;
    struct kr_recording *all;
    size_t n;
    const char *id = begin(t, &house);
    put(t, &house, id, 4, 0);
    put(t, &house, id, 4, 2);
    put(t, &house, id, 4, 3);
    EXPECT_OK(kr_recordings_tend(&house.by, 0, &tended, &t->err));
    EXPECT_INT(tended.kept, 1);
    EXPECT_OK(kr_recordings_list(house.store->dir, t->mem, &all, &n, &t->err));
    EXPECT(n == 1 && all[0].run == 1 && all[0].n == 3); // and all pieces stay
    EXPECT(!all[0].whole && strstr(all[0].result, "\"pieces\":1"));
}

TEST(what_is_no_sound_is_refused_and_stays)
{
    KR_AUTO(leave) struct house house = enter(t);
    const char *id = begin(t, &house);
    struct kr_str bytes = KR_STR("these are not the bytes of any sound");
    struct kr_piece piece = named(bytes, 0);
    KR_AUTO(kr_recording_leave) struct kr_recording recording = taken(t, &house, id);
    EXPECT_OK(kr_recording_put(&recording, &piece, bytes, &t->err));
    kr_recording_leave(&recording);
    recording = taken(t, &house, id);
    EXPECT_OK(kr_recording_keep(&recording, &house.by, t->mem, 1, true, &t->err));
    EXPECT_STR(kr_json_str(result_of(t, &recording), "status", ""), "refused");
    kr_recording_leave(&recording);
    recording = taken(t, &house, id);
    EXPECT_INT(recording.n, 1);
}

MAIN(CASE(pieces_in_any_order_become_an_item_dated_at_its_beginning),
     CASE(the_same_piece_is_fine_and_another_under_its_number_is_not),
     CASE(a_recording_has_one_writer_and_any_number_of_lookers),
     CASE(what_nobody_ended_is_kept_after_a_silence_and_the_whole_takes_its_place),
     CASE(a_gap_ends_what_can_be_kept), CASE(what_is_no_sound_is_refused_and_stays))
