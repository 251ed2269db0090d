// SPDX-License-Identifier: AGPL-3.0-or-later
#include "restore/framing.h"

#include "harness.h"
#include <math.h>

enum { WIDTH = 1920, HEIGHT = 1080 };

static struct kr_framing named(struct kr_test *t, const char *name)
{
    struct kr_framing framing = {0};
    (void)t;
    EXPECT(kr_framing_of(name, &framing));
    return framing;
}

static void shows(const struct kr_framing *framing, double part, double rect[4])
{
    double m[6];
    kr_framing_map(framing, part, WIDTH, HEIGHT, m);
    rect[0] = m[2];
    rect[1] = m[5];
    rect[2] = m[0] * WIDTH + m[1] * HEIGHT + m[2];
    rect[3] = m[3] * WIDTH + m[4] * HEIGHT + m[5];
}

TEST(a_place_shows_its_part_of_the_picture)
{
    static const struct {
        const char *name;
        double rect[4];
    } known[] = {{"left", {0, HEIGHT / 6.0, WIDTH / 1.5, HEIGHT * 5 / 6.0}},
                 {"bottom-right-close", {WIDTH / 2.0, HEIGHT / 2.0, WIDTH, HEIGHT}},
                 {"top-wide", {WIDTH * 0.1, 0, WIDTH * 0.9, HEIGHT * 0.8}},
                 {"middle-close", {WIDTH / 4.0, HEIGHT / 4.0, WIDTH * 0.75, HEIGHT * 0.75}}};
    for (size_t i = 0; i < KR_COUNT(known); i++) {
        struct kr_framing framing = named(t, known[i].name);
        double rect[4];
        shows(&framing, 0.3, rect);
        for (int k = 0; k < 4; k++)
            EXPECT_NEAR(rect[k], known[i].rect[k], 1e-6);
    }
}

TEST(a_move_goes_softly_from_the_whole_to_the_place_and_back)
{
    struct kr_framing in = named(t, "in-top-left"), out = named(t, "out-top-left");
    double rect[4], back[4], last = WIDTH, step = 0, steps_most = 0;
    shows(&in, 0, rect);
    EXPECT_NEAR(rect[2], WIDTH, 1e-6);
    EXPECT_NEAR(rect[3], HEIGHT, 1e-6);
    for (int i = 0; i <= 300; i++) {
        shows(&in, i / 300.0, rect);
        shows(&out, 1 - i / 300.0, back);
        EXPECT(fabs(rect[0]) < 1e-6 && fabs(rect[1]) < 1e-6); // the corner stays
        EXPECT(rect[2] <= last + 1e-9 && rect[2] <= WIDTH && rect[3] <= HEIGHT);
        EXPECT_NEAR(rect[2], back[2], 1e-6);
        steps_most = fmax(steps_most, fabs(last - rect[2] - step));
        step = last - rect[2];
        last = rect[2];
    }
    EXPECT(steps_most < 0.2); // px: no frame jumps
    EXPECT_NEAR(rect[2], WIDTH / 1.5, 1e-6);
}

TEST(a_strange_name_is_none)
{
    static const char *const strange[] = {"",       "lef",        "left-",           "in-",
                                          "in-out", "close-left", "left-wide-close", "LEFT"};
    struct kr_framing framing = {.cut = 7};
    (void)t;
    for (size_t i = 0; i < KR_COUNT(strange); i++)
        EXPECT(!kr_framing_of(strange[i], &framing));
    EXPECT_NEAR(framing.cut, 7, 0);
    EXPECT(kr_framing_of("in", &framing) && framing.move == 1);
    EXPECT(kr_framing_of("out", &framing) && framing.move == -1);
}

MAIN(CASE(a_place_shows_its_part_of_the_picture),
     CASE(a_move_goes_softly_from_the_whole_to_the_place_and_back), CASE(a_strange_name_is_none))
