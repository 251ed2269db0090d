// SPDX-License-Identifier: AGPL-3.0-or-later
// A worker whose tasks go wrong in every way a stranger's file can make them.
#include "base/file.h"
#include "wall/worker.h"
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static int served; // questions this process has heard

static json_t *about_us(void)
{
    json_t *answer = kr_json_new_object();
    kr_json_set_int(answer, "pid", getpid());
    kr_json_set_int(answer, "served", served);
    return answer;
}

static bool crash(struct kr_task_call *call, json_t **answer, struct kr_err *err)
{
    (void)answer;
    (void)err;
    int number = (int)kr_json_int(call->args, "signal", SIGSEGV);
    if (number == SIGSEGV)
        signal(number, SIG_DFL); // a sanitizer may have taken it
    raise(number);
    _exit((int)kr_json_int(call->args, "status", 0));
}

// Crashes unless this process is fresh: what an earlier file may have left behind.
static bool crash_if_worn(struct kr_task_call *call, json_t **answer, struct kr_err *err)
{
    if (served++ > 0)
        return crash(call, answer, err);
    *answer = about_us();
    return true;
}

static bool damaged(struct kr_task_call *call, json_t **answer, struct kr_err *err)
{
    (void)answer;
    return kr_fail(err, kr_code_named(kr_json_str(call->args, "code", "damaged")), "%s",
                   kr_json_str(call->args, "text", "half of it is missing"));
}

static bool echo(struct kr_task_call *call, json_t **answer, struct kr_err *err)
{
    served++;
    *answer = about_us();
    kr_json_set_take(*answer, "args", json_deep_copy(call->args));
    json_t *texts = kr_json_new_array();
    for (size_t i = 0; i < call->fd_count; i++) {
        struct kr_str text;
        if (lseek(call->fds[i], 0, SEEK_SET) != 0)
            return kr_fail_errno(err, "rewind");
        if (!kr_read_all(call->mem, call->fds[i], 1 << 20, &text, err))
            return false;
        kr_json_append_take(texts, json_stringn(text.at, text.n));
    }
    kr_json_set_take(*answer, "texts", texts);
    return true;
}

static bool grow(struct kr_task_call *call, json_t **answer, struct kr_err *err)
{
    (void)answer;
    (void)err;
    volatile size_t total = 0;
    void *last = NULL, *more;
    while ((more = mmap(NULL, 8 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
                        0)) != MAP_FAILED) {
        last = more;
        total += 8;
    }
    if (last) // a sanitizer needs some to let us end in our own way
        munmap(last, 8 << 20);
    if (kr_json_bool(call->args, "politely", false))
        return kr_fail(err, KR_E_TOO_BIG, "no more than %zu MiB to be had", total);
    abort();
}

static bool hang(struct kr_task_call *call, json_t **answer, struct kr_err *err)
{
    (void)call;
    (void)answer;
    volatile bool goes_on = true;
    while (goes_on)
        ;
    return kr_fail(err, KR_E_INTERNAL, "the loop has ended");
}

static bool hang_if_worn(struct kr_task_call *call, json_t **answer, struct kr_err *err)
{
    if (served++ > 0)
        return hang(call, answer, err);
    *answer = about_us();
    return true;
}

static bool huge(struct kr_task_call *call, json_t **answer, struct kr_err *err)
{
    (void)err;
    size_t n = 9 << 20;
    char *text = kr_arena_alloc(call->mem, n + 1);
    memset(text, 'a', n);
    *answer = kr_json_new_object();
    kr_json_set_str(*answer, "text", text);
    return true;
}

static bool progress(struct kr_task_call *call, json_t **answer, struct kr_err *err)
{
    int steps = (int)kr_json_int(call->args, "steps", 10);
    for (int i = 0; i < steps; i++) {
        usleep(20000);
        if (!kr_task_progress(call, (double)i / steps))
            return kr_fail(err, KR_E_INTERRUPTED, "nobody waits any more");
    }
    *answer = about_us();
    return true;
}

static void *meet(void *context)
{
    return context;
}

static bool can_thread(void)
{
    pthread_t thread;
    void *back = NULL;
    return pthread_create(&thread, NULL, meet, &served) == 0 && pthread_join(thread, &back) == 0 &&
           back == &served;
}

// What a worker must still be able to do, and what it must not: the names of the surprises.
static bool tries(struct kr_task_call *call, json_t **answer, struct kr_err *err)
{
    (void)err;
    json_t *surprises = kr_json_new_array();
    struct stat size;
    char *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    const struct {
        const char *name;
        bool is, should;
    } rows[] = {
        {"open a file", open("/etc/hostname", O_RDONLY) >= 0, false},
        {"make a file", open("/tmp/kinreel-surprise", O_WRONLY | O_CREAT, 0600) >= 0, false},
        {"see a file's size", stat("/etc/hostname", &size) == 0, false},
        {"see a file's size, sideways",
         syscall(SYS_newfstatat, AT_FDCWD, "/etc/hostname", &size, AT_EMPTY_PATH) == 0, false},
        {"reopen a descriptor", open("/proc/self/fd/3", O_RDWR) >= 0, false},
        {"make an internet socket", socket(AF_INET, SOCK_STREAM, 0) >= 0, false},
        {"make a local socket", socket(AF_UNIX, SOCK_STREAM, 0) >= 0, false},
        {"signal its parent", kill(getppid(), 0) == 0, false},
        {"map a program",
         mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED,
         false},
        {"turn memory into a program", mprotect(page, 4096, PROT_READ | PROT_EXEC) == 0, false},
        {"make the asker's descriptor wait differently",
         fcntl(call->fds[0], F_SETFL, O_NONBLOCK) == 0, false},
        {"raise its own limits",
         setrlimit(RLIMIT_FSIZE, &(struct rlimit){RLIM_INFINITY, RLIM_INFINITY}) == 0, false},
        {"make files in memory", memfd_create("surprise", 0) >= 0,
         kr_json_bool(call->args, "scratch", false)},
        {"see a descriptor's size", fstat(call->fds[0], &size) == 0 && size.st_size == 4, true},
        {"make a thread", can_thread(), true},
    };
    for (size_t i = 0; i < KR_COUNT(rows); i++)
        if (rows[i].is != rows[i].should)
            kr_json_append_take(surprises, json_string(rows[i].name));
    *answer = kr_json_new_object();
    kr_json_set_take(*answer, "surprises", surprises);
    return true;
}

// What ends a worker on the spot.
static bool tries_worse(struct kr_task_call *call, json_t **answer, struct kr_err *err)
{
    (void)err;
    const char *what = kr_json_str(call->args, "what", "");
    char *const args[] = {(char[]){"true"}, NULL};
    if (strcmp(what, "fork") == 0 && fork() == 0)
        _exit(0);
    if (strcmp(what, "exec") == 0)
        execv("/bin/true", args);
    if (strcmp(what, "ptrace") == 0)
        syscall(SYS_ptrace, 16, getppid(), 0, 0);
    if (strcmp(what, "chmod") == 0)
        fchmod(call->fds[0], 0777);
    *answer = about_us();
    return true;
}

static bool write_out(struct kr_task_call *call, json_t **answer, struct kr_err *err)
{
    size_t n = (size_t)kr_json_int(call->args, "bytes", 0);
    char piece[4096] = "";
    for (size_t done = 0; done < n; done += sizeof piece)
        if (!kr_write_all(call->fds[0], piece, sizeof piece, err))
            return false;
    *answer = about_us();
    return true;
}

static const struct kr_task tasks[] = {
    {"crash", "dies of args.signal or with args.status", 0, crash},
    {"crash_if_worn", "dies unless it is the first question", 0, crash_if_worn},
    {"damaged", "fails with args.code and args.text", 0, damaged},
    {"echo", "args and the texts of all fds", 0, echo},
    {"grow", "takes memory to the end", 0, grow},
    {"hang", "never ends", 0, hang},
    {"hang_if_worn", "never ends unless it is the first question", 0, hang_if_worn},
    {"huge", "an answer too big to be said", 0, huge},
    {"progress", "args.steps of 20 ms", 0, progress},
    {"tries", "to get out, softly", 1, tries},
    {"tries_worse", "to get out by args.what", 1, tries_worse},
    {"write_out", "args.bytes to fd 0", 1, write_out},
};

int main(void)
{
    return kr_worker_run(3, tasks, KR_COUNT(tasks), NULL);
}
