// SPDX-License-Identifier: AGPL-3.0-or-later
#include "wall/worker.h"

#include "base/clock.h"
#include "wall/channel_priv.h"
#include "wall/process_priv.h"
#include "wall/seal_priv.h"
#include <assert.h>
#include <fcntl.h>
#include <malloc.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

enum { DESCRIPTORS = KR_FDS_MOST + 96, PROGRESS_MS = 100, MIB = 1 << 20 };

struct line { // to the asker, behind kr_task_call's void *
    int fd;
    int64_t told_ms;
    bool gone;
};

// Fresh pages are dear on virtual machines: freed memory is kept and used
// again. 32 MiB is the most glibc takes as the threshold; few arenas, since
// each takes 64 MiB of the address space that is limited.
static void keep_memory_warm(void)
{
    mallopt(M_MMAP_THRESHOLD, 32 * MIB);
    mallopt(M_TRIM_THRESHOLD, 512 * MIB);
    mallopt(M_TOP_PAD, MIB);
    mallopt(M_ARENA_MAX, 4);
}

// Libraries abort when memory ends, as they abort over damage. The asker should
// know which: at an abort, the address space tells. It is read through a
// descriptor opened before the seal.
static int statm = -1; // constant after start; a signal handler can be given nothing
static uint64_t plenty_pages;

static void tell_want_of_memory(int number)
{
    if (kr_pages_mapped(statm) > plenty_pages) // NOLINT(bugprone-signal-handler): only pread
        _exit(KR_EXIT_MEMORY);
    signal(number, SIG_DFL);
    raise(number);
}

static bool watch_memory(uint64_t most, struct kr_err *err)
{
    statm = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
    uint64_t pages = statm < 0 ? 0 : kr_pages_mapped(statm);
    if (pages == 0)
        return kr_fail_errno(err, "watch the address space");
    // Three quarters of the allowance: an abort so far up is hardly about anything else.
    plenty_pages = pages + most / (uint64_t)sysconf(_SC_PAGESIZE) / 4 * 3;
    signal(SIGABRT, tell_want_of_memory);
    signal(SIGTRAP, tell_want_of_memory); // GLib's way to abort
    return true;
}

static bool seal(struct line *line, struct kr_err *err)
{
    KR_AUTO(kr_message_drop) struct kr_message hello = KR_MESSAGE_NONE;
    struct kr_patience patience = {0};
    if (!kr_channel_receive(line->fd, 0, &patience, &hello, err))
        return kr_within(err, "hear the limits");
    struct kr_seal_limits limits = {
        .memory = (uint64_t)kr_json_int(hello.body, "memory_mb", 512) * MIB,
        .file_bytes = (uint64_t)kr_json_int(hello.body, "file_mb", 512) * MIB,
        .cpu_s = (uint64_t)kr_json_int(hello.body, "cpu_s", 600),
        .files = DESCRIPTORS,
        .scratch = kr_json_bool(hello.body, "scratch", false),
    };
    struct kr_seal_report report;
    return watch_memory(limits.memory, err) && kr_seal(&limits, &report, err);
}

static bool say(struct line *line, json_t *body, struct kr_err *err)
{
    struct kr_patience patience = {0};
    bool said = kr_channel_send(line->fd, body, NULL, 0, &patience, err);
    line->gone = line->gone || (!said && err->code == KR_E_IO);
    json_decref(body);
    return said;
}

static bool say_error(struct line *line, const struct kr_err *why)
{
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    json_t *error = kr_json_new_object(), *body = kr_json_new_object();
    kr_json_set_str(error, "code", kr_code_name(why->code));
    kr_json_set_str(error, "text", kr_text_in(mem, kr_str_of(why->text)));
    kr_json_set_take(body, "error", error);
    struct kr_err err;
    return say(line, body, &err);
}

static bool say_answer(struct line *line, json_t *answer) // swallows it
{
    json_t *body = kr_json_new_object();
    kr_json_set_take(body, "answer", answer);
    struct kr_err err;
    if (say(line, body, &err))
        return true;
    return !line->gone && say_error(line, &err); // too big to be said
}

bool kr_task_progress(struct kr_task_call *call, double done)
{
    struct line *line = call->channel;
    int64_t now = kr_monotonic_ms();
    if (line->gone || now - line->told_ms < PROGRESS_MS)
        return !line->gone;
    line->told_ms = now;
    json_t *body = kr_json_new_object();
    kr_json_set_real(body, "done", done >= 0 && done <= 1 ? done : done > 1 ? 1 : 0);
    struct kr_err err;
    return say(line, body, &err);
}

static int by_name(const void *name, const void *task)
{
    return strcmp(name, ((const struct kr_task *)task)->name);
}

static bool run(const struct kr_message *question, const struct kr_task *tasks, size_t task_count,
                struct kr_task_call *call, json_t **answer, struct kr_err *err)
{
    const char *name = kr_json_str(question->body, "task", "");
    const struct kr_task *task = bsearch(name, tasks, task_count, sizeof *tasks, by_name);
    if (!task)
        return kr_fail(err, KR_E_UNSUPPORTED, "no task of this name");
    call->args = kr_json_get(question->body, "args");
    if (!json_is_object(call->args) || question->fd_count < task->least_fds)
        return kr_fail(err, KR_E_INVALID, "%zu descriptors, at least %zu needed",
                       question->fd_count, task->least_fds);
    if (!task->run(call, answer, err)) {
        assert(err->code != KR_OK);
        return false;
    }
    assert(json_is_object(*answer));
    return true;
}

// false once the asker is gone.
static bool serve_one(struct line *line, const struct kr_task *tasks, size_t task_count)
{
    KR_AUTO(kr_message_drop) struct kr_message question = KR_MESSAGE_NONE;
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    struct kr_patience patience = {0};
    struct kr_err err = {0};
    if (!kr_channel_receive(line->fd, KR_FDS_MOST, &patience, &question, &err))
        return false;
    struct kr_task_call call = {
        .fds = question.fds, .fd_count = question.fd_count, .mem = mem, .channel = line};
    json_t *answer = NULL;
    if (run(&question, tasks, task_count, &call, &answer, &err))
        return say_answer(line, answer);
    return say_error(line, &err);
}

int kr_worker_run(int channel, const struct kr_task *tasks, size_t task_count,
                  bool (*prepare)(struct kr_err *err))
{
    for (size_t i = 1; i < task_count; i++)
        assert(strcmp(tasks[i - 1].name, tasks[i].name) < 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0); // an asker already gone shows as an ended channel
    keep_memory_warm();
    struct line line = {.fd = channel};
    struct kr_err err = {0};
    if ((prepare && !prepare(&err)) || !seal(&line, &err)) {
        say_error(&line, &err);
        return EXIT_FAILURE;
    }
    while (serve_one(&line, tasks, task_count))
        ;
    return EXIT_SUCCESS;
}
