// SPDX-License-Identifier: AGPL-3.0-or-later
#include "archive/mounts.h"

#include "harness.h"

static struct kr_store *house(struct kr_test *t)
{
    struct kr_store *store = NULL;
    const char *path = kr_arena_format(t->mem, "%s/house", t->dir);
    EXPECT_OK(kr_store_init(path, true, &t->err));
    EXPECT_OK(kr_store_open(path, KR_STORE_WRITE, &store, &t->err));
    return store;
}

static json_t *learnt(double tone)
{
    json_t *mount = kr_json_new_object();
    kr_json_set_real(mount, "tone_hz", tone);
    return mount;
}

TEST(a_mount_is_kept_learnt_again_and_forgotten)
{
    KR_AUTO(kr_store_close) struct kr_store *store = house(t);
    KR_AUTO(kr_json_drop) json_t *chair = learnt(180);
    KR_AUTO(kr_json_drop) json_t *pram = learnt(0);
    const json_t *all;
    EXPECT_OK(kr_mounts(store, t->mem, &all, &t->err));
    EXPECT(json_object_size(all) == 0);
    EXPECT_OK(kr_mount_keep(store, "奶奶的轮椅", pram, &t->err));
    EXPECT_OK(kr_mount_keep(store, "奶奶的轮椅", chair, &t->err));
    EXPECT_OK(kr_mount_keep(store, "pram", pram, &t->err));
    EXPECT_OK(kr_mounts(store, t->mem, &all, &t->err));
    EXPECT(json_object_size(all) == 2);
    EXPECT_NEAR(kr_json_real(kr_json_get(all, "奶奶的轮椅"), "tone_hz", 0), 180, 1e-9);
    EXPECT_OK(kr_mount_forget(store, "pram", &t->err));
    EXPECT_FAIL(kr_mount_forget(store, "pram", &t->err), KR_E_NOT_FOUND);
    EXPECT_FAIL(kr_mount_keep(store, "", pram, &t->err), KR_E_INVALID);
}

TEST(a_kit_is_given_the_mount_in_the_place_of_its_name)
{
    KR_AUTO(kr_store_close) struct kr_store *store = house(t);
    KR_AUTO(kr_json_drop) json_t *chair = learnt(180);
    KR_AUTO(kr_json_drop) json_t *options = kr_json_new_object();
    EXPECT_OK(kr_mount_fill(store, options, &t->err));
    EXPECT(!kr_json_get(options, "mount"));
    EXPECT_OK(kr_mount_keep(store, "chair", chair, &t->err));
    kr_json_set_str(options, "mount", "chair");
    EXPECT_OK(kr_mount_fill(store, options, &t->err));
    EXPECT(json_equal(kr_json_get(options, "mount"), chair));
    kr_json_set_str(options, "mount", "bicycle");
    EXPECT_FAIL(kr_mount_fill(store, options, &t->err), KR_E_NOT_FOUND);
}

MAIN(CASE(a_mount_is_kept_learnt_again_and_forgotten),
     CASE(a_kit_is_given_the_mount_in_the_place_of_its_name))
