// SPDX-License-Identifier: AGPL-3.0-or-later
#include "story/shots.h"

#include "harness.h"
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void make(struct kr_test *t, const char *text, struct kr_shots *shots)
{
    struct kr_story story;
    EXPECT_OK(kr_story_parse(t->mem, kr_str_of(text), &story, &t->err));
    EXPECT_OK(kr_shots_make(t->mem, &story, &KR_SHOTS_DEFAULTS, shots, &t->err));
}

static const json_t *shot_at(const struct kr_shots *shots, size_t i)
{
    return json_array_get(kr_json_get(shots->list, "shots"), i);
}

static int chapters_in(const struct kr_shots *shots)
{
    int n = 0;
    for (size_t i = 0; shot_at(shots, i); i++)
        n += kr_json_get(shot_at(shots, i), "chapter") != NULL;
    return n;
}

TEST(a_story_becomes_title_beats_and_end)
{
    KR_AUTO(kr_shots_finish) struct kr_shots shots = {0};
    make(t,
         "{\"title\":\"家\",\"beats\":[{\"media\":\"a.jpg\",\"duration\":5,\"caption\":\"门前\"},"
         "{\"media\":\"b.mp4\",\"in\":2,\"out\":9.5,\"kit\":true,\"narration\":\"v.m4a\"},"
         "{\"media\":\"a.jpg\",\"date\":\"1985\",\"place\":\"桥\"}],\"credits\":[\"奶奶\"],"
         "\"music\":{\"media\":\"s.flac\",\"licence\":\"CC0-1.0\",\"title\":\"雨\"}}",
         &shots);
    EXPECT_INT(json_array_size(kr_json_get(shots.list, "shots")), 5);
    EXPECT_STR(kr_json_str(shot_at(&shots, 0), "kind", ""), "title");
    EXPECT_STR(kr_json_str(shot_at(&shots, 1), "chapter", ""), "门前");
    EXPECT_NEAR(kr_json_real(shot_at(&shots, 1), "duration_s", 0), 5, 1e-9);
    EXPECT_INT(kr_json_int(shot_at(&shots, 2), "narration", -1), 2);
    EXPECT(kr_json_get(shot_at(&shots, 2), "duration_s") == NULL); // as long as the narration
    EXPECT(kr_json_get(shot_at(&shots, 2), "kit") != NULL);
    EXPECT_INT(kr_json_int(shot_at(&shots, 3), "media", -1), 0); // opened once, shown twice
    EXPECT_STR(kr_json_str(shot_at(&shots, 3), "small", ""), "1985 · 桥");
    const json_t *lines = kr_json_get(shot_at(&shots, 4), "lines");
    EXPECT_STR(json_string_value(json_array_get(lines, 0)), "奶奶");
    EXPECT_STR(json_string_value(json_array_get(lines, 1)), "音乐：雨（CC0-1.0）");
    EXPECT_INT(shots.reference_count, 4);
    EXPECT_STR(shots.references[3], "s.flac");
}

TEST(six_silent_photographs_have_three_chapters_or_more)
{
    KR_AUTO(kr_shots_finish) struct kr_shots shots = {0};
    make(t,
         "{\"title\":\"six\",\"beats\":[{\"media\":\"a\",\"narration\":\"v\"},{\"media\":\"b\"},"
         "{\"media\":\"c\"},{\"media\":\"d\"},{\"media\":\"e\"},{\"media\":\"f\"}]}",
         &shots);
    EXPECT_INT(chapters_in(&shots), 4);
    EXPECT_STR(kr_json_str(shot_at(&shots, 1), "chapter", ""), "Part 1");
    EXPECT_STR(kr_json_str(shot_at(&shots, 4), "chapter", ""), "Part 2");
}

TEST(told_chapters_are_the_tellers_own)
{
    KR_AUTO(kr_shots_finish) struct kr_shots shots = {0};
    make(t,
         "{\"title\":\"t\",\"beats\":[{\"media\":\"a\",\"caption\":\"x\"},"
         "{\"media\":\"b\",\"chapter\":\"Later\"},{\"media\":\"c\",\"caption\":\"y\"}]}",
         &shots);
    EXPECT_INT(chapters_in(&shots), 3); // the title, Later, the end
    EXPECT_STR(kr_json_str(shot_at(&shots, 2), "chapter", ""), "Later");
}

TEST(words_stay_long_enough_to_be_read)
{
    KR_AUTO(kr_shots_finish) struct kr_shots shots = {0};
    make(t,
         "{\"title\":\"t\",\"beats\":[{\"media\":\"a\"},{\"text\":"
         "\"那年夏天雨下了整整一个月，桥下的水"
         "涨到第三级台阶，爷爷每天早上都去看\"}]}",
         &shots);
    EXPECT_NEAR(kr_json_real(shot_at(&shots, 1), "still_s", 0), 5, 1e-9);
    EXPECT(kr_json_real(shot_at(&shots, 2), "still_s", 0) > 8);
}

TEST(the_same_story_gives_the_same_bytes)
{
    static const char *text = "{\"title\":\"t\",\"beats\":[{\"media\":\"a\"},{\"media\":\"b\","
                              "\"faces\":[[0.31,0.17,0.1,0.1]]}]}";
    KR_AUTO(kr_shots_finish) struct kr_shots one = {0}, two = {0};
    make(t, text, &one);
    make(t, text, &two);
    EXPECT_STR(kr_json_text(t->mem, one.list), kr_json_text(t->mem, two.list));
    kr_shots_finish(&two);
}

TEST(a_film_of_odd_shape_is_refused)
{
    struct kr_story story;
    struct kr_shots shots = {0};
    EXPECT_OK(kr_story_parse(t->mem, KR_STR("{\"title\":\"t\",\"beats\":[{\"text\":\"a\"}]}"),
                             &story, &t->err));
    static const struct kr_shots_params bad[] = {
        {1921, 1080, 25}, {1920, 9000, 25}, {0, 0, 25}, {1920, 1080, 0}, {1920, 1080, 61}};
    for (size_t i = 0; i < KR_COUNT(bad); i++)
        EXPECT_FAIL(kr_shots_make(t->mem, &story, &bad[i], &shots, &t->err), KR_E_INVALID);
    EXPECT(shots.list == NULL);
}

static void put(struct kr_test *t, const char *name)
{
    int fd = openat(t->folder, name, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    EXPECT(fd >= 0);
    EXPECT_OK(kr_write_all(fd, name, strlen(name), &t->err));
    close(fd);
}

TEST(media_are_opened_below_the_storys_folder_and_nowhere_else)
{
    KR_AUTO(kr_shots_finish) struct kr_shots shots = {0};
    int fds[8];
    put(t, "a.jpg");
    make(t, "{\"title\":\"t\",\"beats\":[{\"media\":\"a.jpg\"},{\"media\":\"b.jpg\"}]}", &shots);
    EXPECT_FAIL(kr_shots_open(&shots, kr_shots_resolve_file, &t->folder, fds, &t->err),
                KR_E_NOT_FOUND);
    EXPECT(strstr(t->err.text, "media 2 of the story: 'b.jpg'") != NULL);
    EXPECT_INT(fds[0], -1);

    EXPECT(symlinkat("/etc/passwd", t->folder, "b.jpg") == 0);
    EXPECT_FAIL(kr_shots_open(&shots, kr_shots_resolve_file, &t->folder, fds, &t->err),
                KR_E_REFUSED);
    EXPECT(unlinkat(t->folder, "b.jpg", 0) == 0);
    EXPECT(mkfifoat(t->folder, "b.jpg", 0600) == 0); // would hold a plain open for ever
    EXPECT_FAIL(kr_shots_open(&shots, kr_shots_resolve_file, &t->folder, fds, &t->err),
                KR_E_UNSUPPORTED);
    EXPECT(unlinkat(t->folder, "b.jpg", 0) == 0);

    EXPECT(symlinkat("a.jpg", t->folder, "b.jpg") == 0); // inside is fine
    EXPECT_OK(kr_shots_open(&shots, kr_shots_resolve_file, &t->folder, fds, &t->err));
    char byte = 0;
    EXPECT(read(fds[1], &byte, 1) == 1 && byte == 'a');
    kr_shots_close(&shots, fds);
    EXPECT_INT(fds[1], -1);
}

MAIN(CASE(a_story_becomes_title_beats_and_end),
     CASE(six_silent_photographs_have_three_chapters_or_more),
     CASE(told_chapters_are_the_tellers_own), CASE(words_stay_long_enough_to_be_read),
     CASE(the_same_story_gives_the_same_bytes), CASE(a_film_of_odd_shape_is_refused),
     CASE(media_are_opened_below_the_storys_folder_and_nowhere_else))
