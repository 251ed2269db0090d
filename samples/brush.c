// SPDX-License-Identifier: AGPL-3.0-or-later
#include "brush.h"

#include <math.h>

double kr_roll(struct kr_dice *dice, double least, double most)
{
    dice->state ^= dice->state << 13; // xorshift (Marsaglia, 2003)
    dice->state ^= dice->state >> 17;
    dice->state ^= dice->state << 5;
    return least + (most - least) * (double)dice->state / 4294967295.0;
}

double kr_roll_bell(struct kr_dice *dice)
{
    double sum = 0;
    for (int i = 0; i < 6; i++)
        sum += kr_roll(dice, -1, 1);
    return sum / 1.41;
}

void kr_ink(cairo_t *c, uint32_t rgb, double opacity)
{
    cairo_set_source_rgba(c, (rgb >> 16 & 255) / 255.0, (rgb >> 8 & 255) / 255.0,
                          (rgb & 255) / 255.0, opacity);
}

void kr_box(cairo_t *c, double x, double y, double w, double h)
{
    cairo_rectangle(c, x, y, w, h);
    cairo_fill(c);
}

void kr_disc(cairo_t *c, double x, double y, double rx, double ry)
{
    cairo_save(c);
    cairo_translate(c, x, y);
    cairo_scale(c, rx, ry);
    cairo_arc(c, 0, 0, 1, 0, 2 * M_PI);
    cairo_restore(c);
    cairo_fill(c);
}

static void stop(cairo_pattern_t *fade, double at, uint32_t rgb)
{
    cairo_pattern_add_color_stop_rgb(fade, at, (rgb >> 16 & 255) / 255.0, (rgb >> 8 & 255) / 255.0,
                                     (rgb & 255) / 255.0);
}

static void fade_box(cairo_t *c, double width, double top, double bottom, uint32_t from,
                     uint32_t to)
{
    cairo_pattern_t *fade = cairo_pattern_create_linear(0, top, 0, bottom);
    stop(fade, 0, from);
    stop(fade, 1, to);
    cairo_set_source(c, fade);
    cairo_rectangle(c, 0, top, width, bottom - top);
    cairo_fill(c);
    cairo_pattern_destroy(fade);
}

void kr_sky(cairo_t *c, double width, uint32_t top, uint32_t bottom, double horizon)
{
    fade_box(c, width, 0, horizon, top, bottom);
}

void kr_ground(cairo_t *c, double width, double horizon, uint32_t near, uint32_t far)
{
    fade_box(c, width, horizon, 1, far, near);
}

static void draw_legs(cairo_t *c, const struct kr_person *p, double w)
{
    double h = p->height;
    kr_ink(c, p->trousers, 1);
    if (p->seated) {
        kr_box(c, p->x - w * 0.95, p->foot - h * 0.47, w * 1.9, h * 0.2);
        kr_box(c, p->x - w * 0.8, p->foot - h * 0.3, w * 0.6, h * 0.3);
        kr_box(c, p->x + w * 0.2, p->foot - h * 0.3, w * 0.6, h * 0.3);
    } else if (p->kind == KR_WOMAN) {
        cairo_move_to(c, p->x - w * 0.6, p->foot - h * 0.5);
        cairo_line_to(c, p->x + w * 0.6, p->foot - h * 0.5);
        cairo_line_to(c, p->x + w * 0.95, p->foot - h * 0.14);
        cairo_line_to(c, p->x - w * 0.95, p->foot - h * 0.14);
        cairo_fill(c);
        kr_ink(c, p->skin, 1);
        kr_box(c, p->x - w * 0.45, p->foot - h * 0.15, w * 0.3, h * 0.13);
        kr_box(c, p->x + w * 0.15, p->foot - h * 0.15, w * 0.3, h * 0.13);
    } else {
        kr_box(c, p->x - w * 0.7, p->foot - h * 0.5, w * 0.62, h * 0.48);
        kr_box(c, p->x + w * 0.08, p->foot - h * 0.5, w * 0.62, h * 0.48);
    }
    kr_ink(c, 0x2A2320, 1);
    kr_disc(c, p->x - w * 0.42, p->foot - h * 0.012, w * 0.4, h * 0.016);
    kr_disc(c, p->x + w * 0.42, p->foot - h * 0.012, w * 0.4, h * 0.016);
}

static void draw_coat(cairo_t *c, const struct kr_person *p, double w)
{
    double h = p->height, top = p->foot - h * 0.82, low = p->foot - h * 0.46;
    kr_ink(c, p->coat, 1);
    cairo_move_to(c, p->x - w * 0.5, top);
    cairo_curve_to(c, p->x - w * 1.25, top + h * 0.02, p->x - w * 1.2, low - h * 0.1,
                   p->x - w * 1.1, low + h * 0.02);
    cairo_line_to(c, p->x + w * 1.1, low + h * 0.02);
    cairo_curve_to(c, p->x + w * 1.2, low - h * 0.1, p->x + w * 1.25, top + h * 0.02,
                   p->x + w * 0.5, top);
    cairo_fill(c);
    kr_ink(c, 0x000000, 0.16); // the folds of the sleeves
    kr_box(c, p->x - w * 0.82, top + h * 0.1, w * 0.07, h * 0.25);
    kr_box(c, p->x + w * 0.75, top + h * 0.1, w * 0.07, h * 0.25);
    kr_ink(c, 0xFFFFFF, 0.35); // a collar
    cairo_move_to(c, p->x - w * 0.32, top);
    cairo_line_to(c, p->x, top + h * 0.06);
    cairo_line_to(c, p->x + w * 0.32, top);
    cairo_fill(c);
    kr_ink(c, p->skin, 1);
    kr_disc(c, p->x - w * 0.95, low + h * 0.03, w * 0.2, h * 0.024);
    kr_disc(c, p->x + w * 0.95, low + h * 0.03, w * 0.2, h * 0.024);
    if (p->flower) {
        kr_ink(c, 0xC0282C, 1);
        kr_disc(c, p->x + w * 0.45, top + h * 0.1, w * 0.2, h * 0.028);
    }
}

static const cairo_user_data_key_t watched; // its address is the key

void kr_watch_faces(cairo_t *c, struct kr_faces *faces)
{
    cairo_set_user_data(c, &watched, faces, NULL);
}

static void note_face(cairo_t *c, double x, double y, double r)
{
    struct kr_faces *faces = cairo_get_user_data(c, &watched);
    if (faces && faces->n < KR_FACES_MOST)
        faces->at[faces->n++] = (struct kr_face){x - r * 1.05, y - r * 1.15, r * 2.1, r * 2.3};
}

static void draw_head(cairo_t *c, const struct kr_person *p, double w)
{
    double h = p->height, r = h * (p->kind == KR_CHILD ? 0.098 : 0.074);
    double x = p->x + p->lean * r, y = p->foot - h * 0.82 - r * 1.05;
    note_face(c, x, y, r);
    kr_ink(c, p->skin, 1);
    kr_box(c, p->x - w * 0.17, y + r * 0.6, w * 0.34, r * 0.8);
    if (p->kind == KR_WOMAN) { // hair to the shoulders, behind the face
        kr_ink(c, p->hair, 1);
        kr_disc(c, x, y + r * 0.15, r * 1.02, r * 1.25);
    }
    kr_ink(c, p->skin, 1);
    kr_disc(c, x, y, r * 0.82, r);
    kr_ink(c, p->hair, 1);
    cairo_save(c);
    cairo_rectangle(c, x - r * 1.1, y - r * 1.2, r * 2.2, r * (p->kind == KR_ELDER ? 0.6 : 0.82));
    cairo_clip(c);
    kr_disc(c, x, y - r * 0.08, r * 0.9, r * 1.03);
    cairo_restore(c);
    kr_ink(c, 0x2A1C16, 1);
    kr_disc(c, x - r * 0.3, y + r * 0.05, r * 0.09, r * 0.07);
    kr_disc(c, x + r * 0.3, y + r * 0.05, r * 0.09, r * 0.07);
    kr_ink(c, 0xB5533F, 0.3);
    kr_disc(c, x - r * 0.45, y + r * 0.35, r * 0.2, r * 0.13);
    kr_disc(c, x + r * 0.45, y + r * 0.35, r * 0.2, r * 0.13);
    kr_ink(c, 0x8A3B32, 1);
    cairo_set_line_width(c, r * 0.09);
    cairo_arc(c, x, y + r * 0.3, r * 0.3, 0.25 * M_PI, 0.75 * M_PI);
    cairo_stroke(c);
    if (p->kind == KR_ELDER) { // spectacles
        kr_ink(c, 0x3A3028, 0.85);
        cairo_set_line_width(c, r * 0.06);
        cairo_arc(c, x - r * 0.3, y + r * 0.05, r * 0.22, 0, 2 * M_PI);
        cairo_stroke(c);
        cairo_arc(c, x + r * 0.3, y + r * 0.05, r * 0.22, 0, 2 * M_PI);
        cairo_stroke(c);
    }
}

void kr_draw_person(cairo_t *c, const struct kr_person *p)
{
    double w = p->height * (p->kind == KR_CHILD ? 0.13 : 0.115);
    kr_ink(c, 0x000000, 0.22);
    kr_disc(c, p->x + w * 0.3, p->foot, w * 1.6, p->height * 0.025);
    draw_legs(c, p, w);
    draw_coat(c, p, w);
    draw_head(c, p, w);
}

void kr_draw_tree(cairo_t *c, struct kr_dice *dice, double x, double foot, double height,
                  uint32_t leaf)
{
    kr_ink(c, 0x4E3B2C, 1);
    cairo_move_to(c, x - height * 0.05, foot);
    cairo_curve_to(c, x - height * 0.02, foot - height * 0.3, x - height * 0.03,
                   foot - height * 0.4, x - height * 0.01, foot - height * 0.6);
    cairo_line_to(c, x + height * 0.03, foot - height * 0.6);
    cairo_curve_to(c, x + height * 0.02, foot - height * 0.4, x + height * 0.03,
                   foot - height * 0.3, x + height * 0.05, foot);
    cairo_fill(c);
    for (int i = 0; i < 260; i++) {
        double angle = kr_roll(dice, 0, 2 * M_PI), far = sqrt(kr_roll(dice, 0, 1)) * height * 0.33;
        double shade = kr_roll(dice, 0, 1);
        kr_ink(c, shade < 0.35 ? 0x1F2E18 : leaf, 0.55);
        kr_disc(c, x + cos(angle) * far * 1.2, foot - height * 0.72 + sin(angle) * far * 0.85,
                height * 0.05, height * 0.035);
    }
}

void kr_draw_bicycle(cairo_t *c, double x, double foot, double s)
{
    kr_ink(c, 0x1E1B19, 1);
    cairo_set_line_width(c, s * 0.022);
    for (int side = -1; side <= 1; side += 2) {
        cairo_arc(c, x + side * s * 0.33, foot - s * 0.24, s * 0.23, 0, 2 * M_PI);
        cairo_stroke(c);
        for (int i = 0; i < 9; i++) {
            cairo_set_line_width(c, s * 0.004);
            double a = i * M_PI / 9;
            cairo_move_to(c, x + side * s * 0.33 - cos(a) * s * 0.22,
                          foot - s * 0.24 - sin(a) * s * 0.22);
            cairo_line_to(c, x + side * s * 0.33 + cos(a) * s * 0.22,
                          foot - s * 0.24 + sin(a) * s * 0.22);
            cairo_stroke(c);
        }
        cairo_set_line_width(c, s * 0.022);
    }
    kr_ink(c, 0x1D4A3A, 1);
    const double path[][2] = {{-0.33, 0.24}, {-0.12, 0.56}, {0.22, 0.56}, {-0.02, 0.26},
                              {-0.33, 0.24}, {-0.02, 0.26}, {-0.12, 0.56}};
    cairo_move_to(c, x + path[0][0] * s, foot - path[0][1] * s);
    for (int i = 1; i < 7; i++)
        cairo_line_to(c, x + path[i][0] * s, foot - path[i][1] * s);
    cairo_move_to(c, x + s * 0.33, foot - s * 0.24);
    cairo_line_to(c, x + s * 0.2, foot - s * 0.68);
    cairo_line_to(c, x + s * 0.3, foot - s * 0.72);
    cairo_stroke(c);
    kr_ink(c, 0x3A2A20, 1);
    kr_disc(c, x - s * 0.13, foot - s * 0.6, s * 0.09, s * 0.03);
}
