// SPDX-License-Identifier: AGPL-3.0-or-later
// fault_run DRIVER SHIM RECORDER [--few] [--even|--odd] [--prove]: kills the driver at every step,
// and looks at what is left.
//
// For each kind of bad day and n = 1, 2, 3 …: a new archive, the driver under
// the shim with the fault at its n-th call, until a run ends untouched. Then
// the archive is opened again and everything the driver promised must hold.
// --few takes only some n, --even and --odd every other kind. --prove leaves out flushes on purpose
// and fails when that goes unnoticed: a test that cannot fail proves nothing.

#include "drive.h"

#include "base/clock.h"
#include "store/backup.h"
#include "store/cache.h"
#include "store/claims.h"
#include "store/refs_priv.h"
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static bool in_text(struct kr_store *store, const char *what)
{
    KR_AUTO(kr_fd_close) int fd = openat(store->dir, "claims", O_RDONLY | O_DIRECTORY);
    DIR *dir = fdopendir(dup(fd));
    bool found = false;
    for (struct dirent *entry; dir && (entry = readdir(dir));) {
        KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
        struct kr_str text;
        if (entry->d_name[0] != '.' && kr_read_file(mem, fd, entry->d_name, 1 << 24, &text, NULL))
            found = found || strstr(text.at, what);
    }
    if (dir)
        closedir(dir);
    return found;
}

static bool rendition_is_whole(struct kr_store *store, const char *id)
{
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    KR_AUTO(kr_fd_close) int fd = -1;
    struct kr_rendition one;
    struct stat st;
    return kr_rendition_get(store, mem, id, &one, NULL) &&
           kr_rendition_open(store, &one, &fd, NULL) && fstat(fd, &st) == 0 &&
           st.st_size == one.size;
}

// The blobs of a subject that was forgotten may lack a claim; everything else may not.
static void check_promise(struct work *work, struct kr_store *store, const struct kr_refs *refs,
                          const char *promise)
{
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    struct kr_blob_id id;
    struct kr_claim_list claims;
    if (kr_starts_with(promise, "kept ")) {
        if (!kr_blob_of_hex(promise + 5, &id) || !kr_blobs_verify(store->blobs, &id, NULL, NULL))
            violated(work, "an acknowledged blob is lost", promise + 5);
        else if (!kr_refs_has(refs, &id) && strcmp(promise, work->promises[0]) != 0)
            violated(work, "an acknowledged claim is lost", promise + 5);
    } else if (kr_starts_with(promise, "forgot ")) {
        if (in_text(store, promise + 7) || !kr_claims_of(store, mem, promise + 7, &claims, NULL) ||
            claims.n)
            violated(work, "what was forgotten is still there", promise + 7);
    } else if (kr_starts_with(promise, "written ")) {
        if (!in_text(store, promise + 8))
            violated(work, "an acknowledged line is lost", promise + 8);
    } else if (kr_starts_with(promise, "made ") && !rendition_is_whole(store, promise + 5)) {
        violated(work, "an acknowledged rendition is lost", promise + 5);
    }
}

static void hear(void *context, const char *what, const char *whom)
{
    struct work *work = context;
    // A forgetting that was cut short leaves claims without text: the person,
    // who was not told it is done, forgets again.
    if (strcmp(what, "extra") != 0 && strcmp(what, "claims") != 0)
        violated(work, what, whom);
}

static bool is_left(const char *name)
{
    return strlen(name) == 32 && strspn(name, "0123456789abcdef") == 32;
}

// What a crash left under passing names is gone after a sweep that finds it old.
static void check_sweep(struct work *work)
{
    static const char *const folders[] = {"tmp", "claims", "blobs", "cache", "."};
    const struct timespec old[2] = {{.tv_sec = 1}, {.tv_sec = 1}};
    struct kr_err err = {0};
    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < KR_COUNT(folders); i++) {
            char path[PATH + 20];
            kr_format(path, sizeof path, "%s/%s", work->archive, folders[i]);
            DIR *dir = opendir(path);
            for (struct dirent *entry; dir && (entry = readdir(dir));)
                if (is_left(entry->d_name) && pass == 0)
                    utimensat(dirfd(dir), entry->d_name, old, 0);
                else if (is_left(entry->d_name))
                    violated(work, "a sweep left", entry->d_name);
            if (dir)
                closedir(dir);
        }
        KR_AUTO(kr_store_close) struct kr_store *store = NULL;
        must(kr_store_open(work->archive, KR_STORE_WRITE, &store, &err), &err);
    }
}

static void look_at_what_is_left(struct work *work)
{
    KR_AUTO(kr_store_close) struct kr_store *store = NULL;
    KR_AUTO(kr_refs_finish) struct kr_refs refs = {0};
    struct kr_check_report report;
    struct kr_err err = {0};
    if (!kr_store_open(work->archive, KR_STORE_WRITE, &store, &err) ||
        !kr_refs_read(store, &refs, &err)) {
        violated(work, "it cannot be opened:", err.text);
        return;
    }
    for (int i = 0; i < work->promise_n; i++)
        check_promise(work, store, &refs, work->promises[i]);
    if (!kr_check_archive(store, NULL, hear, work, &report, &err))
        violated(work, "it cannot be checked:", err.text);
    else if (report.claims_missing_in_text > 1) // only of the one that was being forgotten
        violated(work, "claims are missing", "in the text");
}

static int drive_keep(struct work *work, bool faulty)
{
    const char *args[FILES + 2] = {work->archive};
    for (int i = 0; i < FILES; i++)
        args[i + 1] = work->files[i];
    work->under_fault = work->archive;
    return drive(work, args, faulty);
}

static void new_archive(struct work *work)
{
    struct kr_err err = {0};
    must(kr_remove_tree(AT_FDCWD, work->archive, &err), &err);
    must(kr_store_init(work->archive, true, &err), &err);
    work->promise_n = 0;
}

// Faults of one kind at n = first, first + step … until a run ends untouched.
static void go_through(struct work *work, const struct plan *plan, long first, long step)
{
    int before = work->violations, runs = work->runs;
    work->plan = plan;
    for (work->at = first, work->hit = true; work->hit; work->at += step) {
        new_archive(work);
        int status = drive_keep(work, true);
        look_at_what_is_left(work);
        check_sweep(work);
        if (!work->hit && status != 0)
            violated(work, "a run without a fault", "fails");
        if (work->at % 5 == 0 && drive_keep(work, false) != 0) // and life goes on
            violated(work, "the next run", "fails");
        if (work->at % 5 == 0)
            look_at_what_is_left(work);
    }
    printf("%-9s %-20s %4d runs, %d violations\n", plan->kind, plan->extra, work->runs - runs,
           work->violations - before);
}

static const struct plan plans[] = {
    {"kill", "", ""},
    {"power", "", ""},
    {"full", "", ""},
    {"full_on", "", ""},
    {"broken", "", ""},
    {"broken_on", "", ""},
    {"short", "", ""},
    {"kill", "FAULT_NO_TMPFILE=1", ""},
    {"power", "FAULT_NO_TMPFILE=1", ""},
    {"power", "FAULT_NO_TMPFILE=1", "FAULT_NO_LINK=1"},
    {"full", "FAULT_NO_TMPFILE=1", "FAULT_NO_LINK=1"},
};

// Without its flushes the same program must be caught.
static int prove(struct work *work, long step)
{
    static const struct plan blind[] = {{"power", "FAULT_BLIND=folders", ""},
                                        {"power", "FAULT_BLIND=files", ""}};
    int caught = 0;
    for (size_t i = 0; i < KR_COUNT(blind); i++) {
        int before = work->violations;
        go_through(work, &blind[i], 1, step);
        caught += work->violations > before;
        before = work->violations;
        go_through_recordings(work, &blind[i], 1, step);
        caught += work->violations > before;
    }
    printf("%d of %zu forgotten flushes were noticed\n", caught, 2 * KR_COUNT(blind));
    return caught == 2 * KR_COUNT(blind) ? 0 : 1;
}

static const struct plan copying_plans[] = {
    {"kill", "", ""}, {"power", "", ""}, {"full", "", ""}, {"broken_on", "", ""}};

static const struct plan recording_plans[] = {
    {"kill", "", ""},
    {"power", "", ""},
    {"full", "", ""},
    {"full_on", "", ""},
    {"broken", "", ""},
    {"short", "", ""},
    {"power", "FAULT_NO_TMPFILE=1", "FAULT_NO_LINK=1"},
};

// `half` 0 or 1: every other plan, so that two of us may share the work; -1: all.
static int run_all(struct work *work, bool few, int half)
{
    for (size_t i = 0; i < KR_COUNT(plans); i++)
        if (half < 0 || (int)(i % 2) == half)
            go_through(work, &plans[i], few ? (long)i % 5 + 1 : 1, few ? 31 : 1);
    for (size_t i = 0; i < KR_COUNT(copying_plans); i++)
        if (half < 0 || (int)(i % 2) != half)
            go_through_backups(work, &copying_plans[i], few ? (long)i % 5 + 1 : 1, few ? 23 : 1);
    for (size_t i = 0; i < KR_COUNT(recording_plans); i++)
        if (half < 0 || (int)(i % 2) == half)
            go_through_recordings(work, &recording_plans[i], few ? (long)i % 5 + 1 : 1,
                                  few ? 19 : 1);
    printf("%d runs, %d violations\n", work->runs, work->violations);
    return work->violations ? 1 : 0;
}

// Memory is as good a disk here: the shim plays what a real one loses.
static void make_dir(struct work *work)
{
    const char *root = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
    kr_format(work->dir, PATH, "%s/kinreel-fault-XXXXXX", root);
    if (!mkdtemp(work->dir))
        must(false, &(struct kr_err){.text = "no folder to work in"});
    kr_format(work->archive, PATH, "%.200s/archive", work->dir);
    kr_format(work->copy, PATH, "%.200s/copy", work->dir);
}

int main(int argc, char **argv)
{
    bool few = false, proving = false;
    int half = -1;
    if (argc < 4)
        return 2;
    struct work work = {.driver = argv[1], .shim = argv[2], .recorder = argv[3]};
    for (int i = 4; i < argc; i++) {
        few = few || strcmp(argv[i], "--few") == 0;
        half = strcmp(argv[i], "--even") == 0 ? 0 : strcmp(argv[i], "--odd") == 0 ? 1 : half;
        proving = proving || strcmp(argv[i], "--prove") == 0;
    }
    make_dir(&work);
    make_sources(&work);
    int64_t started = kr_monotonic_ms();
    int status = proving ? prove(&work, few ? 7 : 1) : run_all(&work, few, half);
    printf("%.1f s\n", (double)(kr_monotonic_ms() - started) / 1000);
    if (!kr_remove_tree(AT_FDCWD, work.dir, NULL))
        status = 1;
    return status;
}
