// SPDX-License-Identifier: AGPL-3.0-or-later
#include "film/camera.h"

#include <math.h>

#define NEARLY 1.03 // shapes so alike that a hair's breadth of ground would only look like a fault

double kr_ease(double time)
{
    double t = time < 0 ? 0 : time > 1 ? 1 : time;
    return t * t * t * (10 + t * (6 * t - 15));
}

double kr_fit_step(double across, double down)
{
    double whole = across > down ? across : down, filled = across > down ? down : across;
    return whole <= filled * NEARLY ? filled : whole;
}

static double inside(double middle, double view, double whole)
{
    if (view >= whole)
        return whole / 2;
    double least = view / 2, most = whole - view / 2;
    return middle < least ? least : middle > most ? most : middle;
}

static void view_of(const double rect[4], int in_w, int in_h, struct kr_camera *camera, int end)
{
    double across = rect[2] * in_w / camera->out_w, down = rect[3] * in_h / camera->out_h;
    double step = kr_fit_step(across, down);
    camera->step[end] = step;
    camera->middle[end][0] = inside((rect[0] + rect[2] / 2) * in_w, step * camera->out_w, in_w);
    camera->middle[end][1] = inside((rect[1] + rect[3] / 2) * in_h, step * camera->out_h, in_h);
}

struct kr_camera kr_camera_of(const double from[4], const double to[4], int in_w, int in_h,
                              int out_w, int out_h)
{
    struct kr_camera camera = {.out_w = out_w, .out_h = out_h};
    view_of(from, in_w, in_h, &camera, 0);
    view_of(to, in_w, in_h, &camera, 1);
    return camera;
}

void kr_camera_at(const struct kr_camera *camera, double time, double m[6])
{
    double eased = kr_ease(time), a = camera->step[0], b = camera->step[1];
    double step = a * pow(b / a, eased);
    // Where the scale hardly changes it cannot lead the middle.
    double way = fabs(b - a) > 1e-6 * a ? (step - a) / (b - a) : eased;
    double x = camera->middle[0][0] + way * (camera->middle[1][0] - camera->middle[0][0]);
    double y = camera->middle[0][1] + way * (camera->middle[1][1] - camera->middle[0][1]);
    m[0] = m[4] = step;
    m[1] = m[3] = 0;
    m[2] = x - step * camera->out_w / 2;
    m[5] = y - step * camera->out_h / 2;
}
