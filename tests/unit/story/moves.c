// SPDX-License-Identifier: AGPL-3.0-or-later
#include "story/moves.h"

#include "harness.h"

static bool is_inside(const struct kr_rect *rect)
{
    return rect->x >= -1e-9 && rect->y >= -1e-9 && rect->x + rect->w <= 1 + 1e-9 &&
           rect->y + rect->h <= 1 + 1e-9;
}

static bool holds(const struct kr_rect *view, const struct kr_rect *face)
{
    return view->x <= face->x + 1e-9 && view->y <= face->y + 1e-9 &&
           view->x + view->w >= face->x + face->w - 1e-9 &&
           view->y + view->h >= face->y + face->h - 1e-9;
}

TEST(pictures_come_nearer_and_draw_back_in_turn)
{
    (void)t;
    struct kr_rect from, to;
    kr_move_choose(NULL, 0, 0, &from, &to);
    EXPECT(from.w == 1 && to.w < 1);
    EXPECT(to.y + to.h / 2 < 0.5); // a little above the middle
    EXPECT_NEAR(to.x + to.w / 2, 0.5, 1e-9);
    kr_move_choose(NULL, 0, 1, &from, &to);
    EXPECT(from.w < 1 && to.w == 1);
}

TEST(a_view_is_drawn_to_the_face_and_cuts_none)
{
    (void)t;
    static const struct kr_rect faces[][2] = {
        {{0.7, 0.7, 0.2, 0.2}, {0.7, 0.7, 0.2, 0.2}},
        {{0.0, 0.0, 0.1, 0.1}, {0.9, 0.9, 0.1, 0.1}}, // at opposite corners
        {{0.02, 0.1, 0.1, 0.2}, {0.5, 0.1, 0.2, 0.2}},
        {{0.95, 0.4, 0.05, 0.1}, {0.95, 0.4, 0.05, 0.1}},
    };
    for (size_t i = 0; i < KR_COUNT(faces); i++) {
        struct kr_rect from, to;
        kr_move_choose(faces[i], 2, 0, &from, &to);
        EXPECT(is_inside(&to) && to.w >= 0.9 - 1e-9 && to.h >= 0.9 - 1e-9);
        EXPECT(holds(&to, &faces[i][0]) && holds(&to, &faces[i][1]));
    }
    struct kr_rect from, to;
    kr_move_choose(faces[0], 1, 0, &from, &to);
    EXPECT_NEAR(to.x + to.w, 1, 1e-9); // towards the right, where the face is
}

MAIN(CASE(pictures_come_nearer_and_draw_back_in_turn),
     CASE(a_view_is_drawn_to_the_face_and_cuts_none))
