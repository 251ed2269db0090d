// SPDX-License-Identifier: AGPL-3.0-or-later
// rnnoise_priv.h: the parts of which rnnoise.c is made: spectrum, pitch, net.
#pragma once
#include "restore/rnnoise.h"

enum {
    KR_RNNOISE_WINDOW = 2 * KR_RNNOISE_FRAME,
    KR_RNNOISE_BINS = KR_RNNOISE_FRAME + 1, // 50 Hz apart
    KR_RNNOISE_BANDS = 32,
    KR_RNNOISE_FEATURES = 2 * KR_RNNOISE_BANDS + 1,
    KR_RNNOISE_LONGEST = 768, // samples of the longest period: 62.5 Hz
    KR_RNNOISE_SHORTEST = 60, // 800 Hz
    KR_RNNOISE_PAST = KR_RNNOISE_LONGEST + KR_RNNOISE_WINDOW,
};

// Floats that are taken together, from anywhere: where the machine has no such registers, the
// compiler takes them in parts.
enum { KR_RNNOISE_LANES = 8 };
typedef float kr_rnnoise_lanes __attribute__((vector_size(KR_RNNOISE_LANES * sizeof(float)),
                                              aligned(sizeof(float)), may_alias));

// A real Fourier transform of KR_RNNOISE_WINDOW samples, by one of half as many
// complex numbers. Forth divides by the number of samples, back does not.
struct kr_rnnoise_fourier {
    bool eights;                             // numbers at a time
    float turn[2][KR_RNNOISE_FRAME];         // cos, sin of -2 pi i / FRAME
    float half_turn[2][KR_RNNOISE_BINS];     // the same of WINDOW
    float first[4][2][KR_RNNOISE_FRAME / 4]; // of the first pass: none, once, twice, three times
};
struct kr_rnnoise_spectrum {
    float re[KR_RNNOISE_BINS], im[KR_RNNOISE_BINS];
};
void kr_rnnoise_fourier_init(struct kr_rnnoise_fourier *fourier, bool eights);
void kr_rnnoise_forth(const struct kr_rnnoise_fourier *fourier, const float in[KR_RNNOISE_WINDOW],
                      struct kr_rnnoise_spectrum *out);
void kr_rnnoise_back(const struct kr_rnnoise_fourier *fourier, const struct kr_rnnoise_spectrum *in,
                     float out[KR_RNNOISE_WINDOW]);

// The period of what is heard. Remembers the one before, which a voice seldom leaves.
struct kr_rnnoise_pitch {
    bool eights; // numbers at a time
    int period;  // samples
    float sure;  // [0,1]
};
void kr_rnnoise_pitch_find(struct kr_rnnoise_pitch *pitch, const float past[KR_RNNOISE_PAST]);

// What the net has learnt, as tools/rnnweights lays it down. Bytes go in blocks of 32: eight
// outputs, each with its four weights of four neighbouring inputs. Outputs, eight at a time,
// have all their blocks in a row; the index says of them how many, and the inputs / 4 of each.
enum {
    KR_RNNOISE_LOOK = 128,
    KR_RNNOISE_STATE = 384,
    KR_RNNOISE_GATES = 3 * KR_RNNOISE_STATE,
    KR_RNNOISE_MEMORIES = 3,
    KR_RNNOISE_SPAN = 3, // frames that the first two layers look at
    KR_RNNOISE_BYTES = KR_RNNOISE_SPAN * KR_RNNOISE_LOOK * KR_RNNOISE_STATE,
    KR_RNNOISE_BLOCKS = KR_RNNOISE_BYTES / 32,
};
struct kr_rnnoise_sparse {
    int8_t bytes[KR_RNNOISE_BYTES];
    uint8_t index[KR_RNNOISE_BLOCKS + KR_RNNOISE_GATES / 8];
    float scale[KR_RNNOISE_GATES], bias[KR_RNNOISE_GATES];
    int32_t total[KR_RNNOISE_GATES]; // of each output's bytes
};
struct kr_rnnoise_memory { // gates: what it keeps, what it hears, what is new
    struct kr_rnnoise_sparse hears, recalls;
    float self[KR_RNNOISE_GATES]; // what each recalls of itself
};
struct kr_rnnoise_weights {
    float look[KR_RNNOISE_SPAN * KR_RNNOISE_FEATURES][KR_RNNOISE_LOOK], look_bias[KR_RNNOISE_LOOK];
    int8_t see[KR_RNNOISE_BYTES];
    uint8_t see_index[KR_RNNOISE_BLOCKS + KR_RNNOISE_STATE / 8];
    float see_scale[KR_RNNOISE_STATE], see_bias[KR_RNNOISE_STATE];
    int32_t see_total[KR_RNNOISE_STATE];
    struct kr_rnnoise_memory memory[KR_RNNOISE_MEMORIES];
    float gains[KR_RNNOISE_STATE][KR_RNNOISE_BANDS], gains_bias[KR_RNNOISE_BANDS];
    float voice[KR_RNNOISE_STATE], voice_bias;
};

// How the net's bytes are multiplied, and how many floats are taken at a time elsewhere. All come
// to the same, to the bit.
enum kr_rnnoise_way { KR_RNNOISE_PLAIN, KR_RNNOISE_AVX2, KR_RNNOISE_VNNI };
enum kr_rnnoise_way kr_rnnoise_best_way(void); // that this machine can go
bool kr_rnnoise_has_vnni(void);                // four products of bytes at once

// Bytes times numbers in -127..127, added up: `groups` of eight sums, for each of `many` sounds.
// They go together because the bytes do not fit into the machine's near memory.
enum { KR_RNNOISE_TOGETHER = 2 };
struct kr_rnnoise_bytes {
    const int8_t *bytes;
    const uint8_t *index;
    const int32_t *total;
    int groups;
};
struct kr_rnnoise_inputs {
    int many;
    int8_t x[KR_RNNOISE_TOGETHER][KR_RNNOISE_STATE];
};
struct kr_rnnoise_sums {
    int32_t of[KR_RNNOISE_TOGETHER][KR_RNNOISE_GATES];
};
void kr_rnnoise_add_up(const struct kr_rnnoise_bytes *m, const struct kr_rnnoise_inputs *in,
                       struct kr_rnnoise_sums *out);
void kr_rnnoise_add_up_avx2(const struct kr_rnnoise_bytes *m, const struct kr_rnnoise_inputs *in,
                            struct kr_rnnoise_sums *out);
void kr_rnnoise_add_up_vnni(const struct kr_rnnoise_bytes *m, const struct kr_rnnoise_inputs *in,
                            struct kr_rnnoise_sums *out);

struct kr_rnnoise_net {                                    // what it remembers of one sound
    float features[KR_RNNOISE_SPAN * KR_RNNOISE_FEATURES]; // the newest frame last
    float looks[KR_RNNOISE_SPAN * KR_RNNOISE_LOOK];
    float state[KR_RNNOISE_MEMORIES][KR_RNNOISE_STATE];
};
struct kr_rnnoise_said {           // of the frame before
    float gains[KR_RNNOISE_BANDS]; // how much of each band is voice
    float voice;                   // how likely one is
};
// What it says of the next frame of each of `many` sounds, after its features were laid at the
// end of net->features.
void kr_rnnoise_net_run(struct kr_rnnoise_net *const net[], int many, enum kr_rnnoise_way way,
                        struct kr_rnnoise_said said[]);
// Room for the features of the next frame.
float *kr_rnnoise_net_next(struct kr_rnnoise_net *net);

// For the tests that hold all ways equal.
struct kr_rnnoise *kr_rnnoise_create_by(enum kr_rnnoise_way way);
