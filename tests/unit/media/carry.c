// SPDX-License-Identifier: AGPL-3.0-or-later
// What comes over beside picture and sound, and frames at their own times.
#include "made.h"
#include "media/demux_priv.h"
#include "media/start.h"
#include "media/writer.h"
#include <fcntl.h>
#include <unistd.h>

static const char subtitles[] = "1\n00:00:00,500 --> 00:00:01,000\n奶奶好\n\n"
                                "2\n00:00:01,250 --> 00:00:01,750\nHello\n";
static const char metadata[] =
    ";FFMETADATA1\ntitle=Dinner\ncreation_time=2001-02-03T04:05:06Z\nmake=Acme\n"
    "[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=900\ntitle=One\n"
    "[CHAPTER]\nTIMEBASE=1/1000\nSTART=900\nEND=2000\ntitle=二\n";

enum { ARGS_MOST = 96, FPS = 25 };

static void file_of(struct kr_test *t, const char *name, const char *text)
{
    int fd = openat(t->folder, name, O_CREAT | O_TRUNC | O_WRONLY, 0600);
    EXPECT(fd >= 0);
    EXPECT_OK(kr_write_all(fd, text, strlen(text), &t->err));
    close(fd);
}

// A line of words for the ffmpeg program; %D is the test's folder.
static bool made_by_line(struct kr_test *t, const char *name, int *fd, const char *line)
{
    const char *args[ARGS_MOST] = {NULL};
    size_t n = 0;
    for (char *rest = kr_arena_strdup(t->mem, line), *word; (word = strsep(&rest, " "));) {
        EXPECT(n + 1 < ARGS_MOST);
        if (strncmp(word, "%D", 2) == 0)
            word = kr_arena_format(t->mem, "%s%s", t->dir, word + 2);
        if (*word)
            args[n++] = word;
    }
    return made_by_ffmpeg(t, name, fd, args);
}

// Two seconds: a picture, a voice as PCM, another as AAC, subtitles, chapters, a cover.
static int rich_film(struct kr_test *t)
{
    int fd = -1;
    file_of(t, "s.srt", subtitles);
    file_of(t, "m.txt", metadata);
    if (!made_by_line(t, "cover.png", &fd, "-f lavfi -i color=red:s=64x64 -frames:v 1"))
        return -1;
    close(fd);
    EXPECT(made_by_line(t, "rich.mkv", &fd,
                        "-f lavfi -i color=gray:s=160x120:r=25:d=2 "
                        "-f lavfi -i sine=440:d=2:r=22050 -f lavfi -i sine=880:d=2:r=44100 "
                        "-i %D/s.srt -i %D/m.txt -map 0 -map 1 -map 2 -map 3 -map_metadata 4 "
                        "-map_chapters 4 -c:v libx264 -preset ultrafast -c:a:0 pcm_s16le "
                        "-c:a:1 aac -c:s srt -metadata:s:a:0 language=chi "
                        "-metadata:s:a:1 language=eng -attach %D/cover.png "
                        "-metadata:s:t mimetype=image/png"));
    return fd;
}

// Frames at these times, grey, the last for 100 ms, and all that `from` has beside.
static int written_beside(struct kr_test *t, int from, const struct kr_writer_params *wanted,
                          const int64_t *at_us, size_t frames, json_t **carried)
{
    KR_AUTO(kr_writer_close) struct kr_writer *writer = NULL;
    const struct kr_carry_params carry = {.fd = from};
    struct kr_writer_params params = *wanted;
    int fd = made_file();
    EXPECT_OK(kr_media_start(&t->err));
    params.carry = from < 0 ? NULL : &carry;
    EXPECT_OK(kr_writer_open(fd, &params, &writer, &t->err));
    for (size_t i = 0; i < frames; i++) {
        KR_AUTO(kr_frame_destroy) struct kr_frame *frame = NULL;
        EXPECT_OK(kr_frame_create(KR_YUV420, params.width, params.height, &frame, &t->err));
        made_film_frame(frame, (int)i);
        frame->at_us = at_us[i];
        frame->lasts_us = i + 1 < frames ? at_us[i + 1] - at_us[i] : 100000;
        EXPECT_OK(kr_writer_frame(writer, frame, &t->err));
    }
    KR_AUTO(kr_samples_destroy) struct kr_samples *sound = NULL;
    if (params.channels) {
        EXPECT_OK(kr_samples_create(KR_RATE, params.channels, 2 * KR_RATE, &sound, &t->err));
        EXPECT_OK(kr_writer_samples(writer, sound, &t->err));
    }
    EXPECT_OK(kr_writer_finish(writer, &t->err));
    *carried = kr_writer_carried_new(writer);
    return fd;
}

static const char *tag(const AVDictionary *words, const char *key)
{
    const AVDictionaryEntry *entry = av_dict_get(words, key, NULL, 0);
    return entry ? entry->value : "";
}

static double seconds_of(const AVStream *stream)
{
    return (double)stream->duration * av_q2d(stream->time_base);
}

static const struct kr_writer_params grey_film = {.width = 160,
                                                  .height = 120,
                                                  .fps_num = FPS,
                                                  .fps_den = 1,
                                                  .timed = true,
                                                  .channels = 1,
                                                  .crf = 20,
                                                  .key_s = 2,
                                                  .preset = "ultrafast"};
static const int64_t uneven[] = {0, 40000, 200000, 233000, 700000, 1900000};

TEST(all_a_film_has_beside_its_picture_comes_over)
{
    KR_AUTO(kr_json_drop) json_t *carried = NULL;
    struct kr_demux is;
    int from = rich_film(t);
    if (from < 0)
        SKIP("no ffmpeg program");
    int fd = written_beside(t, from, &grey_film, uneven, KR_COUNT(uneven), &carried);
    EXPECT_OK(kr_demux_open(fd, &is, &t->err));
    AVStream **streams = is.format->streams;
    static const enum AVCodecID want[] = {AV_CODEC_ID_H264, AV_CODEC_ID_AAC, AV_CODEC_ID_FLAC,
                                          AV_CODEC_ID_AAC, AV_CODEC_ID_MOV_TEXT};
    for (size_t i = 0; i < KR_COUNT(want); i++)
        EXPECT_INT(streams[i]->codecpar->codec_id, want[i]);
    EXPECT_STR(tag(streams[1]->metadata, "language"), "chi");
    EXPECT_STR(tag(streams[2]->metadata, "handler_name"), "as recorded");
    EXPECT_INT(streams[2]->codecpar->sample_rate, 22050);
    EXPECT_NEAR(seconds_of(streams[2]), 2, 0.001);
    EXPECT_STR(tag(streams[3]->metadata, "language"), "eng");
    EXPECT_NEAR(seconds_of(streams[3]), 2, 0.03);
    EXPECT(streams[1]->disposition & AV_DISPOSITION_DEFAULT);
    EXPECT(!(streams[2]->disposition & AV_DISPOSITION_DEFAULT));
    EXPECT_STR(tag(is.format->metadata, "title"), "Dinner");
    EXPECT(strncmp(tag(is.format->metadata, "creation_time"), "2001-02-03T04:05:06", 19) == 0);
    EXPECT_INT(is.format->nb_chapters, 2);
    EXPECT_STR(tag(is.format->chapters[1]->metadata, "title"), "二");
    const AVStream *last = streams[is.format->nb_streams - 1];
    EXPECT((last->disposition & AV_DISPOSITION_ATTACHED_PIC) && last->attached_pic.size > 60);
    EXPECT_INT(json_array_size(carried), 4);
    EXPECT_STR(kr_json_str(json_array_get(carried, 0), "way", ""), "flac");
    kr_demux_close(&is);
    close(fd);
    close(from);
}

// The lines of the only subtitles of a file, with their times in ms.
static const char *lines_of(struct kr_test *t, int fd)
{
    struct kr_demux is;
    const char *all = "";
    KR_AUTO(av_packet_free) AVPacket *packet = av_packet_alloc();
    EXPECT_OK(kr_demux_open(fd, &is, &t->err));
    for (unsigned i = 0; i < is.format->nb_streams; i++)
        is.format->streams[i]->discard = AVDISCARD_DEFAULT;
    for (; av_read_frame(is.format, packet) >= 0; av_packet_unref(packet)) {
        const AVStream *of = is.format->streams[packet->stream_index];
        if (of->codecpar->codec_id != AV_CODEC_ID_MOV_TEXT || packet->size <= 2)
            continue; // two bytes of length, then the words
        all =
            kr_arena_format(t->mem, "%s%d %.*s\n", all,
                            (int)av_rescale_q(packet->pts, of->time_base, (AVRational){1, 1000}),
                            packet->data[0] << 8 | packet->data[1], (const char *)packet->data + 2);
    }
    kr_demux_close(&is);
    return all;
}

TEST(subtitles_are_read_at_their_moments)
{
    KR_AUTO(kr_json_drop) json_t *carried = NULL;
    int from = rich_film(t);
    if (from < 0)
        SKIP("no ffmpeg program");
    int fd = written_beside(t, from, &grey_film, uneven, KR_COUNT(uneven), &carried);
    EXPECT_STR(lines_of(t, fd), "500 奶奶好\n1250 Hello\n");
    close(fd);
    close(from);
}

TEST(frames_are_shown_at_their_own_times)
{
    KR_AUTO(kr_json_drop) json_t *carried = NULL;
    KR_AUTO(kr_reader_close) struct kr_reader *reader = NULL;
    struct kr_writer_params silent = grey_film;
    silent.channels = 0;
    int fd = written_beside(t, -1, &silent, uneven, KR_COUNT(uneven), &carried);
    EXPECT_OK(kr_reader_open(fd, &KR_READER_DEFAULTS, &reader, &t->err));
    for (size_t i = 0; i < KR_COUNT(uneven); i++) {
        KR_AUTO(kr_frame_destroy) struct kr_frame *frame = NULL;
        KR_AUTO(kr_samples_destroy) struct kr_samples *none = NULL;
        EXPECT_OK(kr_reader_next(reader, &frame, &none, &t->err));
        EXPECT(frame != NULL);
        EXPECT_INT(made_frame_number(frame), i);
        EXPECT_NEAR((double)frame->at_us / 1e6, (double)uneven[i] / 1e6, 0.0001);
    }
    EXPECT_NEAR(kr_reader_info(reader)->duration_s, 2.0, 0.001);
    EXPECT_INT(json_array_size(carried), 0);
    close(fd);
}

// Half a minute of a picture each half second, and voices that join it when they will.
TEST(voices_that_join_late_stay_late)
{
    enum { STILLS = 60 };
    static const double begins[] = {0, 3, 13, 20};
    KR_AUTO(kr_json_drop) json_t *carried = NULL;
    struct kr_writer_params silent = grey_film;
    struct kr_demux is;
    int64_t at_us[STILLS];
    int from = -1;
    for (int i = 0; i < STILLS; i++)
        at_us[i] = i * (int64_t)500000;
    file_of(t, "s.srt", "1\n00:00:25,000 --> 00:00:26,000\nLate\n");
    if (!made_by_line(t, "late.mkv", &from,
                      "-f lavfi -i color=gray:s=160x120:r=5:d=30 -f lavfi -i sine=d=30 "
                      "-itsoffset 3 -f lavfi -i sine=d=9 -itsoffset 13 -f lavfi -i sine=d=9 "
                      "-itsoffset 20 -f lavfi -i sine=d=9 -i %D/s.srt -map 0 -map 1 -map 2 -map 3 "
                      "-map 4 -map 5 -c:v libx264 -preset ultrafast -c:a aac -c:a:2 ac3 "
                      "-c:a:3 pcm_s16le -c:s srt"))
        SKIP("no ffmpeg program");
    silent.channels = 0;
    int fd = written_beside(t, from, &silent, at_us, STILLS, &carried);
    EXPECT_STR(lines_of(t, fd), "25000 Late\n");
    EXPECT_OK(kr_demux_open(fd, &is, &t->err));
    EXPECT_NEAR(seconds_of(is.format->streams[0]), 29.6, 0.001);
    for (size_t i = 0; i < KR_COUNT(begins); i++) {
        const AVStream *voice = is.format->streams[i + 1];
        EXPECT_NEAR((double)voice->start_time * av_q2d(voice->time_base), begins[i], 0.05);
    }
    kr_demux_close(&is);
    close(fd);
    close(from);
}

TEST(a_film_whose_sound_is_left_alone_keeps_it_first)
{
    KR_AUTO(kr_json_drop) json_t *carried = NULL;
    struct kr_writer_params silent = grey_film;
    struct kr_demux is;
    int from = rich_film(t);
    if (from < 0)
        SKIP("no ffmpeg program");
    silent.channels = 0;
    int fd = written_beside(t, from, &silent, uneven, KR_COUNT(uneven), &carried);
    EXPECT_OK(kr_demux_open(fd, &is, &t->err));
    EXPECT_INT(is.sound, 1);
    EXPECT(is.format->streams[1]->disposition & AV_DISPOSITION_DEFAULT);
    EXPECT_STR(tag(is.format->streams[1]->metadata, "language"), "chi");
    kr_demux_close(&is);
    close(fd);
    close(from);
}

TEST(a_recording_keeps_its_words_and_where_there_is_room_its_cover)
{
    static const struct {
        enum kr_container container;
        bool cover;
    } rows[] = {{KR_FLAC, true}, {KR_OPUS, false}, {KR_WAV, false}, {KR_MP4, true}};
    int from = rich_film(t);
    if (from < 0)
        SKIP("no ffmpeg program");
    for (size_t i = 0; i < KR_COUNT(rows); i++) {
        KR_AUTO(kr_json_drop) json_t *carried = NULL;
        struct kr_demux is;
        const struct kr_writer_params sound = {.container = rows[i].container, .channels = 1};
        int fd = written_beside(t, from, &sound, NULL, 0, &carried);
        EXPECT_OK(kr_demux_open(fd, &is, &t->err));
        const AVStream *last = is.format->streams[is.format->nb_streams - 1];
        const AVDictionary *of_all = is.format->metadata,
                           *of_sound = is.format->streams[0]->metadata;
        EXPECT(strcmp(tag(of_all, "title"), "Dinner") == 0 ||
               strcmp(tag(of_sound, "title"), "Dinner") == 0);
        EXPECT_INT((last->disposition & AV_DISPOSITION_ATTACHED_PIC) != 0, rows[i].cover);
        kr_demux_close(&is);
        close(fd);
    }
    close(from);
}

MAIN(CASE(all_a_film_has_beside_its_picture_comes_over), CASE(subtitles_are_read_at_their_moments),
     CASE(frames_are_shown_at_their_own_times), CASE(voices_that_join_late_stay_late),
     CASE(a_film_whose_sound_is_left_alone_keeps_it_first),
     CASE(a_recording_keeps_its_words_and_where_there_is_room_its_cover))
