// SPDX-License-Identifier: AGPL-3.0-or-later
#include "archive/small.h"

#include "archive/asks.h"
#include "archive/say.h"
#include "archive_test.h"
#include "store/jobs.h"

static size_t jobs(struct kr_test *t, struct kr_store *store)
{
    struct kr_job *list;
    size_t n;
    EXPECT_OK(kr_jobs_list(store, t->mem, 100, &list, &n, &t->err));
    for (size_t i = 0; i < n; i++)
        EXPECT_STR(list[i].kind, "small");
    return n;
}

static struct kr_job begin_job(struct kr_test *t, struct kr_store *store)
{
    struct kr_job job = {.kind = ""};
    bool found = false;
    EXPECT_OK(kr_job_take(store, t->mem, 60, 3, &job, &found, &t->err));
    EXPECT(found);
    return job;
}

static void keep_copy(struct kr_test *t, struct kr_store *store, const char *item)
{
    KR_AUTO(kr_fd_close) int fd = kr_test_bytes("a film", 6);
    struct kr_rendition rendition = {.kind = "small", .mime = "video/mp4", .ending = "mp4"};
    KR_AUTO(kr_json_drop) json_t *recipe = kr_json_new_object();
    rendition.recipe = recipe;
    kr_format(rendition.subject, sizeof rendition.subject, "%s", item);
    EXPECT_OK(kr_rendition_keep(store, &rendition, fd, &t->err));
}

TEST(it_is_asked_for_once_and_again_when_the_cache_is_empty)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "a");
    const char *item = test_kept(t, store, "one", "video", "a.mp4");
    struct kr_small small;
    EXPECT_OK(kr_small_wish(store, item, &t->err));
    EXPECT_OK(kr_small_wish(store, item, &t->err));
    EXPECT_INT(jobs(t, store), 1);
    struct kr_job job = begin_job(t, store);
    bool still = false;
    EXPECT_STR(job.item, item);
    EXPECT_OK(kr_job_renew(store, &job, 0.25, 60, &still, &t->err));
    EXPECT_OK(kr_small_wish(store, item, &t->err)); // it is under way
    EXPECT_OK(kr_small_look(store, t->mem, item, &small, &t->err));
    EXPECT(small.coming && !small.made);
    EXPECT_NEAR(small.share, 0.25, 0);
    keep_copy(t, store, item);
    EXPECT_OK(kr_job_done(store, &job, NULL, &t->err));
    EXPECT_OK(kr_small_look(store, t->mem, item, &small, &t->err));
    EXPECT(small.made && !small.coming);
    EXPECT_STR(small.rendition.subject, item);
    EXPECT_OK(kr_small_wish(store, item, &t->err));
    EXPECT_INT(jobs(t, store), 1);
    EXPECT_OK(kr_renditions_drop(store, item, &t->err));
    EXPECT_OK(kr_small_wish(store, item, &t->err));
    EXPECT_INT(jobs(t, store), 2);
}

TEST(what_cannot_be_made_is_not_tried_again_at_once)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "a");
    const char *item = test_kept(t, store, "one", "video", "a.mp4");
    const struct kr_err why = {KR_E_DAMAGED, "nothing inside"};
    struct kr_small small;
    EXPECT_OK(kr_small_wish(store, item, &t->err));
    struct kr_job job = begin_job(t, store);
    EXPECT_OK(kr_job_failed(store, &job, &why, &t->err));
    EXPECT_FAIL(kr_small_look(store, t->mem, item, &small, &t->err), KR_E_UNSUPPORTED);
    t->err = (struct kr_err){0};
    EXPECT_OK(kr_small_wish(store, item, &t->err));
    EXPECT_INT(jobs(t, store), 1);
}

TEST(an_answer_with_a_recording_is_made_small_and_no_other)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "a");
    const char *photo = test_kept(t, store, "one", "photo", "a.jpg");
    const char *voice = test_kept(t, store, "two", "audio", "a.wav");
    const struct kr_answerer by = {"owner", ""};
    char ask[KR_UUID_TEXT], claim[KR_UUID_TEXT];
    KR_AUTO(kr_json_drop) json_t *value = kr_json_new_object();
    kr_json_set_str(value, "item", photo);
    kr_json_set_str(value, "text", "谁？");
    EXPECT_OK(kr_ask_say(store, value, "owner", ask, &t->err));
    EXPECT_OK(kr_answer_say(store, ask, value, &by, claim, &t->err)); // in words
    kr_json_set_str(value, "media", photo);
    EXPECT_OK(kr_answer_say(store, ask, value, &by, claim, &t->err));
    EXPECT_INT(jobs(t, store), 0);
    kr_json_set_str(value, "media", voice);
    for (int i = 0; i < 2; i++)
        EXPECT_OK(kr_answer_say(store, ask, value, &by, claim, &t->err));
    EXPECT_INT(jobs(t, store), 1);
    EXPECT_STR(begin_job(t, store).item, voice);
}

TEST(it_goes_with_its_item)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_store(t, "a");
    const char *item = test_kept(t, store, "one", "video", "a.mp4");
    struct kr_small small;
    int64_t count = 0;
    keep_copy(t, store, item);
    EXPECT_OK(kr_trash(store, item, "owner", &t->err));
    EXPECT_OK(kr_trash_empty(store, 0, &count, &t->err));
    EXPECT_INT(count, 1);
    EXPECT_OK(kr_small_look(store, t->mem, item, &small, &t->err));
    EXPECT(!small.made);
}

MAIN(CASE(it_is_asked_for_once_and_again_when_the_cache_is_empty),
     CASE(what_cannot_be_made_is_not_tried_again_at_once),
     CASE(an_answer_with_a_recording_is_made_small_and_no_other), CASE(it_goes_with_its_item))
