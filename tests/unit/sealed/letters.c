// SPDX-License-Identifier: AGPL-3.0-or-later
// Chinese letters inside the seal, where no font file can be opened.
#include "base/file.h"
#include "harness.h"
#include "media/lettering.h"
#include "media/start.h"
#include "wall/wall.h"
#include <stdlib.h>
#include <unistd.h>

// None of these stands in the sample that opens the fonts.
static const char *const texts[] = {
    "爷爷一九七二年冬骑车去县城",
    "外婆的缝纫机与蓝布衫",
    "Our bridge, torn down in 2003",
    "鱔魚飯 灣仔",
};

static json_t *args_of(const char *text, int face)
{
    json_t *args = kr_json_new_object();
    kr_json_set_str(args, "text", text);
    kr_json_set_bool(args, "serif", face & 1);
    kr_json_set_bool(args, "bold", face & 2);
    kr_json_set_real(args, "size", 30 + 7 * face);
    return args;
}

static struct kr_frame *set_here(struct kr_test *t, const char *text, int face)
{
    struct kr_frame *frame = NULL;
    const struct kr_lettering lettering = {.text = text,
                                           .lang = "zh-CN",
                                           .serif = face & 1,
                                           .bold = (face & 2) != 0,
                                           .size_px = 30 + 7 * face,
                                           .width_px = 900,
                                           .colour = 0xFFFFFF};
    EXPECT_OK(kr_lettering_set(&lettering, &frame, &t->err));
    return frame;
}

static void expect_same_letters(struct kr_test *t, struct kr_wall *wall, const char *text, int face)
{
    KR_AUTO(kr_fd_close) int out = kr_test_bytes("", 0);
    KR_AUTO(kr_json_drop) json_t *args = args_of(text, face), *answer = NULL;
    const struct kr_question question = {
        .task = "letters", .task_class = KR_TASK_PICTURE, .args = args, .fds = &out, .fd_count = 1};
    EXPECT_OK(kr_wall_ask(wall, &question, &answer, &t->err));
    KR_AUTO(kr_frame_destroy) struct kr_frame *frame = set_here(t, text, face);
    EXPECT_INT(kr_json_int(answer, "width", 0), frame->width);
    EXPECT_INT(kr_json_int(answer, "height", 0), frame->height);
    struct kr_str pixels;
    size_t row = (size_t)frame->width * 4;
    EXPECT(lseek(out, 0, SEEK_SET) == 0);
    EXPECT_OK(kr_read_all(t->mem, out, 1 << 26, &pixels, &t->err));
    EXPECT_INT(pixels.n, row * (size_t)frame->height);
    for (int y = 0; y < frame->height; y++)
        EXPECT(memcmp(pixels.at + (size_t)y * row, frame->plane[0] + y * frame->stride[0], row) ==
               0);
}

TEST(letters_are_the_same_inside_the_seal_as_outside)
{
    KR_AUTO(kr_wall_close) struct kr_wall *wall = NULL;
    const struct kr_wall_params params = {.workers = 1, .program = getenv("KINREEL_TEST_LETTERS")};
    EXPECT_OK(kr_wall_open(&params, &wall, &t->err));
    EXPECT_OK(kr_media_start(&t->err));
    for (int round = 0; round < 3; round++) // faces in turn: none may have been closed meanwhile
        for (int face = 0; face < 4; face++)
            for (size_t i = 0; i < KR_COUNT(texts); i++)
                expect_same_letters(t, wall, texts[i], face);
}

MAIN(CASE(letters_are_the_same_inside_the_seal_as_outside))
