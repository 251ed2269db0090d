// SPDX-License-Identifier: AGPL-3.0-or-later
// cli.h: what every subcommand has: where the archive is, who asks, how to answer.
//
// Results go to standard output, talk and progress to standard error. With
// --json one JSON object, or one a line for streams. A command returns its exit
// status: 0 done, 1 failed, 2 wrong usage, 3 done in part, 130 interrupted.

#pragma once
#include "base/words.h"
#include "store/store.h"
#include "wall/wall.h"

enum { KR_EXIT_DONE = 0, KR_EXIT_FAILED = 1, KR_EXIT_USAGE = 2, KR_EXIT_PART = 3 };

struct kr_cli {
    struct kr_arena *mem;
    const char *archive; // the folder
    const char *who;     // who acts: "owner" unless --as
    const char *home;    // --in: the name or id of a home; NULL: the first
    bool json;
    enum kr_lang lang;
    struct kr_err err; // what went wrong, told by main
};

struct kr_command {
    const char *name;
    const char *usage;                                     // what follows the name: "PATH..."
    const char *words_key;                                 // what it does, one line
    int (*run)(struct kr_cli *cli, int argc, char **argv); // argv[0] is the first argument
};
extern const struct kr_command kr_commands[]; // sorted by name
extern const size_t kr_commands_count;
const struct kr_command *kr_command_of(const char *name);

struct kr_option {
    const char *name; // "--force"; sets *flag, or takes the next argument into *text
    bool *flag;
    const char **text;
};
struct kr_arguments {
    char **at;
    int n;
};
// Takes the options out of argv; what is left is *out. "--" ends them. A wrong
// one is said on standard error, and the command should return KR_EXIT_USAGE.
KR_CHECK bool kr_cli_options(struct kr_cli *cli, const struct kr_option *options, size_t n,
                             int argc, char **argv, struct kr_arguments *out);
// A verb of a command: `kinreel person add`. With its own run() it makes a row of the command's
// table, whose first member it is.
struct kr_verb {
    const char *name;        // NULL, in the last row: any word, which is then one of its own
    int least, most;         // words behind it
    enum kr_store_mode mode; // how it opens the archive
};
// The row of the verb that `left` begins with, and the words behind it; NULL where there is no
// such verb or those are too few or too many for it.
const void *kr_cli_verb(const void *rows, size_t n, size_t row_size,
                        const struct kr_arguments *left, struct kr_arguments *words);
int kr_cli_usage(struct kr_cli *cli, const char *command); // says how; returns KR_EXIT_USAGE
int kr_cli_failed(struct kr_cli *cli);                     // exit status of cli->err (main says it)

// A sentence on standard error, with its places filled by pairs ended by NULL.
void kr_cli_tell(struct kr_cli *cli, const char *key, ...) __attribute__((sentinel));
// A sentence on standard output; nothing with --json.
void kr_cli_answer(struct kr_cli *cli, const char *key, ...) __attribute__((sentinel));
void kr_cli_json(struct kr_cli *cli, json_t *value); // one line; swallows; only with --json
const char *kr_cli_number(struct kr_cli *cli, int64_t number); // as text, for pairs

// Writing is for tellers and above: --as somebody whose account only looks is refused.
KR_CHECK bool kr_cli_store(struct kr_cli *cli, enum kr_store_mode mode, struct kr_store **out);
// The id of the home of --in, "" for the first; for those who open the archive themselves.
KR_CHECK bool kr_cli_home(struct kr_cli *cli, const char **out);
// Whether who acts may look after the home; KR_E_REFUSED in cli->err else.
KR_CHECK bool kr_cli_is_keeper(struct kr_cli *cli, struct kr_store *store);
KR_CHECK bool kr_cli_wall(struct kr_cli *cli, struct kr_wall **out);

// Opens what a command reads: a file, or an item (its id) that the home may see. *out is the
// caller's to close.
KR_CHECK bool kr_cli_input(struct kr_cli *cli, const char *in, int *out);

// Brings one file into the archive; *out is its item.
KR_CHECK bool kr_cli_bring(struct kr_cli *cli, const char *path, const char **out);
// "0.1,0.2,0.3,0.4" (x, y, width, height, as fractions of the picture) as the member "region";
// nothing for NULL. False for anything else.
KR_CHECK bool kr_cli_region(struct kr_cli *cli, json_t *value, const char *text);

// Whether somebody pressed Ctrl-C (or sent SIGTERM); the first time only asks.
void kr_cli_listen(void);
bool kr_cli_stopped(void);

// A bar on a terminal for anything over a second, with rate and time left.
struct kr_bar {
    int64_t began_ms, drawn_ms;
    bool shown;
};
void kr_bar_draw(struct kr_bar *bar, double done, const char *right); // right: after the bar
void kr_bar_end(struct kr_bar *bar);
// For kr_wall and store: context is a struct kr_bar; false once somebody stopped it.
bool kr_bar_progress(void *context, double done);
