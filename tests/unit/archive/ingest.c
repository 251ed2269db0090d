// SPDX-License-Identifier: AGPL-3.0-or-later
// Through kinreel-media itself: files come in, and come in again.
#include "archive/ingest.h"
#include "archive/exportfiles.h"
#include "archive/groups.h"
#include "archive/say.h"
#include "archive_test.h"
#include <pthread.h>
#include <stdlib.h>
#include <sys/wait.h>

// What one run told: "path fate" of each file, and what a test does meanwhile.
struct told {
    struct kr_test *t;
    struct kr_outcome at[200];
    size_t n;
    size_t stop_after;      // 0: never
    struct kr_store *other; // finds groups while files come in
};

static void on_outcome(void *context, const struct kr_outcome *outcome)
{
    struct told *told = context;
    struct kr_test *t = told->t;
    EXPECT(told->n < KR_COUNT(told->at));
    (void)t;
    struct kr_outcome *copy = &told->at[told->n++];
    *copy = *outcome;
    copy->path.at = kr_arena_copy(t->mem, outcome->path.at, outcome->path.n);
    copy->reason = kr_arena_strdup(t->mem, outcome->reason);
    copy->damaged = kr_arena_strdup(t->mem, outcome->damaged);
    if (told->other)
        EXPECT_OK(kr_groups_if_due(told->other, 0, &t->err));
}

static bool on_progress(void *context, size_t done, size_t all, uint64_t bytes)
{
    struct told *told = context;
    (void)bytes;
    return done <= all && (!told->stop_after || told->n < told->stop_after);
}

static bool run(struct kr_test *t, const char *archive, const char *const *paths, size_t n,
                int threads, struct told *told, struct kr_ingest_counts *counts)
{
    KR_AUTO(kr_wall_close) struct kr_wall *wall = NULL;
    KR_AUTO(kr_ingest_close) struct kr_ingest *ingest = NULL;
    const struct kr_wall_params wall_params = {.workers = 2};
    told->t = t;
    EXPECT_OK(kr_wall_open(&wall_params, &wall, &t->err));
    const struct kr_ingest_params params = {.archive = test_path(t, archive),
                                            .wall = wall,
                                            .threads = threads,
                                            .outcome = on_outcome,
                                            .progress = on_progress,
                                            .context = told};
    return kr_ingest_open(&params, &ingest, &t->err) &&
           kr_ingest_run(ingest, paths, n, counts, &t->err);
}

// Brings one path of the test's folder into the archive "a".
static struct kr_ingest_counts add(struct kr_test *t, const char *path, struct told *told)
{
    struct kr_ingest_counts counts;
    const char *full = test_path(t, path);
    *told = (struct told){0};
    EXPECT_OK(run(t, "a", &full, 1, 3, told, &counts));
    return counts;
}

static const struct kr_outcome *of(const struct told *told, const char *name)
{
    for (size_t i = 0; i < told->n; i++)
        if (kr_ends_with(told->at[i].path.at, name))
            return &told->at[i];
    print_error("nothing was told of %s\n", name);
    EXPECT(false);
    return &told->at[0];
}

static struct kr_item item(struct kr_test *t, struct kr_store *store, const char *id)
{
    struct kr_item out;
    EXPECT_OK(kr_item_get(store, t->mem, id, &out, &t->err));
    return out;
}

static size_t claims_of(struct kr_test *t, struct kr_store *store, const char *id)
{
    struct kr_claim_list list;
    EXPECT_OK(kr_claims_of(store, t->mem, id, &list, &t->err));
    return list.n;
}

static bool count_blob(void *context, const struct kr_blob_id *id)
{
    (void)id;
    ++*(int *)context;
    return true;
}

static int blobs(struct kr_test *t, struct kr_store *store)
{
    int n = 0;
    EXPECT_OK(kr_blobs_each(store->blobs, count_blob, &n, &t->err));
    return n;
}

static const char xmp_of[] =
    "<?xpacket begin='' id='W5M0MpCehiHzreSzNTczkc9d'?><x:xmpmeta xmlns:x='adobe:ns:meta/'>"
    "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><rdf:Description "
    "rdf:about='' xmlns:dc='http://purl.org/dc/elements/1.1/'><dc:description><rdf:Alt>"
    "<rdf:li xml:lang='x-default'>%s</rdf:li></rdf:Alt></dc:description></rdf:Description>"
    "</rdf:RDF></x:xmpmeta><?xpacket end='w'?>";

static void write_xmp(struct kr_test *t, const char *path, const char *caption)
{
    struct kr_buf text = {0};
    const char *gap = strstr(xmp_of, "%s");
    kr_buf_add(&text, xmp_of, (size_t)(gap - xmp_of));
    kr_buf_text(&text, caption);
    kr_buf_text(&text, gap + 2);
    test_write(t, path, text.at, text.n);
    kr_buf_finish(&text);
}

TEST(a_folder_comes_in_and_coming_again_adds_nothing)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "a");
    struct told told;
    test_picture(t, "p/1985 老屋/one.bmp", 1);
    test_picture(t, "p/1985 老屋/two.bmp", 2);
    struct kr_ingest_counts counts = add(t, "p", &told);
    EXPECT(counts.files == 2 && counts.added == 2 && counts.refused == 0);
    struct kr_item one = item(t, store, of(&told, "one.bmp")->id);
    EXPECT(one.width == 48 && one.height == 32 && one.phash);
    EXPECT_STR(one.date_edtf, "1985");
    EXPECT_STR(one.damaged, "");
    EXPECT(kr_starts_with(one.preview, "data:image/webp;base64,UklGR"));
    EXPECT(!strstr(one.preview + 5, "data:"));
    size_t said = claims_of(t, store, one.id);
    counts = add(t, "p", &told);
    EXPECT(counts.added == 0 && counts.duplicates == 2);
    EXPECT_STR(of(&told, "one.bmp")->id, one.id);
    EXPECT_INT(claims_of(t, store, one.id), said);
}

// Of the same size and time it is the same file: a hundred thousand are not read again.
TEST(a_known_file_is_not_read_again_and_a_touched_one_says_nothing_twice)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "a");
    struct told told;
    const char *path = test_picture(t, "p/one.bmp", 1);
    add(t, "p", &told);
    char id[KR_UUID_TEXT];
    kr_format(id, sizeof id, "%s", told.at[0].id);
    struct stat st;
    EXPECT(stat(path, &st) == 0);
    const struct timespec same[2] = {st.st_atim, st.st_mtim};
    test_picture(t, "p/one.bmp", 2);
    EXPECT(utimensat(AT_FDCWD, path, same, 0) == 0);
    add(t, "p", &told);
    EXPECT(told.at[0].fate == KR_DUPLICATE && strcmp(told.at[0].id, id) == 0);
    test_picture(t, "p/one.bmp", 1);
    const struct timespec later[2] = {{.tv_sec = 1000}, {.tv_sec = 1000}};
    EXPECT(utimensat(AT_FDCWD, path, later, 0) == 0);
    add(t, "p", &told);
    EXPECT(told.at[0].fate == KR_DUPLICATE && strcmp(told.at[0].id, id) == 0);
    EXPECT_STR(item(t, store, id).names, "one.bmp");
    size_t said = claims_of(t, store, id);
    add(t, "p", &told);
    EXPECT_INT(claims_of(t, store, id), said);
    test_picture(t, "p/one.bmp", 3); // another picture in its place
    EXPECT_INT(add(t, "p", &told).added, 1);
    EXPECT_INT(blobs(t, store), 2);
}

TEST(one_content_at_many_places_is_one_item_with_each_place)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "a");
    struct told told;
    for (int i = 0; i < 30; i++)
        test_picture(t, kr_arena_format(t->mem, "p/%d/a.bmp", i), 1);
    struct kr_ingest_counts counts = add(t, "p", &told); // threads meet at the same bytes
    EXPECT(counts.added == 1 && counts.duplicates == 29);
    EXPECT_INT(blobs(t, store), 1);
    struct kr_claim_list claims;
    size_t found = 0, seen = 0, kept = 0;
    EXPECT_OK(kr_claims_of(store, t->mem, told.at[0].id, &claims, &t->err));
    for (size_t i = 0; i < claims.n; i++) {
        found += strcmp(claims.at[i].predicate, "found") == 0;
        seen += strcmp(claims.at[i].predicate, "seen") == 0;
        kept += strcmp(claims.at[i].predicate, "kept") == 0;
    }
    EXPECT(found == 30 && seen == 1 && kept == 1);
    EXPECT_STR(item(t, store, told.at[0].id).names, "a.bmp");
}

TEST(what_is_refused_has_its_reason_and_the_rest_comes_in)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "a");
    struct told told;
    test_picture(t, "p/fine.bmp", 1);
    test_write(t, "p/empty.jpg", "", 0);
    test_write(t, "p/letter.jpg", "Dear all,\n", 10);
    test_write(t, "p/cut.jpg", "\xFF\xD8\xFF\xE0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0", 20);
    struct kr_ingest_counts counts = add(t, "p", &told);
    EXPECT(counts.added == 2 && counts.refused == 2 && counts.damaged == 1);
    EXPECT_INT(of(&told, "empty.jpg")->code, KR_E_INVALID);
    EXPECT_INT(of(&told, "letter.jpg")->code, KR_E_UNSUPPORTED);
    EXPECT(*of(&told, "letter.jpg")->reason && !*of(&told, "letter.jpg")->id);
    const struct kr_outcome *cut = of(&told, "cut.jpg");
    EXPECT(cut->fate == KR_ADDED && *cut->damaged); // it may be the only copy
    EXPECT_STR(item(t, store, cut->id).damaged, cut->damaged);
    EXPECT_INT(blobs(t, store), 2);
}

TEST(a_side_car_is_read_kept_and_read_again_when_it_changes)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "a");
    struct told told;
    test_picture(t, "p/one.bmp", 1);
    write_xmp(t, "p/one.bmp.xmp", "奶奶在老屋门前");
    struct kr_ingest_counts counts = add(t, "p", &told);
    EXPECT(counts.files == 2 && counts.added == 1 && counts.refused == 0);
    EXPECT(of(&told, "one.bmp.xmp")->sidecar);
    const char *id = kr_arena_strdup(t->mem, of(&told, "one.bmp")->id);
    EXPECT_STR(item(t, store, id).caption, "奶奶在老屋门前");
    EXPECT_INT(blobs(t, store), 2);
    size_t said = claims_of(t, store, id);
    add(t, "p", &told);
    EXPECT_INT(claims_of(t, store, id), said);
    write_xmp(t, "p/one.bmp.xmp", "a later word");
    add(t, "p", &told);
    EXPECT_STR(item(t, store, id).caption, "a later word");
    EXPECT_INT(blobs(t, store), 3); // the first side-car is an original too
    EXPECT_OK(kr_rebuild(store, NULL, NULL, &t->err));
    said = claims_of(t, store, id);
    add(t, "p", &told); // still known, side-car and all
    EXPECT_INT(claims_of(t, store, id), said);
}

// One note for two files: when it changes, both hear of it, whoever comes first.
TEST(a_side_car_of_two_files_is_read_for_both)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "a");
    struct told told;
    test_picture(t, "p/one.bmp", 1);
    test_write(t, "p/one.jpg", "\xFF\xD8\xFF\xE0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0", 20);
    write_xmp(t, "p/one.xmp", "first");
    add(t, "p", &told);
    write_xmp(t, "p/one.xmp", "second word");
    const char *only = test_path(t, "p/one.bmp"), *note = test_path(t, "p/one.xmp");
    struct kr_ingest_counts counts;
    struct told again = {0};
    EXPECT_OK(run(t, "a", (const char *const[]){only, note}, 2, 1, &again, &counts));
    add(t, "p", &told);
    EXPECT_STR(item(t, store, of(&told, "one.bmp")->id).caption, "second word");
    EXPECT_STR(item(t, store, of(&told, "one.jpg")->id).caption, "second word");
}

TEST(what_was_forgotten_does_not_come_back_with_the_next_folder)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "a");
    struct told told;
    int64_t count;
    test_picture(t, "p/one.bmp", 1);
    write_xmp(t, "p/one.bmp.xmp", "a secret");
    test_picture(t, "p/two.bmp", 2);
    add(t, "p", &told);
    EXPECT_OK(kr_trash(store, of(&told, "one.bmp")->id, "owner", &t->err));
    struct kr_ingest_counts counts = add(t, "p", &told);
    EXPECT(counts.duplicates == 2 && test_line(t, store).n == 1); // it stays in the trash
    EXPECT_OK(kr_trash_empty(store, 0, &count, &t->err));
    EXPECT_INT(blobs(t, store), 1); // its side-car went with it
    counts = add(t, "p", &told);
    EXPECT(counts.added == 0 && counts.refused == 1 && counts.duplicates == 1);
    EXPECT_INT(of(&told, "one.bmp")->code, KR_E_REFUSED);
    EXPECT_INT(blobs(t, store), 1);
    EXPECT_INT(test_line(t, store).n, 1);
}

TEST(groups_are_found_though_a_worker_looked_half_way)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "a");
    KR_AUTO(kr_store_close) struct kr_store *other = NULL;
    EXPECT_OK(kr_store_open(test_path(t, "a"), KR_STORE_WRITE, &other, &t->err));
    for (int i = 0; i < 15; i++) // more than one transaction; each has its twin
        test_picture(t, kr_arena_format(t->mem, "p/%02d.bmp", i), (unsigned)i);
    for (int i = 0; i < 15; i++) {
        const char *path = test_picture(t, kr_arena_format(t->mem, "p/x%02d.bmp", i), (unsigned)i);
        KR_AUTO(kr_fd_close) int fd = open(path, O_WRONLY | O_APPEND | O_CLOEXEC);
        EXPECT(write(fd, "twin", 4) == 4);
    }
    struct told told = {.other = other};
    struct kr_ingest_counts counts;
    const char *folder = test_path(t, "p");
    EXPECT_OK(run(t, "a", &folder, 1, 2, &told, &counts));
    EXPECT_INT(counts.added, 30);
    for (size_t i = 0; i < told.n; i++)
        EXPECT(*item(t, store, told.at[i].id).near);
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static const char *manifest(struct kr_test *t, const char *archive)
{
    KR_AUTO(kr_store_close) struct kr_store *store = NULL;
    struct kr_export_counts counts;
    struct kr_str text;
    EXPECT_OK(kr_store_open(test_path(t, archive), KR_STORE_WRITE, &store, &t->err));
    const char *dest = kr_arena_format(t->mem, "out-%s", archive);
    EXPECT_OK(kr_export_files(store, test_path(t, dest), NULL, NULL, &counts, &t->err));
    EXPECT_OK(kr_read_file(t->mem, t->folder, kr_arena_format(t->mem, "%s/manifest.jsonl", dest),
                           1 << 24, &text, &t->err));
    char *all = kr_arena_strdup(t->mem, text.at), *lines[200];
    size_t n = 0;
    for (char *line = all; *line && n < KR_COUNT(lines); n++) {
        size_t length = strcspn(line, "\n");
        lines[n] = line;
        line += length + (line[length] == '\n');
        lines[n][length] = '\0';
    }
    qsort(lines, n, sizeof *lines, by_text);
    struct kr_buf out = {0};
    for (size_t i = 0; i < n; i++)
        kr_buf_format(&out, "%s\n", lines[i]);
    const char *copy = kr_arena_copy(t->mem, out.at, out.n);
    kr_buf_finish(&out);
    return copy;
}

TEST(stopped_and_run_again_it_is_as_if_made_in_one_go)
{
    KR_AUTO(kr_store_close) struct kr_store *a = test_store(t, "a");
    KR_AUTO(kr_store_close) struct kr_store *b = test_store(t, "b");
    for (int i = 0; i < 20; i++) { // the same picture in folders of two years
        test_picture(t, kr_arena_format(t->mem, "p/%d x/%d.bmp", 1980 + i % 7, i),
                     (unsigned)i % 11);
        write_xmp(t, kr_arena_format(t->mem, "p/%d x/%d.bmp.xmp", 1980 + i % 7, i), "x");
    }
    const char *folder = test_path(t, "p");
    struct kr_ingest_counts counts;
    struct told whole = {0}, part = {.stop_after = 5}, rest = {0};
    EXPECT_OK(run(t, "a", &folder, 1, 3, &whole, &counts));
    EXPECT_INT(counts.added, 11);
    bool ended = run(t, "b", &folder, 1, 1, &part, &counts);
    EXPECT(ended || t->err.code == KR_E_INTERRUPTED);
    EXPECT_INT(counts.files, part.n);
    EXPECT_OK(run(t, "b", &folder, 1, 2, &rest, &counts));
    EXPECT_STR(manifest(t, "b"), manifest(t, "a"));
}

static void add_in_child(struct kr_test *t, pid_t *out)
{
    *out = fork();
    if (*out != 0)
        return;
    const char *folder = test_path(t, "p");
    struct told told = {0};
    struct kr_ingest_counts counts;
    bool fine = run(t, "a", &folder, 1, 2, &told, &counts);
    if (!fine)
        print_error("%s\n", t->err.text);
    _exit(fine && counts.refused == 0 ? 0 : 1);
}

TEST(two_adds_of_one_folder_at_once_keep_each_file_once)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "a");
    for (int i = 0; i < 24; i++)
        test_picture(t, kr_arena_format(t->mem, "p/%d.bmp", i), (unsigned)i % 12);
    pid_t child[2];
    int status[2];
    for (int i = 0; i < 2; i++)
        add_in_child(t, &child[i]);
    for (int i = 0; i < 2; i++)
        EXPECT(waitpid(child[i], &status[i], 0) == child[i] && status[i] == 0);
    EXPECT_INT(test_line(t, store).n, 12);
    EXPECT_INT(blobs(t, store), 12);
    struct kr_totals totals;
    EXPECT_OK(kr_items_totals(store, &totals, &t->err));
    EXPECT_INT(totals.items, 12);
}

TEST(an_upload_comes_in_under_its_name)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "a");
    KR_AUTO(kr_wall_close) struct kr_wall *wall = NULL;
    KR_AUTO(kr_ingest_close) struct kr_ingest *ingest = NULL;
    const struct kr_wall_params wall_params = {.workers = 1};
    EXPECT_OK(kr_wall_open(&wall_params, &wall, &t->err));
    const struct kr_ingest_params params = {.archive = test_path(t, "a"), .wall = wall};
    EXPECT_OK(kr_ingest_open(&params, &ingest, &t->err));
    struct kr_outcome first, second;
    KR_AUTO(kr_fd_close) int fd = open(test_picture(t, "upload", 1), O_RDONLY | O_CLOEXEC);
    const struct kr_str name = KR_STR("IMG_19850612_101500.bmp");
    EXPECT_OK(kr_ingest_file(ingest, t->mem, fd, name, &first, &t->err));
    EXPECT(first.fate == KR_ADDED);
    EXPECT_STR(item(t, store, first.id).date_edtf, "1985-06-12");
    EXPECT(lseek(fd, 0, SEEK_SET) == 0);
    EXPECT_OK(kr_ingest_file(ingest, t->mem, fd, name, &second, &t->err));
    EXPECT(second.fate == KR_DUPLICATE && strcmp(first.id, second.id) == 0);
    EXPECT_STR(item(t, store, first.id).names, "IMG_19850612_101500.bmp");
    const char *due;
    char key[KR_NOTE_KEY];
    EXPECT_OK(kr_store_noted(store, t->mem, kr_store_own_key(store, "groups", key), &due, &t->err));
    EXPECT(*due);
}

TEST(while_the_index_lacks_items_nothing_comes_in)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "a");
    struct told told = {0};
    struct kr_ingest_counts counts;
    const char *path = test_picture(t, "one.bmp", 1);
    EXPECT_OK(kr_store_note(store, "rebuild", "begun", &t->err));
    EXPECT_FAIL(run(t, "a", &path, 1, 1, &told, &counts), KR_E_BUSY);
    EXPECT_OK(kr_rebuild(store, NULL, NULL, &t->err));
    EXPECT_OK(run(t, "a", &path, 1, 1, &told, &counts));
    EXPECT_INT(counts.added, 1);
}

MAIN(CASE(a_folder_comes_in_and_coming_again_adds_nothing),
     CASE(a_known_file_is_not_read_again_and_a_touched_one_says_nothing_twice),
     CASE(one_content_at_many_places_is_one_item_with_each_place),
     CASE(what_is_refused_has_its_reason_and_the_rest_comes_in),
     CASE(a_side_car_is_read_kept_and_read_again_when_it_changes),
     CASE(a_side_car_of_two_files_is_read_for_both),
     CASE(what_was_forgotten_does_not_come_back_with_the_next_folder),
     CASE(groups_are_found_though_a_worker_looked_half_way),
     CASE(stopped_and_run_again_it_is_as_if_made_in_one_go),
     CASE(two_adds_of_one_folder_at_once_keep_each_file_once),
     CASE(an_upload_comes_in_under_its_name), CASE(while_the_index_lacks_items_nothing_comes_in))
