// SPDX-License-Identifier: AGPL-3.0-or-later
#include "store/cache.h"
#include "store_test.h"
#include <fcntl.h>

static const char jpeg_a[] = "\xff\xd8 a small picture \xff\xd9";
static const char jpeg_b[] = "\xff\xd8 another picture, longer \xff\xd9";

static struct kr_blob_id some_blob(void)
{
    struct kr_blob_id id;
    memset(&id, 0xAB, sizeof id);
    return id;
}

static void put(struct kr_test *t, struct kr_store *store, const char *bytes)
{
    struct kr_blob_id blob = some_blob();
    KR_AUTO(kr_fd_close) int fd = kr_test_bytes(bytes, strlen(bytes));
    EXPECT_OK(kr_cache_put_thumb(store, &blob, KR_THUMB_256, fd, &t->err));
}

static const char *read_thumb(struct kr_test *t, struct kr_store *store)
{
    struct kr_blob_id blob = some_blob();
    struct kr_str text = {"", 0};
    uint64_t length = 0;
    KR_AUTO(kr_fd_close) int fd = -1;
    EXPECT_OK(kr_cache_thumb(store, &blob, KR_THUMB_256, &fd, &length, &t->err));
    EXPECT_OK(kr_read_all(t->mem, fd, 1000, &text, &t->err));
    EXPECT_INT(length, text.n);
    return text.at;
}

static bool is_missing(struct kr_test *t, struct kr_store *store, enum kr_thumb size)
{
    struct kr_blob_id blob = some_blob();
    uint64_t length;
    KR_AUTO(kr_fd_close) int fd = -1;
    return !kr_cache_thumb(store, &blob, size, &fd, &length, &t->err) &&
           t->err.code == KR_E_NOT_FOUND;
}

TEST(a_thumbnail_comes_back_and_a_new_one_takes_its_place)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_archive(t, "a");
    EXPECT(is_missing(t, store, KR_THUMB_256));
    put(t, store, jpeg_a);
    EXPECT_STR(read_thumb(t, store), jpeg_a);
    put(t, store, jpeg_b);
    EXPECT_STR(read_thumb(t, store), jpeg_b);
    EXPECT(is_missing(t, store, KR_THUMB_1024));
    struct kr_blob_id blob = some_blob();
    kr_cache_drop_thumbs(store, &blob);
    EXPECT(is_missing(t, store, KR_THUMB_256));
}

static const char thumb_file[] =
    "thumbs/ab/ababababababababababababababababababababababababababababababab.256.jpg";

TEST(a_torn_thumbnail_counts_as_missing)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_archive(t, "a");
    struct kr_blob_id blob = some_blob();
    put(t, store, jpeg_a);
    KR_AUTO(kr_fd_close) int file = openat(store->cache, thumb_file, O_RDWR);
    EXPECT(file >= 0);
    EXPECT(ftruncate(file, 6) == 0); // what a power cut may do
    EXPECT(is_missing(t, store, KR_THUMB_256));
    put(t, store, jpeg_a);
    EXPECT_STR(read_thumb(t, store), jpeg_a);
    KR_AUTO(kr_fd_close) int text = kr_test_bytes("no picture", 10);
    EXPECT_FAIL(kr_cache_put_thumb(store, &blob, KR_THUMB_256, text, &t->err), KR_E_INVALID);
}

TEST(deleting_the_cache_is_allowed_at_any_time)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_archive(t, "a");
    put(t, store, jpeg_a);
    EXPECT_OK(kr_remove_tree(store->cache, "thumbs", &t->err));
    EXPECT(is_missing(t, store, KR_THUMB_256));
    put(t, store, jpeg_b);
    EXPECT_STR(read_thumb(t, store), jpeg_b);
}

static struct kr_rendition make(struct kr_test *t, struct kr_store *store, const char *subject,
                                const char *kind, const char *bytes)
{
    struct kr_rendition one = {.kind = kind, .mime = "video/mp4", .ending = "mp4"};
    KR_AUTO(kr_json_drop) json_t *recipe = kr_json_new_object();
    KR_AUTO(kr_fd_close) int fd = kr_test_bytes(bytes, strlen(bytes));
    EXPECT(lseek(fd, 3, SEEK_SET) == 3); // it is read from its start all the same
    kr_json_set_str(recipe, "step", kind);
    one.recipe = recipe;
    kr_format(one.subject, sizeof one.subject, "%s", subject);
    EXPECT_OK(kr_rendition_keep(store, &one, fd, &t->err));
    one.recipe = NULL;
    return one;
}

TEST(renditions_are_found_by_id_by_item_and_by_kind_newest_first)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_archive(t, "a");
    struct kr_rendition first = make(t, store, "item-1", "kit", "steady");
    struct kr_rendition second = make(t, store, "item-1", "kit", "steadier");
    make(t, store, "story-1", "film", "a film");
    struct kr_rendition got, *list;
    size_t n = 0;
    EXPECT_OK(kr_rendition_get(store, t->mem, first.id, &got, &t->err));
    EXPECT_STR(kr_json_str(got.recipe, "step", ""), "kit");
    EXPECT_INT(got.size, 6);
    EXPECT_STR(got.subject, "item-1");
    struct kr_str text = {"", 0};
    KR_AUTO(kr_fd_close) int fd = -1;
    EXPECT_OK(kr_rendition_open(store, &got, &fd, &t->err));
    EXPECT_OK(kr_read_all(t->mem, fd, 100, &text, &t->err));
    EXPECT_STR(text.at, "steady");
    EXPECT_OK(kr_renditions_of(store, t->mem, "item-1", &list, &n, &t->err));
    EXPECT_INT(n, 2);
    EXPECT_STR(list[0].id, second.id);
    EXPECT_OK(kr_renditions_kind(store, t->mem, "film", &list, &n, &t->err));
    EXPECT_INT(n, 1);
    EXPECT_STR(list[0].subject, "story-1");
}

TEST(dropping_takes_the_rows_and_the_files_of_one_item)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_archive(t, "a");
    struct kr_rendition gone = make(t, store, "item-1", "kit", "steady");
    struct kr_rendition stays = make(t, store, "item-2", "kit", "steady");
    struct kr_rendition got;
    KR_AUTO(kr_fd_close) int fd = -1;
    EXPECT_OK(kr_renditions_drop(store, "item-1", &t->err));
    EXPECT_FAIL(kr_rendition_get(store, t->mem, gone.id, &got, &t->err), KR_E_NOT_FOUND);
    EXPECT_FAIL(kr_rendition_open(store, &gone, &fd, &t->err), KR_E_NOT_FOUND);
    EXPECT_OK(kr_rendition_open(store, &stays, &fd, &t->err));
}

TEST(an_ending_cannot_lead_out_of_the_cache)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_archive(t, "a");
    static const char *const bad[] = {"", "../x", "mp4/x", "MP4", "averyverylongending"};
    KR_AUTO(kr_fd_close) int fd = kr_test_bytes("x", 1);
    for (size_t i = 0; i < KR_COUNT(bad); i++) {
        struct kr_rendition one = {.kind = "kit", .mime = "video/mp4", .ending = bad[i]};
        EXPECT_FAIL(kr_rendition_keep(store, &one, fd, &t->err), KR_E_INVALID);
    }
}

MAIN(CASE(a_thumbnail_comes_back_and_a_new_one_takes_its_place),
     CASE(a_torn_thumbnail_counts_as_missing), CASE(deleting_the_cache_is_allowed_at_any_time),
     CASE(renditions_are_found_by_id_by_item_and_by_kind_newest_first),
     CASE(dropping_takes_the_rows_and_the_files_of_one_item),
     CASE(an_ending_cannot_lead_out_of_the_cache))
