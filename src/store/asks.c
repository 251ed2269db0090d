// SPDX-License-Identifier: AGPL-3.0-or-later
#include "store/asks.h"

#include "store/db.h"

bool kr_ask_put(struct kr_store *store, const char *id, const struct kr_ask *ask,
                const struct kr_reply *replies, size_t n, struct kr_err *err)
{
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    if (!kr_db_run(store->db, KR_SQL_ASK_DROP, err, KR_TEXT(id)) ||
        !kr_db_run(store->db, KR_SQL_ANSWERS_DROP, err, KR_TEXT(id)))
        return false;
    if (!ask)
        return true;
    if (!kr_db_run(store->db, KR_SQL_ASK_PUT, err, KR_TEXT(id), KR_TEXT(ask->home),
                   KR_TEXT(ask->item), KR_TEXT(ask->claim), KR_TEXT(ask->who), KR_INT(ask->at_ms),
                   KR_TEXT(kr_json_text(mem, ask->value)),
                   KR_TEXT(kr_json_str(ask->value, "round", ""))))
        return false;
    for (size_t i = 0; i < n; i++)
        if (!kr_db_run(store->db, KR_SQL_ANSWER_PUT, err, KR_TEXT(replies[i].claim), KR_TEXT(id),
                       KR_INT(replies[i].seq), KR_TEXT(replies[i].who), KR_INT(replies[i].at_ms),
                       KR_TEXT(replies[i].kind), KR_TEXT(replies[i].media),
                       KR_TEXT(replies[i].person), KR_TEXT(kr_json_text(mem, replies[i].value))))
            return false;
    return true;
}

static const json_t *value_of(const struct kr_rows *rows, struct kr_arena *mem, int column)
{
    json_t *value = NULL;
    if (!kr_json_parse(kr_str_of(kr_row_text(rows, column)), SIZE_MAX, &value, NULL))
        value = kr_json_new_object();
    return kr_json_lend(mem, value);
}

// A question of which only the place stays.
static const json_t *without_words(struct kr_arena *mem, const json_t *value)
{
    json_t *rest = json_deep_copy(value);
    json_object_del(rest, "text");
    json_object_del(rest, "voice");
    return kr_json_lend(mem, rest);
}

static void ask_of_row(const struct kr_rows *rows, struct kr_arena *mem, void *out)
{
    struct kr_ask *ask = out;
    bool rests = kr_row_int(rows, 6) != 0;
    const json_t *value = value_of(rows, mem, 5);
    *ask = (struct kr_ask){.who = rests ? "" : kr_row_keep(rows, mem, 3),
                           .at_ms = kr_row_int(rows, 4),
                           .value = rests ? without_words(mem, value) : value,
                           .answers = kr_row_int(rows, 7),
                           .rests = rests};
    kr_format(ask->id, sizeof ask->id, "%.36s", kr_row_text(rows, 0));
    kr_format(ask->item, sizeof ask->item, "%.36s", kr_row_text(rows, 1));
    kr_format(ask->claim, sizeof ask->claim, "%.36s", kr_row_text(rows, 2));
}

static void reply_of_row(const struct kr_rows *rows, struct kr_arena *mem, void *out)
{
    struct kr_reply *reply = out;
    *reply = (struct kr_reply){.who = kr_row_keep(rows, mem, 1),
                               .at_ms = kr_row_int(rows, 2),
                               .kind = kr_row_keep(rows, mem, 3),
                               .media = kr_row_keep(rows, mem, 4),
                               .person = kr_row_keep(rows, mem, 5),
                               .value = value_of(rows, mem, 6),
                               .mime = kr_row_keep(rows, mem, 7),
                               .media_duration_ms = kr_row_int(rows, 8)};
    kr_format(reply->claim, sizeof reply->claim, "%.36s", kr_row_text(rows, 0));
}

bool kr_ask_get(struct kr_store *store, struct kr_arena *mem, const char *id,
                const struct kr_listener *to, struct kr_ask *out, struct kr_err *err)
{
    KR_AUTO(kr_rows_end) struct kr_rows *rows = NULL;
    bool more = false;
    if (!kr_db_query(store->db, KR_SQL_ASK_GET, &rows, err, KR_TEXT(store->home), KR_TEXT(id),
                     KR_TEXT(to->person), KR_TEXT(to->who)) ||
        !kr_rows_next(rows, &more, err))
        return false;
    if (!more)
        return kr_fail(err, KR_E_NOT_FOUND, "no such question");
    ask_of_row(rows, mem, out);
    return true;
}

// Those of one subject, by a query that takes it second.
static bool asks_by(struct kr_store *store, struct kr_arena *mem, enum kr_sql query,
                    const char *subject, const struct kr_listener *to, struct kr_ask **out,
                    size_t *n, struct kr_err *err)
{
    KR_AUTO(kr_rows_end) struct kr_rows *rows = NULL;
    void *list;
    if (!kr_db_query(store->db, query, &rows, err, KR_TEXT(store->home), KR_TEXT(subject),
                     KR_TEXT(to->person), KR_TEXT(to->who), KR_INT(KR_ASKS_MOST)) ||
        !kr_rows_take(&rows, mem, sizeof **out, ask_of_row, &list, n, err))
        return false;
    *out = list;
    return true;
}

bool kr_asks_of_item(struct kr_store *store, struct kr_arena *mem, const char *item,
                     const struct kr_listener *to, struct kr_ask **out, size_t *n,
                     struct kr_err *err)
{
    return asks_by(store, mem, KR_SQL_ASKS_OF_ITEM, item, to, out, n, err);
}

bool kr_asks_of_round(struct kr_store *store, struct kr_arena *mem, const char *round,
                      const struct kr_listener *to, struct kr_ask **out, size_t *n,
                      struct kr_err *err)
{
    return asks_by(store, mem, KR_SQL_ASKS_OF_ROUND, round, to, out, n, err);
}

bool kr_asks_of_home(struct kr_store *store, struct kr_arena *mem, enum kr_ask_state state,
                     const struct kr_listener *to, struct kr_ask **out, size_t *n,
                     struct kr_err *err)
{
    KR_AUTO(kr_rows_end) struct kr_rows *rows = NULL;
    void *list;
    if (!kr_db_query(store->db, KR_SQL_ASKS_OF_HOME, &rows, err, KR_TEXT(store->home),
                     KR_INT(state), KR_TEXT(to->person), KR_TEXT(to->who), KR_INT(KR_ASKS_MOST)) ||
        !kr_rows_take(&rows, mem, sizeof **out, ask_of_row, &list, n, err))
        return false;
    *out = list;
    return true;
}

bool kr_replies_of(struct kr_store *store, struct kr_arena *mem, const char *ask,
                   const struct kr_listener *to, struct kr_reply **out, size_t *n,
                   struct kr_err *err)
{
    KR_AUTO(kr_rows_end) struct kr_rows *rows = NULL;
    void *list;
    if (!kr_db_query(store->db, KR_SQL_ANSWERS_OF, &rows, err, KR_TEXT(store->home), KR_TEXT(ask),
                     KR_TEXT(to->person), KR_TEXT(to->who)) ||
        !kr_rows_take(&rows, mem, sizeof **out, reply_of_row, &list, n, err))
        return false;
    *out = list;
    return true;
}

bool kr_ask_ids_of_item(struct kr_store *store, struct kr_arena *mem, const char *item,
                        const char *const **out, size_t *n, struct kr_err *err)
{
    KR_AUTO(kr_rows_end) struct kr_rows *rows = NULL;
    return kr_db_query(store->db, KR_SQL_ASK_IDS_OF_ITEM, &rows, err, KR_TEXT(item)) &&
           kr_rows_texts(&rows, mem, out, n, err);
}

bool kr_ask_words(struct kr_store *store, struct kr_arena *mem, const char *item, const char **out,
                  struct kr_err *err)
{
    KR_AUTO(kr_rows_end) struct kr_rows *rows = NULL;
    KR_AUTO(kr_buf_finish) struct kr_buf words = {0};
    bool more = false;
    if (!kr_db_query(store->db, KR_SQL_ASK_WORDS, &rows, err, KR_TEXT(item)))
        return false;
    while (kr_rows_next(rows, &more, err) && more)
        kr_buf_format(&words, "%s\n", kr_json_str(value_of(rows, mem, 0), "text", ""));
    *out = kr_arena_copy(mem, words.at, words.n);
    return !more;
}
