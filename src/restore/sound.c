// SPDX-License-Identifier: AGPL-3.0-or-later
#include "restore/sound.h"

#include "media/graph.h"
#include "restore/limiter.h"
#include "restore/lowcut.h"
#include "restore/sound_study.h"
#include <assert.h>
#include <math.h>

static const double target_lufs = -16, ceiling_dbtp = -1.5, margin_db = 0.1;
static const double level_right = 0.5;    // LU off that nobody hears
static const double peak_right = -1.0;    // dBTP
static const double gain_most = 30;       // dB
static const double press_most = 6;       // dB into the limiter
static const double noise_alone_most = 6; // dB of gain where nothing but noise is there
static const double cut_most = 12;        // dB: the room stays audible
static const double only_noise = 9;       // dB between speech and floor: nobody speaks
static const double clear_already = 38;   // dB between speech and floor
static const double rumble_below = 30;    // dB under the speech: then it is left

enum {
    DENOISE_DELAY = KR_RATE / 40, // afftdn looks this far ahead (measured; a test asserts it)
    TAIL = KR_RATE / 4,           // silence pushed after the end, so that all comes out
    PIECE = 1 << 15,
};

struct piece {
    struct kr_samples *samples;
    struct piece *next;
};

struct kr_sound {
    double strength;
    int channels;
    struct kr_sound_study *study;
    struct kr_lowcut *lowcut; // one for each channel
    // what is done
    bool decided, alters, cuts_low, denoises;
    double gain_db, floor_db, cut_db;
    struct kr_graph *denoiser;
    struct kr_limiter *limiter;
    // on the way out
    uint64_t in, out, to_drop;
    bool ended;
    struct piece *first, **last;
};

bool kr_sound_create(double strength, int channels, struct kr_sound **out, struct kr_err *err)
{
    assert(channels >= 1 && channels <= KR_CHANNELS_MOST);
    if (!(strength >= 0 && strength <= 1))
        return kr_fail(err, KR_E_INVALID, "sound strength %g is not in 0..1", strength);
    struct kr_sound_study *study = NULL;
    if (!kr_sound_study_create(channels, &study, err))
        return false;
    struct kr_sound *sound = kr_new(struct kr_sound);
    sound->strength = fmin(1, strength / 0.8); // 0.8, the usual strength, does all of it
    sound->channels = channels;
    sound->study = study;
    sound->lowcut = kr_new_array(struct kr_lowcut, (size_t)channels);
    sound->last = &sound->first;
    *out = sound;
    return true;
}

void kr_sound_destroy(struct kr_sound **sound)
{
    if (*sound) {
        for (struct piece *p = (*sound)->first; p;) {
            struct piece *next = p->next;
            kr_samples_destroy(&p->samples);
            kr_free(&p);
            p = next;
        }
        kr_sound_study_destroy(&(*sound)->study);
        kr_graph_close(&(*sound)->denoiser);
        kr_limiter_destroy(&(*sound)->limiter);
        kr_free(&(*sound)->lowcut);
    }
    kr_free(sound);
}

// A piece of `in` (silence beyond NULL), made finite: a broken file may say anything.
static bool copy_piece(const struct kr_sound *sound, const struct kr_samples *in, size_t at,
                       size_t n, struct kr_samples **out, struct kr_err *err)
{
    if (!kr_samples_create(KR_RATE, sound->channels, n, out, err))
        return false;
    for (int c = 0; in && c < sound->channels; c++)
        for (size_t i = 0; i < n; i++) {
            float v = in->channel[c][at + i];
            (*out)->channel[c][i] = isfinite(v) ? fminf(fmaxf(v, -8), 8) : 0;
        }
    return true;
}

static void low_cut(struct kr_sound *sound, struct kr_samples *samples, double *below)
{
    for (int c = 0; c < sound->channels; c++)
        kr_lowcut(&sound->lowcut[c], samples->channel[c], samples->n, below);
}

bool kr_sound_study(struct kr_sound *sound, const struct kr_samples *in, struct kr_err *err)
{
    assert(!sound->decided && in->channels == sound->channels);
    for (size_t at = 0; at < in->n; at += PIECE) {
        KR_AUTO(kr_samples_destroy) struct kr_samples *piece = NULL;
        size_t n = in->n - at < PIECE ? in->n - at : PIECE;
        double below = 0;
        if (!copy_piece(sound, in, at, n, &piece, err))
            return kr_within(err, "study sound");
        low_cut(sound, piece, &below);
        if (!kr_sound_study_add(sound->study, piece->channel, n, below, err))
            return kr_within(err, "study sound");
    }
    return true;
}

static void judge(struct kr_sound *sound, const struct kr_sound_facts *f)
{
    if (f->silent || sound->strength <= 0)
        return;
    double snr = f->speech - f->floor;
    sound->cuts_low = f->rumble > f->speech - rumble_below;
    sound->denoises = f->steady_floor && snr < clear_already && snr > 3;
    sound->floor_db = fmin(fmax(f->floor, -80), -20); // afftdn's own range
    struct kr_sound_chain chain = {sound->denoises ? sound->cut_db : 0, ceiling_dbtp - margin_db,
                                   press_most};
    double gain = kr_sound_study_gain(sound->study, &chain, target_lufs);
    if (f->steady_floor && snr < only_noise)
        gain = fmin(gain, noise_alone_most);
    gain = fmin(gain, gain_most);
    bool level = fabs(gain) < level_right && f->true_peak <= peak_right;
    sound->alters = sound->cuts_low || sound->denoises || !level;
    sound->gain_db = sound->alters ? gain * sound->strength : 0;
}

static json_t *report_of(const struct kr_sound *sound, const struct kr_sound_facts *f)
{
    json_t *report = kr_json_new_object();
    kr_json_set_bool(report, "done", sound->alters);
    kr_json_set_bool(report, "silent", f->silent);
    if (!f->silent) {
        kr_json_set_real(report, "loudness", f->loudness);
        kr_json_set_real(report, "true_peak", f->true_peak);
        kr_json_set_real(report, "floor", f->floor);
        kr_json_set_real(report, "snr", f->speech - f->floor);
        kr_json_set_real(report, "gain", sound->gain_db);
        kr_json_set_bool(report, "rumble", sound->cuts_low);
        kr_json_set_bool(report, "denoise", sound->denoises);
    }
    return report;
}

static bool open_chain(struct kr_sound *sound, struct kr_err *err)
{
    if (!sound->alters)
        return true;
    char chain[64];
    kr_format(chain, sizeof chain, "afftdn=nr=%.2f:nf=%.1f", sound->cut_db, sound->floor_db);
    if (sound->denoises && !kr_graph_open(chain, KR_RATE, sound->channels, &sound->denoiser, err))
        return kr_within(err, "take noise out");
    sound->limiter = kr_limiter_create(sound->channels, pow(10, sound->gain_db / 20),
                                       pow(10, (ceiling_dbtp - margin_db) / 20));
    sound->to_drop = KR_LIMITER_DELAY + (sound->denoises ? DENOISE_DELAY : 0) +
                     (sound->cuts_low ? KR_LOWCUT_DELAY : 0);
    return true;
}

bool kr_sound_decide(struct kr_sound *sound, json_t **report, struct kr_err *err)
{
    assert(!sound->decided);
    struct kr_sound_facts facts;
    sound->cut_db = fmax(cut_most * sound->strength, 0.01);
    if (!kr_sound_study_facts(sound->study, &facts, err))
        return kr_within(err, "judge sound");
    judge(sound, &facts);
    kr_sound_study_destroy(&sound->study);
    memset(sound->lowcut, 0, (size_t)sound->channels * sizeof *sound->lowcut);
    if (!open_chain(sound, err))
        return false;
    sound->decided = true;
    *report = report_of(sound, &facts);
    return true;
}

// Puts samples in the queue: without those that only make up for delays, and no
// more than went in. Swallows them.
static bool emit_take(struct kr_sound *sound, struct kr_samples *samples, struct kr_err *err)
{
    size_t skip = samples->n < sound->to_drop ? samples->n : (size_t)sound->to_drop;
    sound->to_drop -= skip;
    size_t n = samples->n - skip;
    if (n > sound->in - sound->out)
        n = (size_t)(sound->in - sound->out);
    struct kr_samples *out = NULL;
    bool ok = n == 0 || kr_samples_create(KR_RATE, sound->channels, n, &out, err);
    if (ok && n) {
        for (int c = 0; c < sound->channels; c++)
            memcpy(out->channel[c], samples->channel[c] + skip, n * sizeof(float));
        out->at = (int64_t)sound->out;
        sound->out += n;
        struct piece *piece = kr_new(struct piece);
        piece->samples = out;
        *sound->last = piece;
        sound->last = &piece->next;
    }
    kr_samples_destroy(&samples);
    return ok;
}

static bool level_take(struct kr_sound *sound, struct kr_samples *samples, struct kr_err *err)
{
    kr_limiter_run(sound->limiter, samples->channel, samples->n);
    return emit_take(sound, samples, err);
}

static bool drain_denoiser(struct kr_sound *sound, struct kr_err *err)
{
    for (;;) {
        struct kr_samples *out = NULL;
        if (!kr_graph_pull(sound->denoiser, &out, err))
            return false;
        if (!out)
            return true;
        if (!level_take(sound, out, err))
            return false;
    }
}

static bool run_take(struct kr_sound *sound, struct kr_samples *piece, struct kr_err *err)
{
    if (!sound->alters)
        return emit_take(sound, piece, err);
    if (sound->cuts_low)
        low_cut(sound, piece, NULL);
    if (!sound->denoises)
        return level_take(sound, piece, err);
    bool ok = kr_graph_push(sound->denoiser, piece, err) && drain_denoiser(sound, err);
    kr_samples_destroy(&piece);
    return ok;
}

bool kr_sound_push(struct kr_sound *sound, const struct kr_samples *in, struct kr_err *err)
{
    assert(sound->decided && !sound->ended && in->channels == sound->channels);
    sound->in += in->n;
    for (size_t at = 0; at < in->n; at += PIECE) {
        struct kr_samples *piece = NULL;
        size_t n = in->n - at < PIECE ? in->n - at : PIECE;
        if (!copy_piece(sound, in, at, n, &piece, err) || !run_take(sound, piece, err))
            return kr_within(err, "treat sound");
    }
    return true;
}

bool kr_sound_end(struct kr_sound *sound, struct kr_err *err)
{
    assert(sound->decided && !sound->ended);
    sound->ended = true;
    // Silence behind the end pushes out what the chain still holds.
    while (sound->alters && sound->out < sound->in) {
        struct kr_samples *tail = NULL;
        uint64_t before = sound->out - sound->to_drop; // goes on with every sample
        if (!copy_piece(sound, NULL, 0, TAIL, &tail, err) || !run_take(sound, tail, err))
            return kr_within(err, "end sound");
        if (sound->out - sound->to_drop == before)
            return kr_fail(err, KR_E_INTERNAL, "end sound: the chain holds samples back");
    }
    return true;
}

bool kr_sound_pull(struct kr_sound *sound, struct kr_samples **out, struct kr_err *err)
{
    (void)err; // pulling only hands over what is ready
    struct piece *piece = sound->first;
    *out = piece ? piece->samples : NULL;
    if (!piece)
        return true;
    sound->first = piece->next;
    if (!sound->first)
        sound->last = &sound->first;
    kr_free(&piece);
    return true;
}
