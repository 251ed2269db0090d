// SPDX-License-Identifier: AGPL-3.0-or-later
#include "store/backup.h"
#include "store/items.h"
#include "store_test.h"
#include <fcntl.h>

static const char *path(struct kr_test *t, const char *name)
{
    return kr_arena_format(t->mem, "%s/%s", t->dir, name);
}

static struct kr_backup_report back_up(struct kr_test *t, struct kr_store *store, bool all)
{
    struct kr_backup_report report = {0};
    EXPECT_OK(kr_backup(store, path(t, "copy"), all, NULL, NULL, &report, &t->err));
    return report;
}

static struct kr_store *open_archive(struct kr_test *t, const char *name)
{
    struct kr_store *store = NULL;
    EXPECT_OK(kr_store_open(path(t, name), KR_STORE_WRITE, &store, &t->err));
    return store;
}

static void is_clean(struct kr_test *t, struct kr_store *store, int64_t blobs)
{
    struct kr_check_report report;
    EXPECT_OK(kr_check_archive(store, NULL, NULL, NULL, &report, &t->err));
    EXPECT_INT(report.blobs, blobs);
    EXPECT_INT(report.damaged + report.missing + report.extra + report.claims_missing_in_text, 0);
}

TEST(a_backup_is_an_archive_and_brings_everything_back)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_archive(t, "a");
    char subject[KR_UUID_TEXT], other[KR_UUID_TEXT];
    struct kr_blob_id id = test_item(t, store, "grandmother", subject);
    test_item(t, store, "the house", other);
    test_say(t, store, subject, "caption", "text", "奶奶");
    EXPECT_OK(kr_store_set_setting(store, "trash.days", "60", &t->err));
    struct kr_backup_report report = back_up(t, store, false);
    EXPECT_INT(report.blobs, 2);
    EXPECT_INT(report.copied, 2);
    EXPECT_INT(report.bytes, 20);
    EXPECT_INT(back_up(t, store, false).copied, 0); // only what is new
    KR_AUTO(kr_store_close) struct kr_store *copy = open_archive(t, "copy");
    is_clean(t, copy, 2);
    EXPECT(access(path(t, "copy/README.txt"), R_OK) == 0);
    kr_store_close(&copy);

    EXPECT_OK(kr_backup_restore(path(t, "copy"), path(t, "new"), NULL, NULL, &report, &t->err));
    EXPECT_INT(report.copied, 2);
    EXPECT_INT(report.missing, 0);
    KR_AUTO(kr_store_close) struct kr_store *new = open_archive(t, "new");
    is_clean(t, new, 2);
    EXPECT_OK(kr_blobs_verify(new->blobs, &id, NULL, &t->err));
    struct kr_claim_list list;
    EXPECT_OK(kr_claims_of(new, t->mem, subject, &list, &t->err));
    EXPECT_INT(list.n, 2);
    EXPECT_STR(new->home, store->home);
    const char *days = NULL;
    EXPECT_OK(kr_store_setting(new, t->mem, "trash.days", &days, &t->err));
    EXPECT_STR(days, "60");
}

TEST(damage_never_travels_into_the_backup)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_archive(t, "a");
    char subject[KR_UUID_TEXT];
    struct kr_blob_id id = test_item(t, store, "grandmother", subject);
    back_up(t, store, false);
    test_damage(t, test_blob_path(t, "a", &id));
    EXPECT_INT(back_up(t, store, true).repaired, 0);
    KR_AUTO(kr_store_close) struct kr_store *copy = open_archive(t, "copy");
    EXPECT_OK(kr_blobs_verify(copy->blobs, &id, NULL, &t->err));
    // and one that was never copied is told, not taken
    struct kr_blob_id late = test_item(t, store, "the house", subject);
    test_damage(t, test_blob_path(t, "a", &late));
    EXPECT_INT(back_up(t, store, false).missing, 1);
    EXPECT(!kr_blobs_has(copy->blobs, &late));
}

TEST(a_damaged_copy_is_found_and_mended)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_archive(t, "a");
    char subject[KR_UUID_TEXT];
    struct kr_blob_id rotten = test_item(t, store, "grandmother", subject);
    struct kr_blob_id cut = test_item(t, store, "the house", subject);
    back_up(t, store, false);
    test_damage(t, test_blob_path(t, "copy", &rotten));
    const char *short_one = test_blob_path(t, "copy", &cut);
    EXPECT(chmod(short_one, 0644) == 0 && truncate(short_one, 3) == 0);
    EXPECT_INT(back_up(t, store, false).repaired, 1); // the length tells at once
    EXPECT_INT(back_up(t, store, true).repaired, 1);  // the rest takes reading
    KR_AUTO(kr_store_close) struct kr_store *copy = open_archive(t, "copy");
    is_clean(t, copy, 2);
}

TEST(a_missing_original_is_counted_and_its_copy_stays)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_archive(t, "a");
    char subject[KR_UUID_TEXT];
    struct kr_blob_id id = test_item(t, store, "grandmother", subject);
    back_up(t, store, false);
    EXPECT_OK(kr_blobs_forget(store->blobs, &id, &t->err)); // no tombstone: an accident
    struct kr_backup_report report = back_up(t, store, true);
    EXPECT_INT(report.missing, 1);
    EXPECT_INT(report.forgotten, 0);
    KR_AUTO(kr_store_close) struct kr_store *copy = open_archive(t, "copy");
    EXPECT_OK(kr_blobs_verify(copy->blobs, &id, NULL, &t->err));
    KR_AUTO(kr_fd_close) int fd = -1; // the way to repair
    EXPECT_OK(kr_blobs_read(copy->blobs, &id, &fd, &t->err));
    EXPECT_OK(kr_blobs_mend(store->blobs, fd, &id, &t->err));
    is_clean(t, store, 1);
}

TEST(what_was_forgotten_leaves_the_backup_too)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_archive(t, "a");
    char subject[KR_UUID_TEXT], other[KR_UUID_TEXT];
    struct kr_blob_id id = test_item(t, store, "private", subject);
    test_item(t, store, "the house", other);
    back_up(t, store, false);
    EXPECT_OK(kr_claims_forget(store, subject, &t->err));
    EXPECT_OK(kr_tombstone_put(store, &id, &t->err));
    EXPECT_OK(kr_blobs_forget(store->blobs, &id, &t->err));
    EXPECT_INT(back_up(t, store, false).forgotten, 1);
    KR_AUTO(kr_store_close) struct kr_store *copy = open_archive(t, "copy");
    struct kr_claim_list list;
    EXPECT(!kr_blobs_has(copy->blobs, &id));
    EXPECT_OK(kr_claims_of(copy, t->mem, subject, &list, &t->err));
    EXPECT_INT(list.n, 0);
    is_clean(t, copy, 1);
}

TEST(folders_that_are_not_ours_are_left_alone)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_archive(t, "a");
    KR_AUTO(kr_store_close) struct kr_store *other = test_archive(t, "b");
    struct kr_backup_report report;
    back_up(t, store, false);
    EXPECT_FAIL(kr_backup(other, path(t, "copy"), false, NULL, NULL, &report, &t->err),
                KR_E_CONFLICT);
    EXPECT_FAIL(kr_backup(store, path(t, "a"), false, NULL, NULL, &report, &t->err), KR_E_REFUSED);
    EXPECT_FAIL(kr_backup(store, path(t, "a/cache/x"), false, NULL, NULL, &report, &t->err),
                KR_E_REFUSED);
    EXPECT(mkdirat(t->folder, "full", 0755) == 0 && mkdirat(t->folder, "full/music", 0755) == 0);
    EXPECT_FAIL(kr_backup(store, path(t, "full"), false, NULL, NULL, &report, &t->err),
                KR_E_EXISTS);
    EXPECT_FAIL(kr_backup_restore(path(t, "copy"), path(t, "b"), NULL, NULL, &report, &t->err),
                KR_E_EXISTS);
    EXPECT_FAIL(kr_backup_restore(path(t, "full"), path(t, "c"), NULL, NULL, &report, &t->err),
                KR_E_NOT_FOUND);
}

static bool stop_at_third(void *context, double done)
{
    (void)done;
    return ++*(int *)context < 3;
}

TEST(what_a_crashed_backup_left_behind_does_not_stop_the_next)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_archive(t, "a");
    char subject[KR_UUID_TEXT];
    test_item(t, store, "one", subject);
    back_up(t, store, false);
    EXPECT(mknodat(t->folder, "copy/0123456789abcdef0123456789abcdef", S_IFREG | 0444, 0) == 0);
    EXPECT_INT(back_up(t, store, false).blobs, 1);
}

TEST(stopped_half_way_it_is_what_it_was_and_goes_on)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_archive(t, "a");
    struct kr_backup_report report;
    char subject[KR_UUID_TEXT];
    int calls = 0;
    test_item(t, store, "one", subject);
    back_up(t, store, false);
    for (int i = 0; i < 5; i++)
        test_item(t, store, kr_arena_format(t->mem, "more %d", i), subject);
    EXPECT_FAIL(kr_backup(store, path(t, "copy"), false, stop_at_third, &calls, &report, &t->err),
                KR_E_INTERRUPTED);
    KR_AUTO(kr_store_close) struct kr_store *copy = open_archive(t, "copy");
    struct kr_check_report check;
    EXPECT_OK(kr_check_archive(copy, NULL, NULL, NULL, &check, &t->err));
    EXPECT_INT(check.damaged + check.missing + check.claims_missing_in_text, 0);
    kr_store_close(&copy);
    EXPECT(back_up(t, store, false).copied < 5); // some were there already

    calls = 0;
    EXPECT_FAIL(
        kr_backup_restore(path(t, "copy"), path(t, "new"), stop_at_third, &calls, &report, &t->err),
        KR_E_INTERRUPTED);
    EXPECT_FAIL(kr_store_open(path(t, "new"), KR_STORE_WRITE, &copy, &t->err), KR_E_NOT_FOUND);
    EXPECT_OK(kr_backup_restore(path(t, "copy"), path(t, "new"), NULL, NULL, &report, &t->err));
    copy = open_archive(t, "new");
    is_clean(t, copy, 6);
}

// Two side-cars of one picture, one of them written again: originals like any other.
TEST(side_cars_are_backed_up_and_not_called_extra)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_archive(t, "a");
    static const char *const notes[] = {"<first/>", "<again/>", "{}"};
    char subject[KR_UUID_TEXT], hex[KR_SHA256_HEX];
    struct kr_blob_id id;
    test_item(t, store, "a picture", subject);
    for (size_t i = 0; i < KR_COUNT(notes); i++) {
        id = test_keep(t, store, notes[i]);
        kr_blob_hex(&id, hex);
        test_say(t, store, subject, "sidecar", "sha256", hex);
    }
    EXPECT_OK(kr_claims_mirror(store, &t->err));
    is_clean(t, store, 4);
    EXPECT_INT(back_up(t, store, false).copied, 4);
    KR_AUTO(kr_store_close) struct kr_store *copy = open_archive(t, "copy");
    EXPECT_OK(kr_blobs_verify(copy->blobs, &id, NULL, &t->err));
}

MAIN(CASE(a_backup_is_an_archive_and_brings_everything_back),
     CASE(damage_never_travels_into_the_backup), CASE(a_damaged_copy_is_found_and_mended),
     CASE(a_missing_original_is_counted_and_its_copy_stays),
     CASE(what_was_forgotten_leaves_the_backup_too), CASE(folders_that_are_not_ours_are_left_alone),
     CASE(what_a_crashed_backup_left_behind_does_not_stop_the_next),
     CASE(stopped_half_way_it_is_what_it_was_and_goes_on),
     CASE(side_cars_are_backed_up_and_not_called_extra))
