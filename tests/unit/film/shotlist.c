// SPDX-License-Identifier: AGPL-3.0-or-later
#include "film/shotlist.h"

#include "harness.h"
#include <string.h>

static bool parse(struct kr_test *t, const char *text, size_t media, struct kr_shot_list *list)
{
    KR_AUTO(kr_json_drop) json_t *json = NULL;
    EXPECT_OK(kr_json_parse(kr_str_of(text), 1 << 20, &json, &t->err));
    return kr_shot_list_read(t->mem, json, media, list, &t->err);
}

TEST(a_whole_list_is_read)
{
    struct kr_shot_list list;
    EXPECT_OK(
        parse(t,
              "{\"version\":1,\"title\":\"家\",\"lang\":\"zh-CN\",\"width\":1280,\"height\":720,"
              "\"fps\":30,\"ground\":\"paper\",\"shots\":["
              "{\"kind\":\"title\",\"text\":\"家\",\"still_s\":4,\"chapter\":\"家\"},"
              "{\"kind\":\"media\",\"media\":1,\"narration\":0,\"from\":[0,0,1,1],"
              "\"to\":[0.1,0.1,0.5,0.5],\"kit\":{\"light\":false,\"strength\":0.5},"
              "\"in_s\":1,\"out_s\":3.5,\"caption\":\"门\"},"
              "{\"kind\":\"end\",\"text\":\"家\",\"lines\":[\"奶奶\"]}],"
              "\"music\":{\"media\":0,\"volume\":0.5}}",
              2, &list));
    EXPECT_INT(list.shot_count, 3);
    EXPECT(list.paper && list.width == 1280 && list.fps == 30);
    EXPECT_INT(list.shots[1].media, 1);
    EXPECT(list.shots[1].has_kit && !list.shots[1].kit.light && list.shots[1].kit.steady);
    EXPECT_NEAR(list.shots[1].to[2], 0.5, 1e-12);
    EXPECT_INT(list.shots[0].media, -1);
    EXPECT_STR(list.shots[2].lines[0], "奶奶");
    EXPECT_NEAR(list.music_volume, 0.5, 1e-12);
}

// Between the braces of a list that is otherwise good.
static const char *const hostile[] = {
    "\"shots\":[]",
    "\"shots\":7",
    "\"shots\":[{}]",
    "\"shots\":[7]",
    "\"shots\":[{\"kind\":\"media\"}]",
    "\"shots\":[{\"kind\":\"media\",\"media\":2}]",
    "\"shots\":[{\"kind\":\"media\",\"media\":-1}]",
    "\"shots\":[{\"kind\":\"media\",\"media\":1e9}]",
    "\"shots\":[{\"kind\":\"title\",\"text\":\"a\",\"media\":0}]",
    "\"shots\":[{\"kind\":\"title\"}]",
    "\"shots\":[{\"kind\":\"media\",\"media\":0,\"narration\":9}]",
    "\"shots\":[{\"kind\":\"media\",\"media\":0,\"still_s\":1e300}]",
    "\"shots\":[{\"kind\":\"media\",\"media\":0,\"duration_s\":-5}]",
    "\"shots\":[{\"kind\":\"media\",\"media\":0,\"duration_s\":\"5\"}]",
    "\"shots\":[{\"kind\":\"media\",\"media\":0,\"in_s\":5,\"out_s\":4}]",
    "\"shots\":[{\"kind\":\"media\",\"media\":0,\"to\":[0,0,0,0]}]",
    "\"shots\":[{\"kind\":\"media\",\"media\":0,\"to\":[0.9,0,0.9,1]}]",
    "\"shots\":[{\"kind\":\"media\",\"media\":0,\"to\":[0,0,1]}]",
    "\"shots\":[{\"kind\":\"media\",\"media\":0,\"to\":[0,0,1,null]}]",
    "\"shots\":[{\"kind\":\"media\",\"media\":0,\"kit\":true}]",
    "\"shots\":[{\"kind\":\"media\",\"media\":0,\"kit\":{\"strength\":9}}]",
    "\"shots\":[{\"kind\":\"media\",\"media\":0,\"volume\":1000}]",
    "\"shots\":[{\"kind\":\"media\",\"media\":0,\"caption\":{}}]",
    "\"shots\":[{\"kind\":\"end\",\"text\":\"a\",\"lines\":{\"a\":1}}]",
    "\"shots\":[{\"kind\":\"text\",\"text\":\"a\"}],\"width\":1000001",
    "\"shots\":[{\"kind\":\"text\",\"text\":\"a\"}],\"width\":641",
    "\"shots\":[{\"kind\":\"text\",\"text\":\"a\"}],\"fps\":0",
    "\"shots\":[{\"kind\":\"text\",\"text\":\"a\"}],\"fps\":24.5",
    "\"shots\":[{\"kind\":\"text\",\"text\":\"a\"}],\"fade_s\":-1",
    "\"shots\":[{\"kind\":\"text\",\"text\":\"a\"}],\"music\":{\"media\":5}",
    "\"shots\":[{\"kind\":\"text\",\"text\":\"a\"}],\"music\":{}",
};

TEST(a_hostile_list_is_refused)
{
    struct kr_shot_list list;
    for (size_t i = 0; i < KR_COUNT(hostile); i++) {
        const char *text = kr_arena_format(t->mem, "{\"version\":1,%s}", hostile[i]);
        bool read = parse(t, text, 2, &list);
        if (read)
            EXPECT_STR(hostile[i], "refused");
        EXPECT_INT(t->err.code, KR_E_INVALID);
    }
    EXPECT_FAIL(parse(t, "[]", 2, &list), KR_E_INVALID);
    EXPECT_FAIL(parse(t, "{\"version\":2,\"shots\":[]}", 2, &list), KR_E_INVALID);
    EXPECT_FAIL(parse(t, "{\"shots\":[{\"kind\":\"text\",\"text\":\"a\"}]}", 2, &list),
                KR_E_INVALID);
}

MAIN(CASE(a_whole_list_is_read), CASE(a_hostile_list_is_refused))
