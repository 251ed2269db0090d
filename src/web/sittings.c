// SPDX-License-Identifier: AGPL-3.0-or-later
// Sittings: begun, offered, kept, ended; the home's book of them; the frame on a shelf.
#include "archive/persons.h"
#include "base/clock.h"
#include "care/book.h"
#include "care/sitting.h"
#include "web/handlers.h"
#include "web/media.h"
#include "web/shapes.h"

#include <string.h>

static bool is_id(const char *text)
{
    struct kr_uuid id;
    return kr_uuid_parse(text, &id);
}

static bool answer_json(struct kr_answer *answer, int status, const json_t *value)
{
    struct kr_buf out = {0};
    kr_tell_json(&out, NULL, value);
    kr_answer_header(answer, "Cache-Control", "no-store");
    return kr_answer_json_take(answer, status, &out);
}

static bool sitting_of(struct kr_request *request, struct kr_store *store, struct kr_sitting *out,
                       struct kr_err *err)
{
    if (!is_id(request->params[0]))
        return kr_fail(err, KR_E_NOT_FOUND, "what was asked for is no id");
    return kr_sitting_get(store, request->mem, request->params[0], out, err);
}

// Clips that this browser cannot play are shown as a still picture.
static bool can_play(struct kr_store *store, struct kr_arena *mem, const struct kr_item *item,
                     bool *out, struct kr_err *err)
{
    struct kr_claim_list claims;
    struct kr_rendition *list;
    size_t n;
    if (!kr_claims_of(store, mem, item->id, &claims, err) ||
        !kr_renditions_of(store, mem, item->id, &list, &n, err))
        return false;
    *out = kr_is_playable(item->mime, kr_seen_of(&claims));
    for (size_t i = 0; i < n; i++)
        *out = *out || strcmp(list[i].kind, "proxy") == 0;
    return true;
}

static bool new_choice(struct kr_request *request, struct kr_store *store,
                       const struct kr_sitting_choice *choice, json_t **out, struct kr_err *err)
{
    bool plays = true;
    if (choice->item && strcmp(choice->medium, "photo") != 0 &&
        !can_play(store, request->mem, choice->item, &plays, err))
        return false;
    *out = kr_sitting_choice_new_json(choice);
    if (!plays)
        kr_json_set_str(*out, "play", "");
    return true;
}

// {"person", "company", "log"}: who sits; all may be left out.
KR_HANDLER(sit_down)
{
    KR_AUTO(kr_json_drop) json_t *body = NULL, *out = NULL;
    struct kr_sitting sitting;
    struct kr_store *store;
    if (!kr_request_json(request, &body, answer))
        return true;
    const struct kr_new_sitting params = {
        .person = kr_text_in(request->mem, kr_str_of(kr_json_str(body, "person", ""))),
        .company = kr_text_in(request->mem, kr_str_of(kr_json_str(body, "company", ""))),
        .logged = kr_json_bool(body, "log", false)};
    if (*params.person && !is_id(params.person))
        return kr_answer_problem(request, answer, 422, "invalid", "error.invalid");
    if (!kr_desk_write(request->desk, &store, err) || !kr_book_sweep(store, err) ||
        !kr_sitting_begin(store, request->mem, &params, &sitting, err))
        return false;
    out = kr_sitting_new_json(&sitting);
    return answer_json(answer, 201, out);
}

// The last of a list of things.
static const char *const *things_of(struct kr_request *request, const json_t *list, size_t *n)
{
    size_t all = json_array_size(list);
    *n = all > KR_SITTING_SEEN_MOST ? KR_SITTING_SEEN_MOST : all;
    const char **things = kr_arena_array(request->mem, const char *, *n + 1);
    for (size_t i = 0; i < *n; i++) {
        const char *thing = json_string_value(json_array_get(list, all - *n + i));
        things[i] = kr_text_in(request->mem, kr_str_of(thing));
    }
    return things;
}

static bool read_ask(struct kr_request *request, const json_t *body, struct kr_sitting_ask *ask)
{
    ask->seen = things_of(request, kr_json_get(body, "seen"), &ask->seen_count);
    ask->away = things_of(request, kr_json_get(body, "away"), &ask->away_count);
    ask->step = kr_json_int(body, "step", 0);
    ask->after = kr_text_in(request->mem, kr_str_of(kr_json_str(body, "after", "")));
    ask->lang = request->lang;
    ask->now_ms = kr_now_ms();
    return ask->step >= 0 && ask->step < 1000000 && strlen(ask->after) < KR_SITTING_THING;
}

static bool tell_offer(struct kr_request *request, struct kr_answer *answer, struct kr_store *store,
                       const struct kr_sitting_ask *ask, struct kr_err *err)
{
    KR_AUTO(kr_json_drop) json_t *out = kr_json_new_object();
    struct kr_sitting_choice choices[KR_SITTING_CHOICES];
    struct kr_era era;
    size_t n;
    if (!kr_era_open(request->mem, store, &era, err) ||
        !kr_sitting_offer(store, request->mem, &era, ask, choices, &n, err))
        return false;
    json_t *list = kr_json_new_array();
    kr_json_set_take(out, "choices", list);
    for (size_t i = 0; i < n; i++) {
        json_t *one = NULL;
        if (!new_choice(request, store, &choices[i], &one, err))
            return false;
        kr_json_append_take(list, one);
    }
    return answer_json(answer, 200, out);
}

// {"after", "seen": [], "away": [], "step"}.
KR_HANDLER(sit_offer)
{
    KR_AUTO(kr_json_drop) json_t *body = NULL;
    struct kr_sitting_ask ask = {0};
    struct kr_sitting sitting;
    struct kr_store *store;
    if (!kr_request_json(request, &body, answer))
        return true;
    if (!read_ask(request, body, &ask))
        return kr_answer_problem(request, answer, 422, "invalid", "error.invalid");
    if (!kr_desk_write(request->desk, &store, err) || !sitting_of(request, store, &sitting, err) ||
        !kr_sitting_goes_on(store, &sitting, err))
        return false;
    ask.sitter = *sitting.person ? sitting.person : NULL;
    ask.seed = (uint64_t)sitting.seed;
    return tell_offer(request, answer, store, &ask, err);
}

// {"thing", "keep": true}.
KR_HANDLER(sit_again)
{
    KR_AUTO(kr_json_drop) json_t *body = NULL;
    struct kr_sitting sitting;
    struct kr_store *store;
    if (!kr_request_json(request, &body, answer))
        return true;
    const char *thing = kr_text_in(request->mem, kr_str_of(kr_json_str(body, "thing", "")));
    return kr_desk_write(request->desk, &store, err) && sitting_of(request, store, &sitting, err) &&
           kr_sitting_again(store, request->mem, &sitting, thing, kr_json_bool(body, "keep", true),
                            kr_visitor_who(&request->visitor), err) &&
           kr_answer_empty(answer, 204);
}

// {"mood": "good|quiet|unhappy"}.
KR_HANDLER(sit_mood)
{
    KR_AUTO(kr_json_drop) json_t *body = NULL;
    struct kr_sitting sitting;
    struct kr_store *store;
    if (!kr_request_json(request, &body, answer))
        return true;
    return kr_desk_write(request->desk, &store, err) && sitting_of(request, store, &sitting, err) &&
           kr_sitting_mood(store, &sitting, kr_json_str(body, "mood", ""), err) &&
           kr_answer_empty(answer, 204);
}

// {"thing"}: not only now.
KR_HANDLER(sit_never)
{
    KR_AUTO(kr_json_drop) json_t *body = NULL;
    struct kr_sitting sitting;
    struct kr_store *store;
    if (!kr_request_json(request, &body, answer))
        return true;
    const char *thing = kr_text_in(request->mem, kr_str_of(kr_json_str(body, "thing", "")));
    return kr_desk_write(request->desk, &store, err) && sitting_of(request, store, &sitting, err) &&
           kr_sitting_never(store, request->mem, request->lang, &sitting, thing,
                            kr_visitor_who(&request->visitor), err) &&
           kr_answer_empty(answer, 204);
}

KR_HANDLER(sit_end)
{
    KR_AUTO(kr_json_drop) json_t *out = NULL;
    struct kr_sitting sitting;
    struct kr_store *store;
    if (!kr_desk_write(request->desk, &store, err) || !sitting_of(request, store, &sitting, err) ||
        !kr_sitting_end(store, &sitting, err))
        return false;
    out = kr_sitting_new_json(&sitting);
    return answer_json(answer, 200, out);
}

KR_HANDLER(sittings)
{
    KR_AUTO(kr_json_drop) json_t *out = kr_json_new_object();
    struct kr_sitting *book;
    struct kr_store *store;
    size_t n;
    if (!kr_desk_read(request->desk, &store, err) ||
        !kr_sittings_logged(store, request->mem, KR_BOOK_MOST, &book, &n, err))
        return false;
    json_t *list = kr_json_new_array();
    kr_json_set_take(out, "sittings", list);
    for (size_t i = 0; i < n; i++)
        kr_json_append_take(list, kr_sitting_new_json(&book[i]));
    return answer_json(answer, 200, out);
}

KR_HANDLER(sittings_csv)
{
    struct kr_sitting *book;
    struct kr_store *store;
    size_t n;
    if (!kr_desk_read(request->desk, &store, err) ||
        !kr_sittings_logged(store, request->mem, KR_BOOK_MOST, &book, &n, err))
        return false;
    kr_answer_header(answer, "Content-Disposition", "attachment; filename=\"sittings.csv\"");
    kr_answer_header(answer, "Cache-Control", "no-store");
    return kr_answer_text(answer, 200, "text/csv; charset=utf-8",
                          kr_str_of(kr_book_csv(request->mem, book, n)));
}

// What stands on the frame now, if it still may; else the next picture.
static bool frame_choice(struct kr_request *request, struct kr_store *store,
                         struct kr_sitting_ask *ask, const char *now, json_t **out,
                         struct kr_err *err)
{
    struct kr_sitting_choice choices[KR_SITTING_CHOICES];
    struct kr_era era;
    size_t n = 0;
    if (!kr_era_open(request->mem, store, &era, err))
        return false;
    if (*now && kr_sitting_one(store, request->mem, &era, ask, now, &choices[0], NULL))
        return new_choice(request, store, &choices[0], out, err);
    ask->pictures = true; // the family's own; without any, cards of the years around
    if (!kr_sitting_offer(store, request->mem, &era, ask, choices, &n, err))
        return false;
    ask->pictures = false;
    for (size_t i = 0; i < n && !*out; i++)
        if (choices[i].item && *choices[i].item->preview && choices[i].item->width > 0 &&
            !new_choice(request, store, &choices[i], out, err))
            return false;
    if (*out)
        return true;
    if (!kr_sitting_offer(store, request->mem, &era, ask, choices, &n, err))
        return false;
    return n == 0 || new_choice(request, store, &choices[n - 1], out, err);
}

// What a tablet on a shelf shows: `step` counts its pictures, `now` is what stands there.
KR_HANDLER(frame)
{
    KR_AUTO(kr_json_drop) json_t *out = kr_json_new_object();
    const char *sitter = kr_request_field(request, "sitter");
    const char *step = kr_request_field(request, "step"), *seen[1] = {""};
    struct kr_store *store;
    json_t *choice = NULL;
    struct kr_sitting_ask ask = {
        .after = "", .lang = request->lang, .now_ms = kr_now_ms(), .seen = seen, .seen_count = 1};
    if ((*step && !kr_parse_int(step, 0, INT32_MAX, &ask.step)) || (*sitter && !is_id(sitter)))
        return kr_answer_problem(request, answer, 400, "bad_request", "web.bad_request");
    ask.sitter = *sitter ? sitter : NULL;
    seen[0] = kr_request_field(request, "last");
    if (!kr_desk_read(request->desk, &store, err) ||
        !frame_choice(request, store, &ask, kr_request_field(request, "now"), &choice, err))
        return false;
    kr_json_set_take(out, "picture", choice ? choice : json_null());
    return answer_json(answer, 200, out);
}
