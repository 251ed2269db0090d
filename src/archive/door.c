// SPDX-License-Identifier: AGPL-3.0-or-later
#include "archive/door.h"

#include "archive/door_priv.h"
#include "archive/persons.h"
#include "archive/searchtext.h"
#include "base/clock.h"
#include "store/passkeys.h"
#include <string.h>

enum { NAME_MOST = 60, DAYS_MOST = 3650, SEEN_EVERY_MS = 10 * 60 * 1000 };
#define DAY_MS (INT64_C(86400) * 1000)
#define STAYS_MS (180 * DAY_MS)

static const char *const roles[KR_ROLE_COUNT] = {"nobody", "guest",  "viewer",
                                                 "teller", "keeper", "owner"};

const char *kr_role_name(enum kr_role role)
{
    return role < KR_ROLE_COUNT ? roles[role] : roles[KR_ROLE_NOBODY];
}

bool kr_role_of(const char *name, enum kr_role *out)
{
    for (int role = KR_ROLE_GUEST; role < KR_ROLE_COUNT; role++)
        if (strcmp(name, roles[role]) == 0) {
            *out = (enum kr_role)role;
            return true;
        }
    return false;
}

const char *kr_visitor_who(const struct kr_visitor *visitor)
{
    if (*visitor->person)
        return visitor->person;
    if (visitor->role == KR_ROLE_OWNER)
        return "owner";
    return *visitor->account ? visitor->account : visitor->invitation;
}

bool kr_door_has_owner(struct kr_store *store, bool *out, struct kr_err *err)
{
    int64_t count;
    if (!kr_owners_count(store, &count, err))
        return false;
    *out = count > 0;
    return true;
}

// Names are one where they read as one: case, width and punctuation do not count.
static const char *folded(struct kr_arena *mem, const char *name)
{
    KR_AUTO(kr_buf_finish) struct kr_buf out = {0};
    kr_search_tokens(&out, "", name);
    return kr_arena_copy(mem, out.at ? out.at : "", out.n);
}

static bool is_name(const char *name, const char *as_folded)
{
    return *as_folded && strlen(name) <= (size_t)NAME_MOST * 4 && !strchr(name, '\n');
}

static bool check_new(struct kr_store *store, const struct kr_new_account *account,
                      struct kr_err *err)
{
    bool owned;
    if (account->role < KR_ROLE_VIEWER || account->role >= KR_ROLE_COUNT)
        return kr_fail(err, KR_E_INVALID,
                       "an account is a viewer's, teller's, keeper's or owner's");
    if (!kr_door_has_owner(store, &owned, err))
        return false;
    if (!owned && account->role != KR_ROLE_OWNER)
        return kr_fail(err, KR_E_REFUSED, "the first account is the owner's");
    return true;
}

// What its owner, or a person, said before they had an account (body.h). Once a home has an owner's
// account, nothing more is said at the home's own door: a second owner finds nothing there.
static bool body_comes_along(struct kr_store *store, const struct kr_account *account,
                             struct kr_err *err)
{
    bool owns = strcmp(account->role, "owner") == 0;
    return (!owns || kr_body_move(store, store->home, account->id, err)) &&
           (!account->person || !*account->person ||
            kr_body_move(store, account->person, account->id, err));
}

bool kr_door_add(struct kr_store *store, const struct kr_new_account *account,
                 char id[static KR_UUID_TEXT], struct kr_err *err)
{
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    KR_AUTO(kr_tx_undo) struct kr_tx tx = KR_TX_NONE;
    const char *as_folded = folded(mem, account->name);
    char kept[KR_PASSWORD_KEPT] = "";
    if (!is_name(account->name, as_folded))
        return kr_fail(err, KR_E_INVALID, "a name has letters, and at most %d", NAME_MOST);
    if (account->password && !kr_password_keep(account->password, kept, err))
        return false;
    struct kr_account row = {.name = account->name,
                             .role = kr_role_name(account->role),
                             .person = account->person,
                             .password = kept,
                             .made_ms = kr_now_ms()};
    kr_uuid_new_text(row.id);
    kr_format(row.home, sizeof row.home, "%s", store->home);
    if (!kr_tx_begin(store->db, &tx, err) || !check_new(store, account, err) ||
        !kr_account_add(store, &row, as_folded, err) || !body_comes_along(store, &row, err) ||
        !kr_tx_commit(&tx, err))
        return kr_within(err, "add an account");
    kr_format(id, KR_UUID_TEXT, "%s", row.id);
    return true;
}

static bool account_here(struct kr_store *store, struct kr_arena *mem, const char *id,
                         struct kr_account *out, struct kr_err *err)
{
    if (!kr_account_get(store, mem, id, out, err))
        return false;
    return strcmp(out->home, store->home) == 0 ||
           kr_fail(err, KR_E_NOT_FOUND, "no account %.36s in this home", id);
}

static bool owner_stays(struct kr_store *store, const struct kr_account *account,
                        struct kr_err *err)
{
    int64_t owners = 0;
    if (strcmp(account->role, "owner") != 0)
        return true;
    if (!kr_owners_count(store, &owners, err))
        return false;
    return owners > 1 || kr_fail(err, KR_E_REFUSED, "the last owner stays the owner");
}

bool kr_door_change(struct kr_store *store, const char *id, const enum kr_role *role,
                    const char *person, struct kr_err *err)
{
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    KR_AUTO(kr_tx_undo) struct kr_tx tx = KR_TX_NONE;
    struct kr_account row;
    if (!kr_persons_catch_up(store, err) || !kr_tx_begin(store->db, &tx, err) ||
        !account_here(store, mem, id, &row, err))
        return false;
    if (role && *role < KR_ROLE_VIEWER)
        return kr_fail(err, KR_E_INVALID, "an account is a viewer's or more");
    if (role && *role != KR_ROLE_OWNER && !owner_stays(store, &row, err))
        return false;
    if (role)
        row.role = kr_role_name(*role);
    if (person && !kr_persons_note(store, id, err)) // whether what they said rests
        return false;
    if (person)
        row.person = person;
    return kr_account_put(store, &row, 0, err) && kr_tx_commit(&tx, err) &&
           kr_persons_catch_up(store, err);
}

bool kr_door_password(struct kr_store *store, const char *id, const char *password,
                      const char *session_that_stays, struct kr_err *err)
{
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    KR_AUTO(kr_tx_undo) struct kr_tx tx = KR_TX_NONE;
    char kept[KR_PASSWORD_KEPT];
    struct kr_account row;
    if (!kr_password_keep(password, kept, err) || !kr_tx_begin(store->db, &tx, err) ||
        !account_here(store, mem, id, &row, err))
        return false;
    row.password = kept;
    return kr_account_put(store, &row, 0, err) &&
           kr_sessions_of_account_drop(store, id, session_that_stays, err) &&
           kr_tx_commit(&tx, err);
}

bool kr_door_end(struct kr_store *store, const char *id, struct kr_err *err)
{
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    KR_AUTO(kr_tx_undo) struct kr_tx tx = KR_TX_NONE;
    struct kr_account row;
    if (!kr_tx_begin(store->db, &tx, err) || !account_here(store, mem, id, &row, err) ||
        !owner_stays(store, &row, err))
        return false;
    row.password = "";
    return kr_account_put(store, &row, kr_now_ms(), err) &&
           kr_passkeys_of_account_drop(store, id, err) &&
           kr_sessions_of_account_drop(store, id, "", err) && kr_bodies_of_ended_drop(store, err) &&
           kr_tx_commit(&tx, err);
}

const char *kr_door_label(struct kr_arena *mem, const char *label)
{
    const char *text = kr_text_in(mem, kr_str_of(label));
    size_t n = strnlen(text, KR_DOOR_LABEL_MOST);
    while (n > 0 && (text[n] & 0xc0) == 0x80)
        n--;
    return kr_arena_copy(mem, text, n);
}

// A new session in the home of what it came by.
static bool begin_session(struct kr_store *store, struct kr_arena *mem, const char *home,
                          struct kr_session *session, char token[static KR_TOKEN_TEXT],
                          struct kr_err *err)
{
    uint8_t mark[KR_MARK_SIZE];
    kr_token_new(token);
    kr_secret_mark(token, mark);
    kr_uuid_new_text(session->id);
    session->label = kr_door_label(mem, session->label);
    session->made_ms = session->seen_ms = kr_now_ms();
    kr_format(store->home, sizeof store->home, "%s", home);
    return kr_session_add(store, session, mark, err);
}

bool kr_door_begin_of(struct kr_store *store, struct kr_arena *mem,
                      const struct kr_account *account, const char *browser,
                      char token[static KR_TOKEN_TEXT], struct kr_err *err)
{
    struct kr_session session = {.account = account->id,
                                 .invitation = "",
                                 .label = browser,
                                 .until_ms = kr_now_ms() + STAYS_MS};
    return begin_session(store, mem, account->home, &session, token, err);
}

bool kr_door_sign_in(struct kr_store *store, const char *name, const char *password,
                     const char *browser, char token[static KR_TOKEN_TEXT], struct kr_err *err)
{
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    struct kr_account account;
    bool found;
    if (!kr_account_named(store, mem, folded(mem, name), &account, &found, err))
        return false;
    bool may = found && *account.password;
    if (!kr_password_is(may ? account.password : NULL, password))
        return kr_fail(err, KR_E_REFUSED, "name and password do not go together");
    return kr_door_begin_of(store, mem, &account, browser, token, err);
}

bool kr_door_invite(struct kr_store *store, const struct kr_new_invitation *invitation,
                    char id[static KR_UUID_TEXT], char code[static KR_CODE_TEXT],
                    struct kr_err *err)
{
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    uint8_t mark[KR_MARK_SIZE];
    int64_t now = kr_now_ms();
    if (invitation->role < KR_ROLE_GUEST || invitation->role > KR_ROLE_KEEPER)
        return kr_fail(err, KR_E_INVALID,
                       "an invitation is a guest's, viewer's, teller's or keeper's");
    if (invitation->days < 1 || invitation->days > DAYS_MOST)
        return kr_fail(err, KR_E_INVALID, "an invitation lasts 1 to %d days", DAYS_MOST);
    struct kr_invitation row = {.role = kr_role_name(invitation->role),
                                .person = invitation->person,
                                .label = kr_door_label(mem, invitation->label),
                                .about = invitation->about,
                                .made_by = invitation->made_by,
                                .made_ms = now,
                                .until_ms = now + invitation->days * DAY_MS};
    kr_uuid_new_text(row.id);
    kr_format(row.home, sizeof row.home, "%s", store->home);
    kr_code_new(code);
    kr_secret_mark(code, mark);
    if (!kr_invitation_add(store, &row, mark, err))
        return kr_within(err, "make an invitation");
    kr_format(id, KR_UUID_TEXT, "%s", row.id);
    return true;
}

bool kr_door_invited(struct kr_store *store, struct kr_arena *mem, const char *code,
                     struct kr_invitation *out, struct kr_err *err)
{
    char read[KR_CODE_TEXT];
    uint8_t mark[KR_MARK_SIZE];
    bool found = false;
    if (!kr_code_read(code, read))
        return kr_fail(err, KR_E_REFUSED, "no such code");
    kr_secret_mark(read, mark);
    if (!kr_invitation_marked(store, mem, mark, out, &found, err))
        return false;
    return (found && !out->ended_ms && out->until_ms > kr_now_ms()) ||
           kr_fail(err, KR_E_REFUSED, "no such code, or it is over");
}

// The house's own machine is a keeper; so is an account of that role, or of a person who has one.
static bool is_keeper(struct kr_store *store, struct kr_arena *mem, const char *who, bool *out,
                      struct kr_err *err)
{
    struct kr_account account = {.role = ""};
    struct kr_err why = {0};
    struct kr_uuid id;
    enum kr_role role;
    bool found = false;
    *out = strcmp(who, "owner") == 0;
    if (*out || !kr_uuid_parse(who, &id))
        return true;
    if (!kr_account_of_person(store, mem, who, &account, &found, err))
        return false;
    if (!found && !kr_account_get(store, mem, who, &account, &why))
        return why.code == KR_E_NOT_FOUND || kr_fail(err, why.code, "%s", why.text);
    *out = kr_role_of(account.role, &role) && role >= KR_ROLE_KEEPER;
    return true;
}

bool kr_door_is_own_hand(struct kr_store *store, const struct kr_visitor *visitor, bool *out,
                         struct kr_err *err)
{
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    struct kr_invitation invitation;
    *out = *visitor->person && *visitor->account;
    if (!*visitor->person || *out || !*visitor->invitation)
        return true;
    if (!kr_invitation_get(store, mem, visitor->invitation, &invitation, err))
        return false;
    *out = strcmp(invitation.made_by, visitor->person) == 0;
    return *out || is_keeper(store, mem, invitation.made_by, out, err);
}

bool kr_door_opens(struct kr_store *store, const char *code, enum kr_role *out, struct kr_err *err)
{
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    struct kr_invitation invitation;
    return kr_door_invited(store, mem, code, &invitation, err) &&
           (kr_role_of(invitation.role, out) || kr_fail(err, KR_E_DAMAGED, "an unknown role"));
}

bool kr_door_open(struct kr_store *store, const char *code, const char *browser,
                  char token[static KR_TOKEN_TEXT], struct kr_err *err)
{
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    KR_AUTO(kr_tx_undo) struct kr_tx tx = KR_TX_NONE;
    struct kr_invitation invitation;
    if (!kr_tx_begin(store->db, &tx, err) || !kr_door_invited(store, mem, code, &invitation, err))
        return false;
    struct kr_session session = {.account = "",
                                 .invitation = invitation.id,
                                 .label = browser,
                                 .until_ms = invitation.until_ms};
    return kr_invitation_used(store, invitation.id, err) &&
           begin_session(store, mem, invitation.home, &session, token, err) &&
           kr_tx_commit(&tx, err);
}

bool kr_door_take_back(struct kr_store *store, const char *id, struct kr_err *err)
{
    KR_AUTO(kr_arena_destroy) struct kr_arena *mem = kr_arena_create();
    KR_AUTO(kr_tx_undo) struct kr_tx tx = KR_TX_NONE;
    struct kr_invitation row;
    if (!kr_tx_begin(store->db, &tx, err) || !kr_invitation_get(store, mem, id, &row, err))
        return false;
    if (strcmp(row.home, store->home) != 0)
        return kr_fail(err, KR_E_NOT_FOUND, "no invitation %.36s in this home", id);
    return kr_invitation_end(store, id, kr_now_ms(), err) && kr_bodies_of_ended_drop(store, err) &&
           kr_tx_commit(&tx, err);
}

bool kr_door_enter(struct kr_store *store, struct kr_arena *mem, const char *token,
                   struct kr_visitor *out, struct kr_err *err)
{
    uint8_t mark[KR_MARK_SIZE];
    struct kr_entering entering;
    int64_t now = kr_now_ms();
    bool found;
    *out = KR_VISITOR_NONE;
    kr_secret_mark(token, mark);
    if (!kr_session_enters(store, mem, mark, now, &entering, &found, err))
        return false;
    if (!found || !kr_role_of(entering.role, &out->role))
        return true;
    memcpy(out->home, entering.home, sizeof out->home);
    memcpy(out->session, entering.session, sizeof out->session);
    out->account = entering.account;
    out->invitation = entering.invitation;
    out->person = entering.person;
    out->name = entering.name;
    out->about = entering.about;
    out->seen_long_ago = now - entering.seen_ms > SEEN_EVERY_MS || now < entering.seen_ms;
    return true;
}

bool kr_door_seen(struct kr_store *store, const struct kr_visitor *visitor, struct kr_err *err)
{
    int64_t now = kr_now_ms();
    return kr_session_seen(store, visitor->session, now, now + STAYS_MS, err);
}

bool kr_door_sweep(struct kr_store *store, struct kr_err *err)
{
    int64_t now = kr_now_ms();
    return kr_sessions_expire(store, now, err) && kr_invitations_expire(store, now, err) &&
           kr_bodies_of_ended_drop(store, err);
}
