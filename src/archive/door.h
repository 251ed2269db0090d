// SPDX-License-Identifier: AGPL-3.0-or-later
// door.h: who may enter the house, as whom, and for how long.
//
// A house (one archive) holds several homes. An account belongs to one home and
// signs in by name and password. An invitation is a code on a link or a card: who
// has it enters without any password, in the role it was made for, until it ends;
// so grandmother needs nothing but her card. Either gives a session: a token that
// the browser keeps, and of which we keep the mark.
//
// (1) The first account is the owner's; until there is one, the house opens to its
//     own machine alone. The last owner cannot be put out or made less.
// (2) A role holds from the next request on: sessions carry none of their own.
// (3) What has run out once never comes back, whatever becomes of the clock.
// Each call that changes something is one transaction.

#pragma once
#include "store/door.h"

enum kr_role {
    KR_ROLE_NOBODY,
    KR_ROLE_GUEST,  // what the invitation is about and their own "not now", nothing else
    KR_ROLE_VIEWER, // looks
    KR_ROLE_TELLER, // adds: pictures, words, answers
    KR_ROLE_KEEPER, // looks after the home: trash, people's doors, consent
    KR_ROLE_OWNER,  // a keeper to whom the house itself belongs: its homes and settings
    KR_ROLE_COUNT
};
const char *kr_role_name(enum kr_role role);                   // "nobody", "guest" …
KR_CHECK bool kr_role_of(const char *name, enum kr_role *out); // not "nobody"

struct kr_visitor {
    enum kr_role role;
    char home[KR_UUID_TEXT];    // "" of nobody
    char session[KR_UUID_TEXT]; // "" of who came without one (the house's own machine)
    const char *account, *invitation, *person, *name, *about; // "" where there is none
    bool seen_long_ago;                                       // kr_door_seen() is due
};
#define KR_VISITOR_NONE                                                                            \
    ((struct kr_visitor){.account = "", .invitation = "", .person = "", .name = "", .about = ""})
// Under which name what they say is kept: a person's id, "owner", or the id of their door.
const char *kr_visitor_who(const struct kr_visitor *visitor);

KR_CHECK bool kr_door_has_owner(struct kr_store *store, bool *out, struct kr_err *err);

struct kr_new_account {
    const char *name;     // 1 to 60 characters
    const char *password; // NULL: none yet (a card or a passkey may follow)
    const char *person;   // id, or ""
    enum kr_role role;    // viewer to owner
};
// In the store's home. KR_E_EXISTS where the name is taken, KR_E_INVALID for a name, role or
// password that cannot be, KR_E_REFUSED for anybody but an owner first (1).
KR_CHECK bool kr_door_add(struct kr_store *store, const struct kr_new_account *account,
                          char id[static KR_UUID_TEXT], struct kr_err *err);
// Of an account of the store's home; NULL leaves as it is. KR_E_REFUSED: (1).
KR_CHECK bool kr_door_change(struct kr_store *store, const char *id, const enum kr_role *role,
                             const char *person, struct kr_err *err);
// A new password ends every other session of the account.
KR_CHECK bool kr_door_password(struct kr_store *store, const char *id, const char *password,
                               const char *session_that_stays, struct kr_err *err);
KR_CHECK bool kr_door_end(struct kr_store *store, const char *id, struct kr_err *err);

// By name and password. KR_E_REFUSED, whichever of them was wrong.
KR_CHECK bool kr_door_sign_in(struct kr_store *store, const char *name, const char *password,
                              const char *browser, char token[static KR_TOKEN_TEXT],
                              struct kr_err *err);

struct kr_new_invitation {
    enum kr_role role;                            // guest to keeper
    const char *person, *label, *about, *made_by; // "" where there is none
    int days;                                     // [1,3650]
};
KR_CHECK bool kr_door_invite(struct kr_store *store, const struct kr_new_invitation *invitation,
                             char id[static KR_UUID_TEXT], char code[static KR_CODE_TEXT],
                             struct kr_err *err);
// Which role a code would give, without using it; KR_E_REFUSED as below.
KR_CHECK bool kr_door_opens(struct kr_store *store, const char *code, enum kr_role *out,
                            struct kr_err *err);
// By a code as people type it. KR_E_REFUSED for one that is unknown, over or taken back.
KR_CHECK bool kr_door_open(struct kr_store *store, const char *code, const char *browser,
                           char token[static KR_TOKEN_TEXT], struct kr_err *err);
// The invitation that a code opens, without entering: KR_E_REFUSED as above.
KR_CHECK bool kr_door_invited(struct kr_store *store, struct kr_arena *mem, const char *code,
                              struct kr_invitation *out, struct kr_err *err);
// KR_E_NOT_FOUND where the home has no such invitation.
KR_CHECK bool kr_door_take_back(struct kr_store *store, const char *id, struct kr_err *err);

// Who holds this token; a visitor of KR_ROLE_NOBODY where nobody does. Text lives in the arena.
KR_CHECK bool kr_door_enter(struct kr_store *store, struct kr_arena *mem, const char *token,
                            struct kr_visitor *out, struct kr_err *err);
// Whether the visitor's word counts as that of the person they come as: by their own account it
// does; by a card or link where a keeper made it, or that person themself. (A teller may make a
// link about a question for whomever they like.)
KR_CHECK bool kr_door_is_own_hand(struct kr_store *store, const struct kr_visitor *visitor,
                                  bool *out, struct kr_err *err);
// Notes that they were here: their session goes on for another half year.
KR_CHECK bool kr_door_seen(struct kr_store *store, const struct kr_visitor *visitor,
                           struct kr_err *err);
// Drops what has run out (3).
KR_CHECK bool kr_door_sweep(struct kr_store *store, struct kr_err *err);
