// SPDX-License-Identifier: AGPL-3.0-or-later
// A family apart: kinreel round begin PLACE=WHO,… PLACE=WHO,… | list | show ID | end ID.
#include "cli/commands.h"

#include "archive/asks.h"
#include "archive/persons.h"
#include "archive/rounds.h"
#include "base/clock.h"
#include <stdio.h>
#include <string.h>

struct rounded {
    struct kr_store *store;
    struct kr_arguments words; // behind the verb
};

static struct kr_listener listener_of(const struct kr_cli *cli)
{
    return (struct kr_listener){cli->who, cli->who};
}

// "Guiyang=Mei,Grandma": a place and who is there.
static bool add_place(struct kr_cli *cli, struct kr_store *store, const char *text, json_t *places)
{
    char *name = kr_arena_strdup(cli->mem, kr_text_in(cli->mem, kr_str_of(text)));
    char *rest = strchr(name, '=');
    json_t *place = kr_json_new_object(), *persons = kr_json_new_array();
    kr_json_append_take(places, place);
    kr_json_set_take(place, "persons", persons);
    if (rest)
        *rest++ = '\0';
    kr_json_set_str(place, "name", name);
    for (char *next = rest; next && *next;) {
        char *who = next, *comma = strchr(next, ',');
        struct kr_person person;
        next = comma ? comma + 1 : NULL;
        if (comma)
            *comma = '\0';
        if (!kr_person_named(store, cli->mem, who, &person, &cli->err))
            return false;
        kr_json_append_take(persons, json_string(person.id));
    }
    return true;
}

static void print_round(const json_t *row)
{
    const json_t *places = kr_json_get(row, "places");
    int64_t turn = kr_json_int(row, "turn", -1);
    const char *next =
        turn < 0 ? "" : kr_json_str(json_array_get(places, (size_t)turn), "name", "");
    printf("%s  %s – %s  %s %s\n", kr_json_str(row, "id", ""),
           kr_json_str(json_array_get(places, 0), "name", ""),
           kr_json_str(json_array_get(places, 1), "name", ""), next, kr_json_str(row, "from", ""));
}

static bool tell_round(struct kr_cli *cli, struct kr_store *store, const struct kr_round *round)
{
    const struct kr_listener to = listener_of(cli);
    json_t *row;
    if (!kr_round_json(store, cli->mem, round, &to, kr_now_ms(), &row, &cli->err))
        return false;
    if (!cli->json)
        print_round(row);
    kr_cli_json(cli, row);
    return true;
}

static bool run_begin(struct kr_cli *cli, struct rounded *rounded)
{
    KR_AUTO(kr_json_drop) json_t *value = kr_json_new_object();
    json_t *places = kr_json_new_array();
    struct kr_round round;
    char id[KR_UUID_TEXT];
    kr_json_set_take(value, "places", places);
    for (int i = 0; i < rounded->words.n; i++)
        if (!add_place(cli, rounded->store, rounded->words.at[i], places))
            return false;
    return kr_round_say(rounded->store, "", "", value, cli->who, id, &cli->err) &&
           kr_round_get(rounded->store, cli->mem, id, &round, &cli->err) &&
           tell_round(cli, rounded->store, &round);
}

static bool run_list(struct kr_cli *cli, struct rounded *rounded)
{
    struct kr_round *rounds;
    size_t n;
    if (!kr_rounds_of_home(rounded->store, cli->mem, &rounds, &n, &cli->err))
        return false;
    for (size_t i = 0; i < n; i++)
        if (!tell_round(cli, rounded->store, &rounds[i]))
            return false;
    if (!n)
        kr_cli_answer(cli, "round.none", NULL);
    return true;
}

static bool run_show(struct kr_cli *cli, struct rounded *rounded)
{
    const struct kr_listener to = listener_of(cli);
    struct kr_round round;
    struct kr_ask *asks;
    size_t n;
    if (!kr_round_get(rounded->store, cli->mem, rounded->words.at[0], &round, &cli->err) ||
        !kr_asks_of_round(rounded->store, cli->mem, round.id, &to, &asks, &n, &cli->err) ||
        !tell_round(cli, rounded->store, &round))
        return false;
    for (size_t i = 0; i < n; i++) {
        json_t *row = kr_ask_new_json(rounded->store, cli->mem, &asks[i]);
        if (!cli->json)
            printf("  %s  %.10s  %jd  %s\n", asks[i].id, kr_json_str(row, "at", ""),
                   (intmax_t)asks[i].answers, kr_ask_said(cli->lang, &asks[i]));
        kr_cli_json(cli, row);
    }
    return true;
}

static bool run_end(struct kr_cli *cli, struct rounded *rounded)
{
    if (!kr_round_end(rounded->store, rounded->words.at[0], cli->who, &cli->err))
        return false;
    json_t *row = kr_json_new_object();
    kr_json_set_str(row, "id", rounded->words.at[0]);
    kr_json_set_bool(row, "ended", true);
    kr_cli_json(cli, row);
    kr_cli_answer(cli, "round.ended", NULL);
    return true;
}

static const struct verb {
    struct kr_verb verb;
    bool (*run)(struct kr_cli *cli, struct rounded *rounded);
} verbs[] = {
    {{"begin", KR_ROUND_PLACES, KR_ROUND_PLACES, KR_STORE_WRITE}, run_begin},
    {{"end", 1, 1, KR_STORE_WRITE}, run_end},
    {{"list", 0, 0, KR_STORE_READ}, run_list},
    {{"show", 1, 1, KR_STORE_READ}, run_show},
};

int kr_cmd_round(struct kr_cli *cli, int argc, char **argv)
{
    KR_AUTO(kr_store_close) struct kr_store *store = NULL;
    struct rounded rounded = {0};
    struct kr_arguments left;
    if (!kr_cli_options(cli, NULL, 0, argc, argv, &left))
        return kr_cli_usage(cli, "round");
    const struct verb *verb =
        kr_cli_verb(verbs, KR_COUNT(verbs), sizeof *verbs, &left, &rounded.words);
    if (!verb)
        return kr_cli_usage(cli, "round");
    if (!kr_cli_store(cli, verb->verb.mode, &store))
        return kr_cli_failed(cli);
    rounded.store = store;
    return verb->run(cli, &rounded) ? KR_EXIT_DONE : kr_cli_failed(cli);
}
