// SPDX-License-Identifier: AGPL-3.0-or-later
#include "drive.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

void violated(struct work *work, const char *what, const char *whom)
{
    if (work->violations++ < 5)
        fprintf(stderr, "  %s %s at %ld: %s %s\n", work->plan->kind, work->plan->extra, work->at,
                what, whom);
}

void must(bool ok, const struct kr_err *err)
{
    if (ok)
        return;
    fprintf(stderr, "fault_run: %s\n", err->text);
    exit(2);
}

void make_sources(struct work *work)
{
    static const size_t sizes[FILES] = {1000, 300000, 1000, 0};
    struct kr_err err = {0};
    for (int i = 0; i < FILES; i++) {
        KR_AUTO(kr_buf_finish) struct kr_buf text = {0};
        while (text.n < sizes[i])
            kr_buf_format(&text, "reel %d, metre %zu\n", i % 2, text.n);
        kr_format(work->files[i], PATH, "%s/reel-%d", work->dir, i);
        KR_AUTO(kr_fd_close) int fd = open(work->files[i], O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
        must(kr_write_all(fd, text.at, text.n, &err), &err);
    }
}

static pid_t start(struct work *work, const char *const *args, bool faulty, int out, int err)
{
    char preload[PATH], dir[PATH], kind[LINE], at[LINE], extra[LINE], more[LINE];
    kr_format(preload, PATH, "LD_PRELOAD=%s", work->shim);
    kr_format(dir, PATH, "FAULT_DIR=%s", work->under_fault);
    kr_format(kind, LINE, "FAULT_KIND=%s", work->plan->kind);
    kr_format(at, LINE, "FAULT_AT=%ld", work->at);
    kr_format(extra, LINE, "%s", work->plan->extra);
    kr_format(more, LINE, "%s", work->plan->more);
    char *with[] = {preload, dir, kind, at, extra, more, NULL}, *without[] = {NULL};
    char *argv[FILES + 4] = {(char *)(uintptr_t)work->driver};
    for (int i = 0; args[i]; i++)
        argv[i + 1] = (char *)(uintptr_t)args[i];
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, err, STDERR_FILENO);
    pid_t child = -1;
    if (posix_spawn(&child, work->driver, &actions, NULL, argv, faulty ? with : without) != 0)
        must(false, &(struct kr_err){.text = "the driver does not start"});
    posix_spawn_file_actions_destroy(&actions);
    return child;
}

static struct kr_str read_back(struct kr_arena *mem, int fd)
{
    struct kr_err err = {0};
    struct kr_str text;
    lseek(fd, 0, SEEK_SET);
    must(kr_read_all(mem, fd, 1 << 20, &text, &err), &err);
    return text;
}

int drive(struct work *work, const char *const *args, bool faulty)
{
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    KR_AUTO(kr_fd_close) int out = memfd_create("out", MFD_CLOEXEC);
    KR_AUTO(kr_fd_close) int err = memfd_create("err", MFD_CLOEXEC);
    int status = 0;
    pid_t child = start(work, args, faulty, out, err);
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        ;
    const char *text = read_back(mem, out).at;
    if (faulty)
        work->hit = strstr(read_back(mem, err).at, "fault: ") != NULL;
    for (const char *end; (end = strchr(text, '\n')); text = end + 1)
        if (work->promise_n < MOST_PROMISES)
            kr_format(work->promises[work->promise_n++], LINE, "%.*s", (int)(end - text), text);
    work->runs++;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}
