// SPDX-License-Identifier: AGPL-3.0-or-later
#include "film/mix.h"

#include "film/duck.h"
#include "film/loudness.h"
#include "film/master.h"
#include "made.h"
#include <math.h>

enum { MOST = 4 };

struct desk {
    struct kr_part parts[MOST];
    struct kr_hearing hearings[MOST];
    size_t count;
    struct kr_mix *mix;
    float *left, *right; // what was read
    size_t n;
};

static void add(struct kr_test *t, struct desk *desk, enum kr_part_kind kind, int fd,
                double start_s, double end_s)
{
    struct kr_part *part = &desk->parts[desk->count];
    *part = (struct kr_part){.kind = kind,
                             .sound = {.fd = fd},
                             .start = (int64_t)(start_s * KR_RATE),
                             .end = (int64_t)(end_s * KR_RATE),
                             .volume = 1};
    EXPECT_OK(kr_recording_hear(&part->sound, &desk->hearings[desk->count], &t->err));
    desk->count++;
}

static void read_all(struct kr_test *t, struct desk *desk, double seconds)
{
    size_t n = (size_t)(seconds * KR_RATE);
    if (!desk->mix)
        desk->mix = kr_mix_create(desk->parts, desk->hearings, desk->count, (int64_t)n);
    kr_mix_rewind(desk->mix);
    desk->left = kr_arena_array(t->mem, float, n);
    desk->right = kr_arena_array(t->mem, float, n);
    for (size_t at = 0; at < n; at += 1920) // as a film of 25 frames asks for it
        EXPECT_OK(kr_mix_read(desk->mix, desk->left + at, desk->right + at,
                              n - at < 1920 ? n - at : 1920, &t->err));
    desk->n = n;
}

static void finish(struct desk *desk)
{
    kr_mix_destroy(&desk->mix);
    for (size_t i = 0; i < desk->count; i++)
        kr_hearing_finish(&desk->hearings[i]);
}

static double level_at(const struct desk *desk, double at_s, double hz)
{
    return level_of(desk->left + (size_t)(at_s * KR_RATE), KR_RATE / 4, hz);
}

TEST(music_steps_back_by_nine_decibels_under_a_voice)
{
    static const double words[][2] = {{0, 0}, {900, -20}, {900, -20}, {0, 0}};
    static const double tune[][2] = {{300, -12}};
    struct desk desk = {0};
    add(t, &desk, KR_PART_VOICE, made_sound(t, words, 4, 1), 2, 6);
    add(t, &desk, KR_PART_MUSIC, made_sound(t, tune, 1, 8), 0, 8);
    EXPECT_INT(desk.hearings[0].spoken_count, 1);
    EXPECT_NEAR((double)desk.hearings[0].spoken[0][0] / KR_RATE, 1, 0.11);
    EXPECT_NEAR((double)desk.hearings[0].spoken[0][1] / KR_RATE, 3, 0.11);
    read_all(t, &desk, 8);
    double alone = level_at(&desk, 1, 300), under = level_at(&desk, 3.8, 300);
    EXPECT_NEAR(alone - under, 9, 0.2);
    EXPECT_NEAR(level_at(&desk, 6.4, 300), alone, 0.1); // back again
    EXPECT_NEAR(level_at(&desk, 3.0, 300), under, 0.5); // down at the first word
    EXPECT(level_at(&desk, 3.8, 900) > under);          // the voice is in front
    EXPECT(level_at(&desk, 1, 900) < -80);
    finish(&desk);
}

TEST(the_mix_is_the_same_each_time)
{
    static const double words[][2] = {{440, -20}, {0, 0}, {660, -26}};
    static const double tune[][2] = {{300, -12}, {200, -12}};
    struct desk desk = {0};
    add(t, &desk, KR_PART_VOICE, made_sound(t, words, 3, 0.7), 0.5, 2.6);
    add(t, &desk, KR_PART_CLIP, made_sound(t, words, 3, 0.7), 1.5, 2.5);
    add(t, &desk, KR_PART_MUSIC, made_sound(t, tune, 2, 0.51), 0, 4);
    read_all(t, &desk, 4);
    const float *first = desk.left;
    read_all(t, &desk, 4);
    EXPECT(memcmp(first, desk.left, desk.n * sizeof *first) == 0);
    EXPECT(level_at(&desk, 3, 300) > -60 || level_at(&desk, 3, 200) > -60); // began again
    EXPECT(fabsf(desk.left[desk.n - 1]) < 1e-4f);                           // faded out
    finish(&desk);
}

TEST(a_part_sounds_only_in_its_own_time)
{
    static const double words[][2] = {{440, -20}};
    struct desk desk = {0};
    add(t, &desk, KR_PART_CLIP, made_sound(t, words, 1, 5), 1, 2);
    read_all(t, &desk, 4);
    for (size_t i = 0; i < KR_RATE; i++)
        EXPECT(desk.left[i] == 0 && desk.left[i + 2 * KR_RATE] == 0);
    EXPECT(level_at(&desk, 1.3, 440) > -40);
    finish(&desk);
}

static const struct {
    double first, second; // dBFS
} levels[] = {{-45, -42}, {-20, -26}, {0, -30}};

TEST(every_film_is_as_loud_as_the_next)
{
    for (size_t k = 0; k < KR_COUNT(levels); k++) {
        const double words[][2] = {{700, levels[k].first}, {0, 0}, {1100, levels[k].second}};
        struct desk desk = {0};
        KR_AUTO(kr_master_destroy) struct kr_master *master = NULL;
        add(t, &desk, KR_PART_VOICE, made_sound(t, words, 3, 1.5), 0.5, 5);
        desk.mix = kr_mix_create(desk.parts, desk.hearings, desk.count, 6 * KR_RATE);
        EXPECT_OK(kr_master_create(desk.mix, 6 * KR_RATE, NULL, NULL, &master, &t->err));
        float left[480], right[480];
        for (int i = 0; i < 600; i++)
            EXPECT_OK(kr_master_read(master, left, right, 480, &t->err));
        EXPECT_NEAR(kr_master_lufs(master), KR_MASTER_LUFS, 0.3);
        EXPECT(kr_master_peak(master) < KR_MASTER_PEAK_DB + 0.1);
        finish(&desk);
    }
}

TEST(a_silent_film_stays_silent)
{
    struct desk desk = {0};
    KR_AUTO(kr_master_destroy) struct kr_master *master = NULL;
    desk.mix = kr_mix_create(desk.parts, desk.hearings, 0, KR_RATE);
    EXPECT_OK(kr_master_create(desk.mix, KR_RATE, NULL, NULL, &master, &t->err));
    float left[480], right[480];
    EXPECT_OK(kr_master_read(master, left, right, 480, &t->err));
    EXPECT(left[100] == 0 && kr_master_lufs(master) == KR_LUFS_SILENCE);
    finish(&desk);
}

static bool never(void *context, double done)
{
    (void)context;
    (void)done;
    return false;
}

TEST(listening_can_be_stopped)
{
    struct desk desk = {0};
    struct kr_master *master = NULL;
    desk.mix = kr_mix_create(desk.parts, desk.hearings, 0, KR_RATE);
    EXPECT_FAIL(kr_master_create(desk.mix, KR_RATE, never, NULL, &master, &t->err),
                KR_E_INTERRUPTED);
    EXPECT(master == NULL);
    finish(&desk);
}

static bool three_times(void *context)
{
    int *asked = context;
    return ++*asked < 3;
}

TEST(a_recording_that_the_kit_studies_can_be_stopped)
{
    KR_AUTO(kr_recording_close) struct kr_recording *sound = NULL;
    const struct kr_kit_params kit = KR_KIT_DEFAULTS;
    static const double tones[][2] = {{440, -20}};
    KR_AUTO(kr_fd_close) int fd = made_sound(t, tones, 1, 4);
    int asked = 0;
    const struct kr_recording_params params = {
        .fd = fd, .kit = &kit, .goes_on = {three_times, &asked}};
    EXPECT_FAIL(kr_recording_open(&params, &sound, &t->err), KR_E_INTERRUPTED);
    EXPECT_INT(asked, 3);
    EXPECT(sound == NULL);
}

TEST(the_duck_goes_down_before_and_comes_back_after)
{
    (void)t;
    struct kr_duck duck = {0};
    kr_duck_add(&duck, 10 * KR_RATE, 12 * KR_RATE);
    kr_duck_add(&duck, 2 * KR_RATE, 3 * KR_RATE);
    kr_duck_add(&duck, 3 * KR_RATE + 100, 4 * KR_RATE); // a short pause is no pause
    kr_duck_sort(&duck);
    EXPECT_INT(duck.count, 2);
    double down = pow(10, -9.0 / 20);
    EXPECT_NEAR((double)kr_duck_gain(&duck, KR_RATE), 1, 1e-6);
    EXPECT_NEAR((double)kr_duck_gain(&duck, (int64_t)(1.9 * KR_RATE)), sqrt(down), 1e-3);
    EXPECT_NEAR((double)kr_duck_gain(&duck, 2 * KR_RATE), down, 1e-6);
    EXPECT_NEAR((double)kr_duck_gain(&duck, 3 * KR_RATE + 50), down, 1e-6);
    EXPECT_NEAR((double)kr_duck_gain(&duck, (int64_t)(4.4 * KR_RATE)), sqrt(down), 1e-3);
    EXPECT_NEAR((double)kr_duck_gain(&duck, 11 * KR_RATE), down, 1e-6);
    EXPECT_NEAR((double)kr_duck_gain(&duck, 13 * KR_RATE), 1, 1e-6);
    EXPECT_NEAR((double)kr_duck_gain(&duck, 2 * KR_RATE), down, 1e-6); // asked again from before
    kr_duck_finish(&duck);
}

MAIN(CASE(music_steps_back_by_nine_decibels_under_a_voice), CASE(the_mix_is_the_same_each_time),
     CASE(a_part_sounds_only_in_its_own_time), CASE(every_film_is_as_loud_as_the_next),
     CASE(a_silent_film_stays_silent), CASE(listening_can_be_stopped),
     CASE(a_recording_that_the_kit_studies_can_be_stopped),
     CASE(the_duck_goes_down_before_and_comes_back_after))
