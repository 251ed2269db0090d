// SPDX-License-Identifier: AGPL-3.0-or-later
// What a browser shows and plays by itself: the kinds that Chromium, Firefox and Safari share.
#include "web/shapes.h"

#include <string.h>

static bool is_one_of(const char *text, const char *const *list)
{
    for (; *list; list++)
        if (strcmp(text, *list) == 0)
            return true;
    return false;
}

static const char *const pictures[] = {"image/jpeg", "image/png", "image/webp", "image/gif",
                                       "image/avif", "image/bmp", NULL};
static const char *const sounds[] = {"audio/mpeg", "audio/flac", "audio/wav", "audio/x-wav",
                                     "audio/ogg",  "audio/opus", NULL};

// A container plays when both codecs in it do; "" is a film without that stream.
struct film {
    const char *mime;
    const char *const *pictures;
    const char *const *sounds;
};
static const struct film films[] = {
    {"video/mp4", (const char *const[]){"h264", "av1", NULL},
     (const char *const[]){"", "aac", "mp3", "opus", "flac", NULL}},
    {"video/webm", (const char *const[]){"vp8", "vp9", "av1", NULL},
     (const char *const[]){"", "vorbis", "opus", NULL}},
    {"audio/mp4", (const char *const[]){"", NULL}, (const char *const[]){"aac", "mp3", NULL}},
    {"audio/x-m4a", (const char *const[]){"", NULL}, (const char *const[]){"aac", NULL}},
};

bool kr_is_playable(const char *mime, const json_t *seen)
{
    if (is_one_of(mime, pictures) || is_one_of(mime, sounds))
        return true;
    if (seen && kr_json_bool(seen, "streamed", false))
        return false; // it would play, but nobody could see how long it is or go to a moment
    for (size_t i = 0; i < KR_COUNT(films); i++)
        if (strcmp(mime, films[i].mime) == 0)
            return seen && is_one_of(kr_json_str(seen, "video_codec", ""), films[i].pictures) &&
                   is_one_of(kr_json_str(seen, "audio_codec", ""), films[i].sounds);
    return false;
}

const json_t *kr_seen_of(const struct kr_claim_list *claims)
{
    for (size_t i = claims->n; i-- > 0;)
        if (!claims->retracted[i] && strcmp(claims->at[i].predicate, "seen") == 0)
            return claims->at[i].value;
    return NULL;
}

bool kr_is_shown_inline(const char *mime)
{
    return is_one_of(mime, pictures) || strncmp(mime, "video/", strlen("video/")) == 0 ||
           strncmp(mime, "audio/", strlen("audio/")) == 0;
}
