// SPDX-License-Identifier: AGPL-3.0-or-later
#include "store/tmp.h"
#include "harness.h"
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static bool exists(struct kr_test *t, const char *path)
{
    return faccessat(t->folder, path, F_OK, 0) == 0;
}

static void put_file(struct kr_test *t, const char *path)
{
    KR_AUTO(kr_fd_close) int fd = openat(t->folder, path, O_CREAT | O_RDWR, 0644);
    EXPECT(fd >= 0);
}

static void age_by_days(struct kr_test *t, const char *path, int days)
{
    time_t then = time(NULL) - days * 24 * 60 * 60;
    const struct timespec times[2] = {{.tv_sec = then}, {.tv_sec = then}};
    EXPECT(utimensat(t->folder, path, times, 0) == 0);
}

TEST(a_sweep_leaves_folders_somebody_works_in)
{
    KR_AUTO(kr_tmp_end) struct kr_tmp tmp = KR_TMP_NONE;
    EXPECT_OK(kr_tmp_begin(t->folder, &tmp, &t->err));
    put_file(t, kr_arena_format(t->mem, "%s/half", tmp.path));
    EXPECT_OK(kr_tmp_sweep(t->folder, &t->err));
    EXPECT(exists(t, kr_arena_format(t->mem, "%s/half", tmp.path)));
    kr_tmp_end(&tmp);
    EXPECT(unlinkat(t->folder, "tmp", AT_REMOVEDIR) == 0); // ending leaves nothing
}

TEST(a_sweep_takes_what_a_dead_process_left)
{
    pid_t child = fork();
    if (child == 0) {
        struct kr_tmp tmp = KR_TMP_NONE;
        if (!kr_tmp_begin(t->folder, &tmp, NULL))
            _exit(1);
        _exit(mkdirat(tmp.fd, "deep", 0700) == 0 ? 0 : 1);
    }
    int status = 1;
    EXPECT(waitpid(child, &status, 0) == child && status == 0);
    EXPECT(unlinkat(t->folder, "tmp", AT_REMOVEDIR) != 0); // something is there
    EXPECT_OK(kr_tmp_sweep(t->folder, &t->err));
    EXPECT(unlinkat(t->folder, "tmp", AT_REMOVEDIR) == 0);
}

TEST(an_upload_waits_for_days_and_no_longer)
{
    KR_AUTO(kr_tmp_end) struct kr_tmp tmp = KR_TMP_NONE;
    EXPECT_OK(kr_tmp_upload(t->folder, "0190-ab", true, &tmp, &t->err));
    put_file(t, "tmp/upload-0190-ab/data");
    kr_tmp_leave(&tmp);
    EXPECT_OK(kr_tmp_sweep(t->folder, &t->err));
    EXPECT(exists(t, "tmp/upload-0190-ab/data"));
    age_by_days(t, "tmp/upload-0190-ab", KR_TMP_UPLOAD_DAYS + 1);
    EXPECT_OK(kr_tmp_sweep(t->folder, &t->err)); // its file is young still
    EXPECT(exists(t, "tmp/upload-0190-ab/data"));
    age_by_days(t, "tmp/upload-0190-ab/data", KR_TMP_UPLOAD_DAYS + 1);
    EXPECT_OK(kr_tmp_sweep(t->folder, &t->err));
    EXPECT(!exists(t, "tmp/upload-0190-ab"));
}

TEST(one_writer_at_a_time_to_an_upload)
{
    KR_AUTO(kr_tmp_end) struct kr_tmp first = KR_TMP_NONE;
    struct kr_tmp second = KR_TMP_NONE;
    EXPECT_FAIL(kr_tmp_upload(t->folder, "a", false, &first, &t->err), KR_E_NOT_FOUND);
    EXPECT_OK(kr_tmp_upload(t->folder, "a", true, &first, &t->err));
    EXPECT_FAIL(kr_tmp_upload(t->folder, "a", true, &second, &t->err), KR_E_BUSY);
    EXPECT_FAIL(kr_tmp_upload(t->folder, "../a", true, &second, &t->err), KR_E_INVALID);
    EXPECT_FAIL(kr_tmp_upload(t->folder, "", true, &second, &t->err), KR_E_INVALID);
    kr_tmp_leave(&first);
    EXPECT_OK(kr_tmp_upload(t->folder, "a", false, &second, &t->err));
    kr_tmp_end(&second);
    EXPECT(!exists(t, "tmp/upload-a"));
}

TEST(passing_names_go_after_a_day_and_a_familys_file_never)
{
    static const char passing[] = "claims/0123456789abcdef0123456789abcdef";
    EXPECT(mkdirat(t->folder, "claims", 0777) == 0 && mkdirat(t->folder, "tmp", 0777) == 0);
    put_file(t, passing);
    put_file(t, "claims/2026-11.jsonl");
    put_file(t, "tmp/notes");
    EXPECT_OK(kr_tmp_sweep(t->folder, &t->err));
    EXPECT(exists(t, passing));
    age_by_days(t, passing, 2);
    age_by_days(t, "claims/2026-11.jsonl", 2000);
    age_by_days(t, "tmp/notes", 2000);
    EXPECT_OK(kr_tmp_sweep(t->folder, &t->err));
    EXPECT(!exists(t, passing));
    EXPECT(exists(t, "claims/2026-11.jsonl") && exists(t, "tmp/notes"));
}

TEST(a_recording_is_never_swept_with_the_rest)
{
    struct kr_tmp tmp = KR_TMP_NONE, other;
    EXPECT_OK(kr_tmp_recording(t->folder, "0190-ab", true, &tmp, &t->err));
    EXPECT_FAIL(kr_tmp_recording(t->folder, "0190-ab", false, &other, &t->err), KR_E_BUSY);
    put_file(t, "tmp/recording-0190-ab/piece");
    kr_tmp_leave(&tmp);
    age_by_days(t, "tmp/recording-0190-ab/piece", 400);
    age_by_days(t, "tmp/recording-0190-ab", 400);
    EXPECT_OK(kr_tmp_sweep(t->folder, &t->err));
    EXPECT(exists(t, "tmp/recording-0190-ab/piece"));
    EXPECT_STR(kr_tmp_recording_id("recording-0190-ab"), "0190-ab");
    EXPECT(!kr_tmp_recording_id("upload-0190-ab") && !kr_tmp_recording_id("recording-../x"));
    EXPECT_FAIL(kr_tmp_recording(t->folder, "0190-cd", false, &other, &t->err), KR_E_NOT_FOUND);
}

MAIN(CASE(a_sweep_leaves_folders_somebody_works_in), CASE(a_sweep_takes_what_a_dead_process_left),
     CASE(an_upload_waits_for_days_and_no_longer), CASE(one_writer_at_a_time_to_an_upload),
     CASE(passing_names_go_after_a_day_and_a_familys_file_never),
     CASE(a_recording_is_never_swept_with_the_rest))
