// SPDX-License-Identifier: AGPL-3.0-or-later
#include "film/master.h"

#include "film/loudness.h"
#include "restore/limiter.h"
#include <math.h>

enum { BLOCK = 4800 };
#define GAIN_MOST_DB 24.0
#define NEAR_LU 0.05 // so near is on the mark

struct kr_master {
    struct kr_mix *mix;
    struct kr_limiter *limiter;
    struct kr_loudness *meter;
};

// Begins from the start, louder by `db`. The limiter's delay is taken up here,
// so that what is read lies in time.
static bool start(struct kr_master *master, double db, struct kr_err *err)
{
    kr_limiter_destroy(&master->limiter);
    kr_loudness_destroy(&master->meter);
    master->limiter = kr_limiter_create(2, pow(10, db / 20), pow(10, KR_MASTER_PEAK_DB / 20));
    master->meter = kr_loudness_create();
    kr_mix_rewind(master->mix);
    float left[KR_LIMITER_DELAY], right[KR_LIMITER_DELAY], *sides[] = {left, right};
    if (!kr_mix_read(master->mix, left, right, KR_LIMITER_DELAY, err))
        return false;
    kr_limiter_run(master->limiter, sides, KR_LIMITER_DELAY);
    return true;
}

bool kr_master_read(struct kr_master *master, float *left, float *right, size_t n,
                    struct kr_err *err)
{
    if (!kr_mix_read(master->mix, left, right, n, err))
        return false;
    float *sides[] = {left, right};
    kr_limiter_run(master->limiter, sides, n);
    kr_loudness_add(master->meter, left, right, n);
    return true;
}

struct listening {
    bool (*progress)(void *context, double done);
    void *context;
    double before, share; // of all the listening
};

static bool listen(struct kr_master *master, int64_t samples, const struct listening *how,
                   struct kr_err *err)
{
    float left[BLOCK], right[BLOCK];
    for (int64_t at = 0; at < samples; at += BLOCK) {
        size_t n = samples - at < BLOCK ? (size_t)(samples - at) : BLOCK;
        if (!kr_master_read(master, left, right, n, err))
            return false;
        double done = how->before + how->share * (double)at / (double)samples;
        if (at % (BLOCK * 100) == 0 && how->progress && !how->progress(how->context, done))
            return kr_fail(err, KR_E_INTERRUPTED, "stopped");
    }
    return true;
}

bool kr_master_create(struct kr_mix *mix, int64_t samples,
                      bool (*progress)(void *context, double done), void *context,
                      struct kr_master **out, struct kr_err *err)
{
    KR_AUTO(kr_master_destroy) struct kr_master *master = kr_new(struct kr_master);
    master->mix = mix;
    double db = 0;
    // The limiter takes a little off; a third listening is seldom needed.
    for (int pass = 0; pass < 3; pass++) {
        struct listening how = {progress, context, pass / 3.0, 1 / 3.0};
        if (!start(master, db, err) || !listen(master, samples, &how, err))
            return kr_within(err, "set the loudness");
        double lufs = kr_loudness_integrated(master->meter);
        if (lufs <= KR_LUFS_SILENCE || fabs(KR_MASTER_LUFS - lufs) < NEAR_LU)
            break;
        db = fmin(db + KR_MASTER_LUFS - lufs, GAIN_MOST_DB);
    }
    if (!start(master, db, err))
        return kr_within(err, "set the loudness");
    *out = master;
    master = NULL;
    return true;
}

void kr_master_destroy(struct kr_master **master)
{
    if (!*master)
        return;
    kr_limiter_destroy(&(*master)->limiter);
    kr_loudness_destroy(&(*master)->meter);
    kr_free(master);
}

double kr_master_lufs(const struct kr_master *master)
{
    return kr_loudness_integrated(master->meter);
}

double kr_master_peak(const struct kr_master *master)
{
    return kr_loudness_peak(master->meter);
}
