// SPDX-License-Identifier: AGPL-3.0-or-later
// Frames and portraits: kinreel person frame | unframe | unnamed | unframed | portraits | same-age.
#include "cli/person_priv.h"

#include "archive/edtf.h"
#include "archive/portraits.h"
#include "archive/regions.h"
#include <stdio.h>
#include <string.h>

enum { PAGE = 500, AGE_MOST = 150 };

static bool tell_frame(struct kr_cli *cli, const struct kr_person_asked *asked, const char *item,
                       const char *claim)
{
    json_t *line = kr_json_new_object();
    kr_json_set_str(line, "id", item);
    kr_json_set_str(line, "claim", claim);
    kr_json_set_bool(line, "named", asked->words.n == 3);
    kr_cli_json(cli, line);
    if (!cli->json)
        printf("%s\n", claim);
    return true;
}

// A new frame, or (--instead CLAIM) an old one in another place; WHO says whom it shows.
bool kr_person_frame(struct kr_cli *cli, struct kr_person_asked *asked)
{
    const char *item = asked->words.at[0];
    const char *kind = *asked->kind ? asked->kind : "face";
    struct kr_person person = {.id = ""};
    struct kr_frame frame;
    char claim[KR_UUID_TEXT];
    if (!kr_person_item_seen(cli, asked, item))
        return false;
    if (asked->words.n == 3 && !kr_person_asked_for(cli, asked, asked->words.at[2], &person))
        return false;
    if (!kr_frame_read(asked->words.at[1], &frame, &cli->err))
        return false;
    bool framed = asked->instead ? kr_frame_move(asked->store, item, asked->instead, &frame,
                                                 cli->who, asked->certain, claim, &cli->err)
                                 : kr_frame_add(asked->store, item, &frame, kind, "", cli->who,
                                                asked->certain, claim, &cli->err);
    if (!framed || (*person.id && !kr_region_is(asked->store, item, claim, person.id, cli->who,
                                                asked->certain, &cli->err)))
        return false;
    return tell_frame(cli, asked, item, claim);
}

bool kr_person_unframe(struct kr_cli *cli, struct kr_person_asked *asked)
{
    const char *item = asked->words.at[0];
    return kr_person_item_seen(cli, asked, item) &&
           kr_frame_drop(asked->store, item, asked->words.at[1], cli->who, &cli->err) &&
           kr_person_tell_in(cli, asked, item);
}

static void tell_region(struct kr_cli *cli, const struct kr_region *region)
{
    json_t *line = kr_region_new_json(region);
    kr_json_set_str(line, "item", region->item);
    kr_json_set_str(line, "name", region->name);
    kr_cli_json(cli, line);
    if (!cli->json)
        printf("%s  %s  %.3f,%.3f,%.3f,%.3f  %s\n", region->item, region->claim, region->x,
               region->y, region->w, region->h, region->name);
}

bool kr_person_unnamed(struct kr_cli *cli, struct kr_person_asked *asked)
{
    char cursor[KR_REGION_CURSOR] = "";
    do {
        KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
        struct kr_region_list page;
        if (!kr_regions_open(asked->store, mem, cursor, PAGE, &page, &cli->err))
            return false;
        for (size_t i = 0; i < page.n; i++)
            tell_region(cli, &page.at[i]);
        kr_format(cursor, sizeof cursor, "%s", page.next);
    } while (*cursor && !kr_cli_stopped());
    return true;
}

bool kr_person_unframed(struct kr_cli *cli, struct kr_person_asked *asked)
{
    char cursor[64] = "";
    do {
        KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
        struct kr_item_list page;
        if (!kr_items_unframed(asked->store, mem, cursor, PAGE, &page, &cli->err))
            return false;
        for (size_t i = 0; i < page.n; i++) {
            const struct kr_item *item = &page.at[i];
            json_t *line = kr_json_new_object();
            kr_json_set_str(line, "id", item->id);
            kr_json_set_str(line, "date", item->date_edtf);
            kr_json_set_str(line, "caption", item->caption);
            kr_cli_json(cli, line);
            if (!cli->json)
                printf("%s  %-16s  %s\n", item->id, kr_edtf_words(mem, cli->lang, item->date_edtf),
                       item->caption);
        }
        kr_format(cursor, sizeof cursor, "%s", page.next);
    } while (*cursor && !kr_cli_stopped());
    return true;
}

static json_t *new_line(struct kr_cli *cli, const struct kr_person *person,
                        const struct kr_portrait *portrait)
{
    json_t *line =
        portrait ? kr_portrait_new_json(cli->mem, cli->lang, portrait) : kr_json_new_object();
    kr_json_set_str(line, "person", person->id);
    kr_json_set_str(line, "name", person->shown);
    kr_json_set_str(line, "item", portrait ? portrait->item->id : NULL);
    return line;
}

bool kr_person_portraits(struct kr_cli *cli, struct kr_person_asked *asked)
{
    struct kr_portrait *list;
    struct kr_person person;
    size_t n;
    if (!kr_person_asked_for(cli, asked, asked->words.at[0], &person) ||
        !kr_portraits(asked->store, cli->mem, &person, &list, &n, &cli->err))
        return false;
    for (size_t i = 0; i < n; i++) {
        kr_cli_json(cli, new_line(cli, &person, &list[i]));
        if (!cli->json)
            printf("%3d  %s  %s\n", list[i].at, list[i].item->id,
                   kr_age_words(cli->mem, cli->lang, &list[i].age));
    }
    if (!*person.born.edtf)
        kr_cli_tell(cli, "person.no_birth", "name", person.shown, NULL);
    return true;
}

static bool tell_at(struct kr_cli *cli, const struct kr_person_asked *asked, const char *name,
                    int age)
{
    struct kr_portrait *list;
    struct kr_person person;
    size_t n;
    if (!kr_person_asked_for(cli, asked, name, &person) ||
        !kr_portraits(asked->store, cli->mem, &person, &list, &n, &cli->err))
        return false;
    const struct kr_portrait *found = kr_portrait_at(list, n, age);
    kr_cli_json(cli, new_line(cli, &person, found));
    if (found && !cli->json)
        printf("%s  %s  %s\n", found->item->id, person.shown,
               kr_age_words(cli->mem, cli->lang, &found->age));
    if (!found)
        kr_cli_tell(cli, "person.no_portrait", "name", person.shown, "n", kr_cli_number(cli, age),
                    NULL);
    return true;
}

bool kr_person_same_age(struct kr_cli *cli, struct kr_person_asked *asked)
{
    int64_t age;
    if (!kr_parse_int(asked->words.at[0], 0, AGE_MOST, &age))
        return kr_fail(&cli->err, KR_E_USAGE, "an age in whole years is wanted first");
    for (int i = 1; i < asked->words.n; i++)
        if (!tell_at(cli, asked, asked->words.at[i], (int)age))
            return false;
    return true;
}
