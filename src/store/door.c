// SPDX-License-Identifier: AGPL-3.0-or-later
#include "store/door.h"

#include "store/db.h"

static void put_id(char out[static KR_UUID_TEXT], const struct kr_rows *rows, int column)
{
    kr_format(out, KR_UUID_TEXT, "%.36s", kr_row_text(rows, column));
}

static void home_of_row(const struct kr_rows *rows, struct kr_arena *mem, void *out)
{
    struct kr_home *home = out;
    put_id(home->id, rows, 0);
    home->name = kr_row_keep(rows, mem, 1);
}

bool kr_homes_all(struct kr_store *store, struct kr_arena *mem, struct kr_home **out, size_t *n,
                  struct kr_err *err)
{
    KR_AUTO(kr_rows_end) struct kr_rows *rows = NULL;
    void *list;
    if (!kr_db_query(store->db, KR_SQL_HOMES_ALL, &rows, err) ||
        !kr_rows_take(&rows, mem, sizeof **out, home_of_row, &list, n, err))
        return false;
    *out = list;
    return true;
}

bool kr_homes_each(struct kr_store *store,
                   bool (*act)(struct kr_store *store, void *context, struct kr_err *err),
                   void *context, struct kr_err *err)
{
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    const char *here = kr_arena_strdup(mem, store->home);
    struct kr_home *homes;
    size_t n;
    bool fine = kr_homes_all(store, mem, &homes, &n, err);
    for (size_t i = 0; fine && i < n; i++) {
        kr_store_enter(store, homes[i].id);
        fine = act(store, context, err);
    }
    kr_store_enter(store, here);
    return fine;
}

bool kr_home_add(struct kr_store *store, const char *name, char id[static KR_UUID_TEXT],
                 struct kr_err *err)
{
    kr_uuid_new_text(id);
    return kr_db_run(store->db, KR_SQL_HOME_ADD, err, KR_TEXT(id), KR_TEXT(name));
}

bool kr_home_rename(struct kr_store *store, const char *id, const char *name, struct kr_err *err)
{
    if (!kr_db_run(store->db, KR_SQL_HOME_RENAME, err, KR_TEXT(id), KR_TEXT(name)))
        return false;
    return kr_db_changes(store->db) > 0 || kr_fail(err, KR_E_NOT_FOUND, "no home %.36s", id);
}

static void account_of_row(const struct kr_rows *rows, struct kr_arena *mem, void *out)
{
    struct kr_account *account = out;
    put_id(account->id, rows, 0);
    put_id(account->home, rows, 1);
    account->name = kr_row_keep(rows, mem, 2);
    account->role = kr_row_keep(rows, mem, 3);
    account->person = kr_row_keep(rows, mem, 4);
    account->password = kr_row_keep(rows, mem, 5);
    account->made_ms = kr_row_int(rows, 6);
    account->passkeys = kr_row_int(rows, 7);
}

bool kr_account_add(struct kr_store *store, const struct kr_account *account, const char *folded,
                    struct kr_err *err)
{
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    struct kr_account other;
    bool taken;
    if (!kr_account_named(store, mem, folded, &other, &taken, err))
        return false;
    if (taken)
        return kr_fail(err, KR_E_EXISTS, "the name '%.60s' is taken", account->name);
    return kr_db_run(store->db, KR_SQL_ACCOUNT_ADD, err, KR_TEXT(account->id),
                     KR_TEXT(account->home), KR_TEXT(account->name), KR_TEXT(folded),
                     KR_TEXT(account->role), KR_TEXT(account->person), KR_TEXT(account->password),
                     KR_INT(account->made_ms));
}

bool kr_account_put(struct kr_store *store, const struct kr_account *account, int64_t ended_ms,
                    struct kr_err *err)
{
    return kr_db_run(store->db, KR_SQL_ACCOUNT_PUT, err, KR_TEXT(account->id),
                     KR_TEXT(account->role), KR_TEXT(account->person), KR_TEXT(account->password),
                     KR_INT(ended_ms));
}

// The first row that is left, if there is one; ends the query.
static bool take_first(struct kr_rows **rows, struct kr_arena *mem,
                       void (*take)(const struct kr_rows *rows, struct kr_arena *mem, void *out),
                       void *out, bool *found, struct kr_err *err)
{
    *found = false;
    if (!kr_rows_next(*rows, found, err))
        return false;
    if (*found)
        take(*rows, mem, out);
    kr_rows_end(rows);
    return true;
}

bool kr_account_get(struct kr_store *store, struct kr_arena *mem, const char *id,
                    struct kr_account *out, struct kr_err *err)
{
    KR_AUTO(kr_rows_end) struct kr_rows *rows = NULL;
    bool found;
    if (!kr_db_query(store->db, KR_SQL_ACCOUNT_GET, &rows, err, KR_TEXT(id)) ||
        !take_first(&rows, mem, account_of_row, out, &found, err))
        return false;
    return found || kr_fail(err, KR_E_NOT_FOUND, "no account %.36s", id);
}

bool kr_account_named(struct kr_store *store, struct kr_arena *mem, const char *folded,
                      struct kr_account *out, bool *found, struct kr_err *err)
{
    KR_AUTO(kr_rows_end) struct kr_rows *rows = NULL;
    return kr_db_query(store->db, KR_SQL_ACCOUNT_NAMED, &rows, err, KR_TEXT(folded)) &&
           take_first(&rows, mem, account_of_row, out, found, err);
}

bool kr_account_of_person(struct kr_store *store, struct kr_arena *mem, const char *person,
                          struct kr_account *out, bool *found, struct kr_err *err)
{
    KR_AUTO(kr_rows_end) struct kr_rows *rows = NULL;
    return kr_db_query(store->db, KR_SQL_ACCOUNT_OF_PERSON, &rows, err, KR_TEXT(store->home),
                       KR_TEXT(person)) &&
           take_first(&rows, mem, account_of_row, out, found, err);
}

bool kr_accounts_all(struct kr_store *store, struct kr_arena *mem, struct kr_account **out,
                     size_t *n, struct kr_err *err)
{
    KR_AUTO(kr_rows_end) struct kr_rows *rows = NULL;
    void *list;
    if (!kr_db_query(store->db, KR_SQL_ACCOUNTS_ALL, &rows, err, KR_TEXT(store->home)) ||
        !kr_rows_take(&rows, mem, sizeof **out, account_of_row, &list, n, err))
        return false;
    *out = list;
    return true;
}

static bool one_number(struct kr_store *store, enum kr_sql query, int64_t *out, struct kr_err *err)
{
    KR_AUTO(kr_rows_end) struct kr_rows *rows = NULL;
    bool more;
    if (!kr_db_query(store->db, query, &rows, err) || !kr_rows_next(rows, &more, err))
        return false;
    *out = more ? kr_row_int(rows, 0) : 0;
    return true;
}

bool kr_owners_count(struct kr_store *store, int64_t *out, struct kr_err *err)
{
    return one_number(store, KR_SQL_OWNERS_COUNT, out, err);
}

static void invitation_of_row(const struct kr_rows *rows, struct kr_arena *mem, void *out)
{
    struct kr_invitation *invitation = out;
    put_id(invitation->id, rows, 0);
    put_id(invitation->home, rows, 1);
    invitation->role = kr_row_keep(rows, mem, 2);
    invitation->person = kr_row_keep(rows, mem, 3);
    invitation->label = kr_row_keep(rows, mem, 4);
    invitation->about = kr_row_keep(rows, mem, 5);
    invitation->made_by = kr_row_keep(rows, mem, 6);
    invitation->made_ms = kr_row_int(rows, 7);
    invitation->until_ms = kr_row_int(rows, 8);
    invitation->ended_ms = kr_row_int(rows, 9);
    invitation->used = kr_row_int(rows, 10);
}

bool kr_invitation_add(struct kr_store *store, const struct kr_invitation *invitation,
                       const uint8_t mark[static KR_MARK_SIZE], struct kr_err *err)
{
    return kr_db_run(
        store->db, KR_SQL_INVITATION_ADD, err, KR_TEXT(invitation->id),
        KR_BYTES(mark, KR_MARK_SIZE), KR_TEXT(invitation->home), KR_TEXT(invitation->role),
        KR_TEXT(invitation->person), KR_TEXT(invitation->label), KR_TEXT(invitation->about),
        KR_TEXT(invitation->made_by), KR_INT(invitation->made_ms), KR_INT(invitation->until_ms));
}

bool kr_invitation_marked(struct kr_store *store, struct kr_arena *mem,
                          const uint8_t mark[static KR_MARK_SIZE], struct kr_invitation *out,
                          bool *found, struct kr_err *err)
{
    KR_AUTO(kr_rows_end) struct kr_rows *rows = NULL;
    return kr_db_query(store->db, KR_SQL_INVITATION_MARKED, &rows, err,
                       KR_BYTES(mark, KR_MARK_SIZE)) &&
           take_first(&rows, mem, invitation_of_row, out, found, err);
}

bool kr_invitation_get(struct kr_store *store, struct kr_arena *mem, const char *id,
                       struct kr_invitation *out, struct kr_err *err)
{
    KR_AUTO(kr_rows_end) struct kr_rows *rows = NULL;
    bool found;
    if (!kr_db_query(store->db, KR_SQL_INVITATION_GET, &rows, err, KR_TEXT(id)) ||
        !take_first(&rows, mem, invitation_of_row, out, &found, err))
        return false;
    return found || kr_fail(err, KR_E_NOT_FOUND, "no invitation %.36s", id);
}

bool kr_invitations_all(struct kr_store *store, struct kr_arena *mem, struct kr_invitation **out,
                        size_t *n, struct kr_err *err)
{
    KR_AUTO(kr_rows_end) struct kr_rows *rows = NULL;
    void *list;
    if (!kr_db_query(store->db, KR_SQL_INVITATIONS_ALL, &rows, err, KR_TEXT(store->home)) ||
        !kr_rows_take(&rows, mem, sizeof **out, invitation_of_row, &list, n, err))
        return false;
    *out = list;
    return true;
}

bool kr_invitation_used(struct kr_store *store, const char *id, struct kr_err *err)
{
    return kr_db_run(store->db, KR_SQL_INVITATION_USED, err, KR_TEXT(id));
}

bool kr_invitation_end(struct kr_store *store, const char *id, int64_t at_ms, struct kr_err *err)
{
    return kr_db_run(store->db, KR_SQL_INVITATION_END, err, KR_TEXT(id), KR_INT(at_ms)) &&
           kr_db_run(store->db, KR_SQL_SESSIONS_OF_INVITATION_DROP, err, KR_TEXT(id));
}

bool kr_session_add(struct kr_store *store, const struct kr_session *session,
                    const uint8_t mark[static KR_MARK_SIZE], struct kr_err *err)
{
    return kr_db_run(store->db, KR_SQL_SESSION_ADD, err, KR_TEXT(session->id),
                     KR_BYTES(mark, KR_MARK_SIZE), KR_TEXT(store->home), KR_TEXT(session->account),
                     KR_TEXT(session->invitation), KR_TEXT(session->label),
                     KR_INT(session->made_ms), KR_INT(session->seen_ms), KR_INT(session->until_ms));
}

static void entering_of_row(const struct kr_rows *rows, struct kr_arena *mem, void *out)
{
    struct kr_entering *entering = out;
    put_id(entering->session, rows, 0);
    put_id(entering->home, rows, 1);
    entering->account = kr_row_keep(rows, mem, 2);
    entering->invitation = kr_row_keep(rows, mem, 3);
    entering->seen_ms = kr_row_int(rows, 4);
    entering->role = kr_row_keep(rows, mem, 5);
    entering->person = kr_row_keep(rows, mem, 6);
    entering->name = kr_row_keep(rows, mem, 7);
    entering->about = kr_row_keep(rows, mem, 8);
}

bool kr_session_enters(struct kr_store *store, struct kr_arena *mem,
                       const uint8_t mark[static KR_MARK_SIZE], int64_t now_ms,
                       struct kr_entering *out, bool *found, struct kr_err *err)
{
    KR_AUTO(kr_rows_end) struct kr_rows *rows = NULL;
    if (!kr_db_query(store->db, KR_SQL_SESSION_ENTERS, &rows, err, KR_BYTES(mark, KR_MARK_SIZE),
                     KR_INT(now_ms)) ||
        !take_first(&rows, mem, entering_of_row, out, found, err))
        return false;
    *found = *found && *out->role; // what it came by was ended
    return true;
}

bool kr_session_seen(struct kr_store *store, const char *id, int64_t now_ms, int64_t until_ms,
                     struct kr_err *err)
{
    return kr_db_run(store->db, KR_SQL_SESSION_SEEN, err, KR_TEXT(id), KR_INT(now_ms),
                     KR_INT(until_ms));
}

static void session_of_row(const struct kr_rows *rows, struct kr_arena *mem, void *out)
{
    struct kr_session *session = out;
    put_id(session->id, rows, 0);
    session->account = kr_row_keep(rows, mem, 1);
    session->invitation = kr_row_keep(rows, mem, 2);
    session->name = kr_row_keep(rows, mem, 3);
    session->label = kr_row_keep(rows, mem, 4);
    session->made_ms = kr_row_int(rows, 5);
    session->seen_ms = kr_row_int(rows, 6);
    session->until_ms = kr_row_int(rows, 7);
}

bool kr_sessions_all(struct kr_store *store, struct kr_arena *mem, const char *account,
                     int64_t now_ms, struct kr_session **out, size_t *n, struct kr_err *err)
{
    KR_AUTO(kr_rows_end) struct kr_rows *rows = NULL;
    void *list;
    if (!kr_db_query(store->db, KR_SQL_SESSIONS_ALL, &rows, err, KR_TEXT(store->home),
                     KR_TEXT(account), KR_INT(now_ms)) ||
        !kr_rows_take(&rows, mem, sizeof **out, session_of_row, &list, n, err))
        return false;
    *out = list;
    return true;
}

bool kr_session_drop(struct kr_store *store, const char *id, const char *account,
                     struct kr_err *err)
{
    if (!kr_db_run(store->db, KR_SQL_SESSION_DROP, err, KR_TEXT(store->home), KR_TEXT(id),
                   KR_TEXT(account)))
        return false;
    return kr_db_changes(store->db) > 0 || kr_fail(err, KR_E_NOT_FOUND, "no session %.36s", id);
}

bool kr_sessions_of_account_drop(struct kr_store *store, const char *account, const char *but,
                                 struct kr_err *err)
{
    return kr_db_run(store->db, KR_SQL_SESSIONS_OF_ACCOUNT_DROP, err, KR_TEXT(account),
                     KR_TEXT(but));
}

bool kr_sessions_expire(struct kr_store *store, int64_t now_ms, struct kr_err *err)
{
    return kr_db_run(store->db, KR_SQL_SESSIONS_EXPIRED, err, KR_INT(now_ms));
}

bool kr_invitations_expire(struct kr_store *store, int64_t now_ms, struct kr_err *err)
{
    return kr_db_run(store->db, KR_SQL_INVITATIONS_EXPIRED, err, KR_INT(now_ms));
}

bool kr_invitations_about_end(struct kr_store *store, const char *about, int64_t at_ms,
                              struct kr_err *err)
{
    return kr_db_run(store->db, KR_SQL_INVITATIONS_ABOUT_END, err, KR_TEXT(store->home),
                     KR_TEXT(about), KR_INT(at_ms));
}

bool kr_body_get(struct kr_store *store, struct kr_arena *mem, const char *door, const char **out,
                 struct kr_err *err)
{
    KR_AUTO(kr_rows_end) struct kr_rows *rows = NULL;
    bool more = false;
    if (!kr_db_query(store->db, KR_SQL_BODY_GET, &rows, err, KR_TEXT(door)) ||
        !kr_rows_next(rows, &more, err))
        return false;
    *out = more ? kr_arena_strdup(mem, kr_row_text(rows, 0)) : "";
    return true;
}

bool kr_body_set(struct kr_store *store, const char *door, const char *cannot, struct kr_err *err)
{
    return *cannot ? kr_db_run(store->db, KR_SQL_BODY_SET, err, KR_TEXT(door), KR_TEXT(cannot))
                   : kr_db_run(store->db, KR_SQL_BODY_DROP, err, KR_TEXT(door));
}

bool kr_body_move(struct kr_store *store, const char *from, const char *to, struct kr_err *err)
{
    return kr_db_run(store->db, KR_SQL_BODY_MOVE, err, KR_TEXT(from), KR_TEXT(to));
}

bool kr_bodies_of_ended_drop(struct kr_store *store, struct kr_err *err)
{
    return kr_db_run(store->db, KR_SQL_BODIES_OF_ENDED_DROP, err);
}
