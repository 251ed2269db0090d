// SPDX-License-Identifier: AGPL-3.0-or-later
#include "film/recording.h"

#include "film/loudness.h"
#include "film/timeline.h"
#include "media/reader.h"

enum {
    TENTH = KR_RATE / 10,
    GAP_MOST = 600 * KR_RATE,            // silence that is put into one gap
    LONGEST = KR_FILM_HOURS_MOST * 3600, // seconds that are heard at all
};
#define QUIET_LU 20.0 // below its own loudness nobody speaks
#define QUIET_LUFS (-55.0)
#define PAUSE_TENTHS 12 // shorter pauses belong to speech
#define WORD_TENTHS 2   // shorter sounds do not

struct kr_recording {
    struct kr_reader *reader;
    struct kr_kit_params kit_params;
    struct kr_goes_on goes_on;
    struct kr_kit *kit; // NULL: as it is
    struct kr_samples *now;
    size_t used;         // of now
    int64_t at, silence; // samples given out; silence still to give before `now`
    bool reader_ended;
};

static bool open_reader(const struct kr_recording_params *params, struct kr_reader **out,
                        struct kr_err *err)
{
    struct kr_reader_params wanted = KR_READER_DEFAULTS;
    wanted.no_video = true;
    wanted.from_s = params->from_s;
    wanted.to_s = params->to_s;
    wanted.channels = 2;
    if (!kr_reader_open(params->fd, &wanted, out, err))
        return false;
    return kr_reader_info(*out)->has_sound ||
           kr_fail(err, KR_E_UNSUPPORTED, "there is no sound in it");
}

// The next samples of the file itself; NULL at its end.
static bool next_raw(struct kr_recording *sound, struct kr_samples **out, struct kr_err *err)
{
    *out = NULL;
    while (!sound->reader_ended) {
        KR_AUTO(kr_frame_destroy) struct kr_frame *frame = NULL;
        if (!kr_reader_next(sound->reader, &frame, out, err))
            return false;
        if (*out)
            return true;
        sound->reader_ended = !frame;
    }
    return true;
}

// Lets the kit hear all samples, and begins again.
static bool hear_all(struct kr_recording *sound, const struct kr_goes_on *goes_on,
                     bool (*hear)(struct kr_kit *kit, const struct kr_samples *samples,
                                  struct kr_err *err),
                     struct kr_err *err)
{
    for (;;) {
        KR_AUTO(kr_samples_destroy) struct kr_samples *samples = NULL;
        if (!next_raw(sound, &samples, err))
            return false;
        if (!samples)
            break;
        if (!hear(sound->kit, samples, err) || !kr_ask_goes_on(goes_on, err))
            return false;
    }
    sound->reader_ended = false;
    return kr_reader_rewind(sound->reader, err);
}

static bool study(struct kr_recording *sound, struct kr_err *err)
{
    const struct kr_goes_on *goes_on = &sound->goes_on;
    KR_AUTO(kr_json_drop) json_t *report = NULL;
    struct kr_kit_clip about = {.channels = 2};
    kr_kit_destroy(&sound->kit);
    if (!kr_kit_create(&sound->kit_params, &about, &sound->kit, err) ||
        !hear_all(sound, goes_on, kr_kit_study_samples, err) ||
        !kr_kit_decide(sound->kit, &report, err))
        return false;
    while (kr_kit_rehearses(sound->kit))
        if (!hear_all(sound, goes_on, kr_kit_rehearse_samples, err) ||
            !kr_kit_settle(sound->kit, report, err))
            return false;
    return true;
}

bool kr_recording_open(const struct kr_recording_params *params, struct kr_recording **out,
                       struct kr_err *err)
{
    KR_AUTO(kr_recording_close) struct kr_recording *sound = kr_new(struct kr_recording);
    if (!open_reader(params, &sound->reader, err))
        return kr_within(err, "open a sound");
    if (params->kit && params->kit->sound > 0) {
        sound->kit_params = *params->kit;
        sound->goes_on = params->goes_on;
        sound->kit_params.steady = sound->kit_params.light = 0;
        if (!study(sound, err))
            return kr_within(err, "the kit on a sound");
    }
    *out = sound;
    sound = NULL;
    return true;
}

void kr_recording_close(struct kr_recording **sound)
{
    if (!*sound)
        return;
    kr_samples_destroy(&(*sound)->now);
    kr_kit_destroy(&(*sound)->kit);
    kr_reader_close(&(*sound)->reader);
    kr_free(sound);
}

bool kr_recording_rewind(struct kr_recording *sound, struct kr_err *err)
{
    kr_samples_destroy(&sound->now);
    sound->used = 0;
    sound->at = sound->silence = 0;
    sound->reader_ended = false;
    if (!kr_reader_rewind(sound->reader, err))
        return kr_within(err, "begin a sound again");
    return !sound->kit || study(sound, err);
}

// Through the kit, where there is one: push until something comes out.
static bool next_treated(struct kr_recording *sound, struct kr_samples **out, struct kr_err *err)
{
    if (!sound->kit)
        return next_raw(sound, out, err);
    for (;;) {
        bool had_ended = sound->reader_ended;
        if (!kr_kit_pull_samples(sound->kit, out, err))
            return false;
        if (*out || had_ended)
            return true;
        KR_AUTO(kr_samples_destroy) struct kr_samples *raw = NULL;
        if (!next_raw(sound, &raw, err))
            return false;
        if (raw ? !kr_kit_push_samples(sound->kit, raw, err) : !kr_kit_end_samples(sound->kit, err))
            return false;
    }
}

// Makes the next samples current. What lies before the point we are at is
// passed over; what lies after it waits behind silence.
static bool advance(struct kr_recording *sound, struct kr_err *err)
{
    kr_samples_destroy(&sound->now);
    if (!next_treated(sound, &sound->now, err))
        return false;
    if (!sound->now)
        return true;
    int64_t ahead = sound->now->at - sound->at;
    sound->silence = ahead > GAP_MOST ? GAP_MOST : ahead > 0 ? ahead : 0;
    sound->used = 0;
    if (ahead < 0)
        sound->used = (size_t)-ahead < sound->now->n ? (size_t)-ahead : sound->now->n;
    return true;
}

// Gives out silence or samples; 0 when nothing is current.
static size_t give(struct kr_recording *sound, float *left, float *right, size_t n)
{
    if (sound->silence > 0) {
        n = (int64_t)n < sound->silence ? n : (size_t)sound->silence;
        memset(left, 0, n * sizeof *left);
        memset(right, 0, n * sizeof *right);
        sound->silence -= (int64_t)n;
    } else if (sound->now) {
        const struct kr_samples *now = sound->now;
        n = n < now->n - sound->used ? n : now->n - sound->used;
        memcpy(left, now->channel[0] + sound->used, n * sizeof *left);
        memcpy(right, now->channel[now->channels - 1] + sound->used, n * sizeof *right);
        sound->used += n;
    } else {
        n = 0;
    }
    sound->at += (int64_t)n;
    return n;
}

bool kr_recording_read(struct kr_recording *sound, float *left, float *right, size_t n, size_t *got,
                       struct kr_err *err)
{
    size_t done = 0;
    while (done < n) {
        size_t more = give(sound, left + done, right + done, n - done);
        done += more;
        if (more > 0)
            continue;
        if (!advance(sound, err))
            return kr_within(err, "read a sound");
        if (!sound->now)
            break;
    }
    *got = done;
    return true;
}

// The loudness of each tenth of a second, in a byte: 0 is -70 LUFS, steps of half a LU.
struct tenths {
    struct kr_buf levels;
    int64_t count;
};

static void note_tenth(struct tenths *tenths, const struct kr_loudness *meter)
{
    int64_t count;
    double level = 2 * (kr_loudness_tenth(meter, &count) + 70);
    if (count == tenths->count)
        return;
    uint8_t byte = level < 0 ? 0 : level > 255 ? 255 : (uint8_t)level;
    kr_buf_add(&tenths->levels, &byte, 1);
    tenths->count = count;
}

static void add_spoken(struct kr_hearing *hearing, int64_t from, int64_t to)
{
    if (to - from < WORD_TENTHS)
        return;
    hearing->spoken =
        kr_realloc_array(hearing->spoken, hearing->spoken_count + 1, sizeof *hearing->spoken);
    hearing->spoken[hearing->spoken_count][0] = from * TENTH;
    hearing->spoken[hearing->spoken_count++][1] = to * TENTH;
}

static void find_spoken(const struct tenths *tenths, struct kr_hearing *hearing)
{
    double quiet = hearing->lufs - QUIET_LU > QUIET_LUFS ? hearing->lufs - QUIET_LU : QUIET_LUFS;
    int64_t from = -1, to = -1;
    for (int64_t i = 0; i < (int64_t)tenths->levels.n; i++) {
        if ((uint8_t)tenths->levels.at[i] / 2.0 - 70 <= quiet)
            continue;
        if (from >= 0 && i - to > PAUSE_TENTHS) {
            add_spoken(hearing, from, to);
            from = -1;
        }
        from = from < 0 ? i : from;
        to = i + 1;
    }
    if (from >= 0)
        add_spoken(hearing, from, to);
}

static bool hear(struct kr_recording *sound, const struct kr_goes_on *goes_on,
                 struct kr_loudness *meter, struct tenths *tenths, int64_t *samples,
                 struct kr_err *err)
{
    float left[TENTH], right[TENTH];
    size_t got;
    *samples = 0;
    do {
        if (!kr_recording_read(sound, left, right, TENTH, &got, err))
            return false;
        kr_loudness_add(meter, left, right, got);
        note_tenth(tenths, meter);
        *samples += (int64_t)got;
        if (tenths->count % 100 == 0 && !kr_ask_goes_on(goes_on, err))
            return false;
        if (*samples > (int64_t)LONGEST * KR_RATE)
            return kr_fail(err, KR_E_TOO_BIG, "a recording of more than %d hours",
                           KR_FILM_HOURS_MOST);
    } while (got == TENTH);
    return true;
}

bool kr_recording_hear(const struct kr_recording_params *params, struct kr_hearing *out,
                       struct kr_err *err)
{
    KR_AUTO(kr_recording_close) struct kr_recording *sound = NULL;
    KR_AUTO(kr_loudness_destroy) struct kr_loudness *meter = kr_loudness_create();
    struct tenths tenths = {0};
    struct kr_hearing hearing = {0};
    bool good = kr_recording_open(params, &sound, err) &&
                hear(sound, &params->goes_on, meter, &tenths, &hearing.samples, err);
    if (good) {
        hearing.lufs = kr_loudness_integrated(meter);
        find_spoken(&tenths, &hearing);
        *out = hearing;
    }
    kr_buf_finish(&tenths.levels);
    return good || kr_within(err, "hear a sound");
}

void kr_hearing_finish(struct kr_hearing *hearing)
{
    kr_free(&hearing->spoken);
    *hearing = (struct kr_hearing){0};
}
