// SPDX-License-Identifier: AGPL-3.0-or-later
#include "film/duck.h"

#include "media/samples.h"
#include <math.h>

enum { ATTACK = KR_RATE / 5, RELEASE = KR_RATE * 4 / 5 };
#define DOWN_DB 9.0

void kr_duck_add(struct kr_duck *duck, int64_t from, int64_t to)
{
    if (to <= from)
        return;
    duck->spoken = kr_realloc_array(duck->spoken, duck->count + 1, sizeof *duck->spoken);
    duck->spoken[duck->count][0] = from;
    duck->spoken[duck->count++][1] = to;
}

static int by_beginning(const void *one, const void *other)
{
    const int64_t *a = one, *b = other;
    return a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : a[1] < b[1] ? -1 : a[1] > b[1];
}

void kr_duck_sort(struct kr_duck *duck)
{
    if (duck->count == 0)
        return;
    qsort(duck->spoken, duck->count, sizeof *duck->spoken, by_beginning);
    size_t n = 0; // stretches so near that the music would only twitch become one
    for (size_t i = 1; i < duck->count; i++) {
        int64_t *last = duck->spoken[n], *next = duck->spoken[i];
        if (next[0] - last[1] <= ATTACK + RELEASE) {
            last[1] = next[1] > last[1] ? next[1] : last[1];
            continue;
        }
        n++;
        duck->spoken[n][0] = next[0];
        duck->spoken[n][1] = next[1];
    }
    duck->count = n + 1;
}

void kr_duck_finish(struct kr_duck *duck)
{
    kr_free(&duck->spoken);
    *duck = (struct kr_duck){0};
}

float kr_duck_gain(struct kr_duck *duck, int64_t at)
{
    if (duck->at > 0 && at < duck->spoken[duck->at - 1][1] + RELEASE)
        duck->at = 0; // asked from the beginning again
    while (duck->at < duck->count && at >= duck->spoken[duck->at][1] + RELEASE)
        duck->at++;
    if (duck->at == duck->count)
        return 1;
    const int64_t *spoken = duck->spoken[duck->at];
    double down = 1;
    if (at < spoken[0])
        down = 1 - (double)(spoken[0] - at) / ATTACK;
    else if (at >= spoken[1])
        down = 1 - (double)(at - spoken[1]) / RELEASE;
    return down <= 0 ? 1 : (float)pow(10, -DOWN_DB * down / 20);
}
