// SPDX-License-Identifier: AGPL-3.0-or-later
// Questions about pictures: kinreel ask ITEM TEXT | list | show | link | beats | export |
// take-back; and kinreel answer.
#include "cli/commands.h"

#include "archive/asks.h"
#include "archive/door.h"
#include "archive/persons.h"
#include "base/file.h"
#include "story/askbeat.h"
#include "story/askcard.h"
#include "story/qr.h"
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { LINK_DAYS_MOST = 365 };

struct asked {
    struct kr_store *store;
    struct kr_arguments words; // behind the verb
    const char *region, *span, *to, *voice, *days, *address, *card, *answer, *round, *from;
    bool open, answered;
};

static const char *text_in(struct kr_cli *cli, const char *text)
{
    return kr_text_in(cli->mem, kr_str_of(text));
}

static struct kr_listener listener_of(const struct kr_cli *cli)
{
    return (struct kr_listener){cli->who, cli->who};
}

static bool person_of(struct kr_cli *cli, struct kr_store *store, const char *name,
                      const char **out)
{
    struct kr_person person;
    *out = "";
    if (!name)
        return true;
    if (!kr_person_named(store, cli->mem, name, &person, &cli->err))
        return false;
    *out = kr_arena_strdup(cli->mem, person.id);
    return true;
}

static bool ask_of(struct kr_cli *cli, struct asked *asked, const char *id, struct kr_ask *out)
{
    const struct kr_listener to = listener_of(cli);
    return kr_ask_get(asked->store, cli->mem, id, &to, out, &cli->err);
}

// "12.5-20": seconds.
static bool set_span(struct kr_cli *cli, json_t *value, const char *text)
{
    double from, to;
    if (!text)
        return true;
    char *first = kr_arena_strdup(cli->mem, text), *dash = strchr(first, '-');
    if (!dash)
        return false;
    *dash = '\0';
    if (!kr_parse_real(first, 0, 1e6, &from) || !kr_parse_real(dash + 1, 0, 1e6, &to))
        return false;
    json_t *span = kr_json_new_object();
    kr_json_set_int(span, "from_ms", (int64_t)(from * 1000 + 0.5));
    kr_json_set_int(span, "to_ms", (int64_t)(to * 1000 + 0.5));
    kr_json_set_take(value, "span", span);
    return true;
}

static void print_ask(struct kr_cli *cli, const struct kr_ask *ask)
{
    if (!cli->json)
        printf("%s  %s  %jd  %s\n", ask->id, ask->item, (intmax_t)ask->answers,
               kr_ask_said(cli->lang, ask));
}

static bool write_card(struct kr_cli *cli, const struct asked *asked, const struct kr_ask *ask,
                       const char *link, const char *code)
{
    KR_AUTO(kr_wall_close) struct kr_wall *wall = NULL;
    KR_AUTO(kr_fd_close) int fd = -1;
    if (!asked->card)
        return true;
    fd = open(asked->card, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    if (fd < 0)
        return kr_fail_errno(&cli->err, "write '%s'", asked->card);
    bool made = kr_cli_wall(cli, &wall) &&
                kr_ask_card_make(asked->store, wall, ask, link, code, cli->lang, fd, &cli->err);
    if (!made)
        unlink(asked->card); // it was not there before
    return made;
}

static bool print_link(struct kr_cli *cli, const char *link, const char *code)
{
    struct kr_qr qr;
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

// Makes a link about the question, and its card; tells the question with both.
static bool tell_link(struct kr_cli *cli, struct asked *asked, const char *id, const char *to)
{
    char invitation[KR_UUID_TEXT], code[KR_CODE_TEXT];
    int64_t days = 30;
    struct kr_ask ask;
    if (asked->days && !kr_parse_int(asked->days, 1, LINK_DAYS_MOST, &days))
        return kr_fail(&cli->err, KR_E_INVALID, "a link lasts 1 to %d days", LINK_DAYS_MOST);
    if (!ask_of(cli, asked, id, &ask))
        return false;
    const struct kr_new_invitation wish = {.role = KR_ROLE_GUEST,
                                           .person = *to ? to : kr_json_str(ask.value, "to", ""),
                                           .label = "",
                                           .about = ask.id,
                                           .made_by = cli->who,
                                           .days = (int)days};
    if (!kr_door_invite(asked->store, &wish, invitation, code, &cli->err))
        return false;
    const char *link = kr_ask_link(cli->mem, asked->address ? asked->address : "", code);
    json_t *row = kr_ask_new_json(asked->store, cli->mem, &ask);
    kr_json_set_str(row, "invitation", invitation);
    kr_json_set_str(row, "code", code);
    kr_json_set_str(row, "link", link);
    print_ask(cli, &ask);
    kr_cli_json(cli, row);
    return print_link(cli, link, code) && write_card(cli, asked, &ask, link, code);
}

static bool set_round(json_t *value, const struct asked *asked)
{
    int64_t place;
    if (!asked->round)
        return !asked->from;
    if (!asked->from || !kr_parse_int(asked->from, 0, 1, &place))
        return false;
    kr_json_set_str(value, "round", asked->round);
    kr_json_set_int(value, "place", place);
    return true;
}

static bool run_say(struct kr_cli *cli, struct asked *asked)
{
    KR_AUTO(kr_json_drop) json_t *value = kr_json_new_object();
    char id[KR_UUID_TEXT];
    const char *to;
    if (!kr_cli_region(cli, value, asked->region) || !set_span(cli, value, asked->span))
        return kr_fail(&cli->err, KR_E_USAGE, "a region is x,y,w,h from 0 to 1; a span 12.5-20");
    if (!set_round(value, asked))
        return kr_fail(&cli->err, KR_E_USAGE, "--round and --from, 0 or 1, go together");
    if (!person_of(cli, asked->store, asked->to, &to))
        return false;
    kr_json_set_str(value, "item", asked->words.at[0]);
    kr_json_set_str(value, "text", asked->words.n > 1 ? text_in(cli, asked->words.at[1]) : "");
    kr_json_set_str(value, "to", to);
    kr_json_set_str(value, "voice", asked->voice ? asked->voice : "");
    kr_json_set_str(value, "lang", kr_lang_tag(cli->lang));
    return kr_ask_say(asked->store, value, cli->who, id, &cli->err) &&
           tell_link(cli, asked, id, to);
}

static bool run_link(struct kr_cli *cli, struct asked *asked)
{
    const char *to;
    return person_of(cli, asked->store, asked->to, &to) &&
           tell_link(cli, asked, asked->words.at[0], to);
}

static bool run_list(struct kr_cli *cli, struct asked *asked)
{
    const struct kr_listener to = listener_of(cli);
    enum kr_ask_state state = asked->open       ? KR_ASKS_OPEN
                              : asked->answered ? KR_ASKS_ANSWERED
                                                : KR_ASKS_ALL;
    struct kr_ask *asks;
    size_t n;
    if (!(asked->words.n > 0
              ? kr_asks_of_item(asked->store, cli->mem, asked->words.at[0], &to, &asks, &n,
                                &cli->err)
              : kr_asks_of_home(asked->store, cli->mem, state, &to, &asks, &n, &cli->err)))
        return false;
    for (size_t i = 0; i < n; i++) {
        json_t *row = kr_ask_new_json(asked->store, cli->mem, &asks[i]);
        print_ask(cli, &asks[i]);
        kr_cli_json(cli, row);
    }
    if (!n)
        kr_cli_answer(cli, "ask.none", NULL);
    return true;
}

static bool run_show(struct kr_cli *cli, struct asked *asked)
{
    const struct kr_listener to = listener_of(cli);
    struct kr_reply *replies;
    struct kr_ask ask;
    size_t n;
    if (!ask_of(cli, asked, asked->words.at[0], &ask) ||
        !kr_replies_of(asked->store, cli->mem, ask.id, &to, &replies, &n, &cli->err))
        return false;
    json_t *row = kr_ask_new_json(asked->store, cli->mem, &ask), *list = kr_json_new_array();
    print_ask(cli, &ask);
    for (size_t i = 0; i < n; i++) {
        if (!cli->json)
            printf("  %s  %-7s  %s  %s\n", replies[i].claim, replies[i].kind, replies[i].media,
                   kr_json_str(replies[i].value, "text", ""));
        kr_json_append_take(list, kr_reply_new_json(asked->store, cli->mem, &replies[i]));
    }
    kr_json_set_take(row, "replies", list);
    kr_cli_json(cli, row);
    return true;
}

// What is asked for is JSON, with --json or without.
static bool print_json(struct kr_cli *cli, json_t *value)
{
    puts(kr_json_text(cli->mem, value));
    kr_json_drop(&value);
    return true;
}

static bool run_beats(struct kr_cli *cli, struct asked *asked)
{
    const struct kr_listener to = listener_of(cli);
    struct kr_ask ask;
    json_t *beats;
    return ask_of(cli, asked, asked->words.at[0], &ask) &&
           kr_ask_beats(asked->store, cli->mem, &ask, &to, asked->answer ? asked->answer : "",
                        &beats, &cli->err) &&
           print_json(cli, beats);
}

static bool run_export(struct kr_cli *cli, struct asked *asked)
{
    const struct kr_listener to = listener_of(cli);
    struct kr_ask ask;
    json_t *page;
    return ask_of(cli, asked, asked->words.at[0], &ask) &&
           kr_ask_annotation(asked->store, cli->mem, &ask, &to, &page, &cli->err) &&
           print_json(cli, page);
}

static bool run_take_back(struct kr_cli *cli, struct asked *asked)
{
    const struct kr_listener to = listener_of(cli);
    const char *id = asked->words.at[0];
    if (!(asked->words.n > 1
              ? kr_answer_take_back(asked->store, id, asked->words.at[1], &to, &cli->err)
              : kr_ask_take_back(asked->store, id, cli->who, &cli->err)))
        return false;
    json_t *row = kr_json_new_object();
    kr_json_set_str(row, "id", id);
    kr_json_set_bool(row, "taken_back", true);
    kr_cli_json(cli, row);
    kr_cli_answer(cli, "ask.taken_back", NULL);
    return true;
}

static const struct verb {
    struct kr_verb verb;
    bool (*run)(struct kr_cli *cli, struct asked *asked);
} verbs[] = {
    {{"beats", 1, 1, KR_STORE_READ}, run_beats},
    {{"export", 1, 1, KR_STORE_READ}, run_export},
    {{"link", 1, 1, KR_STORE_WRITE}, run_link},
    {{"list", 0, 1, KR_STORE_READ}, run_list},
    {{"show", 1, 1, KR_STORE_READ}, run_show},
    {{"take-back", 1, 2, KR_STORE_WRITE}, run_take_back},
    {{NULL, 1, 2, KR_STORE_WRITE}, run_say}, // an item
};

int kr_cmd_ask(struct kr_cli *cli, int argc, char **argv)
{
    struct asked asked = {0};
    const struct kr_option options[] = {
        {"--address", NULL, &asked.address},
        {"--answer", NULL, &asked.answer},
        {"--answered", &asked.answered, NULL},
        {"--card", NULL, &asked.card},
        {"--days", NULL, &asked.days},
        {"--from", NULL, &asked.from},
        {"--open", &asked.open, NULL},
        {"--region", NULL, &asked.region},
        {"--round", NULL, &asked.round},
        {"--span", NULL, &asked.span},
        {"--to", NULL, &asked.to},
        {"--voice", NULL, &asked.voice},
    };
    KR_AUTO(kr_store_close) struct kr_store *store = NULL;
    struct kr_uuid id;
    struct kr_arguments left;
    if (!kr_cli_options(cli, options, KR_COUNT(options), argc, argv, &left))
        return kr_cli_usage(cli, "ask");
    const struct verb *verb =
        kr_cli_verb(verbs, KR_COUNT(verbs), sizeof *verbs, &left, &asked.words);
    if (!verb)
        return kr_cli_usage(cli, "ask");
    if (asked.voice && !kr_uuid_parse(asked.voice, &id) &&
        !kr_cli_bring(cli, asked.voice, &asked.voice))
        return kr_cli_failed(cli);
    if (!kr_cli_store(cli, verb->verb.mode, &store))
        return kr_cli_failed(cli);
    asked.store = store;
    return verb->run(cli, &asked) ? KR_EXIT_DONE : kr_cli_failed(cli);
}

// The question that an id names, or a code from a card: then its holder answers.
static bool find_asked(struct kr_cli *cli, struct kr_store *store, const char *what,
                       const char **ask, struct kr_answerer *by)
{
    struct kr_invitation invitation;
    struct kr_person person;
    struct kr_uuid id;
    bool is_person = kr_person_get(store, cli->mem, cli->who, &person, NULL);
    *ask = what;
    *by = (struct kr_answerer){cli->who, is_person ? cli->who : ""};
    if (kr_uuid_parse(what, &id))
        return true;
    if (!kr_door_invited(store, cli->mem, what, &invitation, &cli->err))
        return false;
    if (!*invitation.about || strcmp(invitation.home, store->home) != 0)
        return kr_fail(&cli->err, KR_E_REFUSED, "this code is not about a question");
    const char *holder = *invitation.person ? invitation.person : invitation.id;
    *by = (struct kr_answerer){kr_arena_strdup(cli->mem, holder), invitation.person};
    *ask = invitation.about;
    return true;
}

static bool say_answer(struct kr_cli *cli, const char *what, const json_t *value)
{
    KR_AUTO(kr_store_close) struct kr_store *store = NULL;
    KR_AUTO(kr_json_drop) json_t *said = json_deep_copy(value);
    struct kr_answerer by;
    const char *ask, *person;
    char claim[KR_UUID_TEXT];
    if (!kr_cli_store(cli, KR_STORE_WRITE, &store) || !find_asked(cli, store, what, &ask, &by) ||
        !person_of(cli, store, kr_json_str(value, "for", NULL), &person))
        return false;
    kr_json_set_str(said, "for", person);
    if (!kr_answer_say(store, ask, said, &by, claim, &cli->err))
        return false;
    json_t *row = kr_json_new_object();
    kr_json_set_str(row, "ask", ask);
    kr_json_set_str(row, "claim", claim);
    kr_json_set_str(row, "media", kr_json_str(said, "media", ""));
    kr_cli_json(cli, row);
    kr_cli_answer(cli, "ask.answered", NULL);
    return true;
}

// Whether the code or id would do, before a file is brought in for it.
static bool is_asked(struct kr_cli *cli, const char *what)
{
    KR_AUTO(kr_store_close) struct kr_store *store = NULL;
    struct kr_answerer by;
    struct kr_ask ask;
    const char *id;
    if (!kr_cli_store(cli, KR_STORE_WRITE, &store) || !find_asked(cli, store, what, &id, &by))
        return false;
    const struct kr_listener to = {by.person, by.who};
    return kr_ask_get(store, cli->mem, id, &to, &ask, &cli->err);
}

int kr_cmd_answer(struct kr_cli *cli, int argc, char **argv)
{
    const char *text = NULL, *person = NULL, *reply_to = NULL, *media = "";
    const struct kr_option options[] = {
        {"--for", NULL, &person}, {"--reply-to", NULL, &reply_to}, {"--text", NULL, &text}};
    KR_AUTO(kr_json_drop) json_t *value = kr_json_new_object();
    struct kr_arguments left;
    if (!kr_cli_options(cli, options, KR_COUNT(options), argc, argv, &left) || left.n < 1 ||
        left.n > 2 || (left.n < 2 && !text))
        return kr_cli_usage(cli, "answer");
    if (!is_asked(cli, left.at[0]) || (left.n > 1 && !kr_cli_bring(cli, left.at[1], &media)))
        return kr_cli_failed(cli);
    kr_json_set_str(value, "media", media);
    if (text)
        kr_json_set_str(value, "text", text_in(cli, text));
    if (person)
        kr_json_set_str(value, "for", person);
    if (reply_to)
        kr_json_set_str(value, "reply_to", reply_to);
    return say_answer(cli, left.at[0], value) ? KR_EXIT_DONE : kr_cli_failed(cli);
}
