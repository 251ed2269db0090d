// SPDX-License-Identifier: AGPL-3.0-or-later
// What a tape did, measured.
#include "restore/tape_priv.h"

#include "restore/rank.h"
#include <math.h>

enum { BAND = 4 };                      // rows of chroma that are added before slopes are taken
static const double agree_least = 0.01; // correlation of slopes, above its mean over delays
static const double delay_least = 1.5;  // px: less is nothing
static const double delay_most = 10;    // px: more is no tape's, but a likeness in the picture
static const double torn_least = 2.2;   // of what lines elsewhere differ from their neighbours
enum { TORN_MOST_OF = 20 };             // torn lines are at most this part of the height
enum { STREAK = 4 };                    // samples of chroma along a line that snow together

// Slopes of a band of rows, added up; luma is brought to the chroma's samples.
static void band_slopes(const struct kr_frame *frame, int plane, int top, float *sum, float *out)
{
    int n = (int)kr_frame_row_bytes(frame, 1), rows = kr_frame_plane_height(frame, 1);
    int step = plane ? 1 : 2, width = (int)kr_frame_row_bytes(frame, plane);
    int height = kr_frame_plane_height(frame, plane);
    memset(sum, 0, (size_t)n * sizeof *sum);
    for (int y = top * step; y < (top + BAND) * step && y < rows * step && y < height; y++) {
        const uint8_t *row = frame->plane[plane] + y * frame->stride[plane];
        for (int x = 0; x < n; x++)
            sum[x] += step == 1           ? row[x]
                      : 2 * x + 1 < width ? (float)(row[2 * x] + row[2 * x + 1]) / 4
                                          : (float)row[2 * x] / 2;
    }
    out[0] = out[n - 1] = 0;
    for (int x = 1; x + 1 < n; x++)
        out[x] = fabsf(sum[x + 1] - sum[x - 1]);
}

static void correlate(struct kr_tape *tape, int plane, const float *luma, const float *chroma,
                      int n)
{
    int end = n - KR_TAPE_DELAY;
    double mean_l = 0, mean_c = 0, ll = 0, cc = 0, many = end - KR_TAPE_DELAY;
    for (int x = KR_TAPE_DELAY; x < end; x++) {
        mean_l += (double)luma[x] / many;
        mean_c += (double)chroma[x] / many;
    }
    for (int x = KR_TAPE_DELAY; x < end; x++) {
        ll += pow((double)luma[x] - mean_l, 2);
        cc += pow((double)chroma[x] - mean_c, 2);
    }
    for (int k = 0; k < KR_TAPE_DELAYS; k++)
        for (int x = KR_TAPE_DELAY; x < end; x++)
            tape->agree[plane][k] +=
                ((double)luma[x] - mean_l) * ((double)chroma[x + k - KR_TAPE_DELAY] - mean_c);
    tape->both[plane] += sqrt(ll * cc);
}

static void study_delay(struct kr_tape *tape, const struct kr_frame *frame)
{
    int n = (int)kr_frame_row_bytes(frame, 1);
    if (n < 6 * KR_TAPE_DELAY)
        return;
    float *sum = kr_new_array(float, (size_t)n), *luma = kr_new_array(float, (size_t)n);
    float *chroma = kr_new_array(float, (size_t)n);
    for (int y = 0; y + BAND <= kr_frame_plane_height(frame, 1); y += BAND) {
        tape->streaks += n / (double)STREAK;
        band_slopes(frame, 0, y, sum, luma);
        for (int p = 0; p < 2; p++) {
            band_slopes(frame, p + 1, y, sum, chroma);
            correlate(tape, p, luma, chroma, n);
        }
    }
    kr_free(&sum);
    kr_free(&luma);
    kr_free(&chroma);
}

// Second differences across lines, two lines apart so that a line made up between two others does
// not hide them; `along` samples of a line are averaged first.
static void study_noise(const struct kr_frame *frame, int plane, int along,
                        uint64_t count[KR_TAPE_LEVELS])
{
    int n = (int)kr_frame_row_bytes(frame, plane);
    for (int y = 2; y + 2 < kr_frame_plane_height(frame, plane); y += 2) {
        const uint8_t *row = frame->plane[plane] + y * frame->stride[plane];
        const uint8_t *above = row - 2 * frame->stride[plane];
        const uint8_t *below = row + 2 * frame->stride[plane];
        for (int x = 0; x + along <= n; x += along) {
            int sum = 0;
            for (int k = x; k < x + along; k++)
                sum += above[k] - 2 * row[k] + below[k];
            int level = abs(sum) * KR_TAPE_PART / along;
            count[level < KR_TAPE_LEVELS ? level : KR_TAPE_LEVELS - 1]++;
        }
    }
}

// How a line differs from the one above, against how it did in the frame that was studied before:
// what is torn is torn anew in each, and a bright floor at the bottom is not.
static void study_lines(struct kr_tape *tape, const struct kr_frame *frame)
{
    struct kr_frame *before = tape->near[0]; // idle until the cleaning
    for (int y = 1; y < frame->height && tape->studied > 0; y++) {
        const uint8_t *now = frame->plane[0] + y * frame->stride[0];
        const uint8_t *then = before->plane[0] + y * before->stride[0];
        int64_t sum = 0;
        for (int x = 0; x < frame->width; x++)
            sum += abs(now[x] - now[x - frame->stride[0]] - then[x] + then[x - before->stride[0]]);
        tape->apart[y] += (float)sum / (float)frame->width;
    }
    kr_frame_copy(frame, before);
}

void kr_tape_study(struct kr_tape *tape, const struct kr_frame *frame)
{
    study_delay(tape, frame);
    study_noise(frame, 0, 1, tape->noise[0]);
    study_noise(frame, 1, STREAK, tape->noise[1]);
    study_noise(frame, 2, STREAK, tape->noise[1]);
    study_lines(tape, frame);
    tape->studied++;
}

static double deviation_of(const uint64_t count[KR_TAPE_LEVELS])
{
    uint64_t all = 0, below = 0;
    for (int i = 0; i < KR_TAPE_LEVELS; i++)
        all += count[i];
    int level = 0;
    while (level < KR_TAPE_LEVELS - 1 && 2 * (below += count[level]) < all)
        level++;
    return all ? 1.4826 * level / KR_TAPE_PART / sqrt(6) : 0; // of what is normal
}

static double delay_of(const struct kr_tape *tape, int plane)
{
    const double *agree = tape->agree[plane];
    int best = KR_TAPE_DELAY;
    double mean = 0;
    for (int k = 0; k < KR_TAPE_DELAYS; k++) {
        best = agree[k] > agree[best] ? k : best;
        mean += agree[k] / KR_TAPE_DELAYS;
    }
    double chance = 1 / sqrt(fmax(tape->streaks, 1)); // what noise alone may agree by
    if (!(agree[best] - mean > (agree_least + chance) * tape->both[plane]) || best == 0 ||
        best == KR_TAPE_DELAYS - 1)
        return 0;
    double before = agree[best - 1], after = agree[best + 1];
    double part = (before - after) / (2 * (before - 2 * agree[best] + after));
    double delay = 2 * (best - KR_TAPE_DELAY + fmin(fmax(part, -0.5), 0.5));
    return fabs(delay) >= delay_least && fabs(delay) <= delay_most ? delay : 0;
}

static int torn_lines(const struct kr_tape *tape)
{
    int most = tape->height / TORN_MOST_OF, lines = 0;
    if (most < 2 || !tape->studied)
        return 0;
    float *sorted = kr_new_array(float, (size_t)tape->height);
    memcpy(sorted, tape->apart, (size_t)tape->height * sizeof *sorted);
    float usual =
        kr_rank(sorted, (size_t)tape->height, 0.5) + (float)tape->studied / 2; // half a level
    kr_free(&sorted);
    for (int k = 1; k <= most + 1; k++)
        if (tape->apart[tape->height - k] > (float)torn_least * usual)
            lines = k;
    return lines > most ? 0 : lines; // a picture may end in grass
}

void kr_tape_found(const struct kr_tape *tape, struct kr_tape_found *found)
{
    *found = (struct kr_tape_found){
        .delay = {delay_of(tape, 0), delay_of(tape, 1)},
        .luma_noise = deviation_of(tape->noise[0]),
        .chroma_noise = deviation_of(tape->noise[1]),
        .head_lines = torn_lines(tape),
    };
}
