// SPDX-License-Identifier: AGPL-3.0-or-later
// What a keeper sees to besides the doors: folders that come in, backups, settings.
//
// What names a place on the house's own disks is done at the house's own machine alone: from
// afar a keeper could else read and fill folders that are none of the family's.
#include "archive/backups.h"
#include "archive/folders.h"
#include "base/clock.h"
#include "base/settings.h"
#include "web/handlers.h"
#include "web/shapes.h"
#include "web/work.h"

#include <string.h>

enum { PATH_MOST = 4096 * 3 };

static bool refuse_afar(struct kr_request *request, struct kr_answer *answer)
{
    return kr_answer_problem(request, answer, 403, "afar", "web.afar");
}

// A folder that cannot be had is said in its own words; false: it is another trouble.
static bool refuse_folder(struct kr_request *request, struct kr_answer *answer,
                          const struct kr_err *err)
{
    switch (err->code) {
    case KR_E_NOT_FOUND:
        return kr_answer_problem(request, answer, 404, "no_folder", "web.folder.gone");
    case KR_E_REFUSED:
        return kr_answer_problem(request, answer, 403, "closed_folder", "web.folder.closed");
    case KR_E_EXISTS:
        return kr_answer_problem(request, answer, 409, "full_folder", "web.folder.full");
    case KR_E_INVALID:
        return kr_answer_problem(request, answer, 422, "invalid", "web.folder.invalid");
    default:
        return false;
    }
}

static void tell_folder_list(struct kr_buf *out, const char *name, const struct kr_folder *at,
                             size_t n)
{
    kr_tell_open(out, name, '[');
    for (size_t i = 0; i < n; i++) {
        kr_tell_open(out, NULL, '{');
        kr_tell_text(out, "name", at[i].name);
        kr_tell_text(out, "path", at[i].path);
        kr_tell_close(out, '}');
    }
    kr_tell_close(out, ']');
}

static bool tell_folders(struct kr_request *request, struct kr_answer *answer,
                         const struct kr_folders *folders)
{
    struct kr_buf out = {0};
    struct kr_folder *places;
    size_t n;
    kr_folder_places(request->mem, &places, &n);
    kr_tell_open(&out, NULL, '{');
    kr_tell_text(&out, "path", folders->path);
    kr_tell_text(&out, "parent", folders->parent);
    kr_tell_int(&out, "files", folders->files);
    kr_tell_int(&out, "free_bytes", folders->free_bytes);
    kr_tell_bool(&out, "empty", folders->empty);
    kr_tell_bool(&out, "archive", folders->archive);
    kr_tell_bool(&out, "writable", folders->writable);
    kr_tell_bool(&out, "same_disk", folders->same_disk);
    kr_tell_bool(&out, "more", folders->more);
    tell_folder_list(&out, "folders", folders->at, folders->n);
    tell_folder_list(&out, "places", places, n);
    kr_tell_close(&out, '}');
    kr_answer_header(answer, "Cache-Control", "no-store");
    return kr_answer_json_take(answer, 200, &out);
}

KR_HANDLER(folders)
{
    struct kr_folders folders;
    struct kr_store *store;
    if (!request->near)
        return refuse_afar(request, answer);
    if (!request->patient) { // a disk may have to wake up first
        answer->later = true;
        return true;
    }
    if (!kr_desk_read(request->desk, &store, err))
        return false;
    if (!kr_folders_of(store, request->mem, kr_request_field(request, "path"), &folders, err))
        return refuse_folder(request, answer, err);
    return tell_folders(request, answer, &folders);
}

static void tell_last_job(struct kr_buf *out, const struct kr_job *job, bool found)
{
    if (found)
        kr_shape_job(out, "job", job);
    else
        kr_tell_null(out, "job");
}

KR_HANDLER(backup)
{
    struct kr_buf out = {0};
    struct kr_backups now;
    struct kr_store *store;
    struct kr_job job;
    bool found;
    if (!kr_desk_read(request->desk, &store, err) ||
        !kr_backups_look(store, request->mem, kr_now_ms(), &now, err) ||
        !kr_job_latest(store, request->mem, "backup", &job, &found, err))
        return false;
    kr_tell_open(&out, NULL, '{');
    kr_tell_text(&out, "place", now.place);
    kr_tell_int(&out, "every_days", now.every_days);
    kr_tell_int(&out, "done_ms", now.done_ms);
    kr_tell_int(&out, "tried_ms", now.tried_ms);
    kr_tell_text(&out, "trouble", now.trouble ? kr_code_name(now.trouble) : "");
    kr_tell_int(&out, "blobs", now.report.blobs);
    kr_tell_int(&out, "copied", now.report.copied);
    kr_tell_int(&out, "missing", now.report.missing);
    kr_tell_int(&out, "bytes", now.report.bytes);
    kr_tell_bool(&out, "due", now.due);
    kr_tell_bool(&out, "late", now.late);
    tell_last_job(&out, &job, found);
    kr_tell_close(&out, '}');
    return kr_answer_json_take(answer, 200, &out);
}

static bool ask_add(struct kr_request *request, struct kr_answer *answer, const json_t *body,
                    struct kr_err *err)
{
    KR_AUTO(kr_json_drop) json_t *args = kr_json_new_object();
    const char *path = kr_json_str(body, "path", "");
    struct kr_folders folders;
    struct kr_store *store;
    struct kr_job job = {.kind = "add", .args = args};
    if (!request->near)
        return refuse_afar(request, answer);
    if (strlen(path) > PATH_MOST || *path != '/')
        return kr_answer_problem(request, answer, 422, "invalid", "web.folder.invalid");
    if (!request->patient) {
        answer->later = true;
        return true;
    }
    if (!kr_desk_write(request->desk, &store, err))
        return false;
    if (!kr_folders_of(store, request->mem, path, &folders, err))
        return refuse_folder(request, answer, err);
    kr_json_set_str(args, "path", folders.path);
    return kr_web_begin_job(request, answer, store, &job, err);
}

// One at a time: whoever asks again is answered with the one that is under way.
static bool ask_backup(struct kr_request *request, struct kr_answer *answer, struct kr_err *err)
{
    struct kr_job job, fresh = {.kind = "backup"};
    struct kr_backups now;
    struct kr_store *store;
    struct kr_buf out = {0};
    bool found;
    if (!kr_desk_write(request->desk, &store, err) ||
        !kr_backups_look(store, request->mem, kr_now_ms(), &now, err) ||
        !kr_job_latest(store, request->mem, "backup", &job, &found, err))
        return false;
    if (!*now.place)
        return kr_answer_problem(request, answer, 409, "no_place", "web.backup.no_place");
    if (!found || !kr_job_is_open(&job))
        return kr_web_begin_job(request, answer, store, &fresh, err);
    kr_shape_job(&out, NULL, &job);
    return kr_answer_json_take(answer, 202, &out);
}

bool kr_web_is_housework(const char *kind)
{
    return strcmp(kind, "add") == 0 || strcmp(kind, "backup") == 0;
}

bool kr_web_ask_housework(struct kr_request *request, struct kr_answer *answer, const json_t *body,
                          struct kr_err *err)
{
    if (request->visitor.role < KR_ROLE_KEEPER)
        return kr_answer_problem(request, answer, 403, "refused", "error.refused");
    return strcmp(kr_json_str(body, "kind", ""), "add") == 0 ? ask_add(request, answer, body, err)
                                                             : ask_backup(request, answer, err);
}

static bool tell_setting(struct kr_buf *out, struct kr_request *request, struct kr_store *store,
                         const struct kr_setting *setting, struct kr_err *err)
{
    static const char *const types[] = {"int", "text", "bool", "path"};
    static const char *const sources[] = {"default", "archive", "environment"};
    const char *in_archive;
    enum kr_setting_from from;
    if (!kr_store_setting(store, request->mem, setting->key, &in_archive, err))
        return false;
    const char *value = kr_setting_value(request->mem, setting, in_archive, &from);
    kr_tell_open(out, NULL, '{');
    kr_tell_text(out, "key", setting->key);
    kr_tell_text(out, "type", types[setting->type]);
    kr_tell_text(out, "value", value);
    kr_tell_text(out, "from", sources[from]);
    kr_tell_text(out, "fallback", setting->fallback);
    kr_tell_int(out, "least", setting->least);
    kr_tell_int(out, "most", setting->most);
    kr_tell_bool(out, "needs_restart", setting->needs_restart);
    kr_tell_bool(out, "near", setting->near);
    kr_tell_text(out, "text", kr_word(request->lang, setting->words_key));
    kr_tell_close(out, '}');
    return true;
}

static bool tell_settings(struct kr_request *request, struct kr_answer *answer,
                          struct kr_store *store, struct kr_err *err)
{
    KR_AUTO(kr_buf_finish) struct kr_buf out = {0};
    kr_tell_open(&out, NULL, '{');
    kr_tell_open(&out, "settings", '[');
    for (size_t i = 0; i < kr_settings_count; i++)
        if (!tell_setting(&out, request, store, &kr_settings[i], err))
            return false;
    kr_tell_close(&out, ']');
    kr_tell_close(&out, '}');
    return kr_answer_json_take(answer, 200, &out);
}

KR_HANDLER(settings)
{
    struct kr_store *store;
    return kr_desk_read(request->desk, &store, err) && tell_settings(request, answer, store, err);
}

// What may stand for it, as text; NULL: back to the default. False, and answered, for anything
// else.
static bool read_value(struct kr_request *request, struct kr_answer *answer, const char *key,
                       const json_t *value, const char **out)
{
    const struct kr_setting *setting = kr_setting_of(key);
    struct kr_err why = {0};
    if (!setting || !(json_is_null(value) || json_is_string(value) || json_is_integer(value)))
        return !kr_answer_problem(request, answer, 422, "invalid", "error.invalid");
    if (setting->near && !request->near)
        return !refuse_afar(request, answer);
    *out = NULL;
    if (json_is_integer(value))
        *out = kr_arena_format(request->mem, "%jd", (intmax_t)json_integer_value(value));
    else if (json_is_string(value))
        *out = kr_text_in(request->mem, kr_str_of(json_string_value(value)));
    if (*out && !kr_setting_accepts(setting, *out, &why))
        return !kr_answer_problem_of(request, answer, 422, "invalid", "error.invalid", why.text);
    return true;
}

// The place for backups is looked at before it is believed.
static bool set_value(struct kr_store *store, const char *key, const char *value,
                      struct kr_err *err)
{
    if (strcmp(key, "backup.place") == 0)
        return kr_backups_choose(store, value ? value : "", err);
    return kr_store_set_setting(store, key, value, err);
}

KR_HANDLER(change_settings)
{
    KR_AUTO(kr_json_drop) json_t *body = NULL;
    struct kr_store *store;
    const char *key, *text;
    json_t *value;
    if (!kr_request_json(request, &body, answer))
        return true;
    json_t *wanted = json_object_get(body, "settings");
    if (!json_is_object(wanted))
        return kr_answer_problem(request, answer, 422, "invalid", "error.invalid");
    json_object_foreach(wanted, key, value)
    {
        if (!read_value(request, answer, key, value, &text)) // all of them, or none
            return true;
    }
    if (!kr_desk_write(request->desk, &store, err))
        return false;
    json_object_foreach(wanted, key, value)
    {
        if (!read_value(request, answer, key, value, &text))
            return true;
        if (!set_value(store, key, text, err))
            return refuse_folder(request, answer, err);
    }
    return tell_settings(request, answer, store, err);
}
