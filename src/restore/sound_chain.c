// SPDX-License-Identifier: AGPL-3.0-or-later
#include "restore/sound_chain.h"

#include "restore/hum.h"
#include "restore/lowcut.h"
#include "restore/omlsa.h"
#include "restore/quick.h"
#include "restore/voice.h"
#include <math.h>

enum { RUN = 256 };
static const float hidden_from = 26, hidden_wholly = 32;   // dB above the floor
static const float drums_alone = 0.45f, spoken_to = 0.75f; // how likely a voice is
static const float shows_again = 0.1f;                     // of the share, in each run of 5 ms
static const float stands_from = 8, stands_wholly = 14;    // dB above the floor: no noise

struct kr_sound_chain {
    int channels;
    struct kr_sound_plan plan;
    struct kr_declip *declip;
    struct kr_hum *hum;
    struct kr_lowcut *lowcut; // one for each channel
    struct kr_wpe *wpe;
    double into_room, out_of_it; // energy before and after it
    struct kr_omlsa *denoise;
    struct kr_voice *voice;
    float raw[KR_CHANNELS_MOST][KR_OMLSA_DELAY]; // what went into the denoiser, until it comes out
    size_t raw_at;
    uint64_t came;            // samples
    float share;              // of the noise's removal, that was blended away last
    struct kr_spoken *spoken; // as it is heard; NULL: by nobody
};

struct kr_sound_chain *kr_sound_chain_create(int channels, const struct kr_sound_plan *plan)
{
    struct kr_sound_chain *chain = kr_new(struct kr_sound_chain);
    chain->channels = channels;
    chain->plan = *plan;
    if (plan->rails.high > 0)
        chain->declip = kr_declip_create(channels, &plan->rails);
    if (plan->hum_hz > 0)
        chain->hum = kr_hum_create(channels, plan->hum_hz, plan->length);
    if (plan->cuts_low)
        chain->lowcut = kr_new_array(struct kr_lowcut, (size_t)channels);
    if (plan->late)
        chain->wpe = kr_wpe_create(channels, plan->late, plan->late_part);
    if (plan->cut_db <= 0)
        return chain;
    chain->denoise = kr_omlsa_create(channels, -plan->cut_db, plan->noise);
    if (plan->voice <= 0)
        return chain;
    chain->voice = kr_voice_create(channels, plan->voice);
    chain->spoken = kr_spoken_create();
    return chain;
}

void kr_sound_chain_destroy(struct kr_sound_chain **chain)
{
    if (*chain) {
        kr_declip_destroy(&(*chain)->declip);
        kr_hum_destroy(&(*chain)->hum);
        kr_free(&(*chain)->lowcut);
        kr_wpe_destroy(&(*chain)->wpe);
        kr_omlsa_destroy(&(*chain)->denoise);
        kr_voice_destroy(&(*chain)->voice);
        kr_spoken_destroy(&(*chain)->spoken);
    }
    kr_free(chain);
}

size_t kr_sound_chain_delay(const struct kr_sound_chain *chain)
{
    return (chain->declip ? KR_DECLIP_DELAY : 0) + (chain->hum ? KR_HUM_DELAY : 0) +
           (chain->lowcut ? KR_LOWCUT_DELAY : 0) + (chain->wpe ? KR_WPE_DELAY : 0) +
           (chain->denoise ? KR_OMLSA_DELAY : 0) +
           (chain->voice ? kr_voice_delay(chain->voice) : 0);
}

static void exchange(struct kr_sound_chain *chain, float *const channel[], size_t n,
                     float raw[KR_CHANNELS_MOST][RUN])
{
    for (size_t i = 0; i < n; i++) {
        for (int c = 0; c < chain->channels; c++) {
            float *held = &chain->raw[c][chain->raw_at];
            raw[c][i] = *held;
            *held = channel[c][i];
        }
        chain->raw_at = (chain->raw_at + 1) % KR_OMLSA_DELAY;
    }
}

static float between(float value, float none, float all)
{
    return kr_less(kr_more((value - none) / (all - none), 0), 1);
}

static float power_of(const struct kr_sound_chain *chain, float wave[KR_CHANNELS_MOST][RUN],
                      size_t n)
{
    float sum = 0;
    for (int c = 0; c < chain->channels; c++)
        for (size_t i = 0; i < n; i++)
            sum += wave[c][i] * wave[c][i];
    return sum / (float)(n * (size_t)chain->channels);
}

// How surely this is music, or drums to which nobody speaks.
static float plays(const struct kr_sound_chain *chain, uint64_t at)
{
    float voice = chain->voice ? kr_voice_sure(chain->voice) : 0;
    float alone = 1 - between(voice, drums_alone, spoken_to);
    float piece = kr_kinds_piece_at(chain->plan.kinds, at);
    float note = kr_kinds_music_at(chain->plan.kinds, at);
    // A vowel that somebody draws out while he tells is no music: a piece around it is.
    float music = chain->plan.is_music ? kr_more(piece, note) : kr_less(piece, note);
    return kr_more(music, alone * kr_kinds_beat_at(chain->plan.kinds, at));
}

// How surely nobody speaks, and this is no steady noise either.
static float has_no_voice(const struct kr_sound_chain *chain, uint64_t at, float above_db)
{
    if (!chain->plan.spoken)
        return 0;
    float nobody = 1 - kr_spoken_at(chain->plan.spoken, at);
    return nobody * (chain->plan.steady ? between(above_db, stands_from, stands_wholly) : 1);
}

// How much of what would be taken is more than there is of the noise.
static float takes_too_much(const struct kr_sound_chain *chain, float raw[KR_CHANNELS_MOST][RUN],
                            float *const channel[], size_t n)
{
    float taken[KR_CHANNELS_MOST][RUN];
    for (int c = 0; c < chain->channels; c++)
        for (size_t i = 0; i < n; i++)
            taken[c][i] = raw[c][i] - channel[c][i];
    float most = powf(10, (float)chain->plan.taken_db / 10);
    return 1 - sqrtf(kr_less(most / (power_of(chain, taken, n) + 1e-20f), 1));
}

// The part of the noise's removal that is not wanted here.
static float unwanted(const struct kr_sound_chain *chain, float raw[KR_CHANNELS_MOST][RUN],
                      float *const channel[], size_t n)
{
    uint64_t late = kr_sound_chain_delay(chain), at = chain->came > late ? chain->came - late : 0;
    float above = 10 * log10f(power_of(chain, raw, n) + 1e-20f) - (float)chain->plan.floor_db;
    float kept = kr_more(plays(chain, at), has_no_voice(chain, at, above));
    kept = kr_more(kept, between(above, hidden_from, hidden_wholly));
    return chain->voice ? kept : kr_more(kept, takes_too_much(chain, raw, channel, n));
}

// The net hears earlier than its answer comes out.
static void note_voice(struct kr_sound_chain *chain, size_t n)
{
    size_t late = kr_sound_chain_delay(chain) - kr_voice_delay(chain->voice);
    if (chain->spoken && chain->came >= late)
        kr_spoken_add(chain->spoken, kr_voice_sure(chain->voice), n);
}

// At most RUN samples.
static void take_noise_down(struct kr_sound_chain *chain, float *const channel[], size_t n)
{
    float raw[KR_CHANNELS_MOST][RUN];
    exchange(chain, channel, n, raw);
    kr_omlsa_run(chain->denoise, channel, n);
    if (chain->voice) {
        kr_voice_run(chain->voice, (float *const[]){raw[0], raw[1]}, channel, n);
        note_voice(chain, n);
    }
    float now = kr_more(unwanted(chain, raw, channel, n), chain->share - shows_again);
    float step = (now - chain->share) / (float)n;
    for (int c = 0; c < chain->channels; c++)
        for (size_t i = 0; i < n; i++) {
            float share = chain->share + step * (float)(i + 1);
            channel[c][i] += share * (raw[c][i] - channel[c][i]);
        }
    chain->share = now;
    chain->came += n;
}

struct kr_spoken *kr_sound_chain_take_spoken(struct kr_sound_chain *chain)
{
    struct kr_spoken *spoken = chain->spoken;
    chain->spoken = NULL;
    return spoken;
}

double kr_sound_chain_answered(const struct kr_sound_chain *chain)
{
    return 1 - fmin((chain->out_of_it + 1e-12) / (chain->into_room + 1e-12), 1);
}

static double energy_of(const struct kr_sound_chain *chain, float *const channel[], size_t n)
{
    double sum = 0;
    for (int c = 0; c < chain->channels; c++)
        for (size_t i = 0; i < n; i++)
            sum += (double)channel[c][i] * (double)channel[c][i];
    return sum;
}

static void free_of_room(struct kr_sound_chain *chain, float *const channel[], size_t n)
{
    chain->into_room += energy_of(chain, channel, n);
    kr_wpe_run(chain->wpe, channel, n);
    chain->out_of_it += energy_of(chain, channel, n);
}

void kr_sound_chain_run(struct kr_sound_chain *chain, float *const channel[], size_t n)
{
    if (chain->declip)
        kr_declip_run(chain->declip, channel, n);
    if (chain->hum)
        kr_hum_run(chain->hum, channel, n);
    for (int c = 0; chain->lowcut && c < chain->channels; c++)
        kr_lowcut(&chain->lowcut[c], channel[c], n, NULL);
    if (chain->wpe)
        free_of_room(chain, channel, n);
    for (size_t at = 0; chain->denoise && at < n; at += RUN) {
        float *const now[KR_CHANNELS_MOST] = {channel[0] + at,
                                              chain->channels == 2 ? channel[1] + at : NULL};
        take_noise_down(chain, now, n - at < RUN ? n - at : RUN);
    }
}
