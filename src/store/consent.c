// SPDX-License-Identifier: AGPL-3.0-or-later
#include "store/consent.h"

#include "store/db.h"

static bool drop_all(struct kr_store *store, const char *person, struct kr_err *err)
{
    static const enum kr_sql drops[] = {KR_SQL_CONSENT_DROP, KR_SQL_HAND_DROP, KR_SQL_SHUT_DROP};
    for (size_t i = 0; i < KR_COUNT(drops); i++)
        if (!kr_db_run(store->db, drops[i], err, KR_TEXT(person)))
            return false;
    return true;
}

bool kr_consents_put(struct kr_store *store, const char *person, const struct kr_consent_row *rows,
                     size_t n, const struct kr_hand_row *hand, const struct kr_shut_row *shut,
                     struct kr_err *err)
{
    if (!drop_all(store, person, err))
        return false;
    for (size_t i = 0; i < n; i++)
        if (!kr_db_run(store->db, KR_SQL_CONSENT_PUT, err, KR_TEXT(person),
                       KR_TEXT(rows[i].audience), KR_TEXT(rows[i].purpose), KR_INT(rows[i].allow),
                       KR_INT(rows[i].until_ms), KR_TEXT(rows[i].claim)))
            return false;
    if ((hand->rest || hand->delay_days || *hand->ask_first) &&
        !kr_db_run(store->db, KR_SQL_HAND_PUT, err, KR_TEXT(person), KR_INT(hand->rest),
                   KR_INT(hand->delay_days), KR_TEXT(hand->ask_first)))
        return false;
    return (!shut->picture && !shut->voice && !shut->story) ||
           kr_db_run(store->db, KR_SQL_SHUT_PUT, err, KR_TEXT(person), KR_TEXT(store->home),
                     KR_INT(shut->picture), KR_INT(shut->voice), KR_INT(shut->story));
}

static void consent_of_row(const struct kr_rows *rows, struct kr_arena *mem, void *out)
{
    *(struct kr_consent_row *)out = (struct kr_consent_row){.audience = kr_row_keep(rows, mem, 0),
                                                            .purpose = kr_row_keep(rows, mem, 1),
                                                            .allow = kr_row_int(rows, 2) != 0,
                                                            .until_ms = kr_row_int(rows, 3),
                                                            .claim = kr_row_keep(rows, mem, 4)};
}

static bool hand_of(struct kr_store *store, struct kr_arena *mem, const char *person,
                    struct kr_hand_row *out, struct kr_err *err)
{
    KR_AUTO(kr_rows_end) struct kr_rows *rows = NULL;
    bool more;
    *out = (struct kr_hand_row){.ask_first = ""};
    if (!kr_db_query(store->db, KR_SQL_HAND_OF, &rows, err, KR_TEXT(person)) ||
        !kr_rows_next(rows, &more, err))
        return false;
    if (more)
        *out = (struct kr_hand_row){kr_row_int(rows, 0) != 0, (int)kr_row_int(rows, 1),
                                    kr_row_keep(rows, mem, 2)};
    return true;
}

bool kr_consents_of(struct kr_store *store, struct kr_arena *mem, const char *person,
                    struct kr_consent_row **out, size_t *n, struct kr_hand_row *hand,
                    struct kr_err *err)
{
    KR_AUTO(kr_rows_end) struct kr_rows *rows = NULL;
    void *list;
    if (!kr_db_query(store->db, KR_SQL_CONSENT_OF, &rows, err, KR_TEXT(person)) ||
        !kr_rows_take(&rows, mem, sizeof **out, consent_of_row, &list, n, err))
        return false;
    *out = list;
    return hand_of(store, mem, person, hand, err);
}

bool kr_shut_of(struct kr_store *store, const char *person, struct kr_shut_row *out,
                struct kr_err *err)
{
    KR_AUTO(kr_rows_end) struct kr_rows *rows = NULL;
    bool more;
    *out = (struct kr_shut_row){0};
    if (!kr_db_query(store->db, KR_SQL_SHUT_OF, &rows, err, KR_TEXT(person)) ||
        !kr_rows_next(rows, &more, err))
        return false;
    if (more)
        *out = (struct kr_shut_row){kr_row_int(rows, 0) != 0, kr_row_int(rows, 1) != 0,
                                    kr_row_int(rows, 2) != 0};
    return true;
}

bool kr_sayer_of(struct kr_store *store, struct kr_arena *mem, const char *who, const char **person,
                 struct kr_err *err)
{
    KR_AUTO(kr_rows_end) struct kr_rows *rows = NULL;
    bool more;
    if (!kr_db_query(store->db, KR_SQL_SAYER_OF, &rows, err, KR_TEXT(who)) ||
        !kr_rows_next(rows, &more, err))
        return false;
    *person = more ? kr_row_keep(rows, mem, 0) : "";
    return true;
}

bool kr_releases_drop(struct kr_store *store, const char *item, struct kr_err *err)
{
    return kr_db_run(store->db, KR_SQL_RELEASE_DROP, err, KR_TEXT(item));
}

bool kr_release_put(struct kr_store *store, const char *item, const char *audience, const char *who,
                    bool allow, struct kr_err *err)
{
    return kr_db_run(store->db, KR_SQL_RELEASE_PUT, err, KR_TEXT(item), KR_TEXT(audience),
                     KR_TEXT(who), KR_INT(allow));
}

bool kr_avoids_put(struct kr_store *store, const char *person, const struct kr_avoid_row *rows,
                   size_t n, struct kr_err *err)
{
    if (!kr_db_run(store->db, KR_SQL_AVOID_DROP, err, KR_TEXT(person)))
        return false;
    for (size_t i = 0; i < n; i++)
        if (!kr_db_run(store->db, KR_SQL_AVOID_PUT, err, KR_TEXT(rows[i].claim), KR_TEXT(person),
                       KR_TEXT(rows[i].kind), KR_TEXT(rows[i].value), KR_INT(rows[i].from_day),
                       KR_INT(rows[i].to_day)))
            return false;
    return true;
}

static void avoid_of_row(const struct kr_rows *rows, struct kr_arena *mem, void *out)
{
    *(struct kr_avoid_row *)out = (struct kr_avoid_row){.claim = kr_row_keep(rows, mem, 0),
                                                        .kind = kr_row_keep(rows, mem, 1),
                                                        .value = kr_row_keep(rows, mem, 2),
                                                        .from_day = kr_row_int(rows, 3),
                                                        .to_day = kr_row_int(rows, 4)};
}

bool kr_avoids_of(struct kr_store *store, struct kr_arena *mem, const char *person,
                  struct kr_avoid_row **out, size_t *n, struct kr_err *err)
{
    KR_AUTO(kr_rows_end) struct kr_rows *rows = NULL;
    void *list;
    if (!kr_db_query(store->db, KR_SQL_AVOID_OF, &rows, err, KR_TEXT(person)) ||
        !kr_rows_take(&rows, mem, sizeof **out, avoid_of_row, &list, n, err))
        return false;
    *out = list;
    return true;
}

bool kr_item_is_open(struct kr_store *store, const char *item, bool *out, struct kr_err *err)
{
    KR_AUTO(kr_rows_end) struct kr_rows *rows = NULL;
    bool more;
    if (!kr_db_query(store->db, KR_SQL_ITEM_SEEN, &rows, err, KR_TEXT(store->home),
                     KR_TEXT(item)) ||
        !kr_rows_next(rows, &more, err))
        return false;
    *out = more && kr_row_int(rows, 0) > 0;
    return true;
}

bool kr_item_is_tellable(struct kr_store *store, const char *item, bool *out, struct kr_err *err)
{
    KR_AUTO(kr_rows_end) struct kr_rows *rows = NULL;
    bool more;
    if (!kr_db_query(store->db, KR_SQL_ITEM_UNTOLD, &rows, err, KR_TEXT(item)) ||
        !kr_rows_next(rows, &more, err))
        return false;
    *out = more && kr_row_int(rows, 0) == 0;
    return true;
}

static bool is_let_out(struct kr_store *store, const char *item, const char *audience, bool *out,
                       struct kr_err *err)
{
    KR_AUTO(kr_rows_end) struct kr_rows *rows = NULL;
    bool more;
    if (!kr_db_query(store->db, KR_SQL_RELEASE_OF, &rows, err, KR_TEXT(item), KR_TEXT(audience)) ||
        !kr_rows_next(rows, &more, err))
        return false;
    // Somebody said yes, and nobody no.
    *out = more && kr_row_int(rows, 1) > 0 && kr_row_int(rows, 0) == kr_row_int(rows, 1);
    return true;
}

bool kr_item_unwilling(struct kr_store *store, struct kr_arena *mem, const char *item,
                       const char *audience, const char *purpose, int64_t added_ms, int64_t now_ms,
                       const char *const **persons, size_t *n, struct kr_err *err)
{
    KR_AUTO(kr_rows_end) struct kr_rows *rows = NULL;
    return kr_db_query(store->db, KR_SQL_ITEM_UNWILLING, &rows, err, KR_TEXT(item),
                       KR_TEXT(audience), KR_TEXT(purpose), KR_INT(now_ms), KR_INT(added_ms)) &&
           kr_rows_texts(&rows, mem, persons, n, err);
}

bool kr_item_refused(struct kr_store *store, struct kr_arena *mem, const char *item,
                     const char *audience, const char *const **who, size_t *n, struct kr_err *err)
{
    KR_AUTO(kr_rows_end) struct kr_rows *rows = NULL;
    return kr_db_query(store->db, KR_SQL_RELEASE_REFUSED, &rows, err, KR_TEXT(item),
                       KR_TEXT(audience)) &&
           kr_rows_texts(&rows, mem, who, n, err);
}

bool kr_item_is_released(struct kr_store *store, struct kr_arena *mem, const char *item,
                         const char *audience, const char *purpose, int64_t added_ms,
                         int64_t now_ms, bool *out, struct kr_err *err)
{
    const char *const *persons;
    size_t n;
    if (!is_let_out(store, item, audience, out, err))
        return false;
    if (!*out)
        return true;
    if (!kr_item_unwilling(store, mem, item, audience, purpose, added_ms, now_ms, &persons, &n,
                           err))
        return false;
    *out = n == 0;
    return true;
}
