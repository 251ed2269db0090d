// SPDX-License-Identifier: AGPL-3.0-or-later
// Attempts to get out of a sealed worker.
#include "wall/seal.h"

#include "harness.h"
#include "wall/wall.h"
#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static struct kr_wall *wall_of(struct kr_test *t)
{
    struct kr_wall *wall = NULL;
    EXPECT_OK(kr_wall_open(
        &(struct kr_wall_params){.workers = 1, .program = getenv("KINREEL_TEST_WORKER")}, &wall,
        &t->err));
    return wall;
}

static const char *surprises(struct kr_test *t, enum kr_task_class task_class)
{
    KR_AUTO(kr_wall_close) struct kr_wall *wall = wall_of(t);
    KR_AUTO(kr_json_drop) json_t *answer = NULL;
    KR_AUTO(kr_json_drop) json_t *args = kr_json_new_object();
    kr_json_set_bool(args, "scratch", task_class == KR_TASK_FILM);
    KR_AUTO(kr_fd_close) int fd = kr_test_bytes("reel", 4);
    const struct kr_question question = {
        .task = "tries", .task_class = task_class, .args = args, .fds = &fd, .fd_count = 1};
    EXPECT_OK(kr_wall_ask(wall, &question, &answer, &t->err));
    return kr_json_text(t->mem, answer);
}

TEST(a_sealed_worker_can_work_but_not_get_out)
{
    EXPECT_STR(surprises(t, KR_TASK_PICTURE), "{\"surprises\":[]}");
    EXPECT_STR(surprises(t, KR_TASK_FILM), "{\"surprises\":[]}");
}

TEST(starting_a_process_or_changing_a_file_ends_the_worker)
{
    KR_AUTO(kr_wall_close) struct kr_wall *wall = wall_of(t);
    KR_AUTO(kr_fd_close) int file = openat(t->folder, "original", O_RDWR | O_CREAT, 0600);
    const char *const whats[] = {"fork", "exec", "ptrace", "chmod"};
    for (size_t i = 0; i < KR_COUNT(whats); i++) {
        json_t *answer;
        KR_AUTO(kr_json_drop) json_t *args = kr_json_new_object();
        kr_json_set_str(args, "what", whats[i]);
        const struct kr_question question = {
            .task = "tries_worse", .args = args, .fds = &file, .fd_count = 1};
        EXPECT_FAIL(kr_wall_ask(wall, &question, &answer, &t->err), KR_E_DAMAGED);
        EXPECT(strstr(t->err.text, "SIGSYS"));
    }
    struct stat about;
    EXPECT(fstat(file, &about) == 0 && (about.st_mode & 0777) == 0600);
    EXPECT(unlinkat(t->folder, "original", 0) == 0);
}

// In a child of the test: 0 when `limits` did what they should.
static int sealed_child(struct kr_test *t, int (*attempt)(void),
                        const struct kr_seal_limits *limits)
{
    pid_t child = fork();
    if (child == 0) {
        struct kr_seal_report report;
        _exit(kr_seal(limits, &report, &t->err) ? attempt() : 99);
    }
    int status;
    waitpid(child, &status, 0);
    return status;
}

static int write_too_much(void)
{
    char bytes[2048] = "";
    return write(0, bytes, sizeof bytes) == sizeof bytes ? 0 : 1;
}

TEST(a_file_too_large_ends_the_writer)
{
    const struct kr_seal_limits limits = {
        .memory = 64 << 20, .file_bytes = 1024, .cpu_s = 10, .files = 64};
    int before = dup(0);
    KR_AUTO(kr_fd_close) int file = openat(t->folder, "out", O_RDWR | O_CREAT, 0600);
    EXPECT(dup2(file, 0) == 0);
    int status = sealed_child(t, write_too_much, &limits);
    struct stat about;
    fstat(file, &about);
    dup2(before, 0);
    close(before);
    EXPECT(about.st_size <= 1024);
    EXPECT(WIFSIGNALED(status) ? WTERMSIG(status) == SIGXFSZ : WEXITSTATUS(status) == 1);
    EXPECT(unlinkat(t->folder, "out", 0) == 0);
}

static int take_memory(void)
{
    const int flags = MAP_PRIVATE | MAP_ANONYMOUS;
    void *small = mmap(NULL, 16 << 20, PROT_READ | PROT_WRITE, flags, -1, 0);
    void *large = mmap(NULL, 96 << 20, PROT_READ | PROT_WRITE, flags, -1, 0);
    return small != MAP_FAILED && large == MAP_FAILED ? 0 : 1;
}

TEST(memory_is_limited_beyond_what_was_there)
{
    const struct kr_seal_limits limits = {
        .memory = 64 << 20, .file_bytes = 1024, .cpu_s = 10, .files = 64};
    EXPECT_INT(sealed_child(t, take_memory, &limits), 0);
}

static int spin(void)
{
    volatile bool goes_on = true;
    while (goes_on)
        ;
    return 0;
}

TEST(processor_time_ends)
{
    const struct kr_seal_limits limits = {
        .memory = 64 << 20, .file_bytes = 1024, .cpu_s = 1, .files = 64};
    int status = sealed_child(t, spin, &limits);
    EXPECT(WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU);
}

MAIN(CASE(a_sealed_worker_can_work_but_not_get_out),
     CASE(starting_a_process_or_changing_a_file_ends_the_worker),
     CASE(a_file_too_large_ends_the_writer), CASE(memory_is_limited_beyond_what_was_there),
     CASE(processor_time_ends))
