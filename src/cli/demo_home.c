// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cli/demo_priv.h"

#include "archive/albums.h"
#include "archive/batch.h"
#include "archive/consent.h"
#include "archive/door.h"
#include "archive/ingest.h"
#include "archive/marks.h"
#include "archive/persons.h"
#include "archive/regions.h"
#include <string.h>

static const json_t *list_of(const json_t *object, const char *name)
{
    const json_t *list = kr_json_get(object, name);
    return json_is_array(list) ? list : NULL; // jansson: an absent one has no members
}

static bool id_of(const struct kr_demo_room *room, const char *key, const char **out)
{
    const char *id = kr_json_str(room->persons, key, kr_json_str(room->items, key, ""));
    *out = id;
    return *id || kr_fail(&room->cli->err, KR_E_NOT_FOUND, "samples/demo.json: no '%s'", key);
}

// A copy in which every "@…" is the id it stands for.
static bool resolve(const struct kr_demo_room *room, const json_t *value, json_t **out)
{
    KR_AUTO(kr_json_drop) json_t *copy = json_copy((json_t *)value);
    const char *text = json_string_value(value), *id, *name;
    json_t *member;
    size_t i;
    if (text && *text == '@') {
        if (!id_of(room, text, &id))
            return false;
        *out = json_string(id);
        return true;
    }
    json_object_foreach(copy, name, member)
    {
        json_t *own;
        if (!resolve(room, member, &own))
            return false;
        json_object_set_new(copy, name, own);
    }
    json_array_foreach(copy, i, member)
    {
        json_t *own;
        if (!resolve(room, member, &own))
            return false;
        json_array_set_new(copy, i, own);
    }
    *out = copy;
    copy = NULL;
    return true;
}

// --- the album comes in ---

static void on_outcome(void *context, const struct kr_outcome *outcome)
{
    struct kr_demo_room *room = context;
    size_t n = strlen(room->album) + 1;
    if (outcome->fate == KR_REFUSED || outcome->sidecar || outcome->path.n <= n)
        return;
    const char *key =
        kr_arena_format(room->cli->mem, "@%.*s", (int)(outcome->path.n - n), outcome->path.at + n);
    kr_json_set_str(room->items, key, outcome->id);
}

static bool go_on(void *context, size_t done, size_t all, uint64_t bytes)
{
    (void)context, (void)done, (void)all, (void)bytes;
    return !kr_cli_stopped();
}

static bool bring_in(struct kr_demo_room *room)
{
    struct kr_cli *cli = room->cli;
    KR_AUTO(kr_wall_close) struct kr_wall *wall = NULL;
    KR_AUTO(kr_ingest_close) struct kr_ingest *ingest = NULL;
    struct kr_ingest_counts counts;
    const json_t *bring = list_of(room->plan, "bring"), *one;
    const char **paths = kr_arena_array(cli->mem, const char *, json_array_size(bring) + 1);
    size_t i;
    json_array_foreach(bring, i, one) paths[i] =
        kr_arena_format(cli->mem, "%s/%s", room->album, json_string_value(one));
    if (!json_array_size(bring)) // nothing is named: all of it
        paths[i++] = room->album;
    if (!kr_cli_wall(cli, &wall))
        return false;
    const struct kr_ingest_params params = {.archive = cli->archive,
                                            .home = room->store->home,
                                            .wall = wall,
                                            .outcome = on_outcome,
                                            .progress = go_on,
                                            .context = room};
    return kr_ingest_open(&params, &ingest, &cli->err) &&
           kr_ingest_run(ingest, paths, i, &counts, &cli->err);
}

// --- who they are ---

static bool add_person(struct kr_demo_room *room, const json_t *person)
{
    static const char *const facts[] = {"sex", "born", "died"};
    struct kr_err *err = &room->cli->err;
    const json_t *names = list_of(person, "names");
    char id[KR_UUID_TEXT];
    if (!kr_person_add(room->store, json_array_get(names, 0), "owner", 1, id, err))
        return false;
    for (size_t i = 1; i < json_array_size(names); i++)
        if (!kr_person_say(room->store, id, "name", json_array_get(names, i), "owner", 1, err))
            return false;
    for (size_t i = 0; i < KR_COUNT(facts); i++) {
        const json_t *value = kr_json_get(person, facts[i]);
        if (value && !kr_person_say(room->store, id, facts[i], value, "owner", 0.9, err))
            return false;
    }
    const char *key = kr_arena_format(room->cli->mem, "@%s", kr_json_str(person, "key", ""));
    kr_json_set_str(room->persons, key, id);
    return true;
}

// --- faces ---

// The frame that came with the picture, by the name the file has for it.
static bool frame_called(struct kr_demo_room *room, const char *item, const char *called,
                         const char **out)
{
    struct kr_claim_list claims;
    if (!kr_claims_of(room->store, room->cli->mem, item, &claims, &room->cli->err))
        return false;
    for (size_t i = 0; i < claims.n; i++)
        if (strcmp(claims.at[i].predicate, "region") == 0 &&
            strcmp(kr_json_str(claims.at[i].value, "name", ""), called) == 0) {
            *out = kr_arena_strdup(room->cli->mem, claims.at[i].id);
            return true;
        }
    return kr_fail(&room->cli->err, KR_E_NOT_FOUND, "samples/demo.json: no frame '%s'", called);
}

// A new frame around one of the people of the scene.
static bool frame_figure(struct kr_demo_room *room, const char *key, const char *item, int64_t at,
                         const char **out)
{
    const json_t *face = json_array_get(list_of(room->faces, key + 1), (size_t)at);
    const struct kr_frame frame = {kr_json_real(face, "x", 0), kr_json_real(face, "y", 0),
                                   kr_json_real(face, "w", 0), kr_json_real(face, "h", 0)};
    char claim[KR_UUID_TEXT];
    if (!kr_frame_add(room->store, item, &frame, "face", "", "owner", 1, claim, &room->cli->err))
        return false;
    *out = kr_arena_strdup(room->cli->mem, claim);
    return true;
}

static bool name_face(struct kr_demo_room *room, const json_t *face)
{
    const char *key = kr_json_str(face, "in", ""), *who = kr_json_str(face, "is", "");
    const char *called = kr_json_str(face, "called", ""), *item, *person, *claim = "";
    if (!id_of(room, key, &item) ||
        !(*called ? frame_called(room, item, called, &claim)
                  : frame_figure(room, key, item, kr_json_int(face, "figure", 0), &claim)))
        return false;
    return !*who || // it waits at the bench
           (id_of(room, who, &person) &&
            kr_region_is(room->store, item, claim, person, "owner", 1, &room->cli->err));
}

// --- what is said ---

struct saying {
    const char **of; // ids; one, or several items
    size_t n;
    const char *predicate, *who;
    const json_t *value;
    double certain;
};

static bool say_of_item(struct kr_demo_room *room, const struct saying *say)
{
    struct kr_cli *cli = room->cli;
    struct kr_batch_done done;
    char claim[KR_UUID_TEXT];
    if (strcmp(say->predicate, "release") == 0)
        return kr_release_say(room->store, say->of[0], kr_json_str(say->value, "audience", ""),
                              kr_json_bool(say->value, "allow", false), say->who, &cli->err);
    if (strcmp(say->predicate, "mark") == 0)
        return kr_mark_say(room->store, room->era, say->of[0], say->value, say->who, say->certain,
                           claim, &cli->err);
    KR_AUTO(kr_json_drop) json_t *todo = kr_json_new_object();
    json_object_set(todo, say->predicate, (json_t *)say->value);
    const struct kr_batch batch = {
        .items = say->of, .n = say->n, .todo = todo, .who = say->who, .certain = say->certain};
    return kr_batch_run(room->store, cli->mem, &batch, &done, &cli->err) &&
           (done.changed == (int64_t)say->n ||
            kr_fail(&cli->err, KR_E_INVALID, "samples/demo.json: '%s' says nothing new",
                    say->predicate));
}

// "@one", or ["@one","@other"].
static bool read_subjects(struct kr_demo_room *room, const json_t *of, struct saying *out)
{
    out->n = json_is_array(of) ? json_array_size(of) : 1;
    out->of = kr_arena_array(room->cli->mem, const char *, out->n + 1);
    for (size_t i = 0; i < out->n; i++) {
        const char *key = json_string_value(json_is_array(of) ? json_array_get(of, i) : of);
        if (!id_of(room, key ? key : "", &out->of[i]))
            return false;
    }
    return out->n > 0 || kr_fail(&room->cli->err, KR_E_INVALID, "samples/demo.json: of nothing");
}

static bool say(struct kr_demo_room *room, const json_t *line)
{
    KR_AUTO(kr_json_drop) json_t *value = NULL;
    const char *by = kr_json_str(line, "by", ""), *one = kr_json_str(line, "of", "");
    struct saying saying = {.predicate = kr_json_str(line, "say", ""),
                            .who = "owner",
                            .certain = kr_json_real(line, "certain", 0.9)};
    if (!read_subjects(room, kr_json_get(line, "of"), &saying) ||
        (*by && !id_of(room, by, &saying.who)) ||
        !resolve(room, kr_json_get(line, "value"), &value))
        return false;
    saying.value = value;
    bool said = *kr_json_str(room->persons, one, "")
                    ? kr_person_say(room->store, saying.of[0], saying.predicate, value, saying.who,
                                    saying.certain, &room->cli->err)
                    : say_of_item(room, &saying);
    return said || kr_within(&room->cli->err, "say '%s' of %s", saying.predicate, one);
}

static bool add_album(struct kr_demo_room *room, const json_t *title)
{
    char id[KR_UUID_TEXT];
    return kr_album_add(room->store, json_string_value(title), "owner", id, &room->cli->err);
}

static bool each(struct kr_demo_room *room, const char *list,
                 bool (*do_it)(struct kr_demo_room *room, const json_t *one))
{
    const json_t *all = list_of(room->plan, list), *one;
    size_t i;
    json_array_foreach(all, i, one) if (!do_it(room, one)) return false;
    return true;
}

bool kr_demo_furnish(struct kr_demo_room *room)
{
    return bring_in(room) && each(room, "persons", add_person) && each(room, "faces", name_face) &&
           each(room, "albums", add_album) && each(room, "said", say);
}

// --- who may come in ---

static bool add_account(struct kr_demo_room *room, const json_t *account)
{
    struct kr_new_account row = {.name = kr_json_str(account, "name", ""),
                                 .password = kr_json_str(account, "password", ""),
                                 .person = ""};
    const char *person = kr_json_str(account, "person", "");
    char id[KR_UUID_TEXT];
    if (!kr_role_of(kr_json_str(account, "role", ""), &row.role))
        return kr_fail(&room->cli->err, KR_E_INVALID, "samples/demo.json: a role is wanted");
    return (!*person || id_of(room, person, &row.person)) &&
           kr_door_add(room->store, &row, id, &room->cli->err);
}

static bool make_card(struct kr_demo_room *room, const json_t *card, json_t *cards)
{
    struct kr_new_invitation row = {.label = kr_json_str(card, "label", ""),
                                    .person = "",
                                    .about = "",
                                    .made_by = "owner",
                                    .days = 365};
    const char *person = kr_json_str(card, "person", "");
    char id[KR_UUID_TEXT], code[KR_CODE_TEXT];
    if (!kr_role_of(kr_json_str(card, "role", ""), &row.role) ||
        (*person && !id_of(room, person, &row.person)) ||
        !kr_door_invite(room->store, &row, id, code, &room->cli->err))
        return false;
    json_t *line = kr_json_new_object();
    kr_json_set_str(line, "label", row.label);
    kr_json_set_str(line, "code", code);
    kr_json_append_take(cards, line);
    return true;
}

bool kr_demo_let_in(struct kr_demo_room *room, json_t *cards)
{
    const json_t *all = list_of(room->plan, "cards"), *card;
    size_t i;
    if (!each(room, "accounts", add_account))
        return false;
    json_array_foreach(all, i, card) if (!make_card(room, card, cards)) return false;
    return true;
}
