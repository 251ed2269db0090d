// SPDX-License-Identifier: AGPL-3.0-or-later
// A family apart: one question a week between two places.
#include "archive/rounds.h"
#include "archive/asks.h"
#include "base/clock.h"
#include "web/handlers.h"

static bool round_json(struct kr_request *request, struct kr_store *store,
                       const struct kr_round *round, json_t **out, struct kr_err *err)
{
    const struct kr_listener to = kr_web_listener(request);
    return kr_round_json(store, request->mem, round, &to, kr_now_ms(), out, err);
}

static bool tell_round(struct kr_request *request, struct kr_answer *answer, struct kr_store *store,
                       int status, const char *id, struct kr_err *err)
{
    KR_AUTO(kr_json_drop) json_t *out = NULL;
    struct kr_round round;
    return kr_round_get(store, request->mem, id, &round, err) &&
           round_json(request, store, &round, &out, err) && kr_answer_tell(answer, status, out);
}

KR_HANDLER(rounds)
{
    KR_AUTO(kr_json_drop) json_t *out = kr_json_new_object();
    json_t *list = kr_json_new_array();
    struct kr_store *store;
    struct kr_round *rounds;
    size_t n;
    kr_json_set_take(out, "rounds", list);
    if (!kr_desk_read(request->desk, &store, err) ||
        !kr_rounds_of_home(store, request->mem, &rounds, &n, err))
        return false;
    for (size_t i = 0; i < n; i++) {
        json_t *row = NULL;
        if (!round_json(request, store, &rounds[i], &row, err))
            return false;
        kr_json_append_take(list, row);
    }
    return kr_answer_tell(answer, 200, out);
}

// With what was asked in it, the latest first.
KR_HANDLER(round)
{
    KR_AUTO(kr_json_drop) json_t *out = NULL;
    const struct kr_listener to = kr_web_listener(request);
    struct kr_store *store;
    struct kr_round round;
    struct kr_ask *asks;
    size_t n;
    if (!kr_desk_read(request->desk, &store, err) ||
        !kr_round_get(store, request->mem, request->params[0], &round, err) ||
        !kr_asks_of_round(store, request->mem, round.id, &to, &asks, &n, err) ||
        !round_json(request, store, &round, &out, err))
        return false;
    json_t *list = kr_json_new_array();
    kr_json_set_take(out, "asks", list);
    for (size_t i = 0; i < n; i++)
        kr_json_append_take(list, kr_ask_new_json(store, request->mem, &asks[i]));
    return kr_answer_tell(answer, 200, out);
}

// A new one where `id` is "".
static bool say_round(struct kr_request *request, struct kr_answer *answer, const char *id,
                      struct kr_err *err)
{
    KR_AUTO(kr_json_drop) json_t *body = NULL;
    struct kr_store *store;
    char said[KR_UUID_TEXT];
    if (!kr_request_json(request, &body, answer))
        return true;
    return kr_desk_write(request->desk, &store, err) &&
           kr_round_say(store, id, kr_json_str(body, "claim", ""), body,
                        kr_visitor_who(&request->visitor), said, err) &&
           tell_round(request, answer, store, *id ? 200 : 201, said, err);
}

KR_HANDLER(round_begin)
{
    return say_round(request, answer, "", err);
}

KR_HANDLER(round_say)
{
    return say_round(request, answer, request->params[0], err);
}

KR_HANDLER(round_end)
{
    struct kr_store *store;
    return kr_desk_write(request->desk, &store, err) &&
           kr_round_end(store, request->params[0], kr_visitor_who(&request->visitor), err) &&
           kr_answer_empty(answer, 204);
}
