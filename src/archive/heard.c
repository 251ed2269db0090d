// SPDX-License-Identifier: AGPL-3.0-or-later
#include "archive/heard.h"

#include "archive/consent.h"
#include <string.h>

// The same stand in store/sql/claims.sql (items_said_of) and in its index.
static bool is_words(const char *predicate)
{
    static const char *const words[] = {"caption", "keyword", "mark", "title"};
    for (size_t i = 0; i < KR_COUNT(words); i++)
        if (strcmp(predicate, words[i]) == 0)
            return true;
    return false;
}

bool kr_is_heard(const struct kr_claim *claim)
{
    return !claim->rests || !is_words(claim->predicate);
}

const char *kr_heard_who(const struct kr_claim *claim)
{
    bool consent =
        kr_consent_is_predicate(claim->predicate) || strcmp(claim->predicate, "release") == 0;
    return claim->rests && !consent ? "" : claim->who;
}

const char *kr_heard_voice(struct kr_store *store, const json_t *mark)
{
    const char *voice = kr_json_str(mark, "voice", "");
    bool open;
    return *voice && kr_item_is_open(store, voice, &open, NULL) && open ? voice : "";
}

json_t *kr_heard_new_value(struct kr_store *store, const struct kr_claim *claim)
{
    json_t *value = json_deep_copy(claim->value);
    if (strcmp(claim->predicate, "mark") == 0 && !*kr_heard_voice(store, value))
        json_object_del(value, "voice");
    if (claim->rests)
        json_object_del(value, "phrase");
    return value;
}
