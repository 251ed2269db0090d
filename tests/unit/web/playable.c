// SPDX-License-Identifier: AGPL-3.0-or-later
#include "harness.h"
#include "web/shapes.h"

static bool plays(const char *mime, const char *video, const char *audio)
{
    KR_AUTO(kr_json_drop) json_t *seen = kr_json_new_object();
    kr_json_set_str(seen, "video_codec", video);
    kr_json_set_str(seen, "audio_codec", audio);
    return kr_is_playable(mime, seen);
}

TEST(what_browsers_share_is_played_as_it_is)
{
    (void)t;
    EXPECT(kr_is_playable("image/jpeg", NULL));
    EXPECT(kr_is_playable("audio/mpeg", NULL));
    EXPECT(plays("video/mp4", "h264", "aac"));
    EXPECT(plays("video/mp4", "h264", ""));
    EXPECT(plays("video/webm", "vp9", "opus"));
}

TEST(what_they_do_not_share_needs_a_copy)
{
    (void)t;
    EXPECT(!kr_is_playable("image/heic", NULL));
    EXPECT(!kr_is_playable("image/tiff", NULL));
    EXPECT(!kr_is_playable("image/svg+xml", NULL));
    EXPECT(!kr_is_playable("video/mp4", NULL));
    EXPECT(!plays("video/mp4", "hevc", "aac"));
    EXPECT(!plays("video/mp4", "h264", "amr_nb"));
    EXPECT(!plays("video/quicktime", "h264", "aac"));
    EXPECT(!plays("audio/amr", "", "amr_nb"));
}

TEST(a_film_that_tells_no_length_needs_a_copy)
{
    (void)t;
    KR_AUTO(kr_json_drop) json_t *seen = kr_json_new_object();
    kr_json_set_str(seen, "video_codec", "vp8");
    kr_json_set_str(seen, "audio_codec", "opus");
    EXPECT(kr_is_playable("video/webm", seen));
    kr_json_set_bool(seen, "streamed", true);
    EXPECT(!kr_is_playable("video/webm", seen));
}

TEST(only_media_are_shown_inside_a_page)
{
    (void)t;
    EXPECT(kr_is_shown_inline("image/png"));
    EXPECT(kr_is_shown_inline("video/quicktime"));
    EXPECT(!kr_is_shown_inline("image/svg+xml"));
    EXPECT(!kr_is_shown_inline("text/html"));
    EXPECT(!kr_is_shown_inline("application/pdf"));
}

MAIN(CASE(what_browsers_share_is_played_as_it_is), CASE(a_film_that_tells_no_length_needs_a_copy),
     CASE(what_they_do_not_share_needs_a_copy), CASE(only_media_are_shown_inside_a_page))
