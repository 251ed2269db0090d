// SPDX-License-Identifier: AGPL-3.0-or-later
#include "story/withheld.h"

#include "archive/shown.h"
#include "store/claims.h"
#include <string.h>

static bool shows_anything(const json_t *story)
{
    const json_t *beats = kr_json_get(story, "beats");
    for (size_t i = 0; i < json_array_size(beats); i++)
        if (*kr_json_str(json_array_get(beats, i), "media", ""))
            return true;
    return false;
}

// What is left of a film's story, and how much is not; *left is NULL of a film without a story.
static bool take_out(struct kr_store *store, struct kr_arena *mem, const char *film,
                     const struct kr_view *view, json_t **left, size_t *in_the_way,
                     struct kr_err *err)
{
    struct kr_claim_list claims;
    if (!kr_claims_of(store, mem, film, &claims, err))
        return false;
    const struct kr_claim *story = kr_shown_claim(&claims, "story");
    *left = NULL;
    *in_the_way = 0;
    return !story || kr_story_without(store, mem, story->value, view, left, in_the_way, err);
}

static bool is_stood_for(const struct kr_rendition *films, size_t n, const char *film)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(kr_json_str(films[i].recipe, "without", ""), film) == 0)
            return true;
    return false;
}

bool kr_film_is_older(const struct kr_rendition *films, size_t i)
{
    for (size_t newer = 0; newer < i; newer++)
        if (strcmp(films[newer].subject, films[i].subject) == 0)
            return true;
    return false;
}

bool kr_films_withheld(struct kr_store *store, struct kr_arena *mem, const struct kr_view *view,
                       struct kr_withheld **out, size_t *n, struct kr_err *err)
{
    struct kr_rendition *films;
    size_t film_count;
    if (!kr_renditions_kind(store, mem, "film", &films, &film_count, err))
        return false;
    struct kr_withheld *list = kr_arena_array(mem, struct kr_withheld, film_count + 1);
    *n = 0;
    for (size_t i = 0; i < film_count; i++) {
        KR_AUTO(kr_json_drop) json_t *left = NULL;
        size_t in_the_way;
        if (kr_film_is_older(films, i) || is_stood_for(films, film_count, films[i].subject))
            continue;
        if (!take_out(store, mem, films[i].subject, view, &left, &in_the_way, err))
            return false;
        if (in_the_way)
            list[(*n)++] = (struct kr_withheld){&films[i], in_the_way, shows_anything(left)};
    }
    *out = list;
    return true;
}

bool kr_film_without(struct kr_store *store, struct kr_arena *mem, const char *film,
                     const struct kr_view *view, json_t **story, struct kr_err *err)
{
    KR_AUTO(kr_json_drop) json_t *left = NULL;
    size_t in_the_way;
    if (!take_out(store, mem, film, view, &left, &in_the_way, err))
        return false;
    if (!left)
        return kr_fail(err, KR_E_NOT_FOUND, "no film %.36s", film);
    if (!in_the_way)
        return kr_fail(err, KR_E_EXISTS, "nothing in film %.36s stands in the way", film);
    if (!shows_anything(left))
        return kr_fail(err, KR_E_REFUSED, "film %.36s: nothing would be left to show", film);
    kr_json_set_str(left, "x-without", film);
    *story = json_incref(left);
    return true;
}
