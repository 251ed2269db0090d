// SPDX-License-Identifier: AGPL-3.0-or-later
#include "archive/groups.h"
#include "archive/say.h"
#include "archive_test.h"
#include "store/door.h"

// Eight files: a Live Photo, a RAW with its JPEG, two look-alikes, one alone, one clip.
static const struct {
    const char *bytes, *kind, *path, *phash;
    bool raw;
} files[] = {
    {"live still", "photo", "/p/IMG_1.HEIC", "1111111111111111", false},
    {"live clip", "video", "/p/IMG_1.MOV", "", false},
    {"raw", "photo", "/p/DSC_2.NEF", "2222222222222222", true},
    {"developed", "photo", "/p/DSC_2.JPG", "2222222222222223", false},
    {"twin a", "photo", "/p/x.jpg", "f0f0f0f0f0f0f0f0", false},
    {"twin b", "photo", "/q/y.jpg", "f0f0f0f0f0f0f0f3", false},
    {"alone", "photo", "/p/z.jpg", "0ff00ff00ff00ff0", false},
    {"another clip", "video", "/q/IMG_1.MOV", "", false},
};
enum { FILES = KR_COUNT(files) };

static const char *put(struct kr_test *t, struct kr_store *store, size_t i)
{
    const char *id = test_kept(t, store, files[i].bytes, files[i].kind, files[i].path);
    json_t *seen = kr_json_new_object();
    kr_json_set_str(seen, "kind", files[i].kind);
    kr_json_set_str(seen, "phash", files[i].phash);
    kr_json_set_int(seen, "width", 400);
    kr_json_set_int(seen, "height", 300);
    test_claim(t, store, id, "seen", seen, "kinreel", 1);
    if (files[i].raw)
        test_claim(t, store, id, "raw", json_true(), "kinreel", 1);
    test_claim(t, store, id, "date", test_date("2019-03-21", "2019-03-21T11:04:22"), "exif", 0.9);
    test_shown(t, store, id);
    return id;
}

static const char *bytes_of(struct kr_test *t, struct kr_store *store, const char *id)
{
    struct kr_item item;
    EXPECT_OK(kr_item_get(store, t->mem, id, &item, &t->err));
    KR_AUTO(kr_fd_close) int fd = -1;
    struct kr_str bytes;
    EXPECT_OK(kr_blobs_read(store->blobs, &item.blob, &fd, &t->err));
    EXPECT_OK(kr_read_all(t->mem, fd, 100, &bytes, &t->err));
    return bytes.at;
}

// Each file with its cover, the count of its stack, and its group of look-alikes, by file.
static const char *groups(struct kr_test *t, struct kr_store *store, const char *const ids[FILES])
{
    struct kr_buf out = {0};
    for (size_t i = 0; i < FILES; i++) {
        struct kr_item item;
        EXPECT_OK(kr_item_get(store, t->mem, ids[i], &item, &t->err));
        kr_buf_format(&out, "%s<%s %d %.8s\n", files[i].bytes,
                      *item.stack ? bytes_of(t, store, item.stack) : "", item.stack_n, item.near);
    }
    const char *copy = kr_arena_copy(t->mem, out.at, out.n);
    kr_buf_finish(&out);
    return copy;
}

static const char *stack_of(struct kr_test *t, struct kr_store *store, const char *id)
{
    struct kr_item item;
    EXPECT_OK(kr_item_get(store, t->mem, id, &item, &t->err));
    return *item.stack ? bytes_of(t, store, item.stack) : "";
}

TEST(stacks_and_look_alikes_do_not_depend_on_the_order)
{
    static const size_t orders[][FILES] = {
        {0, 1, 2, 3, 4, 5, 6, 7}, {7, 6, 5, 4, 3, 2, 1, 0}, {3, 1, 4, 0, 5, 7, 2, 6}};
    const char *first = NULL;
    for (size_t order = 0; order < KR_COUNT(orders); order++) {
        KR_AUTO(kr_store_close)
        struct kr_store *store = test_store(t, kr_arena_format(t->mem, "%zu", order));
        const char *ids[FILES];
        for (size_t i = 0; i < FILES; i++) {
            ids[orders[order][i]] = put(t, store, orders[order][i]);
            if (i == 4) // found half way, as beside an add, and then again
                EXPECT_OK(kr_groups_refresh(store, &t->err));
        }
        EXPECT_OK(kr_groups_refresh(store, &t->err));
        const char *is = groups(t, store, ids);
        if (!first)
            first = is;
        EXPECT_STR(is, first);
        EXPECT_STR(stack_of(t, store, ids[1]), "live still");
        EXPECT_STR(stack_of(t, store, ids[2]), "developed");
        EXPECT_STR(stack_of(t, store, ids[7]), ""); // another folder
        struct kr_item a, b, alone;
        EXPECT_OK(kr_item_get(store, t->mem, ids[4], &a, &t->err));
        EXPECT_OK(kr_item_get(store, t->mem, ids[5], &b, &t->err));
        EXPECT_OK(kr_item_get(store, t->mem, ids[6], &alone, &t->err));
        EXPECT(*a.near && strcmp(a.near, b.near) == 0 && !*alone.near);
    }
}

TEST(a_group_of_one_is_none)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "a");
    const char *a = put(t, store, 4), *b = put(t, store, 5);
    struct kr_item item;
    EXPECT_OK(kr_groups_refresh(store, &t->err));
    EXPECT_OK(kr_item_get(store, t->mem, b, &item, &t->err));
    EXPECT(*item.near);
    EXPECT_OK(kr_trash(store, a, "owner", &t->err));
    EXPECT_OK(kr_groups_if_due(store, 0, &t->err));
    EXPECT_OK(kr_item_get(store, t->mem, b, &item, &t->err));
    EXPECT_STR(item.near, "");
}

TEST(a_date_that_a_person_corrects_does_not_part_what_was_shot_at_once)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "a");
    const char *still = put(t, store, 0), *clip = put(t, store, 1);
    KR_AUTO(kr_json_drop) json_t *date = json_string("1985");
    EXPECT_OK(kr_say(store, still, "date", date, "owner", 0.9, &t->err));
    EXPECT_OK(kr_groups_refresh(store, &t->err));
    EXPECT_STR(stack_of(t, store, clip), "live still");
}

// The places of side-cars are known too, but two notes and a picture are no burst of three.
TEST(side_cars_make_no_burst)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "a");
    const char *ids[2];
    for (int i = 0; i < 2; i++) {
        const char *path = kr_arena_format(t->mem, "/p/BURST_%d.jpg", i);
        ids[i] = test_kept(t, store, path, "photo", path);
        test_claim(t, store, ids[i], "date", test_date("2019-03-21", "2019-03-21T11:04:22"), "exif",
                   0.9);
        test_claim(t, store, ids[i], "camera", json_string("Pixel"), "exif", 0.9);
        test_shown(t, store, ids[i]);
        const char *note = kr_arena_format(t->mem, "%s.XMP", path);
        EXPECT_OK(kr_found_put(store, ids[i], kr_str_of(note), 1, 1, &t->err));
    }
    EXPECT_OK(kr_groups_refresh(store, &t->err));
    EXPECT_STR(stack_of(t, store, ids[0]), "");
}

static const char *note(struct kr_test *t, struct kr_store *store)
{
    const char *text;
    char key[KR_NOTE_KEY];
    EXPECT_OK(
        kr_store_noted(store, t->mem, kr_store_own_key(store, "groups", key), &text, &t->err));
    return text;
}

TEST(groups_are_found_when_it_was_noted_and_it_is_quiet)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "a");
    const char *still = put(t, store, 0), *clip = put(t, store, 1);
    EXPECT_OK(kr_groups_if_due(store, 0, &t->err));
    EXPECT_STR(stack_of(t, store, clip), ""); // nobody noted it
    EXPECT_OK(kr_groups_note_due(store, &t->err));
    EXPECT_OK(kr_groups_if_due(store, 60000, &t->err));
    EXPECT_STR(stack_of(t, store, clip), ""); // files may still be coming
    EXPECT_OK(kr_groups_if_due(store, 0, &t->err));
    EXPECT_STR(stack_of(t, store, clip), "live still");
    EXPECT_STR(note(t, store), "");
    (void)still;
}

TEST(a_note_written_meanwhile_is_not_wiped)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "a");
    EXPECT_OK(kr_groups_note_due(store, &t->err));
    const char *before = note(t, store);
    EXPECT_OK(kr_groups_note_due(store, &t->err));
    char key[KR_NOTE_KEY];
    EXPECT_OK(
        kr_store_swap_note(store, kr_store_own_key(store, "groups", key), before, "", &t->err));
    EXPECT(*note(t, store));
    EXPECT(strcmp(note(t, store), before) != 0);
}

TEST(every_home_finds_its_own)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "a");
    char here[KR_UUID_TEXT], there[KR_UUID_TEXT];
    kr_format(here, sizeof here, "%s", store->home);
    EXPECT_OK(kr_home_add(store, "另一家", there, &t->err));
    put(t, store, 0);
    const char *clip = put(t, store, 1);
    EXPECT_OK(kr_groups_note_due(store, &t->err));
    kr_store_enter(store, there);
    EXPECT_OK(kr_groups_if_due(store, 0, &t->err)); // the other home has nothing to do
    EXPECT_OK(kr_groups_tend(store, 0, &t->err));
    EXPECT_STR(store->home, there);
    kr_store_enter(store, here);
    EXPECT_STR(stack_of(t, store, clip), "live still");
    EXPECT_STR(note(t, store), "");
}

MAIN(CASE(stacks_and_look_alikes_do_not_depend_on_the_order), CASE(a_group_of_one_is_none),
     CASE(a_date_that_a_person_corrects_does_not_part_what_was_shot_at_once),
     CASE(side_cars_make_no_burst), CASE(groups_are_found_when_it_was_noted_and_it_is_quiet),
     CASE(a_note_written_meanwhile_is_not_wiped), CASE(every_home_finds_its_own))
