// SPDX-License-Identifier: AGPL-3.0-or-later
#include "wear.h"

#include <math.h>
#include <string.h>

static uint8_t clamp(double value)
{
    return (uint8_t)(value < 0 ? 0 : value > 255 ? 255 : value + 0.5);
}

static double density(uint8_t value)
{
    double light = pow((value + 0.5) / 255.5, 2.2);
    return -log10(light);
}

static uint8_t of_density(double d)
{
    return clamp(pow(pow(10, -d), 1 / 2.2) * 255.5 - 0.5);
}

// What each value of a channel becomes: less dye, and the stain of the paper.
static void make_table(double left, double stain, uint8_t table[static 256])
{
    for (int i = 0; i < 256; i++)
        table[i] = of_density(density((uint8_t)i) * left + stain);
}

static void dust(struct kr_frame *frame, struct kr_dice *dice)
{
    for (int i = 0; i < 90; i++) {
        int x = (int)kr_roll(dice, 2, frame->width - 4),
            y = (int)kr_roll(dice, 2, frame->height - 4);
        int size = (int)kr_roll(dice, 1, 3.5);
        for (int dy = 0; dy < size; dy++)
            memset(frame->plane[0] + (y + dy) * frame->stride[0] + x * 3, 236, (size_t)size * 3);
    }
    double x = kr_roll(dice, 0.2, 0.8) * frame->width;
    for (int y = 0; y < frame->height; y++) { // one scratch, from top to bottom
        x += kr_roll(dice, -0.6, 0.62);
        if (x >= 1 && x < frame->width - 2)
            memset(frame->plane[0] + y * frame->stride[0] + (int)x * 3, 228, 3);
    }
}

void kr_wear_print(struct kr_frame *frame, double years, struct kr_dice *dice)
{
    uint8_t tables[3][256];
    make_table(1 - 0.55 * years, 0.05 * years, tables[0]); // cyan dye bleaches first: a red cast
    make_table(1 - 0.34 * years, 0.09 * years, tables[1]);
    make_table(1 - 0.42 * years, 0.2 * years, tables[2]); // and the paper yellows
    for (int y = 0; y < frame->height; y++)
        for (int x = 0; x < frame->width * 3; x++) {
            uint8_t *value = frame->plane[0] + y * frame->stride[0] + x;
            *value = tables[x % 3][*value];
        }
    dust(frame, dice);
}

void kr_wear_grain(struct kr_frame *frame, double amount, struct kr_dice *dice)
{
    for (int y = 0; y < frame->height; y++)
        for (int x = 0; x < frame->width; x++) {
            double grain = kr_roll_bell(dice) * amount;
            uint8_t *pixel = frame->plane[0] + y * frame->stride[0] + x * 3;
            for (int k = 0; k < 3; k++)
                pixel[k] = clamp(pixel[k] + grain);
        }
}

bool kr_wear_margin(const struct kr_frame *picture, int margin, struct kr_frame **out,
                    struct kr_err *err)
{
    if (!kr_frame_create(KR_RGB8, picture->width + 2 * margin, picture->height + 2 * margin, out,
                         err))
        return false;
    for (int y = 0; y < (*out)->height; y++)
        memset((*out)->plane[0] + y * (*out)->stride[0], 246, (size_t)(*out)->width * 3);
    for (int y = 0; y < picture->height; y++)
        memcpy((*out)->plane[0] + (y + margin) * (*out)->stride[0] + margin * 3,
               picture->plane[0] + y * picture->stride[0], (size_t)picture->width * 3);
    return true;
}
