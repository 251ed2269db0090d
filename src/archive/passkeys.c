// SPDX-License-Identifier: AGPL-3.0-or-later
#include "archive/passkeys.h"

#include "archive/door_priv.h"
#include "base/clock.h"
#include <string.h>

static bool label_of(struct kr_arena *mem, const char *label, const char **out, struct kr_err *err)
{
    *out = kr_door_label(mem, label);
    return (*out)[strspn(*out, " \t\n")] != '\0' ||
           kr_fail(err, KR_E_INVALID, "a device is called something");
}

// Account and room for one more.
static bool may_know(struct kr_store *store, struct kr_arena *mem, const char *account,
                     struct kr_err *err)
{
    struct kr_account row;
    if (!kr_account_get(store, mem, account, &row, err))
        return false;
    if (strcmp(row.home, store->home) != 0)
        return kr_fail(err, KR_E_NOT_FOUND, "no account %.36s in this home", account);
    return row.passkeys < KR_PASSKEYS_MOST ||
           kr_fail(err, KR_E_CONFLICT, "an account has at most %d passkeys", KR_PASSKEYS_MOST);
}

bool kr_door_know(struct kr_store *store, struct kr_passkey *passkey, struct kr_err *err)
{
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    KR_AUTO(kr_tx_undo) struct kr_tx tx = KR_TX_NONE;
    struct kr_passkey row = *passkey;
    if (!label_of(mem, passkey->label, &row.label, err))
        return false;
    kr_uuid_new_text(row.id);
    row.made_ms = kr_now_ms();
    if (!kr_tx_begin(store->db, &tx, err) || !may_know(store, mem, row.account, err) ||
        !kr_passkey_add(store, &row, err) || !kr_tx_commit(&tx, err))
        return kr_within(err, "know a device");
    memcpy(passkey->id, row.id, sizeof row.id);
    passkey->made_ms = row.made_ms;
    return true;
}

bool kr_door_known(struct kr_store *store, struct kr_arena *mem, struct kr_str credential,
                   struct kr_passkey *out, struct kr_account *account, struct kr_err *err)
{
    bool found = false;
    if (credential.n > 0 && credential.n <= KR_CREDENTIAL_MOST &&
        !kr_passkey_of_credential(store, mem, credential, out, &found, err))
        return false;
    if (!found)
        return kr_fail(err, KR_E_REFUSED, "no such device");
    return kr_account_get(store, mem, out->account, account, err);
}

bool kr_door_by_passkey(struct kr_store *store, const struct kr_passkey *passkey, int64_t count,
                        const char *browser, char token[static KR_TOKEN_TEXT], struct kr_err *err)
{
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    KR_AUTO(kr_tx_undo) struct kr_tx tx = KR_TX_NONE;
    struct kr_account account;
    return kr_tx_begin(store->db, &tx, err) &&
           kr_account_get(store, mem, passkey->account, &account, err) &&
           kr_passkey_used(store, passkey->id, count, kr_now_ms(), err) && // (2)
           kr_door_begin_of(store, mem, &account, browser, token, err) && kr_tx_commit(&tx, err);
}

bool kr_door_call(struct kr_store *store, const char *account, const char *id, const char *label,
                  struct kr_err *err)
{
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    const char *kept;
    return label_of(mem, label, &kept, err) && kr_passkey_label(store, account, id, kept, err);
}
