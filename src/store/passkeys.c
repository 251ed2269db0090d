// SPDX-License-Identifier: AGPL-3.0-or-later
#include "store/passkeys.h"

#include "store/db.h"

static struct kr_str bytes_of(const struct kr_rows *rows, struct kr_arena *mem, int column)
{
    struct kr_str bytes = kr_row_bytes(rows, column);
    return (struct kr_str){kr_arena_copy(mem, bytes.at, bytes.n), bytes.n};
}

static void passkey_of_row(const struct kr_rows *rows, struct kr_arena *mem, void *out)
{
    struct kr_passkey *passkey = out;
    kr_format(passkey->id, KR_UUID_TEXT, "%.36s", kr_row_text(rows, 0));
    kr_format(passkey->account, KR_UUID_TEXT, "%.36s", kr_row_text(rows, 1));
    passkey->credential = bytes_of(rows, mem, 2);
    passkey->algorithm = kr_row_int(rows, 3);
    passkey->key = bytes_of(rows, mem, 4);
    passkey->count = kr_row_int(rows, 5);
    passkey->label = kr_row_keep(rows, mem, 6);
    passkey->rp = kr_row_keep(rows, mem, 7);
    passkey->made_ms = kr_row_int(rows, 8);
    passkey->used_ms = kr_row_int(rows, 9);
}

bool kr_passkey_add(struct kr_store *store, const struct kr_passkey *passkey, struct kr_err *err)
{
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    struct kr_passkey other;
    bool known;
    if (!kr_passkey_of_credential(store, mem, passkey->credential, &other, &known, err))
        return false;
    if (known)
        return kr_fail(err, KR_E_EXISTS, "the credential is known");
    return kr_db_run(
        store->db, KR_SQL_PASSKEY_ADD, err, KR_TEXT(passkey->id), KR_TEXT(passkey->account),
        KR_BYTES(passkey->credential.at, passkey->credential.n), KR_INT(passkey->algorithm),
        KR_BYTES(passkey->key.at, passkey->key.n), KR_INT(passkey->count), KR_TEXT(passkey->label),
        KR_TEXT(passkey->rp), KR_INT(passkey->made_ms));
}

bool kr_passkey_of_credential(struct kr_store *store, struct kr_arena *mem,
                              struct kr_str credential, struct kr_passkey *out, bool *found,
                              struct kr_err *err)
{
    KR_AUTO(kr_rows_end) struct kr_rows *rows = NULL;
    void *list;
    size_t n;
    if (!kr_db_query(store->db, KR_SQL_PASSKEY_OF_CREDENTIAL, &rows, err,
                     KR_BYTES(credential.at, credential.n)) ||
        !kr_rows_take(&rows, mem, sizeof *out, passkey_of_row, &list, &n, err))
        return false;
    *found = n > 0;
    if (*found)
        *out = *(const struct kr_passkey *)list;
    return true;
}

bool kr_passkeys_of_account(struct kr_store *store, struct kr_arena *mem, const char *account,
                            struct kr_passkey **out, size_t *n, struct kr_err *err)
{
    KR_AUTO(kr_rows_end) struct kr_rows *rows = NULL;
    void *list;
    if (!kr_db_query(store->db, KR_SQL_PASSKEYS_OF_ACCOUNT, &rows, err, KR_TEXT(account)) ||
        !kr_rows_take(&rows, mem, sizeof **out, passkey_of_row, &list, n, err))
        return false;
    *out = list;
    return true;
}

bool kr_passkey_used(struct kr_store *store, const char *id, int64_t count, int64_t now_ms,
                     struct kr_err *err)
{
    if (!kr_db_run(store->db, KR_SQL_PASSKEY_USED, err, KR_TEXT(id), KR_INT(count), KR_INT(now_ms)))
        return false;
    return kr_db_changes(store->db) > 0 ||
           kr_fail(err, KR_E_REFUSED, "passkey %.36s is gone, or its count does not go on", id);
}

// What was run touched a row, or there is no such passkey of theirs.
static bool touched(struct kr_store *store, const char *id, struct kr_err *err)
{
    return kr_db_changes(store->db) > 0 || kr_fail(err, KR_E_NOT_FOUND, "no passkey %.36s", id);
}

bool kr_passkey_label(struct kr_store *store, const char *account, const char *id,
                      const char *label, struct kr_err *err)
{
    return kr_db_run(store->db, KR_SQL_PASSKEY_LABEL, err, KR_TEXT(account), KR_TEXT(id),
                     KR_TEXT(label)) &&
           touched(store, id, err);
}

bool kr_passkey_drop(struct kr_store *store, const char *account, const char *id,
                     struct kr_err *err)
{
    return kr_db_run(store->db, KR_SQL_PASSKEY_DROP, err, KR_TEXT(account), KR_TEXT(id)) &&
           touched(store, id, err);
}

bool kr_passkeys_of_account_drop(struct kr_store *store, const char *account, struct kr_err *err)
{
    return kr_db_run(store->db, KR_SQL_PASSKEYS_OF_ACCOUNT_DROP, err, KR_TEXT(account));
}
