// SPDX-License-Identifier: AGPL-3.0-or-later
// Every real file we have is looked at, each in a child that may not grow or
// dawdle: what opens for others opens for us, and what was made to break
// decoders breaks at most the child.
#include "made.h"
#include "media/look.h"
#include "media/start.h"
#include <ctype.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PATH = 600, BAD = 1, SECONDS = 60, MEMORY = 1536 << 20 };

// Not pictures, films or sounds, or only their heads: they say so themselves.
static const char *const heads_alone[] = {
    "exiftool-t/M2TS.mts",
    "exiftool-t/Opus.opus",
    "exiftool-t/QuickTime.heic",
    "exiftool-t/QuickTime.mov",
    "exiftool-t/RIFF.wav",
    "extremes/17000x17000.avif",
    "extremes/65536-uint32-limit.png",
    "pngsuite/xcsn0g01.png",
};

static bool may_be_damaged(const char *path)
{
    for (size_t i = 0; i < KR_COUNT(heads_alone); i++)
        if (strstr(path, heads_alone[i]))
            return true;
    return false;
}

static const char *ending_of(const char *path, char out[static 16])
{
    const char *name = strrchr(path, '/'), *dot = name ? strrchr(name, '.') : NULL;
    size_t n = dot ? strlen(dot + 1) : 0;
    if (n == 0 || n >= 16)
        return "";
    for (size_t i = 0; i < n; i++)
        out[i] = (char)tolower((unsigned char)dot[1 + i]);
    out[n] = '\0';
    return out;
}

// In the child: 0 looked at whole, 1 damaged or unknown.
static int look_at(const char *path)
{
    struct rlimit memory = {MEMORY, MEMORY};
    struct kr_err err = {0};
    json_t *answer = NULL;
    char ending[16] = "";
    int thumbs[KR_THUMBS] = {made_file(), made_file(), made_file()};
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || (!MADE_SANITIZED && setrlimit(RLIMIT_AS, &memory) != 0))
        return 2;
    // The harness would catch these, and go on with the other tests in this child.
    static const int deadly[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT};
    for (size_t i = 0; i < KR_COUNT(deadly); i++)
        signal(deadly[i], SIG_DFL);
    alarm(SECONDS);
    bool ok = kr_look(fd, "", "", ending_of(path, ending), thumbs, &answer, &err);
    return ok && !kr_json_get(answer, "damaged") ? 0 : BAD;
}

static int status_of(const char *path)
{
    pid_t child = fork();
    if (child == 0)
        _exit(look_at(path));
    int status = 0;
    if (child < 0 || waitpid(child, &status, 0) != child)
        return 2;
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

// Calls `judge` for each row of the list whose path begins so and whose column
// "opens" is that.
static int each(struct kr_test *t, const char *start, const char *opens,
                bool (*judge)(const char *path, int status))
{
    const char *list = kr_test_material(t, "MANIFEST.tsv");
    FILE *rows = list ? fopen(list, "re") : NULL;
    char line[4096];
    int wrong = 0;
    if (!rows)
        return -1;
    while (fgets(line, sizeof line, rows)) {
        char *column[9] = {line};
        for (int i = 1; i < 9 && column[i - 1]; i++) {
            column[i] = strchr(column[i - 1], '\t');
            if (column[i])
                *column[i]++ = '\0';
        }
        if (!column[8] || !kr_starts_with(column[0], start) || strcmp(column[7], opens) != 0)
            continue;
        const char *path = kr_test_material(t, column[0]);
        wrong += path && !judge(path, status_of(path));
    }
    fclose(rows);
    return wrong;
}

static bool is_whole(const char *path, int status)
{
    bool fine = status == 0 || (status == BAD && may_be_damaged(path));
    if (!fine)
        print_error("%s: %d\n", path, status);
    return fine;
}

static bool is_survived(const char *path, int status)
{
    bool hung = status == 128 + SIGALRM;
    if (status > 128)
        print_message("%s: signal %d\n", path, status - 128);
    return !hung;
}

TEST(what_opens_for_others_opens_for_us)
{
    static const char *const starts[] = {"originals/", "old-photos/", "sound/", "video/"};
    EXPECT_OK(kr_media_start(&t->err));
    for (size_t i = 0; i < KR_COUNT(starts); i++) {
        int wrong = each(t, starts[i], "yes", is_whole);
        if (wrong < 0)
            SKIP("no ../shared/material");
        EXPECT_INT(wrong, 0);
    }
}

TEST(what_was_made_to_hang_decoders_hangs_nobody)
{
    EXPECT_OK(kr_media_start(&t->err));
    int wrong = each(t, "hostile/", "hostile", is_survived);
    if (wrong < 0)
        SKIP("no ../shared/material");
    EXPECT_INT(wrong, 0);
}

MAIN(CASE(what_opens_for_others_opens_for_us), CASE(what_was_made_to_hang_decoders_hangs_nobody))
