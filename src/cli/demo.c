// SPDX-License-Identifier: AGPL-3.0-or-later
// kinreel demo: two synthetic homes in an archive of their own, so that each room can be tried.
#include "cli/commands.h"

#include "base/newfile.h"
#include "cli/demo_priv.h"
#include "store/door.h"
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// Written last, for people and for us: where it lies, the demonstration is whole.
static const char SIGN[] = "DEMO.txt";
enum { PLAN_MOST = 1 << 20 };

struct demo {
    struct kr_cli *cli;
    const char *album;
    json_t *plan, *faces; // samples/demo.json; of the album
    json_t *told;         // what --json says in the end
};

static void drop_demo(struct demo *demo)
{
    kr_json_drop(&demo->plan);
    kr_json_drop(&demo->faces);
    kr_json_drop(&demo->told);
}

static const char *default_folder(struct kr_arena *mem)
{
    const char *home = getenv("HOME");
    return kr_arena_format(mem, "%s/kinreel-demo", home && *home ? home : ".");
}

static bool read_plan(struct demo *demo)
{
    struct kr_cli *cli = demo->cli;
    const char *path = kr_shipped(cli->mem, "samples/demo.json");
    if (!path)
        return kr_fail(&cli->err, KR_E_NOT_FOUND, "samples/demo.json is not beside the program");
    return kr_json_read_file(AT_FDCWD, path, PLAN_MOST, &demo->plan, &cli->err);
}

// $KINREEL_ALBUM, else beside the program, where ./run makes it.
static bool find_album(struct demo *demo)
{
    struct kr_cli *cli = demo->cli;
    const char *told = getenv("KINREEL_ALBUM");
    demo->album = told && *told ? told : kr_shipped(cli->mem, "sample-album");
    const char *faces =
        demo->album ? kr_arena_format(cli->mem, "%s.people.json", demo->album) : NULL;
    if (!faces || access(demo->album, R_OK) != 0 || access(faces, R_OK) != 0) {
        kr_cli_tell(cli, "demo.no_album", NULL);
        return kr_fail(&cli->err, KR_E_NOT_FOUND, "the sample album is not beside the program");
    }
    return kr_json_read_file(AT_FDCWD, faces, PLAN_MOST, &demo->faces, &cli->err);
}

static bool is_whole(const char *path)
{
    KR_AUTO(kr_fd_close) int dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return dir >= 0 && faccessat(dir, SIGN, F_OK, 0) == 0;
}

static bool make_home(struct demo *demo, struct kr_store *store, size_t at, const json_t *plan)
{
    struct kr_cli *cli = demo->cli;
    const char *name = kr_json_str(plan, "name", "");
    char id[KR_UUID_TEXT];
    if (at == 0) { // the archive has a first home already
        kr_format(id, sizeof id, "%s", store->home);
        return kr_home_rename(store, id, name, &cli->err);
    }
    if (!kr_home_add(store, name, id, &cli->err))
        return false;
    kr_store_enter(store, id);
    return true;
}

static json_t *new_home(const struct kr_demo_room *room, json_t *cards)
{
    json_t *line = kr_json_new_object();
    kr_json_set_str(line, "id", room->store->home);
    kr_json_set_str(line, "name", kr_json_str(room->plan, "name", ""));
    kr_json_set_int(line, "items", (int64_t)json_object_size(room->items));
    kr_json_set_int(line, "persons", (int64_t)json_object_size(room->persons));
    kr_json_set_take(line, "cards", cards);
    return line;
}

static bool furnish(struct demo *demo, struct kr_store *store, const struct kr_era *era, size_t at,
                    json_t *homes)
{
    KR_AUTO(kr_json_drop) json_t *persons = kr_json_new_object();
    KR_AUTO(kr_json_drop) json_t *items = kr_json_new_object();
    KR_AUTO(kr_json_drop) json_t *cards = kr_json_new_array();
    struct kr_demo_room room = {.cli = demo->cli,
                                .store = store,
                                .era = era,
                                .album = demo->album,
                                .faces = demo->faces,
                                .plan = json_array_get(kr_json_get(demo->plan, "homes"), at),
                                .persons = persons,
                                .items = items};
    if (!make_home(demo, store, at, room.plan) || !kr_demo_furnish(&room) ||
        !kr_demo_let_in(&room, cards))
        return false;
    kr_json_append_take(homes, new_home(&room, json_incref(cards)));
    return true;
}

// Who may come in, home by home, as DEMO.txt and the terminal have it.
static void list_accounts(const json_t *plan, struct kr_buf *out)
{
    const json_t *homes = kr_json_get(plan, "homes"), *home, *account;
    size_t i, k;
    json_array_foreach(homes, i, home)
    {
        const json_t *accounts = kr_json_get(home, "accounts");
        kr_buf_format(out, "\n%s\n", kr_json_str(home, "name", ""));
        json_array_foreach(accounts, k, account)
            kr_buf_format(out, "  %-8s %-8s %s\n", kr_json_str(account, "name", ""),
                          kr_json_str(account, "role", ""), kr_json_str(account, "password", ""));
    }
}

static bool put_sign(struct demo *demo, struct kr_store *store)
{
    KR_AUTO(kr_buf_finish) struct kr_buf text = {0};
    KR_AUTO(kr_newfile_discard) struct kr_newfile file = KR_NEWFILE_NONE;
    struct kr_err *err = &demo->cli->err;
    kr_buf_format(&text, "%s\n\n%s\n", kr_word(KR_ZH, "demo.sign"), kr_word(KR_EN, "demo.sign"));
    list_accounts(demo->plan, &text);
    return kr_newfile_begin(store->dir, &file, err) &&
           kr_newfile_write(&file, text.at, text.n, err) && kr_newfile_replace(&file, SIGN, err);
}

static bool fill(struct demo *demo)
{
    struct kr_cli *cli = demo->cli;
    KR_AUTO(kr_store_close) struct kr_store *store = NULL;
    struct kr_era era;
    json_t *homes = kr_json_new_array();
    kr_json_set_take(demo->told, "homes", homes);
    if (!kr_store_open(cli->archive, KR_STORE_WRITE, &store, &cli->err) ||
        !kr_store_set_setting(store, "listen", "127.0.0.1:8420", &cli->err) ||
        !kr_era_open(cli->mem, store, &era, &cli->err))
        return false;
    for (size_t at = 0; at < json_array_size(kr_json_get(demo->plan, "homes")); at++)
        if (!furnish(demo, store, &era, at, homes))
            return false;
    return put_sign(demo, store);
}

// What was begun in an empty folder and could not be ended goes again, so that one may try anew.
static bool make(struct demo *demo)
{
    struct kr_cli *cli = demo->cli;
    struct kr_err why = {0};
    if (!kr_store_init(cli->archive, false, &cli->err))
        return false;
    if (fill(demo))
        return true;
    return kr_remove_tree(AT_FDCWD, cli->archive, &why) ? false
                                                        : kr_within(&cli->err, "%s", why.text);
}

static json_t *new_accounts(const json_t *plan)
{
    const json_t *homes = kr_json_get(plan, "homes"), *home, *account;
    json_t *all = kr_json_new_array();
    size_t i, k;
    json_array_foreach(homes, i, home)
    {
        const json_t *accounts = kr_json_get(home, "accounts");
        json_array_foreach(accounts, k, account)
        {
            static const char *const told[] = {"name", "role", "password"};
            json_t *line = kr_json_new_object();
            kr_json_set_str(line, "home", kr_json_str(home, "name", ""));
            for (size_t m = 0; m < KR_COUNT(told); m++)
                kr_json_set_str(line, told[m], kr_json_str(account, told[m], ""));
            kr_json_append_take(all, line);
        }
    }
    return all;
}

static void tell_cards(struct demo *demo)
{
    const json_t *homes = kr_json_get(demo->told, "homes"), *home, *card;
    size_t i, k;
    json_array_foreach(homes, i, home)
    {
        const json_t *cards = kr_json_get(home, "cards");
        json_array_foreach(cards, k, card)
        {
            const char *code = kr_json_str(card, "code", "");
            const char *link =
                kr_arena_format(demo->cli->mem, "http://127.0.0.1:8420/enter#%s", code);
            kr_json_set_str((json_t *)card, "link", link);
            kr_cli_answer(demo->cli, "demo.card", "label", kr_json_str(card, "label", ""), "link",
                          link, NULL);
        }
    }
}

static void tell(struct demo *demo, bool made)
{
    struct kr_cli *cli = demo->cli;
    KR_AUTO(kr_buf_finish) struct kr_buf accounts = {0};
    const char *path = kr_path_escape(cli->mem, kr_str_of(cli->archive));
    kr_json_set_str(demo->told, "archive", path);
    kr_json_set_bool(demo->told, "made", made);
    kr_json_set_take(demo->told, "accounts", new_accounts(demo->plan));
    kr_cli_answer(cli, made ? "demo.made" : "demo.there", "path", path, NULL);
    list_accounts(demo->plan, &accounts);
    if (!cli->json)
        printf("%.*s\n", (int)accounts.n, (const char *)accounts.at);
    tell_cards(demo);
    kr_cli_answer(cli, "demo.next", "path", path, NULL);
    kr_cli_json(cli, json_incref(demo->told));
}

int kr_cmd_demo(struct kr_cli *cli, int argc, char **argv)
{
    KR_AUTO(drop_demo) struct demo demo = {.cli = cli, .told = kr_json_new_object()};
    struct kr_arguments left;
    if (!kr_cli_options(cli, NULL, 0, argc, argv, &left) || left.n > 1)
        return kr_cli_usage(cli, "demo");
    cli->archive = left.n ? left.at[0] : default_folder(cli->mem);
    bool there = is_whole(cli->archive);
    if (!read_plan(&demo) || (!there && (!find_album(&demo) || !make(&demo))))
        return kr_cli_failed(cli);
    tell(&demo, !there);
    return KR_EXIT_DONE;
}
