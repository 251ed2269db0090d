// SPDX-License-Identifier: AGPL-3.0-or-later
#include "store/backup.h"

#include "store/claims_priv.h"
#include "store/mirror.h"
#include "store/refs_priv.h"

enum { PAGE = 500 };

struct checking {
    struct kr_store *store;
    bool (*progress)(void *context, double done);
    void (*see)(void *context, const char *what, const char *whom);
    void *context;
    struct kr_refs refs;
    struct kr_buf extra; // blobs that no claim spoke of when they were read
    struct kr_check_report report;
    struct kr_err *err;
    bool failed;
};

static void tell(struct checking *work, const char *what, const char *whom)
{
    if (work->see)
        work->see(work->context, what, whom);
}

static void tell_blob(struct checking *work, const char *what, const struct kr_blob_id *id)
{
    char hex[KR_SHA256_HEX];
    kr_blob_hex(id, hex);
    tell(work, what, hex);
}

static bool check_blob(void *context, const struct kr_blob_id *id)
{
    struct checking *work = context;
    struct kr_err why = {0};
    size_t all = work->refs.n ? work->refs.n : 1;
    double done = (double)work->report.blobs / (double)all;
    if (work->progress && !work->progress(work->context, done < 1 ? done : 1)) {
        work->failed = true;
        return kr_fail(work->err, KR_E_INTERRUPTED, "check the archive: stopped");
    }
    if (!kr_blobs_verify(work->store->blobs, id, NULL, &why)) {
        if (why.code == KR_E_NOT_FOUND) // forgotten since we listed it
            return true;
        work->report.damaged++; // a disk that cannot read it is no better than other bytes
        tell_blob(work, "damaged", id);
    }
    work->report.blobs++;
    if (!kr_refs_has(&work->refs, id))
        kr_buf_add(&work->extra, id, sizeof *id);
    return true;
}

// Somebody may bring in files at this very moment, and a blob comes before its
// claim: only what still has none at the end is too much. Likewise only what a
// claim still speaks of is missing.
static bool compare_refs(struct checking *work)
{
    KR_AUTO(kr_refs_finish) struct kr_refs now = {0};
    if (!kr_refs_read(work->store, &now, work->err))
        return false;
    for (size_t at = 0; at < work->extra.n; at += sizeof(struct kr_blob_id)) {
        struct kr_blob_id id;
        memcpy(&id, work->extra.at + at, sizeof id);
        if (kr_refs_has(&now, &id))
            continue;
        work->report.extra++;
        tell_blob(work, "extra", &id);
    }
    for (size_t i = 0; i < now.n; i++)
        if (!kr_blobs_has(work->store->blobs, &now.at[i])) {
            work->report.missing++;
            tell_blob(work, "missing", &now.at[i]);
        }
    return true;
}

// The text beside the database: two lists in the order of seq, walked together.
struct comparing {
    struct checking *work;
    struct kr_arena *mem; // of the page
    struct kr_claim_list page;
    size_t at;
    int64_t seq; // of the last claim taken from a page
    const char *file;
};

static bool next_claim(struct comparing *walk, const struct kr_claim **out, struct kr_err *err)
{
    if (walk->at == walk->page.n) {
        kr_arena_destroy(&walk->mem);
        walk->mem = kr_arena_create();
        walk->at = 0;
        if (!kr_claims_after(walk->work->store, walk->mem, walk->seq, PAGE, &walk->page, err))
            return false;
    }
    *out = walk->page.n ? &walk->page.at[walk->at] : NULL;
    return true;
}

static void take_claim(struct comparing *walk)
{
    walk->seq = walk->page.at[walk->at++].seq;
}

static bool same_claim(const struct kr_claim *a, const struct kr_claim *b, struct kr_arena *mem)
{
    return strcmp(kr_claim_line(mem, a), kr_claim_line(mem, b)) == 0;
}

static void tell_line(struct comparing *walk, int64_t number)
{
    char whom[64];
    kr_format(whom, sizeof whom, "%s:%jd", walk->file, (intmax_t)number);
    tell(walk->work, "claims", whom);
}

static void tell_lost(struct comparing *walk, const struct kr_claim *claim)
{
    walk->work->report.claims_missing_in_text++;
    tell(walk->work, "claims", claim->id);
}

// A claim whose line is damaged counts as missing when its turn has passed.
static bool compare_line(void *context, int64_t number, struct kr_str line, struct kr_err *err)
{
    struct comparing *walk = context;
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    struct kr_claim said;
    const struct kr_claim *claim;
    bool forgotten;
    if (!kr_claim_of_line(mem, line, &said, &forgotten, NULL)) {
        tell_line(walk, number);
        return true;
    }
    for (;; take_claim(walk)) {
        if (!next_claim(walk, &claim, err))
            return false;
        if (!claim || claim->seq >= said.seq)
            break;
        tell_lost(walk, claim);
    }
    if (forgotten)
        return true;
    if (said.seq <= walk->seq || !claim || claim->seq > said.seq) {
        if (said.seq > walk->seq) // else it stands twice, which harms nobody
            tell_line(walk, number);
        return true;
    }
    if (!same_claim(claim, &said, mem))
        tell_lost(walk, claim);
    take_claim(walk);
    return true;
}

static bool compare_rest(struct comparing *walk, struct kr_err *err)
{
    const struct kr_claim *claim;
    for (;; take_claim(walk)) {
        if (!next_claim(walk, &claim, err))
            return false;
        if (!claim)
            return true;
        tell_lost(walk, claim);
    }
}

static void drop_comparing(struct comparing *walk)
{
    kr_arena_destroy(&walk->mem);
}

// The text is brought up to date first: what was said a moment ago is not missing.
static bool compare_text(struct checking *work)
{
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    KR_AUTO(kr_mirror_end) struct kr_mirror mirror = KR_MIRROR_NONE;
    KR_AUTO(drop_comparing) struct comparing walk = {.work = work};
    const char *const *files;
    size_t n;
    if (!kr_mirror_begin(work->store->dir, &mirror, work->err) ||
        !kr_mirror_catch_up(&mirror, work->store, work->err) ||
        !kr_mirror_files(mirror.dir, mem, &files, &n, work->err))
        return false;
    for (size_t i = 0; i < n; i++) {
        walk.file = files[i];
        if (!kr_mirror_lines(mirror.dir, files[i], compare_line, &walk, work->err))
            return false;
    }
    return compare_rest(&walk, work->err);
}

static bool check_database(struct checking *work)
{
    struct kr_err why = {0};
    if (kr_db_check(work->store->db, &why))
        return true;
    if (why.code != KR_E_DAMAGED)
        return kr_fail(work->err, why.code, "check the database: %s", why.text);
    tell(work, "database", why.text);
    return true;
}

static void drop_checking(struct checking *work)
{
    kr_refs_finish(&work->refs);
    kr_buf_finish(&work->extra);
}

bool kr_check_archive(struct kr_store *store, KR_PROGRESS,
                      void (*see)(void *context, const char *what, const char *whom), void *context,
                      struct kr_check_report *out, struct kr_err *err)
{
    KR_AUTO(drop_checking)
    struct checking work = {
        .store = store, .progress = progress, .see = see, .context = context, .err = err};
    if (!check_database(&work) || !kr_refs_read(store, &work.refs, err) ||
        !kr_blobs_each(store->blobs, check_blob, &work, err) || work.failed ||
        !compare_refs(&work) || !compare_text(&work))
        return kr_within(err, "check the archive");
    *out = work.report;
    return true;
}
