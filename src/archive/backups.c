// SPDX-License-Identifier: AGPL-3.0-or-later
#include "archive/backups.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/settings.h"
#include "store/jobs.h"
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define DAY_MS (INT64_C(24) * 3600 * 1000)
#define AGAIN_MS (INT64_C(3600) * 1000) // after one that failed

enum { NOTE_MOST = 16 * 1024 };

static bool read_note(struct kr_store *store, struct kr_arena *mem, const json_t **out,
                      struct kr_err *err)
{
    const char *text;
    json_t *note = NULL;
    if (!kr_store_noted(store, mem, "backup", &text, err))
        return false;
    if (!*text || !kr_json_parse(kr_str_of(text), NOTE_MOST, &note, NULL))
        note = kr_json_new_object();
    *out = kr_json_lend(mem, note);
    return true;
}

static bool write_note(struct kr_store *store, const struct kr_backups *backups, struct kr_err *err)
{
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    KR_AUTO(kr_json_drop) json_t *note = kr_json_new_object();
    kr_json_set_str(note, "place", backups->place);
    kr_json_set_int(note, "done_ms", backups->done_ms);
    kr_json_set_int(note, "tried_ms", backups->tried_ms);
    kr_json_set_str(note, "trouble", backups->trouble ? kr_code_name(backups->trouble) : "");
    kr_json_set_int(note, "blobs", backups->report.blobs);
    kr_json_set_int(note, "copied", backups->report.copied);
    kr_json_set_int(note, "missing", backups->report.missing);
    kr_json_set_int(note, "bytes", backups->report.bytes);
    return kr_store_note(store, "backup", kr_json_text(mem, note), err);
}

// A note speaks of the place it was written for, and of no other.
static void take_note(const json_t *note, struct kr_backups *out)
{
    const char *trouble = kr_json_str(note, "trouble", "");
    if (strcmp(kr_json_str(note, "place", ""), out->place) != 0)
        return;
    out->done_ms = kr_json_int(note, "done_ms", 0);
    out->tried_ms = kr_json_int(note, "tried_ms", 0);
    out->trouble = *trouble ? kr_code_named(trouble) : KR_OK;
    out->report.blobs = kr_json_int(note, "blobs", 0);
    out->report.copied = kr_json_int(note, "copied", 0);
    out->report.missing = kr_json_int(note, "missing", 0);
    out->report.bytes = kr_json_int(note, "bytes", 0);
}

static bool read_place(struct kr_store *store, struct kr_arena *mem, const char **out,
                       struct kr_err *err)
{
    const struct kr_setting *setting = kr_setting_of("backup.place");
    enum kr_setting_from from;
    const char *said;
    if (!kr_store_setting(store, mem, setting->key, &said, err))
        return false;
    *out = kr_setting_value(mem, setting, said, &from);
    return true;
}

// A time in the future is no time: the clock was set back since.
static bool is_past(int64_t then_ms, int64_t now_ms, int64_t by_ms)
{
    return then_ms > now_ms || now_ms - then_ms >= by_ms;
}

bool kr_backups_look(struct kr_store *store, struct kr_arena *mem, int64_t now_ms,
                     struct kr_backups *out, struct kr_err *err)
{
    struct kr_backups found = {0};
    const json_t *note;
    int64_t days;
    if (!read_place(store, mem, &found.place, err) ||
        !kr_store_number(store, "backup.every_days", &days, err) ||
        !read_note(store, mem, &note, err))
        return kr_within(err, "look after the backup");
    found.every_days = (int)days;
    take_note(note, &found);
    bool failed = found.trouble != KR_OK;
    bool by_itself = *found.place && days > 0;
    found.due = by_itself && (failed || is_past(found.done_ms, now_ms, days * DAY_MS)) &&
                (!failed || is_past(found.tried_ms, now_ms, AGAIN_MS));
    found.late = *found.place && (failed || found.report.missing > 0 ||
                                  (by_itself && found.done_ms > 0 &&
                                   is_past(found.done_ms, now_ms, (days + 1 + days / 4) * DAY_MS)));
    *out = found;
    return true;
}

// The folder that `path` lies in, and its last part.
static const char *parent_of(struct kr_arena *mem, const char *path)
{
    size_t n = strlen(path);
    while (n > 1 && path[n - 1] == '/')
        n--;
    while (n > 1 && path[n - 1] != '/')
        n--;
    while (n > 1 && path[n - 1] == '/')
        n--;
    return kr_arena_copy(mem, path, n);
}

static bool is_backup(const char *path, struct kr_err *err)
{
    KR_AUTO(kr_fd_close) int folder = -1;
    return kr_open_folder(AT_FDCWD, path, false, &folder, err) &&
           (faccessat(folder, "kinreel.db", F_OK, 0) == 0 || kr_fail_errno(err, "find the backup"));
}

// The folder itself where there is one, else the one it would be made in.
static bool open_nearest(struct kr_arena *mem, const char *path, int *out, bool *itself,
                         struct kr_err *err)
{
    struct kr_err why = {0};
    *itself = kr_open_folder(AT_FDCWD, path, false, out, &why);
    if (*itself)
        return true;
    if (why.code != KR_E_NOT_FOUND)
        return kr_fail(err, why.code, "%s", why.text);
    return kr_open_folder(AT_FDCWD, parent_of(mem, path), false, out, err);
}

static bool can_lie_in(struct kr_store *store, struct kr_arena *mem, const char *path,
                       struct kr_err *err)
{
    KR_AUTO(kr_fd_close) int folder = -1;
    bool itself;
    if (!open_nearest(mem, path, &folder, &itself, err))
        return false;
    if (kr_folder_lies_in(folder, store->dir) || (itself && kr_folder_lies_in(store->dir, folder)))
        return kr_fail(err, KR_E_REFUSED, "the two folders lie in each other");
    if (faccessat(folder, ".", W_OK | X_OK, AT_EACCESS) != 0)
        return kr_fail_errno(err, "write to the folder");
    return !itself || kr_is_empty_folder(folder) || faccessat(folder, "kinreel.db", F_OK, 0) == 0 ||
           faccessat(folder, "blobs", F_OK, 0) == 0 || // one that was stopped on its way
           kr_fail(err, KR_E_EXISTS, "the folder holds other things");
}

bool kr_backups_choose(struct kr_store *store, const char *place, struct kr_err *err)
{
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    struct kr_backups fresh = {.place = place};
    const struct kr_setting *setting = kr_setting_of("backup.place");
    if (!kr_setting_accepts(setting, place, err))
        return false;
    struct kr_str raw = kr_path_unescape(mem, place);
    if (strlen(raw.at) != raw.n)
        return kr_fail(err, KR_E_INVALID, "a zero byte in a path");
    if (*place && !can_lie_in(store, mem, raw.at, err))
        return kr_within(err, "choose a place for backups");
    return kr_store_set_setting(store, setting->key, *place ? place : NULL, err) &&
           write_note(store, &fresh, err);
}

static bool make(struct kr_store *store, const struct kr_backups *now, KR_PROGRESS, void *context,
                 struct kr_backup_report *out, struct kr_err *err)
{
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    const char *path = kr_path_unescape(mem, now->place).at;
    KR_AUTO(kr_fd_close) int parent = -1;
    if (now->done_ms ? !is_backup(path, err) // (1)
                     : !kr_open_folder(AT_FDCWD, parent_of(mem, path), false, &parent, err))
        return false;
    return kr_backup(store, path, false, progress, context, out, err);
}

bool kr_backups_make(struct kr_store *store, KR_PROGRESS, void *context,
                     struct kr_backup_report *out, struct kr_err *err)
{
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    struct kr_backups now;
    struct kr_err why = {0};
    if (!kr_backups_look(store, mem, kr_now_ms(), &now, err))
        return false;
    if (!*now.place)
        return kr_fail(err, KR_E_NOT_FOUND, "no place for backups was chosen");
    struct kr_backup_report report = {0};
    bool fine = make(store, &now, progress, context, &report, &why);
    if (!fine && why.code == KR_E_INTERRUPTED) // somebody's wish, no trouble
        return kr_fail(err, why.code, "%s", why.text);
    now.tried_ms = kr_now_ms();
    now.trouble = fine ? KR_OK : why.code;
    if (fine) {
        now.done_ms = now.tried_ms;
        now.report = report;
    }
    if (!write_note(store, &now, err))
        return false;
    if (!fine)
        return kr_fail(err, why.code, "%s", why.text);
    *out = report;
    return true;
}

bool kr_backups_ask(struct kr_store *store, struct kr_err *err)
{
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    struct kr_backups now;
    struct kr_job job;
    bool found;
    if (!kr_backups_look(store, mem, kr_now_ms(), &now, err))
        return false;
    if (!now.due)
        return true;
    if (!kr_job_latest(store, mem, "backup", &job, &found, err))
        return false;
    if (found && kr_job_is_open(&job))
        return true;
    job = (struct kr_job){.kind = "backup"};
    return kr_job_add(store, &job, err);
}
