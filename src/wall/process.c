// SPDX-License-Identifier: AGPL-3.0-or-later
#include "wall/process_priv.h"

#include "base/clock.h"
#include "base/file.h"
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { GRACE_MS = 200, HELLO_MS = 10000 };

static const struct kr_class classes[] = {
    [KR_TASK_PICTURE] = {.timeout_s = 60, .memory_mb = 1 << 10, .file_mb = 4 << 10, .cpu_s = 7200},
    [KR_TASK_FILM] = {.timeout_s = 12 * 3600,
                      .memory_mb = 3 << 10,
                      .file_mb = 256 << 10,
                      .cpu_s = 20 * 24 * 3600,
                      .scratch = true},
};

const struct kr_class *kr_class_of(enum kr_task_class task_class)
{
    assert((size_t)task_class < KR_COUNT(classes));
    return &classes[task_class];
}

// The environment may hold a database's password: only this goes along.
static const char *const passed_on[] = {
    "ASAN_OPTIONS",  "FONTCONFIG_FILE", "FONTCONFIG_PATH", "HOME",          "KINREEL_LOG",  "LANG",
    "LC_ALL",        "LC_CTYPE",        "LD_LIBRARY_PATH", "LSAN_OPTIONS",  "TSAN_OPTIONS", "TZ",
    "UBSAN_OPTIONS", "XDG_CACHE_HOME",  "XDG_CONFIG_HOME", "XDG_DATA_HOME",
};

struct order { // one child to be made, on the stack of whoever waits for it
    int child_end;
    pid_t pid;
    int cause; // errno of posix_spawn
    bool done;
};

struct kr_spawner {
    char *program;
    bool show_stderr;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct order *order; // the one in hand
    bool closing;
};

static char **new_environment(void)
{
    char **env = kr_new_array(char *, KR_COUNT(passed_on) + 1);
    size_t n = 0;
    for (size_t i = 0; i < KR_COUNT(passed_on); i++) {
        const char *value = getenv(passed_on[i]);
        if (!value)
            continue;
        size_t size = strlen(passed_on[i]) + strlen(value) + sizeof "=";
        env[n] = kr_alloc(size);
        kr_format(env[n++], size, "%s=%s", passed_on[i], value);
    }
    return env;
}

static void drop_environment(char ***env)
{
    for (char **entry = *env; *entry; entry++)
        kr_free(entry);
    kr_free(env);
}

// The channel goes first to its place: it may itself lie on 0, 1 or 2.
static int plan_files(posix_spawn_file_actions_t *plan, int child_end, bool show_stderr)
{
    int failed = posix_spawn_file_actions_adddup2(plan, child_end, KR_CHANNEL_FD);
    failed |= posix_spawn_file_actions_addopen(plan, 0, "/dev/null", O_RDONLY, 0);
    failed |= posix_spawn_file_actions_addopen(plan, 1, "/dev/null", O_WRONLY, 0);
    if (!show_stderr)
        failed |= posix_spawn_file_actions_addopen(plan, 2, "/dev/null", O_WRONLY, 0);
    return failed | posix_spawn_file_actions_addclosefrom_np(plan, KR_CHANNEL_FD + 1);
}

static int plan_signals(posix_spawnattr_t *how)
{
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    return posix_spawnattr_setflags(how, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK |
                                             POSIX_SPAWN_SETSIGDEF) |
           posix_spawnattr_setsigmask(how, &none) | posix_spawnattr_setsigdefault(how, &all);
}

static int spawn(const struct kr_spawner *spawner, struct order *order)
{
    posix_spawn_file_actions_t plan;
    posix_spawnattr_t how;
    posix_spawn_file_actions_init(&plan);
    posix_spawnattr_init(&how);
    KR_AUTO(drop_environment) char **env = new_environment();
    char *args[] = {(char[]){"kinreel-media"}, (char[]){"--channel"}, (char[]){"3"}, NULL};
    int cause = ENOMEM; // the only way a plan fails
    if (!plan_files(&plan, order->child_end, spawner->show_stderr) && !plan_signals(&how))
        cause = posix_spawn(&order->pid, spawner->program, &plan, &how, args, env);
    posix_spawn_file_actions_destroy(&plan);
    posix_spawnattr_destroy(&how);
    return cause;
}

static void *make_children(void *context)
{
    struct kr_spawner *spawner = context;
    pthread_mutex_lock(&spawner->lock);
    while (!spawner->closing) {
        struct order *order = spawner->order;
        if (order && !order->done) {
            order->cause = spawn(spawner, order);
            order->done = true;
            pthread_cond_broadcast(&spawner->changed);
        } else {
            pthread_cond_wait(&spawner->changed, &spawner->lock);
        }
    }
    pthread_mutex_unlock(&spawner->lock);
    return NULL;
}

// The program's signals are for its other threads.
static int start_quietly(struct kr_spawner *spawner)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int cause = pthread_create(&spawner->thread, NULL, make_children, spawner);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return cause;
}

bool kr_spawner_open(const char *program, struct kr_spawner **out, struct kr_err *err)
{
    struct kr_spawner *spawner = kr_new(struct kr_spawner);
    const char *wish = getenv("KINREEL_LOG");
    spawner->program = kr_strdup(program);
    spawner->show_stderr = wish && strcmp(wish, "debug") == 0;
    pthread_mutex_init(&spawner->lock, NULL);
    pthread_cond_init(&spawner->changed, NULL);
    int cause = start_quietly(spawner);
    if (cause == 0) {
        *out = spawner;
        return true;
    }
    kr_free(&spawner->program);
    kr_free(&spawner);
    errno = cause;
    return kr_fail_errno(err, "start the thread that starts workers");
}

void kr_spawner_close(struct kr_spawner **spawner)
{
    struct kr_spawner *it = *spawner;
    if (!it)
        return;
    pthread_mutex_lock(&it->lock);
    it->closing = true;
    pthread_cond_broadcast(&it->changed);
    pthread_mutex_unlock(&it->lock);
    pthread_join(it->thread, NULL);
    pthread_cond_destroy(&it->changed);
    pthread_mutex_destroy(&it->lock);
    kr_free(&it->program);
    kr_free(spawner);
}

static void hand_in(struct kr_spawner *spawner, struct order *order)
{
    pthread_mutex_lock(&spawner->lock);
    while (spawner->order)
        pthread_cond_wait(&spawner->changed, &spawner->lock);
    spawner->order = order;
    pthread_cond_broadcast(&spawner->changed);
    while (!order->done)
        pthread_cond_wait(&spawner->changed, &spawner->lock);
    spawner->order = NULL;
    pthread_cond_broadcast(&spawner->changed);
    pthread_mutex_unlock(&spawner->lock);
}

static bool tell_limits(struct kr_process *process, const struct kr_class *limits,
                        struct kr_err *err)
{
    KR_AUTO(kr_json_drop) json_t *hello = kr_json_new_object();
    kr_json_set_int(hello, "memory_mb", limits->memory_mb);
    kr_json_set_int(hello, "file_mb", limits->file_mb);
    kr_json_set_int(hello, "cpu_s", limits->cpu_s);
    kr_json_set_bool(hello, "scratch", limits->scratch);
    struct kr_patience patience = {.until_ms = kr_monotonic_ms() + HELLO_MS};
    return kr_channel_send(process->channel, hello, NULL, 0, &patience, err);
}

bool kr_process_begin(struct kr_spawner *spawner, enum kr_task_class task_class,
                      struct kr_process *out, struct kr_err *err)
{
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        return kr_fail_errno(err, "make a channel to a worker");
    struct order order = {.child_end = ends[1]};
    hand_in(spawner, &order);
    close(ends[1]);
    if (order.cause != 0) {
        close(ends[0]);
        errno = order.cause;
        return kr_fail_errno(err, "start '%s'", spawner->program);
    }
    struct kr_process process = {.pid = order.pid, .channel = ends[0]};
    if (!tell_limits(&process, kr_class_of(task_class), err)) {
        kr_process_bury(&process, err);
        return kr_within(err, "start '%s'", spawner->program);
    }
    *out = process;
    return true;
}

// Until the child is gone; the status is 0 where somebody else has reaped it.
static int reap(pid_t pid)
{
    int status = 0;
    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR)
            return 0;
    return status;
}

void kr_process_end(struct kr_process *process)
{
    if (process->pid > 0) {
        kill(process->pid, SIGKILL);
        reap(process->pid);
    }
    kr_fd_close(&process->channel);
    *process = KR_PROCESS_NONE;
}

// Gives a dying child the moment it needs, so that its own end is seen and not
// our blow. False when it lived on and had to be killed.
static bool died_by_itself(pid_t pid, int *status)
{
    for (int waited = 0; waited < GRACE_MS; waited += 2) {
        pid_t done = waitpid(pid, status, WNOHANG);
        if (done == pid || (done < 0 && errno == ECHILD))
            return true;
        usleep(2000);
    }
    kill(pid, SIGKILL);
    *status = reap(pid);
    return false;
}

static bool tell_signal(int signal, struct kr_err *err)
{
    const char *name = sigabbrev_np(signal);
    switch (signal) {
    case SIGXCPU:
        return kr_fail(err, KR_E_TIMEOUT, "the worker used up its processor time");
    case SIGXFSZ:
        return kr_fail(err, KR_E_TOO_BIG, "the worker wrote more than it may");
    case SIGKILL: // not ours: most likely the kernel had no memory left
        return kr_fail(err, KR_E_TOO_BIG, "the worker was killed from outside (SIGKILL)");
    default:
        return kr_fail(err, KR_E_DAMAGED, "the worker died of SIG%s", name ? name : "?");
    }
}

bool kr_process_bury(struct kr_process *process, struct kr_err *err)
{
    int status = 0;
    bool by_itself = died_by_itself(process->pid, &status);
    process->pid = 0;
    kr_process_end(process);
    if (!by_itself)
        return kr_fail(err, KR_E_DAMAGED, "the worker went silent and was ended");
    if (WIFSIGNALED(status))
        return tell_signal(WTERMSIG(status), err);
    if (WEXITSTATUS(status) == KR_EXIT_MEMORY)
        return kr_fail(err, KR_E_TOO_BIG, "the worker needed more memory than it may have");
    if (WEXITSTATUS(status) == 127) // the dynamic linker's
        return kr_fail(err, KR_E_INTERNAL, "the worker could not start: a library is missing");
    return kr_fail(err, KR_E_DAMAGED, "the worker ended with status %d and no answer",
                   WEXITSTATUS(status));
}
