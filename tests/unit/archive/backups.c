// SPDX-License-Identifier: AGPL-3.0-or-later
#include "archive/backups.h"
#include "archive_test.h"
#include "base/clock.h"
#include "store/jobs.h"
#include <string.h>

#define DAY_MS (INT64_C(24) * 3600 * 1000)

static struct kr_backups look(struct kr_test *t, struct kr_store *store, int days_on)
{
    struct kr_backups now;
    EXPECT_OK(kr_backups_look(store, t->mem, kr_now_ms() + days_on * DAY_MS, &now, &t->err));
    return now;
}

static int open_jobs(struct kr_test *t, struct kr_store *store)
{
    struct kr_job *jobs;
    size_t n;
    int open = 0;
    EXPECT_OK(kr_jobs_list(store, t->mem, 10, &jobs, &n, &t->err));
    for (size_t i = 0; i < n; i++)
        open += kr_job_is_open(&jobs[i]);
    return open;
}

TEST(it_is_due_when_its_days_are_over_and_asked_for_once)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "archive");
    struct kr_backup_report report;
    EXPECT(!look(t, store, 0).due && !look(t, store, 900).late);
    EXPECT_FAIL(kr_backups_make(store, NULL, NULL, &report, &t->err), KR_E_NOT_FOUND);
    EXPECT_OK(kr_backups_ask(store, &t->err));
    EXPECT_INT(open_jobs(t, store), 0);
    EXPECT_OK(kr_backups_choose(store, test_path(t, "copies"), &t->err));
    EXPECT(look(t, store, 0).due && !look(t, store, 0).late);
    EXPECT_OK(kr_backups_ask(store, &t->err));
    EXPECT_OK(kr_backups_ask(store, &t->err));
    EXPECT_INT(open_jobs(t, store), 1);
    EXPECT_OK(kr_backups_make(store, NULL, NULL, &report, &t->err));
    EXPECT(look(t, store, 0).done_ms > 0);
    EXPECT(!look(t, store, 6).due && look(t, store, 7).due);
    EXPECT(!look(t, store, 8).late && look(t, store, 9).late);
    EXPECT(look(t, store, -2).due); // made in the future: the clock was set back
    EXPECT_OK(kr_store_set_setting(store, "backup.every_days", "0", &t->err));
    EXPECT(!look(t, store, 900).due && !look(t, store, 900).late);
}

TEST(a_disk_that_is_away_is_no_empty_disk)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "archive");
    struct kr_backup_report report;
    EXPECT(mkdir(test_path(t, "disk"), 0755) == 0);
    EXPECT_OK(kr_backups_choose(store, test_path(t, "disk/copies"), &t->err));
    EXPECT_OK(kr_backups_make(store, NULL, NULL, &report, &t->err));
    EXPECT(rename(test_path(t, "disk"), test_path(t, "away")) == 0);
    EXPECT(mkdir(test_path(t, "disk"), 0755) == 0); // the empty folder it is mounted on
    EXPECT_FAIL(kr_backups_make(store, NULL, NULL, &report, &t->err), KR_E_NOT_FOUND);
    EXPECT(access(test_path(t, "disk/copies"), F_OK) != 0);
    struct kr_backups now = look(t, store, 8);
    EXPECT_INT(now.trouble, KR_E_NOT_FOUND);
    EXPECT(now.late && now.due);
    EXPECT(!look(t, store, 0).due && look(t, store, 1).due); // tried again, but not at once
    EXPECT(rmdir(test_path(t, "disk")) == 0);
    EXPECT(rename(test_path(t, "away"), test_path(t, "disk")) == 0);
    EXPECT_OK(kr_backups_make(store, NULL, NULL, &report, &t->err));
    EXPECT(!look(t, store, 0).late);
}

static bool stop(void *context, double done)
{
    (void)context;
    return done < 0;
}

TEST(who_stops_it_is_told_of_no_trouble)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "archive");
    struct kr_backup_report report;
    int fd = kr_test_bytes("a picture", 9);
    struct kr_blob_id blob;
    json_t *kept = kr_json_new_object();
    char hex[KR_SHA256_HEX], item[KR_UUID_TEXT];
    EXPECT_OK(kr_blobs_keep(store->blobs, fd, 100, &blob, NULL, &t->err));
    close(fd);
    kr_blob_hex(&blob, hex);
    kr_json_set_str(kept, "sha256", hex);
    kr_uuid_new_text(item);
    test_claim(t, store, item, "kept", kept, "test", 1);
    EXPECT_OK(kr_backups_choose(store, test_path(t, "copies"), &t->err));
    EXPECT_FAIL(kr_backups_make(store, stop, NULL, &report, &t->err), KR_E_INTERRUPTED);
    EXPECT(look(t, store, 0).due && !look(t, store, 0).late);
    EXPECT_OK(
        kr_backups_make(store, NULL, NULL, &report, &t->err)); // half a backup is gone on with
    EXPECT_INT(report.copied, 1);
}

TEST(a_place_is_looked_at_before_it_is_believed)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "archive");
    EXPECT(mkdir(test_path(t, "full"), 0755) == 0 && mkdir(test_path(t, "full/x"), 0755) == 0);
    EXPECT_FAIL(kr_backups_choose(store, test_path(t, "archive/in"), &t->err), KR_E_REFUSED);
    EXPECT_FAIL(kr_backups_choose(store, test_path(t, "archive"), &t->err), KR_E_REFUSED);
    EXPECT_FAIL(kr_backups_choose(store, t->dir, &t->err), KR_E_REFUSED);
    EXPECT_FAIL(kr_backups_choose(store, test_path(t, "full"), &t->err), KR_E_EXISTS);
    EXPECT_FAIL(kr_backups_choose(store, test_path(t, "no/such"), &t->err), KR_E_NOT_FOUND);
    EXPECT_FAIL(kr_backups_choose(store, "copies", &t->err), KR_E_INVALID);
    EXPECT_STR(look(t, store, 0).place, "");
    EXPECT_OK(kr_backups_choose(store, test_path(t, "full/x"), &t->err));
    EXPECT_OK(kr_backups_choose(store, "", &t->err));
    EXPECT(!look(t, store, 0).due);
}

MAIN(CASE(it_is_due_when_its_days_are_over_and_asked_for_once),
     CASE(a_disk_that_is_away_is_no_empty_disk), CASE(who_stops_it_is_told_of_no_trouble),
     CASE(a_place_is_looked_at_before_it_is_believed))
