// SPDX-License-Identifier: AGPL-3.0-or-later
#include "media/samples.h"

#include <assert.h>

enum { ALIGN = 64, MOST = 1 << 28 }; // an hour and a half of one channel at 48 kHz

bool kr_samples_create(int rate, int channels, size_t n, struct kr_samples **out,
                       struct kr_err *err)
{
    assert(rate > 0 && channels >= 1 && channels <= KR_CHANNELS_MOST);
    if (n > MOST)
        return kr_fail(err, KR_E_TOO_BIG, "%zu samples at once", n);
    size_t head = (sizeof(struct kr_samples) + ALIGN - 1) / ALIGN * ALIGN;
    size_t each = (n * sizeof(float) + ALIGN - 1) / ALIGN * ALIGN;
    size_t total = head + each * (size_t)channels + ALIGN; // vectors may read a little further
    struct kr_samples *samples = aligned_alloc(ALIGN, total);
    if (!samples)
        return kr_fail(err, KR_E_TOO_BIG, "no memory for %zu samples", n);
    memset(samples, 0, total);
    samples->rate = rate;
    samples->channels = channels;
    samples->n = n;
    for (int c = 0; c < channels; c++)
        samples->channel[c] = (float *)(void *)((uint8_t *)samples + head + each * (size_t)c);
    *out = samples;
    return true;
}

void kr_samples_destroy(struct kr_samples **samples)
{
    kr_free(samples);
}
