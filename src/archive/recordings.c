// SPDX-License-Identifier: AGPL-3.0-or-later
#include "archive/recordings.h"

#include "base/clock.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

static void close_dir(DIR **dir)
{
    if (*dir)
        closedir(*dir);
}

struct ids {
    const char **at;
    size_t n, room;
};

static void add_id(struct ids *ids, struct kr_arena *mem, const char *id)
{
    if (ids->n == ids->room) {
        size_t more = ids->room ? ids->room * 2 : 16;
        const char **at = kr_arena_array(mem, const char *, more);
        if (ids->n)
            memcpy(at, ids->at, ids->n * sizeof *at);
        ids->at = at;
        ids->room = more;
    }
    ids->at[ids->n++] = kr_arena_strdup(mem, id);
}

static int by_text(const void *left, const void *right)
{
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

// Ids sort by the time they were made.
static bool list_ids(int archive, struct kr_arena *mem, struct ids *out, struct kr_err *err)
{
    int fd = openat(archive, "tmp", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return errno == ENOENT || kr_fail_errno(err, "open tmp");
    KR_AUTO(close_dir) DIR *dir = fdopendir(fd);
    if (!dir) {
        kr_fd_close(&fd);
        return kr_fail_errno(err, "list tmp");
    }
    for (struct dirent *entry; (entry = readdir(dir));) {
        const char *id = kr_tmp_recording_id(entry->d_name);
        struct kr_uuid checked;
        if (id && kr_uuid_parse(id, &checked))
            add_id(out, mem, id);
    }
    if (out->n)
        qsort(out->at, out->n, sizeof *out->at, by_text);
    return true;
}

bool kr_recordings_list(int archive, struct kr_arena *mem, struct kr_recording **out, size_t *n,
                        struct kr_err *err)
{
    struct ids ids = {0};
    if (!list_ids(archive, mem, &ids, err))
        return false;
    struct kr_recording *all = kr_arena_array(mem, struct kr_recording, ids.n + 1);
    size_t found = 0;
    for (size_t i = 0; i < ids.n; i++) {
        // One that is being begun or removed right now, or is damaged, is passed over.
        if (!kr_recording_see(archive, mem, ids.at[i], &all[found], NULL))
            continue;
        kr_recording_leave(&all[found++]);
    }
    *out = all;
    *n = found;
    return true;
}

json_t *kr_recording_new_json(const struct kr_recording *recording)
{
    json_t *out = kr_json_new_object(), *result = NULL;
    char began[KR_TIME_TEXT], changed[KR_TIME_TEXT];
    kr_time_text(recording->about.began_ms, began);
    kr_time_text(recording->changed_ms, changed);
    kr_json_set_str(out, "id", recording->id);
    kr_json_set_str(out, "kind", recording->about.kind);
    kr_json_set_str(out, "mime", recording->about.mime);
    kr_json_set_str(out, "began", began);
    kr_json_set_str(out, "changed", changed);
    kr_json_set_int(out, "pieces", (int64_t)recording->n);
    kr_json_set_int(out, "run", (int64_t)recording->run);
    kr_json_set_int(out, "bytes", (int64_t)recording->bytes);
    if (*recording->result && kr_json_parse(kr_str_of(recording->result), SIZE_MAX, &result, NULL))
        kr_json_set_take(out, "result", result);
    return out;
}

// Nothing more will come: done with, or given up by silence. One that is done with stays a while,
// for a recorder that did not hear our answer.
static bool is_over(const struct kr_recording *recording, int64_t silent_s)
{
    const int64_t day_s = 24 * 60 * 60;
    bool done = recording->whole && recording->n == 0;
    return silent_s >= (done ? 7 : KR_RECORDING_DAYS) * day_s ||
           (recording->n == 0 && !recording->whole && silent_s >= day_s);
}

// Whether all that is here without a gap is an item already.
static bool is_kept(const struct kr_recording *recording)
{
    KR_AUTO(kr_json_drop) json_t *result = NULL;
    return *recording->result &&
           kr_json_parse(kr_str_of(recording->result), SIZE_MAX, &result, NULL) &&
           kr_json_int(result, "pieces", 0) >= (int64_t)recording->run;
}

static void tend_one(int archive, const struct kr_ingest_params *by, const char *id, int silence_s,
                     struct kr_recordings_tended *tended)
{
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    struct kr_recording recording = KR_RECORDING_NONE;
    struct kr_err why = {0};
    if (!kr_recording_take(archive, mem, id, &recording, NULL))
        return; // somebody is at it
    int64_t silent_s = (kr_now_ms() - recording.changed_ms) / 1000;
    if (recording.run > 0 && !is_kept(&recording) && silent_s >= silence_s) {
        bool kept = kr_recording_keep(&recording, by, mem, recording.run, false, &why);
        tended->kept += kept;
        tended->failed += !kept;
        kr_recording_leave(&recording);
    } else if (is_over(&recording, silent_s)) {
        tended->swept++;
        kr_recording_forget(&recording);
    } else {
        kr_recording_leave(&recording);
    }
}

bool kr_recordings_tend(const struct kr_ingest_params *by, int silence_s,
                        struct kr_recordings_tended *out, struct kr_err *err)
{
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    KR_AUTO(kr_fd_close) int archive = -1;
    struct ids ids = {0};
    struct kr_recordings_tended tended = {0};
    if (!kr_open_folder(AT_FDCWD, by->archive, false, &archive, err) ||
        !list_ids(archive, mem, &ids, err))
        return kr_within(err, "tend recordings");
    for (size_t i = 0; i < ids.n; i++)
        tend_one(archive, by, ids.at[i], silence_s, &tended);
    *out = tended;
    return true;
}
