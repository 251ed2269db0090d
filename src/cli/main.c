// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cli/cli.h"

#include "archive/reading.h"
#include "base/log.h"
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifndef KR_VERSION
#define KR_VERSION "unknown"
#endif

static int by_name(const void *name, const void *command)
{
    return strcmp(name, ((const struct kr_command *)command)->name);
}

const struct kr_command *kr_command_of(const char *name)
{
    return bsearch(name, kr_commands, kr_commands_count, sizeof *kr_commands, by_name);
}

static int help(struct kr_cli *cli, FILE *to)
{
    fprintf(to, "kinreel [-C ARCHIVE] [--json] [--as PERSON] COMMAND ...\n\n");
    for (size_t i = 0; i < kr_commands_count; i++)
        fprintf(to, "  %-16s %s\n", kr_commands[i].name,
                kr_word(cli->lang, kr_commands[i].words_key));
    fprintf(to, "\n%s\n", kr_word(cli->lang, "cli.help.more"));
    return to == stdout ? KR_EXIT_DONE : KR_EXIT_USAGE;
}

static int help_on(struct kr_cli *cli, const char *name)
{
    const struct kr_command *command = kr_command_of(name);
    if (!command)
        return help(cli, stderr);
    printf("kinreel %s %s\n%s\n", command->name, command->usage,
           kr_word(cli->lang, command->words_key));
    return KR_EXIT_DONE;
}

static const char *default_archive(struct kr_arena *mem)
{
    const char *told = getenv("KINREEL_ARCHIVE"), *home = getenv("HOME");
    if (told && *told)
        return told;
    return kr_arena_format(mem, "%s/kinreel-archive", home && *home ? home : ".");
}

// What went wrong, for a person: what happened first, then the detail.
static void tell_failure(struct kr_cli *cli)
{
    if (!cli->err.code)
        return;
    fprintf(stderr, "kinreel: %s\n  %s\n", kr_word(cli->lang, kr_code_key(cli->err.code)),
            cli->err.text);
    json_t *error = kr_json_new_object();
    kr_json_set_str(error, "error", kr_code_name(cli->err.code));
    kr_json_set_str(error, "detail", cli->err.text);
    kr_cli_json(cli, error);
}

// The options before the command; argv[*at] is the command afterwards.
static bool global_options(struct kr_cli *cli, int argc, char **argv, int *at)
{
    for (; *at < argc && argv[*at][0] == '-'; (*at)++) {
        bool takes = strcmp(argv[*at], "-C") == 0 || strcmp(argv[*at], "--as") == 0 ||
                     strcmp(argv[*at], "--in") == 0;
        if (strcmp(argv[*at], "--json") == 0)
            cli->json = true;
        else if (takes && *at + 1 < argc && argv[*at][1] == 'C')
            cli->archive = argv[++*at];
        else if (takes && *at + 1 < argc && argv[*at][2] == 'i')
            cli->home = kr_text_in(cli->mem, kr_str_of(argv[++*at]));
        else if (takes && *at + 1 < argc)
            cli->who = kr_text_in(cli->mem, kr_str_of(argv[++*at]));
        else
            return false;
    }
    return *cli->who && !kr_is_source(cli->who); // nobody speaks as a file
}

static int run(struct kr_cli *cli, int argc, char **argv)
{
    int at = 1;
    if (argc == 2 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0))
        return help(cli, stdout);
    if (argc == 2 && strcmp(argv[1], "--version") == 0) {
        printf("kinreel %s\n", KR_VERSION);
        return KR_EXIT_DONE;
    }
    if (!global_options(cli, argc, argv, &at) || at >= argc)
        return help(cli, stderr);
    const char *name = argv[at++];
    if (strcmp(name, "help") == 0)
        return at < argc ? help_on(cli, argv[at]) : help(cli, stdout);
    const struct kr_command *command = kr_command_of(name);
    if (!command) {
        kr_cli_tell(cli, "cli.command.unknown", "command", name, NULL);
        return KR_EXIT_USAGE;
    }
    for (int i = at; i < argc; i++) {
        if (strcmp(argv[i], "--help") == 0)
            return help_on(cli, name);
        if (strcmp(argv[i], "--json") == 0) { // also after the command, as people type it
            cli->json = true;
            memmove(&argv[i], &argv[i + 1], (size_t)(argc - i) * sizeof *argv);
            argc--;
            i--;
        }
    }
    return command->run(cli, argc - at, argv + at);
}

int main(int argc, char **argv)
{
    setlocale(LC_CTYPE, "C.UTF-8"); // numbers stay with '.'
    kr_log_start(KR_WARN);
    kr_cli_listen();
    struct kr_cli cli = {.mem = kr_arena_create(), .who = "owner"};
    cli.lang = kr_lang_of_environment();
    cli.archive = default_archive(cli.mem);
    int status = run(&cli, argc, argv);
    tell_failure(&cli);
    kr_arena_destroy(&cli.mem);
    return fflush(stdout) == 0 ? status : KR_EXIT_FAILED;
}
