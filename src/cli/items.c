// SPDX-License-Identifier: AGPL-3.0-or-later
// Single items: find, show, trash.
#include "cli/commands.h"

#include "archive/edtf.h"
#include "archive/groups.h"
#include "archive/heard.h"
#include "archive/marks.h"
#include "archive/may.h"
#include "archive/say.h"
#include "archive/search.h"
#include "base/clock.h"
#include "cli/items_priv.h"
#include "store/cache.h"
#include "store/claims.h"
#include "store/items.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

static json_t *new_brief(struct kr_cli *cli, const struct kr_item *item)
{
    json_t *line = kr_json_new_object();
    kr_json_set_str(line, "id", item->id);
    kr_json_set_str(line, "kind", item->kind);
    kr_json_set_str(line, "date", item->date_edtf);
    kr_json_set_str(line, "date_text", kr_edtf_words(cli->mem, cli->lang, item->date_edtf));
    kr_json_set_str(line, "title", item->title);
    kr_json_set_str(line, "caption", item->caption);
    kr_json_set_str(line, "names", item->names);
    kr_json_set_str(line, "damaged", item->damaged);
    return line;
}

void kr_cli_tell_item(struct kr_cli *cli, const struct kr_item *item, const char *act)
{
    json_t *line = new_brief(cli, item);
    if (*act)
        kr_json_set_str(line, "act", act);
    kr_cli_json(cli, line);
    if (cli->json)
        return;
    size_t n = strcspn(item->names, "\n");
    const char *date = kr_edtf_words(cli->mem, cli->lang, item->date_edtf);
    printf("%s  %-5s  %-16s  %s\n", item->id, item->kind,
           *date ? date : kr_word(cli->lang, "show.undated"),
           *item->caption ? item->caption
           : *item->title ? item->title
                          : kr_arena_format(cli->mem, "%.*s", (int)n, item->names));
}

static bool find_all(struct kr_cli *cli, struct kr_store *store, const struct kr_search *search,
                     int64_t most, int64_t *count)
{
    char cursor[64] = "";
    struct kr_search page = *search;
    page.cursor = cursor;
    page.limit = 500;
    while (*count < most) {
        struct kr_item_list list;
        if (most - *count < page.limit)
            page.limit = (int)(most - *count);
        if (!kr_items_search(store, cli->mem, &page, &list, &cli->err))
            return false;
        for (size_t i = 0; i < list.n; i++, (*count)++)
            kr_cli_tell_item(cli, &list.at[i], "");
        if (!list.next[0] || kr_cli_stopped())
            return true;
        kr_format(cursor, sizeof cursor, "%s", list.next);
    }
    return true;
}

int kr_cmd_find(struct kr_cli *cli, int argc, char **argv)
{
    KR_AUTO(kr_store_close) struct kr_store *store = NULL;
    KR_AUTO(kr_buf_finish) struct kr_buf question = {0};
    const char *limit = "1000";
    const struct kr_option options[] = {{"--limit", NULL, &limit}};
    struct kr_arguments words;
    int64_t most, count = 0;
    if (!kr_cli_options(cli, options, KR_COUNT(options), argc, argv, &words) || words.n == 0 ||
        !kr_parse_int(limit, 1, 10000000, &most))
        return kr_cli_usage(cli, "find");
    for (int i = 0; i < words.n; i++)
        kr_buf_format(&question, "%s%s", i ? " " : "", words.at[i]);
    struct kr_search search = {0};
    kr_search_parse(cli->mem, kr_text_in(cli->mem, (struct kr_str){question.at, question.n}),
                    &search);
    if (!kr_cli_store(cli, KR_STORE_READ, &store) || !find_all(cli, store, &search, most, &count))
        return kr_cli_failed(cli);
    if (count == 0 && !cli->json)
        kr_cli_tell(cli, "find.none", NULL);
    return KR_EXIT_DONE;
}

static json_t *new_claim(struct kr_store *store, const struct kr_claim *claim, bool retracted)
{
    json_t *line = kr_json_new_object();
    char at[32];
    kr_time_text(claim->at_ms, at);
    kr_json_set_str(line, "id", claim->id);
    kr_json_set_str(line, "predicate", claim->predicate);
    kr_json_set_take(line, "value", kr_heard_new_value(store, claim));
    kr_json_set_str(line, "who", kr_heard_who(claim));
    kr_json_set_real(line, "certain", claim->certain);
    kr_json_set_str(line, "at", at);
    kr_json_set_bool(line, "retracted", retracted);
    return line;
}

static void fill_show(struct kr_cli *cli, struct kr_store *store, const struct kr_item *item,
                      json_t *line)
{
    char hex[KR_SHA256_HEX], added[32];
    kr_blob_hex(&item->blob, hex);
    kr_time_text(item->added_ms, added);
    kr_json_set_str(line, "sha256", hex);
    kr_json_set_int(line, "size", (int64_t)item->size);
    kr_json_set_str(line, "mime", item->mime);
    kr_json_set_int(line, "width", item->width);
    kr_json_set_int(line, "height", item->height);
    kr_json_set_int(line, "duration_ms", item->duration_ms);
    kr_json_set_str(line, "added", added);
    kr_json_set_str(line, "date_source", item->date_source);
    kr_json_set_real(line, "date_certain", item->date_certain);
    kr_json_set_str(line, "place", item->place);
    kr_json_set_str(line, "camera", item->camera);
    kr_json_set_bool(line, "favourite", item->favourite);
    kr_json_set_bool(line, "trashed", item->trashed_ms != 0);
    kr_json_set_bool(line, "hidden", item->hidden);
    kr_json_set_str(line, "stack", item->stack);
    kr_json_set_str(line, "near", item->near);
    if (!isnan(item->lat) && !isnan(item->lon)) {
        kr_json_set_real(line, "lat", item->lat);
        kr_json_set_real(line, "lon", item->lon);
    }
    json_t *extra = NULL;
    if (!kr_json_parse(kr_str_of(item->extra), 1 << 24, &extra, NULL))
        return;
    if (kr_json_get(extra, "marks"))
        kr_json_set_take(extra, "marks", kr_marks_new_list(store, cli->mem, cli->lang, extra));
    kr_json_set_take(line, "extra", extra);
}

static bool show(struct kr_cli *cli, struct kr_store *store, const char *id, json_t *line)
{
    struct kr_item item;
    struct kr_claim_list claims;
    struct kr_rendition *renditions;
    size_t n;
    if (!kr_item_may_get(store, cli->mem, id, &KR_VIEW_HOME, &item, &cli->err) ||
        !kr_claims_of(store, cli->mem, id, &claims, &cli->err) ||
        !kr_renditions_of(store, cli->mem, id, &renditions, &n, &cli->err))
        return false;
    json_t *brief = new_brief(cli, &item);
    json_object_update(line, brief);
    kr_json_drop(&brief);
    fill_show(cli, store, &item, line);
    json_t *said = kr_json_new_array(), *made = kr_json_new_array();
    for (size_t i = 0; i < claims.n; i++)
        if (kr_is_heard(&claims.at[i]))
            kr_json_append_take(said, new_claim(store, &claims.at[i], claims.retracted[i]));
    for (size_t i = 0; i < n; i++) {
        json_t *one = kr_json_new_object();
        kr_json_set_str(one, "id", renditions[i].id);
        kr_json_set_str(one, "kind", renditions[i].kind);
        kr_json_set_str(one, "mime", renditions[i].mime);
        kr_json_append_take(made, one);
    }
    kr_json_set_take(line, "claims", said);
    kr_json_set_take(line, "renditions", made);
    return true;
}

int kr_cmd_show(struct kr_cli *cli, int argc, char **argv)
{
    KR_AUTO(kr_store_close) struct kr_store *store = NULL;
    KR_AUTO(kr_json_drop) json_t *line = kr_json_new_object();
    struct kr_arguments left;
    if (!kr_cli_options(cli, NULL, 0, argc, argv, &left) || left.n != 1)
        return kr_cli_usage(cli, "show");
    if (!kr_cli_store(cli, KR_STORE_READ, &store) || !show(cli, store, left.at[0], line))
        return kr_cli_failed(cli);
    kr_cli_json(cli, json_incref(line));
    const char *name;
    json_t *value;
    json_object_foreach(line, name, value)
    {
        if (cli->json)
            break;
        if (!json_is_array(value) && strcmp(name, "extra") != 0) {
            printf("%-14s %s\n", name,
                   json_is_string(value) ? json_string_value(value)
                                         : kr_json_text(cli->mem, value));
            continue;
        }
        for (size_t i = 0; i < json_array_size(value); i++)
            printf("%-14s %s\n", name, kr_json_text(cli->mem, json_array_get(value, i)));
    }
    return KR_EXIT_DONE;
}

static bool list_trash(struct kr_cli *cli, struct kr_store *store)
{
    char cursor[64] = "";
    struct kr_items_query query = {.trashed = true, .limit = 500, .cursor = cursor};
    struct kr_item_list list;
    size_t count = 0;
    do {
        if (!kr_items_page(store, cli->mem, &query, &list, &cli->err))
            return false;
        for (size_t i = 0; i < list.n; i++)
            kr_cli_tell_item(cli, &list.at[i], "");
        count += list.n;
        kr_format(cursor, sizeof cursor, "%s", list.next);
    } while (*cursor);
    if (count == 0)
        kr_cli_answer(cli, "trash.none", NULL);
    return true;
}

static bool empty_trash(struct kr_cli *cli, struct kr_store *store, const char *older, bool yes)
{
    int64_t days, count;
    if (!kr_parse_int(older, 0, 36500, &days))
        return kr_fail(&cli->err, KR_E_USAGE, "--older-than takes a number of days");
    if (!yes) // only a person empties it, and says so
        return kr_fail(&cli->err, KR_E_USAGE, "say --yes to forget what lies in the trash");
    if (!kr_trash_empty(store, (int)days, &count, &cli->err))
        return false;
    kr_cli_answer(cli, "trash.emptied", "count", kr_cli_number(cli, count), NULL);
    json_t *line = kr_json_new_object();
    kr_json_set_int(line, "forgotten", count);
    kr_cli_json(cli, line);
    return true;
}

static bool move_items(struct kr_cli *cli, struct kr_store *store, bool back,
                       const struct kr_arguments *left)
{
    for (int i = 1; i < left->n; i++) {
        const char *id = left->at[i];
        if (!(back ? kr_untrash(store, id, cli->who, &cli->err)
                   : kr_trash(store, id, cli->who, &cli->err)))
            return false;
    }
    return kr_groups_if_due(store, 0, &cli->err);
}

int kr_cmd_trash(struct kr_cli *cli, int argc, char **argv)
{
    KR_AUTO(kr_store_close) struct kr_store *store = NULL;
    const char *older = "0";
    bool yes = false;
    const struct kr_option options[] = {{"--older-than", NULL, &older}, {"--yes", &yes, NULL}};
    struct kr_arguments left;
    if (!kr_cli_options(cli, options, KR_COUNT(options), argc, argv, &left))
        return kr_cli_usage(cli, "trash");
    const char *verb = left.n ? left.at[0] : "list";
    bool put = strcmp(verb, "put") == 0, back = strcmp(verb, "back") == 0;
    bool list = strcmp(verb, "list") == 0, empty = strcmp(verb, "empty") == 0;
    if (!(put || back ? left.n > 1 : (list || empty) && left.n <= 1))
        return kr_cli_usage(cli, "trash");
    if (!kr_cli_store(cli, KR_STORE_WRITE, &store))
        return kr_cli_failed(cli);
    bool fine = list    ? list_trash(cli, store)
                : empty ? empty_trash(cli, store, older, yes)
                        : move_items(cli, store, back, &left);
    return fine ? KR_EXIT_DONE : kr_cli_failed(cli);
}
