// SPDX-License-Identifier: AGPL-3.0-or-later
#include "wall/wall.h"

#include "base/clock.h"
#include "harness.h"
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static struct kr_wall *wall_of(struct kr_test *t)
{
    struct kr_wall *wall = NULL;
    const struct kr_wall_params params = {.workers = 1, .program = getenv("KINREEL_TEST_WORKER")};
    EXPECT_OK(kr_wall_open(&params, &wall, &t->err));
    return wall;
}

static bool no_child_is_left(void)
{
    return waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD;
}

static bool ask(struct kr_test *t, struct kr_wall *wall, const struct kr_question *question)
{
    KR_AUTO(kr_json_drop) json_t *answer = NULL;
    return kr_wall_ask(wall, question, &answer, &t->err);
}

TEST(a_question_goes_there_and_its_answer_comes_back)
{
    KR_AUTO(kr_wall_close) struct kr_wall *wall = wall_of(t);
    KR_AUTO(kr_json_drop) json_t *args = kr_json_new_object(), *answer = NULL;
    kr_json_set_str(args, "题", "外婆的院子");
    KR_AUTO(kr_fd_close) int one = kr_test_bytes("gate", 4), two = kr_test_bytes("yard", 4);
    const int fds[] = {one, two};
    for (int i = 0; i < 2; i++) { // asking twice: the worker reads from the start each time
        const enum kr_task_class classes[] = {KR_TASK_PICTURE, KR_TASK_FILM};
        const struct kr_question question = {
            .task = "echo", .task_class = classes[i], .args = args, .fds = fds, .fd_count = 2};
        kr_json_drop(&answer);
        EXPECT_OK(kr_wall_ask(wall, &question, &answer, &t->err));
        EXPECT(json_equal(kr_json_get(answer, "args"), args));
        EXPECT_STR(kr_json_text(t->mem, kr_json_get(answer, "texts")), "[\"gate\",\"yard\"]");
    }
}

TEST(the_workers_own_error_comes_back_with_its_code_and_words)
{
    KR_AUTO(kr_wall_close) struct kr_wall *wall = wall_of(t);
    KR_AUTO(kr_json_drop) json_t *args = kr_json_new_object();
    kr_json_set_str(args, "code", "unsupported");
    kr_json_set_str(args, "text", "this is a spreadsheet");
    const struct kr_question question = {.task = "damaged", .args = args};
    EXPECT_FAIL(ask(t, wall, &question), KR_E_UNSUPPORTED);
    EXPECT_STR(t->err.text, "task 'damaged': this is a spreadsheet");
    EXPECT_FAIL(ask(t, wall, &(struct kr_question){.task = "no such"}), KR_E_UNSUPPORTED);
    EXPECT_FAIL(ask(t, wall, &(struct kr_question){.task = "tries"}), KR_E_INVALID);
    EXPECT_FAIL(ask(t, wall, &(struct kr_question){.task = "huge"}), KR_E_TOO_BIG);
}

TEST(every_end_of_a_worker_is_an_error_and_no_harm)
{
    int before = kr_test_open_fds();
    struct kr_wall *wall = wall_of(t);
    const enum kr_task_class classes[] = {KR_TASK_PICTURE, KR_TASK_FILM};
    for (int i = 0; i < 2; i++) {
        struct kr_question crash = {.task = "crash", .task_class = classes[i]};
        struct kr_question grow = {.task = "grow", .task_class = classes[i]};
        struct kr_question hang = {.task = "hang", .task_class = classes[i], .timeout_s = 1};
        EXPECT_FAIL(ask(t, wall, &crash), KR_E_DAMAGED);
        EXPECT(strstr(t->err.text, "SIGSEGV"));
        EXPECT_FAIL(ask(t, wall, &grow), KR_E_TOO_BIG);
        int64_t asked = kr_monotonic_ms();
        EXPECT_FAIL(ask(t, wall, &hang), KR_E_TIMEOUT);
        EXPECT(kr_monotonic_ms() - asked < 3000);
        EXPECT_OK(ask(t, wall, &(struct kr_question){.task = "echo", .task_class = classes[i]}));
    }
    kr_wall_close(&wall);
    EXPECT_INT(kr_test_open_fds(), before);
    EXPECT(no_child_is_left());
}

static bool fails_with(struct kr_test *t, struct kr_wall *wall, const char *name, int value,
                       const char *words)
{
    KR_AUTO(kr_json_drop) json_t *args = kr_json_new_object();
    kr_json_set_int(args, "signal", 0);
    kr_json_set_int(args, name, value);
    struct kr_question crash = {.task = "crash", .args = args};
    bool failed = !ask(t, wall, &crash);
    return failed && strstr(t->err.text, words);
}

TEST(how_a_worker_died_is_told)
{
    KR_AUTO(kr_wall_close) struct kr_wall *wall = wall_of(t);
    EXPECT(fails_with(t, wall, "signal", SIGABRT, "SIGABRT") && t->err.code == KR_E_DAMAGED);
    EXPECT(fails_with(t, wall, "signal", SIGKILL, "from outside") && t->err.code == KR_E_TOO_BIG);
    EXPECT(fails_with(t, wall, "signal", SIGXCPU, "processor") && t->err.code == KR_E_TIMEOUT);
    EXPECT(fails_with(t, wall, "signal", SIGXFSZ, "wrote more") && t->err.code == KR_E_TOO_BIG);
    EXPECT(fails_with(t, wall, "status", 7, "status 7") && t->err.code == KR_E_DAMAGED);
}

// (2): what an earlier file left behind in a worker is not the next file's fault.
TEST(a_question_that_met_a_worn_worker_is_asked_again_of_a_fresh_one)
{
    KR_AUTO(kr_wall_close) struct kr_wall *wall = wall_of(t);
    EXPECT_OK(ask(t, wall, &(struct kr_question){.task = "echo"}));
    EXPECT_OK(ask(t, wall, &(struct kr_question){.task = "crash_if_worn"}));
    EXPECT_OK(ask(t, wall, &(struct kr_question){.task = "echo"}));
    EXPECT_OK(ask(t, wall, &(struct kr_question){.task = "hang_if_worn", .timeout_s = 1}));
}

struct watcher {
    int calls, most;
    double last;
    bool falling;
};

static bool watch(void *context, double done)
{
    struct watcher *watcher = context;
    watcher->falling = watcher->falling || done < watcher->last;
    watcher->last = done;
    return ++watcher->calls < watcher->most;
}

static struct kr_question watched(struct watcher *watcher, const json_t *args)
{
    return (struct kr_question){.task = "progress",
                                .task_class = KR_TASK_FILM,
                                .args = args,
                                .progress = watch,
                                .context = watcher};
}

TEST(a_long_task_tells_how_far_it_is)
{
    KR_AUTO(kr_wall_close) struct kr_wall *wall = wall_of(t);
    KR_AUTO(kr_json_drop) json_t *args = kr_json_new_object();
    kr_json_set_int(args, "steps", 60);
    struct watcher watcher = {.most = 1000};
    const struct kr_question question = watched(&watcher, args);
    EXPECT_OK(ask(t, wall, &question));
    EXPECT(watcher.calls >= 2 && watcher.last > 0.3 && watcher.last < 1 && !watcher.falling);
}

TEST(a_long_task_can_be_called_off)
{
    KR_AUTO(kr_wall_close) struct kr_wall *wall = wall_of(t);
    struct watcher watcher = {.most = 1};
    const enum kr_task_class classes[] = {KR_TASK_PICTURE, KR_TASK_FILM};
    for (int i = 0; i < 2; i++) {
        struct kr_question question = watched(&watcher, NULL);
        question.task = "hang"; // it never speaks, and still hears us
        question.task_class = classes[i];
        int64_t asked = kr_monotonic_ms();
        EXPECT_FAIL(ask(t, wall, &question), KR_E_INTERRUPTED);
        EXPECT(kr_monotonic_ms() - asked < 2000);
    }
    EXPECT_OK(ask(t, wall, &(struct kr_question){.task = "echo"}));
}

static void *hold_the_worker(void *context)
{
    json_t *answer;
    KR_AUTO(kr_json_drop) json_t *args = kr_json_new_object();
    kr_json_set_int(args, "steps", 40); // 0.8 s
    const struct kr_question question = {.task = "progress", .args = args};
    if (kr_wall_ask(context, &question, &answer, NULL))
        kr_json_drop(&answer);
    return NULL;
}

TEST(who_waits_for_a_turn_can_be_called_off_too)
{
    KR_AUTO(kr_wall_close) struct kr_wall *wall = wall_of(t);
    struct watcher watcher = {.most = 1};
    pthread_t holder;
    pthread_create(&holder, NULL, hold_the_worker, wall);
    usleep(100000);
    const struct kr_question question = {.task = "echo", .progress = watch, .context = &watcher};
    EXPECT_FAIL(ask(t, wall, &question), KR_E_INTERRUPTED);
    pthread_join(holder, NULL);
}

TEST(a_descriptor_that_is_none_is_told_at_once)
{
    KR_AUTO(kr_wall_close) struct kr_wall *wall = wall_of(t);
    const int fds[] = {-1};
    int64_t asked = kr_monotonic_ms();
    EXPECT_FAIL(ask(t, wall, &(struct kr_question){.task = "echo", .fds = fds, .fd_count = 1}),
                KR_E_INTERNAL);
    EXPECT(kr_monotonic_ms() - asked < 2000);
    EXPECT_OK(ask(t, wall, &(struct kr_question){.task = "echo"}));
}

TEST(a_missing_program_is_told)
{
    KR_AUTO(kr_wall_close) struct kr_wall *wall = NULL;
    const struct kr_wall_params params = {.program = "/nowhere/kinreel-media"};
    EXPECT_OK(kr_wall_open(&params, &wall, &t->err));
    EXPECT_FAIL(ask(t, wall, &(struct kr_question){.task = "echo"}), KR_E_NOT_FOUND);
    EXPECT_FAIL(ask(t, wall, &(struct kr_question){.task = "echo", .task_class = KR_TASK_FILM}),
                KR_E_NOT_FOUND);
}

TEST(the_program_is_found_beside_ours_or_where_the_environment_says)
{
    KR_AUTO(kr_wall_close) struct kr_wall *wall = NULL, *beside = NULL;
    const struct kr_wall_params params = {0};
    const char *worker = getenv("KINREEL_TEST_WORKER");
    EXPECT(worker);
    setenv("KINREEL_MEDIA", worker, 1);
    EXPECT_OK(kr_wall_open(&params, &wall, &t->err));
    EXPECT_OK(ask(t, wall, &(struct kr_question){.task = "echo"}));
    unsetenv("KINREEL_MEDIA");
    EXPECT_OK(kr_wall_open(&params, &beside, &t->err));
    EXPECT_FAIL(ask(t, beside, &(struct kr_question){.task = "echo"}), KR_E_NOT_FOUND);
    EXPECT(strstr(t->err.text, "/tests/unit/wall/kinreel-media"));
}

MAIN(CASE(a_question_goes_there_and_its_answer_comes_back),
     CASE(the_workers_own_error_comes_back_with_its_code_and_words),
     CASE(every_end_of_a_worker_is_an_error_and_no_harm), CASE(how_a_worker_died_is_told),
     CASE(a_question_that_met_a_worn_worker_is_asked_again_of_a_fresh_one),
     CASE(a_long_task_tells_how_far_it_is), CASE(a_long_task_can_be_called_off),
     CASE(who_waits_for_a_turn_can_be_called_off_too),
     CASE(a_descriptor_that_is_none_is_told_at_once), CASE(a_missing_program_is_told),
     CASE(the_program_is_found_beside_ours_or_where_the_environment_says))
