// SPDX-License-Identifier: AGPL-3.0-or-later
#include "film/vtt.h"

#include "harness.h"

TEST(the_side_file_is_plain_webvtt)
{
    (void)t;
    struct kr_cue cues[] = {
        {.text = "门前", .small = "1985", .from = 100, .to = 225},
        {.text = "a < b & c -->\n\n\nd", .from = 90100, .to = 90101},
    };
    KR_AUTO(kr_buf_finish) struct kr_buf out = {0};
    kr_vtt_make(&(struct kr_cues){cues, KR_COUNT(cues)}, 25, &out);
    EXPECT_STR(out.at, "WEBVTT\n"
                       "\n1\n00:00:04.000 --> 00:00:09.000\n门前\n1985\n"
                       "\n2\n01:00:04.000 --> 01:00:04.040\na &lt; b &amp; c --&gt;\nd\n");
}

TEST(a_film_without_words_has_an_empty_side_file)
{
    (void)t;
    KR_AUTO(kr_buf_finish) struct kr_buf out = {0};
    kr_vtt_make(&(struct kr_cues){0}, 25, &out);
    EXPECT_STR(out.at, "WEBVTT\n");
}

MAIN(CASE(the_side_file_is_plain_webvtt), CASE(a_film_without_words_has_an_empty_side_file))
