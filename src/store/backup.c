// SPDX-License-Identifier: AGPL-3.0-or-later
#include "store/backup.h"

#include "store/items.h"
#include "store/mirror.h"
#include "store/refs_priv.h"
#include "store/target_priv.h"
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

struct copying {
    struct kr_store *store; // NULL while bringing back
    struct kr_blobs *from;
    struct kr_target to;
    struct kr_refs refs;
    bool all, failed;
    bool (*progress)(void *context, double done);
    void *context;
    uint64_t bytes, all_bytes; // looked at, of so many
    struct kr_backup_report report;
    struct kr_err *err;
};

static void drop_copying(struct copying *work)
{
    kr_target_finish(&work->to);
    kr_refs_finish(&work->refs);
}

static bool read_archive_id(struct kr_db *db, char out[static KR_UUID_TEXT], struct kr_err *err)
{
    KR_AUTO(kr_rows_end) struct kr_rows *rows = NULL;
    bool more = false;
    if (!kr_db_query(db, KR_SQL_META_GET, &rows, err, KR_TEXT("archive")) ||
        !kr_rows_next(rows, &more, err))
        return false;
    kr_format(out, KR_UUID_TEXT, "%.36s", more ? kr_row_text(rows, 0) : "");
    return true;
}

// Another family's backup must never be taken for ours. One whose database
// cannot be read is mended: blobs are only ever added to it, and what is taken
// out of it is only what this archive has forgotten.
static bool is_of_this_archive(struct copying *work)
{
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    KR_AUTO(kr_db_close) struct kr_db *db = NULL;
    char ours[KR_UUID_TEXT], theirs[KR_UUID_TEXT];
    struct kr_err why = {0};
    if (faccessat(work->to.dir, "kinreel.db", F_OK, 0) != 0)
        return true;
    const char *path = kr_arena_format(mem, "%s/kinreel.db", work->to.path);
    if (!kr_db_open(path, false, &db, &why) || !read_archive_id(db, theirs, &why))
        return why.code == KR_E_DAMAGED || kr_fail(work->err, why.code, "%s", why.text);
    if (!read_archive_id(work->store->db, ours, work->err))
        return false;
    return strcmp(ours, theirs) == 0 ||
           kr_fail(work->err, KR_E_CONFLICT, "the folder holds a backup of another archive");
}

// Text and database of one moment: nobody says or forgets anything in between.
static bool stage_ours(struct copying *work)
{
    KR_AUTO(kr_mirror_end) struct kr_mirror mirror = KR_MIRROR_NONE;
    return kr_mirror_begin(work->store->dir, &mirror, work->err) &&
           kr_mirror_catch_up(&mirror, work->store, work->err) &&
           kr_target_stage(&work->to, work->store->dir, work->store->db, work->err);
}

static bool read_refs(struct copying *work)
{
    KR_AUTO(kr_db_close) struct kr_db *db = NULL;
    struct kr_store staged = {.dir = -1, .cache = -1};
    if (!kr_target_staged_db(&work->to, &db, work->err))
        return false;
    staged.db = db;
    return kr_refs_read(&staged, &work->refs, work->err);
}

// One blob; false stops. Counts what became of it.
static bool bring_blob(struct copying *work, const struct kr_blob_id *id)
{
    enum kr_brought brought;
    uint64_t size = 0;
    double done = work->all_bytes ? (double)work->bytes / (double)work->all_bytes : 0;
    if (work->progress && !work->progress(work->context, done < 1 ? done : 1))
        return kr_fail(work->err, KR_E_INTERRUPTED, "stopped");
    bool known = kr_blobs_size(work->from, id, &size);
    if (!kr_target_blob(&work->to, work->from, id, work->all, &brought, work->err))
        return false;
    bool copied = brought == KR_BROUGHT_NEW || brought == KR_BROUGHT_MENDED;
    work->bytes += size;
    work->report.blobs++;
    work->report.copied += copied;
    work->report.repaired += brought == KR_BROUGHT_MENDED;
    work->report.missing += !known || brought == KR_BROUGHT_MISSING;
    work->report.bytes += copied ? (int64_t)size : 0;
    return true;
}

static bool bring_refs(struct copying *work)
{
    for (size_t i = 0; i < work->refs.n; i++) {
        uint64_t size;
        if (kr_blobs_size(work->from, &work->refs.at[i], &size))
            work->all_bytes += size;
    }
    for (size_t i = 0; i < work->refs.n; i++)
        if (!bring_blob(work, &work->refs.at[i]))
            return false;
    return true;
}

// A blob leaves the backup only when a person had it forgotten: a database that
// has lost its claims must not take the copies with it.
static bool forget_in_copy(void *context, const struct kr_blob_id *id)
{
    struct copying *work = context;
    bool known = false;
    if (kr_refs_has(&work->refs, id))
        return true;
    work->failed = !kr_tombstone_known(work->store, id, &known, work->err) ||
                   (known && !kr_blobs_forget(work->to.blobs, id, work->err));
    work->report.forgotten += known && !work->failed;
    return !work->failed;
}

bool kr_backup(struct kr_store *store, const char *dest, bool all, KR_PROGRESS, void *context,
               struct kr_backup_report *out, struct kr_err *err)
{
    KR_AUTO(drop_copying)
    struct copying work = {.store = store,
                           .from = store->blobs,
                           .to = KR_TARGET_NONE,
                           .all = all,
                           .progress = progress,
                           .context = context,
                           .err = err};
    if (!kr_target_open(dest, store->dir, false, &work.to, err) || !is_of_this_archive(&work) ||
        !stage_ours(&work) || !read_refs(&work) || !bring_refs(&work) ||
        !kr_target_publish(&work.to, store->dir, err) ||
        !kr_blobs_each(work.to.blobs, forget_in_copy, &work, err) || work.failed)
        return kr_within(err, "back up");
    *out = work.report;
    return true;
}

static bool measure(void *context, const struct kr_blob_id *id)
{
    struct copying *work = context;
    uint64_t size;
    if (kr_blobs_size(work->from, id, &size))
        work->all_bytes += size;
    return true;
}

static bool bring_back(void *context, const struct kr_blob_id *id)
{
    struct copying *work = context;
    work->failed = !bring_blob(work, id);
    return !work->failed;
}

// What claims speak of and the backup does not have, whole.
static void count_missing(struct copying *work)
{
    work->report.missing = 0;
    for (size_t i = 0; i < work->refs.n; i++)
        work->report.missing += !kr_blobs_has(work->to.blobs, &work->refs.at[i]);
}

static bool restore(struct copying *work, const char *dir, int source, struct kr_db *db)
{
    if (!kr_db_check(db, work->err) || !kr_target_open(dir, source, true, &work->to, work->err) ||
        !kr_target_stage(&work->to, source, db, work->err) || !read_refs(work) ||
        !kr_blobs_each(work->from, measure, work, work->err) ||
        !kr_blobs_each(work->from, bring_back, work, work->err) || work->failed)
        return false;
    count_missing(work);
    return kr_target_publish(&work->to, source, work->err);
}

bool kr_backup_restore(const char *source, const char *dir, KR_PROGRESS, void *context,
                       struct kr_backup_report *out, struct kr_err *err)
{
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    KR_AUTO(kr_fd_close) int from = -1;
    KR_AUTO(kr_db_close) struct kr_db *db = NULL;
    KR_AUTO(kr_blobs_close) struct kr_blobs *blobs = NULL;
    KR_AUTO(drop_copying)
    struct copying work = {
        .to = KR_TARGET_NONE, .progress = progress, .context = context, .err = err};
    if (!kr_open_folder(AT_FDCWD, source, false, &from, err) ||
        !kr_db_open(kr_arena_format(mem, "%s/kinreel.db", source), false, &db, err) ||
        !kr_blobs_open(from, &blobs, err))
        return kr_within(err, "restore the archive");
    work.from = blobs;
    if (!restore(&work, dir, from, db))
        return kr_within(err, "restore the archive");
    *out = work.report;
    return true;
}
