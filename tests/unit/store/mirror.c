// SPDX-License-Identifier: AGPL-3.0-or-later
#include "store/mirror.h"
#include "store_test.h"
#include <sys/wait.h>

static const char good[] =
    "{\"seq\":7,\"id\":\"0190a1b2-c3d4-7000-8000-000000000001\","
    "\"home\":\"0190a1b2-c3d4-7000-8000-000000000002\","
    "\"subject\":\"0190a1b2-c3d4-7000-8000-000000000003\",\"predicate\":\"date\","
    "\"value\":{\"edtf\":\"1985~\"},\"who\":\"owner\",\"certain\":0.9,"
    "\"at\":\"2026-11-22T10:00:00.123Z\"}";

static bool is_claim(struct kr_test *t, const char *line)
{
    struct kr_claim claim;
    bool forgotten;
    return kr_claim_of_line(t->mem, kr_str_of(line), &claim, &forgotten, NULL);
}

// `good` with one part of it replaced.
static const char *with(struct kr_test *t, const char *part, const char *other)
{
    const char *at = strstr(good, part);
    EXPECT(at);
    return kr_arena_format(t->mem, "%.*s%s%s", (int)(at - good), good, other, at + strlen(part));
}

TEST(a_line_that_is_read_is_written_the_same)
{
    struct kr_claim claim;
    bool forgotten = true;
    EXPECT_OK(kr_claim_of_line(t->mem, KR_STR(good), &claim, &forgotten, &t->err));
    EXPECT(!forgotten);
    EXPECT_STR(claim.predicate, "date");
    EXPECT_STR(kr_json_str(claim.value, "edtf", ""), "1985~");
    EXPECT_STR(kr_claim_line(t->mem, &claim), good);
}

TEST(what_no_kinreel_would_have_written_is_refused)
{
    EXPECT(is_claim(t, good));
    EXPECT(!is_claim(t, ""));
    EXPECT(!is_claim(t, "[]"));
    EXPECT(!is_claim(t, with(t, ".123Z\"}", ".123Z\"")));
    EXPECT(!is_claim(t, with(t, "\"seq\":7", "\"seq\":0")));
    EXPECT(!is_claim(t, with(t, "\"seq\":7", "\"seq\":\"7\"")));
    EXPECT(!is_claim(t, with(t, "8000-000000000001", "8000-00000000000")));
    EXPECT(!is_claim(t, with(t, "\"certain\":0.9", "\"certain\":1.1")));
    EXPECT(!is_claim(t, with(t, "\"certain\":0.9", "\"certain\":-1e308")));
    EXPECT(!is_claim(t, with(t, "\"predicate\":\"date\"", "\"predicate\":\"\"")));
    EXPECT(!is_claim(t, with(t, "2026-11-22T", "2026-13-22T")));
    EXPECT(!is_claim(t, with(t, "\"value\":{\"edtf\":\"1985~\"},", "")));
    EXPECT(!is_claim(t, with(t, "\"who\"", "\"seq\":8,\"who\""))); // a name twice
}

static bool count_line(void *context, int64_t number, struct kr_str line, struct kr_err *err)
{
    size_t *sizes = context;
    (void)err;
    sizes[number] = line.n;
    sizes[0]++;
    return true;
}

TEST(lines_are_cut_right_wherever_the_reads_end)
{
    KR_AUTO(kr_buf_finish) struct kr_buf text = {0};
    size_t sizes[300] = {0};
    for (size_t line = 1; line < 300; line++) {
        for (size_t i = 0; i < line * 37 % 1000; i++)
            kr_buf_text(&text, "x");
        kr_buf_text(&text, "\n");
    }
    kr_buf_text(&text, "torn"); // no newline: it does not count
    FILE *file = fopen(kr_arena_format(t->mem, "%s/2026-11.jsonl", t->dir), "w");
    EXPECT(file && fwrite(text.at, 1, text.n, file) == text.n && fclose(file) == 0);
    EXPECT_OK(kr_mirror_lines(t->folder, "2026-11.jsonl", count_line, sizes, &t->err));
    EXPECT_INT(sizes[0], 299);
    for (size_t line = 1; line < 300; line++)
        EXPECT_INT(sizes[line], line * 37 % 1000);
}

TEST(only_months_are_files_of_claims)
{
    static const char *const names[] = {"2026-11.jsonl", "2026-02.jsonl", "2026-1.jsonl",
                                        "notes.jsonl",   ".lock",         "2026-11.jsonl.bak"};
    const char *const *files;
    size_t n = 0;
    for (size_t i = 0; i < KR_COUNT(names); i++)
        EXPECT(mknodat(t->folder, names[i], S_IFREG | 0644, 0) == 0);
    EXPECT_OK(kr_mirror_files(t->folder, t->mem, &files, &n, &t->err));
    EXPECT_INT(n, 2);
    EXPECT_STR(files[0], "2026-02.jsonl");
    EXPECT_STR(files[1], "2026-11.jsonl");
}

enum { WRITERS = 3, EACH = 20 };

static int say_and_write(struct kr_test *t, const char *path)
{
    KR_AUTO(kr_store_close) struct kr_store *store = NULL;
    if (!kr_store_open(path, KR_STORE_WRITE, &store, NULL))
        return 1;
    for (int i = 0; i < EACH; i++) {
        char subject[KR_UUID_TEXT] = "";
        test_say(t, store, subject, "caption", "text", "x");
        if (!kr_claims_mirror(store, NULL))
            return 1;
    }
    return 0;
}

TEST(processes_take_turns_and_no_line_is_lost_or_doubled)
{
    KR_AUTO(kr_store_close) struct kr_store *store = test_archive(t, "a");
    const char *path = kr_arena_format(t->mem, "%s/a", t->dir);
    const char *const *files;
    size_t n = 0, sizes[WRITERS * EACH + 10] = {0};
    pid_t child[WRITERS];
    for (int i = 0; i < WRITERS; i++) {
        child[i] = fork();
        if (child[i] == 0)
            _exit(say_and_write(t, path));
    }
    for (int i = 0; i < WRITERS; i++) {
        int status = 1;
        EXPECT(waitpid(child[i], &status, 0) == child[i] && status == 0);
    }
    KR_AUTO(kr_mirror_end) struct kr_mirror mirror = KR_MIRROR_NONE;
    EXPECT_OK(kr_mirror_begin(store->dir, &mirror, &t->err));
    EXPECT_OK(kr_mirror_files(mirror.dir, t->mem, &files, &n, &t->err));
    EXPECT(n >= 1);
    EXPECT_OK(kr_mirror_lines(mirror.dir, files[0], count_line, sizes, &t->err));
    EXPECT_INT(sizes[0], WRITERS * EACH);
}

MAIN(CASE(a_line_that_is_read_is_written_the_same),
     CASE(what_no_kinreel_would_have_written_is_refused),
     CASE(lines_are_cut_right_wherever_the_reads_end), CASE(only_months_are_files_of_claims),
     CASE(processes_take_turns_and_no_line_is_lost_or_doubled))
