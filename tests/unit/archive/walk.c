// SPDX-License-Identifier: AGPL-3.0-or-later
#include "archive/walk.h"
#include "archive_test.h"

static const char xmp[] = "<?xpacket begin='' id='W5M0MpCehiHzreSzNTczkc9d'?>"
                          "<x:xmpmeta xmlns:x='adobe:ns:meta/'></x:xmpmeta><?xpacket end='w'?>";

#define WALK(...) walk(t, (const char *const[]){__VA_ARGS__, NULL})
static struct kr_walk walk(struct kr_test *t, const char *const *paths)
{
    struct kr_walk out;
    size_t n = 0;
    while (paths[n])
        n++;
    kr_walk_paths(t->mem, paths, n, &out);
    return out;
}

// The names in order, those that cannot be taken in brackets.
static const char *names(struct kr_test *t, const struct kr_walk *walk)
{
    struct kr_buf out = {0};
    for (size_t i = 0; i < walk->n; i++)
        kr_buf_format(&out, walk->files[i].code ? "%s[%s]" : "%s%s", i ? " " : "",
                      kr_path_escape(t->mem, walk->files[i].name));
    const char *copy = kr_arena_copy(t->mem, out.at ? out.at : "", out.n);
    kr_buf_finish(&out);
    return copy;
}

TEST(files_come_by_their_bytes_before_the_folders_beside_them)
{
    const char *const files[] = {"p/b.jpg", "p/B.jpg", "p/a/z.jpg", "p/a.jpg", "p/é.jpg"};
    for (size_t i = 0; i < KR_COUNT(files); i++)
        test_write(t, files[i], "x", 1);
    struct kr_walk found = WALK(test_path(t, "p"));
    EXPECT_STR(names(t, &found), "B.jpg a.jpg b.jpg é.jpg z.jpg");
    EXPECT_INT((int64_t)found.bytes, 5);
    EXPECT(found.files[0].path.at[0] == '/' && found.files[0].size == 1);
    EXPECT(found.files[0].mtime_ns > 0);
}

TEST(what_a_system_makes_for_itself_is_passed_over)
{
    const char *const files[] = {"p/.DS_Store", "p/thumbs.db", "p/._a.jpg", "p/a.jpg",
                                 "p/.hidden.jpg"};
    for (size_t i = 0; i < KR_COUNT(files); i++)
        test_write(t, files[i], "x", 1);
    struct kr_walk found = WALK(test_path(t, "p"));
    EXPECT_STR(names(t, &found), ".hidden.jpg a.jpg");
}

TEST(links_are_followed_to_files_and_never_in_a_circle)
{
    test_write(t, "p/a.jpg", "x", 1);
    EXPECT(symlinkat("../p", t->folder, "p/circle") == 0);
    EXPECT(symlinkat("a.jpg", t->folder, "p/link.jpg") == 0);
    EXPECT(symlinkat("gone.jpg", t->folder, "p/lost.jpg") == 0);
    EXPECT(symlinkat("p", t->folder, "way") == 0);
    struct kr_walk found = WALK(test_path(t, "p"));
    EXPECT_STR(names(t, &found), "a.jpg link.jpg [lost.jpg]");
    EXPECT_INT(found.files[2].code, KR_E_NOT_FOUND);
    found = WALK(test_path(t, "way")); // one that somebody names is meant
    EXPECT_INT(found.n, 3);
}

TEST(what_cannot_be_taken_has_a_reason)
{
    test_write(t, "p/a.jpg", "x", 1);
    EXPECT(mkfifoat(t->folder, "p/pipe.jpg", 0600) == 0);
    struct kr_walk found = WALK(test_path(t, "p"), test_path(t, "missing.jpg"));
    EXPECT_STR(names(t, &found), "[missing.jpg] a.jpg [pipe.jpg]");
    EXPECT_INT(found.files[0].code, KR_E_NOT_FOUND);
    EXPECT_INT(found.files[2].code, KR_E_UNSUPPORTED);
    EXPECT(*found.files[0].reason && *found.files[2].reason);
}

TEST(a_tree_that_is_too_deep_ends_with_a_reason)
{
    struct kr_buf path = {0};
    for (int i = 0; i < 120; i++)
        kr_buf_text(&path, "d/");
    kr_buf_text(&path, "a.jpg");
    test_write(t, path.at, "x", 1);
    kr_buf_finish(&path);
    struct kr_walk found = WALK(test_path(t, "d"));
    EXPECT_STR(names(t, &found), "[d]");
}

TEST(odd_names_stay_as_the_disk_has_them)
{
    test_write(t, "p/two\nlines.jpg", "x", 1);
    test_write(t, "p/\xe5\xff.jpg", "x", 1);
    struct kr_walk found = WALK(test_path(t, "p"));
    EXPECT_STR(names(t, &found), "two%0Alines.jpg %E5%FF.jpg");
    EXPECT_INT(found.files[1].name.n, 6);
}

TEST(side_cars_find_their_picture_in_a_folder_and_among_named_files)
{
    test_write(t, "p/a.jpg", "x", 1);
    const char *note = test_write(t, "p/a.jpg.xmp", xmp, sizeof xmp - 1);
    test_write(t, "p/b.xmp", xmp, sizeof xmp - 1);
    test_write(t, "p/c.xmp", "a poem", 6); // no side-car, whatever its name
    struct kr_walk found = WALK(test_path(t, "p"));
    EXPECT_STR(names(t, &found), "a.jpg a.jpg.xmp b.xmp c.xmp");
    EXPECT(found.files[0].note_count == 1 && found.files[0].notes[0] == 1);
    EXPECT(found.files[1].note == KR_SIDECAR_XMP && found.files[1].has_owner);
    EXPECT(found.files[2].note == KR_SIDECAR_XMP && !found.files[2].has_owner);
    EXPECT_INT(found.files[3].note, KR_SIDECAR_NONE);
    // as a shell gives them, in any order, with a folder between
    found = WALK(note, test_path(t, "p"), test_path(t, "p/a.jpg"));
    EXPECT_INT(found.n, 6);
    EXPECT(found.files[0].note_count == 1 && found.files[0].notes[0] == 1);
    EXPECT(found.files[2].note_count == 1 && found.files[2].notes[0] == 3);
}

TEST(named_files_of_two_folders_do_not_share_side_cars)
{
    test_write(t, "p/a.jpg", "x", 1);
    test_write(t, "q/a.jpg.xmp", xmp, sizeof xmp - 1);
    struct kr_walk found = WALK(test_path(t, "q/a.jpg.xmp"), test_path(t, "p/a.jpg"));
    EXPECT_STR(names(t, &found), "a.jpg a.jpg.xmp");
    EXPECT(found.files[0].note_count == 0 && !found.files[1].has_owner);
}

TEST(an_archive_of_ours_is_not_brought_in)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "p/kinreel-archive");
    test_write(t, "p/kinreel-archive/cache/thumb.jpg", "x", 1);
    test_write(t, "p/a.jpg", "x", 1);
    struct kr_walk found = WALK(test_path(t, "p"));
    EXPECT_STR(names(t, &found), "a.jpg [kinreel-archive]");
    found = WALK(test_path(t, "p/kinreel-archive"));
    EXPECT_STR(names(t, &found), "[kinreel-archive]");
    EXPECT_INT(found.files[0].code, KR_E_UNSUPPORTED);
}

MAIN(CASE(files_come_by_their_bytes_before_the_folders_beside_them),
     CASE(what_a_system_makes_for_itself_is_passed_over),
     CASE(links_are_followed_to_files_and_never_in_a_circle),
     CASE(what_cannot_be_taken_has_a_reason), CASE(a_tree_that_is_too_deep_ends_with_a_reason),
     CASE(odd_names_stay_as_the_disk_has_them),
     CASE(side_cars_find_their_picture_in_a_folder_and_among_named_files),
     CASE(named_files_of_two_folders_do_not_share_side_cars),
     CASE(an_archive_of_ours_is_not_brought_in))
