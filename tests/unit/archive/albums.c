// SPDX-License-Identifier: AGPL-3.0-or-later
#include "archive/albums.h"
#include "archive/batch.h"
#include "archive/say.h"
#include "archive_test.h"

static const char *order_of(struct kr_test *t, struct kr_store *store, const char *album)
{
    KR_AUTO(kr_buf_finish) struct kr_buf text = {0};
    struct kr_item_list page = {0};
    const char *cursor = "";
    do {
        EXPECT_OK(kr_album_items(store, t->mem, album, cursor, 2, &page, &t->err));
        for (size_t i = 0; i < page.n; i++)
            kr_buf_format(&text, "%s ", page.at[i].names);
        cursor = kr_arena_strdup(t->mem, page.next);
    } while (*cursor);
    return kr_arena_copy(t->mem, text.at, text.n);
}

static const char *album_of_four(struct kr_test *t, struct kr_store *store, const char *ids[4])
{
    char *album = kr_arena_alloc(t->mem, KR_UUID_TEXT);
    struct kr_batch_done done;
    for (int i = 0; i < 4; i++)
        ids[i] = test_kept(t, store, kr_arena_format(t->mem, "%d", i), "photo",
                           kr_arena_format(t->mem, "/x/%c", "abcd"[i]));
    EXPECT_OK(kr_album_add(store, "老屋", "owner", album, &t->err));
    KR_AUTO(kr_json_drop) json_t *todo = json_pack("{s:s}", "album", album);
    const struct kr_batch batch = {.items = ids, .n = 4, .todo = todo, .who = "owner"};
    EXPECT_OK(kr_batch_run(store, t->mem, &batch, &done, &t->err));
    return album;
}

TEST(an_album_is_put_in_order_and_what_is_new_comes_last)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "a");
    const char *ids[4];
    const char *album = album_of_four(t, store, ids);
    EXPECT_STR(order_of(t, store, album), "a b c d ");
    KR_AUTO(kr_json_drop) json_t *order = json_pack("[s,s]", ids[3], ids[1]);
    EXPECT_OK(kr_album_arrange(store, album, order, "owner", &t->err));
    EXPECT_STR(order_of(t, store, album), "d b a c ");
    EXPECT_OK(kr_trash(store, ids[1], "owner", &t->err));
    EXPECT_STR(order_of(t, store, album), "d a c ");
    EXPECT_OK(kr_untrash(store, ids[1], "owner", &t->err));
    EXPECT_STR(order_of(t, store, album), "d b a c "); // it comes back to its place
}

TEST(a_title_is_wanted_and_names_it)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "a");
    const char *ids[4];
    const char *album = album_of_four(t, store, ids);
    struct kr_album found;
    char other[KR_UUID_TEXT];
    EXPECT_OK(kr_album_named(store, t->mem, "老屋", &found, &t->err));
    EXPECT_STR(found.id, album);
    EXPECT_FAIL(kr_album_add(store, "", "owner", other, &t->err), KR_E_INVALID);
    EXPECT_FAIL(kr_album_add(store, "  ", "owner", other, &t->err), KR_E_INVALID);
    EXPECT_FAIL(kr_album_rename(store, album, "a\nb", "owner", &t->err), KR_E_INVALID);
    EXPECT_OK(kr_album_add(store, "老屋", "owner", other, &t->err));
    EXPECT_FAIL(kr_album_named(store, t->mem, "老屋", &found, &t->err), KR_E_INVALID);
    EXPECT_OK(kr_album_rename(store, album, "河边", "owner", &t->err));
    EXPECT_OK(kr_album_named(store, t->mem, "河边", &found, &t->err));
    EXPECT_FAIL(kr_album_named(store, t->mem, "山上", &found, &t->err), KR_E_NOT_FOUND);
    KR_AUTO(kr_json_drop) json_t *wrong = json_pack("[s]", "x");
    EXPECT_FAIL(kr_album_arrange(store, album, wrong, "owner", &t->err), KR_E_INVALID);
}

TEST(taken_apart_it_comes_back_whole)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "a");
    const char *ids[4];
    const char *album = album_of_four(t, store, ids);
    char act[KR_UUID_TEXT];
    struct kr_album gone;
    struct kr_batch_done done;
    EXPECT_OK(kr_album_rename(store, album, "河边", "owner", &t->err));
    EXPECT_OK(kr_album_end(store, album, "owner", act, &t->err));
    EXPECT_FAIL(kr_album_get(store, t->mem, album, &gone, &t->err), KR_E_NOT_FOUND);
    EXPECT_INT(test_line(t, store).n, 4); // the pictures stay
    EXPECT_OK(kr_batch_undo(store, t->mem, act, "owner", NULL, NULL, &done, &t->err));
    EXPECT_OK(kr_album_get(store, t->mem, album, &gone, &t->err));
    EXPECT(gone.count == 4 && strcmp(gone.title, "河边") == 0);
}

MAIN(CASE(an_album_is_put_in_order_and_what_is_new_comes_last),
     CASE(a_title_is_wanted_and_names_it), CASE(taken_apart_it_comes_back_whole))
