// SPDX-License-Identifier: AGPL-3.0-or-later
// Persons: kinreel person add | list | show | set | relate | name-region | picture | items | kin |
// flags; person_frames.c has those about frames and portraits.
#include "cli/commands.h"

#include "archive/edtf.h"
#include "archive/flags.h"
#include "archive/may.h"
#include "archive/personshape.h"
#include "cli/person_priv.h"
#include <stdio.h>
#include <string.h>

bool kr_person_asked_for(struct kr_cli *cli, const struct kr_person_asked *asked, const char *name,
                         struct kr_person *out)
{
    return kr_person_named(asked->store, cli->mem, kr_text_in(cli->mem, kr_str_of(name)), out,
                           &cli->err);
}

static bool say(struct kr_cli *cli, const struct kr_person_asked *asked, const char *person,
                const char *predicate, json_t *value)
{
    KR_AUTO(kr_json_drop) json_t *own = value;
    return kr_person_say(asked->store, person, predicate, own, cli->who, asked->certain, &cli->err);
}

static json_t *new_text(struct kr_cli *cli, const char *text)
{
    return json_string(kr_text_in(cli->mem, kr_str_of(text)));
}

static json_t *new_name(struct kr_cli *cli, const struct kr_person_asked *asked, const char *text)
{
    json_t *name = kr_json_new_object();
    kr_json_set_take(name, "text", new_text(cli, text));
    kr_json_set_take(name, "kind", new_text(cli, asked->kind));
    kr_json_set_take(name, "lang", new_text(cli, asked->lang));
    return name;
}

static void tell_brief(struct kr_cli *cli, const struct kr_person *person)
{
    kr_cli_json(cli, kr_person_new_json(cli->mem, cli->lang, person));
    if (cli->json)
        return;
    printf("%s  %s  %s – %s\n", person->id, person->shown,
           kr_edtf_words(cli->mem, cli->lang, person->born.edtf),
           kr_edtf_words(cli->mem, cli->lang, person->died.edtf));
}

static bool tell_person(struct kr_cli *cli, const struct kr_person_asked *asked, const char *id)
{
    struct kr_person person;
    if (!kr_person_get(asked->store, cli->mem, id, &person, &cli->err))
        return false;
    tell_brief(cli, &person);
    return true;
}

static bool sayable(struct kr_cli *cli, const char *predicate, const char *text)
{
    KR_AUTO(kr_json_drop) json_t *value = text ? new_text(cli, text) : NULL;
    return !value || kr_person_sayable(predicate, value, &cli->err);
}

// Nobody is added by half.
static bool run_add(struct kr_cli *cli, struct kr_person_asked *asked)
{
    KR_AUTO(kr_json_drop) json_t *name = new_name(cli, asked, asked->words.at[0]);
    char id[KR_UUID_TEXT];
    return sayable(cli, "sex", asked->sex) && sayable(cli, "born", asked->born) &&
           sayable(cli, "died", asked->died) &&
           kr_person_add(asked->store, name, cli->who, asked->certain, id, &cli->err) &&
           (!asked->sex || say(cli, asked, id, "sex", new_text(cli, asked->sex))) &&
           (!asked->born || say(cli, asked, id, "born", new_text(cli, asked->born))) &&
           (!asked->died || say(cli, asked, id, "died", new_text(cli, asked->died))) &&
           tell_person(cli, asked, id);
}

static bool run_list(struct kr_cli *cli, struct kr_person_asked *asked)
{
    const char *question = asked->words.n ? asked->words.at[0] : "";
    struct kr_person *found;
    size_t n;
    if (!kr_persons_find(asked->store, cli->mem, kr_text_in(cli->mem, kr_str_of(question)), &found,
                         &n, &cli->err))
        return false;
    for (size_t i = 0; i < n; i++)
        tell_brief(cli, &found[i]);
    if (n == 0 && !*question)
        kr_cli_answer(cli, "person.none", NULL);
    return true;
}

static void print_list(struct kr_cli *cli, const json_t *whole, const char *list, const char *first,
                       const char *second)
{
    const json_t *all = kr_json_get(whole, list);
    (void)cli;
    for (size_t i = 0; i < json_array_size(all); i++) {
        const json_t *one = json_array_get(all, i);
        printf("  %-16s %s\n", kr_json_str(one, first, ""), kr_json_str(one, second, ""));
    }
}

static bool run_show(struct kr_cli *cli, struct kr_person_asked *asked)
{
    KR_AUTO(kr_json_drop) json_t *whole = NULL;
    struct kr_person person;
    if (!kr_person_asked_for(cli, asked, asked->words.at[0], &person) ||
        !kr_person_whole(asked->store, cli->mem, cli->lang, person.id, &whole, &cli->err))
        return false;
    kr_cli_json(cli, json_incref(whole));
    if (cli->json)
        return true;
    tell_brief(cli, &person);
    print_list(cli, whole, "names", "kind", "text");
    print_list(cli, whole, "relations", "kind", "name");
    print_list(cli, whole, "flags", "what", "text");
    return true;
}

// "born=1932~", "born.place=苏州", "name+=秀兰", "sex=f", "claim-=ID".
static bool set_pair(struct kr_cli *cli, struct kr_person_asked *asked,
                     const struct kr_person *person, const char *pair)
{
    const char *equals = strchr(pair, '=');
    const char *text = equals ? equals + 1 : "";
    const char *field = kr_arena_copy(cli->mem, pair, equals ? (size_t)(equals - pair) : 0);
    if (strcmp(field, "name+") == 0 || strcmp(field, "name") == 0)
        return say(cli, asked, person->id, "name", new_name(cli, asked, text));
    if (strcmp(field, "claim-") == 0)
        return say(cli, asked, person->id, "retract", new_text(cli, text));
    if (strcmp(field, "born.place") == 0 || strcmp(field, "died.place") == 0) {
        bool birth = field[0] == 'b'; // the day stays as it was said
        const struct kr_life_day *day = birth ? &person->born : &person->died;
        json_t *value = kr_json_new_object();
        kr_json_set_take(value, "place", new_text(cli, text));
        if (*day->edtf)
            kr_json_set_str(value, "edtf", day->edtf);
        return say(cli, asked, person->id, birth ? "born" : "died", value);
    }
    if (strcmp(field, "born") == 0 || strcmp(field, "died") == 0) {
        const struct kr_life_day *day = field[0] == 'b' ? &person->born : &person->died;
        json_t *value = kr_json_new_object();
        kr_json_set_take(value, "phrase", new_text(cli, text));
        if (*day->place)
            kr_json_set_str(value, "place", day->place);
        return say(cli, asked, person->id, field, value);
    }
    if (strcmp(field, "sex") == 0)
        return say(cli, asked, person->id, "sex", new_text(cli, text));
    return kr_fail(&cli->err, KR_E_USAGE,
                   "name+=, born=, born.place=, died=, died.place=, sex= or "
                   "claim-= is wanted, not '%s'",
                   pair);
}

static bool run_set(struct kr_cli *cli, struct kr_person_asked *asked)
{
    struct kr_person person;
    if (!kr_person_asked_for(cli, asked, asked->words.at[0], &person))
        return false;
    for (int i = 1; i < asked->words.n; i++)
        if (!set_pair(cli, asked, &person, asked->words.at[i]) ||
            !kr_person_get(asked->store, cli->mem, person.id, &person, &cli->err))
            return false;
    return tell_person(cli, asked, person.id);
}

// "relate 小明 parent 秀兰": what the second is to the first. A child is said as a parent.
static bool run_relate(struct kr_cli *cli, struct kr_person_asked *asked)
{
    static const char *const back[][2] = {
        {"child", "parent"}, {"adoptive_child", "adoptive_parent"}, {"step_child", "step_parent"}};
    struct kr_person one, other;
    const char *kind = asked->words.at[1];
    bool turned = false;
    if (!kr_person_asked_for(cli, asked, asked->words.at[0], &one) ||
        !kr_person_asked_for(cli, asked, asked->words.at[2], &other))
        return false;
    for (size_t i = 0; i < KR_COUNT(back) && !turned; i++)
        if (strcmp(back[i][0], kind) == 0) {
            kind = back[i][1];
            turned = true;
        }
    json_t *value = kr_json_new_object();
    kr_json_set_take(value, "kind", new_text(cli, kind));
    kr_json_set_str(value, "to", turned ? one.id : other.id);
    if (asked->order)
        kr_json_set_take(value, "order", new_text(cli, asked->order));
    if (!say(cli, asked, turned ? other.id : one.id, "relation", value)) {
        if (cli->err.code == KR_E_REFUSED && !cli->json)
            kr_cli_tell(cli, "person.own_ancestor", NULL);
        return false;
    }
    kr_cli_answer(cli, "person.saved", NULL);
    return !cli->json || tell_person(cli, asked, one.id);
}

bool kr_person_item_seen(struct kr_cli *cli, const struct kr_person_asked *asked, const char *item)
{
    struct kr_item shown;
    return kr_item_may_get(asked->store, cli->mem, item, &KR_VIEW_HOME, &shown, &cli->err);
}

bool kr_person_tell_in(struct kr_cli *cli, const struct kr_person_asked *asked, const char *item)
{
    KR_AUTO(kr_json_drop) json_t *in = NULL;
    struct kr_item shown;
    if (!kr_item_may_get(asked->store, cli->mem, item, &KR_VIEW_HOME, &shown, &cli->err) ||
        !kr_persons_in(asked->store, cli->mem, cli->lang, &shown, &in, &cli->err))
        return false;
    json_t *line = kr_json_new_object();
    kr_json_set_str(line, "id", item);
    kr_json_set_take(line, "persons", json_incref(in));
    kr_cli_json(cli, line);
    for (size_t i = 0; !cli->json && i < json_array_size(in); i++)
        printf("%s  %s\n", kr_json_str(json_array_get(in, i), "name", ""),
               kr_json_str(json_array_get(in, i), "age", ""));
    return true;
}

static bool run_name_region(struct kr_cli *cli, struct kr_person_asked *asked)
{
    struct kr_person person = {.id = ""};
    const char *item = asked->words.at[0];
    if (!kr_person_item_seen(cli, asked, item))
        return false;
    if (asked->words.n == 2 ? !asked->not_in : asked->not_in)
        return kr_fail(&cli->err, KR_E_USAGE, "a person is wanted, or --not");
    if (asked->words.n == 3 && !kr_person_asked_for(cli, asked, asked->words.at[2], &person))
        return false;
    return kr_region_is(asked->store, item, asked->words.at[1], person.id, cli->who, asked->certain,
                        &cli->err) &&
           kr_person_tell_in(cli, asked, item);
}

static bool run_picture(struct kr_cli *cli, struct kr_person_asked *asked)
{
    struct kr_person person;
    const char *item = asked->words.at[0];
    const char *keyword = kr_text_in(cli->mem, kr_str_of(asked->keyword));
    return kr_person_item_seen(cli, asked, item) &&
           kr_person_asked_for(cli, asked, asked->words.at[1], &person) &&
           kr_picture_has(asked->store, item, person.id, keyword, !asked->not_in, cli->who,
                          asked->certain, &cli->err) &&
           kr_person_tell_in(cli, asked, item);
}

static bool tell_items(struct kr_cli *cli, const struct kr_person *person,
                       const struct kr_item_list *page)
{
    for (size_t i = 0; i < page->n; i++) {
        const struct kr_item *item = &page->at[i];
        json_t *line = kr_json_new_object(), *age;
        age = kr_person_new_age(cli->mem, cli->lang, person, item);
        if (!cli->json)
            printf("%s  %-16s  %s  %s\n", item->id,
                   kr_edtf_words(cli->mem, cli->lang, item->date_edtf),
                   kr_json_str(age, "text", ""), item->caption);
        kr_json_set_str(line, "id", item->id);
        kr_json_set_str(line, "date", item->date_edtf);
        kr_json_set_str(line, "caption", item->caption);
        kr_json_set_take(line, "age", age ? age : json_null());
        kr_cli_json(cli, line);
    }
    return true;
}

static bool run_items(struct kr_cli *cli, struct kr_person_asked *asked)
{
    struct kr_person person;
    char cursor[64] = "";
    if (!kr_person_asked_for(cli, asked, asked->words.at[0], &person))
        return false;
    do {
        KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
        struct kr_item_list page;
        if (!kr_items_of_person(asked->store, mem, person.id, cursor, 500, &page, &cli->err) ||
            !tell_items(cli, &person, &page))
            return false;
        kr_format(cursor, sizeof cursor, "%s", page.next);
    } while (*cursor && !kr_cli_stopped());
    return true;
}

static bool run_kin(struct kr_cli *cli, struct kr_person_asked *asked)
{
    KR_AUTO(kr_json_drop) json_t *kin = NULL;
    struct kr_person a, b;
    if (!kr_person_asked_for(cli, asked, asked->words.at[0], &a) ||
        !kr_person_asked_for(cli, asked, asked->words.at[1], &b) ||
        !kr_persons_kin_json(asked->store, cli->mem, cli->lang, a.id, b.id, &kin, &cli->err))
        return false;
    const char *word = kr_json_str(kin, "word", "");
    kr_cli_answer(cli, *word ? "person.kin" : "person.unrelated", "a", a.shown, "b", b.shown, "kin",
                  word, NULL);
    kr_cli_json(cli, json_incref(kin));
    return true;
}

// Of everybody, of one person, or of the persons in one item.
static bool run_flags(struct kr_cli *cli, struct kr_person_asked *asked)
{
    struct kr_person person = {.id = ""};
    struct kr_finding *found;
    struct kr_item item;
    struct kr_uuid id;
    size_t n;
    const char *of = asked->words.n ? asked->words.at[0] : NULL;
    bool is_item = of && kr_uuid_parse(of, &id) &&
                   kr_item_may_get(asked->store, cli->mem, of, &KR_VIEW_HOME, &item, NULL);
    if (of && !is_item && !kr_person_asked_for(cli, asked, of, &person))
        return false;
    if (!(is_item ? kr_item_findings(asked->store, cli->mem, of, &found, &n, &cli->err)
                  : kr_person_findings(asked->store, cli->mem, of ? person.id : NULL, &found, &n,
                                       &cli->err)))
        return false;
    for (size_t i = 0; i < n; i++) {
        KR_AUTO(kr_json_drop) json_t *line = kr_finding_new_json(cli->mem, cli->lang, &found[i]);
        if (!cli->json)
            printf("%s  %s\n", kr_json_str(line, "text", ""), found[i].item);
        kr_cli_json(cli, json_incref(line));
    }
    if (n == 0)
        kr_cli_answer(cli, "flag.none", NULL);
    return true;
}

static const struct verb {
    struct kr_verb verb;
    bool (*run)(struct kr_cli *cli, struct kr_person_asked *asked);
} verbs[] = {
    {{"add", 1, 1, KR_STORE_WRITE}, run_add},
    {{"flags", 0, 1, KR_STORE_READ}, run_flags},
    {{"frame", 2, 3, KR_STORE_WRITE}, kr_person_frame},
    {{"items", 1, 1, KR_STORE_READ}, run_items},
    {{"kin", 2, 2, KR_STORE_READ}, run_kin},
    {{"list", 0, 1, KR_STORE_READ}, run_list},
    {{"name-region", 2, 3, KR_STORE_WRITE}, run_name_region},
    {{"picture", 2, 2, KR_STORE_WRITE}, run_picture},
    {{"portraits", 1, 1, KR_STORE_READ}, kr_person_portraits},
    {{"relate", 3, 3, KR_STORE_WRITE}, run_relate},
    {{"same-age", 2, 50, KR_STORE_READ}, kr_person_same_age},
    {{"set", 2, 1000, KR_STORE_WRITE}, run_set},
    {{"show", 1, 1, KR_STORE_READ}, run_show},
    {{"unframe", 2, 2, KR_STORE_WRITE}, kr_person_unframe},
    {{"unframed", 0, 0, KR_STORE_READ}, kr_person_unframed},
    {{"unnamed", 0, 0, KR_STORE_READ}, kr_person_unnamed},
};

int kr_cmd_person(struct kr_cli *cli, int argc, char **argv)
{
    struct kr_person_asked asked = {.kind = "", .lang = "", .keyword = ""};
    const char *certain = "0.9";
    const struct kr_option options[] = {
        {"--born", NULL, &asked.born},  {"--certain", NULL, &certain},
        {"--died", NULL, &asked.died},  {"--keyword", NULL, &asked.keyword},
        {"--kind", NULL, &asked.kind},  {"--lang", NULL, &asked.lang},
        {"--not", &asked.not_in, NULL}, {"--order", NULL, &asked.order},
        {"--sex", NULL, &asked.sex},    {"--instead", NULL, &asked.instead},
    };
    struct kr_arguments left;
    KR_AUTO(kr_store_close) struct kr_store *store = NULL;
    if (!kr_cli_options(cli, options, KR_COUNT(options), argc, argv, &left) ||
        !kr_parse_real(certain, 0, 1, &asked.certain))
        return kr_cli_usage(cli, "person");
    const struct verb *verb =
        kr_cli_verb(verbs, KR_COUNT(verbs), sizeof *verbs, &left, &asked.words);
    if (!verb)
        return kr_cli_usage(cli, "person");
    if (!kr_cli_store(cli, verb->verb.mode, &store))
        return kr_cli_failed(cli);
    asked.store = store;
    return verb->run(cli, &asked) ? KR_EXIT_DONE : kr_cli_failed(cli);
}
