// SPDX-License-Identifier: AGPL-3.0-or-later
// A small film in Chinese through the real program: letters, photograph, files.
#include "base/file.h"
#include "harness.h"
#include "media/picture.h"
#include "media/reader.h"
#include "media/start.h"
#include "wall/wall.h"
#include <stdlib.h>
#include <unistd.h>

static int photograph(struct kr_test *t)
{
    KR_AUTO(kr_frame_destroy) struct kr_frame *frame = NULL;
    const struct kr_picture_save_params params = KR_PICTURE_SAVE_DEFAULTS;
    int fd = kr_test_bytes("", 0);
    EXPECT_OK(kr_media_start(&t->err));
    EXPECT_OK(kr_frame_create(KR_RGB8, 400, 300, &frame, &t->err));
    for (int y = 0; y < 300; y++)
        for (int x = 0; x < 3 * 400; x++)
            frame->plane[0][y * frame->stride[0] + x] = (uint8_t)(40 + (x + 2 * y) % 170);
    EXPECT_OK(kr_picture_save(frame, fd, &params, &t->err));
    return fd;
}

static const char story[] =
    "{\"version\":1,\"title\":\"桥边的家\",\"lang\":\"zh-CN\",\"width\":320,\"height\":240,"
    "\"fps\":25,\"fade_s\":0.2,\"ground\":\"blur\",\"shots\":["
    "{\"kind\":\"title\",\"text\":\"桥边的家\",\"still_s\":1.0},"
    "{\"kind\":\"media\",\"media\":0,\"from\":[0,0,1,1],\"to\":[0.1,0.1,0.8,0.8],"
    "\"still_s\":1.0,\"volume\":1.0,\"caption\":\"奶奶在老屋门前\",\"chapter\":\"老屋\"}]}";

static bool ask(struct kr_test *t, const char *shots, const int fds[4], json_t **answer)
{
    KR_AUTO(kr_wall_close) struct kr_wall *wall = NULL;
    KR_AUTO(kr_json_drop) json_t *args = NULL;
    const struct kr_wall_params params = {.workers = 1, .program = getenv("KINREEL_TEST_MEDIA")};
    EXPECT_OK(kr_wall_open(&params, &wall, &t->err));
    EXPECT_OK(kr_json_parse(kr_str_of(shots), 8192, &args, &t->err));
    const struct kr_question question = {
        .task = "film", .task_class = KR_TASK_FILM, .args = args, .fds = fds, .fd_count = 4};
    return kr_wall_ask(wall, &question, answer, &t->err);
}

TEST(a_story_becomes_a_film_its_words_and_its_poster)
{
    int fds[4] = {kr_test_bytes("old", 3), kr_test_bytes("old", 3), kr_test_bytes("old", 3),
                  photograph(t)};
    KR_AUTO(kr_json_drop) json_t *answer = NULL;
    EXPECT_OK(ask(t, story, fds, &answer));
    EXPECT_INT(kr_json_int(answer, "duration_ms", 0), 2000);
    KR_AUTO(kr_reader_close) struct kr_reader *reader = NULL;
    const struct kr_reader_params as_it_is = KR_READER_DEFAULTS;
    for (int i = 0; i < 3; i++)
        EXPECT(lseek(fds[i], 0, SEEK_SET) == 0);
    EXPECT_OK(kr_reader_open(fds[0], &as_it_is, &reader, &t->err));
    EXPECT_INT(kr_reader_info(reader)->width, 320);
    EXPECT_NEAR(kr_reader_info(reader)->duration_s, 2, 0.1);
    struct kr_str words;
    EXPECT_OK(kr_read_all(t->mem, fds[1], 1 << 16, &words, &t->err));
    EXPECT(kr_starts_with(words.at, "WEBVTT") && strstr(words.at, "奶奶在老屋门前"));
    KR_AUTO(kr_frame_destroy) struct kr_frame *poster = NULL;
    const struct kr_picture_params params = KR_PICTURE_DEFAULTS;
    EXPECT_OK(kr_picture_load(fds[2], &params, &poster, &t->err));
    for (int i = 0; i < 4; i++)
        kr_fd_close(&fds[i]);
}

TEST(a_shot_list_that_asks_for_media_that_are_not_there_is_refused)
{
    int fds[4] = {kr_test_bytes("", 0), kr_test_bytes("", 0), kr_test_bytes("", 0),
                  kr_test_bytes("", 0)};
    char wrong[sizeof story];
    memcpy(wrong, story, sizeof story);
    char *number = strstr(wrong, "\"media\":0");
    number[strlen("\"media\":")] = '7';
    json_t *answer;
    EXPECT_FAIL(ask(t, wrong, fds, &answer), KR_E_INVALID);
    for (int i = 0; i < 4; i++)
        kr_fd_close(&fds[i]);
}

MAIN(CASE(a_story_becomes_a_film_its_words_and_its_poster),
     CASE(a_shot_list_that_asks_for_media_that_are_not_there_is_refused))
