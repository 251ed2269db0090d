// SPDX-License-Identifier: AGPL-3.0-or-later
#include "film/loudness.h"

#include <assert.h>
#include <math.h>

enum {
    TENTH = KR_RATE / 10, // a block moves on by this much
    TENTHS = 4,           // and is this many long
    BINS = 1000,          // of a tenth of a LU from -70 up: to +30 LUFS
    PEAK_TAPS = 12,
};

struct biquad {
    double b0, b1, b2, a1, a2;
};

// BS.1770-4, annex 1, tables 1 and 2: the head, and the weight of low tones.
static const struct biquad EAR[2] = {
    {1.53512485958697, -2.69169618940638, 1.19839281085285, -1.69065929318241, 0.73248077421585},
    {1.0, -2.0, 1.0, -1.99004745483398, 0.99007225036621},
};

struct ear {
    double z[2][2];
};

// The true peak around each sample, four-fold oversampled (|x|, linear). One for each channel.
struct peak {
    float past[PEAK_TAPS];
};

// A sinc under a Kaiser window (beta 5), 12 samples for each of the three
// values between two samples; computed once with Python, each row adds up to 1.
static const float BETWEEN[3][PEAK_TAPS] = {
    {-0.004879555f, 0.014719555f, -0.034300832f, 0.072401957f, -0.163447096f, 0.897775454f,
     0.290083687f, -0.106084276f, 0.050049278f, -0.022932814f, 0.008885806f, -0.002271165f},
    {-0.004843870f, 0.016329487f, -0.039836273f, 0.085150470f, -0.184445326f, 0.627645512f,
     0.627645512f, -0.184445326f, 0.085150470f, -0.039836273f, 0.016329487f, -0.004843870f},
    {-0.002271165f, 0.008885806f, -0.022932814f, 0.050049278f, -0.106084276f, 0.290083687f,
     0.897775454f, -0.163447096f, 0.072401957f, -0.034300832f, 0.014719555f, -0.004879555f},
};

// The greatest of the four values between the samples that lie PEAK_TAPS / 2 before `x`.
static float next_peak(struct peak *peak, float x)
{
    memmove(peak->past, peak->past + 1, (PEAK_TAPS - 1) * sizeof *peak->past);
    peak->past[PEAK_TAPS - 1] = x;
    float most = fabsf(peak->past[PEAK_TAPS / 2]);
    for (int p = 0; p < 3; p++) {
        float sum = 0;
        for (int i = 0; i < PEAK_TAPS; i++)
            sum += BETWEEN[p][i] * peak->past[i];
        sum = fabsf(sum);
        most = sum > most ? sum : most;
    }
    return most;
}

struct kr_loudness {
    struct ear ears[2];
    struct peak peaks[2];
    double tenth, tenths[TENTHS]; // sums of squares: of the one under way, of the last ones
    int in_tenth;
    int64_t tenth_count;
    uint64_t count[BINS];
    double energy[BINS]; // the exact sum of what fell into each bin
    float peak;
};

struct kr_loudness *kr_loudness_create(void)
{
    return kr_new(struct kr_loudness);
}

void kr_loudness_destroy(struct kr_loudness **meter)
{
    kr_free(meter);
}

static double hear(struct ear *ear, double x)
{
    for (int i = 0; i < 2; i++) { // transposed direct form II
        const struct biquad *f = &EAR[i];
        double y = f->b0 * x + ear->z[i][0];
        ear->z[i][0] = f->b1 * x - f->a1 * y + ear->z[i][1];
        ear->z[i][1] = f->b2 * x - f->a2 * y;
        x = y;
    }
    return x;
}

static double lufs_of(double mean_square)
{
    return mean_square > 0 ? -0.691 + 10 * log10(mean_square) : -200;
}

static void end_tenth(struct kr_loudness *meter)
{
    for (int i = TENTHS - 1; i > 0; i--)
        meter->tenths[i] = meter->tenths[i - 1];
    meter->tenths[0] = meter->tenth;
    meter->tenth = 0;
    meter->in_tenth = 0;
    if (++meter->tenth_count < TENTHS)
        return;
    double sum = 0;
    for (int i = 0; i < TENTHS; i++)
        sum += meter->tenths[i];
    double mean = sum / (TENTHS * TENTH), lufs = lufs_of(mean);
    if (lufs <= KR_LUFS_SILENCE)
        return;
    int bin = (int)((lufs - KR_LUFS_SILENCE) * 10);
    bin = bin < BINS ? bin : BINS - 1;
    meter->count[bin]++;
    meter->energy[bin] += mean;
}

void kr_loudness_add(struct kr_loudness *meter, const float *left, const float *right, size_t n)
{
    const float *sides[2] = {left, right};
    for (size_t i = 0; i < n; i++) {
        for (int c = 0; c < 2; c++) {
            double heard = hear(&meter->ears[c], sides[c][i]);
            meter->tenth += heard * heard;
            float peak = next_peak(&meter->peaks[c], sides[c][i]);
            meter->peak = peak > meter->peak ? peak : meter->peak;
        }
        if (++meter->in_tenth == TENTH)
            end_tenth(meter);
    }
}

// The mean of all bins from `first` on; 0 when there is none.
static double mean_from(const struct kr_loudness *meter, int first)
{
    double sum = 0;
    uint64_t n = 0;
    for (int i = first; i < BINS; i++) {
        sum += meter->energy[i];
        n += meter->count[i];
    }
    return n ? sum / (double)n : 0;
}

double kr_loudness_integrated(const struct kr_loudness *meter)
{
    double mean = mean_from(meter, 0);
    if (mean <= 0)
        return KR_LUFS_SILENCE;
    double gate = lufs_of(mean) - 10; // the relative gate; exact to a tenth of a LU
    int bin = (int)ceil((gate - KR_LUFS_SILENCE) * 10);
    mean = mean_from(meter, bin > 0 ? bin : 0);
    return mean > 0 ? lufs_of(mean) : KR_LUFS_SILENCE;
}

double kr_loudness_peak(const struct kr_loudness *meter)
{
    return meter->peak > 1e-6f ? 20 * log10((double)meter->peak) : -120;
}

double kr_loudness_tenth(const struct kr_loudness *meter, int64_t *count)
{
    *count = meter->tenth_count;
    return meter->tenth_count ? lufs_of(meter->tenths[0] / TENTH) : -200;
}
