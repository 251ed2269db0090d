// SPDX-License-Identifier: AGPL-3.0-or-later
// A voice in a bare room: its late answer must go, and nothing else.
#include "restore/wpe.h"

#include "harness.h"
#include "restore/room.h"
#include <math.h>

enum { N = 9 * KR_RATE, EARLY = KR_RATE / 20, LATE = KR_RATE, SLOT = KR_RATE / 100 };

static double noise(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return (double)(*seed >> 8) / (1 << 23) - 1;
}

// Whispered syllables, each with a vowel of its own; a breath after three.
static void speak(float *wave)
{
    uint32_t seed = 5;
    double one = 0, two = 0;
    for (int i = 0; i < N; i++) {
        double s = i / (double)KR_RATE, in = fmod(s, 0.3) / 0.3;
        double hz = 400 + 300 * (int)(s / 0.3 * 7) % 1800, r = 0.985;
        double loud = fmod(s, 1.2) > 0.9 ? 0 : pow(sin(M_PI * fmin(1, in * 1.3)), 2);
        double v = loud * noise(&seed) + 2 * r * cos(2 * M_PI * hz / KR_RATE) * one - r * r * two;
        two = one;
        one = v;
        wave[i] = (float)(0.02 * v);
    }
}

// What a room answers with between two moments: echoes from everywhere, which fall by 60 dB
// in `t60` seconds; the way there comes first.
static void in_a_room(const float *voice, double t60, int from, int to, float *out)
{
    enum { ECHOES = 1500 };
    uint32_t seed = 9;
    memset(out, 0, N * sizeof *out);
    for (int e = 0; e < ECHOES; e++) {
        int late = e ? (int)((noise(&seed) + 1) / 2 * LATE) : 0;
        float high = e ? (float)(0.1 * noise(&seed) * pow(10, -3.0 * late / KR_RATE / t60)) : 1;
        for (int at = late; late >= from && late < to && at < N; at++)
            out[at] += high * voice[at - late];
    }
}

static double apart(const float *truth, const float *out)
{
    double tt = 0, to = 0, oo = 0;
    for (int i = 0; i < N - KR_RATE; i++) {
        tt += (double)truth[i] * (double)truth[i];
        to += (double)truth[i] * (double)out[i];
        oo += (double)out[i] * (double)out[i];
    }
    return 10 * log10(to * to / tt / (oo - to * to / tt));
}

static struct kr_wpe_filter *learn(float *wave, const struct kr_wpe_filter *before, bool fours)
{
    struct kr_wpe_ear *ear = kr_wpe_ear_create(1, before);
    if (fours)
        kr_wpe_by_fours(ear, NULL);
    kr_wpe_ear_hear(ear, &wave, N);
    struct kr_wpe_filter *filter = kr_wpe_ear_judge(ear);
    kr_wpe_ear_destroy(&ear);
    return filter;
}

// After two hearings. KR_WPE_DELAY late.
static void treat(float *wave, double strength, bool fours)
{
    struct kr_wpe_filter *once = learn(wave, NULL, fours), *twice = learn(wave, once, fours);
    struct kr_wpe *wpe = kr_wpe_create(1, twice, strength);
    if (fours)
        kr_wpe_by_fours(NULL, wpe);
    kr_wpe_run(wpe, &wave, N + KR_WPE_DELAY);
    kr_wpe_destroy(&wpe);
    kr_wpe_filter_destroy(&once);
    kr_wpe_filter_destroy(&twice);
}

struct desk {
    float *voice, *early, *wave;
};

static void desk_finish(struct desk *desk)
{
    kr_free(&desk->voice);
    kr_free(&desk->early);
    kr_free(&desk->wave);
}

static struct desk desk_in(double t60)
{
    struct desk desk = {kr_new_array(float, N), kr_new_array(float, N),
                        kr_new_array(float, N + KR_WPE_DELAY)};
    float *late = kr_new_array(float, N);
    speak(desk.voice);
    in_a_room(desk.voice, t60, 0, EARLY, desk.early);
    in_a_room(desk.voice, t60, EARLY, LATE, late);
    for (int i = 0; i < N; i++)
        desk.wave[i] = desk.early[i] + late[i];
    kr_free(&late);
    return desk;
}

TEST(the_late_answer_of_a_room_goes)
{
    KR_AUTO(desk_finish) struct desk desk = desk_in(0.7);
    double before = apart(desk.early, desk.wave);
    treat(desk.wave, 1, false);
    double after = apart(desk.early, desk.wave + KR_WPE_DELAY);
    print_message("%.1f dB, then %.1f\n", before, after);
    EXPECT(after > before + 2);
}

TEST(a_voice_without_a_room_stays)
{
    KR_AUTO(desk_finish) struct desk desk = desk_in(0.7);
    memcpy(desk.wave, desk.voice, N * sizeof *desk.voice);
    treat(desk.wave, 1, false);
    double kept = apart(desk.voice, desk.wave + KR_WPE_DELAY);
    print_message("%.1f dB\n", kept);
    EXPECT(kept > 25);
    memcpy(desk.wave, desk.voice, N * sizeof *desk.voice);
    treat(desk.wave, 0, false);
    EXPECT(apart(desk.voice, desk.wave + KR_WPE_DELAY) > 80);
}

TEST(fours_and_eights_are_one)
{
    KR_AUTO(desk_finish) struct desk eights = desk_in(0.7);
    KR_AUTO(desk_finish) struct desk fours = desk_in(0.7);
    treat(eights.wave, 0.8, false);
    treat(fours.wave, 0.8, true);
    EXPECT(memcmp(eights.wave, fours.wave, (N + KR_WPE_DELAY) * sizeof(float)) == 0);
}

static double answers_for(const float *wave)
{
    struct kr_room *room = kr_room_create((double)SLOT / KR_RATE);
    double seconds = 0;
    for (int at = 0; at + SLOT <= N; at += SLOT) {
        double sum = 1e-12;
        for (int i = at; i < at + SLOT; i++)
            sum += (double)wave[i] * (double)wave[i];
        kr_room_add(room, 10 * log10(sum / SLOT));
    }
    bool known = kr_room_dies_away(room, &seconds);
    EXPECT(known);
    kr_room_destroy(&room);
    return seconds;
}

TEST(a_bare_room_is_told_from_a_soft_one)
{
    KR_AUTO(desk_finish) struct desk bare = desk_in(1.2);
    KR_AUTO(desk_finish) struct desk soft = desk_in(0.25);
    double dry = answers_for(bare.voice), short_s = answers_for(soft.wave);
    double long_s = answers_for(bare.wave);
    print_message("%.2f s, %.2f, %.2f\n", dry, short_s, long_s);
    EXPECT(dry < 0.3 && short_s < 0.4 && long_s > 0.5 && long_s < 1.3);
}

TEST(levels_of_a_room_are_shares_of_its_slots)
{
    (void)t;
    struct kr_room *room = kr_room_create(0.01);
    double seconds;
    EXPECT(kr_room_level(room, 0.5) <= -100 && !kr_room_dies_away(room, &seconds));
    for (int i = 0; i < 100; i++)
        kr_room_add(room, -60 + i / 4.0);
    kr_room_add(room, -1000); // digital silence does not count
    EXPECT_INT(kr_room_slots(room), 100);
    EXPECT_NEAR(kr_room_level(room, 0), -60, 0.1);
    EXPECT_NEAR(kr_room_level(room, 0.5), -47.75, 0.3);
    EXPECT_NEAR(kr_room_level(room, 1), -35.25, 0.1);
    kr_room_destroy(&room);
}

MAIN(CASE(the_late_answer_of_a_room_goes), CASE(a_voice_without_a_room_stays),
     CASE(fours_and_eights_are_one), CASE(a_bare_room_is_told_from_a_soft_one),
     CASE(levels_of_a_room_are_shares_of_its_slots))
