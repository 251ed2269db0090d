// SPDX-License-Identifier: AGPL-3.0-or-later
// Things in pictures: kinreel mark, kinreel marks.
#include "cli/commands.h"

#include "archive/marks.h"
#include "store/claims.h"
#include "store/items.h"
#include <stdio.h>
#include <string.h>

struct asked {
    const char *card, *region, *date, *say, *voice, *certain, *not_this;
};

static void set_text(struct kr_cli *cli, json_t *object, const char *name, const char *text)
{
    if (text)
        kr_json_set_str(object, name, kr_text_in(cli->mem, kr_str_of(text)));
}

// A recording that is a file comes into the archive first; an id stays as it is.
static bool bring_voice(struct kr_cli *cli, const char **voice)
{
    struct kr_uuid id;
    return !*voice || kr_uuid_parse(*voice, &id) || kr_cli_bring(cli, *voice, voice);
}

static void tell_mark(struct kr_cli *cli, struct kr_store *store, const struct kr_mark *mark)
{
    json_t *line = kr_mark_new_json(store, cli->mem, cli->lang, mark);
    if (!cli->json)
        printf("%s  %s  %-12s  %s  %s\n", mark->claim, mark->item,
               kr_json_str(kr_json_get(line, "date"), "text", ""), mark->thing,
               kr_json_str(line, "sentence", ""));
    KR_AUTO(kr_json_drop) json_t *own = line;
    kr_cli_json(cli, json_incref(own));
}

// Who says it lets theirs rest: it is kept and not shown.
static void tell_rest(struct kr_cli *cli, const char *item, const char *claim)
{
    json_t *line = kr_json_new_object();
    kr_json_set_str(line, "item", item);
    kr_json_set_str(line, "claim", claim);
    kr_json_set_bool(line, "rests", true);
    kr_cli_json(cli, line);
    kr_cli_answer(cli, "mark.rests", NULL);
}

static bool say_mark(struct kr_cli *cli, const char *item, const json_t *value, double certain)
{
    KR_AUTO(kr_store_close) struct kr_store *store = NULL;
    struct kr_era era;
    struct kr_claim said;
    struct kr_mark mark;
    char claim[KR_UUID_TEXT];
    if (!kr_cli_store(cli, KR_STORE_WRITE, &store) ||
        !kr_era_open(cli->mem, store, &era, &cli->err) ||
        !kr_mark_say(store, &era, item, value, cli->who, certain, claim, &cli->err) ||
        !kr_claim_get(store, cli->mem, claim, &said, &cli->err))
        return false;
    if (said.rests) {
        tell_rest(cli, item, claim);
        return true;
    }
    if (!kr_mark_get(store, cli->mem, claim, &mark, &cli->err))
        return false;
    tell_mark(cli, store, &mark);
    return true;
}

static bool take_back(struct kr_cli *cli, const char *item, const char *claim)
{
    KR_AUTO(kr_store_close) struct kr_store *store = NULL;
    if (!kr_cli_store(cli, KR_STORE_WRITE, &store) ||
        !kr_mark_take_back(store, item, claim, cli->who, &cli->err))
        return false;
    json_t *line = kr_json_new_object();
    kr_json_set_str(line, "item", item);
    kr_json_set_str(line, "retracted", claim);
    kr_cli_json(cli, line);
    kr_cli_answer(cli, "mark.taken_back", NULL);
    return true;
}

int kr_cmd_mark(struct kr_cli *cli, int argc, char **argv)
{
    struct asked asked = {.certain = "0.9"};
    const struct kr_option options[] = {
        {"--card", NULL, &asked.card},     {"--certain", NULL, &asked.certain},
        {"--date", NULL, &asked.date},     {"--not", NULL, &asked.not_this},
        {"--region", NULL, &asked.region}, {"--say", NULL, &asked.say},
        {"--voice", NULL, &asked.voice},
    };
    KR_AUTO(kr_json_drop) json_t *value = kr_json_new_object();
    struct kr_arguments left;
    double certain;
    if (!kr_cli_options(cli, options, KR_COUNT(options), argc, argv, &left) ||
        left.n != (asked.not_this ? 1 : 2) || !kr_parse_real(asked.certain, 0, 1, &certain) ||
        !kr_cli_region(cli, value, asked.region))
        return kr_cli_usage(cli, "mark");
    if (asked.not_this)
        return take_back(cli, left.at[0], asked.not_this) ? KR_EXIT_DONE : kr_cli_failed(cli);
    if (!bring_voice(cli, &asked.voice))
        return kr_cli_failed(cli);
    set_text(cli, value, "thing", left.at[1]);
    set_text(cli, value, "card", asked.card);
    set_text(cli, value, "date", asked.date);
    set_text(cli, value, "sentence", asked.say);
    set_text(cli, value, "voice", asked.voice);
    return say_mark(cli, left.at[0], value, certain) ? KR_EXIT_DONE : kr_cli_failed(cli);
}

static const char *years(struct kr_cli *cli, const json_t *thing)
{
    int64_t from = kr_json_int(thing, "from", 0), to = kr_json_int(thing, "to", 0);
    if (!from)
        return "";
    if (!to || from == to)
        return kr_cli_number(cli, from);
    return kr_arena_format(cli->mem, "%jd–%jd", (intmax_t)from, (intmax_t)to);
}

static bool tell_things(struct kr_cli *cli, struct kr_store *store, const struct kr_era *era)
{
    struct kr_marked_thing *things;
    size_t n;
    if (!kr_marked_things(store, cli->mem, &things, &n, &cli->err))
        return false;
    for (size_t i = 0; i < n; i++) {
        json_t *line = kr_marked_new_json(era, cli->lang, &things[i]);
        if (!cli->json)
            printf("%4jd  %-10s  %s  %s\n", (intmax_t)things[i].count, years(cli, line),
                   kr_json_str(line, "thing", ""), things[i].card);
        KR_AUTO(kr_json_drop) json_t *own = line;
        kr_cli_json(cli, json_incref(own));
    }
    if (!n)
        kr_cli_answer(cli, "mark.none", NULL);
    return true;
}

static bool tell_row(struct kr_cli *cli, struct kr_store *store, const struct kr_era *era,
                     const char *thing, const char *card_id)
{
    const struct kr_era_card *card;
    struct kr_mark *marks;
    size_t n;
    if (!kr_marks_of(store, cli->mem, era, thing, card_id, &marks, &n, &card, &cli->err))
        return false;
    for (size_t i = 0; i < n; i++)
        tell_mark(cli, store, &marks[i]);
    if (!n)
        kr_cli_answer(cli, "mark.none", NULL);
    return true;
}

int kr_cmd_marks(struct kr_cli *cli, int argc, char **argv)
{
    const char *card = "";
    const struct kr_option options[] = {{"--card", NULL, &card}};
    KR_AUTO(kr_store_close) struct kr_store *store = NULL;
    struct kr_arguments left;
    struct kr_era era;
    if (!kr_cli_options(cli, options, KR_COUNT(options), argc, argv, &left) || left.n > 1 ||
        (left.n && *card))
        return kr_cli_usage(cli, "marks");
    if (!kr_cli_store(cli, KR_STORE_READ, &store) || !kr_era_open(cli->mem, store, &era, &cli->err))
        return kr_cli_failed(cli);
    const char *thing = left.n ? kr_text_in(cli->mem, kr_str_of(left.at[0])) : "";
    bool fine =
        *thing || *card ? tell_row(cli, store, &era, thing, card) : tell_things(cli, store, &era);
    return fine ? KR_EXIT_DONE : kr_cli_failed(cli);
}
