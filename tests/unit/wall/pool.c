// SPDX-License-Identifier: AGPL-3.0-or-later
// Many questions, few workers.
#include "wall/pool_priv.h"

#include "harness.h"
#include <dirent.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { THREADS = 4, EACH = 25 };

static struct kr_wall *wall_of(struct kr_test *t, int workers)
{
    struct kr_wall *wall = NULL;
    const struct kr_wall_params params = {.workers = workers,
                                          .program = getenv("KINREEL_TEST_WORKER")};
    EXPECT_OK(kr_wall_open(&params, &wall, &t->err));
    return wall;
}

static int64_t ask(struct kr_wall *wall, const char *task, const char *member)
{
    KR_AUTO(kr_json_drop) json_t *answer = NULL;
    const struct kr_question question = {.task = task};
    struct kr_err err;
    if (kr_wall_ask(wall, &question, &answer, &err))
        return kr_json_int(answer, member, -1);
    return -1;
}

static int children(void) // living ones and zombies
{
    char path[64], text[4096] = "";
    kr_format(path, sizeof path, "/proc/self/task");
    DIR *dir = opendir(path);
    int n = 0;
    for (struct dirent *entry; (entry = readdir(dir));) {
        if (entry->d_name[0] == '.')
            continue;
        kr_format(path, sizeof path, "/proc/self/task/%.16s/children", entry->d_name);
        FILE *file = fopen(path, "re");
        size_t got = file ? fread(text, 1, sizeof text - 1, file) : 0;
        for (size_t i = 0; i < got; i++)
            n += text[i] == ' ';
        if (file)
            fclose(file);
    }
    closedir(dir);
    return n;
}

struct asker {
    struct kr_wall *wall;
    int number;
    int right;
};

static void *ask_many(void *context)
{
    struct asker *asker = context;
    for (int i = 0; i < EACH; i++) {
        char text[32];
        kr_format(text, sizeof text, "asker %d, question %d", asker->number, i);
        KR_AUTO(kr_fd_close) int fd = kr_test_bytes(text, strlen(text));
        KR_AUTO(kr_json_drop) json_t *answer = NULL;
        const struct kr_question question = {.task = "echo", .fds = &fd, .fd_count = 1};
        if (kr_wall_ask(asker->wall, &question, &answer, NULL)) {
            const json_t *texts = kr_json_get(answer, "texts");
            asker->right += strcmp(json_string_value(json_array_get(texts, 0)), text) == 0;
        }
    }
    return NULL;
}

TEST(a_hundred_questions_of_four_threads_each_get_their_own_answer)
{
    int before = kr_test_open_fds();
    struct kr_wall *wall = wall_of(t, 2);
    struct asker askers[THREADS];
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++) {
        askers[i] = (struct asker){wall, i, 0};
        pthread_create(&threads[i], NULL, ask_many, &askers[i]);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        EXPECT_INT(askers[i].right, EACH);
    }
    EXPECT(children() <= 2);
    kr_wall_close(&wall);
    EXPECT_INT(children(), 0);
    EXPECT_INT(kr_test_open_fds(), before);
}

TEST(a_worker_retires_after_its_fill)
{
    KR_AUTO(kr_wall_close) struct kr_wall *wall = wall_of(t, 1);
    for (int i = 1; i <= KR_QUESTIONS_A_LIFE; i++)
        EXPECT_INT(ask(wall, "echo", "served"), i);
    EXPECT_INT(ask(wall, "echo", "served"), 1);
    EXPECT_INT(children(), 1);
}

TEST(a_worker_that_found_damage_does_not_meet_the_next_file)
{
    KR_AUTO(kr_wall_close) struct kr_wall *wall = wall_of(t, 1);
    int64_t first = ask(wall, "echo", "pid");
    EXPECT_INT(ask(wall, "echo", "pid"), first);
    EXPECT_INT(ask(wall, "damaged", "pid"), -1);
    EXPECT(ask(wall, "echo", "pid") != first);
}

static void *ask_once(void *context)
{
    struct asker *asker = context;
    asker->right = (int)ask(asker->wall, "echo", "pid");
    return NULL;
}

TEST(a_worker_outlives_the_thread_that_asked_first)
{
    KR_AUTO(kr_wall_close) struct kr_wall *wall = wall_of(t, 1);
    struct asker asker = {.wall = wall};
    pthread_t thread;
    pthread_create(&thread, NULL, ask_once, &asker);
    pthread_join(thread, NULL);
    usleep(20000);
    EXPECT_INT(ask(wall, "echo", "pid"), asker.right);
}

// Asks in a process of its own, tells the worker's id, and hangs on a question.
static void ask_and_hang(struct kr_test *t, int tell)
{
    struct kr_wall *wall = wall_of(t, 1);
    int64_t pid = ask(wall, "echo", "pid");
    if (write(tell, &pid, sizeof pid) == sizeof pid)
        ask(wall, "hang", "pid");
    _exit(0);
}

TEST(a_busy_worker_dies_with_its_asker)
{
    int ends[2], status;
    int64_t worker = 0;
    prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); // so that the orphan is ours to see
    EXPECT(pipe(ends) == 0);
    pid_t asker = fork();
    if (asker == 0)
        ask_and_hang(t, ends[1]);
    close(ends[1]);
    EXPECT_INT(read(ends[0], &worker, sizeof worker), sizeof worker);
    close(ends[0]);
    usleep(50000); // the question to hang on is on its way
    kill(asker, SIGKILL);
    EXPECT_INT(waitpid(asker, &status, 0), asker);
    EXPECT_INT(waitpid((pid_t)worker, &status, 0), worker);
    EXPECT(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
}

TEST(an_idle_worker_that_was_killed_is_replaced_unseen)
{
    KR_AUTO(kr_wall_close) struct kr_wall *wall = wall_of(t, 1);
    int64_t first = ask(wall, "echo", "pid");
    EXPECT(kill((pid_t)first, SIGKILL) == 0);
    int64_t second = ask(wall, "echo", "pid");
    EXPECT(second > 0 && second != first);
}

MAIN(CASE(a_hundred_questions_of_four_threads_each_get_their_own_answer),
     CASE(a_worker_retires_after_its_fill),
     CASE(a_worker_that_found_damage_does_not_meet_the_next_file),
     CASE(a_worker_outlives_the_thread_that_asked_first), CASE(a_busy_worker_dies_with_its_asker),
     CASE(an_idle_worker_that_was_killed_is_replaced_unseen))
