// SPDX-License-Identifier: AGPL-3.0-or-later
// Slow work: asked for here, done by a worker, looked after here.
#include "archive/mounts.h"
#include "base/uuid.h"
#include "store/consent.h"
#include "web/handlers.h"
#include "web/shapes.h"
#include "web/work.h"

#include <string.h>

enum { LATEST = 100 };

static bool answer_job(struct kr_answer *answer, int status, const struct kr_job *job)
{
    struct kr_buf out = {0};
    kr_shape_job(&out, NULL, job);
    return kr_answer_json_take(answer, status, &out);
}

bool kr_web_begin_job(struct kr_request *request, struct kr_answer *answer, struct kr_store *store,
                      struct kr_job *job, struct kr_err *err)
{
    return kr_job_add(store, job, err) && kr_job_get(store, request->mem, job->id, job, err) &&
           answer_job(answer, 202, job);
}

// A keeper's work names folders of the house's disks: nobody else's business. And what may not be
// shown, nobody works at before their eyes.
static bool may_see(const struct kr_request *request, struct kr_store *store,
                    const struct kr_job *job, bool *out, struct kr_err *err)
{
    *out = request->visitor.role >= KR_ROLE_KEEPER || !kr_web_is_housework(job->kind);
    return !*out || !*job->item || kr_item_is_open(store, job->item, out, err);
}

KR_HANDLER(jobs)
{
    struct kr_store *store;
    struct kr_job *jobs;
    size_t n;
    KR_AUTO(kr_buf_finish) struct kr_buf out = {0};
    if (!kr_desk_read(request->desk, &store, err) ||
        !kr_jobs_list(store, request->mem, LATEST, &jobs, &n, err))
        return false;
    kr_tell_open(&out, NULL, '{');
    kr_tell_open(&out, "jobs", '[');
    for (size_t i = 0; i < n; i++) {
        bool may;
        if (!may_see(request, store, &jobs[i], &may, err))
            return false;
        if (may)
            kr_shape_job(&out, NULL, &jobs[i]);
    }
    kr_tell_close(&out, ']');
    kr_tell_close(&out, '}');
    return kr_answer_json_take(answer, 200, &out);
}

static bool job_of(struct kr_request *request, struct kr_store *store, struct kr_job *out,
                   struct kr_err *err)
{
    struct kr_uuid id;
    bool may;
    if (!kr_uuid_parse(request->params[0], &id))
        return kr_fail(err, KR_E_NOT_FOUND, "what was asked for is no id");
    return kr_job_get(store, request->mem, request->params[0], out, err) &&
           may_see(request, store, out, &may, err) &&
           (may || kr_fail(err, KR_E_NOT_FOUND, "a job that is not for these eyes"));
}

KR_HANDLER(job)
{
    struct kr_store *store;
    struct kr_job job;
    return kr_desk_read(request->desk, &store, err) && job_of(request, store, &job, err) &&
           answer_job(answer, 200, &job);
}

KR_HANDLER(cancel_job)
{
    struct kr_store *store;
    struct kr_job job;
    return kr_desk_write(request->desk, &store, err) && job_of(request, store, &job, err) &&
           kr_job_cancel(store, job.id, err) && kr_answer_empty(answer, 204);
}

// What each kind of work is for: the kinds of item, separated by blanks.
static const struct kind {
    const char *name, *items;
} kinds[] = {{"kit", "video audio"}, {"proxy", "photo video audio"}, {"restore", "photo"}};

static bool kind_fits(const char *name, const char *item_kind)
{
    for (size_t i = 0; i < KR_COUNT(kinds); i++)
        if (strcmp(kinds[i].name, name) == 0)
            return strstr(kinds[i].items, item_kind) != NULL;
    return false;
}

// Copies the options that are known and sane; false for any other.
static bool read_options(const json_t *options, json_t *out)
{
    static const char *const switches[] = {"steady",  "light",          "sound",
                                           "footage", "keep_viewpoint", "fill"};
    static const char *const names[] = {"scene", "frame", "mount"};
    const char *name;
    json_t *value;
    if (options && !json_is_object(options))
        return false;
    json_object_foreach((json_t *)(uintptr_t)options, name, value)
    {
        bool known = strcmp(name, "strength") == 0 && json_is_number(value) &&
                     json_number_value(value) >= 0 && json_number_value(value) <= 1;
        for (size_t i = 0; i < KR_COUNT(names); i++)
            known = known || (strcmp(name, names[i]) == 0 && json_is_string(value));
        for (size_t i = 0; i < KR_COUNT(switches); i++)
            known = known || (strcmp(name, switches[i]) == 0 && json_is_boolean(value));
        if (!known)
            return false;
        kr_json_set_take(out, name, json_incref(value));
    }
    return true;
}

// Scene and framing are known where the kit is (src/sealed/task_kit.c), a mount in the home, whose
// name gives way to what was learnt. *wrong is the option that names nothing, or NULL.
static bool look_up_names(struct kr_request *request, struct kr_store *store, json_t *options,
                          const char **wrong, struct kr_err *err)
{
    KR_AUTO(kr_json_drop) json_t *told = NULL;
    const struct kr_question question = {
        .task = "wish", .task_class = KR_TASK_PICTURE, .args = options};
    *wrong = "mount";
    if (!kr_mount_fill(store, options, err))
        return err->code == KR_E_NOT_FOUND;
    if (!kr_wall_ask(request->desk->house->wall, &question, &told, err))
        return false;
    *wrong = kr_json_str(told, "wrong", NULL);
    if (*wrong)
        *wrong = kr_arena_strdup(request->mem, *wrong);
    return true;
}

static bool refuse_name(struct kr_request *request, struct kr_answer *answer, const char *wrong)
{
    static const char *const rows[][3] = {{"scene", "no_scene", "web.kit.no_scene"},
                                          {"frame", "no_frame", "web.kit.no_frame"},
                                          {"mount", "no_mount", "web.kit.no_mount"}};
    size_t at = 0;
    while (at + 1 < KR_COUNT(rows) && strcmp(rows[at][0], wrong) != 0)
        at++;
    return kr_answer_problem(request, answer, 422, rows[at][1], rows[at][2]);
}

static bool has_names(const json_t *options)
{
    return kr_json_get(options, "scene") || kr_json_get(options, "frame") ||
           kr_json_get(options, "mount");
}

static bool begin_treatment(struct kr_request *request, struct kr_answer *answer,
                            struct kr_store *store, struct kr_job *job, json_t *options,
                            struct kr_err *err)
{
    const char *wrong = NULL;
    if (has_names(options) && !request->patient) { // another process is asked
        answer->later = true;
        return true;
    }
    if (has_names(options) && !look_up_names(request, store, options, &wrong, err))
        return false;
    return wrong ? refuse_name(request, answer, wrong)
                 : kr_web_begin_job(request, answer, store, job, err);
}

KR_HANDLER(make_job)
{
    KR_AUTO(kr_json_drop) json_t *body = NULL;
    KR_AUTO(kr_json_drop) json_t *args = kr_json_new_object();
    json_t *options = kr_json_new_object();
    struct kr_store *store;
    struct kr_item item;
    kr_json_set_take(args, "options", options);
    kr_json_set_str(args, "who", kr_visitor_who(&request->visitor));
    if (!kr_request_json(request, &body, answer))
        return true;
    const char *kind = kr_json_str(body, "kind", "");
    if (kr_web_is_housework(kind))
        return kr_web_ask_housework(request, answer, body, err);
    request->params[0] = kr_json_str(body, "item", "");
    if (!kr_desk_write(request->desk, &store, err) || !kr_web_item_of(request, store, &item, err))
        return false;
    if (!kind_fits(kind, item.kind) || !read_options(kr_json_get(body, "options"), options))
        return kr_answer_problem(request, answer, 422, "invalid", "error.invalid");
    struct kr_job job = {.kind = kind, .args = args, .item = item.id};
    return begin_treatment(request, answer, store, &job, options, err);
}
