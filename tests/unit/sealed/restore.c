// SPDX-License-Identifier: AGPL-3.0-or-later
// The restore task through the real program.
#include "base/file.h"
#include "harness.h"
#include "media/picture.h"
#include "media/start.h"
#include "wall/wall.h"
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

enum { WIDTH = 320, HEIGHT = 200 };

static struct kr_wall *wall_of(struct kr_test *t)
{
    struct kr_wall *wall = NULL;
    const struct kr_wall_params params = {.workers = 1, .program = getenv("KINREEL_TEST_MEDIA")};
    EXPECT_OK(kr_wall_open(&params, &wall, &t->err));
    return wall;
}

// A print gone reddish and flat: black has risen, white has sunk.
static int faded_print(struct kr_test *t, enum kr_picture_format format)
{
    KR_AUTO(kr_frame_destroy) struct kr_frame *frame = NULL;
    struct kr_picture_save_params params = KR_PICTURE_SAVE_DEFAULTS;
    params.format = format;
    EXPECT_OK(kr_media_start(&t->err));
    EXPECT_OK(kr_frame_create(KR_RGB8, WIDTH, HEIGHT, &frame, &t->err));
    for (int y = 0; y < HEIGHT; y++)
        for (int x = 0; x < WIDTH; x++) {
            uint8_t *at = frame->plane[0] + y * frame->stride[0] + 3 * x;
            int grey = (x * 255 / WIDTH + 13 * (x / 16 + y / 16)) % 256;
            at[0] = (uint8_t)(90 + grey * 150 / 255);
            at[1] = (uint8_t)(60 + grey * 140 / 255);
            at[2] = (uint8_t)(55 + grey * 130 / 255);
        }
    int fd = kr_test_bytes("", 0);
    EXPECT_OK(kr_picture_save(frame, fd, &params, &t->err));
    EXPECT(lseek(fd, 0, SEEK_SET) == 0);
    return fd;
}

static void darkest_and_lightest(struct kr_test *t, int fd, int channel, int *dark, int *light)
{
    KR_AUTO(kr_frame_destroy) struct kr_frame *frame = NULL;
    const struct kr_picture_params params = KR_PICTURE_DEFAULTS;
    EXPECT(lseek(fd, 0, SEEK_SET) == 0);
    EXPECT_OK(kr_picture_load(fd, &params, &frame, &t->err));
    EXPECT_INT(frame->width, WIDTH);
    *dark = 255;
    *light = 0;
    for (int y = 0; y < frame->height; y++)
        for (int x = 0; x < frame->width; x++) {
            int value = frame->plane[0][y * frame->stride[0] + 3 * x + channel];
            *dark = value < *dark ? value : *dark;
            *light = value > *light ? value : *light;
        }
}

static bool ask(struct kr_test *t, struct kr_wall *wall, int in, int out, const char *args,
                json_t **answer)
{
    KR_AUTO(kr_json_drop) json_t *json = NULL;
    EXPECT_OK(kr_json_parse(kr_str_of(args), 4096, &json, &t->err));
    const int fds[] = {in, out};
    const struct kr_question question = {
        .task = "restore", .args = json, .fds = fds, .fd_count = 2};
    return kr_wall_ask(wall, &question, answer, &t->err);
}

TEST(a_faded_print_gets_its_range_back_in_every_format)
{
    static const char *const formats[] = {"jpeg", "png", "tiff", "webp"};
    KR_AUTO(kr_wall_close) struct kr_wall *wall = wall_of(t);
    KR_AUTO(kr_fd_close) int in = faded_print(t, KR_PNG);
    for (size_t i = 0; i < KR_COUNT(formats); i++) {
        KR_AUTO(kr_fd_close) int out = kr_test_bytes("what was there before", 21);
        KR_AUTO(kr_json_drop) json_t *answer = NULL;
        EXPECT_OK(
            ask(t, wall, in, out,
                kr_arena_format(t->mem, "{\"steps\":[\"fade\"],\"format\":\"%s\"}", formats[i]),
                &answer));
        EXPECT_INT(kr_json_int(answer, "width", 0), WIDTH);
        EXPECT_INT(kr_json_int(answer, "height", 0), HEIGHT);
        const json_t *recipe = kr_json_get(answer, "recipe");
        EXPECT_STR(kr_json_str(json_array_get(recipe, 0), "step", ""), "fade");
        int dark, light;
        darkest_and_lightest(t, out, 0, &dark, &light);
        EXPECT(light - dark > 190); // it was 150
    }
}

TEST(a_recipe_makes_the_same_picture_again)
{
    KR_AUTO(kr_wall_close) struct kr_wall *wall = wall_of(t);
    KR_AUTO(kr_fd_close) int in = faded_print(t, KR_JPEG);
    KR_AUTO(kr_fd_close) int first = kr_test_bytes("", 0), again = kr_test_bytes("", 0);
    KR_AUTO(kr_json_drop) json_t *answer = NULL, *same = NULL;
    EXPECT_OK(ask(t, wall, in, first, "{\"format\":\"png\"}", &answer));
    const char *recipe = kr_json_text(t->mem, kr_json_get(answer, "recipe"));
    EXPECT_OK(ask(t, wall, in, again,
                  kr_arena_format(t->mem, "{\"format\":\"png\",\"recipe\":%s}", recipe), &same));
    struct kr_str one, two;
    EXPECT(lseek(first, 0, SEEK_SET) == 0 && lseek(again, 0, SEEK_SET) == 0);
    EXPECT_OK(kr_read_all(t->mem, first, 1 << 24, &one, &t->err));
    EXPECT_OK(kr_read_all(t->mem, again, 1 << 24, &two, &t->err));
    EXPECT(one.n == two.n && memcmp(one.at, two.at, one.n) == 0);
}

TEST(what_cannot_be_done_is_refused_with_its_reason)
{
    KR_AUTO(kr_wall_close) struct kr_wall *wall = wall_of(t);
    KR_AUTO(kr_fd_close) int in = faded_print(t, KR_JPEG), out = kr_test_bytes("", 0);
    KR_AUTO(kr_fd_close) int text = kr_test_bytes("not a picture at all", 20);
    json_t *answer;
    EXPECT_FAIL(ask(t, wall, in, out, "{\"steps\":[\"beautify\"]}", &answer), KR_E_UNSUPPORTED);
    EXPECT_FAIL(ask(t, wall, in, out, "{\"format\":\"exe\"}", &answer), KR_E_INVALID);
    EXPECT_FAIL(ask(t, wall, in, out, "{\"quality\":400}", &answer), KR_E_INVALID);
    EXPECT_FAIL(ask(t, wall, text, out, "{}", &answer), KR_E_UNSUPPORTED);
}

TEST(real_prints_go_through)
{
    static const char *const names[] = {"old-photos/open/postcards/demo_001.jpg",
                                        "old-photos/open/nypl-album-pages/715892f.jpg",
                                        "old-photos/open/tibet-1900-prints/10-lhasa-street.png"};
    for (size_t i = 0; i < KR_COUNT(names); i++)
        if (!kr_test_material(t, names[i]))
            SKIP("no ../shared/material"); // jumps: nothing may be open yet
    KR_AUTO(kr_wall_close) struct kr_wall *wall = wall_of(t);
    for (size_t i = 0; i < KR_COUNT(names); i++) {
        const char *path = kr_test_material(t, names[i]);
        KR_AUTO(kr_fd_close) int in = open(path, O_RDONLY | O_CLOEXEC);
        KR_AUTO(kr_fd_close) int out = kr_test_bytes("", 0);
        KR_AUTO(kr_json_drop) json_t *answer = NULL;
        EXPECT_OK(ask(t, wall, in, out, "{}", &answer));
        EXPECT(kr_json_int(answer, "width", 0) > 0 && lseek(out, 0, SEEK_END) > 1000);
    }
}

MAIN(CASE(a_faded_print_gets_its_range_back_in_every_format),
     CASE(a_recipe_makes_the_same_picture_again),
     CASE(what_cannot_be_done_is_refused_with_its_reason), CASE(real_prints_go_through))
