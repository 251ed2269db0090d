// SPDX-License-Identifier: AGPL-3.0-or-later
#include "restore/scratches.h"

#include <assert.h>
#include <stdlib.h>

enum { ASIDE = 4 };              // px: a column is compared with those so far to both sides
enum { STANDS_OUT = 2 * 6 };     // levels, twice: against the sum of both sides
enum { SIDES_ALIKE = 20 };       // levels: else it is an edge, not a line
enum { THIRDS = 3, WIDEST = 5 }; // of the height, each for itself; px
enum { WANDERS = 2 };            // px, from frame to frame
enum { FRAMES_LEAST = 3 };
static const double line_least = 0.45;    // of the rows, in each third
static const double shown_least = 0.35;   // of all rows, where the line is known to be
static const double persists_least = 0.5; // of the frames

struct kr_scratches {
    int width, height;
    int *rows[2]; // THIRDS * width each: rows in which a column stands out, brighter or darker
    int *hits[2]; // frames in which a line is, for each column and the two beside it
    int studied;
};

struct kr_scratches *kr_scratches_create(int width, int height)
{
    struct kr_scratches *scratches = kr_new(struct kr_scratches);
    scratches->width = width;
    scratches->height = height;
    for (int k = 0; k < 2; k++) {
        scratches->rows[k] = kr_new_array(int, (size_t)width *THIRDS);
        scratches->hits[k] = kr_new_array(int, (size_t)width);
    }
    return scratches;
}

void kr_scratches_destroy(struct kr_scratches **scratches)
{
    for (int k = 0; *scratches && k < 2; k++) {
        kr_free(&(*scratches)->rows[k]);
        kr_free(&(*scratches)->hits[k]);
    }
    kr_free(scratches);
}

// Twice how far a sample is above both sides; 0 where these differ.
static int height_at(const uint8_t *row, int x)
{
    int left = row[x - ASIDE], right = row[x + ASIDE];
    return abs(left - right) <= SIDES_ALIKE ? 2 * row[x] - left - right : 0;
}

static void count_rows(const struct kr_scratches *scratches, const struct kr_frame *frame)
{
    int n = scratches->width;
    for (int k = 0; k < 2; k++)
        memset(scratches->rows[k], 0, (size_t)n * THIRDS * sizeof(int));
    for (int y = 0; y < frame->height; y++) {
        const uint8_t *row = frame->plane[0] + y * frame->stride[0];
        ptrdiff_t third = (ptrdiff_t)(y * THIRDS / frame->height) * n;
        int *brighter = scratches->rows[0] + third, *darker = scratches->rows[1] + third;
        for (int x = ASIDE; x < n - ASIDE; x++) {
            int height = height_at(row, x);
            brighter[x] += height > STANDS_OUT;
            darker[x] += height < -STANDS_OUT;
        }
    }
}

static bool is_line(const struct kr_scratches *scratches, int kind, int x)
{
    for (int third = 0; third < THIRDS; third++) {
        int rows = (third + 1) * scratches->height / THIRDS - third * scratches->height / THIRDS;
        if (scratches->rows[kind][(ptrdiff_t)third * scratches->width + x] < line_least * rows)
            return false;
    }
    return true;
}

void kr_scratches_study(struct kr_scratches *scratches, const struct kr_frame *frame)
{
    assert(frame->width == scratches->width && frame->height == scratches->height);
    if (frame->height < THIRDS)
        return;
    count_rows(scratches, frame);
    scratches->studied++;
    for (int kind = 0; kind < 2; kind++)
        for (int x = ASIDE, end; x < scratches->width - ASIDE; x = end + 1) {
            for (end = x; end < scratches->width - ASIDE && is_line(scratches, kind, end);)
                end++;
            if (end == x || end - x > WIDEST)
                continue;
            for (int i = x - WANDERS; i < end + WANDERS; i++)
                scratches->hits[kind][i]++;
        }
}

// The next column from *x on where a line stays; false when there is none.
static bool next_line(const struct kr_scratches *scratches, int kind, int *x)
{
    const int *hits = scratches->hits[kind];
    int least = (int)(persists_least * scratches->studied) + 1, n = scratches->width;
    if (scratches->studied < FRAMES_LEAST)
        return false;
    for (; *x < n; ++*x) {
        if (hits[*x] < least)
            continue;
        int end = *x;
        while (end < n && hits[end] >= least)
            end++;
        *x = (*x + end) / 2; // the middle of them
        return true;
    }
    return false;
}

static int after_line(const struct kr_scratches *scratches, int kind, int x)
{
    int least = (int)(persists_least * scratches->studied) + 1;
    while (x < scratches->width && scratches->hits[kind][x] >= least)
        x++;
    return x;
}

int kr_scratches_count(const struct kr_scratches *scratches)
{
    int count = 0;
    for (int kind = 0; kind < 2; kind++)
        for (int x = 0; next_line(scratches, kind, &x); x = after_line(scratches, kind, x))
            count++;
    return count;
}

static int rows_of(const struct kr_frame *frame, int kind, int x)
{
    int rows = 0;
    if (x < ASIDE || x >= frame->width - ASIDE)
        return 0;
    for (int y = 0; y < frame->height; y++) {
        int height = height_at(frame->plane[0] + y * frame->stride[0], x);
        rows += kind ? height < -STANDS_OUT : height > STANDS_OUT;
    }
    return rows;
}

static void fill_across(struct kr_frame *frame, int left, int right)
{
    for (int y = 0; y < frame->height; y++) {
        uint8_t *row = frame->plane[0] + y * frame->stride[0];
        int from = row[left - 1], to = row[right], n = right - left + 1;
        for (int x = left; x < right; x++) {
            int part = x - left + 1;
            row[x] = (uint8_t)((from * (n - part) + to * part + n / 2) / n);
        }
    }
}

// Where it is in this frame: the strongest column near by, and those beside it that show it too.
static bool mend_line(struct kr_frame *frame, int kind, int middle)
{
    int best = middle, most = 0, least = (int)(shown_least * frame->height) + 1;
    for (int x = middle - WANDERS - 1; x <= middle + WANDERS + 1; x++) {
        int rows = rows_of(frame, kind, x);
        best = rows > most ? x : best;
        most = rows > most ? rows : most;
    }
    if (most < least)
        return false;
    int left = best, right = best + 1;
    while (best - left < WIDEST && rows_of(frame, kind, left - 1) >= least)
        left--;
    while (right - best < WIDEST && rows_of(frame, kind, right) >= least)
        right++;
    left -= left > 1; // its soft rim
    right += right + 1 < frame->width;
    fill_across(frame, left, right);
    return true;
}

bool kr_scratches_mend(const struct kr_scratches *scratches, struct kr_frame *frame)
{
    assert(frame->width == scratches->width && frame->height == scratches->height);
    bool mended = false;
    for (int kind = 0; kind < 2; kind++)
        for (int x = 0; next_line(scratches, kind, &x); x = after_line(scratches, kind, x))
            mended = mend_line(frame, kind, x) || mended;
    return mended;
}
