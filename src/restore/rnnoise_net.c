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
    MEMORIES = KR_RNNOISE_MEMORIES,
    TOGETHER = KR_RNNOISE_TOGETHER,
    LAST = KR_RNNOISE_SPAN - 1,
    WIDE_MOST = 8, // lanes
};
static_assert(KR_RNNOISE_SPAN * LOOK == STATE, "all bytes have as many inputs");

bool kr_rnnoise_there(void)
{
    assert(kr_rnnoise_weights_size == 0 || kr_rnnoise_weights_size == sizeof kr_rnnoise_weights);
    return kr_rnnoise_weights_size != 0;
}

enum kr_rnnoise_way kr_rnnoise_best_way(void)
{
    if (!kr_loop_has_avx2())
        return KR_RNNOISE_PLAIN;
    return kr_rnnoise_has_vnni() ? KR_RNNOISE_VNNI : KR_RNNOISE_AVX2;
}

// Eight outputs' products with four inputs.
KR_LOOP void add_block(const int8_t bytes[32], const int8_t x[4], int32_t sums[8])
{
    int16_t four[4] = {x[0], x[1], x[2], x[3]};
    for (int o = 0; o < 8; o++)
        sums[o] += bytes[4 * o] * four[0] + bytes[4 * o + 1] * four[1] +
                   bytes[4 * o + 2] * four[2] + bytes[4 * o + 3] * four[3];
}

void kr_rnnoise_add_up(const struct kr_rnnoise_bytes *m, const struct kr_rnnoise_inputs *in,
                       struct kr_rnnoise_sums *out)
{
    for (int k = 0; k < in->many; k++) {
        const int8_t *bytes = m->bytes;
        const uint8_t *index = m->index;
        int32_t *sums = out->of[k];
        memset(sums, 0, (size_t)m->groups * 8 * sizeof *sums);
        for (int g = 0; g < m->groups; g++, sums += 8)
            for (int blocks = *index++; blocks > 0; blocks--, bytes += 32)
                add_block(bytes, in->x[k] + (ptrdiff_t)4 * *index++, sums);
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

// Sums over bytes of what lies in [-1,1], which goes in as whole numbers; of each of `many` sounds.
KR_LOOP void weigh(const struct kr_rnnoise_bytes *m, const float *scale, const float *bias,
                   enum kr_rnnoise_way way, int many, const float *const x[],
                   float out[TOGETHER][GATES])
{
    struct kr_rnnoise_inputs whole = {.many = many};
    struct kr_rnnoise_sums sums;
    for (int k = 0; k < many; k++)
        for (int i = 0; i < STATE; i++) // rounded: never negative before it is cut off
            whole.x[k][i] = (int8_t)((int32_t)(127 * x[k][i] + 128.5f) - 128);
    if (way == KR_RNNOISE_VNNI)
        kr_rnnoise_add_up_vnni(m, &whole, &sums);
    else if (way == KR_RNNOISE_AVX2)
        kr_rnnoise_add_up_avx2(m, &whole, &sums);
    else
        kr_rnnoise_add_up(m, &whole, &sums);
    for (int k = 0; k < many; k++)
        for (int o = 0; o < 8 * m->groups; o++)
            out[k][o] = (float)sums.of[k][o] * scale[o] + bias[o];
}

// Adds to each output its row, weighed: so many lanes of outputs stay in registers meanwhile.
KR_LOOP void dense(const float *rows, const float *x, int inputs, int outputs, int wide,
                   float *sums)
{
    kr_rnnoise_lanes sum[WIDE_MOST];
    for (int from = 0; from < outputs; from += wide * KR_RNNOISE_LANES) {
        kr_rnnoise_lanes *out = (kr_rnnoise_lanes *)(sums + from);
        for (int o = 0; o < wide; o++)
            sum[o] = out[o];
        for (int i = 0; i < inputs; i++) {
            const kr_rnnoise_lanes *row =
                (const kr_rnnoise_lanes *)(rows + (ptrdiff_t)i * outputs + from);
            for (int o = 0; o < wide; o++)
                sum[o] += row[o] * x[i];
        }
        for (int o = 0; o < wide; o++)
            out[o] = sum[o];
    }
}

KR_LOOP void look(struct kr_rnnoise_net *net)
{
    const struct kr_rnnoise_weights *w = &kr_rnnoise_weights;
    float *now = net->looks + LAST * LOOK;
    memmove(net->looks, net->looks + LOOK, LAST * LOOK * sizeof *now);
    memcpy(now, w->look_bias, sizeof w->look_bias);
    dense(w->look[0], net->features, KR_RNNOISE_SPAN * FEATURES, LOOK, 8, now);
    for (int i = 0; i < LOOK; i++)
        now[i] = tanh_of(now[i]);
}

KR_LOOP void see(struct kr_rnnoise_net *const net[], int many, enum kr_rnnoise_way way,
                 float seen[TOGETHER][GATES])
{
    const struct kr_rnnoise_weights *w = &kr_rnnoise_weights;
    const struct kr_rnnoise_bytes bytes = {w->see, w->see_index, w->see_total, STATE / 8};
    const float *looks[TOGETHER];
    for (int k = 0; k < many; k++) {
        look(net[k]);
        looks[k] = net[k]->looks;
    }
    weigh(&bytes, w->see_scale, w->see_bias, way, many, looks, seen);
    for (int k = 0; k < many; k++)
        for (int i = 0; i < STATE; i++)
            seen[k][i] = tanh_of(seen[k][i]);
}

KR_LOOP void half(const struct kr_rnnoise_sparse *s, enum kr_rnnoise_way way, int many,
                  const float *const x[], float out[TOGETHER][GATES])
{
    const struct kr_rnnoise_bytes bytes = {s->bytes, s->index, s->total, GATES / 8};
    weigh(&bytes, s->scale, s->bias, way, many, x, out);
}

KR_LOOP void remember(const struct kr_rnnoise_memory *m, const float hears[GATES],
                      const float recalls[GATES], float state[STATE])
{
    for (int i = 0; i < STATE; i++) {
        const float *self = m->self + i;
        float keep = sigmoid(hears[i] + recalls[i] + self[0] * state[i]);
        float let = sigmoid(hears[STATE + i] + recalls[STATE + i] + self[STATE] * state[i]);
        float past = recalls[2 * STATE + i] + self[2 * STATE] * state[i];
        float fresh = tanh_of(hears[2 * STATE + i] + past * let);
        state[i] = keep * state[i] + (1 - keep) * fresh;
    }
}

// The memory `at`, which hears x; afterwards x is what it holds.
KR_LOOP void pass_on(struct kr_rnnoise_net *const net[], int many, enum kr_rnnoise_way way, int at,
                     const float *x[TOGETHER])
{
    const struct kr_rnnoise_memory *m = &kr_rnnoise_weights.memory[at];
    const float *held[TOGETHER];
    float hears[TOGETHER][GATES], recalls[TOGETHER][GATES];
    for (int k = 0; k < many; k++)
        held[k] = net[k]->state[at];
    half(&m->hears, way, many, x, hears);
    half(&m->recalls, way, many, held, recalls);
    for (int k = 0; k < many; k++) {
        remember(m, hears[k], recalls[k], net[k]->state[at]);
        x[k] = net[k]->state[at];
    }
}

KR_LOOP void say(const float state[STATE], struct kr_rnnoise_said *said)
{
    const struct kr_rnnoise_weights *w = &kr_rnnoise_weights;
    float voice = w->voice_bias;
    memcpy(said->gains, w->gains_bias, sizeof w->gains_bias);
    dense(w->gains[0], state, STATE, BANDS, 4, said->gains);
    for (int i = 0; i < STATE; i++)
        voice += w->voice[i] * state[i];
    for (int b = 0; b < BANDS; b++)
        said->gains[b] = sigmoid(said->gains[b]);
    said->voice = sigmoid(voice);
}

KR_LOOP void run(struct kr_rnnoise_net *const net[], int many, enum kr_rnnoise_way way,
                 struct kr_rnnoise_said said[])
{
    float seen[TOGETHER][GATES];
    const float *x[TOGETHER];
    see(net, many, way, seen);
    for (int k = 0; k < many; k++)
        x[k] = seen[k];
    for (int at = 0; at < MEMORIES; at++)
        pass_on(net, many, way, at, x);
    for (int k = 0; k < many; k++)
        say(x[k], &said[k]);
}

KR_LOOP_AVX2 static void run_by_eights(struct kr_rnnoise_net *const net[], int many,
                                       enum kr_rnnoise_way way, struct kr_rnnoise_said said[])
{
    run(net, many, way, said);
}

float *kr_rnnoise_net_next(struct kr_rnnoise_net *net)
{
    memmove(net->features, net->features + FEATURES, LAST * FEATURES * sizeof *net->features);
    return net->features + LAST * FEATURES;
}

void kr_rnnoise_net_run(struct kr_rnnoise_net *const net[], int many, enum kr_rnnoise_way way,
                        struct kr_rnnoise_said said[])
{
    if (way == KR_RNNOISE_PLAIN)
        run(net, many, way, said);
    else
        run_by_eights(net, many, way, said);
}
