// SPDX-License-Identifier: AGPL-3.0-or-later
// Who may enter: kinreel user list | add | password | change | end | invite | invitations |
// take-back | sessions | sign-out | homes | home | forget-devices.
#include "cli/commands.h"

#include "archive/passkeys.h"
#include "archive/persons.h"
#include "base/clock.h"
#include "story/qr.h"
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

struct asked {
    struct kr_store *store;
    struct kr_arguments words; // behind the verb
    const char *role, *person, *days, *label, *address;
    enum kr_role as; // --role, read
};

static bool person_of(struct kr_cli *cli, const struct asked *asked, const char **out)
{
    struct kr_person person;
    *out = "";
    if (!asked->person)
        return true;
    if (!kr_person_named(asked->store, cli->mem, asked->person, &person, &cli->err))
        return false;
    *out = kr_arena_strdup(cli->mem, person.id);
    return true;
}

// An account of this home by its name or id.
static bool account_of(struct kr_cli *cli, const struct asked *asked, const char *name,
                       struct kr_account *out)
{
    struct kr_account *all;
    size_t n;
    if (!kr_accounts_all(asked->store, cli->mem, &all, &n, &cli->err))
        return false;
    for (size_t i = 0; i < n; i++)
        if (strcmp(all[i].name, name) == 0 || strcmp(all[i].id, name) == 0) {
            *out = all[i];
            return true;
        }
    return kr_fail(&cli->err, KR_E_NOT_FOUND, "nobody named '%s' may sign in here", name);
}

// From standard input, one line; on a terminal unseen.
static const char *read_password(struct kr_cli *cli)
{
    struct termios before, quiet;
    char line[KR_PASSWORD_MOST + 2] = "";
    bool terminal = isatty(STDIN_FILENO) && tcgetattr(STDIN_FILENO, &before) == 0;
    if (terminal) {
        kr_cli_tell(cli, "user.password", NULL);
        quiet = before;
        quiet.c_lflag &= ~(tcflag_t)ECHO;
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
    }
    if (!fgets(line, sizeof line, stdin))
        line[0] = '\0';
    if (terminal)
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
    line[strcspn(line, "\r\n")] = '\0';
    return kr_arena_strdup(cli->mem, line);
}

static void tell_account(struct kr_cli *cli, const struct kr_account *account)
{
    json_t *row = kr_json_new_object();
    kr_json_set_str(row, "id", account->id);
    kr_json_set_str(row, "name", account->name);
    kr_json_set_str(row, "role", account->role);
    kr_json_set_str(row, "person", account->person);
    kr_json_set_take(row, "password", json_boolean(*account->password != '\0'));
    kr_json_set_int(row, "passkeys", account->passkeys);
    kr_cli_json(cli, row);
    if (!cli->json)
        printf("%s  %-8s %s\n", account->id, account->role, account->name);
}

static bool run_list(struct kr_cli *cli, struct asked *asked)
{
    struct kr_account *all;
    size_t n;
    if (!kr_accounts_all(asked->store, cli->mem, &all, &n, &cli->err))
        return false;
    for (size_t i = 0; i < n; i++)
        tell_account(cli, &all[i]);
    if (n == 0)
        kr_cli_answer(cli, "user.none", NULL);
    return true;
}

// The first account is the owner's, whatever was asked.
static bool run_add(struct kr_cli *cli, struct asked *asked)
{
    struct kr_new_account account = {.name = kr_text_in(cli->mem, kr_str_of(asked->words.at[0]))};
    char id[KR_UUID_TEXT];
    struct kr_account row;
    bool owned;
    if (!person_of(cli, asked, &account.person) ||
        !kr_door_has_owner(asked->store, &owned, &cli->err))
        return false;
    account.role = asked->role ? asked->as : owned ? KR_ROLE_VIEWER : KR_ROLE_OWNER;
    account.password = read_password(cli);
    if (!*account.password)
        account.password = NULL;
    if (!kr_door_add(asked->store, &account, id, &cli->err) ||
        !kr_account_get(asked->store, cli->mem, id, &row, &cli->err))
        return false;
    tell_account(cli, &row);
    return true;
}

static bool run_password(struct kr_cli *cli, struct asked *asked)
{
    struct kr_account account;
    return account_of(cli, asked, asked->words.at[0], &account) &&
           kr_door_password(asked->store, account.id, read_password(cli), "", &cli->err);
}

static bool run_change(struct kr_cli *cli, struct asked *asked)
{
    struct kr_account account;
    const char *person;
    if (!account_of(cli, asked, asked->words.at[0], &account) || !person_of(cli, asked, &person) ||
        !kr_door_change(asked->store, account.id, asked->role ? &asked->as : NULL,
                        asked->person ? person : NULL, &cli->err) ||
        !kr_account_get(asked->store, cli->mem, account.id, &account, &cli->err))
        return false;
    tell_account(cli, &account);
    return true;
}

static bool run_end(struct kr_cli *cli, struct asked *asked)
{
    struct kr_account account;
    return account_of(cli, asked, asked->words.at[0], &account) &&
           kr_door_end(asked->store, account.id, &cli->err);
}

// All of them: whoever lost a phone need not know which of the rows it was.
static bool run_forget_devices(struct kr_cli *cli, struct asked *asked)
{
    struct kr_account account;
    return account_of(cli, asked, asked->words.at[0], &account) &&
           kr_passkeys_of_account_drop(asked->store, account.id, &cli->err);
}

static bool tell_card(struct kr_cli *cli, const struct asked *asked, const char *id,
                      const char *code)
{
    const char *link =
        asked->address ? kr_arena_format(cli->mem, "%s/enter#%s", asked->address, code) : "";
    json_t *row = kr_json_new_object();
    struct kr_qr qr;
    kr_json_set_str(row, "id", id);
    kr_json_set_str(row, "code", code);
    kr_json_set_str(row, "link", link);
    kr_cli_json(cli, row);
    if (cli->json)
        return true;
    printf("%.4s-%.4s-%.4s\n%s\n", code, code + 4, code + 8, link);
    if (!*link)
        return true;
    if (!kr_qr_of(cli->mem, link, &qr, &cli->err))
        return false;
    fputs(kr_qr_lines(cli->mem, &qr), stdout);
    return true;
}

static bool run_invite(struct kr_cli *cli, struct asked *asked)
{
    char id[KR_UUID_TEXT], code[KR_CODE_TEXT];
    int64_t days = 365;
    struct kr_new_invitation invitation = {
        .role = asked->role ? asked->as : KR_ROLE_VIEWER,
        .label = asked->label ? kr_text_in(cli->mem, kr_str_of(asked->label)) : "",
        .about = "",
        .made_by = cli->who};
    if (asked->days && !kr_parse_int(asked->days, 1, 3650, &days))
        return kr_fail(&cli->err, KR_E_INVALID, "an invitation lasts 1 to 3650 days");
    invitation.days = (int)days;
    return person_of(cli, asked, &invitation.person) &&
           kr_door_invite(asked->store, &invitation, id, code, &cli->err) &&
           tell_card(cli, asked, id, code);
}

static bool run_invitations(struct kr_cli *cli, struct asked *asked)
{
    struct kr_invitation *all;
    size_t n;
    if (!kr_invitations_all(asked->store, cli->mem, &all, &n, &cli->err))
        return false;
    for (size_t i = 0; i < n; i++) {
        json_t *row = kr_json_new_object();
        char until[KR_TIME_TEXT];
        kr_time_text(all[i].until_ms, until);
        kr_json_set_str(row, "id", all[i].id);
        kr_json_set_str(row, "role", all[i].role);
        kr_json_set_str(row, "label", all[i].label);
        kr_json_set_str(row, "until", until);
        kr_json_set_int(row, "used", all[i].used);
        kr_cli_json(cli, row);
        if (!cli->json)
            printf("%s  %-8s %.10s  %jd  %s\n", all[i].id, all[i].role, until,
                   (intmax_t)all[i].used, all[i].label);
    }
    return true;
}

static bool run_take_back(struct kr_cli *cli, struct asked *asked)
{
    return kr_door_take_back(asked->store, asked->words.at[0], &cli->err);
}

static bool run_sessions(struct kr_cli *cli, struct asked *asked)
{
    struct kr_session *all;
    size_t n;
    if (!kr_sessions_all(asked->store, cli->mem, "", kr_now_ms(), &all, &n, &cli->err))
        return false;
    for (size_t i = 0; i < n; i++) {
        json_t *row = kr_json_new_object();
        char seen[KR_TIME_TEXT];
        kr_time_text(all[i].seen_ms, seen);
        kr_json_set_str(row, "id", all[i].id);
        kr_json_set_str(row, "name", all[i].name);
        kr_json_set_str(row, "browser", all[i].label);
        kr_json_set_str(row, "seen", seen);
        kr_cli_json(cli, row);
        if (!cli->json)
            printf("%s  %.16s  %s  %s\n", all[i].id, seen, all[i].name, all[i].label);
    }
    return true;
}

static bool run_sign_out(struct kr_cli *cli, struct asked *asked)
{
    return kr_session_drop(asked->store, asked->words.at[0], "", &cli->err);
}

static bool run_homes(struct kr_cli *cli, struct asked *asked)
{
    struct kr_home *all;
    size_t n;
    if (!kr_homes_all(asked->store, cli->mem, &all, &n, &cli->err))
        return false;
    for (size_t i = 0; i < n; i++) {
        json_t *row = kr_json_new_object();
        kr_json_set_str(row, "id", all[i].id);
        kr_json_set_str(row, "name", all[i].name);
        kr_json_set_take(row, "this", json_boolean(strcmp(all[i].id, asked->store->home) == 0));
        kr_cli_json(cli, row);
        if (!cli->json)
            printf("%s  %s\n", all[i].id, all[i].name);
    }
    return true;
}

// "home NAME" makes one, "home ID NAME" calls it so.
static bool run_home(struct kr_cli *cli, struct asked *asked)
{
    const char *name = kr_text_in(cli->mem, kr_str_of(asked->words.at[asked->words.n - 1]));
    char id[KR_UUID_TEXT];
    if (asked->words.n == 2)
        return kr_home_rename(asked->store, asked->words.at[0], name, &cli->err);
    if (!kr_home_add(asked->store, name, id, &cli->err))
        return false;
    json_t *row = kr_json_new_object();
    kr_json_set_str(row, "id", id);
    kr_cli_json(cli, row);
    if (!cli->json)
        puts(id);
    return true;
}

static const struct verb {
    struct kr_verb verb;
    bool (*run)(struct kr_cli *cli, struct asked *asked);
} verbs[] = {
    {{"add", 1, 1, KR_STORE_WRITE}, run_add},
    {{"change", 1, 1, KR_STORE_WRITE}, run_change},
    {{"end", 1, 1, KR_STORE_WRITE}, run_end},
    {{"forget-devices", 1, 1, KR_STORE_WRITE}, run_forget_devices},
    {{"home", 1, 2, KR_STORE_WRITE}, run_home},
    {{"homes", 0, 0, KR_STORE_READ}, run_homes},
    {{"invitations", 0, 0, KR_STORE_READ}, run_invitations},
    {{"invite", 0, 0, KR_STORE_WRITE}, run_invite},
    {{"list", 0, 0, KR_STORE_READ}, run_list},
    {{"password", 1, 1, KR_STORE_WRITE}, run_password},
    {{"sessions", 0, 0, KR_STORE_READ}, run_sessions},
    {{"sign-out", 1, 1, KR_STORE_WRITE}, run_sign_out},
    {{"take-back", 1, 1, KR_STORE_WRITE}, run_take_back},
};

int kr_cmd_user(struct kr_cli *cli, int argc, char **argv)
{
    struct asked asked = {0};
    const struct kr_option options[] = {{"--role", NULL, &asked.role},
                                        {"--person", NULL, &asked.person},
                                        {"--days", NULL, &asked.days},
                                        {"--label", NULL, &asked.label},
                                        {"--address", NULL, &asked.address}};
    struct kr_arguments left;
    if (!kr_cli_options(cli, options, KR_COUNT(options), argc, argv, &left))
        return kr_cli_usage(cli, "user");
    const struct verb *verb =
        kr_cli_verb(verbs, KR_COUNT(verbs), sizeof *verbs, &left, &asked.words);
    if (!verb || (asked.role && !kr_role_of(asked.role, &asked.as)))
        return kr_cli_usage(cli, "user");
    KR_AUTO(kr_store_close) struct kr_store *store = NULL;
    if (!kr_cli_store(cli, verb->verb.mode, &store))
        return kr_cli_failed(cli);
    asked.store = store;
    if (!kr_cli_is_keeper(cli, store))
        return kr_cli_failed(cli);
    return verb->run(cli, &asked) ? KR_EXIT_DONE : kr_cli_failed(cli);
}
