// SPDX-License-Identifier: AGPL-3.0-or-later
#include "restore/declip.h"

#include "restore/quick.h"
#include <math.h>

enum {
    WINDOW = KR_DECLIP_DELAY,
    HOP = WINDOW / 2,
    FROM = WINDOW / 4, // tops that begin from here
    TO = FROM + HOP,   // to here are drawn: with a quarter of the window on each side
    ORDER = 32,
    RUN_LEAST = 3,
    TOPS_MOST = 160, // samples that are solved for together
    ROUNDS = 3,
    OFTEN = 20000, // one flat top in so many samples is heard
};
static const float flat = 0.999f;   // of the rail
static const float higher_most = 4; // times the rail

// A sine's own top is flat too, but bends: the step onto a cut top is far larger
// than any on it.
static bool is_cut(const float *run, size_t n, float before, float after)
{
    float least = run[0], most = run[0];
    for (size_t i = 1; i < n; i++) {
        least = fminf(least, run[i]);
        most = fmaxf(most, run[i]);
    }
    float step = fminf(fabsf(run[0] - before), fabsf(run[n - 1] - after));
    return n >= RUN_LEAST && step > 4 * (most - least);
}

// The length of what lies at the rail from here on; 0: nothing does.
static size_t run_at(const float *samples, size_t n, const struct kr_clip_rails *rails)
{
    size_t i = 0;
    if (rails->high > 0 && samples[0] >= flat * rails->high)
        while (i < n && samples[i] >= flat * rails->high)
            i++;
    else if (rails->low < 0 && samples[0] <= flat * rails->low)
        while (i < n && samples[i] <= flat * rails->low)
            i++;
    return i;
}

void kr_clip_finder_add(struct kr_clip_finder *finder, const float *samples, size_t n)
{
    struct kr_clip_rails *rails = &finder->rails;
    finder->samples += n;
    for (size_t i = 0; i < n; i++) {
        if (samples[i] * flat > rails->high || samples[i] * flat < rails->low)
            finder->runs = 0; // all before were below the rail
        rails->high = kr_more(rails->high, samples[i]);
        rails->low = kr_less(rails->low, samples[i]);
    }
    for (size_t i = 1, run; i < n; i += run ? run : 1) {
        run = run_at(samples + i, n - i, rails);
        if (run && i + run < n)
            finder->runs += is_cut(samples + i, run, samples[i - 1], samples[i + run]);
    }
}

bool kr_clip_finder_is_clipped(const struct kr_clip_finder *finder)
{
    return finder->runs > 5 && finder->runs * OFTEN > finder->samples;
}

struct kr_declip {
    int channels;
    struct kr_clip_rails rails;
    size_t filled;
    float *wave[KR_CHANNELS_MOST]; // the last window; the newest hop is being filled
    float *out[KR_CHANNELS_MOST];  // the hop that is going out
    bool cut[WINDOW];
    double model[ORDER + 1];             // what foretells a sample: the first is 1
    double match[ORDER + 1];             // how the model agrees with itself, shifted
    double matrix[TOPS_MOST][TOPS_MOST]; // of the equations; then its root
    double right[TOPS_MOST];
};

struct kr_declip *kr_declip_create(int channels, const struct kr_clip_rails *rails)
{
    struct kr_declip *declip = kr_new(struct kr_declip);
    declip->channels = channels;
    declip->rails = *rails;
    for (int c = 0; c < channels; c++) {
        declip->wave[c] = kr_new_array(float, WINDOW);
        declip->out[c] = kr_new_array(float, HOP);
    }
    return declip;
}

void kr_declip_destroy(struct kr_declip **declip)
{
    for (int c = 0; *declip && c < (*declip)->channels; c++) {
        kr_free(&(*declip)->wave[c]);
        kr_free(&(*declip)->out[c]);
    }
    kr_free(declip);
}

static bool mark(struct kr_declip *declip, const float *wave)
{
    bool any = false;
    memset(declip->cut, 0, sizeof declip->cut);
    for (size_t i = FROM, run; i < TO; i += run ? run : 1) {
        run = run_at(wave + i, WINDOW - i, &declip->rails);
        bool begins = run && !run_at(wave + i - 1, 1, &declip->rails);
        if (!begins || i + run >= WINDOW - ORDER ||
            !is_cut(wave + i, run, wave[i - 1], wave[i + run]))
            continue;
        memset(declip->cut + i, true, run * sizeof declip->cut[0]);
        any = true;
    }
    return any;
}

// Levinson and Durbin; the window is rounded off at its ends.
static void fit_model(struct kr_declip *declip, const float *wave)
{
    double round[WINDOW], lag[ORDER + 1], *a = declip->model;
    for (int i = 0; i < WINDOW; i++)
        round[i] = (double)wave[i] * (0.5 - 0.5 * cos(2 * M_PI * (i + 0.5) / WINDOW));
    for (int k = 0; k <= ORDER; k++) {
        lag[k] = 0;
        for (int i = k; i < WINDOW; i++)
            lag[k] += round[i] * round[i - k];
    }
    double left = lag[0] * (1 + 1e-9) + 1e-12;
    memset(declip->model, 0, sizeof declip->model);
    a[0] = 1;
    for (int m = 1; m <= ORDER; m++) {
        double sum = 0, next[ORDER + 1];
        for (int i = 0; i < m; i++)
            sum += a[i] * lag[m - i];
        double turn = -sum / left;
        for (int i = 1; i <= m; i++)
            next[i] = a[i] + turn * a[m - i];
        memcpy(a + 1, next + 1, (size_t)m * sizeof *a);
        left *= 1 - turn * turn;
    }
    for (int k = 0; k <= ORDER; k++) {
        declip->match[k] = 0;
        for (int i = k; i <= ORDER; i++)
            declip->match[k] += a[i] * a[i - k];
    }
}

// By the root of Cholesky; the matrix is positive, because no model is nothing, and a
// band: samples more than ORDER apart do not meet.
static void solve(struct kr_declip *declip, int n)
{
    double(*m)[TOPS_MOST] = declip->matrix, *right = declip->right;
    for (int i = 0; i < n; i++) {
        int from = i > ORDER ? i - ORDER : 0;
        for (int j = from; j <= i; j++) {
            double sum = m[i][j];
            for (int k = from; k < j; k++)
                sum -= m[i][k] * m[j][k];
            m[i][j] = i == j ? sqrt(fmax(sum, 1e-12)) : sum / m[j][j];
        }
        for (int k = from; k < i; k++)
            right[i] -= m[i][k] * right[k];
        right[i] /= m[i][i];
    }
    for (int i = n - 1; i >= 0; i--) {
        for (int k = i + 1; k < n && k <= i + ORDER; k++)
            right[i] -= m[k][i] * right[k];
        right[i] /= m[i][i];
    }
}

// The samples at[0..n) are drawn so that the model errs least.
static void draw(struct kr_declip *declip, float *wave, const int at[], int n)
{
    for (int i = 0; i < n; i++) {
        declip->right[i] = 0;
        for (int k = -ORDER; k <= ORDER; k++)
            declip->right[i] -= declip->match[abs(k)] * (double)wave[at[i] + k];
        for (int j = 0; j <= i; j++) {
            int apart = at[i] - at[j];
            declip->matrix[i][j] = apart <= ORDER ? declip->match[apart] : 0;
            // what is sought does not count among what is known
            declip->right[i] += declip->matrix[i][j] * (double)wave[at[j]];
            if (j < i)
                declip->right[j] += declip->matrix[i][j] * (double)wave[at[i]];
        }
    }
    solve(declip, n);
    for (int i = 0; i < n; i++) {
        bool above = wave[at[i]] > 0;
        float rail = above ? declip->rails.high : declip->rails.low,
              drawn = (float)declip->right[i];
        if (!isfinite(drawn))
            continue;
        wave[at[i]] = above ? fminf(fmaxf(drawn, rail), higher_most * rail)
                            : fmaxf(fminf(drawn, rail), higher_most * rail);
    }
}

static void redraw(struct kr_declip *declip, float *wave)
{
    if (!mark(declip, wave))
        return;
    for (int round = 0; round < ROUNDS; round++) {
        int at[TOPS_MOST], n = 0;
        fit_model(declip, wave);
        for (int i = FROM; i < WINDOW - ORDER; i++) {
            bool far = n && i - at[n - 1] > ORDER;
            if (n && (far || n == TOPS_MOST)) {
                draw(declip, wave, at, n);
                n = 0;
            }
            if (declip->cut[i])
                at[n++] = i;
        }
        if (n)
            draw(declip, wave, at, n);
    }
}

void kr_declip_run(struct kr_declip *declip, float *const channel[], size_t n)
{
    for (size_t at = 0; at < n;) {
        size_t left = HOP - declip->filled, many = n - at < left ? n - at : left;
        for (int c = 0; c < declip->channels; c++) {
            float *now = channel[c] + at;
            memcpy(declip->wave[c] + HOP + declip->filled, now, many * sizeof *now);
            memcpy(now, declip->out[c] + declip->filled, many * sizeof *now);
        }
        at += many;
        declip->filled += many;
        if (declip->filled < HOP)
            return;
        declip->filled = 0;
        for (int c = 0; c < declip->channels; c++) {
            float *wave = declip->wave[c];
            redraw(declip, wave);
            memcpy(declip->out[c], wave, HOP * sizeof *wave);
            memmove(wave, wave + HOP, HOP * sizeof *wave);
        }
    }
}
