// SPDX-License-Identifier: AGPL-3.0-or-later
// Sittings: whether words may be laid before a person with dementia.
#include "cli/commands.h"
#include "cli/sitting_priv.h"

#include "base/file.h"
#include "care/prompt.h"
#include <fcntl.h>
#include <string.h>

enum { FILE_MOST = 4 * 1024 * 1024 };

struct tally {
    int64_t count, fine;
};

static void tell_prompt(struct kr_cli *cli, const struct kr_prompt *prompt, const char *why,
                        const char *kinder)
{
    const char *key = prompt->kind ? "sitting.found" : why ? "sitting.long" : "sitting.fine";
    kr_cli_answer(cli, key, "text", prompt->text, "words", prompt->words ? prompt->words : "",
                  "why", why ? why : "", "kinder", kinder ? kinder : "", NULL);
    json_t *line = kr_json_new_object();
    kr_json_set_str(line, "text", prompt->text);
    kr_json_set_bool(line, "fine", !why);
    kr_json_set_str(line, "finding",
                    prompt->kind ? kr_prompt_finding_name(prompt->finding)
                    : why        ? "long"
                                 : NULL);
    kr_json_set_str(line, "kind", prompt->kind);
    kr_json_set_str(line, "words", prompt->words);
    kr_json_set_str(line, "why", why);
    kr_json_set_str(line, "suggestion", kinder);
    kr_json_set_bool(line, "long", prompt->is_long);
    kr_cli_json(cli, line);
}

// Why in the reader's language; the kinder wording in the prompt's own.
static bool lint(struct kr_cli *cli, struct kr_str text, struct tally *tally)
{
    struct kr_prompt prompt;
    if (!kr_prompt_lint(cli->mem, text, &prompt, &cli->err))
        return false;
    const char *why = prompt.kind      ? kr_word(cli->lang, prompt.why_key)
                      : prompt.is_long ? kr_word(cli->lang, "lint.long.why")
                                       : NULL;
    const char *kinder = prompt.kind      ? kr_word(prompt.lang, prompt.suggest_key)
                         : prompt.is_long ? kr_word(prompt.lang, "lint.long.kinder")
                                          : NULL;
    tell_prompt(cli, &prompt, why, kinder);
    tally->count++;
    tally->fine += why == NULL;
    return true;
}

// A prompt a line; blank lines and lines that begin with # are passed over.
static bool lint_file(struct kr_cli *cli, const char *path, struct tally *tally)
{
    KR_AUTO(kr_fd_close) int fd = -1;
    struct kr_str all;
    if (strcmp(path, "-") != 0 && (fd = open(path, O_RDONLY | O_CLOEXEC)) < 0)
        return kr_fail_errno(&cli->err, "open '%s'", path);
    if (!kr_read_all(cli->mem, fd < 0 ? 0 : fd, FILE_MOST, &all, &cli->err))
        return kr_within(&cli->err, "read '%s'", path);
    int64_t number = 0;
    for (size_t at = 0, n; at < all.n; at += n + 1) {
        const char *line = all.at + at, *end = memchr(line, '\n', all.n - at);
        n = end ? (size_t)(end - line) : all.n - at;
        number++;
        size_t used = n;
        while (used && strchr(" \t\r", line[used - 1]))
            used--;
        if (used == 0 || line[0] == '#')
            continue;
        if (!lint(cli, (struct kr_str){line, used}, tally))
            return kr_within(&cli->err, "line %jd", (intmax_t)number);
    }
    return true;
}

int kr_cmd_sitting(struct kr_cli *cli, int argc, char **argv)
{
    const char *file = NULL;
    if (argc > 0 && strcmp(argv[0], "lint") != 0)
        return kr_cli_sitting_room(cli, argc, argv);
    const struct kr_option options[] = {{"--file", NULL, &file}};
    struct kr_arguments left;
    struct tally tally = {0};
    if (!kr_cli_options(cli, options, KR_COUNT(options), argc, argv, &left) || left.n < 1 ||
        strcmp(left.at[0], "lint") != 0 || (left.n > 1) == (file != NULL))
        return kr_cli_usage(cli, "sitting");
    if (file && !lint_file(cli, file, &tally))
        return kr_cli_failed(cli);
    for (int i = 1; i < left.n; i++)
        if (!lint(cli, kr_str_of(left.at[i]), &tally))
            return kr_cli_failed(cli);
    kr_cli_tell(cli, "sitting.summary", "count", kr_cli_number(cli, tally.count), "fine",
                kr_cli_number(cli, tally.fine), NULL);
    return tally.fine == tally.count ? KR_EXIT_DONE : KR_EXIT_PART;
}
