// SPDX-License-Identifier: AGPL-3.0-or-later
#include "story/story.h"

#include "harness.h"
#include <string.h>

static const char SMALLEST[] =
    "{ \"title\": \"The house by the bridge\", \"lang\": \"zh-CN\", \"beats\": ["
    "{ \"media\": \"gate.jpg\", \"duration\": 5, \"caption\": \"奶奶在老屋门前, 198X\","
    "  \"move\": { \"from\": [0, 0, 1, 1], \"to\": [0.1, 0.1, 0.8, 0.8] } },"
    "{ \"media\": \"yard.mp4\", \"in\": 2.0, \"out\": 9.5, \"kit\": true },"
    "{ \"media\": \"hands.jpg\", \"narration\": \"grandma.m4a\" } ],"
    "\"music\": { \"media\": \"song.flac\", \"licence\": \"CC0-1.0\" } }";

static bool parse(struct kr_test *t, const char *text, struct kr_story *story)
{
    return kr_story_parse(t->mem, kr_str_of(text), story, &t->err);
}

TEST(the_smallest_story_of_the_design_is_read)
{
    struct kr_story story;
    EXPECT_OK(parse(t, SMALLEST, &story));
    EXPECT_STR(story.title, "The house by the bridge");
    EXPECT_STR(story.lang, "zh-CN");
    EXPECT_INT(story.beat_count, 3);
    EXPECT_STR(story.beats[0].caption, "奶奶在老屋门前, 198X");
    EXPECT_INT(story.beats[0].move, KR_MOVE_TOLD);
    EXPECT_NEAR(story.beats[0].to.x, 0.1, 1e-12);
    EXPECT_NEAR(story.beats[0].to.w, 0.8, 1e-12);
    EXPECT_NEAR(story.beats[1].out_s, 9.5, 1e-12);
    EXPECT(story.beats[1].kit.wanted && story.beats[1].kit.sound);
    EXPECT(!story.beats[0].kit.wanted);
    EXPECT_STR(story.beats[2].narration, "grandma.m4a");
    EXPECT(story.beats[2].narration_text == NULL);
    EXPECT_INT(story.beats[2].move, KR_MOVE_GENTLE);
    EXPECT_STR(story.music.licence, "CC0-1.0");
}

TEST(everything_a_story_can_tell_arrives)
{
    struct kr_story story;
    EXPECT_OK(parse(t,
                    "\xef\xbb\xbf{\"title\":\"桥边的家\",\"subtitle\":\"给小安\",\"date\":\"198X\","
                    "\"place\":\"绍兴\",\"ground\":\"paper\",\"credits\":[\"讲述：奶奶\"],"
                    "\"x-desk\":{\"zoom\":2},\"beats\":["
                    "{\"text\":\"后来\",\"chapter\":\"后来\",\"narration\":{\"text\":\"桥还在\"}},"
                    "{\"media\":\"a/b c.mp4\",\"volume\":0.5,\"move\":false,\"date\":\"1985\","
                    "\"place\":\"桥\",\"x-note\":1,\"faces\":[[0.4,0.2,0.1,0.2]],"
                    "\"kit\":{\"light\":false,\"strength\":0.3},"
                    "\"narration\":{\"media\":\"v.m4a\",\"text\":\"那时候\"}}]}",
                    &story));
    EXPECT_STR(story.lang, "zh-CN"); // told by the title's letters
    EXPECT_INT(story.ground, KR_GROUND_PAPER);
    EXPECT_STR(story.credits[0], "讲述：奶奶");
    EXPECT_STR(story.beats[0].narration_text, "桥还在");
    EXPECT(story.beats[0].narration == NULL);
    const struct kr_beat *beat = &story.beats[1];
    EXPECT_STR(beat->media, "a/b c.mp4");
    EXPECT_NEAR(beat->volume, 0.5, 1e-12);
    EXPECT_INT(beat->move, KR_MOVE_NONE);
    EXPECT_INT(beat->face_count, 1);
    EXPECT(beat->kit.wanted && !beat->kit.light && beat->kit.steady);
    EXPECT_NEAR(beat->kit.strength, 0.3, 1e-12);
    EXPECT_STR(beat->narration, "v.m4a");
    EXPECT_STR(beat->narration_text, "那时候");
    EXPECT(story.music.media == NULL);
}

// A file's name is bytes: it is not brought into another Unicode form.
TEST(a_file_name_stays_as_it_is_written)
{
    struct kr_story story;
    EXPECT_OK(parse(t, "{\"title\":\"e\u0301\",\"beats\":[{\"media\":\"e\u0301.jpg\"}]}", &story));
    EXPECT_STR(story.beats[0].media, "e\u0301.jpg");
    EXPECT_STR(story.title, "\u00e9");
    EXPECT_STR(story.lang, "en");
}

static const struct {
    const char *beat, *says;
} bad_beats[] = {
    {"{}", "beat 1: needs 'media' or 'text'"},
    {"3", "beat 1: must be an object"},
    {"{\"media\":\"a\",\"text\":\"b\"}", "'text' is a card of its own"},
    {"{\"media\":\"/etc/passwd\"}", "'media' must be relative"},
    {"{\"media\":\"../b.jpg\"}", "'media' must stay below"},
    {"{\"media\":\"a/../../b.jpg\"}", "'media' must stay below"},
    {"{\"media\":\"a/..\"}", "'media' must stay below"},
    {"{\"media\":\"http://x/b.jpg\"}", "never an address"},
    {"{\"media\":\"a\\nb\"}", "control characters"},
    {"{\"media\":\"\"}", "'media' is empty"},
    {"{\"media\":7}", "'media' must be text"},
    {"{\"media\":\"a\",\"narration\":\"../v\"}", "'narration' must stay below"},
    {"{\"media\":\"a\",\"narration\":{}}", "'narration': needs 'media' or 'text'"},
    {"{\"media\":\"a\",\"narration\":{\"voice\":\"x\"}}", "nobody knows the member 'voice'"},
    {"{\"media\":\"a\",\"duration\":0.4}", "'duration' must be 0.5 to 600 seconds"},
    {"{\"media\":\"a\",\"duration\":601}", "'duration' must be 0.5 to 600 seconds"},
    {"{\"media\":\"a\",\"duration\":\"5\"}", "'duration' must be 0.5 to 600 seconds"},
    {"{\"media\":\"a\",\"in\":-1}", "'in' must be 0 to 86400 seconds"},
    {"{\"media\":\"a\",\"in\":5,\"out\":5.2}", "'out' must be at least 0.5 seconds after 'in'"},
    {"{\"media\":\"a\",\"out\":700}", "a beat lasts at most 600 seconds"},
    {"{\"media\":\"a\",\"out\":7,\"duration\":7}", "both tell the end"},
    {"{\"media\":\"a\",\"captoin\":\"b\"}", "beat 1: nobody knows the member 'captoin'"},
    {"{\"media\":\"a\",\"caption\":\"  \"}", "'caption' is empty"},
    {"{\"media\":\"a\",\"move\":{}}", "needs 'from' or 'to'"},
    {"{\"media\":\"a\",\"move\":true}", "'move': must be an object"},
    {"{\"media\":\"a\",\"move\":{\"to\":[0,0,1]}}", "'to' must be [x, y, width, height]"},
    {"{\"media\":\"a\",\"move\":{\"to\":[0.5,0,0.6,1]}}", "'to' must be [x, y, width, height]"},
    {"{\"media\":\"a\",\"move\":{\"from\":[0,0,0.01,1]}}", "each side at least 0.02"},
    {"{\"media\":\"a\",\"move\":{\"from\":[0,0,\"1\",1]}}", "'from' must be"},
    {"{\"media\":\"a\",\"in\":1,\"move\":{\"to\":[0,0,1,1]}}", "'move' is for pictures"},
    {"{\"text\":\"a\",\"kit\":true}", "a card of text has no"},
    {"{\"media\":\"a\",\"kit\":{\"strength\":2}}", "'kit': 'strength' must be 0 to 1"},
    {"{\"media\":\"a\",\"kit\":\"yes\"}", "'kit': must be an object"},
    {"{\"media\":\"a\",\"volume\":3}", "'volume' must be 0 to 2"},
    {"{\"media\":\"a\",\"faces\":[[0,0,0,0]]}", "'faces' must be [x, y, width, height]"},
};

TEST(a_bad_beat_is_refused_with_its_sentence)
{
    for (size_t i = 0; i < KR_COUNT(bad_beats); i++) {
        struct kr_story story = {0};
        const char *text =
            kr_arena_format(t->mem, "{\"title\":\"t\",\"beats\":[%s]}", bad_beats[i].beat);
        EXPECT_FAIL(parse(t, text, &story), KR_E_INVALID);
        if (!strstr(t->err.text, bad_beats[i].says))
            EXPECT_STR(t->err.text, bad_beats[i].says);
        EXPECT(story.title == NULL); // outputs are written only on success
    }
}

static const struct {
    const char *text, *says;
} bad_stories[] = {
    {"", "JSON"},
    {"{\"title\":\"t\"", "JSON"},
    {"[]", "must be an object"},
    {"{\"beats\":[{\"text\":\"a\"}]}", "needs a 'title'"},
    {"{\"title\":\"t\"}", "'beats' must be a list"},
    {"{\"title\":\"t\",\"beats\":[]}", "'beats' must be a list"},
    {"{\"title\":\"t\",\"beats\":[{\"text\":\"a\"}],\"Music\":1}",
     "nobody knows the member 'Music'"},
    {"{\"title\":\"t\",\"lang\":\"zh_CN\",\"beats\":[{\"text\":\"a\"}]}", "'lang' must be"},
    {"{\"title\":\"t\",\"ground\":\"red\",\"beats\":[{\"text\":\"a\"}]}", "'ground' must be"},
    {"{\"title\":\"t\",\"credits\":[1],\"beats\":[{\"text\":\"a\"}]}", "'credits' must be text"},
    {"{\"title\":\"t\",\"beats\":[{\"text\":\"a\"}],\"music\":{\"media\":\"s\"}}",
     "music: needs its 'licence'"},
    {"{\"title\":\"t\",\"beats\":[{\"text\":\"a\"}],\"music\":{\"licence\":\"s\"}}",
     "music: needs 'media'"},
    {"{\"title\":\"t\",\"title\":\"u\",\"beats\":[{\"text\":\"a\"}]}", "JSON"},
};

TEST(a_bad_story_is_refused_with_its_sentence)
{
    for (size_t i = 0; i < KR_COUNT(bad_stories); i++) {
        struct kr_story story;
        EXPECT_FAIL(parse(t, bad_stories[i].text, &story), KR_E_INVALID);
        if (!strstr(t->err.text, bad_stories[i].says))
            EXPECT_STR(t->err.text, bad_stories[i].says);
    }
}

TEST(too_many_beats_and_too_long_texts_are_refused)
{
    KR_AUTO(kr_buf_finish) struct kr_buf buf = {0};
    struct kr_story story;
    kr_buf_text(&buf, "{\"title\":\"t\",\"beats\":[{\"text\":\"a\"}");
    for (int i = 1; i < KR_STORY_BEATS; i++)
        kr_buf_text(&buf, ",{\"text\":\"a\"}");
    EXPECT_OK(parse(t, kr_arena_format(t->mem, "%s]}", buf.at), &story));
    EXPECT_INT(story.beat_count, KR_STORY_BEATS);
    EXPECT_FAIL(parse(t, kr_arena_format(t->mem, "%s,{\"text\":\"a\"}]}", buf.at), &story),
                KR_E_INVALID);
    EXPECT(strstr(t->err.text, "501 beats, at most 500") != NULL);

    char *lots = kr_arena_alloc(t->mem, KR_STORY_TEXT + 2);
    memset(lots, 'a', KR_STORY_TEXT + 1);
    const char *text =
        kr_arena_format(t->mem, "{\"title\":\"t\",\"beats\":[{\"text\":\"%s\"}]}", lots);
    EXPECT_FAIL(parse(t, text, &story), KR_E_INVALID);
    EXPECT(strstr(t->err.text, "65537 bytes, at most 65536") != NULL);

    char *vast = kr_arena_alloc(t->mem, KR_STORY_MOST + 2);
    memset(vast, ' ', KR_STORY_MOST + 1);
    EXPECT_FAIL(parse(t, vast, &story), KR_E_TOO_BIG);
}

MAIN(CASE(the_smallest_story_of_the_design_is_read), CASE(everything_a_story_can_tell_arrives),
     CASE(a_file_name_stays_as_it_is_written), CASE(a_bad_beat_is_refused_with_its_sentence),
     CASE(a_bad_story_is_refused_with_its_sentence),
     CASE(too_many_beats_and_too_long_texts_are_refused))
