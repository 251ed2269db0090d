// SPDX-License-Identifier: AGPL-3.0-or-later
// Things in pictures: kinreel mark, kinreel marks.
#include "cli/commands.h"

#include "archive/ingest.h"
#include "archive/marks.h"
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

// "0.1,0.2,0.3,0.4": x, y, width, height, as fractions of the picture.
static bool set_region(struct kr_cli *cli, json_t *value, const char *text)
{
    static const char *const names[] = {"x", "y", "w", "h"};
    if (!text)
        return true;
    char *rest = kr_arena_strdup(cli->mem, text);
    json_t *region = kr_json_new_object();
    kr_json_set_take(value, "region", region);
    for (size_t i = 0; i < KR_COUNT(names); i++) {
        double side;
        char *comma = strchr(rest, ',');
        if ((comma != NULL) != (i + 1 < KR_COUNT(names)))
            return false;
        if (comma)
            *comma = '\0';
        if (!kr_parse_real(rest, 0, 1, &side))
            return false;
        kr_json_set_real(region, names[i], side);
        rest = comma ? comma + 1 : rest;
    }
    return true;
}

static void on_voice(void *context, const struct kr_outcome *outcome)
{
    struct kr_outcome *kept = context;
    *kept = *outcome;
    kept->reason = "";
}

// A recording that is a file comes into the archive first; an id stays as it is.
static bool bring_voice(struct kr_cli *cli, const char **voice)
{
    struct kr_uuid id;
    struct kr_outcome outcome = {.fate = KR_REFUSED};
    struct kr_ingest_counts counts;
    KR_AUTO(kr_wall_close) struct kr_wall *wall = NULL;
    KR_AUTO(kr_ingest_close) struct kr_ingest *ingest = NULL;
    if (!*voice || kr_uuid_parse(*voice, &id))
        return true;
    const char *home;
    if (!kr_cli_home(cli, &home) || !kr_cli_wall(cli, &wall))
        return false;
    const struct kr_ingest_params params = {.archive = cli->archive,
                                            .home = home,
                                            .wall = wall,
                                            .outcome = on_voice,
                                            .context = &outcome};
    if (!kr_ingest_open(&params, &ingest, &cli->err) ||
        !kr_ingest_run(ingest, voice, 1, &counts, &cli->err))
        return false;
    if (outcome.fate == KR_REFUSED)
        return kr_fail(&cli->err, KR_E_UNSUPPORTED, "the voice cannot be brought in");
    *voice = kr_arena_strdup(cli->mem, outcome.id);
    return true;
}

static void tell_mark(struct kr_cli *cli, const struct kr_mark *mark)
{
    json_t *line = kr_mark_new_json(cli->mem, cli->lang, mark);
    if (!cli->json)
        printf("%s  %s  %-12s  %s  %s\n", mark->claim, mark->item,
               kr_json_str(kr_json_get(line, "date"), "text", ""), mark->thing,
               kr_json_str(line, "sentence", ""));
    KR_AUTO(kr_json_drop) json_t *own = line;
    kr_cli_json(cli, json_incref(own));
}

static bool say_mark(struct kr_cli *cli, const char *item, const json_t *value, double certain)
{
    KR_AUTO(kr_store_close) struct kr_store *store = NULL;
    struct kr_era era;
    struct kr_mark mark;
    char claim[KR_UUID_TEXT];
    if (!kr_cli_store(cli, KR_STORE_WRITE, &store) ||
        !kr_era_open(cli->mem, store, &era, &cli->err) ||
        !kr_mark_say(store, &era, item, value, cli->who, certain, claim, &cli->err) ||
        !kr_mark_get(store, cli->mem, claim, &mark, &cli->err))
        return false;
    tell_mark(cli, &mark);
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
        !set_region(cli, value, asked.region))
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
        tell_mark(cli, &marks[i]);
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
