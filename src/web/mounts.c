// SPDX-License-Identifier: AGPL-3.0-or-later
// What carries a camera: which mounts the home has learnt, learning one from a ride, forgetting it.
#include "archive/mounts.h"
#include "web/handlers.h"
#include "web/shapes.h"
#include "web/work.h"

#include <string.h>

static void tell_mount(struct kr_buf *out, const char *name, const json_t *mount)
{
    static const char *const numbers[] = {"tilt", "low_hz", "high_hz", "tremor", "tone_hz"};
    kr_tell_open(out, NULL, '{');
    kr_tell_text(out, "name", name);
    for (size_t i = 0; i < KR_COUNT(numbers); i++)
        kr_tell_real(out, numbers[i], kr_json_real(mount, numbers[i], 0));
    kr_tell_close(out, '}');
}

KR_HANDLER(mounts)
{
    struct kr_store *store;
    struct kr_buf out = {0};
    const json_t *all;
    const char *name;
    json_t *mount;
    if (!kr_desk_read(request->desk, &store, err) || !kr_mounts(store, request->mem, &all, err))
        return false;
    kr_tell_open(&out, NULL, '{');
    kr_tell_open(&out, "mounts", '[');
    json_object_foreach((json_t *)(uintptr_t)all, name, mount) tell_mount(&out, name, mount);
    kr_tell_close(&out, ']');
    kr_tell_close(&out, '}');
    return kr_answer_json_take(answer, 200, &out);
}

KR_HANDLER(learn_mount)
{
    KR_AUTO(kr_json_drop) json_t *body = NULL;
    KR_AUTO(kr_json_drop) json_t *args = kr_json_new_object();
    struct kr_store *store;
    struct kr_item item;
    if (!kr_request_json(request, &body, answer))
        return true;
    const char *name = kr_text_in(request->mem, kr_str_of(kr_json_str(body, "name", "")));
    request->params[0] = kr_json_str(body, "item", "");
    if (!kr_desk_write(request->desk, &store, err) || !kr_web_item_of(request, store, &item, err))
        return false;
    if (!kr_mount_is_name(name))
        return kr_answer_problem(request, answer, 422, "no_name", "web.mount.name");
    if (strcmp(item.kind, "video") != 0)
        return kr_answer_problem(request, answer, 422, "no_ride", "web.mount.no_ride");
    kr_json_set_str(args, "name", name);
    struct kr_job job = {.kind = "mount", .args = args, .item = item.id};
    return kr_web_begin_job(request, answer, store, &job, err);
}

KR_HANDLER(forget_mount)
{
    struct kr_store *store;
    return kr_desk_write(request->desk, &store, err) &&
           kr_mount_forget(store, request->params[0], err) && kr_answer_empty(answer, 204);
}
