// SPDX-License-Identifier: AGPL-3.0-or-later
#include "scenes.h"

#include "brush.h"
#include <math.h>
#include <string.h>

static void wall_of_bricks(cairo_t *c, struct kr_dice *dice, double x, double y, double w, double h,
                           uint32_t base)
{
    kr_ink(c, base, 1);
    kr_box(c, x, y, w, h);
    int rows = (int)ceil(h / 0.022), columns = (int)ceil(w / 0.06) + 1;
    for (int j = 0; j < rows; j++)
        for (int i = 0; i < columns; i++) {
            double row = y + j * 0.022, at = x + i * 0.06 - (j % 2 ? 0.03 : 0);
            if (at >= x + w)
                break;
            kr_ink(c, kr_roll(dice, 0, 1) < 0.5 ? 0xFFFFFF : 0x000000, kr_roll(dice, 0, 0.09));
            double left = at < x ? x : at, right = at + 0.057 > x + w ? x + w : at + 0.057;
            kr_box(c, left, row, right - left, 0.019);
        }
}

static void roof(cairo_t *c, double x, double y, double w, double h)
{
    kr_ink(c, 0x3B4046, 1);
    cairo_move_to(c, x - 0.06, y);
    cairo_curve_to(c, x + w * 0.15, y - h * 0.3, x + w * 0.3, y - h * 0.8, x + w * 0.5, y - h);
    cairo_curve_to(c, x + w * 0.7, y - h * 0.8, x + w * 0.85, y - h * 0.3, x + w + 0.06, y);
    cairo_fill(c);
    for (int i = 0; i < 40; i++) {
        double at = x + w * i / 39.0, rise = 1 - fabs(at - x - w / 2) / (w / 2 + 0.06);
        kr_ink(c, 0x14171A, 0.5);
        kr_box(c, at, y - h * rise * 0.82, 0.006, h * rise * 0.8);
    }
    kr_ink(c, 0x23272B, 1);
    kr_box(c, x - 0.06, y - 0.012, w + 0.12, 0.02);
}

static void house(cairo_t *c, struct kr_dice *dice, double x, double foot, double s)
{
    wall_of_bricks(c, dice, x, foot - s * 0.5, s * 1.3, s * 0.5, 0x8C8A82);
    roof(c, x, foot - s * 0.5, s * 1.3, s * 0.26);
    kr_ink(c, 0x5B2A1D, 1); // the door and its couplets
    kr_box(c, x + s * 0.52, foot - s * 0.34, s * 0.26, s * 0.34);
    kr_ink(c, 0x2D130D, 1);
    kr_box(c, x + s * 0.645, foot - s * 0.34, s * 0.01, s * 0.34);
    kr_ink(c, 0xB3261E, 1);
    kr_box(c, x + s * 0.475, foot - s * 0.33, s * 0.035, s * 0.3);
    kr_box(c, x + s * 0.79, foot - s * 0.33, s * 0.035, s * 0.3);
    kr_box(c, x + s * 0.54, foot - s * 0.385, s * 0.22, s * 0.035);
    for (int i = 0; i < 2; i++) {
        double at = x + s * (i ? 0.95 : 0.12);
        kr_ink(c, 0x3A2C22, 1);
        kr_box(c, at, foot - s * 0.34, s * 0.22, s * 0.17);
        kr_ink(c, 0xC9D3C6, 0.8);
        for (int k = 0; k < 6; k++) {
            int row = k / 3;
            kr_box(c, at + s * (0.012 + 0.07 * (k % 3)), foot - s * (0.33 - 0.08 * row), s * 0.055,
                   s * 0.065);
        }
    }
}

static void row_of_people(cairo_t *c, const struct kr_person *people, size_t n)
{
    for (size_t i = 0; i < n; i++)
        kr_draw_person(c, &people[i]);
}

static void group_portrait(void *cairo, double width, unsigned seed)
{
    cairo_t *c = cairo;
    struct kr_dice dice = {seed};
    kr_sky(c, width, 0x7FB0D6, 0xE9E4D2, 0.63);
    kr_ground(c, width, 0.62, 0xB49B78, 0xA89273);
    house(c, &dice, 0.24, 0.68, 0.82);
    kr_draw_tree(c, &dice, 1.36, 0.74, 0.72, 0x4F7A33);
    kr_draw_bicycle(c, 0.17, 0.8, 0.3);
    static const struct kr_person people[] = {
        {0.42, 0.86, 0.52, 0x2F4E7A, 0x2C3440, 0x1B1512, 0xE2B48E, KR_MAN, 0.05, false, false},
        {0.62, 0.86, 0.49, 0xB2403A, 0x39424E, 0x1B1512, 0xEBC19C, KR_WOMAN, -0.1, false, false},
        {0.83, 0.86, 0.53, 0x4A6B4D, 0x33373C, 0x1B1512, 0xDCAC86, KR_MAN, 0, false, false},
        {1.04, 0.86, 0.48, 0xD7B64B, 0x3C3F56, 0x1B1512, 0xECC5A2, KR_WOMAN, 0.12, false, false},
        {0.55, 0.96, 0.44, 0x33373B, 0x2A2D31, 0xBDB7AE, 0xD6A880, KR_ELDER, -0.05, true, false},
        {0.9, 0.96, 0.44, 0x39445E, 0x2B2F38, 0xC9C3BA, 0xDDB08A, KR_ELDER, 0.06, true, false},
        {0.725, 0.97, 0.31, 0xC8443C, 0x2F4D8C, 0x1B1512, 0xF0CBA8, KR_CHILD, 0.1, false, false},
    };
    row_of_people(c, people, KR_COUNT(people));
}

static void wedding(void *cairo, double width, unsigned seed)
{
    cairo_t *c = cairo;
    struct kr_dice dice = {seed};
    kr_ink(c, 0xA92A24, 1);
    kr_box(c, 0, 0, width, 1);
    for (int i = 0; i < 60; i++) { // the gold of the wall
        kr_ink(c, 0xE3B23C, kr_roll(&dice, 0.03, 0.14));
        kr_disc(c, kr_roll(&dice, 0, width), kr_roll(&dice, 0, 0.6), kr_roll(&dice, 0.02, 0.09),
                kr_roll(&dice, 0.02, 0.09));
    }
    kr_ink(c, 0xF2C84B, 1); // double happiness, in strokes
    for (int side = 0; side < 2; side++) {
        double x = width / 2 - 0.13 + 0.14 * side;
        kr_box(c, x, 0.08, 0.12, 0.014);
        kr_box(c, x + 0.053, 0.05, 0.014, 0.06);
        kr_box(c, x + 0.015, 0.105, 0.09, 0.012);
        kr_box(c, x + 0.02, 0.125, 0.08, 0.045);
        kr_box(c, x, 0.19, 0.12, 0.014);
        kr_box(c, x + 0.02, 0.215, 0.08, 0.05);
    }
    kr_ground(c, width, 0.78, 0x6A3A28, 0x7E4832);
    static const struct kr_person people[] = {
        {0.58, 0.93, 0.62, 0x26292F, 0x23262B, 0x16110E, 0xE3B590, KR_MAN, 0.12, false, true},
        {0.82, 0.93, 0.58, 0xD8392F, 0xC22F28, 0x16110E, 0xF0CAA8, KR_WOMAN, -0.14, false, true},
        {0.3, 0.95, 0.52, 0x4E5A6C, 0x33373D, 0xBDB7AE, 0xDDB08A, KR_ELDER, 0.08, false, false},
        {1.12, 0.95, 0.5, 0x6D4D6B, 0x3A3340, 0xC4BDB4, 0xDFB592, KR_ELDER, -0.06, false, false},
        {0.7, 0.99, 0.34, 0xF3D34F, 0x3159A5, 0x16110E, 0xF1CEAE, KR_CHILD, 0, false, false},
    };
    row_of_people(c, people, KR_COUNT(people));
    for (int i = 0; i < 140; i++) {
        static const uint32_t paper[] = {0xF7D64A, 0xF06A4A, 0xF3F0E6, 0x6CC2A0};
        kr_ink(c, paper[(int)kr_roll(&dice, 0, 3.99)], 0.9);
        kr_box(c, kr_roll(&dice, 0, width), kr_roll(&dice, 0.1, 1), 0.008, 0.012);
    }
}

static void banquet(void *cairo, double width, unsigned seed)
{
    cairo_t *c = cairo;
    struct kr_dice dice = {seed};
    kr_sky(c, width, 0x6A4A38, 0x8A6248, 1);
    for (int i = 0; i < 5; i++) {
        kr_ink(c, 0xD8412F, 0.95);
        kr_disc(c, 0.15 + i * 0.28, 0.12 + 0.03 * (i % 2), 0.055, 0.07);
        kr_ink(c, 0xF6C65A, 0.35);
        kr_disc(c, 0.15 + i * 0.28, 0.12 + 0.03 * (i % 2), 0.11, 0.13);
    }
    static const struct kr_person guests[] = {
        {0.28, 0.82, 0.5, 0x3C5A86, 0x2C3440, 0x1B1512, 0xE2B48E, KR_MAN, 0.1, true, false},
        {0.52, 0.8, 0.48, 0xB8527A, 0x39424E, 0x1B1512, 0xEBC19C, KR_WOMAN, -0.1, true, false},
        {0.78, 0.8, 0.48, 0x5A7A4A, 0x33373C, 0xBDB7AE, 0xDCAC86, KR_ELDER, 0.1, true, false},
        {1.04, 0.82, 0.49, 0x8C5AA0, 0x3C3F56, 0x1B1512, 0xECC5A2, KR_WOMAN, 0, true, false},
    };
    row_of_people(c, guests, KR_COUNT(guests));
    kr_ink(c, 0xC63A2E, 1);
    kr_disc(c, width / 2, 0.86, 0.6, 0.17);
    for (int i = 0; i < 11; i++) {
        double a = i * 2 * M_PI / 11, x = width / 2 + cos(a) * 0.4, y = 0.85 + sin(a) * 0.1;
        kr_ink(c, 0xF4EFE4, 1);
        kr_disc(c, x, y, 0.06, 0.024);
        kr_ink(c, (uint32_t)(i % 3 == 0 ? 0x6E8B3D : i % 3 == 1 ? 0xC98A3A : 0x8A3A2A), 1);
        kr_disc(c, x, y - 0.006, 0.04, 0.014 + kr_roll(&dice, 0, 0.004));
    }
}

static void old_house(void *cairo, double width, unsigned seed)
{
    cairo_t *c = cairo;
    struct kr_dice dice = {seed};
    kr_sky(c, width, 0x6FA3CF, 0xF0E8D4, 0.59);
    kr_ink(c, 0x7C8F86, 1); // hills
    for (int i = 0; i < 5; i++)
        kr_disc(c, i * 0.42 - 0.1, 0.58, 0.34, 0.13 + 0.03 * (i % 2));
    kr_ground(c, width, 0.58, 0x8F8160, 0x93A06E);
    kr_ink(c, 0x7FA4B5, 1); // the stream, and the bridge
    cairo_move_to(c, 0, 0.72);
    cairo_curve_to(c, 0.5, 0.68, 0.6, 0.86, width, 0.8);
    cairo_line_to(c, width, 0.92);
    cairo_curve_to(c, 0.6, 0.98, 0.4, 0.8, 0, 0.84);
    cairo_fill(c);
    kr_ink(c, 0x7D7768, 1);
    cairo_set_line_width(c, 0.045);
    cairo_arc(c, 0.3, 1.02, 0.32, 1.2 * M_PI, 1.8 * M_PI);
    cairo_stroke(c);
    house(c, &dice, 0.5, 0.72, 0.66);
    kr_draw_tree(c, &dice, 0.3, 0.72, 0.5, 0x5E8A3C);
    kr_draw_tree(c, &dice, 1.5, 0.78, 0.66, 0x4C7431);
}

static void gate(void *cairo, double width, unsigned seed)
{
    cairo_t *c = cairo;
    struct kr_dice dice = {seed};
    wall_of_bricks(c, &dice, 0, 0, width, 1, 0x9A948A);
    kr_ink(c, 0x4A2218, 1);
    kr_box(c, width / 2 - 0.26, 0.18, 0.52, 0.82);
    kr_ink(c, 0x6B3423, 1);
    kr_box(c, width / 2 - 0.24, 0.2, 0.235, 0.8);
    kr_box(c, width / 2 + 0.005, 0.2, 0.235, 0.8);
    for (int i = 0; i < 2; i++) {
        kr_ink(c, 0xC39A3C, 1);
        kr_disc(c, width / 2 + (i ? 0.05 : -0.05), 0.6, 0.026, 0.026);
        kr_ink(c, 0xB3261E, 1);
        kr_box(c, width / 2 + (i ? 0.3 : -0.37), 0.22, 0.07, 0.66);
        for (int k = 0; k < 5; k++) { // seven characters, as strokes of ink
            kr_ink(c, 0x1A1512, 0.9);
            double x = width / 2 + (i ? 0.317 : -0.353), y = 0.26 + k * 0.12;
            kr_box(c, x, y, 0.036, 0.008);
            kr_box(c, x + 0.014, y - 0.015, 0.008, 0.07);
            kr_box(c, x, y + 0.035, 0.036, 0.008);
        }
    }
    struct kr_person grandmother = {width / 2 - 0.02, 0.97,     0.56, 0x3E4A66, 0x2B2F38, 0xC9C3BA,
                                    0xDDB08A,         KR_ELDER, 0.05, true,     false};
    kr_draw_person(c, &grandmother);
}

static void pulled_down(void *cairo, double width, unsigned seed)
{
    cairo_t *c = cairo;
    struct kr_dice dice = {seed};
    kr_sky(c, width, 0x9FA9AE, 0xD9D3C4, 0.63);
    for (int i = 0; i < 4; i++) { // the new blocks behind
        kr_ink(c, 0xB9B4A8, 1);
        kr_box(c, 0.05 + i * 0.42, 0.16 + 0.05 * (i % 2), 0.26, 0.5);
        kr_ink(c, 0x6E7C86, 1);
        for (int k = 0; k < 28; k++) {
            int row = k / 4;
            kr_box(c, 0.075 + i * 0.42 + 0.056 * (k % 4), 0.2 + 0.05 * (i % 2) + 0.06 * row, 0.032,
                   0.036);
        }
    }
    kr_ground(c, width, 0.62, 0x94866F, 0xA69A84);
    wall_of_bricks(c, &dice, 0.62, 0.4, 0.2, 0.34, 0x8C8A82);
    kr_ink(c, 0xB3261E, 1); // the sign: to be pulled down
    cairo_set_line_width(c, 0.012);
    cairo_arc(c, 0.72, 0.55, 0.06, 0, 2 * M_PI);
    cairo_stroke(c);
    kr_box(c, 0.695, 0.53, 0.05, 0.01);
    kr_box(c, 0.715, 0.515, 0.01, 0.07);
    for (int i = 0; i < 420; i++) {
        double x = 0.25 + kr_roll_bell(&dice) * 0.3 + 0.45, y = 0.78 + kr_roll(&dice, -0.08, 0.14);
        static const uint32_t rubble[] = {0x8C8A82, 0x6F6A60, 0xA39C8E, 0x5B2A1D, 0x3B4046};
        kr_ink(c, rubble[(int)kr_roll(&dice, 0, 4.99)], 1);
        cairo_save(c);
        cairo_translate(c, x, y);
        cairo_rotate(c, kr_roll(&dice, 0, 3));
        kr_box(c, -0.02, -0.01, kr_roll(&dice, 0.02, 0.05), kr_roll(&dice, 0.012, 0.025));
        cairo_restore(c);
    }
    kr_draw_tree(c, &dice, 1.42, 0.8, 0.6, 0x6A7F45);
}

static void hands(void *cairo, double width, unsigned seed)
{
    cairo_t *c = cairo;
    struct kr_dice dice = {seed};
    kr_sky(c, width, 0x2E2A2A, 0x4A3C34, 1);
    kr_ink(c, 0x39445E, 1);
    kr_disc(c, width * 0.5, 1.1, width * 0.6, 0.5);
    for (int side = -1; side <= 1; side += 2)
        for (int i = 0; i < 4; i++) {
            kr_ink(c, 0xC99A76, 1);
            cairo_save(c);
            cairo_translate(c, width / 2 + side * 0.16, 0.62 + i * 0.052);
            cairo_rotate(c, side * (0.2 + i * 0.05));
            kr_disc(c, -side * 0.1, 0, 0.15, 0.028);
            kr_ink(c, 0x8A5F45, 0.5);
            for (int k = 0; k < 3; k++)
                kr_box(c, -side * (0.03 + k * 0.06), -0.02, 0.004, 0.035);
            cairo_restore(c);
        }
    kr_ink(c, 0xE9DFC9, 1); // a photograph in them
    cairo_save(c);
    cairo_translate(c, width / 2, 0.5);
    cairo_rotate(c, -0.06);
    kr_box(c, -0.2, -0.17, 0.4, 0.29);
    kr_ink(c, 0x8FA3A0, 1);
    kr_box(c, -0.18, -0.15, 0.36, 0.25);
    for (int i = 0; i < 5; i++) {
        kr_ink(c, (uint32_t)(i % 2 ? 0xA9574B : 0x44566F), 1);
        kr_box(c, -0.15 + i * 0.065, -0.02 + kr_roll(&dice, -0.01, 0.01), 0.045, 0.12);
        kr_ink(c, 0xE0B795, 1);
        kr_disc(c, -0.128 + i * 0.065, -0.045, 0.019, 0.023);
    }
    cairo_restore(c);
}

const struct kr_scene kr_scenes[] = {
    {"banquet", 1.33, banquet}, {"gate", 0.75, gate},       {"group", 1.5, group_portrait},
    {"hands", 1.5, hands},      {"house", 1.78, old_house}, {"pulled-down", 1.5, pulled_down},
    {"wedding", 1.4, wedding},
};
const size_t kr_scenes_count = KR_COUNT(kr_scenes);

static void copy_pixels(cairo_surface_t *surface, struct kr_frame *frame)
{
    const uint8_t *from = cairo_image_surface_get_data(surface);
    int stride = cairo_image_surface_get_stride(surface);
    for (int y = 0; y < frame->height; y++)
        for (int x = 0; x < frame->width; x++) {
            uint32_t pixel;
            memcpy(&pixel, from + y * stride + x * 4, 4);
            uint8_t *to = frame->plane[0] + y * frame->stride[0] + x * 3;
            to[0] = (uint8_t)(pixel >> 16);
            to[1] = (uint8_t)(pixel >> 8);
            to[2] = (uint8_t)pixel;
        }
}

static void scale_faces(struct kr_faces *faces, double by)
{
    for (size_t i = 0; i < faces->n; i++) {
        struct kr_face *face = &faces->at[i];
        *face = (struct kr_face){face->x * by, face->y * by, face->w * by, face->h * by};
    }
}

bool kr_scene_paint(const char *name, int height, struct kr_faces *faces, struct kr_frame **out,
                    struct kr_err *err)
{
    struct kr_faces seen = {0};
    const struct kr_scene *scene = NULL;
    for (size_t i = 0; i < kr_scenes_count; i++)
        if (strcmp(kr_scenes[i].name, name) == 0)
            scene = &kr_scenes[i];
    if (!scene)
        return kr_fail(err, KR_E_NOT_FOUND, "no scene '%s'", name);
    int width = (int)(scene->ratio * height) / 2 * 2;
    if (!kr_frame_create(KR_RGB8, width, height, out, err))
        return false;
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height);
    cairo_t *c = cairo_create(surface);
    cairo_scale(c, height, height);
    kr_watch_faces(c, &seen);
    scene->paint(c, scene->ratio, 1985 + (unsigned)strlen(name));
    cairo_surface_flush(surface);
    copy_pixels(surface, *out);
    cairo_destroy(c);
    cairo_surface_destroy(surface);
    scale_faces(&seen, height);
    if (faces)
        *faces = seen;
    return true;
}
