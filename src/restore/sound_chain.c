// SPDX-License-Identifier: AGPL-3.0-or-later
#include "restore/sound_chain.h"

#include "restore/hum.h"
#include "restore/lowcut.h"
#include "restore/omlsa.h"

struct kr_sound_chain {
    int channels;
    struct kr_sound_plan plan;
    struct kr_hum *hum;
    struct kr_lowcut *lowcut; // one for each channel
    struct kr_omlsa *denoise;
};

struct kr_sound_chain *kr_sound_chain_create(int channels, const struct kr_sound_plan *plan)
{
    struct kr_sound_chain *chain = kr_new(struct kr_sound_chain);
    chain->channels = channels;
    chain->plan = *plan;
    if (plan->hum_hz > 0)
        chain->hum = kr_hum_create(channels, plan->hum_hz, plan->length);
    if (plan->cuts_low)
        chain->lowcut = kr_new_array(struct kr_lowcut, (size_t)channels);
    if (plan->cut_db > 0)
        chain->denoise = kr_omlsa_create(channels, -plan->cut_db, plan->noise);
    return chain;
}

void kr_sound_chain_destroy(struct kr_sound_chain **chain)
{
    if (*chain) {
        kr_hum_destroy(&(*chain)->hum);
        kr_free(&(*chain)->lowcut);
        kr_omlsa_destroy(&(*chain)->denoise);
    }
    kr_free(chain);
}

size_t kr_sound_chain_delay(const struct kr_sound_chain *chain)
{
    return (chain->hum ? KR_HUM_DELAY : 0) + (chain->lowcut ? KR_LOWCUT_DELAY : 0) +
           (chain->denoise ? KR_OMLSA_DELAY : 0);
}

void kr_sound_chain_run(struct kr_sound_chain *chain, float *const channel[], size_t n)
{
    if (chain->hum)
        kr_hum_run(chain->hum, channel, n);
    for (int c = 0; chain->lowcut && c < chain->channels; c++)
        kr_lowcut(&chain->lowcut[c], channel[c], n, NULL);
    if (chain->denoise)
        kr_omlsa_run(chain->denoise, channel, n);
}
