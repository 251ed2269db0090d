// SPDX-License-Identifier: AGPL-3.0-or-later
#include "archive/treat.h"
#include "archive/ingest.h"
#include "archive_test.h"

struct house {
    struct kr_store *store;
    struct kr_wall *wall;
    char id[KR_UUID_TEXT];
};

static void leave(struct house *house)
{
    kr_store_close(&house->store);
    kr_wall_close(&house->wall);
}

static void hear(void *context, const struct kr_outcome *outcome)
{
    kr_format(context, KR_UUID_TEXT, "%s", outcome->id);
}

// An archive with one photograph in it.
static struct house enter(struct kr_test *t)
{
    struct house house = {.store = test_store(t, "a")};
    KR_AUTO(kr_ingest_close) struct kr_ingest *ingest = NULL;
    const struct kr_wall_params wall_params = {.workers = 1};
    struct kr_ingest_counts counts;
    const char *path = test_picture(t, "p/one.bmp", 1);
    EXPECT_OK(kr_wall_open(&wall_params, &house.wall, &t->err));
    const struct kr_ingest_params params = {.archive = test_path(t, "a"),
                                            .wall = house.wall,
                                            .threads = 1,
                                            .outcome = hear,
                                            .context = house.id};
    EXPECT_OK(kr_ingest_open(&params, &ingest, &t->err));
    EXPECT_OK(kr_ingest_run(ingest, &path, 1, &counts, &t->err));
    EXPECT_INT(counts.added, 1);
    return house;
}

TEST(a_print_is_restored_beside_its_original_and_the_recipe_is_stated)
{
    KR_AUTO(leave) struct house house = enter(t);
    const struct kr_treatment treatment = {.kind = "restore"};
    struct kr_rendition made, again;
    struct kr_item before, after;
    EXPECT_OK(kr_item_get(house.store, t->mem, house.id, &before, &t->err));
    EXPECT_OK(kr_treat_item(house.store, house.wall, t->mem, &treatment, house.id, "owner", &made,
                            &t->err));
    EXPECT_STR(made.kind, "restore");
    EXPECT_STR(made.subject, house.id);
    EXPECT_OK(kr_rendition_get(house.store, t->mem, made.id, &again, &t->err));
    EXPECT(json_equal(again.recipe, made.recipe) && again.size > 100);
    KR_AUTO(kr_fd_close) int fd = -1;
    uint8_t head[3] = {0};
    EXPECT_OK(kr_rendition_open(house.store, &again, &fd, &t->err));
    EXPECT(kr_read(fd, head, 3) == 3 && memcmp(head, "\xFF\xD8\xFF", 3) == 0); // a JPEG
    EXPECT_OK(kr_item_get(house.store, t->mem, house.id, &after, &t->err));
    EXPECT_OK(kr_blobs_verify(house.store->blobs, &after.blob, NULL, &t->err));
    EXPECT(memcmp(&before.blob, &after.blob, sizeof before.blob) == 0);
    struct kr_claim_list claims;
    EXPECT_OK(kr_claims_of(house.store, t->mem, house.id, &claims, &t->err));
    const struct kr_claim *last = &claims.at[claims.n - 1];
    EXPECT_STR(last->predicate, "recipe");
    EXPECT_STR(last->who, "owner");
    EXPECT(json_equal(kr_json_get(last->value, "recipe"), made.recipe));
}

TEST(what_does_not_suit_an_item_is_refused_and_nothing_stays)
{
    KR_AUTO(leave) struct house house = enter(t);
    struct kr_rendition made, *list;
    size_t n = 9;
    const struct kr_treatment kit = {.kind = "kit"}, magic = {.kind = "magic"};
    EXPECT_FAIL(
        kr_treat_item(house.store, house.wall, t->mem, &kit, house.id, "owner", &made, &t->err),
        KR_E_UNSUPPORTED);
    EXPECT_FAIL(
        kr_treat_item(house.store, house.wall, t->mem, &magic, house.id, "owner", &made, &t->err),
        KR_E_UNSUPPORTED);
    EXPECT_FAIL(
        kr_treat_item(house.store, house.wall, t->mem, &kit, "nobody", "owner", &made, &t->err),
        KR_E_NOT_FOUND);
    EXPECT_OK(kr_renditions_of(house.store, t->mem, house.id, &list, &n, &t->err));
    EXPECT_INT(n, 0);
}

TEST(thumbnails_are_made_again_when_somebody_emptied_the_cache)
{
    KR_AUTO(leave) struct house house = enter(t);
    struct kr_item item;
    KR_AUTO(kr_fd_close) int fd = -1;
    uint64_t size = 0;
    EXPECT_OK(kr_item_get(house.store, t->mem, house.id, &item, &t->err));
    kr_cache_drop_thumbs(house.store, &item.blob);
    EXPECT_FAIL(kr_cache_thumb(house.store, &item.blob, KR_THUMB_256, &fd, &size, &t->err),
                KR_E_NOT_FOUND);
    EXPECT_OK(kr_treat_thumbs(house.store, house.wall, house.id, &t->err));
    EXPECT_OK(kr_cache_thumb(house.store, &item.blob, KR_THUMB_256, &fd, &size, &t->err));
    EXPECT(size > 100);
}

MAIN(CASE(a_print_is_restored_beside_its_original_and_the_recipe_is_stated),
     CASE(what_does_not_suit_an_item_is_refused_and_nothing_stays),
     CASE(thumbnails_are_made_again_when_somebody_emptied_the_cache))
