// SPDX-License-Identifier: AGPL-3.0-or-later
#include "film/cues.h"

#include "harness.h"
#include "media/samples.h"

TEST(pages_break_after_sentences_and_lose_no_word)
{
    const char **pages;
    size_t n;
    EXPECT_OK(kr_pages_of(t->mem,
                          "那年夏天雨下了整整一个月。桥下的水涨到第三级台阶，爷爷每天早上都去看。"
                          "后来桥还是塌了，我们搬到了镇上。",
                          KR_PAGE_WIDTH, &pages, &n, &t->err));
    EXPECT_INT(n, 2);
    EXPECT_STR(pages[0], "那年夏天雨下了整整一个月。桥下的水涨到第三级台阶，爷爷每天早上都去看。");
    EXPECT_STR(pages[1], "后来桥还是塌了，我们搬到了镇上。");
    EXPECT_OK(kr_pages_of(t->mem, "one two three four", 9, &pages, &n, &t->err));
    EXPECT_INT(n, 3);
    EXPECT_STR(pages[0], "one two");
    EXPECT_STR(pages[2], "four");
    EXPECT_OK(kr_pages_of(t->mem, "abcdefghijklmnopqrst", 8, &pages, &n, &t->err));
    EXPECT_INT(n, 3); // a word that is longer than a page is cut rather than lost
    EXPECT_STR(pages[2], "qrst");
    EXPECT_OK(kr_pages_of(t->mem, " \n ", 8, &pages, &n, &t->err));
    EXPECT_INT(n, 0);
    EXPECT_INT(kr_text_width("桥a"), 3);
}

TEST(a_page_does_not_begin_with_a_comma)
{
    const char **pages;
    size_t n;
    EXPECT_OK(kr_pages_of(t->mem, "一二三四五六，七八九", 12, &pages, &n, &t->err));
    EXPECT_STR(pages[0], "一二三四五");
    EXPECT_STR(pages[1], "六，七八九");
}

static const struct kr_cue *find(const struct kr_cues *cues, enum kr_cue_kind kind, size_t nth)
{
    for (size_t i = 0; i < cues->count; i++)
        if (cues->cues[i].kind == kind && nth-- == 0)
            return &cues->cues[i];
    return NULL;
}

TEST(words_stand_while_their_shot_is_told)
{
    struct kr_shot shots[] = {
        {.kind = KR_SHOT_MEDIA, .caption = "门前", .small = "1985", .narration = -1},
        {.kind = KR_SHOT_MEDIA, .small = "绍兴", .narration = -1},
        {.kind = KR_SHOT_MEDIA,
         .caption = "短",
         .narration_text = "一句长得多的话。",
         .narration = -1},
        {.kind = KR_SHOT_MEDIA, .narration_text = "她说", .narration = 1},
        {.kind = KR_SHOT_TEXT, .text = "后来", .narration = -1},
    };
    struct kr_span spans[] = {
        {.start = 0, .end = 100},
        {.start = 100, .end = 200},
        {.start = 200, .end = 300},
        {.start = 300, .end = 400, .voice_at = 13 * KR_RATE, .voice_end = 15 * KR_RATE},
        {.start = 400, .end = 500},
    };
    struct kr_shot_list list = {.shots = shots, .shot_count = KR_COUNT(shots), .fps = 25};
    struct kr_timeline line = {spans, KR_COUNT(spans), 500, 25};
    struct kr_cues cues;
    EXPECT_OK(kr_cues_make(t->mem, &list, &line, &cues, &t->err));
    const struct kr_cue *cue = find(&cues, KR_CUE_CAPTION, 0);
    EXPECT_STR(cue->text, "门前");
    EXPECT_STR(cue->small, "1985");
    EXPECT(cue->from == 0 && cue->to == 100);
    EXPECT_STR(find(&cues, KR_CUE_CAPTION, 1)->text, "绍兴"); // alone, it is the caption
    const struct kr_cue *told = find(&cues, KR_CUE_TOLD, 0);
    EXPECT(told->from > 200 && told->to == 300); // after the caption, and longer
    EXPECT(told->to - told->from > told->from - 200);
    const struct kr_cue *voice = find(&cues, KR_CUE_VOICE, 0);
    EXPECT(voice->from == 325 && voice->to == 375); // with the voice
    EXPECT_STR(find(&cues, KR_CUE_CARD, 0)->text, "后来");
    for (size_t i = 1; i < cues.count; i++)
        EXPECT(cues.cues[i - 1].from <= cues.cues[i].from);
}

MAIN(CASE(pages_break_after_sentences_and_lose_no_word), CASE(a_page_does_not_begin_with_a_comma),
     CASE(words_stand_while_their_shot_is_told))
