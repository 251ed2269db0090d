// SPDX-License-Identifier: AGPL-3.0-or-later
// door.h: the house's own book: homes, accounts, invitations, sessions, by row.
//
// Neither truth nor index: a rebuild leaves it alone, a backup takes it along. The
// rules stand in archive/door.h. Secrets are kept as marks only (base/secret.h).
// Times are milliseconds since 1970; 0 in an ended_ms says that it stands.

#pragma once
#include "base/secret.h"
#include "store/store.h"

struct kr_home {
    char id[KR_UUID_TEXT];
    const char *name; // "" where nobody gave one
};
KR_CHECK bool kr_homes_all(struct kr_store *store, struct kr_arena *mem, struct kr_home **out,
                           size_t *n, struct kr_err *err);
// Acts for each home in turn, and is back in the one it was in.
KR_CHECK bool kr_homes_each(struct kr_store *store,
                            bool (*act)(struct kr_store *store, void *context, struct kr_err *err),
                            void *context, struct kr_err *err);
KR_CHECK bool kr_home_add(struct kr_store *store, const char *name, char id[static KR_UUID_TEXT],
                          struct kr_err *err);
KR_CHECK bool kr_home_rename(struct kr_store *store, const char *id, const char *name,
                             struct kr_err *err);

struct kr_account {
    char id[KR_UUID_TEXT], home[KR_UUID_TEXT];
    const char *name;     // to sign in with, unique among those that stand, whatever its case
    const char *role;     // "owner", "keeper", "teller", "viewer"
    const char *person;   // who of the family it is, or ""
    const char *password; // as kept, or "" where there is none
    int64_t made_ms;
    int64_t passkeys; // how many (store/passkeys.h); only read
};
// KR_E_EXISTS where the name is taken. `folded` is the name as it is compared.
KR_CHECK bool kr_account_add(struct kr_store *store, const struct kr_account *account,
                             const char *folded, struct kr_err *err);
// Role, person and password anew; ended_ms other than 0 ends it.
KR_CHECK bool kr_account_put(struct kr_store *store, const struct kr_account *account,
                             int64_t ended_ms, struct kr_err *err);
KR_CHECK bool kr_account_get(struct kr_store *store, struct kr_arena *mem, const char *id,
                             struct kr_account *out, struct kr_err *err);
KR_CHECK bool kr_account_named(struct kr_store *store, struct kr_arena *mem, const char *folded,
                               struct kr_account *out, bool *found, struct kr_err *err);
KR_CHECK bool kr_account_of_person(struct kr_store *store, struct kr_arena *mem, const char *person,
                                   struct kr_account *out, bool *found, struct kr_err *err);
// Those of the store's home that stand.
KR_CHECK bool kr_accounts_all(struct kr_store *store, struct kr_arena *mem, struct kr_account **out,
                              size_t *n, struct kr_err *err);
KR_CHECK bool kr_owners_count(struct kr_store *store, int64_t *out, struct kr_err *err);

struct kr_invitation {
    char id[KR_UUID_TEXT], home[KR_UUID_TEXT];
    const char *role;
    const char *person; // whom it was made for, or ""
    const char *label;  // what the keeper calls it: "grandmother's card"
    const char *about;  // the question it opens, or "" for the house
    const char *made_by;
    int64_t made_ms, until_ms, ended_ms;
    int64_t used; // how often somebody entered with it
};
KR_CHECK bool kr_invitation_add(struct kr_store *store, const struct kr_invitation *invitation,
                                const uint8_t mark[static KR_MARK_SIZE], struct kr_err *err);
KR_CHECK bool kr_invitation_marked(struct kr_store *store, struct kr_arena *mem,
                                   const uint8_t mark[static KR_MARK_SIZE],
                                   struct kr_invitation *out, bool *found, struct kr_err *err);
KR_CHECK bool kr_invitation_get(struct kr_store *store, struct kr_arena *mem, const char *id,
                                struct kr_invitation *out, struct kr_err *err);
// Those of the home that stand and open the house, newest first.
KR_CHECK bool kr_invitations_all(struct kr_store *store, struct kr_arena *mem,
                                 struct kr_invitation **out, size_t *n, struct kr_err *err);
KR_CHECK bool kr_invitation_used(struct kr_store *store, const char *id, struct kr_err *err);
// Ends it and every session that came by it.
KR_CHECK bool kr_invitation_end(struct kr_store *store, const char *id, int64_t at_ms,
                                struct kr_err *err);

// Ends those of the home that are about one question.
KR_CHECK bool kr_invitations_about_end(struct kr_store *store, const char *about, int64_t at_ms,
                                       struct kr_err *err);

struct kr_session {
    char id[KR_UUID_TEXT];
    const char *account, *invitation; // one of them is ""
    const char *name;                 // of the account, or the invitation's label
    const char *label;                // the browser's word of itself
    int64_t made_ms, seen_ms, until_ms;
};
KR_CHECK bool kr_session_add(struct kr_store *store, const struct kr_session *session,
                             const uint8_t mark[static KR_MARK_SIZE], struct kr_err *err);
// Who comes with a session: what its account or invitation says now.
struct kr_entering {
    char session[KR_UUID_TEXT], home[KR_UUID_TEXT];
    const char *account, *invitation, *role, *person, *name, *about;
    int64_t seen_ms;
};
// Not found: no such session, over, or what it came by was ended.
KR_CHECK bool kr_session_enters(struct kr_store *store, struct kr_arena *mem,
                                const uint8_t mark[static KR_MARK_SIZE], int64_t now_ms,
                                struct kr_entering *out, bool *found, struct kr_err *err);
// An account's session lasts until `until_ms` from now on; an invitation's ends when it did.
KR_CHECK bool kr_session_seen(struct kr_store *store, const char *id, int64_t now_ms,
                              int64_t until_ms, struct kr_err *err);
// Of the home, the last seen first; with an account those of it alone.
KR_CHECK bool kr_sessions_all(struct kr_store *store, struct kr_arena *mem, const char *account,
                              int64_t now_ms, struct kr_session **out, size_t *n,
                              struct kr_err *err);
// With an account only one of its own. KR_E_NOT_FOUND where there is none.
KR_CHECK bool kr_session_drop(struct kr_store *store, const char *id, const char *account,
                              struct kr_err *err);
KR_CHECK bool kr_sessions_of_account_drop(struct kr_store *store, const char *account,
                                          const char *but, struct kr_err *err);
KR_CHECK bool kr_sessions_expire(struct kr_store *store, int64_t now_ms, struct kr_err *err);
KR_CHECK bool kr_invitations_expire(struct kr_store *store, int64_t now_ms, struct kr_err *err);

// What who comes in by this door (an account, an invitation; a person or a home without one) cannot
// do while filming: as it was set, "" for nothing; setting "" leaves nothing behind.
KR_CHECK bool kr_body_get(struct kr_store *store, struct kr_arena *mem, const char *door,
                          const char **out, struct kr_err *err);
KR_CHECK bool kr_body_set(struct kr_store *store, const char *door, const char *cannot,
                          struct kr_err *err);
// What was said at one door belongs to another from now on, unless that has its own.
KR_CHECK bool kr_body_move(struct kr_store *store, const char *from, const char *to,
                           struct kr_err *err);
// Those of doors that are shut for good.
KR_CHECK bool kr_bodies_of_ended_drop(struct kr_store *store, struct kr_err *err);
