// SPDX-License-Identifier: AGPL-3.0-or-later
#include "archive/exportfiles.h"
#include "archive/groups.h"
#include "archive/say.h"
#include "archive_test.h"
#include <stdlib.h>

static struct kr_export_counts export(struct kr_test *t, struct kr_store *store, const char *dest)
{
    struct kr_export_counts counts;
    EXPECT_OK(kr_export_files(store, test_path(t, dest), NULL, NULL, &counts, &t->err));
    return counts;
}

static const char *text_of(struct kr_test *t, const char *path)
{
    struct kr_str text;
    EXPECT_OK(kr_read_file(t->mem, t->folder, path, 1 << 24, &text, &t->err));
    return text.at;
}

static bool is_there(struct kr_test *t, const char *path)
{
    return faccessat(t->folder, path, F_OK, 0) == 0;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static const char *sorted(struct kr_test *t, const char *path)
{
    char *text = kr_arena_strdup(t->mem, text_of(t, path)), *lines[100];
    size_t n = 0;
    for (char *line = text; *line && n < KR_COUNT(lines);) {
        size_t length = strcspn(line, "\n");
        lines[n++] = line;
        line += length + (line[length] == '\n');
        lines[n - 1][length] = '\0';
    }
    qsort(lines, n, sizeof *lines, by_text);
    struct kr_buf out = {0};
    for (size_t i = 0; i < n; i++)
        kr_buf_format(&out, "%s\n", lines[i]);
    const char *copy = kr_arena_copy(t->mem, out.at, out.n);
    kr_buf_finish(&out);
    return copy;
}

static const char *dated(struct kr_test *t, struct kr_store *store, const char *bytes,
                         const char *path, const char *edtf)
{
    const char *id = test_kept(t, store, bytes, "photo", path);
    test_claim(t, store, id, "date", test_date(edtf, NULL), "exif", 0.9);
    test_shown(t, store, id);
    return id;
}

TEST(every_original_lies_under_its_year_and_name_with_what_is_known)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "a");
    const char *id = dated(t, store, "one", "/p/门前.jpg", "1985-06");
    KR_AUTO(kr_json_drop) json_t *caption = json_string("奶奶");
    EXPECT_OK(kr_say(store, id, "caption", caption, "owner", 1, &t->err));
    test_kept(t, store, "two", "photo", "/p/what?.jpg");
    dated(t, store, "three", "/p/c.jpg", "198X");
    struct kr_export_counts counts = export(t, store, "deep/er/out");
    EXPECT(counts.files == 3 && counts.failed == 0 && counts.bytes == 11);
    EXPECT_STR(text_of(t, "deep/er/out/1985/门前.jpg"), "one");
    EXPECT_STR(text_of(t, "deep/er/out/undated/what_.jpg"), "two");
    EXPECT_STR(text_of(t, "deep/er/out/198X/c.jpg"), "three");
    EXPECT(strstr(text_of(t, "deep/er/out/1985/门前.jpg.json"), "奶奶"));
    const char *sums = text_of(t, "deep/er/out/manifest-sha256.txt");
    char line[100], hex[KR_SHA256_HEX];
    uint8_t hash[KR_SHA256_SIZE];
    kr_sha256("one", 3, hash);
    kr_hex(hash, sizeof hash, hex);
    kr_format(line, sizeof line, "%s  1985/门前.jpg\n", hex);
    EXPECT(strstr(sums, line));
}

TEST(two_files_of_one_name_and_a_picture_called_a_note_all_come)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "a");
    test_kept(t, store, "note", "photo", "/p/a.jpg.json");
    test_kept(t, store, "one", "photo", "/p/a.jpg");
    test_kept(t, store, "two", "photo", "/q/a.jpg");
    EXPECT_INT(export(t, store, "out").files, 3);
    EXPECT_STR(text_of(t, "out/undated/a.jpg.json"), "note"); // no note lay over it
    uint8_t hash[KR_SHA256_SIZE];
    char hex[KR_SHA256_HEX];
    kr_sha256("two", 3, hash);
    kr_hex(hash, sizeof hash, hex);
    EXPECT_STR(text_of(t, kr_arena_format(t->mem, "out/undated/a.%.8s.jpg", hex)), "two");
}

TEST(a_very_long_name_keeps_its_ending)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "a");
    struct kr_buf name = {0};
    kr_buf_text(&name, "/p/");
    for (int i = 0; i < 84; i++)
        kr_buf_text(&name, "屋");
    kr_buf_text(&name, ".jpg");
    test_kept(t, store, "long", "photo", name.at);
    kr_buf_finish(&name);
    EXPECT_INT(export(t, store, "out").failed, 0);
    const char *sums = text_of(t, "out/manifest-sha256.txt");
    EXPECT(kr_is_utf8(kr_str_of(sums)) && kr_ends_with(sums, ".jpg\n"));
}

TEST(only_an_empty_or_new_folder_is_filled)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "a");
    struct kr_export_counts counts = {.files = -1};
    test_write(t, "full/music.mp3", "x", 1);
    EXPECT_FAIL(kr_export_files(store, test_path(t, "full"), NULL, NULL, &counts, &t->err),
                KR_E_EXISTS);
    EXPECT(counts.files == -1 && !is_there(t, "full/manifest.jsonl"));
    EXPECT(mkdirat(t->folder, "empty", 0711) == 0);
    struct stat before, after;
    EXPECT(fstatat(t->folder, "empty", &before, 0) == 0);
    export(t, store, "empty");
    EXPECT(fstatat(t->folder, "empty", &after, 0) == 0);
    EXPECT(before.st_ino == after.st_ino); // a mounted stick stays what it is
    EXPECT(is_there(t, "empty/manifest.jsonl"));
}

TEST(it_is_the_same_after_a_rebuild)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "a");
    const char *first = dated(t, store, "one", "/p/IMG_1.JPG", "1985");
    const char *clip = test_kept(t, store, "two", "video", "/p/IMG_1.MOV");
    test_claim(t, store, first, "date", test_date("2019-03-21", "2019-03-21T11:04:22"), "exif", 1);
    test_claim(t, store, clip, "date", test_date("2019-03-21", "2019-03-21T11:04:22"), "exif", 1);
    test_found(t, store, first, "/q/\xff.jpg", 5);
    test_shown(t, store, first);
    test_shown(t, store, clip);
    dated(t, store, "three", "/p/a.jpg", "1985");
    EXPECT_OK(kr_trash(store, dated(t, store, "four", "/q/a.jpg", "1985"), "owner", &t->err));
    EXPECT_OK(kr_groups_refresh(store, &t->err));
    KR_AUTO(kr_json_drop) json_t *date = json_string("1984");
    EXPECT_OK(kr_say(store, first, "date", date, "owner", 1, &t->err));
    export(t, store, "before");
    EXPECT_OK(kr_rebuild(store, NULL, NULL, &t->err));
    EXPECT_OK(kr_groups_refresh(store, &t->err));
    export(t, store, "after");
    EXPECT_STR(sorted(t, "after/manifest.jsonl"), sorted(t, "before/manifest.jsonl"));
    EXPECT_STR(sorted(t, "after/manifest-sha256.txt"), sorted(t, "before/manifest-sha256.txt"));
    EXPECT(!strstr(text_of(t, "after/manifest.jsonl"), first)); // no ids
}

TEST(a_broken_original_is_told_and_the_others_come)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "a");
    test_kept(t, store, "one", "photo", "/p/a.jpg");
    test_kept(t, store, "two", "photo", "/p/b.jpg");
    uint8_t hash[KR_SHA256_SIZE];
    char hex[KR_SHA256_HEX];
    kr_sha256("one", 3, hash);
    kr_hex(hash, sizeof hash, hex);
    const char *blob = kr_arena_format(t->mem, "a/blobs/%.2s/%s", hex, hex + 2);
    EXPECT(fchmodat(t->folder, blob, 0644, 0) == 0);
    test_write(t, blob, "0ne", 3);
    struct kr_export_counts counts = export(t, store, "out");
    EXPECT(counts.files == 2 && counts.failed == 1);
    EXPECT(!is_there(t, "out/undated/a.jpg") && is_there(t, "out/undated/b.jpg"));
    EXPECT(!strstr(text_of(t, "out/manifest-sha256.txt"), "a.jpg"));
    EXPECT(strstr(text_of(t, "out/undated/a.jpg.json"), "failed"));
}

static bool stop(void *context, double done)
{
    (void)done;
    return ++*(int *)context < 2;
}

TEST(one_that_was_stopped_has_no_manifest)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "a");
    for (int i = 0; i < 3; i++)
        test_kept(t, store, kr_arena_format(t->mem, "%d", i), "photo", "/p/a.jpg");
    struct kr_export_counts counts;
    int asked = 0;
    EXPECT_FAIL(kr_export_files(store, test_path(t, "out"), stop, &asked, &counts, &t->err),
                KR_E_INTERRUPTED);
    EXPECT(!is_there(t, "out/manifest.jsonl") && !is_there(t, "out/manifest-sha256.txt"));
}

MAIN(CASE(every_original_lies_under_its_year_and_name_with_what_is_known),
     CASE(two_files_of_one_name_and_a_picture_called_a_note_all_come),
     CASE(a_very_long_name_keeps_its_ending), CASE(only_an_empty_or_new_folder_is_filled),
     CASE(it_is_the_same_after_a_rebuild), CASE(a_broken_original_is_told_and_the_others_come),
     CASE(one_that_was_stopped_has_no_manifest))
