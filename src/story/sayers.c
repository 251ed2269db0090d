// SPDX-License-Identifier: AGPL-3.0-or-later
#include "story/sayers.h"

#include "store/claims.h"
#include "story/story.h"
#include <string.h>

static bool is_named(const json_t *list, const char *who)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *one = json_string_value(json_array_get(list, i));
        if (one && strcmp(one, who) == 0)
            return true;
    }
    return false;
}

// Whoever came by a door of their own: whose it is may be said later.
static void name(json_t *beat, const char *who)
{
    struct kr_uuid id;
    json_t *list = json_object_get(beat, "words_of");
    if (!kr_uuid_parse(who, &id) || is_named(list, who) || json_array_size(list) == KR_STORY_SAYERS)
        return;
    if (!list)
        kr_json_set_take(beat, "words_of", list = kr_json_new_array());
    kr_json_append_take(list, json_string(who));
}

static bool name_captioner(struct kr_store *store, struct kr_arena *mem, json_t *beat,
                           struct kr_err *err)
{
    const char *media = kr_json_str(beat, "media", ""),
               *caption = kr_text_trimmed(mem, kr_json_str(beat, "caption", ""));
    struct kr_claim_list claims;
    struct kr_uuid id;
    if (!*caption || !kr_uuid_parse(media, &id))
        return true;
    if (!kr_claims_of(store, mem, media, &claims, err))
        return false;
    for (size_t i = 0; i < claims.n; i++) {
        const struct kr_claim *claim = &claims.at[i];
        const char *said = json_string_value(claim->value);
        if (!claims.retracted[i] && strcmp(claim->predicate, "caption") == 0 && said &&
            strcmp(kr_text_trimmed(mem, said), caption) == 0)
            name(beat, claim->who);
    }
    return true;
}

static bool name_marker(struct kr_store *store, struct kr_arena *mem, json_t *beat,
                        struct kr_err *err)
{
    const char *mark = kr_json_str(kr_json_get(beat, "era"), "mark", "");
    struct kr_err why = {0};
    struct kr_claim claim;
    if (!*mark)
        return true;
    if (!kr_claim_get(store, mem, mark, &claim, &why))
        return why.code == KR_E_NOT_FOUND || kr_fail(err, why.code, "%s", why.text);
    name(beat, claim.who);
    return true;
}

bool kr_story_name_sayers(struct kr_store *store, struct kr_arena *mem, json_t *story,
                          struct kr_err *err)
{
    const json_t *beats = kr_json_get(story, "beats");
    for (size_t i = 0; i < json_array_size(beats); i++) {
        json_t *beat = json_array_get(beats, i);
        if (!name_captioner(store, mem, beat, err) || !name_marker(store, mem, beat, err))
            return kr_within(err, "beat %zu: whose words these are", i + 1);
    }
    return true;
}
