// SPDX-License-Identifier: AGPL-3.0-or-later
#include "web/upload.h"
#include "base/uuid.h"
#include "harness.h"

static const struct kr_tus_meta meta = {{"奶奶.jpg", sizeof "奶奶.jpg" - 1}, 1234};
static const char id[] = "01900000-0000-7000-8000-000000000001";

static int archive(struct kr_test *t)
{
    KR_AUTO(kr_fd_close) int tmp = -1;
    EXPECT_OK(kr_open_folder(t->folder, "tmp", true, &tmp, &t->err));
    return t->folder;
}

static const struct kr_upload_guest at_home = {"", ""};

TEST(bytes_that_came_are_there_after_the_writer_has_gone)
{
    struct kr_upload upload = KR_UPLOAD_NONE;
    int dir = archive(t);
    EXPECT_OK(kr_upload_create(dir, t->mem, id, 10, &meta, &at_home, &upload, &t->err));
    EXPECT_OK(kr_upload_add(&upload, KR_STR("hello"), &t->err));
    kr_upload_leave(&upload);

    EXPECT_OK(kr_upload_open(dir, t->mem, id, &upload, &t->err));
    EXPECT_INT(upload.length, 10);
    EXPECT_INT(upload.have, 5);
    EXPECT_INT(upload.meta.modified_ms, 1234);
    EXPECT(upload.meta.name.n == meta.name.n &&
           memcmp(upload.meta.name.at, meta.name.at, meta.name.n) == 0);
    EXPECT_OK(kr_upload_add(&upload, KR_STR("world"), &t->err));
    int fd;
    struct kr_str whole;
    EXPECT_OK(kr_upload_whole(&upload, &fd, &t->err));
    EXPECT_OK(kr_read_all(t->mem, fd, 100, &whole, &t->err));
    EXPECT_STR(whole.at, "helloworld");
    kr_upload_forget(&upload);
}

TEST(an_upload_has_one_writer)
{
    KR_AUTO(kr_upload_forget) struct kr_upload first = KR_UPLOAD_NONE;
    struct kr_upload second = KR_UPLOAD_NONE;
    int dir = archive(t);
    EXPECT_OK(kr_upload_create(dir, t->mem, id, 10, &meta, &at_home, &first, &t->err));
    EXPECT_FAIL(kr_upload_open(dir, t->mem, id, &second, &t->err), KR_E_BUSY);
}

TEST(more_bytes_than_announced_are_refused_and_none_of_them_kept)
{
    KR_AUTO(kr_upload_forget) struct kr_upload upload = KR_UPLOAD_NONE;
    EXPECT_OK(kr_upload_create(archive(t), t->mem, id, 4, &meta, &at_home, &upload, &t->err));
    EXPECT_FAIL(kr_upload_add(&upload, KR_STR("hello"), &t->err), KR_E_TOO_BIG);
    EXPECT_INT(upload.have, 0);
}

TEST(a_result_can_be_asked_for_again)
{
    struct kr_upload upload = KR_UPLOAD_NONE;
    int dir = archive(t);
    EXPECT_OK(kr_upload_create(dir, t->mem, id, 0, &meta, &at_home, &upload, &t->err));
    EXPECT_OK(kr_upload_finish(&upload, "{\"status\":\"added\"}", &t->err));
    kr_upload_leave(&upload);
    EXPECT_OK(kr_upload_open(dir, t->mem, id, &upload, &t->err));
    EXPECT_STR(upload.result, "{\"status\":\"added\"}");
    EXPECT_INT(upload.have, upload.length);
    kr_upload_forget(&upload);
    EXPECT_FAIL(kr_upload_open(dir, t->mem, id, &upload, &t->err), KR_E_NOT_FOUND);
}

MAIN(CASE(bytes_that_came_are_there_after_the_writer_has_gone), CASE(an_upload_has_one_writer),
     CASE(more_bytes_than_announced_are_refused_and_none_of_them_kept),
     CASE(a_result_can_be_asked_for_again))
