// SPDX-License-Identifier: AGPL-3.0-or-later
#include "store/persons.h"

#include "store/db.h"

static bool put_names(struct kr_store *store, const char *id, const struct kr_person_name *names,
                      size_t n, struct kr_err *err)
{
    for (size_t i = 0; i < n; i++)
        if (!kr_db_run(store->db, KR_SQL_PERSON_NAME_PUT, err, KR_TEXT(names[i].claim),
                       KR_TEXT(store->home), KR_TEXT(id), KR_TEXT(names[i].kind),
                       KR_TEXT(names[i].lang), KR_TEXT(names[i].text), KR_TEXT(names[i].body)))
            return false;
    return true;
}

static bool put_relations(struct kr_store *store, const char *id,
                          const struct kr_relation *relations, size_t n, struct kr_err *err)
{
    for (size_t i = 0; i < n; i++)
        if (!kr_db_run(store->db, KR_SQL_RELATION_PUT, err, KR_TEXT(relations[i].claim),
                       KR_TEXT(store->home), KR_TEXT(id), KR_TEXT(relations[i].kind),
                       KR_TEXT(relations[i].other), KR_TEXT(relations[i].order)))
            return false;
    return true;
}

static bool drop_lists(struct kr_store *store, const char *id, struct kr_err *err)
{
    return kr_db_run(store->db, KR_SQL_PERSON_NAMES_DROP, err, KR_TEXT(store->home), KR_TEXT(id)) &&
           kr_db_run(store->db, KR_SQL_RELATIONS_DROP, err, KR_TEXT(store->home), KR_TEXT(id));
}

bool kr_person_put(struct kr_store *store, const struct kr_person *person,
                   const struct kr_person_name *names, size_t name_count,
                   const struct kr_relation *relations, size_t relation_count, struct kr_err *err)
{
    const struct kr_life_day *born = &person->born, *died = &person->died;
    return drop_lists(store, person->id, err) &&
           kr_db_run(store->db, KR_SQL_PERSON_PUT, err, KR_TEXT(person->id), KR_TEXT(store->home),
                     KR_TEXT(person->shown), KR_TEXT(person->sort), KR_TEXT(person->sex),
                     KR_TEXT(born->edtf), KR_INT(born->from), KR_INT(born->to),
                     KR_TEXT(born->place), KR_TEXT(born->claim), KR_TEXT(died->edtf),
                     KR_INT(died->from), KR_INT(died->to), KR_TEXT(died->place),
                     KR_TEXT(died->claim)) &&
           put_names(store, person->id, names, name_count, err) &&
           put_relations(store, person->id, relations, relation_count, err);
}

bool kr_person_drop(struct kr_store *store, const char *id, struct kr_err *err)
{
    return drop_lists(store, id, err) &&
           kr_db_run(store->db, KR_SQL_PERSON_DROP, err, KR_TEXT(store->home), KR_TEXT(id));
}

static struct kr_life_day day_of_row(const struct kr_rows *rows, struct kr_arena *mem, int column)
{
    return (struct kr_life_day){.edtf = kr_row_keep(rows, mem, column),
                                .from = kr_row_int(rows, column + 1),
                                .to = kr_row_int(rows, column + 2),
                                .place = kr_row_keep(rows, mem, column + 3),
                                .claim = kr_row_keep(rows, mem, column + 4)};
}

static void person_of_row(const struct kr_rows *rows, struct kr_arena *mem, void *out)
{
    struct kr_person *person = out;
    *person = (struct kr_person){.shown = kr_row_keep(rows, mem, 1),
                                 .sort = kr_row_keep(rows, mem, 2),
                                 .sex = kr_row_keep(rows, mem, 3),
                                 .born = day_of_row(rows, mem, 4),
                                 .died = day_of_row(rows, mem, 9)};
    kr_format(person->id, sizeof person->id, "%.36s", kr_row_text(rows, 0));
}

static void name_of_row(const struct kr_rows *rows, struct kr_arena *mem, void *out)
{
    struct kr_person_name *name = out;
    *name = (struct kr_person_name){.claim = kr_row_keep(rows, mem, 0),
                                    .kind = kr_row_keep(rows, mem, 2),
                                    .lang = kr_row_keep(rows, mem, 3),
                                    .text = kr_row_keep(rows, mem, 4),
                                    .body = kr_row_keep(rows, mem, 5)};
    kr_format(name->person, sizeof name->person, "%.36s", kr_row_text(rows, 1));
}

static void relation_of_row(const struct kr_rows *rows, struct kr_arena *mem, void *out)
{
    struct kr_relation *relation = out;
    *relation = (struct kr_relation){.claim = kr_row_keep(rows, mem, 0),
                                     .kind = kr_row_keep(rows, mem, 2),
                                     .order = kr_row_keep(rows, mem, 4)};
    kr_format(relation->person, sizeof relation->person, "%.36s", kr_row_text(rows, 1));
    kr_format(relation->other, sizeof relation->other, "%.36s", kr_row_text(rows, 3));
}

bool kr_person_get(struct kr_store *store, struct kr_arena *mem, const char *id,
                   struct kr_person *out, struct kr_err *err)
{
    KR_AUTO(kr_rows_end) struct kr_rows *rows = NULL;
    bool more = false;
    if (!kr_db_query(store->db, KR_SQL_PERSON_GET, &rows, err, KR_TEXT(store->home), KR_TEXT(id)) ||
        !kr_rows_next(rows, &more, err))
        return false;
    if (!more)
        return kr_fail(err, KR_E_NOT_FOUND, "no person %.36s", id);
    person_of_row(rows, mem, out);
    return true;
}

bool kr_persons_all(struct kr_store *store, struct kr_arena *mem, struct kr_person **out, size_t *n,
                    struct kr_err *err)
{
    KR_AUTO(kr_rows_end) struct kr_rows *rows = NULL;
    void *list;
    if (!kr_db_query(store->db, KR_SQL_PERSONS_ALL, &rows, err, KR_TEXT(store->home)) ||
        !kr_rows_take(&rows, mem, sizeof **out, person_of_row, &list, n, err))
        return false;
    *out = list;
    return true;
}

bool kr_person_names(struct kr_store *store, struct kr_arena *mem, const char *id,
                     struct kr_person_name **out, size_t *n, struct kr_err *err)
{
    KR_AUTO(kr_rows_end) struct kr_rows *rows = NULL;
    void *list;
    bool begun =
        id ? kr_db_query(store->db, KR_SQL_PERSON_NAMES_OF, &rows, err, KR_TEXT(store->home),
                         KR_TEXT(id))
           : kr_db_query(store->db, KR_SQL_PERSON_NAMES_ALL, &rows, err, KR_TEXT(store->home));
    if (!begun || !kr_rows_take(&rows, mem, sizeof **out, name_of_row, &list, n, err))
        return false;
    *out = list;
    return true;
}

bool kr_relations_all(struct kr_store *store, struct kr_arena *mem, struct kr_relation **out,
                      size_t *n, struct kr_err *err)
{
    KR_AUTO(kr_rows_end) struct kr_rows *rows = NULL;
    void *list;
    if (!kr_db_query(store->db, KR_SQL_RELATIONS_ALL, &rows, err, KR_TEXT(store->home)) ||
        !kr_rows_take(&rows, mem, sizeof **out, relation_of_row, &list, n, err))
        return false;
    *out = list;
    return true;
}

bool kr_pictured_put(struct kr_store *store, const char *item, const char *const *persons, size_t n,
                     struct kr_err *err)
{
    if (!kr_db_run(store->db, KR_SQL_PICTURED_DROP, err, KR_TEXT(item)))
        return false;
    for (size_t i = 0; i < n; i++)
        if (!kr_db_run(store->db, KR_SQL_PICTURED_PUT, err, KR_TEXT(item), KR_TEXT(persons[i])))
            return false;
    return true;
}

bool kr_pictured_of(struct kr_store *store, struct kr_arena *mem, const char *item,
                    const char *const **persons, size_t *n, struct kr_err *err)
{
    KR_AUTO(kr_rows_end) struct kr_rows *rows = NULL;
    return kr_db_query(store->db, KR_SQL_PICTURED_OF_ITEM, &rows, err, KR_TEXT(item)) &&
           kr_rows_texts(&rows, mem, persons, n, err);
}

bool kr_pictured_after(struct kr_store *store, struct kr_arena *mem, const char *person,
                       const char *after, int limit, const char *const **items, size_t *n,
                       struct kr_err *err)
{
    KR_AUTO(kr_rows_end) struct kr_rows *rows = NULL;
    return kr_db_query(store->db, KR_SQL_PICTURED_AFTER, &rows, err, KR_TEXT(person),
                       KR_TEXT(after), KR_INT(limit)) &&
           kr_rows_texts(&rows, mem, items, n, err);
}
