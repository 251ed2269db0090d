// SPDX-License-Identifier: AGPL-3.0-or-later
#include "media/writer.h"
#include "made.h"
#include "media/start.h"
#include <fcntl.h>
#include <math.h>
#include <unistd.h>

static int64_t find(struct kr_test *t, int fd, const char *word)
{
    struct kr_str all;
    lseek(fd, 0, SEEK_SET);
    EXPECT_OK(kr_read_all(t->mem, fd, 64 << 20, &all, &t->err));
    const char *at = memmem(all.at, all.n, word, strlen(word));
    return at ? at - all.at : -1;
}

TEST(a_film_can_play_before_it_is_all_there)
{
    struct kr_chapter chapters[] = {{0, 1000, "老屋"}, {1000, 2000, "the gate"}};
    struct made_film film = {.width = 160,
                             .height = 120,
                             .frames = 50,
                             .fps_num = 25,
                             .fps_den = 1,
                             .channels = 2,
                             .tone_s = 2,
                             .title = "奶奶的手",
                             .language = "zh-CN",
                             .chapters = chapters,
                             .chapter_count = 2};
    int fd = made_film(t, &film);
    int64_t index = find(t, fd, "moov"), media = find(t, fd, "mdat");
    EXPECT(index > 0 && media > 0 && index < media);
    EXPECT(find(t, fd, "奶奶的手") > 0);
    EXPECT(find(t, fd, "the gate") > 0 && find(t, fd, "老屋") > 0);
    close(fd);
}

TEST(what_was_written_is_read_again_frame_by_frame)
{
    struct made_film film = {.width = 320,
                             .height = 180,
                             .frames = 60,
                             .fps_num = 30000,
                             .fps_den = 1001,
                             .channels = 1,
                             .tone_s = 2.002};
    int fd = made_film(t, &film);
    KR_AUTO(kr_reader_close) struct kr_reader *reader = NULL;
    struct kr_reader_params params = KR_READER_DEFAULTS;
    EXPECT_OK(kr_reader_open(fd, &params, &reader, &t->err));
    const struct kr_reader_info *info = kr_reader_info(reader);
    EXPECT(info->has_video && info->has_sound && info->channels == 1);
    EXPECT_INT(info->fps_num, 30000);
    EXPECT_NEAR(info->duration_s, 2.002, 0.025);
    int frames = 0;
    int64_t samples = 0;
    double loudest = 0, loudest_at = 0;
    for (;;) {
        struct kr_frame *frame;
        struct kr_samples *sound;
        EXPECT_OK(kr_reader_next(reader, &frame, &sound, &t->err));
        if (!frame && !sound)
            break;
        if (frame) {
            EXPECT_INT(made_frame_number(frame), frames % 40);
            EXPECT_NEAR((double)frame->at_us / 1e6, frames * 1001 / 30000.0, 0.001);
            frames++;
        } else {
            EXPECT_INT(sound->at, samples);
            for (size_t i = 0; i < sound->n; i++) {
                double at = (double)(samples + (int64_t)i) / KR_RATE;
                if (at > 0.5 && fabs((double)sound->channel[0][i]) > loudest) {
                    loudest = fabs((double)sound->channel[0][i]);
                    loudest_at = at;
                }
            }
            samples += (int64_t)sound->n;
        }
        kr_frame_destroy(&frame);
        kr_samples_destroy(&sound);
    }
    EXPECT_INT(frames, 60);
    EXPECT_NEAR((double)samples / KR_RATE, 2.002, 0.022); // AAC comes in blocks of 1024
    EXPECT_NEAR(loudest_at, 1.005, 0.006);                // the click of the first second
    close(fd);
}

static void sound_alone(struct kr_test *t, enum kr_container container, double within_s,
                        double loudness_within)
{
    int fd = made_file();
    KR_AUTO(kr_writer_close) struct kr_writer *writer = NULL;
    KR_AUTO(kr_samples_destroy) struct kr_samples *tone = NULL;
    struct kr_writer_params params = KR_WRITER_DEFAULTS;
    params.container = container;
    params.channels = 2;
    EXPECT_OK(kr_writer_open(fd, &params, &writer, &t->err));
    EXPECT_OK(kr_samples_create(KR_RATE, 2, 60001, &tone, &t->err));
    for (size_t i = 0; i < tone->n; i++) {
        tone->channel[0][i] = (float)(0.5 * sin(0.05 * (double)i));
        tone->channel[1][i] = i == 30000 ? NAN : 2 * tone->channel[0][i] * 1.5F; // beyond 1
    }
    EXPECT_OK(kr_writer_samples(writer, tone, &t->err));
    EXPECT_OK(kr_writer_finish(writer, &t->err));
    KR_AUTO(kr_reader_close) struct kr_reader *reader = NULL;
    EXPECT_OK(kr_reader_open(fd, &KR_READER_DEFAULTS, &reader, &t->err));
    EXPECT(!kr_reader_info(reader)->has_video);
    EXPECT_INT(kr_reader_info(reader)->channels, 2);
    double energy = 0;
    size_t n = 0;
    for (;;) {
        struct kr_frame *frame;
        struct kr_samples *sound;
        EXPECT_OK(kr_reader_next(reader, &frame, &sound, &t->err));
        if (!sound)
            break;
        for (size_t i = 0; i < sound->n; i++) {
            EXPECT(isfinite(sound->channel[1][i]));
            energy += (double)sound->channel[0][i] * (double)sound->channel[0][i];
        }
        n += sound->n;
        kr_samples_destroy(&sound);
    }
    EXPECT_NEAR((double)n / KR_RATE, 60001.0 / KR_RATE, within_s);
    EXPECT_NEAR(sqrt(energy / (double)n), 0.5 / sqrt(2), loudness_within);
    close(fd);
}

TEST(a_wav_keeps_every_sample)
{
    sound_alone(t, KR_WAV, 0, 1e-4);
}

TEST(a_flac_keeps_every_sample)
{
    sound_alone(t, KR_FLAC, 0, 1e-4);
}

TEST(an_opus_sounds_the_same)
{
    sound_alone(t, KR_OPUS, 0.03, 0.03);
}

TEST(a_full_disk_is_told)
{
    int fd = open("/dev/full", O_RDWR);
    if (fd < 0)
        SKIP("no /dev/full");
    struct kr_writer *writer = NULL;
    struct kr_writer_params params = KR_WRITER_DEFAULTS;
    params.container = KR_WAV;
    params.channels = 1;
    bool ok = kr_writer_open(fd, &params, &writer, &t->err);
    struct kr_samples *tone = NULL;
    EXPECT_OK(kr_samples_create(KR_RATE, 1, KR_RATE * 4, &tone, &(struct kr_err){0}));
    ok = ok && kr_writer_samples(writer, tone, &t->err) && kr_writer_finish(writer, &t->err);
    EXPECT(!ok);
    EXPECT_STR(kr_code_name(t->err.code), "full");
    kr_samples_destroy(&tone);
    kr_writer_close(&writer);
    close(fd);
}

MAIN(CASE(a_film_can_play_before_it_is_all_there),
     CASE(what_was_written_is_read_again_frame_by_frame), CASE(a_wav_keeps_every_sample),
     CASE(a_flac_keeps_every_sample), CASE(an_opus_sounds_the_same), CASE(a_full_disk_is_told))
