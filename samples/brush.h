// SPDX-License-Identifier: AGPL-3.0-or-later
// brush.h: the sample album's brush: simple shapes, the same every time.
//
// Everything in the album is drawn by this code: no photograph of a real person
// stands behind it. Coordinates are fractions of the picture's height from its
// top left corner; the caller has scaled the context so.

#pragma once
#include <cairo.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct kr_dice { // pseudo-random, from a seed: the same picture each time
    uint32_t state;
};
double kr_roll(struct kr_dice *dice, double least, double most);
double kr_roll_bell(struct kr_dice *dice); // about normal, sd 1

void kr_ink(cairo_t *c, uint32_t rgb, double opacity); // 0xRRGGBB
void kr_box(cairo_t *c, double x, double y, double w, double h);
void kr_disc(cairo_t *c, double x, double y, double rx, double ry);
void kr_sky(cairo_t *c, double width, uint32_t top, uint32_t bottom, double horizon);
void kr_ground(cairo_t *c, double width, double horizon, uint32_t near, uint32_t far);

struct kr_person {
    double x, foot, height; // where the feet are, and how tall
    uint32_t coat, trousers, hair, skin;
    enum { KR_MAN, KR_WOMAN, KR_CHILD, KR_ELDER } kind;
    double lean; // of the head, for life
    bool seated, flower;
};
void kr_draw_person(cairo_t *c, const struct kr_person *person);

// Where the faces of a scene are, in the order in which its people are drawn.
enum { KR_FACES_MOST = 16 };
struct kr_faces {
    size_t n;
    struct kr_face {
        double x, y, w, h;
    } at[KR_FACES_MOST];
};
// Notes the face of everybody who is drawn on this context from now on.
void kr_watch_faces(cairo_t *c, struct kr_faces *faces);

void kr_draw_tree(cairo_t *c, struct kr_dice *dice, double x, double foot, double height,
                  uint32_t leaf);
void kr_draw_bicycle(cairo_t *c, double x, double foot, double size);
