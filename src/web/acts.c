// SPDX-License-Identifier: AGPL-3.0-or-later
// Acts over many items, and their undoing.
#include "archive/acts.h"
#include "archive/batch.h"
#include "web/handlers.h"

#include <string.h>

enum { ACTS = 20, ACTS_MOST = 100 };

static json_t *new_skips(const struct kr_batch_done *done)
{
    json_t *list = kr_json_new_array();
    for (size_t i = 0; i < done->skip_count; i++) {
        json_t *one = kr_json_new_object();
        kr_json_set_str(one, "item", done->skips[i].item);
        kr_json_set_str(one, "why", done->skips[i].why);
        kr_json_append_take(list, one);
    }
    return list;
}

static bool tell_done(struct kr_request *request, struct kr_answer *answer, struct kr_store *store,
                      const struct kr_batch_done *done, struct kr_err *err)
{
    KR_AUTO(kr_json_drop) json_t *line = NULL;
    struct kr_act act;
    if (done->changed && !kr_act_get(store, request->mem, request->lang, done->act, &act, err))
        return false;
    line = done->changed ? kr_act_new_json(&act) : kr_json_new_object();
    if (!done->changed)
        kr_json_set_str(line, "act", "");
    kr_json_set_int(line, "changed", done->changed);
    kr_json_set_take(line, "skipped", new_skips(done));
    return kr_answer_tell(answer, 200, line);
}

// Ids in the request's arena; false where the list is none.
static bool ids_of(struct kr_request *request, const json_t *list, const char *const **out,
                   size_t *n)
{
    *n = json_array_size(list);
    const char **ids = kr_arena_array(request->mem, const char *, *n + 1);
    for (size_t i = 0; i < *n; i++) {
        ids[i] = json_string_value(json_array_get(list, i));
        struct kr_uuid id;
        if (!ids[i] || !kr_uuid_parse(ids[i], &id))
            return false;
    }
    *out = ids;
    return json_is_array(list);
}

bool kr_web_run_batch(struct kr_request *request, struct kr_answer *answer, struct kr_store *store,
                      const json_t *body, const json_t *items, const json_t *todo,
                      struct kr_err *err)
{
    const char *query = kr_json_str(body, "query", NULL);
    struct kr_batch batch = {.todo = todo,
                             .who = kr_visitor_who(&request->visitor),
                             .certain = kr_json_real(body, "certain", 0.9),
                             .act = kr_json_str(body, "act", NULL)};
    struct kr_batch_done done;
    if (!json_is_object(todo) || (query != NULL) == (items != NULL) ||
        (items && !ids_of(request, items, &batch.items, &batch.n)))
        return kr_answer_problem(request, answer, 422, "invalid", "error.invalid");
    if (query && !kr_batch_find(store, request->mem, kr_text_in(request->mem, kr_str_of(query)),
                                &batch.items, &batch.n, err))
        return err->code == KR_E_TOO_BIG &&
               kr_answer_problem(request, answer, 422, "too_many", "web.batch.many");
    if (kr_batch_run(store, request->mem, &batch, &done, err))
        return tell_done(request, answer, store, &done, err);
    if (err->code == KR_E_TOO_BIG)
        return kr_answer_problem(request, answer, 422, "too_many", "web.batch.many");
    if (err->code == KR_E_INVALID && kr_json_get(todo, "date"))
        return kr_answer_problem_of(request, answer, 422, "date", "web.date", err->text);
    if (err->code == KR_E_INVALID)
        return kr_answer_problem_of(request, answer, 422, "invalid", "error.invalid", err->text);
    return false;
}

// A thousand items take a second or two.
static bool comes_later(const struct kr_request *request, struct kr_answer *answer)
{
    answer->later = !request->patient;
    return answer->later;
}

KR_HANDLER(do_act)
{
    KR_AUTO(kr_json_drop) json_t *body = NULL;
    struct kr_store *store;
    if (comes_later(request, answer) || !kr_request_json(request, &body, answer))
        return true;
    return kr_desk_write(request->desk, &store, err) &&
           kr_web_run_batch(request, answer, store, body, kr_json_get(body, "items"),
                            kr_json_get(body, "do"), err);
}

KR_HANDLER(undo_act)
{
    struct kr_store *store;
    struct kr_batch_done done;
    if (comes_later(request, answer))
        return true;
    return kr_desk_write(request->desk, &store, err) &&
           kr_batch_undo(store, request->mem, request->params[0], kr_visitor_who(&request->visitor),
                         NULL, NULL, &done, err) &&
           tell_done(request, answer, store, &done, err);
}

KR_HANDLER(acts)
{
    KR_AUTO(kr_json_drop) json_t *body = kr_json_new_object();
    const char *limit = kr_request_field(request, "limit");
    const char *before = kr_request_field(request, "before");
    struct kr_store *store;
    struct kr_act *acts;
    int64_t most = ACTS;
    size_t n;
    if (*limit && !kr_parse_int(limit, 1, ACTS_MOST, &most))
        return kr_answer_problem(request, answer, 400, "bad_request", "web.bad_request");
    if (!kr_desk_read(request->desk, &store, err) ||
        !kr_acts_last(store, request->mem, request->lang, before, (int)most, &acts, &n, err))
        return false;
    json_t *list = kr_json_new_array();
    for (size_t i = 0; i < n; i++)
        kr_json_append_take(list, kr_act_new_json(&acts[i]));
    kr_json_set_take(body, "acts", list);
    kr_json_set_str(body, "next", n == (size_t)most ? acts[n - 1].id : "");
    return kr_answer_tell(answer, 200, body);
}
