// SPDX-License-Identifier: AGPL-3.0-or-later
// The net: two layers look at three frames each, three memories follow one another,
// and from what the last one holds two dense layers say what came of it. The
// memories are gated recurrent units (Cho et al. 2014), two thirds of whose weights
// are none. What goes into bytes goes in as bytes.
#include "restore/rnnoise_priv.h"

#include "restore/quick.h"
#include <assert.h>

extern const struct kr_rnnoise_weights kr_rnnoise_weights; // made by tools/rnnweights
extern const uint64_t kr_rnnoise_weights_size;

enum {
    FEATURES = KR_RNNOISE_FEATURES,
    LOOK = KR_RNNOISE_LOOK,
    STATE = KR_RNNOISE_STATE,
    GATES = KR_RNNOISE_GATES,
    BANDS = KR_RNNOISE_BANDS,
    LAST = KR_RNNOISE_SPAN - 1,
};
static_assert(KR_RNNOISE_SPAN * LOOK == STATE, "all bytes have as many inputs");

bool kr_rnnoise_there(void)
{
    assert(kr_rnnoise_weights_size == 0 || kr_rnnoise_weights_size == sizeof kr_rnnoise_weights);
    return kr_rnnoise_weights_size != 0;
}

// Eight outputs' products with four inputs.
KR_LOOP void add_block(const int8_t bytes[32], const int8_t x[4], int32_t sums[8])
{
    int16_t four[4] = {x[0], x[1], x[2], x[3]};
    for (int o = 0; o < 8; o++)
        sums[o] += bytes[4 * o] * four[0] + bytes[4 * o + 1] * four[1] +
                   bytes[4 * o + 2] * four[2] + bytes[4 * o + 3] * four[3];
}

void kr_rnnoise_sums(const struct kr_rnnoise_bytes *m, const int8_t *x, int32_t *sums)
{
    const int8_t *bytes = m->bytes;
    const uint8_t *index = m->index;
    memset(sums, 0, (size_t)m->groups * 8 * sizeof *sums);
    for (int g = 0; g < m->groups; g++, sums += 8) {
        int blocks = index ? *index++ : m->blocks;
        for (int b = 0; b < blocks; b++, bytes += 32)
            add_block(bytes, x + (ptrdiff_t)4 * (index ? index[b] : b), sums);
        index = index ? index + blocks : NULL;
    }
}

KR_LOOP float sigmoid(float sum)
{
    return 1 / (1 + kr_quick_exp(-sum));
}

KR_LOOP float tanh_of(float sum)
{
    return 2 * sigmoid(2 * sum) - 1;
}

// Sums over bytes of what lies in [-1,1], which goes in as whole numbers.
KR_LOOP void weigh(const struct kr_rnnoise_bytes *m, const float *scale, const float *bias,
                   const float x[STATE], bool vectors, float *out)
{
    int8_t whole[STATE];
    int32_t sums[GATES];
    for (int i = 0; i < STATE; i++) // rounded: never negative before it is cut off
        whole[i] = (int8_t)((int32_t)(127 * x[i] + 128.5f) - 128);
    if (vectors)
        kr_rnnoise_sums_avx2(m, whole, sums);
    else
        kr_rnnoise_sums(m, whole, sums);
    for (int o = 0; o < 8 * m->groups; o++)
        out[o] = (float)sums[o] * scale[o] + bias[o];
}

// Adds to each output its row, weighed.
KR_LOOP void dense(const float *rows, const float *x, int inputs, int outputs, float *sums)
{
    for (int i = 0; i < inputs; i++)
        for (int o = 0; o < outputs; o++)
            sums[o] += rows[i * outputs + o] * x[i];
}

KR_LOOP void look(struct kr_rnnoise_net *net, bool vectors, float seen[STATE])
{
    const struct kr_rnnoise_weights *w = &kr_rnnoise_weights;
    const struct kr_rnnoise_bytes see = {w->see, NULL, STATE / 8, STATE / 4};
    float *now = net->looks + LAST * LOOK;
    memmove(net->looks, net->looks + LOOK, LAST * LOOK * sizeof *now);
    memcpy(now, w->look_bias, sizeof w->look_bias);
    dense(w->look[0], net->features, KR_RNNOISE_SPAN * FEATURES, LOOK, now);
    for (int i = 0; i < LOOK; i++)
        now[i] = tanh_of(now[i]);
    weigh(&see, w->see_scale, w->see_bias, net->looks, vectors, seen);
    for (int i = 0; i < STATE; i++)
        seen[i] = tanh_of(seen[i]);
}

KR_LOOP void half(const struct kr_rnnoise_sparse *s, const float x[STATE], bool vectors,
                  float out[GATES])
{
    weigh(&(struct kr_rnnoise_bytes){s->bytes, s->index, GATES / 8, 0}, s->scale, s->bias, x,
          vectors, out);
}

KR_LOOP void remember(const struct kr_rnnoise_memory *m, const float x[STATE], bool vectors,
                      float state[STATE])
{
    float hears[GATES], recalls[GATES];
    half(&m->hears, x, vectors, hears);
    half(&m->recalls, state, vectors, recalls);
    for (int i = 0; i < STATE; i++) {
        const float *self = m->self + i;
        float keep = sigmoid(hears[i] + recalls[i] + self[0] * state[i]);
        float let = sigmoid(hears[STATE + i] + recalls[STATE + i] + self[STATE] * state[i]);
        float past = recalls[2 * STATE + i] + self[2 * STATE] * state[i];
        float fresh = tanh_of(hears[2 * STATE + i] + past * let);
        state[i] = keep * state[i] + (1 - keep) * fresh;
    }
}

KR_LOOP float run(struct kr_rnnoise_net *net, bool vectors, float gains[BANDS])
{
    const struct kr_rnnoise_weights *w = &kr_rnnoise_weights;
    float seen[STATE], voice = w->voice_bias;
    look(net, vectors, seen);
    for (int k = 0; k < 3; k++)
        remember(&w->memory[k], k ? net->state[k - 1] : seen, vectors, net->state[k]);
    memcpy(gains, w->gains_bias, sizeof w->gains_bias);
    dense(w->gains[0], net->state[2], STATE, BANDS, gains);
    dense(w->voice, net->state[2], STATE, 1, &voice);
    for (int b = 0; b < BANDS; b++)
        gains[b] = sigmoid(gains[b]);
    return sigmoid(voice);
}

KR_LOOP_AVX2 static float run_by_eights(struct kr_rnnoise_net *net, float gains[BANDS])
{
    return run(net, true, gains);
}

float kr_rnnoise_net_run(struct kr_rnnoise_net *net, const float features[KR_RNNOISE_FEATURES],
                         float gains[KR_RNNOISE_BANDS])
{
    memmove(net->features, net->features + FEATURES, LAST * FEATURES * sizeof *features);
    memcpy(net->features + LAST * FEATURES, features, FEATURES * sizeof *features);
    return net->vectors ? run_by_eights(net, gains) : run(net, false, gains);
}
