// SPDX-License-Identifier: AGPL-3.0-or-later
// The sitting itself from the command line: start | offer | again | mood | never | end | log |
// lit-up | about.
#include "cli/sitting_priv.h"

#include "archive/persons.h"
#include "base/clock.h"
#include "care/book.h"
#include "care/sitting.h"
#include <stdio.h>
#include <string.h>

struct asked {
    struct kr_store *store;
    struct kr_arguments words; // behind the verb
    const char *with, *after, *step, *seen, *seed;
    bool log, away, csv;
};

static const char *word(struct kr_cli *cli, const struct asked *asked, int i)
{
    return i < asked->words.n ? kr_text_in(cli->mem, kr_str_of(asked->words.at[i])) : "";
}

static bool sitting_of(struct kr_cli *cli, struct asked *asked, struct kr_sitting *out)
{
    return kr_sitting_get(asked->store, cli->mem, word(cli, asked, 0), out, &cli->err);
}

static bool run_start(struct kr_cli *cli, struct asked *asked)
{
    struct kr_person person = {.id = ""};
    struct kr_sitting sitting;
    struct kr_new_sitting params = {.logged = asked->log, .company = ""};
    int64_t number;
    uint64_t seed;
    if (asked->words.n &&
        !kr_person_named(asked->store, cli->mem, word(cli, asked, 0), &person, &cli->err))
        return false;
    if (asked->seed) {
        if (!kr_parse_int(asked->seed, 0, INT32_MAX, &number))
            return kr_fail(&cli->err, KR_E_INVALID, "a seed is a number");
        seed = (uint64_t)number;
        params.seed = &seed;
    }
    params.person = person.id;
    if (asked->with)
        params.company = kr_text_in(cli->mem, kr_str_of(asked->with));
    if (!kr_book_sweep(asked->store, &cli->err) ||
        !kr_sitting_begin(asked->store, cli->mem, &params, &sitting, &cli->err))
        return false;
    kr_cli_json(cli, kr_sitting_new_json(&sitting));
    kr_cli_answer(cli, "sitting.began", "id", sitting.id, NULL);
    return true;
}

// "a,b,c" as a list.
static void read_seen(struct kr_cli *cli, const char *text, struct kr_sitting_ask *ask)
{
    const char **seen = kr_arena_array(cli->mem, const char *, KR_SITTING_SEEN_MOST);
    while (text && *text && ask->seen_count < KR_SITTING_SEEN_MOST) {
        size_t n = strcspn(text, ",");
        seen[ask->seen_count++] = kr_text_in(cli->mem, (struct kr_str){text, n});
        text += n + (text[n] == ',');
    }
    ask->seen = seen;
}

static void tell_choices(struct kr_cli *cli, const struct kr_sitting_choice *choices, size_t n)
{
    json_t *out = kr_json_new_object(), *list = kr_json_new_array();
    kr_json_set_take(out, "choices", list);
    for (size_t i = 0; i < n; i++) {
        kr_json_append_take(list, kr_sitting_choice_new_json(&choices[i]));
        kr_cli_answer(cli, "sitting.choice", "thing", choices[i].thing, "title", choices[i].title,
                      "say", choices[i].say, "feel", choices[i].feel, NULL);
    }
    kr_cli_json(cli, out);
    if (!n)
        kr_cli_answer(cli, "sitting.none", NULL);
}

static bool run_offer(struct kr_cli *cli, struct asked *asked)
{
    struct kr_sitting_choice choices[KR_SITTING_CHOICES];
    struct kr_sitting_ask ask = {
        .after = asked->after ? asked->after : "", .lang = cli->lang, .now_ms = kr_now_ms()};
    struct kr_sitting sitting;
    struct kr_era era;
    size_t n;
    if (asked->step && !kr_parse_int(asked->step, 0, 1000000, &ask.step))
        return kr_fail(&cli->err, KR_E_INVALID, "a step is a number");
    read_seen(cli, asked->seen, &ask);
    if (!sitting_of(cli, asked, &sitting) ||
        !kr_sitting_goes_on(asked->store, &sitting, &cli->err) ||
        !kr_era_open(cli->mem, asked->store, &era, &cli->err))
        return false;
    ask.sitter = *sitting.person ? sitting.person : NULL;
    ask.seed = (uint64_t)sitting.seed;
    if (!kr_sitting_offer(asked->store, cli->mem, &era, &ask, choices, &n, &cli->err))
        return false;
    tell_choices(cli, choices, n);
    return true;
}

// Done, with the sitting as it is now.
static bool tell_sitting(struct kr_cli *cli, const struct kr_sitting *sitting, const char *key)
{
    json_t *out = kr_sitting_new_json(sitting);
    const char *minutes = kr_cli_number(cli, kr_json_int(out, "minutes", 0));
    kr_cli_json(cli, out);
    kr_cli_answer(cli, key, "minutes", minutes, NULL);
    return true;
}

static bool run_again(struct kr_cli *cli, struct asked *asked)
{
    struct kr_sitting sitting;
    return sitting_of(cli, asked, &sitting) &&
           kr_sitting_again(asked->store, cli->mem, &sitting, word(cli, asked, 1), !asked->away,
                            cli->who, &cli->err) &&
           tell_sitting(cli, &sitting, asked->away ? "sitting.noted" : "sitting.kept");
}

static bool run_mood(struct kr_cli *cli, struct asked *asked)
{
    struct kr_sitting sitting;
    return sitting_of(cli, asked, &sitting) &&
           kr_sitting_mood(asked->store, &sitting, word(cli, asked, 1), &cli->err) &&
           tell_sitting(cli, &sitting, "sitting.noted");
}

static bool run_never(struct kr_cli *cli, struct asked *asked)
{
    struct kr_sitting sitting;
    return sitting_of(cli, asked, &sitting) &&
           kr_sitting_never(asked->store, cli->mem, cli->lang, &sitting, word(cli, asked, 1),
                            cli->who, &cli->err) &&
           tell_sitting(cli, &sitting, "sitting.noted");
}

static bool run_end(struct kr_cli *cli, struct asked *asked)
{
    struct kr_sitting sitting;
    return sitting_of(cli, asked, &sitting) && kr_sitting_end(asked->store, &sitting, &cli->err) &&
           tell_sitting(cli, &sitting, "sitting.ended");
}

static void tell_row(struct kr_cli *cli, const struct kr_sitting *sitting)
{
    json_t *one = kr_sitting_new_json(sitting);
    kr_cli_answer(cli, "sitting.row", "began", kr_json_str(one, "began", ""), "minutes",
                  kr_cli_number(cli, kr_json_int(one, "minutes", 0)), "company", sitting->company,
                  "again", kr_cli_number(cli, sitting->kept), "good",
                  kr_cli_number(cli, sitting->good), "quiet", kr_cli_number(cli, sitting->quiet),
                  "unhappy", kr_cli_number(cli, sitting->unhappy), NULL);
    kr_cli_json(cli, one);
}

static bool run_log(struct kr_cli *cli, struct asked *asked)
{
    struct kr_sitting *book;
    size_t n;
    if (!kr_cli_is_keeper(cli, asked->store) ||
        !kr_sittings_logged(asked->store, cli->mem, KR_BOOK_MOST, &book, &n, &cli->err))
        return false;
    if (asked->csv)
        fputs(kr_book_csv(cli->mem, book, n), stdout);
    for (size_t i = 0; i < n && !asked->csv; i++)
        tell_row(cli, &book[i]);
    return true;
}

static bool find_person(struct kr_cli *cli, struct asked *asked, struct kr_person *out)
{
    return kr_cli_is_keeper(cli, asked->store) &&
           kr_person_named(asked->store, cli->mem, word(cli, asked, 0), out, &cli->err);
}

static bool run_lit_up(struct kr_cli *cli, struct asked *asked)
{
    struct kr_person person;
    struct kr_lit *lit;
    size_t n;
    if (!find_person(cli, asked, &person) ||
        !kr_lit_up_of(asked->store, cli->mem, person.id, &lit, &n, &cli->err))
        return false;
    for (size_t i = 0; i < n; i++) {
        json_t *one = kr_json_new_object();
        kr_json_set_str(one, "thing", lit[i].thing);
        kr_json_set_str(one, "claim", lit[i].claim);
        kr_cli_json(cli, one);
        if (!cli->json)
            printf("%s  %s\n", lit[i].claim, lit[i].thing);
    }
    return true;
}

static void tell_part(const json_t *part)
{
    const json_t *lines = kr_json_get(part, "lines");
    for (size_t i = 0; i < json_array_size(lines); i++) {
        const json_t *line = json_array_get(lines, i);
        printf("%-10s %s  (%s)\n", kr_json_str(part, "part", ""), kr_json_str(line, "text", ""),
               kr_json_str(line, "claim", ""));
    }
}

static bool say_part(struct kr_cli *cli, struct asked *asked, const char *person)
{
    KR_AUTO(kr_json_drop) json_t *value = kr_json_new_object();
    kr_json_set_str(value, "part", word(cli, asked, 1));
    kr_json_set_str(value, "text", word(cli, asked, 2));
    return kr_person_say(asked->store, person, "about_me", value, cli->who, 1, &cli->err);
}

static bool run_about(struct kr_cli *cli, struct asked *asked)
{
    KR_AUTO(kr_json_drop) json_t *card = NULL;
    struct kr_person person;
    if (asked->words.n == 2)
        return kr_fail(&cli->err, KR_E_INVALID, "a part and its text are wanted");
    if (!find_person(cli, asked, &person) ||
        (asked->words.n == 3 && !say_part(cli, asked, person.id)) ||
        !kr_about_json(asked->store, cli->mem, person.id, &card, &cli->err))
        return false;
    const json_t *parts = kr_json_get(card, "parts");
    for (size_t i = 0; !cli->json && i < json_array_size(parts); i++)
        tell_part(json_array_get(parts, i));
    kr_cli_json(cli, json_incref(card));
    return true;
}

static const struct verb {
    struct kr_verb verb;
    bool (*run)(struct kr_cli *cli, struct asked *asked);
} verbs[] = {
    {{"about", 1, 3, KR_STORE_WRITE}, run_about}, {{"again", 2, 2, KR_STORE_WRITE}, run_again},
    {{"end", 1, 1, KR_STORE_WRITE}, run_end},     {{"lit-up", 1, 1, KR_STORE_READ}, run_lit_up},
    {{"log", 0, 0, KR_STORE_READ}, run_log},      {{"mood", 2, 2, KR_STORE_WRITE}, run_mood},
    {{"never", 2, 2, KR_STORE_WRITE}, run_never}, {{"offer", 1, 1, KR_STORE_WRITE}, run_offer},
    {{"start", 0, 1, KR_STORE_WRITE}, run_start},
};

int kr_cli_sitting_room(struct kr_cli *cli, int argc, char **argv)
{
    struct asked asked = {0};
    const struct kr_option options[] = {
        {"--after", NULL, &asked.after}, {"--csv", &asked.csv, NULL},
        {"--log", &asked.log, NULL},     {"--not", &asked.away, NULL},
        {"--seed", NULL, &asked.seed},   {"--seen", NULL, &asked.seen},
        {"--step", NULL, &asked.step},   {"--with", NULL, &asked.with},
    };
    struct kr_arguments left;
    KR_AUTO(kr_store_close) struct kr_store *store = NULL;
    if (!kr_cli_options(cli, options, KR_COUNT(options), argc, argv, &left))
        return kr_cli_usage(cli, "sitting");
    const struct verb *verb =
        kr_cli_verb(verbs, KR_COUNT(verbs), sizeof *verbs, &left, &asked.words);
    if (!verb)
        return kr_cli_usage(cli, "sitting");
    if (!kr_cli_store(cli, verb->verb.mode, &store))
        return kr_cli_failed(cli);
    asked.store = store;
    return verb->run(cli, &asked) ? KR_EXIT_DONE : kr_cli_failed(cli);
}
