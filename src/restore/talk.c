// SPDX-License-Identifier: AGPL-3.0-or-later
#include "restore/talk.h"

#include "media/samples.h"
#include "restore/rnnoise.h"

enum {
    SLOT = KR_RNNOISE_FRAME,
    LEAST = 200,    // slots
    ROUND = 600,    // slots, of which
    ASKED_IN = 200, // the first are asked for
};
static const float sure = 0.9f; // a beat or a hum is seldom so like a voice

struct kr_talk {
    int channels;
    struct kr_rnnoise *net; // NULL: this build has none
    float slot[SLOT];
    size_t filled, slots, asked, spoken;
};

struct kr_talk *kr_talk_create(int channels)
{
    struct kr_talk *talk = kr_new(struct kr_talk);
    talk->channels = channels;
    talk->net = kr_rnnoise_there() ? kr_rnnoise_create() : NULL;
    return talk;
}

void kr_talk_destroy(struct kr_talk **talk)
{
    if (*talk)
        kr_rnnoise_destroy(&(*talk)->net);
    kr_free(talk);
}

static void end_slot(struct kr_talk *talk)
{
    talk->filled = 0;
    if (talk->slots++ % ROUND >= ASKED_IN)
        return;
    talk->asked++;
    talk->spoken += kr_rnnoise_hear(talk->net, talk->slot) > sure;
}

void kr_talk_add(struct kr_talk *talk, float *const channel[], size_t n)
{
    for (size_t i = 0; talk->net && i < n; i++) {
        float sum = 0;
        for (int c = 0; c < talk->channels; c++)
            sum += channel[c][i];
        talk->slot[talk->filled] = sum / (float)talk->channels;
        if (++talk->filled == SLOT)
            end_slot(talk);
    }
}

double kr_talk_share(const struct kr_talk *talk)
{
    return talk->asked < LEAST ? -1 : (double)talk->spoken / (double)talk->asked;
}
