// SPDX-License-Identifier: AGPL-3.0-or-later
// The years around a family: kinreel era list | show | add | check.
#include "cli/commands.h"

#include "archive/era.h"
#include <stdio.h>
#include <string.h>

struct asked {
    struct kr_arguments words; // behind the verb
    struct kr_era_query query;
};

// Cards that came with the program need no archive.
static bool open_era(struct kr_cli *cli, struct kr_store **store, struct kr_era *era)
{
    struct kr_err why = {0};
    if (!kr_store_open(cli->archive, KR_STORE_READ, store, &why) && why.code != KR_E_NOT_FOUND)
        return kr_fail(&cli->err, why.code, "%s", why.text);
    return kr_era_open(cli->mem, *store, era, &cli->err);
}

static void tell_card(struct kr_cli *cli, const struct kr_era_card *card)
{
    kr_cli_json(cli, kr_era_new_json(cli->mem, cli->lang, card));
    if (!cli->json)
        printf("%-36s  %-16s  %s\n", card->id, kr_edtf_words(cli->mem, cli->lang, card->date.text),
               card->title[cli->lang]);
}

// What could not be read is told, and the rest is there.
static size_t tell_refusals(struct kr_cli *cli, const struct kr_era *era)
{
    for (size_t i = 0; i < era->refusal_count; i++) {
        const struct kr_era_refusal *refusal = &era->refusals[i];
        const char *card = *refusal->card ? refusal->card : "cards.json";
        json_t *line = kr_json_new_object();
        kr_json_set_str(line, "pack", refusal->pack);
        kr_json_set_str(line, "card", refusal->card);
        kr_json_set_str(line, "refused", refusal->why);
        kr_cli_json(cli, line);
        kr_cli_tell(cli, "era.refused", "pack", refusal->pack, "card", card, "why", refusal->why,
                    NULL);
    }
    return era->refusal_count;
}

static int run_list(struct kr_cli *cli, struct asked *asked)
{
    KR_AUTO(kr_store_close) struct kr_store *store = NULL;
    const struct kr_era_card **found;
    struct kr_era era;
    asked->query.q = asked->words.n ? kr_text_in(cli->mem, kr_str_of(asked->words.at[0])) : "";
    if (!open_era(cli, &store, &era))
        return kr_cli_failed(cli);
    size_t n = kr_era_find(cli->mem, &era, &asked->query, &found);
    for (size_t i = 0; i < n; i++)
        tell_card(cli, found[i]);
    if (!n)
        kr_cli_answer(cli, "era.none", NULL);
    return KR_EXIT_DONE;
}

static int run_show(struct kr_cli *cli, struct asked *asked)
{
    KR_AUTO(kr_store_close) struct kr_store *store = NULL;
    const struct kr_era_card *card;
    struct kr_era era;
    if (!open_era(cli, &store, &era) || !kr_era_card(&era, asked->words.at[0], &card, &cli->err))
        return kr_cli_failed(cli);
    tell_card(cli, card);
    if (cli->json)
        return KR_EXIT_DONE;
    printf("\n%s\n\n", card->text[cli->lang]);
    for (size_t i = 0; i < card->source_count; i++)
        printf("  %s\n", card->sources[i]);
    printf("  %s\n", card->licence);
    return KR_EXIT_DONE;
}

static int run_add(struct kr_cli *cli, struct asked *asked)
{
    KR_AUTO(kr_store_close) struct kr_store *store = NULL;
    if (!kr_cli_store(cli, KR_STORE_WRITE, &store) ||
        !kr_era_add(store, asked->words.at[0], &cli->err))
        return kr_cli_failed(cli);
    json_t *line = kr_json_new_object();
    kr_json_set_bool(line, "added", true);
    kr_cli_json(cli, line);
    kr_cli_answer(cli, "era.added", NULL);
    return KR_EXIT_DONE;
}

// Without a folder: the packs that are there.
static int run_check(struct kr_cli *cli, struct asked *asked)
{
    KR_AUTO(kr_store_close) struct kr_store *store = NULL;
    struct kr_era era;
    bool read = asked->words.n ? kr_era_open_folder(cli->mem, asked->words.at[0], &era, &cli->err)
                               : open_era(cli, &store, &era);
    if (!read)
        return kr_cli_failed(cli);
    size_t refused = tell_refusals(cli, &era);
    json_t *line = kr_json_new_object();
    kr_json_set_bool(line, "summary", true);
    kr_json_set_int(line, "packs", (int64_t)era.pack_count);
    kr_json_set_int(line, "cards", (int64_t)era.count);
    kr_json_set_int(line, "refused", (int64_t)refused);
    kr_cli_json(cli, line);
    kr_cli_answer(cli, "era.checked", "cards", kr_cli_number(cli, (int64_t)era.count), "packs",
                  kr_cli_number(cli, (int64_t)era.pack_count), "refused",
                  kr_cli_number(cli, (int64_t)refused), NULL);
    return refused ? KR_EXIT_PART : KR_EXIT_DONE;
}

static const struct verb {
    const char *name;
    int least, most; // words behind it
    int (*run)(struct kr_cli *cli, struct asked *asked);
} verbs[] = {
    {"add", 1, 1, run_add},
    {"check", 0, 1, run_check},
    {"list", 0, 1, run_list},
    {"show", 1, 1, run_show},
};

static bool read_years(struct kr_era_query *query, const char *from, const char *to)
{
    int64_t first = 1, last = from || to ? 9998 : 0;
    if ((from && !kr_parse_int(from, 1, 9998, &first)) || (to && !kr_parse_int(to, 1, 9998, &last)))
        return false;
    query->from = (int)first;
    query->to = (int)last;
    return true;
}

int kr_cmd_era(struct kr_cli *cli, int argc, char **argv)
{
    struct asked asked = {.query = {.q = "", .pack = ""}};
    const char *from = NULL, *to = NULL;
    const struct kr_option options[] = {
        {"--calm", &asked.query.calm, NULL},
        {"--from", NULL, &from},
        {"--line", &asked.query.line, NULL},
        {"--pack", NULL, &asked.query.pack},
        {"--to", NULL, &to},
    };
    struct kr_arguments left;
    if (!kr_cli_options(cli, options, KR_COUNT(options), argc, argv, &left) || left.n == 0 ||
        !read_years(&asked.query, from, to))
        return kr_cli_usage(cli, "era");
    asked.words = (struct kr_arguments){left.at + 1, left.n - 1};
    for (size_t i = 0; i < KR_COUNT(verbs); i++)
        if (strcmp(verbs[i].name, left.at[0]) == 0 && asked.words.n >= verbs[i].least &&
            asked.words.n <= verbs[i].most)
            return verbs[i].run(cli, &asked);
    return kr_cli_usage(cli, "era");
}
