// SPDX-License-Identifier: AGPL-3.0-or-later
// Questions and answers as JSON, with the names that people know.
#include "archive/asks.h"
#include "base/clock.h"
#include "store/persons.h"

#include <string.h>

static const char *name_of(struct kr_store *store, struct kr_arena *mem, const char *who)
{
    struct kr_person person;
    struct kr_uuid id;
    return kr_uuid_parse(who, &id) && kr_person_get(store, mem, who, &person, NULL) ? person.shown
                                                                                    : "";
}

static void set_who(struct kr_store *store, struct kr_arena *mem, json_t *out, const char *who,
                    int64_t at_ms)
{
    char at[KR_TIME_TEXT];
    kr_time_text(at_ms, at);
    kr_json_set_str(out, "who", who);
    kr_json_set_str(out, "name", name_of(store, mem, who));
    kr_json_set_str(out, "at", at);
}

static void set_copy(json_t *out, const json_t *value, const char *name)
{
    const json_t *member = kr_json_get(value, name);
    kr_json_set_take(out, name, member ? json_deep_copy(member) : json_null());
}

static void set_text(json_t *out, const json_t *value, const char *name)
{
    kr_json_set_str(out, name, kr_json_str(value, name, ""));
}

const char *kr_ask_said(enum kr_lang lang, const struct kr_ask *ask)
{
    return ask->rests ? kr_word(lang, "ask.rests") : kr_json_str(ask->value, "text", "");
}

json_t *kr_ask_new_json(struct kr_store *store, struct kr_arena *mem, const struct kr_ask *ask)
{
    json_t *out = kr_json_new_object();
    kr_json_set_str(out, "id", ask->id);
    kr_json_set_str(out, "claim", ask->claim);
    kr_json_set_str(out, "item", ask->item);
    set_copy(out, ask->value, "region");
    set_copy(out, ask->value, "span");
    set_text(out, ask->value, "text");
    set_text(out, ask->value, "voice");
    set_text(out, ask->value, "to");
    kr_json_set_str(out, "to_name", name_of(store, mem, kr_json_str(ask->value, "to", "")));
    set_text(out, ask->value, "lang");
    set_text(out, ask->value, "round");
    set_copy(out, ask->value, "place");
    set_who(store, mem, out, ask->who, ask->at_ms);
    kr_json_set_int(out, "answers", ask->answers);
    kr_json_set_bool(out, "rests", ask->rests);
    return out;
}

json_t *kr_reply_new_json(struct kr_store *store, struct kr_arena *mem,
                          const struct kr_reply *reply)
{
    json_t *out = kr_json_new_object();
    kr_json_set_str(out, "claim", reply->claim);
    kr_json_set_str(out, "kind", reply->kind);
    kr_json_set_str(out, "media", reply->media);
    set_text(out, reply->value, "text");
    kr_json_set_str(out, "for", reply->person);
    set_text(out, reply->value, "reply_to");
    set_who(store, mem, out, reply->who, reply->at_ms);
    kr_json_set_str(out, "mime", reply->mime);
    kr_json_set_int(out, "duration_ms", reply->media_duration_ms);
    return out;
}
