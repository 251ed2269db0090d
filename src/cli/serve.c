// SPDX-License-Identifier: AGPL-3.0-or-later
// The web application, and the one worker it looks after.
#include "cli/commands.h"

#include "archive/door.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "web/serve.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

enum { RESTART_MS = 5000, LOOK_MS = 500 };

extern char **environ;

// Keeps one worker running until told to stop; one that dies is started again.
struct keeper {
    const char *archive;
    pthread_t thread;
    bool running;
    int stop[2]; // a pipe, closed to say stop; the worker may not hold it open
};

static pid_t start_worker(const char *archive)
{
    char program[4096];
    ssize_t n = readlink("/proc/self/exe", program, sizeof program - 1);
    if (n <= 0)
        return -1;
    program[n] = '\0';
    char *const argv[] = {program, "-C", (char *)(uintptr_t)archive, "worker", "--child", NULL};
    posix_spawnattr_t attributes;
    sigset_t none;
    pid_t pid = -1;
    sigemptyset(&none); // the server blocks the signals that end it; the worker must hear them
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
    if (posix_spawn(&pid, program, NULL, &attributes, argv, environ) != 0)
        pid = -1;
    posix_spawnattr_destroy(&attributes);
    return pid;
}

static bool told_to_stop(struct keeper *keeper, int wait_ms)
{
    struct pollfd end = {.fd = keeper->stop[0], .events = POLLIN};
    return poll(&end, 1, wait_ms) > 0;
}

static void end_worker(pid_t pid)
{
    kill(pid, SIGTERM);
    for (int i = 0; i < 20; i++) {
        if (waitpid(pid, NULL, WNOHANG) != 0)
            return;
        usleep(100000);
    }
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
}

static void *keep_worker(void *context)
{
    struct keeper *keeper = context;
    for (bool stop = false; !stop;) {
        pid_t pid = start_worker(keeper->archive);
        int64_t began = kr_monotonic_ms();
        if (pid > 0) {
            while (!(stop = told_to_stop(keeper, LOOK_MS)) && waitpid(pid, NULL, WNOHANG) == 0)
                continue;
            if (stop)
                end_worker(pid);
        }
        if (stop)
            break;
        kr_log(KR_WARN, "worker.ended", KR_I("ms", kr_monotonic_ms() - began));
        stop = told_to_stop(keeper, RESTART_MS);
    }
    return NULL;
}

static void start_keeper(struct keeper *keeper)
{
    keeper->running = pipe2(keeper->stop, O_CLOEXEC) == 0 &&
                      pthread_create(&keeper->thread, NULL, keep_worker, keeper) == 0;
    if (!keeper->running)
        kr_log(KR_WARN, "worker.not_started", KR_I("errno", errno));
}

static void stop_keeper(struct keeper *keeper)
{
    if (!keeper->running)
        return;
    close(keeper->stop[1]);
    pthread_join(keeper->thread, NULL);
    close(keeper->stop[0]);
}

struct serving {
    struct kr_cli *cli;
    struct keeper keeper;
    bool worker;
};

// A house that is new says where it begins; whether it is must not keep it from opening.
static void tell_beginning(struct kr_cli *cli, const char *address)
{
    KR_AUTO(kr_store_close) struct kr_store *store = NULL;
    bool owned = true;
    if (kr_store_open(cli->archive, KR_STORE_READ, &store, NULL) &&
        kr_door_has_owner(store, &owned, NULL) && !owned)
        kr_cli_answer(cli, "serve.start", "address", address, NULL);
}

static void on_ready(void *context, const char *address)
{
    struct serving *serving = context;
    struct kr_cli *cli = serving->cli;
    json_t *line = kr_json_new_object();
    kr_json_set_str(line, "address", address);
    kr_cli_json(cli, line);
    kr_cli_answer(cli, "serve.ready", "address", address, NULL);
    tell_beginning(cli, address);
    fflush(stdout);
    if (serving->worker)
        start_keeper(&serving->keeper);
}

static int ending_signals(void)
{
    sigset_t ends;
    sigemptyset(&ends);
    sigaddset(&ends, SIGINT);
    sigaddset(&ends, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &ends, NULL);
    return signalfd(-1, &ends, SFD_CLOEXEC);
}

int kr_cmd_serve(struct kr_cli *cli, int argc, char **argv)
{
    const char *listen = NULL, *name = NULL;
    bool no_worker = false;
    const struct kr_option options[] = {
        {"--listen", NULL, &listen}, {"--name", NULL, &name}, {"--no-worker", &no_worker, NULL}};
    struct kr_arguments left;
    if (!kr_cli_options(cli, options, KR_COUNT(options), argc, argv, &left) || left.n)
        return kr_cli_usage(cli, "serve");
    if (!listen && (!(listen = getenv("KINREEL_LISTEN")) || !*listen))
        listen = "127.0.0.1:8420";
    KR_AUTO(kr_fd_close) int stop = ending_signals();
    struct serving serving = {
        .cli = cli, .keeper = {.archive = cli->archive}, .worker = !no_worker};
    const char *const names[] = {name, NULL};
    const struct kr_serve_params params = {.archive = cli->archive,
                                           .listen = listen,
                                           .names = names,
                                           .source = getenv("KINREEL_SOURCE"),
                                           .lang = cli->lang,
                                           .stop = stop,
                                           .ready = on_ready,
                                           .context = &serving};
    kr_log_start(KR_WARN);
    bool fine = kr_serve(&params, &cli->err);
    stop_keeper(&serving.keeper);
    return fine ? KR_EXIT_DONE : kr_cli_failed(cli);
}
