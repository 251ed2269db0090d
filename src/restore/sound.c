// SPDX-License-Identifier: AGPL-3.0-or-later
#include "restore/sound.h"

#include "restore/hum.h"
#include "restore/leveller.h"
#include "restore/limiter.h"
#include "restore/quick.h"
#include "restore/rnnoise.h"
#include "restore/sound_chain.h"
#include "restore/sound_ear.h"
#include "restore/sound_kept.h"
#include "restore/talk.h"
#include <assert.h>
#include <math.h>

static const double target_lufs = -16, ceiling_dbtp = -1, margin_db = 0.1;
static const double level_right = 0.5; // LU off that nobody hears
static const double peak_right = -1.0; // dBTP
static const double gain_most = 30;    // dB
static const double press_most = 6;    // dB into the limiter
static const double level_most = 6;    // dB, for a voice softer or louder than the others
static const double bangs = 8;         // dB from the loud 20 ms to the loudest: no voice does that
static const double echo_least = 0.45; // s; a furnished room answers for less
static const double answer_least = 0.12;  // of the power: made rooms 0.24, what only rings 0.06
static const double spoken_least = 0.15;  // of the time: then it is a voice that the room answers
static const double much_music = 0.35;    // of the power that is heard; of voices in noise 0.2
static const double noise_alone_most = 6; // dB of gain where nothing but noise is there
static const double cut_most = 15;        // dB: the room stays audible
static const double cut_fades = 10;       // dB below clear_already in which it goes to nothing
static const double voice_most = 0.9;     // of the net's answer
static const double voice_none = 30;      // dB between speech and floor: the net would only harm
static const double voice_fades = 3;      // dB below that until all is taken
static const double taken_least = 36;     // dB under a voice that is clear enough without the net
static const double clear_wholly = 40;    // dB between speech and floor: no more is taken
static const double taken_over = 6;     // than so many dB over the floor, and of a sound less clear
static const double taken_more = 1.5;   // so many dB more for each dB: its floor is told too low
static const double only_noise = 10;    // dB between speech and floor: nobody speaks
static const double clear_already = 42; // dB between speech and floor
static const double rumble_below = 20;  // dB under the speech: then it is left

static const size_t kept_most = 128 << 20; // bytes: five minutes and more of two channels

enum {
    TAIL = KR_RATE / 4, // silence pushed after the end, so that all comes out
    PIECE = 1 << 15,
};

struct piece {
    struct kr_samples *samples;
    struct piece *next;
};

enum stage {
    STUDIES,       // hears all that went in
    HEARS_HUMLESS, // hears it again without hum: what else must be done?
    LEARNS_ROOM,   // hears it with all that comes before: what does the room answer?
    LEARNS_AGAIN,  // the same, knowing roughly what the voice alone is
    REHEARSES,     // hears what comes out of the whole chain: how loud is it?
    SETTLED
};

struct kr_sound {
    double strength;
    int channels;
    enum stage stage;
    struct kr_sound_ear *ear;     // in the first two stages
    struct kr_sound_heard heard;  // in the last of them
    struct kr_kinds *kinds;       // heard with it
    struct kr_spoken *spoken;     // where somebody speaks, by the first rehearsal with a net
    struct kr_wpe_ear *room;      // while the room is learnt
    struct kr_talk *talk;         // does somebody speak in it?
    bool asks;                    // so is asked in this hearing
    struct kr_wpe_filter *late;   // what it answers
    struct kr_sound_study *study; // in the rehearsal
    struct kr_sound_kept *kept;   // its answer, where it is kept: then the chain is done
    // what is done
    bool alters;
    struct kr_sound_plan plan;
    double gain_db, music, tone_hz;
    float *levels; // a gain for each tenth of a second, where voices differ much
    size_t levels_n;
    int64_t level_at; // the next sample's place in the clip
    struct kr_sound_chain *chain;
    struct kr_limiter *limiter;
    // on the way out, or through a rehearsal
    uint64_t in, out, to_drop;
    bool ended;
    struct piece *first, **last;
};

bool kr_sound_create(double strength, int channels, struct kr_sound **out, struct kr_err *err)
{
    assert(channels >= 1 && channels <= KR_CHANNELS_MOST);
    if (!(strength >= 0 && strength <= 1))
        return kr_fail(err, KR_E_INVALID, "sound strength %g is not in 0..1", strength);
    struct kr_sound_ear *ear = NULL;
    if (!kr_sound_ear_create(channels, &ear, err))
        return false;
    struct kr_sound *sound = kr_new(struct kr_sound);
    sound->strength = fmin(1, strength / 0.8); // 0.8, the usual strength, does all of it
    sound->channels = channels;
    sound->ear = ear;
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
        kr_sound_ear_destroy(&(*sound)->ear);
        kr_kinds_destroy(&(*sound)->kinds);
        kr_spoken_destroy(&(*sound)->spoken);
        kr_wpe_ear_destroy(&(*sound)->room);
        kr_talk_destroy(&(*sound)->talk);
        kr_wpe_filter_destroy(&(*sound)->late);
        kr_sound_study_destroy(&(*sound)->study);
        kr_sound_kept_destroy(&(*sound)->kept);
        kr_free(&(*sound)->levels);
        kr_sound_chain_destroy(&(*sound)->chain);
        kr_limiter_destroy(&(*sound)->limiter);
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
        kr_make_finite(in->channel[c] + at, n, (*out)->channel[c]);
    return true;
}

bool kr_sound_study(struct kr_sound *sound, const struct kr_samples *in, struct kr_err *err)
{
    assert(sound->stage == STUDIES && in->channels == sound->channels);
    sound->in += in->n;
    for (size_t at = 0; at < in->n; at += PIECE) {
        KR_AUTO(kr_samples_destroy) struct kr_samples *piece = NULL;
        size_t n = in->n - at < PIECE ? in->n - at : PIECE;
        if (!copy_piece(sound, in, at, n, &piece, err) ||
            !kr_sound_ear_hear(sound->ear, piece->channel, n, err))
            return kr_within(err, "study sound");
    }
    return true;
}

// Is it known that nobody speaks in all of it?
static bool is_unspoken(const struct kr_sound *sound)
{
    if (sound->spoken)
        return !kr_spoken_anywhere(sound->spoken);
    double share = sound->talk ? kr_talk_share(sound->talk) : -1;
    return share >= 0 && share <= spoken_least;
}

// The gain that brings what `study` heard to the right level, after its voices are levelled.
static double gain_of(struct kr_sound *sound, struct kr_sound_study *study)
{
    const struct kr_sound_facts *f = &sound->heard.level;
    if (f->silent) // all of it was hum
        return 0;
    bool speaks = sound->music < much_music && !is_unspoken(sound);
    if (speaks && kr_sound_study_bang(study) <= bangs)
        kr_sound_study_level(study, level_most * sound->strength, &sound->levels, &sound->levels_n);
    double ceiling = ceiling_dbtp - margin_db;
    double gain = kr_sound_study_gain(study, target_lufs, ceiling, press_most);
    if (!speaks || kr_sound_study_bang(study) > bangs)
        gain = fmin(gain, ceiling - kr_sound_study_peak(study));
    else if (f->steady_floor && f->speech - f->floor < only_noise)
        gain = fmin(gain, noise_alone_most);
    return fmin(gain, gain_most) * sound->strength;
}

// How far noise so far below the speech is brought down: a voice that needs no net keeps its ring.
static double cut_of(double snr)
{
    if (snr < voice_none && !kr_rnnoise_there())
        return cut_most;
    double left = 1 - pow(10, (fmax(snr, voice_none) - taken_least) / 20);
    return left > 0 ? fmin(cut_most, -20 * log10(left)) : cut_most;
}

// What the chain must do, by what was heard.
static void plan(struct kr_sound *sound)
{
    const struct kr_sound_facts *f = &sound->heard.level;
    double snr = f->speech - f->floor, unclear = (clear_already - snr) / cut_fades;
    sound->plan.cuts_low = sound->music < much_music && f->rumble > f->speech - rumble_below;
    if (snr > 3 && unclear > 0)
        sound->plan.cut_db = cut_of(snr) * fmin(unclear, 1) * sound->strength;
    sound->plan.noise = sound->heard.noise;
    sound->plan.floor_db = f->floor;
    sound->plan.taken_db = f->floor + taken_over + taken_more * fmax(clear_wholly - snr, 0);
    sound->plan.kinds = sound->kinds;
    sound->plan.steady = f->steady_floor;
    sound->plan.is_music = sound->music >= much_music;
    if (sound->plan.cut_db <= 0 || sound->music >= much_music || !kr_rnnoise_there())
        return;
    double net = fmin(fmax((voice_none - snr) / voice_fades, 0), 1);
    sound->plan.voice = voice_most * net * sound->strength;
}

// Does it do what only a voice is in need of?
static bool bends(const struct kr_sound *sound, const struct kr_sound_study *study, double gain)
{
    return sound->levels || gain > ceiling_dbtp - margin_db - kr_sound_study_peak(study);
}

static json_t *report_new(const struct kr_sound *sound)
{
    const struct kr_sound_facts *f = &sound->heard.level;
    json_t *report = kr_json_new_object();
    kr_json_set_bool(report, "silent", f->silent);
    if (f->silent)
        return report;
    kr_json_set_real(report, "loudness", f->loudness);
    kr_json_set_real(report, "true_peak", f->true_peak);
    kr_json_set_real(report, "floor", f->floor);
    kr_json_set_real(report, "snr", f->speech - f->floor);
    return report;
}

// The chain from its beginning, as if nothing had been heard yet.
static void begin_chain(struct kr_sound *sound)
{
    kr_sound_chain_destroy(&sound->chain);
    sound->chain = kr_sound_chain_create(sound->channels, &sound->plan);
    sound->in = sound->out = 0;
    sound->to_drop = kr_sound_chain_delay(sound->chain);
}

static void settle(struct kr_sound *sound, json_t *report)
{
    sound->stage = SETTLED;
    sound->in = sound->out = 0;
    kr_json_set_bool(report, "done", sound->alters);
    if (!sound->heard.level.silent)
        kr_json_set_real(report, "gain", sound->gain_db);
    kr_json_set_bool(report, "levelled", sound->levels);
    if (!sound->alters)
        return;
    if (!sound->kept)
        begin_chain(sound);
    sound->level_at = -(int64_t)sound->to_drop;
    sound->limiter = kr_limiter_create(sound->channels, pow(10, sound->gain_db / 20),
                                       pow(10, (ceiling_dbtp - margin_db) / 20));
    sound->to_drop += KR_LIMITER_DELAY;
}

static void tell_plan(const struct kr_sound *sound, json_t *report)
{
    kr_json_set_bool(report, "rumble", sound->plan.cuts_low);
    kr_json_set_bool(report, "denoise", sound->plan.cut_db > 0);
    kr_json_set_real(report, "music", sound->music);
    if (sound->heard.echo_s > 0)
        kr_json_set_real(report, "echo", sound->heard.echo_s);
    if (kr_rnnoise_there())
        kr_json_set_bool(report, "rnnoise", sound->plan.voice > 0);
    else
        kr_json_set_str(report, "rnnoise", "absent");
}

// In this hearing, unless it is known already.
static void ask_who_speaks(struct kr_sound *sound)
{
    sound->asks = !sound->talk && !sound->spoken;
    if (sound->asks)
        sound->talk = kr_talk_create(sound->channels);
}

static bool begin_rehearsal(struct kr_sound *sound, struct kr_err *err)
{
    sound->alters = true;
    sound->stage = REHEARSES;
    // What will not fit is not begun: memory stays flat over a long clip.
    kr_sound_kept_destroy(&sound->kept);
    kr_sound_study_destroy(&sound->study);
    bool fits = sound->plan.length <= kept_most / sizeof(float) / (size_t)sound->channels;
    sound->kept = kr_sound_kept_create(sound->channels, fits ? kept_most : 0);
    begin_chain(sound);
    kr_sound_ear_destroy(&sound->ear);
    kr_free(&sound->levels);
    sound->levels_n = 0;
    if (sound->plan.voice <= 0)
        ask_who_speaks(sound);
    return kr_sound_study_create(sound->channels, KR_STUDY_GAIN, &sound->study, err);
}

// The samples are wanted once more: the room is learnt behind whatever comes before.
static bool begin_room(struct kr_sound *sound)
{
    sound->stage = sound->late ? LEARNS_AGAIN : LEARNS_ROOM;
    struct kr_sound_plan whole = sound->plan;
    sound->plan.cut_db = sound->plan.voice = 0;
    begin_chain(sound);
    sound->plan = whole;
    sound->room = kr_wpe_ear_create(sound->channels, sound->late);
    ask_who_speaks(sound);
    return true;
}

// All that must be known of the chain is known: a rehearsal, unless a gain is all.
static bool begin_treatment(struct kr_sound *sound, json_t *report, struct kr_err *err)
{
    const struct kr_sound_facts *f = &sound->heard.level;
    const struct kr_sound_plan *does = &sound->plan;
    bool may = !f->silent && sound->strength > 0;
    if (!f->silent)
        kr_json_set_bool(report, "dereverb", does->late != NULL);
    if (does->rails.high > 0 || does->hum_hz > 0 || does->cuts_low || does->late ||
        does->cut_db > 0)
        return begin_rehearsal(sound, err);
    struct kr_sound_study *study = kr_sound_ear_study(sound->ear);
    double gain = may ? gain_of(sound, study) : 0;
    if (may && bends(sound, study, gain) && !sound->talk && kr_rnnoise_there())
        return begin_rehearsal(sound, err);
    bool level =
        fabs(gain) < level_right * sound->strength && f->true_peak <= peak_right && !sound->levels;
    sound->alters = may && !level;
    sound->gain_db = sound->alters ? gain : 0;
    kr_sound_ear_destroy(&sound->ear);
    settle(sound, report);
    return true;
}

// Drums and monkeys die away slowly too; only a voice can be freed of its room.
static bool end_room(struct kr_sound *sound, json_t *report, struct kr_err *err)
{
    struct kr_wpe_filter *late = kr_wpe_ear_judge(sound->room);
    kr_wpe_ear_destroy(&sound->room);
    kr_wpe_filter_destroy(&sound->late);
    sound->late = late;
    bool spoken = kr_talk_share(sound->talk) > spoken_least;
    if (spoken && sound->stage == LEARNS_ROOM)
        return begin_room(sound);
    sound->plan.late = spoken ? late : NULL;
    sound->plan.late_part = sound->strength;
    return begin_treatment(sound, report, err);
}

static bool judge(struct kr_sound *sound, json_t *report, struct kr_err *err)
{
    const struct kr_sound_facts *f = &sound->heard.level;
    bool may = !f->silent && sound->strength > 0;
    sound->kinds = kr_sound_ear_take_kinds(sound->ear);
    sound->music = kr_kinds_music(sound->kinds);
    if (may)
        plan(sound);
    if (!f->silent)
        tell_plan(sound, report);
    if (may && sound->music < much_music && sound->heard.echo_s > echo_least)
        return begin_room(sound);
    return begin_treatment(sound, report, err);
}

// Hum goes first, and what is then left is heard once more.
static bool hear_without_hum(struct kr_sound *sound, struct kr_err *err)
{
    sound->stage = HEARS_HUMLESS;
    begin_chain(sound);
    kr_sound_ear_destroy(&sound->ear);
    return kr_sound_ear_create(sound->channels, &sound->ear, err);
}

void kr_sound_expect_tone(struct kr_sound *sound, double hz)
{
    sound->tone_hz = hz;
}

bool kr_sound_decide(struct kr_sound *sound, json_t **report, struct kr_err *err)
{
    assert(sound->stage == STUDIES);
    const struct kr_sound_heard *heard = &sound->heard;
    if (!kr_sound_ear_facts(sound->ear, &sound->heard, err))
        return kr_within(err, "judge sound");
    KR_AUTO(kr_json_drop) json_t *all = report_new(sound);
    bool may = sound->strength > 0 && !heard->level.silent;
    bool is_music = kr_kinds_music(kr_sound_ear_kinds(sound->ear)) > much_music;
    sound->plan.length = sound->in;
    if (may)
        sound->plan.rails = heard->rails;
    if (may && !is_music)
        sound->plan.hum_hz = heard->hum_hz > 0 ? heard->hum_hz : kr_hum_pitch(sound->tone_hz);
    if (sound->plan.hum_hz > 0)
        kr_json_set_real(all, "hum_hz", sound->plan.hum_hz);
    if (!heard->level.silent)
        kr_json_set_bool(all, "clipped", heard->rails.high > 0);
    if (!(sound->plan.hum_hz > 0 ? hear_without_hum(sound, err) : judge(sound, all, err)))
        return kr_within(err, "judge sound");
    *report = all;
    all = NULL;
    return true;
}

bool kr_sound_rehearses(const struct kr_sound *sound)
{
    return sound->stage != STUDIES && sound->stage != SETTLED;
}

// Lets the chain's answer be heard, without what only makes up for its delay.
static bool hear_answer(struct kr_sound *sound, const struct kr_samples *piece, struct kr_err *err)
{
    kr_sound_chain_run(sound->chain, piece->channel, piece->n);
    size_t skip = piece->n < sound->to_drop ? piece->n : (size_t)sound->to_drop;
    size_t n = piece->n - skip, left = (size_t)(sound->in - sound->out);
    float *channel[KR_CHANNELS_MOST] = {0};
    for (int c = 0; c < sound->channels; c++)
        channel[c] = piece->channel[c] + skip;
    sound->to_drop -= skip;
    n = n < left ? n : left;
    sound->out += n;
    if (sound->kept)
        kr_sound_kept_add(sound->kept, channel, n);
    if (sound->room)
        kr_wpe_ear_hear(sound->room, channel, n);
    if (sound->asks)
        kr_talk_add(sound->talk, channel, n);
    if (sound->room)
        return true;
    return sound->ear ? kr_sound_ear_hear(sound->ear, channel, n, err)
                      : kr_sound_study_add(sound->study, channel, n, 0, err);
}

bool kr_sound_rehearse(struct kr_sound *sound, const struct kr_samples *in, struct kr_err *err)
{
    assert(kr_sound_rehearses(sound) && in->channels == sound->channels);
    sound->in += in->n;
    for (size_t at = 0; at < in->n; at += PIECE) {
        KR_AUTO(kr_samples_destroy) struct kr_samples *piece = NULL;
        size_t n = in->n - at < PIECE ? in->n - at : PIECE;
        if (!copy_piece(sound, in, at, n, &piece, err) || !hear_answer(sound, piece, err))
            return kr_within(err, "rehearse sound");
    }
    return true;
}

// Where a net was asked for the first time: a voice is what the noise is taken from, so where
// nobody speaks it stays.
static bool learn_who_speaks(struct kr_sound *sound)
{
    struct kr_sound_plan *plan = &sound->plan;
    if (sound->spoken || plan->voice <= 0)
        return false;
    sound->spoken = kr_sound_chain_take_spoken(sound->chain);
    if (kr_spoken_everywhere(sound->spoken))
        return false;
    plan->spoken = sound->spoken;
    return true;
}

// After a rehearsal: does what was heard in it change what is to be done?
static bool learn_better(struct kr_sound *sound)
{
    struct kr_sound_plan *plan = &sound->plan;
    bool learnt = learn_who_speaks(sound);
    if (plan->late && kr_sound_chain_answered(sound->chain) < answer_least) {
        plan->late = NULL;
        learnt = true;
    }
    if (plan->cut_db > 0 && is_unspoken(sound) && (plan->voice > 0 || !plan->steady)) {
        plan->voice = 0;
        plan->cut_db = plan->steady ? plan->cut_db : 0;
        learnt = true;
    }
    return learnt;
}

bool kr_sound_settle(struct kr_sound *sound, json_t *report, struct kr_err *err)
{
    assert(kr_sound_rehearses(sound));
    while (sound->out < sound->in) {
        KR_AUTO(kr_samples_destroy) struct kr_samples *tail = NULL;
        if (!copy_piece(sound, NULL, 0, TAIL, &tail, err) || !hear_answer(sound, tail, err))
            return kr_within(err, "rehearse sound");
    }
    if (sound->stage == REHEARSES && learn_better(sound)) {
        tell_plan(sound, report);
        kr_json_set_bool(report, "dereverb", sound->plan.late != NULL);
        return begin_rehearsal(sound, err) || kr_within(err, "rehearse sound");
    }
    if (sound->stage == REHEARSES) {
        sound->gain_db = gain_of(sound, sound->study);
        if (!kr_sound_kept_is_whole(sound->kept))
            kr_sound_kept_destroy(&sound->kept);
        settle(sound, report);
        return true;
    }
    if (sound->room)
        return end_room(sound, report, err) || kr_within(err, "learn a room");
    if (!kr_sound_ear_facts(sound->ear, &sound->heard, err) || !judge(sound, report, err))
        return kr_within(err, "judge sound");
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

static bool run_take(struct kr_sound *sound, struct kr_samples *piece, struct kr_err *err)
{
    if (sound->alters) {
        if (sound->kept)
            kr_sound_kept_take(sound->kept, piece->channel, piece->n);
        else
            kr_sound_chain_run(sound->chain, piece->channel, piece->n);
        if (sound->levels)
            kr_leveller_play(sound->levels, sound->levels_n, sound->level_at, sound->channels,
                             piece->channel, piece->n);
        sound->level_at += (int64_t)piece->n;
        kr_limiter_run(sound->limiter, piece->channel, piece->n);
    }
    return emit_take(sound, piece, err);
}

bool kr_sound_push(struct kr_sound *sound, const struct kr_samples *in, struct kr_err *err)
{
    assert(sound->stage == SETTLED && !sound->ended && in->channels == sound->channels);
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
    assert(sound->stage == SETTLED && !sound->ended);
    sound->ended = true;
    // Silence behind the end pushes out what the chain still holds.
    while (sound->alters && sound->out < sound->in) {
        struct kr_samples *tail = NULL;
        if (!copy_piece(sound, NULL, 0, TAIL, &tail, err) || !run_take(sound, tail, err))
            return kr_within(err, "end sound");
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
