// SPDX-License-Identifier: AGPL-3.0-or-later
// What the coach can tell whoever films here: cards, advice, and which of it fits their body.
#include "archive/body.h"
#include "web/handlers.h"
#include "web/tell.h"

#include <string.h>

static bool ask_coach(struct kr_request *request, json_t **out, struct kr_err *err)
{
    const struct kr_question question = {.task = "scenes", .task_class = KR_TASK_PICTURE};
    return kr_wall_ask(request->desk->house->wall, &question, out, err);
}

static void tell_list(struct kr_buf *out, const char *name, const char *list)
{
    kr_tell_open(out, name, '[');
    for (const char *at = list; *at;) {
        size_t n = strcspn(at, ",");
        char word[64];
        kr_format(word, sizeof word, "%.*s", (int)n, at);
        kr_tell_text(out, NULL, word);
        at += n + (at[n] == ',');
    }
    kr_tell_close(out, ']');
}

static bool answer_coach(struct kr_answer *answer, const json_t *known, const char *body)
{
    static const char *const lists[] = {"scenes", "advice", "bodies"};
    struct kr_buf out = {0};
    kr_tell_open(&out, NULL, '{');
    for (size_t i = 0; i < KR_COUNT(lists); i++)
        kr_tell_json(&out, lists[i], kr_json_get(known, lists[i]));
    tell_list(&out, "body", body);
    kr_tell_close(&out, '}');
    kr_answer_header(answer, "Cache-Control", "no-store"); // the body is nobody else's business
    return kr_answer_json_take(answer, 200, &out);
}

KR_HANDLER(coach)
{
    KR_AUTO(kr_json_drop) json_t *known = NULL;
    struct kr_store *store;
    const char *body;
    if (!request->patient) { // another process is asked
        answer->later = true;
        return true;
    }
    return kr_desk_read(request->desk, &store, err) &&
           kr_body_get(store, request->mem, kr_body_door(&request->visitor), &body, err) &&
           ask_coach(request, &known, err) && answer_coach(answer, known, body);
}

// ["no-elbows","rolls"] as one text; what is no word becomes one that no body has.
static const char *joined(struct kr_arena *mem, const json_t *list)
{
    const char *out = json_is_array(list) ? "" : "?";
    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *word = json_string_value(json_array_get(list, i));
        out = kr_arena_format(mem, "%s%s%s", out, i ? "," : "",
                              word && !strchr(word, ',') ? word : "?");
    }
    return out;
}

KR_HANDLER(say_body)
{
    KR_AUTO(kr_json_drop) json_t *sent = NULL;
    KR_AUTO(kr_json_drop) json_t *known = NULL;
    struct kr_store *store;
    const char *body;
    if (!request->patient) {
        answer->later = true;
        return true;
    }
    if (!kr_request_json(request, &sent, answer))
        return true;
    if (!ask_coach(request, &known, err) || !kr_desk_write(request->desk, &store, err))
        return false;
    if (!kr_body_read(request->mem, joined(request->mem, kr_json_get(sent, "body")),
                      kr_json_get(known, "bodies"), &body, NULL))
        return kr_answer_problem(request, answer, 422, "invalid", "error.invalid");
    return kr_body_set(store, kr_body_door(&request->visitor), body, err) &&
           answer_coach(answer, known, body);
}
