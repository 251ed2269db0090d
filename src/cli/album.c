// SPDX-License-Identifier: AGPL-3.0-or-later
// Albums: kinreel album list | add | show | rename | put | take | order | drop.
#include "archive/albums.h"
#include "archive/batch.h"
#include "cli/commands.h"
#include "cli/items_priv.h"

#include <stdio.h>
#include <string.h>

enum { PAGE = 500 };

struct asked {
    struct kr_store *store;
    struct kr_arguments words; // behind the verb
};

static bool find(struct kr_cli *cli, const struct asked *asked, struct kr_album *out)
{
    const char *name = kr_text_in(cli->mem, kr_str_of(asked->words.at[0]));
    return kr_album_named(asked->store, cli->mem, name, out, &cli->err);
}

static json_t *new_album(const struct kr_album *album)
{
    json_t *line = kr_json_new_object();
    kr_json_set_str(line, "id", album->id);
    kr_json_set_str(line, "title", album->title);
    kr_json_set_int(line, "count", album->count);
    return line;
}

static void tell(struct kr_cli *cli, const struct kr_album *album)
{
    kr_cli_json(cli, new_album(album));
    if (!cli->json)
        printf("%s  %5jd  %s\n", album->id, (intmax_t)album->count, album->title);
}

static bool tell_again(struct kr_cli *cli, const struct asked *asked, const char *id)
{
    struct kr_album album;
    if (!kr_album_get(asked->store, cli->mem, id, &album, &cli->err))
        return false;
    tell(cli, &album);
    return true;
}

// Puts the items named after the first word in, or takes them out.
static bool move_items(struct kr_cli *cli, const struct asked *asked, const char *album, bool out)
{
    KR_AUTO(kr_json_drop) json_t *todo = kr_json_new_object();
    struct kr_batch batch = {.items = (const char *const *)asked->words.at + 1,
                             .n = (size_t)asked->words.n - 1,
                             .todo = todo,
                             .who = cli->who,
                             .certain = 1};
    struct kr_batch_done done;
    if (!batch.n)
        return true;
    kr_json_set_str(todo, "album", kr_arena_format(cli->mem, "%s%s", out ? "-" : "", album));
    if (!kr_batch_run(asked->store, cli->mem, &batch, &done, &cli->err))
        return false;
    for (size_t i = 0; i < done.skip_count; i++)
        if (strcmp(done.skips[i].why, "gone") == 0)
            return kr_fail(&cli->err, KR_E_NOT_FOUND, "no item %.36s", done.skips[i].item);
    return true;
}

static bool run_list(struct kr_cli *cli, struct asked *asked)
{
    struct kr_album *albums;
    size_t n;
    if (!kr_albums_all(asked->store, cli->mem, NULL, &albums, &n, &cli->err))
        return false;
    for (size_t i = 0; i < n; i++)
        tell(cli, &albums[i]);
    if (n == 0)
        kr_cli_answer(cli, "album.none", NULL);
    return true;
}

static bool run_add(struct kr_cli *cli, struct asked *asked)
{
    char id[KR_UUID_TEXT];
    return kr_album_add(asked->store, asked->words.at[0], cli->who, id, &cli->err) &&
           move_items(cli, asked, id, false) && tell_again(cli, asked, id);
}

static bool run_show(struct kr_cli *cli, struct asked *asked)
{
    struct kr_album album;
    struct kr_item_list list = {0};
    if (!find(cli, asked, &album))
        return false;
    tell(cli, &album);
    do {
        const char *cursor = kr_arena_strdup(cli->mem, list.next);
        if (!kr_album_items(asked->store, cli->mem, album.id, cursor, PAGE, &list, &cli->err))
            return false;
        for (size_t i = 0; i < list.n; i++)
            kr_cli_tell_item(cli, &list.at[i], "");
    } while (*list.next);
    return true;
}

static bool run_rename(struct kr_cli *cli, struct asked *asked)
{
    struct kr_album album;
    return find(cli, asked, &album) &&
           kr_album_rename(asked->store, album.id, asked->words.at[1], cli->who, &cli->err) &&
           tell_again(cli, asked, album.id);
}

static bool run_put(struct kr_cli *cli, struct asked *asked)
{
    struct kr_album album;
    return find(cli, asked, &album) && move_items(cli, asked, album.id, false) &&
           tell_again(cli, asked, album.id);
}

static bool run_take(struct kr_cli *cli, struct asked *asked)
{
    struct kr_album album;
    return find(cli, asked, &album) && move_items(cli, asked, album.id, true) &&
           tell_again(cli, asked, album.id);
}

static bool run_order(struct kr_cli *cli, struct asked *asked)
{
    KR_AUTO(kr_json_drop) json_t *order = kr_json_new_array();
    struct kr_album album;
    for (int i = 1; i < asked->words.n; i++)
        kr_json_append_take(order,
                            json_string(kr_text_in(cli->mem, kr_str_of(asked->words.at[i]))));
    return find(cli, asked, &album) &&
           kr_album_arrange(asked->store, album.id, order, cli->who, &cli->err) &&
           tell_again(cli, asked, album.id);
}

static bool run_drop(struct kr_cli *cli, struct asked *asked)
{
    struct kr_album album;
    char act[KR_UUID_TEXT];
    if (!find(cli, asked, &album) ||
        !kr_album_end(asked->store, album.id, cli->who, act, &cli->err))
        return false;
    json_t *line = new_album(&album);
    kr_json_set_str(line, "act", act);
    kr_cli_json(cli, line);
    kr_cli_answer(cli, "album.ended", "title", album.title, NULL);
    return true;
}

static const struct verb {
    struct kr_verb verb;
    bool (*run)(struct kr_cli *cli, struct asked *asked);
} verbs[] = {
    {{"add", 1, KR_BATCH_MOST, KR_STORE_WRITE}, run_add},
    {{"drop", 1, 1, KR_STORE_WRITE}, run_drop},
    {{"list", 0, 0, KR_STORE_READ}, run_list},
    {{"order", 2, KR_ALBUM_ORDER_MOST, KR_STORE_WRITE}, run_order},
    {{"put", 2, KR_BATCH_MOST, KR_STORE_WRITE}, run_put},
    {{"rename", 2, 2, KR_STORE_WRITE}, run_rename},
    {{"show", 1, 1, KR_STORE_READ}, run_show},
    {{"take", 2, KR_BATCH_MOST, KR_STORE_WRITE}, run_take},
};

int kr_cmd_album(struct kr_cli *cli, int argc, char **argv)
{
    static char list[] = "list";
    char *alone[] = {list};
    struct asked asked = {0};
    struct kr_arguments left;
    KR_AUTO(kr_store_close) struct kr_store *store = NULL;
    if (!kr_cli_options(cli, NULL, 0, argc, argv, &left))
        return kr_cli_usage(cli, "album");
    if (left.n == 0)
        left = (struct kr_arguments){alone, 1};
    const struct verb *verb =
        kr_cli_verb(verbs, KR_COUNT(verbs), sizeof *verbs, &left, &asked.words);
    if (!verb)
        return kr_cli_usage(cli, "album");
    if (!kr_cli_store(cli, verb->verb.mode, &store))
        return kr_cli_failed(cli);
    asked.store = store;
    return verb->run(cli, &asked) ? KR_EXIT_DONE : kr_cli_failed(cli);
}
