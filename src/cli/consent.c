// SPDX-License-Identifier: AGPL-3.0-or-later
// What people let be shown: kinreel consent show | say | rest | delay | ask-first | avoid |
// take-back | release | may.
#include "cli/commands.h"

#include "archive/may.h"
#include "archive/persons.h"
#include "base/clock.h"
#include <stdio.h>
#include <string.h>

struct asked {
    struct kr_store *store;
    struct kr_arguments words; // behind the verb
    const char *purpose, *until, *given, *how, *audience, *sitter;
};

static bool find_person(struct kr_cli *cli, const struct asked *asked, const char *name,
                        struct kr_person *out)
{
    return kr_person_named(asked->store, cli->mem, kr_text_in(cli->mem, kr_str_of(name)), out,
                           &cli->err);
}

static bool tell(struct kr_cli *cli, const struct asked *asked, const char *person)
{
    KR_AUTO(kr_json_drop) json_t *consent = NULL;
    if (!kr_consent_json(asked->store, cli->mem, person, &consent, &cli->err))
        return false;
    kr_cli_json(cli, json_incref(consent));
    const json_t *rows = kr_json_get(consent, "rows"), *avoid = kr_json_get(consent, "avoid");
    for (size_t i = 0; !cli->json && i < json_array_size(rows); i++) {
        const json_t *row = json_array_get(rows, i);
        printf("%-7s %-8s %-3s %s\n", kr_json_str(row, "audience", ""),
               kr_json_str(row, "purpose", ""),
               kr_word(cli->lang, kr_json_bool(row, "allow", false) ? "consent.yes" : "consent.no"),
               kr_json_str(row, "until", ""));
    }
    for (size_t i = 0; !cli->json && i < json_array_size(avoid); i++) {
        const json_t *one = json_array_get(avoid, i);
        printf("- %-7s %s\n", kr_json_str(one, "kind", ""), kr_json_str(one, "value", ""));
    }
    if (kr_json_bool(consent, "rest", false))
        kr_cli_answer(cli, "consent.rests", NULL);
    return true;
}

static bool say(struct kr_cli *cli, struct asked *asked, const char *predicate, json_t *value)
{
    KR_AUTO(kr_json_drop) json_t *own = value;
    struct kr_person person;
    return find_person(cli, asked, asked->words.at[0], &person) &&
           kr_person_say(asked->store, person.id, predicate, own, cli->who, 1, &cli->err) &&
           tell(cli, asked, person.id);
}

static bool run_show(struct kr_cli *cli, struct asked *asked)
{
    struct kr_person person;
    return find_person(cli, asked, asked->words.at[0], &person) && tell(cli, asked, person.id);
}

static bool read_yes(struct kr_cli *cli, const char *text, bool *out)
{
    *out = strcmp(text, "yes") == 0;
    return *out || strcmp(text, "no") == 0 ||
           kr_fail(&cli->err, KR_E_INVALID, "yes or no is wanted, not '%s'", text);
}

static void set_optional(json_t *value, const char *member, const char *text)
{
    if (text)
        kr_json_set_str(value, member, text);
}

static bool run_say(struct kr_cli *cli, struct asked *asked)
{
    bool yes;
    if (!read_yes(cli, asked->words.at[2], &yes))
        return false;
    json_t *value = kr_json_new_object();
    kr_json_set_str(value, "audience", asked->words.at[1]);
    kr_json_set_take(value, "allow", json_boolean(yes));
    set_optional(value, "purpose", asked->purpose);
    set_optional(value, "until", asked->until);
    set_optional(value, "given", asked->given);
    set_optional(value, "how", asked->how ? kr_text_in(cli->mem, kr_str_of(asked->how)) : NULL);
    return say(cli, asked, "consent", value);
}

static bool run_rest(struct kr_cli *cli, struct asked *asked)
{
    return say(cli, asked, "rest", json_true());
}

static bool run_delay(struct kr_cli *cli, struct asked *asked)
{
    int64_t days;
    if (!kr_parse_int(asked->words.at[1], 0, 36500, &days))
        return kr_fail(&cli->err, KR_E_INVALID, "a number of days is wanted");
    return say(cli, asked, "delay", json_integer(days));
}

static bool run_ask_first(struct kr_cli *cli, struct asked *asked)
{
    struct kr_person whom;
    return find_person(cli, asked, asked->words.at[1], &whom) &&
           say(cli, asked, "ask_first", json_string(whom.id));
}

static bool run_avoid(struct kr_cli *cli, struct asked *asked)
{
    const char *kind = asked->words.at[1], *what = asked->words.at[2];
    struct kr_person whom;
    if (strcmp(kind, "person") == 0) {
        if (!find_person(cli, asked, what, &whom))
            return false;
        what = whom.id;
    }
    json_t *value = kr_json_new_object();
    kr_json_set_str(value, "kind", kind);
    kr_json_set_str(value, "value", kr_text_in(cli->mem, kr_str_of(what)));
    return say(cli, asked, "avoid", value);
}

static bool run_take_back(struct kr_cli *cli, struct asked *asked)
{
    return say(cli, asked, "retract", json_string(asked->words.at[1]));
}

static bool run_release(struct kr_cli *cli, struct asked *asked)
{
    const char *to = asked->words.at[1], *word = asked->words.at[2];
    bool yes = false, back = strcmp(word, "back") == 0;
    struct kr_item item;
    if ((!back && !read_yes(cli, word, &yes)) ||
        !kr_item_may_get(asked->store, cli->mem, asked->words.at[0], &KR_VIEW_HOME, &item,
                         &cli->err))
        return false;
    return back ? kr_release_take_back(asked->store, item.id, to, cli->who, &cli->err)
                : kr_release_say(asked->store, item.id, to, yes, cli->who, &cli->err);
}

static bool read_view(struct kr_cli *cli, struct asked *asked, struct kr_view *out)
{
    static const char *const names[] = {"home", "kin", "public"};
    struct kr_person sitter;
    *out = (struct kr_view){.now_ms = kr_now_ms()};
    if (asked->sitter) {
        if (!find_person(cli, asked, asked->sitter, &sitter))
            return false;
        out->sitter = kr_arena_strdup(cli->mem, sitter.id);
    }
    for (size_t i = 0; i < KR_COUNT(names); i++)
        if (strcmp(asked->audience ? asked->audience : "home", names[i]) == 0) {
            out->audience = (enum kr_audience)i;
            return true;
        }
    return kr_fail(&cli->err, KR_E_INVALID, "an audience is home, kin or public");
}

// The answer, and who stands in the way.
static bool tell_may(struct kr_cli *cli, struct asked *asked, const struct kr_item *item,
                     const struct kr_view *view, bool may)
{
    const char *const *persons;
    size_t n;
    if (!kr_in_the_way(asked->store, cli->mem, item, view, &persons, &n, &cli->err))
        return false;
    json_t *line = kr_json_new_object(), *list = kr_json_new_array();
    for (size_t i = 0; i < n; i++)
        kr_json_append_take(list, json_string(persons[i]));
    kr_json_set_take(line, "may", json_boolean(may));
    kr_json_set_take(line, "in_the_way", list);
    kr_cli_json(cli, line);
    kr_cli_answer(cli, may ? "consent.yes" : "consent.no", NULL);
    for (size_t i = 0; !cli->json && i < n; i++) {
        struct kr_person person;
        if (kr_person_get(asked->store, cli->mem, persons[i], &person, NULL))
            printf("- %s\n", person.shown);
    }
    return true;
}

static bool run_may(struct kr_cli *cli, struct asked *asked)
{
    struct kr_view view;
    struct kr_item item;
    bool may;
    if (!read_view(cli, asked, &view) ||
        !kr_item_get(asked->store, cli->mem, asked->words.at[0], &item, &cli->err) ||
        !kr_may(asked->store, cli->mem, &item, &view, &may, &cli->err))
        return false;
    return tell_may(cli, asked, &item, &view, may);
}

static const struct verb {
    struct kr_verb verb;
    bool (*run)(struct kr_cli *cli, struct asked *asked);
} verbs[] = {
    {{"ask-first", 2, 2, KR_STORE_WRITE}, run_ask_first},
    {{"avoid", 3, 3, KR_STORE_WRITE}, run_avoid},
    {{"delay", 2, 2, KR_STORE_WRITE}, run_delay},
    {{"may", 1, 1, KR_STORE_READ}, run_may},
    {{"release", 3, 3, KR_STORE_WRITE}, run_release},
    {{"rest", 1, 1, KR_STORE_WRITE}, run_rest},
    {{"say", 3, 3, KR_STORE_WRITE}, run_say},
    {{"show", 1, 1, KR_STORE_READ}, run_show},
    {{"take-back", 2, 2, KR_STORE_WRITE}, run_take_back},
};

int kr_cmd_consent(struct kr_cli *cli, int argc, char **argv)
{
    struct asked asked = {0};
    const struct kr_option options[] = {
        {"--audience", NULL, &asked.audience}, {"--given", NULL, &asked.given},
        {"--how", NULL, &asked.how},           {"--purpose", NULL, &asked.purpose},
        {"--sitter", NULL, &asked.sitter},     {"--until", NULL, &asked.until},
    };
    struct kr_arguments left;
    KR_AUTO(kr_store_close) struct kr_store *store = NULL;
    if (!kr_cli_options(cli, options, KR_COUNT(options), argc, argv, &left))
        return kr_cli_usage(cli, "consent");
    const struct verb *verb =
        kr_cli_verb(verbs, KR_COUNT(verbs), sizeof *verbs, &left, &asked.words);
    if (!verb)
        return kr_cli_usage(cli, "consent");
    if (!kr_cli_store(cli, verb->verb.mode, &store))
        return kr_cli_failed(cli);
    asked.store = store;
    return verb->run(cli, &asked) ? KR_EXIT_DONE : kr_cli_failed(cli);
}
