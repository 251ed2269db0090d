// SPDX-License-Identifier: AGPL-3.0-or-later
// A backup that is brought up to date on the worst day of its disk. Before: it
// holds the archive as it was. Since then one item was forgotten and one came.
// Afterwards: it is an archive with nothing lost and nothing damaged, and the
// next run brings it up to date.
#include "drive.h"

#include "store/backup.h"
#include "store/claims.h"
#include "store/items.h"
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static void add_item(struct kr_store *store, const char *file, char subject[static KR_UUID_TEXT],
                     struct kr_blob_id *id)
{
    struct kr_err err = {0};
    char hex[KR_SHA256_HEX];
    KR_AUTO(kr_fd_close) int fd = open(file, O_RDONLY | O_CLOEXEC);
    KR_AUTO(kr_json_drop) json_t *value = kr_json_new_object();
    struct kr_claim claim = {.predicate = "kept", .value = value, .who = "test", .certain = 1};
    must(kr_blobs_keep(store->blobs, fd, 1 << 30, id, NULL, &err), &err);
    kr_blob_hex(id, hex);
    kr_json_set_str(value, "sha256", hex);
    kr_uuid_new_text(subject);
    kr_format(claim.subject, KR_UUID_TEXT, "%s", subject);
    must(kr_claim_add(store, &claim, &err), &err);
}

// The archive and its older backup; tells what has been forgotten since.
static void prepare(struct work *work, char gone[static KR_UUID_TEXT], struct kr_blob_id *gone_id)
{
    KR_AUTO(kr_store_close) struct kr_store *store = NULL;
    struct kr_err err = {0};
    struct kr_backup_report report;
    struct kr_blob_id id;
    char subject[KR_UUID_TEXT];
    must(kr_remove_tree(AT_FDCWD, work->archive, &err), &err);
    must(kr_remove_tree(AT_FDCWD, work->copy, &err), &err);
    must(kr_store_init(work->archive, true, &err), &err);
    must(kr_store_open(work->archive, KR_STORE_WRITE, &store, &err), &err);
    add_item(store, work->files[0], gone, gone_id);
    add_item(store, work->files[3], subject, &id);
    must(kr_backup(store, work->copy, false, NULL, NULL, &report, &err), &err);
    must(kr_claims_forget(store, gone, &err), &err);
    must(kr_tombstone_put(store, gone_id, &err), &err);
    must(kr_blobs_forget(store->blobs, gone_id, &err), &err);
    add_item(store, work->files[1], subject, &id);
}

static void hear(void *context, const char *what, const char *whom)
{
    // A blob more than the database knows is harmless, and so is a line of text
    // that is forgotten at the next run.
    if (strcmp(what, "extra") != 0 && strcmp(what, "claims") != 0)
        violated(context, what, whom);
}

static void look_at_copy(struct work *work)
{
    KR_AUTO(kr_store_close) struct kr_store *copy = NULL;
    struct kr_check_report report;
    struct kr_err err = {0};
    if (!kr_store_open(work->copy, KR_STORE_WRITE, &copy, &err) ||
        !kr_check_archive(copy, NULL, hear, work, &report, &err))
        violated(work, "the copy cannot be opened:", err.text);
    else if (report.claims_missing_in_text)
        violated(work, "claims are missing", "in the text of the copy");
}

// Up to date: three blobs minus the forgotten one, and nothing of that left.
static void look_at_good_copy(struct work *work, const char *gone, const struct kr_blob_id *id)
{
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    KR_AUTO(kr_store_close) struct kr_store *copy = NULL;
    struct kr_check_report report = {0};
    struct kr_claim_list claims;
    struct kr_err err = {0};
    must(kr_store_open(work->copy, KR_STORE_WRITE, &copy, &err), &err);
    must(kr_check_archive(copy, NULL, hear, work, &report, &err), &err);
    if (report.blobs != 2 || report.extra || report.claims_missing_in_text)
        violated(work, "an acknowledged copy", "is not up to date");
    must(kr_claims_of(copy, mem, gone, &claims, &err), &err);
    if (claims.n || kr_blobs_has(copy->blobs, id))
        violated(work, "what was forgotten is still in the copy", gone);
}

void go_through_backups(struct work *work, const struct plan *plan, long first, long step)
{
    int before = work->violations, runs = work->runs;
    const char *const args[] = {"--backup", work->archive, work->copy, NULL};
    work->plan = plan;
    work->under_fault = work->copy;
    for (work->at = first, work->hit = true; work->hit; work->at += step) {
        char gone[KR_UUID_TEXT];
        struct kr_blob_id id;
        prepare(work, gone, &id);
        work->promise_n = 0;
        if (drive(work, args, true) != 0) {
            look_at_copy(work);
            if (!work->hit)
                violated(work, "a backup without a fault", "fails");
            if (drive(work, args, false) != 0)
                violated(work, "the next backup", "fails");
        }
        look_at_good_copy(work, gone, &id);
    }
    printf("%-9s %-20s %4d runs, %d violations\n", plan->kind, "of a backup", work->runs - runs,
           work->violations - before);
}
