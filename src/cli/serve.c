// SPDX-License-Identifier: AGPL-3.0-or-later
// The web application, and the one worker it looks after.
#include "cli/commands.h"

#include "archive/door.h"
#include "base/certs.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "cli/reach.h"
#include "web/nearby.h"
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

enum { RESTART_MS = 5000, LOOK_MS = 500, NAMES_MOST = 16, HOME_PORT = 8420, PLAIN_PORT = 8421 };

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

static void tell_address(struct kr_cli *cli, const char *address)
{
    json_t *line = kr_json_new_object();
    kr_json_set_str(line, "address", address);
    kr_cli_json(cli, line);
    kr_cli_answer(cli, "serve.ready", "address", address, NULL);
    tell_beginning(cli, address);
}

static void on_ready(void *context, const char *address, const json_t *told)
{
    struct serving *serving = context;
    if (!told) {
        tell_address(serving->cli, address);
    } else {
        (void)!kr_cli_reach(serving->cli, told); // without its code it is served all the same
        kr_cli_answer(serving->cli, "serve.home", NULL);
    }
    fflush(stdout);
    if (serving->worker)
        start_keeper(&serving->keeper);
}

static int hear(const int *signals, size_t n)
{
    sigset_t heard;
    sigemptyset(&heard);
    for (size_t i = 0; i < n; i++)
        sigaddset(&heard, signals[i]);
    pthread_sigmask(SIG_BLOCK, &heard, NULL);
    return signalfd(-1, &heard, SFD_CLOEXEC | SFD_NONBLOCK);
}

// What stands behind serve, read.
struct words {
    const char *listen, *port, *plain_port, *cert, *key;
    const char *names[NAMES_MOST + 1];
    bool home, no_worker;
};

static bool is_name(struct kr_cli *cli, const char *typed, const char **out)
{
    char *name = kr_arena_strdup(cli->mem, typed);
    for (char *c = name; *c; c++)
        *c = *c >= 'A' && *c <= 'Z' ? (char)(*c | 0x20) : *c;
    *out = name;
    if (kr_is_host_name(name) || kr_is_address(name))
        return true;
    kr_cli_tell(cli, "reach.name", "name", typed, NULL);
    return false;
}

// Takes every --name out: an option otherwise stands once.
static bool take_names(struct kr_cli *cli, int *argc, char **argv, struct words *words)
{
    int left = 0;
    size_t n = 0;
    for (int i = 0; i < *argc; i++) {
        bool name = strcmp(argv[i], "--name") == 0 && i + 1 < *argc;
        if (!name)
            argv[left++] = argv[i];
        else if (n == NAMES_MOST || !is_name(cli, argv[++i], &words->names[n++]))
            return false;
    }
    *argc = left;
    return true;
}

static bool is_port(const char *typed, uint16_t otherwise, uint16_t *out)
{
    int64_t port = otherwise;
    bool fine = !typed || kr_parse_int(typed, 0, 65535, &port);
    *out = (uint16_t)port;
    return fine;
}

// Plain http stands beside a certificate that has to be trusted first; beside a given one only
// when it is asked for. Together with any free port of TLS it takes any free one too.
static bool read_home(const struct words *words, struct kr_serve_home *home)
{
    bool free_port = words->listen && kr_ends_with(words->listen, ":0");
    bool fine = is_port(words->port, HOME_PORT, &home->port) &&
                is_port(words->plain_port, 0, &home->plain_port) && !words->cert == !words->key &&
                !(words->listen && words->port);
    home->cert = words->cert;
    home->key = words->key;
    home->listen = words->listen;
    home->plain = words->plain_port ? home->plain_port != 0 : !words->cert;
    if (!words->plain_port && !free_port)
        home->plain_port = PLAIN_PORT;
    return fine;
}

static bool read_words(struct kr_cli *cli, int argc, char **argv, struct words *words,
                       struct kr_serve_home *home)
{
    const struct kr_option options[] = {{"--cert", NULL, &words->cert},
                                        {"--home", &words->home, NULL},
                                        {"--key", NULL, &words->key},
                                        {"--listen", NULL, &words->listen},
                                        {"--no-worker", &words->no_worker, NULL},
                                        {"--plain-port", NULL, &words->plain_port},
                                        {"--port", NULL, &words->port}};
    struct kr_arguments left;
    if (!take_names(cli, &argc, argv, words) ||
        !kr_cli_options(cli, options, KR_COUNT(options), argc, argv, &left) || left.n)
        return false;
    if (words->home)
        return read_home(words, home);
    if (!words->listen && (!(words->listen = getenv("KINREEL_LISTEN")) || !*words->listen))
        words->listen = "127.0.0.1:8420";
    return !words->port && !words->plain_port && !words->cert && !words->key;
}

static bool serve(struct kr_cli *cli, const struct words *words, const struct kr_serve_home *home,
                  int stop)
{
    struct serving serving = {
        .cli = cli, .keeper = {.archive = cli->archive}, .worker = !words->no_worker};
    const struct kr_serve_params params = {.archive = cli->archive,
                                           .listen = words->listen,
                                           .names = words->names,
                                           .source = getenv("KINREEL_SOURCE"),
                                           .lang = cli->lang,
                                           .home = words->home ? home : NULL,
                                           .stop = stop,
                                           .ready = on_ready,
                                           .context = &serving};
    kr_log_start(KR_WARN);
    bool fine = kr_serve(&params, &cli->err);
    stop_keeper(&serving.keeper);
    return fine;
}

int kr_cmd_serve(struct kr_cli *cli, int argc, char **argv)
{
    static const int ends[] = {SIGINT, SIGTERM}, looks[] = {SIGHUP};
    struct words words = {0};
    struct kr_serve_home home = {0};
    if (!read_words(cli, argc, argv, &words, &home))
        return kr_cli_usage(cli, "serve");
    KR_AUTO(kr_fd_close) int stop = hear(ends, KR_COUNT(ends));
    // A terminal that is closed ends what runs in it; a service hears the same as: look again.
    KR_AUTO(kr_fd_close) int again = isatty(STDIN_FILENO) ? -1 : hear(looks, KR_COUNT(looks));
    home.again = again;
    if (serve(cli, &words, &home, stop))
        return KR_EXIT_DONE;
    if (words.home && cli->err.code == KR_E_REFUSED && !home.listen)
        return kr_cli_rather(cli, "serve.no_owner");
    return kr_cli_failed(cli);
}
