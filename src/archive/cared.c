// SPDX-License-Identifier: AGPL-3.0-or-later
#include "archive/cared.h"

#include "base/uuid.h"
#include <string.h>

enum { THING_MOST = 160 };

const char *const kr_about_parts[] = {"called", "likes",     "comforts", "upsets",
                                      "people", "languages", "review",   NULL};

bool kr_cared_is_predicate(const char *predicate)
{
    return strcmp(predicate, "about_me") == 0 || strcmp(predicate, "lit_up") == 0;
}

static bool is_part(const char *part)
{
    for (size_t i = 0; kr_about_parts[i]; i++)
        if (strcmp(kr_about_parts[i], part) == 0)
            return true;
    return false;
}

static bool read_about(struct kr_arena *mem, const json_t *value, json_t *out, struct kr_err *err)
{
    const char *part = kr_json_str(value, "part", "");
    const char *text = kr_text_trimmed(mem, kr_json_str(value, "text", ""));
    struct kr_uuid id;
    if (!is_part(part))
        return kr_fail(err, KR_E_INVALID, "the card has no part '%.40s'", part);
    if (!*text || strlen(text) > KR_ABOUT_TEXT_MOST || strchr(text, '\n'))
        return kr_fail(err, KR_E_INVALID, "one line of at most %d bytes is wanted",
                       KR_ABOUT_TEXT_MOST);
    if (strcmp(part, "people") == 0 && !kr_uuid_parse(text, &id))
        return kr_fail(err, KR_E_INVALID, "the id of a person is wanted");
    kr_json_set_str(out, "part", part);
    kr_json_set_str(out, "text", text);
    return true;
}

// "item:ID", "film:ID" or "card:PACK.CARD".
static bool is_thing(const char *thing)
{
    struct kr_uuid id;
    if (kr_starts_with(thing, "item:") || kr_starts_with(thing, "film:"))
        return kr_uuid_parse(thing + 5, &id);
    return kr_starts_with(thing, "card:") && thing[5] && strlen(thing) < THING_MOST;
}

bool kr_cared_read(struct kr_arena *mem, const char *predicate, const json_t *value, json_t **out,
                   struct kr_err *err)
{
    const char *thing =
        kr_text_in(mem, kr_str_of(json_is_string(value) ? json_string_value(value) : ""));
    *out = kr_json_new_object();
    if (strcmp(predicate, "about_me") == 0)
        return read_about(mem, value, *out, err);
    kr_json_drop(out);
    if (!is_thing(thing))
        return kr_fail(err, KR_E_INVALID, "what lit up is an item, a film or a card");
    *out = json_string(thing);
    return true;
}

static json_t *new_lines(const struct kr_claim_list *claims, const char *part)
{
    json_t *lines = kr_json_new_array();
    for (size_t i = claims->n; i-- > 0 && json_array_size(lines) < KR_ABOUT_LINES_MOST;) {
        const struct kr_claim *claim = &claims->at[i];
        if (claims->retracted[i] || strcmp(claim->predicate, "about_me") != 0 ||
            strcmp(kr_json_str(claim->value, "part", ""), part) != 0)
            continue;
        json_t *line = kr_json_new_object();
        kr_json_set_str(line, "text", kr_json_str(claim->value, "text", ""));
        kr_json_set_str(line, "claim", claim->id);
        json_array_insert_new(lines, 0, line);
    }
    return lines;
}

bool kr_about_json(struct kr_store *store, struct kr_arena *mem, const char *person, json_t **out,
                   struct kr_err *err)
{
    struct kr_claim_list claims;
    if (!kr_claims_of(store, mem, person, &claims, err))
        return false;
    json_t *parts = kr_json_new_array();
    for (size_t i = 0; kr_about_parts[i]; i++) {
        json_t *part = kr_json_new_object();
        kr_json_set_str(part, "part", kr_about_parts[i]);
        kr_json_set_take(part, "lines", new_lines(&claims, kr_about_parts[i]));
        kr_json_append_take(parts, part);
    }
    *out = kr_json_new_object();
    kr_json_set_take(*out, "parts", parts);
    return true;
}

static bool is_listed(const struct kr_lit *lit, size_t n, const char *thing)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(lit[i].thing, thing) == 0)
            return true;
    return false;
}

bool kr_lit_up_of(struct kr_store *store, struct kr_arena *mem, const char *person,
                  struct kr_lit **out, size_t *n, struct kr_err *err)
{
    struct kr_claim_list claims;
    if (!kr_claims_of(store, mem, person, &claims, err))
        return false;
    *out = kr_arena_array(mem, struct kr_lit, claims.n + 1);
    *n = 0;
    for (size_t i = claims.n; i-- > 0;) {
        const struct kr_claim *claim = &claims.at[i];
        const char *thing = json_string_value(claim->value);
        if (!claims.retracted[i] && strcmp(claim->predicate, "lit_up") == 0 && thing &&
            !is_listed(*out, *n, thing))
            (*out)[(*n)++] = (struct kr_lit){.thing = thing, .claim = claim->id};
    }
    return true;
}
