// SPDX-License-Identifier: AGPL-3.0-or-later
// The net: a dense layer looks at the features; one memory hears voices, one
// noise, one decides; two dense layers say what came of it. The memories are
// gated recurrent units (Cho et al. 2014).
#include "restore/rnnoise_priv.h"

#include <assert.h>
#include <math.h>

extern const int8_t kr_rnnoise_weights[]; // made by tools/rnnweights
extern const uint64_t kr_rnnoise_weights_size;

enum {
    FEATURES = KR_RNNOISE_FEATURES,
    LOOK = 24,
    VOICE = KR_RNNOISE_VOICE,
    NOISE = KR_RNNOISE_NOISE,
    CLEAN = KR_RNNOISE_CLEAN,
    GAINS = 24, // 22, filled up to whole eights
    SURE = 8,   // one, filled up
    HEARS_NOISE = LOOK + VOICE + FEATURES,
    HEARS_CLEAN = VOICE + NOISE + FEATURES,
};

// Where each layer begins: a bias, then a row for each input, then one for each thing remembered.
#define DENSE_SIZE(inputs, outputs) ((1 + (inputs)) * (outputs))
#define MEMORY_SIZE(inputs, outputs) ((1 + (inputs) + (outputs)) * 3 * (outputs))
enum {
    LOOK_AT = 0,
    VOICE_AT = LOOK_AT + DENSE_SIZE(FEATURES, LOOK),
    NOISE_AT = VOICE_AT + MEMORY_SIZE(LOOK, VOICE),
    CLEAN_AT = NOISE_AT + MEMORY_SIZE(HEARS_NOISE, NOISE),
    GAINS_AT = CLEAN_AT + MEMORY_SIZE(HEARS_CLEAN, CLEAN),
    SURE_AT = GAINS_AT + DENSE_SIZE(CLEAN, GAINS),
    WEIGHTS_SIZE = SURE_AT + DENSE_SIZE(VOICE, SURE),
};

bool kr_rnnoise_there(void)
{
    assert(kr_rnnoise_weights_size == 0 || kr_rnnoise_weights_size == WEIGHTS_SIZE);
    return kr_rnnoise_weights_size != 0;
}

void kr_rnnoise_add(const struct kr_rnnoise_matrix *m, const float *x, float *sums)
{
    for (int i = 0; i < m->inputs; i++)
        for (int o = 0; o < m->outputs; o++)
            sums[o] += (float)m->bytes[i * m->stride + o] * x[i];
}

static void add(const struct kr_rnnoise_net *net, const struct kr_rnnoise_matrix *m, const float *x,
                float *sums)
{
    if (net->vectors)
        kr_rnnoise_add_avx2(m, x, sums);
    else
        kr_rnnoise_add(m, x, sums);
}

static float sigmoid(float sum)
{
    return 1 / (1 + expf(-sum / KR_RNNOISE_UNIT));
}

// Sums before the layer's bend.
static void dense(const struct kr_rnnoise_net *net, int at, int inputs, int outputs, const float *x,
                  float *sums)
{
    const int8_t *bias = kr_rnnoise_weights + at;
    for (int o = 0; o < outputs; o++)
        sums[o] = (float)bias[o];
    add(net, &(struct kr_rnnoise_matrix){bias + outputs, outputs, inputs, outputs}, x, sums);
}

// `keeps` says how much of the old stays, `hears` how much of it the new may look at.
static void remember(const struct kr_rnnoise_net *net, int at, int inputs, int n, const float *x,
                     float *state)
{
    float sums[3 * CLEAN], heard[CLEAN];
    float *keeps = sums, *hears = sums + n, *fresh = sums + 2 * n;
    dense(net, at, inputs, 3 * n, x, sums);
    const int8_t *past = kr_rnnoise_weights + at + (1 + inputs) * 3 * n;
    add(net, &(struct kr_rnnoise_matrix){past, 3 * n, n, 2 * n}, state, sums);
    for (int i = 0; i < n; i++)
        heard[i] = state[i] * sigmoid(hears[i]);
    add(net, &(struct kr_rnnoise_matrix){past + 2 * n, 3 * n, n, n}, heard, fresh);
    for (int i = 0; i < n; i++) {
        float keep = sigmoid(keeps[i]);
        state[i] = keep * state[i] + (1 - keep) * fmaxf(fresh[i] / KR_RNNOISE_UNIT, 0);
    }
}

static float *put(float *to, const float *from, int n)
{
    memcpy(to, from, (size_t)n * sizeof *to);
    return to + n;
}

float kr_rnnoise_net_run(struct kr_rnnoise_net *net, const float features[KR_RNNOISE_FEATURES],
                         float gains[KR_RNNOISE_BANDS])
{
    float look[LOOK], sure[SURE], out[GAINS], noise_hears[HEARS_NOISE], clean_hears[HEARS_CLEAN];
    dense(net, LOOK_AT, FEATURES, LOOK, features, look);
    for (int i = 0; i < LOOK; i++)
        look[i] = tanhf(look[i] / KR_RNNOISE_UNIT);
    remember(net, VOICE_AT, LOOK, VOICE, look, net->voice);
    put(put(put(noise_hears, look, LOOK), net->voice, VOICE), features, FEATURES);
    remember(net, NOISE_AT, HEARS_NOISE, NOISE, noise_hears, net->noise);
    put(put(put(clean_hears, net->voice, VOICE), net->noise, NOISE), features, FEATURES);
    remember(net, CLEAN_AT, HEARS_CLEAN, CLEAN, clean_hears, net->clean);
    dense(net, GAINS_AT, CLEAN, GAINS, net->clean, out);
    for (int b = 0; b < KR_RNNOISE_BANDS; b++)
        gains[b] = sigmoid(out[b]);
    dense(net, SURE_AT, VOICE, SURE, net->voice, sure);
    return sigmoid(sure[0]);
}
