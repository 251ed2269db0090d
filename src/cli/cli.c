// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cli/cli.h"

#include "archive/door.h"
#include "archive/persons.h"

#include "base/clock.h"
#include <assert.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static volatile sig_atomic_t stopped; // a signal handler has nothing else to write to

static void on_signal(int signal)
{
    (void)signal;
    stopped = 1;
}

void kr_cli_listen(void)
{
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESETHAND};
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    signal(SIGPIPE, SIG_IGN);
}

bool kr_cli_stopped(void)
{
    return stopped != 0;
}

static const struct kr_option *option_of(const struct kr_option *options, size_t n,
                                         const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(options[i].name, name) == 0)
            return &options[i];
    return NULL;
}

bool kr_cli_options(struct kr_cli *cli, const struct kr_option *options, size_t n, int argc,
                    char **argv, struct kr_arguments *out)
{
    out->at = kr_arena_array(cli->mem, char *, (size_t)argc + 1);
    out->n = 0;
    for (int i = 0; i < argc; i++) {
        if (argv[i][0] != '-' || argv[i][1] == '\0') {
            out->at[out->n++] = argv[i];
            continue;
        }
        if (strcmp(argv[i], "--") == 0) {
            while (++i < argc)
                out->at[out->n++] = argv[i];
            break;
        }
        const struct kr_option *option = option_of(options, n, argv[i]);
        if (!option || (option->text && i + 1 == argc)) {
            kr_cli_tell(cli, option ? "cli.option.value" : "cli.option.unknown", "option", argv[i],
                        NULL);
            return false;
        }
        assert(option->flag || option->text);
        if (option->flag)
            *option->flag = true;
        else
            *option->text = argv[++i];
    }
    return true;
}

const void *kr_cli_verb(const void *rows, size_t n, size_t row_size,
                        const struct kr_arguments *left, struct kr_arguments *words)
{
    for (size_t i = 0; left->n && i < n; i++) {
        const struct kr_verb *verb = (const void *)((const char *)rows + i * row_size);
        if (verb->name && strcmp(verb->name, left->at[0]) != 0)
            continue;
        int taken = verb->name != NULL;
        *words = (struct kr_arguments){left->at + taken, left->n - taken};
        return words->n >= verb->least && words->n <= verb->most ? verb : NULL;
    }
    return NULL;
}

int kr_cli_usage(struct kr_cli *cli, const char *name)
{
    const struct kr_command *command = kr_command_of(name);
    fprintf(stderr, "kinreel %s %s\n", command->name, command->usage);
    kr_cli_tell(cli, command->words_key, NULL);
    return KR_EXIT_USAGE;
}

int kr_cli_failed(struct kr_cli *cli)
{
    return kr_code_exit(cli->err.code ? cli->err.code : KR_E_INTERNAL);
}

static const char *fill(struct kr_cli *cli, const char *key, va_list pairs)
{
    enum { MOST = 6 };
    const char *arg[2 * MOST + 1] = {NULL};
    for (int i = 0; i < 2 * MOST && (arg[i] = va_arg(pairs, const char *)); i++)
        continue;
    return kr_words(cli->mem, cli->lang, key, arg[0], arg[1], arg[2], arg[3], arg[4], arg[5],
                    arg[6], arg[7], arg[8], arg[9], arg[10], arg[11], NULL);
}

void kr_cli_tell(struct kr_cli *cli, const char *key, ...)
{
    va_list pairs;
    va_start(pairs, key);
    fprintf(stderr, "%s\n", fill(cli, key, pairs));
    va_end(pairs);
}

void kr_cli_answer(struct kr_cli *cli, const char *key, ...)
{
    if (cli->json)
        return;
    va_list pairs;
    va_start(pairs, key);
    printf("%s\n", fill(cli, key, pairs));
    va_end(pairs);
}

void kr_cli_json(struct kr_cli *cli, json_t *value)
{
    if (cli->json) {
        KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
        printf("%s\n", kr_json_text(mem, value));
        fflush(stdout);
    }
    kr_json_drop(&value);
}

const char *kr_cli_number(struct kr_cli *cli, int64_t number)
{
    return kr_arena_format(cli->mem, "%jd", (intmax_t)number);
}

// The role of who acts: a person of the family without an account speaks at the owner's machine.
static bool role_of(struct kr_cli *cli, struct kr_store *store, enum kr_role *out)
{
    struct kr_account account;
    bool found;
    *out = KR_ROLE_OWNER;
    if (strcmp(cli->who, "owner") == 0)
        return true;
    if (!kr_account_of_person(store, cli->mem, cli->who, &account, &found, &cli->err))
        return false;
    *out = KR_ROLE_TELLER;
    return !found || kr_role_of(account.role, out) ||
           kr_fail(&cli->err, KR_E_DAMAGED, "the role '%s'", account.role);
}

static bool may(struct kr_cli *cli, struct kr_store *store, enum kr_role least)
{
    enum kr_role role;
    return role_of(cli, store, &role) &&
           (role >= least ||
            kr_fail(&cli->err, KR_E_REFUSED, "for a %s or above", kr_role_name(least)));
}

// --as by a name: whom the home knows by it; any other word stays as it is.
static void name_who(struct kr_cli *cli, struct kr_store *store)
{
    struct kr_person person;
    struct kr_err none = {0};
    if (strcmp(cli->who, "owner") != 0 &&
        kr_person_named(store, cli->mem, cli->who, &person, &none))
        cli->who = kr_arena_strdup(cli->mem, person.id);
}

// --in: by id, or by the name of one home.
static bool enter_home(struct kr_cli *cli, struct kr_store *store)
{
    struct kr_home *all;
    size_t n, at = 0, found = 0;
    if (!cli->home)
        return true;
    if (!kr_homes_all(store, cli->mem, &all, &n, &cli->err))
        return false;
    for (size_t i = 0; i < n; i++)
        if (strcmp(all[i].id, cli->home) == 0 || strcmp(all[i].name, cli->home) == 0) {
            at = i;
            found++;
        }
    if (found != 1)
        return kr_fail(&cli->err, KR_E_NOT_FOUND, "no one home '%s'", cli->home);
    memcpy(store->home, all[at].id, sizeof store->home);
    return true;
}

bool kr_cli_store(struct kr_cli *cli, enum kr_store_mode mode, struct kr_store **out)
{
    KR_AUTO(kr_store_close) struct kr_store *store = NULL;
    if (!kr_store_open(cli->archive, mode, &store, &cli->err) || !enter_home(cli, store))
        return false;
    name_who(cli, store);
    if (mode == KR_STORE_WRITE && !may(cli, store, KR_ROLE_TELLER))
        return false;
    *out = store;
    store = NULL;
    return true;
}

bool kr_cli_home(struct kr_cli *cli, const char **out)
{
    KR_AUTO(kr_store_close) struct kr_store *store = NULL;
    *out = "";
    if (!cli->home)
        return true;
    if (!kr_cli_store(cli, KR_STORE_READ, &store))
        return false;
    *out = kr_arena_strdup(cli->mem, store->home);
    return true;
}

bool kr_cli_is_keeper(struct kr_cli *cli, struct kr_store *store)
{
    return may(cli, store, KR_ROLE_KEEPER);
}

bool kr_cli_wall(struct kr_cli *cli, struct kr_wall **out)
{
    const struct kr_wall_params params = {0};
    return kr_wall_open(&params, out, &cli->err);
}

void kr_bar_draw(struct kr_bar *bar, double done, const char *right)
{
    enum { WIDTH = 30 };
    int64_t now = kr_monotonic_ms();
    if (!bar->began_ms)
        bar->began_ms = now;
    if (!isatty(STDERR_FILENO) || now - bar->began_ms < 1000 || now - bar->drawn_ms < 200)
        return;
    bar->drawn_ms = now;
    bar->shown = true;
    done = done < 0 ? 0 : done > 1 ? 1 : done;
    char blocks[WIDTH + 1];
    for (int i = 0; i < WIDTH; i++)
        blocks[i] = i < (int)(done * WIDTH) ? '=' : ' ';
    blocks[WIDTH] = '\0';
    int64_t spent = now - bar->began_ms;
    int64_t left = done > 0.001 ? (int64_t)((double)spent * (1 - done) / done) / 1000 : 0;
    fprintf(stderr, "\r[%s] %3d %%  %jd:%02jd  %s\033[K", blocks, (int)(done * 100),
            (intmax_t)(left / 60), (intmax_t)(left % 60), right);
}

void kr_bar_end(struct kr_bar *bar)
{
    if (bar->shown)
        fputs("\r\033[K", stderr);
    bar->shown = false;
}

bool kr_bar_progress(void *context, double done)
{
    kr_bar_draw(context, done, "");
    return !kr_cli_stopped();
}
