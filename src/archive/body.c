// SPDX-License-Identifier: AGPL-3.0-or-later
#include "archive/body.h"

#include <string.h>

const char *kr_body_door(const struct kr_visitor *visitor)
{
    return *visitor->account      ? visitor->account
           : *visitor->invitation ? visitor->invitation
                                  : visitor->home;
}

bool kr_body_door_of(struct kr_store *store, struct kr_arena *mem, const char *who,
                     const char **out, struct kr_err *err)
{
    struct kr_account *all;
    size_t n;
    bool owner = strcmp(who, "owner") == 0;
    if (!kr_accounts_all(store, mem, &all, &n, err)) // the oldest first
        return false;
    *out = owner ? kr_arena_strdup(mem, store->home) : who;
    for (size_t i = n; i-- > 0;)
        if (strcmp(owner ? all[i].role : all[i].person, who) == 0)
            *out = kr_arena_strdup(mem, all[i].id);
    return true;
}

static bool has_word(const char *list, const char *word)
{
    for (const char *at = list; *at;) {
        size_t n = strcspn(at, ",");
        if (strlen(word) == n && memcmp(word, at, n) == 0)
            return true;
        at += n + (at[n] == ',');
    }
    return false;
}

static size_t count_words(const char *list)
{
    size_t n = *list != '\0';
    for (; *list; list++)
        n += *list == ',';
    return n;
}

bool kr_body_read(struct kr_arena *mem, const char *words, const json_t *bodies, const char **out,
                  struct kr_err *err)
{
    const char *list = "";
    size_t found = 0;
    for (size_t i = 0; i < json_array_size(bodies); i++) {
        const char *word = json_string_value(json_array_get(bodies, i));
        if (word && has_word(words, word))
            list = kr_arena_format(mem, "%s%s%s", list, found++ ? "," : "", word);
    }
    if (found != count_words(words))
        return kr_fail(err, KR_E_INVALID, "'%.60s' has a word that is none of the coach's", words);
    *out = list;
    return true;
}

static bool is_among(const char *body, const json_t *words)
{
    for (size_t i = 0; i < json_array_size(words); i++) {
        const char *word = json_string_value(json_array_get(words, i));
        if (word && has_word(body, word))
            return true;
    }
    return false;
}

static const char *key_for(const char *cause, const json_t *advice, const char *body)
{
    for (size_t i = 0; i < json_array_size(advice); i++) {
        const json_t *one = json_array_get(advice, i);
        if (strcmp(kr_json_str(one, "cause", ""), cause) == 0 &&
            !is_among(body, kr_json_get(one, "unfit")))
            return kr_json_str(one, "key", NULL);
    }
    return NULL;
}

void kr_body_fit(json_t *judged, const json_t *advice, const char *body)
{
    const json_t *said = kr_json_get(judged, "advice");
    for (size_t i = 0; i < json_array_size(said); i++) {
        json_t *one = json_array_get(said, i);
        const char *key = key_for(kr_json_str(one, "cause", ""), advice, body);
        if (key)
            kr_json_set_str(one, "key", key);
    }
}
