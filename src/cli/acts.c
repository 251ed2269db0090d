// SPDX-License-Identifier: AGPL-3.0-or-later
// Many at once: set, and what was done: acts, undo.
#include "archive/acts.h"
#include "archive/batch.h"
#include "cli/commands.h"
#include "cli/items_priv.h"

#include <stdio.h>
#include <string.h>

enum { ACTS = 20, ACTS_MOST = 1000 };

// "date=1985~" states, "person+=奶奶" adds one more, "person-=奶奶" takes one back;
// "date+=8h" and "date-=1d" move the clock.
static bool read_pair(struct kr_cli *cli, const char *pair, json_t *todo)
{
    const char *equals = strchr(pair, '=');
    size_t n = (size_t)(equals - pair);
    bool back = n > 1 && pair[n - 1] == '-', more = n > 1 && pair[n - 1] == '+';
    const char *field = kr_arena_copy(cli->mem, pair, back || more ? n - 1 : n);
    const char *text = kr_text_in(cli->mem, kr_str_of(equals + 1));
    if (strcmp(field, "date") == 0 && (back || more)) {
        json_t *shift = kr_json_new_object();
        kr_json_set_str(shift, "shift", kr_arena_format(cli->mem, "%c%s", pair[n - 1], text));
        kr_json_set_take(todo, field, shift);
        return true;
    }
    if (strcmp(field, "like") == 0) {
        json_t *like = kr_json_new_object();
        kr_json_set_str(like, "like", text);
        kr_json_set_take(todo, "date", like);
        return true;
    }
    text = back ? kr_arena_format(cli->mem, "-%s", text) : text;
    if (!back && !more) {
        kr_json_set_str(todo, field, text);
        return true;
    }
    json_t *list = json_object_get(todo, field);
    if (!json_is_array(list)) {
        kr_json_set_take(todo, field, kr_json_new_array());
        list = json_object_get(todo, field);
    }
    kr_json_append_take(list, json_string(text));
    return true;
}

static bool go_on(void *context)
{
    (void)context;
    return !kr_cli_stopped();
}

static json_t *new_skips(const struct kr_batch_done *done)
{
    json_t *list = kr_json_new_array();
    for (size_t i = 0; i < done->skip_count; i++) {
        json_t *one = kr_json_new_object();
        kr_json_set_str(one, "item", done->skips[i].item);
        kr_json_set_str(one, "why", done->skips[i].why);
        kr_json_append_take(list, one);
    }
    return list;
}

// Each reason once, with how often.
static void print_skips(struct kr_cli *cli, const struct kr_batch_done *done)
{
    for (size_t i = 0; i < done->skip_count; i++) {
        int64_t n = 0;
        bool told = false;
        for (size_t k = 0; k < done->skip_count; k++) {
            bool same = strcmp(done->skips[k].why, done->skips[i].why) == 0;
            told = told || (same && k < i);
            n += same;
        }
        if (!told)
            kr_cli_tell(cli, kr_arena_format(cli->mem, "act.skip.%s", done->skips[i].why), "n",
                        kr_cli_number(cli, n), NULL);
    }
}

static bool is_refused(const struct kr_batch_done *done)
{
    for (size_t i = 0; i < done->skip_count; i++)
        if (strcmp(done->skips[i].why, "already") != 0)
            return true;
    return false;
}

static bool tell_done(struct kr_cli *cli, struct kr_store *store, const struct kr_batch_done *done)
{
    json_t *line = kr_json_new_object();
    struct kr_act act;
    if (done->changed) {
        kr_json_drop(&line);
        if (!kr_act_get(store, cli->mem, cli->lang, done->act, &act, &cli->err))
            return false;
        line = kr_act_new_json(&act);
        if (!cli->json)
            printf("%s  %s\n", act.id, act.what);
    }
    kr_json_set_int(line, "changed", done->changed);
    kr_json_set_take(line, "skipped", new_skips(done));
    kr_cli_json(cli, line);
    print_skips(cli, done);
    return true;
}

// One item by its id is shown as it is then; what could not be said of it is an error.
static int tell_one(struct kr_cli *cli, struct kr_store *store, const struct kr_batch *batch,
                    const struct kr_batch_done *done)
{
    struct kr_item item;
    if (!kr_item_get(store, cli->mem, batch->items[0], &item, &cli->err))
        return kr_cli_failed(cli);
    if (is_refused(done)) {
        print_skips(cli, done);
        return KR_EXIT_FAILED;
    }
    kr_cli_tell_item(cli, &item, done->changed ? done->act : "");
    return KR_EXIT_DONE;
}

struct asked {
    const char *certain, *query, *act;
};

static int set(struct kr_cli *cli, struct kr_store *store, const struct asked *asked,
               struct kr_batch *batch)
{
    struct kr_batch_done done;
    bool one = batch->n == 1 && !asked->query;
    if (asked->query &&
        !kr_batch_find(store, cli->mem, kr_text_in(cli->mem, kr_str_of(asked->query)),
                       &batch->items, &batch->n, &cli->err))
        return kr_cli_failed(cli);
    if (!kr_batch_run(store, cli->mem, batch, &done, &cli->err))
        return kr_cli_failed(cli);
    if (one)
        return tell_one(cli, store, batch, &done);
    if (!tell_done(cli, store, &done))
        return kr_cli_failed(cli);
    return is_refused(&done) ? KR_EXIT_PART : KR_EXIT_DONE;
}

int kr_cmd_set(struct kr_cli *cli, int argc, char **argv)
{
    KR_AUTO(kr_store_close) struct kr_store *store = NULL;
    KR_AUTO(kr_json_drop) json_t *todo = kr_json_new_object();
    struct asked asked = {.certain = "0.9"};
    const struct kr_option options[] = {{"--certain", NULL, &asked.certain},
                                        {"--query", NULL, &asked.query},
                                        {"--act", NULL, &asked.act}};
    struct kr_batch batch = {.todo = todo, .who = cli->who, .go_on = go_on};
    struct kr_arguments left;
    if (!kr_cli_options(cli, options, KR_COUNT(options), argc, argv, &left) ||
        !kr_parse_real(asked.certain, 0, 1, &batch.certain))
        return kr_cli_usage(cli, "set");
    const char **items = kr_arena_array(cli->mem, const char *, (size_t)left.n + 1);
    for (int i = 0; i < left.n; i++) {
        const char *equals = strchr(left.at[i], '=');
        if (!equals)
            items[batch.n++] = left.at[i];
        else if (equals == left.at[i] || !read_pair(cli, left.at[i], todo))
            return kr_cli_usage(cli, "set");
    }
    if (json_object_size(todo) == 0 || (batch.n == 0) == (asked.query == NULL))
        return kr_cli_usage(cli, "set");
    batch.items = items;
    batch.act = asked.act;
    if (!kr_cli_store(cli, KR_STORE_WRITE, &store))
        return kr_cli_failed(cli);
    return set(cli, store, &asked, &batch);
}

int kr_cmd_acts(struct kr_cli *cli, int argc, char **argv)
{
    KR_AUTO(kr_store_close) struct kr_store *store = NULL;
    const char *limit = "20";
    const struct kr_option options[] = {{"--limit", NULL, &limit}};
    struct kr_arguments left;
    struct kr_act *acts;
    int64_t most = ACTS;
    size_t n;
    if (!kr_cli_options(cli, options, KR_COUNT(options), argc, argv, &left) || left.n ||
        !kr_parse_int(limit, 1, ACTS_MOST, &most))
        return kr_cli_usage(cli, "acts");
    if (!kr_cli_store(cli, KR_STORE_READ, &store) ||
        !kr_acts_last(store, cli->mem, cli->lang, NULL, (int)most, &acts, &n, &cli->err))
        return kr_cli_failed(cli);
    for (size_t i = 0; i < n; i++) {
        kr_cli_json(cli, kr_act_new_json(&acts[i]));
        if (!cli->json)
            printf("%s %s %s\n", acts[i].id, acts[i].stands ? " " : "-", acts[i].text);
    }
    if (n == 0)
        kr_cli_answer(cli, "acts.none", NULL);
    return KR_EXIT_DONE;
}

int kr_cmd_undo(struct kr_cli *cli, int argc, char **argv)
{
    KR_AUTO(kr_store_close) struct kr_store *store = NULL;
    struct kr_arguments left;
    struct kr_batch_done done;
    struct kr_act last;
    if (!kr_cli_options(cli, NULL, 0, argc, argv, &left) || left.n > 1)
        return kr_cli_usage(cli, "undo");
    if (!kr_cli_store(cli, KR_STORE_WRITE, &store) ||
        (!left.n && !kr_act_to_undo(store, cli->mem, cli->lang, &last, &cli->err)) ||
        !kr_batch_undo(store, cli->mem, left.n ? left.at[0] : last.id, cli->who, go_on, NULL, &done,
                       &cli->err) ||
        !tell_done(cli, store, &done))
        return kr_cli_failed(cli);
    return KR_EXIT_DONE;
}
